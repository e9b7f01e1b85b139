//! Rural doctors and administrative places: lists, one of them, and how they begin.

use super::Tag;
use super::page;
use super::record::{Named, unfit, when};
use super::single::{Made, Single, tag};
use super::wire::{PlaceProfile, RuralDoctorProfile, Wire};
use crate::domain::ids::{AreaCode, Sex};
use crate::domain::month::Month;
use crate::domain::place::{Place, PlaceLevel};
use crate::domain::record::Id;
use crate::domain::rural_doctor::{Qualification, RuralDoctor};
use crate::domain::time::{Date, Timestamp};
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::service::{place, rural_doctor};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use validator::Validate;

pub struct Doctors;

/// A rural doctor as they are on a day; the number masked.
#[derive(Debug, Object)]
struct RuralDoctorView {
    id: Text<Id<RuralDoctor>>,
    version: i64,
    /// `1501**********1234`
    number: String,
    sex: Word<Sex>,
    birth: Text<Month>,
    profile: RuralDoctorProfile,
}

impl From<&rural_doctor::Doctor> for RuralDoctorView {
    fn from(one: &rural_doctor::Doctor) -> Self {
        Self {
            id: Text(one.id),
            version: one.version.number(),
            number: one.number.clone(),
            sex: Word(one.sex),
            birth: Text(one.birth),
            profile: RuralDoctorProfile::show(&one.profile),
        }
    }
}

/// A page of rural doctors.
#[derive(Debug, Object)]
struct RuralDoctors {
    items: Vec<RuralDoctorView>,
    /// Of all pages, as far as the caller may know of them.
    total: u64,
    next: Option<String>,
}

/// A rural doctor whose file begins.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct NewRuralDoctor {
    /// The identity number in full.
    #[validate(length(min = 18, max = 30))]
    #[oai(validator(min_length = 18, max_length = 30))]
    id_number: String,
    #[validate(nested)]
    profile: RuralDoctorProfile,
    from: Text<Date>,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: Option<String>,
}

/// Whose file began.
#[derive(Debug, Object)]
struct MadeRuralDoctor {
    id: Text<Id<RuralDoctor>>,
    version: i64,
}

#[OpenApi(prefix_path = "/rural-doctors", tag = "Tag::RuralDoctors")]
impl Doctors {
    /// The rural doctors in the caller's scope, by name
    #[oai(path = "/", method = "get", operation_id = "rural_doctors")]
    #[allow(clippy::too_many_arguments)]
    async fn list(
        &self,
        caller: Caller,
        area: Query<Option<Text<AreaCode>>>,
        qualification: Query<Option<Word<Qualification>>>,
        /// With that in the name or in the clinic's.
        #[oai(validator(max_length = 200))]
        text: Query<Option<String>>,
        as_of: Query<Option<Text<Date>>>,
        known_at: Query<Option<Text<Timestamp>>>,
        /// The `next` of the page before.
        #[oai(validator(max_length = 1000))]
        after: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<RuralDoctors>, Failure> {
        let listing = rural_doctor::Listing {
            wanted: rural_doctor::Wanted {
                area: area.0.map(|area| area.0),
                qualification: qualification.0.map(|one| one.0),
                text: text.0,
            },
            when: when(&caller, as_of.0, known_at.0),
            page: page::asked(&caller, after.0.as_deref(), limit.0)?,
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let page = caller.done(rural_doctor::list(office, actor, &listing, caller.now).await)?;
        Ok(Json(RuralDoctors {
            items: page.items.iter().map(RuralDoctorView::from).collect(),
            total: page.total,
            next: page.next.map(|cursor| cursor.to_string()),
        }))
    }

    /// One rural doctor
    #[oai(path = "/:id", method = "get", operation_id = "rural_doctor")]
    async fn find(
        &self,
        caller: Caller,
        id: Path<Text<Id<RuralDoctor>>>,
        as_of: Query<Option<Text<Date>>>,
        known_at: Query<Option<Text<Timestamp>>>,
    ) -> Result<Single<RuralDoctorView>, Failure> {
        let when = when(&caller, as_of.0, known_at.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let found =
            caller.done(rural_doctor::find(office, actor, id.0.0, when, caller.now).await)?;
        let body = RuralDoctorView::from(&found);
        Ok(Single::Is(Json(body), tag(found.version)))
    }

    /// Begins the file of a rural doctor
    #[oai(path = "/", method = "post", operation_id = "create_rural_doctor")]
    async fn create(
        &self,
        caller: Caller,
        body: Body<NewRuralDoctor>,
    ) -> Result<Made<MadeRuralDoctor>, Failure> {
        let body = body.0;
        let new = rural_doctor::New {
            number: &body.id_number,
            profile: body
                .profile
                .take()
                .ok_or_else(|| unfit(&caller, "profile"))?,
            from: body.from.0,
            reason: body.reason.as_deref(),
        };
        let (id, version) = caller
            .done(rural_doctor::create(&caller.office, &caller.actor, &new, caller.now).await)?;
        let made = MadeRuralDoctor {
            id: Text(id),
            version: version.number(),
        };
        Ok(Made::Is(Json(made), format!("/api/v1/rural-doctors/{id}")))
    }
}

pub struct Places;

/// A place as it is on a day.
#[derive(Debug, Object)]
struct PlaceView {
    id: Text<Id<Place>>,
    code: Text<AreaCode>,
    version: i64,
    profile: PlaceProfile,
}

impl From<&place::Listed> for PlaceView {
    fn from(one: &place::Listed) -> Self {
        Self {
            id: Text(one.id),
            code: Text(one.code),
            version: one.version.number(),
            profile: PlaceProfile::show(&one.profile),
        }
    }
}

/// A page of places.
#[derive(Debug, Object)]
struct PlaceList {
    items: Vec<PlaceView>,
    /// Of all pages, as far as the caller may know of them.
    total: u64,
    next: Option<String>,
}

/// A place that is to be recorded.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct NewPlace {
    /// Of 6, 9 or 12 digits.
    #[validate(length(min = 6, max = 12))]
    #[oai(validator(min_length = 6, max_length = 12))]
    code: String,
    #[validate(nested)]
    profile: PlaceProfile,
    from: Text<Date>,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: Option<String>,
}

/// What was made.
#[derive(Debug, Object)]
struct MadePlace {
    id: Text<Id<Place>>,
    version: i64,
}

#[OpenApi(prefix_path = "/places", tag = "Tag::Places")]
impl Places {
    /// The places that the caller may see, by code
    #[oai(path = "/", method = "get", operation_id = "places")]
    #[allow(clippy::too_many_arguments)]
    async fn list(
        &self,
        caller: Caller,
        /// That place and all in it.
        area: Query<Option<Text<AreaCode>>>,
        level: Query<Option<Word<PlaceLevel>>>,
        /// With that in name or code.
        #[oai(validator(max_length = 200))]
        text: Query<Option<String>>,
        as_of: Query<Option<Text<Date>>>,
        known_at: Query<Option<Text<Timestamp>>>,
        /// The `next` of the page before.
        #[oai(validator(max_length = 1000))]
        after: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<PlaceList>, Failure> {
        let listing = place::Listing {
            wanted: place::Wanted {
                area: area.0.map(|area| area.0),
                level: level.0.map(|level| level.0),
                text: text.0,
            },
            when: when(&caller, as_of.0, known_at.0),
            page: page::asked(&caller, after.0.as_deref(), limit.0)?,
        };
        let page =
            caller.done(place::list(&caller.office, &caller.actor, &listing, caller.now).await)?;
        Ok(Json(PlaceList {
            items: page.items.iter().map(PlaceView::from).collect(),
            total: page.total,
            next: page.next.map(|cursor| cursor.to_string()),
        }))
    }

    /// One place, by code or identifier
    #[oai(path = "/:of", method = "get", operation_id = "place")]
    async fn find(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        as_of: Query<Option<Text<Date>>>,
        known_at: Query<Option<Text<Timestamp>>>,
    ) -> Result<Single<PlaceView>, Failure> {
        let id = Place::find(&caller, &of.0).await?;
        let when = when(&caller, as_of.0, known_at.0);
        let found =
            caller.done(place::find(&caller.office, &caller.actor, id, when, caller.now).await)?;
        let body = PlaceView::from(&found);
        Ok(Single::Is(Json(body), tag(found.version)))
    }

    /// Records a place
    #[oai(path = "/", method = "post", operation_id = "create_place")]
    async fn create(
        &self,
        caller: Caller,
        body: Body<NewPlace>,
    ) -> Result<Made<MadePlace>, Failure> {
        let body = body.0;
        let new = place::New {
            code: &body.code,
            profile: body
                .profile
                .take()
                .ok_or_else(|| unfit(&caller, "profile"))?,
            from: body.from.0,
            reason: body.reason.as_deref(),
        };
        let (id, version) =
            caller.done(place::create(&caller.office, &caller.actor, &new, caller.now).await)?;
        let made = MadePlace {
            id: Text(id),
            version: version.number(),
        };
        Ok(Made::Is(Json(made), format!("/api/v1/places/{id}")))
    }
}
