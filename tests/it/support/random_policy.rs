//! Random policies: the text of a file that the real loader reads, and what its rules say
//! of a person according to their own words.

use super::conditions::{Asked, Lines, fixed_lines, lines};
use super::library;
use dinggang::domain::month::Month;
use dinggang::policy::diagnostic::{Diagnostics, SourceFile};
use dinggang::policy::load::read_policy;
use dinggang::policy::model::Policy;
use dinggang::policy::plan::Plan;
use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt;
use std::sync::Arc;

/// A policy of some rules about people.
#[derive(Clone)]
pub struct RandomPolicy {
    pub rules: Vec<Rule>,
    /// Rows of 人员 that a rule counts, one rule each.
    pub counts: Vec<Lines>,
}

/// One rule.
#[derive(Clone, Debug)]
pub enum Rule {
    Scope {
        who: Lines,
        when: Lines,
    },
    Prerequisite {
        who: Lines,
        when: Lines,
    },
    Exempt {
        who: Lines,
        when: Lines,
    },
    BeyondCap {
        who: Lines,
        holder: (Lines, Lines),
        candidate: (Lines, Lines),
    },
}

impl Rule {
    /// The verdict by the words of the rule; `None` = it is not for this person.
    pub fn verdict(&self, asked: Asked) -> Option<&'static str> {
        let of_branch = |when: &Lines, yes: &'static str| match when.met(asked) {
            None => "unknown",
            Some(true) => yes,
            Some(false) => "fails",
        };
        match self {
            Self::Scope { who, when }
            | Self::Prerequisite { who, when }
            | Self::Exempt { who, when } => match who.applies(asked) {
                Some(false) => None,
                None => Some("unknown"),
                Some(true) => Some(of_branch(when, "holds")),
            },
            Self::BeyondCap {
                who,
                holder,
                candidate,
            } => {
                let who = who.applies(asked);
                if who == Some(false) {
                    return None;
                }
                for ((own, when), yes) in [(holder, "holds"), (candidate, "judgement")] {
                    match own.applies(asked) {
                        Some(false) => {}
                        Some(true) if who == Some(true) => return Some(of_branch(when, yes)),
                        _ => return Some("unknown"),
                    }
                }
                None
            }
        }
    }

    /// What is demanded of someone for whom the rule is, for the branch that decides.
    pub fn demanded(&self, asked: Asked) -> Option<&Lines> {
        match self {
            Self::Scope { when, .. }
            | Self::Prerequisite { when, .. }
            | Self::Exempt { when, .. } => Some(when),
            Self::BeyondCap {
                holder, candidate, ..
            } => [holder, candidate]
                .into_iter()
                .find(|(own, _)| own.applies(asked) != Some(false))
                .map(|(_, when)| when),
        }
    }

    fn write(&self, id: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Scope { .. } => "scope",
            Self::Prerequisite { .. } => "prerequisite",
            Self::Exempt { .. } => "exempt",
            Self::BeyondCap { .. } => "beyond-cap",
        };
        writeln!(f, "[[{kind}]]\nid = \"r{id}\"\ncites = [\"1\"]")?;
        match self {
            Self::Scope { who, when } | Self::Prerequisite { who, when } => {
                writeln!(f, "who = {who}\nwhen = {when}")
            }
            Self::Exempt { who, when } => {
                writeln!(
                    f,
                    "of = [\"national/public-institutions-2014#approved-posts\"]"
                )?;
                writeln!(f, "who = {who}\nwhen = {when}")
            }
            Self::BeyondCap {
                who,
                holder,
                candidate,
            } => {
                writeln!(f, "who = {who}")?;
                writeln!(f, "holder = {{ who = {}, when = {} }}", holder.0, holder.1)?;
                let (own, when) = candidate;
                writeln!(
                    f,
                    "candidate = {{ who = {own}, when = {when}, judgement = \"优秀\" }}"
                )
            }
        }
    }
}

/// The file.
impl fmt::Display for RandomPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "[document]\ntitle = \"随机\"\nplace = \"\"\nstatus = \"draft\""
        )?;
        writeln!(f, "[clause.\"1\"]\nat = \"第一条\"\ntext = \"略\"")?;
        for (id, rule) in self.rules.iter().enumerate() {
            rule.write(id, f)?;
        }
        for (id, who) in self.counts.iter().enumerate() {
            writeln!(f, "[[judgement]]\nid = \"c{id}\"\ncites = [\"1\"]")?;
            writeln!(f, "count_people = {who}\nquestion = \"够不够\"")?;
        }
        Ok(())
    }
}

impl fmt::Debug for RandomPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl RandomPolicy {
    /// Read by the real loader.
    pub fn load(&self) -> Arc<Policy> {
        let file = Arc::new(SourceFile {
            name: "random/policy.toml".to_owned(),
            text: self.to_string(),
        });
        let mut problems = Diagnostics::default();
        let policy = read_policy("random", &file, &library::shipped().facts, &mut problems);
        let found: Vec<_> = problems
            .0
            .iter()
            .map(|p| format!("{:?}", p.problem))
            .collect();
        assert!(found.is_empty(), "{found:#?}\n{self}");
        Arc::new(policy.expect("a policy"))
    }

    /// The plan of this policy and those always loaded.
    pub fn plan(&self, as_of: Month) -> Plan {
        let mut policies = vec![self.load()];
        policies.extend(library::policies(&[]));
        library::compile(policies, as_of)
    }

    /// The rule of an id such as `r2`.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let at: usize = id.strip_prefix('r')?.parse().ok()?;
        self.rules.get(at)
    }
}

fn rule() -> impl Strategy<Value = Rule> {
    let two = || (lines(2), lines(3));
    prop_oneof![
        2 => two().prop_map(|(who, when)| Rule::Scope { who, when }),
        2 => two().prop_map(|(who, when)| Rule::Prerequisite { who, when }),
        2 => two().prop_map(|(who, when)| Rule::Exempt { who, when }),
        2 => (lines(1), two(), two()).prop_map(|(who, holder, candidate)| Rule::BeyondCap {
            who,
            holder,
            candidate,
        }),
    ]
}

/// Any policy.
pub fn policy() -> impl Strategy<Value = RandomPolicy> {
    (vec(rule(), 1..5), vec(lines(3), 0..3))
        .prop_map(|(rules, counts)| RandomPolicy { rules, counts })
}

/// One or two exemptions whose circle of people does not change with time.
pub fn exemptions() -> impl Strategy<Value = RandomPolicy> {
    let exempt = (fixed_lines(1), lines(3)).prop_map(|(who, when)| Rule::Exempt { who, when });
    vec(exempt, 1..3).prop_map(|rules| RandomPolicy {
        rules,
        counts: Vec::new(),
    })
}

/// One rule whose circle of people does not change with time.
pub fn steady_rule() -> impl Strategy<Value = RandomPolicy> {
    let two = || (fixed_lines(1), lines(3));
    let rule = prop_oneof![
        2 => two().prop_map(|(who, when)| Rule::Prerequisite { who, when }),
        1 => (fixed_lines(1), two(), two()).prop_map(|(who, holder, candidate)| {
            Rule::BeyondCap {
                who,
                holder,
                candidate,
            }
        }),
    ];
    rule.prop_map(|rule| RandomPolicy {
        rules: vec![rule],
        counts: Vec::new(),
    })
}
