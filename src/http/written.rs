//! JSON of large answers: written once, for the tag and for the answer, and straight from the
//! values. By way of a tree of JSON values a ledger takes several times as long.

use poem::{IntoResponse, Response};
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::marker::PhantomData;

/// The JSON text of a `T`.
pub struct Written<T> {
    text: String,
    of: PhantomData<T>,
}

impl<T: ToJSON + Serialize> Written<T> {
    pub fn new(value: &T) -> Self {
        // the description promises what `ToJSON` says; every test of an answer asks this
        debug_assert_eq!(serde_json::to_value(value).ok(), value.to_json());
        Self {
            text: serde_json::to_string(value).unwrap_or_default(),
            of: PhantomData,
        }
    }

    /// An entity tag: another text has another one.
    pub fn tag(&self) -> String {
        let digest = Sha256::digest(&self.text);
        let digest = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
        format!("\"{}\"", digest.collect::<String>())
    }
}

impl<T: Type> Payload for Written<T> {
    const CONTENT_TYPE: &'static str = Json::<T>::CONTENT_TYPE;

    fn check_content_type(content_type: &str) -> bool {
        Json::<T>::check_content_type(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        Json::<T>::schema_ref()
    }

    fn register(registry: &mut Registry) {
        Json::<T>::register(registry);
    }
}

impl<T: Send> IntoResponse for Written<T> {
    fn into_response(self) -> Response {
        let answer = Response::builder().content_type("application/json; charset=utf-8");
        answer.body(self.text)
    }
}
