//! One person again, with every step kept: how the retirement month came about,
//! which spells count, which ledger and why, each condition of each rule.
//!
//! Nothing here is taken from the batch. It asks the same tests row by row, so that a
//! property test can hold the two against each other.

use super::data::{Data, NO_LEVEL, Value};
use super::outlook::{PersonTime, Window};
use super::people::{self, AGE, OCCUPIES, TO_RETIREMENT, own_or_institution};
use super::tri::{self, Tri};
use super::verdict::Verdict;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level, Manner};
use crate::domain::service::{Stretch, months_until};
use crate::domain::staff::RetirementClass;
use crate::policy::condition::{Atom, Test};
use crate::policy::fact::{Entity, FactId};
use crate::policy::model::AgeRow;
use crate::policy::plan::{Branch, Formula, Met, Plan, RuleId, Standing};

/// Everything that follows for one person.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonTrace {
    pub retirement: Option<RetirementTrace>,
    /// In the order of [`Plan::clocks`].
    pub clocks: Vec<ClockTrace>,
    /// Level of the professional post occupied.
    pub level: Option<Level>,
    pub ledger: Option<Ledger>,
    /// In the order of [`Plan::standings`], also those that do not apply.
    pub standings: Vec<StandingTrace>,
}

/// How the retirement month came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetirementTrace {
    pub rule: RuleId,
    pub class: RetirementClass,
    pub birth: Month,
    pub row: AgeRow,
    /// Months of delay.
    pub delay: i32,
    pub month: Month,
    pub months_left: i32,
    /// Earliest voluntary and latest agreed month.
    pub flexible: (Month, Month),
}

/// How months of service were added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockTrace {
    pub fact: FactId,
    /// Every spell of the person, by position in the columns, and whether it counts.
    pub spells: Vec<(usize, bool)>,
    pub stretches: Vec<Stretch>,
    /// `None` = no history.
    pub months: Option<i64>,
}

/// How a rule about the person was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct StandingTrace {
    pub rule: RuleId,
    pub who: Vec<LineTrace>,
    /// Lines that chose the branch, where the rule has several; of the last one tried
    /// where none was chosen.
    pub branch: Vec<LineTrace>,
    pub when: Vec<LineTrace>,
    /// `None` = the rule does not apply.
    pub verdict: Option<Verdict>,
    pub window: Option<Window>,
    pub missing: Vec<FactId>,
}

/// One line of conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct LineTrace {
    pub answer: Tri,
    pub atoms: Vec<AtomTrace>,
}

/// One condition and what stood against it.
#[derive(Clone, Debug, PartialEq)]
pub struct AtomTrace {
    pub fact: FactId,
    pub written: String,
    pub value: Value,
    /// The value it was compared with, where that is a fact too.
    pub other: Option<Value>,
    pub answer: Tri,
}

/// Asks one person every rule again.
pub fn person(plan: &Plan, data: &Data, row: usize) -> PersonTrace {
    Asking::new(plan, data, row).trace()
}

/// A fact of a person in the month of the plan, derived ones and those of the institution
/// too.
pub fn value(plan: &Plan, data: &Data, row: usize, fact: FactId) -> Value {
    Asking::new(plan, data, row).value(fact)
}

/// The window of time in which a standing holds, for the branch that decides.
pub fn window(plan: &Plan, data: &Data, row: usize, standing: usize) -> Option<Window> {
    let asking = Asking::new(plan, data, row);
    asking.window(plan.standings.get(standing)?)
}

/// Every window of time in which a standing certainly holds for the branch that decides.
pub fn windows(plan: &Plan, data: &Data, row: usize, standing: usize) -> Vec<Window> {
    let asking = Asking::new(plan, data, row);
    plan.standings
        .get(standing)
        .map_or(Vec::new(), |standing| asking.windows(standing))
}

/// The facts that keep a standing open.
pub fn missing(plan: &Plan, data: &Data, row: usize, standing: usize) -> Vec<FactId> {
    let asking = Asking::new(plan, data, row);
    plan.standings
        .get(standing)
        .map_or(Vec::new(), |standing| asking.standing(standing).missing)
}

struct Asking<'a> {
    plan: &'a Plan,
    data: &'a Data,
    row: usize,
    retirement: Option<RetirementTrace>,
}

impl<'a> Asking<'a> {
    fn new(plan: &'a Plan, data: &'a Data, row: usize) -> Self {
        let retirement = retirement(plan, data, row);
        Self {
            plan,
            data,
            row,
            retirement,
        }
    }

    fn time(&self) -> PersonTime<'a> {
        PersonTime {
            plan: self.plan,
            data: self.data,
            row: self.row,
            retirement: self.retirement.map(|r| r.month),
        }
    }

    fn trace(self) -> PersonTrace {
        let clocks = self
            .plan
            .clocks
            .iter()
            .map(|clock| self.clock(*clock))
            .collect();
        let standings: Vec<StandingTrace> = self
            .plan
            .standings
            .iter()
            .map(|s| self.standing(s))
            .collect();
        let level = self
            .data
            .people
            .level
            .get(self.row)
            .and_then(|code| Level::from_code(*code));
        let off_quota = self
            .plan
            .standings
            .iter()
            .zip(&standings)
            .any(|(rule, trace)| rule.exempts && self.exempted(rule, trace));
        let manner = self
            .data
            .people
            .manner
            .get(self.row)
            .and_then(|code| Manner::from_code(*code));
        let ledger = level.map(|_| people::ledger(manner, off_quota));
        PersonTrace {
            retirement: self.retirement,
            clocks,
            level,
            ledger,
            standings,
        }
    }

    /// Whether an exemption takes the person out: by itself, or where it has been decided.
    fn exempted(&self, rule: &Standing, trace: &StandingTrace) -> bool {
        let decided = || self.data.people.decided.get(self.row) == Some(&true);
        match trace.verdict {
            Some(Verdict::Holds) => !rule.by_decision || decided(),
            Some(Verdict::Unknown) => rule.by_decision && decided(),
            _ => false,
        }
    }

    fn clock(&self, fact: FactId) -> ClockTrace {
        let time = self.time();
        let stretches = time.stretches(fact);
        let spells = &self.data.people.spells;
        let bound = |at: usize| spells.first.get(at).map_or(0, |n| *n as usize);
        ClockTrace {
            fact,
            spells: (bound(self.row)..bound(self.row + 1))
                .map(|spell| (spell, time.counts(fact, spell)))
                .collect(),
            months: stretches
                .as_ref()
                .map(|s| i64::from(months_until(s, self.plan.as_of))),
            stretches: stretches.unwrap_or_default(),
        }
    }

    fn value(&self, fact: FactId) -> Value {
        let Some(declared) = self.plan.facts.get(fact) else {
            return Value::Unknown;
        };
        if declared.entity == Entity::Person {
            if declared.service.is_some() {
                return self
                    .clock(fact)
                    .months
                    .map_or(Value::Unknown, Value::Number);
            }
            let birth = self.data.people.birth.get(self.row).copied();
            match declared.name.as_str() {
                OCCUPIES => {
                    let level = self.data.people.level.get(self.row).copied();
                    return Value::Code(u8::from(level.is_some_and(|level| level != NO_LEVEL)));
                }
                TO_RETIREMENT => {
                    return self
                        .retirement
                        .map_or(Value::Unknown, |r| Value::Number(i64::from(r.months_left)));
                }
                AGE => {
                    let age = birth.map(|birth| i64::from(self.plan.as_of.index() - birth));
                    return age.map_or(Value::Unknown, Value::Number);
                }
                _ => {}
            }
        }
        own_or_institution(self.plan, self.data, self.row, fact)
    }

    fn atoms(&self) -> &'a [Atom] {
        self.plan
            .tests
            .get(&Entity::Person)
            .map_or(&[], |tests| &tests.atoms)
    }

    fn lines(&self, formula: &Formula) -> Vec<LineTrace> {
        let get = |fact| self.value(fact);
        formula
            .0
            .iter()
            .map(|tests| LineTrace {
                answer: tri::line(tests, self.atoms(), &get),
                atoms: tests
                    .iter()
                    .filter_map(|n| self.atoms().get(usize::from(*n)))
                    .map(|atom| AtomTrace {
                        fact: atom.fact,
                        written: atom.written.clone(),
                        value: self.value(atom.fact),
                        other: match atom.test {
                            Test::Rank { other, .. } | Test::WithinFact(other) => {
                                Some(self.value(other))
                            }
                            _ => None,
                        },
                        answer: tri::ask(atom, &get),
                    })
                    .collect(),
            })
            .collect()
    }

    fn standing(&self, standing: &Standing) -> StandingTrace {
        let get = |fact| self.value(fact);
        let atoms = self.atoms();
        let mut trace = StandingTrace {
            rule: standing.rule,
            who: self.lines(&standing.who),
            branch: Vec::new(),
            when: Vec::new(),
            verdict: None,
            window: None,
            missing: Vec::new(),
        };
        let who = tri::applies(&standing.who, atoms, &get);
        if who == Tri::No {
            return trace;
        }
        for branch in &standing.branches {
            let own = tri::applies(&branch.who, atoms, &get);
            trace.branch = self.lines(&branch.who);
            if own == Tri::No {
                continue;
            }
            trace.when = self.lines(&branch.when);
            trace.verdict = Some(if who == Tri::Unknown || own == Tri::Unknown {
                Verdict::Unknown
            } else {
                match (tri::met(&branch.when, atoms, &get), branch.met) {
                    (Tri::Yes, Met::Holds) => Verdict::Holds,
                    (Tri::Yes, Met::Judgement) => Verdict::Judgement,
                    (Tri::No, _) => Verdict::Fails,
                    (Tri::Unknown, _) => Verdict::Unknown,
                }
            });
            if trace.verdict == Some(Verdict::Unknown) {
                for formula in [&standing.who, &branch.who, &branch.when] {
                    trace
                        .missing
                        .extend(tri::unknown_facts(formula, atoms, &get));
                }
                trace.missing.sort_unstable();
                trace.missing.dedup();
            } else {
                trace.window = self.time().window(&branch.when);
            }
            return trace;
        }
        trace
    }

    fn window(&self, standing: &Standing) -> Option<Window> {
        let (branch, _) = self.branch(standing)?;
        self.time().window(&branch.when)
    }

    fn windows(&self, standing: &Standing) -> Vec<Window> {
        match self.branch(standing) {
            Some((branch, Tri::Yes)) => self.time().windows(&branch.when),
            _ => Vec::new(),
        }
    }

    /// The branch that decides about the person, and whether that is certain.
    fn branch<'s>(&self, standing: &'s Standing) -> Option<(&'s Branch, Tri)> {
        let get = |fact| self.value(fact);
        let who = tri::applies(&standing.who, self.atoms(), &get);
        if who == Tri::No {
            return None;
        }
        standing.branches.iter().find_map(|branch| {
            let own = tri::applies(&branch.who, self.atoms(), &get);
            (own != Tri::No).then_some((branch, who.and(own)))
        })
    }
}

/// The statutory retirement of a person, step by step.
pub fn retirement(plan: &Plan, data: &Data, row: usize) -> Option<RetirementTrace> {
    let (rule, schedule) = plan.schedule.as_ref()?;
    let class = RetirementClass::from_code(*data.people.retirement_class.get(row)?)?;
    let birth = *data.people.birth.get(row)?;
    let age = people::age_row(plan, class)?;
    let month = Month::from_index(people::retirement_month(&age, birth));
    let original = Month::from_index(birth).plus(age.original);
    Some(RetirementTrace {
        rule: *rule,
        class,
        birth: Month::from_index(birth),
        row: age,
        delay: people::delay(&age, birth),
        month,
        months_left: month.since(plan.as_of),
        flexible: (
            month.plus(-schedule.early_up_to).max(original),
            month.plus(schedule.late_up_to),
        ),
    })
}
