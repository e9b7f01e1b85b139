//! Signing in: name and password, then the code of the second factor, then in which
//! capacity one acts, where there are several.

use super::Tag;
use super::single::Done;
use crate::domain::record_id::{AccountId, CapacityId};
use crate::domain::rights::Capacity;
use crate::domain::rights::{Nature, Role};
use crate::domain::time::Timestamp;
use crate::http::body::Body;
use crate::http::caller::{COOKIE, SECURE_COOKIE, Visit};
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::http::site::Site;
use crate::service::account;
use crate::service::session::{self, Admission, SignIn, Standing, Started};
use poem::web::Data;
use poem::web::cookie::{Cookie, SameSite};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use validator::Validate;

pub struct Api;

/// Name and password.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Credentials {
    #[validate(length(min = 1, max = 200))]
    #[oai(validator(min_length = 1, max_length = 200))]
    user_name: String,
    #[validate(length(min = 1, max = 500))]
    #[oai(validator(min_length = 1, max_length = 500))]
    password: String,
}

/// A code of the second factor.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
pub struct Code {
    /// Six digits.
    #[validate(length(min = 1, max = 40))]
    #[oai(validator(min_length = 1, max_length = 40))]
    pub code: String,
}

/// In which capacity to act.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Choice {
    capacity: Text<CapacityId>,
}

/// A one-time link and the password it is used for.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct SetUp {
    /// The secret of the link: what stands behind `#` in it.
    #[validate(length(min = 1, max = 200))]
    #[oai(validator(min_length = 1, max_length = 200))]
    link: String,
    #[validate(length(min = 1, max = 500))]
    #[oai(validator(min_length = 1, max_length = 500))]
    password: String,
}

/// The account that was set up.
#[derive(Debug, Object)]
struct UserName {
    user_name: String,
}

/// What has to happen before the session can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum Next {
    /// Nothing: it can be used.
    Nothing,
    /// A code of the second factor.
    Code,
    /// A choice between capacities.
    Choice,
}

/// A session.
#[derive(Debug, Object)]
struct Session {
    account: Text<AccountId>,
    user_name: String,
    name: String,
    /// What has to happen before it can be used.
    next: Next,
    /// Whether a code of the second factor was shown, or none is asked for. Reviewers and
    /// administrators can do little without.
    full: bool,
    /// The one in which the session acts.
    #[oai(skip_serializing_if_is_none)]
    capacity: Option<Text<CapacityId>>,
    /// All that the account holds.
    capacities: Vec<Held>,
    started: Text<Timestamp>,
    /// When it runs out if nobody comes any more.
    expires: Text<Timestamp>,
}

/// One capacity of an account.
#[derive(Debug, Object)]
pub struct Held {
    id: Text<CapacityId>,
    role: Word<Role>,
    /// The office it gives the rights of.
    office: Word<crate::domain::rights::Office>,
    /// The area, institution, community or person it is for; empty = everywhere.
    of: String,
}

impl Held {
    pub fn new(id: CapacityId, capacity: &Capacity) -> Self {
        use crate::domain::rights::Extent;
        let of = match capacity {
            Capacity::Staff { person, .. } => person.to_string(),
            Capacity::InstitutionHr { institution } => institution.to_string(),
            Capacity::ConsortiumHr { consortium } => consortium.to_string(),
            Capacity::Reviewer { area, .. } => area.to_string(),
            Capacity::Auditor { extent } | Capacity::Administrator { extent } => match extent {
                Extent::Everywhere => String::new(),
                Extent::Area(area) => area.to_string(),
            },
        };
        Self {
            id: Text(id),
            role: Word(capacity.role()),
            office: Word(capacity.office()),
            of,
        }
    }
}

#[derive(ApiResponse)]
enum Entered {
    /// The session, with the cookie that carries it.
    #[oai(status = 200)]
    Session(Json<Session>, #[oai(header = "Set-Cookie")] String),
}

/// The cookie of a session.
pub fn cookie(site: &Site, secret: &str) -> String {
    let mut cookie = Cookie::new_with_str(name(site), secret);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(site.settings.secure);
    cookie.to_string()
}

const fn name(site: &Site) -> &'static str {
    if site.settings.secure {
        SECURE_COOKIE
    } else {
        COOKIE
    }
}

/// A cookie that takes itself away.
pub fn no_cookie(site: &Site) -> String {
    let mut cookie = Cookie::new_with_str(name(site), "");
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(site.settings.secure);
    cookie.set_max_age(Duration::ZERO);
    cookie.to_string()
}

#[derive(ApiResponse)]
enum Left {
    /// The session has ended.
    #[oai(status = 204)]
    Done(#[oai(header = "Set-Cookie")] String),
}

fn shown(visit: &Visit, admission: &Admission) -> Session {
    let Admission {
        session,
        account,
        held,
        standing,
        ..
    } = admission;
    Session {
        account: Text(account.id),
        user_name: account.user_name.as_str().to_owned(),
        name: account.name.clone(),
        next: match standing {
            Standing::Acts(_) => Next::Nothing,
            Standing::CodeWanted => Next::Code,
            Standing::ChoiceWanted => Next::Choice,
        },
        full: session.assurance == crate::domain::rights::Assurance::Full,
        capacity: session.capacity.map(Text),
        capacities: held
            .iter()
            .map(|one| Held::new(one.id, &one.capacity))
            .collect(),
        started: Text(session.started),
        expires: Text(session.expires(visit.office.doors.sessions)),
    }
}

async fn entered(site: &Site, visit: &Visit, started: Started) -> Result<Entered, Failure> {
    let secret = started.secret.reveal();
    let admission = visit.done(session::admit(&visit.office, &secret, visit.now).await)?;
    let session = shown(visit, &admission);
    Ok(Entered::Session(Json(session), cookie(site, &secret)))
}

fn carried(visit: &Visit) -> Result<&str, Failure> {
    let carried = visit.carried.as_deref();
    carried.ok_or_else(|| Failure::not_signed_in(visit.lang))
}

#[OpenApi(tag = "Tag::Session")]
impl Api {
    /// Signs in
    ///
    /// The answer sets the cookie of a new session, and says what is still missing.
    #[oai(path = "/session", method = "post", operation_id = "sign_in")]
    async fn sign_in(
        &self,
        site: Data<&Arc<Site>>,
        visit: Visit,
        body: Body<Credentials>,
    ) -> Result<Entered, Failure> {
        let attempt = SignIn {
            user_name: &body.0.user_name,
            password: &body.0.password,
            address: visit.address,
            carried: visit.carried.as_deref(),
        };
        let started = visit.done(session::sign_in(&visit.office, attempt, visit.now).await)?;
        entered(&site, &visit, started).await
    }

    /// The session that the cookie carries
    #[oai(path = "/session", method = "get", operation_id = "session")]
    async fn get(&self, visit: Visit) -> Result<Json<Session>, Failure> {
        let carried = carried(&visit)?;
        let admission = visit.done(session::admit(&visit.office, carried, visit.now).await)?;
        Ok(Json(shown(&visit, &admission)))
    }

    /// Signs out
    #[oai(path = "/session", method = "delete", operation_id = "sign_out")]
    async fn sign_out(&self, site: Data<&Arc<Site>>, visit: Visit) -> Result<Left, Failure> {
        if let Some(carried) = &visit.carried {
            visit.done(session::sign_out(&visit.office, carried, visit.now).await)?;
        }
        Ok(Left::Done(no_cookie(&site)))
    }

    /// Shows a code of the second factor
    #[oai(path = "/session/code", method = "post", operation_id = "show_code")]
    async fn show_code(
        &self,
        site: Data<&Arc<Site>>,
        visit: Visit,
        body: Body<Code>,
    ) -> Result<Entered, Failure> {
        let carried = carried(&visit)?;
        let code = &body.0.code;
        let started =
            visit.done(session::show_code(&visit.office, carried, code, visit.now).await)?;
        entered(&site, &visit, started).await
    }

    /// Chooses the capacity in which the session acts
    #[oai(
        path = "/session/capacity",
        method = "put",
        operation_id = "choose_capacity"
    )]
    async fn choose(
        &self,
        site: Data<&Arc<Site>>,
        visit: Visit,
        body: Body<Choice>,
    ) -> Result<Entered, Failure> {
        let carried = carried(&visit)?;
        let capacity = body.0.capacity.0;
        let started =
            visit.done(session::choose(&visit.office, carried, capacity, visit.now).await)?;
        entered(&site, &visit, started).await
    }

    /// Chooses a password through a one-time link
    ///
    /// For invitations, for forgotten passwords, and for the first administrator.
    #[oai(path = "/setup", method = "post", operation_id = "set_up")]
    async fn set_up(&self, visit: Visit, body: Body<SetUp>) -> Result<Json<UserName>, Failure> {
        let SetUp { link, password } = &body.0;
        let user_name =
            visit.done(account::set_up(&visit.office, link, password, visit.now).await)?;
        Ok(Json(UserName {
            user_name: user_name.as_str().to_owned(),
        }))
    }
}

/// What a token may be used for.
pub type NatureWord = Word<Nature>;
pub type Answer = Result<Done, Failure>;
