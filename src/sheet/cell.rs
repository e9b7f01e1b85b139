//! One cell, and how each kind of entry is read from it. A reader takes a cell
//! that is not blank and gives the value or says what is wrong; blank cells are
//! the business of [`row`](super::row).

use super::text::{compact, half_width, tidy};
use crate::domain::column::{Column, Entry, FLAG, GRADES, OPEN_END};
use crate::domain::fault::{Expected, FaultCode};
use crate::domain::ids::{AreaCode, NationalId, NationalIdFault};
use crate::domain::month::Month;
use crate::domain::post::Grade;

/// What the workbook says a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Date,
    /// A formula that failed: `#REF!` and its like.
    Error,
}

/// A cell that is not blank; `text` is what it shows (a date as `1998-07-15`).
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'r> {
    pub kind: Kind,
    pub text: &'r str,
}

/// Why a cell is refused.
#[derive(Debug)]
pub(super) enum Wrong {
    /// It is not what the column's [`Entry`] says.
    Entry,
    /// Something particular.
    Because(FaultCode, Expected),
}

pub(super) type Read<T> = Result<T, Wrong>;

/// A calendar date: year, month, day.
pub type Date = (i32, u32, u32);

/// The largest number a count can be; more is a slip of the finger.
const COUNT_LIMIT: u64 = 2_000_000_000;

impl Wrong {
    /// Code and expectation, given the column the cell stands in.
    pub(super) fn resolve(self, column: &Column) -> (FaultCode, Expected) {
        match self {
            Self::Because(code, expected) => (code, expected),
            Self::Entry => match column.entry {
                Entry::Text => (FaultCode::UnknownValue, Expected::Something),
                Entry::NationalId => (FaultCode::IdChecksum, Expected::NationalId),
                Entry::Choice(words) => (FaultCode::UnknownValue, one_of(words)),
                Entry::Flag => (FaultCode::UnknownValue, one_of(FLAG)),
                Entry::Grade => (FaultCode::UnknownValue, one_of(GRADES)),
                Entry::Place(lengths) => (
                    FaultCode::UnknownValue,
                    Expected::PlaceCode(lengths.to_vec()),
                ),
                Entry::Count => (FaultCode::BadNumber, Expected::Count),
                Entry::Month | Entry::EndMonth => (FaultCode::BadMonth, Expected::Month),
            },
        }
    }
}

pub(super) fn one_of(words: &[&'static str]) -> Expected {
    Expected::OneOf(words.to_vec())
}

/// Free text: names, employers, fields.
pub(super) fn text(cell: Cell<'_>, _: &Column) -> Read<String> {
    match cell.kind {
        Kind::Error => Err(Wrong::Entry),
        _ => Ok(tidy(cell.text)),
    }
}

/// A code or number kept as text: institution codes, telephone, e-mail.
pub(super) fn code(cell: Cell<'_>, _: &Column) -> Read<String> {
    match cell.kind {
        Kind::Error => Err(Wrong::Entry),
        _ => Ok(compact(cell.text).into_owned()),
    }
}

/// A word from a closed list.
pub(super) fn word<T>(lookup: fn(&str) -> Option<T>) -> impl Fn(Cell<'_>, &Column) -> Read<T> {
    move |cell, _| lookup(&compact(cell.text)).ok_or(Wrong::Entry)
}

/// 是 or 否.
pub(super) fn flag(cell: Cell<'_>, _: &Column) -> Read<bool> {
    match compact(cell.text).as_ref() {
        "是" => Ok(true),
        "否" => Ok(false),
        _ => Err(Wrong::Entry),
    }
}

/// `10`, `十级`, `专技十级`.
pub(super) fn grade(cell: Cell<'_>, _: &Column) -> Read<Grade> {
    Grade::read(&compact(cell.text)).ok_or(Wrong::Entry)
}

/// A place code of a length the column takes.
pub(super) fn place(cell: Cell<'_>, column: &Column) -> Read<AreaCode> {
    let Entry::Place(lengths) = column.entry else {
        return Err(Wrong::Entry);
    };
    AreaCode::read(&compact(cell.text), lengths).ok_or(Wrong::Entry)
}

/// A whole number: `1234`, `1,234`, `12.0`.
pub(super) fn count(cell: Cell<'_>, _: &Column) -> Read<u32> {
    let text = compact(cell.text);
    let whole = text
        .trim_end_matches('0')
        .strip_suffix('.')
        .unwrap_or(&text);
    let digits = if whole.contains(',') {
        without_separators(whole).ok_or(Wrong::Entry)?
    } else {
        whole.to_owned()
    };
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    match digits.parse::<u64>() {
        Ok(number) if plain && number <= COUNT_LIMIT => {
            u32::try_from(number).map_err(|_| Wrong::Entry)
        }
        _ => Err(Wrong::Entry),
    }
}

/// `1,234,567` without its commas; `None` unless they part groups of three.
fn without_separators(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let in_threes = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    in_threes.then(|| text.replace(',', ""))
}

/// A month in any spelling of the contract.
pub(super) fn month(cell: Cell<'_>, _: &Column) -> Read<Month> {
    match cell.kind {
        Kind::Number => Month::read_number(cell.text).ok_or_else(|| not_a_month(cell.text)),
        _ => Month::read(&half_width(cell.text)).ok_or(Wrong::Entry),
    }
}

/// `1998.1` as a number may be January or a cut-off October.
fn not_a_month(number: &str) -> Wrong {
    match number.strip_suffix(".1") {
        Some(year) if year.len() == 4 => {
            Wrong::Because(FaultCode::BadMonth, Expected::UnambiguousMonth)
        }
        _ => Wrong::Entry,
    }
}

/// A month, or 至今 (`None`) for an open end.
pub(super) fn end_month(cell: Cell<'_>, column: &Column) -> Read<Option<Month>> {
    if compact(cell.text) == OPEN_END {
        return Ok(None);
    }
    month(cell, column).map(Some)
}

/// An identity number whose holder was born by `as_of`.
pub(super) fn national_id(as_of: Date) -> impl Fn(Cell<'_>, &Column) -> Read<NationalId> {
    move |cell, _| {
        if cell.kind == Kind::Number {
            let expected = Expected::NationalIdAsText;
            return Err(Wrong::Because(FaultCode::IdChecksum, expected));
        }
        match NationalId::read(&compact(cell.text)) {
            Ok(id) if id.birth_date() <= as_of => Ok(id),
            Ok(_) | Err(NationalIdFault::BirthDate) => {
                Err(Wrong::Because(FaultCode::IdBirthDate, Expected::BirthDate))
            }
            Err(NationalIdFault::Checksum) => Err(Wrong::Entry),
        }
    }
}
