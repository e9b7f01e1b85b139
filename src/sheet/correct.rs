//! One row of a workbook as its author wrote it, and the same workbook with some cells of
//! that row written otherwise.
//!
//! An xlsx stays as it is but for those cells. Other formats, merged cells, formulas and an
//! xlsx written in an unusual way become a plain new xlsx with the same values.

use super::back::{ReturnError, all_rows, put_rows};
use super::book::Book;
use super::grid::{Row, Rows};
use super::header::Header;
use super::package::Package;
use super::patch::{self, Correction};
use super::refusal::Refusal;
use super::text;
use crate::domain::column::{Column, SheetKind};
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;

/// A cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub column: &'static Column,
    /// As its author wrote it; empty where it is blank.
    pub text: String,
}

/// What stands in a row, for each column that the sheet has, in the order of the template.
/// Empty where the sheet has no such row below its header.
pub fn written(bytes: &[u8], sheet: &str, row: u32) -> Result<Vec<Written>, Refusal> {
    let book = Book::open(bytes)?;
    let Some((at, header)) = find(&book, sheet)? else {
        return Ok(Vec::new());
    };
    let found = book.rows(
        at,
        |merge| header.concerns(merge),
        |mut rows| {
            while let Some(one) = rows.next()? {
                if one.number == row && row > header.row {
                    return Ok(Some(one.clone()));
                }
            }
            Ok(None)
        },
    )?;
    let Some(found) = found else {
        return Ok(Vec::new());
    };
    let columns = header.content.table().iter().enumerate();
    let cells = columns.filter_map(|(order, column)| {
        let at = header.at(order)?;
        let text = text_at(&found, at).to_owned();
        Some(Written { column, text })
    });
    Ok(cells.collect())
}

/// The workbook with cells of a row, by the name of their column, written otherwise. Columns
/// that the sheet does not have are left out.
pub fn correct(
    bytes: &[u8],
    sheet: &str,
    row: u32,
    cells: &BTreeMap<&str, String>,
) -> Result<Vec<u8>, ReturnError> {
    let book = Book::open(bytes)?;
    let found = find(&book, sheet)?;
    let (at, header) = found.ok_or(Refusal::Damaged)?;
    let columns = header.content.table().iter().enumerate();
    let cells = columns.filter_map(|(order, column)| {
        let text = cells.get(column.name)?;
        let plain = text.chars().filter(|c| !c.is_control());
        Some((header.at(order)?, plain.collect()))
    });
    let correction = Correction {
        row,
        cells: cells.collect(),
    };
    let patched = patched(bytes, at, &correction);
    if let Some(bytes) = patched.ok().filter(|bytes| {
        let held = holds(bytes, &book, at, &header, &correction);
        held.unwrap_or(false)
    }) {
        return Ok(bytes);
    }
    rebuilt(&book, at, &header, &correction)
}

/// The position of a sheet and its header.
fn find(book: &Book<'_>, sheet: &str) -> Result<Option<(usize, Header)>, Refusal> {
    let Some(at) = book.sheet_names().position(|name| name == sheet) else {
        return Ok(None);
    };
    let kind = SheetKind::from_label(&text::compact(sheet));
    let header = book.rows(at, |_| true, |rows| Header::find(rows, kind))?;
    Ok(header.map(|header| (at, header)))
}

fn text_at(row: &Row, column: u32) -> &str {
    let mut cells = row.texts();
    let found = cells.find(|(cell, _)| cell.column == column);
    found.map_or("", |(_, text)| text)
}

fn patched(bytes: &[u8], at: usize, correction: &Correction) -> Result<Vec<u8>, Refusal> {
    let package = Package::open(bytes)?;
    let workbook = package.workbook()?;
    let sheet = workbook.sheets.get(at).ok_or(Refusal::Damaged)?;
    let xml = patch::correct(&package.text(&sheet.path)?, correction)?;
    package.with(&[(sheet.path.clone(), xml)])
}

/// Whether the patched sheet reads as the original with the cells written otherwise and
/// nothing else changed.
fn holds(
    bytes: &[u8],
    original: &Book<'_>,
    at: usize,
    header: &Header,
    correction: &Correction,
) -> Result<bool, Refusal> {
    let patched = Book::open(bytes)?;
    let concerns = |merge: &_| header.concerns(merge);
    original.rows(at, concerns, |before| {
        patched.rows(at, concerns, |after| differ_by(before, after, correction))
    })
}

fn differ_by(
    mut before: Rows<'_>,
    mut after: Rows<'_>,
    correction: &Correction,
) -> Result<bool, Refusal> {
    loop {
        let (before, after) = match (before.next()?, after.next()?) {
            (None, None) => return Ok(true),
            (Some(before), Some(after)) if before.number == after.number => (before, after),
            _ => return Ok(false),
        };
        let own = before.number == correction.row;
        let cells = |row: &Row| -> BTreeMap<u32, String> {
            let cells = row.texts();
            cells
                .map(|(cell, text)| (cell.column, text.to_owned()))
                .collect()
        };
        let mut expected = cells(before);
        if own {
            expected.extend(correction.cells.clone());
            expected.retain(|_, text| !text::is_blank(text));
        }
        if expected != cells(after) {
            return Ok(false);
        }
    }
}

/// All values in a new workbook: merged cells stand in each of their rows.
fn rebuilt(
    book: &Book<'_>,
    at: usize,
    header: &Header,
    correction: &Correction,
) -> Result<Vec<u8>, ReturnError> {
    let mut out = Workbook::new();
    for (position, name) in book.sheet_names().enumerate() {
        let own = position == at;
        // of the others the header is looked for too: what lies above it is not filled down
        let above = if own {
            Some(header.row)
        } else {
            let found = find(book, name).ok().flatten();
            found.map(|(_, header)| header.row)
        };
        let rows = all_rows(book, position, above)?;
        let sheet = out.add_worksheet();
        sheet.set_name(name)?;
        let changed = |row: u32, column: u32| {
            own && row == correction.row && correction.cells.contains_key(&column)
        };
        put_rows(sheet, &rows, changed)?;
        if !own {
            continue;
        }
        let texts = correction.cells.iter();
        for (column, text) in texts.filter(|(_, text)| !text::is_blank(text)) {
            let column = u16::try_from(*column).unwrap_or(u16::MAX);
            sheet.write_string(correction.row.saturating_sub(1), column, text)?;
        }
    }
    Ok(out.save_to_buffer()?)
}
