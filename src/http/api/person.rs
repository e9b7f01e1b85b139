//! People's numbers, masked, and in full by an act that the trail keeps.

use super::Tag;
use crate::domain::record_id::PersonId;
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::Text;
use crate::service::person;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use validator::Validate;

pub struct Api;

/// Identity number and telephone of a person.
#[derive(Debug, Object)]
struct Numbers {
    national_id: String,
    mobile: Option<String>,
}

impl From<person::Numbers> for Numbers {
    fn from(numbers: person::Numbers) -> Self {
        Self {
            national_id: numbers.national_id,
            mobile: numbers.mobile,
        }
    }
}

/// Why something is done.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
pub struct Reason {
    #[validate(length(min = 1, max = 500))]
    #[oai(validator(min_length = 1, max_length = 500))]
    pub reason: String,
}

#[OpenApi(prefix_path = "/people", tag = "Tag::People")]
impl Api {
    /// The numbers of a person, masked
    #[oai(path = "/:id/numbers", method = "get", operation_id = "numbers")]
    async fn masked(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
    ) -> Result<Json<Numbers>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let numbers = caller.done(person::masked(office, actor, id.0.0, caller.now).await)?;
        Ok(Json(numbers.into()))
    }

    /// The numbers of a person in full
    ///
    /// Who looked, and why, is in the trail before anything is shown.
    #[oai(
        path = "/:id/numbers/revelation",
        method = "post",
        operation_id = "reveal"
    )]
    async fn reveal(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
        body: Body<Reason>,
    ) -> Result<Json<Numbers>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let reason = &body.0.reason;
        let numbers =
            caller.done(person::reveal(office, actor, id.0.0, reason, caller.now).await)?;
        Ok(Json(numbers.into()))
    }
}
