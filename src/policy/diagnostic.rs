//! What is wrong with a policy file, and exactly where. Typed, without
//! sentences: `report` finds the words and draws the caret.

use std::ops::Range;
use std::sync::Arc;

/// A file that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as the reader should see it.
    pub name: String,
    pub text: String,
}

/// A stretch of a file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<SourceFile>,
    pub span: Range<usize>,
}

impl Place {
    /// Line and column, both from 1; columns count characters.
    pub fn line_column(&self) -> (usize, usize) {
        let before = self.file.text.get(..self.span.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub place: Place,
    pub problem: Problem,
    /// The other place of a conflict or a repetition.
    pub other: Option<Place>,
}

/// The kinds of mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Not TOML; the parser's own words.
    Syntax(String),
    /// A value of the wrong type; what is wanted, as one would write it.
    WrongType { wanted: String },
    /// A key or table the format does not have.
    UnknownKey {
        found: String,
        nearest: Option<String>,
        known: Vec<String>,
    },
    /// A required key is missing.
    MissingKey(String),
    /// A name that is not among those declared.
    UnknownName {
        what: NameKind,
        found: String,
        nearest: Option<String>,
    },
    /// A name declared twice.
    Repeated { what: NameKind, found: String },
    /// A word that is none of the choices.
    UnknownWord {
        found: String,
        choices: Vec<String>,
        nearest: Option<String>,
    },
    /// A condition that does not read as `fact operator value`.
    BadCondition(String),
    /// An operator that this type of fact does not have.
    WrongOperator {
        operator: String,
        fact: String,
        choices: Vec<String>,
    },
    /// Not a share such as `18%`, `0.3‰` or `2/10000`.
    BadShare(String),
    /// Not a length of time such as `20年`, `60岁` or `240个月`.
    BadDuration(String),
    /// Not a date such as 2014-07-01, or a month such as 2020-06.
    BadDate(String),
    /// A number outside what makes sense.
    BadNumber(String),
    /// Keys that exclude or need each other.
    Needs {
        key: &'static str,
        wants: &'static str,
    },
    /// Two lists that belong together item by item.
    UnequalLists {
        key: &'static str,
        other: &'static str,
        wanted: usize,
    },
    /// A fact of the wrong type for this place.
    WrongFact { found: String, wanted: &'static str },
    /// Two rules give different numbers for the same thing.
    Conflict { rule: String, other: String },
    /// A rule that no case reaches with this outcome.
    NotHit { rule: String, outcome: &'static str },
    /// A case whose outcome is another one.
    CaseFails {
        case: String,
        expected: String,
        got: String,
    },
    /// A quotation that does not stand in the source.
    QuoteNotFound { clause: String, source: String },
    /// A document that is not among the sources, or has another hash.
    SourceNotFound { name: String, sha256: String },
    /// A rule that rests on nothing.
    NoCitation(String),
    /// A row of the coverage list that explains nothing.
    NoReason(String),
    /// A folder without `policy.toml`, or not readable.
    Unreadable(String),
}

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    Fact,
    Clause,
    Rule,
    Policy,
    Subject,
    CoverageRow,
    Entity,
    Case,
    Place,
}

/// The nearest of `known` to `found`, if one is near enough to be a slip.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    known
        .into_iter()
        .map(|name| (similarity(found, name), name))
        .filter(|(score, _)| *score >= 600)
        .max_by_key(|(score, _)| *score)
        .map(|(_, name)| name.to_owned())
}

/// Likeness in thousandths: 1000 for equal words.
fn similarity(a: &str, b: &str) -> usize {
    let longest = a.chars().count().max(b.chars().count());
    if longest == 0 {
        return 0;
    }
    let distance = strsim::osa_distance(a, b);
    (longest - distance.min(longest)) * 1000 / longest
}

/// Gathers mistakes while reading goes on, so that one run shows them all.
#[derive(Debug, Default)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a mistake and gives nothing back, so that `?` and `ok_or_else` read well.
    pub fn add(&mut self, place: Place, problem: Problem) {
        self.0.push(Diagnostic {
            place,
            problem,
            other: None,
        });
    }

    /// Adds a mistake with a second place.
    pub fn add_with(&mut self, place: Place, problem: Problem, other: Place) {
        self.0.push(Diagnostic {
            place,
            problem,
            other: Some(other),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let known = ["专业技术岗位总数", "编制总数", "核定高级岗位"];
        assert_eq!(
            nearest("专业技术岗位总量", known).as_deref(),
            Some("专业技术岗位总数")
        );
        assert_eq!(nearest("编制", known), None);
        assert_eq!(nearest("", known), None);
    }

    #[test]
    fn columns_count_characters() {
        let file = Arc::new(SourceFile {
            name: "a".into(),
            text: "甲\n乙丙=丁".into(),
        });
        let place = Place { file, span: 10..11 };
        assert_eq!(place.line_column(), (2, 3));
    }
}
