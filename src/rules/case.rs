//! Runs the worked examples of a policy: facts by name in, verdict out, compared with
//! what the example says. Also tells which rules no example reaches both ways.

use super::assessment::{self, Assessment};
use super::data::{
    Column, Data, NO_CODE, NO_LEVEL, People, PlaceRow, Spells, Table, UNKNOWN_CODE, Value,
};
use super::explain;
use super::finding::{Finding, Missing, Subject};
use super::structure;
use super::tri::{self, Tri};
use crate::domain::ids::{AreaCode, Sex};
use crate::domain::institution::Kind;
use crate::domain::month::Month;
use crate::domain::place::PlaceLevel;
use crate::domain::post::{Manner, PostCategory};
use crate::domain::service::Location;
use crate::domain::staff::{Employment, RetirementClass, occupied_level};
use crate::domain::title::Rank;
use crate::policy::cases::{Case, FactRow};
use crate::policy::diagnostic::{Diagnostics, NameKind, Place, Problem, SourceFile, nearest};
use crate::policy::fact::{Entity, Fact, FactType, Facts};
use crate::policy::model::{Body, Policy, Rule};
use crate::policy::plan::{Adoption, Plan, RuleId, rules};
use crate::policy::quantity::{self, Share};
use crate::policy::raw::Spanned;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The month of an example that names none.
const AS_OF: &str = "2026-11";
/// Whose findings an example may ask for.
const PERS: [&str; 2] = ["institution", COUNTY];
const COUNTY: &str = "county";
/// Rows of one kind in an example.
const MOST_ROWS: usize = 10_000;

/// What a rule has been seen to do.
pub type Hits = BTreeMap<String, BTreeSet<&'static str>>;

/// Runs every example of a policy; failures and rules that are not reached both ways go
/// to `problems`. `find` gives other policies by id.
pub fn run(
    policy: &Arc<Policy>,
    cases: &[Case],
    file: &Arc<SourceFile>,
    facts: &Arc<Facts>,
    find: &dyn Fn(&str) -> Option<Arc<Policy>>,
    problems: &mut Diagnostics,
) -> Hits {
    let mut hits = Hits::new();
    let mut names: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
    for case in cases {
        if let Some(first) = names.insert(case.name.get_ref(), &case.name) {
            let place = |name: &Spanned<String>| Place {
                file: file.clone(),
                span: name.span(),
            };
            let problem = Problem::Repeated {
                what: NameKind::Case,
                found: case.name.get_ref().clone(),
            };
            problems.add_with(place(&case.name), problem, place(first));
        }
        let mut runner = Runner {
            policy,
            file,
            facts,
            find,
            problems: &mut *problems,
        };
        if let Some((rule, outcomes)) = runner.run(case) {
            hits.entry(rule).or_default().extend(outcomes);
        }
    }
    for rule in &policy.rules {
        let seen = hits.get(&rule.id).cloned().unwrap_or_default();
        for outcome in wanted(rule)
            .into_iter()
            .filter(|outcome| !seen.contains(outcome))
        {
            problems.add(
                rule.place.clone(),
                Problem::NotHit {
                    rule: rule.id.clone(),
                    outcome,
                },
            );
        }
    }
    hits
}

/// The outcomes that examples must show of a rule.
pub fn wanted(rule: &Rule) -> Vec<&'static str> {
    match &rule.body {
        Body::Judgement(_) => vec!["judgement"],
        Body::BeyondCap(_) => vec!["holds", "fails", "judgement"],
        Body::StatusTable(_) => vec!["gives", "gives-nothing-more"],
        Body::AgeSchedule(_) => vec!["delayed", "not-delayed"],
        Body::Priority(_) => vec!["first", "not-first"],
        Body::Structure(_) => vec!["split"],
        _ => vec!["holds", "fails"],
    }
}

struct Runner<'a> {
    policy: &'a Arc<Policy>,
    file: &'a Arc<SourceFile>,
    facts: &'a Arc<Facts>,
    find: &'a dyn Fn(&str) -> Option<Arc<Policy>>,
    problems: &'a mut Diagnostics,
}

/// What came out, as words, for comparison and for the message.
#[derive(Default)]
struct Got {
    values: BTreeMap<&'static str, String>,
    outcomes: BTreeSet<&'static str>,
}

impl Runner<'_> {
    fn fail<T, U>(&mut self, at: &Spanned<T>, problem: Problem) -> Option<U> {
        self.problems.add(
            Place {
                file: self.file.clone(),
                span: at.span(),
            },
            problem,
        );
        None
    }

    fn run(&mut self, case: &Case) -> Option<(String, BTreeSet<&'static str>)> {
        let Some(rule) = self.policy.rule(case.rule.get_ref()) else {
            let found = case.rule.get_ref().clone();
            let nearest = nearest(&found, self.policy.rules.iter().map(|r| r.id.as_str()));
            return self.fail(
                &case.rule,
                Problem::UnknownName {
                    what: NameKind::Rule,
                    found,
                    nearest,
                },
            );
        };
        let rule = rule.clone();
        self.check_clause(case);
        self.check_per(case);
        let before = self.problems.0.len();
        self.check_total(case);
        let plan = self.plan(case)?;
        let data = self.data(case, &plan)?;
        if self.problems.0.len() > before {
            return None;
        }
        let id = rules(&plan.policies)
            .find(|(_, p, r)| p.id == self.policy.id && r.id == rule.id)?
            .0;
        let got = observe(&plan, &data, id, &rule, case);
        self.compare(case, &got);
        Some((rule.id.clone(), got.outcomes))
    }

    fn check_clause(&mut self, case: &Case) {
        let Some(clause) = &case.clause else { return };
        let mut names = self.policy.clauses.iter().map(|c| c.name.as_str());
        if !names.clone().any(|name| name == clause.get_ref()) {
            let found = clause.get_ref().clone();
            let nearest = nearest(&found, &mut names);
            let what = NameKind::Clause;
            self.fail::<_, ()>(
                clause,
                Problem::UnknownName {
                    what,
                    found,
                    nearest,
                },
            );
        }
    }

    fn check_per(&mut self, case: &Case) {
        let Some(per) = &case.per else { return };
        if !PERS.contains(&per.get_ref().as_str()) {
            let found = per.get_ref().clone();
            let problem = Problem::UnknownWord {
                nearest: nearest(&found, PERS),
                choices: PERS.map(str::to_owned).to_vec(),
                found,
            };
            self.fail::<_, ()>(per, problem);
        }
    }

    fn check_total(&mut self, case: &Case) {
        let Some(total) = &case.total else { return };
        if !(0..=quantity::LARGEST).contains(total.get_ref()) {
            let problem = Problem::BadNumber(total.get_ref().to_string());
            self.fail::<_, ()>(total, problem);
        }
    }

    fn plan(&mut self, case: &Case) -> Option<Plan> {
        let as_of = match &case.as_of {
            None => AS_OF.parse().ok()?,
            Some(text) => match text.get_ref().parse::<Month>() {
                Ok(month) => month,
                Err(_) => return self.fail(text, Problem::BadDate(text.get_ref().clone())),
            },
        };
        let mut policies = vec![self.policy.clone()];
        for name in &case.with {
            match (self.find)(name.get_ref()) {
                Some(policy) => policies.push(policy),
                None => {
                    let found = name.get_ref().clone();
                    self.fail::<_, ()>(
                        name,
                        Problem::UnknownName {
                            what: NameKind::Policy,
                            found,
                            nearest: None,
                        },
                    );
                }
            }
        }
        for name in [
            "national/retirement-2024",
            "national/public-institutions-2014",
        ] {
            if !policies.iter().any(|p| p.id == name) {
                policies.extend((self.find)(name));
            }
        }
        let mut adoption = Adoption::default();
        let rule = format!("{}#{}", self.policy.id, case.rule.get_ref());
        if let Some(text) = &case.set {
            match Share::read(text.get_ref()) {
                Some(share) => {
                    adoption.shares.insert(rule.clone(), share);
                }
                None => return self.fail(text, Problem::BadShare(text.get_ref().clone())),
            }
        }
        if case.keep {
            adoption.kept.push(rule);
        }
        Some(Plan::compile(
            self.facts.clone(),
            policies,
            &adoption,
            as_of,
            &|_| true,
        ))
    }

    // ---- facts ------------------------------------------------------------------

    fn data(&mut self, case: &Case, plan: &Plan) -> Option<Data> {
        let mut data = Data::default();
        let institutions = self.repeated(case.institution.iter().chain(&case.institutions))?;
        let none = FactRow::new();
        let institutions = if institutions.is_empty() {
            vec![&none]
        } else {
            institutions
        };
        data.institutions.table =
            self.table(Entity::Institution, &institutions, &["医共体", "count"]);
        let area = self.facts.find(Entity::Institution, "行政区划代码")?;
        for row in 0..institutions.len() {
            let code = match data.institutions.table.value(area, row) {
                Value::Place(code) => Some(code),
                _ => None,
            };
            data.institutions.area.push(code);
        }
        let doctors = self.repeated(case.rural_doctor.iter().chain(&case.rural_doctors))?;
        data.rural_doctors = self.table(Entity::RuralDoctor, &doctors, &["count"]);
        self.county(case, &institutions, &mut data)?;
        let people = self.repeated(case.person.iter().chain(&case.people))?;
        data.people = self.people(&people, plan)?;
        let others = [
            (Entity::Team, &case.team),
            (Entity::Vacancy, &case.vacancy),
            (Entity::Candidate, &case.candidate),
            (Entity::Application, &case.application),
        ];
        for (entity, row) in others {
            if let Some(row) = row {
                data.others.insert(entity, self.table(entity, &[row], &[]));
            }
        }
        Some(data)
    }

    /// Each row as often as its `count` says.
    fn repeated<'a>(
        &mut self,
        rows: impl Iterator<Item = &'a FactRow>,
    ) -> Option<Vec<&'a FactRow>> {
        let mut repeated = Vec::new();
        for row in rows {
            let Some((_, count)) = row.iter().find(|(key, _)| key.get_ref() == "count") else {
                repeated.push(row);
                continue;
            };
            let times = count.get_ref().as_integer();
            let times = times.and_then(|times| usize::try_from(times).ok());
            let free = MOST_ROWS - repeated.len().min(MOST_ROWS);
            let Some(times) = times.filter(|times| *times <= free) else {
                return self.fail(count, Problem::BadNumber(count.get_ref().to_string()));
            };
            repeated.extend(std::iter::repeat_n(row, times));
        }
        Some(repeated)
    }

    /// One county holds everything of an example.
    fn county(&mut self, case: &Case, institutions: &[&FactRow], data: &mut Data) -> Option<()> {
        let code = AreaCode::read("150199", &[6])?;
        let code = data
            .institutions
            .area
            .iter()
            .flatten()
            .next()
            .map_or(code, |area| area.county());
        data.counties = vec![code];
        data.institutions.county = institutions.iter().map(|_| Some(0)).collect();
        let none = FactRow::new();
        data.county_table = self.table(
            Entity::County,
            &[case.county.as_ref().unwrap_or(&none)],
            &[],
        );
        data.doctor_county = vec![0; data.rural_doctors.rows];
        let name = |row: &FactRow| text_of(row, "医共体");
        data.consortia = institutions.iter().filter_map(|row| name(row)).collect();
        data.consortia.dedup();
        data.institutions.consortium = institutions
            .iter()
            .map(|row| {
                let at = data
                    .consortia
                    .iter()
                    .position(|known| Some(known) == name(row).as_ref())?;
                u32::try_from(at).ok()
            })
            .collect();
        data.consortium_table = match &case.consortium {
            Some(row) => self.table(Entity::Consortium, &[row], &[]),
            None => Table::default(),
        };
        if case.consortium.is_some() && data.consortia.is_empty() {
            data.consortia.push(String::new());
        }
        let places: Vec<&FactRow> = case.places.iter().collect();
        data.places = self.table(Entity::Place, &places, &["code", "level"]);
        for row in places {
            let code = text_of(row, "code").and_then(|code| AreaCode::read(&code, &[6, 9, 12]));
            let level = text_of(row, "level").and_then(|level| PlaceLevel::from_label(&level));
            match (code, level, row.keys().next()) {
                (Some(code), Some(level), _) => data.place_rows.push(PlaceRow {
                    code,
                    level,
                    county: 0,
                }),
                (_, _, Some(key)) => {
                    return self.fail(key, Problem::MissingKey("code, level".to_owned()));
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn table(&mut self, entity: Entity, rows: &[&FactRow], also: &[&str]) -> Table {
        let mut table = Table::of_rows(rows.len());
        let facts = self.facts.clone();
        for (id, fact) in facts.all().filter(|(_, fact)| fact.entity == entity) {
            let mut column = match fact.kind {
                FactType::Choice | FactType::Flag | FactType::Rank => Column::Codes(Vec::new()),
                FactType::Number | FactType::Months | FactType::Month => {
                    Column::Numbers(Vec::new())
                }
                FactType::Place => Column::Places(Vec::new()),
                FactType::Text => Column::Texts(Vec::new()),
            };
            let mut given = false;
            for row in rows {
                let own = row.iter().find(|(name, _)| name.get_ref() == &fact.name);
                given |= own.is_some();
                column.push(match own {
                    Some((_, value)) => self.value(fact, value).unwrap_or(Value::Unknown),
                    None => blank(fact),
                });
            }
            // what the engine derives must not be hidden by an empty column
            if given || fact.from != crate::policy::fact::FactSource::Derived {
                table.set(id, column);
            }
        }
        for name in rows.iter().flat_map(|row| row.keys()) {
            let known = facts.find(entity, name.get_ref()).is_some()
                || also.contains(&name.get_ref().as_str());
            if !known {
                let found = name.get_ref().clone();
                let nearest = nearest(
                    &found,
                    facts.visible_names(entity).chain(also.iter().copied()),
                );
                self.fail::<_, ()>(
                    name,
                    Problem::UnknownName {
                        what: NameKind::Fact,
                        found,
                        nearest,
                    },
                );
            }
        }
        table
    }

    fn value(&mut self, fact: &Fact, value: &Spanned<toml::Value>) -> Option<Value> {
        let text = match value.get_ref() {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(flag) => (if *flag { "是" } else { "否" }).to_owned(),
            other => other.to_string(),
        };
        let read = read_value(fact, &text);
        if read.is_none() {
            let nearest = nearest(&text, fact.values.iter().map(String::as_str));
            let problem = Problem::UnknownWord {
                found: text,
                choices: fact.values.clone(),
                nearest,
            };
            return self.fail(value, problem);
        }
        read
    }

    fn people(&mut self, rows: &[&FactRow], plan: &Plan) -> Option<People> {
        const OWN: &[&str] = &["born", "sex", "spells", "count", "at"];
        let mut people = People {
            table: self.table(Entity::Person, rows, OWN),
            ..People::default()
        };
        let mut spells = SpellRows::default();
        for (at, row) in rows.iter().enumerate() {
            let code = |name: &str| match plan.facts.find(Entity::Person, name) {
                Some(fact) => match people.table.value(fact, at) {
                    Value::Code(code) => Some(code),
                    _ => None,
                },
                None => None,
            };
            let employment = code("编制情况")
                .and_then(Employment::from_code)
                .unwrap_or(Employment::Other);
            let category = code("岗位类别")
                .and_then(PostCategory::from_code)
                .unwrap_or(PostCategory::Professional);
            let appointed = code("聘任级别")
                .and_then(Rank::from_code)
                .unwrap_or(Rank::None);
            let level = occupied_level(employment, category, code("双肩挑") == Some(1), appointed);
            let sex = text_of(row, "sex")
                .and_then(|sex| Sex::from_label(&sex))
                .unwrap_or(Sex::Male);
            let class = code("退休类别")
                .and_then(RetirementClass::from_code)
                .unwrap_or_else(|| RetirementClass::derive(sex, appointed, category));
            let born = match row.iter().find(|(key, _)| key.get_ref() == "born") {
                None => "1980-01".parse().ok()?,
                Some((_, value)) => match value
                    .get_ref()
                    .as_str()
                    .and_then(|text| text.parse::<Month>().ok())
                {
                    Some(month) => month,
                    None => return self.fail(value, Problem::BadDate(value.get_ref().to_string())),
                },
            };
            let manner = code("聘用方式")
                .and_then(Manner::from_code)
                .unwrap_or(Manner::Ordinary);
            let institution = integer_of(row, "at").unwrap_or(0);
            people
                .institution
                .push(u32::try_from(institution).unwrap_or(u32::MAX));
            people.birth.push(born.index());
            people.retirement_class.push(class.code());
            people
                .level
                .push(level.map_or(NO_LEVEL, |level| level.code()));
            people.manner.push(manner.code());
            let own = row.iter().find(|(key, _)| key.get_ref() == "spells");
            spells.add(own.and_then(|(_, v)| v.get_ref().as_array()));
        }
        people.spells = spells.finish(plan);
        Some(people)
    }

    // ---- comparison ---------------------------------------------------------------

    fn compare(&mut self, case: &Case, got: &Got) {
        let expect = case.expect.get_ref();
        let number = |n: &Option<i64>| n.map(|n| n.to_string());
        let list = |words: &Option<Vec<String>>| words.as_ref().map(|words| words.join("、"));
        let wanted = [
            ("verdict", expect.verdict.clone()),
            ("counted", number(&expect.counted)),
            ("base", number(&expect.base)),
            ("needed", number(&expect.needed)),
            ("limit", number(&expect.limit)),
            ("from", expect.from.clone()),
            ("until", expect.until.clone()),
            ("ledger", expect.ledger.clone()),
            ("gives", list(&expect.gives)),
            ("missing", list(&expect.missing)),
            ("first", expect.first.map(|first| first.to_string())),
            ("retirement", expect.retirement.clone()),
            ("earliest", expect.earliest.clone()),
            ("latest", expect.latest.clone()),
            (
                "parts",
                expect.parts.as_ref().map(|parts| format!("{parts:?}")),
            ),
        ];
        let mut differs = Vec::new();
        let mut named = 0;
        for (key, want) in wanted {
            let Some(want) = want else { continue };
            named += 1;
            let have = got.values.get(key).map_or("none", String::as_str);
            if have != want {
                differs.push((format!("{key} = {want}"), format!("{key} = {have}")));
            }
        }
        if named == 0 {
            self.fail::<_, ()>(&case.expect, Problem::MissingKey("verdict".to_owned()));
        }
        if !differs.is_empty() {
            let (expected, got): (Vec<_>, Vec<_>) = differs.into_iter().unzip();
            let problem = Problem::CaseFails {
                case: case.name.get_ref().clone(),
                expected: expected.join(", "),
                got: got.join(", "),
            };
            self.fail::<_, ()>(&case.expect, problem);
        }
    }
}

/// Spells while they are gathered.
#[derive(Default)]
struct SpellRows {
    first: Vec<u32>,
    rows: Vec<SpellRow>,
}

struct SpellRow {
    start: Month,
    end: Option<Month>,
    kind: Kind,
    location: Option<Location>,
    category: PostCategory,
}

impl SpellRows {
    fn add(&mut self, spells: Option<&Vec<toml::Value>>) {
        self.first
            .push(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        let from = self.rows.len();
        for spell in spells.into_iter().flatten() {
            let text = |key: &str| spell.get(key).and_then(toml::Value::as_str);
            let kind = text("机构类型")
                .and_then(Kind::from_label)
                .unwrap_or(Kind::Other);
            let Some(start) = text("from").and_then(|t| t.parse().ok()) else {
                continue;
            };
            self.rows.push(SpellRow {
                start,
                end: text("to").and_then(|t| t.parse().ok()),
                kind,
                location: text("所在地")
                    .and_then(Location::from_label)
                    .or(Location::of_kind(kind)),
                category: text("岗位类别")
                    .and_then(PostCategory::from_label)
                    .unwrap_or(PostCategory::Professional),
            });
        }
        if let Some(own) = self.rows.get_mut(from..) {
            own.sort_by_key(|row| row.start);
        }
    }

    fn finish(mut self, plan: &Plan) -> Spells {
        self.first
            .push(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        let mut table = Table::of_rows(self.rows.len());
        let mut set = |name: &str, codes: Vec<u8>| {
            if let Some(fact) = plan.facts.find(Entity::Spell, name) {
                table.set(fact, Column::Codes(codes));
            }
        };
        set(
            "机构类型",
            self.rows.iter().map(|row| row.kind.code()).collect(),
        );
        set(
            "所在地",
            self.rows
                .iter()
                .map(|row| row.location.map_or(UNKNOWN_CODE, |l| l.code()))
                .collect(),
        );
        set(
            "岗位类别",
            self.rows.iter().map(|row| row.category.code()).collect(),
        );
        Spells {
            start: self.rows.iter().map(|row| row.start.index()).collect(),
            end: self
                .rows
                .iter()
                .map(|row| row.end.map_or(i32::MAX, Month::index))
                .collect(),
            first: self.first,
            table,
        }
    }
}

fn text_of(row: &FactRow, key: &str) -> Option<String> {
    let (_, value) = row.iter().find(|(name, _)| name.get_ref() == key)?;
    value.get_ref().as_str().map(str::to_owned)
}

fn integer_of(row: &FactRow, key: &str) -> Option<i64> {
    let (_, value) = row.iter().find(|(name, _)| name.get_ref() == key)?;
    value.get_ref().as_integer()
}

/// What an empty cell of a fact means.
fn blank(fact: &Fact) -> Value {
    fact.blank
        .as_ref()
        .and_then(|word| read_value(fact, word))
        .unwrap_or(Value::Unknown)
}

/// Reads the word for a value of a fact.
pub fn read_value(fact: &Fact, word: &str) -> Option<Value> {
    match fact.kind {
        FactType::Choice if word.is_empty() => Some(Value::Code(NO_CODE)),
        FactType::Choice | FactType::Flag | FactType::Rank => {
            let code = fact.values.iter().position(|value| value == word)?;
            u8::try_from(code).ok().map(Value::Code)
        }
        // as large as a column holds
        FactType::Number => quantity::whole(word)
            .filter(|number| i32::try_from(*number).is_ok())
            .map(Value::Number),
        FactType::Months => quantity::months(word).map(Value::Number),
        FactType::Month => word
            .parse::<Month>()
            .ok()
            .map(|m| Value::Number(i64::from(m.index()))),
        FactType::Place => word.parse::<AreaCode>().ok().map(Value::Place),
        FactType::Text => Some(Value::Text(word.to_owned())),
    }
}

// ---- what came out ----------------------------------------------------------------

fn observe(plan: &Plan, data: &Data, id: RuleId, rule: &Rule, case: &Case) -> Got {
    match &rule.body {
        Body::StatusTable(table) => observe_table(plan, data, id, table.of, rule),
        Body::Priority(_) => observe_priority(plan, data, id),
        Body::Structure(structure) => {
            let total = case.total.as_ref().map_or(0, |total| *total.get_ref());
            let parts = structure::split(total, &structure.ratio);
            let mut got = Got::default();
            got.values.insert("parts", format!("{parts:?}"));
            got.outcomes.insert("split");
            got
        }
        Body::AgeSchedule(_) => observe_retirement(plan, data),
        _ => match plan
            .standings
            .iter()
            .position(|standing| standing.rule == id)
        {
            Some(standing) => observe_standing(plan, data, standing),
            None => observe_finding(plan, data, id, case),
        },
    }
}

fn observe_table(plan: &Plan, data: &Data, id: RuleId, of: Entity, rule: &Rule) -> Got {
    let mut got = Got::default();
    let Body::StatusTable(table) = &rule.body else {
        return got;
    };
    let results = assessment::tables(plan, data, of, 0);
    let Some(result) = results.into_iter().find(|result| result.rule == id) else {
        return got;
    };
    let hit = |at: usize| result.hits.iter().any(|hit| usize::from(*hit) == at);
    let gives: Vec<&str> = table
        .rows
        .iter()
        .enumerate()
        .filter(|(at, _)| hit(*at))
        .flat_map(|(_, row)| row.gives.iter().map(String::as_str))
        .collect();
    got.values.insert("gives", gives.join("、"));
    let missing: Vec<&str> = result
        .missing
        .iter()
        .map(|fact| plan.facts.name(*fact))
        .collect();
    got.values.insert("missing", missing.join("、"));
    if !result.hits.is_empty() {
        got.outcomes.insert("gives");
    }
    if result.hits.len() < table.rows.len() {
        got.outcomes.insert("gives-nothing-more");
    }
    got
}

fn observe_priority(plan: &Plan, data: &Data, id: RuleId) -> Got {
    let mut got = Got::default();
    let Some(priority) = plan.priorities.iter().find(|priority| priority.rule == id) else {
        return got;
    };
    let first = comes_first(plan, data, priority, 0);
    got.values.insert("first", (first == Tri::Yes).to_string());
    got.outcomes.insert(if first == Tri::Yes {
        "first"
    } else {
        "not-first"
    });
    got
}

/// Whether a row comes first at equal conditions.
pub fn comes_first(
    plan: &Plan,
    data: &Data,
    priority: &crate::policy::plan::PriorityPlan,
    row: usize,
) -> Tri {
    let atoms = plan
        .tests
        .get(&priority.of)
        .map_or(&[] as &[_], |tests| tests.atoms.as_slice());
    let get = |fact| {
        data.table(priority.of)
            .map_or(Value::Unknown, |table| table.value(fact, row))
    };
    tri::applies(&priority.places, atoms, &get).and(tri::applies(&priority.first, atoms, &get))
}

fn observe_retirement(plan: &Plan, data: &Data) -> Got {
    let mut got = Got::default();
    let Some(trace) = explain::retirement(plan, data, 0) else {
        return got;
    };
    got.values.insert("retirement", trace.month.to_string());
    got.values.insert("earliest", trace.flexible.0.to_string());
    got.values.insert("latest", trace.flexible.1.to_string());
    got.outcomes.insert(if trace.delay > 0 {
        "delayed"
    } else {
        "not-delayed"
    });
    got
}

fn observe_standing(plan: &Plan, data: &Data, standing: usize) -> Got {
    let mut got = Got::default();
    let trace = explain::person(plan, data, 0);
    let Some(own) = trace.standings.get(standing) else {
        return got;
    };
    let batch = super::people::evaluate(plan, data).verdict(0, standing);
    let verdict = match (own.verdict, batch) {
        (a, b) if a != b => "batch and explanation differ",
        (Some(verdict), _) => verdict.key(),
        (None, _) => "left-out",
    };
    got.values.insert("verdict", verdict.to_owned());
    got.outcomes.extend(own.verdict.map(|v| v.key()));
    let month = |month: Option<Month>| month.map_or("none".to_owned(), |m| m.to_string());
    got.values
        .insert("from", month(own.window.and_then(|w| w.from)));
    got.values
        .insert("until", month(own.window.and_then(|w| w.until)));
    got.values.insert(
        "ledger",
        trace.ledger.map_or("none", |l| l.key()).to_owned(),
    );
    let missing: Vec<&str> = own
        .missing
        .iter()
        .map(|fact| plan.facts.name(*fact))
        .collect();
    got.values.insert("missing", missing.join("、"));
    if let Some(retirement) = trace.retirement {
        got.values
            .insert("retirement", retirement.month.to_string());
    }
    got
}

fn observe_finding(plan: &Plan, data: &Data, id: RuleId, case: &Case) -> Got {
    let mut got = Got::default();
    let assessment = assessment::assess(plan, data);
    let wanted = case
        .subject
        .as_ref()
        .map(|subject| subject.get_ref().as_str());
    let of_county = case.per.as_ref().is_some_and(|per| per.get_ref() == COUNTY);
    let institutions = if of_county { 0 } else { usize::MAX };
    let found = all_findings(&assessment, institutions).find(|finding| {
        finding.rule == id
            && (wanted.is_none() || wanted == subject_word(plan, data, finding).as_deref())
    });
    let Some(finding) = found else {
        got.values.insert("verdict", "left-out".to_owned());
        return got;
    };
    got.values
        .insert("verdict", finding.verdict.key().to_owned());
    got.outcomes.insert(finding.verdict.key());
    let numbers = [
        ("counted", finding.counted),
        ("base", finding.base),
        ("needed", finding.needed),
        ("limit", finding.limit),
    ];
    for (key, number) in numbers {
        got.values
            .insert(key, number.map_or("none".to_owned(), |n| n.to_string()));
    }
    let missing = finding.missing.iter().map(|missing| match missing {
        Missing::Fact(fact) => plan.facts.name(*fact),
        Missing::SetByPlace => "由各地确定",
        Missing::NearerPlace => "行政区划代码",
    });
    got.values
        .insert("missing", missing.collect::<Vec<_>>().join("、"));
    got
}

/// The findings of so many institutions, then those of every group.
fn all_findings(assessment: &Assessment, institutions: usize) -> impl Iterator<Item = &Finding> {
    let institutions = assessment.institutions.iter().take(institutions);
    let institutions = institutions.flat_map(|i| &i.findings);
    let groups = assessment
        .counties
        .iter()
        .chain(&assessment.consortia)
        .chain(&assessment.teams);
    institutions.chain(groups.flatten())
}

/// The word by which a finding names its subject; `None` where it has only one.
pub fn subject_word(plan: &Plan, data: &Data, finding: &Finding) -> Option<String> {
    match finding.subject {
        Subject::Whole => None,
        Subject::Measure(at) => {
            let rule = plan
                .findings
                .iter()
                .find(|rule| rule.rule == finding.rule)?;
            rule.measures.get(usize::from(at))?.subject.clone()
        }
        Subject::Place(at) => data
            .place_rows
            .get(at as usize)
            .map(|row| row.code.to_string()),
    }
}
