//! The language that somebody chose.

use super::{local, to};
use crate::http::language::{COOKIE, read};
use crate::http::site::Site;
use poem::http::HeaderValue;
use poem::http::header::SET_COOKIE;
use poem::web::cookie::{Cookie, SameSite};
use poem::web::{Data, Form};
use poem::{Response, handler};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

#[derive(Deserialize)]
struct Chosen {
    lang: String,
    #[serde(default, rename = "to")]
    place: String,
}

const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Keeps the choice, and goes back.
#[handler]
pub fn choose(site: Data<&Arc<Site>>, Form(chosen): Form<Chosen>) -> Response {
    let mut response = to(local(&chosen.place));
    if let Some(lang) = read(&chosen.lang) {
        let mut cookie = Cookie::new_with_str(COOKIE, lang.tag());
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_secure(site.settings.secure);
        cookie.set_max_age(YEAR);
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}
