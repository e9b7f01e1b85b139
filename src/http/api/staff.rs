//! People: lists, one person, and how they come, move and leave.

use super::Tag;
use super::page;
use super::record::{mobile, unfit, when};
use super::single::{Changed, Made, Single, seen, tag};
use super::wire::{DepartureFact, EmploymentFact, Member as _, PersonProfile, Wire};
use crate::domain::ids::Sex;
use crate::domain::institution::Institution;
use crate::domain::month::Month;
use crate::domain::post::{Level, Manner};
use crate::domain::record::Id;
use crate::domain::record_id::PersonId;
use crate::domain::time::{Date, Timestamp};
use crate::domain::title::{Rank, TitleKind};
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::service::staff::{
    self, Engaging, Leaving, Listing, Member, Order, State, Transferring, Wanted,
};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Deserialize;
use validator::Validate;

pub struct Api;

/// A person as they are on a day; the number masked.
#[derive(Debug, Object)]
struct PersonView {
    id: Text<PersonId>,
    version: i64,
    /// `1501**********1234`
    number: String,
    sex: Word<Sex>,
    birth: Text<Month>,
    profile: PersonProfile,
    /// Null: nowhere on that day.
    employment: Option<EmploymentFact>,
    title: Option<Word<Rank>>,
    title_kind: Option<Word<TitleKind>>,
    appointed: Option<Word<Rank>>,
    grade: Option<u8>,
    manner: Option<Word<Manner>>,
}

impl From<&Member> for PersonView {
    fn from(one: &Member) -> Self {
        Self {
            id: Text(one.id),
            version: one.version.number(),
            number: one.number.clone(),
            sex: Word(one.sex),
            birth: Text(one.birth),
            profile: PersonProfile::show(&one.profile),
            employment: one.employed.as_ref().map(EmploymentFact::show),
            title: one.title.map(|(rank, _)| Word(rank)),
            title_kind: one.title.map(|(_, kind)| Word(kind)),
            appointed: one.appointed.map(|(rank, _, _)| Word(rank)),
            grade: one.appointed.and_then(|(_, grade, _)| grade.show()),
            manner: one.appointed.map(|(_, _, manner)| Word(manner)),
        }
    }
}

/// A page of people.
#[derive(Debug, Object)]
struct People {
    items: Vec<PersonView>,
    /// Of all pages, as far as the caller may know of them.
    total: u64,
    next: Option<String>,
}

/// Who is on the staff, who is not, or both.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum Whether {
    Employed,
    Elsewhere,
    Any,
}

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum PersonSort {
    Name,
    Recorded,
}

/// Somebody who is taken on.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct EngagingOrder {
    /// The identity number in full.
    #[validate(length(min = 18, max = 30))]
    #[oai(validator(min_length = 18, max_length = 30))]
    id_number: String,
    #[validate(length(min = 1, max = 40))]
    #[oai(validator(min_length = 1, max_length = 40))]
    mobile: Option<String>,
    #[validate(nested)]
    profile: PersonProfile,
    #[validate(nested)]
    employment: EmploymentFact,
    /// The first day at the institution.
    from: Text<Date>,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: Option<String>,
}

/// Who was taken on.
#[derive(Debug, Object)]
struct Engaged {
    id: Text<PersonId>,
    version: i64,
}

/// Somebody who goes over to another institution.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct TransferOrder {
    #[validate(nested)]
    employment: EmploymentFact,
    /// The first day there.
    on: Text<Date>,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: Option<String>,
}

/// Somebody who leaves for good.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct LeavingOrder {
    #[validate(nested)]
    departure: DepartureFact,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: Option<String>,
}

/// An identity number that is looked for.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Looking {
    #[validate(length(min = 18, max = 30))]
    #[oai(validator(min_length = 18, max_length = 30))]
    id_number: String,
}

/// Who has it.
#[derive(Debug, Object)]
struct Found {
    id: Text<PersonId>,
}

#[OpenApi(prefix_path = "/people", tag = "Tag::People")]
impl Api {
    /// The people whose files lie in the caller's scope
    ///
    /// A file lies with the institution that employs somebody, or that did so last.
    #[oai(path = "/", method = "get", operation_id = "people")]
    #[allow(clippy::too_many_arguments)]
    async fn list(
        &self,
        caller: Caller,
        /// Employed there.
        institution: Query<Option<Text<Id<Institution>>>>,
        /// With that in the name.
        #[oai(validator(max_length = 200))]
        name: Query<Option<String>>,
        /// Appointed on that level.
        level: Query<Option<Word<Level>>>,
        /// With a title of that rank.
        title: Query<Option<Word<Rank>>>,
        /// Employed on that day when left out.
        state: Query<Option<Whether>>,
        sort: Query<Option<PersonSort>>,
        /// Any day, past or future; today when left out.
        as_of: Query<Option<Text<Date>>>,
        /// From what was known at that instant.
        known_at: Query<Option<Text<Timestamp>>>,
        /// The `next` of the page before.
        #[oai(validator(max_length = 1000))]
        after: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<People>, Failure> {
        let listing = Listing {
            wanted: Wanted {
                institution: institution.0.map(|id| id.0),
                name: name.0,
                level: level.0.map(|level| level.0),
                title: title.0.map(|rank| rank.0),
                state: match state.0 {
                    Some(Whether::Elsewhere) => State::Elsewhere,
                    Some(Whether::Any) => State::Any,
                    _ => State::Employed,
                },
            },
            when: when(&caller, as_of.0, known_at.0),
            order: match sort.0 {
                Some(PersonSort::Recorded) => Order::Recorded,
                _ => Order::Name,
            },
            page: page::asked(&caller, after.0.as_deref(), limit.0)?,
        };
        let page =
            caller.done(staff::list(&caller.office, &caller.actor, &listing, caller.now).await)?;
        Ok(Json(People {
            items: page.items.iter().map(PersonView::from).collect(),
            total: page.total,
            next: page.next.map(|cursor| cursor.to_string()),
        }))
    }

    /// Takes somebody on
    ///
    /// A new person, or one whom the last institution let go before that day.
    #[oai(path = "/", method = "post", operation_id = "engage")]
    async fn engage(
        &self,
        caller: Caller,
        body: Body<EngagingOrder>,
    ) -> Result<Made<Engaged>, Failure> {
        let body = body.0;
        let employed = body.employment.take();
        let engaging = Engaging {
            number: &body.id_number,
            profile: body
                .profile
                .take()
                .ok_or_else(|| unfit(&caller, "profile"))?,
            mobile: mobile(body.mobile.as_deref()),
            employed: employed.ok_or_else(|| unfit(&caller, "employment"))?,
            from: body.from.0,
            reason: body.reason.as_deref(),
        };
        let (id, version) = caller
            .done(staff::engage(&caller.office, &caller.actor, &engaging, caller.now).await)?;
        let made = Engaged {
            id: Text(id),
            version: version.number(),
        };
        Ok(Made::Is(Json(made), format!("/api/v1/people/{id}")))
    }

    /// Looks for the person with an identity number
    #[oai(path = "/search", method = "post", operation_id = "find_by_number")]
    async fn search(&self, caller: Caller, body: Body<Looking>) -> Result<Json<Found>, Failure> {
        let number = &body.0.id_number;
        let id = caller
            .done(staff::with_number(&caller.office, &caller.actor, number, caller.now).await)?;
        Ok(Json(Found { id: Text(id) }))
    }

    /// One person
    #[oai(path = "/:id", method = "get", operation_id = "person")]
    async fn find(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
        as_of: Query<Option<Text<Date>>>,
        known_at: Query<Option<Text<Timestamp>>>,
    ) -> Result<Single<PersonView>, Failure> {
        let when = when(&caller, as_of.0, known_at.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let found = caller.done(staff::find(office, actor, id.0.0, when, caller.now).await)?;
        let body = PersonView::from(&found);
        Ok(Single::Is(Json(body), tag(found.version)))
    }

    /// Moves somebody to another institution of the caller's scope
    ///
    /// The appointment belonged to a post of the old one and ends.
    #[oai(path = "/:id/transfer", method = "post", operation_id = "transfer")]
    async fn transfer(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<TransferOrder>,
    ) -> Result<Changed, Failure> {
        let body = body.0;
        let to = body.employment.take();
        let transferring = Transferring {
            person: id.0.0,
            to: to.ok_or_else(|| unfit(&caller, "employment"))?,
            on: body.on.0,
            seen: seen(&caller, if_match.0.as_deref())?,
            reason: body.reason.as_deref(),
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let version =
            caller.done(staff::transfer(office, actor, &transferring, caller.now).await)?;
        Ok(Changed::Done(tag(version)))
    }

    /// Lets somebody go for good
    ///
    /// Employment and post end on the day, and the places are free.
    #[oai(path = "/:id/exit", method = "post", operation_id = "depart")]
    async fn depart(
        &self,
        caller: Caller,
        id: Path<Text<PersonId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<LeavingOrder>,
    ) -> Result<Changed, Failure> {
        let body = body.0;
        let departure = body.departure.take();
        let leaving = Leaving {
            person: id.0.0,
            departure: departure.ok_or_else(|| unfit(&caller, "departure"))?,
            seen: seen(&caller, if_match.0.as_deref())?,
            reason: body.reason.as_deref(),
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let version = caller.done(staff::depart(office, actor, &leaving, caller.now).await)?;
        Ok(Changed::Done(tag(version)))
    }
}
