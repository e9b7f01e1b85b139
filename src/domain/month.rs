//! Calendar months, the unit of all arithmetic on service and retirement
//! (CONTRACT section 3: a month is `year * 12 + month - 1`).

use std::fmt;
use std::str::FromStr;

/// A calendar month. Differences are whole months.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// The earliest and latest year a clerk can have meant.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

impl Month {
    /// `month` counts from 1; `None` when it is not between 1 and 12.
    pub const fn new(year: i32, month: u32) -> Option<Self> {
        if month >= 1 && month <= 12 {
            Some(Self(year * 12 + month as i32 - 1))
        } else {
            None
        }
    }

    /// The month with that number (`year * 12 + month - 1`).
    pub const fn from_index(index: i32) -> Self {
        Self(index)
    }

    /// `year * 12 + month - 1`.
    pub const fn index(self) -> i32 {
        self.0
    }

    /// Calendar year.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Month of the year, 1 to 12.
    pub const fn month(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    /// The month `months` later (earlier when negative).
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0.saturating_add(months))
    }

    /// Whole months from `earlier` to `self`; negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads what clerks write in a text cell: `1998-07`, `199807`, `1998.7`,
    /// `1998/7`, `1998年7月`, with a day (and a midnight) behind any of them.
    /// `text` has half-width characters.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let date = match text.find([' ', 'T']) {
            Some(at) if is_clock_time(text.get(at + 1..)?) => text.get(..at)?,
            _ => text,
        };
        let compact: String = date.chars().filter(|c| !c.is_whitespace()).collect();
        if compact.bytes().all(|b| b.is_ascii_digit()) {
            return Self::from_digits(&compact);
        }
        let mut parts = compact
            .trim_end_matches(['月', '日', '号'])
            .split(['-', '.', '/', '年', '月', '~']);
        let year = number(parts.next()?, 4..=4)?;
        let month = number(parts.next()?, 1..=2)?;
        let day = match parts.next() {
            None => None,
            Some(day) => Some(number(day, 1..=2)?),
        };
        if parts.next().is_some() {
            return None;
        }
        Self::checked(year, month, day)
    }

    /// Reads a numeric cell, given as its shortest decimal text. `1998.07` and
    /// `1998.7` are July; `1998.1` may be January or a cut-off October and is
    /// refused; `199807` and `19980715` read as digits.
    pub fn read_number(text: &str) -> Option<Self> {
        match text.split_once('.') {
            None => Self::from_digits(text),
            Some((_, "1")) => None,
            Some((year, month)) => Self::checked(number(year, 4..=4)?, number(month, 1..=2)?, None),
        }
    }

    /// The month of a calendar date; `None` when there is no such day.
    pub fn of_date(year: i32, month: u32, day: u32) -> Option<Self> {
        Self::checked(u32::try_from(year).ok()?, month, Some(day))
    }

    fn from_digits(digits: &str) -> Option<Self> {
        let part = |range: std::ops::Range<usize>| {
            let digits = digits.get(range)?;
            number(digits, digits.len()..=digits.len())
        };
        match digits.len() {
            6 => Self::checked(part(0..4)?, part(4..6)?, None),
            8 => Self::checked(part(0..4)?, part(4..6)?, Some(part(6..8)?)),
            _ => None,
        }
    }

    fn checked(year: u32, month: u32, day: Option<u32>) -> Option<Self> {
        let year = i32::try_from(year).ok()?;
        let valid = YEARS.contains(&year)
            && day.is_none_or(|day| (1..=days_in_month(year, month)).contains(&day));
        if valid { Self::new(year, month) } else { None }
    }
}

/// Days of a month of the Gregorian calendar; 0 when there is no such month.
pub(crate) const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

fn is_clock_time(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.'))
        && text.contains(':')
}

pub(crate) fn number(text: &str, width: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if digits && width.contains(&text.len()) {
        text.parse().ok()
    } else {
        None
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Not of the form `YYYY-MM`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a month like 2026-11")]
pub struct NotAMonth;

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let (year, month) = text.split_once('-').ok_or(NotAMonth)?;
        let read = |t: &str, w: usize| number(t, w..=w).ok_or(NotAMonth);
        Self::checked(read(year, 4)?, read(month, 2)?, None).ok_or(NotAMonth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Option<String> {
        Month::read(text).map(|m| m.to_string())
    }

    #[test]
    fn every_spelling_clerks_use() {
        for text in [
            "1998-07",
            "199807",
            "1998.07",
            "1998.7",
            "1998/7",
            "1998年7月",
            "1998-07-15",
            "19980715",
            "1998.7.15",
            "1998/7/15",
            "1998年7月15日",
            "1998年07月",
            "1998-7-15 00:00:00",
            " 1998 年 7 月 ",
        ] {
            assert_eq!(month(text).as_deref(), Some("1998-07"), "{text}");
        }
        assert_eq!(month("1998.10").as_deref(), Some("1998-10"));
        assert_eq!(month("1998.1").as_deref(), Some("1998-01"));
    }

    #[test]
    fn what_is_no_month() {
        for text in [
            "",
            "1998",
            "98-07",
            "1998-13",
            "1998-00",
            "1998-07-32",
            "1998-02-30",
            "1850-01",
            "19987",
            "1998-07-15-01",
            "至今",
            "1998年",
            "七月",
            "1998--07",
            "2999-01",
            "1998-07x",
        ] {
            assert_eq!(month(text), None, "{text}");
        }
    }

    #[test]
    fn numeric_cells() {
        let read = |t| Month::read_number(t).map(|m| m.to_string());
        assert_eq!(read("1998.07").as_deref(), Some("1998-07"));
        assert_eq!(read("1998.7").as_deref(), Some("1998-07"));
        assert_eq!(read("1998.01").as_deref(), Some("1998-01"));
        assert_eq!(read("1998.11").as_deref(), Some("1998-11"));
        assert_eq!(read("199807").as_deref(), Some("1998-07"));
        assert_eq!(read("19980715").as_deref(), Some("1998-07"));
        assert_eq!(read("1998.1"), None, "January or a cut-off October");
        assert_eq!(read("35977"), None);
        assert_eq!(read("1998"), None);
        assert_eq!(read("2047+1"), None, "a sign is no digit");
    }

    #[test]
    fn arithmetic() {
        let july: Month = "1998-07".parse().expect("a month");
        assert_eq!(july.index(), 1998 * 12 + 6);
        assert_eq!(july.plus(6).to_string(), "1999-01");
        assert_eq!(july.plus(-7).to_string(), "1997-12");
        assert_eq!(july.plus(6).since(july), 6);
    }
}
