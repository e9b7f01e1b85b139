//! Days and instants as whole numbers, so that they compare alike in Rust and in
//! every database. What "now" is comes in from outside.

use chrono::{DateTime, Datelike, Days, NaiveDate};
use std::fmt;
use std::str::FromStr;

/// 1970-01-01.
const EPOCH: NaiveDate = match NaiveDate::from_yo_opt(1970, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// A calendar day: whole days since 1970-01-01, the years 0001 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The first day there is.
    pub const FIRST: Self = Self(-719_162);
    /// The last day there is.
    pub const LAST: Self = Self(2_932_896);

    /// `month` and `day` count from 1; `None` when there is no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        Self::from_days(date.signed_duration_since(EPOCH).num_days())
    }

    /// The day so many days after 1970-01-01; `None` outside the years 0001 to 9999.
    pub fn from_days(days: i64) -> Option<Self> {
        let date = Self(i32::try_from(days).ok()?);
        (Self::FIRST..=Self::LAST).contains(&date).then_some(date)
    }

    /// Whole days since 1970-01-01; negative before.
    pub const fn days(self) -> i64 {
        self.0 as i64
    }

    /// The day so many days later.
    pub fn plus(self, days: i32) -> Option<Self> {
        Self::from_days(self.days() + i64::from(days))
    }

    /// Year, month and day, the last two from 1.
    pub fn parts(self) -> (i32, u32, u32) {
        let days = Days::new(u64::from(self.0.unsigned_abs()));
        let date = if self.0 < 0 {
            EPOCH.checked_sub_days(days)
        } else {
            EPOCH.checked_add_days(days)
        };
        let date = date.unwrap_or(EPOCH);
        (date.year(), date.month(), date.day())
    }

    /// The month the day lies in.
    pub fn month(self) -> super::month::Month {
        let (year, month, _) = self.parts();
        super::month::Month::from_index(year * 12 + month as i32 - 1)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Not of the form `YYYY-MM-DD`, or no such day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a day like 2026-11-22")]
pub struct NotADate;

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| NotADate)?;
        let date = Self::new(date.year(), date.month(), date.day()).ok_or(NotADate)?;
        if date.to_string() == text {
            Ok(date)
        } else {
            Err(NotADate)
        }
    }
}

/// An instant: whole microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Later than every instant that is recorded.
    pub const LAST: Self = Self(i64::MAX);

    /// The instant so many microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since the epoch; 0 before it.
    pub fn millis(self) -> u64 {
        u64::try_from(self.0.div_euclid(1000)).unwrap_or(0)
    }

    /// The instant so many seconds later (earlier when negative).
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with six decimals, always of one width.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_micros(self.0) {
            Some(instant) => write!(f, "{}", instant.format("%Y-%m-%dT%H:%M:%S%.6fZ")),
            None => write!(f, "{} µs", self.0),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_texts() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2026-11-22", 20_779),
            ("0001-01-01", Date::FIRST.days()),
            ("9999-12-31", Date::LAST.days()),
        ] {
            let date: Date = text.parse().unwrap();
            assert_eq!(date.days(), days, "{text}");
            assert_eq!(date.to_string(), text);
            assert_eq!(Date::from_days(days), Some(date));
        }
        for text in ["", "2026-02-30", "2026-1-01", "2026-11-22 ", "0000-01-01"] {
            assert_eq!(text.parse::<Date>(), Err(NotADate), "{text}");
        }
        assert_eq!(Date::LAST.plus(1), None);
        let date: Date = "2026-11-30".parse().unwrap();
        assert_eq!(date.plus(1).map(|d| d.to_string()).unwrap(), "2026-12-01");
        assert_eq!(date.month().to_string(), "2026-11");
    }

    #[test]
    fn instants_are_written_with_one_width() {
        assert_eq!(
            Timestamp::from_micros(0).to_string(),
            "1970-01-01T00:00:00.000000Z"
        );
        assert_eq!(
            Timestamp::from_micros(1_500_000).to_string(),
            "1970-01-01T00:00:01.500000Z"
        );
    }
}
