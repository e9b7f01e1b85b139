//! The server. It reads a request, calls one use case of `service`, and shows what that
//! says; it decides nothing itself.

pub mod api;
mod body;
mod caller;
mod description;
mod docs;
mod fhir;
mod language;
mod limits;
mod methods;
mod metrics;
mod problem;
mod repeat;
mod scalar;
mod site;
mod watch;
mod web;
mod written;

pub use site::{Clock, Jobs, Settings, Site};

use caller::{Renewed, Tried, Visit};
use language::of_request;
use limits::Limits;
use methods::Methods;
use poem::endpoint::make_sync;
use poem::http::header::{RETRY_AFTER, SET_COOKIE};
use poem::http::{HeaderValue, StatusCode};
use poem::listener::Acceptor;
use poem::middleware::{AddData, Compression};
use poem::web::{Data, Json};
use poem::{
    Body, Endpoint, EndpointExt, IntoResponse, Request, Response, Route, Server, get, handler,
};
use problem::Failure;
use serde_json::json;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// Bytes of a JSON body, at most.
const JSON_LIMIT: usize = 1024 * 1024;
/// What a multipart body has besides its files.
const ENVELOPE: usize = 64 * 1024;

/// Everything that is served.
pub fn app(site: &Arc<Site>) -> impl Endpoint<Output = Response> + use<> {
    let service = api::service();
    let raw = service.spec();
    let document = description::completed(&raw);
    let methods = Arc::new(Methods::new(description::methods(&document)));
    let page = docs::Page::new(service.swagger_ui_html().replace(&raw, &document));
    let document = make_sync(move |_| {
        Response::builder()
            .content_type("application/json")
            .body(document.clone())
    });
    let limits = Arc::new(Limits::new(site.settings.requests_per_minute));
    let registry = {
        let (site, limits) = (site.clone(), limits.clone());
        let visited =
            move |endpoint, request| visit(endpoint, site.clone(), limits.clone(), request);
        fhir::routes().around(visited).around(fhir::told)
    };
    let visited = {
        let site = site.clone();
        move |endpoint, request: Request| {
            let (site, limits, methods) = (site.clone(), limits.clone(), methods.clone());
            async move {
                let path = request.original_uri().path().to_owned();
                let mut response = visit(endpoint, site, limits, request).await?;
                methods.told(&path, &mut response);
                Ok(response)
            }
        }
    };
    let v1 = Route::new()
        .at("/openapi.json", document)
        .at("/docs", get(docs::page).with(AddData::new(page)))
        .nest_no_strip("/", Route::new().nest("/", service.around(visited)));
    let pages = {
        let (site, limits) = (
            site.clone(),
            Arc::new(Limits::new(site.settings.requests_per_minute)),
        );
        let visited =
            move |endpoint, request| visit(endpoint, site.clone(), limits.clone(), request);
        web::routes().around(visited)
    };
    let pages = web::surrounded(pages, site.clone());
    let watched = {
        let site = site.clone();
        move |endpoint, request| watch::watched(endpoint, site.clone(), request)
    };
    Route::new()
        .at("/healthz", get(alive))
        .at("/readyz", get(ready))
        .at("/metrics", get(figures))
        .nest("/api/v1", v1)
        .nest(fhir::PATH, registry)
        .at("/assets/:mark/:name", get(web::asset))
        .nest_no_strip("/", pages)
        .with(AddData::new(site.clone()))
        .with(Compression::new())
        .around(watched)
}

/// The description of the API, as it is checked in.
pub fn description() -> String {
    description::completed(&api::service().spec())
}

/// Serves until the signal, then waits for what is under way, but not for ever.
pub async fn serve(
    site: &Arc<Site>,
    acceptor: impl Acceptor + 'static,
    stop: impl Future<Output = ()>,
    grace: Duration,
) -> std::io::Result<()> {
    Server::new_with_acceptor(acceptor)
        .name("")
        .idle_timeout(Duration::from_secs(75))
        .run_with_graceful_shutdown(app(site), stop, Some(grace))
        .await
}

/// Before the API: how often, how large, and who.
async fn visit<E: Endpoint>(
    endpoint: Arc<E>,
    site: Arc<Site>,
    limits: Arc<Limits>,
    mut request: Request,
) -> poem::Result<Response> {
    let lang = of_request(&request);
    if let Some(address) = site.address(&request)
        && let Err(wait) = limits.check(address)
    {
        let failure = Failure::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", lang);
        let mut response = failure.into_response();
        let seconds = HeaderValue::from(wait.as_secs() + 1);
        response.headers_mut().insert(RETRY_AFTER, seconds);
        return Ok(response);
    }
    let multipart = request
        .content_type()
        .is_some_and(|kind| kind.starts_with("multipart/"));
    let limit = if multipart {
        site.settings.upload_limit + ENVELOPE
    } else {
        JSON_LIMIT
    };
    let body = match whole(request.take_body(), limit).await {
        Ok(body) => body,
        Err(Unreadable::TooLarge) => {
            let failure = Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", lang);
            return Ok(failure.into_response());
        }
        Err(Unreadable::Broken) => {
            let failure = Failure::new(StatusCode::BAD_REQUEST, "bad_request", lang);
            return Ok(failure.into_response());
        }
    };
    let (mut visit, renewed) = Visit::begin(&site, &request).await;
    if let Some(Tried(account)) = request.data::<Tried>() {
        visit.only_try(*account);
    }
    // pages show who looks also where they show that something failed
    let seen = visit.clone();
    let answered = repeat::once(endpoint.as_ref(), request, visit, body).await;
    let mut response = match answered {
        Ok(response) => response,
        Err(error) => problem::of_error(error, lang),
    };
    response.set_data(seen);
    if let Some(Renewed(secret)) = renewed
        && !response.headers().contains_key(SET_COOKIE)
        && let Ok(cookie) = HeaderValue::from_str(&api::cookie(&site, &secret))
    {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Why a body was not read.
enum Unreadable {
    TooLarge,
    Broken,
}

/// A body of so many bytes at most. What is too large is still taken in for a while and
/// thrown away: a client that is writing hears no answer before it has written.
async fn whole(body: Body, limit: usize) -> Result<Vec<u8>, Unreadable> {
    use futures_util::StreamExt;
    const PATIENCE: usize = 64 * 1024 * 1024;
    let mut stream = std::pin::pin!(body.into_bytes_stream());
    let (mut kept, mut seen) = (Vec::new(), 0usize);
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| Unreadable::Broken)?;
        seen = seen.saturating_add(piece.len());
        if seen <= limit {
            kept.extend_from_slice(&piece);
        } else if seen > limit.saturating_add(PATIENCE) {
            break;
        }
    }
    if seen <= limit {
        Ok(kept)
    } else {
        Err(Unreadable::TooLarge)
    }
}

/// The process is alive.
#[handler]
fn alive() -> Json<serde_json::Value> {
    Json(json!({ "status": "alive", "version": env!("CARGO_PKG_VERSION") }))
}

/// The database can be reached and its tables are those of this program.
#[handler]
async fn ready(site: Data<&Arc<Site>>, request: &Request) -> Response {
    use crate::service::state::{Readiness, readiness};
    let lang = of_request(request);
    match readiness(&site.office).await {
        Ok(Readiness::Ready) => Json(json!({ "status": "ready" })).into_response(),
        Ok(Readiness::NotCurrent) => {
            Failure::new(StatusCode::SERVICE_UNAVAILABLE, "not_current", lang).into_response()
        }
        Err(_) => {
            Failure::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", lang).into_response()
        }
    }
}

/// Figures of the running program.
#[handler]
fn figures(site: Data<&Arc<Site>>) -> Response {
    Response::builder()
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(site.metrics.text(&(site.jobs)()))
}
