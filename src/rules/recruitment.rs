//! What the policies say of vacancies and of those who apply from outside: which modes of
//! recruitment are open, whose vacancies come first, and whom equal points put first.

use super::assessment;
use super::case::comes_first;
use super::data::{Column, Data, Table, Value};
use super::tri::Tri;
use crate::domain::institution::Kind;
use crate::domain::recruitment::Mode;
use crate::domain::rural_doctor::Qualification;
use crate::policy::fact::{Entity, FactId};
use crate::policy::model::Body;
use crate::policy::plan::{Plan, RuleId};

/// What the rules give for a vacancy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// In the words of the documents.
    pub words: Vec<String>,
    pub rules: Vec<RuleId>,
    /// Facts that keep a rule open.
    pub missing: Vec<FactId>,
}

/// A vacancy of an institution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vacancy {
    pub kind: Option<Kind>,
    /// Establishment that is not occupied.
    pub vacant: Option<i64>,
    /// It stands in a plan of recruitment.
    pub planned: Option<bool>,
    /// 急需紧缺.
    pub urgent: Option<bool>,
    /// 招聘困难.
    pub hard: Option<bool>,
}

const fn flag(known: Option<bool>) -> Value {
    match known {
        Some(yes) => Value::Code(yes as u8),
        None => Value::Unknown,
    }
}

fn kind(kind: Option<Kind>) -> Value {
    kind.map_or(Value::Unknown, |kind| Value::Code(kind.code()))
}

/// One row of an entity of which nothing but these facts is known.
fn data(plan: &Plan, entity: Entity, facts: &[(&str, Value)]) -> Data {
    let mut table = Table::of_rows(1);
    for (name, value) in facts {
        if let Some(fact) = plan.facts.find(entity, name) {
            let mut column = match value {
                Value::Number(_) => Column::Numbers(Vec::new()),
                _ => Column::Codes(Vec::new()),
            };
            column.push(value.clone());
            table.set(fact, column);
        }
    }
    let mut data = Data::default();
    data.others.insert(entity, table);
    data
}

impl Vacancy {
    fn data(self, plan: &Plan) -> Data {
        let facts = [
            ("机构类型", kind(self.kind)),
            ("空编数", self.vacant.map_or(Value::Unknown, Value::Number)),
            ("已列补充计划", flag(self.planned)),
            ("急需紧缺", flag(self.urgent)),
            ("招聘困难", flag(self.hard)),
        ];
        data(plan, Entity::Vacancy, &facts)
    }

    /// What the decision tables of the policies give.
    pub fn given(self, plan: &Plan) -> Given {
        let mut given = Given::default();
        let data = self.data(plan);
        for result in assessment::tables(plan, &data, Entity::Vacancy, 0) {
            given.missing.extend(&result.missing);
            let Some((_, rule)) = plan.rule(result.rule) else {
                continue;
            };
            let Body::StatusTable(table) = &rule.body else {
                continue;
            };
            let hits = result.hits.iter();
            let rows = hits.filter_map(|hit| table.rows.get(usize::from(*hit)));
            let words: Vec<String> = rows.flat_map(|row| row.gives.iter().cloned()).collect();
            if !words.is_empty() {
                given.rules.push(result.rule);
            }
            given.words.extend(words);
        }
        given
    }

    /// The modes of recruitment that are open. Where no policy speaks of them, open
    /// recruitment alone: that is what the national rules ask for.
    pub fn modes(self, plan: &Plan) -> Vec<Mode> {
        let given = self.given(plan).words;
        let mut modes: Vec<Mode> = given
            .iter()
            .filter_map(|word| Mode::from_label(word))
            .collect();
        if modes.is_empty() {
            modes.push(Mode::Open);
        }
        modes
    }

    /// Whether a policy puts such vacancies first, and which rule does.
    pub fn goes_first(self, plan: &Plan) -> Option<RuleId> {
        first(plan, &self.data(plan), Entity::Vacancy)
    }
}

/// Whether a policy puts somebody first at equal points, and which rule does.
pub fn candidate_first(
    plan: &Plan,
    house: Option<Kind>,
    rural_doctor: bool,
    licence: Option<Qualification>,
) -> Option<RuleId> {
    // the list of licences of candidates begins like that of rural doctors
    let licence = licence.map_or(Value::Unknown, |licence| Value::Code(licence.code()));
    let facts = [
        ("应聘机构类型", kind(house)),
        ("乡村医生", flag(Some(rural_doctor))),
        ("执业资格", licence),
    ];
    let data = data(plan, Entity::Candidate, &facts);
    first(plan, &data, Entity::Candidate)
}

fn first(plan: &Plan, data: &Data, of: Entity) -> Option<RuleId> {
    let own = plan.priorities.iter().filter(|priority| priority.of == of);
    let mut first = own.filter(|priority| comes_first(plan, data, priority, 0) == Tri::Yes);
    first.next().map(|priority| priority.rule)
}
