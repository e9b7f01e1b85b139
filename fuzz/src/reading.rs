//! What holds of everything that was read from workbooks.

use dinggang::domain::column::{ExportColumn, SheetKind};
use dinggang::domain::fault::FaultCode;
use dinggang::domain::register::{Origin, Register};
use dinggang::sheet::{Input, Reading, Refusal};
use std::collections::{BTreeSet, HashSet};

/// Reads one file, as on the day of all tests.
pub fn read(bytes: &[u8]) -> Reading {
    let input = Input {
        name: "fuzz.xlsx".to_owned(),
        bytes: bytes.to_vec(),
    };
    dinggang::sheet::read(&[input], (2026, 11, 22), &|_| {})
}

/// Two readings of the same file are the same.
pub fn same(a: &Reading, b: &Reading) {
    assert_eq!(a.refused_files, b.refused_files);
    assert_eq!(a.faults, b.faults);
    assert_eq!(a.warnings, b.warnings);
    assert_eq!(a.register, b.register);
    assert_eq!(a.locations, b.locations);
}

/// Holds of any reading of one file.
pub fn sound(reading: &Reading) {
    let register = &reading.register;
    assert_eq!(reading.locations.len(), register.sources.len());
    assert!(reading.refused_files.len() <= 1);
    for refused in &reading.refused_files {
        let read = matches!(refused.why, Refusal::WrongSheets { .. });
        assert!(read || reading.faults.is_empty(), "nothing is known of it");
        assert!(reading.warnings.is_empty() && accepted(register).is_empty());
    }
    faults(reading);
    for warning in &reading.warnings {
        in_sheet(reading, warning.origin);
    }
    // sheets that are missing come first
    let sorted = reading
        .faults
        .is_sorted_by_key(|f| (f.origin.row > 0, f.origin));
    assert!(sorted, "by file, sheet and row");
    assert!(reading.warnings.is_sorted_by_key(|warning| warning.origin));
    unique(register);
}

/// Every refused row says where and why, and no part of it was accepted.
fn faults(reading: &Reading) {
    let mut refused = BTreeSet::new();
    for fault in &reading.faults {
        refused.insert(fault.origin);
        if fault.origin.row == 0 {
            let location = reading.locations[usize::from(fault.origin.source.0)];
            assert_eq!(location.header, 0, "only a sheet that is not there");
            assert_eq!(
                (fault.code, fault.column.as_str()),
                (FaultCode::Missing, "")
            );
            continue;
        }
        in_sheet(reading, fault.origin);
        assert!(is_column(&fault.column), "{:?}", fault.column);
        let blank = fault.value.trim().is_empty();
        assert_eq!(blank, fault.code == FaultCode::Missing, "{fault:?}");
    }
    assert_eq!(reading.refused_rows(0), refused.len());
    for origin in accepted(&reading.register) {
        assert!(!refused.contains(&origin), "accepted and refused");
        in_sheet(reading, origin);
    }
}

fn in_sheet(reading: &Reading, origin: Origin) {
    let location = reading.locations[usize::from(origin.source.0)];
    assert!(location.header > 0 && origin.row >= location.header);
    assert!(reading.register.source(origin).is_some());
}

fn is_column(name: &str) -> bool {
    let mut sheets = SheetKind::ALL.iter().flat_map(|kind| kind.columns());
    sheets.any(|column| column.name == name)
        || ExportColumn::TABLE.iter().any(|column| column.name == name)
}

/// Where every accepted record stands.
pub fn accepted(register: &Register) -> Vec<Origin> {
    let spells = register.people.iter().flat_map(|p| p.history.spells());
    let mut origins: Vec<Origin> = spells.map(|spell| spell.origin).collect();
    // those that only the export names have no row of their own
    let listed = register.institutions.iter().filter(|i| i.kind.is_some());
    origins.extend(listed.map(|i| i.origin));
    origins.extend(register.people.iter().map(|p| p.origin));
    origins.extend(register.rural_doctors.iter().map(|d| d.origin));
    origins.extend(register.places.iter().map(|p| p.origin));
    origins
}

fn unique(register: &Register) {
    let mut ids = HashSet::new();
    for person in &register.people {
        assert!(ids.insert(person.id), "one row for each person");
        assert!(person.institution < register.institutions.len());
        assert!(!person.name.is_empty());
    }
    let mut codes = HashSet::new();
    for institution in &register.institutions {
        assert!(codes.insert(&institution.code));
        assert!(!institution.code.is_empty() && !institution.name.is_empty());
    }
    let mut ids = HashSet::new();
    assert!(register.rural_doctors.iter().all(|d| ids.insert(d.id)));
    let mut codes = HashSet::new();
    assert!(register.places.iter().all(|p| codes.insert(p.code)));
}
