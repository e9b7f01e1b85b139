//! Recruitment: the vacancies of institutions, those without a plan and those of primary care
//! first; plans of recruitment, from the institution by way of the establishment office to
//! the human resources office; who comes first among those who applied.

use super::ledger::{Figures, InstitutionLedger, evaluate_part};
use super::locus::permit_part;
use super::rulebook::Ruled;
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::audit::{About, What, Who};
use crate::domain::ids::AreaCode;
use crate::domain::institution::Kind;
use crate::domain::month::Month;
use crate::domain::record::{Id, Version, When};
use crate::domain::record_id::{InstitutionId, PersonId, RecruitmentId};
use crate::domain::recruitment::{
    Applicant, Candidate, Filled, Placed, Plan, PlanMove, PlanState, PlannedPost, Share, order,
    use_of,
};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Locus, Subject, permit};
use crate::domain::rural_doctor::{self, Qualification, RuralDoctor};
use crate::domain::staff::Employment;
use crate::domain::time::{Date, Timestamp};
use crate::policy::plan::Plan as RulePlan;
use crate::rules::recruitment::{Vacancy as Asked, candidate_first};
use crate::store::dated::{self, Of};
use crate::store::register::Part;
use crate::store::{Reader, Tx, Write, locus, recruitment as kept};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What an institution has free, and whether anything is planned for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vacant {
    pub institution: InstitutionId,
    pub code: String,
    pub name: String,
    pub kind: Option<Kind>,
    /// Establishment that was approved; `None` = not known.
    pub approved: Option<u32>,
    /// People on it.
    pub used: u32,
    /// `None` = not known.
    pub vacant: Option<u32>,
    /// Places of plans that are not over.
    pub planned: u32,
    /// Somebody is missing, and nothing is planned.
    pub unplanned: bool,
    /// A policy puts its vacancies first (`policy#rule`).
    pub first: Option<String>,
    /// What the policies say of it, in their words.
    pub said: Vec<String>,
    /// People who were nowhere in this part at the end of the year before.
    pub new: u32,
}

/// The use of the establishment of a county, and what of its new people went to primary care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountyUse {
    pub county: AreaCode,
    /// `None` = an approved number is not known.
    pub used: Option<Share>,
    pub primary: Share,
}

/// The vacancies of a part of the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vacancies {
    pub on: Date,
    /// Those without a plan first, of them those that a policy puts first.
    pub institutions: Vec<Vacant>,
    pub counties: Vec<CountyUse>,
}

/// The vacancies of a part of the records on a day.
pub async fn vacancies(
    office: &Office,
    actor: &Actor,
    part: &Part,
    on: Date,
    now: Timestamp,
) -> Result<Vacancies, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    permit_part(&mut reader, actor, Action::ReadRecruitment, part, today).await?;
    let evaluated = evaluate_part(office, &mut reader, part, When::on(on)).await?;
    let (year, _, _) = on.parts();
    let eve = Date::new(year - 1, 12, 31).unwrap_or(on);
    let before = evaluate_part(office, &mut reader, part, When::on(eve)).await?;
    let known = |ledger: &InstitutionLedger| {
        let house = ledger.house.as_ref();
        house.map_or(Vec::new(), |house| house.loaded.people.clone())
    };
    let rules = Rulings::of_all(office, evaluated.as_of, &evaluated.institutions);
    let there: BTreeSet<PersonId> = before.institutions.iter().flat_map(known).collect();
    let (mut institutions, mut filled) = (Vec::new(), BTreeMap::<AreaCode, Vec<Filled>>::new());
    for ledger in &evaluated.institutions {
        let Some(figures) = &ledger.figures else {
            continue;
        };
        let planned = planned(&mut reader, ledger.institution).await?;
        let own = vacant(figures, &rules, ledger.institution, planned, &there);
        let Some(vacant) = own else {
            continue;
        };
        let area = figures.institution().and_then(|house| house.area);
        if let Some(area) = area {
            filled.entry(area.county()).or_default().push(Filled {
                approved: vacant.approved,
                used: vacant.used,
                new: vacant.new,
                is_primary: vacant.kind.is_some_and(Kind::is_primary),
            });
        }
        institutions.push(vacant);
    }
    institutions.sort_by_key(|one| (!one.unplanned, one.first.is_none(), one.code.clone()));
    let counties = filled.into_iter().map(|(county, all)| {
        let (used, primary) = use_of(&all);
        CountyUse {
            county,
            used,
            primary,
        }
    });
    Ok(Vacancies {
        on,
        institutions,
        counties: counties.collect(),
    })
}

/// Places of the plans of an institution that are not over.
/// Places of an institution's plans that are not over.
pub(super) async fn planned(
    reader: &mut Reader,
    institution: InstitutionId,
) -> Result<u32, ServiceError> {
    let mut places = 0u32;
    for id in kept::of_institution(reader, institution).await? {
        let found = kept::find(reader, id).await?;
        let is_over = |state| matches!(state, PlanState::Closed | PlanState::Cancelled);
        if let Some(plan) = found.filter(|plan| !is_over(plan.state)) {
            places = places.saturating_add(plan.places());
        }
    }
    Ok(places)
}

fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}

/// The rules of institutions, compiled such that they can be asked of vacancies and of those
/// who apply from outside: each set of them once.
struct Rulings(Vec<(Arc<Ruled>, RulePlan)>);

impl Rulings {
    fn of_all(office: &Office, as_of: Month, ledgers: &[InstitutionLedger]) -> Self {
        let mut all: Vec<(Arc<Ruled>, RulePlan)> = Vec::new();
        for figures in ledgers.iter().filter_map(|one| one.figures.as_ref()) {
            let ruled = &figures.judged().ruled;
            if !all.iter().any(|(known, _)| Arc::ptr_eq(known, ruled)) {
                let plan = office.rulebook.asking(&ruled.rules, as_of);
                all.push((ruled.clone(), plan));
            }
        }
        Self(all)
    }

    fn of<'a>(&'a self, figures: &'a Figures) -> &'a RulePlan {
        let ruled = &figures.judged().ruled;
        let mut known = self.0.iter();
        let own = known.find(|(one, _)| Arc::ptr_eq(one, ruled));
        own.map_or(&ruled.plan, |(_, plan)| plan)
    }
}

/// People on the establishment.
fn used(figures: &Figures) -> u32 {
    let people = figures.house().loaded.register.people.iter();
    let on_it = people.filter(|person| person.employment == Employment::Establishment);
    count(on_it.count())
}

/// Establishment that is not occupied; `None` = not known.
pub(super) fn free(figures: &Figures) -> Option<u32> {
    let approved = figures.institution()?.establishment.total?;
    Some(approved.saturating_sub(used(figures)))
}

fn vacant(
    figures: &Figures,
    rules: &Rulings,
    id: InstitutionId,
    planned: u32,
    there: &BTreeSet<PersonId>,
) -> Option<Vacant> {
    let plan = rules.of(figures);
    let house = figures.institution()?;
    let vacant = free(figures);
    let asked = Asked {
        kind: house.kind,
        vacant: vacant.map(i64::from),
        planned: Some(planned > 0),
        ..Asked::default()
    };
    let new = figures.house().loaded.people.iter();
    Some(Vacant {
        institution: id,
        code: house.code.clone(),
        name: house.name.clone(),
        kind: house.kind,
        approved: house.establishment.total,
        used: used(figures),
        vacant,
        planned,
        unplanned: vacant.is_some_and(|vacant| vacant > 0) && planned == 0,
        first: asked.goes_first(plan).map(|rule| plan.name(rule)),
        said: asked.given(plan).words,
        new: count(new.filter(|person| !there.contains(person)).count()),
    })
}

/// The right that a move asks for.
const fn action(made: PlanMove, state: PlanState) -> Action {
    match (made, state) {
        (PlanMove::Endorse, _) | (PlanMove::SendBack, PlanState::Proposed) => {
            Action::EndorseRecruitment
        }
        (PlanMove::Approve | PlanMove::SendBack, _) => Action::ApproveRecruitment,
        _ => Action::PlanRecruitment,
    }
}

/// What an institution wants to fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub title: String,
    pub posts: Vec<PlannedPost>,
}

/// Begins a plan of recruitment.
pub async fn plan(
    office: &Office,
    actor: &Actor,
    institution: InstitutionId,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<RecruitmentId, ServiceError> {
    let planning = Planning {
        office,
        actor,
        institution,
        wanted,
        now,
    };
    office.store.write(planning).await
}

struct Planning<'a> {
    office: &'a Office,
    actor: &'a Actor,
    institution: InstitutionId,
    wanted: &'a Wanted,
    now: Timestamp,
}

impl Write for Planning<'_> {
    type Out = RecruitmentId;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<RecruitmentId, ServiceError> {
        let today = self.now.shanghai_day();
        let place = locus::of_institution(tx, self.institution, today).await?;
        let action = Action::PlanRecruitment;
        permit(self.actor, action, &Subject::Place(place.clone()))?;
        let plan = Plan {
            id: self.office.chance.id(self.now),
            version: Version::FIRST,
            institution: self.institution,
            state: PlanState::Draft,
            title: self.wanted.title.clone(),
            posts: self.wanted.posts.clone(),
        };
        hold(self.office, tx, &plan, today).await?;
        kept::add(tx, &plan, self.now).await?;
        let who = Who::actor(self.actor);
        let told = Told {
            after: Some(described(&plan)),
            ..Told::new(&who, What::Action(action), about(&plan, &place))
        };
        tell(self.office, tx, told, self.now).await?;
        Ok(plan.id)
    }
}

/// Holds a plan against the rules and the vacancies of a day.
async fn hold(
    office: &Office,
    reader: &mut Reader,
    plan: &Plan,
    on: Date,
) -> Result<(), ServiceError> {
    let part = Part::These(vec![plan.institution]);
    let evaluated = evaluate_part(office, reader, &part, When::on(on)).await?;
    let rules = Rulings::of_all(office, evaluated.as_of, &evaluated.institutions);
    let ledger = evaluated.institutions.into_iter().next();
    let figures = ledger.and_then(|ledger| ledger.figures);
    let allowed = |post: &PlannedPost| {
        let own = figures.as_ref();
        own.map_or(Vec::new(), |figures| {
            let asked = Asked {
                kind: figures.institution().and_then(|house| house.kind),
                urgent: Some(post.urgent.is_some()),
                hard: Some(post.hard),
                ..Asked::default()
            };
            asked.modes(rules.of(figures))
        })
    };
    let vacant = figures.as_ref().and_then(free);
    // what other plans of the institution are to fill is not free any more
    let mut others = planned(reader, plan.institution).await?;
    if let Some(before) = kept::find(reader, plan.id).await? {
        others = others.saturating_sub(before.places());
    }
    let vacant = vacant.map(|vacant| vacant.saturating_sub(others));
    let faults = plan.faults(&allowed, vacant);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.into())
    }
}

/// Moves a plan on.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    pub office: &'a Office,
    pub actor: &'a Actor,
    pub id: RecruitmentId,
    pub seen: Version,
    pub made: PlanMove,
    /// The plan instead of the one before, for [`PlanMove::Edit`].
    pub wanted: Option<&'a Wanted>,
    pub reason: Option<&'a str>,
    pub now: Timestamp,
}

impl Step<'_> {
    /// The plan afterwards. Candidates are recorded by [`register`].
    ///
    /// Refused: out of turn, [`Refusal::ReasonMissing`] where something comes back, what the
    /// rules say against its posts, [`Refusal::MoreThanVacant`].
    pub async fn run(self) -> Result<Plan, ServiceError> {
        let mut reader = self.office.store.read().await?;
        let found = kept::find(&mut reader, self.id).await?;
        let institution = found.ok_or(ServiceError::NotFound)?.institution;
        drop(reader);
        let stepping = Stepping {
            step: self,
            institution,
        };
        self.office.store.write(stepping).await
    }
}

/// Two plans of one institution must not count on the same vacancy: it is locked.
struct Stepping<'a> {
    step: Step<'a>,
    institution: InstitutionId,
}

impl Write for Stepping<'_> {
    type Out = Plan;
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        vec![self.institution]
    }

    async fn run(&self, tx: &mut Tx) -> Result<Plan, ServiceError> {
        let Step {
            office,
            actor,
            made,
            now,
            ..
        } = self.step;
        let today = now.shanghai_day();
        let (before, place) = found(tx, self.step.id, today).await?;
        let action = action(made, before.state);
        permit(actor, action, &Subject::Place(place.clone()))?;
        before.version.must_be(self.step.seen)?;
        let mut planned = before.clone();
        if let (PlanMove::Edit, Some(wanted)) = (made, self.step.wanted) {
            planned.title.clone_from(&wanted.title);
            planned.posts.clone_from(&wanted.posts);
        }
        let mut after = planned.step(made)?;
        let silent = self
            .step
            .reason
            .is_none_or(|reason| reason.trim().is_empty());
        if silent && matches!(made, PlanMove::SendBack | PlanMove::Cancel) {
            return Err(Refusal::ReasonMissing.into());
        }
        if matches!(
            made,
            PlanMove::Edit | PlanMove::Propose | PlanMove::Endorse | PlanMove::Approve
        ) {
            hold(office, tx, &after, today).await?;
        }
        kept::save(tx, before.version, &mut after).await?;
        let who = Who::actor(actor);
        let told = Told {
            before: Some(described(&before)),
            after: Some(described(&after)),
            reason: self.step.reason,
            ..Told::new(&who, What::Action(action), about(&after, &place))
        };
        tell(office, tx, told, now).await?;
        Ok(after)
    }
}

async fn found(
    reader: &mut Reader,
    id: RecruitmentId,
    today: Date,
) -> Result<(Plan, Locus), ServiceError> {
    let plan = kept::find(reader, id).await?;
    let plan = plan.ok_or(ServiceError::NotFound)?;
    let place = locus::of_institution(reader, plan.institution, today).await?;
    Ok((plan, place))
}

/// Records who applied for the posts of a plan that was approved, with their points.
///
/// Refused: out of turn, [`Refusal::NothingSaid`] without a number,
/// [`Refusal::NoSuchPost`].
pub async fn register(
    office: &Office,
    actor: &Actor,
    id: RecruitmentId,
    applicants: &[Applicant],
    now: Timestamp,
) -> Result<(), ServiceError> {
    let registering = Registering {
        office,
        actor,
        id,
        applicants,
        now,
    };
    office.store.write(registering).await
}

struct Registering<'a> {
    office: &'a Office,
    actor: &'a Actor,
    id: RecruitmentId,
    applicants: &'a [Applicant],
    now: Timestamp,
}

impl Write for Registering<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let today = self.now.shanghai_day();
        let (plan, place) = found(tx, self.id, today).await?;
        let action = Action::PlanRecruitment;
        permit(self.actor, action, &Subject::Place(place.clone()))?;
        plan.step(PlanMove::Rank)?;
        for one in self.applicants {
            if one.number.trim().is_empty() {
                return Err(Refusal::NothingSaid.into());
            }
            if one.post >= plan.posts.len() {
                return Err(Refusal::NoSuchPost.into());
            }
            if let Some(doctor) = one.rural_doctor
                && profile(tx, doctor, today).await?.is_none()
            {
                return Err(ServiceError::NotFound);
            }
            kept::put_applicant(tx, plan.id, one).await?;
        }
        let who = Who::actor(self.actor);
        let told = Told {
            after: Some(json!({ "applicants": self.applicants.len() })),
            ..Told::new(&who, What::Action(action), about(&plan, &place))
        };
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}

/// What is recorded of a rural doctor for a day.
async fn profile(
    reader: &mut Reader,
    id: Id<RuralDoctor>,
    on: Date,
) -> Result<Option<rural_doctor::Profile>, ServiceError> {
    let of = [id];
    let when = When::on(on);
    let rows = dated::at::<rural_doctor::Profile>(reader, Of::These(&of), when).await?;
    Ok(rows.into_iter().next().map(|row| row.fact))
}

/// Somebody who applied, with the place in the order of the post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    pub applicant: Applicant,
    /// A policy puts them first at equal points (`policy#rule`).
    pub first: Option<String>,
    /// From 1; those who are equal in everything share it.
    pub rank: usize,
    pub tied: bool,
    /// Somebody with the same points stands behind because of the rule.
    pub by_priority: bool,
}

/// A plan, and who applied, by post and in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub plan: Plan,
    pub ranked: Vec<Ranked>,
}

/// A plan in the actor's scope.
pub async fn find(
    office: &Office,
    actor: &Actor,
    id: RecruitmentId,
    now: Timestamp,
) -> Result<View, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let (plan, place) = found(&mut reader, id, today).await?;
    permit(actor, Action::ReadRecruitment, &Subject::Place(place))?;
    let applicants = kept::applicants(&mut reader, id).await?;
    let part = Part::These(vec![plan.institution]);
    let evaluated = evaluate_part(office, &mut reader, &part, When::on(today)).await?;
    let rules = Rulings::of_all(office, evaluated.as_of, &evaluated.institutions);
    let ledger = evaluated.institutions.into_iter().next();
    let figures = ledger.and_then(|ledger| ledger.figures);
    let mut firsts = Vec::new();
    for one in &applicants {
        let licence = match one.rural_doctor {
            Some(doctor) => profile(&mut reader, doctor, today).await?,
            None => None,
        };
        let licence = licence.map(|profile| profile.qualification);
        firsts.push(first(figures.as_ref(), &rules, licence));
    }
    let ranked = (0..plan.posts.len()).flat_map(|post| rank(post, &applicants, &firsts));
    Ok(View {
        ranked: ranked.collect(),
        plan,
    })
}

/// The rule that puts a rural doctor with a licence first, where one does.
fn first(
    figures: Option<&Figures>,
    rules: &Rulings,
    licence: Option<Qualification>,
) -> Option<String> {
    let figures = figures?;
    let kind = figures.institution()?.kind;
    let plan = rules.of(figures);
    let rule = candidate_first(plan, kind, licence.is_some(), licence)?;
    Some(plan.name(rule))
}

/// The order of those who applied for one post.
fn rank(post: usize, applicants: &[Applicant], firsts: &[Option<String>]) -> Vec<Ranked> {
    let own = applicants.iter().zip(firsts);
    let own: Vec<_> = own.filter(|(one, _)| one.post == post).collect();
    let candidates: Vec<Candidate> = own
        .iter()
        .map(|(one, first)| Candidate {
            points: one.points,
            first: first.is_some(),
        })
        .collect();
    let placed = order(&candidates).into_iter().filter_map(|placed: Placed| {
        let (applicant, first) = own.get(placed.candidate)?;
        Some(Ranked {
            applicant: (*applicant).clone(),
            first: (*first).clone(),
            rank: placed.rank,
            tied: placed.tied,
            by_priority: placed.by_priority,
        })
    });
    placed.collect()
}

/// The plans of an institution in the actor's scope, newest first.
pub async fn of_institution(
    office: &Office,
    actor: &Actor,
    institution: InstitutionId,
    now: Timestamp,
) -> Result<Vec<Plan>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let place = locus::of_institution(&mut reader, institution, today).await?;
    permit(actor, Action::ReadRecruitment, &Subject::Place(place))?;
    let mut plans = Vec::new();
    for id in kept::of_institution(&mut reader, institution).await? {
        plans.extend(kept::find(&mut reader, id).await?);
    }
    Ok(plans)
}

fn about(plan: &Plan, place: &Locus) -> About {
    About {
        noun: "recruitment".to_owned(),
        id: plan.id.to_string(),
        area: place.area,
        institution: Some(plan.institution),
    }
}

fn described(plan: &Plan) -> Value {
    let posts = plan.posts.iter().map(|post| {
        json!({
            "title": post.title,
            "places": post.places,
            "urgent": post.urgent,
            "hard": post.hard,
            "mode": post.mode.key(),
        })
    });
    json!({
        "version": plan.version.number(),
        "state": plan.state.key(),
        "title": plan.title,
        "posts": posts.collect::<Vec<_>>(),
    })
}
