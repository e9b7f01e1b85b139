//! Conditions: `fact operator value`, alternatives joined by 或, all lines of a
//! list to be met. A closed form on purpose: a clerk reads it, a table checks it.
//!
//! Operators: `=`, `!=`, `in`, `not in` (words of a choice), `>=` `<=` `>` `<`
//! (ranks, numbers, lengths of time), `within` (place codes), `contains` (text).

use super::diagnostic::{Diagnostics, NameKind, Place, Problem, SourceFile, nearest};
use super::fact::{Entity, Fact, FactId, FactType, Facts};
use super::quantity;
use super::raw::Spanned;
use crate::domain::ids::AreaCode;
use std::ops::Range;
use std::sync::Arc;

/// Every line must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Conditions(pub Vec<Line>);

/// One alternative must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// As written, for explanations.
    pub written: String,
    pub any: Vec<Atom>,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Atom {
    pub written: String,
    pub fact: FactId,
    pub test: Test,
}

/// What is asked of the fact.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// The code of a choice, flag or rank is in this set of bits.
    Codes(u64),
    /// A number or a length of time lies between, both ends included.
    Between { low: i64, high: i64 },
    /// Compared with another rank.
    Rank {
        comparison: Comparison,
        other: FactId,
    },
    /// A place lies within the place another fact names.
    WithinFact(FactId),
    /// A place lies within this one.
    Within(AreaCode),
    /// A text contains this one.
    Contains(String),
}

/// An order between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    NotEqual,
    AtLeast,
    AtMost,
    Above,
    Below,
}

impl Comparison {
    /// Whether `left` stands in this order to `right`.
    pub fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::AtLeast => left >= right,
            Self::AtMost => left <= right,
            Self::Above => left > right,
            Self::Below => left < right,
        }
    }
}

const OPERATORS: &[(&str, Operator)] = &[
    ("not in", Operator::NotIn),
    ("in", Operator::In),
    (">=", Operator::Order(Comparison::AtLeast)),
    ("≥", Operator::Order(Comparison::AtLeast)),
    ("<=", Operator::Order(Comparison::AtMost)),
    ("≤", Operator::Order(Comparison::AtMost)),
    ("!=", Operator::Order(Comparison::NotEqual)),
    ("≠", Operator::Order(Comparison::NotEqual)),
    (">", Operator::Order(Comparison::Above)),
    ("<", Operator::Order(Comparison::Below)),
    ("=", Operator::Order(Comparison::Equal)),
    ("within", Operator::Within),
    ("contains", Operator::Contains),
];

#[derive(Clone, Copy)]
enum Operator {
    In,
    NotIn,
    Order(Comparison),
    Within,
    Contains,
}

impl Conditions {
    /// Reads a list of conditions about `entity`. Mistakes go to `problems`, with the
    /// place of the word that is wrong; a line with a mistake is left out.
    pub fn read(
        lines: &[Spanned<String>],
        entity: Entity,
        facts: &Facts,
        file: &Arc<SourceFile>,
        problems: &mut Diagnostics,
    ) -> Self {
        let mut read = Vec::with_capacity(lines.len());
        for line in lines {
            let mut reader = Reader {
                line,
                entity,
                facts,
                file,
                problems: &mut *problems,
            };
            if let Some(line) = reader.line() {
                read.push(line);
            }
        }
        Self(read)
    }

    /// Every fact named, the compared ones too.
    pub fn facts(&self) -> impl Iterator<Item = FactId> {
        self.0
            .iter()
            .flat_map(|line| &line.any)
            .flat_map(Atom::facts)
    }

    /// The facts of lines of which no alternative can be asked.
    pub fn out_of_reach(&self, can_ask: &impl Fn(FactId) -> bool) -> impl Iterator<Item = FactId> {
        let closed = move |line: &&Line| !line.any.iter().any(|atom| atom.facts().all(can_ask));
        self.0
            .iter()
            .filter(closed)
            .flat_map(|line| line.any.iter().flat_map(Atom::facts))
    }
}

impl Atom {
    /// The fact asked, and the one it is compared with.
    fn facts(&self) -> impl Iterator<Item = FactId> {
        let other = match self.test {
            Test::Rank { other, .. } | Test::WithinFact(other) => Some(other),
            _ => None,
        };
        [Some(self.fact), other].into_iter().flatten()
    }
}

struct Reader<'a> {
    line: &'a Spanned<String>,
    entity: Entity,
    facts: &'a Facts,
    file: &'a Arc<SourceFile>,
    problems: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn line(&mut self) -> Option<Line> {
        let text = self.line.get_ref().clone();
        let mut any = Vec::new();
        let mut from = 0;
        for part in text.split('或') {
            let at = from..from + part.len();
            from += part.len() + '或'.len_utf8();
            any.push(self.atom(part, at)?);
        }
        Some(Line { written: text, any })
    }

    fn atom(&mut self, text: &str, at: Range<usize>) -> Option<Atom> {
        let part = |words: &str| {
            let start = at.start + (words.as_ptr() as usize - text.as_ptr() as usize);
            start..start + words.len()
        };
        let Some((name, operator, value)) = split(text) else {
            let written = text.trim();
            return self.fail(&part(written), Problem::BadCondition(written.to_owned()));
        };
        let Some(id) = self.facts.visible(self.entity, name) else {
            let nearest = nearest(name, self.facts.visible_names(self.entity));
            return self.fail(
                &part(name),
                Problem::UnknownName {
                    what: NameKind::Fact,
                    found: name.to_owned(),
                    nearest,
                },
            );
        };
        let fact = self.facts.get(id)?;
        let sign = part(operator.0);
        let test = self.test(fact, (operator, &sign), value, &part(value))?;
        Some(Atom {
            written: text.trim().to_owned(),
            fact: id,
            test,
        })
    }

    fn test(
        &mut self,
        fact: &Fact,
        (operator, sign): ((&str, Operator), &Range<usize>),
        value: &str,
        at: &Range<usize>,
    ) -> Option<Test> {
        let other = self.facts.visible(self.entity, value);
        let wrong = Problem::WrongOperator {
            operator: operator.0.to_owned(),
            fact: fact.name.clone(),
            choices: operators(fact.kind).map(str::to_owned).collect(),
        };
        match (operator.1, fact.kind) {
            (Operator::In, FactType::Choice | FactType::Rank | FactType::Flag) => {
                self.codes(fact, value, at).map(Test::Codes)
            }
            (Operator::NotIn, FactType::Choice | FactType::Rank | FactType::Flag) => self
                .codes(fact, value, at)
                .map(|bits| Test::Codes(!bits & KNOWN)),
            (Operator::Order(comparison), FactType::Rank) => match other {
                Some(other)
                    if self
                        .facts
                        .get(other)
                        .is_some_and(|f| f.kind == FactType::Rank) =>
                {
                    Some(Test::Rank { comparison, other })
                }
                _ => {
                    let code = self.code(fact, value, at)?;
                    let bits = (0..fact.values.len() as u32)
                        .filter(|c| comparison.holds(c, &code))
                        .fold(0, |bits, c| bits | 1 << c);
                    Some(Test::Codes(bits))
                }
            },
            (Operator::Order(Comparison::Equal), FactType::Choice | FactType::Flag) => self
                .code(fact, value, at)
                .map(|code| Test::Codes(1 << code)),
            (Operator::Order(Comparison::NotEqual), FactType::Choice | FactType::Flag) => self
                .code(fact, value, at)
                .map(|code| Test::Codes(!(1 << code) & KNOWN)),
            (Operator::Order(comparison), FactType::Number | FactType::Months) => {
                let number = match fact.kind {
                    FactType::Number => quantity::whole(value),
                    _ => quantity::months(value),
                };
                let Some(number) = number else {
                    let problem = match fact.kind {
                        FactType::Number => Problem::BadNumber(value.to_owned()),
                        _ => Problem::BadDuration(value.to_owned()),
                    };
                    return self.fail(at, problem);
                };
                between(comparison, number).or_else(|| self.fail(sign, wrong))
            }
            (Operator::Within, FactType::Place) => match other {
                Some(other)
                    if self
                        .facts
                        .get(other)
                        .is_some_and(|f| f.kind == FactType::Place) =>
                {
                    Some(Test::WithinFact(other))
                }
                _ => match value.parse::<AreaCode>() {
                    Ok(code) => Some(Test::Within(code)),
                    Err(_) => self.fail(at, Problem::BadNumber(value.to_owned())),
                },
            },
            (Operator::Contains, FactType::Text) => Some(Test::Contains(value.to_owned())),
            _ => self.fail(sign, wrong),
        }
    }

    fn codes(&mut self, fact: &Fact, values: &str, at: &Range<usize>) -> Option<u64> {
        let mut bits = 0;
        for word in values.split([',', '、', '，']) {
            let start = at.start + (word.as_ptr() as usize - values.as_ptr() as usize);
            let trimmed = word.trim();
            let lead = word.len() - word.trim_start().len();
            bits |= 1 << self.code(fact, trimmed, &(start + lead..start + lead + trimmed.len()))?;
        }
        Some(bits)
    }

    fn code(&mut self, fact: &Fact, word: &str, at: &Range<usize>) -> Option<u32> {
        match fact.values.iter().position(|value| value == word) {
            Some(code) => u32::try_from(code).ok(),
            None => {
                let nearest = nearest(word, fact.values.iter().map(String::as_str));
                self.fail(
                    at,
                    Problem::UnknownWord {
                        found: word.to_owned(),
                        choices: fact.values.clone(),
                        nearest,
                    },
                )
            }
        }
    }

    fn fail<T>(&mut self, at: &Range<usize>, problem: Problem) -> Option<T> {
        let place = inside(self.file, self.line, at);
        self.problems.add(place, problem);
        None
    }
}

/// The place of a part of a quoted string; the whole string when it has escapes.
pub fn inside(file: &Arc<SourceFile>, text: &Spanned<String>, part: &Range<usize>) -> Place {
    let whole = text.span();
    let start = whole.start + 1;
    let plain = file.text.get(start..start + text.get_ref().len()) == Some(text.get_ref().as_str());
    let span = if plain {
        start + part.start..start + part.end
    } else {
        whole
    };
    Place {
        file: file.clone(),
        span,
    }
}

/// The codes of known values, of none of the words too (who has no class of licence is no
/// physician). The highest stands for a value that is not known.
const KNOWN: u64 = u64::MAX >> 1;

/// The operators a type of fact has.
fn operators(kind: FactType) -> impl Iterator<Item = &'static str> {
    let words: &[&str] = match kind {
        FactType::Choice | FactType::Flag => &["=", "!=", "in", "not in"],
        FactType::Rank => &["=", "!=", ">=", "<=", ">", "<", "in", "not in"],
        FactType::Number | FactType::Months => &["=", ">=", "<=", ">", "<"],
        FactType::Place => &["within"],
        FactType::Text => &["contains"],
        // months are only reviewed (`review-every`), never compared
        FactType::Month => &[],
    };
    words.iter().copied()
}

fn between(comparison: Comparison, number: i64) -> Option<Test> {
    let (low, high) = match comparison {
        Comparison::Equal => (number, number),
        Comparison::AtLeast => (number, i64::MAX),
        Comparison::Above => (number + 1, i64::MAX),
        Comparison::AtMost => (i64::MIN, number),
        Comparison::Below => (i64::MIN, number - 1),
        Comparison::NotEqual => return None,
    };
    Some(Test::Between { low, high })
}

/// The three parts of `fact operator value` as written.
pub fn parts(written: &str) -> Option<(&str, &str, &str)> {
    split(written).map(|(name, (operator, _), value)| (name, operator, value))
}

/// Splits `fact operator value`; the operator is the first one that stands in the text.
fn split(text: &str) -> Option<(&str, (&str, Operator), &str)> {
    let (at, word, operator) = OPERATORS
        .iter()
        .filter_map(|(word, operator)| find_operator(text, word).map(|at| (at, *word, *operator)))
        .min_by_key(|(at, word, _)| (*at, usize::MAX - word.len()))?;
    let name = text.get(..at)?.trim();
    let value = text.get(at + word.len()..)?.trim();
    let sign = text.get(at..at + word.len())?;
    (!name.is_empty() && !value.is_empty()).then_some((name, (sign, operator), value))
}

/// Where an operator stands; one made of letters needs spaces around it.
fn find_operator(text: &str, word: &str) -> Option<usize> {
    if !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return text.find(word);
    }
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text
            .get(..*at)
            .is_some_and(|t| t.ends_with(char::is_whitespace));
        let after = text
            .get(at + word.len()..)
            .is_some_and(|t| t.starts_with(char::is_whitespace));
        before && after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_no_fact_can_have() {
        let facts = r#"
            [[fact]]
            name = "编制总数"
            of = "institution"
            type = "number"
            from = "workbook"
            en = "establishment"
        "#;
        let file = |name: &str, text: &str| {
            Arc::new(SourceFile {
                name: name.to_owned(),
                text: text.to_owned(),
            })
        };
        let mut problems = Diagnostics::default();
        let facts = Facts::read(&file("facts.toml", facts), &mut problems);
        for number in ["9223372036854775807", "-1", "+1", "1.5"] {
            let text = format!("编制总数 > {number}");
            let file = file("condition", &format!("\"{text}\""));
            let line = Spanned::new(0..file.text.len(), text);
            let read = Conditions::read(&[line], Entity::Institution, &facts, &file, &mut problems);
            assert_eq!(read.0, [], "{number}");
            let problem = problems.0.pop().map(|problem| problem.problem);
            assert_eq!(problem, Some(Problem::BadNumber(number.to_owned())));
        }
        assert_eq!(problems.0, []);
    }
}
