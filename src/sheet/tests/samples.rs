//! The sample workbooks, as far as reading goes. They lie outside the
//! repository, in the folder that DINGGANG_SAMPLES names or beside it.

use super::*;
use crate::domain::title::TitleKind;
use std::collections::BTreeMap;
use std::path::PathBuf;

pub(super) fn sample(name: &str) -> Option<Input> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    let folder = std::env::var_os("DINGGANG_SAMPLES").map_or_else(beside, PathBuf::from);
    match std::fs::read(folder.join(name)) {
        Ok(bytes) => Some(input(name, bytes)),
        Err(_) => {
            println!("skipped: no sample {name}; set DINGGANG_SAMPLES to their folder");
            None
        }
    }
}

fn read_samples(names: &[&str]) -> Option<Reading> {
    let inputs: Option<Vec<Input>> = names.iter().map(|name| sample(name)).collect();
    Some(read(&inputs?, TODAY, &|_| {}))
}

fn sizes(reading: &Reading) -> [usize; 5] {
    let register = &reading.register;
    let spells = register.people.iter().map(|p| p.history.spells().len());
    [
        register.institutions.len(),
        register.people.len(),
        spells.sum(),
        register.rural_doctors.len(),
        register.places.len(),
    ]
}

#[test]
fn the_county() {
    let Some(reading) = read_samples(&["county-2026.xlsx"]) else {
        return;
    };
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(warnings(&reading), [""; 0]);
    assert_eq!(sizes(&reading), [23, 948, 1344, 130, 18]);
    let people = &reading.register.people;
    assert_eq!(
        people
            .iter()
            .filter(|p| p.title_kind == TitleKind::Directed)
            .count(),
        10
    );
    assert_eq!(people.iter().filter(|p| p.dual_post).count(), 4);
    let county = &reading.register.places[0];
    assert_eq!(
        county.establishment_reviewed.unwrap().to_string(),
        "2021-09"
    );
}

#[test]
fn the_county_with_errors() {
    let Some(reading) = read_samples(&["county-2026-with-errors.xlsx"]) else {
        return;
    };
    let mut codes = BTreeMap::new();
    for fault in &reading.faults {
        *codes.entry(fault.code.key()).or_insert(0) += 1;
    }
    let expected = [
        ("bad_month", 2),
        ("bad_number", 3),
        ("duplicate", 2),
        ("end_before_start", 1),
        ("id_birth_date", 2),
        ("id_checksum", 2),
        ("missing", 5),
        ("unknown_institution", 2),
        ("unknown_value", 6),
    ];
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(sizes(&reading), [23, 948, 1344, 130, 18]);
    assert!(
        reading
            .warnings
            .iter()
            .all(|w| w.code.key() == "partial_history")
    );
    assert_eq!(reading.warnings.len(), 4);
}

#[test]
fn the_county_comes_back_with_reasons() {
    let Some(file) = sample("county-2026-with-errors.xlsx") else {
        return;
    };
    let reading = read(std::slice::from_ref(&file), TODAY, &|_| {});
    let back = crate::sheet::write_back(&file.bytes, &reading, 0, |f| f.code.key().to_owned());
    let back = back.unwrap();
    assert!(back.original);
    let again = read_one(back.bytes);
    assert_eq!(again.faults, reading.faults);
    assert_eq!(sizes(&again), sizes(&reading));
}

#[test]
fn the_export() {
    let Some(reading) = read_samples(&["health-statistics-export.xlsx"]) else {
        return;
    };
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(sizes(&reading), [4, 120, 0, 0, 0]);
    let codes: Vec<_> = reading
        .register
        .institutions
        .iter()
        .map(|i| i.code.as_str())
        .collect();
    assert_eq!(codes, ["NM001", "NM002", "NM010", "NM016"]);
}

#[test]
fn the_export_beside_the_county() {
    let names = ["county-2026.xlsx", "health-statistics-export.xlsx"];
    let Some(both) = read_samples(&names) else {
        return;
    };
    let Some(county) = read_samples(&names[..1]) else {
        return;
    };
    assert_eq!(faults(&both), [""; 0]);
    assert_eq!(sizes(&both), sizes(&county));
    let levels = |reading: &Reading| -> Vec<_> {
        reading
            .register
            .people
            .iter()
            .map(|p| (p.title, p.appointed, p.category))
            .collect()
    };
    assert_eq!(
        levels(&both),
        levels(&county),
        "the two agree on titles and levels"
    );
}
