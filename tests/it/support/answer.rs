//! What is compared: every number and verdict of CONTRACT sections 3 to 5, as plain
//! words and integers, keyed by code and identity number so that order plays no part.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Everything that is said about a data set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// By 机构编码.
    pub institutions: BTreeMap<String, InstitutionAnswer>,
    /// By the six digits of the county.
    pub areas: BTreeMap<String, Vec<Finding>>,
    /// By name.
    pub consortia: BTreeMap<String, Vec<Finding>>,
    /// By identity number.
    pub people: BTreeMap<String, PersonAnswer>,
    /// By identity number.
    pub rural_doctors: BTreeMap<String, DoctorAnswer>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstitutionAnswer {
    pub professional: Option<i64>,
    /// senior, intermediate, junior, directed.
    pub posts: BTreeMap<&'static str, Posts>,
    pub findings: Vec<Finding>,
}

/// One row of `posts`. The ledgers a pool does not have are `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posts {
    pub ceiling: Option<i64>,
    pub approved: Option<i64>,
    pub limit: Option<i64>,
    pub ordinary: Option<i64>,
    pub beyond_ratio: Option<i64>,
    pub off_quota: Option<i64>,
    pub special: Option<i64>,
    pub counted: i64,
    pub vacant: Option<i64>,
    pub over: Option<i64>,
}

/// One finding: the columns that outside checks compare (CONTRACT section 5).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub policy: String,
    pub rule: String,
    pub subject: Option<String>,
    pub force: &'static str,
    pub verdict: &'static str,
    pub counted: Option<i64>,
    pub base: Option<i64>,
    pub needed: Option<i64>,
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_blank = |n: Option<i64>| n.map_or("–".to_owned(), |n| n.to_string());
        write!(f, "{}#{}", self.policy, self.rule)?;
        if let Some(subject) = &self.subject {
            write!(f, " [{subject}]")?;
        }
        write!(
            f,
            " ({}) {}: counted {}, base {}, needed {}",
            self.force,
            self.verdict,
            or_blank(self.counted),
            or_blank(self.base),
            or_blank(self.needed)
        )
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonAnswer {
    pub retirement: String,
    pub months_to_retirement: i64,
    pub primary_service_months: Option<i64>,
    pub township_service_months: Option<i64>,
    pub ledger: Option<&'static str>,
    /// By policy and rule.
    pub standings: BTreeMap<(String, String), Standing>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub verdict: &'static str,
    pub from: Option<String>,
    pub until: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoctorAnswer {
    /// Name and force, in order.
    pub gives: Vec<(String, &'static str)>,
    pub missing: Vec<String>,
}

impl Answer {
    /// The same without findings and standings of rules that are not on a list.
    pub fn only(mut self, rules: &[(&str, &str)]) -> Self {
        let listed =
            |policy: &str, rule: &str| rules.iter().any(|(p, r)| *p == policy && *r == rule);
        let institutions = self.institutions.values_mut().map(|i| &mut i.findings);
        let groups = self.areas.values_mut().chain(self.consortia.values_mut());
        for findings in institutions.chain(groups) {
            findings.retain(|f| listed(&f.policy, &f.rule));
        }
        for person in self.people.values_mut() {
            person.standings.retain(|(p, r), _| listed(p, r));
        }
        self
    }

    /// Puts the findings in an order of their own.
    pub fn sorted(mut self) -> Self {
        let institutions = self.institutions.values_mut().map(|i| &mut i.findings);
        let groups = self.areas.values_mut().chain(self.consortia.values_mut());
        for findings in institutions.chain(groups) {
            findings.sort();
        }
        self
    }

    /// What the two say differently, one line each.
    pub fn differences(&self, other: &Self, names: (&str, &str)) -> Vec<String> {
        let mut said = Vec::new();
        compare(
            "机构",
            &self.institutions,
            &other.institutions,
            |at, a, b| {
                let (a, b) = (
                    a.cloned().unwrap_or_default(),
                    b.cloned().unwrap_or_default(),
                );
                line(at, names, &a.professional, &b.professional, &mut said);
                for (level, posts) in &a.posts {
                    let theirs = b.posts.get(level).copied().unwrap_or_default();
                    line(&format!("{at} {level}"), names, posts, &theirs, &mut said);
                }
                findings(at, names, &a.findings, &b.findings, &mut said);
            },
        );
        for (what, a, b) in [
            ("区域", &self.areas, &other.areas),
            ("医共体", &self.consortia, &other.consortia),
        ] {
            compare(what, a, b, |at, a, b| {
                let none = Vec::new();
                findings(at, names, a.unwrap_or(&none), b.unwrap_or(&none), &mut said);
            });
        }
        compare("人员", &self.people, &other.people, |at, a, b| {
            line(at, names, &a, &b, &mut said);
        });
        let doctors = (&self.rural_doctors, &other.rural_doctors);
        compare("乡村医生", doctors.0, doctors.1, |at, a, b| {
            line(at, names, &a, &b, &mut said);
        });
        said
    }
}

fn compare<T: PartialEq>(
    what: &str,
    a: &BTreeMap<String, T>,
    b: &BTreeMap<String, T>,
    mut differ: impl FnMut(&str, Option<&T>, Option<&T>),
) {
    let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    for key in keys {
        let (left, right) = (a.get(key), b.get(key));
        if left != right {
            differ(&format!("{what} {key}"), left, right);
        }
    }
}

fn line<T: PartialEq + fmt::Debug>(
    at: &str,
    (one, other): (&str, &str),
    a: &T,
    b: &T,
    said: &mut Vec<String>,
) {
    if a != b {
        said.push(format!("{at}\n    {one}: {a:?}\n    {other}: {b:?}"));
    }
}

fn findings(
    at: &str,
    (one, other): (&str, &str),
    a: &[Finding],
    b: &[Finding],
    said: &mut Vec<String>,
) {
    let only = |these: &[Finding], those: &[Finding], name: &str, said: &mut Vec<String>| {
        for finding in these.iter().filter(|f| !those.contains(f)) {
            said.push(format!("{at}\n    only {name}: {finding:?}"));
        }
    };
    only(a, b, one, said);
    only(b, a, other, said);
    if said.is_empty() && a != b {
        said.push(format!("{at}\n    {one}: {a:?}\n    {other}: {b:?}"));
    }
}
