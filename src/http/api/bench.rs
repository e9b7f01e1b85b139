//! The reviewer's bench: what waits, one case with all that bears on it, several at once.

use super::Tag;
use super::page::page;
use super::places::{Against, Checked, PoolPlaces};
use super::promotion::{ApplicationLine, ApplicationView, Back, PreviewView, returned_to};
use super::record::unfit;
use super::round::{AllocationView, RankedView};
use super::single::{Single, tag};
use crate::domain::month::Month;
use crate::domain::promotion::{Command, Move, Pool, State};
use crate::domain::record::Version;
use crate::domain::record_id::{ApplicationId, InstitutionId, PersonId, RoundId};
use crate::domain::round::allocate;
use crate::domain::time::Date;
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::{Failure, Problem};
use crate::http::scalar::{Text, Word};
use crate::service::bench::{self, Decided, Waiting};
use crate::service::round;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use validator::Validate;

pub struct Api;

/// One application that waits, with its checks.
#[derive(Debug, Object)]
struct WaitingView {
    application: ApplicationLine,
    checks: Vec<Checked>,
    /// Nothing stands against it but what warns or is only recorded.
    clear: bool,
    takes: Option<Word<Pool>>,
    frees: Option<Word<Pool>>,
}

/// What waits for the caller's office, the nearest due day first.
#[derive(Debug, Object)]
struct Queue {
    items: Vec<WaitingView>,
    /// Of all pages.
    total: u64,
    next: Option<String>,
}

/// Somebody who retires.
#[derive(Debug, Object)]
struct RetiringView {
    person: Text<PersonId>,
    name: String,
    month: Text<Month>,
    /// The pool of which this frees a place.
    frees: Option<Word<Pool>>,
}

/// One case with all that bears on it.
#[derive(Debug, Object)]
struct Case {
    case: ApplicationView,
    preview: PreviewView,
    /// Others who wait for a place of the same pool.
    rivals: Vec<ApplicationLine>,
    /// Who retires at the institution before the year ends.
    retiring: Vec<RetiringView>,
}

/// Several applications, in the order in which they would be approved.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct BatchOrder {
    #[validate(length(min = 1, max = 500))]
    #[oai(validator(min_items = 1, max_items = 500))]
    applications: Vec<Text<ApplicationId>>,
    /// Why rules that warn would be passed by.
    #[validate(length(max = 1000))]
    #[oai(validator(max_length = 1000))]
    override_reason: Option<String>,
}

/// One approval of a batch.
#[derive(Debug, Object)]
struct TriedView {
    application: Text<ApplicationId>,
    person: Text<PersonId>,
    name: String,
    takes: Option<Word<Pool>>,
    frees: Option<Word<Pool>>,
    /// Every reason against it, with those before it approved; none = it would go through.
    against: Vec<Against>,
    /// Rules that would be overridden or recorded.
    noted: Vec<String>,
}

/// The places of an institution as they are and as they would be.
#[derive(Debug, Object)]
struct PlacesView {
    institution: Text<InstitutionId>,
    before: Vec<PoolPlaces>,
    after: Vec<PoolPlaces>,
}

/// What several approvals in an order would lead to.
#[derive(Debug, Object)]
struct BatchView {
    cases: Vec<TriedView>,
    places: Vec<PlacesView>,
}

/// An application as it was seen.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct SeenApplication {
    application: Text<ApplicationId>,
    #[validate(range(min = 1))]
    #[oai(validator(minimum(value = "1")))]
    version: i64,
}

/// The same decision on several applications.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct DecisionOrder {
    #[validate(length(min = 1, max = 500), nested)]
    #[oai(validator(min_items = 1, max_items = 500))]
    applications: Vec<SeenApplication>,
    /// `approve`, `return` or `reject`.
    made: Word<Move>,
    /// Of an approval: from when on it holds.
    effective: Option<Text<Date>>,
    /// Of an approval: why rules that warn are passed by.
    #[validate(length(max = 1000))]
    #[oai(validator(max_length = 1000))]
    override_reason: Option<String>,
    /// Of a return: where to.
    to: Option<Back>,
    /// Of a return to an earlier office: its position in the route, from 0.
    #[validate(range(max = 100))]
    #[oai(validator(maximum(value = "100")))]
    step: Option<u32>,
    /// Of a return: what has to be put right.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[oai(default, validator(max_items = 100))]
    defects: Vec<String>,
    /// Of a rejection.
    #[validate(length(max = 2000))]
    #[oai(validator(max_length = 2000))]
    reason: Option<String>,
}

/// What became of one of several.
#[derive(Debug, Object)]
pub struct Became {
    application: Text<ApplicationId>,
    done: bool,
    /// Of what was done: the new version and state.
    version: Option<i64>,
    state: Option<Word<State>>,
    noted: Vec<String>,
    /// Of what was not done: why.
    problem: Option<Problem>,
}

/// What became of each.
#[derive(Debug, Object)]
struct BecameOfEach {
    items: Vec<Became>,
}

/// What became of each, as it is shown.
pub fn results(caller: &Caller, done: Vec<Decided>) -> Vec<Became> {
    let result = |(id, became): Decided| match became {
        Ok(acted) => Became {
            application: Text(id),
            done: true,
            version: Some(acted.application.version.number()),
            state: Some(Word(acted.application.state)),
            noted: acted.noted,
            problem: None,
        },
        Err(error) => Became {
            application: Text(id),
            done: false,
            version: None,
            state: None,
            noted: Vec::new(),
            problem: Some(caller.problem(&error)),
        },
    };
    done.into_iter().map(result).collect()
}

/// Places that are given by the order of a round.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct AllocationOrder {
    round: Text<RoundId>,
    /// How many; those of its plan when left out.
    #[validate(range(max = 1000))]
    #[oai(validator(maximum(value = "1000")))]
    places: Option<u32>,
}

/// Who gets the places, and the order it follows from.
#[derive(Debug, Object)]
struct Allocated {
    order: Vec<RankedView>,
    allocation: AllocationView,
}

/// Waiting applications in order, and the same as text.
fn key(one: &Waiting) -> String {
    let due = one.application.due;
    let due = due.map_or_else(|| "9999-99-99".to_owned(), |day| day.to_string());
    format!("{due} {}", one.application.id)
}

fn command(caller: &Caller, order: DecisionOrder) -> Result<Command, Failure> {
    match order.made.0 {
        Move::Approve => Ok(Command::Approve {
            effective: order.effective.map(|day| day.0),
        }),
        Move::Return => {
            let to = order.to.ok_or_else(|| unfit(caller, "to"))?;
            Ok(Command::Return {
                to: returned_to(caller, to, order.step)?,
                defects: order.defects,
            })
        }
        Move::Reject => Ok(Command::Reject {
            reason: order.reason.unwrap_or_default(),
        }),
        _ => Err(unfit(caller, "made")),
    }
}

#[OpenApi(tag = "Tag::Bench")]
impl Api {
    /// What waits for the caller's office, with its checks run, the nearest due day first
    #[oai(path = "/bench/queue", method = "get", operation_id = "queue")]
    async fn queue(
        &self,
        caller: Caller,
        /// The `next` of the page before.
        #[oai(validator(max_length = 100))]
        after: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<Queue>, Failure> {
        let all = bench::queue(&caller.office, &caller.actor, caller.now).await;
        let mut all = caller.done(all)?;
        all.sort_by_key(key);
        let total = all.len() as u64;
        let (items, next) = page(all, after.0.as_deref(), limit.0, key);
        let shown = items.iter().map(|one| WaitingView {
            application: ApplicationLine::new(&one.application, &one.name, &one.house),
            clear: one.evaluation.is_clear(),
            checks: Checked::all(caller.lang, &one.evaluation.checks),
            takes: one.evaluation.takes.map(Word),
            frees: one.evaluation.frees.map(Word),
        });
        Ok(Json(Queue {
            items: shown.collect(),
            total,
            next,
        }))
    }

    /// One case: facts, checks, places before and after, rivals, who retires this year
    #[oai(path = "/bench/cases/:id", method = "get", operation_id = "bench_case")]
    async fn case(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
    ) -> Result<Single<Case>, Failure> {
        let whole = bench::whole(&caller.office, &caller.actor, id.0.0, caller.now).await;
        let whole = caller.done(whole)?;
        let retiring = whole.retiring.iter().map(|one| RetiringView {
            person: Text(one.person),
            name: one.name.clone(),
            month: Text(one.month),
            frees: one.frees.map(Word),
        });
        let rivals = whole.rivals.iter();
        let version = tag(whole.view.application.version);
        let body = Case {
            case: ApplicationView::from(&whole.view),
            preview: PreviewView::new(caller.lang, &whole.preview),
            rivals: rivals
                .map(|(one, name)| ApplicationLine::new(one, name, &whole.view.house))
                .collect(),
            retiring: retiring.collect(),
        };
        Ok(Single::Is(Json(body), version))
    }

    /// If these were approved in this order: what remains, and which break
    ///
    /// Nothing is written.
    #[oai(
        path = "/bench/preview",
        method = "post",
        operation_id = "preview_batch"
    )]
    async fn preview(
        &self,
        caller: Caller,
        body: Body<BatchOrder>,
    ) -> Result<Json<BatchView>, Failure> {
        let ids: Vec<ApplicationId> = body.0.applications.iter().map(|id| id.0).collect();
        let reason = body.0.override_reason.as_deref();
        let (office, actor) = (&caller.office, &caller.actor);
        let batch = bench::batch(office, actor, &ids, reason, caller.now).await;
        let batch = caller.done(batch)?;
        let cases = batch.cases.iter().map(|one| TriedView {
            application: Text(one.id),
            person: Text(one.person),
            name: one.name.clone(),
            takes: one.takes.map(Word),
            frees: one.frees.map(Word),
            against: Against::all(caller.lang, &one.against),
            noted: one.noted.clone(),
        });
        let places = batch.places.iter().map(|one| PlacesView {
            institution: Text(one.institution),
            before: PoolPlaces::all(&one.before),
            after: PoolPlaces::all(&one.after),
        });
        Ok(Json(BatchView {
            cases: cases.collect(),
            places: places.collect(),
        }))
    }

    /// The same decision on several applications, each whole or not at all
    #[oai(
        path = "/bench/decisions",
        method = "post",
        operation_id = "decide_batch"
    )]
    async fn decide(
        &self,
        caller: Caller,
        mut body: Body<DecisionOrder>,
    ) -> Result<Json<BecameOfEach>, Failure> {
        let mut wanted = Vec::new();
        for one in &body.0.applications {
            let version = Version::new(one.version);
            let version = version.ok_or_else(|| unfit(&caller, "applications.version"))?;
            wanted.push((one.application.0, version));
        }
        let reason = body.0.override_reason.take();
        let command = command(&caller, body.0)?;
        let (office, actor) = (&caller.office, &caller.actor);
        let reason = reason.as_deref();
        let done = bench::decide(office, actor, &wanted, &command, reason, caller.now).await;
        let done = caller.done(done)?;
        Ok(Json(BecameOfEach {
            items: results(&caller, done),
        }))
    }

    /// Gives places by the order of a round, ties shown
    ///
    /// Nothing is written.
    #[oai(path = "/bench/allocation", method = "post", operation_id = "allocate")]
    async fn allocate(
        &self,
        caller: Caller,
        body: Body<AllocationOrder>,
    ) -> Result<Json<Allocated>, Failure> {
        let (office, actor, id) = (&caller.office, &caller.actor, body.0.round.0);
        let view = round::find(office, actor, id, caller.now).await;
        let view = caller.done(view)?;
        let allocation = match body.0.places {
            Some(places) => {
                let places = usize::try_from(places).unwrap_or(usize::MAX);
                AllocationView::from(&allocate(places, &view.order))
            }
            None => AllocationView::from(&view.allocation),
        };
        Ok(Json(Allocated {
            order: view.order.iter().map(RankedView::from).collect(),
            allocation,
        }))
    }
}
