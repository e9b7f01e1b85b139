//! Competition rounds: planned by the institution, approved by the county, scored by those
//! who recommend, ranked with ties shown. The first ones are recommended like any other
//! application, and keep their places from then on.

use super::bench::Decided;
use super::promotion::Act;
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::audit::{About, What, Who};
use crate::domain::promotion::{Application, Command, State, Subject as Begun};
use crate::domain::record::Version;
use crate::domain::record_id::{ApplicationId, InstitutionId, RoundId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Locus, Subject, permit, reach};
use crate::domain::round::{
    Allocation, Plan, Ranked, Round, RoundMove, RoundState, Score, allocate, ranking,
};
use crate::domain::time::{Date, Timestamp};
use crate::store::promotion::{self as applications, Wanted};
use crate::store::{Reader, Tx, Write, locus, round as kept};
use serde_json::{Value, json};

/// The right that a move asks for.
const fn action(made: RoundMove) -> Action {
    match made {
        RoundMove::SendBack | RoundMove::Approve => Action::ApproveRound,
        _ => Action::PlanRound,
    }
}

/// Plans a round.
pub async fn plan(
    office: &Office,
    actor: &Actor,
    institution: InstitutionId,
    plan: &Plan,
    now: Timestamp,
) -> Result<RoundId, ServiceError> {
    let planning = Planning {
        office,
        actor,
        institution,
        plan,
        now,
    };
    office.store.write(planning).await
}

struct Planning<'a> {
    office: &'a Office,
    actor: &'a Actor,
    institution: InstitutionId,
    plan: &'a Plan,
    now: Timestamp,
}

impl Write for Planning<'_> {
    type Out = RoundId;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<RoundId, ServiceError> {
        let today = self.now.shanghai_day();
        let place = locus::of_institution(tx, self.institution, today).await?;
        permit(
            self.actor,
            Action::PlanRound,
            &Subject::Place(place.clone()),
        )?;
        let faults = self.plan.faults();
        if !faults.is_empty() {
            return Err(faults.into());
        }
        let round = Round {
            id: self.office.chance.id(self.now),
            version: Version::FIRST,
            institution: self.institution,
            state: RoundState::Draft,
            plan: self.plan.clone(),
        };
        kept::add(tx, &round, self.now).await?;
        let who = Who::actor(self.actor);
        let told = Told {
            after: Some(described(&round)),
            ..Told::new(&who, What::Action(Action::PlanRound), about(&round, &place))
        };
        tell(self.office, tx, told, self.now).await?;
        Ok(round.id)
    }
}

/// Moves a round on.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    pub office: &'a Office,
    pub actor: &'a Actor,
    pub id: RoundId,
    pub seen: Version,
    pub made: RoundMove,
    /// The plan instead of the one before, for [`RoundMove::Edit`].
    pub plan: Option<&'a Plan>,
    pub reason: Option<&'a str>,
    pub now: Timestamp,
}

impl Step<'_> {
    /// The round afterwards. Points are given by [`score`].
    pub async fn run(self) -> Result<Round, ServiceError> {
        self.office.store.write(self).await
    }
}

impl Write for Step<'_> {
    type Out = Round;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Round, ServiceError> {
        let (before, place) = found(tx, self.id, self.now.shanghai_day()).await?;
        let action = action(self.made);
        permit(self.actor, action, &Subject::Place(place.clone()))?;
        before.version.must_be(self.seen)?;
        let mut planned = before.clone();
        if let (RoundMove::Edit, Some(plan)) = (self.made, self.plan) {
            planned.plan = plan.clone();
        }
        let mut after = planned.step(self.made, self.now.shanghai_day())?;
        kept::save(tx, before.version, &mut after).await?;
        let who = Who::actor(self.actor);
        let told = Told {
            before: Some(described(&before)),
            after: Some(described(&after)),
            reason: self.reason,
            ..Told::new(&who, What::Action(action), about(&after, &place))
        };
        tell(self.office, tx, told, self.now).await?;
        Ok(after)
    }
}

async fn found(
    reader: &mut Reader,
    id: RoundId,
    today: Date,
) -> Result<(Round, Locus), ServiceError> {
    let round = kept::find(reader, id).await?;
    let round = round.ok_or(ServiceError::NotFound)?;
    let place = locus::of_institution(reader, round.institution, today).await?;
    Ok((round, place))
}

/// Points for one application and criterion, in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Points {
    pub application: ApplicationId,
    pub criterion: usize,
    pub points: u32,
}

/// Gives points, instead of those the actor gave before.
pub async fn score(
    office: &Office,
    actor: &Actor,
    id: RoundId,
    points: &[Points],
    now: Timestamp,
) -> Result<(), ServiceError> {
    let scoring = Scoring {
        office,
        actor,
        id,
        points,
        now,
    };
    office.store.write(scoring).await
}

struct Scoring<'a> {
    office: &'a Office,
    actor: &'a Actor,
    id: RoundId,
    points: &'a [Points],
    now: Timestamp,
}

impl Write for Scoring<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let today = self.now.shanghai_day();
        let (round, place) = found(tx, self.id, today).await?;
        permit(
            self.actor,
            Action::ReadRound,
            &Subject::Place(place.clone()),
        )?;
        reach(self.actor, Action::Score)?;
        round.step(RoundMove::Score, today)?;
        for given in self.points {
            let application = applications::find(tx, given.application).await?;
            let application = application.ok_or(ServiceError::NotFound)?;
            let case = super::promotion::case(&application, place.clone());
            permit(self.actor, Action::Score, &Subject::Application(case))?;
            if application.round != Some(round.id) {
                return Err(Refusal::NotOfRound.into());
            }
            if let Some(against) = round.score_against(given.criterion, given.points) {
                return Err(against.into());
            }
            let score = Score {
                application: given.application,
                criterion: given.criterion,
                points: given.points,
                scorer: self.actor.account.to_string(),
                given: self.now,
            };
            kept::score(tx, round.id, &score).await?;
            let who = Who::actor(self.actor);
            let about = super::promotion::about(&application, &place);
            let told = Told {
                after: Some(json!({ "criterion": given.criterion, "points": given.points })),
                ..Told::new(&who, What::Action(Action::Score), about)
            };
            tell(self.office, tx, told, self.now).await?;
        }
        Ok(())
    }
}

/// A round with its applications in their order.
#[derive(Clone, Debug)]
pub struct View {
    pub round: Round,
    pub applications: Vec<Application>,
    pub order: Vec<Ranked>,
    /// Its places given by the order.
    pub allocation: Allocation,
}

/// A round in the actor's scope.
pub async fn find(
    office: &Office,
    actor: &Actor,
    id: RoundId,
    now: Timestamp,
) -> Result<View, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let (round, place) = found(&mut reader, id, now.shanghai_day()).await?;
    permit(actor, Action::ReadRound, &Subject::Place(place))?;
    view(&mut reader, round).await
}

/// The rounds of an institution in the actor's scope, newest first.
pub async fn of_institution(
    office: &Office,
    actor: &Actor,
    institution: InstitutionId,
    now: Timestamp,
) -> Result<Vec<Round>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let place = locus::of_institution(&mut reader, institution, today).await?;
    permit(actor, Action::ReadRound, &Subject::Place(place))?;
    let mut rounds = Vec::new();
    for id in kept::of_institution(&mut reader, institution).await? {
        rounds.extend(kept::find(&mut reader, id).await?);
    }
    Ok(rounds)
}

async fn view(reader: &mut Reader, round: Round) -> Result<View, ServiceError> {
    let wanted = Wanted {
        round: Some(round.id),
        ..Wanted::default()
    };
    let mut all = Vec::new();
    for id in applications::list(reader, &wanted, u32::MAX).await? {
        let found = applications::find(reader, id).await?;
        let out = |state| matches!(state, State::Draft | State::Withdrawn | State::Lapsed);
        all.extend(found.filter(|one| !out(one.state)));
    }
    let scores = kept::scores(reader, round.id).await?;
    let ids: Vec<ApplicationId> = all.iter().map(|one| one.id).collect();
    let order = ranking(&round, &ids, &scores);
    let places: u32 = round.plan.offered.iter().map(|one| one.places).sum();
    Ok(View {
        allocation: allocate(usize::try_from(places).unwrap_or(usize::MAX), &order),
        round,
        applications: all,
        order,
    })
}

/// Rounds of an institution that were published, newest first, for everybody who works there.
pub async fn published(
    office: &Office,
    actor: &Actor,
    institution: InstitutionId,
    now: Timestamp,
) -> Result<Vec<Round>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let place = locus::of_institution(&mut reader, institution, today).await?;
    permit(actor, Action::ReadNotice, &Subject::Notice(place))?;
    let mut rounds = Vec::new();
    for id in kept::of_institution(&mut reader, institution).await? {
        let found = kept::find(&mut reader, id).await?;
        let hidden = |state| {
            matches!(
                state,
                RoundState::Draft | RoundState::Proposed | RoundState::Cancelled
            )
        };
        rounds.extend(found.filter(|round| !hidden(round.state)));
    }
    Ok(rounds)
}

/// Recommends those who are certainly among the first, in their order, so that their places
/// are kept: each whole or not at all. Those tied for the last places are recommended one by
/// one, with a reason.
pub async fn reserve(
    office: &Office,
    actor: &Actor,
    id: RoundId,
    now: Timestamp,
) -> Result<Vec<Decided>, ServiceError> {
    reach(actor, Action::Recommend)?;
    let View {
        applications,
        allocation,
        ..
    } = find(office, actor, id, now).await?;
    let mut done = Vec::new();
    for first in &allocation.given {
        let found = applications.iter().find(|one| one.id == *first);
        let waits = found.filter(|one| one.state == State::InstitutionReview);
        let Some(application) = waits else {
            continue;
        };
        let act = Act {
            office,
            actor,
            id: application.id,
            seen: application.version,
            command: &Command::recommend(),
            override_reason: None,
            now,
        };
        done.push((application.id, act.run().await));
    }
    Ok(done)
}

/// Whether a draft may join its round.
pub(super) async fn must_take(
    reader: &mut Reader,
    subject: &Begun,
    today: Date,
) -> Result<(), ServiceError> {
    let Some(id) = subject.round else {
        return Ok(());
    };
    let (round, _) = found(reader, id, today).await?;
    let offers = round.plan.offered.iter();
    let mut offers = offers.filter(|one| one.rank == subject.target.rank);
    if round.institution != subject.institution || offers.next().is_none() {
        return Err(Refusal::NotOfRound.into());
    }
    if !round.takes_applications(today) {
        return Err(Refusal::WindowClosed.into());
    }
    Ok(())
}

/// Whether the round of an application is over without it: cancelled, or closed before it was
/// recommended.
pub(super) async fn is_over(
    reader: &mut Reader,
    application: &Application,
) -> Result<bool, ServiceError> {
    let Some(id) = application.round else {
        return Ok(false);
    };
    let round = kept::find(reader, id).await?;
    let waits = matches!(
        application.state,
        State::Draft | State::Submitted | State::InstitutionReview
    );
    Ok(match round.map(|round| round.state) {
        Some(RoundState::Cancelled) => true,
        Some(RoundState::Closed) => waits,
        _ => false,
    })
}

/// Whether an application of a round may be recommended: it is certainly among the first,
/// or tied for the last places and somebody says why it goes first.
pub(super) async fn must_be_first(
    reader: &mut Reader,
    application: &Application,
    reason: Option<&str>,
    today: Date,
) -> Result<(), ServiceError> {
    let Some(id) = application.round else {
        return Ok(());
    };
    let (round, _) = found(reader, id, today).await?;
    if round.state != RoundState::Ranked {
        return Err(Refusal::RoundOutOfTurn {
            state: round.state,
            tried: RoundMove::Rank,
        }
        .into());
    }
    let places: u32 = round.plan.offered.iter().map(|one| one.places).sum();
    let view = view(reader, round).await?;
    let chosen = reason.is_some_and(|reason| !reason.trim().is_empty());
    let Allocation { given, tied, .. } = &view.allocation;
    if given.contains(&application.id) || (chosen && tied.contains(&application.id)) {
        return Ok(());
    }
    let rank = view
        .order
        .iter()
        .find(|one| one.application == application.id);
    Err(Refusal::NotAmongFirst {
        rank: rank.map_or(0, |one| one.rank),
        places,
    }
    .into())
}

fn about(round: &Round, place: &Locus) -> About {
    About {
        noun: "round".to_owned(),
        id: round.id.to_string(),
        area: place.area,
        institution: Some(round.institution),
    }
}

fn described(round: &Round) -> Value {
    let plan = &round.plan;
    let offered = plan.offered.iter().map(|one| {
        json!({
            "rank": one.rank.key(),
            "grade": one.grade.map(|grade| grade.number()),
            "places": one.places,
        })
    });
    let criteria = plan
        .criteria
        .iter()
        .map(|one| json!({ "name": one.name, "most": one.most }));
    json!({
        "round": round.id.to_string(),
        "version": round.version.number(),
        "state": round.state.key(),
        "title": plan.title,
        "term_months": plan.term_months,
        "training": plan.training.map(|one| json!({
            "kind": one.kind.key(),
            "hours": one.hours,
            "since": one.since.map(|day| day.to_string()),
        })),
        "from": plan.from.to_string(),
        "to": plan.to.to_string(),
        "offered": offered.collect::<Vec<_>>(),
        "criteria": criteria.collect::<Vec<_>>(),
    })
}
