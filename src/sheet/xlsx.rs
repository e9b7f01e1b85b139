//! What an xlsx is made of: the strings its cells share, the formats that make
//! numbers dates, and the cells of its sheets as a stream (ECMA-376, 18.3–18.8).

use super::grid::{Source, Value, split_reference};
use super::markup::{Scanner, Token, attributes, push_text};
use super::package::{Archive, Package, SheetPart, Workbook, refusal};
use super::refusal::Refusal;
use calamine::{ExcelDateTime, ExcelDateTimeType};
use std::collections::HashMap;
use std::io::Read;

/// A workbook but for its sheets' cells, which are read when asked for.
pub(super) struct Xlsx<'b> {
    archive: Archive<'b>,
    workbook: Workbook,
    strings: Strings,
    formats: Formats,
}

impl<'b> Xlsx<'b> {
    pub(super) fn open(package: Package<'b>) -> Result<Self, Refusal> {
        let workbook = package.workbook()?;
        let mut archive = package.archive;
        let mut strings = Strings::default();
        if let Some(path) = &workbook.strings {
            strings = Strings::read(archive.by_name(path).map_err(refusal)?)?;
        }
        let mut formats = Formats::default();
        if let Some(path) = &workbook.styles {
            formats = Formats::read(archive.by_name(path).map_err(refusal)?)?;
        }
        Ok(Self {
            archive,
            workbook,
            strings,
            formats,
        })
    }

    pub(super) fn sheets(&self) -> &[SheetPart] {
        &self.workbook.sheets
    }

    /// Hands the cells of a sheet to `visit`; several sheets may be read at once.
    pub(super) fn cells<T>(
        &self,
        sheet: &SheetPart,
        visit: impl FnOnce(&mut dyn Source) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut archive = self.archive.clone();
        let part = archive.by_name(&sheet.path).map_err(refusal)?;
        visit(&mut Cells {
            xlsx: self,
            scanner: Scanner::new(part),
            in_data: false,
            next_row: 1,
            next_column: 0,
            text: String::new(),
        })
    }
}

/// All shared strings, one behind the other.
#[derive(Default)]
struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    fn read(part: impl Read) -> Result<Self, Refusal> {
        let mut scanner = Scanner::new(part);
        let mut strings = Self::default();
        let mut rich = Rich::default();
        while let Some(token) = scanner.next()? {
            rich.take(token, &mut strings.text)?;
            match token {
                Token::Close { name: b"si" }
                | Token::Open {
                    name: b"si",
                    empty: true,
                    ..
                } => strings.ends.push(strings.text.len()),
                _ => {}
            }
        }
        Ok(strings)
    }

    fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }
}

/// Text in `<t>`, in one run or several, without the pronunciation (`<rPh>`).
#[derive(Default)]
struct Rich {
    in_text: bool,
    in_phonetic: bool,
    /// Any `<t>` has been met.
    met: bool,
}

impl Rich {
    fn take(&mut self, token: Token<'_>, out: &mut String) -> Result<(), Refusal> {
        match token {
            Token::Open {
                name: b"t", empty, ..
            } => {
                self.in_text = !empty && !self.in_phonetic;
                self.met = true;
            }
            Token::Open {
                name: b"rPh",
                empty,
                ..
            } => self.in_phonetic = !empty,
            Token::Close { name: b"t" } => self.in_text = false,
            Token::Close { name: b"rPh" } => self.in_phonetic = false,
            Token::Text { bytes, escaped } if self.in_text => push_text(bytes, escaped, out)?,
            _ => {}
        }
        Ok(())
    }
}

/// Which cell formats show a number as a date.
#[derive(Default)]
struct Formats {
    dates: Vec<bool>,
}

impl Formats {
    fn read(part: impl Read) -> Result<Self, Refusal> {
        let mut scanner = Scanner::new(part);
        let mut own: HashMap<String, bool> = HashMap::new();
        let mut formats = Self::default();
        let mut in_cell_formats = false;
        while let Some(token) = scanner.next()? {
            match token {
                Token::Open {
                    name: b"numFmt",
                    attributes,
                    ..
                } => {
                    let code = attribute(attributes, b"formatCode")?;
                    own.insert(attribute(attributes, b"numFmtId")?, shows_date(&code));
                }
                Token::Open {
                    name: b"cellXfs",
                    empty,
                    ..
                } => in_cell_formats = !empty,
                Token::Close { name: b"cellXfs" } => in_cell_formats = false,
                Token::Open {
                    name: b"xf",
                    attributes,
                    ..
                } if in_cell_formats => {
                    let id = attribute(attributes, b"numFmtId")?;
                    let date = own.get(&id).copied();
                    formats
                        .dates
                        .push(date.unwrap_or_else(|| is_builtin_date(&id)));
                }
                _ => {}
            }
        }
        Ok(formats)
    }

    fn is_date(&self, style: usize) -> bool {
        self.dates.get(style).copied().unwrap_or(false)
    }
}

/// The value of an attribute; empty when there is none.
fn attribute(list: &[u8], wanted: &[u8]) -> Result<String, Refusal> {
    let mut value = String::new();
    if let Some((_, written)) = attributes(list).find(|(name, _)| *name == wanted) {
        push_text(written, true, &mut value)?;
    }
    Ok(value)
}

/// Formats that need no definition; 27 to 36 and 50 to 58 are the dates of
/// Chinese, Japanese and Korean Excel (`yyyy"年"m"月"` is 57).
fn is_builtin_date(id: &str) -> bool {
    matches!(id.parse(), Ok(14..=22 | 27..=36 | 45 | 47 | 50..=58))
}

/// Whether the first section of a format code has a letter of dates outside
/// quotes, escapes and brackets. Durations (`[h]:mm`) are left to be numbers.
fn shows_date(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => return false,
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '\\' | '_' | '*' => drop(chars.next()),
            '[' => {
                let bracket: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if is_duration(&bracket) {
                    return false;
                }
            }
            'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' => return true,
            _ => {}
        }
    }
    false
}

/// `h`, `mm`, `ss`: one letter, once or more.
fn is_duration(bracket: &str) -> bool {
    let same =
        |letter| !bracket.is_empty() && bracket.chars().all(|c| c.eq_ignore_ascii_case(&letter));
    ['h', 'm', 's'].into_iter().any(same)
}

/// The cells of one sheet.
struct Cells<'x, R> {
    xlsx: &'x Xlsx<'x>,
    scanner: Scanner<R>,
    in_data: bool,
    /// Where the next row and cell lie unless they say so.
    next_row: u32,
    next_column: u32,
    text: String,
}

/// What a cell's type attribute says its value is.
#[derive(Clone, Copy)]
enum Holds {
    Number,
    Shared,
    /// Text in `<is>`.
    Inline,
    /// Text in `<v>`: a formula's, or a date of ISO 8601.
    Text,
    Bool,
    Error,
}

/// The opening tag of a cell.
struct Opening {
    row: u32,
    column: u32,
    style: usize,
    holds: Holds,
}

impl<R: Read> Source for Cells<'_, R> {
    fn next(&mut self) -> Result<Option<(u32, u32, Value<'_>)>, Refusal> {
        let Some(opening) = self.find_cell()? else {
            return Ok(None);
        };
        let holds = self.read_content(opening.holds)?;
        let value = self.value(holds, opening.style)?;
        Ok(Some((opening.row, opening.column, value)))
    }
}

impl<R: Read> Cells<'_, R> {
    /// Goes on to the next cell that is not closed at once.
    fn find_cell(&mut self) -> Result<Option<Opening>, Refusal> {
        while let Some(token) = self.scanner.next()? {
            match token {
                Token::Open {
                    name: b"c",
                    attributes,
                    empty,
                } if self.in_data => {
                    let opening = opening(attributes, self.next_row, self.next_column)?;
                    self.next_column = opening.column + 1;
                    if !empty {
                        return Ok(Some(opening));
                    }
                }
                Token::Open {
                    name: b"row",
                    attributes: list,
                    ..
                } if self.in_data => {
                    if let Some((_, number)) = attributes(list).find(|(name, _)| *name == b"r") {
                        self.next_row = number_of(number).ok_or(Refusal::Damaged)?;
                    }
                    self.next_column = 0;
                }
                Token::Close { name: b"row" } => self.next_row = self.next_row.saturating_add(1),
                Token::Open {
                    name: b"sheetData",
                    empty,
                    ..
                } => self.in_data = !empty,
                Token::Close { name: b"sheetData" } => return Ok(None),
                _ => {}
            }
        }
        if self.in_data {
            Err(Refusal::Damaged)
        } else {
            Ok(None)
        }
    }

    /// Reads up to the cell's end. Text in runs counts, whatever the type says.
    fn read_content(&mut self, holds: Holds) -> Result<Holds, Refusal> {
        self.text.clear();
        let mut rich = Rich::default();
        let mut in_value = false;
        loop {
            match self.scanner.next()?.ok_or(Refusal::Damaged)? {
                Token::Close { name: b"c" } => break,
                Token::Open {
                    name: b"v", empty, ..
                } => in_value = !empty,
                Token::Close { name: b"v" } => in_value = false,
                Token::Text { bytes, escaped } if in_value => {
                    if !matches!(holds, Holds::Inline) {
                        push_text(bytes, escaped, &mut self.text)?;
                    }
                }
                token => rich.take(token, &mut self.text)?,
            }
        }
        Ok(if rich.met { Holds::Inline } else { holds })
    }

    fn value(&self, holds: Holds, style: usize) -> Result<Value<'_>, Refusal> {
        let text = self.text.as_str();
        let bare = text.trim_ascii();
        Ok(match holds {
            Holds::Inline | Holds::Text => Value::Text(text),
            _ if bare.is_empty() => Value::Blank,
            Holds::Error => Value::Error(&self.text),
            Holds::Bool => match bare {
                "1" | "true" => Value::Bool(true),
                "0" | "false" => Value::Bool(false),
                _ => Value::Text(text),
            },
            Holds::Shared => {
                let number = bare.parse().map_err(|_| Refusal::Damaged)?;
                let string = self.xlsx.strings.get(number);
                Value::Text(string.ok_or(Refusal::Damaged)?)
            }
            Holds::Number => match bare.parse() {
                Ok(number) if self.xlsx.formats.is_date(style) => Value::Date(self.date(number)),
                Ok(number) => Value::Number(number),
                Err(_) => Value::Text(text),
            },
        })
    }

    fn date(&self, serial: f64) -> ExcelDateTime {
        let kind = ExcelDateTimeType::DateTime;
        ExcelDateTime::new(serial, kind, self.xlsx.workbook.from_1904)
    }
}

fn opening(list: &[u8], row: u32, column: u32) -> Result<Opening, Refusal> {
    let mut opening = Opening {
        row,
        column,
        style: 0,
        holds: Holds::Number,
    };
    for (name, value) in attributes(list) {
        match name {
            b"r" => {
                let place = split_reference(value).ok_or(Refusal::Damaged)?;
                (opening.column, opening.row) = place;
            }
            b"s" => opening.style = number_of(value).map_or(0, |style| style as usize),
            b"t" => {
                opening.holds = match value {
                    b"s" => Holds::Shared,
                    b"inlineStr" => Holds::Inline,
                    b"b" => Holds::Bool,
                    b"e" => Holds::Error,
                    b"n" => Holds::Number,
                    _ => Holds::Text,
                }
            }
            _ => {}
        }
    }
    Ok(opening)
}

fn number_of(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
