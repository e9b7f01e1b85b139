//! What went wrong, as RFC 9457 problem documents: the only place that knows status codes.

use crate::i18n::refusal::refusal;
use crate::i18n::{Lang, t};
use crate::service::ServiceError;
use crate::store::{Outage, StoreError};
use poem::http::StatusCode;
use poem::{IntoResponse, Response};
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object};

/// A problem document.
#[derive(Clone, Debug, Object)]
pub struct Problem {
    /// Where the kind of problem is described; always `about:blank`: the code tells.
    #[oai(rename = "type")]
    kind: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// A word for programs.
    code: String,
    /// What went wrong, in the language asked for.
    detail: String,
    /// What is wrong with which part of the request.
    errors: Vec<Flaw>,
}

/// One thing wrong with a request.
#[derive(Clone, Debug, Object)]
pub struct Flaw {
    /// The member of the body or the name of the parameter; empty = the request as a whole.
    pub field: String,
    /// A word for programs.
    pub code: String,
    /// The same for people.
    pub message: String,
}

/// The document with the media type that RFC 9457 gives it.
#[derive(Clone, Debug)]
pub struct Document(Problem);

impl Payload for Document {
    const CONTENT_TYPE: &'static str = "application/problem+json";

    fn schema_ref() -> MetaSchemaRef {
        Problem::schema_ref()
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let mut response = Json(self.0).into_response();
        let media_type = poem::http::HeaderValue::from_static(Self::CONTENT_TYPE);
        let headers = response.headers_mut();
        headers.insert(poem::http::header::CONTENT_TYPE, media_type);
        response
    }
}

/// Everything an endpoint may answer instead of what was asked for.
#[derive(Clone, Debug, ApiResponse)]
pub enum Failure {
    /// The request cannot be understood.
    #[oai(status = 400)]
    BadRequest(Document),
    /// Nobody is signed in, or the token is not valid.
    #[oai(status = 401)]
    Unauthorized(Document),
    /// The right is missing.
    #[oai(status = 403)]
    Forbidden(Document),
    /// There is no such thing, or none that may be known of.
    #[oai(status = 404)]
    NotFound(Document),
    /// There is no such method here.
    #[oai(status = 405)]
    MethodNotAllowed(Document),
    /// Somebody changed it since it was seen.
    #[oai(status = 409)]
    Conflict(Document),
    /// The request is larger than allowed.
    #[oai(status = 413)]
    TooLarge(Document),
    /// The media type of the body is not one that is read.
    #[oai(status = 415)]
    UnsupportedMediaType(Document),
    /// Understood, but refused; the code says why.
    #[oai(status = 422)]
    Refused(Document),
    /// Too many requests; later there is use in trying.
    #[oai(status = 429)]
    TooManyRequests(Document),
    /// The database cannot be used now; it may work later.
    #[oai(status = 503)]
    Unavailable(Document),
    /// A fault of this program; the log says more.
    #[oai(status = 500)]
    Internal(Document),
}

impl Failure {
    /// A failure of a status, with a code whose words stand in the locales.
    pub fn new(status: StatusCode, code: &str, lang: Lang) -> Self {
        let detail = t(lang, &format!("problem-{}", code.replace('_', "-")), &[]);
        Self::told(status, code, detail, Vec::new())
    }

    /// The same with a sentence of its own.
    pub fn told(status: StatusCode, code: &str, detail: String, errors: Vec<Flaw>) -> Self {
        let problem = Document(Problem {
            kind: String::from("about:blank"),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail,
            errors,
        });
        match status {
            StatusCode::BAD_REQUEST => Self::BadRequest(problem),
            StatusCode::UNAUTHORIZED => Self::Unauthorized(problem),
            StatusCode::FORBIDDEN => Self::Forbidden(problem),
            StatusCode::NOT_FOUND => Self::NotFound(problem),
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed(problem),
            StatusCode::CONFLICT => Self::Conflict(problem),
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge(problem),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType(problem),
            StatusCode::UNPROCESSABLE_ENTITY => Self::Refused(problem),
            StatusCode::TOO_MANY_REQUESTS => Self::TooManyRequests(problem),
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable(problem),
            _ => Self::Internal(problem),
        }
    }
}
