//! The sheet room from outside: workbooks are made, read and looked at.

mod corrected;
mod differential;
mod export;
mod faults;
mod hostile;
mod other_formats;
mod returned;
mod round_trip;
mod samples;
mod warnings;

use super::{Input, Reading, read};
use crate::domain::column::{ColumnSet, SheetKind};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::io::{Cursor, Write};

/// The day of all tests.
const TODAY: (i32, u32, u32) = (2026, 11, 22);

/// A cell to be written.
#[derive(Clone, Debug)]
enum Is {
    Blank,
    Text(String),
    Number(f64),
    Date(u16, u8, u8),
    Error(&'static str),
}

impl From<&str> for Is {
    fn from(text: &str) -> Self {
        if text.is_empty() {
            Self::Blank
        } else {
            Self::Text(text.to_owned())
        }
    }
}

impl From<String> for Is {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<f64> for Is {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

type Cells = Vec<Is>;

fn cells<const N: usize>(cells: [&str; N]) -> Cells {
    cells.into_iter().map(Is::from).collect()
}

/// A row of a sheet with the columns named filled and the others blank.
fn row<C: ColumnSet>(filled: &[(C, Is)]) -> Cells {
    let mut cells = vec![Is::Blank; C::table().len()];
    for (column, is) in filled {
        cells[column.position()] = is.clone();
    }
    cells
}

fn headers(kind: SheetKind) -> Cells {
    kind.columns().iter().map(|c| Is::from(c.name)).collect()
}

/// A workbook: the name and rows of each sheet, the first row in row 1.
fn workbook(sheets: &[(&str, Vec<Cells>)]) -> Vec<u8> {
    workbook_with(sheets, |_, _| {})
}

fn workbook_with(
    sheets: &[(&str, Vec<Cells>)],
    mut finish: impl FnMut(&str, &mut Worksheet),
) -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"");
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (r, cells) in (0u32..).zip(rows) {
            for (c, cell) in (0u16..).zip(cells) {
                match cell {
                    Is::Blank => {}
                    Is::Text(text) => drop(sheet.write_string(r, c, text).unwrap()),
                    Is::Number(number) => drop(sheet.write_number(r, c, *number).unwrap()),
                    Is::Date(y, m, d) => {
                        let day = ExcelDateTime::from_ymd(*y, *m, *d).unwrap();
                        sheet.write_datetime_with_format(r, c, &day, &date).unwrap();
                    }
                    Is::Error(error) => {
                        let formula = Formula::new("=1/0").set_result(*error);
                        sheet.write_formula(r, c, formula).unwrap();
                    }
                }
            }
        }
        finish(name, sheet);
    }
    book.save_to_buffer().unwrap()
}

/// A workbook whose sheets have their header in row 1.
fn with_headers(sheets: &[(SheetKind, Vec<Cells>)]) -> Vec<u8> {
    let sheets: Vec<_> = sheets
        .iter()
        .map(|(kind, rows)| {
            let all = std::iter::once(headers(*kind)).chain(rows.iter().cloned());
            (kind.label(), all.collect())
        })
        .collect();
    workbook(&sheets)
}

fn input(name: &str, bytes: Vec<u8>) -> Input {
    Input {
        name: name.to_owned(),
        bytes,
    }
}

fn read_one(bytes: Vec<u8>) -> Reading {
    read(&[input("a.xlsx", bytes)], TODAY, &|_| {})
}

/// `sheet row column code` of each fault.
fn faults(reading: &Reading) -> Vec<String> {
    let faults = reading.faults.iter().map(|fault| {
        let sheet = &reading.register.source(fault.origin).unwrap().sheet;
        let (row, column, code) = (fault.origin.row, &fault.column, fault.code.key());
        format!("{sheet} {row} {column} {code}")
    });
    faults.collect()
}

fn warnings(reading: &Reading) -> Vec<String> {
    let warnings = reading.warnings.iter().map(|warning| {
        let sheet = &reading.register.source(warning.origin).unwrap().sheet;
        let (row, column, code) = (warning.origin.row, &warning.column, warning.code.key());
        format!("{sheet} {row} {column} {code}")
    });
    warnings.collect()
}

/// A valid identity number: odd numbers are men, even ones women.
fn id(number: u32) -> String {
    let birth = format!(
        "{}{:02}{:02}",
        1970 + number / 300 % 30,
        1 + number % 12,
        1 + number % 28
    );
    let stem = format!("150199{birth}{:03}", 2 * (number / 2 % 500) + number % 2);
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'X']
        .into_iter()
        .map(|check| format!("{stem}{check}"))
        .find(|id| crate::domain::ids::NationalId::read(id).is_ok())
        .unwrap()
}

fn institution(code: &str) -> Cells {
    use crate::domain::column::InstitutionColumn as C;
    row(&[
        (C::Code, code.into()),
        (C::Name, format!("{code}卫生院").into()),
        (C::Kind, "乡镇卫生院".into()),
        (C::Area, "150199101".into()),
    ])
}

fn person(number: u32, institution: &str) -> Cells {
    use crate::domain::column::PersonColumn as C;
    row(&[
        (C::Id, id(number).into()),
        (C::Name, "示例".into()),
        (C::Institution, institution.into()),
        (C::Employment, "编内".into()),
        (C::Category, "专业技术".into()),
    ])
}

fn spell(number: u32) -> Cells {
    use crate::domain::column::SpellColumn as C;
    row(&[
        (C::Id, id(number).into()),
        (C::Start, "2001-07".into()),
        (C::Employer, "某卫生院".into()),
        (C::Kind, "乡镇卫生院".into()),
    ])
}

/// A row with some cells changed.
fn but<C: ColumnSet>(mut cells: Cells, changes: &[(C, Is)]) -> Cells {
    for (column, is) in changes {
        cells[column.position()] = is.clone();
    }
    cells
}

/// A zip of the parts given.
fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An xlsx of raw sheet parts: name and XML of each sheet, and further parts.
fn raw(sheets: &[(&str, String)], more: &[(&str, &[u8])]) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relationships = |inner: String| {
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>"#
        )
    };
    let mut tabs = String::new();
    let mut targets = String::new();
    for (n, (name, _)) in sheets.iter().enumerate() {
        tabs += &format!(r#"<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>"#);
        targets += &format!(
            r#"<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>"#
        );
    }
    for (kind, part) in [("styles", "styles"), ("sharedStrings", "sharedStrings")] {
        targets += &format!(
            r#"<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="/xl/{part}.xml"/>"#
        );
    }
    let book = format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}"><sheets>{tabs}</sheets></workbook>"#
    );
    let root = relationships(format!(
        r#"<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>"#
    ));
    let targets = relationships(targets);
    let names: Vec<String> = (0..sheets.len())
        .map(|n| format!("xl/worksheets/sheet{n}.xml"))
        .collect();
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", targets.as_bytes()),
    ];
    for (name, (_, xml)) in names.iter().zip(sheets) {
        parts.push((name, xml.as_bytes()));
    }
    parts.extend(more);
    zip(&parts)
}

/// The XML of a sheet around its rows.
fn sheet_xml(rows: &str, after: &str) -> String {
    format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>{after}</worksheet>"#
    )
}

/// The XML of a row of text cells.
fn row_xml(number: u32, texts: &[&str]) -> String {
    let cells: String = (b'A'..)
        .zip(texts)
        .map(|(letter, text)| {
            let letter = char::from(letter);
            format!(r#"<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>"#)
        })
        .collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}
