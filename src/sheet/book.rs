//! A workbook opened safely: what its sheets are called, and their rows.
//!
//! Files are recognised by their content, never by their name. A library sees
//! a file only after [`ods`](super::ods) or [`compound`](super::compound) have
//! weighed it; should it panic all the same, the file counts as damaged.

use super::grid::{Merge, Rows, Whole};
use super::package::{self, Format, Package};
use super::refusal::Refusal;
use super::xlsx::Xlsx;
use super::{compound, ods};
use calamine::{Data, Ods, OdsError, Range, Reader, Xls};
use std::io::{BufReader, Cursor};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes of a whole file.
const FILE: usize = 256 << 20;

/// An opened workbook.
pub(super) enum Book<'b> {
    /// Read sheet by sheet, from the package.
    Xlsx(Xlsx<'b>),
    /// In memory as a whole: xls and ods.
    Whole(Vec<WholeSheet>),
}

/// A sheet that is in memory.
pub(super) struct WholeSheet {
    name: String,
    range: Range<Data>,
    merges: Vec<Merge>,
}

impl<'b> Book<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Refusal> {
        if bytes.is_empty() {
            return Err(Refusal::Empty);
        }
        if bytes.len() > FILE {
            return Err(Refusal::TooLarge);
        }
        if bytes.starts_with(compound::SIGNATURE) {
            return open_xls(bytes).map(Self::Whole);
        }
        if !bytes.starts_with(b"PK") {
            return Err(Refusal::NotAWorkbook);
        }
        let package = Package::open(bytes)?;
        match package.format {
            Format::Xlsx => Xlsx::open(package).and_then(unambiguous).map(Self::Xlsx),
            Format::Ods => open_ods(bytes, package).map(Self::Whole),
        }
    }

    /// The names on the tabs, in their order.
    pub(super) fn sheet_names(&self) -> impl Iterator<Item = &str> {
        let (parts, whole) = match self {
            Self::Xlsx(book) => (book.sheets(), &[][..]),
            Self::Whole(sheets) => (&[][..], sheets.as_slice()),
        };
        let parts = parts.iter().map(|sheet| sheet.name.as_str());
        parts.chain(whole.iter().map(|sheet| sheet.name.as_str()))
    }

    /// Hands the rows of a sheet to `visit`. Only the merged cells that
    /// `relevant` picks are filled down.
    pub(super) fn rows<T>(
        &self,
        sheet: usize,
        relevant: impl Fn(&Merge) -> bool,
        visit: impl FnOnce(Rows<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let picked = |merges: &[Merge]| merges.iter().filter(|m| relevant(m)).copied().collect();
        match self {
            Self::Whole(sheets) => {
                let sheet = sheets.get(sheet).ok_or(Refusal::Damaged)?;
                let merges = picked(&sheet.merges);
                visit(Rows::new(&mut Whole::new(&sheet.range), merges))
            }
            Self::Xlsx(book) => {
                let sheet = book.sheets().get(sheet).ok_or(Refusal::Damaged)?;
                let merges = picked(&sheet.merges);
                book.cells(sheet, |cells| visit(Rows::new(cells, merges)))
            }
        }
    }
}

/// No two tabs bear the same name; which is meant could not be told.
fn unambiguous(book: Xlsx<'_>) -> Result<Xlsx<'_>, Refusal> {
    let mut names = std::collections::HashSet::new();
    if book.sheets().iter().all(|sheet| names.insert(&sheet.name)) {
        Ok(book)
    } else {
        Err(Refusal::Damaged)
    }
}

fn open_ods(bytes: &[u8], mut package: Package<'_>) -> Result<Vec<WholeSheet>, Refusal> {
    let content = package.archive.by_name("content.xml");
    let content = content.map_err(package::refusal)?;
    let mut merges = ods::measure(BufReader::new(content))?;
    let book: Ods<_> = guarded(|| {
        Ods::new(Cursor::new(bytes)).map_err(|error| match error {
            OdsError::Password => Refusal::Password,
            _ => Refusal::Damaged,
        })
    })?;
    whole(book, |_, name| merges.remove(name).unwrap_or_default())
}

fn open_xls(bytes: &[u8]) -> Result<Vec<WholeSheet>, Refusal> {
    compound::check(bytes)?;
    let book: Xls<_> = guarded(|| Xls::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged))?;
    whole(book, |book, name| {
        let merges = book.merge_cells_by_sheet_name(name).unwrap_or_default();
        let down = merges.into_iter().filter(|m| m.start.0 < m.end.0);
        down.map(|m| Merge {
            column: m.start.1,
            first: m.start.0.saturating_add(1),
            last: m.end.0.saturating_add(1),
        })
        .collect()
    })
}

fn whole<'b, B: Reader<Cursor<&'b [u8]>>>(
    mut book: B,
    mut merges: impl FnMut(&B, &str) -> Vec<Merge>,
) -> Result<Vec<WholeSheet>, Refusal> {
    let names = book.sheet_names();
    let sheet = |name: String| {
        let range = book.worksheet_range(&name);
        Ok(WholeSheet {
            range: range.map_err(|_| Refusal::Damaged)?,
            merges: merges(&book, &name),
            name,
        })
    };
    names.into_iter().map(sheet).collect()
}

/// Runs the library; a panic in it is damage of the file.
fn guarded<T>(run: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(Refusal::Damaged))
}
