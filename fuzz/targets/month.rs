//! Months and days in every spelling.
#![no_main]

use dinggang::domain::month::Month;
use dinggang::policy::quantity::Day;
use dinggang_fuzz::check_text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| check_text(data, |text| {
    strict(text);
    clerks(text);
    day(text);
}));

/// `YYYY-MM` and nothing else.
fn strict(text: &str) {
    let Ok(month) = text.parse::<Month>() else {
        return;
    };
    assert_eq!(month.to_string(), text, "written as it was read");
    assert_eq!(Month::read(text), Some(month), "clerks may write it so too");
    holds(month);
}

/// What clerks write, as text and as a number.
fn clerks(text: &str) {
    let as_text = Month::read(text);
    let as_number = Month::read_number(text);
    for month in as_text.into_iter().chain(as_number) {
        holds(month);
    }
    assert!(
        as_number.is_none() || as_number == as_text,
        "a number that is a month is the same month as text"
    );
}

fn holds(month: Month) {
    assert!((1900..=2100).contains(&month.year()));
    assert!((1..=12).contains(&month.month()));
    assert_eq!(month.to_string().parse(), Ok(month));
    assert_eq!(Month::new(month.year(), month.month()), Some(month));
    assert_eq!(Month::from_index(month.index()), month);
    for months in [-25, -1, 0, 1, 11, 12, 480] {
        assert_eq!(month.plus(months).since(month), months);
        assert_eq!(month.plus(months).plus(-months), month);
    }
}

/// `YYYY-MM-DD`, or `YYYY-MM` for the first day of a month.
fn day(text: &str) {
    let Some(day) = Day::read(text) else { return };
    let written = day.to_string();
    assert_eq!(Day::read(&written), Some(day));
    assert!(written == text || written == format!("{text}-01"));
    assert_eq!(
        Month::of_date(day.month.year(), day.month.month(), day.day),
        Some(day.month)
    );
}
