//! Where somebody stands, as it is shown: plain values with the arithmetic, the clauses and
//! the readings. Whoever renders them needs nothing of the engine.

use super::figures::{Both, RuleLine};
use super::outlook::Window;
use super::tri::Tri;
use super::verdict::Verdict;
use crate::domain::adoption::Handling;
use crate::domain::institution::Kind as InstitutionKind;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level, PostCategory};
use crate::domain::promotion::{Kind, Pool, Target};
use crate::domain::refusal::Refusal;
use crate::domain::service::{Location, Stretch};
use crate::domain::staff::RetirementClass;
use crate::domain::time::Date;

/// Everything about one person on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonStanding {
    pub on: Date,
    /// Level of the professional post occupied.
    pub level: Option<Level>,
    pub ledger: Option<Ledger>,
    /// `None` = no rule gives it.
    pub retirement: Option<RetirementLine>,
    /// In order of their begin; none = the history is not known, or there is none.
    pub spells: Vec<SpellLine>,
    pub clocks: Vec<ClockLine>,
    pub roads: Vec<RoadLine>,
    /// What is owed before a promotion, whichever road is taken.
    pub owed: Vec<ConditionLine>,
}

/// How the retirement month came about.
#[derive(Clone, Debug, PartialEq)]
pub struct RetirementLine {
    pub class: RetirementClass,
    /// The class follows from sex and post; it is not stated.
    pub derived: bool,
    pub birth: Month,
    /// Months of age before the delay.
    pub age: i32,
    /// Months of delay, and how they come about: one month for each so many months of
    /// birth from a month on, and how many at most.
    pub delay: i32,
    pub every: i32,
    pub from_birth: Month,
    pub most: i32,
    pub month: Month,
    pub months_left: i32,
    pub earliest: Month,
    pub latest: Month,
    pub rule: Option<RuleLine>,
}

/// A spell of service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpellLine {
    pub start: Month,
    /// `None` goes on.
    pub end: Option<Month>,
    pub employer: String,
    pub kind: InstitutionKind,
    pub location: Option<Location>,
    pub category: PostCategory,
}

/// Months of service that a rule adds up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockLine {
    pub name: Both,
    /// `None` = no history is known.
    pub months: Option<i64>,
    /// Whether each spell counts, in the order of the spells.
    pub counts: Vec<bool>,
    pub stretches: Vec<Stretch>,
}

/// One road.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadLine {
    pub kind: Kind,
    pub target: Target,
    pub verdict: Verdict,
    pub conditions: Vec<ConditionLine>,
    /// In which months everything would be met if only the clock runs.
    pub windows: Vec<Window>,
    /// The first month from now on in which everything would be met if only the clock runs.
    pub first: Option<Month>,
    /// The last month of that window.
    pub until: Option<Month>,
    pub before: Option<Ledger>,
    pub after: Option<Ledger>,
    /// The month of retirement before and after: some decisions move it.
    pub retirements: [Option<Month>; 2],
    /// The places it takes one of; `None` = it takes none.
    pub takes: Option<Pool>,
    /// The places it gives one back to.
    pub frees: Option<Pool>,
    /// Whether there is a place.
    pub place: Option<ConditionLine>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionLine {
    /// `None` = it follows from the records alone.
    pub rule: Option<RuleLine>,
    pub verdict: Verdict,
    pub refusals: Vec<Refusal>,
    pub handling: Handling,
    /// Each line with what stood against it.
    pub lines: Vec<(Tri, Both)>,
    /// Facts that are missing.
    pub missing: Vec<Both>,
    /// In which months it holds if only the clock runs; empty where time does not decide.
    pub windows: Vec<Window>,
    /// It was asked of the person as they would be after the decision.
    pub of_after: bool,
}
