//! One sheet read from its header to its last row: the records of accepted
//! rows and every fault of the others. What needs other sheets (duplicates,
//! unknown institutions) is left to [`assembly`](super::assembly).

use super::book::Book;
use super::cell::Date;
use super::grid::Rows;
use super::header::{Content, Header, Line};
use super::refusal::Refusal;
use super::row::{Found, Row};
use super::{export, institution, place, rural_doctor, service, staff};
use crate::domain::column::{ColumnSet, SheetKind};
use crate::domain::fault::{Expected, Fault, FaultCode, Warning, WarningCode};
use crate::domain::place::Place;
use crate::domain::register::{Origin, SourceId};
use crate::domain::rural_doctor::RuralDoctor;
use std::collections::HashMap;

/// Faults of one sheet beyond which the file is sent back as a whole.
const FAULTS: usize = 1_000_000;
/// Rows between two reports of progress.
const STEP: u64 = 1000;

/// The records of a sheet.
pub(super) enum Records {
    Institutions(Vec<institution::Read>),
    People(People),
    Spells(Vec<service::Read>),
    RuralDoctors(Vec<RuralDoctor>),
    Places(Vec<Place>),
    /// A required column is missing: nothing was kept.
    Unreadable,
}

/// Rows of people and the institutions they name.
#[derive(Default)]
pub(super) struct People {
    pub rows: Vec<staff::Read>,
    pub institutions: Vec<Named>,
}

/// An institution as rows of people name it.
pub(super) struct Named {
    pub code: String,
    /// The cell as written.
    pub written: String,
    /// Only the export gives one.
    pub name: Option<String>,
    /// The first row that names it.
    pub origin: Origin,
}

/// What one sheet gave.
pub(super) struct Listing {
    pub content: Content,
    pub records: Records,
    pub faults: Vec<Found<Fault>>,
    pub warnings: Vec<Found<Warning>>,
}

/// What all sheets are read with.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub as_of: Date,
    /// Told the number of rows read since the last call.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

pub(super) fn read(
    book: &Book<'_>,
    sheet: usize,
    header: &Header,
    source: SourceId,
    context: Context<'_>,
) -> Result<Listing, Refusal> {
    let mut listing = Listing {
        content: header.content,
        records: Records::Unreadable,
        faults: missing_columns(header, source),
        warnings: unknown_columns(header, source),
    };
    let relevant = |merge: &_| header.concerns(merge);
    listing.records = book.rows(sheet, relevant, |rows| {
        if listing.faults.is_empty() {
            let faults = &mut listing.faults;
            records(Body {
                rows,
                header,
                source,
                context,
                faults,
            })
        } else {
            unkept(rows)
        }
    })?;
    Ok(listing)
}

/// A file that breaks off is damaged whatever its headers are: nobody may write the columns
/// that are missing into a copy without its end.
fn unkept(mut rows: Rows<'_>) -> Result<Records, Refusal> {
    while rows.next()?.is_some() {}
    Ok(Records::Unreadable)
}

fn missing_columns(header: &Header, source: SourceId) -> Vec<Found<Fault>> {
    let row = header.row;
    let missing = header.missing().map(|(order, column)| Found {
        order,
        what: Fault {
            origin: Origin { source, row },
            column: column.name.to_owned(),
            code: FaultCode::Missing,
            value: String::new(),
            expected: Expected::Column,
        },
    });
    missing.collect()
}

/// A row without a single known header is a title, not a header.
fn unknown_columns(header: &Header, source: SourceId) -> Vec<Found<Warning>> {
    if header.matches() == 0 {
        return Vec::new();
    }
    let row = header.row;
    let columns = header.content.table().len();
    let unknown = header.unknown.iter().map(|unknown| Found {
        order: columns + unknown.at as usize,
        what: Warning {
            origin: Origin { source, row },
            column: unknown.header.clone(),
            code: WarningCode::UnknownColumn,
            value: unknown.written.clone(),
        },
    });
    unknown.collect()
}

/// The rows below the header.
struct Body<'a, 'r> {
    rows: Rows<'r>,
    header: &'a Header,
    source: SourceId,
    context: Context<'a>,
    faults: &'a mut Vec<Found<Fault>>,
}

fn records(body: Body<'_, '_>) -> Result<Records, Refusal> {
    match body.header.content {
        Content::Sheet(SheetKind::Institutions) => {
            collect(body, |row| Some(institution::read(row))).map(Records::Institutions)
        }
        Content::Sheet(SheetKind::People) => {
            let mut names = Names::default();
            let rows = collect(body, |row| {
                let origin = row.origin;
                Some(staff::read(row, |code, written| {
                    names.number(origin, code, written, None)
                }))
            })?;
            Ok(Records::People(names.of(rows)))
        }
        Content::Export => {
            let mut names = Names::default();
            let rows = collect(body, |row| {
                let origin = row.origin;
                Some(export::read(row, |code, written, name| {
                    names.number(origin, code, written, name)
                }))
            })?;
            Ok(Records::People(names.of(rows)))
        }
        Content::Sheet(SheetKind::Spells) => {
            collect(body, |row| Some(service::read(row))).map(Records::Spells)
        }
        Content::Sheet(SheetKind::RuralDoctors) => {
            collect(body, rural_doctor::read).map(Records::RuralDoctors)
        }
        Content::Sheet(SheetKind::Places) => collect(body, place::read).map(Records::Places),
    }
}

/// Reads the rows one by one and keeps what `read` gives.
fn collect<C: ColumnSet, T>(
    mut body: Body<'_, '_>,
    mut read: impl FnMut(&mut Row<'_, C>) -> Option<T>,
) -> Result<Vec<T>, Refusal> {
    let Context { as_of, progress } = body.context;
    let (mut records, mut slots, mut passed) = (Vec::new(), Vec::new(), 0);
    while let Some(cells) = body.rows.next()? {
        if cells.number <= body.header.row {
            continue;
        }
        passed += 1;
        if passed % STEP == 0 {
            progress(STEP);
        }
        let origin = Origin {
            source: body.source,
            row: cells.number,
        };
        let line = body.header.sort(cells, &mut slots);
        let mut row = Row::new(origin, as_of, cells, &slots, body.faults);
        match line {
            Line::Skip => {}
            Line::Header(column) => row.refuse_header(column),
            Line::Data => records.extend(read(&mut row)),
        }
        if body.faults.len() > FAULTS {
            return Err(Refusal::TooManyFaults { limit: FAULTS });
        }
    }
    progress(passed % STEP);
    Ok(records)
}

/// Gives each spelling of an institution's code a number, so that a code is
/// kept once and not with each of its people.
#[derive(Default)]
struct Names {
    numbers: HashMap<String, usize>,
    list: Vec<Named>,
}

impl Names {
    fn number(
        &mut self,
        origin: Origin,
        code: String,
        written: &str,
        name: Option<String>,
    ) -> usize {
        if let Some(number) = self.numbers.get(written) {
            return *number;
        }
        let number = self.list.len();
        self.numbers.insert(written.to_owned(), number);
        self.list.push(Named {
            code,
            written: written.to_owned(),
            name,
            origin,
        });
        number
    }

    fn of(self, rows: Vec<staff::Read>) -> People {
        People {
            rows,
            institutions: self.list,
        }
    }
}
