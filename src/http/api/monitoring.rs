//! The monitoring feed for the platform of a medical community, a county or a city.

use super::Tag;
use super::ledger::part_of;
use super::record::when;
use crate::domain::ids::AreaCode;
use crate::domain::time::Date;
use crate::http::caller::Caller;
use crate::http::problem::{Failure, Flaw, words};
use crate::http::scalar::Text;
use crate::service::export::Part;
use crate::service::monitoring::{self, Cursor, Of};
use poem_openapi::param::Query;
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{ApiResponse, Enum, OpenApi};
use serde_json::Value;

pub struct Api;

/// How the feed is written.
#[derive(Clone, Copy, Debug, Default, Enum)]
#[oai(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Csv,
}

#[derive(ApiResponse)]
enum Answer {
    /// The feed; its members are described by `/monitoring/schema`.
    #[oai(status = 200)]
    Json(Json<Value>),
    /// The institutions of the feed, one a row.
    #[oai(status = 200, content_type = "text/csv; charset=utf-8")]
    Csv(PlainText<String>, #[oai(header = "Dinggang-Cursor")] String),
}

#[OpenApi(prefix_path = "/monitoring", tag = "Tag::Monitoring")]
impl Api {
    /// Headcount, establishment and posts, institution by institution
    ///
    /// Of an area or of a medical community. With the `cursor` of an earlier feed as
    /// `since`: those whose figures may differ from what it told, and which are gone.
    #[oai(path = "/", method = "get", operation_id = "monitoring")]
    async fn feed(
        &self,
        caller: Caller,
        area: Query<Option<Text<AreaCode>>>,
        /// Name of a medical community.
        #[oai(validator(max_length = 200))]
        consortium: Query<Option<String>>,
        /// Today where it is left out; any day, past or future.
        as_of: Query<Option<Text<Date>>>,
        /// The `cursor` of an earlier feed.
        #[oai(validator(max_length = 100))]
        since: Query<Option<String>>,
        format: Query<Option<Format>>,
    ) -> Result<Answer, Failure> {
        let of = match part_of(&caller, area.0, consortium.0, None)? {
            Part::Consortium(name) => Of::Consortium(name),
            Part::Area(area) => Of::Area(area),
            Part::Whole | Part::Below(_) | Part::These(_) => {
                return Err(Failure::not_found(caller.lang));
            }
        };
        let since: Option<Cursor> = match since.0.as_deref().map(str::parse) {
            None => None,
            Some(Ok(cursor)) => Some(cursor),
            Some(Err(_)) => {
                let flaw = Flaw {
                    field: "since".to_owned(),
                    code: "invalid".to_owned(),
                    message: words("bad_cursor", caller.lang),
                };
                return Err(Failure::unfit(vec![flaw], caller.lang));
            }
        };
        let on = when(&caller, as_of.0, None).on;
        let (office, actor) = (&caller.office, &caller.actor);
        let feed =
            caller.done(monitoring::feed(office, actor, &of, on, since, caller.now).await)?;
        Ok(match format.0.unwrap_or_default() {
            Format::Json => Answer::Json(Json(monitoring::json(&feed))),
            Format::Csv => {
                let cursor = feed.cursor.clone().unwrap_or_default();
                Answer::Csv(PlainText(monitoring::csv(&feed)), cursor)
            }
        })
    }

    /// The members of the feed, as JSON Schema
    #[oai(path = "/schema", method = "get", operation_id = "monitoring_schema")]
    async fn schema(&self, _caller: Caller) -> Result<Json<Value>, Failure> {
        Ok(Json(monitoring::schema()))
    }
}
