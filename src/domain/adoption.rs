//! What a place has adopted: which policy from when, what it elected, and how strictly
//! each rule is applied.

use super::label::labelled;

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
