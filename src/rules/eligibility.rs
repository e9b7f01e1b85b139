//! For one person: every road that the policies open, whether it is open to them, why, and
//! from when on it would be if nothing else changes.

use super::effect::{self, Effect, Question, Somebody};
use super::explain::LineTrace;
use super::outlook::Window;
use super::verdict::Verdict;
use crate::domain::adoption::Handling;
use crate::domain::month::Month;
use crate::domain::post::{Grade, Ledger};
use crate::domain::promotion::{Check, Finding, Kind, Pool, Target};
use crate::domain::refusal::Refusal;
use crate::domain::staff::Person;
use crate::domain::time::Date;
use crate::domain::title::Rank;
use crate::policy::fact::FactId;
use crate::policy::model::{Body, Force};
use crate::policy::plan::{Plan, RuleId};

/// One road.
#[derive(Clone, Debug)]
pub struct Road {
    pub kind: Kind,
    pub target: Target,
    /// Met, not met, unknown, or a person must judge. Places are asked apart.
    pub verdict: Verdict,
    pub conditions: Vec<Condition>,
    /// The months in which all conditions hold if only the clock runs; none = never, or
    /// not by time alone.
    pub windows: Vec<Window>,
    /// What the decision would do, the premise it changes included.
    pub effect: Effect,
    pub takes: Option<Pool>,
}

/// One condition of a road.
#[derive(Clone, Debug)]
pub struct Condition {
    /// `None` = it follows from the records alone.
    pub rule: Option<RuleId>,
    pub verdict: Verdict,
    pub refusals: Vec<Refusal>,
    pub handling: Handling,
    /// The arithmetic: each line with what stood against it.
    pub lines: Vec<LineTrace>,
    pub missing: Vec<FactId>,
    /// In which months it holds if only the clock runs; empty where time does not decide.
    pub windows: Vec<Window>,
    /// Whether it is asked of the person as they would be after the decision.
    pub of_after: bool,
}

/// All about one person.
#[derive(Clone, Debug)]
pub struct Eligibility {
    pub roads: Vec<Road>,
    /// What is owed before a promotion (the year of primary service before 副高), whichever
    /// road is taken.
    pub owed: Vec<Condition>,
}

/// Every road of a person in the month of the plan.
pub fn eligibility(
    somebody: Somebody<'_>,
    on: Date,
    handling: &dyn Fn(&str) -> Option<Handling>,
) -> Eligibility {
    let asking = Asking {
        plan: somebody.setting.plan,
        person: somebody.person,
        somebody,
        on,
        handling,
    };
    let wanted = asking.wanted();
    Eligibility {
        roads: wanted
            .into_iter()
            .map(|(kind, target)| asking.road(kind, target))
            .collect(),
        owed: asking.owed(),
    }
}

impl Road {
    /// The first month, from one on, in which everything would be met.
    pub fn first_from(&self, month: Month) -> Option<Month> {
        let mut open = self
            .windows
            .iter()
            .filter(|window| window.until.is_none_or(|until| until >= month));
        let first = open.next()?;
        Some(first.from.map_or(month, |from| from.max(month)))
    }

    /// The ledger before and after, where the decision changes it.
    pub fn ledgers(&self) -> [Option<Ledger>; 2] {
        [self.effect.before.ledger, self.effect.after.ledger]
    }
}

struct Asking<'a> {
    plan: &'a Plan,
    person: &'a Person,
    somebody: Somebody<'a>,
    on: Date,
    handling: &'a dyn Fn(&str) -> Option<Handling>,
}

impl Asking<'_> {
    /// The roads that the policies open, with what would be asked for.
    fn wanted(&self) -> Vec<(Kind, Target)> {
        let person = self.person;
        let next = next_rank(person);
        let has = |wanted: fn(&Body) -> bool| {
            let mut standings = self.plan.standings.iter();
            standings.any(|standing| {
                let rule = self.plan.rule(standing.rule);
                rule.is_some_and(|(_, rule)| wanted(&rule.body))
            })
        };
        let reserve = self.plan.findings.iter().any(|finding| {
            let rule = self.plan.rule(finding.rule);
            rule.is_some_and(|(_, rule)| matches!(rule.body, Body::Reserve(_)))
        });
        let mut wanted = Vec::new();
        let mut add = |kind, rank, grade| wanted.push((kind, target(rank, grade)));
        if let Some(rank) = next {
            add(Kind::Appointment, rank, None);
            if has(|body| matches!(body, Body::BeyondCap(_))) {
                add(Kind::AboveRatio, rank, None);
            }
            if reserve && rank >= Rank::AssociateSenior {
                add(Kind::DirectedPost, rank, None);
            }
        }
        if has(|body| matches!(body, Body::Exempt(_))) && person.appointed != Rank::None {
            add(Kind::OffQuota, person.appointed, person.grade);
        }
        if has(|body| matches!(body, Body::Scope(_)))
            && let Some(rank) = next_title(person.title)
        {
            add(Kind::DirectedTitle, rank, None);
        }
        if let Some(grade) = next_grade(person) {
            add(Kind::Grade, person.appointed, Some(grade));
        }
        wanted
    }

    fn road(&self, kind: Kind, target: Target) -> Road {
        let effect = effect::effect(self.somebody, self.somebody.setting, kind, &target);
        let question = Question {
            plan: self.plan,
            kind,
            target: &target,
            person: self.person,
            effect: &effect,
            on: self.on,
            handling: self.handling,
        };
        let checks = question.checks();
        let conditions: Vec<Condition> = checks
            .iter()
            .map(|check| self.condition(kind, check, &effect))
            .collect();
        Road {
            kind,
            verdict: together(&conditions),
            windows: self.windows(&conditions, &effect),
            takes: effect.takes(),
            conditions,
            target,
            effect,
        }
    }

    fn condition(&self, kind: Kind, check: &Check, effect: &Effect) -> Condition {
        let refusals = match &check.finding {
            Finding::Passed => Vec::new(),
            Finding::Against(against) => against.clone(),
        };
        let name = check.rule.as_deref().unwrap_or_default();
        let standings = self.plan.standings.iter();
        let at = standings
            .map(|standing| self.plan.name(standing.rule))
            .position(|rule| !name.is_empty() && rule == name);
        let body = at.and_then(|at| {
            let rule = self.plan.standings.get(at)?.rule;
            Some(&self.plan.rule(rule)?.1.body)
        });
        let of_before = matches!(body, Some(Body::BeyondCap(_) | Body::Exempt(_)))
            || kind == Kind::DirectedTitle;
        let afterwards = Somebody {
            person: &effect.person,
            decided: effect.decided,
            ..self.somebody
        };
        let (standing, somebody) = if of_before {
            (&effect.before, self.somebody)
        } else {
            (&effect.after, afterwards)
        };
        let trace = at.and_then(|at| standing.trace.standings.get(at));
        let judged = trace.and_then(|trace| trace.verdict) == Some(Verdict::Judgement);
        let windows = at.map_or(Vec::new(), |at| somebody.windows(at));
        Condition {
            rule: self.rule(name),
            verdict: verdict(&refusals, judged),
            refusals,
            handling: check.handling,
            lines: trace.map_or(Vec::new(), |trace| {
                // of the branches the one that was asked last: it says why none fits
                [&trace.who[..], &trace.branch, &trace.when].concat()
            }),
            missing: trace.map_or(Vec::new(), |trace| trace.missing.clone()),
            windows,
            of_after: !of_before,
        }
    }

    fn rule(&self, name: &str) -> Option<RuleId> {
        let standings = self.plan.standings.iter().map(|standing| standing.rule);
        let schedule = self.plan.schedule.iter().map(|(rule, _)| *rule);
        let mut all = standings.chain(schedule);
        all.find(|rule| self.plan.name(*rule) == name)
    }

    /// When all conditions hold: those that time does not decide hold always or never.
    fn windows(&self, conditions: &[Condition], effect: &Effect) -> Vec<Window> {
        let mut open = vec![Window {
            from: None,
            until: effect.after.retirement.map(|retirement| retirement.month),
        }];
        for condition in conditions {
            let by_time = !condition.windows.is_empty();
            let never = !condition.refusals.is_empty() && !is_past(condition);
            if by_time {
                open = crossed(&open, &condition.windows);
            } else if never {
                return Vec::new();
            }
        }
        open
    }

    /// What has to be done before a promotion, where it applies to the person.
    fn owed(&self) -> Vec<Condition> {
        let before = self.somebody.standing();
        let traces = before.trace.standings.iter().enumerate();
        let owed = traces.filter(|(_, trace)| {
            let rule = self.plan.rule(trace.rule);
            let demands = rule.is_some_and(|(_, rule)| {
                matches!(rule.body, Body::Prerequisite(_)) && rule.force != Force::May
            });
            demands && trace.verdict.is_some()
        });
        owed.map(|(at, trace)| Condition {
            rule: Some(trace.rule),
            verdict: trace.verdict.unwrap_or(Verdict::Unknown),
            refusals: Vec::new(),
            handling: Handling::Block,
            lines: trace.when.clone(),
            missing: trace.missing.clone(),
            windows: self.somebody.windows(at),
            of_after: false,
        })
        .collect()
    }
}

/// Only that it is too late.
fn is_past(condition: &Condition) -> bool {
    let late = |one: &Refusal| matches!(one, Refusal::PastRetirement { .. });
    condition.refusals.iter().all(late)
}

fn verdict(refusals: &[Refusal], judged: bool) -> Verdict {
    let unknown = |one: &Refusal| matches!(one, Refusal::RuleUnknown { .. });
    match refusals {
        [] if judged => Verdict::Judgement,
        [] => Verdict::Holds,
        all if all.iter().all(unknown) => Verdict::Unknown,
        _ => Verdict::Fails,
    }
}

/// What certainly fails decides, then what is not known, then what has to be judged.
fn together(conditions: &[Condition]) -> Verdict {
    let any = |wanted| conditions.iter().any(|one| one.verdict == wanted);
    let order = [Verdict::Fails, Verdict::Unknown, Verdict::Judgement];
    let worst = order.into_iter().find(|verdict| any(*verdict));
    worst.unwrap_or(Verdict::Holds)
}

/// The months that lie in both.
fn crossed(a: &[Window], b: &[Window]) -> Vec<Window> {
    let later = |x: Option<Month>, y: Option<Month>| match (x, y) {
        (Some(x), Some(y)) => Some(x.max(y)),
        (known, None) | (None, known) => known,
    };
    let earlier = |x: Option<Month>, y: Option<Month>| match (x, y) {
        (Some(x), Some(y)) => Some(x.min(y)),
        (known, None) | (None, known) => known,
    };
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
    let cut = pairs.map(|(x, y)| Window {
        from: later(x.from, y.from),
        until: earlier(x.until, y.until),
    });
    let holds = |window: &Window| match (window.from, window.until) {
        (Some(from), Some(until)) => from <= until,
        _ => true,
    };
    cut.filter(holds).collect()
}

const fn target(rank: Rank, grade: Option<Grade>) -> Target {
    Target {
        rank,
        grade,
        institution: None,
        on: None,
    }
}

/// The rank of the next appointment: that of the title where it is above the post, else
/// the one above the post.
fn next_rank(person: &Person) -> Option<Rank> {
    if person.title > person.appointed {
        return Some(person.title);
    }
    let mut above = Rank::ALL.iter().filter(|rank| **rank > person.appointed);
    above.next().copied()
}

/// The senior title above the one held.
fn next_title(held: Rank) -> Option<Rank> {
    match held {
        Rank::Senior => None,
        Rank::AssociateSenior => Some(Rank::Senior),
        _ => Some(Rank::AssociateSenior),
    }
}

/// The grade above, inside the rank that is held.
fn next_grade(person: &Person) -> Option<Grade> {
    let above = person.grade?.number().checked_sub(1)?;
    let grade = Grade::new(above)?;
    grade.ranks().contains(&person.appointed).then_some(grade)
}
