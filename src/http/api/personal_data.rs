//! Personal data (个人信息保护法): where it lies, what is held of somebody, who looked at it,
//! what they want corrected, and its erasing.

use super::Tag;
use super::person::Reason;
use super::single::{Changed, Done, Made, seen, tag};
use crate::domain::audit::Source;
use crate::domain::personal_data::{
    CorrectionId, CorrectionRequest, Fate, Keeping, Purpose, RequestState,
};
use crate::domain::record::Id;
use crate::domain::record_id::{AccountId, PersonId};
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::time::Timestamp;
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::service::personal_data::{self, Answer, Concerned, Retention, Wish};
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::Value;
use validator::Validate;

pub struct Api;

/// Where personal data lies.
#[derive(Debug, Object)]
struct DataMap {
    /// For how many years a file is kept after somebody left.
    retention_years: i32,
    tables: Vec<DataTable>,
}

/// A table with personal data.
#[derive(Debug, Object)]
struct DataTable {
    table: String,
    /// Whose data its rows are.
    whose: String,
    purpose: Word<Purpose>,
    keeping: Word<Keeping>,
    columns: Vec<DataColumn>,
}

/// A column of it, and what erasing does to it.
#[derive(Debug, Object)]
struct DataColumn {
    name: String,
    fate: Word<Fate>,
}

/// Everything that is held of somebody.
#[derive(Debug, Object)]
struct HeldData {
    /// The rows of every table, by the table's name; under `accounts` those of each account
    /// of theirs.
    tables: Any<Value>,
}

/// Somebody looked at a file, changed it, or took out records that it was part of.
#[derive(Debug, Object)]
struct AccessEntry {
    at: Text<Timestamp>,
    source: Word<Source>,
    /// Who, as the name was then.
    name: String,
    /// As what.
    office: String,
    /// Key of the action.
    what: String,
    /// Null: none was given, or it was erased.
    reason: Option<String>,
    /// It was one of many.
    is_export: bool,
}

/// Newest first.
#[derive(Debug, Object)]
struct AccessLog {
    items: Vec<AccessEntry>,
}

/// What somebody wants corrected in their own file.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct CorrectionOrder {
    /// Which entry of the file.
    #[validate(length(min = 1, max = 200))]
    #[oai(validator(min_length = 1, max_length = 200))]
    entry: String,
    /// What it should say.
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    wanted: String,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    grounds: String,
}

/// A request to correct something, and what became of it.
#[derive(Debug, Object)]
struct Correction {
    id: Text<CorrectionId>,
    version: i64,
    person: Text<PersonId>,
    requested: Text<Timestamp>,
    entry: String,
    wanted: String,
    grounds: String,
    state: Word<RequestState>,
    /// Of one that was decided.
    decision: Option<CorrectionDecided>,
}

/// What an office made of a request.
#[derive(Debug, Object)]
struct CorrectionDecided {
    at: Text<Timestamp>,
    by: Text<AccountId>,
    answer: String,
}

impl From<CorrectionRequest> for Correction {
    fn from(request: CorrectionRequest) -> Self {
        Self {
            id: Text(request.id),
            version: request.version.number(),
            person: Text(request.person),
            requested: Text(request.requested),
            entry: request.entry,
            wanted: request.wanted,
            grounds: request.grounds,
            state: Word(request.state),
            decision: request.decision.map(|decision| CorrectionDecided {
                at: Text(decision.at),
                by: Text(decision.by),
                answer: decision.answer,
            }),
        }
    }
}

/// Requests, oldest first.
#[derive(Debug, Object)]
struct Corrections {
    items: Vec<Correction>,
}

impl From<Vec<CorrectionRequest>> for Corrections {
    fn from(requests: Vec<CorrectionRequest>) -> Self {
        Self {
            items: requests.into_iter().map(Correction::from).collect(),
        }
    }
}

/// The request that was made.
#[derive(Debug, Object)]
struct CorrectionAsked {
    id: Text<CorrectionId>,
}

/// What an office makes of a request.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct CorrectionVerdict {
    /// The records were corrected; false: they stay as they are.
    corrected: bool,
    /// What the person is told.
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    answer: String,
}

/// For how long files are kept.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct RetentionOrder {
    /// Years after somebody left.
    #[validate(range(max = 100))]
    #[oai(validator(maximum(value = "100")))]
    years: u32,
    #[validate(length(min = 1, max = 500))]
    #[oai(validator(min_length = 1, max_length = 500))]
    reason: String,
}

async fn held(
    caller: &Caller,
    concerned: Concerned,
    reveal: Option<&str>,
) -> Result<Json<HeldData>, Failure> {
    let (office, actor) = (&caller.office, &caller.actor);
    let held = personal_data::held(office, actor, concerned, reveal, caller.now).await;
    Ok(Json(HeldData {
        tables: Any(caller.done(held)?),
    }))
}

async fn erase(caller: &Caller, concerned: Concerned, reason: &str) -> Result<Done, Failure> {
    let (office, actor) = (&caller.office, &caller.actor);
    let erased = personal_data::erase(office, actor, concerned, reason, caller.now).await;
    caller.done(erased).map(|()| Done::Done)
}

#[OpenApi(tag = "Tag::PersonalData")]
impl Api {
    /// Where personal data lies, why, for how long, and what erasing does to it
    #[oai(
        path = "/personal-data",
        method = "get",
        operation_id = "personal_data_map"
    )]
    async fn map(&self, caller: Caller) -> Result<Json<DataMap>, Failure> {
        let retention_years = caller.done(personal_data::retention(&caller.office).await)?;
        let tables = personal_data::map().iter().map(|place| DataTable {
            table: place.table.to_owned(),
            whose: place.whose.noun().to_owned(),
            purpose: Word(place.purpose),
            keeping: Word(place.keeping),
            columns: place
                .columns
                .iter()
                .map(|column| DataColumn {
                    name: column.name.to_owned(),
                    fate: Word(column.fate),
                })
                .collect(),
        });
        Ok(Json(DataMap {
            retention_years,
            tables: tables.collect(),
        }))
    }

    /// Sets for how long files are kept after somebody left
    #[oai(
        path = "/personal-data/retention",
        method = "put",
        operation_id = "set_retention"
    )]
    async fn set_retention(
        &self,
        caller: Caller,
        body: Body<RetentionOrder>,
    ) -> Result<Done, Failure> {
        let retention = Retention {
            years: body.0.years,
            reason: &body.0.reason,
        };
        let (office, actor) = (&caller.office, &caller.actor);
        caller.done(personal_data::set_retention(office, actor, retention, caller.now).await)?;
        Ok(Done::Done)
    }

    /// Everything that is held of a person, numbers masked
    #[oai(
        path = "/people/:id/personal-data",
        method = "get",
        operation_id = "person_held"
    )]
    async fn of_person(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
    ) -> Result<Json<HeldData>, Failure> {
        held(&caller, Concerned::Person(id.0.0), None).await
    }

    /// The same with numbers in full
    ///
    /// Who looked, and why, is in the trail before anything is shown.
    #[oai(
        path = "/people/:id/personal-data/revelation",
        method = "post",
        operation_id = "reveal_person_held"
    )]
    async fn reveal_person(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
        body: Body<Reason>,
    ) -> Result<Json<HeldData>, Failure> {
        held(&caller, Concerned::Person(id.0.0), Some(&body.0.reason)).await
    }

    /// Erases the personal data of somebody who left
    ///
    /// Once the years for which files are kept are over. What counts in closed years stays,
    /// and names nobody. It cannot be undone.
    #[oai(
        path = "/people/:id/erasure",
        method = "post",
        operation_id = "erase_person"
    )]
    async fn erase_person(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
        body: Body<Reason>,
    ) -> Result<Done, Failure> {
        erase(&caller, Concerned::Person(id.0.0), &body.0.reason).await
    }

    /// Everything that is held of a rural doctor, numbers masked
    #[oai(
        path = "/rural-doctors/:id/personal-data",
        method = "get",
        operation_id = "rural_doctor_held"
    )]
    async fn of_rural_doctor(
        &self,
        caller: Caller,
        id: Path<Text<Id<RuralDoctor>>>,
    ) -> Result<Json<HeldData>, Failure> {
        held(&caller, Concerned::RuralDoctor(id.0.0), None).await
    }

    /// The same with numbers in full
    ///
    /// Who looked, and why, is in the trail before anything is shown.
    #[oai(
        path = "/rural-doctors/:id/personal-data/revelation",
        method = "post",
        operation_id = "reveal_rural_doctor_held"
    )]
    async fn reveal_rural_doctor(
        &self,
        caller: Caller,
        id: Path<Text<Id<RuralDoctor>>>,
        body: Body<Reason>,
    ) -> Result<Json<HeldData>, Failure> {
        held(
            &caller,
            Concerned::RuralDoctor(id.0.0),
            Some(&body.0.reason),
        )
        .await
    }

    /// Erases the personal data of a rural doctor who left
    #[oai(
        path = "/rural-doctors/:id/erasure",
        method = "post",
        operation_id = "erase_rural_doctor"
    )]
    async fn erase_rural_doctor(
        &self,
        caller: Caller,
        id: Path<Text<Id<RuralDoctor>>>,
        body: Body<Reason>,
    ) -> Result<Done, Failure> {
        erase(&caller, Concerned::RuralDoctor(id.0.0), &body.0.reason).await
    }

    /// Who looked at the file of a person, who changed it, and who took out records with it
    ///
    /// Exports are looked through for the last year.
    #[oai(
        path = "/people/:id/access-log",
        method = "get",
        operation_id = "access_log"
    )]
    async fn access_log(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
    ) -> Result<Json<AccessLog>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let log = personal_data::access_log(office, actor, id.0.0, caller.now).await;
        let items = caller.done(log)?.into_iter().map(|access| AccessEntry {
            at: Text(access.at),
            source: Word(access.who.source),
            name: access.who.name,
            office: access.who.office,
            what: access.what,
            reason: access.reason,
            is_export: access.is_export,
        });
        Ok(Json(AccessLog {
            items: items.collect(),
        }))
    }

    /// What a person asked to be corrected
    #[oai(
        path = "/people/:id/corrections",
        method = "get",
        operation_id = "corrections_of_person"
    )]
    async fn corrections_of(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
    ) -> Result<Json<Corrections>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let all = personal_data::corrections_of(office, actor, id.0.0, caller.now).await;
        Ok(Json(caller.done(all)?.into()))
    }

    /// Asks for a correction of one's own file
    #[oai(
        path = "/people/:id/corrections",
        method = "post",
        operation_id = "request_correction"
    )]
    async fn request_correction(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
        body: Body<CorrectionOrder>,
    ) -> Result<Made<CorrectionAsked>, Failure> {
        let wish = Wish {
            person: id.0.0,
            entry: &body.0.entry,
            wanted: &body.0.wanted,
            grounds: &body.0.grounds,
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let asked = personal_data::request_correction(office, actor, &wish, caller.now).await;
        let asked = CorrectionAsked {
            id: Text(caller.done(asked)?),
        };
        let place = format!("/api/v1/people/{}/corrections", wish.person);
        Ok(Made::Is(Json(asked), place))
    }

    /// The requests that the caller may decide on
    #[oai(
        path = "/corrections",
        method = "get",
        operation_id = "open_corrections"
    )]
    async fn open_corrections(&self, caller: Caller) -> Result<Json<Corrections>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let all = personal_data::open_corrections(office, actor, caller.now).await;
        Ok(Json(caller.done(all)?.into()))
    }

    /// Answers a request
    ///
    /// The correction itself is a change of the records, made before.
    #[oai(
        path = "/corrections/:id/decision",
        method = "post",
        operation_id = "decide_correction"
    )]
    async fn decide_correction(
        &self,
        caller: Caller,
        id: Path<Text<CorrectionId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<CorrectionVerdict>,
    ) -> Result<Changed, Failure> {
        let answer = Answer {
            id: id.0.0,
            seen: seen(&caller, if_match.0.as_deref())?,
            corrected: body.0.corrected,
            text: &body.0.answer,
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let version = personal_data::decide_correction(office, actor, &answer, caller.now).await;
        Ok(Changed::Done(tag(caller.done(version)?)))
    }
}
