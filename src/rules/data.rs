//! Facts in columns: what the register says, one vector a fact, ready for flat
//! tests over millions of rows.

use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::month::Month;
use crate::domain::place::{Place, PlaceLevel};
use crate::domain::register::Register;
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::staff::{Person, SiteKind};
use crate::policy::fact::{Entity, FactId, Facts};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// Code of an unknown choice, flag or rank.
pub const UNKNOWN_CODE: u8 = 63;
/// Code of a choice that is known to be none of the words.
pub const NO_CODE: u8 = 62;
/// An unknown number or month.
pub const UNKNOWN: i32 = i32::MIN;
/// Level of someone who occupies no professional post.
pub const NO_LEVEL: u8 = 3;

/// One fact of every row.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Choice, flag or rank; [`UNKNOWN_CODE`] = unknown.
    Codes(Vec<u8>),
    /// Number, months or month; [`UNKNOWN`] = unknown.
    Numbers(Vec<i32>),
    Places(Vec<Option<AreaCode>>),
    Texts(Vec<Option<Box<str>>>),
}

/// One value, for explanations and cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Unknown,
    Code(u8),
    Number(i64),
    Place(AreaCode),
    Text(String),
}

impl Column {
    /// The value of a row.
    pub fn value(&self, row: usize) -> Value {
        let value = match self {
            Self::Codes(codes) => codes
                .get(row)
                .filter(|c| **c != UNKNOWN_CODE)
                .map(|c| Value::Code(*c)),
            Self::Numbers(numbers) => numbers
                .get(row)
                .filter(|n| **n != UNKNOWN)
                .map(|n| Value::Number(i64::from(*n))),
            Self::Places(places) => places.get(row).copied().flatten().map(Value::Place),
            Self::Texts(texts) => texts
                .get(row)
                .and_then(|t| t.as_deref().map(|t| Value::Text(t.to_owned()))),
        };
        value.unwrap_or(Value::Unknown)
    }

    /// Adds a row.
    pub fn push(&mut self, value: Value) {
        match (self, value) {
            (Self::Codes(codes), Value::Code(code)) => codes.push(code),
            (Self::Codes(codes), _) => codes.push(UNKNOWN_CODE),
            (Self::Numbers(numbers), Value::Number(number)) => {
                numbers.push(i32::try_from(number).unwrap_or(i32::MAX));
            }
            (Self::Numbers(numbers), _) => numbers.push(UNKNOWN),
            (Self::Places(places), Value::Place(place)) => places.push(Some(place)),
            (Self::Places(places), _) => places.push(None),
            (Self::Texts(texts), Value::Text(text)) => texts.push(Some(text.into())),
            (Self::Texts(texts), _) => texts.push(None),
        }
    }
}

/// The columns of one kind of row.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub rows: usize,
    /// By number of the fact.
    columns: Vec<Option<Column>>,
}

impl Table {
    /// So many rows of which nothing is known yet.
    pub fn of_rows(rows: usize) -> Self {
        Self {
            rows,
            columns: Vec::new(),
        }
    }

    /// The column of a fact, where there is one.
    pub fn column(&self, fact: FactId) -> Option<&Column> {
        self.columns.get(usize::from(fact.0))?.as_ref()
    }

    /// Sets the column of a fact.
    pub fn set(&mut self, fact: FactId, column: Column) {
        let at = usize::from(fact.0);
        if self.columns.len() <= at {
            self.columns.resize(at + 1, None);
        }
        if let Some(slot) = self.columns.get_mut(at) {
            *slot = Some(column);
        }
    }

    /// The value of a fact in a row.
    pub fn value(&self, fact: FactId, row: usize) -> Value {
        self.column(fact)
            .map_or(Value::Unknown, |column| column.value(row))
    }

    /// A number, where it is known.
    pub fn number(&self, fact: FactId, row: usize) -> Option<i64> {
        match self.column(fact)? {
            Column::Numbers(numbers) => {
                let number = numbers.get(row).filter(|number| **number != UNKNOWN)?;
                Some(i64::from(*number))
            }
            _ => None,
        }
    }
}

/// Service spells of all people, in order of start within a person.
#[derive(Clone, Debug, Default)]
pub struct Spells {
    /// `first[p]..first[p + 1]` are the spells of person `p`; none = history unknown.
    pub first: Vec<u32>,
    pub start: Vec<i32>,
    /// `i32::MAX` goes on.
    pub end: Vec<i32>,
    pub table: Table,
}

/// People.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub table: Table,
    /// Position in [`Data::institutions`].
    pub institution: Vec<u32>,
    /// Month of birth.
    pub birth: Vec<i32>,
    /// Code of [`RetirementClass`](crate::domain::staff::RetirementClass).
    pub retirement_class: Vec<u8>,
    /// Code of the level occupied, or [`NO_LEVEL`].
    pub level: Vec<u8>,
    /// Code of [`Manner`](crate::domain::post::Manner).
    pub manner: Vec<u8>,
    /// A decision is recorded that they stand off quota; empty = of nobody.
    pub decided: Vec<bool>,
    pub spells: Spells,
}

impl People {
    /// How many.
    pub fn len(&self) -> usize {
        self.institution.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.institution.is_empty()
    }
}

/// Institutions.
#[derive(Clone, Debug, Default)]
pub struct Institutions {
    pub table: Table,
    pub area: Vec<Option<AreaCode>>,
    /// Position in [`Data::counties`].
    pub county: Vec<Option<u32>>,
    /// Position in [`Data::consortia`].
    pub consortium: Vec<Option<u32>>,
}

/// One place of 区域.
#[derive(Clone, Debug)]
pub struct PlaceRow {
    pub code: AreaCode,
    pub level: PlaceLevel,
    pub county: u32,
}

/// All facts of one data set.
#[derive(Clone, Debug, Default)]
pub struct Data {
    pub people: People,
    pub institutions: Institutions,
    pub rural_doctors: Table,
    pub doctor_county: Vec<u32>,
    pub places: Table,
    pub place_rows: Vec<PlaceRow>,
    /// The counties, in the order of [`Register::counties`].
    pub counties: Vec<AreaCode>,
    pub county_table: Table,
    /// Names of the medical communities, in order of first appearance.
    pub consortia: Vec<String>,
    pub consortium_table: Table,
    /// Staff of each institution, grouped on first use.
    staff: OnceLock<Vec<Vec<u32>>>,
    /// Rows of kinds that no workbook carries: teams, vacancies, candidates, applications.
    pub others: BTreeMap<Entity, Table>,
}

impl Data {
    /// The facts of a register in one month (ages are counted to it).
    pub fn of_register(register: &Register, facts: &Facts, as_of: Month) -> Self {
        let counties = register.counties();
        let county_of: HashMap<AreaCode, u32> = counties.iter().copied().zip(0..).collect();
        let mut consortia: Vec<String> = Vec::new();
        let mut consortium_of: HashMap<&str, u32> = HashMap::new();
        for name in register
            .institutions
            .iter()
            .filter_map(|i| i.consortium.as_deref())
        {
            consortium_of.entry(name).or_insert_with(|| {
                consortia.push(name.to_owned());
                u32::try_from(consortia.len() - 1).unwrap_or(u32::MAX)
            });
        }
        let county = |code: AreaCode| county_of.get(&code.county()).copied();
        let institutions = Institutions {
            table: institution_table(&register.institutions, facts),
            area: register.institutions.iter().map(|i| i.area).collect(),
            county: register
                .institutions
                .iter()
                .map(|i| i.area.and_then(county))
                .collect(),
            consortium: register
                .institutions
                .iter()
                .map(|i| {
                    i.consortium
                        .as_deref()
                        .and_then(|name| consortium_of.get(name).copied())
                })
                .collect(),
        };
        let place_row = |place: &Place| PlaceRow {
            code: place.code,
            level: place.level,
            county: county(place.code).unwrap_or_default(),
        };
        Self {
            people: people(&register.people, facts),
            institutions,
            rural_doctors: doctor_table(&register.rural_doctors, facts, as_of),
            doctor_county: register
                .rural_doctors
                .iter()
                .map(|d| county(d.area).unwrap_or(u32::MAX))
                .collect(),
            places: place_table(&register.places, facts),
            place_rows: register.places.iter().map(place_row).collect(),
            county_table: county_table(register, &counties, facts),
            counties,
            consortium_table: Table::of_rows(consortia.len()),
            consortia,
            staff: OnceLock::new(),
            others: BTreeMap::new(),
        }
    }

    /// The rows of people who work at an institution, in order.
    pub fn staff(&self, institution: usize) -> &[u32] {
        let groups = self.staff.get_or_init(|| {
            let mut groups = vec![Vec::new(); self.institutions.table.rows];
            for (row, institution) in (0u32..).zip(&self.people.institution) {
                if let Some(group) = groups.get_mut(*institution as usize) {
                    group.push(row);
                }
            }
            groups
        });
        groups.get(institution).map_or(&[], Vec::as_slice)
    }

    /// The table of a kind of row.
    pub fn table(&self, entity: Entity) -> Option<&Table> {
        match entity {
            Entity::Person => Some(&self.people.table),
            Entity::Institution => Some(&self.institutions.table),
            Entity::Spell => Some(&self.people.spells.table),
            Entity::County => Some(&self.county_table),
            Entity::Place => Some(&self.places),
            Entity::Consortium => Some(&self.consortium_table),
            Entity::RuralDoctor => Some(&self.rural_doctors),
            other => self.others.get(&other),
        }
    }
}

/// A way to read one fact from a record.
enum Read<R> {
    Code(fn(&R) -> Option<u8>),
    Number(fn(&R) -> Option<i64>),
    Place(fn(&R) -> Option<AreaCode>),
    Text(fn(&R) -> Option<&str>),
}

fn fill<R>(
    table: &mut Table,
    records: &[R],
    entity: Entity,
    facts: &Facts,
    read: impl Fn(&str) -> Option<Read<R>>,
) {
    table.rows = records.len();
    for (id, fact) in facts.all().filter(|(_, fact)| fact.entity == entity) {
        let column = match read(&fact.name) {
            None => continue,
            Some(Read::Code(read)) => Column::Codes(
                records
                    .iter()
                    .map(|r| read(r).unwrap_or(UNKNOWN_CODE))
                    .collect(),
            ),
            Some(Read::Number(read)) => Column::Numbers(
                records
                    .iter()
                    .map(|r| {
                        read(r)
                            .and_then(|n| i32::try_from(n).ok())
                            .unwrap_or(UNKNOWN)
                    })
                    .collect(),
            ),
            Some(Read::Place(read)) => Column::Places(records.iter().map(read).collect()),
            Some(Read::Text(read)) => {
                Column::Texts(records.iter().map(|r| read(r).map(Into::into)).collect())
            }
        };
        table.set(id, column);
    }
}

fn institution_table(records: &[Institution], facts: &Facts) -> Table {
    let mut table = Table::default();
    fill(&mut table, records, Entity::Institution, facts, |name| {
        Some(match name {
            "机构类型" => Read::Code(|i| i.kind.map(|k| k.code())),
            "行政区划代码" => Read::Place(|i| i.area),
            "举办主体" => Read::Code(|i| Some(i.sponsor.code())),
            "服务人口" => Read::Number(|i| i.service_population.map(i64::from)),
            "实有床位" => Read::Number(|i| i.beds.map(i64::from)),
            "护理康复床位" => {
                Read::Number(|i| Some(i.rehabilitation_beds.map_or(0, i64::from)))
            }
            "编制总数" => Read::Number(|i| i.establishment.total.map(i64::from)),
            "专业技术编制" => Read::Number(|i| i.establishment.professional.map(i64::from)),
            "管理编制" => Read::Number(|i| i.establishment.management.map(i64::from)),
            "工勤编制" => Read::Number(|i| i.establishment.worker.map(i64::from)),
            "专业技术岗位总数" => Read::Number(|i| i.posts.professional.map(i64::from)),
            "卫生类专业技术岗位数" => Read::Number(|i| i.posts.health.map(i64::from)),
            "核定高级岗位" => Read::Number(|i| i.posts.senior.map(i64::from)),
            "核定中级岗位" => Read::Number(|i| i.posts.intermediate.map(i64::from)),
            "核定初级岗位" => Read::Number(|i| i.posts.junior.map(i64::from)),
            "定向岗位数" => Read::Number(|i| i.posts.directed.map(i64::from)),
            "高级比例提高" => Read::Code(|i| Some(u8::from(i.raised_senior_ratio))),
            "定向评价定向使用" => Read::Code(|i| Some(u8::from(i.directed_evaluation))),
            _ => return None,
        })
    });
    table
}

fn people(records: &[Person], facts: &Facts) -> People {
    let mut table = Table::default();
    fill(&mut table, records, Entity::Person, facts, |name| {
        Some(match name {
            "编制情况" => Read::Code(|p: &Person| Some(p.employment.code())),
            "岗位类别" => Read::Code(|p| Some(p.category.code())),
            "双肩挑" => Read::Code(|p| Some(u8::from(p.dual_post))),
            "从事专业类别代码" => {
                Read::Code(|p| Some(p.job_class.map_or(NO_CODE, |c| c.code())))
            }
            "医师执业类别代码" => {
                Read::Code(|p| Some(p.licence_class.map_or(NO_CODE, |c| c.code())))
            }
            "多地点执业" => Read::Code(|p| p.sites.map(|s| u8::from(s.several))),
            "第2执业单位类别" => Read::Code(|p| p.sites.map(|s| site(s.second))),
            "第3执业单位类别" => Read::Code(|p| p.sites.map(|s| site(s.third))),
            "全科注册" => Read::Code(|p| Some(u8::from(p.gp_registered))),
            "全科培训" => Read::Code(|p| Some(p.gp_training.code())),
            "预防保健岗" => Read::Code(|p| Some(u8::from(p.preventive_post))),
            "专业技术资格" => Read::Code(|p| Some(p.title.code())),
            "资格类型" => Read::Code(|p| Some(p.title_kind.code())),
            "资格专业" => Read::Text(|p| Some(p.title_field.as_deref().unwrap_or(""))),
            "资格评审地区" => Read::Place(|p| p.title_area),
            "聘任级别" => Read::Code(|p| Some(p.appointed.code())),
            "岗位等级" => Read::Number(|p| p.grade.map(|g| i64::from(g.number()))),
            "聘用方式" => Read::Code(|p| Some(p.manner.code())),
            "退休类别" => Read::Code(|p| Some(p.retirement_class().code())),
            _ => return None,
        })
    });
    People {
        table,
        institution: records
            .iter()
            .map(|p| u32::try_from(p.institution).unwrap_or(u32::MAX))
            .collect(),
        birth: records.iter().map(|p| p.id.birth_month().index()).collect(),
        retirement_class: records
            .iter()
            .map(|p| p.retirement_class().code())
            .collect(),
        level: records
            .iter()
            .map(|p| p.occupies().map_or(NO_LEVEL, |level| level.code()))
            .collect(),
        manner: records.iter().map(|p| p.manner.code()).collect(),
        decided: Vec::new(),
        spells: spells(records, facts),
    }
}

fn site(kind: Option<SiteKind>) -> u8 {
    kind.map_or(NO_CODE, |kind| kind.code())
}

fn spells(records: &[Person], facts: &Facts) -> Spells {
    let mut first = Vec::with_capacity(records.len() + 1);
    let mut all = Vec::new();
    for person in records {
        first.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
        let from = all.len();
        all.extend(person.history.spells());
        if let Some(own) = all.get_mut(from..) {
            own.sort_by_key(|spell| spell.start);
        }
    }
    first.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
    let mut table = Table::default();
    fill(&mut table, &all, Entity::Spell, facts, |name| {
        Some(match name {
            "机构类型" => Read::Code(|s| Some(s.kind.code())),
            "所在地" => Read::Code(|s| s.location.map(|l| l.code())),
            "岗位类别" => Read::Code(|s| Some(s.category.code())),
            _ => return None,
        })
    });
    Spells {
        first,
        start: all.iter().map(|s| s.start.index()).collect(),
        end: all
            .iter()
            .map(|s| s.end.map_or(i32::MAX, |m| m.index()))
            .collect(),
        table,
    }
}

fn doctor_table(records: &[RuralDoctor], facts: &Facts, as_of: Month) -> Table {
    let mut table = Table::default();
    fill(&mut table, records, Entity::RuralDoctor, facts, |name| {
        Some(match name {
            "执业资格" => Read::Code(|d| Some(d.qualification.code())),
            "劳动关系" => Read::Code(|d| Some(d.labour_relation.code())),
            "编制内" => Read::Code(|d| Some(u8::from(d.on_establishment))),
            "已参保险种" => Read::Code(|d| d.pension.map(|p| p.code())),
            _ => return None,
        })
    });
    if let Some(age) = facts.find(Entity::RuralDoctor, "年龄") {
        let ages = records
            .iter()
            .map(|d| as_of.since(d.id.birth_month()))
            .collect();
        table.set(age, Column::Numbers(ages));
    }
    table
}

fn place_table(records: &[Place], facts: &Facts) -> Table {
    let mut table = Table::default();
    fill(&mut table, records, Entity::Place, facts, |name| {
        Some(match name {
            "常住人口" => Read::Number(|p| p.residents.map(i64::from)),
            _ => return None,
        })
    });
    table
}

/// Facts of a county stand in its own row of 区域.
fn county_table(register: &Register, counties: &[AreaCode], facts: &Facts) -> Table {
    let rows: Vec<CountyFacts> = counties
        .iter()
        .map(|county| {
            let own = register
                .places
                .iter()
                .find(|p| p.level == PlaceLevel::County && p.code.county() == *county);
            let communities: std::collections::BTreeSet<&str> = register
                .institutions
                .iter()
                .filter(|i| i.area.is_some_and(|area| area.county() == *county))
                .filter_map(|i| i.consortium.as_deref())
                .collect();
            CountyFacts {
                residents: own.and_then(|p| p.residents).map(i64::from),
                reviewed: own
                    .and_then(|p| p.establishment_reviewed)
                    .map(|m| i64::from(m.index())),
                // no name anywhere: the column was not filled in, which is not "none"
                communities: i64::try_from(communities.len()).ok().filter(|n| *n > 0),
            }
        })
        .collect();
    let mut table = Table::default();
    fill(&mut table, &rows, Entity::County, facts, |name| {
        Some(match name {
            "常住人口" => Read::Number(|c| c.residents),
            "编制总量核定年月" => Read::Number(|c| c.reviewed),
            "医共体数" => Read::Number(|c| c.communities),
            _ => return None,
        })
    });
    table
}

struct CountyFacts {
    residents: Option<i64>,
    reviewed: Option<i64>,
    communities: Option<i64>,
}
