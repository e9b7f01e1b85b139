//! What is wrong with a policy file, and exactly where. Typed, without
//! sentences: `report` finds the words and draws the caret.

pub use crate::domain::source_text::{Place, SourceFile, nearest};

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
