//! Around every request: its figures and its line in the log, the headers that every answer
//! has, and an answer also when the program fails. Nothing personal is written down: the
//! route's pattern, never the path or the query.

use super::language::of_request;
use super::problem::{Failure, of_error};
use super::site::Site;
use poem::http::header::{CACHE_CONTROL, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use poem::http::{HeaderValue, StatusCode};
use poem::{Endpoint, IntoResponse, PathPattern, Request, Response};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CONTENT_SECURITY_POLICY: HeaderName = HeaderName::from_static("content-security-policy");

/// Answers what an endpoint answers, whatever happens in it.
pub async fn watched<E: Endpoint>(
    endpoint: Arc<E>,
    site: Arc<Site>,
    request: Request,
) -> poem::Result<Response> {
    use futures_util::FutureExt;
    let lang = of_request(&request);
    let method = request.method().clone();
    let id = site.office.chance.id::<Request>(site.now()).to_string();
    site.metrics.begin();
    let begun = Instant::now();
    let called = AssertUnwindSafe(endpoint.call(request))
        .catch_unwind()
        .await;
    let mut response = match called {
        Ok(Ok(response)) => response.into_response(),
        Ok(Err(error)) => of_error(error, lang),
        Err(_) => {
            tracing::error!(request = id, "a request ended in a panic");
            Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", lang).into_response()
        }
    };
    let took = begun.elapsed();
    let status = response.status();
    let pattern = response
        .data::<PathPattern>()
        .map(|pattern| pattern.0.to_string());
    let route = pattern.unwrap_or_default();
    site.metrics
        .answered(&method, &route, status.as_u16(), took);
    tracing::info!(
        request = id,
        %method,
        route,
        status = status.as_u16(),
        micros = took.as_micros() as u64,
        "answered"
    );
    let headers = response.headers_mut();
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    Ok(response)
}
