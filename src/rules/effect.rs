//! What a decision would do: where the person is counted before and after it, and what
//! rules and places say against it.
//!
//! The person after the decision is asked all rules anew, so that a decision that changes
//! its own premise is seen: a woman who is appointed senior retires on another line, and
//! may leave the window in which she did not count.

use super::data::Data;
use super::explain::{self, PersonTrace, RetirementTrace, StandingTrace};
use super::ledger::Posts;
use super::outlook::Window;
use super::verdict::Verdict;
use crate::domain::adoption::Handling;
use crate::domain::institution::Institution;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level};
use crate::domain::promotion::{Check, Kind, Pool, Target, after, fits};
use crate::domain::refusal::Refusal;
use crate::domain::register::Register;
use crate::domain::staff::Person;
use crate::domain::time::Date;
use crate::policy::fact::Entity;
use crate::policy::model::{Body, Force, Rule};
use crate::policy::plan::{Check as Against, Counted, Plan, RuleId};

/// What the rules say of one person, taken alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub level: Option<Level>,
    pub ledger: Option<Ledger>,
    /// The pool of places in which the person counts.
    pub pool: Option<Pool>,
    pub retirement: Option<RetirementTrace>,
    pub trace: PersonTrace,
}

/// Where somebody is: the rules that apply there, and the institution as they see it.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    pub plan: &'a Plan,
    pub institution: &'a Institution,
}

/// Somebody somewhere.
#[derive(Clone, Copy)]
pub struct Somebody<'a> {
    pub setting: Setting<'a>,
    pub person: &'a Person,
    /// A decision is recorded that they stand off quota.
    pub decided: bool,
}

/// A decision, and what it would change.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The person as they would be.
    pub person: Person,
    /// A decision is recorded then that they stand off quota.
    pub decided: bool,
    /// To another institution.
    moves: bool,
    pub before: Standing,
    pub after: Standing,
}

impl Effect {
    /// The pool of which the decision takes a place that the person does not have.
    pub fn takes(&self) -> Option<Pool> {
        self.after
            .pool
            .filter(|pool| self.moves || self.before.pool != Some(*pool))
    }

    /// The pool of which it frees a place.
    pub fn frees(&self) -> Option<Pool> {
        self.before
            .pool
            .filter(|pool| self.moves || self.after.pool != Some(*pool))
    }

    /// Whether a clause lifts the limit for it: a holder above the ratio takes a place when
    /// there is one, and breaks nothing when there is none.
    pub fn is_lifted(&self) -> bool {
        self.after.ledger == Some(Ledger::BeyondRatio)
    }
}

impl Somebody<'_> {
    /// The facts of one person and their institution: no rule about a person asks for
    /// others.
    fn alone(&self) -> Data {
        let mut alone = self.person.clone();
        alone.institution = 0;
        let register = Register {
            institutions: vec![self.setting.institution.clone()],
            people: vec![alone],
            ..Register::default()
        };
        let plan = self.setting.plan;
        let mut data = Data::of_register(&register, &plan.facts, plan.as_of);
        data.people.decided = vec![self.decided];
        data
    }

    /// The months in which a standing of the plan, by its position, certainly holds if only
    /// the clock runs.
    pub fn windows(&self, at: usize) -> Vec<Window> {
        explain::windows(self.setting.plan, &self.alone(), 0, at)
    }

    /// What the rules say of them.
    pub fn standing(&self) -> Standing {
        let trace = explain::person(self.setting.plan, &self.alone(), 0);
        Standing {
            level: trace.level,
            ledger: trace.ledger,
            pool: pool(trace.level, trace.ledger),
            retirement: trace.retirement,
            trace,
        }
    }
}

/// The pool in which somebody of a level counts.
pub fn pool(level: Option<Level>, ledger: Option<Ledger>) -> Option<Pool> {
    match (ledger?, level) {
        (Ledger::Ordinary | Ledger::BeyondRatio, level) => level.map(Pool::of),
        (Ledger::Directed, _) => Some(Pool::Directed),
        (Ledger::OffQuota | Ledger::Special, _) => None,
    }
}

/// What a decision would do to somebody, who would then be at `to`.
pub fn effect(somebody: Somebody<'_>, to: Setting<'_>, kind: Kind, target: &Target) -> Effect {
    let then = after(kind, target, somebody.person, somebody.person.institution);
    let decided = somebody.decided || kind == Kind::OffQuota;
    let afterwards = Somebody {
        setting: to,
        person: &then,
        decided,
    };
    Effect {
        before: somebody.standing(),
        after: afterwards.standing(),
        decided,
        moves: target.institution.is_some(),
        person: then,
    }
}

/// How strictly a rule is applied where the place has said nothing.
pub const fn usual_handling(force: Force) -> Handling {
    match force {
        Force::Must | Force::May => Handling::Block,
        Force::InPrinciple => Handling::Warn,
        Force::Target => Handling::Record,
    }
}

/// What is asked before a step, but for places.
pub struct Question<'a> {
    pub plan: &'a Plan,
    pub kind: Kind,
    pub target: &'a Target,
    pub person: &'a Person,
    pub effect: &'a Effect,
    /// The day from which on the decision would hold.
    pub on: Date,
    /// How the place applies a rule (`policy#rule`); `None` = it has not said.
    pub handling: &'a dyn Fn(&str) -> Option<Handling>,
}

impl Question<'_> {
    /// Every check, those that passed too.
    pub fn checks(&self) -> Vec<Check> {
        let fitting = fits(self.kind, self.target, self.person);
        let mut checks: Vec<Check> = fitting
            .into_iter()
            .map(|one| Check::of_records(Some(one)))
            .collect();
        checks.extend(self.retirement());
        checks.extend(self.road());
        checks.extend(self.demands());
        checks
    }

    /// Nobody is promoted beyond the month of retirement, and retires only within the
    /// months of the law.
    fn retirement(&self) -> Option<Check> {
        let month = self.on.month();
        if self.kind == Kind::Retirement {
            let month = self.target.on.map_or(month, Date::month);
            let retirement = self.effect.before.retirement?;
            let (from, until) = retirement.flexible;
            let inside = from <= month && month <= until;
            let against = (!inside).then_some(Refusal::OutsideRetirement { from, until });
            return Some(self.of_rule(retirement.rule, against));
        }
        if self.kind == Kind::End {
            return None;
        }
        let retirement = self.effect.after.retirement?;
        let over = past(retirement.month, month);
        Some(self.of_rule(retirement.rule, over))
    }

    /// The clause that opens the road, where it needs one.
    fn road(&self) -> Vec<Check> {
        let opens: fn(&Body) -> bool = match self.kind {
            Kind::AboveRatio => |body| matches!(body, Body::BeyondCap(_)),
            Kind::OffQuota => |body| matches!(body, Body::Exempt(_)),
            _ => return Vec::new(),
        };
        let traces = self.effect.before.trace.standings.iter();
        let roads: Vec<&StandingTrace> = traces
            .filter(|trace| self.body(trace.rule).is_some_and(opens))
            .collect();
        // one clause that opens it is enough
        let open = roads.iter().find(|trace| self.against(trace).is_none());
        match (open, roads.first()) {
            (Some(trace), _) => vec![self.of_rule(trace.rule, None)],
            (None, Some(trace)) => vec![self.of_rule(trace.rule, self.against(trace))],
            (None, None) => vec![Check::of_records(Some(Refusal::NoSuchRoad))],
        }
    }

    /// What has to hold of the person: prerequisites of the post, the place where a title
    /// is valid, and what is owed before a title.
    fn demands(&self) -> Vec<Check> {
        let before = &self.effect.before.trace.standings;
        let after = &self.effect.after.trace.standings;
        let pairs = before.iter().zip(after);
        let mut checks = Vec::new();
        for (before, after) in pairs {
            let asked = match self.body(after.rule) {
                Some(Body::Scope(_)) if self.kind.needs_title() => Some(after),
                Some(Body::Prerequisite(_)) if self.is_choice(after.rule) => None,
                Some(Body::Prerequisite(_)) if self.kind == Kind::DirectedTitle => Some(before),
                // what was not met before is not this decision's doing
                Some(Body::Prerequisite(_)) if self.kind.appoints() => {
                    (after.verdict != before.verdict).then_some(after)
                }
                _ => None,
            };
            if let Some(trace) = asked.filter(|trace| trace.verdict.is_some()) {
                checks.push(self.of_rule(trace.rule, self.against(trace)));
            }
        }
        checks
    }

    /// What a standing says against it. A judgement is met by the merits that are stated.
    fn against(&self, trace: &StandingTrace) -> Option<Refusal> {
        let rule = self.plan.name(trace.rule);
        match trace.verdict {
            Some(Verdict::Holds | Verdict::Judgement) => None,
            Some(Verdict::Unknown) => {
                let missing = trace.missing.iter();
                let missing = missing.map(|fact| self.plan.facts.name(*fact).to_owned());
                Some(Refusal::RuleUnknown {
                    rule,
                    missing: missing.collect(),
                })
            }
            Some(Verdict::Fails) | None => Some(Refusal::RuleFails { rule }),
        }
    }

    fn of_rule(&self, id: RuleId, against: Option<Refusal>) -> Check {
        of_rule(self.plan, id, self.handling, against)
    }

    /// Whether the rule says what somebody may do, so that not to meet it is no breach.
    fn is_choice(&self, id: RuleId) -> bool {
        let rule = self.plan.rule(id);
        rule.is_some_and(|(_, rule)| rule.force == Force::May)
    }

    fn body(&self, id: RuleId) -> Option<&Body> {
        self.plan.rule(id).map(|(_, rule)| &rule.body)
    }
}

fn of_rule(
    plan: &Plan,
    id: RuleId,
    handling: &dyn Fn(&str) -> Option<Handling>,
    against: Option<Refusal>,
) -> Check {
    let name = plan.name(id);
    let usual = || {
        let rule: Option<&Rule> = plan.rule(id).map(|(_, rule)| rule);
        rule.map_or(Handling::Block, |rule| usual_handling(rule.force))
    };
    let handling = handling(&name).unwrap_or_else(usual);
    Check::of_rule(name, handling, against)
}

fn past(retirement: Month, month: Month) -> Option<Refusal> {
    (month > retirement).then_some(Refusal::PastRetirement { month: retirement })
}

/// The places of an institution, and who keeps some of them.
pub struct Places<'a> {
    pub plan: &'a Plan,
    /// With what is reserved for others, and not for the one who asks.
    pub posts: &'a Posts,
    /// The names of those for whom places of a pool are reserved.
    pub held_by: &'a dyn Fn(Pool) -> Vec<String>,
    pub handling: &'a dyn Fn(&str) -> Option<Handling>,
}

impl Places<'_> {
    /// Whether there is a place of a pool; `lifted` where a clause lifts the limit.
    pub fn check(&self, pool: Pool, lifted: bool) -> Check {
        let [limit, counted, reserved] = figures(self.posts, pool);
        let (counted, reserved) = (counted.unwrap_or(0), reserved.unwrap_or(0));
        let against = match limit {
            _ if lifted => None,
            None => Some(Refusal::LimitUnknown { pool }),
            Some(limit) if counted + reserved < limit => None,
            Some(limit) => Some(Refusal::NoPlace {
                pool,
                limit,
                counted,
                reserved,
                held_by: (self.held_by)(pool),
            }),
        };
        match self.binding(pool) {
            Some(rule) => of_rule(self.plan, rule, self.handling, against),
            None => Check::of_records(against),
        }
    }

    /// The rule whose number is the limit: what was approved, or the ratio.
    fn binding(&self, pool: Pool) -> Option<RuleId> {
        let (approved, ceiling) = match pool.level() {
            Some(level) => {
                let own = self.posts.level(level);
                (own.approved, own.ceiling)
            }
            None => (self.posts.directed.approved, self.posts.directed.ceiling),
        };
        let by_approval = match (approved, ceiling) {
            (Some(approved), Some(ceiling)) => approved <= ceiling,
            (approved, _) => approved.is_some(),
        };
        let counts = match pool {
            Pool::Senior => "聘用 高级岗位",
            Pool::Intermediate => "聘用 中级岗位",
            Pool::Junior => "聘用 初级岗位",
            Pool::Directed => "聘用 定向岗位",
        };
        let counts = self.plan.facts.find(Entity::Institution, counts)?;
        let mut rules = self.plan.findings.iter().filter(|rule| {
            rule.measures.iter().any(|measure| {
                let own = measure.counted == Counted::Fact(counts);
                own && matches!(measure.check, Against::AtMostFact(_)) == by_approval
            })
        });
        rules.next().map(|rule| rule.rule)
    }
}

/// Limit, counted and reserved of a pool.
pub fn figures(posts: &Posts, pool: Pool) -> [Option<i64>; 3] {
    match pool.level() {
        Some(level) => {
            let own = posts.level(level);
            [own.limit, Some(own.counted()), Some(own.reserved)]
        }
        None => {
            let own = &posts.directed;
            [own.limit, Some(own.counted), Some(own.reserved)]
        }
    }
}
