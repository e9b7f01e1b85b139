//! Competition rounds: the plan, the criteria, the points, the order, the places kept.

use super::Tag;
use super::bench::{Became, results};
use super::promotion::ApplicationLine;
use super::record::{Named, unfit};
use super::single::{Made, Single, seen, tag};
use crate::domain::institution::Institution;
use crate::domain::post::Grade;
use crate::domain::record::Version;
use crate::domain::record_id::{ApplicationId, InstitutionId, RoundId};
use crate::domain::round::{
    Allocation, Criterion, Offered, Plan, Ranked, Round, RoundMove, RoundState,
};
use crate::domain::time::Date;
use crate::domain::title::Rank;
use crate::domain::training::{Required, TrainingKind};
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::service::round::{self, Points, Step};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use validator::Validate;

pub struct Api;

/// Places of one kind.
#[derive(Clone, Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct OfferedPlaces {
    rank: Word<Rank>,
    #[validate(range(min = 1, max = 13))]
    #[oai(validator(minimum(value = "1"), maximum(value = "13")))]
    grade: Option<u8>,
    #[validate(range(max = 1000))]
    #[oai(validator(maximum(value = "1000")))]
    places: u32,
}

/// One criterion that is published.
#[derive(Clone, Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct CriterionOrder {
    #[validate(length(max = 200))]
    #[oai(validator(max_length = 200))]
    name: String,
    /// The most points for it, in hundredths.
    #[validate(range(max = 1_000_000))]
    #[oai(validator(maximum(value = "1000000")))]
    most: u32,
}

/// Training to be finished before the window opens.
#[derive(Clone, Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct RequiredTraining {
    kind: Word<TrainingKind>,
    /// Class hours, added up; null = one that was finished is enough.
    #[validate(range(max = 100_000))]
    #[oai(validator(maximum(value = "100000")))]
    hours: Option<u32>,
    /// What ended before does not count.
    since: Option<Text<Date>>,
}

/// What a round is about.
#[derive(Clone, Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct RoundPlan {
    #[validate(length(max = 200))]
    #[oai(validator(max_length = 200))]
    title: String,
    #[validate(length(max = 100), nested)]
    #[oai(validator(max_items = 100))]
    offered: Vec<OfferedPlaces>,
    /// Length of the appointments, in months.
    #[validate(range(max = 1200))]
    #[oai(validator(maximum(value = "1200")))]
    term_months: u32,
    /// Required training, assessments, service.
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[oai(default, validator(max_length = 4000))]
    conditions: String,
    /// Those who would meet everything but this are told before the window opens.
    #[validate(nested)]
    training: Option<RequiredTraining>,
    #[validate(length(max = 100), nested)]
    #[oai(validator(max_items = 100))]
    criteria: Vec<CriterionOrder>,
    /// The first and the last day on which applications are taken.
    from: Text<Date>,
    to: Text<Date>,
}

impl RoundPlan {
    fn show(plan: &Plan) -> Self {
        let offered = plan.offered.iter().map(|one| OfferedPlaces {
            rank: Word(one.rank),
            grade: one.grade.map(|grade| grade.number()),
            places: one.places,
        });
        let criteria = plan.criteria.iter().map(|one| CriterionOrder {
            name: one.name.clone(),
            most: one.most,
        });
        Self {
            title: plan.title.clone(),
            offered: offered.collect(),
            term_months: plan.term_months,
            conditions: plan.conditions.clone(),
            training: plan.training.map(|one| RequiredTraining {
                kind: Word(one.kind),
                hours: one.hours,
                since: one.since.map(Text),
            }),
            criteria: criteria.collect(),
            from: Text(plan.from),
            to: Text(plan.to),
        }
    }

    fn take(self) -> Option<Plan> {
        let offered = self.offered.into_iter().map(|one| {
            let grade = match one.grade {
                Some(number) => Some(Grade::new(number)?),
                None => None,
            };
            Some(Offered {
                rank: one.rank.0,
                grade,
                places: one.places,
            })
        });
        let criteria = self.criteria.into_iter().map(|one| Criterion {
            name: one.name,
            most: one.most,
        });
        Some(Plan {
            title: self.title,
            offered: offered.collect::<Option<_>>()?,
            term_months: self.term_months,
            conditions: self.conditions,
            training: self.training.map(|one| Required {
                kind: one.kind.0,
                hours: one.hours,
                since: one.since.map(|day| day.0),
            }),
            criteria: criteria.collect(),
            from: self.from.0,
            to: self.to.0,
        })
    }
}

/// A round that is planned.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct NewRound {
    institution: Text<InstitutionId>,
    #[validate(nested)]
    plan: RoundPlan,
}

/// What was made.
#[derive(Debug, Object)]
struct MadeRound {
    id: Text<RoundId>,
    version: i64,
}

/// A move of a round.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct RoundStep {
    /// All but `edit` and `score`, which have routes of their own.
    made: Word<RoundMove>,
    #[validate(length(max = 1000))]
    #[oai(validator(max_length = 1000))]
    reason: Option<String>,
}

/// Points for one application and criterion.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct PointsOrder {
    application: Text<ApplicationId>,
    /// Position of the criterion in the plan, from 0.
    #[validate(range(max = 100))]
    #[oai(validator(maximum(value = "100")))]
    criterion: u32,
    /// In hundredths.
    #[validate(range(max = 1_000_000))]
    #[oai(validator(maximum(value = "1000000")))]
    points: u32,
}

/// Points that are given.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Scores {
    #[validate(length(min = 1, max = 1000), nested)]
    #[oai(validator(min_items = 1, max_items = 1000))]
    points: Vec<PointsOrder>,
}

/// Nothing more is said.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Reservation {}

/// A round.
#[derive(Debug, Object)]
pub struct RoundView {
    id: Text<RoundId>,
    version: i64,
    institution: Text<InstitutionId>,
    state: Word<RoundState>,
    plan: RoundPlan,
}

impl From<&Round> for RoundView {
    fn from(round: &Round) -> Self {
        Self {
            id: Text(round.id),
            version: round.version.number(),
            institution: Text(round.institution),
            state: Word(round.state),
            plan: RoundPlan::show(&round.plan),
        }
    }
}

/// Rounds of an institution, newest first.
#[derive(Debug, Object)]
struct Rounds {
    items: Vec<RoundView>,
}

/// A place in the order.
#[derive(Debug, Object)]
pub struct RankedView {
    application: Text<ApplicationId>,
    /// From 1; those with the same points share it, and the next ones are left out.
    rank: usize,
    /// Points of all who gave any, added up, in hundredths.
    points: u64,
    /// Others have the same rank.
    tied: bool,
    /// A criterion for which somebody who gave points gave none.
    incomplete: bool,
}

impl From<&Ranked> for RankedView {
    fn from(one: &Ranked) -> Self {
        Self {
            application: Text(one.application),
            rank: one.rank,
            points: one.points,
            tied: one.tied,
            incomplete: one.incomplete,
        }
    }
}

/// Places given by an order.
#[derive(Debug, Object)]
pub struct AllocationView {
    /// Certainly inside.
    given: Vec<Text<ApplicationId>>,
    /// Tied for the last places: somebody has to say who gets them, and why.
    tied: Vec<Text<ApplicationId>>,
    /// Places for those who are tied.
    contested: usize,
    /// Behind them.
    left: Vec<Text<ApplicationId>>,
}

impl From<&Allocation> for AllocationView {
    fn from(one: &Allocation) -> Self {
        let all = |ids: &[ApplicationId]| ids.iter().copied().map(Text).collect();
        Self {
            given: all(&one.given),
            tied: all(&one.tied),
            contested: one.contested,
            left: all(&one.left),
        }
    }
}

/// A round with its applications in their order.
#[derive(Debug, Object)]
struct WholeRound {
    round: RoundView,
    applications: Vec<ApplicationLine>,
    order: Vec<RankedView>,
    /// Its places given by the order.
    allocation: AllocationView,
}

/// What became of each of those that were recommended.
#[derive(Debug, Object)]
struct Reserved {
    items: Vec<Became>,
}

#[OpenApi(tag = "Tag::Rounds")]
impl Api {
    /// The rounds of an institution, newest first
    #[oai(path = "/rounds", method = "get", operation_id = "rounds")]
    async fn list(
        &self,
        caller: Caller,
        /// Code or identifier.
        #[oai(validator(min_length = 1, max_length = 100))]
        institution: Query<String>,
    ) -> Result<Json<Rounds>, Failure> {
        let id = Institution::find(&caller, &institution.0).await?;
        let (office, actor) = (&caller.office, &caller.actor);
        let rounds = round::of_institution(office, actor, id, caller.now).await;
        let rounds = caller.done(rounds)?;
        Ok(Json(Rounds {
            items: rounds.iter().map(RoundView::from).collect(),
        }))
    }

    /// Plans a round
    #[oai(path = "/rounds", method = "post", operation_id = "plan_round")]
    async fn plan(&self, caller: Caller, body: Body<NewRound>) -> Result<Made<MadeRound>, Failure> {
        let NewRound { institution, plan } = body.0;
        let plan = plan.take().ok_or_else(|| unfit(&caller, "plan.offered"))?;
        let (office, actor) = (&caller.office, &caller.actor);
        let id = round::plan(office, actor, institution.0, &plan, caller.now).await;
        let id = caller.done(id)?;
        let made = MadeRound {
            id: Text(id),
            version: Version::FIRST.number(),
        };
        Ok(Made::Is(Json(made), format!("/api/v1/rounds/{id}")))
    }

    /// A round with its applications, its order and who gets its places
    #[oai(path = "/rounds/:id", method = "get", operation_id = "round")]
    async fn find(
        &self,
        caller: Caller,
        id: Path<Text<RoundId>>,
    ) -> Result<Single<WholeRound>, Failure> {
        let view = round::find(&caller.office, &caller.actor, id.0.0, caller.now).await;
        let view = caller.done(view)?;
        let version = tag(view.round.version);
        let applications = view.applications.iter();
        let body = WholeRound {
            round: RoundView::from(&view.round),
            applications: applications
                .map(|one| ApplicationLine::new(one, "", ""))
                .collect(),
            order: view.order.iter().map(RankedView::from).collect(),
            allocation: AllocationView::from(&view.allocation),
        };
        Ok(Single::Is(Json(body), version))
    }

    /// Changes the plan of a draft
    #[oai(path = "/rounds/:id", method = "put", operation_id = "edit_round")]
    async fn edit(
        &self,
        caller: Caller,
        id: Path<Text<RoundId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<RoundPlan>,
    ) -> Result<Single<RoundView>, Failure> {
        let plan = body.0.take().ok_or_else(|| unfit(&caller, "offered"))?;
        step(
            &caller,
            id.0.0,
            &if_match,
            RoundMove::Edit,
            Some(&plan),
            None,
        )
        .await
    }

    /// Moves a round on: propose, approve, start scoring, publish the order, close
    #[oai(
        path = "/rounds/:id/steps",
        method = "post",
        operation_id = "step_round"
    )]
    async fn step(
        &self,
        caller: Caller,
        id: Path<Text<RoundId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<RoundStep>,
    ) -> Result<Single<RoundView>, Failure> {
        let RoundStep { made, reason } = body.0;
        if matches!(made.0, RoundMove::Edit | RoundMove::Score) {
            return Err(unfit(&caller, "made"));
        }
        step(&caller, id.0.0, &if_match, made.0, None, reason.as_deref()).await
    }

    /// Gives points, instead of those the caller gave before
    #[oai(
        path = "/rounds/:id/scores",
        method = "put",
        operation_id = "score_round"
    )]
    async fn score(
        &self,
        caller: Caller,
        id: Path<Text<RoundId>>,
        body: Body<Scores>,
    ) -> Result<Json<WholeOrder>, Failure> {
        let points = body.0.points.into_iter().map(|one| Points {
            application: one.application.0,
            criterion: usize::try_from(one.criterion).unwrap_or(usize::MAX),
            points: one.points,
        });
        let points: Vec<Points> = points.collect();
        let (office, actor, id) = (&caller.office, &caller.actor, id.0.0);
        let given = round::score(office, actor, id, &points, caller.now).await;
        caller.done(given)?;
        let view = round::find(office, actor, id, caller.now).await;
        let view = caller.done(view)?;
        Ok(Json(WholeOrder {
            order: view.order.iter().map(RankedView::from).collect(),
        }))
    }

    /// Recommends those who are certainly among the first, so that their places are kept
    ///
    /// Each is recommended whole or not at all. Those tied for the last places are
    /// recommended one by one, with a reason.
    #[oai(
        path = "/rounds/:id/reserve",
        method = "post",
        operation_id = "reserve_round"
    )]
    async fn reserve(
        &self,
        caller: Caller,
        id: Path<Text<RoundId>>,
        _body: Body<Reservation>,
    ) -> Result<Json<Reserved>, Failure> {
        let done = round::reserve(&caller.office, &caller.actor, id.0.0, caller.now).await;
        let done = caller.done(done)?;
        Ok(Json(Reserved {
            items: results(&caller, done),
        }))
    }
}

/// The order by the points given so far.
#[derive(Debug, Object)]
struct WholeOrder {
    order: Vec<RankedView>,
}

async fn step(
    caller: &Caller,
    id: RoundId,
    if_match: &Header<Option<String>>,
    made: RoundMove,
    plan: Option<&Plan>,
    reason: Option<&str>,
) -> Result<Single<RoundView>, Failure> {
    let step = Step {
        office: &caller.office,
        actor: &caller.actor,
        id,
        seen: seen(caller, if_match.0.as_deref())?,
        made,
        plan,
        reason,
        now: caller.now,
    };
    let round = caller.done(step.run().await)?;
    Ok(Single::Is(
        Json(RoundView::from(&round)),
        tag(round.version),
    ))
}
