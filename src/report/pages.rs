//! A workbook of plain tables, one sheet a question: title, date, header, filters, text
//! that wraps. For results that are lists and nothing more.

use crate::i18n::width::{height, lines};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// Rows of the title and of the note above each table.
const HEADER_ROW: u32 = 2;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// A number; a dash where it is not known.
    Number(Option<i64>),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A workbook being filled.
pub struct Pages {
    workbook: Workbook,
    /// Stands under each title.
    note: String,
}

impl Pages {
    /// A workbook without sheets.
    pub fn new(note: String) -> Self {
        Self {
            workbook: Workbook::new(),
            note,
        }
    }

    /// Adds a sheet; `columns` are headings and widths.
    pub fn add(
        &mut self,
        title: &str,
        columns: &[(String, f64)],
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Result<(), XlsxError> {
        let cell = Format::new()
            .set_border(FormatBorder::Hair)
            .set_align(FormatAlign::Top);
        let text = cell.clone().set_text_wrap();
        let number = cell.clone().set_align(FormatAlign::Right);
        let header = text
            .clone()
            .set_bold()
            .set_background_color(Color::RGB(0x00DC_ECE9))
            .set_align(FormatAlign::Center);
        let large = Format::new().set_bold().set_font_size(14);
        let grey = Format::new().set_font_color(Color::RGB(0x0059_6673));
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(title)?;
        sheet.write_with_format(0, 0, title, &large)?;
        sheet.write_with_format(1, 0, &self.note, &grey)?;
        for (at, (name, width)) in (0u16..).zip(columns) {
            sheet.write_with_format(HEADER_ROW, at, name, &header)?;
            sheet.set_column_width(at, *width)?;
        }
        let mut row = HEADER_ROW;
        for cells in rows {
            row += 1;
            let mut highest = 1;
            for (at, (cell, (_, width))) in (0u16..).zip(cells.iter().zip(columns)) {
                match cell {
                    Cell::Text(written) => {
                        highest = highest.max(lines(written, *width));
                        sheet.write_with_format(row, at, written, &text)?;
                    }
                    Cell::Number(Some(known)) => {
                        sheet.write_with_format(row, at, *known, &number)?;
                    }
                    Cell::Number(None) => {
                        sheet.write_with_format(row, at, "–", &number)?;
                    }
                }
            }
            // not every program finds the height of wrapped text by itself
            if highest > 1 {
                sheet.set_row_height(row, height(highest))?;
            }
        }
        let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(HEADER_ROW, 0, row, last)?;
        sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
        sheet.set_landscape();
        sheet.set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
        sheet.set_footer("&L&F  &A&R&P / &N");
        Ok(())
    }

    /// The bytes of the file.
    pub fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        self.workbook.save_to_buffer()
    }
}
