//! Tokens with which programs act for an account: in one capacity, for some natures of
//! actions, until a day. Shown once when made; kept as a hash.

use super::record_id::{AccountId, CapacityId, TokenId};
use super::refusal::Refusal;
use super::rights::{Assurance, Natures};
use super::secret::TokenHash;
use super::time::Timestamp;
use std::time::Duration;

/// Longest life of a token, in days.
pub const LONGEST_DAYS: u32 = 366;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    pub id: TokenId,
    pub account: AccountId,
    pub capacity: CapacityId,
    /// What its owner calls it.
    pub name: String,
    pub natures: Natures,
    /// Of the session in which it was made: a token is no way around the second factor.
    pub assurance: Assurance,
    pub hash: TokenHash,
    pub created: Timestamp,
    pub expires: Timestamp,
    pub revoked: Option<Timestamp>,
    /// To within a minute, for its owner to see what is still used.
    pub last_used: Option<Timestamp>,
}

/// What is asked for when a token is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenOrder {
    pub id: TokenId,
    pub account: AccountId,
    pub capacity: CapacityId,
    pub name: String,
    pub natures: Natures,
    pub assurance: Assurance,
    pub days: u32,
}

impl ApiToken {
    /// Makes a token. Refused: more than [`LONGEST_DAYS`], none at all, or one that may do
    /// nothing.
    pub fn create(order: TokenOrder, hash: TokenHash, now: Timestamp) -> Result<Self, Refusal> {
        if !(1..=LONGEST_DAYS).contains(&order.days) {
            return Err(Refusal::TokenTooLong {
                maximum_days: LONGEST_DAYS,
            });
        }
        if order.natures == Natures::default() {
            return Err(Refusal::TokenForNothing);
        }
        let life = Duration::from_secs(u64::from(order.days) * 24 * 3600);
        Ok(Self {
            id: order.id,
            account: order.account,
            capacity: order.capacity,
            name: order.name,
            natures: order.natures,
            assurance: order.assurance,
            hash,
            created: now,
            expires: now.plus(life),
            revoked: None,
            last_used: None,
        })
    }

    /// Whether it can be used.
    pub fn admit(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.revoked.is_none() && now < self.expires {
            Ok(())
        } else {
            Err(Refusal::TokenOver)
        }
    }

    /// It can be used no more.
    #[must_use]
    pub fn revoke(mut self, now: Timestamp) -> Self {
        self.revoked = self.revoked.or(Some(now));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rights::Nature;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn order(days: u32, natures: &[Nature]) -> TokenOrder {
        TokenOrder {
            id: TokenId::new(NOW, [1; 10]),
            account: AccountId::new(NOW, [1; 10]),
            capacity: CapacityId::new(NOW, [1; 10]),
            name: "市平台".to_owned(),
            natures: Natures::new(natures.iter().copied()),
            assurance: Assurance::Full,
            days,
        }
    }

    fn create(days: u32, natures: &[Nature]) -> Result<ApiToken, Refusal> {
        ApiToken::create(order(days, natures), TokenHash::new([1; 32]), NOW)
    }

    #[test]
    fn a_token_ends_on_its_day_or_when_revoked() {
        let token = create(30, &[Nature::Feed]).expect("in order");
        let last = NOW.plus(Duration::from_secs(30 * 86_400 - 1));
        assert_eq!(token.admit(last), Ok(()));
        assert_eq!(token.admit(token.expires), Err(Refusal::TokenOver));
        assert_eq!(token.revoke(NOW).admit(NOW), Err(Refusal::TokenOver));
    }

    #[test]
    fn tokens_that_are_not_made() {
        let too_long = Err(Refusal::TokenTooLong {
            maximum_days: LONGEST_DAYS,
        });
        assert_eq!(create(0, &[Nature::Read]), too_long);
        assert_eq!(create(367, &[Nature::Read]), too_long);
        // what a token cannot carry is nothing
        assert_eq!(create(1, &[Nature::Oneself]), Err(Refusal::TokenForNothing));
    }
}
