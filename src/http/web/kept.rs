//! Forms that were sent when the session was over. They wait in memory, for a while and
//! within bounds, until their sender has signed in again; then they are tried as they were
//! sent, so that the page they belong to shows them filled in, and nothing of it stays.
//!
//! Only the account whose session it was sees them, in the browser that sent them. Forms
//! with passwords and codes are never kept, and neither are files.

use crate::domain::record_id::AccountId;
use crate::domain::time::Timestamp;
use crate::http::caller::{Tried, Visit};
use crate::http::site::Site;
use crate::service::session;
use poem::http::header::{
    ACCEPT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, SET_COOKIE,
};
use poem::http::{self, HeaderValue, Method};
use poem::web::cookie::{Cookie, SameSite};
use poem::web::headers::{self, HeaderMapExt};
use poem::{Body, Request, RequestParts, Response};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Where a form is shown again.
pub const PLACE: &str = "/kept";

const COOKIE: &str = "dinggang_kept";
const FORM: &str = "application/x-www-form-urlencoded";
const WAIT: Duration = Duration::from_secs(30 * 60);
/// Bytes of one form, and of all that wait.
const MOST_OF_ONE: usize = 256 << 10;
const MOST: usize = 16 << 20;
/// What is written there is secret, or is asked for again anyway.
/// What changes files that wait does so in memory, where nothing takes it back.
const NEVER: [&str; 6] = [
    "/sign-in",
    "/sign-out",
    "/set-up",
    "/me",
    "/language",
    "/import",
];

/// A form as it was sent.
pub struct Form {
    place: String,
    body: Vec<u8>,
}

struct Waiting {
    account: AccountId,
    form: Form,
    since: Timestamp,
}

/// All forms that wait, by the token in their sender's cookie.
#[derive(Default)]
pub struct Kept(Mutex<HashMap<String, Arc<Waiting>>>);

impl Kept {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Arc<Waiting>>> {
        // whoever panicked here left a whole map
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, token: String, one: Waiting) {
        let mut all = self.all();
        all.retain(|_, kept| one.since.since(kept.since) < WAIT);
        let bytes = |all: &HashMap<String, Arc<Waiting>>| {
            let bytes = all.values().map(|kept| kept.form.body.len());
            bytes.sum::<usize>()
        };
        while !all.is_empty() && bytes(&all) + one.form.body.len() > MOST {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.since);
            let oldest = oldest.map(|(token, _)| token.clone());
            all.remove(&oldest.unwrap_or_default());
        }
        all.insert(token, Arc::new(one));
    }

    fn find(&self, token: &str, now: Timestamp) -> Option<Arc<Waiting>> {
        let found = self.all().get(token).cloned();
        found.filter(|one| now.since(one.since) < WAIT)
    }

    pub fn forget(&self, token: &str) {
        self.all().remove(token);
    }
}

/// The form that a request sends, if it is one that may be kept. The request stays whole.
pub async fn sent(request: &mut Request) -> Option<Form> {
    let path = request.original_uri().path();
    let never = NEVER.iter().any(|start| {
        let rest = path.strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let is_form = request.content_type()?.starts_with(FORM);
    let length: usize = request.header(CONTENT_LENGTH)?.parse().ok()?;
    if *request.method() != Method::POST || never || !is_form || length > MOST_OF_ONE {
        return None;
    }
    let place = request.original_uri().path_and_query()?.as_str().to_owned();
    let body = request.take_body().into_vec().await.ok()?;
    request.set_body(body.clone());
    Some(Form { place, body })
}

/// Keeps a form whose sender's session is over; the token under which it waits. `None` =
/// nobody knows whose session it was.
pub async fn keep(site: &Site, visit: Option<&Visit>, form: Option<Form>) -> Option<String> {
    let (visit, form) = (visit?, form?);
    let carried = visit.carried.as_deref()?;
    if visit.half().is_some() {
        return None;
    }
    let account = session::holder(&site.office, carried).await.ok()??;
    let token = data_encoding::HEXLOWER.encode(&site.office.chance.bytes::<16>());
    let since = site.now();
    let waiting = Waiting {
        account,
        form,
        since,
    };
    site.kept.add(token.clone(), waiting);
    Some(token)
}

/// To the door, and from there back to the form.
pub fn led(site: &Site, token: &str) -> Response {
    let place = crate::view::format::query([("to", PLACE), ("told", "kept")]);
    let mut response = super::to(&format!("/sign-in{place}"));
    let mut cookie = Cookie::new_with_str(COOKIE, token);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(site.settings.secure);
    cookie.set_max_age(WAIT);
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// The request that sent the form of whoever asks for it, to be tried; and its token.
pub fn again(site: &Site, request: &Request) -> Option<(Request, String)> {
    let cookies = request.headers().typed_get::<headers::Cookie>()?;
    let token = cookies.get(COOKIE)?.to_owned();
    let kept = site.kept.find(&token, site.now())?;
    let mut again = http::Request::builder()
        .method(Method::POST)
        .uri(&kept.form.place)
        .header(CONTENT_TYPE, FORM)
        // it was sent by a page of ours, else it would not have been kept
        .header("sec-fetch-site", "same-origin");
    for name in [ACCEPT_LANGUAGE, http::header::COOKIE, HOST] {
        for value in request.headers().get_all(&name) {
            again = again.header(HeaderName::clone(&name), value);
        }
    }
    let (parts, ()) = again.body(()).ok()?.into_parts();
    let (local, remote) = (request.local_addr().clone(), request.remote_addr().clone());
    let parts = RequestParts::from((parts, local, remote, request.scheme().clone()));
    let mut again = Request::from_parts(parts, Body::from(kept.form.body.clone()));
    // what the server has given every request
    *again.extensions_mut() = request.extensions().clone();
    again.set_data(Tried(kept.account));
    Some((again, token))
}
