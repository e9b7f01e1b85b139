//! Accounts: their names and their life.
//!
//! ```text
//!                 set up                    lock
//!   (invited) ───────────────▶ (active) ◀──────────▶ (locked)
//!       │                         │       unlock        │
//!       └──────── disable ────────┴─────────────────────┘
//!                    ▼
//!               (disabled) ── restore ──▶ (invited)
//! ```
//! A restored account is set up again: what its owner knew before counts no more.

use super::label::labelled;
use super::lockout::Attempts;
use super::record::Version;
use super::record_id::{AccountId, PersonId};
use super::refusal::Refusal;
use super::rights::Capacity;
use super::second_factor::SecondFactor;
use super::secret::PasswordHash;
use super::time::Timestamp;
use std::fmt;

labelled! {
    /// State of an account.
    pub enum State {
        /// A set-up link is out; there is no password.
        Invited = "待启用" / "invited",
        Active = "正常" / "active",
        /// By an administrator, or after too many wrong passwords in a row.
        Locked = "已锁定" / "locked",
        Disabled = "已停用" / "disabled",
    }
}

labelled! {
    /// What can be done to an account as a whole.
    pub enum Change {
        SetUp = "启用" / "set_up",
        Lock = "锁定" / "lock",
        Unlock = "解锁" / "unlock",
        Disable = "停用" / "disable",
        Restore = "恢复" / "restore",
    }
}

impl State {
    /// The state after a change; refused when the change makes no sense in this state.
    pub fn after(self, change: Change) -> Result<Self, Refusal> {
        match (self, change) {
            (Self::Invited, Change::SetUp) | (Self::Locked, Change::Unlock) => Ok(Self::Active),
            (Self::Active, Change::Lock) => Ok(Self::Locked),
            (Self::Invited | Self::Active | Self::Locked, Change::Disable) => Ok(Self::Disabled),
            (Self::Disabled, Change::Restore) => Ok(Self::Invited),
            _ => Err(Refusal::AccountState { state: self }),
        }
    }
}

/// The name one signs in with. Small and capital letters are the same; kept small.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserName(String);

/// Characters of a user name; two, since that is how long many a name is.
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=64;

impl UserName {
    /// Letters, digits, Chinese characters, `.`, `_`, `-`, `@`; 2 to 64 of them.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let name = text.trim().to_lowercase();
        let fits = NAME_LENGTH.contains(&name.chars().count())
            && name.chars().all(|c| is_han(c) || is_plain(c));
        fits.then_some(Self(name)).ok_or(Refusal::BadUserName)
    }

    /// The name, in small letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// letters of other scripts look like these and are other letters
const fn is_plain(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '@')
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub version: Version,
    pub user_name: UserName,
    /// The owner's name, as the trail will show it.
    pub name: String,
    /// The person it belongs to, where there is a file.
    pub person: Option<PersonId>,
    pub state: State,
    /// None before it is set up.
    pub password: Option<PasswordHash>,
    pub second_factor: SecondFactor,
    /// Wrong passwords and codes together.
    pub attempts: Attempts,
    pub capacities: Vec<Capacity>,
}

impl Account {
    /// Whether a right password would be let in now.
    ///
    /// Refusals are for the trail, and for owners who have shown the right password; before
    /// that a caller answers [`Refusal::SignInFailed`] to all of them but
    /// [`Refusal::TooManyAttempts`].
    pub fn admits(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.state {
            State::Invited => Err(Refusal::AccountNotSetUp),
            State::Locked => Err(Refusal::AccountLocked),
            State::Disabled => Err(Refusal::AccountDisabled),
            State::Active => match self.attempts.locked_until(now) {
                Some(until) => Err(Refusal::TooManyAttempts { until }),
                None => Ok(()),
            },
        }
    }

    /// The account after a wrong password or code: counted, and locked for good when there
    /// were so many in a row that nobody forgets like that.
    #[must_use]
    pub fn after_failure(mut self, now: Timestamp) -> Self {
        self.attempts = self.attempts.after_failure(now);
        if self.attempts.are_an_attack() && self.state == State::Active {
            self.state = State::Locked;
        }
        self
    }

    /// The account after its owner signed in.
    #[must_use]
    pub fn after_success(mut self) -> Self {
        self.attempts = Attempts::NONE;
        self
    }

    /// Its owner sets it up with a password, through a set-up link.
    pub fn set_up(mut self, password: PasswordHash) -> Result<Self, Refusal> {
        self.state = self.state.after(Change::SetUp)?;
        self.password = Some(password);
        self.attempts = Attempts::NONE;
        Ok(self)
    }

    /// Locks, unlocks, disables or restores it. Sessions, tokens and links end with every
    /// change but unlocking; that is for the caller to write with it.
    pub fn change(mut self, change: Change) -> Result<Self, Refusal> {
        if change == Change::SetUp {
            // needs a password: `set_up`
            return Err(Refusal::AccountState { state: self.state });
        }
        self.state = self.state.after(change)?;
        match change {
            Change::Unlock => self.attempts = Attempts::NONE,
            Change::Restore => {
                self.password = None;
                self.second_factor = SecondFactor::None;
            }
            _ => {}
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rights::Extent;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn invited() -> Account {
        Account {
            id: AccountId::new(NOW, [1; 10]),
            version: Version::FIRST,
            user_name: UserName::read("wang.li").expect("a name"),
            name: "王丽".to_owned(),
            person: None,
            state: State::Invited,
            password: None,
            second_factor: SecondFactor::None,
            attempts: Attempts::NONE,
            capacities: vec![Capacity::Auditor {
                extent: Extent::Everywhere,
            }],
        }
    }

    fn active() -> Account {
        let hash = PasswordHash::from_stored("$argon2id$…".to_owned());
        invited().set_up(hash).expect("invited")
    }

    /// Every (state, change) pair.
    #[test]
    fn the_life_of_an_account() {
        use Change::{Disable, Lock, Restore, SetUp, Unlock};
        let expected = [
            (State::Invited, SetUp, State::Active),
            (State::Invited, Disable, State::Disabled),
            (State::Active, Lock, State::Locked),
            (State::Active, Disable, State::Disabled),
            (State::Locked, Unlock, State::Active),
            (State::Locked, Disable, State::Disabled),
            (State::Disabled, Restore, State::Invited),
        ];
        for state in State::ALL {
            for change in Change::ALL {
                let row = expected.iter().find(|(s, c, _)| (s, c) == (state, change));
                let wanted = row.map_or(Err(Refusal::AccountState { state: *state }), |r| Ok(r.2));
                assert_eq!(state.after(*change), wanted, "{state:?} {change:?}");
            }
        }
    }

    #[test]
    fn a_restored_account_has_to_be_set_up_again() {
        let restored = active()
            .change(Change::Disable)
            .and_then(|account| account.change(Change::Restore))
            .expect("in order");
        assert_eq!(
            (restored.state, restored.password.clone()),
            (State::Invited, None)
        );
        assert_eq!(restored.admits(NOW), Err(Refusal::AccountNotSetUp));
        assert!(restored.change(Change::SetUp).is_err());
    }

    #[test]
    fn wrong_passwords_close_the_door_for_a_while_and_then_for_good() {
        let mut account = active();
        for _ in 0..5 {
            assert_eq!(account.admits(NOW), Ok(()));
            account = account.after_failure(NOW);
        }
        let until = NOW.plus(Duration::from_secs(15 * 60));
        assert_eq!(account.admits(NOW), Err(Refusal::TooManyAttempts { until }));
        assert_eq!(account.admits(until), Ok(()));
        assert_eq!(account.clone().after_success().admits(NOW), Ok(()));
        for _ in 5..100 {
            account = account.after_failure(NOW);
        }
        assert_eq!(account.admits(NOW), Err(Refusal::AccountLocked));
        let unlocked = account.change(Change::Unlock).expect("locked");
        assert_eq!(unlocked.admits(NOW), Ok(()));
    }

    #[test]
    fn user_names() {
        for good in ["wang.li", " Wang.Li ", "王丽", "hr-01@nm", "15"] {
            assert!(UserName::read(good).is_ok(), "{good}");
        }
        assert_eq!(UserName::read("Wang.Li"), UserName::read("wang.li"));
        for bad in [
            "",
            "a",
            "wang li",
            "wаng",
            "王丽！",
            "a\nb",
            &"a".repeat(65),
        ] {
            assert_eq!(UserName::read(bad), Err(Refusal::BadUserName), "{bad:?}");
        }
    }
}
