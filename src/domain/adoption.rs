//! What a place has adopted: which policy from when, what it elected, and how strictly
//! each rule is applied.

use super::change::Change;
use super::label::labelled;
use super::place::Place;
use super::record::{Id, Validity};
use super::rights::Hand;
use super::sound::sound;
use super::time::Timestamp;

labelled! {
    /// How a holder comes to stand off quota.
    pub enum OffQuota {
        Automatic = "自动" / "automatic",
        ByDecision = "经认定" / "by_decision",
    }
}

/// One policy adopted by a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// Identifier of the policy, as in `policies/`.
    pub policy: String,
    pub document: Option<String>,
    /// The raised ratio of senior posts is elected.
    pub raised_ratio: bool,
    /// 定向评价、定向使用 is elected.
    pub directed_evaluation: bool,
    pub off_quota: OffQuota,
    /// Which authorities approve, in order.
    pub approval_route: Option<String>,
}

labelled! {
    /// What happens when a rule is broken.
    pub enum Handling {
        Block = "阻止" / "block",
        Warn = "警告并说明理由" / "warn",
        Record = "仅记录" / "record",
    }
}

/// How a place applies one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleHandling {
    pub policy: String,
    pub rule: String,
    pub handling: Handling,
}

sound! { Adoption {
    policy,
    document,
    raised_ratio,
    directed_evaluation,
    off_quota,
    approval_route,
}}
sound! { RuleHandling { policy, rule, handling } }

labelled! {
    /// What became of a proposal.
    pub enum ProposalState {
        Open = "待决定" / "open",
        Adopted = "已采用" / "adopted",
        Declined = "未采用" / "declined",
        Withdrawn = "已撤回" / "withdrawn",
    }
}

/// What is proposed for a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matter {
    /// To adopt a policy.
    Adopt(Adoption),
    /// To adopt it no longer.
    Abandon { policy: String },
    /// To apply a rule more or less strictly.
    Handle(RuleHandling),
    /// To apply it as the policy says again.
    Release { policy: String, rule: String },
}

impl Matter {
    /// The policy that it is about.
    pub fn policy(&self) -> &str {
        match self {
            Self::Adopt(adoption) => &adoption.policy,
            Self::Handle(handling) => &handling.policy,
            Self::Abandon { policy } | Self::Release { policy, .. } => policy,
        }
    }

    /// The rule that it is about.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Self::Handle(handling) => Some(&handling.rule),
            Self::Release { rule, .. } => Some(rule),
            Self::Adopt(_) | Self::Abandon { .. } => None,
        }
    }

    /// A word for what is proposed.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Adopt(_) => "adopt",
            Self::Abandon { .. } => "abandon",
            Self::Handle(_) => "handle",
            Self::Release { .. } => "release",
        }
    }
}

/// A proposal: who wants what from when, and why. Somebody else decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub id: Id<Proposal>,
    pub place: Id<Place>,
    pub matter: Matter,
    pub validity: Validity,
    pub reason: String,
    pub proposed_at: Timestamp,
    pub proposed_by: Hand,
    /// Name and office as they were then.
    pub author: String,
    pub office: String,
    pub state: ProposalState,
    pub decided_at: Option<Timestamp>,
    pub change: Option<Id<Change>>,
}
