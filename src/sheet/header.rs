//! The header row: which it is, and which column of the sheet is which.

use super::grid::{Merge, Placed, Row, Rows};
use super::refusal::Refusal;
use super::text;
use crate::domain::column::{Column, ColumnSet, ExportColumn, SheetKind};

/// How many rows may stand above the header.
const TITLE_ROWS: usize = 5;
/// The running number, a column that says nothing.
const NUMBER: &str = "序号";
/// How a row of sums begins.
const TOTALS: [&str; 3] = ["合计", "总计", "小计"];

/// What a sheet lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Sheet(SheetKind),
    /// The 40-column statistics export: people.
    Export,
}

impl Content {
    pub(super) fn table(self) -> &'static [Column] {
        match self {
            Self::Sheet(kind) => kind.columns(),
            Self::Export => ExportColumn::table(),
        }
    }
}

/// A column whose header means nothing here, or the same as another's.
#[derive(Clone, Debug)]
pub(super) struct Unknown {
    /// Position in the sheet.
    pub at: u32,
    /// Without spaces and line breaks.
    pub header: String,
    pub written: String,
}

/// A row read as a header.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub content: Content,
    pub row: u32,
    /// For each column of the sheet its position in the table.
    columns: Vec<Option<usize>>,
    pub unknown: Vec<Unknown>,
}

/// What a row below the header is.
pub(super) enum Line {
    /// Blank, or a total.
    Skip,
    /// The header once more; the first column it shows in, by position in the table.
    Header(usize),
    Data,
}

impl Header {
    /// Finds the header among the first rows: the row with the most headers of
    /// the table, the first of several. `None` when the sheet is empty, and for
    /// a sheet of another name that is not the export.
    pub(super) fn find(
        mut rows: Rows<'_>,
        named: Option<SheetKind>,
    ) -> Result<Option<Self>, Refusal> {
        let mut best: Option<Self> = None;
        for _ in 0..=TITLE_ROWS {
            let Some(row) = rows.next()? else { break };
            let export = Self::read(row, Content::Export);
            if export.is_export() {
                return Ok(Some(export));
            }
            let Some(kind) = named else { continue };
            let header = Self::read(row, Content::Sheet(kind));
            if best.as_ref().is_none_or(|b| header.matches() > b.matches()) {
                best = Some(header);
            }
        }
        Ok(best)
    }

    fn read(row: &Row, content: Content) -> Self {
        let table = content.table();
        let names: Vec<String> = table.iter().map(|c| text::header(c.name)).collect();
        let mut header = Self {
            content,
            row: row.number,
            columns: Vec::new(),
            unknown: Vec::new(),
        };
        for (cell, written) in row.texts() {
            let found = text::header(written);
            let column = names.iter().position(|name| *name == found);
            match column.filter(|column| !header.has(*column)) {
                Some(column) => header.place(cell.column as usize, column),
                // a returned workbook still has the reasons of last time
                None if found == NUMBER || found.starts_with(super::REASON) => {}
                None => header.unknown.push(Unknown {
                    at: cell.column,
                    header: found,
                    written: written.to_owned(),
                }),
            }
        }
        header
    }

    fn place(&mut self, at: usize, column: usize) {
        if at >= self.columns.len() {
            self.columns.resize(at + 1, None);
        }
        if let Some(place) = self.columns.get_mut(at) {
            *place = Some(column);
        }
    }

    /// With an identity number and half of its columns the export is
    /// unmistakable, whatever the sheet is called.
    fn is_export(&self) -> bool {
        self.has(ExportColumn::Id.index()) && self.matches() * 2 >= ExportColumn::TABLE.len()
    }

    pub(super) fn matches(&self) -> usize {
        self.columns.iter().flatten().count()
    }

    fn has(&self, column: usize) -> bool {
        self.columns.contains(&Some(column))
    }

    /// The required columns that are not there, with their positions in the table.
    pub(super) fn missing(&self) -> impl Iterator<Item = (usize, &'static Column)> {
        let table = self.content.table().iter().enumerate();
        table.filter(|(at, column)| column.required && !self.has(*at))
    }

    /// Whether a merged cell lies below the header in a column that is read.
    pub(super) fn concerns(&self, merge: &Merge) -> bool {
        merge.first > self.row && self.position(merge.column).is_some()
    }

    /// Where a column of the table stands in the sheet.
    pub(super) fn at(&self, order: usize) -> Option<u32> {
        let found = self.columns.iter().position(|one| *one == Some(order));
        found.and_then(|at| u32::try_from(at).ok())
    }

    fn position(&self, at: u32) -> Option<usize> {
        self.columns.get(at as usize).copied().flatten()
    }

    /// Puts the row's cells into the order of the table and says what it is.
    pub(super) fn sort(&self, row: &Row, slots: &mut Vec<Option<Placed>>) -> Line {
        slots.clear();
        slots.resize(self.content.table().len(), None);
        let mut first = None;
        for cell in &row.cells {
            let Some(position) = self.position(cell.column) else {
                continue;
            };
            if let Some(slot) = slots.get_mut(position) {
                *slot = Some(*cell);
                first = first.or(Some((position, *cell)));
            }
        }
        match first {
            None => Line::Skip,
            Some(_) if begins_with_total(row) => Line::Skip,
            Some((column, cell)) if self.repeats(row, column, cell) => Line::Header(column),
            Some(_) => Line::Data,
        }
    }

    fn repeats(&self, row: &Row, column: usize, cell: Placed) -> bool {
        let table = self.content.table();
        let name = table.get(column).map_or("", |column| column.name);
        let text = row.cell(cell).text;
        let possible = name.chars().next().is_some_and(|c| text.contains(c));
        possible && text::header(text) == text::header(name)
    }
}

fn begins_with_total(row: &Row) -> bool {
    let Some((_, text)) = row.texts().next() else {
        return false;
    };
    let text = text::compact(text);
    TOTALS.iter().any(|total| text.starts_with(total))
}
