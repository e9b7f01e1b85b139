//! Links with which the owner of an account chooses a password: the first administrator's,
//! an invitation, a reset. Good once and for a while; there is no default password.

use super::label::labelled;
use super::record_id::AccountId;
use super::refusal::Refusal;
use super::secret::TokenHash;
use super::time::Timestamp;
use std::time::Duration;

labelled! {
    /// What a link is for.
    pub enum Purpose {
        /// Printed by the program on an empty database.
        FirstAdministrator = "首个管理员" / "first_administrator",
        Invitation = "开通账号" / "invitation",
        /// A forgotten password.
        Reset = "重设密码" / "reset",
    }
}

impl Purpose {
    /// How long such a link is good: an hour where somebody sits and waits for it, three
    /// days where a weekend may lie between.
    pub const fn life(self) -> Duration {
        const HOUR: u64 = 3600;
        match self {
            Self::FirstAdministrator => Duration::from_secs(24 * HOUR),
            Self::Invitation => Duration::from_secs(72 * HOUR),
            Self::Reset => Duration::from_secs(HOUR),
        }
    }
}

/// One link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupLink {
    pub account: AccountId,
    pub purpose: Purpose,
    pub hash: TokenHash,
    pub created: Timestamp,
    /// When it was used, or replaced by a newer one.
    pub closed: Option<Timestamp>,
}

impl SetupLink {
    /// A new link.
    pub const fn new(
        account: AccountId,
        purpose: Purpose,
        hash: TokenHash,
        now: Timestamp,
    ) -> Self {
        Self {
            account,
            purpose,
            hash,
            created: now,
            closed: None,
        }
    }

    /// When it runs out.
    pub fn expires(&self) -> Timestamp {
        self.created.plus(self.purpose.life())
    }

    /// Uses it up. Refused when it was used, replaced, or has run out: one answer for all.
    pub fn redeem(mut self, now: Timestamp) -> Result<Self, Refusal> {
        if self.closed.is_some() || now >= self.expires() {
            return Err(Refusal::LinkOver);
        }
        self.closed = Some(now);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    #[test]
    fn a_link_is_good_once_and_for_a_while() {
        let account = AccountId::new(NOW, [1; 10]);
        let link = SetupLink::new(account, Purpose::Reset, TokenHash::new([1; 32]), NOW);
        assert_eq!(link.clone().redeem(link.expires()), Err(Refusal::LinkOver));
        let used = link.redeem(NOW).expect("new");
        assert_eq!(used.redeem(NOW), Err(Refusal::LinkOver));
    }
}
