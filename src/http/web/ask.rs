//! A page that is asked for: by whom, as of which day, with which query.

use super::trees;
use crate::domain::record::When;
use crate::domain::rights::{Action, Actor, Role, reach};
use crate::domain::time::{Date, Timestamp};
use crate::http::caller::Visit;
use crate::http::language::of_request;
use crate::http::problem::{Failure, Flaw, words};
use crate::http::site::Site;
use crate::i18n::{Lang, has};
use crate::service::{Office, ServiceError, bench, capacity};
use crate::view::format::query;
use crate::view::{self, Shell, shell::Who};
use poem::http::{StatusCode, Uri};
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Response};
use std::collections::HashMap;
use std::sync::Arc;

/// Nodes of the tree that every page carries, at most.
const TREE: usize = 400;

/// What a page answers.
pub type Html = Result<Response, Failure>;

/// A page that is asked for by somebody who is signed in.
pub struct Ask {
    pub site: Arc<Site>,
    pub visit: Visit,
    pub actor: Arc<Actor>,
    pub lang: Lang,
    pub now: Timestamp,
    /// The day that it is to show.
    pub on: Date,
    uri: Uri,
}

impl<'a> FromRequest<'a> for Ask {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let site = Data::<&Arc<Site>>::from_request(request, body).await?;
        let visit = Visit::from_request(request, body).await?;
        let actor = visit.actor()?;
        let uri = request.original_uri().clone();
        let lang = of_request(request);
        Ok(Self {
            site: site.0.clone(),
            actor,
            lang,
            now: visit.now,
            on: day(&uri, visit.now, lang)?,
            visit,
            uri,
        })
    }
}

/// The pairs of a query.
pub fn pairs(uri: &Uri) -> Vec<(String, String)> {
    let query = uri.query().unwrap_or_default();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.into_owned().collect()
}

/// The day in a query; today where it names none.
fn day(uri: &Uri, now: Timestamp, lang: Lang) -> Result<Date, Failure> {
    let asked = pairs(uri).into_iter().find(|(name, _)| name == "on");
    match asked {
        Some((_, text)) if !text.trim().is_empty() => text.trim().parse().map_err(|_| {
            let flaw = Flaw {
                field: "on".to_owned(),
                code: "invalid".to_owned(),
                message: words("day", lang),
            };
            Failure::flawed(vec![flaw], lang)
        }),
        _ => Ok(now.shanghai_day()),
    }
}

/// What surrounds a page that nobody asked for as such: one that says what failed.
pub async fn shell_of(site: &Site, visit: Option<Visit>, lang: Lang, uri: &Uri) -> Shell {
    let now = site.now();
    let on = day(uri, now, lang).unwrap_or(now.shanghai_day());
    let bare = bare(lang, now, on, uri);
    let Some((visit, actor)) = visit.and_then(|visit| {
        let actor = visit.actor().ok()?;
        Some((visit, actor))
    }) else {
        return bare;
    };
    let unknown = bare.path.clone();
    match dressed(bare, &visit.office, &actor, visit.several, now).await {
        Ok(shell) => shell,
        Err(error) => {
            tracing::warn!(%error, "a page has no surroundings");
            Shell {
                path: unknown,
                ..self::bare(lang, now, on, uri)
            }
        }
    }
}

/// What surrounds a page for somebody who is not signed in.
pub fn bare(lang: Lang, now: Timestamp, on: Date, uri: &Uri) -> Shell {
    let mut query = pairs(uri);
    let told = query.iter().find(|(name, _)| name == "told");
    let told = told.map(|(_, what)| format!("web-told-{what}"));
    let told = told.filter(|key| has(lang, key));
    query.retain(|(name, value)| name != "on" && name != "told" && !value.is_empty());
    Shell {
        lang,
        path: uri.path().to_owned(),
        query,
        today: now.shanghai_day(),
        on,
        follows_day: true,
        who: None,
        tree: Vec::new(),
        areas: HashMap::new(),
        waiting: None,
        crumbs: Vec::new(),
        told: told.map(|key| crate::i18n::t(lang, &key, &[])),
        once: String::new(),
    }
}

async fn dressed(
    mut shell: Shell,
    office: &Office,
    actor: &Arc<Actor>,
    several: bool,
    now: Timestamp,
) -> Result<Shell, ServiceError> {
    let places = capacity::places(office, std::slice::from_ref(&actor.capacity), now).await?;
    shell.who = Some(Who {
        actor: actor.clone(),
        place: places.into_iter().next().unwrap_or_default(),
        several,
    });
    let decides = actor.capacity.role();
    let decides = matches!(
        decides,
        Role::InstitutionHr | Role::ConsortiumHr | Role::Reviewer
    );
    if decides && reach(actor, Action::ReadApplication).is_ok() {
        shell.waiting = Some(bench::waiting(office, actor, now).await?);
    }
    if reach(actor, Action::ReadPlace).is_ok() {
        (shell.tree, shell.areas) = trees::tree(office, actor, &shell, now).await?;
        view::tree::pruned(&mut shell.tree, TREE);
    }
    Ok(shell)
}

impl Ask {
    pub fn office(&self) -> &Office {
        &self.visit.office
    }

    /// The day, as it is known now.
    pub fn when(&self) -> When {
        When::on(self.on)
    }

    /// What a use case answered instead of doing what was asked.
    pub fn failed(&self, error: impl Into<ServiceError>) -> Failure {
        self.visit.failed(&error.into())
    }

    /// What a use case answered: the value, or the page that says why not.
    pub fn done<T>(&self, answer: Result<T, impl Into<ServiceError>>) -> Result<T, Failure> {
        answer.map_err(|error| self.failed(error))
    }

    /// Goes on where an office may do something at all.
    pub fn permitted(&self, action: Action) -> Result<(), Failure> {
        self.done(reach(&self.actor, action).map(|_| ()))
    }

    /// What surrounds the page.
    pub async fn shell(&self) -> Result<Shell, Failure> {
        let mut bare = bare(self.lang, self.now, self.on, &self.uri);
        let office = self.office();
        bare.once = data_encoding::HEXLOWER.encode(&office.chance.bytes::<16>());
        let dressed = dressed(bare, office, &self.actor, self.visit.several, self.now).await;
        self.done(dressed)
    }

    /// A value of the query; `None` where it is missing or blank.
    pub fn asked(&self, name: &str) -> Option<String> {
        let found = pairs(&self.uri).into_iter().find(|(key, _)| key == name);
        let value = found.map(|(_, value)| value.trim().to_owned());
        value.filter(|value| !value.is_empty())
    }

    /// Every value of the query by a name.
    pub fn all(&self, name: &str) -> Vec<String> {
        let own = pairs(&self.uri).into_iter().filter(|(key, _)| key == name);
        own.map(|(_, value)| value).collect()
    }

    /// The address of a page on the same day, which says what was just done.
    pub fn told(&self, path: &str, what: &str) -> String {
        self.told_on(path, what, self.on)
    }

    /// The same on another day.
    pub fn told_on(&self, path: &str, what: &str, on: Date) -> String {
        let day = on.to_string();
        let is_today = on == self.now.shanghai_day();
        let day = if is_today { "" } else { day.as_str() };
        format!("{path}{}", query([("told", what), ("on", day)]))
    }

    /// There is no such thing here.
    pub fn not_found(&self) -> Failure {
        Failure::not_found(self.lang)
    }

    /// Whether an office may do something at all.
    pub fn can(&self, action: Action) -> bool {
        reach(&self.actor, action).is_ok()
    }
}

/// A page as an answer.
pub fn html(page: &impl askama::Template) -> Response {
    with_status(StatusCode::OK, page)
}

/// The same where something was refused.
pub fn with_status(status: StatusCode, page: &impl askama::Template) -> Response {
    Response::builder()
        .status(status)
        .content_type("text/html; charset=utf-8")
        .body(view::page(page))
}
