//! The version of a record: counts its changes, so that an edit of a page that has become
//! stale is noticed instead of overwriting somebody else's.

use std::fmt;

/// 1 for a new record, one more with every change. Carried by forms and by `ETag`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(i64);

/// Somebody changed the record meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    /// What the caller saw.
    pub expected: Version,
    /// What it is now.
    pub actual: Version,
}

impl Version {
    /// The version of a record that was just made.
    pub const FIRST: Self = Self(1);

    /// `None` for numbers below 1.
    pub const fn new(number: i64) -> Option<Self> {
        if number >= 1 {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number, from 1.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The version after the next change.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Fails when the record is no longer what the caller saw.
    pub fn must_be(self, seen: Self) -> Result<(), Stale> {
        if self == seen {
            Ok(())
        } else {
            Err(Stale {
                expected: seen,
                actual: self,
            })
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_makes_what_was_seen_stale() {
        let changed = Version::FIRST.next();
        assert_eq!(changed.must_be(changed), Ok(()));
        let stale = Stale {
            expected: Version::FIRST,
            actual: changed,
        };
        assert_eq!(changed.must_be(Version::FIRST), Err(stale));
        assert_eq!(Version::new(0), None);
    }
}
