//! Small changes to the XML of a sheet and of the styles, everything else left
//! byte for byte: places of change are found by reading events, then cut into
//! the text.

use super::refusal::Refusal;
use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::ops::Range;

/// The column that a sheet is to get.
pub(super) struct Addition {
    /// Position, counted from 0.
    pub column: u32,
    /// Row of the header, as Excel shows it; what stands in the column below it
    /// is from an earlier time and goes.
    pub header: u32,
    /// Text by row.
    pub cells: BTreeMap<u32, String>,
}

/// Cells of one row that are written otherwise.
pub(super) struct Correction {
    /// As Excel shows it.
    pub row: u32,
    /// New text by column, counted from 0; empty = blank.
    pub cells: BTreeMap<u32, String>,
}

/// Positions of the two formats that an [`Addition`] uses.
#[derive(Clone, Copy)]
pub(super) struct Formats {
    pub header: usize,
    pub reason: usize,
}

/// Width of the new column, in characters.
const WIDTH: u32 = 44;

/// Pieces of a text to be replaced, in order.
#[derive(Default)]
struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    fn replace(&mut self, range: Range<usize>, with: impl Into<String>) {
        self.0.push((range, with.into()));
    }

    fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    fn apply(mut self, text: &str) -> Result<String, Refusal> {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(text.len() + 4096);
        let mut done = 0;
        for (range, with) in self.0 {
            out.push_str(text.get(done..range.start).ok_or(Refusal::Damaged)?);
            out.push_str(&with);
            done = range.end;
        }
        out.push_str(text.get(done..).ok_or(Refusal::Damaged)?);
        Ok(out)
    }
}

/// Adds the column to the XML of a sheet.
pub(super) fn sheet(
    xml: &str,
    addition: &Addition,
    formats: Option<Formats>,
) -> Result<String, Refusal> {
    let mut patch = SheetPatch {
        xml,
        addition,
        formats,
        edits: Edits::default(),
        has_widths: false,
        width_done: false,
        row: 0,
        next_column: 0,
        pending: None,
        dropping: None,
    };
    let mut reader = reader(xml);
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|_| Refusal::Damaged)?;
        let span = start..position(&reader);
        match event {
            Event::Start(e) => patch.open(&e, span, false)?,
            Event::Empty(e) => patch.open(&e, span, true)?,
            Event::End(e) => patch.close(e.local_name().as_ref(), span),
            Event::Eof => break,
            _ => {}
        }
    }
    patch.edits.apply(xml)
}

struct SheetPatch<'a> {
    xml: &'a str,
    addition: &'a Addition,
    formats: Option<Formats>,
    edits: Edits,
    has_widths: bool,
    /// The new column's own width has been written.
    width_done: bool,
    row: u32,
    /// Where the next cell lies unless it says otherwise.
    next_column: u32,
    /// The cell that this row still has to get.
    pending: Option<String>,
    /// Where a cell that goes began.
    dropping: Option<usize>,
}

impl SheetPatch<'_> {
    fn open(&mut self, e: &BytesStart<'_>, span: Range<usize>, empty: bool) -> Result<(), Refusal> {
        match e.local_name().as_ref() {
            "dimension" => self.dimension(e, span),
            "cols" => self.has_widths = true,
            "col" => self.width_of_others(e, span),
            "sheetData" if !self.has_widths => {
                let prefix = prefix(e);
                let width = self.width(prefix);
                let widths = format!("<{prefix}cols>{width}</{prefix}cols>");
                self.edits.insert(span.start, widths);
            }
            "row" => self.begin_row(e, span, empty)?,
            "c" => self.cell(e, span, empty),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str, span: Range<usize>) {
        match name {
            "cols" => {
                let closing = self.xml.get(span.clone()).unwrap_or_default();
                let prefix = closing.trim_start_matches("</").split_once("cols");
                if !self.width_done {
                    let width = self.width(prefix.map_or("", |(prefix, _)| prefix));
                    self.edits.insert(span.start, width);
                }
            }
            "c" => {
                if let Some(start) = self.dropping.take() {
                    self.edits.replace(start..span.end, "");
                }
            }
            "row" => {
                if let Some(cell) = self.pending.take() {
                    self.edits.insert(span.start, cell);
                }
            }
            _ => {}
        }
    }

    fn dimension(&mut self, e: &BytesStart<'_>, span: Range<usize>) {
        let Some(area) = attribute(e, "ref") else {
            return;
        };
        let (from, to) = area.split_once(':').unwrap_or((&area, &area));
        let Some((last, row)) = super::grid::split_reference(to.as_bytes()) else {
            return;
        };
        if last < self.addition.column {
            let to = reference(self.addition.column, row);
            self.set(span, "ref", &format!("{from}:{to}"));
        }
    }

    /// The width of other columns: in order, and never covering the new one.
    fn width_of_others(&mut self, e: &BytesStart<'_>, span: Range<usize>) {
        let number = |name| attribute(e, name).and_then(|n| n.parse::<u32>().ok());
        let (Some(min), Some(max)) = (number("min"), number("max")) else {
            return;
        };
        let own = self.addition.column + 1;
        if max < own || self.width_done {
            return;
        }
        self.width_done = true;
        let tag = self.xml.get(span.clone()).unwrap_or_default();
        let part = |min: u32, max: u32| {
            let tag = with_attribute(tag, "min", &min.to_string());
            with_attribute(&tag, "max", &max.to_string())
        };
        let before = if min < own {
            part(min, own - 1)
        } else {
            String::new()
        };
        let after = if own < max {
            part(min.max(own + 1), max)
        } else {
            String::new()
        };
        let width = self.width(prefix(e));
        self.edits.replace(span, format!("{before}{width}{after}"));
    }

    fn width(&self, prefix: &str) -> String {
        let own = self.addition.column + 1;
        format!(r#"<{prefix}col min="{own}" max="{own}" width="{WIDTH}" customWidth="1"/>"#)
    }

    fn begin_row(
        &mut self,
        e: &BytesStart<'_>,
        span: Range<usize>,
        empty: bool,
    ) -> Result<(), Refusal> {
        let stated = attribute(e, "r").map(|r| r.parse().map_err(|_| Refusal::Damaged));
        self.row = stated.transpose()?.unwrap_or(self.row.saturating_add(1));
        self.next_column = 0;
        let Some(text) = self.addition.cells.get(&self.row) else {
            return Ok(());
        };
        let cell = self.new_cell(prefix(e), text);
        if empty {
            let tag = self.xml.get(span.clone()).unwrap_or_default();
            let open = tag.trim_end_matches('>').trim_end_matches('/');
            let name = e.name();
            let row = format!("{open}>{cell}</{}>", name.as_ref());
            self.edits.replace(span, row);
            return Ok(());
        }
        self.pending = Some(cell);
        if let Some(spans) = attribute(e, "spans") {
            let from = spans.split(':').next().unwrap_or("1").to_owned();
            let to = self.addition.column + 1;
            self.set(span, "spans", &format!("{from}:{to}"));
        }
        Ok(())
    }

    fn cell(&mut self, e: &BytesStart<'_>, span: Range<usize>, empty: bool) {
        let stated = attribute(e, "r").and_then(|r| super::grid::split_reference(r.as_bytes()));
        let column = stated.map_or(self.next_column, |(column, _)| column);
        self.next_column = column + 1;
        let own = self.addition.column;
        if column >= own
            && let Some(cell) = self.pending.take()
        {
            self.edits.insert(span.start, cell);
        }
        if column == own && self.row >= self.addition.header {
            if empty {
                self.edits.replace(span, "");
            } else {
                self.dropping = Some(span.start);
            }
        }
    }

    fn new_cell(&self, prefix: &str, text: &str) -> String {
        let place = reference(self.addition.column, self.row);
        let is_header = self.row == self.addition.header;
        let format = self.formats.map_or_else(String::new, |formats| {
            let format = if is_header {
                formats.header
            } else {
                formats.reason
            };
            format!(r#" s="{format}""#)
        });
        inline(prefix, &place, &format, text)
    }

    fn set(&mut self, span: Range<usize>, name: &str, value: &str) {
        let tag = self.xml.get(span.clone()).unwrap_or_default();
        let changed = with_attribute(tag, name, value);
        self.edits.replace(span, changed);
    }
}

/// Writes cells of a row otherwise; they keep their formats. A cell with a formula is not
/// ours to cut out: other cells may rest on it.
pub(super) fn correct(xml: &str, correction: &Correction) -> Result<String, Refusal> {
    let mut missing = correction.cells.clone();
    let (mut edits, mut row, mut next, mut begun) = (Edits::default(), 0_u32, 0, None);
    let mut prefix_of = String::new();
    let mut reader = reader(xml);
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|_| Refusal::Damaged)?;
        let span = start..position(&reader);
        let own = row == correction.row;
        match event {
            Event::Eof => break,
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "row" => {
                let stated = attribute(&e, "r").map(|r| r.parse().map_err(|_| Refusal::Damaged));
                row = stated.transpose()?.unwrap_or(row.saturating_add(1));
                next = 0;
                prefix(&e).clone_into(&mut prefix_of);
            }
            Event::Start(e) | Event::Empty(e) if own && e.local_name().as_ref() == "c" => {
                let stated = attribute(&e, "r");
                let stated = stated.and_then(|r| super::grid::split_reference(r.as_bytes()));
                let column = stated.map_or(next, |(column, _)| column);
                next = column + 1;
                let before: Vec<u32> = missing.range(..column).map(|(at, _)| *at).collect();
                for at in before {
                    let text = missing.remove(&at).unwrap_or_default();
                    let cell = corrected(&prefix_of, "", at, row, &text);
                    edits.insert(span.start, cell);
                }
                let Some(text) = missing.remove(&column) else {
                    continue;
                };
                let format = attribute(&e, "s");
                let format = format.map_or_else(String::new, |s| format!(r#" s="{s}""#));
                let cell = corrected(prefix(&e), &format, column, row, &text);
                let tag = xml.get(span.clone()).unwrap_or_default();
                if tag.ends_with("/>") {
                    edits.replace(span, cell);
                } else {
                    begun = Some((span.start, cell));
                }
            }
            Event::Start(e) | Event::Empty(e)
                if begun.is_some() && e.local_name().as_ref() == "f" =>
            {
                return Err(Refusal::Damaged);
            }
            Event::End(e) if e.local_name().as_ref() == "c" => {
                if let Some((from, cell)) = begun.take() {
                    edits.replace(from..span.end, cell);
                }
            }
            Event::End(e) if own && e.local_name().as_ref() == "row" => {
                let rest = std::mem::take(&mut missing);
                let cells = rest.iter();
                let cells = cells.map(|(at, text)| corrected(&prefix_of, "", *at, row, text));
                edits.insert(span.start, cells.collect::<String>());
            }
            _ => {}
        }
    }
    edits.apply(xml)
}

fn corrected(prefix: &str, format: &str, column: u32, row: u32, text: &str) -> String {
    let place = reference(column, row);
    if text.is_empty() {
        return format!(r#"<{prefix}c r="{place}"{format}/>"#);
    }
    inline(prefix, &place, format, text)
}

/// A cell with its text in it.
fn inline(prefix: &str, place: &str, format: &str, text: &str) -> String {
    let text = escape(text).replace("_x", "_x005F_x");
    format!(
        r#"<{prefix}c r="{place}"{format} t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is></{prefix}c>"#
    )
}

/// Adds a format for the header and one for the reasons. `None` when the part
/// has no lists to add to; the cells then stay plain.
pub(super) fn styles(xml: &str) -> Result<Option<(String, Formats)>, Refusal> {
    let lists = [("fonts", "font"), ("fills", "fill"), ("cellXfs", "xf")];
    let mut found: [Option<List>; 3] = [None, None, None];
    let mut reader = reader(xml);
    let mut depth = 0;
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|_| Refusal::Damaged)?;
        let span = start..position(&reader);
        let (element, opens) = match &event {
            Event::Start(e) => (e, true),
            Event::Empty(e) => (e, false),
            Event::End(e) => {
                depth -= 1;
                let name = e.local_name();
                for (list, (container, _)) in found.iter_mut().zip(lists) {
                    if let Some(list) = list.as_mut().filter(|_| name.as_ref() == container) {
                        list.end = Some(span.start);
                    }
                }
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let name = element.local_name();
        for (list, (container, item)) in found.iter_mut().zip(lists) {
            match list {
                None if depth == 1 && opens && name.as_ref() == container => {
                    *list = Some(List::new(span.clone(), prefix(element)));
                }
                Some(list) if depth == 2 && list.end.is_none() && name.as_ref() == item => {
                    list.count += 1;
                }
                _ => {}
            }
        }
        depth += i32::from(opens);
    }
    let [Some(fonts), Some(fills), Some(formats)] = found else {
        return Ok(None);
    };
    add_formats(xml, &fonts, &fills, &formats)
}

/// A list in the styles: its opening tag, its length, where it ends.
struct List {
    tag: Range<usize>,
    prefix: String,
    count: usize,
    end: Option<usize>,
}

impl List {
    fn new(tag: Range<usize>, prefix: &str) -> Self {
        Self {
            tag,
            prefix: prefix.to_owned(),
            count: 0,
            end: None,
        }
    }

    fn add(&self, xml: &str, edits: &mut Edits, items: &[String]) -> Option<()> {
        let tag = xml.get(self.tag.clone())?;
        let count = (self.count + items.len()).to_string();
        edits.replace(self.tag.clone(), with_attribute(tag, "count", &count));
        edits.insert(self.end?, items.concat());
        Some(())
    }
}

/// White on red for the header, red on pale for the reasons.
fn add_formats(
    xml: &str,
    fonts: &List,
    fills: &List,
    formats: &List,
) -> Result<Option<(String, Formats)>, Refusal> {
    let p = &fonts.prefix;
    let font = |bold: &str, color: &str| {
        format!(
            r#"<{p}font>{bold}<{p}sz val="11"/><{p}color rgb="{color}"/><{p}name val="宋体"/></{p}font>"#
        )
    };
    let fill = |color: &str| {
        format!(
            r#"<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{color}"/></{p}patternFill></{p}fill>"#
        )
    };
    let format = |more: usize| {
        let (font, fill) = (fonts.count + more, fills.count + more);
        format!(
            r#"<{p}xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><{p}alignment vertical="center" wrapText="1"/></{p}xf>"#
        )
    };
    let mut edits = Edits::default();
    let bold = format!("<{p}b/>");
    let new_fonts = [font(&bold, "FFFFFFFF"), font("", "FFC00000")];
    let new_fills = [fill("FFC00000"), fill("FFFDE9E7")];
    let added = fonts
        .add(xml, &mut edits, &new_fonts)
        .and_then(|()| fills.add(xml, &mut edits, &new_fills))
        .and_then(|()| formats.add(xml, &mut edits, &[format(0), format(1)]));
    if added.is_none() {
        return Ok(None);
    }
    let positions = Formats {
        header: formats.count,
        reason: formats.count + 1,
    };
    Ok(Some((edits.apply(xml)?, positions)))
}

fn reader(xml: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    reader
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// `x:` of `<x:row>`; empty when there is none.
fn prefix<'e>(e: &'e BytesStart<'_>) -> &'e str {
    let name: &str = e.name().into_inner();
    name.find(':').and_then(|at| name.get(..=at)).unwrap_or("")
}

fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = e.try_get_attribute(name).ok().flatten()?;
    Some(attribute.value.into_owned())
}

/// A tag with one attribute set, the others as they are.
fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let mut rest = tag;
    let mut before = 0;
    while let Some(at) = rest.find(name) {
        let (head, tail) = rest.split_at_checked(at + name.len()).unwrap_or((rest, ""));
        let own = head.trim_end_matches(name).ends_with(char::is_whitespace);
        let after = tail.trim_start();
        if own && after.starts_with('=') {
            let quoted = after.trim_start_matches('=').trim_start();
            let quote = quoted.chars().next().unwrap_or('"');
            let end = quoted.get(1..).and_then(|q| q.split_once(quote));
            let kept = tag.get(..before + at + name.len()).unwrap_or_default();
            let remainder = end.map_or("", |(_, remainder)| remainder);
            return format!("{kept}={quote}{value}{quote}{remainder}");
        }
        before += at + name.len();
        rest = tail;
    }
    let open = tag.trim_end_matches('>').trim_end_matches('/').trim_end();
    let close = tag.get(open.len()..).unwrap_or(">").trim_start();
    format!(r#"{open} {name}="{value}"{close}"#)
}

/// `C12` for column 2 and row 12.
fn reference(column: u32, row: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.iter().rev().collect();
    format!("{letters}{row}")
}
