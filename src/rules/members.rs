//! The people behind a number, and how the posts of an institution would be split by
//! the national ratios.

use super::data::{Data, NO_LEVEL};
use super::explain;
use super::finding::{Finding, Subject};
use super::ledger::Posts;
use super::people::PeopleResult;
use super::structure;
use super::tri::{self, Tri};
use crate::domain::post::{Ledger, Level};
use crate::policy::condition::Atom;
use crate::policy::fact::Entity;
use crate::policy::model::StructureOf;
use crate::policy::plan::{Counted, PeopleCount, Plan};

/// The people whom a finding about an institution counted, in the order of the rows;
/// nobody where it counts something else than people.
pub fn counted(
    plan: &Plan,
    data: &Data,
    people: &PeopleResult,
    finding: &Finding,
    institution: usize,
) -> Vec<usize> {
    let at = match finding.subject {
        Subject::Measure(at) => usize::from(at),
        Subject::Whole | Subject::Place(_) => 0,
    };
    let rule = plan.findings.iter().find(|rule| rule.rule == finding.rule);
    let Some(measure) = rule.and_then(|rule| rule.measures.get(at)) else {
        return Vec::new();
    };
    match &measure.counted {
        Counted::People(count) => match plan.people_counts.get(*count) {
            Some(count) => of_count(plan, data, count, institution),
            None => Vec::new(),
        },
        Counted::Fact(fact) => match plan.facts.name(*fact) {
            "聘用 高级岗位" => holders(
                data,
                people,
                institution,
                Some(Level::Senior),
                Ledger::Ordinary,
            ),
            "聘用 中级岗位" => holders(
                data,
                people,
                institution,
                Some(Level::Intermediate),
                Ledger::Ordinary,
            ),
            "聘用 初级岗位" => holders(
                data,
                people,
                institution,
                Some(Level::Junior),
                Ledger::Ordinary,
            ),
            "聘用 定向岗位" => holders(data, people, institution, None, Ledger::Directed),
            _ => Vec::new(),
        },
        Counted::Nothing | Counted::Institutions(_) | Counted::RuralDoctors(_) => Vec::new(),
    }
}

/// Everybody of an institution.
pub fn staff(data: &Data, institution: usize) -> impl Iterator<Item = usize> + '_ {
    data.staff(institution).iter().map(|row| *row as usize)
}

/// Holders of posts in a ledger, of one level or of all.
pub fn holders(
    data: &Data,
    people: &PeopleResult,
    institution: usize,
    level: Option<Level>,
    ledger: Ledger,
) -> Vec<usize> {
    staff(data, institution)
        .filter(|row| {
            let own = data.people.level.get(*row).copied().unwrap_or(NO_LEVEL);
            people.ledger(*row) == Some(ledger) && level.is_none_or(|level| level.code() == own)
        })
        .collect()
}

fn of_count(plan: &Plan, data: &Data, count: &PeopleCount, institution: usize) -> Vec<usize> {
    let atoms = plan
        .tests
        .get(&Entity::Person)
        .map_or(&[] as &[Atom], |tests| &tests.atoms);
    staff(data, institution)
        .filter(|row| {
            let get = |fact| explain::value(plan, data, *row, fact);
            let is = |formula| tri::applies(formula, atoms, &get) == Tri::Yes;
            count.all.iter().all(is) && !count.none.iter().any(is)
        })
        .collect()
}

/// Posts of a level split into grades.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grades {
    /// What is split: `all`, `senior` (正高), `associate_senior` (副高), `intermediate`, `junior`.
    pub of: String,
    pub total: i64,
    pub grades: Vec<u8>,
    pub posts: Vec<i64>,
    pub merged: bool,
    /// Whether the document was at hand.
    pub verified: bool,
}

/// The national ratios applied to the limits of an institution, as information. 正高 and
/// 副高 have no ratio between them: the posts are split as they are held now.
pub fn grades(
    plan: &Plan,
    data: &Data,
    people: &PeopleResult,
    posts: &Posts,
    institution: usize,
) -> Vec<Grades> {
    let title = plan.facts.find(Entity::Person, "聘任级别");
    let full_senior = crate::domain::title::Rank::Senior.code();
    let held_full = || {
        let rows = holders(
            data,
            people,
            institution,
            Some(Level::Senior),
            Ledger::Ordinary,
        );
        let is_full = |row: &usize| {
            title.is_some_and(|fact| {
                data.people.table.value(fact, *row) == super::data::Value::Code(full_senior)
            })
        };
        i64::try_from(rows.iter().filter(|row| is_full(row)).count()).unwrap_or(0)
    };
    plan.structures
        .iter()
        .filter_map(|(id, structure)| {
            let (of, total) = match structure.of {
                StructureOf::AllLevels => ("all", posts.professional),
                StructureOf::Senior => (
                    "senior",
                    posts.senior.limit.map(|limit| held_full().min(limit)),
                ),
                StructureOf::AssociateSenior => (
                    "associate_senior",
                    posts.senior.limit.map(|limit| (limit - held_full()).max(0)),
                ),
                StructureOf::Level(level) => (level.key(), posts.level(level).limit),
            };
            let total = total?;
            Some(Grades {
                of: of.to_owned(),
                total,
                grades: structure.grades.clone(),
                posts: structure::split(total, &structure.ratio),
                merged: structure.merged,
                verified: plan
                    .rule(*id)
                    .is_some_and(|(policy, _)| policy.is_verified()),
            })
        })
        .collect()
}
