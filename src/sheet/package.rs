//! The zip package of an xlsx or ods, weighed before any library parses it.
//!
//! Every part is really inflated once, in small pieces and on all cores, and
//! counted: what a part declares of itself is not trusted. On the way the
//! merged cells are noted, which stand behind the rows they concern.

use super::grid::Merge;
use super::refusal::Refusal;
use memchr::memmem;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use rayon::prelude::*;
use std::io::{Cursor, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// How much a package may hold.
struct Limits {
    /// Bytes of all parts, inflated.
    bytes: u64,
    /// Bytes of a part that stays in memory: shared strings, styles.
    kept: u64,
    /// Opening and closing tags of all parts.
    tags: u64,
    /// How many times its packed size a large part may inflate to: sheets are
    /// repetitive, but their rows are numbered.
    ratio: u64,
    /// From how many bytes on a part is large.
    large: u64,
    /// Bytes without a tag: a cell holds at most 32,767 characters.
    untagged: usize,
    /// Bytes of a sheet's list of merged cells.
    merges: usize,
    /// Parts, and sheets.
    parts: usize,
}

/// A sheet filled to its last row with the 24 columns of 人员 has about as many
/// bytes and tags.
const LIMITS: Limits = Limits {
    bytes: 1 << 30,
    kept: 128 << 20,
    tags: 200_000_000,
    ratio: 100,
    large: 32 << 20,
    untagged: 1 << 20,
    merges: 32 << 20,
    parts: 10_000,
};

pub(super) type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Which kind of workbook the package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Xlsx,
    Ods,
}

/// A package that is safe to read.
pub(super) struct Package<'b> {
    pub archive: Archive<'b>,
    pub format: Format,
    parts: Vec<Part>,
}

struct Part {
    name: String,
    is_xml: bool,
    size: u64,
    merges: Vec<Merge>,
}

/// What the workbook part says.
pub(super) struct Workbook {
    /// The worksheets in the order of the tabs.
    pub sheets: Vec<SheetPart>,
    /// Where the shared strings lie, and the formats of cells.
    pub strings: Option<String>,
    pub styles: Option<String>,
    /// Days are counted from 1904, as on old Macintoshes.
    pub from_1904: bool,
}

/// A worksheet.
pub(super) struct SheetPart {
    pub name: String,
    pub path: String,
    pub merges: Vec<Merge>,
}

impl<'b> Package<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Refusal> {
        Self::open_within(bytes, &LIMITS)
    }

    fn open_within(bytes: &'b [u8], limits: &Limits) -> Result<Self, Refusal> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(refusal)?;
        let declared = archive.decompressed_size();
        if archive.len() > limits.parts || declared > Some(u128::from(limits.bytes)) {
            return Err(Refusal::TooLarge);
        }
        let format = format(&archive)?;
        let total = Total {
            limits,
            bytes: AtomicU64::new(0),
            tags: AtomicU64::new(0),
        };
        let parts: Vec<Part> = (0..archive.len())
            .into_par_iter()
            .map_init(|| archive.clone(), |archive, at| weigh(archive, at, &total))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            archive,
            format,
            parts,
        })
    }

    /// Reads what the workbook consists of.
    pub(super) fn workbook(&self) -> Result<Workbook, Refusal> {
        let relations = relationships(&self.text("_rels/.rels")?)?;
        let main = relations.iter().rfind(|r| r.is("officeDocument"));
        let path = joined("", &main.ok_or(Refusal::Damaged)?.target);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let relations = self.text(&joined(folder, &format!("_rels/{name}.rels")))?;
        let relations = relationships(&relations)?;
        let xml = self.text(&path)?;
        // where it is not said, they lie where they always do
        let of_kind = |kind: &str, usual: &str| {
            let related = relations.iter().find(|r| r.is(kind));
            let target = related.map_or(usual, |r| &r.target);
            let part = self.part(&joined(folder, target));
            part.map(|part| self.kept(part)).transpose()
        };
        Ok(Workbook {
            sheets: self.sheets(&elements(&xml, "sheet")?, folder, &relations)?,
            strings: of_kind("sharedStrings", "sharedStrings.xml")?,
            styles: of_kind("styles", "styles.xml")?,
            from_1904: elements(&xml, "workbookPr")?
                .iter()
                .flatten()
                .any(|(key, value)| key == "date1904" && matches!(value.as_str(), "1" | "true")),
        })
    }

    fn sheets(
        &self,
        tabs: &[Attributes],
        folder: &str,
        relations: &[Relationship],
    ) -> Result<Vec<SheetPart>, Refusal> {
        let (mut sheets, mut size) = (Vec::new(), 0);
        for tab in tabs {
            let value = |name: &str| {
                let found = tab
                    .iter()
                    .find(|(key, _)| key.rsplit(':').next() == Some(name));
                found.map_or("", |(_, value)| value)
            };
            let related = relations.iter().find(|r| r.id == value("id"));
            let related = related.ok_or(Refusal::Damaged)?;
            if !related.is("worksheet") {
                continue;
            }
            let part = self.part(&joined(folder, &related.target));
            let part = part.filter(|part| part.is_xml).ok_or(Refusal::Damaged)?;
            // several tabs may show the same part
            size += part.size;
            if size > LIMITS.bytes {
                return Err(Refusal::TooLarge);
            }
            sheets.push(SheetPart {
                name: value("name").to_owned(),
                path: part.name.clone(),
                merges: part.merges.clone(),
            });
        }
        Ok(sheets)
    }

    /// The name of a part that is kept in memory.
    fn kept(&self, part: &Part) -> Result<String, Refusal> {
        if !part.is_xml || part.size > LIMITS.kept {
            return Err(Refusal::TooLarge);
        }
        Ok(part.name.clone())
    }

    /// The package once more, with the text of some parts replaced.
    pub(super) fn with(&self, replaced: &[(String, String)]) -> Result<Vec<u8>, Refusal> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let mut archive = self.archive.clone();
        for at in 0..archive.len() {
            let part = archive.by_index_raw(at).map_err(refusal)?;
            let name = part.name().map_err(refusal)?.into_owned();
            match replaced.iter().find(|(path, _)| same_path(&name, path)) {
                None => writer.raw_copy_file(part).map_err(refusal)?,
                Some((_, text)) => {
                    let options = SimpleFileOptions::default();
                    writer.start_file(name, options).map_err(refusal)?;
                    let written = writer.write_all(text.as_bytes());
                    written.map_err(|_| Refusal::Damaged)?;
                }
            }
        }
        Ok(writer.finish().map_err(refusal)?.into_inner())
    }

    /// The text of a part.
    pub(super) fn text(&self, path: &str) -> Result<String, Refusal> {
        let part = self.part(path).ok_or(Refusal::Damaged)?;
        let mut archive = self.archive.clone();
        let mut part = archive.by_name(&part.name).map_err(refusal)?;
        let mut text = String::new();
        part.read_to_string(&mut text)
            .map_err(|_| Refusal::Damaged)?;
        Ok(text)
    }

    fn part(&self, path: &str) -> Option<&Part> {
        self.parts.iter().find(|part| same_path(&part.name, path))
    }
}

/// Parts are found whatever the case of their names and the direction of their
/// slashes: some programs are careless.
fn same_path(name: &str, path: &str) -> bool {
    name.replace('\\', "/").eq_ignore_ascii_case(path)
}

pub(super) fn refusal(error: ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Refusal::Password,
        _ => Refusal::Damaged,
    }
}

fn format(archive: &Archive<'_>) -> Result<Format, Refusal> {
    let has = |wanted: &str| {
        let mut names = archive.file_names().flatten();
        names.any(|name| name.eq_ignore_ascii_case(wanted))
    };
    if has("xl/workbook.bin") {
        Err(Refusal::OtherFormat)
    } else if has("[Content_Types].xml") && has("_rels/.rels") {
        Ok(Format::Xlsx)
    } else if has("mimetype") && has("content.xml") {
        Ok(Format::Ods)
    } else {
        Err(Refusal::NotAWorkbook)
    }
}

/// What has been inflated so far, by all threads.
struct Total<'l> {
    limits: &'l Limits,
    bytes: AtomicU64,
    tags: AtomicU64,
}

impl Total<'_> {
    fn add(&self, bytes: usize, tags: usize) -> Result<(), Refusal> {
        let bytes = self.bytes.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        let tags = self.tags.fetch_add(tags as u64, Ordering::Relaxed) + tags as u64;
        if bytes > self.limits.bytes || tags > self.limits.tags {
            return Err(Refusal::TooLarge);
        }
        Ok(())
    }
}

/// Inflates one part piece by piece and forgets it again.
fn weigh(archive: &mut Archive<'_>, at: usize, total: &Total<'_>) -> Result<Part, Refusal> {
    let mut entry = archive.by_index(at).map_err(refusal)?;
    let name = entry.name().map_err(refusal)?.into_owned();
    let packed = entry.compressed_size();
    let mut scale = Scale::new(&name, total.limits);
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = entry.read(&mut piece).map_err(|_| Refusal::Damaged)?;
        let piece = piece.get(..read).unwrap_or_default();
        if piece.is_empty() {
            break;
        }
        let tags = scale.add(piece)?;
        total.add(read, tags)?;
        if scale.size > total.limits.large && scale.size / total.limits.ratio > packed {
            return Err(Refusal::TooLarge);
        }
    }
    Ok(Part {
        name,
        is_xml: scale.is_xml,
        size: scale.size,
        merges: scale.merges.found(),
    })
}

/// One part while it passes by.
struct Scale<'l> {
    limits: &'l Limits,
    /// Only XML is looked into; pictures may look like anything.
    is_xml: bool,
    size: u64,
    untagged: usize,
    merges: MergeFinder,
}

impl<'l> Scale<'l> {
    fn new(name: &str, limits: &'l Limits) -> Self {
        let name = name.to_ascii_lowercase();
        Self {
            limits,
            is_xml: name.ends_with(".xml") || name.ends_with(".rels"),
            size: 0,
            untagged: 0,
            merges: MergeFinder::default(),
        }
    }

    /// The number of tags in a piece.
    fn add(&mut self, piece: &[u8]) -> Result<usize, Refusal> {
        self.size += piece.len() as u64;
        if !self.is_xml {
            return Ok(0);
        }
        let tags = piece.iter().filter(|b| **b == b'<').count();
        self.untagged = if tags == 0 {
            self.untagged + piece.len()
        } else {
            0
        };
        if self.untagged > self.limits.untagged {
            return Err(Refusal::TooLarge);
        }
        self.merges.feed(piece)?;
        Ok(tags)
    }
}

/// Finds a sheet's list of merged cells while the sheet passes by.
#[derive(Default)]
struct MergeFinder {
    /// The end of what has passed, in which the mark may have begun; once the
    /// mark is found, all that follows it.
    tail: Vec<u8>,
    found: bool,
}

impl MergeFinder {
    const MARK: &[u8] = b"mergeCells";

    fn feed(&mut self, piece: &[u8]) -> Result<(), Refusal> {
        self.tail.extend_from_slice(piece);
        if self.found {
            return if self.tail.len() > LIMITS.merges {
                Err(Refusal::TooLarge)
            } else {
                Ok(())
            };
        }
        let mark = memmem::find(&self.tail, Self::MARK);
        self.found = mark.is_some();
        let passed = mark.unwrap_or_else(|| self.tail.len().saturating_sub(Self::MARK.len()));
        self.tail.drain(..passed);
        Ok(())
    }

    fn found(self) -> Vec<Merge> {
        if !self.found {
            return Vec::new();
        }
        let text = String::from_utf8_lossy(&self.tail);
        let list = text.split("mergeCell ").skip(1);
        list.filter_map(|cell| {
            let (_, reference) = cell.split_once("ref=")?;
            let quote = reference.chars().next()?;
            Merge::read(reference.get(1..)?.split(quote).next()?)
        })
        .collect()
    }
}

struct Relationship {
    id: String,
    kind: String,
    target: String,
}

impl Relationship {
    /// Whether it is of a kind; the kinds are long addresses, old and new ones.
    fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

/// Names and values.
type Attributes = Vec<(String, String)>;

fn relationships(xml: &str) -> Result<Vec<Relationship>, Refusal> {
    let found = elements(xml, "Relationship")?
        .into_iter()
        .map(|attributes| {
            let value = |key: &str| {
                let found = attributes.iter().find(|(name, _)| name == key);
                found.map(|(_, value)| value.clone()).unwrap_or_default()
            };
            Relationship {
                id: value("Id"),
                kind: value("Type"),
                target: value("Target"),
            }
        });
    Ok(found.collect())
}

/// The attributes of every element of that local name.
fn elements(xml: &str, name: &str) -> Result<Vec<Attributes>, Refusal> {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut found = Vec::new();
    loop {
        match reader.read_event().map_err(|_| Refusal::Damaged)? {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == name => {
                found.push(attributes(&e)?);
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
        if found.len() > LIMITS.parts {
            return Err(Refusal::TooLarge);
        }
    }
}

fn attributes(element: &BytesStart<'_>) -> Result<Attributes, Refusal> {
    let mut attributes = element.attributes();
    let read = attributes.with_checks(false).map(|attribute| {
        let attribute = attribute.map_err(|_| Refusal::Damaged)?;
        let value = unescape(&attribute.value).map_err(|_| Refusal::Damaged)?;
        Ok((attribute.key.as_ref().to_owned(), value.into_owned()))
    });
    read.collect()
}

/// A target of a relationship as a path in the package.
fn joined(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(part: &str, bytes: &[u8]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        for name in ["[Content_Types].xml", "_rels/.rels", part] {
            zip.start_file(name, options).unwrap();
        }
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap().into_inner()
    }

    fn weighed(bytes: &[u8], limits: &Limits) -> Option<Refusal> {
        Package::open_within(bytes, limits).err()
    }

    const SMALL: Limits = Limits {
        bytes: 200_000,
        tags: 1000,
        ..LIMITS
    };

    #[test]
    fn a_size_declared_too_small_is_not_believed() {
        let honest = package("a.png", &[0; 300_000]);
        assert_eq!(weighed(&honest, &SMALL), Some(Refusal::TooLarge));
        let mut lying = honest;
        let entry = lying.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
        lying[entry + 24..entry + 28].copy_from_slice(&1000u32.to_le_bytes());
        assert_eq!(
            ZipArchive::new(Cursor::new(&lying[..]))
                .unwrap()
                .decompressed_size(),
            Some(1000)
        );
        let refused = weighed(&lying, &SMALL);
        assert!(matches!(
            refused,
            Some(Refusal::TooLarge | Refusal::Damaged)
        ));
    }

    #[test]
    fn tags_are_counted() {
        let tags = package("a.xml", &b"<a/>".repeat(1001));
        assert_eq!(weighed(&tags, &SMALL), Some(Refusal::TooLarge));
        let tags = package("a.xml", &b"<a/>".repeat(900));
        assert_eq!(weighed(&tags, &SMALL), None);
    }

    #[test]
    fn what_packs_too_well_is_no_sheet() {
        let limits = Limits {
            large: 50_000,
            ..LIMITS
        };
        let even = package("a.xml", &b"<row/>".repeat(200_000));
        assert_eq!(weighed(&even, &limits), Some(Refusal::TooLarge));
        let numbered: String = (0..20_000).map(|n| format!("<row r='{n}'/>")).collect();
        let numbered = package("a.xml", numbered.as_bytes());
        assert_eq!(weighed(&numbered, &limits), None);
    }

    #[test]
    fn merges_are_found_wherever_the_pieces_part() {
        let xml = b"<sheetData/><x:mergeCells count='2'><x:mergeCell ref='A2:A4'/>\
            <x:mergeCell ref=\"C3:D9\"/></x:mergeCells><other/>";
        for cut in 0..xml.len() {
            let mut finder = MergeFinder::default();
            for piece in [&xml[..cut], &xml[cut..]] {
                finder.feed(piece).unwrap();
            }
            let rows: Vec<_> = finder
                .found()
                .iter()
                .map(|m| (m.column, m.first, m.last))
                .collect();
            assert_eq!(rows, [(0, 2, 4), (2, 3, 9)], "{cut}");
        }
    }
}
