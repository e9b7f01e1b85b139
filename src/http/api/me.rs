//! One's own account.

use super::Tag;
use super::session::{Answer, Code, NatureWord, cookie};
use super::single::{Done, Made};
use crate::domain::api_token::ApiToken;
use crate::domain::record_id::{AccountId, TokenId};
use crate::domain::rights::{Assurance, Channel, Natures};
use crate::domain::time::Timestamp;
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::http::site::Site;
use crate::service::{account, api_token, recovery_code, second_factor};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Deserialize;
use std::sync::Arc;
use validator::Validate;

pub struct Api;

/// Who asks, and as what.
#[derive(Debug, Object)]
struct Me {
    account: Text<AccountId>,
    name: String,
    office: Word<crate::domain::rights::Office>,
    /// The person whose own file it is, if the account belongs to one on record.
    #[oai(skip_serializing_if_is_none)]
    person: Option<Text<crate::domain::record_id::PersonId>>,
    /// Whether all rights of the office are there; else a code of the second factor is missing.
    full: bool,
    /// What a token may be used for; null for a session, which may be used for everything.
    #[oai(skip_serializing_if_is_none)]
    token_for: Option<Vec<NatureWord>>,
}

#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct NewPassword {
    #[validate(length(min = 1, max = 500))]
    #[oai(validator(min_length = 1, max_length = 500))]
    old: String,
    #[validate(length(min = 1, max = 500))]
    #[oai(validator(min_length = 1, max_length = 500))]
    new: String,
}

#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct PasswordAndCode {
    #[validate(length(min = 1, max = 500))]
    #[oai(validator(min_length = 1, max_length = 500))]
    password: String,
    #[validate(length(min = 1, max = 40))]
    #[oai(validator(min_length = 1, max_length = 40))]
    code: String,
}

/// A secret for an authenticator app. It counts once a code confirmed it.
#[derive(Debug, Object)]
struct Offer {
    /// To be typed into the app.
    secret: String,
    /// The same as a link that the app reads, also as a picture.
    uri: String,
}

/// The password, once more: whoever finds a session open does not have it.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Password {
    #[validate(length(min = 1, max = 500))]
    #[oai(validator(min_length = 1, max_length = 500))]
    password: String,
}

/// Codes that are each good once in place of one of the second factor. Shown this once.
#[derive(Debug, Object)]
struct RecoveryCodes {
    codes: Vec<String>,
}

/// How many recovery codes were not used yet.
#[derive(Debug, Object)]
struct RecoveryCodesLeft {
    left: u32,
}

/// A token to be made.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct TokenOrder {
    /// What its owner calls it.
    #[validate(length(min = 1, max = 100))]
    #[oai(validator(min_length = 1, max_length = 100))]
    name: String,
    /// What it may be used for.
    #[validate(length(min = 1, max = 9))]
    #[oai(validator(min_items = 1, max_items = 9))]
    natures: Vec<NatureWord>,
    /// Days until it expires.
    #[validate(range(min = 1, max = 366))]
    #[oai(validator(minimum(value = "1"), maximum(value = "366")))]
    days: u32,
}

/// A token, without its secret.
#[derive(Debug, Object)]
struct Token {
    id: Text<TokenId>,
    name: String,
    natures: Vec<NatureWord>,
    created: Text<Timestamp>,
    expires: Text<Timestamp>,
    #[oai(skip_serializing_if_is_none)]
    revoked: Option<Text<Timestamp>>,
    /// To within a minute.
    #[oai(skip_serializing_if_is_none)]
    last_used: Option<Text<Timestamp>>,
}

impl Token {
    fn new(token: ApiToken) -> Self {
        Self {
            id: Text(token.id),
            name: token.name,
            natures: token.natures.iter().map(Word).collect(),
            created: Text(token.created),
            expires: Text(token.expires),
            revoked: token.revoked.map(Text),
            last_used: token.last_used.map(Text),
        }
    }
}

/// All tokens of the account, oldest first; some may be over.
#[derive(Debug, Object)]
struct Tokens {
    items: Vec<Token>,
}

/// A new token with its secret, which is shown this once.
#[derive(Debug, Object)]
struct NewToken {
    token: Token,
    secret: String,
}

#[derive(ApiResponse)]
enum Renewed {
    /// It is done; the session has a new cookie.
    #[oai(status = 204)]
    Done(#[oai(header = "Set-Cookie")] String),
}

#[OpenApi(prefix_path = "/me", tag = "Tag::Me")]
impl Api {
    /// Who asks, and as what
    #[oai(path = "/", method = "get", operation_id = "me")]
    async fn me(&self, caller: Caller) -> Result<Json<Me>, Failure> {
        let actor = &caller.actor;
        let token_for = match actor.channel {
            Channel::Token { natures, .. } => Some(natures.iter().map(Word).collect()),
            _ => None,
        };
        Ok(Json(Me {
            account: Text(actor.account),
            name: actor.name.clone(),
            office: Word(actor.capacity.office()),
            person: actor.person.map(Text),
            full: actor.assurance == Assurance::Full,
            token_for,
        }))
    }

    /// Changes the password
    ///
    /// Other sessions end.
    #[oai(path = "/password", method = "put", operation_id = "change_password")]
    async fn change_password(
        &self,
        site: Data<&Arc<Site>>,
        caller: Caller,
        body: Body<NewPassword>,
    ) -> Result<Renewed, Failure> {
        let NewPassword { old, new } = &body.0;
        let (office, actor) = (&caller.office, &caller.actor);
        let started =
            caller.done(account::change_password(office, actor, old, new, caller.now).await)?;
        Ok(Renewed::Done(cookie(&site, &started.secret.reveal())))
    }

    /// Offers a secret for an authenticator app
    #[oai(
        path = "/second-factor",
        method = "post",
        operation_id = "offer_second_factor"
    )]
    async fn offer(&self, caller: Caller) -> Result<Json<Offer>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let secret = caller.done(second_factor::offer(office, actor, caller.now).await)?;
        Ok(Json(Offer {
            secret: secret.reveal().to_string(),
            uri: secret.link("Dinggang", &actor.name).to_string(),
        }))
    }

    /// Confirms the secret with a first code
    #[oai(
        path = "/second-factor/confirmation",
        method = "post",
        operation_id = "confirm_second_factor"
    )]
    async fn confirm(
        &self,
        site: Data<&Arc<Site>>,
        caller: Caller,
        body: Body<Code>,
    ) -> Result<Renewed, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let started =
            caller.done(second_factor::confirm(office, actor, &body.0.code, caller.now).await)?;
        Ok(Renewed::Done(cookie(&site, &started.secret.reveal())))
    }

    /// Removes the second factor
    #[oai(
        path = "/second-factor/removal",
        method = "post",
        operation_id = "remove_second_factor"
    )]
    async fn remove(&self, caller: Caller, body: Body<PasswordAndCode>) -> Answer {
        let PasswordAndCode { password, code } = &body.0;
        let (office, actor) = (&caller.office, &caller.actor);
        caller.done(second_factor::remove(office, actor, password, code, caller.now).await)?;
        Ok(Done::Done)
    }

    /// How many of one's recovery codes are left
    #[oai(
        path = "/recovery-codes",
        method = "get",
        operation_id = "recovery_codes_left"
    )]
    async fn recovery_codes_left(
        &self,
        caller: Caller,
    ) -> Result<Json<RecoveryCodesLeft>, Failure> {
        let left = caller.done(recovery_code::left(&caller.office, &caller.actor).await)?;
        Ok(Json(RecoveryCodesLeft { left }))
    }

    /// Makes recovery codes
    ///
    /// For a telephone that is lost. Those made before are worth nothing any more.
    #[oai(
        path = "/recovery-codes",
        method = "post",
        operation_id = "make_recovery_codes"
    )]
    async fn make_recovery_codes(
        &self,
        caller: Caller,
        body: Body<Password>,
    ) -> Result<Json<RecoveryCodes>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let made = recovery_code::make(office, actor, &body.0.password, caller.now).await;
        let codes = caller.done(made)?.into_iter();
        Ok(Json(RecoveryCodes {
            codes: codes.map(|code| code.as_str().to_owned()).collect(),
        }))
    }

    /// One's own tokens
    #[oai(path = "/tokens", method = "get", operation_id = "tokens")]
    async fn tokens(&self, caller: Caller) -> Result<Json<Tokens>, Failure> {
        let tokens = caller.done(api_token::list(&caller.office, &caller.actor).await)?;
        Ok(Json(Tokens {
            items: tokens.into_iter().map(Token::new).collect(),
        }))
    }

    /// Makes a token for the capacity one acts in
    ///
    /// Its secret is shown this once. Only in a session: a token makes no tokens.
    #[oai(path = "/tokens", method = "post", operation_id = "create_token")]
    async fn create(
        &self,
        caller: Caller,
        body: Body<TokenOrder>,
    ) -> Result<Made<NewToken>, Failure> {
        let TokenOrder {
            name,
            natures,
            days,
        } = &body.0;
        let order = api_token::Order {
            name,
            natures: Natures::new(natures.iter().map(|word| word.0)),
            days: *days,
        };
        let (token, secret) = caller
            .done(api_token::create(&caller.office, &caller.actor, order, caller.now).await)?;
        let place = format!("/api/v1/me/tokens/{}", token.id);
        let made = NewToken {
            token: Token::new(token),
            secret: secret.reveal().to_string(),
        };
        Ok(Made::Is(Json(made), place))
    }

    /// Revokes a token
    #[oai(path = "/tokens/:id", method = "delete", operation_id = "revoke_token")]
    async fn revoke(&self, caller: Caller, id: Path<Text<TokenId>>) -> Answer {
        let (office, actor) = (&caller.office, &caller.actor);
        caller.done(api_token::revoke(office, actor, id.0.0, caller.now).await)?;
        Ok(Done::Done)
    }
}
