//! Recovery codes: what stands in for the second factor when the telephone is lost. Each is
//! good once; new ones replace all that were made before.

use std::fmt;
use zeroize::Zeroizing;

/// How many there are.
pub const CODES: usize = 10;

/// Twelve characters, which are sixty bits.
const LENGTH: usize = 12;
const BITS: usize = 5;

/// Crockford's: without letters that look like digits or like each other.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// One code.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// The code made of random bits; those beyond sixty are left over.
    pub fn new(random: [u8; 8]) -> Self {
        let bits = u64::from_be_bytes(random);
        let letter = |at: usize| {
            let index = usize::try_from(bits >> (at * BITS) & 31).unwrap_or(0);
            char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
        };
        Self(Zeroizing::new((0..LENGTH).map(letter).collect()))
    }

    /// Reads what somebody typed: small letters, spaces and hyphens are forgiven, and what
    /// looks like a 0 or a 1. `None` when it cannot be one.
    pub fn read(text: &str) -> Option<Self> {
        let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let letters = kept.map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        let code: Zeroizing<String> = Zeroizing::new(letters.collect());
        let known = |c: u8| ALPHABET.contains(&c);
        (code.len() == LENGTH && code.bytes().all(known)).then_some(Self(code))
    }

    /// As its owner gets it: `7Q4K-M2XA-0DPR`.
    pub fn reveal(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH + 2));
        for (at, letter) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }

    /// The one writing that is hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn other_texts_are_none() {
        for bad in [
            "",
            "123456",
            "7Q4K-M2XA-0DP",
            "7Q4K-M2XA-0DPRX",
            "7Q4K-M2XA-0DPU",
        ] {
            assert_eq!(RecoveryCode::read(bad), None, "{bad}");
        }
        let read = |text| RecoveryCode::read(text).expect("a code");
        assert_eq!(read("7q4k m2xa Odpr"), read("7Q4K-M2XA-0DPR"));
        assert_eq!(format!("{:?}", read("7Q4K-M2XA-0DPR")), "RecoveryCode(…)");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read(random: [u8; 8]) {
            let code = RecoveryCode::new(random);
            prop_assert_eq!(RecoveryCode::read(&code.reveal()), Some(code));
        }

        #[test]
        fn other_bits_are_another_code(one: u64, other: u64) {
            let [one, other] = [one, other].map(|bits| bits >> 4);
            let code = |bits: u64| RecoveryCode::new(bits.to_be_bytes());
            prop_assert_eq!(code(one) == code(other), one == other);
        }
    }
}
