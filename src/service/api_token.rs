//! Tokens with which programs act for an account: made, listed and revoked by its owner.

use super::second_factor::own;
use super::session::{about, actor, new_secret};
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::account::State;
use crate::domain::api_token::{ApiToken, TokenOrder};
use crate::domain::audit::{What, Who};
use crate::domain::record_id::TokenId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{AccountFile, Action, Actor, Channel, Natures, Subject, permit};
use crate::domain::time::Timestamp;
use crate::service::secret::{SecretToken, TokenKind};
use crate::store::{Tx, Write, account, api_token};
use serde_json::json;
use std::time::Duration;

/// What a new token is to be.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// What its owner calls it.
    pub name: &'a str,
    pub natures: Natures,
    pub days: u32,
}

/// Makes a token for the capacity the actor acts in. Its secret is shown this once.
pub async fn create(
    office: &Office,
    actor: &Actor,
    order: Order<'_>,
    now: Timestamp,
) -> Result<(ApiToken, SecretToken), ServiceError> {
    let secret = new_secret(office, TokenKind::Api);
    let creation = Create {
        office,
        actor,
        order,
        secret: &secret,
        now,
    };
    let token = office.store.write(creation).await?;
    Ok((token, secret))
}

struct Create<'a> {
    office: &'a Office,
    actor: &'a Actor,
    order: Order<'a>,
    secret: &'a SecretToken,
    now: Timestamp,
}

impl Write for Create<'_> {
    type Out = ApiToken;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<ApiToken, ServiceError> {
        let Self { office, now, .. } = *self;
        let (account, session) = own(tx, self.actor).await?;
        let order = TokenOrder {
            id: office.chance.id(now),
            account: account.id,
            capacity: session.capacity.ok_or(Refusal::SessionOver)?,
            name: self.order.name.to_owned(),
            natures: self.order.natures,
            assurance: session.assurance,
            days: self.order.days,
        };
        let token = ApiToken::create(order, self.secret.hash(), now)?;
        api_token::add(tx, &token).await?;
        let who = Who::actor(self.actor);
        let natures: Vec<&str> = token.natures.iter().map(|nature| nature.key()).collect();
        let told = Told {
            after: Some(json!({
                "token": token.id.to_string(),
                "natures": natures,
                "expires": token.expires.to_string(),
            })),
            ..Told::new(
                &who,
                What::Action(Action::ManageOwnAccount),
                about(account.id),
            )
        };
        tell(office, tx, told, now).await?;
        Ok(token)
    }
}

/// The actor's own tokens, oldest first; some may be over.
pub async fn list(office: &Office, actor: &Actor) -> Result<Vec<ApiToken>, ServiceError> {
    let file = AccountFile {
        account: actor.account,
        capacities: Vec::new(),
    };
    permit(actor, Action::ManageOwnAccount, &Subject::Account(file))?;
    let mut reader = office.store.read().await?;
    Ok(api_token::of_account(&mut reader, actor.account).await?)
}

/// Revokes one of the actor's own tokens.
pub async fn revoke(
    office: &Office,
    actor: &Actor,
    id: TokenId,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let revocation = Revoke {
        office,
        actor,
        id,
        now,
    };
    office.store.write(revocation).await
}

struct Revoke<'a> {
    office: &'a Office,
    actor: &'a Actor,
    id: TokenId,
    now: Timestamp,
}

impl Write for Revoke<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let (account, _) = own(tx, self.actor).await?;
        if !api_token::revoke(tx, self.id, account.id, self.now).await? {
            return Err(ServiceError::NotFound);
        }
        let who = Who::actor(self.actor);
        let told = Told {
            before: Some(json!({ "token": self.id.to_string() })),
            ..Told::new(
                &who,
                What::Action(Action::ManageOwnAccount),
                about(account.id),
            )
        };
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}

/// To within this is kept when a token was used last: reading must not become writing.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// Who a token is. Refused: [`Refusal::TokenOver`] for whatever is no token any more.
pub async fn actor_of_token(
    office: &Office,
    carried: &str,
    now: Timestamp,
) -> Result<Actor, ServiceError> {
    let secret = SecretToken::read(TokenKind::Api, carried).ok_or(Refusal::TokenOver)?;
    let mut reader = office.store.read().await?;
    let found = api_token::with_hash(&mut reader, &secret.hash()).await?;
    let token = found.ok_or(Refusal::TokenOver)?;
    token.admit(now)?;
    let found = account::find(&mut reader, token.account).await?;
    let owner = found.filter(|account| account.state == State::Active);
    let owner = owner.ok_or(Refusal::TokenOver)?;
    let held = account::held(&mut reader, owner.id).await?;
    let held = held.iter().find(|held| held.id == token.capacity);
    let held = held.ok_or(Refusal::TokenOver)?;
    let channel = Channel::Token {
        id: token.id,
        natures: token.natures,
    };
    let actor = actor(&mut reader, &owner, held, token.assurance, channel, now).await?;
    drop(reader);
    if token
        .last_used
        .is_none_or(|last| now.since(last) >= TOUCH_EVERY)
    {
        office.store.write(Touch { id: token.id, now }).await?;
    }
    Ok(actor)
}

struct Touch {
    id: TokenId,
    now: Timestamp,
}

impl Write for Touch {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        Ok(api_token::touch(tx, self.id, self.now).await?)
    }
}
