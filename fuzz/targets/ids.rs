//! Identity numbers, place codes and grades.
#![no_main]

use dinggang::domain::ids::{AreaCode, NationalId, NationalIdFault};
use dinggang::domain::post::Grade;
use dinggang_fuzz::check_text;
use libfuzzer_sys::fuzz_target;

const PLACES: [usize; 5] = [2, 4, 6, 9, 12];

fuzz_target!(|data: &[u8]| check_text(data, |text| {
    national_id(text);
    completed(text);
    place(text);
    if let Some(grade) = Grade::read(text) {
        assert!((1..=13).contains(&grade.number()));
        assert_eq!(Grade::read(&grade.number().to_string()), Some(grade));
    }
}));

/// Held against a plain reading of the standard (GB 11643-1999).
fn national_id(text: &str) {
    let read = NationalId::read(text);
    assert_eq!(read.err(), expected(text).err(), "{text:?}");
    let Ok(id) = read else { return };
    assert_eq!(Ok(id.to_string()), expected(text));
    assert_eq!(NationalId::read(id.as_str()), Ok(id));
    let (year, month, day) = id.birth_date();
    assert_eq!(&id.as_str()[6..14], format!("{year:04}{month:02}{day:02}"));
    assert_eq!(
        (id.birth_month().year(), id.birth_month().month()),
        (year, month)
    );
    assert!(!format!("{id:?}").contains(&id.as_str()[..14]), "logs");
}

/// The digits of any text with their check digit: only the date can be wrong.
fn completed(text: &str) {
    let stem: String = text.chars().filter(char::is_ascii_digit).take(17).collect();
    if stem.len() == 17 {
        let id = format!("{stem}{}", check_digit(&stem));
        national_id(&id);
        assert_ne!(NationalId::read(&id), Err(NationalIdFault::Checksum));
    }
}

fn expected(text: &str) -> Result<String, NationalIdFault> {
    let id: String = text
        .trim_start_matches(['\'', '’', '‘', '`'])
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let (stem, check) = match (id.get(..17), id.get(17..)) {
        (Some(stem), Some(check)) => (stem, check),
        _ => return Err(NationalIdFault::Checksum),
    };
    let digits = stem.bytes().all(|b| b.is_ascii_digit());
    if !digits || check != check_digit(stem).to_string() {
        return Err(NationalIdFault::Checksum);
    }
    let number = |from: usize, to: usize| stem[from..to].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(6, 10), number(10, 12), number(12, 14));
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if day == 0 || day > days {
        return Err(NationalIdFault::BirthDate);
    }
    Ok(id)
}

/// ISO 7064, MOD 11-2: the whole is 1 modulo 11 when each digit, from the
/// right, weighs twice the one after it.
fn check_digit(stem: &str) -> char {
    let sum = stem
        .bytes()
        .fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    match (12 - sum) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('?'),
    }
}

fn place(text: &str) {
    let Some(code) = AreaCode::read(text, &PLACES) else {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        assert!(!digits || !PLACES.contains(&text.len()), "{text}");
        return;
    };
    assert_eq!(code.to_string(), text);
    assert_eq!(code.length(), text.len());
    assert_eq!(code.county().to_string(), text[..text.len().min(6)]);
    assert!(code.is_within(code.trimmed()));
    for length in PLACES.into_iter().filter(|length| *length <= text.len()) {
        let outer = code.prefix(length as u8);
        assert_eq!(outer.to_string(), text[..length]);
        assert!(code.is_within(outer));
        assert!(outer == code || !outer.is_within(code));
    }
}
