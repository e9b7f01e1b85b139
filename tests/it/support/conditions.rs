//! Random conditions over the facts of a person and their institution: written as a policy
//! file would write them, and answered a second time straight from the register. A missing
//! value makes an open answer (`None`), never a no.

use super::library;
use crate::oracle::{
    Clock, age, height, months_of_service_on, months_to_retirement, occupies_a_post,
    retirement_class,
};
use dinggang::domain::institution::Institution;
use dinggang::domain::month::Month;
use dinggang::domain::register::Register;
use dinggang::domain::staff::Person;
use dinggang::domain::title::Rank;
use dinggang::policy::fact::{Entity, FactType};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::fmt::{self, Display};

/// Yes, no, or not known.
pub type Answer = Option<bool>;

/// What a fact is in one row.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Unknown,
    /// A word of a list; "" is none of them.
    Word(String),
    Number(i64),
    Place(String),
    Text(String),
}

fn word(label: &str) -> Value {
    Value::Word(label.to_owned())
}

fn flag(yes: bool) -> Value {
    word(if yes { "是" } else { "否" })
}

fn number(n: Option<u32>) -> Value {
    n.map_or(Value::Unknown, |n| Value::Number(i64::from(n)))
}

/// Facts of a person (or of the institution they work in) by the names of `facts.toml`.
const CHOICES: [&str; 15] = [
    "编制情况",
    "岗位类别",
    "双肩挑",
    "从事专业类别代码",
    "医师执业类别代码",
    "全科注册",
    "全科培训",
    "预防保健岗",
    "资格类型",
    "聘用方式",
    "退休类别",
    "已聘专业技术岗位",
    "机构类型",
    "举办主体",
    "高级比例提高",
];
const RANKS: [&str; 2] = ["专业技术资格", "聘任级别"];
const NUMBERS: [&str; 6] = [
    "岗位等级",
    "服务人口",
    "编制总数",
    "专业技术岗位总数",
    "核定高级岗位",
    "护理康复床位",
];
const LENGTHS: [&str; 6] = [
    "距法定退休年龄",
    "年龄",
    "基层累计工作年限",
    "乡镇专业技术工作年限",
    "基层服务年限",
    "县级以下医疗卫生机构服务年限",
];
const PLACES: [&str; 2] = ["行政区划代码", "资格评审地区"];
const TEXT: &str = "资格专业";

/// Someone, and the month in which they are asked.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub register: &'a Register,
    pub person: &'a Person,
    pub as_of: Month,
}

impl Asked<'_> {
    fn institution(&self) -> &Institution {
        &self.register.institutions[self.person.institution]
    }

    fn value(&self, fact: &str) -> Value {
        let (p, i) = (self.person, self.institution());
        let service = |clock: Clock| {
            let months = months_of_service_on(p, clock, self.as_of);
            months.map_or(Value::Unknown, Value::Number)
        };
        match fact {
            "编制情况" => word(p.employment.label()),
            "岗位类别" => word(p.category.label()),
            "双肩挑" => flag(p.dual_post),
            "从事专业类别代码" => word(p.job_class.map_or("", |c| c.label())),
            "医师执业类别代码" => word(p.licence_class.map_or("", |c| c.label())),
            "全科注册" => flag(p.gp_registered),
            "全科培训" => word(p.gp_training.label()),
            "预防保健岗" => flag(p.preventive_post),
            "资格类型" => word(p.title_kind.label()),
            "聘用方式" => word(p.manner.label()),
            "退休类别" => word(retirement_class(p).label()),
            "已聘专业技术岗位" => flag(occupies_a_post(p)),
            "机构类型" => i.kind.map_or(Value::Unknown, |k| word(k.label())),
            "举办主体" => word(i.sponsor.label()),
            "高级比例提高" => flag(i.raised_senior_ratio),
            "专业技术资格" => word(p.title.label()),
            "聘任级别" => word(p.appointed.post_label()),
            "岗位等级" => number(p.grade.map(|g| u32::from(g.number()))),
            "服务人口" => number(i.service_population),
            "编制总数" => number(i.establishment.total),
            "专业技术岗位总数" => number(i.posts.professional),
            "核定高级岗位" => number(i.posts.senior),
            "护理康复床位" => number(Some(i.rehabilitation_beds.unwrap_or(0))),
            "距法定退休年龄" => Value::Number(months_to_retirement(p, self.as_of)),
            "年龄" => Value::Number(age(p, self.as_of)),
            "基层累计工作年限" => service(Clock::HealthCentres),
            "乡镇专业技术工作年限" => service(Clock::Townships),
            "基层服务年限" => service(Clock::PrimaryCare),
            "县级以下医疗卫生机构服务年限" => service(Clock::CountyAndBelow),
            "行政区划代码" => i
                .area
                .map_or(Value::Unknown, |a| Value::Place(a.to_string())),
            "资格评审地区" => match p.title_area {
                Some(area) => Value::Place(area.to_string()),
                None => self.value("行政区划代码"),
            },
            TEXT => Value::Text(p.title_field.clone().unwrap_or_default()),
            other => panic!("no such fact: {other}"),
        }
    }
}

/// One comparison.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Operator (`in`, `not in`, `=`, `!=`) and words.
    Word {
        fact: &'static str,
        operator: &'static str,
        words: Vec<String>,
    },
    /// Operator and rank.
    Rank {
        fact: &'static str,
        operator: &'static str,
        rank: Rank,
    },
    /// Operator between the two ranks.
    Ranks {
        fact: &'static str,
        operator: &'static str,
        other: &'static str,
    },
    Number {
        fact: &'static str,
        operator: &'static str,
        number: i64,
    },
    /// Months.
    Length {
        fact: &'static str,
        operator: &'static str,
        months: i64,
    },
    Within {
        fact: &'static str,
        /// A code, or the name of another place.
        place: &'static str,
    },
    Contains {
        text: &'static str,
    },
}

fn label_of(fact: &str, rank: Rank) -> &'static str {
    match fact {
        "聘任级别" => rank.post_label(),
        _ => rank.label(),
    }
}

impl Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word {
                fact,
                operator,
                words,
            } => write!(f, "{fact} {operator} {}", words.join(", ")),
            Self::Rank {
                fact,
                operator,
                rank,
            } => write!(f, "{fact} {operator} {}", label_of(fact, *rank)),
            Self::Ranks {
                fact,
                operator,
                other,
            } => write!(f, "{fact} {operator} {other}"),
            Self::Number {
                fact,
                operator,
                number,
            } => write!(f, "{fact} {operator} {number}"),
            Self::Length {
                fact,
                operator,
                months,
            } if months % 12 == 0 => write!(f, "{fact} {operator} {}年", months / 12),
            Self::Length {
                fact,
                operator,
                months,
            } => write!(f, "{fact} {operator} {months}个月"),
            Self::Within { fact, place } => write!(f, "{fact} within {place}"),
            Self::Contains { text } => write!(f, "{TEXT} contains {text}"),
        }
    }
}

fn compare(operator: &str, left: i64, right: i64) -> bool {
    match operator {
        "=" => left == right,
        "!=" => left != right,
        ">=" => left >= right,
        "<=" => left <= right,
        ">" => left > right,
        "<" => left < right,
        other => panic!("no such operator: {other}"),
    }
}

fn compare_ranks(operator: &str, left: Rank, right: Rank) -> bool {
    compare(operator, i64::from(height(left)), i64::from(height(right)))
}

fn rank_of(label: &str) -> Rank {
    Rank::from_label(label).unwrap_or(Rank::None)
}

impl Ask {
    pub fn answer(&self, asked: Asked) -> Answer {
        match self {
            Self::Word {
                fact,
                operator,
                words,
            } => match asked.value(fact) {
                Value::Word(word) => {
                    let listed = words.contains(&word);
                    Some(listed == matches!(*operator, "in" | "="))
                }
                _ => None,
            },
            Self::Rank {
                fact,
                operator,
                rank,
            } => match asked.value(fact) {
                Value::Word(word) => Some(compare_ranks(operator, rank_of(&word), *rank)),
                _ => None,
            },
            Self::Ranks {
                fact,
                operator,
                other,
            } => match (asked.value(fact), asked.value(other)) {
                (Value::Word(a), Value::Word(b)) => {
                    Some(compare_ranks(operator, rank_of(&a), rank_of(&b)))
                }
                _ => None,
            },
            Self::Number {
                fact,
                operator,
                number: bound,
            }
            | Self::Length {
                fact,
                operator,
                months: bound,
            } => match asked.value(fact) {
                Value::Number(number) => Some(compare(operator, number, *bound)),
                _ => None,
            },
            Self::Within { fact, place } => {
                let outer = if PLACES.contains(place) {
                    asked.value(place)
                } else {
                    Value::Place((*place).to_owned())
                };
                match (asked.value(fact), outer) {
                    (Value::Place(inner), Value::Place(outer)) => Some(inner.starts_with(&outer)),
                    _ => None,
                }
            }
            Self::Contains { text } => match asked.value(TEXT) {
                Value::Text(written) => Some(written.contains(text)),
                _ => None,
            },
        }
    }
}

/// Alternatives, one of which must hold.
#[derive(Clone, Debug)]
pub struct Line(pub Vec<Ask>);

impl Line {
    /// Yes as soon as one is; open when none is and one is open.
    pub fn answer(&self, asked: Asked) -> Answer {
        let answers: Vec<Answer> = self.0.iter().map(|ask| ask.answer(asked)).collect();
        if answers.contains(&Some(true)) {
            Some(true)
        } else if answers.contains(&None) {
            None
        } else {
            Some(false)
        }
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let asks: Vec<String> = self.0.iter().map(Ask::to_string).collect();
        f.write_str(&asks.join(" 或 "))
    }
}

/// Lines, all of which must hold.
#[derive(Clone)]
pub struct Lines(pub Vec<Line>);

impl Lines {
    fn answers(&self, asked: Asked) -> Vec<Answer> {
        self.0.iter().map(|line| line.answer(asked)).collect()
    }

    /// Whether a rule is for someone: no as soon as one line says no.
    pub fn applies(&self, asked: Asked) -> Answer {
        let answers = self.answers(asked);
        if answers.contains(&Some(false)) {
            Some(false)
        } else if answers.contains(&None) {
            None
        } else {
            Some(true)
        }
    }

    /// Whether what is demanded is met: open as soon as one line is open.
    pub fn met(&self, asked: Asked) -> Answer {
        let answers = self.answers(asked);
        if answers.contains(&None) {
            None
        } else {
            Some(!answers.contains(&Some(false)))
        }
    }
}

/// As TOML: a list of strings.
impl Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self
            .0
            .iter()
            .map(|line| format!("{:?}", line.to_string()))
            .collect();
        write!(f, "[{}]", lines.join(", "))
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// The words that `facts.toml` lists for a choice.
fn words_of(fact: &str) -> Vec<String> {
    let facts = &library::shipped().facts;
    let id = facts.visible(Entity::Person, fact).expect("a fact");
    let fact = facts.get(id).expect("a fact");
    assert!(matches!(fact.kind, FactType::Choice | FactType::Flag));
    fact.values.clone()
}

fn on_words() -> impl Strategy<Value = Ask> {
    (
        select(CHOICES.to_vec()),
        any::<bool>(),
        vec(any::<Index>(), 1..4),
    )
        .prop_map(|(fact, inside, picks)| {
            let all = words_of(fact);
            let mut words: Vec<String> = picks.iter().map(|at| at.get(&all).clone()).collect();
            words.sort();
            words.dedup();
            let operator = match (inside, words.len()) {
                (true, 1) => "=",
                (true, _) => "in",
                (false, 1) => "!=",
                (false, _) => "not in",
            };
            Ask::Word {
                fact,
                operator,
                words,
            }
        })
}

const ORDERS: [&str; 5] = [">=", "<=", "=", ">", "<"];
const ALL_ORDERS: [&str; 6] = [">=", "<=", "=", "!=", ">", "<"];

fn fixed() -> impl Strategy<Value = Ask> {
    let orders = || select(ALL_ORDERS.to_vec());
    prop_oneof![
        5 => on_words(),
        2 => (select(RANKS.to_vec()), orders(), select(Rank::ALL)).prop_map(
            |(fact, operator, rank)| Ask::Rank { fact, operator, rank }
        ),
        1 => orders().prop_map(|operator| Ask::Ranks {
            fact: RANKS[0],
            operator,
            other: RANKS[1],
        }),
        2 => (
            select(NUMBERS.to_vec()),
            select(ORDERS.to_vec()),
            select(vec![0, 1, 3, 5, 9, 13, 20, 45, 3000]),
        )
            .prop_map(|(fact, operator, number)| Ask::Number { fact, operator, number }),
        1 => (
            select(PLACES.to_vec()),
            select(vec!["资格评审地区", "行政区划代码", "15", "150199", "150199001", "1501"]),
        )
            .prop_map(|(fact, place)| Ask::Within { fact, place }),
        1 => select(vec!["全科", "内"]).prop_map(|text| Ask::Contains { text }),
    ]
}

fn moving() -> impl Strategy<Value = Ask> {
    (
        select(LENGTHS.to_vec()),
        select(ORDERS.to_vec()),
        prop_oneof![
            3 => select(vec![240, 239, 60, 59, 0, 1, 12, 600, 720]),
            1 => 0..500_i64,
        ],
    )
        .prop_map(|(fact, operator, months)| Ask::Length {
            fact,
            operator,
            months,
        })
}

/// Conditions on what does not move with time.
pub fn fixed_lines(most: usize) -> impl Strategy<Value = Lines> {
    vec(vec(fixed(), 1..3).prop_map(Line), 0..=most).prop_map(Lines)
}

/// Any conditions.
pub fn lines(most: usize) -> impl Strategy<Value = Lines> {
    let ask = || prop_oneof![1 => fixed(), 1 => moving()];
    vec(vec(ask(), 1..3).prop_map(Line), 0..=most).prop_map(Lines)
}
