//! A form as a workbook, ready for the printer: A4, repeated heads, boxes for seals, and
//! the line with version and fingerprint at the foot.

use super::{Cell, Form, Seal};
use crate::i18n::width::{height, lines, room};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// Columns of a form without a table.
const LEAST: u16 = 4;
/// Rows of a box for a seal.
const BOX: u32 = 5;
/// Digits of the narrowest and of the widest column.
const NARROWEST: f64 = 13.0;
const WIDEST: f64 = 36.0;
/// Points above and below the text of a row.
const AIR: f64 = 5.0;

/// The workbook of a form, one sheet.
pub fn workbook(form: &Form) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let formats = Formats::new();
    let width = u16::try_from(form.columns.len())
        .unwrap_or(u16::MAX)
        .max(LEAST);
    let mut page = Page {
        form,
        sheet,
        formats: &formats,
        widths: (0..width)
            .map(|column| column_width(form, column))
            .collect(),
        last: width - 1,
        row: 0,
    };
    page.write()?;
    book.save_to_buffer()
}

/// Digits of a column: as wide as what stands in it, within bounds.
fn column_width(form: &Form, column: u16) -> f64 {
    let at = usize::from(column);
    let cells = form.rows.iter().filter_map(|row| row.get(at));
    let texts = cells.map(Cell::shown).chain(form.columns.get(at).cloned());
    texts
        .map(|text| room(&text))
        .fold(NARROWEST, f64::max)
        .min(WIDEST)
}

struct Formats {
    title: Format,
    name: Format,
    value: Format,
    head: Format,
    text: Format,
    number: Format,
    note: Format,
    seal: Format,
    foot: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = Format::new()
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        Self {
            title: Format::new()
                .set_bold()
                .set_font_size(18)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            name: cell.clone().set_bold().set_align(FormatAlign::Center),
            head: cell.clone().set_bold().set_align(FormatAlign::Center),
            number: cell.clone().set_align(FormatAlign::Right),
            note: Format::new().set_text_wrap(),
            seal: cell.clone().set_align(FormatAlign::Top),
            foot: Format::new().set_font_size(8).set_align(FormatAlign::Right),
            value: cell.clone(),
            text: cell,
        }
    }
}

struct Page<'a> {
    form: &'a Form,
    sheet: &'a mut Worksheet,
    formats: &'a Formats,
    /// Digits of each column.
    widths: Vec<f64>,
    last: u16,
    row: u32,
}

impl Page<'_> {
    fn write(&mut self) -> Result<(), XlsxError> {
        self.set_up()?;
        self.sheet.set_row_height(self.row, 36)?;
        self.across(&self.form.title, &self.formats.title)?;
        self.facts()?;
        self.table()?;
        for note in &self.form.notes {
            let width = self.width(0, self.last);
            self.high(std::iter::once((note.as_str(), width)))?;
            self.across(note, &self.formats.note)?;
        }
        self.seals()?;
        let foot = self.form.foot();
        self.across(&foot, &self.formats.foot)
    }

    fn set_up(&mut self) -> Result<(), XlsxError> {
        // A4
        self.sheet.set_paper_size(9);
        if self.form.is_wide() {
            self.sheet.set_landscape();
        }
        self.sheet.set_print_fit_to_pages(1, 0);
        let foot = self.form.foot().replace('&', "&&");
        self.sheet.set_footer(format!("&L{foot}&R&P / &N"));
        for (column, width) in (0..=self.last).zip(&self.widths) {
            self.sheet.set_column_width(column, *width)?;
        }
        Ok(())
    }

    /// Digits of some columns together.
    fn width(&self, from: u16, to: u16) -> f64 {
        let columns = usize::from(from)..=usize::from(to);
        self.widths.get(columns).map_or(0.0, |own| own.iter().sum())
    }

    /// Makes the row high enough for texts in columns of so many digits.
    fn high<'t>(&mut self, texts: impl Iterator<Item = (&'t str, f64)>) -> Result<(), XlsxError> {
        let most = texts.map(|(text, width)| lines(text, width)).max();
        self.sheet
            .set_row_height(self.row, height(most.unwrap_or(1)) + AIR)?;
        Ok(())
    }

    /// One text over the whole width.
    fn across(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.sheet
            .merge_range(self.row, 0, self.row, self.last, text, format)?;
        self.row += 1;
        Ok(())
    }

    /// Two names with their values in a row; what is long has a row of its own.
    fn facts(&mut self) -> Result<(), XlsxError> {
        let half = self.last.div_ceil(2);
        for line in self.form.lines() {
            let spans = match line.len() {
                1 => [(0, self.last), (0, 0)],
                _ => [(0, half - 1), (half, self.last)],
            };
            let texts = line
                .iter()
                .zip(spans)
                .flat_map(|((name, value), (from, to))| {
                    let name = (name.as_str(), self.width(from, from));
                    [name, (value.as_str(), self.width(from + 1, to))]
                });
            let texts: Vec<_> = texts.collect();
            self.high(texts.into_iter())?;
            for ((name, value), (from, to)) in line.into_iter().zip(spans) {
                self.sheet
                    .write_with_format(self.row, from, name, &self.formats.name)?;
                self.span(from + 1, to, value)?;
            }
            self.row += 1;
        }
        Ok(())
    }

    fn span(&mut self, from: u16, to: u16, text: &str) -> Result<(), XlsxError> {
        let format = &self.formats.value;
        if from < to {
            self.sheet
                .merge_range(self.row, from, self.row, to, text, format)?;
        } else {
            self.sheet.write_with_format(self.row, from, text, format)?;
        }
        Ok(())
    }

    fn table(&mut self) -> Result<(), XlsxError> {
        if self.form.columns.is_empty() {
            return Ok(());
        }
        for (column, head) in (0u16..).zip(&self.form.columns) {
            self.sheet
                .write_with_format(self.row, column, head, &self.formats.head)?;
        }
        self.sheet.set_repeat_rows(self.row, self.row)?;
        self.row += 1;
        for row in &self.form.rows {
            let shown: Vec<String> = row.iter().map(Cell::shown).collect();
            let widths = self.widths.clone();
            self.high(shown.iter().map(String::as_str).zip(widths))?;
            for (column, cell) in (0u16..).zip(row) {
                match cell {
                    Cell::Text(text) => {
                        self.sheet
                            .write_with_format(self.row, column, text, &self.formats.text)?
                    }
                    Cell::Number(number) => {
                        // far below the numbers that a cell holds exactly
                        let number = i32::try_from(*number).unwrap_or(i32::MAX);
                        self.sheet.write_with_format(
                            self.row,
                            column,
                            number,
                            &self.formats.number,
                        )?
                    }
                    Cell::Blank => self
                        .sheet
                        .write_blank(self.row, column, &self.formats.text)?,
                };
            }
            self.row += 1;
        }
        Ok(())
    }

    /// A box for each office, two beside each other.
    fn seals(&mut self) -> Result<(), XlsxError> {
        self.row += 1;
        let half = self.last.div_ceil(2);
        let place = Seal::place(self.form.lang);
        for pair in self.form.seals.chunks(2) {
            let mut spans = [(0, half - 1), (half, self.last)];
            // the only one stands where one signs
            if self.form.seals.len() == 1 {
                spans.reverse();
            }
            for (seal, (from, to)) in pair.iter().zip(spans) {
                let signed = if seal.signed.is_empty() {
                    place.clone()
                } else {
                    format!("{}\n{place}", seal.signed)
                };
                let text = format!("{}\n{}\n{signed}", seal.office, seal.words);
                let bottom = self.row + BOX - 1;
                let format = &self.formats.seal;
                self.sheet
                    .merge_range(self.row, from, bottom, to, &text, format)?;
            }
            self.row += BOX;
        }
        Ok(())
    }
}
