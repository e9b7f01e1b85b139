//! The compound file (MS-CFB) that an xls is, and that a workbook with a
//! password hides in: looked through before the library parses it, because the
//! library follows chains of sectors without end and makes room for whatever
//! area a sheet claims.

use super::refusal::Refusal;

pub(super) const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Sector numbers from here on are marks, not sectors.
const MARKS: u32 = 0xFFFF_FFFA;
/// Cells of all sheets when each is as large as the largest; the library keeps
/// them all, blank ones too.
const CELLS: u64 = 12_000_000;
/// Rows and columns of an xls.
const ROWS: u64 = 65_536;
const COLUMNS: u64 = 256;

/// Lets an xls pass; refuses what needs a password, what is no workbook, and
/// what is broken or claims too much.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let file = Compound::open(bytes).ok_or(Refusal::Damaged)?;
    if file.entry("EncryptedPackage").is_some() {
        return Err(Refusal::Password);
    }
    let book = file.entry("Workbook").or_else(|| file.entry("Book"));
    let stream = file
        .stream(book.ok_or(Refusal::NotAWorkbook)?)
        .ok_or(Refusal::Damaged)?;
    check_records(&stream)
}

struct Entry {
    name: String,
    start: u32,
    length: usize,
}

struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    /// The next sector of each sector.
    next: Vec<u32>,
    entries: Vec<Entry>,
    /// The stream of small streams, in sectors of 64 bytes, and their chain.
    small: Vec<u8>,
    next_small: Vec<u32>,
}

impl<'b> Compound<'b> {
    /// `None` when a chain runs in a circle or out of the file.
    fn open(bytes: &'b [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            sector,
            next: Vec::new(),
            entries: Vec::new(),
            small: Vec::new(),
            next_small: Vec::new(),
        };
        file.next = file.allocation()?;
        let directory = file.chain(u32_at(bytes, 48)?)?;
        file.entries = directory
            .chunks_exact(128)
            .map(entry)
            .collect::<Option<_>>()?;
        if file.entries.iter().any(|e| e.length > bytes.len()) {
            return None;
        }
        if u32_at(bytes, 64)? as usize > bytes.len() / sector {
            return None;
        }
        if u32_at(bytes, 64)? > 0 {
            file.small = file.chain(file.entries.first()?.start)?;
            file.next_small = numbers(&file.chain(u32_at(bytes, 60)?)?);
        }
        Some(file)
    }

    /// The table of chains: its sectors are listed in the header and, in large
    /// files, in a chain of further lists.
    fn allocation(&self) -> Option<Vec<u32>> {
        let mut listed = numbers(self.bytes.get(76..512)?);
        let mut list = u32_at(self.bytes, 68)?;
        let mut lists = 0;
        while list < MARKS {
            let mut more = numbers(self.sector(list)?);
            list = more.pop()?;
            listed.extend(more);
            lists += 1;
            if lists > self.sectors() {
                return None;
            }
        }
        let mut next = Vec::new();
        for sector in listed.into_iter().filter(|s| *s < MARKS) {
            next.extend(numbers(self.sector(sector)?));
            if next.len() > self.bytes.len() {
                return None;
            }
        }
        Some(next)
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector
    }

    /// The last sector may be cut short.
    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    fn chain(&self, mut sector: u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while sector < MARKS {
            bytes.extend_from_slice(self.sector(sector)?);
            if bytes.len() > self.bytes.len() {
                return None;
            }
            sector = *self.next.get(sector as usize)?;
        }
        Some(bytes)
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        let mut entries = self.entries.iter();
        entries.find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn stream(&self, entry: &Entry) -> Option<Vec<u8>> {
        let mut bytes = if entry.length < 4096 {
            self.small_chain(entry.start)?
        } else {
            self.chain(entry.start)?
        };
        bytes.truncate(entry.length);
        Some(bytes)
    }

    fn small_chain(&self, mut sector: u32) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while sector < MARKS {
            let start = (sector as usize).checked_mul(64)?;
            let end = start.checked_add(64)?.min(self.small.len());
            bytes.extend_from_slice(self.small.get(start..end)?);
            if bytes.len() > self.small.len() {
                return None;
            }
            sector = *self.next_small.get(sector as usize)?;
        }
        Some(bytes)
    }
}

fn entry(record: &[u8]) -> Option<Entry> {
    let units = record.get(..64)?.chunks_exact(2);
    let units = units.map(|u| u16::from_le_bytes([byte(u, 0), byte(u, 1)]));
    let name = char::decode_utf16(units.take_while(|u| *u != 0))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Some(Entry {
        name,
        start: u32_at(record, 116)?,
        length: u32_at(record, 120)? as usize,
    })
}

/// Weighs the records of the workbook stream (MS-XLS).
fn check_records(stream: &[u8]) -> Result<(), Refusal> {
    const BOUND_SHEET: u16 = 0x0085;
    const DIMENSIONS: u16 = 0x0200;
    const FILE_PASS: u16 = 0x002F;
    const MUL_RK: u16 = 0x00BD;
    // number, label, rich label, boolean or error, RK, shared string, formula
    const CELL: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006];
    let (mut sheets, mut rows, mut columns) = (0u64, 0u64, 0u64);
    let mut rest = stream;
    while let (Some(kind), Some(length)) = (u16_at(rest, 0), u16_at(rest, 2)) {
        let end = 4 + usize::from(length);
        let data = rest.get(4..end).ok_or(Refusal::Damaged)?;
        let at = |offset| u64::from(u16_at(data, offset).unwrap_or(0));
        match kind {
            FILE_PASS if at(0) != 0 => return Err(Refusal::Password),
            BOUND_SHEET => sheets += 1,
            DIMENSIONS if data.len() >= 12 => {
                rows = rows.max(u64::from(u32_at(data, 4).unwrap_or(0)));
                columns = columns.max(at(10));
            }
            MUL_RK => {
                rows = rows.max(at(0) + 1);
                columns = columns.max(at(data.len().saturating_sub(2)) + 1);
            }
            kind if CELL.contains(&kind) => {
                rows = rows.max(at(0) + 1);
                columns = columns.max(at(2) + 1);
            }
            _ => {}
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    if rows > ROWS || columns > COLUMNS || rows * columns * sheets > CELLS {
        return Err(Refusal::TooLarge);
    }
    Ok(())
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    let fours = bytes.chunks_exact(4);
    fours.filter_map(|four| u32_at(four, 0)).collect()
}
