//! A workbook that is whole, with any cells: `dinggang_fuzz::book` has the lines.
#![no_main]

use dinggang::domain::register::{Origin, Register, SourceId};
use dinggang::sheet::{Reading, write_register};
use dinggang_fuzz::book::Book;
use dinggang_fuzz::reading::{accepted, read, same, sound};
use dinggang_fuzz::{check_text, one_in};
use libfuzzer_sys::fuzz_target;
use std::collections::HashSet;

fuzz_target!(|data: &[u8]| check_text(data, |text| {
    let book = Book::read(text);
    let bytes = book.xlsx();
    let reading = read(&bytes);
    sound(&reading);
    same(&reading, &read(&bytes));
    if reading.refused_files.is_empty() {
        accounted(&book, &reading);
    }
    let institutions = &reading.register.institutions;
    // those that only the export names have no kind, which a workbook must state
    let complete = !institutions.is_empty() && institutions.iter().all(|i| i.kind.is_some());
    if complete && one_in(8, data) {
        written(&reading.register);
    }
}));

/// No record is lost without a word: it is accepted, refused or warned of.
fn accounted(book: &Book, reading: &Reading) {
    let mut known: HashSet<Origin> = accepted(&reading.register).into_iter().collect();
    known.extend(reading.faults.iter().map(|fault| fault.origin));
    known.extend(reading.warnings.iter().map(|warning| warning.origin));
    let sources = &reading.register.sources;
    for name in ["机构", "乡村医生", "区域", "人员"] {
        let Some(sheet) = book.sheets.iter().find(|sheet| sheet.name == name) else {
            continue;
        };
        // without institutions people cannot be placed, and nothing is said of them
        if name == "人员" && reading.register.institutions.is_empty() {
            continue;
        }
        let at = sources.iter().position(|source| source.sheet == name);
        let source = SourceId(at.and_then(|at| u16::try_from(at).ok()).unwrap_or(0));
        for row in sheet.records(name) {
            assert!(known.contains(&Origin { source, row }), "{name} row {row}");
        }
    }
}

/// What was read can be written and reads again as the same.
fn written(register: &Register) {
    let bytes = write_register(register).expect("it is written");
    let again = read(&bytes);
    assert!(again.refused_files.is_empty());
    assert_eq!(again.faults, []);
    assert_eq!(plain(&again.register), plain(register));
}

/// A register without the places where its rows stood, and without what a
/// workbook has no columns for.
fn plain(register: &Register) -> Register {
    const NOWHERE: Origin = Origin {
        source: SourceId(0),
        row: 0,
    };
    let mut plain = register.clone();
    plain.sources.clear();
    for institution in &mut plain.institutions {
        institution.origin = NOWHERE;
    }
    for person in &mut plain.people {
        person.origin = NOWHERE;
        person.sites = None;
        if let dinggang::domain::staff::History::Spells(spells) = &mut person.history {
            for spell in spells {
                spell.origin = NOWHERE;
            }
        }
    }
    for doctor in &mut plain.rural_doctors {
        doctor.origin = NOWHERE;
    }
    for place in &mut plain.places {
        place.origin = NOWHERE;
    }
    plain
}
