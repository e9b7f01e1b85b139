//! A list as a workbook: what a page shows of it, all rows, ready to be sorted and filtered.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// A list: the name of the sheet, the heads, the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// At most 31 characters, none of `[]:*?/\`.
    pub name: String,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// The list as a workbook of one sheet: heads that stay, a filter over all columns. Values
/// are texts, never formulas.
pub fn workbook(listing: &Listing) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(&listing.name)?;
    let head = Format::new().set_bold();
    for (column, text) in (0..).zip(&listing.heads) {
        sheet.write_string_with_format(0, column, text, &head)?;
    }
    for (row, cells) in (1..).zip(&listing.rows) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text)?;
        }
    }
    let last = u16::try_from(listing.heads.len()).unwrap_or(1).max(1) - 1;
    let rows = u32::try_from(listing.rows.len()).unwrap_or(u32::MAX);
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, rows, last)?;
    sheet.autofit();
    book.save_to_buffer()
}
