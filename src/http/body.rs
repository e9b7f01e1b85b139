//! Bodies of requests: JSON of a known shape, checked member by member, so that a mistake
//! is told with the member it is in.

use super::language::of_request;
use super::problem::{Failure, Flaw};
use crate::i18n::{Arg, Lang, has, t};
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::payload::{Json, ParsePayload, Payload};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

/// The body of a request: JSON that has its shape and passed its checks.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: Type> Payload for Body<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn check_content_type(content_type: &str) -> bool {
        Json::<T>::check_content_type(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type + DeserializeOwned + Validate> ParsePayload for Body<T> {
    const IS_REQUIRED: bool = T::IS_REQUIRED;

    async fn from_request(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = <Vec<u8> as FromRequest>::from_request(request, body).await?;
        let lang = of_request(request);
        let read = read::<T>(&bytes, lang);
        Ok(Self(read.map_err(|flaws| Failure::flawed(flaws, lang))?))
    }
}

impl<'a, T> ApiExtractor<'a> for Body<T>
where
    T: Type + ParseFromJSON + DeserializeOwned + Validate,
{
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        <Self as Payload>::register(registry);
    }

    fn request_meta() -> Option<poem_openapi::registry::MetaRequest> {
        Some(poem_openapi::registry::MetaRequest {
            description: None,
            content: vec![poem_openapi::registry::MetaMediaType {
                content_type: Self::CONTENT_TYPE,
                schema: Self::schema_ref(),
            }],
            required: true,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let content_type = request.content_type();
        if !content_type.is_some_and(<Self as Payload>::check_content_type) {
            let content_type = content_type.unwrap_or_default().to_owned();
            return Err(
                poem_openapi::error::ContentTypeError::NotSupported { content_type }.into(),
            );
        }
        <Self as ParsePayload>::from_request(request, body).await
    }
}

fn read<T: DeserializeOwned + Validate>(bytes: &[u8], lang: Lang) -> Result<T, Vec<Flaw>> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| vec![of_serde(&error.path().to_string(), error.inner(), lang)])?;
    json.end()
        .map_err(|error| vec![of_serde("", &error, lang)])?;
    let checked = value.validate().map(|()| value);
    checked.map_err(|errors| of_checks(&errors, lang))
}

/// What the parser did not like.
fn of_serde(path: &str, error: &serde_json::Error, lang: Lang) -> Flaw {
    let text = error.to_string();
    let path = if path == "." { "" } else { path };
    let member = text.split('`').nth(1).unwrap_or_default();
    let below = |path: &str| match (path, member) {
        ("", member) => member.to_owned(),
        // an unknown member is named by its path already
        (path, member) if path == member || path.ends_with(&format!(".{member}")) => {
            path.to_owned()
        }
        (path, member) => format!("{path}.{member}"),
    };
    let (field, code) = if text.starts_with("missing field") {
        (below(path), "missing")
    } else if text.starts_with("unknown field") {
        (below(path), "unknown_field")
    } else if text.starts_with("invalid type") || text.starts_with("unknown variant") {
        (path.to_owned(), "wrong_type")
    } else if text.starts_with("one of: ") {
        (path.to_owned(), "unknown_value")
    } else if text.starts_with("expected:") {
        (path.to_owned(), "invalid")
    } else {
        (path.to_owned(), "bad_json")
    };
    let message = match code {
        "invalid" => expected(&text, lang),
        code => t(
            lang,
            &format!("flaw-{}", code.replace('_', "-")),
            &[("detail", Arg::from(without_place(&text)))],
        ),
    };
    Flaw {
        field,
        code: code.to_owned(),
        message,
    }
}

/// Without the line and column, which the path says better.
fn without_place(text: &str) -> &str {
    text.split(" at line ").next().unwrap_or(text)
}

/// The sentence for what was expected: `expected:KEY`, or any other text as it is.
pub fn expected(text: &str, lang: Lang) -> String {
    let text = without_place(text);
    let Some((_, rest)) = text.split_once("expected:") else {
        return text.to_owned();
    };
    let name: String = rest
        .chars()
        .take_while(|c| c.is_ascii_lowercase() || *c == '-')
        .collect();
    let key = format!("flaw-expected-{name}");
    if has(lang, &key) {
        t(lang, &key, &[])
    } else {
        text.to_owned()
    }
}

/// What the checks of the members found.
fn of_checks(errors: &ValidationErrors, lang: Lang) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    gather(errors, "", lang, &mut flaws);
    flaws.sort_by(|a, b| a.field.cmp(&b.field));
    flaws
}

fn gather(errors: &ValidationErrors, above: &str, lang: Lang, flaws: &mut Vec<Flaw>) {
    for (field, kind) in errors.errors() {
        let path = match above {
            "" => field.to_string(),
            above => format!("{above}.{field}"),
        };
        match kind {
            ValidationErrorsKind::Struct(inner) => gather(inner, &path, lang, flaws),
            ValidationErrorsKind::List(list) => {
                for (at, inner) in list {
                    gather(inner, &format!("{path}[{at}]"), lang, flaws);
                }
            }
            ValidationErrorsKind::Field(found) => {
                flaws.extend(found.iter().map(|error| Flaw {
                    field: path.clone(),
                    code: error.code.to_string(),
                    message: sentence(error, lang),
                }));
            }
        }
    }
}

fn sentence(error: &validator::ValidationError, lang: Lang) -> String {
    let number = |name: &str| {
        error
            .params
            .get(&Cow::from(name.to_owned()))
            .map(ToString::to_string)
    };
    let key = format!("flaw-{}", error.code.replace('_', "-"));
    let bounds = [
        (
            "min",
            Arg::from(number("min").unwrap_or_else(|| "0".to_owned())),
        ),
        (
            "max",
            Arg::from(number("max").unwrap_or_else(|| "∞".to_owned())),
        ),
    ];
    t(lang, &key, &bounds)
}
