//! Any workbook that goes back with reasons, and comes in again.
#![no_main]

use dinggang::domain::fault::Fault;
use dinggang::sheet::{Reading, ReturnError, write_back};
use dinggang_fuzz::reading::read;
use dinggang_fuzz::{check, one_in, package};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| check(|| {
    let reading = read(data);
    let back = match write_back(data, &reading, 0, words) {
        Ok(back) => back,
        Err(ReturnError::Refused(_)) => {
            assert!(
                !reading.refused_files.is_empty(),
                "read, and cannot go back"
            );
            return;
        }
        // a sheet whose name no new workbook may bear
        Err(ReturnError::Write(_)) => return,
    };
    let again = read(&back.bytes);
    if reading.refused_files.is_empty() {
        unchanged(&reading, &again);
        if one_in(4, data) {
            let twice = write_back(&back.bytes, &again, 0, words);
            let twice = twice.expect("as the first time");
            unchanged(&reading, &read(&twice.bytes));
        }
    }
}));

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    package::mutate(data, size, most, seed)
});

/// With all that a cell of XML must be careful with.
fn words(fault: &Fault) -> String {
    format!(
        "{}\n<{}> & _x000A_ {}",
        fault.column,
        fault.code.key(),
        fault.value
    )
}

/// The column of reasons says nothing about the rows.
fn unchanged(before: &Reading, after: &Reading) {
    assert_eq!(after.refused_files, before.refused_files);
    assert_eq!(after.register, before.register);
    // in a new workbook a formula that failed in an unheard-of way fails in a usual one
    let faults = |reading: &Reading| -> Vec<_> {
        let faults = reading.faults.iter().map(|fault| {
            let value = Some(&fault.value).filter(|value| !value.contains('#'));
            (
                fault.origin,
                fault.column.clone(),
                fault.code,
                value.cloned(),
            )
        });
        faults.collect()
    };
    assert_eq!(faults(after), faults(before));
    assert_eq!(after.warnings, before.warnings);
}
