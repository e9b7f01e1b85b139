//! Identifiers that carry facts: the national identity number and the code of
//! an administrative place.

use super::label::labelled;
use super::month::{Month, days_in_month};
use std::fmt;
use std::str::FromStr;

labelled! {
    /// Sex as the identity number states it (digit 17, odd = male; GB 11643-1999).
    pub enum Sex { Male = "男" / "male", Female = "女" / "female" }
}

/// An 18-character identity number whose check digit is right (GB 11643-1999)
/// and whose birth date exists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NationalId {
    text: [u8; 18],
}

/// Why a text is not a usable identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NationalIdFault {
    /// Not 18 characters with the right check digit (15-digit and foreign documents too).
    Checksum,
    /// The check digit is right but there is no such birth date.
    BirthDate,
}

impl NationalId {
    /// Reads an identity number; spaces, a leading apostrophe and a small `x` are forgiven.
    pub fn read(text: &str) -> Result<Self, NationalIdFault> {
        let mut id = [0u8; 18];
        let mut slots = id.iter_mut();
        let written = text.trim_start_matches(['\'', '’', '‘', '`']);
        for c in written.chars().filter(|c| !c.is_whitespace()) {
            let slot = slots.next().ok_or(NationalIdFault::Checksum)?;
            *slot = match c {
                '0'..='9' => c as u8,
                'X' | 'x' => b'X',
                _ => return Err(NationalIdFault::Checksum),
            };
        }
        if slots.next().is_some() || Some(&check_digit(&id)?) != id.last() {
            return Err(NationalIdFault::Checksum);
        }
        let id = Self { text: id };
        let (year, month, day) = id.birth_date();
        if (1..=days_in_month(year, month)).contains(&day) {
            Ok(id)
        } else {
            Err(NationalIdFault::BirthDate)
        }
    }

    /// Birth date as year, month, day.
    pub fn birth_date(&self) -> (i32, u32, u32) {
        let number = |from: usize, to: usize| {
            self.text
                .iter()
                .skip(from)
                .take(to - from)
                .fold(0u32, |n, d| n * 10 + u32::from(d.saturating_sub(b'0')))
        };
        (number(6, 10) as i32, number(10, 12), number(12, 14))
    }

    /// Birth month.
    pub fn birth_month(&self) -> Month {
        let (year, month, _) = self.birth_date();
        Month::from_index(year * 12 + month as i32 - 1)
    }

    /// Sex: digit 17 is odd for men.
    pub fn sex(&self) -> Sex {
        match self.text.get(16) {
            Some(digit) if digit % 2 == 1 => Sex::Male,
            _ => Sex::Female,
        }
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }
}

fn check_digit(id: &[u8; 18]) -> Result<u8, NationalIdFault> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let mut sum = 0;
    for (digit, weight) in id.iter().zip(WEIGHTS) {
        if !digit.is_ascii_digit() {
            return Err(NationalIdFault::Checksum);
        }
        sum += u32::from(digit - b'0') * weight;
    }
    b"10X98765432"
        .get(sum as usize % 11)
        .copied()
        .ok_or(NationalIdFault::Checksum)
}

impl fmt::Display for NationalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for NationalId {
    /// Never the whole number: logs must not carry it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = self.as_str().get(14..).unwrap_or_default();
        write!(f, "NationalId(…{tail})")
    }
}

/// The code of an administrative place (GB/T 2260 and its nine- and
/// twelve-digit continuations): 2 province, 4 city, 6 county, 9 township or
/// street, 12 village or community.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode {
    digits: u64,
    len: u8,
}

impl AreaCode {
    /// Reads a code of one of the lengths given.
    pub fn read(text: &str, lengths: &[usize]) -> Option<Self> {
        let digits = text.bytes().all(|b| b.is_ascii_digit()) && lengths.contains(&text.len());
        if !digits {
            return None;
        }
        Some(Self {
            digits: text.parse().ok()?,
            len: u8::try_from(text.len()).ok()?,
        })
    }

    /// Number of digits.
    pub const fn length(self) -> usize {
        self.len as usize
    }

    /// The code as a number, without leading zeros.
    pub const fn digits(self) -> u64 {
        self.digits
    }

    /// The first six digits (the whole code when it is shorter).
    pub fn county(self) -> Self {
        self.prefix(6)
    }

    /// The first `len` digits (the whole code when it is shorter).
    pub fn prefix(self, len: u8) -> Self {
        if len >= self.len {
            return self;
        }
        let cut = 10u64.pow(u32::from(self.len - len));
        Self {
            digits: self.digits / cut,
            len,
        }
    }

    /// The same place without an empty last part: a twelve-digit code that ends
    /// in 000 names the township of its first nine digits.
    pub fn trimmed(self) -> Self {
        if self.len == 12 && self.digits.is_multiple_of(1000) {
            self.prefix(9)
        } else {
            self
        }
    }

    /// Whether this code begins with `outer`.
    pub fn is_within(self, outer: Self) -> bool {
        outer.len <= self.len && self.prefix(outer.len) == outer
    }
}

/// Not the code of an administrative place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoAreaCode;

impl FromStr for AreaCode {
    type Err = NoAreaCode;

    /// Reads a code of any length that there is.
    fn from_str(text: &str) -> Result<Self, NoAreaCode> {
        Self::read(text, &[2, 4, 6, 9, 12]).ok_or(NoAreaCode)
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.digits, width = self.length())
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_identity_numbers() {
        for good in [
            "11010519491231002X",
            "440524188001010014",
            "120223198902021249",
            "130132199210293822",
            " 11010519491231002x ",
            "'11010519491231002X",
        ] {
            assert!(NationalId::read(good).is_ok(), "{good}");
        }
        for bad in [
            "130402198207290622",
            "",
            "110105491231002",
            "H01234567",
            "1101051949123100２X",
        ] {
            assert_eq!(
                NationalId::read(bad),
                Err(NationalIdFault::Checksum),
                "{bad}"
            );
        }
        let id = NationalId::read("11010519491231002X").expect("published as valid");
        assert_eq!(id.birth_month().to_string(), "1949-12");
        assert_eq!(id.sex(), Sex::Female);
        assert_eq!(format!("{id:?}"), "NationalId(…002X)");
    }

    #[test]
    fn impossible_birth_date() {
        // 1990-02-30 with a right check digit
        let stem = "15019919900230001";
        let full = (b'0'..=b'9')
            .chain([b'X'])
            .map(|c| format!("{stem}{}", c as char))
            .find(|t| NationalId::read(t) != Err(NationalIdFault::Checksum))
            .expect("one check digit is right");
        assert_eq!(NationalId::read(&full), Err(NationalIdFault::BirthDate));
    }

    #[test]
    fn places_nest() {
        let code = |t: &str| t.parse::<AreaCode>().expect("a code");
        assert!(code("150199001").is_within(code("1501")));
        assert!(!code("150199").is_within(code("150199001")));
        assert!(!code("150199001").is_within(code("150198")));
        assert_eq!(code("150199001000").trimmed(), code("150199001"));
        assert_eq!(code("150199001001").trimmed().length(), 12);
        assert_eq!(code("150199001").county().to_string(), "150199");
        assert_eq!(AreaCode::read("1501991", &[6, 9, 12]), None);
    }
}
