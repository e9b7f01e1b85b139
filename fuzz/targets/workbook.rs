//! Any file that claims to be a workbook.
#![no_main]

use dinggang_fuzz::reading::{read, same, sound};
use dinggang_fuzz::{check, package};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| check(|| {
    let reading = read(data);
    sound(&reading);
    same(&reading, &read(data));
}));

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    package::mutate(data, size, most, seed)
});
