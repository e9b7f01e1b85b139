//! A workbook goes back to its author with the reasons for each refused row.
//!
//! An xlsx stays as it is but for one column at the right of each sheet that
//! has refused rows. Other formats, and an xlsx written in an unusual way, come
//! back as a plain new xlsx with the same values.

use super::book::Book;
use super::cell::Kind;
use super::grid::{LAST_COLUMN, Merge, Placed, Row, Rows};
use super::package::Package;
use super::patch::{self, Addition};
use super::refusal::Refusal;
use super::template::WriteError;
use super::{REASON, Reading, text};
use crate::domain::fault::Fault;
use rust_xlsxwriter::{Color, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;
use std::ops::Range;

/// Characters of a cell.
const CELL: usize = 32_000;
/// What every Excel knows as errors.
const ERRORS: [&str; 7] = [
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!",
];
/// In a new workbook merged cells are filled down in this many columns.
const MERGED: u32 = 64;
/// Beyond every row.
const END: u32 = u32::MAX;

/// A workbook with reasons.
#[derive(Clone, Debug)]
pub struct Returned {
    /// An xlsx.
    pub bytes: Vec<u8>,
    /// Whether it is the author's own workbook with a column added; otherwise
    /// only its values could be kept.
    pub original: bool,
}

/// Why no workbook could be written back.
#[derive(Debug, thiserror::Error)]
pub enum ReturnError {
    /// It cannot be opened, so that nothing was read from it either.
    #[error("the workbook cannot be read: {}", .0.key())]
    Refused(Refusal),
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<Refusal> for ReturnError {
    fn from(why: Refusal) -> Self {
        Self::Refused(why)
    }
}

impl From<XlsxError> for ReturnError {
    fn from(error: XlsxError) -> Self {
        Self::Write(error.into())
    }
}

/// Reasons of a sheet by row.
type Reasons = BTreeMap<u32, Vec<String>>;

/// Writes the reasons into the file at position `input` of the reading's
/// inputs. `words` puts a fault into a sentence.
///
/// Refused: the file cannot be opened, or a sheet that is read breaks off; a copy without
/// its end would pass for the whole.
pub fn write_back(
    original: &[u8],
    reading: &Reading,
    input: usize,
    words: impl Fn(&Fault) -> String,
) -> Result<Returned, ReturnError> {
    let reasons = reasons(reading, input, words);
    let book = Book::open(original)?;
    let additions = additions(&book, reasons)?;
    let patched = patched(original, &additions);
    if let Some(bytes) = patched.ok().filter(|bytes| holds(bytes, &book, &additions)) {
        let original = true;
        return Ok(Returned { bytes, original });
    }
    let bytes = rebuilt(&book, &additions, &headers(reading, input))?;
    let original = false;
    Ok(Returned { bytes, original })
}

/// By sheet; with the header's row, where the column gets its name.
fn reasons(
    reading: &Reading,
    input: usize,
    words: impl Fn(&Fault) -> String,
) -> BTreeMap<String, (u32, Reasons)> {
    let mut sheets = BTreeMap::new();
    for fault in &reading.faults {
        let at = usize::from(fault.origin.source.0);
        let sources = &reading.register.sources;
        let (Some(source), Some(location)) = (sources.get(at), reading.locations.get(at)) else {
            continue;
        };
        if location.input != input || location.header == 0 {
            continue;
        }
        let (_, reasons): &mut (u32, Reasons) = sheets
            .entry(source.sheet.clone())
            .or_insert_with(|| (location.header, Reasons::new()));
        reasons
            .entry(fault.origin.row)
            .or_default()
            .push(words(fault));
    }
    sheets
}

/// What each sheet of the workbook gets, if anything.
fn additions(
    book: &Book<'_>,
    mut reasons: BTreeMap<String, (u32, Reasons)>,
) -> Result<Vec<Option<Addition>>, Refusal> {
    let sheets = book.sheet_names().enumerate();
    let additions = sheets.map(|(at, name)| {
        let Some((header, mut reasons)) = reasons.remove(name) else {
            return Ok(None);
        };
        let column = free_column(book, at, header)?;
        let title = reasons.entry(header).or_default();
        title.insert(0, REASON.to_owned());
        let cells = reasons.into_iter();
        Ok((column < LAST_COLUMN).then(|| Addition {
            column,
            header,
            cells: cells.map(|(row, texts)| (row, fitting(&texts))).collect(),
        }))
    });
    additions.collect()
}

/// The reasons of a row one below the other, as far as a cell holds them.
fn fitting(reasons: &[String]) -> String {
    let text = reasons.join("\n");
    let allowed = text.chars().filter(|c| !c.is_control() || *c == '\n');
    allowed.take(CELL).collect()
}

/// The column of an earlier return, or the first one right of all content.
fn free_column(book: &Book<'_>, sheet: usize, header: u32) -> Result<u32, Refusal> {
    book.rows(
        sheet,
        |_| false,
        |mut rows| {
            let mut free = 0;
            while let Some(row) = rows.next()? {
                if row.number == header
                    && let Some(earlier) = reason_column(row)
                {
                    return Ok(earlier);
                }
                free = row.cells.iter().map(|c| c.column + 1).fold(free, u32::max);
            }
            Ok(free)
        },
    )
}

fn reason_column(header: &Row) -> Option<u32> {
    let mut cells = header.texts();
    let cell = cells.find(|(_, written)| text::header(written).starts_with(REASON));
    cell.map(|(cell, _)| cell.column)
}

fn patched(original: &[u8], additions: &[Option<Addition>]) -> Result<Vec<u8>, Refusal> {
    let package = Package::open(original)?;
    let workbook = package.workbook()?;
    let mut replaced = Vec::new();
    let mut formats = None;
    if let Some(path) = workbook.styles
        && let Some((xml, positions)) = patch::styles(&package.text(&path)?)?
    {
        formats = Some(positions);
        replaced.push((path, xml));
    }
    for (sheet, addition) in workbook.sheets.iter().zip(additions) {
        let Some(addition) = addition else { continue };
        let xml = patch::sheet(&package.text(&sheet.path)?, addition, formats)?;
        replaced.push((sheet.path.clone(), xml));
    }
    package.with(&replaced)
}

/// Whether the patched workbook reads as the original with the reasons added
/// and nothing else changed: broken XML may be read one way and patched another.
/// The formats are common to all sheets, and make a number a date.
fn holds(bytes: &[u8], original: &Book<'_>, additions: &[Option<Addition>]) -> bool {
    let Ok(patched) = Book::open(bytes) else {
        return false;
    };
    let mut sheets = additions.iter().enumerate();
    sheets.all(|(at, addition)| {
        let read = original.rows(
            at,
            |_| false,
            |before| {
                let addition = addition.as_ref();
                let held = patched.rows(
                    at,
                    |_| false,
                    |after| Ok(differ_by(before, after, addition)),
                );
                Ok(held.unwrap_or(false))
            },
        );
        // what cannot be read gets no reasons
        read.unwrap_or(true)
    })
}

fn differ_by(mut before: Rows<'_>, mut after: Rows<'_>, addition: Option<&Addition>) -> bool {
    let is_own = |(cell, _): &(Placed, &str)| addition.is_some_and(|a| a.column == cell.column);
    loop {
        let (before, after) = match (before.next(), after.next()) {
            (Ok(None), Ok(None)) | (Err(_), Err(_)) => return true,
            (Ok(Some(before)), Ok(Some(after))) if before.number == after.number => (before, after),
            _ => return false,
        };
        let below = addition.filter(|addition| after.number >= addition.header);
        let own = after.texts().find(is_own).map(|(_, text)| text);
        let reason = below.map(|addition| addition.cells.get(&after.number).map(String::as_str));
        let others = |row: &Row| -> Vec<(u32, String)> {
            let others = row.texts().filter(|cell| !is_own(cell));
            others
                .map(|(cell, text)| (cell.column, text.to_owned()))
                .collect()
        };
        if reason.is_some_and(|reason| own != reason) || others(before) != others(after) {
            return false;
        }
    }
}

/// The row of the header by sheet.
fn headers(reading: &Reading, input: usize) -> BTreeMap<&str, u32> {
    let sources = reading.register.sources.iter().zip(&reading.locations);
    let own = sources.filter(|(_, location)| location.input == input);
    own.map(|(source, location)| (source.sheet.as_str(), location.header))
        .collect()
}

fn rebuilt(
    book: &Book<'_>,
    additions: &[Option<Addition>],
    headers: &BTreeMap<&str, u32>,
) -> Result<Vec<u8>, ReturnError> {
    let mut out = Workbook::new();
    for (at, (name, addition)) in book.sheet_names().zip(additions).enumerate() {
        let rows = all_rows(book, at, headers.get(name).copied())?;
        write_sheet(&mut out, name, &rows, addition.as_ref())?;
    }
    Ok(out.save_to_buffer()?)
}

/// Every row of a sheet. What is merged into the header, whose row it is, stands in it; what
/// begins below it stands in each of its rows. A sheet without a header is not read: broken,
/// it need not come back.
pub(super) fn all_rows(
    book: &Book<'_>,
    at: usize,
    header: Option<u32>,
) -> Result<Vec<Row>, Refusal> {
    let few = |merge: &Merge| merge.column < MERGED;
    let Some(header) = header else {
        return Ok(rows_of(book, at, 1..END, few).unwrap_or_default());
    };
    let mut rows = rows_of(book, at, 1..header + 1, |_| true)?;
    // a header of two rows would read as data in the second
    let below = |merge: &Merge| merge.first > header && few(merge);
    rows.extend(rows_of(book, at, header + 1..END, below)?);
    Ok(rows)
}

/// The rows with these numbers, merged cells that `merges` picks filled down.
fn rows_of(
    book: &Book<'_>,
    at: usize,
    numbers: Range<u32>,
    merges: impl Fn(&Merge) -> bool,
) -> Result<Vec<Row>, Refusal> {
    book.rows(at, merges, |mut rows| {
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            if row.number >= numbers.end {
                break;
            }
            if numbers.contains(&row.number) {
                all.push(row.clone());
            }
        }
        Ok(all)
    })
}

/// The values of rows, but for those cells (row as Excel shows it, column from 0) that
/// somebody else writes.
pub(super) fn put_rows(
    sheet: &mut Worksheet,
    rows: &[Row],
    others: impl Fn(u32, u32) -> bool,
) -> Result<(), XlsxError> {
    for row in rows {
        let own = |(placed, _): &(Placed, &str)| !others(row.number, placed.column);
        for (placed, text) in row.texts().filter(own) {
            let at = (row.number - 1, narrow(placed.column));
            match row.cell(placed).kind {
                Kind::Number => match text.parse::<f64>() {
                    Ok(number) => sheet.write_number(at.0, at.1, number)?,
                    Err(_) => sheet.write_string(at.0, at.1, text)?,
                },
                // as text it would pass for a name
                Kind::Error => {
                    let known = ERRORS.iter().find(|error| **error == text);
                    let error = known.unwrap_or(&"#VALUE!");
                    let error = Formula::new(format!("={error}")).set_result(*error);
                    sheet.write_formula(at.0, at.1, error)?
                }
                _ => sheet.write_string(at.0, at.1, text)?,
            };
        }
    }
    Ok(())
}

fn narrow(column: u32) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn write_sheet(
    book: &mut Workbook,
    name: &str,
    rows: &[Row],
    addition: Option<&Addition>,
) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    put_rows(sheet, rows, |_, _| false)?;
    let Some(addition) = addition else {
        return Ok(());
    };
    let at = narrow(addition.column);
    sheet.set_column_width(at, 44)?;
    let red = Format::new()
        .set_font_color(Color::RGB(0xC0_00_00))
        .set_background_color(Color::RGB(0xFD_E9_E7))
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    for (row, text) in &addition.cells {
        sheet.write_string_with_format(row - 1, at, text, &red)?;
    }
    Ok(())
}
