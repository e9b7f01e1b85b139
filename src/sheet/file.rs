//! One file: which of its sheets are ours, and all of them read, the large
//! ones at the same time.

use super::book::Book;
use super::header::Header;
use super::listing::{self, Context, Listing};
use super::refusal::Refusal;
use super::text::compact;
use crate::domain::column::SheetKind;
use crate::domain::register::SourceId;
use rayon::prelude::*;

/// From this many bytes of sheets on it pays to open the workbook twice.
const WORTH_SPLITTING: u64 = 4 << 20;

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
        let mut book = Book::open(bytes)?;
        let names: Vec<String> = book.sheets().iter().map(|s| s.name.clone()).collect();
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

    /// Reads all sheets; in the order of the tabs.
    pub(super) fn read(self, context: Context<'_>) -> Result<Vec<Listing>, Refusal> {
        let again = self.book.again();
        let sizes: Vec<u64> = again.sheets().iter().map(|sheet| sheet.size).collect();
        let size = |sheet: &Sheet| sizes.get(sheet.at).copied().unwrap_or(0);
        let total: u64 = self.sheets.iter().map(size).sum();
        let threads = rayon::current_num_threads();
        let shares = if total < WORTH_SPLITTING { 1 } else { threads };
        let mut book = Some(self.book);
        let shares: Vec<_> = share_out(self.sheets, shares, size)
            .into_iter()
            .map(|sheets| (book.take(), sheets))
            .collect();
        let read = shares.into_par_iter().map(|(book, sheets)| {
            let mut book = book.map_or_else(|| again.open(), Ok)?;
            sheets
                .iter()
                .map(|s| listing::read(&mut book, s.at, &s.header, s.source, context))
                .collect::<Result<Vec<_>, _>>()
        });
        let mut listings: Vec<_> = read
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect();
        listings.sort_by_key(|listing| listing.source);
        Ok(listings)
    }
}

fn wrong_sheets(found: Vec<String>) -> Refusal {
    Refusal::WrongSheets {
        found,
        expected: SheetKind::LABELS,
    }
}

/// Shares the sheets out so that each thread has about as much to read: the
/// largest first, each to the share that is smallest yet.
fn share_out(
    mut sheets: Vec<Sheet>,
    shares: usize,
    size: impl Fn(&Sheet) -> u64,
) -> Vec<Vec<Sheet>> {
    sheets.sort_by_key(|sheet| std::cmp::Reverse(size(sheet)));
    let mut out: Vec<(u64, Vec<Sheet>)> = Vec::new();
    for sheet in sheets {
        let size = size(&sheet);
        let full = out.len() >= shares;
        match out.iter_mut().min_by_key(|(total, _)| *total) {
            Some((total, share)) if full => {
                *total += size;
                share.push(sheet);
            }
            _ => out.push((size, vec![sheet])),
        }
    }
    out.into_iter().map(|(_, sheets)| sheets).collect()
}
