//! JSON that is written once, for the tag and for the answer.

use poem::{IntoResponse, Response};
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};
use sha2::{Digest, Sha256};
use std::marker::PhantomData;

/// The JSON text of a `T`.
pub struct Written<T> {
    text: String,
    of: PhantomData<T>,
}

impl<T: ToJSON> Written<T> {
    pub fn new(value: &T) -> Self {
        Self {
            text: value.to_json_string(),
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
