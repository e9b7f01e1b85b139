//! Who asks: by a token in `Authorization`, or by the cookie of a session.

use super::language::of_request;
use super::problem::{Failure, Problem};
use super::site::Site;
use crate::domain::record_id::AccountId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Actor;
use crate::domain::time::Timestamp;
use crate::i18n::Lang;
use crate::service::session::{Admission, Standing, admit};
use crate::service::{Office, ServiceError, api_token};
use poem::http::header::{AUTHORIZATION, HOST, ORIGIN};
use poem::http::{Method, StatusCode};
use poem::web::headers::{self, HeaderMapExt};
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use std::net::IpAddr;
use std::sync::Arc;

/// The cookie of a session.
pub const COOKIE: &str = "dinggang_session";
/// The same where the site is reached by https: browsers send it nowhere else.
pub const SECURE_COOKIE: &str = "__Host-dinggang_session";

/// What came with a request and with whom it speaks. Made once for each request.
#[derive(Clone)]
pub struct Visit {
    pub office: Office,
    pub now: Timestamp,
    pub lang: Lang,
    pub address: Option<IpAddr>,
    /// The secret of the session in the cookie.
    pub carried: Option<String>,
    /// The account may act in more capacities than this one.
    pub several: bool,
    who: Who,
}

#[derive(Clone)]
enum Who {
    Nobody,
    Acts(Arc<Actor>),
    /// Signed in, but a code or a choice is still missing.
    Halfway(Half),
    Refused(Arc<Failure>),
}

/// What is still missing before a session can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// A code of the second factor.
    Code,
    /// A choice between capacities.
    Choice,
}

/// In a request that is only tried: whose it is.
#[derive(Clone, Copy)]
pub struct Tried(pub AccountId);

/// The new secret of a session that was given one.
pub struct Renewed(pub String);

impl Visit {
    /// Finds out who asks. The second value is the new secret of the session, if it got one.
    pub async fn begin(site: &Site, request: &Request) -> (Self, Option<Renewed>) {
        let (now, lang) = (site.now(), of_request(request));
        let carried = cookie(request);
        let mut visit = Self {
            office: site.office.clone(),
            now,
            lang,
            address: site.address(request),
            carried: carried.clone(),
            several: false,
            who: Who::Nobody,
        };
        let mut renewed = None;
        let found = match (bearer(request), carried) {
            (Some(token), _) => visit.by_token(&token).await,
            (None, Some(_)) if !is_same_origin(request) => {
                let code = "other_origin";
                Err(Failure::new(StatusCode::FORBIDDEN, code, lang))
            }
            (None, Some(secret)) => {
                let admitted = visit.by_session(&secret).await;
                admitted.map(|(who, held, secret)| {
                    visit.several = held > 1;
                    renewed = secret;
                    who
                })
            }
            (None, None) => Ok(Who::Nobody),
        };
        visit.who = found.unwrap_or_else(|failure| Who::Refused(Arc::new(failure)));
        (visit, renewed)
    }

    /// Nothing that is asked for stays; and nobody but the account asks it.
    pub fn only_try(&mut self, account: AccountId) {
        self.office.store = self.office.store.held();
        if let Who::Acts(actor) = &self.who
            && actor.account != account
        {
            self.who = Who::Refused(Arc::new(Failure::not_found(self.lang)));
        }
    }

    async fn by_token(&self, token: &str) -> Result<Who, Failure> {
        let actor = self.done(api_token::actor_of_token(&self.office, token, self.now).await)?;
        Ok(Who::Acts(Arc::new(actor)))
    }

    /// Who it is, how many capacities they hold, and the new secret of the session.
    async fn by_session(&self, secret: &str) -> Result<(Who, usize, Option<Renewed>), Failure> {
        let admission = match admit(&self.office, secret, self.now).await {
            Ok(admission) => admission,
            // whoever signs in anew carries an old cookie: that is no reason to refuse
            Err(ServiceError::Refused(why)) if why == [Refusal::SessionOver] => {
                return Ok((Who::Nobody, 0, None));
            }
            Err(error) => return Err(self.failed(&error)),
        };
        let Admission {
            standing,
            secret,
            held,
            ..
        } = admission;
        let who = match standing {
            Standing::Acts(actor) => Who::Acts(Arc::new(actor)),
            Standing::CodeWanted => Who::Halfway(Half::Code),
            Standing::ChoiceWanted => Who::Halfway(Half::Choice),
        };
        let renewed = secret.map(|secret| Renewed(secret.reveal().to_string()));
        Ok((who, held.len(), renewed))
    }

    /// What a use case answered instead of doing what was asked.
    pub fn failed(&self, error: &ServiceError) -> Failure {
        Failure::of(error, self.lang, self.now)
    }

    /// What a use case did, or its failure as whoever came is told it.
    pub fn done<T>(&self, result: Result<T, ServiceError>) -> Result<T, Failure> {
        result.map_err(|error| self.failed(&error))
    }

    /// Who acts, or why nobody does.
    pub fn actor(&self) -> Result<Arc<Actor>, Failure> {
        match &self.who {
            Who::Acts(actor) => Ok(actor.clone()),
            Who::Nobody => Err(Failure::not_signed_in(self.lang)),
            Who::Halfway(_) => {
                let status = StatusCode::UNAUTHORIZED;
                Err(Failure::new(status, "sign_in_unfinished", self.lang))
            }
            Who::Refused(failure) => Err(failure.as_ref().clone()),
        }
    }

    /// What is missing before the session can be used; `None` = it can, or there is none.
    pub fn half(&self) -> Option<Half> {
        match &self.who {
            Who::Halfway(half) => Some(*half),
            _ => None,
        }
    }

    /// A request that was refused before anybody asked who acts: made by another site.
    pub fn admissible(&self) -> Result<(), Failure> {
        match &self.who {
            Who::Refused(failure) => Err(failure.as_ref().clone()),
            _ => Ok(()),
        }
    }
}

fn bearer(request: &Request) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    let bearer = scheme.eq_ignore_ascii_case("bearer");
    bearer.then(|| token.trim().to_owned())
}

fn cookie(request: &Request) -> Option<String> {
    let cookies = request.headers().typed_get::<headers::Cookie>()?;
    let secret = cookies.get(SECURE_COOKIE).or_else(|| cookies.get(COOKIE));
    secret.map(str::to_owned)
}

/// Whether a request that may change something was made by a page of ours. Browsers send a
/// cookie whoever makes the request, and say who made it in these headers; what says
/// neither is not believed.
pub fn is_same_origin(request: &Request) -> bool {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    ) {
        return true;
    }
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    match header("sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => {
            let origin = header(ORIGIN.as_str()).and_then(|origin| origin.split_once("://"));
            origin.is_some_and(|(_, host)| Some(host) == header(HOST.as_str()))
        }
    }
}

impl<'a> poem::FromRequest<'a> for Visit {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let visit = request.data::<Self>().cloned();
        let visit = visit.ok_or_else(|| Failure::not_signed_in(of_request(request)))?;
        visit.admissible()?;
        Ok(visit)
    }
}

/// Somebody who is signed in and may act, with the office that works for them.
#[derive(Clone)]
pub struct Caller {
    pub actor: Arc<Actor>,
    pub office: Office,
    pub now: Timestamp,
    pub lang: Lang,
    visit: Visit,
}

impl Caller {
    /// What a use case did, or its failure as this caller is told it.
    pub fn done<T>(&self, result: Result<T, ServiceError>) -> Result<T, Failure> {
        self.visit.done(result)
    }

    /// Why something was not done, as this caller is told it.
    pub fn problem(&self, error: &ServiceError) -> Problem {
        self.visit.failed(error).into_problem()
    }
}

const BEARER: &str = "token";
const SESSION: &str = "session";

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let scheme = |ty, description, name, key_in, scheme| MetaSecurityScheme {
            ty,
            description: Some(description),
            name,
            key_in,
            scheme,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        registry.create_security_scheme(
            BEARER,
            scheme(
                "http",
                "A token made under `/api/v1/me/tokens`.",
                None,
                None,
                Some("bearer"),
            ),
        );
        registry.create_security_scheme(
            SESSION,
            scheme(
                "apiKey",
                "The cookie of a session. Requests that change something have to carry the \
                 `Origin` of this site too; browsers do.",
                Some(COOKIE),
                Some("cookie"),
                None,
            ),
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![BEARER, SESSION]
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let visit = <Visit as poem::FromRequest>::from_request(request, body).await?;
        let actor = visit.actor()?;
        Ok(Self {
            actor,
            office: visit.office.clone(),
            now: visit.now,
            lang: visit.lang,
            visit,
        })
    }
}
