//! The content of an ods, measured before the library spreads it out: a cell or
//! row there may say that it is repeated a million times. On the way the merged
//! cells are noted, which the library does not tell.

use super::grid::Merge;
use super::refusal::Refusal;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;
use std::io::BufRead;

/// Cells of all sheets once repetitions are written out; the library keeps them all.
const CELLS: u64 = 12_000_000;

/// Cells of a sheet that are only there because a row with content says that it is
/// repeated: in two thousand bytes a million rows can be had, and no records are alike.
const REPEATED: u64 = 1_000_000;

/// The merged cells of each sheet.
pub(super) type Merges = HashMap<String, Vec<Merge>>;

/// Where in a table the reader is, and how large the table has become.
#[derive(Default)]
struct Table {
    name: String,
    merges: Vec<Merge>,
    /// Rows passed, repeated ones counted.
    rows: u64,
    repeat: u64,
    /// Columns passed in this row, and those up to its last cell with content.
    column: u64,
    width: u64,
    used_rows: u64,
    used_columns: u64,
    /// Cells with content, repetitions within a row counted.
    written: u64,
    /// Cells of rows with content beyond the first of each row.
    repeated: u64,
}

/// Measures `content.xml`. Elements must close, and no table lie in another: the
/// library looks for the end of a table without end.
pub(super) fn measure(content: impl BufRead) -> Result<Merges, Refusal> {
    let mut reader = Reader::from_reader(content);
    let config = reader.config_mut();
    config.check_end_names = true;
    config.expand_empty_elements = true;
    let mut merges = Merges::new();
    let mut table = Table::default();
    let mut cells: u64 = 0;
    let (mut open, mut in_table) = (0u64, false);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let event = event.map_err(|_| Refusal::Damaged)?;
        match &event {
            Event::Start(_) => open += 1,
            Event::End(_) => open = open.saturating_sub(1),
            Event::Eof if open > 0 => return Err(Refusal::Damaged),
            _ => {}
        }
        match event {
            Event::Start(e) => match e.name().as_ref() {
                "table:table" if in_table => return Err(Refusal::Damaged),
                "table:table" => {
                    in_table = true;
                    table = Table {
                        name: attribute(&e, "table:name").unwrap_or_default(),
                        ..Table::default()
                    }
                }
                "table:table-row" => table.begin_row(&e),
                "table:table-cell" | "table:covered-table-cell" => table.cell(&e),
                "text:p" => table.content(),
                _ => {}
            },
            Event::End(e) => match e.name().as_ref() {
                "table:table-row" => table.end_row(),
                "table:table" => {
                    in_table = false;
                    cells = cells.saturating_add(table.cells());
                    let done = std::mem::take(&mut table);
                    merges.insert(done.name, done.merges);
                }
                _ => {}
            },
            Event::Eof => return Ok(merges),
            _ => {}
        }
        if cells.saturating_add(table.cells()) > CELLS || table.repeated > REPEATED {
            return Err(Refusal::TooLarge);
        }
    }
}

impl Table {
    fn begin_row(&mut self, row: &BytesStart<'_>) {
        self.repeat = repeated(row, "table:number-rows-repeated");
        self.column = 0;
        self.width = 0;
    }

    fn cell(&mut self, cell: &BytesStart<'_>) {
        let repeat = repeated(cell, "table:number-columns-repeated");
        let span = repeated(cell, "table:number-rows-spanned");
        if span > 1 {
            let first = self.rows.saturating_add(1);
            self.merges.extend(merge(self.column, first, span));
        }
        self.column = self.column.saturating_add(repeat);
        let has_value =
            cell.attributes().with_checks(false).flatten().any(|a| {
                a.key.as_ref().starts_with("office:") || a.key.as_ref() == "table:formula"
            });
        if has_value {
            self.content();
            self.written = self.written.saturating_add(repeat);
        }
    }

    fn content(&mut self) {
        self.width = self.column;
    }

    fn end_row(&mut self) {
        self.rows = self.rows.saturating_add(self.repeat);
        if self.width > 0 {
            self.used_rows = self.rows;
            self.used_columns = self.used_columns.max(self.width);
            let more = self.repeat.saturating_sub(1).saturating_mul(self.width);
            self.repeated = self.repeated.saturating_add(more);
        }
    }

    /// Cells of the area in use, or written so far if those are more.
    fn cells(&self) -> u64 {
        let area = self.used_rows.saturating_mul(self.used_columns);
        area.max(self.written)
    }
}

fn merge(column: u64, first: u64, span: u64) -> Option<Merge> {
    Some(Merge {
        column: u32::try_from(column).ok()?,
        first: u32::try_from(first).ok()?,
        last: u32::try_from(first.saturating_add(span - 1)).ok()?,
    })
}

fn repeated(element: &BytesStart<'_>, name: &str) -> u64 {
    let times = attribute(element, name).and_then(|value| value.parse().ok());
    times.unwrap_or(1)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok().flatten()?;
    Some(unescape(&attribute.value).ok()?.into_owned())
}
