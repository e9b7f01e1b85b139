//! Two sets of policies over the same data: whose verdict changes, whose free places
//! change, and under which rules.

use super::assessment::Assessment;
use super::data::Data;
use super::finding::{Finding, Subject};
use super::ledger::Posts;
use super::verdict::Verdict;
use crate::domain::post::{Ledger, Level};
use crate::policy::plan::{Check, Counted, Measure, Plan, RuleId};
use std::collections::{BTreeMap, BTreeSet};

/// One evaluation.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub plan: &'a Plan,
    pub assessment: &'a Assessment,
}

/// Before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<T> {
    pub from: T,
    pub to: T,
}

impl<T: PartialEq> Change<T> {
    fn of(from: T, to: T) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }
}

/// What a rule says on one side; `None` = no such rule there, or it does not apply.
pub type Said<T> = Option<(RuleId, T)>;

/// Everything that changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    pub institutions: Vec<InstitutionImpact>,
    /// Position of the county, and what changes.
    pub counties: Vec<(usize, Vec<Change<Said<Finding>>>)>,
    pub consortia: Vec<(usize, Vec<Change<Said<Finding>>>)>,
    pub people: Vec<PersonImpact>,
    /// Position of the rural doctor, and what the tables give before and after.
    pub rural_doctors: Vec<(usize, Change<Vec<String>>)>,
}

/// What changes for an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionImpact {
    pub institution: usize,
    /// Limit, free places and excess of a level (`None` = directed posts).
    pub places: Vec<(Option<Level>, Change<Places>)>,
    pub findings: Vec<Change<Said<Finding>>>,
}

/// The figures of a level that people act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    pub limit: Option<i64>,
    pub vacant: Option<i64>,
    pub over: Option<i64>,
}

/// What changes for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonImpact {
    pub row: usize,
    pub ledger: Option<Change<Option<Ledger>>>,
    pub retirement: Option<Change<Option<crate::domain::month::Month>>>,
    pub standings: Vec<Change<Said<Verdict>>>,
}

/// Compares two evaluations of the same data.
pub fn compare(data: &Data, from: Side, to: Side) -> Impact {
    let pairs = from
        .assessment
        .institutions
        .iter()
        .zip(&to.assessment.institutions);
    let institutions = pairs
        .enumerate()
        .map(|(institution, (a, b))| InstitutionImpact {
            institution,
            places: places(&a.posts, &b.posts),
            findings: findings(from, to, &a.findings, &b.findings),
        })
        .filter(|impact| !impact.places.is_empty() || !impact.findings.is_empty())
        .collect();
    let groups = |a: &[Vec<Finding>], b: &[Vec<Finding>]| {
        let pairs = a.iter().zip(b).map(|(a, b)| findings(from, to, a, b));
        pairs
            .enumerate()
            .filter(|(_, changes)| !changes.is_empty())
            .collect()
    };
    Impact {
        institutions,
        counties: groups(&from.assessment.counties, &to.assessment.counties),
        consortia: groups(&from.assessment.consortia, &to.assessment.consortia),
        people: (0..data.people.len())
            .filter_map(|row| person(from, to, row))
            .collect(),
        rural_doctors: rural_doctors(from, to),
    }
}

fn places(from: &Posts, to: &Posts) -> Vec<(Option<Level>, Change<Places>)> {
    let of = |posts: &Posts, level: Option<Level>| match level {
        Some(level) => {
            let own = posts.level(level);
            Places {
                limit: own.limit,
                vacant: own.vacant(),
                over: own.over(),
            }
        }
        None => {
            let own = &posts.directed;
            Places {
                limit: own.limit,
                vacant: own.vacant(),
                over: own.over(),
            }
        }
    };
    // no directed posts because none may be set, or because no rule speaks of them: nobody
    // holds one and nobody could, which is the same to whoever reads the ledger
    let none = |posts: &Posts| {
        posts.directed.counted == 0 && posts.directed.limit.is_none_or(|limit| limit == 0)
    };
    let same = |level: &Option<Level>| level.is_none() && none(from) && none(to);
    let levels = Level::ALL.iter().copied().map(Some).chain([None]);
    levels
        .filter(|level| !same(level))
        .filter_map(|level| Some((level, Change::of(of(from, level), of(to, level))?)))
        .collect()
}

/// What a finding is about, whatever policy it stands in: so a rule of one document
/// meets the rule of another that takes its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Topic(String);

fn topic(plan: &Plan, finding: &Finding) -> Topic {
    let place = match finding.subject {
        Subject::Place(at) => format!("@{at}"),
        Subject::Whole | Subject::Measure(_) => String::new(),
    };
    let rule = plan.findings.iter().find(|rule| rule.rule == finding.rule);
    let at = match finding.subject {
        Subject::Measure(at) => usize::from(at),
        Subject::Whole | Subject::Place(_) => 0,
    };
    let about = rule
        .and_then(|rule| rule.measures.get(at))
        .and_then(|measure| about(plan, measure));
    let about = about.unwrap_or_else(|| {
        let id = plan
            .rule(finding.rule)
            .map_or("", |(_, rule)| rule.id.as_str());
        format!("{id}/{at}")
    });
    Topic(format!("{about}{place}"))
}

/// A number held against another number: named by the two.
fn about(plan: &Plan, measure: &Measure) -> Option<String> {
    let Counted::Fact(counted) = measure.counted else {
        return None;
    };
    let (kind, base) = match &measure.check {
        Check::ShareAtMost { base, .. } => ("at-most", *base),
        Check::ShareAtLeast {
            base: Counted::Fact(base),
            ..
        } => ("at-least", *base),
        Check::Reserve { base, .. } => ("reserve", *base),
        Check::AtMostFact(base) => ("approved", *base),
        _ => return None,
    };
    Some(format!(
        "{}:{kind}:{}",
        plan.facts.name(counted),
        plan.facts.name(base)
    ))
}

fn findings(from: Side, to: Side, a: &[Finding], b: &[Finding]) -> Vec<Change<Said<Finding>>> {
    let by_topic = |side: Side, findings: &[Finding]| {
        let mut map: BTreeMap<Topic, Vec<Finding>> = BTreeMap::new();
        for finding in findings {
            map.entry(topic(side.plan, finding))
                .or_default()
                .push(finding.clone());
        }
        map
    };
    let (mut before, mut after) = (by_topic(from, a), by_topic(to, b));
    let topics: BTreeSet<Topic> = before.keys().chain(after.keys()).cloned().collect();
    let mut changes = Vec::new();
    for topic in topics {
        let mut old = before.remove(&topic).unwrap_or_default().into_iter();
        let mut new = after.remove(&topic).unwrap_or_default().into_iter();
        loop {
            let pair = (old.next(), new.next());
            if pair.0.is_none() && pair.1.is_none() {
                break;
            }
            if pair.0.as_ref().map(|f| f.verdict) != pair.1.as_ref().map(|f| f.verdict) {
                let said = |finding: Option<Finding>| finding.map(|f| (f.rule, f));
                changes.push(Change {
                    from: said(pair.0),
                    to: said(pair.1),
                });
            }
        }
    }
    changes
}

fn person(from: Side, to: Side, row: usize) -> Option<PersonImpact> {
    let said = |side: Side| {
        let standings = side.plan.standings.iter().enumerate();
        standings
            .filter_map(|(at, standing)| {
                let verdict = side.assessment.people.verdict(row, at)?;
                let id = side.plan.rule(standing.rule)?.1.id.clone();
                Some((id, (standing.rule, verdict)))
            })
            .collect::<BTreeMap<String, (RuleId, Verdict)>>()
    };
    let (mut before, mut after) = (said(from), said(to));
    let ids: BTreeSet<String> = before.keys().chain(after.keys()).cloned().collect();
    let standings = ids
        .into_iter()
        .map(|id| Change {
            from: before.remove(&id),
            to: after.remove(&id),
        })
        .filter(|change| change.from.map(|s| s.1) != change.to.map(|s| s.1))
        .collect::<Vec<_>>();
    let (a, b) = (&from.assessment.people, &to.assessment.people);
    let ledger = Change::of(a.ledger(row), b.ledger(row));
    let retirement = Change::of(a.retirement(row), b.retirement(row));
    if standings.is_empty() && ledger.is_none() && retirement.is_none() {
        return None;
    }
    Some(PersonImpact {
        row,
        ledger,
        retirement,
        standings,
    })
}

fn rural_doctors(from: Side, to: Side) -> Vec<(usize, Change<Vec<String>>)> {
    let gives = |side: Side, row: usize| -> Vec<String> {
        let results = side.assessment.rural_doctors.get(row).into_iter().flatten();
        results
            .filter_map(|result| {
                let (_, rule) = side.plan.rule(result.rule)?;
                let crate::policy::model::Body::StatusTable(table) = &rule.body else {
                    return None;
                };
                let rows = result
                    .hits
                    .iter()
                    .filter_map(|at| table.rows.get(usize::from(*at)));
                Some(rows.flat_map(|row| row.gives.clone()).collect::<Vec<_>>())
            })
            .flatten()
            .collect()
    };
    let rows = from.assessment.rural_doctors.len();
    (0..rows)
        .filter_map(|row| Some((row, Change::of(gives(from, row), gives(to, row))?)))
        .collect()
}
