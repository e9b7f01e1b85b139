//! Which policies apply somewhere on a day: those that are always loaded, and those that
//! the place, or a place above it, has adopted by then.
//!
//! A reading of ours: of each policy the nearest adoption counts (village, township,
//! county, city, province). So a county that adopts one document more keeps those of its
//! province, and what it elects in adopting the province's document itself counts there.

use super::model::{Policy, Status};
use super::plan;
use super::quantity::Day;
use crate::domain::adoption::{Adoption, Handling, OffQuota, RuleHandling};
use crate::domain::ids::AreaCode;
use crate::domain::time::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A policy that a place has adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopted {
    /// Who adopted it.
    pub area: AreaCode,
    /// From which day on.
    pub since: Date,
    pub adoption: Adoption,
}

/// How a place applies a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    pub area: AreaCode,
    pub handling: RuleHandling,
}

/// Everything that is adopted anywhere on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adoptions {
    pub adopted: Vec<Adopted>,
    pub handled: Vec<Handled>,
}

/// Why an adopted policy is not applied on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotApplied {
    /// It is not among the policies that are there.
    Unknown,
    /// It takes effect later.
    NotYet(Day),
    /// It ran out.
    Over(Day),
    /// It was repealed.
    Repealed,
    /// It is for another place.
    OtherPlace(AreaCode),
}

/// Policies that apply somewhere on a day, and why.
#[derive(Clone, Debug)]
pub struct InForce {
    /// In the order in which they are evaluated: those adopted, by identifier, then those
    /// that are always loaded.
    pub policies: Vec<Resting>,
    /// Adopted, but not applied.
    pub not_applied: Vec<(Adopted, NotApplied)>,
    /// How rules are applied, by policy and rule.
    pub handled: Vec<Handled>,
}

/// One policy that results rest on.
#[derive(Clone, Debug)]
pub struct Resting {
    pub policy: Arc<Policy>,
    /// `None` = it is always loaded.
    pub adopted: Option<Adopted>,
}

/// What decides which numbers come out: results under equal rules are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rules {
    /// Policies in the order in which they are evaluated.
    pub policies: Vec<String>,
    /// Policies whose exemptions need a recorded decision.
    pub by_decision: Vec<String>,
    /// Institutions recorded with the raised ratio of senior posts have it.
    pub raised_ratio: bool,
    /// Institutions recorded with 定向评价、定向使用 have it.
    pub directed_evaluation: bool,
}

impl Adoptions {
    /// The adoption of each policy that is nearest to a place, by policy.
    fn nearest(&self, area: AreaCode) -> BTreeMap<&str, &Adopted> {
        let mut nearest: BTreeMap<&str, &Adopted> = BTreeMap::new();
        for adopted in self.adopted.iter().filter(|one| area.is_within(one.area)) {
            let slot = nearest.entry(&adopted.adoption.policy).or_insert(adopted);
            if slot.area.length() < adopted.area.length() {
                *slot = adopted;
            }
        }
        nearest
    }

    /// How rules are applied in a place: of each rule what the nearest place says.
    fn handling(&self, area: AreaCode) -> Vec<Handled> {
        let mut nearest: BTreeMap<(&str, &str), &Handled> = BTreeMap::new();
        for handled in self.handled.iter().filter(|one| area.is_within(one.area)) {
            let key = (
                handled.handling.policy.as_str(),
                handled.handling.rule.as_str(),
            );
            let slot = nearest.entry(key).or_insert(handled);
            if slot.area.length() < handled.area.length() {
                *slot = handled;
            }
        }
        nearest.into_values().cloned().collect()
    }

    /// What applies in a place on a day; `area` = `None`: it is not known where, so that
    /// only what is always loaded applies. `find` knows the policies.
    pub fn of(
        &self,
        area: Option<AreaCode>,
        on: Date,
        always: &[Arc<Policy>],
        find: impl Fn(&str) -> Option<Arc<Policy>>,
    ) -> InForce {
        let mut in_force = InForce {
            policies: Vec::new(),
            not_applied: Vec::new(),
            handled: area.map_or(Vec::new(), |area| self.handling(area)),
        };
        let is_always = |id: &str| always.iter().any(|policy| policy.id == id);
        let nearest = area.map_or(BTreeMap::new(), |area| self.nearest(area));
        for adopted in nearest.into_values().cloned() {
            if is_always(&adopted.adoption.policy) {
                continue;
            }
            match find(&adopted.adoption.policy) {
                None => in_force.not_applied.push((adopted, NotApplied::Unknown)),
                Some(policy) => match not_applied(&policy, adopted.area, on) {
                    Some(why) => in_force.not_applied.push((adopted, why)),
                    None => in_force.policies.push(Resting {
                        policy,
                        adopted: Some(adopted),
                    }),
                },
            }
        }
        in_force
            .policies
            .extend(always.iter().map(|policy| Resting {
                policy: policy.clone(),
                adopted: None,
            }));
        in_force
    }
}

/// Why a policy that a place has adopted does not apply there on a day; `None` = it does.
pub fn not_applied(policy: &Policy, area: AreaCode, on: Date) -> Option<NotApplied> {
    let today = day(on)?;
    if let Some(place) = policy.place.filter(|place| !area.is_within(*place)) {
        return Some(NotApplied::OtherPlace(place));
    }
    if let Some(from) = policy.from.filter(|from| today < *from) {
        return Some(NotApplied::NotYet(from));
    }
    if let Some(to) = policy.to.filter(|to| *to < today) {
        return Some(NotApplied::Over(to));
    }
    (policy.status == Status::Repealed && policy.to.is_none()).then_some(NotApplied::Repealed)
}

fn day(on: Date) -> Option<Day> {
    let (year, month, day) = on.parts();
    let month = crate::domain::month::Month::of_date(year, month, day)?;
    Some(Day { month, day })
}

impl InForce {
    /// Whether nothing is adopted here: only what is always loaded applies.
    pub fn nothing_adopted(&self) -> bool {
        let adopted = self.policies.iter().any(|one| one.adopted.is_some());
        !adopted && self.not_applied.is_empty()
    }

    /// The adoptions that count.
    pub fn adoptions(&self) -> impl Iterator<Item = &Adoption> {
        let adopted = self.policies.iter().filter_map(|one| one.adopted.as_ref());
        adopted.map(|adopted| &adopted.adoption)
    }

    /// What decides which numbers come out. Where nothing is adopted, no place has elected
    /// anything, and what stands with the institutions is taken as it is.
    pub fn rules(&self) -> Rules {
        let none = self.adoptions().next().is_none();
        let by_decision = self
            .adoptions()
            .filter(|adoption| adoption.off_quota == OffQuota::ByDecision)
            .map(|adoption| adoption.policy.clone());
        Rules {
            policies: self
                .policies
                .iter()
                .map(|one| one.policy.id.clone())
                .collect(),
            by_decision: by_decision.collect(),
            raised_ratio: none || self.adoptions().any(|one| one.raised_ratio),
            directed_evaluation: none || self.adoptions().any(|one| one.directed_evaluation),
        }
    }

    /// What happens here when a rule is broken; `None` = the place has not said.
    pub fn handling(&self, policy: &str, rule: &str) -> Option<Handling> {
        let handled = self.handled.iter().map(|handled| &handled.handling);
        let mut own = handled.filter(|one| one.policy == policy && one.rule == rule);
        own.next().map(|one| one.handling)
    }
}

impl Rules {
    /// What a plan is compiled with.
    pub fn elections(&self) -> plan::Adoption {
        plan::Adoption {
            by_decision: self.by_decision.clone(),
            ..plan::Adoption::default()
        }
    }
}
