//! The whole evaluation of a data set, and what it comes to.

use super::data::Data;
use super::finding::{Finding, Findings};
use super::ledger::Posts;
use super::people::{self, InstitutionCounts, PeopleResult};
use super::tri::{self, Tri};
use super::verdict::Verdict;
use crate::policy::fact::{Entity, FactId};
use crate::policy::model::Force;
use crate::policy::plan::{Plan, RuleId, TablePlan};
use rayon::prelude::*;

/// Every verdict about a data set.
#[derive(Clone, Debug, Default)]
pub struct Assessment {
    pub people: PeopleResult,
    /// In the order of the institutions.
    pub institutions: Vec<InstitutionResult>,
    /// In the order of the counties.
    pub counties: Vec<Vec<Finding>>,
    /// In the order of the consortia.
    pub consortia: Vec<Vec<Finding>>,
    /// In the order of the rural doctors.
    pub rural_doctors: Vec<Vec<TableResult>>,
    pub teams: Vec<Vec<Finding>>,
}

/// An institution.
#[derive(Clone, Debug, PartialEq)]
pub struct InstitutionResult {
    pub posts: Posts,
    pub findings: Vec<Finding>,
}

/// What a decision table gives for one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableResult {
    pub rule: RuleId,
    /// Rows that hold, in their order.
    pub hits: Vec<u16>,
    pub missing: Vec<FactId>,
}

/// Evaluates everything.
pub fn assess(plan: &Plan, data: &Data) -> Assessment {
    let (people, institutions) = assess_institutions(plan, data);
    let groups = assess_groups(plan, data, &people.counts);
    Assessment {
        people,
        institutions,
        ..groups
    }
}

/// Evaluates people and institutions alone.
pub fn assess_institutions(plan: &Plan, data: &Data) -> (PeopleResult, Vec<InstitutionResult>) {
    let people = people::evaluate(plan, data);
    let findings = Findings::new(plan, data, &people.counts);
    let institutions = (0..data.institutions.table.rows)
        .into_par_iter()
        .map(|at| InstitutionResult {
            posts: findings.posts(at),
            findings: findings.of_institution(at),
        })
        .collect();
    drop(findings);
    (people, institutions)
}

/// Evaluates what several institutions come to together: counties, consortia, teams, and
/// the rural doctors. People and institutions are left empty.
pub fn assess_groups(plan: &Plan, data: &Data, counts: &InstitutionCounts) -> Assessment {
    let findings = Findings::new(plan, data, counts);
    let counties = (0..data.counties.len())
        .map(|at| findings.of_county(at))
        .collect();
    let consortia = (0..data.consortia.len())
        .map(|at| findings.of_consortium(at))
        .collect();
    let teams = data.table(Entity::Team).map_or(0, |table| table.rows);
    let teams = (0..teams).map(|at| findings.of_team(at)).collect();
    let rural_doctors = (0..data.rural_doctors.rows)
        .map(|row| tables(plan, data, Entity::RuralDoctor, row))
        .collect();
    Assessment {
        people: PeopleResult::default(),
        institutions: Vec::new(),
        counties,
        consortia,
        rural_doctors,
        teams,
    }
}

/// What the decision tables about a kind of row give for one row.
pub fn tables(plan: &Plan, data: &Data, entity: Entity, row: usize) -> Vec<TableResult> {
    let tables = plan.tables.iter().filter(|table| table.of == entity);
    tables.map(|table| decide(plan, data, table, row)).collect()
}

fn decide(plan: &Plan, data: &Data, table: &TablePlan, row: usize) -> TableResult {
    let atoms = plan
        .tests
        .get(&table.of)
        .map_or(&[] as &[_], |tests| tests.atoms.as_slice());
    let get = |fact| {
        data.table(table.of)
            .map_or(super::data::Value::Unknown, |t| t.value(fact, row))
    };
    let mut result = TableResult {
        rule: table.rule,
        hits: Vec::new(),
        missing: Vec::new(),
    };
    match tri::applies(&table.when, atoms, &get) {
        Tri::No => return result,
        Tri::Unknown => {
            result.missing = tri::unknown_facts(&table.when, atoms, &get);
            return result;
        }
        Tri::Yes => {}
    }
    for (at, formula) in table.rows.iter().enumerate() {
        match tri::applies(formula, atoms, &get) {
            Tri::Yes => {
                result.hits.extend(u16::try_from(at));
                if table.first_only {
                    break;
                }
            }
            Tri::No => {}
            // an open row keeps the later ones from being the first
            Tri::Unknown => {
                for fact in tri::unknown_facts(formula, atoms, &get) {
                    if !result.missing.contains(&fact) {
                        result.missing.push(fact);
                    }
                }
                if table.first_only {
                    break;
                }
            }
        }
    }
    result
}

impl Assessment {
    /// Whether something mandatory fails for an institution, a county or a consortium.
    pub fn breaks_a_must(&self, plan: &Plan) -> bool {
        let of_institutions = self.institutions.iter().flat_map(|i| &i.findings);
        let of_groups = self.counties.iter().chain(&self.consortia).flatten();
        of_institutions.chain(of_groups).any(|finding| {
            finding.verdict == Verdict::Fails
                && plan
                    .rule(finding.rule)
                    .is_some_and(|(_, rule)| rule.force == Force::Must)
        })
    }
}
