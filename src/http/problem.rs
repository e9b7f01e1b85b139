//! What went wrong, as RFC 9457 problem documents: the only place that knows status codes.

use crate::domain::record::Version;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Denied, Why};
use crate::domain::time::Timestamp;
use crate::i18n::refusal::{denied, refusal};
use crate::i18n::{Arg, Lang, t};
use crate::service::{ServiceError, Trouble};
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
    /// Of a stale write: the version that was seen.
    #[oai(skip_serializing_if_is_none)]
    expected_version: Option<i64>,
    /// Of a stale write: the version that is there now.
    #[oai(skip_serializing_if_is_none)]
    actual_version: Option<i64>,
}

impl Problem {
    /// A document as it went out.
    pub fn read(bytes: &[u8], status: StatusCode) -> Self {
        let json: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
        let text = |value: &serde_json::Value, name: &str| {
            let text = value.get(name).and_then(|text| text.as_str());
            text.unwrap_or_default().to_owned()
        };
        let flaws = json.get("errors").and_then(|errors| errors.as_array());
        let flaw = |one: &serde_json::Value| Flaw {
            field: text(one, "field"),
            code: text(one, "code"),
            message: text(one, "message"),
        };
        Self {
            kind: text(&json, "type"),
            title: text(&json, "title"),
            status: status.as_u16(),
            code: text(&json, "code"),
            detail: text(&json, "detail"),
            errors: flaws.into_iter().flatten().map(flaw).collect(),
            expected_version: None,
            actual_version: None,
        }
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// A word for programs.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What went wrong, for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What is wrong with which part: its name and a sentence.
    pub fn flaws(&self) -> impl Iterator<Item = (&str, &str)> {
        let flaws = self.errors.iter();
        flaws.map(|flaw| (flaw.field.as_str(), flaw.message.as_str()))
    }
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
pub struct Document(Box<Problem>);

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
        let mut response = Json(*self.0).into_response();
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
    Unauthorized(Document, #[oai(header = "WWW-Authenticate")] String),
    /// The right is missing.
    #[oai(status = 403)]
    Forbidden(Document),
    /// There is no such thing, or none that may be known of.
    #[oai(status = 404)]
    NotFound(Document),
    /// There is no such method here.
    #[oai(status = 405)]
    MethodNotAllowed(Document),
    /// Somebody changed it since it was seen, or the request is being carried out already.
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
    /// The version that was seen has to be named.
    #[oai(status = 428)]
    PreconditionRequired(Document),
    /// Too many requests; later there is use in trying.
    #[oai(status = 429)]
    TooManyRequests(Document, #[oai(header = "Retry-After")] u64),
    /// A fault of this program; the log says more.
    #[oai(status = 500)]
    Internal(Document),
    /// The database cannot be used now; it may work later.
    #[oai(status = 503)]
    Unavailable(Document, #[oai(header = "Retry-After")] u64),
}

/// Seconds after which there is use in trying again, where nothing better is known.
const SHORTLY: u64 = 2;

impl Failure {
    /// The document of it.
    pub fn problem(&self) -> &Problem {
        match self {
            Self::BadRequest(of)
            | Self::Unauthorized(of, _)
            | Self::Forbidden(of)
            | Self::NotFound(of)
            | Self::MethodNotAllowed(of)
            | Self::Conflict(of)
            | Self::TooLarge(of)
            | Self::UnsupportedMediaType(of)
            | Self::Refused(of)
            | Self::PreconditionRequired(of)
            | Self::TooManyRequests(of, _)
            | Self::Internal(of)
            | Self::Unavailable(of, _) => &of.0,
        }
    }

    /// A failure with a code whose words stand in the locales.
    pub fn new(status: StatusCode, code: &str, lang: Lang) -> Self {
        Self::told(status, code, words(code, lang), Vec::new())
    }

    /// A request that cannot be understood, with what is wrong with it.
    pub fn flawed(flaws: Vec<Flaw>, lang: Lang) -> Self {
        let detail = words("bad_request", lang);
        Self::told(StatusCode::BAD_REQUEST, "bad_request", detail, flaws)
    }

    /// A request that is understood, but whose parts do not fit together.
    pub fn unfit(flaws: Vec<Flaw>, lang: Lang) -> Self {
        let detail = words("refused", lang);
        Self::told(StatusCode::UNPROCESSABLE_ENTITY, "refused", detail, flaws)
    }

    /// The same with a sentence of its own.
    fn told(status: StatusCode, code: &str, detail: String, errors: Vec<Flaw>) -> Self {
        Self::of_problem(Problem {
            kind: String::from("about:blank"),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail,
            errors,
            expected_version: None,
            actual_version: None,
        })
    }

    fn of_problem(problem: Problem) -> Self {
        let status = problem.status;
        let problem = Document(Box::new(problem));
        match status {
            400 => Self::BadRequest(problem),
            401 => Self::Unauthorized(problem, String::from("Bearer")),
            403 => Self::Forbidden(problem),
            404 => Self::NotFound(problem),
            405 => Self::MethodNotAllowed(problem),
            409 => Self::Conflict(problem),
            413 => Self::TooLarge(problem),
            415 => Self::UnsupportedMediaType(problem),
            422 => Self::Refused(problem),
            428 => Self::PreconditionRequired(problem),
            429 => Self::TooManyRequests(problem, SHORTLY),
            503 => Self::Unavailable(problem, SHORTLY),
            _ => Self::Internal(problem),
        }
    }

    /// The problem document alone, for what became of one of several.
    pub fn into_problem(self) -> Problem {
        let (Self::BadRequest(document)
        | Self::Unauthorized(document, _)
        | Self::Forbidden(document)
        | Self::NotFound(document)
        | Self::MethodNotAllowed(document)
        | Self::Conflict(document)
        | Self::TooLarge(document)
        | Self::UnsupportedMediaType(document)
        | Self::Refused(document)
        | Self::PreconditionRequired(document)
        | Self::TooManyRequests(document, _)
        | Self::Internal(document)
        | Self::Unavailable(document, _)) = self;
        *document.0
    }

    /// Nobody is signed in.
    pub fn not_signed_in(lang: Lang) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", lang)
    }

    /// There is no such thing, or none that may be known of.
    pub fn not_found(lang: Lang) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", lang)
    }

    /// What a use case answered instead of doing what was asked.
    pub fn of(error: &ServiceError, lang: Lang, now: Timestamp) -> Self {
        match error {
            ServiceError::Denied(missing) => Self::denied(missing, lang),
            ServiceError::NotFound => Self::not_found(lang),
            ServiceError::Refused(reasons) => Self::refused(reasons, lang, now),
            ServiceError::Stale { expected, actual } => Self::stale(*expected, *actual, lang),
            ServiceError::Workbook(_) | ServiceError::Files(_) | ServiceError::Store(_) => {
                Self::trouble(error, lang)
            }
        }
    }

    fn denied(missing: &Denied, lang: Lang) -> Self {
        let code = match missing.why {
            Why::OutOfScope => return Self::not_found(lang),
            Why::Office(_) => "office",
            Why::SecondFactor => "second_factor",
            Why::Token(_) => "token",
            Why::OwnCase => "own_case",
            Why::OwnPreparation => "own_preparation",
            Why::OwnAccount => "own_account",
        };
        Self::told(
            StatusCode::FORBIDDEN,
            code,
            denied(lang, missing),
            Vec::new(),
        )
    }

    fn refused(reasons: &[Refusal], lang: Lang, now: Timestamp) -> Self {
        let flaws: Vec<Flaw> = reasons
            .iter()
            .map(|reason| Flaw {
                field: reason.field().unwrap_or_default().to_owned(),
                code: reason.code().to_owned(),
                message: refusal(lang, reason),
            })
            .collect();
        let status = match reasons {
            [Refusal::SignInFailed | Refusal::SessionOver | Refusal::TokenOver] => {
                StatusCode::UNAUTHORIZED
            }
            [Refusal::TooManyAttempts { .. }] => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let (code, detail) = match flaws.as_slice() {
            [one] => (one.code.clone(), one.message.clone()),
            _ => ("refused".to_owned(), words("refused", lang)),
        };
        match (Self::told(status, &code, detail, flaws), reasons) {
            (Self::TooManyRequests(problem, _), [Refusal::TooManyAttempts { until }]) => {
                Self::TooManyRequests(problem, until.since(now).as_secs() + 1)
            }
            (failure, _) => failure,
        }
    }

    fn stale(expected: Version, actual: Version, lang: Lang) -> Self {
        let numbers = [
            ("expected", Arg::Number(expected.number())),
            ("actual", Arg::Number(actual.number())),
        ];
        let status = StatusCode::CONFLICT;
        Self::of_problem(Problem {
            kind: String::from("about:blank"),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            code: "stale".to_owned(),
            detail: t(lang, "problem-stale", &numbers),
            errors: Vec::new(),
            expected_version: Some(expected.number()),
            actual_version: Some(actual.number()),
        })
    }

    fn trouble(error: &ServiceError, lang: Lang) -> Self {
        let (status, code) = match error.trouble().unwrap_or(Trouble::Fault) {
            Trouble::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Trouble::Contention => (StatusCode::SERVICE_UNAVAILABLE, "contention"),
            Trouble::Repeated => (StatusCode::CONFLICT, "repeated"),
            Trouble::Held => (StatusCode::CONFLICT, "held"),
            Trouble::Unfit => (StatusCode::UNPROCESSABLE_ENTITY, "unfit"),
            Trouble::Fault => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        match status {
            StatusCode::INTERNAL_SERVER_ERROR => tracing::error!(%error, "a request failed"),
            _ => tracing::warn!(%error, "a request could not be carried out"),
        }
        Self::new(status, code, lang)
    }
}

/// The sentence of a code.
pub fn words(code: &str, lang: Lang) -> String {
    t(lang, &format!("problem-{}", code.replace('_', "-")), &[])
}

/// What the web server or the API's own checks refused, as a problem document.
pub fn of_error(error: poem::Error, lang: Lang) -> Response {
    use poem_openapi::error::{
        AuthorizationError, ContentTypeError, ParseMultipartError, ParseParamError, ParsePathError,
        ParseRequestPayloadError,
    };
    if error.is_from_response() {
        return error.into_response();
    }
    let flaw = |field: &str, message: &str| {
        let flaw = Flaw {
            field: field.to_owned(),
            code: "invalid".to_owned(),
            message: super::body::expected(message, lang),
        };
        Failure::flawed(vec![flaw], lang)
    };
    let failure = if let Some(error) = error.downcast_ref::<ParseParamError>() {
        flaw(error.name, &error.reason)
    } else if let Some(error) = error.downcast_ref::<ParsePathError>() {
        // an identifier that cannot be one is one that does not exist
        let _ = error;
        Failure::not_found(lang)
    } else if let Some(error) = error.downcast_ref::<ParseRequestPayloadError>() {
        flaw("", &error.reason)
    } else if let Some(error) = error.downcast_ref::<ParseMultipartError>() {
        flaw("", &error.reason)
    } else if error.is::<ContentTypeError>() {
        Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", lang)
    } else if error.is::<AuthorizationError>() {
        Failure::not_signed_in(lang)
    } else {
        match error.status() {
            StatusCode::NOT_FOUND => Failure::new(StatusCode::NOT_FOUND, "no_route", lang),
            StatusCode::METHOD_NOT_ALLOWED => {
                Failure::new(StatusCode::METHOD_NOT_ALLOWED, "method", lang)
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", lang)
            }
            status if status.is_client_error() => {
                Failure::new(StatusCode::BAD_REQUEST, "bad_request", lang)
            }
            _ => {
                tracing::error!(%error, "a request failed");
                Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", lang)
            }
        }
    };
    failure.into_response()
}
