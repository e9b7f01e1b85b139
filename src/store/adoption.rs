//! Policies adopted by places, in the slot of the policy, and how rules are applied, in
//! the slot of policy and rule.

use super::dated::dated;
use super::value::words;
use crate::domain::adoption::{Adoption, Handling, OffQuota, RuleHandling};
use crate::domain::place::Place;

words!(Handling, OffQuota);

dated! { Adoption: "policy_adoption" of Place {
    policy,
    document,
    raised_ratio,
    directed_evaluation,
    off_quota,
    approval_route,
}}
dated! { RuleHandling: "rule_handling" of Place { policy, rule, handling } }
