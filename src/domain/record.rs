//! What every record has: an identifier, a version, the days for which it is
//! valid, and the moment at which it was known.

use super::time::{Date, Timestamp};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use uuid::{Builder, Uuid};

/// Identifier of a `T`: a UUID of version 7, so that what was made later sorts later.
pub struct Id<T> {
    uuid: Uuid,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The identifier with that UUID.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self {
            uuid,
            of: PhantomData,
        }
    }

    /// A new identifier made at `now`; `random` tells apart those of one millisecond.
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        Self::from_uuid(Builder::from_unix_timestamp_millis(now.unix_millis(), &random).into_uuid())
    }

    /// The smallest of those made at that millisecond or later.
    pub fn first_of(at: Timestamp) -> Self {
        Self::new(at, [0; 10])
    }

    /// When it was made, to the millisecond.
    pub fn made_at(self) -> Timestamp {
        let [a, b, c, d, e, f, ..] = *self.uuid.as_bytes();
        let millis = i64::from_be_bytes([0, 0, a, b, c, d, e, f]);
        Timestamp::from_micros(millis.saturating_mul(1000))
    }

    /// The sixteen bytes.
    pub const fn bytes(&self) -> &[u8; 16] {
        self.uuid.as_bytes()
    }

    /// The millisecond in which it was made: the first six bytes of a version 7.
    pub fn millis(&self) -> u64 {
        let made = self.bytes().iter().take(6);
        made.fold(0, |millis, byte| millis << 8 | u64::from(*byte))
    }

    /// The UUID.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

// Derived, these would ask the same of `T`, which is only a name here.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}

impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.uuid, f)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.uuid, f)
    }
}

/// Not a UUID written with small letters and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an identifier like 019ab5c2-7f00-7000-8000-000000000000")]
pub struct NotAnId;

impl<T> FromStr for Id<T> {
    type Err = NotAnId;

    /// One identifier has one spelling, so that texts compare as identifiers do.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let uuid = Uuid::try_parse(text).map_err(|_| NotAnId)?;
        let id = Self::from_uuid(uuid);
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(NotAnId)
        }
    }
}

/// Makes the identifiers of one piece of work: each sorts behind the one before.
#[derive(Clone, Debug)]
pub struct Ids {
    millis: u64,
    made: u32,
    rng: fastrand::Rng,
}

impl Ids {
    /// Identifiers of that moment; `seed` must not be used twice in one millisecond.
    pub fn new(now: Timestamp, seed: u64) -> Self {
        Self {
            millis: now.unix_millis(),
            made: 0,
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    /// The next identifier.
    pub fn make<T>(&mut self) -> Id<T> {
        // RFC 9562, method 1: a counter in the leading bits behind the time
        let random = self.rng.u64(..) & 0xFFFF_FFFF_FFFF;
        let [_, _, a, b, c, d, e, f] = random.to_be_bytes();
        // the counter's low fourteen bits stand behind the two bits of the variant
        let high = (self.made >> 14) & 0xFFF;
        let low = self.made & 0x3FFF;
        let [_, _, high_a, high_b] = high.to_be_bytes();
        let [_, _, low_a, low_b] = low.to_be_bytes();
        let tail = [high_a, high_b, low_a, low_b, a, b, c, d, e, f];
        if self.made < 0x3FF_FFFF {
            self.made += 1;
        } else {
            self.made = 0;
            self.millis += 1;
        }
        Id::from_uuid(Builder::from_unix_timestamp_millis(self.millis, &tail).into_uuid())
    }
}

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

/// The days for which something is valid, from the first day on and before the last;
/// `until` = `None` goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Validity {
    pub from: Date,
    pub until: Option<Date>,
}

impl Validity {
    /// From that day on.
    pub const fn from(from: Date) -> Self {
        Self { from, until: None }
    }

    /// Whether it holds on that day.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// For which day is asked, and from what was known when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    pub on: Date,
    /// What was recorded later is left out; `None` = all that is known now.
    pub known: Option<Timestamp>,
}

impl When {
    /// That day, from all that is known now.
    pub const fn on(on: Date) -> Self {
        Self { on, known: None }
    }

    /// That day, from what was known at an instant.
    pub const fn known_at(on: Date, known: Timestamp) -> Self {
        Self {
            on,
            known: Some(known),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_sort_as_they_were_made() {
        let now = Timestamp::from_micros(1_795_000_000_000_000);
        let mut ids = Ids::new(now, 1);
        let made: Vec<Id<()>> = (0..40_000).map(|_| ids.make()).collect();
        assert!(made.is_sorted() && made.windows(2).all(|two| two[0] != two[1]));
        let later: Id<()> = Ids::new(now.plus_seconds(1), 1).make();
        assert!(made.iter().all(|id| *id < later));
        let texts: Vec<_> = made.iter().map(ToString::to_string).collect();
        assert!(texts.is_sorted());
        assert_eq!(made[0].uuid().get_version_num(), 7);
        assert_eq!(texts[7].parse(), Ok(made[7]));
        assert_eq!(made[7].made_at(), now);
        let second = now.plus_seconds(1);
        assert_eq!(Id::<()>::first_of(second).made_at(), second);
        assert!(made.iter().all(|id| *id < Id::first_of(second)));
        assert_eq!(texts[7].to_uppercase().parse::<Id<()>>(), Err(NotAnId));
    }

    #[test]
    fn validity_leaves_its_end_out() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let year = Validity {
            from: day("2026-01-01"),
            until: Some(day("2027-01-01")),
        };
        assert!(!year.covers(day("2025-12-31")));
        assert!(year.covers(day("2026-01-01")));
        assert!(year.covers(day("2026-12-31")));
        assert!(!year.covers(day("2027-01-01")));
    }
}
