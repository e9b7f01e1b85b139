//! Institutions: lists, the tree, how one begins, and how one becomes another.

use super::Tag;
use super::page;
use super::record::{Named, unfit, when};
use super::single::{Changed, Made, Single, seen, tag};
use super::wire::{InstitutionProfile, Wire};
use crate::domain::ids::AreaCode;
use crate::domain::institution::{Institution, Kind, SuccessionManner};
use crate::domain::record::{Id, Version};
use crate::domain::record_id::{AccountId, PersonId};
use crate::domain::time::{Date, Timestamp};
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::service::institution::complete::{Declaration, declare_complete};
use crate::service::institution::reorganise::{Reorganisation, Successor, reorganise};
use crate::service::institution::tree::{self, tree};
use crate::service::institution::{self, Listed, Listing, Order, Wanted};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use validator::Validate;

pub struct Api;

/// An institution as it is on a day.
#[derive(Debug, Object)]
struct InstitutionView {
    id: Text<Id<Institution>>,
    code: String,
    version: i64,
    profile: InstitutionProfile,
}

impl From<&Listed> for InstitutionView {
    fn from(listed: &Listed) -> Self {
        Self {
            id: Text(listed.id),
            code: listed.code.clone(),
            version: listed.version.number(),
            profile: InstitutionProfile::show(&listed.profile),
        }
    }
}

/// A page of institutions.
#[derive(Debug, Object)]
struct Institutions {
    items: Vec<InstitutionView>,
    /// Of all pages, as far as the caller may know of them.
    total: u64,
    next: Option<String>,
}

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum InstitutionSort {
    Code,
    Name,
}

/// An institution with those below it.
#[derive(Debug, Object)]
struct HouseView {
    id: Text<Id<Institution>>,
    code: String,
    name: String,
    kind: Option<Word<Kind>>,
    consortium: Option<String>,
    below: Vec<Self>,
}

impl From<&tree::House> for HouseView {
    fn from(house: &tree::House) -> Self {
        let one = &house.institution;
        Self {
            id: Text(one.id),
            code: one.code.clone(),
            name: one.profile.name.clone(),
            kind: one.profile.kind.map(Word),
            consortium: one.profile.consortium.clone(),
            below: house.below.iter().map(Self::from).collect(),
        }
    }
}

/// An area with what lies in it.
#[derive(Debug, Object)]
struct Branch {
    code: Text<AreaCode>,
    name: Option<String>,
    areas: Vec<Self>,
    institutions: Vec<HouseView>,
}

impl From<&tree::Branch> for Branch {
    fn from(branch: &tree::Branch) -> Self {
        Self {
            code: Text(branch.code),
            name: branch.name.clone(),
            areas: branch.areas.iter().map(Self::from).collect(),
            institutions: branch.institutions.iter().map(HouseView::from).collect(),
        }
    }
}

/// A medical community with its members.
#[derive(Debug, Object)]
struct Community {
    name: String,
    members: Vec<Text<Id<Institution>>>,
}

/// Everything in the caller's scope, each institution once.
#[derive(Debug, Object)]
struct Tree {
    areas: Vec<Branch>,
    /// Institutions of which no area is known.
    elsewhere: Vec<HouseView>,
    communities: Vec<Community>,
}

/// An institution that is to be recorded.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct NewInstitution {
    #[validate(length(min = 1, max = 50))]
    #[oai(validator(min_length = 1, max_length = 50))]
    code: String,
    #[validate(nested)]
    profile: InstitutionProfile,
    from: Text<Date>,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: Option<String>,
}

/// What was made.
#[derive(Debug, Object)]
struct MadeInstitution {
    id: Text<Id<Institution>>,
    code: String,
    version: i64,
}

/// An institution as it was seen.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct SeenInstitution {
    institution: Text<Id<Institution>>,
    #[validate(range(min = 1))]
    #[oai(validator(minimum(value = "1")))]
    version: i64,
}

/// An institution that comes of others: a new one, or one that is there.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct SuccessorOrder {
    /// Of a new one.
    #[validate(length(min = 1, max = 50))]
    #[oai(validator(min_length = 1, max_length = 50))]
    code: Option<String>,
    /// Of a new one.
    #[validate(nested)]
    profile: Option<InstitutionProfile>,
    /// Of one that is there.
    #[validate(nested)]
    there: Option<SeenInstitution>,
}

/// Somebody, and where they go.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct PersonGoes {
    person: Text<PersonId>,
    /// Position in `new`, from 0.
    #[validate(range(max = 100))]
    #[oai(validator(maximum(value = "100")))]
    to: u32,
}

/// An institution below, and where it goes.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct HouseGoes {
    institution: Text<Id<Institution>>,
    /// Position in `new`, from 0.
    #[validate(range(max = 100))]
    #[oai(validator(maximum(value = "100")))]
    to: u32,
}

/// That everybody at an institution is recorded.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct CompletenessOrder {
    /// The first day on which that is so; today or before.
    on: Text<Date>,
    /// How the one who says it knows.
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: String,
}

/// A split, a merger or a conversion, as one change on one day.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct ReorganisationOrder {
    manner: Word<SuccessionManner>,
    /// The first day of the new order.
    on: Text<Date>,
    #[validate(length(min = 1, max = 200))]
    #[oai(validator(min_length = 1, max_length = 200))]
    document: String,
    #[validate(length(min = 1, max = 100), nested)]
    #[oai(validator(min_items = 1, max_items = 100))]
    old: Vec<SeenInstitution>,
    #[validate(length(min = 1, max = 100), nested)]
    #[oai(validator(min_items = 1, max_items = 100))]
    new: Vec<SuccessorOrder>,
    /// Who goes where; where there is one new institution, all go there.
    #[serde(default)]
    #[validate(length(max = 100_000), nested)]
    #[oai(default, validator(max_items = 100000))]
    people: Vec<PersonGoes>,
    /// The same for the institutions directly below.
    #[serde(default)]
    #[validate(length(max = 10_000), nested)]
    #[oai(default, validator(max_items = 10000))]
    houses: Vec<HouseGoes>,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: Option<String>,
}

/// What came of it.
#[derive(Debug, Object)]
struct Reorganised {
    /// In the order of the request.
    new: Vec<Text<Id<Institution>>>,
    /// How many people went over.
    people: u64,
    /// How many institutions below went over.
    houses: u64,
    /// Clerks whose office was for an institution that ended. Nobody's rights grow by a
    /// reorganisation: an administrator grants them another office, or takes this one back.
    clerks: Vec<Clerk>,
}

/// A clerk of an institution that ended.
#[derive(Debug, Object)]
struct Clerk {
    account: Text<AccountId>,
    name: String,
    institution: Text<Id<Institution>>,
}

fn successor(caller: &Caller, order: SuccessorOrder) -> Result<Successor, Failure> {
    match (order.code, order.profile, order.there) {
        (Some(code), Some(profile), None) => {
            let profile = profile.take().ok_or_else(|| unfit(caller, "new.profile"))?;
            Ok(Successor::Made {
                code,
                profile: Box::new(profile),
            })
        }
        (None, None, Some(there)) => {
            let (id, seen) = pair(caller, &there)?;
            Ok(Successor::There { id, seen })
        }
        _ => Err(unfit(caller, "new")),
    }
}

fn pair(caller: &Caller, seen: &SeenInstitution) -> Result<(Id<Institution>, Version), Failure> {
    let version = Version::new(seen.version).ok_or_else(|| unfit(caller, "version"))?;
    Ok((seen.institution.0, version))
}

#[OpenApi(tag = "Tag::Institutions")]
impl Api {
    /// The institutions in the caller's scope
    #[oai(path = "/institutions", method = "get", operation_id = "institutions")]
    #[allow(clippy::too_many_arguments)]
    async fn list(
        &self,
        caller: Caller,
        /// Those in that place.
        area: Query<Option<Text<AreaCode>>>,
        kind: Query<Option<Word<Kind>>>,
        /// Those of the medical community of that name.
        #[oai(validator(max_length = 200))]
        consortium: Query<Option<String>>,
        /// Those directly below the institution with that code.
        #[oai(validator(max_length = 50))]
        parent: Query<Option<String>>,
        /// Those with that in name or code.
        #[oai(validator(max_length = 200))]
        text: Query<Option<String>>,
        sort: Query<Option<InstitutionSort>>,
        /// Any day, past or future; today when left out.
        as_of: Query<Option<Text<Date>>>,
        /// From what was known at that instant.
        known_at: Query<Option<Text<Timestamp>>>,
        /// The `next` of the page before.
        #[oai(validator(max_length = 1000))]
        after: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<Institutions>, Failure> {
        let listing = Listing {
            wanted: Wanted {
                area: area.0.map(|area| area.0),
                kind: kind.0.map(|kind| kind.0),
                consortium: consortium.0,
                parent: parent.0,
                text: text.0,
            },
            when: when(&caller, as_of.0, known_at.0),
            order: match sort.0 {
                Some(InstitutionSort::Name) => Order::Name,
                _ => Order::Code,
            },
            page: page::asked(&caller, after.0.as_deref(), limit.0)?,
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let page = caller.done(institution::list(office, actor, &listing, caller.now).await)?;
        Ok(Json(Institutions {
            items: page.items.iter().map(InstitutionView::from).collect(),
            total: page.total,
            next: page.next.map(|cursor| cursor.to_string()),
        }))
    }

    /// The tree of areas, institutions and those below them
    #[oai(
        path = "/institutions/tree",
        method = "get",
        operation_id = "institution_tree"
    )]
    async fn tree(
        &self,
        caller: Caller,
        area: Query<Option<Text<AreaCode>>>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Json<Tree>, Failure> {
        let when = when(&caller, as_of.0, None);
        let area = area.0.map(|area| area.0);
        let grown =
            caller.done(tree(&caller.office, &caller.actor, area, when, caller.now).await)?;
        let communities = grown.communities.into_iter().map(|one| Community {
            name: one.name,
            members: one.members.into_iter().map(Text).collect(),
        });
        Ok(Json(Tree {
            areas: grown.areas.iter().map(Branch::from).collect(),
            elsewhere: grown.elsewhere.iter().map(HouseView::from).collect(),
            communities: communities.collect(),
        }))
    }

    /// One institution, by code or identifier
    #[oai(
        path = "/institutions/:of",
        method = "get",
        operation_id = "institution"
    )]
    async fn find(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        as_of: Query<Option<Text<Date>>>,
        known_at: Query<Option<Text<Timestamp>>>,
    ) -> Result<Single<InstitutionView>, Failure> {
        let id = Institution::find(&caller, &of.0).await?;
        let when = when(&caller, as_of.0, known_at.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let found = caller.done(institution::find(office, actor, id, when, caller.now).await)?;
        let body = InstitutionView::from(&found);
        Ok(Single::Is(Json(body), tag(found.version)))
    }

    /// Records a new institution
    #[oai(
        path = "/institutions",
        method = "post",
        operation_id = "create_institution"
    )]
    async fn create(
        &self,
        caller: Caller,
        body: Body<NewInstitution>,
    ) -> Result<Made<MadeInstitution>, Failure> {
        let body = body.0;
        let new = institution::New {
            code: &body.code,
            profile: body
                .profile
                .take()
                .ok_or_else(|| unfit(&caller, "profile"))?,
            from: body.from.0,
            reason: body.reason.as_deref(),
        };
        let (id, version) = caller
            .done(institution::create(&caller.office, &caller.actor, &new, caller.now).await)?;
        let made = MadeInstitution {
            id: Text(id),
            code: body.code.clone(),
            version: version.number(),
        };
        Ok(Made::Is(Json(made), format!("/api/v1/institutions/{id}")))
    }

    /// Declares the records of an institution complete from a day on
    ///
    /// Whoever is not recorded on that day was not there, and figures begin with it. An import
    /// that is complete for the institution says the same; this is for those that are kept
    /// through the forms alone.
    #[oai(
        path = "/institutions/:of/completeness",
        method = "post",
        operation_id = "declare_complete"
    )]
    async fn declare_complete(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<CompletenessOrder>,
    ) -> Result<Changed, Failure> {
        let declaration = Declaration {
            institution: Institution::find(&caller, &of.0).await?,
            on: body.0.on.0,
            seen: seen(&caller, if_match.0.as_deref())?,
            reason: &body.0.reason,
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let version =
            caller.done(declare_complete(office, actor, declaration, caller.now).await)?;
        Ok(Changed::Done(tag(version)))
    }

    /// Splits, merges or converts institutions
    ///
    /// The new ones begin, the people go over with their careers, and the old ones end: all
    /// of it on one day and in one write.
    #[oai(
        path = "/reorganisations",
        method = "post",
        operation_id = "reorganise"
    )]
    async fn reorganise(
        &self,
        caller: Caller,
        body: Body<ReorganisationOrder>,
    ) -> Result<Json<Reorganised>, Failure> {
        let body = body.0;
        let old: Result<Vec<_>, _> = body.old.iter().map(|one| pair(&caller, one)).collect();
        let new = body.new.into_iter().map(|one| successor(&caller, one));
        let people = body.people.iter();
        let people: HashMap<_, _> = people.map(|one| (one.person.0, one.to as usize)).collect();
        let houses = body.houses.iter();
        let houses: HashMap<_, _> = houses
            .map(|one| (one.institution.0, one.to as usize))
            .collect();
        let plan = Reorganisation {
            manner: body.manner.0,
            on: body.on.0,
            document: &body.document,
            old: old?,
            new: new.collect::<Result<_, _>>()?,
            people,
            houses,
            reason: body.reason.as_deref(),
        };
        let done =
            caller.done(reorganise(&caller.office, &caller.actor, &plan, caller.now).await)?;
        let clerks = done.clerks.into_iter().map(|clerk| Clerk {
            account: Text(clerk.account),
            name: clerk.name,
            institution: Text(clerk.institution),
        });
        Ok(Json(Reorganised {
            new: done.new.into_iter().map(Text).collect(),
            people: done.people as u64,
            houses: done.houses as u64,
            clerks: clerks.collect(),
        }))
    }
}
