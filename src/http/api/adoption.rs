//! Which policies apply where, and how they come to: proposed by one, adopted by another.

use super::Tag;
use super::ledger::{Finding, RestsOn, Unknown};
use super::page::page;
use super::record::when;
use super::single::{Done, Made};
use crate::domain::adoption::{self as domain, Handling, OffQuota, ProposalState, RuleHandling};
use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::post::{Ledger, Level};
use crate::domain::record::Id;
use crate::domain::record_id::PersonId;
use crate::domain::time::{Date, Timestamp};
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::i18n::Lang;
use crate::rules::figures as plain;
use crate::rules::impact::{Change, Places};
use crate::rules::verdict::Verdict;
use crate::service::adoption;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use validator::Validate;

pub struct Api;

/// How a rule is to be applied.
#[derive(Clone, Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct RuleOrder {
    #[validate(length(min = 1, max = 200))]
    #[oai(validator(min_length = 1, max_length = 200))]
    rule: String,
    handling: Word<Handling>,
}

/// That a place adopts a policy on some terms, or ends its adoption.
#[derive(Clone, Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct DraftOrder {
    area: Text<AreaCode>,
    /// Identifier of the policy.
    #[validate(length(min = 1, max = 200))]
    #[oai(validator(min_length = 1, max_length = 200))]
    policy: String,
    /// From which day on.
    on: Text<Date>,
    /// The adoption is to end.
    #[serde(default)]
    #[oai(default)]
    ends: bool,
    /// Number of the document by which the place adopts it.
    #[validate(length(max = 200))]
    #[oai(validator(max_length = 200))]
    document: Option<String>,
    /// The raised ratio of senior posts is elected.
    #[serde(default)]
    #[oai(default)]
    raised_ratio: bool,
    /// 定向评价、定向使用 is elected.
    #[serde(default)]
    #[oai(default)]
    directed_evaluation: bool,
    /// How a holder comes to stand off quota; `automatic` where it is left out.
    off_quota: Option<Word<OffQuota>>,
    #[validate(length(max = 500))]
    #[oai(validator(max_length = 500))]
    approval_route: Option<String>,
    #[serde(default)]
    #[validate(length(max = 200), nested)]
    #[oai(default, validator(max_items = 200))]
    handling: Vec<RuleOrder>,
    /// Why.
    #[validate(length(max = 500))]
    #[oai(validator(max_length = 500))]
    reason: Option<String>,
}

impl From<&DraftOrder> for domain::Draft {
    fn from(order: &DraftOrder) -> Self {
        let handling = order.handling.iter();
        Self {
            area: order.area.0,
            adoption: domain::Adoption {
                policy: order.policy.clone(),
                document: order.document.clone(),
                raised_ratio: order.raised_ratio,
                directed_evaluation: order.directed_evaluation,
                off_quota: order.off_quota.map_or(OffQuota::Automatic, |word| word.0),
                approval_route: order.approval_route.clone(),
            },
            ends: order.ends,
            handling: handling
                .map(|one| (one.rule.clone(), one.handling.0))
                .collect(),
            on: order.on.0,
        }
    }
}

/// Why something is decided.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct WhyOrder {
    #[validate(length(max = 500))]
    #[oai(validator(max_length = 500))]
    reason: Option<String>,
}

/// A proposal, and what became of it.
#[derive(Debug, Object)]
struct Proposal {
    id: Text<Id<domain::Proposal>>,
    area: Text<AreaCode>,
    policy: String,
    on: Text<Date>,
    ends: bool,
    document: Option<String>,
    raised_ratio: bool,
    directed_evaluation: bool,
    off_quota: Word<OffQuota>,
    approval_route: Option<String>,
    handling: Vec<RuleOrder>,
    reason: Option<String>,
    proposed_at: Text<Timestamp>,
    /// Who proposed it, by the name they had then.
    proposed_by: String,
    state: Word<ProposalState>,
    decided_at: Option<Text<Timestamp>>,
}

impl From<domain::Proposal> for Proposal {
    fn from(one: domain::Proposal) -> Self {
        let domain::Draft {
            area,
            adoption,
            ends,
            handling,
            on,
        } = one.draft;
        let handling = handling.into_iter().map(|(rule, handling)| RuleOrder {
            rule,
            handling: Word(handling),
        });
        Self {
            id: Text(one.id),
            area: Text(area),
            policy: adoption.policy,
            on: Text(on),
            ends,
            document: adoption.document,
            raised_ratio: adoption.raised_ratio,
            directed_evaluation: adoption.directed_evaluation,
            off_quota: Word(adoption.off_quota),
            approval_route: adoption.approval_route,
            handling: handling.collect(),
            reason: one.reason,
            proposed_at: Text(one.proposed_at),
            proposed_by: one.author,
            state: Word(one.state),
            decided_at: one.decided.map(|(at, _)| Text(at)),
        }
    }
}

/// Proposals, newest first.
#[derive(Debug, Object)]
struct Proposals {
    items: Vec<Proposal>,
    next: Option<String>,
}

/// A proposal that was made.
#[derive(Debug, Object)]
struct Proposed {
    id: Text<Id<domain::Proposal>>,
}

/// What applies in a place on a day.
#[derive(Debug, Object)]
struct InForce {
    rests_on: RestsOn,
    handling: Vec<HandledRule>,
}

/// How a rule is applied.
#[derive(Debug, Object)]
struct HandledRule {
    policy: String,
    rule: String,
    handling: Word<Handling>,
}

/// Limit, free places and excess.
#[derive(Debug, Object)]
struct LevelPlaces {
    limit: Option<i64>,
    vacant: Option<i64>,
    over: Option<i64>,
}

impl From<Places> for LevelPlaces {
    fn from(places: Places) -> Self {
        Self {
            limit: places.limit,
            vacant: places.vacant,
            over: places.over,
        }
    }
}

/// What changes for a level.
#[derive(Debug, Object)]
struct PlacesChange {
    /// Null = directed posts.
    level: Option<Word<Level>>,
    before: LevelPlaces,
    after: LevelPlaces,
}

/// What a rule says before and after; null = no such rule, or it does not apply.
#[derive(Debug, Object)]
struct FindingChange {
    before: Option<Finding>,
    after: Option<Finding>,
}

impl FindingChange {
    fn new(lang: Lang, change: &plain::FindingChange) -> Self {
        let line = |line: &Option<plain::FindingLine>| {
            line.as_ref().map(|line| Finding::new(lang, line, false))
        };
        Self {
            before: line(&change.before),
            after: line(&change.after),
        }
    }
}

/// A verdict about a person before and after.
#[derive(Debug, Object)]
struct StandingChange {
    policy: String,
    rule: String,
    before: Option<Word<Verdict>>,
    after: Option<Word<Verdict>>,
}

impl StandingChange {
    fn new(change: &Change<Option<(String, String, Verdict)>>) -> Option<Self> {
        let (policy, rule, _) = change.to.as_ref().or(change.from.as_ref())?;
        let verdict = |said: &Option<(String, String, Verdict)>| {
            said.as_ref().map(|(_, _, verdict)| Word(*verdict))
        };
        Some(Self {
            policy: policy.clone(),
            rule: rule.clone(),
            before: verdict(&change.from),
            after: verdict(&change.to),
        })
    }
}

/// What changes for a person.
#[derive(Debug, Object)]
struct PersonChange {
    person: Text<PersonId>,
    name: String,
    /// Identity number, masked.
    number: String,
    /// The ledger changes.
    ledger_changes: bool,
    ledger_before: Option<Word<Ledger>>,
    ledger_after: Option<Word<Ledger>>,
    standings: Vec<StandingChange>,
}

impl From<&plain::HolderChange> for PersonChange {
    fn from(one: &plain::HolderChange) -> Self {
        let ledger = one.ledger.as_ref();
        Self {
            person: Text(one.holder.person),
            name: one.holder.name.clone(),
            number: one.holder.number.clone(),
            ledger_changes: ledger.is_some(),
            ledger_before: ledger.and_then(|change| change.from).map(Word),
            ledger_after: one.holder.ledger.map(Word),
            standings: one
                .standings
                .iter()
                .filter_map(StandingChange::new)
                .collect(),
        }
    }
}

/// What changes for an institution.
#[derive(Debug, Object)]
struct InstitutionChange {
    id: Text<Id<Institution>>,
    code: String,
    name: String,
    places: Vec<PlacesChange>,
    findings: Vec<FindingChange>,
    people: Vec<PersonChange>,
}

/// What changes for a county.
#[derive(Debug, Object)]
struct CountyChange {
    code: Text<AreaCode>,
    findings: Vec<FindingChange>,
}

/// What an adoption would change.
#[derive(Debug, Object)]
struct Impact {
    on: Text<Date>,
    institutions: Vec<InstitutionChange>,
    counties: Vec<CountyChange>,
    /// Institutions of which nothing can be said.
    unknown: Vec<Unknown>,
}

impl Impact {
    fn new(lang: Lang, impact: &plain::AdoptionImpact) -> Self {
        let findings = |changes: &[plain::FindingChange]| -> Vec<FindingChange> {
            let changes = changes.iter();
            changes
                .map(|change| FindingChange::new(lang, change))
                .collect()
        };
        let institutions = impact.institutions.iter().map(|one| InstitutionChange {
            id: Text(one.id),
            code: one.code.clone(),
            name: one.name.clone(),
            places: one
                .places
                .iter()
                .map(|(level, change)| PlacesChange {
                    level: level.map(Word),
                    before: change.from.into(),
                    after: change.to.into(),
                })
                .collect(),
            findings: findings(&one.findings),
            people: one.people.iter().map(PersonChange::from).collect(),
        });
        let counties = impact.counties.iter().map(|(code, changes)| CountyChange {
            code: Text(*code),
            findings: findings(changes),
        });
        Self {
            on: Text(impact.on),
            institutions: institutions.collect(),
            counties: counties.collect(),
            unknown: impact.unknown.iter().map(Unknown::from).collect(),
        }
    }
}

#[OpenApi(tag = "Tag::Policies")]
impl Api {
    /// The policies that apply in a place on a day
    ///
    /// Those that apply everywhere, and of each other policy the nearest adoption: the
    /// place's own, else that of the nearest place above it.
    #[oai(
        path = "/policies/in-force",
        method = "get",
        operation_id = "policies_in_force"
    )]
    async fn in_force(
        &self,
        caller: Caller,
        area: Query<Text<AreaCode>>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Json<InForce>, Failure> {
        let when = when(&caller, as_of.0, None);
        let (office, actor, area) = (&caller.office, &caller.actor, area.0.0);
        let rests = caller.done(adoption::in_force(office, actor, area, when).await)?;
        let handled = caller.done(adoption::handling(office, actor, area, when).await)?;
        let row = |one: RuleHandling| HandledRule {
            policy: one.policy,
            rule: one.rule,
            handling: Word(one.handling),
        };
        Ok(Json(InForce {
            rests_on: RestsOn::new(caller.lang, &rests),
            handling: handled.into_iter().map(row).collect(),
        }))
    }

    /// The proposals for places in the caller's scope, newest first
    #[oai(path = "/adoptions", method = "get", operation_id = "adoptions")]
    async fn list(
        &self,
        caller: Caller,
        /// The `next` of the page before.
        #[oai(validator(max_length = 100))]
        after: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<Proposals>, Failure> {
        let all = caller.done(adoption::proposals(&caller.office, &caller.actor).await)?;
        // newest first: a page begins below the last identifier of the one before
        let older = |one: &domain::Proposal| {
            after
                .0
                .as_ref()
                .is_none_or(|after| one.id.to_string() < *after)
        };
        let all = all.into_iter().filter(older);
        let (items, next) = page(all, None, limit.0, |one| one.id.to_string());
        Ok(Json(Proposals {
            items: items.into_iter().map(Proposal::from).collect(),
            next,
        }))
    }

    /// A proposal
    #[oai(path = "/adoptions/:id", method = "get", operation_id = "adoption")]
    async fn one(
        &self,
        caller: Caller,
        id: Path<Text<Id<domain::Proposal>>>,
    ) -> Result<Json<Proposal>, Failure> {
        let found = adoption::proposal(&caller.office, &caller.actor, id.0.0).await;
        Ok(Json(caller.done(found)?.into()))
    }

    /// What an adoption would change, before anybody proposes it
    #[oai(
        path = "/adoptions/impact",
        method = "post",
        operation_id = "adoption_impact"
    )]
    async fn impact(
        &self,
        caller: Caller,
        body: Body<DraftOrder>,
    ) -> Result<Json<Impact>, Failure> {
        let draft = domain::Draft::from(&body.0);
        let found = caller.done(adoption::impact(&caller.office, &caller.actor, &draft).await)?;
        Ok(Json(Impact::new(caller.lang, &found)))
    }

    /// Propose that a place adopts a policy, or ends its adoption
    #[oai(
        path = "/adoptions",
        method = "post",
        operation_id = "propose_adoption"
    )]
    async fn propose(
        &self,
        caller: Caller,
        body: Body<DraftOrder>,
    ) -> Result<Made<Proposed>, Failure> {
        let draft = domain::Draft::from(&body.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let reason = body.0.reason.as_deref();
        let id = caller.done(adoption::propose(office, actor, &draft, reason, caller.now).await)?;
        let path = format!("/api/v1/adoptions/{id}");
        Ok(Made::Is(Json(Proposed { id: Text(id) }), path))
    }

    /// Adopt what somebody else proposed
    #[oai(
        path = "/adoptions/:id/adoption",
        method = "post",
        operation_id = "adopt"
    )]
    async fn adopt(
        &self,
        caller: Caller,
        id: Path<Text<Id<domain::Proposal>>>,
        body: Body<WhyOrder>,
    ) -> Result<Done, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let reason = body.0.reason.as_deref();
        caller.done(adoption::adopt(office, actor, id.0.0, reason, caller.now).await)?;
        Ok(Done::Done)
    }

    /// Take a proposal back
    #[oai(
        path = "/adoptions/:id/withdrawal",
        method = "post",
        operation_id = "withdraw_adoption"
    )]
    async fn withdraw(
        &self,
        caller: Caller,
        id: Path<Text<Id<domain::Proposal>>>,
        body: Body<WhyOrder>,
    ) -> Result<Done, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let reason = body.0.reason.as_deref();
        caller.done(adoption::withdraw(office, actor, id.0.0, reason, caller.now).await)?;
        Ok(Done::Done)
    }
}
