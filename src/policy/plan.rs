//! Rules ready to run: conditions of all rules as one flat list of tests, each
//! asked once a row, and rules as formulas over their numbers.
//!
//! A plan holds for one set of policies and one month, because a later law may
//! replace an older rule from a date on.

use super::condition::{Atom, Conditions, Line, Test};
use super::fact::{Entity, Fact, FactId, FactSource, Facts};
use super::model::*;
use super::quantity::Share;
use crate::domain::month::Month;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What a place has decided when it adopted the policies.
#[derive(Clone, Debug, Default)]
pub struct Adoption {
    /// Figures for rules whose text gives none (`policy#rule`).
    pub shares: BTreeMap<String, Share>,
    /// Rules of force `may` that the place has *not* elected (`policy#rule`).
    pub not_elected: Vec<String>,
    /// Stricter rules that the place keeps although a later law replaces them (`policy#rule`).
    pub kept: Vec<String>,
    /// Policies whose exemptions take out only those of whom a decision is recorded.
    pub by_decision: Vec<String>,
}

/// Policy and rule, by position in [`Plan::policies`] and [`Policy::rules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId {
    pub policy: u16,
    pub rule: u16,
}

/// The tests asked of one kind of row.
#[derive(Clone, Debug, Default)]
pub struct Tests {
    pub atoms: Vec<Atom>,
    known: HashMap<Atom, u16>,
}

impl Tests {
    fn number(&mut self, atom: &Atom) -> u16 {
        if let Some(number) = self.known.get(atom) {
            return *number;
        }
        let number = u16::try_from(self.atoms.len()).unwrap_or(u16::MAX);
        self.atoms.push(atom.clone());
        self.known.insert(atom.clone(), number);
        number
    }

    fn formula(&mut self, conditions: &Conditions) -> Formula {
        let line =
            |line: &super::condition::Line| line.any.iter().map(|a| self.number(a)).collect();
        Formula(conditions.0.iter().map(line).collect())
    }
}

/// All lines must hold, one test of each: numbers of tests in [`Tests::atoms`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formula(pub Vec<Vec<u16>>);

/// What the fulfilment of a condition amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    Holds,
    /// A person must still judge.
    Judgement,
}

/// A rule about a person: the first branch whose `who` holds decides.
#[derive(Clone, Debug)]
pub struct Standing {
    pub rule: RuleId,
    pub who: Formula,
    pub branches: Vec<Branch>,
    /// Takes the person out of the count.
    pub exempts: bool,
    /// It does so only where a decision is recorded and the rule does not fail.
    pub by_decision: bool,
}

/// One branch of a standing.
#[derive(Clone, Debug)]
pub struct Branch {
    pub who: Formula,
    pub when: Formula,
    pub met: Met,
}

/// A count of people per institution: those who fulfil all of `all` and none of `none`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleCount {
    pub all: Vec<Formula>,
    pub none: Vec<Formula>,
}

/// Position in [`Plan::people_counts`].
pub type CountId = usize;

/// A number of a finding, ready to be looked up.
#[derive(Clone, Debug, PartialEq)]
pub enum Counted {
    /// Nothing: the conditions of the check decide alone.
    Nothing,
    Fact(FactId),
    People(CountId),
    Institutions(Formula),
    RuralDoctors(Formula),
}

/// A rule about institutions, counties, consortia or places.
#[derive(Clone, Debug)]
pub struct FindingRule {
    pub rule: RuleId,
    /// Which institutions it is for.
    pub places: Formula,
    /// Institutions for which a blank number leaves it out.
    pub left_out_if_blank: Option<Formula>,
    pub per: Vec<Per>,
    /// Of `places`, only what is said about the kind of institution.
    pub kinds: Formula,
    /// The fact that names a person's place, where it is not the institution's.
    pub people_by: Option<FactId>,
    pub measures: Vec<Measure>,
}

/// One count of a finding rule, and what it is held against.
#[derive(Clone, Debug)]
pub struct Measure {
    pub subject: Option<String>,
    pub counted: Counted,
    pub check: Check,
}

/// What a count is held against.
#[derive(Clone, Debug)]
pub enum Check {
    /// At most a share of a base; `None` = the place has not set the share.
    ShareAtMost {
        base: FactId,
        share: Option<Share>,
        rounding: Option<super::quantity::Rounding>,
        variants: Vec<VariantPlan>,
    },
    /// At most an approved number.
    AtMostFact(FactId),
    /// A pool of its own: a share where `when` holds, nothing elsewhere.
    Reserve {
        when: Formula,
        base: FactId,
        share: Share,
        rounding: super::quantity::Rounding,
    },
    ShareAtLeast {
        base: Counted,
        share: Share,
    },
    AtLeast(i64),
    Between {
        base: Option<FactId>,
        low: Option<Bound>,
        high: Option<Bound>,
    },
    PerUnit {
        of: FactId,
        every: i64,
        first: i64,
        above: i64,
        rounding: super::quantity::Rounding,
        after: Vec<Before>,
    },
    /// Months since a date, at most so many.
    Elapsed {
        since: FactId,
        every: i32,
    },
    /// Conditions on the subject itself.
    When(Formula),
    Judgement,
}

/// A different share under conditions.
#[derive(Clone, Debug)]
pub struct VariantPlan {
    /// Position among the variants of the rule, for its reading.
    pub index: usize,
    pub when: Formula,
    pub share: Share,
    pub over: Option<FactId>,
}

/// A need served before this one, and the people both could take.
#[derive(Clone, Debug)]
pub struct Before {
    /// What the earlier need is measured by: ⌊of / every⌋.
    pub of: FactId,
    pub every: i64,
    pub first: i64,
    pub above: i64,
    pub rounding: super::quantity::Rounding,
    /// All who can serve the earlier need.
    pub eligible: CountId,
    /// Those of them who could also serve this one.
    pub shared: CountId,
}

/// A decision table over rows of one kind.
#[derive(Clone, Debug)]
pub struct TablePlan {
    pub rule: RuleId,
    pub of: Entity,
    pub when: Formula,
    pub first_only: bool,
    pub rows: Vec<Formula>,
}

/// Who comes first.
#[derive(Clone, Debug)]
pub struct PriorityPlan {
    pub rule: RuleId,
    pub of: Entity,
    pub places: Formula,
    pub first: Formula,
}

/// Everything that is to be evaluated.
#[derive(Clone, Debug)]
pub struct Plan {
    pub facts: Arc<Facts>,
    pub policies: Vec<Arc<Policy>>,
    pub as_of: Month,
    /// Tests of people, institutions and every other kind of row.
    pub tests: BTreeMap<Entity, Tests>,
    /// Months of service that are needed, by fact.
    pub clocks: Vec<FactId>,
    pub schedule: Option<(RuleId, AgeSchedule)>,
    pub standings: Vec<Standing>,
    pub people_counts: Vec<PeopleCount>,
    pub findings: Vec<FindingRule>,
    pub tables: Vec<TablePlan>,
    pub priorities: Vec<PriorityPlan>,
    pub structures: Vec<(RuleId, Structure)>,
    /// Rules replaced by a later law: the rule, and what replaces it.
    pub overridden: Vec<(RuleId, RuleId)>,
    /// The count of everybody on the establishment.
    pub headcount: CountId,
    /// The count of professional staff on the establishment.
    pub professional_headcount: CountId,
    /// Rules that no workbook can answer, with the facts they lack.
    pub not_evaluated: Vec<(RuleId, Vec<FactId>)>,
}

/// The two clocks of CONTRACT section 4, wherever the policies stand.
pub const PRIMARY_SERVICE: &str = "基层累计工作年限";
/// Professional service in townships.
pub const TOWNSHIP_SERVICE: &str = "乡镇专业技术工作年限";

impl Plan {
    /// Compiles policies for one month. `available` says whether a fact that no
    /// workbook carries can be had (the system of record, a case); rules that need
    /// what is not available are listed in [`Plan::not_evaluated`].
    pub fn compile(
        facts: Arc<Facts>,
        policies: Vec<Arc<Policy>>,
        adoption: &Adoption,
        as_of: Month,
        available: &dyn Fn(FactId) -> bool,
    ) -> Self {
        let mut plan = Self {
            facts,
            policies: policies.clone(),
            as_of,
            tests: BTreeMap::new(),
            clocks: Vec::new(),
            schedule: None,
            standings: Vec::new(),
            people_counts: Vec::new(),
            findings: Vec::new(),
            tables: Vec::new(),
            priorities: Vec::new(),
            structures: Vec::new(),
            overridden: Vec::new(),
            headcount: 0,
            professional_headcount: 0,
            not_evaluated: Vec::new(),
        };
        plan.headcount = plan.headcount_of(&[("编制情况", "编内")]);
        plan.professional_headcount =
            plan.headcount_of(&[("编制情况", "编内"), ("岗位类别", "专业技术")]);
        for name in [PRIMARY_SERVICE, TOWNSHIP_SERVICE] {
            plan.clocks.extend(plan.facts.find(Entity::Person, name));
        }
        plan.overridden = overridden(&policies, as_of, &adoption.kept);
        for (id, policy, rule) in rules(&policies) {
            if plan.overridden.iter().any(|(replaced, _)| *replaced == id) {
                continue;
            }
            if rule.force == Force::May && adoption.not_elected.contains(&full_name(policy, rule)) {
                continue;
            }
            let missing = plan.missing(rule, available);
            if missing.is_empty() {
                plan.add(id, policy, rule, adoption);
            } else {
                plan.not_evaluated.push((id, missing));
            }
        }
        plan
    }

    /// The policy and the rule of an id.
    pub fn rule(&self, id: RuleId) -> Option<(&Policy, &Rule)> {
        let policy = self.policies.get(usize::from(id.policy))?;
        Some((policy, policy.rules.get(usize::from(id.rule))?))
    }

    /// `policy#rule`; empty for an id of no rule.
    pub fn name(&self, id: RuleId) -> String {
        let rule = self.rule(id);
        rule.map_or_else(String::new, |(policy, rule)| full_name(policy, rule))
    }

    fn missing(&self, rule: &Rule, available: &dyn Fn(FactId) -> bool) -> Vec<FactId> {
        let can_ask = |id: FactId| {
            let outside = |f: &Fact| matches!(f.from, FactSource::Record | FactSource::Export);
            self.facts.get(id).is_some_and(|f| !outside(f)) || available(id)
        };
        let mut facts: Vec<FactId> = match &rule.body {
            // one alternative that can be asked will do: where it says no, the verdict
            // stays open and names the others
            Body::Scope(rule) | Body::Prerequisite(rule) => [&rule.who, &rule.when]
                .into_iter()
                .flat_map(|conditions| conditions.out_of_reach(&can_ask))
                .collect(),
            _ => facts_of(rule),
        };
        facts.retain(|id| !can_ask(*id));
        facts.sort_unstable();
        facts.dedup();
        facts
    }

    fn formula(&mut self, entity: Entity, conditions: &Conditions) -> Formula {
        for fact in conditions.facts() {
            let is_clock = self.facts.get(fact).is_some_and(|f| f.service.is_some());
            if is_clock && !self.clocks.contains(&fact) {
                self.clocks.push(fact);
            }
        }
        self.tests.entry(entity).or_default().formula(conditions)
    }

    /// A count by words of `facts.toml` that the engine itself needs.
    fn headcount_of(&mut self, words: &[(&str, &str)]) -> CountId {
        let lines = words.iter().filter_map(|(name, word)| {
            let fact = self.facts.find(Entity::Person, name)?;
            let code = self
                .facts
                .get(fact)?
                .values
                .iter()
                .position(|value| value == word)?;
            let written = format!("{name} = {word}");
            let atom = Atom {
                written: written.clone(),
                fact,
                test: Test::Codes(1 << code),
            };
            Some(Line {
                written,
                any: vec![atom],
            })
        });
        let conditions = Conditions(lines.collect());
        let who = self.people(&conditions);
        self.count(PeopleCount {
            all: vec![who],
            none: Vec::new(),
        })
    }

    fn people(&mut self, conditions: &Conditions) -> Formula {
        self.formula(Entity::Person, conditions)
    }

    fn institutions(&mut self, conditions: &Conditions) -> Formula {
        self.formula(Entity::Institution, conditions)
    }

    fn count(&mut self, count: PeopleCount) -> CountId {
        match self.people_counts.iter().position(|known| *known == count) {
            Some(id) => id,
            None => {
                self.people_counts.push(count);
                self.people_counts.len() - 1
            }
        }
    }

    fn counted(&mut self, quantity: &Quantity) -> Counted {
        match quantity {
            Quantity::Fact(fact) => Counted::Fact(*fact),
            Quantity::People(who) => {
                let who = self.people(who);
                Counted::People(self.count(PeopleCount {
                    all: vec![who],
                    none: Vec::new(),
                }))
            }
            Quantity::Institutions(which) => Counted::Institutions(self.institutions(which)),
            Quantity::RuralDoctors(which) => {
                Counted::RuralDoctors(self.formula(Entity::RuralDoctor, which))
            }
        }
    }

    fn add(&mut self, id: RuleId, policy: &Policy, rule: &Rule, adoption: &Adoption) {
        match &rule.body {
            Body::Exempt(exempt) => {
                let (who, when) = (self.people(&exempt.who), self.people(&exempt.when));
                self.standing(
                    id,
                    who,
                    vec![Branch {
                        who: Formula::default(),
                        when,
                        met: Met::Holds,
                    }],
                    true,
                );
                let by_decision = adoption.by_decision.contains(&policy.id);
                if let Some(standing) = self.standings.last_mut() {
                    standing.by_decision = by_decision;
                }
            }
            Body::BeyondCap(beyond) => {
                let who = self.people(&beyond.who);
                let branches = vec![
                    Branch {
                        who: self.people(&beyond.holder_who),
                        when: self.people(&beyond.holder_when),
                        met: Met::Holds,
                    },
                    Branch {
                        who: self.people(&beyond.candidate_who),
                        when: self.people(&beyond.candidate_when),
                        met: Met::Judgement,
                    },
                ];
                self.standing(id, who, branches, false);
            }
            Body::Scope(requirement) | Body::Prerequisite(requirement) => {
                self.requirement(id, requirement);
            }
            Body::StatusTable(table) => {
                let when = self.formula(table.of, &table.when);
                let rows = table
                    .rows
                    .iter()
                    .map(|row| self.formula(table.of, &row.when))
                    .collect();
                self.tables.push(TablePlan {
                    rule: id,
                    of: table.of,
                    when,
                    first_only: table.first_only,
                    rows,
                });
            }
            Body::Priority(priority) => {
                let places = self.formula(priority.of, &priority.places);
                let first = self.formula(priority.of, &priority.first);
                self.priorities.push(PriorityPlan {
                    rule: id,
                    of: priority.of,
                    places,
                    first,
                });
            }
            Body::AgeSchedule(schedule) => self.schedule = Some((id, schedule.clone())),
            Body::Structure(structure) => self.structures.push((id, structure.clone())),
            Body::Ceiling(ceiling) => {
                let share = adoption.shares.get(&full_name(policy, rule)).copied();
                self.ceiling(id, ceiling, share);
            }
            Body::Floor(floor) => {
                let check = Check::ShareAtLeast {
                    base: Counted::Fact(floor.base),
                    share: floor.share,
                };
                let measure = Measure {
                    subject: None,
                    counted: Counted::Fact(floor.counted),
                    check,
                };
                let left_out = floor
                    .left_out_if_blank
                    .as_ref()
                    .map(|c| self.institutions(c));
                let places = self.institutions(&floor.places);
                let added = self.push(id, places, floor.per.clone(), vec![measure]);
                added.left_out_if_blank = left_out;
            }
            Body::Reserve(reserve) => {
                let check = Check::Reserve {
                    when: self.institutions(&reserve.when),
                    base: reserve.base,
                    share: reserve.share,
                    rounding: reserve.rounding,
                };
                self.finding(
                    id,
                    &reserve.places,
                    Per::Institution,
                    Counted::Fact(reserve.counted),
                    check,
                );
            }
            Body::PerUnit(per_unit) => self.per_unit(id, policy, per_unit),
            Body::MinCount(min_count) => {
                let measures = min_count
                    .measures
                    .iter()
                    .map(|(subject, quantity, needed)| Measure {
                        subject: subject.clone(),
                        counted: self.counted(quantity),
                        check: Check::AtLeast(*needed),
                    })
                    .collect();
                let places = self.institutions(&min_count.places);
                let added = self.push(id, places, vec![min_count.per], measures);
                added.people_by = min_count.people_by;
            }
            Body::Range(range) => {
                let check = Check::Between {
                    base: range.base,
                    low: range.low,
                    high: range.high,
                };
                self.finding(
                    id,
                    &range.places,
                    range.per,
                    Counted::Fact(range.counted),
                    check,
                );
            }
            Body::Target(target) => {
                let counted = self.counted(&target.counted);
                let check = match (&target.base, target.at_least) {
                    (Some(base), Bound::Share(share)) => Check::ShareAtLeast {
                        base: self.counted(base),
                        share,
                    },
                    (_, Bound::Number(needed)) => Check::AtLeast(needed),
                    // a share without a total is refused when the file is read
                    (None, Bound::Share(_)) => Check::Judgement,
                };
                self.finding(id, &target.places, target.per, counted, check);
            }
            Body::ReviewEvery(review) => {
                let check = Check::Elapsed {
                    since: review.since,
                    every: review.every,
                };
                self.finding(
                    id,
                    &Conditions::default(),
                    review.per,
                    Counted::Fact(review.since),
                    check,
                );
            }
            Body::Pool(pool) => {
                self.finding(
                    id,
                    &pool.places,
                    pool.per,
                    Counted::Fact(pool.counted),
                    Check::AtMostFact(pool.at_most),
                );
            }
            Body::Judgement(judgement) => {
                let who = self.people(&judgement.who);
                let count = self.count(PeopleCount {
                    all: vec![who],
                    none: Vec::new(),
                });
                self.finding(
                    id,
                    &judgement.places,
                    Per::Institution,
                    Counted::People(count),
                    Check::Judgement,
                );
            }
        }
    }

    fn standing(&mut self, rule: RuleId, who: Formula, branches: Vec<Branch>, exempts: bool) {
        self.standings.push(Standing {
            rule,
            who,
            branches,
            exempts,
            by_decision: false,
        });
    }

    fn requirement(&mut self, id: RuleId, requirement: &Requirement) {
        let who = self.formula(requirement.of, &requirement.who);
        let when = self.formula(requirement.of, &requirement.when);
        let per = match requirement.of {
            Entity::Institution => Per::Institution,
            Entity::Consortium => Per::Consortium,
            _ => {
                let branch = Branch {
                    who: Formula::default(),
                    when,
                    met: Met::Holds,
                };
                self.standing(id, who, vec![branch], false);
                return;
            }
        };
        let check = Check::When(when);
        let measure = Measure {
            subject: None,
            counted: Counted::Nothing,
            check,
        };
        self.push(id, who, vec![per], vec![measure]);
    }

    /// Adds a finding rule; what is rare is set on what comes back.
    fn push(
        &mut self,
        rule: RuleId,
        places: Formula,
        per: Vec<Per>,
        measures: Vec<Measure>,
    ) -> &mut FindingRule {
        let kinds = self.kinds(&places);
        self.findings.push_mut(FindingRule {
            rule,
            places,
            left_out_if_blank: None,
            per,
            kinds,
            people_by: None,
            measures,
        })
    }

    /// Of a formula about institutions, the lines about nothing but their kind.
    fn kinds(&self, places: &Formula) -> Formula {
        let kind = self.facts.find(Entity::Institution, "机构类型");
        let Some(tests) = self.tests.get(&Entity::Institution) else {
            return Formula::default();
        };
        let about_kind = |n: &u16| tests.atoms.get(usize::from(*n)).map(|atom| atom.fact) == kind;
        let lines = places.0.iter().filter(|line| line.iter().all(about_kind));
        Formula(lines.cloned().collect())
    }

    fn finding(
        &mut self,
        rule: RuleId,
        places: &Conditions,
        per: Per,
        counted: Counted,
        check: Check,
    ) {
        let places = self.institutions(places);
        let measure = Measure {
            subject: None,
            counted,
            check,
        };
        self.push(rule, places, vec![per], vec![measure]);
    }

    fn ceiling(&mut self, id: RuleId, ceiling: &Ceiling, set_share: Option<Share>) {
        let places = self.institutions(&ceiling.places);
        let left_out_if_blank = ceiling
            .left_out_if_blank
            .as_ref()
            .map(|c| self.institutions(c));
        let measures = ceiling
            .measures
            .iter()
            .map(|measure| Measure {
                subject: measure.subject.clone(),
                counted: self.counted(&measure.counted),
                check: match &measure.limit {
                    Limit::Fact(fact) => Check::AtMostFact(*fact),
                    Limit::Share {
                        base,
                        share,
                        rounding,
                        variants,
                    } => Check::ShareAtMost {
                        base: *base,
                        share: match share {
                            ShareValue::Fixed(share) => Some(*share),
                            ShareValue::SetByPlace => set_share,
                        },
                        rounding: *rounding,
                        variants: self.variants(variants),
                    },
                },
            })
            .collect();
        let added = self.push(id, places, vec![Per::Institution], measures);
        added.left_out_if_blank = left_out_if_blank;
    }

    fn variants(&mut self, variants: &[Variant]) -> Vec<VariantPlan> {
        variants
            .iter()
            .enumerate()
            .map(|(index, variant)| VariantPlan {
                index,
                when: self.institutions(&variant.when),
                share: variant.share,
                over: variant.over,
            })
            .collect()
    }

    fn per_unit(&mut self, id: RuleId, policy: &Policy, rule: &PerUnit) {
        let measures = rule
            .measures
            .iter()
            .map(|measure| Measure {
                subject: measure.subject.clone(),
                counted: self.per_unit_count(rule, measure),
                check: Check::PerUnit {
                    of: rule.of,
                    every: rule.every,
                    first: rule.first,
                    above: rule.above,
                    rounding: rule.rounding,
                    after: measure
                        .after
                        .iter()
                        .filter_map(|need| self.before(policy, measure, need))
                        .collect(),
                },
            })
            .collect();
        let places = self.institutions(&rule.places);
        self.push(id, places, vec![rule.per], measures);
    }

    fn per_unit_count(&mut self, rule: &PerUnit, measure: &PerUnitMeasure) -> Counted {
        match &measure.counted {
            Quantity::People(_) => {
                let count = self.people_count(rule, measure);
                Counted::People(self.count(count))
            }
            other => self.counted(other),
        }
    }

    /// Those of a subject, less those whom another subject has already.
    fn people_count(&mut self, rule: &PerUnit, measure: &PerUnitMeasure) -> PeopleCount {
        let who = |plan: &mut Self, quantity: &Quantity| match quantity {
            Quantity::People(who) => plan.people(who),
            _ => Formula::default(),
        };
        let others = measure
            .not_already
            .iter()
            .filter_map(|at| rule.measures.get(*at));
        PeopleCount {
            all: vec![who(self, &measure.counted)],
            none: others.map(|other| who(self, &other.counted)).collect(),
        }
    }

    fn before(
        &mut self,
        policy: &Policy,
        measure: &PerUnitMeasure,
        need: &(String, String),
    ) -> Option<Before> {
        let Body::PerUnit(earlier) = &policy.rule(&need.0)?.body else {
            return None;
        };
        let subject = earlier
            .measures
            .iter()
            .find(|m| m.subject.as_ref() == Some(&need.1))?;
        let eligible = self.people_count(earlier, subject);
        let mut shared = eligible.clone();
        if let Quantity::People(who) = &measure.counted {
            shared.all.push(self.people(who));
        }
        Some(Before {
            of: earlier.of,
            every: earlier.every,
            first: earlier.first,
            above: earlier.above,
            rounding: earlier.rounding,
            eligible: self.count(eligible),
            shared: self.count(shared),
        })
    }
}

/// Every rule with its id, in the order of the policies.
pub fn rules(policies: &[Arc<Policy>]) -> impl Iterator<Item = (RuleId, &Policy, &Rule)> {
    policies.iter().enumerate().flat_map(|(p, policy)| {
        policy
            .rules
            .iter()
            .enumerate()
            .filter_map(move |(r, rule)| {
                let id = RuleId {
                    policy: u16::try_from(p).ok()?,
                    rule: u16::try_from(r).ok()?,
                };
                Some((id, policy.as_ref(), rule))
            })
    })
}

/// `policy#rule`.
fn full_name(policy: &Policy, rule: &Rule) -> String {
    format!("{}#{}", policy.id, rule.id)
}

/// Rules replaced in that month by another rule of the set, except those that are kept.
fn overridden(policies: &[Arc<Policy>], as_of: Month, kept: &[String]) -> Vec<(RuleId, RuleId)> {
    let mut replaced = Vec::new();
    for (by, policy, rule) in rules(policies) {
        let in_force = rule
            .from
            .or(policy.from)
            .is_none_or(|day| day.month <= as_of);
        if !in_force {
            continue;
        }
        for target in &rule.overrides {
            let name = target.policy.as_deref().unwrap_or(&policy.id);
            replaced.extend(
                rules(policies)
                    .filter(|(_, p, r)| p.id == name && r.id == target.rule)
                    .filter(|(_, p, r)| !kept.contains(&full_name(p, r)))
                    .map(|(id, _, _)| (id, by)),
            );
        }
    }
    replaced
}

/// Every fact a rule names.
pub fn facts_of(rule: &Rule) -> Vec<FactId> {
    let mut facts = Vec::new();
    let mut conditions = |list: &[&Conditions]| facts.extend(list.iter().flat_map(|c| c.facts()));
    let mut named: Vec<FactId> = Vec::new();
    let mut quantities: Vec<&Quantity> = Vec::new();
    match &rule.body {
        Body::Ceiling(rule) => {
            conditions(&[&rule.places]);
            for measure in &rule.measures {
                quantities.push(&measure.counted);
                match &measure.limit {
                    Limit::Fact(fact) => named.push(*fact),
                    Limit::Share { base, variants, .. } => {
                        named.push(*base);
                        for variant in variants {
                            conditions(&[&variant.when]);
                            named.extend(variant.over);
                        }
                    }
                }
            }
        }
        Body::Floor(rule) => {
            conditions(&[&rule.places]);
            named.extend([rule.counted, rule.base]);
        }
        Body::PerUnit(rule) => {
            conditions(&[&rule.places]);
            named.push(rule.of);
            quantities.extend(rule.measures.iter().map(|m| &m.counted));
        }
        Body::MinCount(rule) => {
            conditions(&[&rule.places]);
            named.extend(rule.people_by);
            quantities.extend(rule.measures.iter().map(|(_, quantity, _)| quantity));
        }
        Body::Range(rule) => {
            conditions(&[&rule.places]);
            named.push(rule.counted);
            named.extend(rule.base);
        }
        Body::Exempt(rule) => conditions(&[&rule.who, &rule.when]),
        Body::BeyondCap(rule) => conditions(&[
            &rule.who,
            &rule.holder_who,
            &rule.holder_when,
            &rule.candidate_who,
            &rule.candidate_when,
        ]),
        Body::Reserve(rule) => {
            conditions(&[&rule.places, &rule.when]);
            named.extend([rule.counted, rule.base]);
        }
        Body::Scope(rule) | Body::Prerequisite(rule) => conditions(&[&rule.who, &rule.when]),
        Body::StatusTable(table) => {
            conditions(&[&table.when]);
            for row in &table.rows {
                conditions(&[&row.when]);
            }
        }
        Body::Target(rule) => {
            conditions(&[&rule.places]);
            quantities.push(&rule.counted);
            quantities.extend(&rule.base);
        }
        Body::ReviewEvery(rule) => named.push(rule.since),
        Body::Pool(rule) => {
            conditions(&[&rule.places]);
            named.extend([rule.counted, rule.at_most]);
        }
        Body::Priority(rule) => conditions(&[&rule.places, &rule.first]),
        Body::Judgement(rule) => conditions(&[&rule.places, &rule.who]),
        Body::AgeSchedule(_) | Body::Structure(_) => {}
    }
    for quantity in quantities {
        match quantity {
            Quantity::Fact(fact) => named.push(*fact),
            Quantity::People(c) | Quantity::Institutions(c) | Quantity::RuralDoctors(c) => {
                conditions(&[c])
            }
        }
    }
    facts.extend(named);
    facts
}
