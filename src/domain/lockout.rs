//! Wrong passwords and how long to wait after them. Every fifth in a row closes the door,
//! for a quarter of an hour first and twice as long every time, up to a day; a day without
//! any forgets them all.

use super::time::Timestamp;
use std::time::Duration;

/// Wrong attempts in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    pub failures: u32,
    pub last: Option<Timestamp>,
}

/// From one address, where many people may sit behind one.
const CROWD: u32 = 50;
const CROWD_LOCK: Duration = Duration::from_secs(15 * 60);

/// So many at a time.
const PER_ROUND: u32 = 5;
const FIRST_LOCK: Duration = Duration::from_secs(15 * 60);
const LONGEST_LOCK: Duration = Duration::from_secs(24 * 3600);
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);
/// No more than this many in a row (NIST SP 800-63B-4, section 3.2.2).
const ATTACK: u32 = 100;

impl Attempts {
    /// None since the last success.
    pub const NONE: Self = Self {
        failures: 0,
        last: None,
    };

    /// One more.
    #[must_use]
    pub fn after_failure(self, now: Timestamp) -> Self {
        let remembered = if self.is_forgotten(now) {
            Self::NONE
        } else {
            self
        };
        Self {
            failures: remembered.failures.saturating_add(1),
            // a clock that was set back must not shorten a lock
            last: Some(remembered.last.map_or(now, |last| last.max(now))),
        }
    }

    /// Until when the door is closed, if it is.
    pub fn locked_until(self, now: Timestamp) -> Option<Timestamp> {
        let rounds = self.failures / PER_ROUND;
        let closes = rounds > 0 && self.failures.is_multiple_of(PER_ROUND);
        let until = self.last?.plus(lock(rounds));
        (closes && now < until).then_some(until)
    }

    /// The same for an address that many people may share: closed only after many, and
    /// never for long.
    pub fn crowd_locked_until(self, now: Timestamp) -> Option<Timestamp> {
        let until = self.last?.plus(CROWD_LOCK);
        (self.failures >= CROWD && now < until).then_some(until)
    }

    /// So many in a row that a person has to look at it.
    pub const fn are_an_attack(self) -> bool {
        self.failures >= ATTACK
    }

    /// A day has passed without any since the door was open again.
    fn is_forgotten(self, now: Timestamp) -> bool {
        let locked = lock(self.failures / PER_ROUND);
        self.last
            .is_some_and(|last| now.since(last) >= FORGOTTEN_AFTER.saturating_add(locked))
    }
}

/// How long the door stays closed after so many full rounds.
fn lock(rounds: u32) -> Duration {
    match rounds.checked_sub(1) {
        None => Duration::ZERO,
        Some(doublings) => FIRST_LOCK
            .saturating_mul(2u32.saturating_pow(doublings))
            .min(LONGEST_LOCK),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
    const MINUTE: Duration = Duration::from_secs(60);

    fn after(failures: u32) -> Attempts {
        (0..failures).fold(Attempts::NONE, |attempts, _| attempts.after_failure(NOW))
    }

    #[test]
    fn each_round_locks_twice_as_long() {
        let minutes = |failures| {
            let until = after(failures).locked_until(NOW);
            until.map(|until| until.since(NOW).as_secs() / 60)
        };
        let found: Vec<_> = [0, 1, 4, 5, 6, 10, 15, 20, 35, 40, 95]
            .map(minutes)
            .to_vec();
        let expected = [
            None,
            None,
            None,
            Some(15),
            None,
            Some(30),
            Some(60),
            Some(120),
            Some(960),
            Some(1440),
            Some(1440),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_quiet_day_forgets() {
        let four = after(4);
        let day = MINUTE * 24 * 60;
        assert_eq!(four.after_failure(NOW.plus(day)).failures, 1);
        assert_eq!(four.after_failure(NOW.plus(day - MINUTE)).failures, 5);
    }

    #[test]
    fn a_hundred_are_an_attack() {
        assert!(!after(99).are_an_attack());
        assert!(after(100).are_an_attack());
        assert!(after(0).locked_until(NOW).is_none());
    }

    proptest! {
        #[test]
        fn waiting_always_helps_and_trying_never_does(failures in 0u32..200, back in 0u64..100_000) {
            let attempts = after(failures);
            if let Some(until) = attempts.locked_until(NOW) {
                prop_assert!(attempts.locked_until(until).is_none());
                // a clock set back leaves it closed
                prop_assert_eq!(attempts.locked_until(NOW.minus(Duration::from_secs(back))), Some(until));
            }
            let again = attempts.after_failure(NOW.minus(Duration::from_secs(back)));
            prop_assert!(again.last >= attempts.last && again.failures == attempts.failures + 1);
        }
    }
}
