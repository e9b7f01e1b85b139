//! What a place has adopted: which policy from when, what it elected, and how strictly
//! each rule is applied.

use super::ids::AreaCode;
use super::label::labelled;
use super::record::Id;
use super::record_id::AccountId;
use super::rights::Hand;
use super::sound::sound;
use super::time::{Date, Timestamp};

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

labelled! {
    /// What became of a proposal.
    pub enum ProposalState {
        Open = "待决定" / "open",
        Adopted = "已采用" / "adopted",
        Withdrawn = "已撤回" / "withdrawn",
    }
}

/// What is proposed: that a place adopts a policy on some terms, or ends its adoption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub area: AreaCode,
    pub adoption: Adoption,
    /// The adoption is to end; what it would elect means nothing then.
    pub ends: bool,
    /// How rules of the policy are to be applied.
    pub handling: Vec<(String, Handling)>,
    /// From which day on.
    pub on: Date,
}

/// A proposal, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub id: Id<Proposal>,
    pub draft: Draft,
    pub reason: Option<String>,
    pub proposed_at: Timestamp,
    /// Who may not decide it.
    pub proposed_by: Hand,
    /// Their name, as it was then.
    pub author: String,
    pub state: ProposalState,
    pub decided: Option<(Timestamp, AccountId)>,
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
