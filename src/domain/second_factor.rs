//! The second factor: six digits that change every half minute (TOTP, RFC 6238). Codes are
//! computed in `service/secret`; here is which of them count, and that each counts once.

use super::refusal::Refusal;
use super::secret::Sealed;
use super::time::Timestamp;

/// Seconds a code is shown.
pub const STEP_SECONDS: u64 = 30;
/// Steps a telephone's clock may be off, to either side.
const TOLERANCE: u64 = 1;

/// Number of a half minute since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step(u64);

impl Step {
    /// The half minute of an instant.
    pub fn at(now: Timestamp) -> Self {
        Self(now.unix_seconds() / STEP_SECONDS)
    }

    /// The step with that number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number: the counter of RFC 6238.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// The steps whose codes count at `now`, oldest first.
pub fn window(now: Timestamp) -> impl Iterator<Item = Step> {
    let here = Step::at(now).0;
    (here.saturating_sub(TOLERANCE)..=here.saturating_add(TOLERANCE)).map(Step)
}

/// The second factor of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SecondFactor {
    #[default]
    None,
    /// The secret was shown; a code has to prove that it arrived.
    Offered { secret: Sealed },
    Active {
        secret: Sealed,
        /// The step of the code that was used last.
        last: Step,
    },
}

impl SecondFactor {
    /// Offers a secret; one that was offered before and not confirmed is forgotten.
    pub fn offer(self, secret: Sealed) -> Result<Self, Refusal> {
        match self {
            Self::None | Self::Offered { .. } => Ok(Self::Offered { secret }),
            Self::Active { .. } => Err(Refusal::SecondFactorThere),
        }
    }

    /// The secret whose codes are asked for.
    pub const fn secret(&self) -> Option<&Sealed> {
        match self {
            Self::None => None,
            Self::Offered { secret } | Self::Active { secret, .. } => Some(secret),
        }
    }

    /// Whether signing in asks for a code.
    pub const fn is_active(&self) -> bool {
        matches!(self, Self::Active { .. })
    }

    /// Takes a code. `matched` is the step whose code it is, `None` when it is the code of
    /// no step in the [`window`]. The first right code confirms an offer. A code that was
    /// used, or an older one, is refused: somebody may have looked over a shoulder.
    pub fn take(self, matched: Option<Step>) -> Result<Self, Refusal> {
        let step = matched.ok_or(Refusal::CodeWrong)?;
        match self {
            Self::None => Err(Refusal::NoSecondFactor),
            Self::Active { last, .. } if step <= last => Err(Refusal::CodeWrong),
            Self::Offered { secret } | Self::Active { secret, .. } => {
                Ok(Self::Active { secret, last: step })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Sealed {
        Sealed::from_stored("1.1.x".to_owned())
    }

    #[test]
    fn a_code_counts_once() {
        let offered = SecondFactor::None.offer(secret()).expect("none there");
        assert!(!offered.is_active());
        assert_eq!(offered.clone().take(None), Err(Refusal::CodeWrong));
        let active = offered.take(Some(Step(100))).expect("right");
        for used in [99, 100] {
            assert_eq!(
                active.clone().take(Some(Step(used))),
                Err(Refusal::CodeWrong)
            );
        }
        assert!(active.clone().take(Some(Step(101))).is_ok());
        assert_eq!(active.offer(secret()), Err(Refusal::SecondFactorThere));
        assert_eq!(
            SecondFactor::None.take(Some(Step(1))),
            Err(Refusal::NoSecondFactor)
        );
    }

    #[test]
    fn a_clock_may_be_half_a_minute_off() {
        let now = Timestamp::from_micros(59_000_000);
        let steps: Vec<u64> = window(now).map(Step::number).collect();
        assert_eq!(steps, [0, 1, 2]);
        assert_eq!(window(Timestamp::from_micros(0)).count(), 2);
    }
}
