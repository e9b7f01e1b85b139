//! What a row says that it did not say before, column by column, in the words of the
//! workbook; numbers of identity and telephone are masked.

use super::out::Out;
use super::template::{masked_id, masked_mobile};
use super::{institution, place, rural_doctor, staff};
use crate::domain::column::{InstitutionColumn, PersonColumn, PlaceColumn, RuralDoctorColumn};
use crate::domain::register::Register;
use crate::domain::staff::{History, Person};

/// One column that differs; empty = blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub column: &'static str,
    pub before: String,
    pub after: String,
}

/// A row of one of the lists of a register: which list, and the position in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOf {
    Institution(usize),
    Person(usize),
    RuralDoctor(usize),
    Place(usize),
}

/// The column in which service spells are told, which stand in a sheet of their own.
const SPELLS: &str = "履历";

/// The columns of two rows of the same list that differ. A row that is not there has no
/// changes: it is new, or gone, as a whole.
pub fn changes(before: (&Register, RowOf), after: (&Register, RowOf)) -> Vec<Change> {
    let ((old, old_row), (new, new_row)) = (before, after);
    match (old_row, new_row) {
        (RowOf::Institution(a), RowOf::Institution(b)) => {
            let pair = old.institutions.get(a).zip(new.institutions.get(b));
            pair.map_or_else(Vec::new, |(a, b)| {
                let columns = InstitutionColumn::ALL.iter().map(|c| (*c, c.name()));
                differing(
                    columns,
                    |c| institution::write(a, c),
                    |c| institution::write(b, c),
                )
            })
        }
        (RowOf::Person(a), RowOf::Person(b)) => {
            let pair = old.people.get(a).zip(new.people.get(b));
            pair.map_or_else(Vec::new, |(a, b)| people((old, a), (new, b)))
        }
        (RowOf::RuralDoctor(a), RowOf::RuralDoctor(b)) => {
            let pair = old.rural_doctors.get(a).zip(new.rural_doctors.get(b));
            pair.map_or_else(Vec::new, |(a, b)| {
                let columns = RuralDoctorColumn::ALL.iter().map(|c| (*c, c.name()));
                let columns = columns.filter(|(c, _)| *c != RuralDoctorColumn::Id);
                differing(
                    columns,
                    |c| rural_doctor::write(a, c),
                    |c| rural_doctor::write(b, c),
                )
            })
        }
        (RowOf::Place(a), RowOf::Place(b)) => {
            let pair = old.places.get(a).zip(new.places.get(b));
            pair.map_or_else(Vec::new, |(a, b)| {
                let columns = PlaceColumn::ALL.iter().map(|c| (*c, c.name()));
                differing(columns, |c| place::write(a, c), |c| place::write(b, c))
            })
        }
        _ => Vec::new(),
    }
}

fn people(before: (&Register, &Person), after: (&Register, &Person)) -> Vec<Change> {
    let cell = |(register, person): (&Register, &Person), column| match column {
        PersonColumn::Id => masked_id(&person.id),
        PersonColumn::Mobile => super::out::maybe(person.mobile.as_deref().map(masked_mobile)),
        column => {
            let house = register.institutions.get(person.institution);
            staff::write(
                person,
                house.map_or("", |house| house.code.as_str()),
                column,
            )
        }
    };
    let columns = PersonColumn::ALL.iter().map(|c| (*c, c.name()));
    let mut changes = differing(columns, |c| cell(before, c), |c| cell(after, c));
    // a number that changed may look the same masked
    if before.1.mobile != after.1.mobile && !changes.iter().any(|c| c.column == MOBILE) {
        let masked = |person: &Person| person.mobile.as_deref().map(masked_mobile);
        changes.push(Change {
            column: MOBILE,
            before: masked(before.1).unwrap_or_default(),
            after: masked(after.1).unwrap_or_default(),
        });
    }
    let (old, new) = (&before.1.history, &after.1.history);
    if old != new {
        changes.push(Change {
            column: SPELLS,
            before: spells(old),
            after: spells(new),
        });
    }
    changes
}

const MOBILE: &str = PersonColumn::Mobile.name();

/// `1998-07–2003-06 东河镇中心卫生院；…`
fn spells(history: &History) -> String {
    let each = history.spells().iter().map(|spell| {
        let end = spell.end.map_or_else(String::new, |end| end.to_string());
        format!("{}–{end} {}", spell.start, spell.employer)
    });
    each.collect::<Vec<_>>().join("；")
}

fn differing<C: Copy>(
    columns: impl Iterator<Item = (C, &'static str)>,
    before: impl Fn(C) -> Out,
    after: impl Fn(C) -> Out,
) -> Vec<Change> {
    let change = |(column, name): (C, &'static str)| {
        let (old, new) = (before(column), after(column));
        (old != new).then(|| Change {
            column: name,
            before: shown(old),
            after: shown(new),
        })
    };
    columns.filter_map(change).collect()
}

fn shown(cell: Out) -> String {
    match cell {
        Out::Blank => String::new(),
        Out::Text(text) => text,
        Out::Number(number) => number.to_string(),
    }
}
