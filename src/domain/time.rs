//! Instants and days. An instant is UTC in microseconds (what both databases keep); a day
//! is a calendar day in Asia/Shanghai, which has been UTC+8 without daylight saving since
//! 1992. Nobody here reads a clock: `now` is handed in.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Asia/Shanghai is this many microseconds ahead of UTC.
const SHANGHAI_MICROS: i64 = 8 * 3600 * 1_000_000;
const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;
const MICROS_PER_MILLI: i64 = 1000;
const MICROS_PER_SECOND: i64 = 1_000_000;

impl Timestamp {
    /// The instant with that number of microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
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

    /// The calendar day in Asia/Shanghai at this instant.
    pub fn shanghai_day(self) -> Day {
        let days = self
            .0
            .saturating_add(SHANGHAI_MICROS)
            .div_euclid(DAY_MICROS);
        let date = i32::try_from(days)
            .ok()
            .and_then(NaiveDate::from_epoch_days);
        Day(date.unwrap_or(if days < 0 {
            NaiveDate::MIN
        } else {
            NaiveDate::MAX
        }))
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

/// A calendar day in Asia/Shanghai: what `as_of` means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// `None` when there is no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// Year, month (1 to 12), day (1 to 31).
    pub fn parts(self) -> (i32, u32, u32) {
        (self.0.year(), self.0.month(), self.0.day())
    }

    /// The first instant of the day, 00:00 in Asia/Shanghai.
    pub fn begins(self) -> Timestamp {
        let days = i64::from(self.0.to_epoch_days());
        Timestamp(days * DAY_MICROS - SHANGHAI_MICROS)
    }

    /// The day `days` later (earlier when negative); `None` outside the calendar.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        let number = self.0.to_epoch_days().checked_add(days)?;
        NaiveDate::from_epoch_days(number).map(Self)
    }
}

impl fmt::Display for Day {
    /// `2026-11-22`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a day such as 2026-11-22.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADay;

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        // the parser also takes `2026-1-2` and signs; links and forms carry ten characters
        let digits = text
            .split('-')
            .map(|part| part.bytes().all(|b| b.is_ascii_digit()));
        let day = (text.len() == 10 && digits.eq([true; 3]))
            .then_some(text)
            .ok_or(NotADay)?;
        day.parse().map(Self).map_err(|_| NotADay)
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
        let day: Day = "2026-11-22".parse().expect("a day");
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
            assert_eq!(bad.parse::<Day>(), Err(NotADay), "{bad}");
        }
        let leap: Day = "2028-02-29".parse().expect("a day");
        assert_eq!(leap.plus_days(1).map(Day::parts), Some((2028, 3, 1)));
    }

    #[test]
    fn a_clock_set_back_ages_nothing() {
        let now = at("2026-11-22T00:00:00Z");
        assert_eq!(now.since(now.plus(Duration::from_secs(9))), Duration::ZERO);
        assert_eq!(now.plus(Duration::MAX), Timestamp(i64::MAX));
    }

    proptest! {
        #[test]
        fn every_instant_lies_within_its_day(micros in -4_000_000_000_000_000i64..4_000_000_000_000_000) {
            let now = Timestamp::from_micros(micros);
            let day = now.shanghai_day();
            let next = day.plus_days(1).expect("inside the calendar");
            prop_assert!(day.begins() <= now && now < next.begins());
            prop_assert_eq!(now.to_string().parse(), Ok(now));
        }
    }
}
