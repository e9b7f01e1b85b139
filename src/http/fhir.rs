//! The read view for health registries under `/fhir/R4`: `application/fhir+json`, and an
//! OperationOutcome for whatever goes wrong.

use super::caller::Visit;
use super::problem::{Failure, words};
use super::site::Site;
use crate::domain::record::Id;
use crate::service::fhir::{self, Kind, Page, Resource, Search, Span, Token};
use poem::http::header::{ACCEPT, CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH, LAST_MODIFIED};
use poem::http::{HeaderName, HeaderValue, StatusCode};
use poem::web::{Data, Path};
use poem::{Endpoint, IntoResponse, Request, Response, Route, get, handler, post};
use std::sync::Arc;
use url::form_urlencoded;

/// Where it is served.
pub const PATH: &str = "/fhir/R4";
const MEDIA_TYPE: &str = "application/fhir+json; charset=utf-8";
/// How many a page holds when nothing is said, and at most.
const USUAL: usize = 50;
const MOST: usize = 200;

/// The routes; who asks has been found out before.
pub fn routes() -> Route {
    Route::new()
        .at("/metadata", get(metadata))
        .at("/:kind", get(search))
        .at("/:kind/_search", post(search_by_form))
        .at("/:kind/:id", get(read))
}

/// Whatever goes wrong below becomes an OperationOutcome.
pub async fn told<E: Endpoint>(endpoint: E, request: Request) -> poem::Result<Response> {
    let lang = super::of_request(&request);
    let response = match endpoint.call(request).await {
        Ok(response) => response.into_response(),
        Err(error) => super::problem::of_error(error, lang),
    };
    let status = response.status();
    let is_told = response
        .content_type()
        .is_some_and(|kind| kind.starts_with("application/fhir+json"));
    if is_told || !(status.is_client_error() || status.is_server_error()) {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let bytes = body.into_bytes().await.unwrap_or_default();
    let problem: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let detail = problem.get("detail").and_then(|detail| detail.as_str());
    let first = problem.pointer("/errors/0/message");
    let text = first.and_then(|text| text.as_str()).or(detail);
    let text = text.unwrap_or_else(|| status.canonical_reason().unwrap_or_default());
    let outcome = fhir::outcome(issue(status), text.to_owned());
    parts.headers.remove(poem::http::header::CONTENT_LENGTH);
    let media_type = HeaderValue::from_static(MEDIA_TYPE);
    parts.headers.insert(CONTENT_TYPE, media_type);
    Ok(Response::from_parts(parts, fhir::json(&outcome).into()))
}

/// The kind of an issue (value set issue-type).
fn issue(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "login",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_ACCEPTABLE => "not-supported",
        StatusCode::TOO_MANY_REQUESTS => "throttled",
        StatusCode::PAYLOAD_TOO_LARGE => "too-long",
        StatusCode::SERVICE_UNAVAILABLE => "transient",
        status if status.is_client_error() => "invalid",
        _ => "exception",
    }
}

/// The address below which everything is.
fn base(site: &Site, request: &Request) -> String {
    let host = request.headers().get(HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if site.settings.secure {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{host}{PATH}")
}

fn answer(resource: &Resource) -> Response {
    Response::builder()
        .content_type(MEDIA_TYPE)
        .body(fhir::json(resource))
}

/// Only JSON is written.
fn acceptable(request: &Request, pairs: &[Pair], visit: &Visit) -> poem::Result<()> {
    let named = pairs.iter().find(|(name, _)| name == "_format");
    let header = request.headers().get(ACCEPT);
    let header = header
        .and_then(|value| value.to_str().ok())
        .unwrap_or("*/*");
    let wanted = named.map_or(header, |(_, value)| value);
    if wanted.contains("json") || wanted.contains('*') || wanted.is_empty() {
        Ok(())
    } else {
        let text = words("fhir_format", visit.lang);
        let status = StatusCode::NOT_ACCEPTABLE;
        let response = answer(&fhir::outcome(issue(status), text)).with_status(status);
        Err(poem::Error::from_response(response.into_response()))
    }
}

/// A parameter of a search: name and value.
type Pair = (String, String);

fn pairs(request: &Request) -> Vec<Pair> {
    let query = request.uri().query().unwrap_or_default();
    read_pairs(query.as_bytes())
}

fn read_pairs(text: &[u8]) -> Vec<Pair> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// What can be asked for
#[handler]
async fn metadata(site: Data<&Arc<Site>>, request: &Request) -> Response {
    answer(&fhir::capabilities(&base(&site, request), site.now()))
}

#[handler]
async fn read(
    visit: Visit,
    Path((kind, id)): Path<(String, String)>,
    request: &Request,
) -> poem::Result<Response> {
    let actor = visit.actor()?;
    acceptable(request, &pairs(request), &visit)?;
    let kind = Kind::named(&kind).ok_or_else(|| Failure::not_found(visit.lang))?;
    let found = visit.done(fhir::read(&visit.office, &actor, kind, &id, visit.now).await)?;
    let tag = fhir::version(&found).map(|version| format!("W/\"{version}\""));
    let seen = request.headers().get(IF_NONE_MATCH);
    let seen = seen.and_then(|value| value.to_str().ok());
    let mut response = match (&tag, seen) {
        (Some(tag), Some(seen)) if seen.split(',').any(|one| one.trim() == tag) => {
            StatusCode::NOT_MODIFIED.into_response()
        }
        _ => answer(&found),
    };
    let modified = fhir::updated_at(&found).map(http_date);
    for (name, value) in [(ETAG, tag), (LAST_MODIFIED, modified)] {
        set(&mut response, name, value);
    }
    Ok(response)
}

fn set(response: &mut Response, name: HeaderName, value: Option<String>) {
    let value = value.and_then(|value| HeaderValue::from_str(&value).ok());
    if let Some(value) = value {
        response.headers_mut().insert(name, value);
    }
}

/// `Sun, 22 Nov 2026 01:00:00 GMT`
fn http_date(at: crate::domain::time::Timestamp) -> String {
    let system = std::time::UNIX_EPOCH + std::time::Duration::from_secs(at.unix_seconds());
    let date = poem::web::headers::Date::from(system);
    let mut values = Vec::new();
    poem::web::headers::Header::encode(&date, &mut values);
    let value = values.first().and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

#[handler]
async fn search(
    site: Data<&Arc<Site>>,
    visit: Visit,
    Path(kind): Path<String>,
    request: &Request,
) -> poem::Result<Response> {
    searched(&site, &visit, &kind, request, &pairs(request)).await
}

/// The same, with parameters in the body too: what is searched for, such as a number, then
/// stands in no log of addresses.
#[handler]
async fn search_by_form(
    site: Data<&Arc<Site>>,
    visit: Visit,
    Path(kind): Path<String>,
    request: &Request,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let form = "application/x-www-form-urlencoded";
    let media_type = request.content_type().unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case(form) && !body.is_empty() {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Failure::new(status, "media_type", visit.lang).into());
    }
    let mut pairs = pairs(request);
    pairs.extend(read_pairs(&body));
    searched(&site, &visit, &kind, request, &pairs).await
}

async fn searched(
    site: &Site,
    visit: &Visit,
    kind: &str,
    request: &Request,
    pairs: &[Pair],
) -> poem::Result<Response> {
    let actor = visit.actor()?;
    acceptable(request, pairs, visit)?;
    let kind = Kind::named(kind).ok_or_else(|| Failure::not_found(visit.lang))?;
    let wanted = wanted(kind, pairs).map_err(|name| mistaken(visit, &name))?;
    let page: Page =
        visit.done(fhir::search(&visit.office, &actor, kind, &wanted, visit.now).await)?;
    let base = base(site, request);
    let link = |after: Option<&str>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let kept = pairs.iter().filter(|(name, _)| name != "_after");
        query.extend_pairs(kept);
        if let Some(after) = after {
            query.append_pair("_after", after);
        }
        format!("{base}/{}?{}", kind.name(), query.finish())
    };
    let own = link(wanted.after.as_deref());
    let next = page.next.as_deref().map(|after| link(Some(after)));
    Ok(answer(&fhir::bundle(&base, page, own, next, visit.now)))
}

/// What is searched for, or the parameter that cannot be understood. A parameter that is not
/// known is refused: to leave it out would find more than was asked for.
fn wanted(kind: Kind, pairs: &[(String, String)]) -> Result<Search, String> {
    let mut wanted = Search {
        count: USUAL,
        ..Search::default()
    };
    for (name, value) in pairs {
        let mistaken = || name.clone();
        let value = value.trim();
        match name.as_str() {
            "_format" | "_pretty" => continue,
            "_count" => {
                let count: usize = value.parse().map_err(|_| mistaken())?;
                wanted.count = count.min(MOST);
                continue;
            }
            "_after" => {
                let after: Id<()> = value.parse().map_err(|_| mistaken())?;
                wanted.after = Some(after.to_string());
                continue;
            }
            _ => {}
        }
        let known = kind.search().iter().any(|(own, _)| own == name);
        if !known || value.is_empty() {
            return Err(mistaken());
        }
        let reference = |of: &str| {
            let id = value.strip_prefix(of).unwrap_or(value);
            Some(id.trim_start_matches('/').to_owned())
        };
        match name.as_str() {
            "_id" => wanted.id = Some(value.to_owned()),
            "_lastUpdated" => wanted.updated.push(Span::read(value).ok_or_else(mistaken)?),
            "identifier" => wanted.identifier = Some(Token::read(value)),
            "name" => wanted.name = Some(value.to_owned()),
            "organization" => wanted.organization = reference("Organization"),
            "practitioner" => wanted.practitioner = reference("Practitioner"),
            _ => return Err(mistaken()),
        }
    }
    Ok(wanted)
}

fn mistaken(visit: &Visit, name: &str) -> Failure {
    let flaw = super::problem::Flaw {
        field: name.to_owned(),
        code: "invalid".to_owned(),
        message: format!("{}: {name}", words("fhir_parameter", visit.lang)),
    };
    Failure::flawed(vec![flaw], visit.lang)
}
