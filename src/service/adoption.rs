//! Policies adopted by a place: somebody proposes, somebody else adopts or declines. What
//! is adopted is recorded like any other dated fact.

use super::record::{self, Doing, place_code, told, unless_refused};
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::adoption::{Adoption, Matter, Proposal, ProposalState, RuleHandling};
use crate::domain::audit::{About, What, Who};
use crate::domain::ids::AreaCode;
use crate::domain::place::Place;
use crate::domain::record::{Id, Validity};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Adoption as Before, Hand, Locus, Subject, permit};
use crate::domain::sound::{Sound, check_validity};
use crate::domain::time::Timestamp;
use crate::store::change::Recording;
use crate::store::dated::{self, Fact, Statement};
use crate::store::{Reader, StoreError, Tx, Write, adoption, subject};
use serde_json::{Value, json};

fn before(area: AreaCode, proposed_by: Option<Hand>) -> Subject {
    Subject::Adoption(Before { area, proposed_by })
}

/// Something that is proposed.
#[derive(Clone, Debug)]
pub struct Proposing<'a> {
    pub place: Id<Place>,
    pub matter: Matter,
    pub validity: Validity,
    pub reason: &'a str,
}

/// Proposes that a place adopts something, for somebody else to decide.
pub async fn propose(
    office: &Office,
    actor: &Actor,
    proposing: &Proposing<'_>,
    now: Timestamp,
) -> Result<Proposal, ServiceError> {
    let doing = Doing {
        office,
        actor,
        action: Action::ProposeAdoption,
        now,
        houses: Vec::new(),
    };
    office.store.write(Propose { doing, proposing }).await
}

struct Propose<'a> {
    doing: Doing<'a>,
    proposing: &'a Proposing<'a>,
}

impl Write for Propose<'_> {
    type Out = Proposal;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Proposal, ServiceError> {
        let Self { doing, proposing } = self;
        let area = place_code(tx, proposing.place).await?;
        permit(doing.actor, doing.action, &before(area, None))?;
        unless_refused(check(doing.office, proposing))?;
        let who = Who::actor(doing.actor);
        let proposal = Proposal {
            id: doing.office.chance.id(doing.now),
            place: proposing.place,
            matter: proposing.matter.clone(),
            validity: proposing.validity,
            reason: proposing.reason.to_owned(),
            proposed_at: doing.now,
            proposed_by: doing.actor.hand(),
            author: who.name.clone(),
            office: who.office.clone(),
            state: ProposalState::Open,
            decided_at: None,
            change: None,
        };
        adoption::propose(tx, &proposal).await?;
        tell_of(doing, tx, &proposal, area, Some(proposing.reason), None).await?;
        Ok(proposal)
    }
}

/// What is wrong with a proposal: the policy and the rule are shipped or loaded, and only
/// what is adopted can be abandoned when it comes to be decided.
fn check(office: &Office, proposing: &Proposing<'_>) -> Vec<Refusal> {
    let mut out = check_validity(proposing.validity);
    out.extend(record::check_reason(Some(proposing.reason), true));
    match &proposing.matter {
        Matter::Adopt(adoption) => out.extend(adoption.refusals()),
        Matter::Handle(handling) => out.extend(handling.refusals()),
        Matter::Abandon { .. } | Matter::Release { .. } => {
            if proposing.validity.until.is_some() {
                out.push(Refusal::WrongSlot { field: "until" });
            }
        }
    }
    let mut policies = office.rulebook.policies.iter();
    let policy = policies.find(|policy| policy.id == proposing.matter.policy());
    match (policy, proposing.matter.rule()) {
        (None, _) => out.push(Refusal::NoSuchThing { field: "policy" }),
        (Some(policy), Some(rule)) if !policy.rules.iter().any(|one| one.id == rule) => {
            out.push(Refusal::NoSuchThing { field: "rule" });
        }
        _ => {}
    }
    out
}

/// How a proposal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is recorded. Never by whoever proposed it.
    Adopt,
    Decline,
    /// Whoever may propose takes it back.
    Withdraw,
}

impl Decision {
    const fn action(self) -> Action {
        match self {
            Self::Adopt | Self::Decline => Action::Adopt,
            Self::Withdraw => Action::ProposeAdoption,
        }
    }

    const fn state(self) -> ProposalState {
        match self {
            Self::Adopt => ProposalState::Adopted,
            Self::Decline => ProposalState::Declined,
            Self::Withdraw => ProposalState::Withdrawn,
        }
    }
}

/// Decides a proposal that is open.
pub async fn decide(
    office: &Office,
    actor: &Actor,
    proposal: Id<Proposal>,
    decision: Decision,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<Proposal, ServiceError> {
    let doing = Doing {
        office,
        actor,
        action: decision.action(),
        now,
        houses: Vec::new(),
    };
    let decide = Decide {
        doing,
        proposal,
        decision,
        reason,
    };
    office.store.write(decide).await
}

struct Decide<'a> {
    doing: Doing<'a>,
    proposal: Id<Proposal>,
    decision: Decision,
    reason: Option<&'a str>,
}

impl Write for Decide<'_> {
    type Out = Proposal;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Proposal, ServiceError> {
        let Self {
            doing,
            decision,
            reason,
            ..
        } = self;
        let proposal = adoption::proposal(tx, self.proposal).await?;
        let mut proposal = proposal.ok_or(ServiceError::NotFound)?;
        let area = place_code(tx, proposal.place).await?;
        let subject = before(area, Some(proposal.proposed_by));
        permit(doing.actor, doing.action, &subject)?;
        unless_refused(record::check_reason(*reason, false))?;
        if proposal.state != ProposalState::Open {
            return Err(Refusal::ProposalClosed.into());
        }
        let recording = match decision {
            Decision::Adopt => {
                let mut recording = doing.begin(tx, reason.or(Some(&proposal.reason))).await?;
                adopt(tx, &mut recording, &proposal).await?;
                subject::touch_all(tx, &[proposal.place]).await?;
                Some(recording)
            }
            Decision::Decline | Decision::Withdraw => None,
        };
        let change = recording.as_ref().map(|recording| recording.change);
        let (id, state) = (proposal.id, decision.state());
        if !adoption::decide(tx, id, state, doing.now, change).await? {
            return Err(Refusal::ProposalClosed.into());
        }
        proposal.state = state;
        proposal.decided_at = Some(doing.now);
        proposal.change = change;
        tell_of(doing, tx, &proposal, area, *reason, recording.as_ref()).await?;
        Ok(proposal)
    }
}

/// Records what was proposed.
async fn adopt(
    tx: &mut Tx,
    recording: &mut Recording,
    proposal: &Proposal,
) -> Result<(), ServiceError> {
    let Proposal {
        place, validity, ..
    } = *proposal;
    let handled = |policy: &str, rule: &str| format!("{policy} {rule}");
    let nothing = Refusal::NothingHolds { on: validity.from };
    match &proposal.matter {
        Matter::Adopt(adoption) => {
            let slot = adoption.policy.clone();
            state(tx, recording, place, slot, Some(adoption.clone()), validity).await?;
        }
        Matter::Handle(handling) => {
            let slot = handled(&handling.policy, &handling.rule);
            state(tx, recording, place, slot, Some(handling.clone()), validity).await?;
        }
        Matter::Abandon { policy } => {
            let held = record::holding::<Adoption>(tx, place, policy, validity.from).await?;
            held.ok_or(nothing)?;
            state::<Adoption>(tx, recording, place, policy.clone(), None, validity).await?;
        }
        Matter::Release { policy, rule } => {
            let slot = handled(policy, rule);
            let held = record::holding::<RuleHandling>(tx, place, &slot, validity.from).await?;
            held.ok_or(nothing)?;
            state::<RuleHandling>(tx, recording, place, slot, None, validity).await?;
        }
    }
    Ok(())
}

async fn state<F: Fact<Subject = Place>>(
    tx: &mut Tx,
    recording: &mut Recording,
    place: Id<Place>,
    slot: String,
    fact: Option<F>,
    validity: Validity,
) -> Result<(), StoreError> {
    let statement = Statement {
        subject: place,
        slot,
        fact,
        on: validity.from,
        until: validity.until,
    };
    dated::state(tx, recording, statement).await.map(|_| ())
}

/// The proposals for a place in the actor's scope, oldest first.
pub async fn proposals(
    office: &Office,
    actor: &Actor,
    place: Id<Place>,
) -> Result<Vec<Proposal>, ServiceError> {
    let mut reader: Reader = office.store.snapshot().await?;
    let area = place_code(&mut reader, place).await?;
    let lies = Subject::Place(Locus::area(area));
    permit(actor, Action::ReadPlace, &lies)?;
    Ok(adoption::proposals(&mut reader, place).await?)
}

/// A proposal as the trail tells it.
fn described(proposal: &Proposal) -> Value {
    let matter = match &proposal.matter {
        Matter::Adopt(adoption) => told(&adoption.policy, proposal.validity, adoption),
        Matter::Handle(handling) => told(&handling.rule, proposal.validity, handling),
        Matter::Abandon { .. } | Matter::Release { .. } => json!({
            "from": proposal.validity.from.to_string(),
        }),
    };
    json!({
        "proposal": proposal.id.to_string(),
        "matter": proposal.matter.key(),
        "policy": proposal.matter.policy(),
        "rule": proposal.matter.rule(),
        "state": proposal.state.key(),
        "what": matter,
    })
}

async fn tell_of(
    doing: &Doing<'_>,
    tx: &mut Tx,
    proposal: &Proposal,
    area: AreaCode,
    reason: Option<&str>,
    recording: Option<&Recording>,
) -> Result<(), StoreError> {
    let who = Who::actor(doing.actor);
    let about = About {
        noun: "place".to_owned(),
        id: proposal.place.to_string(),
        area: Some(area),
        institution: None,
    };
    let told = Told {
        after: Some(described(proposal)),
        reason,
        change: recording.map(|recording| recording.change),
        ..Told::new(&who, What::Action(doing.action), about)
    };
    tell(doing.office, tx, told, doing.now).await
}
