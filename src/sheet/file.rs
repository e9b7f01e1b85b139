//! One file: which of its sheets are ours, and all of them read at the same time.

use super::book::Book;
use super::header::Header;
use super::listing::{self, Context, Listing};
use super::refusal::Refusal;
use super::text::compact;
use crate::domain::column::SheetKind;
use crate::domain::register::SourceId;
use rayon::prelude::*;

/// An opened file whose sheets are known but not read.
pub(super) struct File<'b> {
    book: Book<'b>,
    pub sheets: Vec<Sheet>,
}

/// A sheet to be read.
pub(super) struct Sheet {
    /// Position in the workbook.
    at: usize,
    pub name: String,
    pub header: Header,
    pub source: SourceId,
}

impl<'b> File<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Refusal> {
        let book = Book::open(bytes)?;
        let names: Vec<String> = book.sheet_names().map(str::to_owned).collect();
        let mut sheets = Vec::new();
        let mut any_known = false;
        for (at, name) in names.iter().enumerate() {
            let kind = SheetKind::from_label(&compact(name));
            any_known |= kind.is_some();
            let header = match book.rows(at, |_| true, |rows| Header::find(rows, kind)) {
                Err(_) if kind.is_none() => None,
                found => found?,
            };
            sheets.extend(header.map(|header| Sheet {
                at,
                name: name.clone(),
                header,
                source: SourceId(0),
            }));
        }
        if sheets.is_empty() && !any_known {
            return Err(wrong_sheets(names));
        }
        Ok(Self { book, sheets })
    }

    /// Reads all sheets at the same time; in the order of the tabs.
    pub(super) fn read(&self, context: Context<'_>) -> Result<Vec<Listing>, Refusal> {
        let read = |sheet: &Sheet| {
            listing::read(&self.book, sheet.at, &sheet.header, sheet.source, context)
        };
        self.sheets.par_iter().with_max_len(1).map(read).collect()
    }
}

fn wrong_sheets(found: Vec<String>) -> Refusal {
    Refusal::WrongSheets {
        found,
        expected: SheetKind::LABELS,
    }
}
