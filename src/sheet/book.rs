//! A workbook opened safely: what its sheets are called, and their rows.
//!
//! Files are recognised by their content, never by their name. The library
//! sees a file only after [`package`](super::package), [`ods`](super::ods) or
//! [`compound`](super::compound) have weighed it; should it panic all the
//! same, the file counts as damaged.

use super::grid::{Merge, Rows, Streamed, Whole};
use super::package::{Format, Package};
use super::refusal::Refusal;
use super::{compound, ods};
use calamine::{Data, Ods, Range, Reader, Xls, Xlsx, XlsxError};
use std::io::{BufReader, Cursor};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Bytes of a whole file.
const FILE: usize = 256 << 20;

/// One sheet of a workbook.
pub(super) struct Sheet {
    /// As on the tab.
    pub name: String,
    /// How much there is to read, in bytes; 0 when it is all in memory already.
    pub size: u64,
    merges: Vec<Merge>,
}

enum Library<'b> {
    Xlsx(Box<Xlsx<Cursor<&'b [u8]>>>),
    Whole(Vec<Range<Data>>),
}

/// An opened workbook.
pub(super) struct Book<'b> {
    again: Again<'b>,
    library: Library<'b>,
}

/// What it takes to open a workbook that has been weighed once more, to read
/// another of its sheets at the same time.
#[derive(Clone)]
pub(super) struct Again<'b> {
    bytes: &'b [u8],
    sheets: Arc<[Sheet]>,
}

impl<'b> Again<'b> {
    /// Only for xlsx: the other formats are in memory as a whole.
    pub(super) fn open(&self) -> Result<Book<'b>, Refusal> {
        Ok(Book {
            again: self.clone(),
            library: Library::Xlsx(Box::new(xlsx(self.bytes)?)),
        })
    }

    pub(super) fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }
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
            return Self::open_xls(bytes);
        }
        if !bytes.starts_with(b"PK") {
            return Err(Refusal::NotAWorkbook);
        }
        let mut package = Package::open(bytes)?;
        match package.format {
            Format::Xlsx => Self::open_xlsx(bytes, &mut package),
            Format::Ods => Self::open_ods(bytes, &mut package),
        }
    }

    fn open_xlsx(bytes: &'b [u8], package: &mut Package<'b>) -> Result<Self, Refusal> {
        let parts = package.sheets()?.into_iter();
        let sheets: Arc<[Sheet]> = parts
            .map(|part| Sheet {
                name: part.name,
                size: part.size,
                merges: part.merges,
            })
            .collect();
        let mut names: Vec<&str> = sheets.iter().map(|s| s.name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(Refusal::Damaged);
        }
        Again { bytes, sheets }.open()
    }

    fn open_ods(bytes: &'b [u8], package: &mut Package<'b>) -> Result<Self, Refusal> {
        let content = package.archive.by_name("content.xml");
        let content = content.map_err(super::package::refusal)?;
        let mut merges = ods::measure(BufReader::new(content))?;
        let book: Ods<_> = guarded(|| Ods::new(Cursor::new(bytes)).map_err(ods_refusal))?;
        Self::whole(bytes, book, |_, name| {
            merges.remove(name).unwrap_or_default()
        })
    }

    fn open_xls(bytes: &'b [u8]) -> Result<Self, Refusal> {
        compound::check(bytes)?;
        let book: Xls<_> = guarded(|| Xls::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged))?;
        Self::whole(bytes, book, |book, name| {
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

    fn whole<B: Reader<Cursor<&'b [u8]>>>(
        bytes: &'b [u8],
        mut book: B,
        mut merges: impl FnMut(&B, &str) -> Vec<Merge>,
    ) -> Result<Self, Refusal> {
        let (mut sheets, mut ranges) = (Vec::new(), Vec::new());
        for name in book.sheet_names() {
            ranges.push(book.worksheet_range(&name).map_err(|_| Refusal::Damaged)?);
            sheets.push(Sheet {
                merges: merges(&book, &name),
                name,
                size: 0,
            });
        }
        let sheets = sheets.into();
        Ok(Self {
            again: Again { bytes, sheets },
            library: Library::Whole(ranges),
        })
    }

    pub(super) fn again(&self) -> Again<'b> {
        self.again.clone()
    }

    pub(super) fn sheets(&self) -> &[Sheet] {
        self.again.sheets()
    }

    /// Hands the rows of a sheet to `visit`. Only the merged cells that
    /// `relevant` picks are filled down.
    pub(super) fn rows<T>(
        &mut self,
        sheet: usize,
        relevant: impl Fn(&Merge) -> bool,
        visit: impl FnOnce(Rows<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let found = self.again.sheets.get(sheet).ok_or(Refusal::Damaged)?;
        let merges = found.merges.iter().filter(|m| relevant(m));
        let merges = merges.copied().collect();
        match &mut self.library {
            Library::Whole(ranges) => {
                let range = ranges.get(sheet).ok_or(Refusal::Damaged)?;
                visit(Rows::new(&mut Whole::new(range), merges))
            }
            Library::Xlsx(book) => {
                match guarded(|| Ok(book.worksheet_cells_reader(&found.name)))? {
                    Ok(cells) => visit(Rows::new(&mut Streamed::new(cells), merges)),
                    Err(XlsxError::NotAWorksheet(_)) => {
                        visit(Rows::new(&mut Whole::new(&Range::empty()), merges))
                    }
                    Err(_) => Err(Refusal::Damaged),
                }
            }
        }
    }
}

fn xlsx(bytes: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>, Refusal> {
    guarded(|| {
        Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
            XlsxError::Password => Refusal::Password,
            _ => Refusal::Damaged,
        })
    })
}

fn ods_refusal(error: calamine::OdsError) -> Refusal {
    match error {
        calamine::OdsError::Password => Refusal::Password,
        _ => Refusal::Damaged,
    }
}

/// Runs the library; a panic in it is damage of the file.
pub(super) fn guarded<T>(run: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(Refusal::Damaged))
}
