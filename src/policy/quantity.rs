//! Shares, lengths of time and dates as policies write them. Exact integers only.

use crate::domain::month::{Month, number};
use std::fmt;

/// A share of a total: `18%`, `0.3‰`, `2/10000`. Always reduced to integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Share {
    /// Numerator, 0 or more.
    pub of: i64,
    /// Denominator, 1 or more.
    pub per: i64,
    written: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Unit {
    Percent,
    PerMille,
    Ratio,
}

/// How a share of people or posts becomes a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    Down,
    Up,
    /// Halves go up.
    Nearest,
}

/// The largest number that a policy or an example may name, in a share too: more than
/// there are people. What is counted with it stays exact.
pub const LARGEST: i64 = 10_000_000_000;
/// The longest length of time, in months: a thousand years.
const LONGEST: i64 = 12_000;

impl Share {
    /// Reads `18%`, `18％`, `0.3‰` or `2/10000`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(number) = text.strip_suffix(['%', '％']) {
            return Self::scaled(number, 100, Unit::Percent);
        }
        if let Some(number) = text.strip_suffix('‰') {
            return Self::scaled(number, 1000, Unit::PerMille);
        }
        let (of, per) = text.split_once('/')?;
        Self::new(whole(of)?, whole(per)?, Unit::Ratio)
    }

    fn new(of: i64, per: i64, written: Unit) -> Option<Self> {
        let sensible = of <= LARGEST && (1..=LARGEST).contains(&per);
        sensible.then_some(Self { of, per, written })
    }

    /// One in so many (at least one).
    pub fn one_in(every: i64) -> Self {
        Self {
            of: 1,
            per: every.max(1),
            written: Unit::Ratio,
        }
    }

    fn scaled(number: &str, per: i64, written: Unit) -> Option<Self> {
        let number = number.trim();
        let (units, decimals) = number.split_once('.').unwrap_or((number, ""));
        let scale = 10i64.checked_pow(u32::try_from(decimals.len()).ok().filter(|n| *n <= 6)?)?;
        let decimals = if decimals.is_empty() {
            0
        } else {
            digits(decimals)?
        };
        let of = digits(units)?.checked_mul(scale)?.checked_add(decimals)?;
        Self::new(of, per.checked_mul(scale)?, written)
    }

    /// This share of `total`, as a whole number.
    pub fn of_total(self, total: i64, rounding: Rounding) -> i64 {
        round(
            i128::from(self.of) * i128::from(total),
            i128::from(self.per),
            rounding,
        )
    }

    /// This share of `part` and `rest_share` of what `part` leaves of `total`, added before rounding.
    pub fn of_parts(self, part: i64, total: i64, rest_share: Self, rounding: Rounding) -> i64 {
        let (a, b) = (i128::from(self.of), i128::from(self.per));
        let (c, d) = (i128::from(rest_share.of), i128::from(rest_share.per));
        let numerator = a * d * i128::from(part) + c * b * i128::from(total - part);
        round(numerator, b * d, rounding)
    }

    /// Whether `counted` is more than this share of `total`.
    pub fn is_below(self, counted: i64, total: i64) -> bool {
        i128::from(counted) * i128::from(self.per) > i128::from(self.of) * i128::from(total)
    }

    /// Whether `counted` is less than this share of `total`.
    pub fn is_above(self, counted: i64, total: i64) -> bool {
        i128::from(counted) * i128::from(self.per) < i128::from(self.of) * i128::from(total)
    }
}

/// Exact decimals of a share: `0.3‰` is 3 in 10 000.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scale, sign) = match self.written {
            Unit::Ratio => return write!(f, "{}/{}", self.of, self.per),
            Unit::Percent => (self.per / 100, "%"),
            Unit::PerMille => (self.per / 1000, "‰"),
        };
        let scale = scale.max(1);
        write!(f, "{}", self.of / scale)?;
        if scale > 1 {
            let width = scale.ilog10() as usize;
            write!(f, ".{:0width$}", self.of % scale)?;
        }
        f.write_str(sign)
    }
}

fn round(numerator: i128, denominator: i128, rounding: Rounding) -> i64 {
    let rounded = match rounding {
        Rounding::Down => numerator.div_euclid(denominator),
        Rounding::Up => -(-numerator).div_euclid(denominator),
        Rounding::Nearest => (2 * numerator + denominator).div_euclid(2 * denominator),
    };
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

/// A whole number from 0 to [`LARGEST`].
pub fn whole(text: &str) -> Option<i64> {
    digits(text.trim()).filter(|number| *number <= LARGEST)
}

fn digits(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Months in `20年`, `60岁`, `240个月`, `61岁4个月`.
pub fn months(text: &str) -> Option<i64> {
    let text = text.trim();
    let (years, rest) = match text.split_once(['年', '岁']) {
        Some((years, rest)) => (whole(years)?, rest),
        None => (0, text),
    };
    let months = match rest
        .strip_suffix("个月")
        .or_else(|| rest.strip_suffix('月'))
    {
        Some(months) => whole(months)?,
        None if rest.is_empty() && !text.is_empty() => 0,
        None => return None,
    };
    let length = years.checked_mul(12)?.checked_add(months)?;
    (length <= LONGEST).then_some(length)
}

/// A day as policies write it: `2014-07-01`, or a month, `2020-06`, meaning its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub month: Month,
    pub day: u32,
}

impl Day {
    /// Reads a date or a month.
    pub fn read(text: &str) -> Option<Self> {
        if text.len() == 7 {
            return text.parse().ok().map(|month| Self { month, day: 1 });
        }
        let (month, day) = text.rsplit_once('-')?;
        let day = number(day, 2..=2)?;
        let month: Month = month.parse().ok()?;
        Month::of_date(month.year(), month.month(), day)?;
        Some(Self { month, day })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(text: &str) -> Share {
        Share::read(text).expect(text)
    }

    #[test]
    fn shares() {
        assert_eq!(share("18%").of_total(45, Rounding::Down), 8);
        assert_eq!(share("42％").of_total(45, Rounding::Nearest), 19);
        assert_eq!(share("10%").of_total(45, Rounding::Up), 5);
        assert_eq!(share("10%").of_total(45, Rounding::Nearest), 5);
        assert_eq!(share("0.3‰").of_total(10_000, Rounding::Down), 3);
        assert_eq!(share("2/10000").of_total(15_000, Rounding::Down), 3);
        assert!(share("90%").is_above(44, 50) && !share("90%").is_above(45, 50));
        assert!(share("5%").is_below(4, 60) && !share("5%").is_below(3, 60));
        assert_eq!(
            share("20%").of_parts(40, 45, share("18%"), Rounding::Down),
            8
        );
        assert_eq!(
            share("20%").of_parts(45, 45, share("18%"), Rounding::Down),
            9
        );
        for text in [
            "18",
            "%",
            "-1%",
            "1/0",
            "a%",
            "1..2%",
            "1.2.3%",
            "12345678901234567890%",
            "1. 5%",
            "1 .5%",
            "566666666666.5%",
            "1/99999999999",
        ] {
            assert_eq!(Share::read(text), None, "{text}");
        }
        for text in ["18%", "0.3‰", "2/10000", "12.50%"] {
            assert_eq!(share(text).to_string(), text);
        }
    }

    #[test]
    fn lengths_of_time() {
        assert_eq!(months("20年"), Some(240));
        assert_eq!(months("60岁"), Some(720));
        assert_eq!(months("61岁4个月"), Some(736));
        assert_eq!(months("59个月"), Some(59));
        assert_eq!(months("1000年"), Some(12_000));
        for text in ["", "20", "年", "x年", "20年前", "1000年1个月"] {
            assert_eq!(months(text), None, "{text}");
        }
    }

    #[test]
    fn days() {
        assert_eq!(
            Day::read("2014-07-01").map(|d| d.to_string()).as_deref(),
            Some("2014-07-01")
        );
        assert_eq!(
            Day::read("2020-06").map(|d| d.to_string()).as_deref(),
            Some("2020-06-01")
        );
        assert_eq!(Day::read("2023-02-29"), None);
        assert_eq!(Day::read("2023-2-9"), None);
        assert_eq!(Day::read("2014-07-+1"), None);
        assert_eq!(Day::read("2014-07-001"), None);
    }
}
