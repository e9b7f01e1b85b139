//! Workbooks in the contract's format, written from scratch: the empty
//! template, and a register.

use super::guide::Both;
use super::out::Out;
use super::{guide, institution, out, place, rural_doctor, service, staff};
use crate::domain::column::{
    Column, Entry, FLAG, GRADES, InstitutionColumn, PersonColumn, PlaceColumn, RuralDoctorColumn,
    SheetKind, SpellColumn,
};
use crate::domain::ids::NationalId;
use crate::domain::register::Register;
use crate::domain::secret::Phone;
use crate::i18n::width::{height, lines};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Note, Workbook, Worksheet, XlsxError,
};

/// Row of the header, counted from 0: a title stands above it.
const HEADER: u32 = 1;
/// The last row that offers drop-downs, as Excel counts.
const LAST_OFFERED: u32 = 5000;
/// Digits of a column of explanations.
const TEXT_WIDTH: u32 = 60;
/// Paper sizes as the format numbers them.
const A3: u8 = 8;
const A4: u8 = 9;
const RED: Color = Color::RGB(0xC0_00_00);
const PALE: Color = Color::RGB(0xE8_EE_F4);

/// The workbook could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook could not be written: {0}")]
pub struct WriteError(#[from] pub(super) XlsxError);

/// An empty import workbook with drop-downs, notes and an explanation. The
/// same bytes every time.
pub fn template() -> Result<Vec<u8>, WriteError> {
    let mut book = new_book()?;
    explain(book.add_worksheet())?;
    for kind in SheetKind::ALL {
        lay_out(book.add_worksheet(), *kind)?;
    }
    Ok(book.save_to_buffer()?)
}

/// A register as an import workbook. What the workbook has no column for is
/// lost: places of practice that only the statistics export names.
pub fn write_register(register: &Register) -> Result<Vec<u8>, WriteError> {
    write_register_with(register, Numbers::Whole)
}

/// How identity and telephone numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    Whole,
    /// With the middle hidden: to be looked at, and not to be imported again.
    Masked,
}

/// A register as an import workbook, with whole or masked numbers.
pub fn write_register_with(register: &Register, numbers: Numbers) -> Result<Vec<u8>, WriteError> {
    let mut book = new_book()?;
    for kind in SheetKind::ALL {
        let sheet = book.add_worksheet();
        lay_out(sheet, *kind)?;
        fill(sheet, *kind, register, numbers)?;
    }
    Ok(book.save_to_buffer()?)
}

/// The date of making is fixed, so that the same data give the same bytes.
fn new_book() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    let properties = rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made);
    book.set_properties(&properties);
    Ok(book)
}

fn id(id: &NationalId, numbers: Numbers) -> Out {
    match numbers {
        Numbers::Whole => out::text(id),
        Numbers::Masked => out::text(id.masked()),
    }
}

/// An identity number with its middle hidden.
pub(super) fn masked_id(number: &NationalId) -> Out {
    id(number, Numbers::Masked)
}

/// A telephone number with its middle hidden.
pub(super) fn masked_mobile(mobile: &str) -> String {
    Phone::read(mobile).map_or_else(|_| "****".to_owned(), |phone| phone.masked())
}

fn fill(
    sheet: &mut Worksheet,
    kind: SheetKind,
    register: &Register,
    numbers: Numbers,
) -> Result<(), XlsxError> {
    let mut rows = RowWriter { sheet, row: HEADER };
    match kind {
        SheetKind::Institutions => {
            for one in &register.institutions {
                rows.write(InstitutionColumn::ALL, |c| institution::write(one, c))?;
            }
        }
        SheetKind::People => {
            for one in &register.people {
                let code = register.institutions.get(one.institution);
                let code = code.map_or("", |institution| institution.code.as_str());
                rows.write(PersonColumn::ALL, |c| match (c, numbers) {
                    (PersonColumn::Id, _) => id(&one.id, numbers),
                    (PersonColumn::Mobile, Numbers::Masked) => {
                        out::maybe(one.mobile.as_deref().map(masked_mobile))
                    }
                    _ => staff::write(one, code, c),
                })?;
            }
        }
        SheetKind::Spells => {
            for one in &register.people {
                for spell in one.history.spells() {
                    rows.write(SpellColumn::ALL, |c| match c {
                        SpellColumn::Id => id(&one.id, numbers),
                        _ => service::write(spell, one.id, c),
                    })?;
                }
            }
        }
        SheetKind::RuralDoctors => {
            for one in &register.rural_doctors {
                rows.write(RuralDoctorColumn::ALL, |c| match c {
                    RuralDoctorColumn::Id => id(&one.id, numbers),
                    _ => rural_doctor::write(one, c),
                })?;
            }
        }
        SheetKind::Places => {
            for one in &register.places {
                rows.write(PlaceColumn::ALL, |c| place::write(one, c))?;
            }
        }
    }
    Ok(())
}

struct RowWriter<'s> {
    sheet: &'s mut Worksheet,
    row: u32,
}

impl RowWriter<'_> {
    fn write<C: Copy>(&mut self, columns: &[C], value: impl Fn(C) -> Out) -> Result<(), XlsxError> {
        self.row += 1;
        for (at, column) in (0u16..).zip(columns) {
            match value(*column) {
                Out::Blank => {}
                Out::Text(text) => {
                    self.sheet.write_string(self.row, at, text)?;
                }
                Out::Number(number) => {
                    self.sheet.write_number(self.row, at, number)?;
                }
            }
        }
        Ok(())
    }
}

/// Title, headers with notes, formats and drop-downs of an empty sheet.
fn lay_out(sheet: &mut Worksheet, kind: SheetKind) -> Result<(), XlsxError> {
    sheet.set_name(kind.label())?;
    let columns = kind.columns();
    for (at, column) in (0u16..).zip(columns) {
        sheet.set_column_width(at, width(column))?;
        sheet.set_column_format(at, &Format::new().set_num_format(number_format(column)))?;
        sheet.write_string_with_format(HEADER, at, header(column), &header_format(column))?;
        sheet.insert_note(HEADER, at, &note(kind, column))?;
        if let Some(offer) = offer(column)? {
            sheet.add_data_validation(HEADER + 1, at, LAST_OFFERED - 1, at, &offer)?;
        }
    }
    let title = guide::title(kind);
    let title = format!("{}　{}", title.chinese, title.english);
    let last = u16::try_from(columns.len() - 1).unwrap_or(0);
    sheet.merge_range(0, 0, 0, last, &title, &title_format())?;
    sheet.set_row_height(0, 26)?;
    sheet.set_row_height(HEADER, 34)?;
    sheet.set_freeze_panes(HEADER + 1, 2)?;
    sheet.set_landscape();
    sheet.set_paper_size(A3);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEADER, HEADER)?;
    Ok(())
}

/// The first sheet: general rules, then every column.
fn explain(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(guide::NAME)?;
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (at, width) in [(0, 12), (1, 24), (2, TEXT_WIDTH), (3, TEXT_WIDTH)] {
        sheet.set_column_width(at, width)?;
    }
    let title = "填写说明　How to fill in this workbook";
    sheet.merge_range(0, 0, 0, 3, title, &title_format())?;
    let mut row = 1;
    for (number, rule) in (1u32..).zip(guide::rules()) {
        sheet.write_number_with_format(row, 0, number, &wrap)?;
        say(sheet, row, &rule, &wrap)?;
        row += 1;
    }
    // a gap between the rules and the columns
    row += 1;
    for kind in SheetKind::ALL {
        for column in kind.columns() {
            sheet.write_string_with_format(row, 0, kind.label(), &wrap)?;
            sheet.write_string_with_format(row, 1, header(column), &ink(column))?;
            say(sheet, row, &guide::column(*kind, column), &wrap)?;
            row += 1;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_paper_size(A4);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}

/// Both languages side by side, in a row high enough for either.
fn say(sheet: &mut Worksheet, row: u32, text: &Both, wrap: &Format) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, 2, &text.chinese, wrap)?;
    sheet.write_string_with_format(row, 3, &text.english, wrap)?;
    let width = f64::from(TEXT_WIDTH);
    let most = lines(&text.chinese, width).max(lines(&text.english, width));
    sheet.set_row_height(row, height(most))?;
    Ok(())
}

fn header(column: &Column) -> String {
    let mark = if column.required { "*" } else { "" };
    format!("{}{mark}", column.name)
}

fn note(kind: SheetKind, column: &Column) -> Note {
    let text = guide::column(kind, column);
    Note::new(format!("{}\n{}", text.chinese, text.english))
        .add_author_prefix(false)
        .set_width(280)
        .set_height(140)
}

/// What Excel offers or checks in the cells of a column. Months are left
/// free: there are too many right ways to write one.
fn offer(column: &Column) -> Result<Option<DataValidation>, XlsxError> {
    let new = DataValidation::new;
    let offer = match column.entry {
        Entry::Choice(words) => new().allow_list_strings(words)?,
        Entry::Flag => new().allow_list_strings(FLAG)?,
        Entry::Grade => new().allow_list_strings(GRADES)?,
        Entry::Count => new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0)),
        Entry::NationalId => new().allow_text_length(DataValidationRule::EqualTo(18)),
        Entry::Text | Entry::Month | Entry::EndMonth | Entry::Place(_) => return Ok(None),
    };
    Ok(Some(offer))
}

/// Everything but counts is text, lest Excel turn codes into numbers and
/// months into dates.
fn number_format(column: &Column) -> &'static str {
    match column.entry {
        Entry::Count => "0",
        _ => "@",
    }
}

fn width(column: &Column) -> f64 {
    let header = column.name.chars().count() as f64 * 2.0 + 3.0;
    let content: f64 = match column.entry {
        Entry::NationalId => 22.0,
        Entry::Text | Entry::Place(_) => 16.0,
        Entry::Choice(words) => {
            let longest = words.iter().map(|word| word.chars().count()).max();
            longest.unwrap_or(0) as f64 * 2.0 + 4.0
        }
        Entry::Month | Entry::EndMonth => 11.0,
        Entry::Flag | Entry::Count | Entry::Grade => 9.0,
    };
    content.max(header.min(16.0))
}

fn ink(column: &Column) -> Format {
    let color = if column.required { RED } else { Color::Black };
    Format::new()
        .set_font_color(color)
        .set_align(FormatAlign::Top)
}

fn header_format(column: &Column) -> Format {
    ink(column)
        .set_bold()
        .set_background_color(PALE)
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

fn title_format() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(14)
        .set_align(FormatAlign::Left)
        .set_align(FormatAlign::VerticalCenter)
}
