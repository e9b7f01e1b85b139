//! Requests with an `Idempotency-Key`, and forms of pages that carry a key of their own:
//! repeated, they get the answer that was given before.
//! The key is kept in the same write as what the request does, so that nothing is ever done
//! twice, even if the program dies in between.

use super::caller::Visit;
use super::problem::Failure;
use crate::service::once::{Request as Once, Seen};
use data_encoding::HEXLOWER;
use poem::http::header::{CONTENT_TYPE, LOCATION};
use poem::http::{HeaderName, HeaderValue, Method, StatusCode};
use poem::{Body, Endpoint, IntoResponse, Request, Response};
use sha2::{Digest, Sha256};

const KEY: &str = "idempotency-key";
const FORM: &str = "application/x-www-form-urlencoded";
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Characters of a key, at most.
const LONGEST: usize = 200;

/// Carries out a request, or repeats its answer.
pub async fn once<E: Endpoint>(
    endpoint: &E,
    mut request: Request,
    mut visit: Visit,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let form = of_form(&request, &body);
    let given = request.headers().get(KEY).cloned();
    if given.is_none() && form.is_none() {
        return proceed(endpoint, request, visit, body).await;
    }
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let Ok(actor) = visit.actor() else {
        return proceed(endpoint, request, visit, body).await;
    };
    if safe {
        return proceed(endpoint, request, visit, body).await;
    }
    let is_form = given.is_none();
    let key = match &given {
        Some(key) => key.to_str().ok().map(|key| key.trim().to_owned()),
        None => form,
    };
    let key = key.filter(|key| {
        !key.is_empty() && key.len() <= LONGEST && key.bytes().all(|byte| byte.is_ascii_graphic())
    });
    let Some(key) = key else {
        let failure = Failure::new(StatusCode::BAD_REQUEST, "bad_key", visit.lang);
        return Ok(failure.into_response());
    };
    let once = Once {
        account: actor.account,
        key,
        hash: hash(&request, &body),
    };
    let seen = once.seen(&visit.office).await;
    match seen.map_err(|error| visit.failed(&error))? {
        Seen::New => {}
        Seen::Answered { status, body } if is_form => return Ok(shown_again(status, body)),
        Seen::Answered { status, body } => return Ok(replay(status, body)),
        Seen::Running => {
            let code = if is_form { "form_repeated" } else { "repeated" };
            let failure = Failure::new(StatusCode::CONFLICT, code, visit.lang);
            return Ok(failure.into_response());
        }
        Seen::Mistaken => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(Failure::new(status, "key_of_another", visit.lang).into_response());
        }
    }
    let office = once.office(&visit.office, visit.now);
    visit.office = office.clone();
    request.set_data(visit.clone());
    request.set_body(Body::from(body));
    let response = endpoint.call(request).await?.into_response();
    let status = response.status();
    let leads = is_form && status == StatusCode::SEE_OTHER;
    if !status.is_success() && !leads {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = body.into_vec().await.unwrap_or_default();
    let place = parts.headers.get(LOCATION).map(HeaderValue::as_bytes);
    let said = if leads {
        place.unwrap_or_default()
    } else {
        &body
    };
    if let Ok(text) = std::str::from_utf8(said) {
        let kept = once.answered(&office, status.as_u16(), text).await;
        if let Err(error) = kept {
            // what was asked is done; only its repetition will say no more than that
            tracing::warn!(%error, "an answer could not be kept");
        }
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

async fn proceed<E: Endpoint>(
    endpoint: &E,
    mut request: Request,
    visit: Visit,
    body: Vec<u8>,
) -> poem::Result<Response> {
    request.set_data(visit);
    request.set_body(Body::from(body));
    Ok(endpoint.call(request).await?.into_response())
}

/// The key of a form that carries one: of where it goes and of all that was written into it,
/// so that the same form with something else in it is another request.
fn of_form(request: &Request, body: &[u8]) -> Option<String> {
    let is_form = request.content_type()?.starts_with(FORM);
    let mut pairs = url::form_urlencoded::parse(body);
    let carries = is_form && pairs.any(|(name, value)| name == "once" && !value.is_empty());
    carries.then(|| format!("form-{}", HEXLOWER.encode(&hash(request, body))))
}

/// What a form led to: the page, or the way to it.
fn shown_again(status: u32, body: Vec<u8>) -> Response {
    if status == u32::from(StatusCode::SEE_OTHER.as_u16()) {
        let mut response = StatusCode::SEE_OTHER.into_response();
        let place = HeaderValue::from_bytes(&body);
        let place = place.unwrap_or_else(|_| HeaderValue::from_static("/"));
        response.headers_mut().insert(LOCATION, place);
        return response;
    }
    let mut response = replay(status, body);
    let page = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, page);
    response
}

/// Of everything a request asks for. Clients draw the boundary of a multipart body anew
/// each time, so it does not count.
fn hash(request: &Request, body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    let boundary = request
        .content_type()
        .and_then(|kind| kind.split_once("boundary="));
    let boundary = boundary.map(|(_, text)| text.trim_matches('"').as_bytes());
    let body = match boundary {
        Some(boundary) if !boundary.is_empty() => &without(body, boundary),
        _ => body,
    };
    for part in [
        request.method().as_str().as_bytes(),
        request.uri().to_string().as_bytes(),
        request.header("if-match").unwrap_or_default().as_bytes(),
        body,
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn without(body: &[u8], boundary: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(body.len());
    let mut from = 0;
    for at in memchr::memmem::find_iter(body, boundary) {
        kept.extend_from_slice(&body[from..at]);
        from = at + boundary.len();
    }
    kept.extend_from_slice(&body[from..]);
    kept
}

fn replay(status: u32, body: Vec<u8>) -> Response {
    let status = u16::try_from(status)
        .ok()
        .and_then(|s| StatusCode::from_u16(s).ok());
    let status = status.unwrap_or(StatusCode::OK);
    let mut response = Response::builder()
        .status(status)
        .content_type("application/json; charset=utf-8")
        .body(body);
    let headers = response.headers_mut();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
