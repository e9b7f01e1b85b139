//! Answers about one thing, with its version; and the version a write has seen.

use crate::domain::record::Version;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use poem::http::StatusCode;
use poem_openapi::ApiResponse;
use poem_openapi::payload::Json;
use poem_openapi::types::{ParseFromJSON, ToJSON};

/// One thing, as it is.
#[derive(ApiResponse)]
pub enum Single<T: ParseFromJSON + ToJSON + Send + Sync> {
    /// It, and its version.
    #[oai(status = 200)]
    Is(Json<T>, #[oai(header = "ETag")] String),
}

/// One thing that was made.
#[derive(ApiResponse)]
pub enum Made<T: ParseFromJSON + ToJSON + Send + Sync> {
    /// It, and where it is.
    #[oai(status = 201)]
    Is(Json<T>, #[oai(header = "Location")] String),
}

/// Something that was done.
#[derive(ApiResponse)]
pub enum Done {
    /// It is done.
    #[oai(status = 204)]
    Done,
}

/// Something that was done to a thing, which has a new version now.
#[derive(ApiResponse)]
pub enum Changed {
    /// It is done.
    #[oai(status = 204)]
    Done(#[oai(header = "ETag")] String),
}

/// `"7"`
pub fn tag(version: Version) -> String {
    format!("\"{version}\"")
}

/// The version that a write has seen, from `If-Match`.
pub fn seen(caller: &Caller, if_match: Option<&str>) -> Result<Version, Failure> {
    let needed = || Failure::new(StatusCode::PRECONDITION_REQUIRED, "if_match", caller.lang);
    let text = if_match.ok_or_else(needed)?.trim();
    let quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let number = quoted.unwrap_or(text).parse().ok();
    number.and_then(Version::new).ok_or_else(needed)
}
