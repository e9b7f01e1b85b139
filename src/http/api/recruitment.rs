//! Recruitment: vacancies, plans, and the order of those who applied.

use super::Tag;
use super::record::{Named, unfit};
use super::single::{Made, Single, seen, tag};
use crate::domain::ids::AreaCode;
use crate::domain::institution::{Institution, Kind};
use crate::domain::record::{Id, Version};
use crate::domain::record_id::{InstitutionId, RecruitmentId};
use crate::domain::recruitment::{Applicant, Mode, Plan, PlanMove, PlanState, PlannedPost, Share};
use crate::domain::rights::Action;
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::time::Date;
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::service::export::Part;
use crate::service::locus::part_of;
use crate::service::recruitment::{self, Step, Wanted};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use validator::Validate;

pub struct Api;

/// What an institution has free. Null = not known.
#[derive(Debug, Object)]
struct VacantView {
    institution: Text<InstitutionId>,
    code: String,
    name: String,
    kind: Option<Word<Kind>>,
    /// Establishment that was approved, and people on it.
    approved: Option<u32>,
    used: u32,
    vacant: Option<u32>,
    /// Places of plans that are not over.
    planned: u32,
    /// Somebody is missing, and nothing is planned.
    unplanned: bool,
    /// The rule that puts its vacancies first.
    first: Option<String>,
    /// What the policies say of it, in their words.
    said: Vec<String>,
    /// People who were nowhere in this part at the end of the year before.
    new: u32,
}

/// A part of a whole, as counted.
#[derive(Debug, Object)]
struct ShareView {
    part: u32,
    whole: u32,
}

impl From<Share> for ShareView {
    fn from(share: Share) -> Self {
        Self {
            part: share.part,
            whole: share.whole,
        }
    }
}

/// A county.
#[derive(Debug, Object)]
struct CountyUseView {
    county: Text<AreaCode>,
    /// People on the establishment of what was approved; null = not known.
    used: Option<ShareView>,
    /// New people of primary care of all new people.
    primary: ShareView,
}

/// The vacancies of a part of the records.
#[derive(Debug, Object)]
struct VacanciesView {
    on: Text<Date>,
    /// Those without a plan first, of them those that a policy puts first.
    institutions: Vec<VacantView>,
    counties: Vec<CountyUseView>,
}

/// A post that is to be filled.
#[derive(Clone, Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct RecruitedPost {
    #[validate(length(max = 200))]
    #[oai(validator(max_length = 200))]
    title: String,
    #[validate(range(max = 10_000))]
    #[oai(validator(maximum(value = "10000")))]
    places: u32,
    /// Why it is urgently needed; null = it is not flagged so.
    #[validate(length(max = 1000))]
    #[oai(validator(max_length = 1000))]
    urgent: Option<String>,
    /// It was hard to recruit for.
    #[serde(default)]
    #[oai(default)]
    hard: bool,
    /// Other modes than `open` only where the rules allow them for the post.
    mode: Word<Mode>,
}

/// What an institution wants to fill.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct RecruitmentOrder {
    #[validate(length(max = 200))]
    #[oai(validator(max_length = 200))]
    title: String,
    #[validate(length(max = 500), nested)]
    #[oai(validator(max_items = 500))]
    posts: Vec<RecruitedPost>,
}

impl RecruitmentOrder {
    fn take(self) -> Wanted {
        let posts = self.posts.into_iter().map(|post| PlannedPost {
            title: post.title,
            places: post.places,
            urgent: post.urgent,
            hard: post.hard,
            mode: post.mode.0,
        });
        Wanted {
            title: self.title,
            posts: posts.collect(),
        }
    }
}

/// A plan that is begun.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct NewRecruitment {
    institution: Text<InstitutionId>,
    #[validate(nested)]
    plan: RecruitmentOrder,
}

/// What was begun.
#[derive(Debug, Object)]
struct MadeRecruitment {
    id: Text<RecruitmentId>,
    version: i64,
}

/// A move of a plan.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct RecruitmentStep {
    /// All but `edit` and `rank`, which have routes of their own.
    made: Word<PlanMove>,
    /// Why; needed where it comes back or is cancelled.
    #[validate(length(max = 1000))]
    #[oai(validator(max_length = 1000))]
    reason: Option<String>,
}

/// Somebody who applied, by the number of the examination; no name is kept.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct ApplicantOrder {
    #[validate(length(min = 1, max = 50))]
    #[oai(validator(min_length = 1, max_length = 50))]
    number: String,
    /// Position of the post in the plan, from 0.
    #[validate(range(max = 1000))]
    #[oai(validator(maximum(value = "1000")))]
    post: u32,
    /// In hundredths.
    #[validate(range(max = 1_000_000))]
    #[oai(validator(maximum(value = "1000000")))]
    points: u32,
    /// The rural doctor, where it is one on record.
    rural_doctor: Option<Text<Id<RuralDoctor>>>,
}

/// Those who applied.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct ApplicantsOrder {
    #[validate(length(min = 1, max = 3000), nested)]
    #[oai(validator(min_items = 1, max_items = 3000))]
    applicants: Vec<ApplicantOrder>,
}

/// A plan.
#[derive(Debug, Object)]
struct RecruitmentView {
    id: Text<RecruitmentId>,
    version: i64,
    institution: Text<InstitutionId>,
    state: Word<PlanState>,
    title: String,
    posts: Vec<RecruitedPost>,
}

impl From<&Plan> for RecruitmentView {
    fn from(plan: &Plan) -> Self {
        let posts = plan.posts.iter().map(|post| RecruitedPost {
            title: post.title.clone(),
            places: post.places,
            urgent: post.urgent.clone(),
            hard: post.hard,
            mode: Word(post.mode),
        });
        Self {
            id: Text(plan.id),
            version: plan.version.number(),
            institution: Text(plan.institution),
            state: Word(plan.state),
            title: plan.title.clone(),
            posts: posts.collect(),
        }
    }
}

/// Plans of an institution, newest first.
#[derive(Debug, Object)]
struct Recruitments {
    items: Vec<RecruitmentView>,
}

/// Somebody who applied, with the place in the order of the post.
#[derive(Debug, Object)]
struct RankedApplicant {
    number: String,
    post: usize,
    points: u32,
    rural_doctor: Option<Text<Id<RuralDoctor>>>,
    /// The rule that puts them first at equal points.
    first: Option<String>,
    /// From 1; those who are equal in everything share it.
    rank: usize,
    tied: bool,
    /// Somebody with the same points stands behind because of the rule.
    by_priority: bool,
}

/// A plan, and who applied, by post and in order.
#[derive(Debug, Object)]
struct WholeRecruitment {
    plan: RecruitmentView,
    order: Vec<RankedApplicant>,
}

#[OpenApi(tag = "Tag::Recruitment")]
impl Api {
    /// Vacancies by institution, and what counties use of their establishment
    #[oai(
        path = "/recruitment/vacancies",
        method = "get",
        operation_id = "vacancies"
    )]
    async fn vacancies(
        &self,
        caller: Caller,
        area: Query<Option<Text<AreaCode>>>,
        /// The institution with that code and all below it.
        #[oai(validator(min_length = 1, max_length = 50))]
        institution: Query<Option<String>>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Json<VacanciesView>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let part = match (area.0, institution.0) {
            (_, Some(code)) => Part::Below(code),
            (Some(area), None) => Part::Area(area.0),
            (None, None) => {
                let part = part_of(office, actor, Action::ReadRecruitment).await;
                caller.done(part)?
            }
        };
        let on = as_of.0.map_or_else(|| caller.now.shanghai_day(), |on| on.0);
        let found = recruitment::vacancies(office, actor, &part, on, caller.now).await;
        let found = caller.done(found)?;
        let institutions = found.institutions.into_iter().map(|one| VacantView {
            institution: Text(one.institution),
            code: one.code,
            name: one.name,
            kind: one.kind.map(Word),
            approved: one.approved,
            used: one.used,
            vacant: one.vacant,
            planned: one.planned,
            unplanned: one.unplanned,
            first: one.first,
            said: one.said,
            new: one.new,
        });
        let counties = found.counties.into_iter().map(|one| CountyUseView {
            county: Text(one.county),
            used: one.used.map(ShareView::from),
            primary: one.primary.into(),
        });
        Ok(Json(VacanciesView {
            on: Text(found.on),
            institutions: institutions.collect(),
            counties: counties.collect(),
        }))
    }

    /// The plans of an institution, newest first
    #[oai(
        path = "/recruitment/plans",
        method = "get",
        operation_id = "recruitments"
    )]
    async fn list(
        &self,
        caller: Caller,
        /// Code or identifier.
        #[oai(validator(min_length = 1, max_length = 100))]
        institution: Query<String>,
    ) -> Result<Json<Recruitments>, Failure> {
        let id = Institution::find(&caller, &institution.0).await?;
        let (office, actor) = (&caller.office, &caller.actor);
        let plans = recruitment::of_institution(office, actor, id, caller.now).await;
        let plans = caller.done(plans)?;
        Ok(Json(Recruitments {
            items: plans.iter().map(RecruitmentView::from).collect(),
        }))
    }

    /// Begins a plan; it may not want more than there are vacancies
    #[oai(
        path = "/recruitment/plans",
        method = "post",
        operation_id = "plan_recruitment"
    )]
    async fn plan(
        &self,
        caller: Caller,
        body: Body<NewRecruitment>,
    ) -> Result<Made<MadeRecruitment>, Failure> {
        let NewRecruitment { institution, plan } = body.0;
        let (office, actor, wanted) = (&caller.office, &caller.actor, plan.take());
        let id = recruitment::plan(office, actor, institution.0, &wanted, caller.now).await;
        let id = caller.done(id)?;
        let made = MadeRecruitment {
            id: Text(id),
            version: Version::FIRST.number(),
        };
        let place = format!("/api/v1/recruitment/plans/{id}");
        Ok(Made::Is(Json(made), place))
    }

    /// A plan, and who applied, by post and in order
    #[oai(
        path = "/recruitment/plans/:id",
        method = "get",
        operation_id = "recruitment"
    )]
    async fn find(
        &self,
        caller: Caller,
        id: Path<Text<RecruitmentId>>,
    ) -> Result<Single<WholeRecruitment>, Failure> {
        let view = recruitment::find(&caller.office, &caller.actor, id.0.0, caller.now).await;
        let view = caller.done(view)?;
        let order = view.ranked.into_iter().map(|one| RankedApplicant {
            number: one.applicant.number,
            post: one.applicant.post,
            points: one.applicant.points,
            rural_doctor: one.applicant.rural_doctor.map(Text),
            first: one.first,
            rank: one.rank,
            tied: one.tied,
            by_priority: one.by_priority,
        });
        let body = WholeRecruitment {
            order: order.collect(),
            plan: RecruitmentView::from(&view.plan),
        };
        Ok(Single::Is(Json(body), tag(view.plan.version)))
    }

    /// Changes a plan that is not proposed yet
    #[oai(
        path = "/recruitment/plans/:id",
        method = "put",
        operation_id = "edit_recruitment"
    )]
    async fn edit(
        &self,
        caller: Caller,
        id: Path<Text<RecruitmentId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<RecruitmentOrder>,
    ) -> Result<Single<RecruitmentView>, Failure> {
        let wanted = body.0.take();
        step(
            &caller,
            id.0.0,
            &if_match,
            PlanMove::Edit,
            Some(&wanted),
            None,
        )
        .await
    }

    /// Moves a plan on: propose, endorse the use of establishment, approve, close
    #[oai(
        path = "/recruitment/plans/:id/steps",
        method = "post",
        operation_id = "step_recruitment"
    )]
    async fn step(
        &self,
        caller: Caller,
        id: Path<Text<RecruitmentId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<RecruitmentStep>,
    ) -> Result<Single<RecruitmentView>, Failure> {
        let RecruitmentStep { made, reason } = body.0;
        if matches!(made.0, PlanMove::Edit | PlanMove::Rank) {
            return Err(unfit(&caller, "made"));
        }
        step(&caller, id.0.0, &if_match, made.0, None, reason.as_deref()).await
    }

    /// Records who applied, with their points, instead of what stood under their numbers
    #[oai(
        path = "/recruitment/plans/:id/applicants",
        method = "put",
        operation_id = "register_applicants"
    )]
    async fn register(
        &self,
        caller: Caller,
        id: Path<Text<RecruitmentId>>,
        body: Body<ApplicantsOrder>,
    ) -> Result<super::single::Done, Failure> {
        let applicants = body.0.applicants.into_iter().map(|one| Applicant {
            number: one.number,
            post: usize::try_from(one.post).unwrap_or(usize::MAX),
            points: one.points,
            rural_doctor: one.rural_doctor.map(|id| id.0),
        });
        let applicants: Vec<Applicant> = applicants.collect();
        let (office, actor) = (&caller.office, &caller.actor);
        let done = recruitment::register(office, actor, id.0.0, &applicants, caller.now).await;
        caller.done(done)?;
        Ok(super::single::Done::Done)
    }
}

async fn step(
    caller: &Caller,
    id: RecruitmentId,
    if_match: &Header<Option<String>>,
    made: PlanMove,
    wanted: Option<&Wanted>,
    reason: Option<&str>,
) -> Result<Single<RecruitmentView>, Failure> {
    let step = Step {
        office: &caller.office,
        actor: &caller.actor,
        id,
        seen: seen(caller, if_match.0.as_deref())?,
        made,
        wanted,
        reason,
        now: caller.now,
    };
    let plan = caller.done(step.run().await)?;
    Ok(Single::Is(
        Json(RecruitmentView::from(&plan)),
        tag(plan.version),
    ))
}
