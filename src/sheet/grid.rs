//! Rows of cells as they stand in a sheet, one after the other: blank cells
//! left out, a merged cell repeated in each of its rows, row numbers as Excel
//! shows them. Knows nothing of headers or columns' meanings.
//!
//! Only one row is held at a time, whatever the sheet's size.

use super::cell::{Cell, Kind};
use super::refusal::Refusal;
use super::text::{is_blank, number};
use calamine::{Data, ExcelDateTime, Range};
use std::fmt::{Display, Write};

/// The last row and column of a sheet, counted from 1 (ECMA-376; the other
/// formats have fewer).
const LAST_ROW: u32 = 1_048_576;
pub(super) const LAST_COLUMN: u32 = 16_384;
/// Bytes of all cells of a sheet. A shared string is stored once and may be
/// shown a million times.
const TEXT: usize = 512 << 20;

/// A cell that is not blank. Its text lies in the row's buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// Counted from 0.
    pub column: u32,
    kind: Kind,
    start: u32,
    end: u32,
}

/// One row that has at least one cell of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// As Excel shows it.
    pub number: u32,
    pub cells: Vec<Placed>,
    text: String,
}

impl Row {
    pub(super) fn cell(&self, placed: Placed) -> Cell<'_> {
        let span = placed.start as usize..placed.end as usize;
        Cell {
            kind: placed.kind,
            text: self.text.get(span).unwrap_or_default(),
        }
    }

    /// The text of each cell with its column, from the left.
    pub(super) fn texts(&self) -> impl Iterator<Item = (Placed, &str)> {
        self.cells.iter().map(|c| (*c, self.cell(*c).text))
    }

    fn begin(&mut self, number: u32) {
        self.number = number;
        self.cells.clear();
        self.text.clear();
    }

    /// Adds a cell unless it is blank; says whether it did.
    fn push(&mut self, column: u32, value: Value<'_>) -> bool {
        let start = self.text.len();
        let kind = value.write(&mut self.text);
        if self.text.get(start..).is_none_or(is_blank) {
            self.text.truncate(start);
            return false;
        }
        self.cells.push(Placed {
            column,
            kind,
            start: start as u32,
            end: self.text.len() as u32,
        });
        true
    }

    /// Cells from the left; of several in one place the last one met counts.
    fn put_in_order(&mut self) {
        if !self.cells.is_sorted_by(|a, b| a.column < b.column) {
            self.cells.reverse();
            self.cells.sort_by_key(|cell| cell.column);
            self.cells.dedup_by_key(|cell| cell.column);
        }
    }

    /// Puts a merged cell's value where it reaches into this row: what a
    /// program left underneath is not shown and does not count.
    fn put(&mut self, column: u32, held: &Held) {
        let start = self.text.len() as u32;
        self.text.push_str(&held.text);
        let placed = Placed {
            column,
            kind: held.kind,
            start,
            end: self.text.len() as u32,
        };
        match self.cells.binary_search_by_key(&column, |c| c.column) {
            Ok(at) => self.cells.splice(at..=at, [placed]),
            Err(at) => self.cells.splice(at..at, [placed]),
        };
    }
}

/// A cell's value before it is known to be blank or not.
pub(super) enum Value<'v> {
    Text(&'v str),
    Number(f64),
    Date(ExcelDateTime),
    Bool(bool),
    Error(&'v dyn Display),
    Blank,
}

impl Value<'_> {
    fn write(&self, out: &mut String) -> Kind {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Bool(true) => out.push_str("TRUE"),
            Self::Bool(false) => out.push_str("FALSE"),
            Self::Blank => {}
            Self::Number(value) => {
                out.push_str(&number(*value));
                return Kind::Number;
            }
            Self::Date(date) => return write_date(*date, out),
            Self::Error(error) => {
                _ = write!(out, "{error}");
                return Kind::Error;
            }
        }
        Kind::Text
    }
}

/// A duration, or a day before the calendar of the workbook begins, stays the
/// number that it is.
fn write_date(date: ExcelDateTime, out: &mut String) -> Kind {
    if date.is_duration() || date.as_f64() < 1.0 {
        out.push_str(&number(date.as_f64()));
        return Kind::Number;
    }
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    _ = write!(out, "{year:04}-{month:02}-{day:02}");
    Kind::Date
}

impl<'v> From<&'v Data> for Value<'v> {
    fn from(data: &'v Data) -> Self {
        match data {
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
                Self::Text(text)
            }
            Data::Float(value) => Self::Number(*value),
            Data::Int(value) => Self::Number(*value as f64),
            Data::DateTime(date) => Self::Date(*date),
            Data::Bool(value) => Self::Bool(*value),
            Data::Error(error) => Self::Error(error),
            Data::Empty => Self::Blank,
        }
    }
}

/// Gives cells in the order of the sheet.
pub(super) trait Source {
    /// The next cell: its row as Excel shows it, its column counted from 0, and
    /// its value. `None` at the end.
    fn next(&mut self) -> Result<Option<(u32, u32, Value<'_>)>, Refusal>;
}

/// A sheet that the library reads whole (xls, ods).
pub(super) struct Whole<'a> {
    cells: Box<dyn Iterator<Item = (usize, usize, &'a Data)> + 'a>,
    start: (u32, u32),
}

impl<'a> Whole<'a> {
    pub(super) fn new(range: &'a Range<Data>) -> Self {
        Self {
            cells: Box::new(range.used_cells()),
            start: range.start().unwrap_or_default(),
        }
    }
}

impl Source for Whole<'_> {
    fn next(&mut self) -> Result<Option<(u32, u32, Value<'_>)>, Refusal> {
        Ok(self.cells.next().map(|(row, column, data)| {
            let row = self.start.0.saturating_add(row as u32).saturating_add(1);
            let column = self.start.1.saturating_add(column as u32);
            (row, column, data.into())
        }))
    }
}

/// A cell merged over several rows. Rows as Excel shows them, column from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Merge {
    pub column: u32,
    pub first: u32,
    pub last: u32,
}

impl Merge {
    /// Reads `A4:C6`; `None` when it spans no second row or is no such range.
    pub(super) fn read(reference: &str) -> Option<Self> {
        let (from, to) = reference.split_once(':')?;
        let (column, first) = split_reference(from.as_bytes())?;
        let (_, last) = split_reference(to.as_bytes())?;
        (first < last).then_some(Self {
            column,
            first,
            last,
        })
    }
}

/// `C12` as column 2 and row 12.
pub(super) fn split_reference(reference: &[u8]) -> Option<(u32, u32)> {
    let (mut column, mut row) = (0u32, 0u32);
    for byte in reference {
        match byte {
            b'0'..=b'9' => row = row * 10 + u32::from(byte - b'0'),
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => column = column * 26 + u32::from(byte & 31),
            _ => return None,
        }
        if column > LAST_COLUMN || row > LAST_ROW {
            return None;
        }
    }
    (column > 0 && row > 0).then(|| (column - 1, row))
}

/// A merge whose rows are being passed, with the value it holds.
#[derive(Debug)]
struct Held {
    merge: Merge,
    kind: Kind,
    text: String,
}

/// The rows of one sheet.
pub(super) struct Rows<'s> {
    source: &'s mut dyn Source,
    current: Row,
    /// The row whose first cell has already been met.
    ahead: Row,
    /// The row of the last cell met: none may lie above it.
    reached: u32,
    /// Bytes of the rows passed.
    passed: usize,
    /// The source has given its last cell and must not be asked again.
    ended: bool,
    /// Merges not reached yet, the nearest last.
    merges: Vec<Merge>,
    /// At most one for each column.
    held: Vec<Held>,
}

impl<'s> Rows<'s> {
    /// `merges`: those to be filled down. Each costs time in each row that it
    /// spans, so keep to columns that matter.
    pub(super) fn new(source: &'s mut dyn Source, mut merges: Vec<Merge>) -> Self {
        merges.sort_unstable_by_key(|m| std::cmp::Reverse(m.first));
        Self {
            source,
            current: Row::default(),
            ahead: Row::default(),
            reached: 0,
            passed: 0,
            ended: false,
            merges,
            held: Vec::new(),
        }
    }

    /// The next row that has a cell of its own; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<&Row>, Refusal> {
        self.passed += self.current.text.len();
        std::mem::swap(&mut self.current, &mut self.ahead);
        self.ahead.begin(0);
        while !self.ended {
            let Some((number, column, value)) = self.source.next()? else {
                self.ended = true;
                break;
            };
            if number > LAST_ROW || column >= LAST_COLUMN || number < self.reached {
                return Err(Refusal::Damaged);
            }
            self.reached = number;
            let complete = !self.current.cells.is_empty() && number != self.current.number;
            let row = if complete {
                &mut self.ahead
            } else {
                &mut self.current
            };
            if row.number != number {
                row.begin(number);
            }
            let filled = row.push(column, value);
            let full = row.cells.len() > LAST_COLUMN as usize;
            if full || self.passed + row.text.len() > TEXT {
                return Err(Refusal::TooLarge);
            }
            if filled && complete {
                break;
            }
        }
        if self.current.cells.is_empty() {
            return Ok(None);
        }
        self.current.put_in_order();
        self.fill_down();
        Ok(Some(&self.current))
    }

    fn fill_down(&mut self) {
        let number = self.current.number;
        self.held.retain(|held| number <= held.merge.last);
        for held in &self.held {
            self.current.put(held.merge.column, held);
        }
        while let Some(merge) = self.merges.pop_if(|m| m.first <= number) {
            self.held.retain(|held| held.merge.column != merge.column);
            let anchor = self.current.texts().find(|(c, _)| c.column == merge.column);
            if let Some((cell, text)) = anchor.filter(|_| merge.first == number) {
                self.held.push(Held {
                    merge,
                    kind: cell.kind,
                    text: text.to_owned(),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Listed(std::vec::IntoIter<(u32, u32, &'static str)>);

    impl Source for Listed {
        fn next(&mut self) -> Result<Option<(u32, u32, Value<'_>)>, Refusal> {
            let next = self.0.next();
            Ok(next.map(|(row, column, text)| (row, column, Value::Text(text))))
        }
    }

    fn rows(cells: &[(u32, u32, &'static str)], merges: &[&str]) -> Result<Vec<String>, Refusal> {
        let mut source = Listed(Vec::from(cells).into_iter());
        let merges = merges.iter().filter_map(|m| Merge::read(m)).collect();
        let mut rows = Rows::new(&mut source, merges);
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let cells: Vec<_> = row
                .texts()
                .map(|(c, text)| format!("{}{text}", c.column))
                .collect();
            out.push(format!("{}:{}", row.number, cells.join(",")));
        }
        Ok(out)
    }

    #[test]
    fn blank_cells_and_rows_are_left_out() {
        let cells = [
            (1, 0, " "),
            (2, 0, "a"),
            (2, 1, ""),
            (2, 2, "b"),
            (3, 5, "　"),
            (4, 0, " "),
            (4, 1, "c"),
            (9, 0, "d"),
            (10, 0, ""),
        ];
        assert_eq!(rows(&cells, &[]).unwrap(), ["2:0a,2b", "4:1c", "9:0d"]);
        assert_eq!(rows(&[], &[]).unwrap(), [""; 0]);
    }

    #[test]
    fn a_merged_cell_holds_for_each_of_its_rows() {
        let cells = [
            (2, 0, "a"),
            (2, 1, "x"),
            (3, 1, "y"),
            (4, 0, "hidden"),
            (4, 1, "z"),
            (5, 1, "w"),
        ];
        assert_eq!(
            rows(
                &cells,
                &["A2:A4", "B1:C1", "A9:A1048576", "nonsense", "C3:C4"]
            )
            .unwrap(),
            ["2:0a,1x", "3:0a,1y", "4:0a,1z", "5:1w"]
        );
    }

    #[test]
    fn merges_make_no_rows_and_may_overlap() {
        let cells = [(2, 0, "a"), (4, 0, "b"), (4, 3, "x"), (8, 3, "y")];
        assert_eq!(
            rows(&cells, &["A2:A1048576", "A4:A6", "B3:B9"]).unwrap(),
            ["2:0a", "4:0a,3x", "8:3y"]
        );
    }

    #[test]
    fn cells_stand_in_the_order_of_columns() {
        let cells = [
            (1, 2, "a"),
            (1, 0, "b"),
            (1, 2, "c"),
            (2, 3, "d"),
            (2, 1, "e"),
            (2, 2, "f"),
        ];
        let rows = rows(&cells, &["C1:C2"]).unwrap();
        assert_eq!(rows, ["1:0b,2c", "2:1e,2c,3d"]);
    }

    #[test]
    fn rows_out_of_order_are_damage() {
        assert!(rows(&[(5, 0, "a"), (4, 0, "b")], &[]).is_err());
        assert!(rows(&[(1_048_577, 0, "a")], &[]).is_err());
        assert!(rows(&[(1, 16_384, "a")], &[]).is_err());
        assert!(rows(&[(1, 0, "a"); 16_384], &[]).is_ok());
        assert!(rows(&[(1, 0, "a"); 16_385], &[]).is_err());
    }

    #[test]
    fn references() {
        assert_eq!(split_reference(b"A1"), Some((0, 1)));
        assert_eq!(split_reference(b"XFD1048576"), Some((16_383, 1_048_576)));
        for wrong in ["", "A", "1", "A0", "XFE1", "A1048577", "ZZZZZZZZZZ1", "A1B"] {
            assert_eq!(split_reference(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
