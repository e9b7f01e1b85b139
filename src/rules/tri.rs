//! Three-valued tests: unknown is not false. One row at a time; `people` asks the
//! same tests of sixty-four rows at once.

use super::data::Value;
use crate::policy::condition::{Atom, Test};
use crate::policy::fact::FactId;
use crate::policy::plan::Formula;

/// Yes, no, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tri {
    Yes,
    No,
    Unknown,
}

impl Tri {
    /// Yes or no.
    pub const fn of(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }

    /// Both.
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    /// Either.
    pub const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, Self::No) => Self::No,
            _ => Self::Unknown,
        }
    }
}

/// Asks one test of one row.
pub fn ask(atom: &Atom, get: &dyn Fn(FactId) -> Value) -> Tri {
    match (&atom.test, get(atom.fact)) {
        (_, Value::Unknown) => Tri::Unknown,
        (Test::Codes(bits), Value::Code(code)) => Tri::of(bits >> code & 1 == 1),
        (Test::Between { low, high }, Value::Number(number)) => {
            Tri::of((*low..=*high).contains(&number))
        }
        (Test::Rank { comparison, other }, Value::Code(left)) => match get(*other) {
            Value::Code(right) => Tri::of(comparison.holds(&left, &right)),
            _ => Tri::Unknown,
        },
        (Test::Within(outer), Value::Place(place)) => Tri::of(place.is_within(*outer)),
        (Test::WithinFact(other), Value::Place(place)) => match get(*other) {
            Value::Place(outer) => Tri::of(place.is_within(outer)),
            _ => Tri::Unknown,
        },
        (Test::Contains(part), Value::Text(text)) => Tri::of(text.contains(part.as_str())),
        _ => Tri::Unknown,
    }
}

/// One line of a formula: any of its tests.
pub fn line(tests: &[u16], atoms: &[Atom], get: &dyn Fn(FactId) -> Value) -> Tri {
    let answers = tests
        .iter()
        .filter_map(|n| atoms.get(usize::from(*n)))
        .map(|atom| ask(atom, get));
    answers.fold(Tri::No, Tri::or)
}

/// Whether a rule is for this row: no as soon as one line is known to fail.
pub fn applies(formula: &Formula, atoms: &[Atom], get: &dyn Fn(FactId) -> Value) -> Tri {
    formula
        .0
        .iter()
        .map(|tests| line(tests, atoms, get))
        .fold(Tri::Yes, Tri::and)
}

/// Whether what is demanded is met: unknown as soon as one line is unknown, because a
/// missing fact must be named and not hidden behind another that fails.
pub fn met(formula: &Formula, atoms: &[Atom], get: &dyn Fn(FactId) -> Value) -> Tri {
    let mut result = Tri::Yes;
    for tests in &formula.0 {
        match line(tests, atoms, get) {
            Tri::Unknown => return Tri::Unknown,
            Tri::No => result = Tri::No,
            Tri::Yes => {}
        }
    }
    result
}

/// The facts that are not known, of those whose lines are not decided without them.
pub fn unknown_facts(
    formula: &Formula,
    atoms: &[Atom],
    get: &dyn Fn(FactId) -> Value,
) -> Vec<FactId> {
    let mut facts = Vec::new();
    for tests in &formula.0 {
        if line(tests, atoms, get) != Tri::Unknown {
            continue;
        }
        for atom in tests.iter().filter_map(|n| atoms.get(usize::from(*n))) {
            let other = match atom.test {
                Test::Rank { other, .. } | Test::WithinFact(other) => Some(other),
                _ => None,
            };
            let unknown = [Some(atom.fact), other]
                .into_iter()
                .flatten()
                .filter(|fact| get(*fact) == Value::Unknown && !facts.contains(fact))
                .collect::<Vec<_>>();
            facts.extend(unknown);
        }
    }
    facts
}
