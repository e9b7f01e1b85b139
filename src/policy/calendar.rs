//! Notices of days off, from text. The folder `holidays/` has one file a year, in the
//! shape of [`RawNotice`]; an administrator loads the next one in the same shape.

use crate::domain::calendar::{Calendar, DayKind, Notice};
use crate::domain::time::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The notices shipped with the program.
const SHIPPED: [&str; 2] = [
    include_str!("../../holidays/2025.toml"),
    include_str!("../../holidays/2026.toml"),
];

/// A file of `holidays/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNotice {
    year: i32,
    title: String,
    source: String,
    #[serde(default)]
    work: Vec<String>,
    #[serde(default)]
    off: Vec<RawOff>,
}

/// Days off that follow each other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOff {
    name: String,
    from: String,
    to: String,
}

/// What is wrong with a notice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// Not TOML, or not of that shape.
    #[error("{0}")]
    Unreadable(String),
    #[error("{0} is no day like 2026-10-01")]
    NoDay(String),
    /// It lies in another year, but for the last week of the year before.
    #[error("{0} does not lie in the year of the notice")]
    OtherYear(Date),
    #[error("{0} stands there twice")]
    Twice(Date),
    /// A stretch that ends before it begins, or is longer than any holiday.
    #[error("the stretch from {0} to {1} is not one of days off")]
    BadStretch(Date, Date),
    /// Only days of a weekend are made up for.
    #[error("{0} is worked anyway")]
    WorkedAnyway(Date),
    #[error("the notice names no day")]
    Empty,
}

/// No holiday with its days around it was ever longer.
const LONGEST_STRETCH: i64 = 15;
/// Days at the end of the year before that a notice may speak of.
const BEFORE: i64 = 7;

/// Reads one notice.
pub fn read_notice(text: &str) -> Result<Notice, NoticeError> {
    let raw: RawNotice =
        toml::from_str(text).map_err(|error| NoticeError::Unreadable(error.to_string()))?;
    let mut reading = Reading {
        year: raw.year,
        days: BTreeMap::new(),
    };
    for off in &raw.off {
        reading.stretch(off)?;
    }
    for text in &raw.work {
        let day = day(text)?;
        if !day.is_weekend() {
            return Err(NoticeError::WorkedAnyway(day));
        }
        reading.add(day, DayKind::Work, "")?;
    }
    if reading.days.is_empty() {
        return Err(NoticeError::Empty);
    }
    Ok(Notice {
        year: raw.year,
        title: raw.title,
        source: raw.source,
        days: reading.days,
    })
}

struct Reading {
    year: i32,
    days: BTreeMap<Date, (DayKind, String)>,
}

impl Reading {
    fn stretch(&mut self, off: &RawOff) -> Result<(), NoticeError> {
        let (from, to) = (day(&off.from)?, day(&off.to)?);
        let length = to.days() - from.days();
        if !(0..LONGEST_STRETCH).contains(&length) {
            return Err(NoticeError::BadStretch(from, to));
        }
        let days = (from.days()..=to.days()).filter_map(Date::from_days);
        days.into_iter()
            .try_for_each(|day| self.add(day, DayKind::Off, &off.name))
    }

    fn add(&mut self, day: Date, kind: DayKind, name: &str) -> Result<(), NoticeError> {
        let first = Date::new(self.year, 1, 1).ok_or(NoticeError::OtherYear(day))?;
        let just_before = (first.days() - BEFORE..first.days()).contains(&day.days());
        if day.parts().0 != self.year && !just_before {
            return Err(NoticeError::OtherYear(day));
        }
        match self.days.insert(day, (kind, name.to_owned())) {
            Some(_) => Err(NoticeError::Twice(day)),
            None => Ok(()),
        }
    }
}

fn day(text: &str) -> Result<Date, NoticeError> {
    text.parse()
        .map_err(|_| NoticeError::NoDay(text.to_owned()))
}

/// The calendar of the notices shipped with the program, and of others that were loaded.
/// A text that cannot be read is left out: it was refused when it was loaded.
pub fn calendar<'a>(loaded: impl IntoIterator<Item = &'a str>) -> Calendar {
    static OWN: LazyLock<Vec<Notice>> = LazyLock::new(|| {
        let notices = SHIPPED.into_iter().map(read_notice);
        notices.filter_map(Result::ok).collect()
    });
    let loaded = loaded.into_iter().map(read_notice);
    Calendar::new(OWN.iter().cloned().chain(loaded.filter_map(Result::ok)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn shipped_notices_are_read() {
        for text in SHIPPED {
            read_notice(text).unwrap();
        }
        let calendar = calendar([]);
        let years: Vec<i32> = calendar.notices().map(|one| one.year).collect();
        assert_eq!(years, [2025, 2026]);
        for (text, working) in [
            ("2025-01-26", true),
            ("2025-10-08", false),
            ("2025-10-11", true),
            ("2026-02-23", false),
            ("2026-02-28", true),
            ("2026-10-07", false),
            ("2026-10-08", true),
            ("2026-10-10", true),
            ("2026-11-22", false),
            ("2026-11-23", true),
        ] {
            assert_eq!(calendar.is_working(date(text)), working, "{text}");
        }
        // a notice published before National Day runs into the second week of October
        let over = calendar.after(date("2026-09-29"), 5).unwrap();
        assert_eq!(over.day, date("2026-10-12"));
        // 261 weekdays less the 13 days of statutory holidays: the rest is made up for
        for (before, last) in [("2024-12-31", "2025-12-31"), ("2025-12-31", "2026-12-31")] {
            assert_eq!(calendar.between(date(before), date(last)), 248, "{last}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_notice() {
        let text = |rest: &str| format!("year = 2027\ntitle = \"a\"\nsource = \"b\"\n{rest}");
        let fails = |rest: &str| read_notice(&text(rest)).unwrap_err();
        assert!(matches!(fails("days = 3"), NoticeError::Unreadable(_)));
        assert_eq!(fails(""), NoticeError::Empty);
        assert_eq!(
            fails("work = [\"2027-1-1\"]"),
            NoticeError::NoDay("2027-1-1".to_owned())
        );
        assert_eq!(
            fails("work = [\"2027-01-01\"]"),
            NoticeError::WorkedAnyway(date("2027-01-01"))
        );
        assert_eq!(
            fails("work = [\"2028-01-01\"]"),
            NoticeError::OtherYear(date("2028-01-01"))
        );
        let off = |from: &str, to: &str| {
            format!("[[off]]\nname = \"x\"\nfrom = \"{from}\"\nto = \"{to}\"\n")
        };
        let (first, second) = (date("2027-10-01"), date("2027-10-07"));
        assert_eq!(
            fails(&off("2027-10-07", "2027-10-01")),
            NoticeError::BadStretch(second, first)
        );
        let twice = off("2027-10-01", "2027-10-02") + &off("2027-10-01", "2027-10-01");
        assert_eq!(fails(&twice), NoticeError::Twice(first));
        let before = off("2026-12-31", "2027-01-01");
        assert_eq!(read_notice(&text(&before)).unwrap().days.len(), 2);
    }
}
