//! Changes to the parts of a zip. A changed byte of the file itself only breaks
//! a checksum; a changed part, packed again, is read.

use crate::book::zip;
use libfuzzer_sys::fuzzer_mutate;
use std::io::{Cursor, Read};
use zip::ZipArchive;

type Part = (String, Vec<u8>);

/// Bytes of one part, unpacked.
const PART: u64 = 1 << 20;
/// By how much one change lets a part grow.
const GROWTH: usize = 512;
/// Attribute values at the edge of what may be meant.
const EDGES: [&str; 20] = [
    "",
    "0",
    "1",
    "-1",
    "00",
    "255",
    "65536",
    "1048576",
    "1048577",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "99999999999999999999",
    "A1",
    "XFD1048576",
    "A1:XFD1048576",
    "B3:B2",
    "1e308",
    "/",
    "../xl/workbook.xml",
];
/// Parts that say nothing about cells.
const IDLE: [&str; 5] = [
    "docProps",
    "theme",
    "drawing",
    "comments",
    "printerSettings",
];

/// Changes the input; every eighth time as plain bytes, which is also what
/// happens to what is no zip.
pub fn mutate(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) + 1);
    let input = data.get(..size).unwrap_or_default();
    let changed = match random.below(8) {
        0 => None,
        _ => changed(input, &mut random).filter(|bytes| bytes.len() <= most),
    };
    match changed {
        Some(bytes) => {
            data[..bytes.len()].copy_from_slice(&bytes);
            bytes.len()
        }
        None => fuzzer_mutate(data, size, most),
    }
}

fn changed(bytes: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let mut parts = unpacked(bytes)?;
    let busy: Vec<usize> = (0..parts.len())
        .filter(|at| !IDLE.iter().any(|idle| parts[*at].0.contains(idle)))
        .collect();
    let at = *busy.get(random.below(busy.len()))?;
    match random.below(24) {
        0 => drop(parts.remove(at)),
        1 => {
            let other = random.below(parts.len());
            parts[at].1 = parts[other].1.clone();
        }
        2 => parts[at].0 = parts[at].0.to_uppercase(),
        3..=6 => with_tags(&mut parts[at].1, random, |tag, _| [tag, tag].concat()),
        7..=8 => with_tags(&mut parts[at].1, random, |_, _| Vec::new()),
        9..=12 => with_tags(&mut parts[at].1, random, with_edge),
        13..=14 => move_tag(&mut parts[at].1, random),
        _ => change_bytes(&mut parts[at].1),
    }
    Some(zip(&parts))
}

fn unpacked(bytes: &[u8]) -> Option<Vec<Part>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = Vec::new();
    for at in 0..archive.len().min(100) {
        let Ok(part) = archive.by_index(at) else {
            continue;
        };
        let Ok(name) = part.name().map(|name| name.into_owned()) else {
            continue;
        };
        let mut bytes = Vec::new();
        let _ = part.take(PART).read_to_end(&mut bytes);
        parts.push((name, bytes));
    }
    (!parts.is_empty()).then_some(parts)
}

fn change_bytes(bytes: &mut Vec<u8>) {
    let size = bytes.len();
    bytes.resize(size + GROWTH, 0);
    let size = fuzzer_mutate(bytes, size, size + GROWTH);
    bytes.truncate(size);
}

/// Replaces one tag, or the text of a few tags in a row.
fn with_tags(
    bytes: &mut Vec<u8>,
    random: &mut Random,
    change: impl FnOnce(&[u8], &mut Random) -> Vec<u8>,
) {
    if let Some(span) = tags(bytes, random) {
        let new = change(&bytes[span.clone()], random);
        bytes.splice(span, new);
    }
}

fn move_tag(bytes: &mut Vec<u8>, random: &mut Random) {
    let Some(from) = tags(bytes, random) else {
        return;
    };
    let moved = bytes[from].to_vec();
    if let Some(to) = tags(bytes, random) {
        bytes.splice(to.start..to.start, moved);
    }
}

/// From one `<` to behind a `>` that follows soon.
fn tags(bytes: &[u8], random: &mut Random) -> Option<std::ops::Range<usize>> {
    let opens: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'<').collect();
    let start = *opens.get(random.below(opens.len()))?;
    let more = [0, 0, 1, 2, 5][random.below(5)];
    let mut ends = (start..bytes.len()).filter(|at| bytes[*at] == b'>');
    Some(start..ends.nth(more)? + 1)
}

/// One attribute with another value.
fn with_edge(tag: &[u8], random: &mut Random) -> Vec<u8> {
    let quotes: Vec<usize> = (0..tag.len()).filter(|at| tag[*at] == b'"').collect();
    let pair = 2 * random.below(quotes.len() / 2);
    let (Some(open), Some(close)) = (quotes.get(pair), quotes.get(pair + 1)) else {
        return tag.to_vec();
    };
    let edge = EDGES[random.below(EDGES.len())];
    [&tag[..=*open], edge.as_bytes(), &tag[*close..]].concat()
}

/// xorshift: the same seed, the same change.
struct Random(u64);

impl Random {
    /// 0 when nothing is below.
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap_or(0) % bound.max(1)
    }
}
