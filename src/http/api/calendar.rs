//! Days off: the notices there are, and the next one, which an administrator loads.

use super::Tag;
use crate::domain::calendar::DayKind;
use crate::domain::time::Date;
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::service::calendar;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use validator::Validate;

pub struct Api;

/// A day that does not go by the week.
#[derive(Debug, Object)]
struct SpecialDay {
    day: Text<Date>,
    kind: Word<DayKind>,
    /// The holiday; empty for days that are worked.
    name: String,
}

/// The notice of a year.
#[derive(Debug, Object)]
struct HolidayNotice {
    year: i32,
    title: String,
    /// Where it was published.
    source: String,
    days: Vec<SpecialDay>,
}

/// Every notice there is, by year. Years without one are counted provisionally.
#[derive(Debug, Object)]
struct Holidays {
    items: Vec<HolidayNotice>,
}

/// A notice that is to be loaded.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct LoadOrder {
    /// In the shape of the files in `holidays/`.
    #[validate(length(min = 1, max = 100_000))]
    #[oai(validator(min_length = 1, max_length = 100000))]
    text: String,
}

/// What was loaded.
#[derive(Debug, Object)]
struct Loaded {
    year: i32,
}

#[OpenApi(tag = "Tag::Promotion")]
impl Api {
    /// The days off that are announced
    #[oai(path = "/holidays", method = "get", operation_id = "holidays")]
    async fn known(&self, caller: Caller) -> Result<Json<Holidays>, Failure> {
        let known = calendar::known(&caller.office).await;
        let known = caller.done(known)?;
        let items = known.notices().map(|notice| {
            let days = notice.days.iter().map(|(day, (kind, name))| SpecialDay {
                day: Text(*day),
                kind: Word(*kind),
                name: name.clone(),
            });
            HolidayNotice {
                year: notice.year,
                title: notice.title.clone(),
                source: notice.source.clone(),
                days: days.collect(),
            }
        });
        Ok(Json(Holidays {
            items: items.collect(),
        }))
    }

    /// Loads the notice of a year, instead of the one that was there
    #[oai(path = "/holidays", method = "post", operation_id = "load_holidays")]
    async fn load(&self, caller: Caller, body: Body<LoadOrder>) -> Result<Json<Loaded>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let year = calendar::load(office, actor, &body.0.text, caller.now).await;
        let year = caller.done(year)?;
        Ok(Json(Loaded { year }))
    }
}
