//! The doors: signing in and out, choosing as what to act, setting up, one's own account.

use super::ask::{Ask, Html, bare, html, with_status};
use super::{local, to};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Assurance;
use crate::http::api::{cookie, no_cookie};
use crate::http::caller::Visit;
use crate::http::problem::Failure;
use crate::http::site::Site;
use crate::i18n::t;
use crate::service::session::{self, Admission, SignIn, Started};
use crate::service::{ServiceError, account, capacity, second_factor};
use crate::view::Shell;
use crate::view::entry::{self as view, SecondFactor};
use poem::http::header::{HeaderName, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE};
use poem::http::{HeaderValue, StatusCode};
use poem::web::{Data, Form, Path};
use poem::{Request, Response, handler};
use serde::Deserialize;
use std::sync::Arc;

/// Why somebody was not let in, in words; anything else is a failure.
fn reasons(visit: &Visit, error: ServiceError) -> Result<(StatusCode, Vec<String>), Failure> {
    let failure = visit.failed(&error);
    let ServiceError::Refused(refusals) = error else {
        return Err(failure);
    };
    if refusals.contains(&Refusal::SessionOver) {
        return Err(failure);
    }
    let flaws = failure.problem().flaws();
    let reasons = flaws.map(|(_, message)| message.to_owned()).collect();
    Ok((failure.problem().status(), reasons))
}

/// A door without anything around it: nobody is in yet.
fn door(visit: &Visit, request: &Request) -> Shell {
    let day = visit.now.shanghai_day();
    Shell {
        follows_day: false,
        ..bare(visit.lang, visit.now, day, request.original_uri())
    }
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Lets somebody in, or on to the next door: whatever is asked for sends them there.
fn entered(site: &Site, started: &Started, place: &str) -> Response {
    let mut response = to(local(place));
    let secret = started.secret.reveal();
    set(&mut response, SET_COOKIE, &cookie(site, &secret));
    response
}

/// Where somebody wanted to go.
fn wanted(request: &Request) -> String {
    let pairs = super::ask::pairs(request.original_uri());
    let found = pairs.into_iter().find(|(name, _)| name == "to");
    found.map_or(String::new(), |(_, place)| local(&place).to_owned())
}

/// Name and password, please.
#[handler]
pub fn door_page(visit: Visit, request: &Request) -> Html {
    if visit.actor().is_ok() {
        return Ok(to("/"));
    }
    let shell = door(&visit, request);
    Ok(html(&view::SignIn {
        s: &shell,
        user_name: "",
        place: &wanted(request),
        refused: Vec::new(),
    }))
}

#[derive(Deserialize)]
struct Credentials {
    user_name: String,
    password: String,
    #[serde(default, rename = "to")]
    place: String,
}

#[handler]
pub async fn sign_in(
    site: Data<&Arc<Site>>,
    visit: Visit,
    Form(given): Form<Credentials>,
    request: &Request,
) -> Html {
    let attempt = SignIn {
        user_name: given.user_name.trim(),
        password: &given.password,
        address: visit.address,
        carried: visit.carried.as_deref(),
    };
    match session::sign_in(&visit.office, attempt, visit.now).await {
        Ok(started) => Ok(entered(&site, &started, &given.place)),
        Err(error) => {
            let wait = match visit.failed(&error) {
                Failure::TooManyRequests(_, seconds) => Some(seconds),
                _ => None,
            };
            let (status, refused) = reasons(&visit, error)?;
            let page = view::SignIn {
                s: &door(&visit, request),
                user_name: &given.user_name,
                place: local(&given.place),
                refused,
            };
            let mut response = with_status(status, &page);
            if let Some(seconds) = wait {
                set(&mut response, RETRY_AFTER, &seconds.to_string());
            }
            Ok(response)
        }
    }
}

fn carried(visit: &Visit) -> Result<&str, Failure> {
    let carried = visit.carried.as_deref();
    carried.ok_or_else(|| Failure::not_signed_in(visit.lang))
}

async fn admitted(visit: &Visit) -> Result<Admission, Failure> {
    let admission = session::admit(&visit.office, carried(visit)?, visit.now).await;
    admission.map_err(|error| visit.failed(&error))
}

/// A code of the second factor, please.
#[handler]
pub async fn code_wanted(visit: Visit, request: &Request) -> Html {
    carried(&visit)?;
    Ok(html(&view::Code {
        s: &door(&visit, request),
        place: &wanted(request),
        refused: Vec::new(),
    }))
}

#[derive(Deserialize)]
struct Shown {
    code: String,
    #[serde(default, rename = "to")]
    place: String,
}

#[handler]
pub async fn show_code(
    site: Data<&Arc<Site>>,
    visit: Visit,
    Form(shown): Form<Shown>,
    request: &Request,
) -> Html {
    let carried = carried(&visit)?;
    match session::show_code(&visit.office, carried, &shown.code, visit.now).await {
        Ok(started) => Ok(entered(&site, &started, &shown.place)),
        Err(error) => {
            let (status, refused) = reasons(&visit, error)?;
            let page = view::Code {
                s: &door(&visit, request),
                place: local(&shown.place),
                refused,
            };
            Ok(with_status(status, &page))
        }
    }
}

/// As what, please.
#[handler]
pub async fn choice_wanted(visit: Visit, request: &Request) -> Html {
    let admission = admitted(&visit).await?;
    let held: Vec<_> = admission
        .held
        .iter()
        .map(|one| one.capacity.clone())
        .collect();
    let places = capacity::places(&visit.office, &held, visit.now).await;
    let places = places.map_err(|error| visit.failed(&error))?;
    let shell = door(&visit, request);
    let choices = admission.held.iter().zip(places);
    let choices = choices.map(|(one, place)| view::Choice {
        id: one.id.to_string(),
        office: shell.office(one.capacity.office()),
        place,
        current: admission.session.capacity == Some(one.id),
    });
    Ok(html(&view::Capacity {
        s: &shell,
        place: &wanted(request),
        choices: choices.collect(),
    }))
}

#[derive(Deserialize)]
struct Chosen {
    capacity: String,
    #[serde(default, rename = "to")]
    place: String,
}

#[handler]
pub async fn choose(site: Data<&Arc<Site>>, visit: Visit, Form(chosen): Form<Chosen>) -> Html {
    let carried = carried(&visit)?;
    let id = chosen.capacity.parse();
    let id = id.map_err(|_| Failure::not_found(visit.lang))?;
    let started = session::choose(&visit.office, carried, id, visit.now).await;
    let started = started.map_err(|error| visit.failed(&error))?;
    Ok(entered(&site, &started, &chosen.place))
}

#[handler]
pub async fn sign_out(site: Data<&Arc<Site>>, visit: Visit) -> Html {
    if let Some(carried) = &visit.carried {
        let ended = session::sign_out(&visit.office, carried, visit.now).await;
        ended.map_err(|error| visit.failed(&error))?;
    }
    let mut response = to("/sign-in?told=signed-out");
    set(&mut response, SET_COOKIE, &no_cookie(&site));
    Ok(response)
}

/// The address of this page is a secret: no other page learns it.
fn unreferred(mut response: Response) -> Response {
    set(&mut response, REFERRER_POLICY, "no-referrer");
    response
}

/// The first password, or a new one.
#[handler]
pub async fn set_up_page(visit: Visit, request: &Request) -> Html {
    // the language form would write the secret into a form of another kind
    let shell = door(&visit, request).at_path("/sign-in");
    Ok(unreferred(html(&view::SetUp {
        s: &shell,
        action: request.original_uri().path(),
        refused: Vec::new(),
    })))
}

#[derive(Deserialize)]
struct Password {
    password: String,
    again: String,
}

#[handler]
pub async fn set_up(
    visit: Visit,
    Path(secret): Path<String>,
    Form(given): Form<Password>,
    request: &Request,
) -> Html {
    let shell = door(&visit, request).at_path("/sign-in");
    let action = request.original_uri().path();
    let refused = |shell: &Shell, status, refused| {
        let page = view::SetUp {
            s: shell,
            action,
            refused,
        };
        unreferred(with_status(status, &page))
    };
    if given.password != given.again {
        let why = vec![t(visit.lang, "web-password-differs", &[])];
        return Ok(refused(&shell, StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    match account::set_up(&visit.office, &secret, &given.password, visit.now).await {
        Ok(_) => Ok(unreferred(to("/sign-in?told=set-up"))),
        Err(error) => {
            let (status, why) = reasons(&visit, error)?;
            Ok(refused(&shell, status, why))
        }
    }
}

/// One's own account.
#[handler]
pub async fn me_page(ask: Ask) -> Html {
    own(&ask, None, StatusCode::OK, Vec::new()).await
}

async fn own(
    ask: &Ask,
    offered: Option<SecondFactor>,
    status: StatusCode,
    refused: Vec<String>,
) -> Html {
    let admission = admitted(&ask.visit).await?;
    let account = &admission.account;
    let second_factor = match offered {
        Some(offered) => offered,
        None if account.second_factor.is_active() => SecondFactor::Active,
        None => SecondFactor::None,
    };
    let needs = ask.actor.capacity.role().needs_second_factor();
    let shell = ask.shell().await?.undated().at_path("/me");
    let page = view::Me {
        s: &shell,
        second_factor,
        wanted: needs && ask.actor.assurance != Assurance::Full,
        refused,
    };
    Ok(with_status(status, &page))
}

#[derive(Deserialize)]
struct FactorOrder {
    act: String,
    #[serde(default)]
    code: String,
}

/// Offers a second factor, or confirms the one that was offered.
#[handler]
pub async fn change_second_factor(ask: Ask, Form(order): Form<FactorOrder>) -> Html {
    let (office, actor) = (ask.office(), &ask.actor);
    if order.act != "confirm" {
        let offered = second_factor::offer(office, actor, ask.now).await;
        let secret = ask.done(offered)?;
        let account = admitted(&ask.visit).await?.account;
        let offered = SecondFactor::Offered {
            secret: secret.reveal().to_string(),
            link: secret
                .link("Dinggang", account.user_name.as_str())
                .to_string(),
        };
        return own(&ask, Some(offered), StatusCode::OK, Vec::new()).await;
    }
    match second_factor::confirm(office, actor, &order.code, ask.now).await {
        Ok(started) => Ok(entered(&ask.site, &started, "/me?told=second-factor")),
        Err(error) => {
            let (status, why) = reasons(&ask.visit, error)?;
            own(&ask, None, status, why).await
        }
    }
}

#[derive(Deserialize)]
struct NewPassword {
    old: String,
    new: String,
}

#[handler]
pub async fn change_password(ask: Ask, Form(given): Form<NewPassword>) -> Html {
    let (office, actor) = (ask.office(), &ask.actor);
    let NewPassword { old, new } = &given;
    match account::change_password(office, actor, old, new, ask.now).await {
        Ok(started) => Ok(entered(&ask.site, &started, "/me?told=password")),
        Err(error) => {
            let (status, why) = reasons(&ask.visit, error)?;
            let status = match status {
                // who is signed in already is not asked to sign in
                StatusCode::UNAUTHORIZED => StatusCode::UNPROCESSABLE_ENTITY,
                other => other,
            };
            own(&ask, None, status, why).await
        }
    }
}
