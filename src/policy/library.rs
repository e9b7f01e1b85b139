//! A set of policies: reading them, finding them, and what only shows when they stand
//! side by side: references to other policies, rules that contradict each other.

use super::cases::{self, Case};
use super::condition::{Conditions, Test};
use super::diagnostic::{Diagnostics, NameKind, Place, Problem, SourceFile, nearest};
use super::fact::Facts;
use super::load::read_policy;
use super::model::*;
use super::places::Places;
use super::quantity::Day;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of a folder of policies: path → text.
pub type Files = BTreeMap<String, String>;

/// The name of the file of facts.
pub const FACTS: &str = "facts.toml";
const PLACES: &str = "places.toml";
const POLICY: &str = "/policy.toml";
const CASES: &str = "/cases.toml";

/// Policies that have been read, and their examples.
#[derive(Debug)]
pub struct Library {
    pub facts: Arc<Facts>,
    /// `None` where the folder has no `places.toml`.
    pub places: Option<Places>,
    pub policies: Vec<Arc<Policy>>,
    /// Examples by policy id, with the file they stand in.
    pub cases: BTreeMap<String, (Arc<SourceFile>, Vec<Case>)>,
}

impl Library {
    /// The ids of all policies in a set of files, in order.
    pub fn ids(files: &Files) -> impl Iterator<Item = &str> {
        files.keys().filter_map(|path| path.strip_suffix(POLICY))
    }

    /// Reads the policies of these ids, in this order, without their examples. `root` is
    /// put before every path in messages. Unknown ids are for the caller to find.
    pub fn read<'a>(
        files: &Files,
        root: &str,
        ids: impl IntoIterator<Item = &'a str>,
        problems: &mut Diagnostics,
    ) -> Self {
        let source = |path: &str| {
            let text = files.get(path)?.clone();
            Some(Arc::new(SourceFile {
                name: format!("{root}{path}"),
                text,
            }))
        };
        let facts = match source(FACTS) {
            Some(file) => Facts::read(&file, problems),
            None => Facts::default(),
        };
        let mut policies = Vec::new();
        for id in ids {
            if let Some(file) = source(&format!("{id}{POLICY}")) {
                policies.extend(read_policy(id, &file, &facts, problems).map(Arc::new));
            }
        }
        Self {
            facts: Arc::new(facts),
            places: source(PLACES).map(|file| Places::read(&file, problems)),
            policies,
            cases: BTreeMap::new(),
        }
    }

    /// Reads every policy with its examples. A folder without any is a mistake: nothing
    /// would be checked, and that must not look like success.
    pub fn read_all(files: &Files, root: &str, problems: &mut Diagnostics) -> Self {
        let ids: Vec<&str> = Self::ids(files).collect();
        if ids.is_empty() {
            let file = Arc::new(SourceFile {
                name: root.to_owned(),
                text: String::new(),
            });
            let problem = Problem::Unreadable(root.to_owned());
            problems.add(Place { file, span: 0..0 }, problem);
        }
        let mut library = Self::read(files, root, ids.iter().copied(), problems);
        for id in ids {
            let path = format!("{id}{CASES}");
            let text = files.get(&path).cloned().unwrap_or_default();
            let file = Arc::new(SourceFile {
                name: format!("{root}{path}"),
                text,
            });
            let own = cases::read(&file, problems);
            library.cases.insert(id.to_owned(), (file, own));
        }
        library
    }

    /// The policy with that id.
    pub fn find(&self, id: &str) -> Option<Arc<Policy>> {
        self.policies.iter().find(|policy| policy.id == id).cloned()
    }

    /// Checks what only shows in the whole set.
    pub fn check_together(&self, problems: &mut Diagnostics) {
        for policy in &self.policies {
            self.check_references(policy, problems);
            if let (Some(places), Some(code)) = (&self.places, policy.place) {
                places.check(&code.to_string(), &policy.place_at, problems);
            }
        }
        self.check_conflicts(problems);
    }

    fn check_references(&self, policy: &Policy, problems: &mut Diagnostics) {
        let mut named: Vec<&RuleRef> = Vec::new();
        for rule in &policy.rules {
            named.extend(&rule.overrides);
            named.extend(&rule.uses);
            if let Body::Exempt(exempt) = &rule.body {
                named.extend(&exempt.of);
            }
        }
        named.extend(policy.coverage.iter().flat_map(|row| &row.rules));
        for reference in named {
            let owner = match &reference.policy {
                None => self.find(&policy.id),
                Some(id) => self.find(id),
            };
            let Some(owner) = owner else {
                let found = reference.policy.clone().unwrap_or_default();
                let nearest = nearest(&found, self.policies.iter().map(|p| p.id.as_str()));
                let problem = Problem::UnknownName {
                    what: NameKind::Policy,
                    found,
                    nearest,
                };
                problems.add(reference.place.clone(), problem);
                continue;
            };
            if owner.rule(&reference.rule).is_none() {
                let found = reference.rule.clone();
                let nearest = nearest(&found, owner.rules.iter().map(|r| r.id.as_str()));
                let problem = Problem::UnknownName {
                    what: NameKind::Rule,
                    found,
                    nearest,
                };
                problems.add(reference.place.clone(), problem);
            }
        }
    }

    /// Two rules of one kind that count the same over the same for the same institutions
    /// and give different numbers, where neither overrides the other. Several ceilings do
    /// not conflict: the smallest holds.
    fn check_conflicts(&self, problems: &mut Diagnostics) {
        let rules: Vec<(&Policy, &Rule)> = self
            .policies
            .iter()
            .flat_map(|p| p.rules.iter().map(move |r| (p.as_ref(), r)))
            .collect();
        for (at, (policy, rule)) in rules.iter().enumerate() {
            for (other_policy, other) in rules.iter().skip(at + 1) {
                let meet = bind_together(policy, other_policy)
                    && overlap((rule.from, rule.to), (other.from, other.to))
                    && !overrides(rule, other_policy, other)
                    && !overrides(other, policy, rule);
                if meet && contradict(&rule.body, &other.body) {
                    let problem = Problem::Conflict {
                        rule: format!("{}#{}", other_policy.id, other.id),
                        other: format!("{}#{}", policy.id, rule.id),
                    };
                    problems.add_with(other.place.clone(), problem, rule.place.clone());
                }
            }
        }
    }
}

/// Whether two policies can bind one institution at one time.
fn bind_together(a: &Policy, b: &Policy) -> bool {
    let places = match (a.place, b.place) {
        (Some(x), Some(y)) => x.is_within(y) || y.is_within(x),
        _ => true,
    };
    places && overlap((a.from, a.to), (b.from, b.to))
}

fn overlap(a: (Option<Day>, Option<Day>), b: (Option<Day>, Option<Day>)) -> bool {
    let starts_in_time = |start: Option<Day>, end: Option<Day>| match (start, end) {
        (Some(start), Some(end)) => start <= end,
        _ => true,
    };
    starts_in_time(a.0, b.1) && starts_in_time(b.0, a.1)
}

fn overrides(rule: &Rule, other_policy: &Policy, other: &Rule) -> bool {
    rule.overrides.iter().any(|target| {
        let same_policy = target
            .policy
            .as_ref()
            .is_none_or(|id| *id == other_policy.id);
        same_policy && target.rule == other.id
    })
}

fn contradict(a: &Body, b: &Body) -> bool {
    let meet = |a: &Conditions, b: &Conditions| !exclude(a, b);
    match (a, b) {
        (Body::Floor(a), Body::Floor(b)) => {
            a.counted == b.counted
                && a.base == b.base
                && a.share != b.share
                && meet(&a.places, &b.places)
        }
        (Body::Reserve(a), Body::Reserve(b)) => {
            a.counted == b.counted
                && a.base == b.base
                && a.share != b.share
                && meet(&a.when, &b.when)
        }
        (Body::PerUnit(a), Body::PerUnit(b)) => {
            a.of == b.of
                && a.per == b.per
                && (a.every, a.first, a.above) != (b.every, b.first, b.above)
                && a.measures
                    .iter()
                    .any(|x| b.measures.iter().any(|y| x.counted == y.counted))
                && meet(&a.places, &b.places)
        }
        (Body::MinCount(a), Body::MinCount(b)) => {
            a.per == b.per
                && meet(&a.places, &b.places)
                && a.measures
                    .iter()
                    .any(|x| b.measures.iter().any(|y| x.1 == y.1 && x.2 != y.2))
        }
        (Body::Range(a), Body::Range(b)) => {
            (a.counted, a.base, a.per) == (b.counted, b.base, b.per)
                && (a.low, a.high) != (b.low, b.high)
                && meet(&a.places, &b.places)
        }
        (Body::Target(a), Body::Target(b)) => {
            (a.by, a.per) == (b.by, b.per)
                && a.counted == b.counted
                && a.base == b.base
                && a.at_least != b.at_least
        }
        (Body::ReviewEvery(a), Body::ReviewEvery(b)) => a.since == b.since && a.every != b.every,
        (Body::AgeSchedule(a), Body::AgeSchedule(b)) => a
            .rows
            .iter()
            .any(|x| b.rows.iter().any(|y| x.class == y.class && x != y)),
        _ => false,
    }
}

/// Whether no row can fulfil both: two lines ask one choice for words without any in common.
fn exclude(a: &Conditions, b: &Conditions) -> bool {
    let single = |conditions: &Conditions| {
        conditions
            .0
            .iter()
            .filter_map(|line| match line.any.as_slice() {
                [atom] => match atom.test {
                    Test::Codes(bits) => Some((atom.fact, bits)),
                    _ => None,
                },
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let (a, b) = (single(a), single(b));
    a.iter().any(|(fact, bits)| {
        b.iter()
            .any(|(other, others)| fact == other && bits & others == 0)
    })
}
