//! Adopting policies: somebody proposes, everybody concerned can see what it would change,
//! and somebody else adopts.

use super::ledger::{self, Evaluated, Figures, Gathered, Together};
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::adoption::{Draft, Proposal, ProposalState, RuleHandling};
use crate::domain::audit::{About, What, Who};
use crate::domain::change::Author;
use crate::domain::ids::AreaCode;
use crate::domain::place::Place;
use crate::domain::promotion::Routes;
use crate::domain::record::{Id, When};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{self, Action, Actor, Hand, Subject, permit, reach};
use crate::domain::time::Timestamp;
use crate::policy::adopted::{Adopted, Adoptions, Handled, NotApplied, not_applied};
use crate::report::figures;
use crate::rules::assessment::Assessment;
use crate::rules::figures::{
    AdoptionImpact, FindingChange, FindingLine, HolderChange, InstitutionChange, RestsOn,
};
use crate::rules::finding::Finding;
use crate::rules::impact::{Change, Impact, Said, Side, compare};
use crate::rules::verdict::Verdict;
use crate::store::dated::{self, Statement};
use crate::store::register::Part;
use crate::store::{Reader, Tx, Write, adoption, change, subject};
use serde_json::{Value, json};

/// The policies that apply in a place on a day, and how they come to.
pub async fn in_force(
    office: &Office,
    actor: &Actor,
    area: AreaCode,
    when: When,
) -> Result<RestsOn, ServiceError> {
    permit(actor, Action::ReadPolicy, &Subject::Common)?;
    let mut reader = office.store.snapshot().await?;
    let adoptions = ledger::adoptions(&mut reader, when).await?;
    let in_force = office.rulebook.of(&adoptions, Some(area), when.on);
    Ok(figures::rests_on(&in_force))
}

/// How rules are applied in a place on a day: of each rule what the nearest place says.
pub async fn handling(
    office: &Office,
    actor: &Actor,
    area: AreaCode,
    when: When,
) -> Result<Vec<RuleHandling>, ServiceError> {
    permit(actor, Action::ReadPolicy, &Subject::Common)?;
    let mut reader = office.store.snapshot().await?;
    let adoptions = ledger::adoptions(&mut reader, when).await?;
    let in_force = office.rulebook.of(&adoptions, Some(area), when.on);
    let handled = in_force.handled.into_iter();
    Ok(handled.map(|handled| handled.handling).collect())
}

/// The proposals in the actor's scope, newest first.
pub async fn proposals(office: &Office, actor: &Actor) -> Result<Vec<Proposal>, ServiceError> {
    let scope = reach(actor, Action::ProposeAdoption)?;
    let mut reader = office.store.read().await?;
    Ok(adoption::proposals(&mut reader, &scope.filter()).await?)
}

fn about_area(area: AreaCode, proposed_by: Option<Hand>) -> Subject {
    Subject::Adoption(rights::Adoption { area, proposed_by })
}

/// A proposal, with whoever may not decide it.
async fn found(
    reader: &mut Reader,
    actor: &Actor,
    action: Action,
    id: Id<Proposal>,
) -> Result<Proposal, ServiceError> {
    let proposal = adoption::proposal(reader, id).await?;
    let proposal = proposal.ok_or(ServiceError::NotFound)?;
    let subject = about_area(proposal.draft.area, Some(proposal.proposed_by));
    permit(actor, action, &subject)?;
    Ok(proposal)
}

/// One proposal.
///
/// Not found: there is none, or it is for a place outside the actor's scope.
pub async fn proposal(
    office: &Office,
    actor: &Actor,
    id: Id<Proposal>,
) -> Result<Proposal, ServiceError> {
    let mut reader = office.store.read().await?;
    found(&mut reader, actor, Action::ProposeAdoption, id).await
}

/// What stands against a draft, whoever makes it.
fn refusals(office: &Office, draft: &Draft, before: &Adoptions) -> Vec<Refusal> {
    let id = &draft.adoption.policy;
    let policy = || id.clone();
    let Some(found) = office.rulebook.find(id) else {
        return vec![Refusal::NoSuchPolicy { policy: policy() }];
    };
    if office.rulebook.is_always(id) {
        return vec![Refusal::PolicyAppliesEverywhere { policy: policy() }];
    }
    let mut refusals = Vec::new();
    let mut adopted = before.adopted.iter();
    let is_adopted = adopted.any(|one| one.area == draft.area && one.adoption.policy == *id);
    if draft.ends && !is_adopted {
        refusals.push(Refusal::NotAdopted { policy: policy() });
    }
    match not_applied(&found, draft.area, draft.on) {
        Some(NotApplied::OtherPlace(place)) => refusals.push(Refusal::PolicyForOtherPlace {
            policy: policy(),
            place: place.to_string(),
        }),
        Some(NotApplied::Over(_) | NotApplied::Repealed) if !draft.ends => {
            refusals.push(Refusal::PolicyOver { policy: policy() });
        }
        _ => {}
    }
    let route = draft.adoption.approval_route.as_deref().unwrap_or_default();
    if let Err(bad) = Routes::read(route) {
        refusals.push(Refusal::RouteUnreadable {
            line: bad.text().trim().to_owned(),
        });
    }
    let unknown = draft.handling.iter();
    let unknown = unknown.filter(|(rule, _)| found.rule(rule).is_none());
    refusals.extend(unknown.map(|(rule, _)| Refusal::NoSuchRule {
        policy: policy(),
        rule: rule.clone(),
    }));
    refusals
}

/// What is adopted anywhere once a draft is adopted.
fn with(draft: &Draft, mut adoptions: Adoptions) -> Adoptions {
    let id = &draft.adoption.policy;
    let own = |area: AreaCode, policy: &str| area == draft.area && policy == id;
    adoptions
        .adopted
        .retain(|one| !own(one.area, &one.adoption.policy));
    let said = |rule: &str| draft.ends || draft.handling.iter().any(|(own, _)| own == rule);
    adoptions
        .handled
        .retain(|one| !(own(one.area, &one.handling.policy) && said(&one.handling.rule)));
    if !draft.ends {
        adoptions.adopted.push(Adopted {
            area: draft.area,
            since: draft.on,
            adoption: draft.adoption.clone(),
        });
        let handled = draft.handling.iter().map(|(rule, handling)| Handled {
            area: draft.area,
            handling: RuleHandling {
                policy: id.clone(),
                rule: rule.clone(),
                handling: *handling,
            },
        });
        adoptions.handled.extend(handled);
    }
    adoptions
}

/// What a draft would change for the institutions of its area and for their people, on the
/// day from which it is to hold. Nothing is written.
pub async fn impact(
    office: &Office,
    actor: &Actor,
    draft: &Draft,
) -> Result<AdoptionImpact, ServiceError> {
    permit(
        actor,
        Action::ProposeAdoption,
        &about_area(draft.area, None),
    )?;
    let mut reader = office.store.snapshot().await?;
    let part = Part::Area(draft.area);
    let when = When::on(draft.on);
    let mut gathered = Gathered::read(office, &mut reader, &part, when).await?;
    drop(reader);
    let refusals = refusals(office, draft, &gathered.adoptions);
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let before = gathered.judge(office);
    gathered.adoptions = with(draft, gathered.adoptions);
    let after = gathered.judge(office);
    Ok(changes(&before, &after))
}

fn changes(before: &Evaluated, after: &Evaluated) -> AdoptionImpact {
    let pairs = before.institutions.iter().zip(&after.institutions);
    let institutions = pairs
        .filter_map(|(a, b)| institution_change(a.figures.as_ref()?, b.figures.as_ref()?, &a.code));
    let pairs = before.counties.iter().zip(&after.counties);
    let counties = pairs.filter_map(|(a, b)| {
        let changes = group_changes(a.said.as_ref()?, b.said.as_ref()?);
        (!changes.is_empty()).then_some((b.code, changes))
    });
    AdoptionImpact {
        on: before.on,
        institutions: institutions.collect(),
        counties: counties.collect(),
        unknown: after.unknown(),
    }
}

fn institution_change(a: &Figures, b: &Figures, code: &str) -> Option<InstitutionChange> {
    let (from, to) = (a.judged(), b.judged());
    if from.ruled.rules == to.ruled.rules {
        return None;
    }
    let assessment = |figures: &Figures| Assessment {
        people: figures.judged().people.clone(),
        institutions: vec![figures.result().clone()],
        ..Assessment::default()
    };
    let (before, after) = (assessment(a), assessment(b));
    let from_side = Side {
        plan: &from.ruled.plan,
        assessment: &before,
    };
    let to_side = Side {
        plan: &to.ruled.plan,
        assessment: &after,
    };
    let Impact {
        institutions,
        people,
        ..
    } = compare(&to.data, from_side, to_side);
    if institutions.is_empty() && people.is_empty() {
        return None;
    }
    let (old, new) = (a.source(), b.source());
    let own = institutions.into_iter().next();
    let (places, findings) = own.map_or((Vec::new(), Vec::new()), |one| (one.places, one.findings));
    let findings = findings
        .into_iter()
        .map(|change| finding_change(change, &old, &new, Some(0)));
    let standing = |source: &figures::Source<'_>, said: Said<Verdict>| {
        let (id, verdict) = said?;
        let (policy, rule) = source.plan.rule(id)?;
        Some((policy.id.clone(), rule.id.clone(), verdict))
    };
    let people = people.into_iter().filter_map(|one| {
        let standings = one.standings.into_iter().map(|change| Change {
            from: standing(&old, change.from),
            to: standing(&new, change.to),
        });
        Some(HolderChange {
            holder: new.holder(one.row)?,
            ledger: one.ledger,
            retirement: one.retirement,
            standings: standings.collect(),
        })
    });
    Some(InstitutionChange {
        id: b.house().id,
        code: code.to_owned(),
        name: b
            .institution()
            .map_or_else(String::new, |one| one.name.clone()),
        places,
        findings: findings.collect(),
        people: people.collect(),
    })
}

fn group_changes(a: &Together, b: &Together) -> Vec<FindingChange> {
    let side = |together: &Together| Assessment {
        counties: vec![together.findings.clone()],
        ..Assessment::default()
    };
    let (before, after) = (side(a), side(b));
    let from = Side {
        plan: &a.grouped.ruled.plan,
        assessment: &before,
    };
    let to = Side {
        plan: &b.grouped.ruled.plan,
        assessment: &after,
    };
    let impact = compare(&crate::rules::data::Data::default(), from, to);
    let changes = impact.counties.into_iter().flat_map(|(_, changes)| changes);
    let line = |together: &Together, said: Said<Finding>| -> Option<FindingLine> {
        together.line(&said?.1)
    };
    changes
        .map(|change| FindingChange {
            before: line(a, change.from),
            after: line(b, change.to),
        })
        .collect()
}

fn finding_change(
    change: Change<Said<Finding>>,
    old: &figures::Source<'_>,
    new: &figures::Source<'_>,
    of: Option<usize>,
) -> FindingChange {
    let line = |source: &figures::Source<'_>, said: Said<Finding>| source.finding(&said?.1, of);
    FindingChange {
        before: line(old, change.from),
        after: line(new, change.to),
    }
}

/// Proposes that a place adopts a policy, or ends its adoption.
///
/// Refused: there is no such policy or rule, it is not for this place or not any more, it
/// applies anyway, or there is nothing to end.
pub async fn propose(
    office: &Office,
    actor: &Actor,
    draft: &Draft,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<Id<Proposal>, ServiceError> {
    let proposing = Proposing {
        office,
        actor,
        draft,
        reason,
        now,
    };
    office.store.write(proposing).await
}

struct Proposing<'a> {
    office: &'a Office,
    actor: &'a Actor,
    draft: &'a Draft,
    reason: Option<&'a str>,
    now: Timestamp,
}

impl Write for Proposing<'_> {
    type Out = Id<Proposal>;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Id<Proposal>, ServiceError> {
        let Self {
            office,
            actor,
            draft,
            now,
            ..
        } = *self;
        let action = Action::ProposeAdoption;
        permit(actor, action, &about_area(draft.area, None))?;
        let before = ledger::adoptions(tx, When::on(draft.on)).await?;
        let refusals = refusals(office, draft, &before);
        if !refusals.is_empty() {
            return Err(refusals.into());
        }
        let who = Who::actor(actor);
        let proposal = Proposal {
            id: office.chance.id(now),
            draft: draft.clone(),
            reason: self.reason.map(str::to_owned),
            proposed_at: now,
            proposed_by: actor.hand(),
            author: who.name.clone(),
            state: ProposalState::Open,
            decided: None,
        };
        adoption::propose(tx, &proposal).await?;
        let told = Told {
            after: Some(in_json(draft)),
            reason: self.reason,
            ..Told::new(&who, What::Action(action), about(&proposal))
        };
        tell(office, tx, told, now).await?;
        Ok(proposal.id)
    }
}

fn about(proposal: &Proposal) -> About {
    About {
        noun: "adoption".to_owned(),
        id: proposal.id.to_string(),
        area: Some(proposal.draft.area),
        institution: None,
    }
}

fn in_json(draft: &Draft) -> Value {
    let adoption = &draft.adoption;
    let handling = draft.handling.iter();
    let handling: serde_json::Map<String, Value> = handling
        .map(|(rule, handling)| (rule.clone(), Value::from(handling.key())))
        .collect();
    json!({
        "area": draft.area.to_string(),
        "policy": adoption.policy,
        "ends": draft.ends,
        "document": adoption.document,
        "raised_ratio": adoption.raised_ratio,
        "directed_evaluation": adoption.directed_evaluation,
        "off_quota": adoption.off_quota.key(),
        "approval_route": adoption.approval_route,
        "handling": handling,
        "on": draft.on.to_string(),
    })
}

/// Adopts what somebody else proposed: from its day on the place has the policy.
///
/// Denied: the actor proposed it. Refused: it was decided already, or does not fit any more.
pub async fn adopt(
    office: &Office,
    actor: &Actor,
    id: Id<Proposal>,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let deciding = Deciding {
        office,
        actor,
        id,
        state: ProposalState::Adopted,
        reason,
        now,
    };
    office.store.write(deciding).await
}

/// Takes a proposal back.
pub async fn withdraw(
    office: &Office,
    actor: &Actor,
    id: Id<Proposal>,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let deciding = Deciding {
        office,
        actor,
        id,
        state: ProposalState::Withdrawn,
        reason,
        now,
    };
    office.store.write(deciding).await
}

struct Deciding<'a> {
    office: &'a Office,
    actor: &'a Actor,
    id: Id<Proposal>,
    state: ProposalState,
    reason: Option<&'a str>,
    now: Timestamp,
}

impl Write for Deciding<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let Self {
            office,
            actor,
            id,
            state,
            reason,
            now,
        } = *self;
        let action = match state {
            ProposalState::Adopted => Action::Adopt,
            ProposalState::Withdrawn | ProposalState::Open => Action::ProposeAdoption,
        };
        let proposal = found(tx, actor, action, id).await?;
        if proposal.state != ProposalState::Open {
            return Err(Refusal::ProposalOver.into());
        }
        let who = Who::actor(actor);
        let mut told = Told {
            reason,
            ..Told::new(&who, What::Action(action), about(&proposal))
        };
        if state == ProposalState::Adopted {
            let draft = &proposal.draft;
            let before = ledger::adoptions(tx, When::on(draft.on)).await?;
            let refusals = refusals(office, draft, &before);
            if !refusals.is_empty() {
                return Err(refusals.into());
            }
            let author = Author::from(&who);
            let reason = reason.or(proposal.reason.as_deref());
            let seed = office.chance.seed();
            let mut recording = change::begin(tx, &author, reason, now, seed).await?;
            record(tx, &mut recording, draft, &before).await?;
            told.change = Some(recording.change);
            told.after = Some(in_json(draft));
        } else {
            told.after = Some(json!({"state": state.key()}));
        }
        adoption::decide(tx, id, state, actor.account, told.change, now).await?;
        Ok(tell(office, tx, told, now).await?)
    }

    /// Two may decide the same proposal at once.
    fn isolation(&self) -> crate::store::Isolation {
        crate::store::Isolation::Serializable
    }
}

/// Records an adoption, or its end.
async fn record(
    tx: &mut Tx,
    recording: &mut change::Recording,
    draft: &Draft,
    before: &Adoptions,
) -> Result<(), ServiceError> {
    let code = draft.area.to_string();
    let place: Id<Place> = match subject::with_code(tx, &code).await? {
        Some((id, seen)) => {
            subject::touch(tx, id, seen).await?;
            id
        }
        None => subject::create_with_code(tx, recording, &code).await?,
    };
    let policy = &draft.adoption.policy;
    let adopted = Statement {
        subject: place,
        slot: policy.clone(),
        fact: (!draft.ends).then(|| draft.adoption.clone()),
        on: draft.on,
        until: None,
    };
    dated::state(tx, recording, adopted).await?;
    let mut handling: Vec<(String, Option<_>)> = draft
        .handling
        .iter()
        .map(|(rule, handling)| (rule.clone(), Some(*handling)))
        .collect();
    if draft.ends {
        let own = before.handled.iter().filter(|one| one.area == draft.area);
        let own = own.filter(|one| one.handling.policy == *policy);
        handling = own.map(|one| (one.handling.rule.clone(), None)).collect();
    }
    for (rule, handling) in handling {
        let handled = Statement {
            subject: place,
            slot: format!("{policy}#{rule}"),
            fact: handling.map(|handling| RuleHandling {
                policy: policy.clone(),
                rule,
                handling,
            }),
            on: draft.on,
            until: None,
        };
        dated::state(tx, recording, handled).await?;
    }
    Ok(())
}
