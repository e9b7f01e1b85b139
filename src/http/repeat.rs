//! Requests with an `Idempotency-Key`: repeated, they get the answer that was given before.
//! The key is kept in the same write as what the request does, so that nothing is ever done
//! twice, even if the program dies in between.

use super::caller::Visit;
use super::problem::Failure;
use crate::service::once::{Request as Once, Seen};
use poem::http::{HeaderName, HeaderValue, Method, StatusCode};
use poem::{Body, Endpoint, IntoResponse, Request, Response};
use sha2::{Digest, Sha256};

const KEY: &str = "idempotency-key";
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
    let Some(key) = request.headers().get(KEY).cloned() else {
        return proceed(endpoint, request, visit, body).await;
    };
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
    let key = key.to_str().ok().map(str::trim).filter(|key| {
        !key.is_empty() && key.len() <= LONGEST && key.bytes().all(|byte| byte.is_ascii_graphic())
    });
    let Some(key) = key else {
        let failure = Failure::new(StatusCode::BAD_REQUEST, "bad_key", visit.lang);
        return Ok(failure.into_response());
    };
    let once = Once {
        account: actor.account,
        key: key.to_owned(),
        hash: hash(&request, &body),
    };
    let seen = once.seen(&visit.office).await;
    match seen.map_err(|error| visit.failed(&error))? {
        Seen::New => {}
        Seen::Answered { status, body } => return Ok(replay(status, body)),
        Seen::Running => {
            let failure = Failure::new(StatusCode::CONFLICT, "repeated", visit.lang);
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
    if !status.is_success() {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = body.into_vec().await.unwrap_or_default();
    if let Ok(text) = std::str::from_utf8(&body) {
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
