//! Workbooks from lines of text, so that a fuzzer that changes characters
//! changes cells and never the zip around them:
//!
//! ```text
//! #人员               a sheet of that name
//! @人员               all headers of a sheet (@export: of the statistics export)
//! a<TAB>n:12          a row: text, or a value of the type before the colon
//! >500                the next row is row 500
//! !A2:A5              a merged cell
//! %1904               days are counted from 1904
//! ```

use dinggang::domain::column::{Column, ExportColumn, SheetKind};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const SHEETS: usize = 12;
const ROWS: usize = 200;
const COLUMNS: usize = 64;
const LAST_ROW: u32 = 1_048_576;

/// What a workbook is to hold.
#[derive(Debug, Default)]
pub struct Book {
    pub sheets: Vec<Sheet>,
    from_1904: bool,
}

/// One sheet.
#[derive(Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Row>,
    pub merges: Vec<String>,
}

/// One row; as Excel counts.
#[derive(Debug)]
pub struct Row {
    pub number: u32,
    /// It was written as `@…`.
    pub headers_of: Option<String>,
    pub cells: Vec<Cell>,
}

/// A cell of each type that a file may hold.
#[derive(Debug)]
pub enum Cell {
    Blank,
    Text(String),
    Shared(String),
    Formula(String),
    Iso(String),
    Error(String),
    Number(f64),
    Date(f64),
    Bool(bool),
}

impl Book {
    /// Reads the lines; what cannot be is left out.
    pub fn read(text: &str) -> Self {
        let mut book = Self::default();
        let mut next_row = 1;
        for line in text.lines() {
            match line.split_at_checked(1) {
                Some(("#", name)) => {
                    next_row = 1;
                    book.add_sheet(name);
                    continue;
                }
                Some(("%", "1904")) => {
                    book.from_1904 = true;
                    continue;
                }
                _ => {}
            }
            let Some(sheet) = book.sheets.last_mut() else {
                continue;
            };
            match line.split_at_checked(1) {
                Some((">", number)) => {
                    let number = number.parse().ok().filter(|n| *n <= LAST_ROW);
                    next_row = next_row.max(number.unwrap_or(0));
                }
                Some(("!", range)) => sheet.merges.push(range.to_owned()),
                _ if sheet.rows.len() >= ROWS || next_row > LAST_ROW => {}
                _ => {
                    sheet.rows.push(Row::read(next_row, line));
                    next_row += 1;
                }
            }
        }
        book
    }

    fn add_sheet(&mut self, name: &str) {
        let known = self.sheets.iter().any(|sheet| sheet.name == name);
        if !known && self.sheets.len() < SHEETS {
            self.sheets.push(Sheet {
                name: name.to_owned(),
                ..Sheet::default()
            });
        }
    }

    /// The workbook as a file.
    pub fn xlsx(&self) -> Vec<u8> {
        const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        let mut shared = Vec::new();
        let (mut tabs, mut targets) = (String::new(), String::new());
        let mut parts = Vec::new();
        for (number, sheet) in (1..).zip(&self.sheets) {
            let name = escaped(&sheet.name);
            let _ = write!(
                tabs,
                r#"<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>"#
            );
            let _ = write!(
                targets,
                r#"<Relationship Id="r{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>"#
            );
            let path = format!("xl/worksheets/sheet{number}.xml");
            parts.push((path, sheet.xml(&mut shared)));
        }
        for (kind, part) in [("styles", "styles"), ("sharedStrings", "sharedStrings")] {
            let _ = write!(
                targets,
                r#"<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{part}.xml"/>"#
            );
        }
        let epoch = if self.from_1904 {
            r#"<workbookPr date1904="1"/>"#
        } else {
            ""
        };
        let strings: String = shared
            .iter()
            .map(|s| format!("<si>{}</si>", text(s)))
            .collect();
        let mut all = vec![
            ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
            (
                "_rels/.rels".to_owned(),
                format!(
                    r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml".to_owned(),
                format!(
                    r#"<workbook xmlns:r="{OFFICE}">{epoch}<sheets>{tabs}</sheets></workbook>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels".to_owned(),
                format!(r#"<Relationships xmlns="{PACKAGE}">{targets}</Relationships>"#),
            ),
            ("xl/styles.xml".to_owned(), STYLES.to_owned()),
            (
                "xl/sharedStrings.xml".to_owned(),
                format!("<sst>{strings}</sst>"),
            ),
        ];
        all.extend(parts);
        zip(&all)
    }
}

const STYLES: &str = r#"<styleSheet><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="57"/></cellXfs></styleSheet>"#;

/// A zip of these parts, not packed.
pub fn zip<B: AsRef<[u8]>>(parts: &[(String, B)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        // a name given twice is refused; the other parts still make a file
        if zip.start_file(name.as_str(), options).is_ok() {
            let _ = zip.write_all(bytes.as_ref());
        }
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

impl Sheet {
    fn xml(&self, shared: &mut Vec<String>) -> String {
        let mut xml = String::from("<worksheet><sheetData>");
        for row in &self.rows {
            let _ = write!(xml, r#"<row r="{}">"#, row.number);
            for (column, cell) in row.cells.iter().enumerate() {
                cell.write(&mut xml, &reference(column, row.number), shared);
            }
            xml += "</row>";
        }
        xml += "</sheetData>";
        if !self.merges.is_empty() {
            xml += "<mergeCells>";
            for range in &self.merges {
                let _ = write!(xml, r#"<mergeCell ref="{}"/>"#, escaped(range));
            }
            xml += "</mergeCells>";
        }
        xml + "</worksheet>"
    }

    /// The rows that can be nothing but records: below complete headers in row
    /// 1, nothing merged, and beginning with a plain word.
    pub fn records(&self, table: &str) -> Vec<u32> {
        let mut rows = self.rows.iter();
        let header = rows.next().and_then(|row| row.headers_of.as_deref());
        let plain = self.merges.is_empty() && rows.clone().all(|row| row.headers_of.is_none());
        if header != Some(table) || !plain {
            return Vec::new();
        }
        let begins_plainly = |row: &&Row| match row.cells.first() {
            Some(Cell::Text(text) | Cell::Shared(text)) => {
                !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric())
            }
            _ => false,
        };
        rows.filter(begins_plainly).map(|row| row.number).collect()
    }
}

impl Row {
    fn read(number: u32, line: &str) -> Self {
        let headers = line
            .strip_prefix('@')
            .and_then(|name| Some((name, table(name)?)));
        if let Some((name, columns)) = headers {
            return Self {
                number,
                headers_of: Some(name.to_owned()),
                cells: columns
                    .iter()
                    .map(|c| Cell::Text(c.name.to_owned()))
                    .collect(),
            };
        }
        Self {
            number,
            headers_of: None,
            cells: line.split('\t').take(COLUMNS).map(Cell::read).collect(),
        }
    }
}

fn table(name: &str) -> Option<&'static [Column]> {
    match name {
        "export" => Some(ExportColumn::TABLE),
        label => SheetKind::from_label(label).map(SheetKind::columns),
    }
}

impl Cell {
    fn read(written: &str) -> Self {
        let number = |value: &str| value.parse::<f64>().ok().filter(|n| n.is_finite());
        let typed = match written.split_at_checked(2) {
            Some(("n:", value)) => number(value).map(Self::Number),
            Some(("d:", value)) => number(value).map(Self::Date),
            Some(("s:", value)) => Some(Self::Shared(value.to_owned())),
            Some(("f:", value)) => Some(Self::Formula(value.to_owned())),
            Some(("i:", value)) => Some(Self::Iso(value.to_owned())),
            Some(("e:", value)) => Some(Self::Error(value.to_owned())),
            Some(("b:", value)) => Some(Self::Bool(value == "1")),
            _ if written.is_empty() => Some(Self::Blank),
            _ => None,
        };
        typed.unwrap_or_else(|| Self::Text(written.to_owned()))
    }

    fn write(&self, xml: &mut String, at: &str, shared: &mut Vec<String>) {
        let mut value = |kind: &str, value: &str| {
            let _ = write!(xml, r#"<c r="{at}"{kind}><v>{value}</v></c>"#);
        };
        match self {
            Self::Blank => {}
            Self::Text(written) => {
                let _ = write!(
                    xml,
                    r#"<c r="{at}" t="inlineStr"><is>{}</is></c>"#,
                    text(written)
                );
            }
            Self::Shared(text) => {
                value(r#" t="s""#, &shared.len().to_string());
                shared.push(text.clone());
            }
            Self::Formula(text) => value(r#" t="str""#, &escaped(text)),
            Self::Iso(text) => value(r#" t="d""#, &escaped(text)),
            Self::Error(text) => value(r#" t="e""#, &escaped(text)),
            Self::Number(number) => value("", &number.to_string()),
            Self::Date(number) => value(r#" s="1""#, &number.to_string()),
            Self::Bool(yes) => value(r#" t="b""#, if *yes { "1" } else { "0" }),
        }
    }
}

fn text(text: &str) -> String {
    format!(r#"<t xml:space="preserve">{}</t>"#, escaped(text))
}

/// As XML and Excel write it: characters that XML cannot hold as `_x0001_`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            c if c.is_control() || c == '\u{FFFE}' || c == '\u{FFFF}' => {
                let _ = write!(out, "_x{:04X}_", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn reference(column: usize, row: u32) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    match column.checked_div(26).and_then(|n| n.checked_sub(1)) {
        Some(first) => format!("{}{}{row}", letter(first), letter(column)),
        None => format!("{}{row}", letter(column)),
    }
}
