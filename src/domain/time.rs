//! Instants and days as whole numbers, so that they compare alike in Rust and in every
//! database. An instant is UTC in microseconds; a day is a calendar day in Asia/Shanghai,
//! which has been UTC+8 without daylight saving since 1992. Nobody here reads a clock:
//! `now` is handed in.

use chrono::{DateTime, Datelike, Days, NaiveDate, SecondsFormat, Utc};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// 1970-01-01.
const EPOCH: NaiveDate = match NaiveDate::from_yo_opt(1970, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// A calendar day in Asia/Shanghai, what `as_of` means: whole days since 1970-01-01, the
/// years 0001 to 9999.
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

    /// The day so many months later; of a month without that day its last.
    pub fn plus_months(self, months: i32) -> Option<Self> {
        let (_, _, of_month) = self.parts();
        let month = self.month().plus(months);
        let mut days = (1..=of_month).rev();
        days.find_map(|day| Self::new(month.year(), month.month(), day))
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

    /// The first instant of the day, 00:00 in Asia/Shanghai.
    pub const fn begins(self) -> Timestamp {
        Timestamp(self.days() * DAY_MICROS - SHANGHAI_MICROS)
    }

    /// Whether it is a Saturday or a Sunday.
    pub const fn is_weekend(self) -> bool {
        // 1970-01-01 was a Thursday
        matches!(self.days().rem_euclid(7), 2 | 3)
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

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Asia/Shanghai is this many microseconds ahead of UTC.
const SHANGHAI_MICROS: i64 = 8 * 3600 * 1_000_000;
const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;
const MICROS_PER_MILLI: i64 = 1000;
const MICROS_PER_SECOND: i64 = 1_000_000;

impl Timestamp {
    /// Later than every instant that is recorded.
    pub const LAST: Self = Self(i64::MAX);

    /// The instant with that number of microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The instant so many milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: u64) -> Self {
        let most = (i64::MAX / MICROS_PER_MILLI) as u64;
        let millis = if millis > most { most } else { millis };
        Self(millis as i64 * MICROS_PER_MILLI)
    }

    /// The instant of a clock reading; parts of a microsecond are cut off, as the
    /// databases would.
    pub fn from_clock(reading: DateTime<Utc>) -> Self {
        Self(reading.timestamp_micros())
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970; 0 before that.
    pub fn unix_seconds(self) -> u64 {
        u64::try_from(self.0.div_euclid(MICROS_PER_SECOND)).unwrap_or(0)
    }

    /// Whole milliseconds since 1970; 0 before that.
    pub fn unix_millis(self) -> u64 {
        u64::try_from(self.0.div_euclid(MICROS_PER_MILLI)).unwrap_or(0)
    }

    /// The instant `span` later; the last one there is when that does not exist.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros(span)))
    }

    /// The instant so many seconds later (earlier when negative).
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(
            self.0
                .saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)),
        )
    }

    /// The instant `span` earlier.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros(span)))
    }

    /// Time from `earlier` to `self`; nothing when `earlier` is not earlier (a clock that
    /// was set back must not make anything older than it is).
    pub fn since(self, earlier: Self) -> Duration {
        let passed = self.0.saturating_sub(earlier.0);
        Duration::from_micros(u64::try_from(passed).unwrap_or(0))
    }

    /// Hour (0 to 23) and minute of the clocks in Asia/Shanghai at this instant.
    pub fn shanghai_clock(self) -> (u32, u32) {
        let of_day = self
            .0
            .saturating_add(SHANGHAI_MICROS)
            .rem_euclid(DAY_MICROS);
        let minutes = u32::try_from(of_day / (60 * MICROS_PER_SECOND)).unwrap_or(0);
        (minutes / 60, minutes % 60)
    }

    /// The calendar day in Asia/Shanghai at this instant; the nearest there is.
    pub fn shanghai_day(self) -> Date {
        let days = self
            .0
            .saturating_add(SHANGHAI_MICROS)
            .div_euclid(DAY_MICROS);
        let nearest = if days < 0 { Date::FIRST } else { Date::LAST };
        Date::from_days(days).unwrap_or(nearest)
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with six decimals: `2026-11-22T01:02:03.000004Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_micros(self.0) {
            Some(instant) => f.write_str(&instant.to_rfc3339_opts(SecondsFormat::Micros, true)),
            // beyond the calendar; a log line must not fail over it
            None => write!(f, "@{}", self.0),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not an instant in RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnInstant;

impl FromStr for Timestamp {
    type Err = NotAnInstant;

    /// Reads RFC 3339 with any offset.
    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        let instant = DateTime::parse_from_rfc3339(text).map_err(|_| NotAnInstant)?;
        Ok(Self(instant.timestamp_micros()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_day_begins_at_midnight_in_shanghai() {
        assert_eq!(
            at("2026-11-21T15:59:59.999999Z").shanghai_day().to_string(),
            "2026-11-21"
        );
        assert_eq!(
            at("2026-11-21T16:00:00Z").shanghai_day().to_string(),
            "2026-11-22"
        );
        let day: Date = "2026-11-22".parse().expect("a day");
        assert_eq!(day.begins(), at("2026-11-22T00:00:00+08:00"));
        assert_eq!(day.parts(), (2026, 11, 22));
        assert_eq!(at("2026-11-21T16:05:59Z").shanghai_clock(), (0, 5));
    }

    #[test]
    fn instants_are_written_alike() {
        let text = "2026-11-22T01:02:03.000004Z";
        assert_eq!(at(text).to_string(), text);
        assert_eq!(at("2026-11-22T09:02:03.0000049+08:00").to_string(), text);
        for bad in ["", "2026-11-22", "2026-11-22T01:02:03", "yesterday"] {
            assert_eq!(bad.parse::<Timestamp>(), Err(NotAnInstant), "{bad}");
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for bad in [
            "2026-02-29",
            "2026-1-02",
            "20261122",
            "2026-11-22 ",
            "",
            "+026-01-01",
        ] {
            assert_eq!(bad.parse::<Date>(), Err(NotADate), "{bad}");
        }
        let leap: Date = "2028-02-29".parse().expect("a day");
        assert_eq!(leap.plus(1).map(Date::parts), Some((2028, 3, 1)));
    }

    #[test]
    fn a_clock_set_back_ages_nothing() {
        let now = at("2026-11-22T00:00:00Z");
        assert_eq!(now.since(now.plus(Duration::from_secs(9))), Duration::ZERO);
        assert_eq!(now.plus(Duration::MAX), Timestamp(i64::MAX));
    }

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

    proptest! {
        #[test]
        fn every_instant_lies_within_its_day(micros in -4_000_000_000_000_000i64..4_000_000_000_000_000) {
            let now = Timestamp::from_micros(micros);
            let day = now.shanghai_day();
            let next = day.plus(1).expect("inside the calendar");
            prop_assert!(day.begins() <= now && now < next.begins());
            prop_assert_eq!(now.to_string().parse(), Ok(now));
        }
    }
}
