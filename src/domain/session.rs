//! Sessions of signed-in people: how long they last and when their secret is changed.
//! The secret itself is in the person's cookie only; what is kept is its hash.

use super::record_id::{AccountId, CapacityId, SessionId};
use super::refusal::Refusal;
use super::rights::Assurance;
use super::secret::TokenHash;
use super::time::Timestamp;
use std::time::Duration;

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRules {
    /// Without any request.
    pub idle: Duration,
    /// At most, whatever happens.
    pub lifetime: Duration,
}

impl Default for SessionRules {
    /// Half an hour idle; a working day in all.
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(30 * 60),
            lifetime: Duration::from_secs(12 * 3600),
        }
    }
}

/// Requests nearer to each other than this leave the row as it is: reading pages must not
/// become writing to the database.
const TOUCH_EVERY: Duration = Duration::from_secs(60);
/// The secret is replaced this often, so that one that leaked does not last.
const ROTATE_EVERY: Duration = Duration::from_secs(3600);
/// The secret before stays good for this long: pages that were loading carry it.
const OVERLAP: Duration = Duration::from_secs(30);

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    /// As what the person acts; None until one of several is chosen.
    pub capacity: Option<CapacityId>,
    pub assurance: Assurance,
    pub secret: TokenHash,
    /// The secret that was replaced last.
    pub former_secret: Option<TokenHash>,
    pub rotated: Timestamp,
    pub started: Timestamp,
    pub last_seen: Timestamp,
    /// When somebody ended it.
    pub ended: Option<Timestamp>,
}

/// What is to be written after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upkeep {
    Nothing,
    /// It was seen just now.
    Touch,
    /// It wants a new secret, and was seen just now.
    Rotate,
}

impl Session {
    /// A session that starts when somebody signs in. Always a new one, with a new secret:
    /// what a browser carried before signing in is worth nothing after it.
    pub fn start(
        id: SessionId,
        account: AccountId,
        assurance: Assurance,
        secret: TokenHash,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            account,
            capacity: None,
            assurance,
            secret,
            former_secret: None,
            rotated: now,
            started: now,
            last_seen: now,
            ended: None,
        }
    }

    /// Whether it still holds, for a request that carries a secret with this hash.
    pub fn admit(
        &self,
        carried: &TokenHash,
        rules: SessionRules,
        now: Timestamp,
    ) -> Result<Upkeep, Refusal> {
        if !self.is_open(rules, now) || !self.knows(carried, now) {
            return Err(Refusal::SessionOver);
        }
        Ok(if *carried != self.secret {
            // the new secret is already under way to this browser
            Upkeep::Nothing
        } else if now.since(self.rotated) >= ROTATE_EVERY {
            Upkeep::Rotate
        } else if now.since(self.last_seen) >= TOUCH_EVERY {
            Upkeep::Touch
        } else {
            Upkeep::Nothing
        })
    }

    /// Neither ended nor run out.
    pub fn is_open(&self, rules: SessionRules, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.expires(rules)
    }

    /// When it runs out if nobody comes any more.
    pub fn expires(&self, rules: SessionRules) -> Timestamp {
        let idle = self.last_seen.plus(rules.idle);
        idle.min(self.started.plus(rules.lifetime))
    }

    fn knows(&self, carried: &TokenHash, now: Timestamp) -> bool {
        *carried == self.secret
            || (Some(carried) == self.former_secret.as_ref() && now.since(self.rotated) < OVERLAP)
    }

    /// It was seen.
    #[must_use]
    pub fn touched(mut self, now: Timestamp) -> Self {
        self.last_seen = self.last_seen.max(now);
        self
    }

    /// It has a new secret.
    #[must_use]
    pub fn rotated(mut self, secret: TokenHash, now: Timestamp) -> Self {
        self.former_secret = Some(self.secret);
        self.secret = secret;
        self.rotated = now;
        self.touched(now)
    }

    /// The second factor was shown, or the person now acts as something else: with more
    /// rights comes a new secret, and the one before is worth nothing.
    #[must_use]
    pub fn raised(
        mut self,
        assurance: Assurance,
        capacity: Option<CapacityId>,
        secret: TokenHash,
        now: Timestamp,
    ) -> Self {
        self.assurance = assurance;
        self.capacity = capacity;
        let mut raised = self.rotated(secret, now);
        raised.former_secret = None;
        raised
    }

    /// It was ended: signed out, revoked, password changed.
    #[must_use]
    pub fn end(mut self, now: Timestamp) -> Self {
        self.ended = self.ended.or(Some(now));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn hash(n: u8) -> TokenHash {
        TokenHash::new([n; 32])
    }

    fn session() -> Session {
        let id = SessionId::new(NOW, [1; 10]);
        let account = AccountId::new(NOW, [1; 10]);
        Session::start(id, account, Assurance::Password, hash(1), NOW)
    }

    fn minutes(n: u64) -> Timestamp {
        NOW.plus(Duration::from_secs(60 * n))
    }

    fn admit(session: &Session, secret: u8, now: Timestamp) -> Result<Upkeep, Refusal> {
        session.admit(&hash(secret), SessionRules::default(), now)
    }

    #[test]
    fn half_an_hour_idle_ends_it() {
        assert_eq!(admit(&session(), 1, NOW), Ok(Upkeep::Nothing));
        assert_eq!(admit(&session(), 1, minutes(29)), Ok(Upkeep::Touch));
        assert_eq!(admit(&session(), 1, minutes(30)), Err(Refusal::SessionOver));
        assert_eq!(
            admit(&session().touched(minutes(29)), 1, minutes(58)),
            Ok(Upkeep::Touch)
        );
        assert_eq!(admit(&session(), 2, NOW), Err(Refusal::SessionOver));
    }

    #[test]
    fn a_working_day_ends_it() {
        let mut session = session();
        for n in 0..72 {
            session = session.touched(minutes(n * 10));
        }
        assert_eq!(admit(&session, 1, minutes(719)), Ok(Upkeep::Rotate));
        assert_eq!(admit(&session, 1, minutes(720)), Err(Refusal::SessionOver));
    }

    #[test]
    fn a_new_secret_leaves_the_old_one_a_moment() {
        let rotated = session().rotated(hash(2), minutes(60));
        let soon = minutes(60).plus(Duration::from_secs(29));
        assert_eq!(admit(&rotated, 1, soon), Ok(Upkeep::Nothing));
        assert_eq!(admit(&rotated, 1, minutes(61)), Err(Refusal::SessionOver));
        assert_eq!(admit(&rotated, 2, minutes(61)), Ok(Upkeep::Touch));
    }

    #[test]
    fn more_rights_never_come_with_an_old_secret() {
        let raised = session().raised(Assurance::Full, None, hash(2), NOW);
        assert_eq!(admit(&raised, 1, NOW), Err(Refusal::SessionOver));
        assert_eq!(admit(&raised, 2, NOW), Ok(Upkeep::Nothing));
        assert_eq!(admit(&raised.end(NOW), 2, NOW), Err(Refusal::SessionOver));
    }

    proptest! {
        #[test]
        fn nothing_lives_past_its_lifetime(steps in proptest::collection::vec(0u64..40, 0..60)) {
            let rules = SessionRules::default();
            let (mut session, mut now) = (session(), NOW);
            for step in steps {
                now = now.plus(Duration::from_secs(step * 60));
                match session.admit(&hash(1), rules, now) {
                    Ok(_) => session = session.touched(now),
                    Err(_) => prop_assert!(now >= session.expires(rules)),
                }
                prop_assert!(session.expires(rules) <= session.started.plus(rules.lifetime));
            }
        }
    }
}
