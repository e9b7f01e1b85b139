//! The second factor of one's own account: offered, confirmed with a first code, removed.

use super::session::{Started, about, failed, raise, verify};
use super::trail::{Told, tell};
use super::{Office, ServiceError, recovery_code};
use crate::domain::account::Account;
use crate::domain::audit::{What, Who};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{AccountFile, Action, Actor, Assurance, Channel, Subject, permit};
use crate::domain::second_factor::SecondFactor;
use crate::domain::secret::{PasswordHash, SecretField};
use crate::domain::session::Session;
use crate::domain::time::Timestamp;
use crate::service::secret::{Cell, TotpSecret};
use crate::store::{Tx, Write, account, recovery_code as codes, session};
use serde_json::json;

/// The second factor after a code.
pub(super) fn take(
    office: &Office,
    account: &Account,
    code: &str,
    now: Timestamp,
) -> Result<SecondFactor, Refusal> {
    let sealed = account.second_factor.secret();
    let text = sealed.and_then(|sealed| office.vault.ring().open(cell(account), sealed).ok());
    let secret = text.and_then(|text| TotpSecret::read(&text));
    let secret = secret.ok_or(Refusal::NoSecondFactor)?;
    account
        .second_factor
        .clone()
        .take(secret.matched(code, now))
}

fn cell(account: &Account) -> Cell<'_> {
    Cell {
        field: SecretField::SecondFactor,
        owner: account.id.bytes(),
    }
}

/// One's own account, inside a write.
pub(super) async fn own(tx: &mut Tx, actor: &Actor) -> Result<(Account, Session), ServiceError> {
    let file = AccountFile {
        account: actor.account,
        capacities: Vec::new(),
    };
    permit(actor, Action::ManageOwnAccount, &Subject::Account(file))?;
    let Channel::Session(id) = actor.channel else {
        return Err(ServiceError::NotFound);
    };
    let account = account::lock(tx, actor.account).await?;
    let session = session::find(tx, id).await?;
    let found = account.zip(session.filter(|session| session.ended.is_none()));
    found.ok_or_else(|| Refusal::SessionOver.into())
}

/// Offers a secret for an authenticator app. It counts once a code confirmed it.
pub async fn offer(
    office: &Office,
    actor: &Actor,
    now: Timestamp,
) -> Result<TotpSecret, ServiceError> {
    let secret = office.chance.with(TotpSecret::generate);
    let offer = Offer {
        office,
        actor,
        secret: &secret,
        now,
    };
    office.store.write(offer).await?;
    Ok(secret)
}

struct Offer<'a> {
    office: &'a Office,
    actor: &'a Actor,
    secret: &'a TotpSecret,
    now: Timestamp,
}

impl Write for Offer<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let (mut account, _) = own(tx, self.actor).await?;
        let vault = &self.office.vault;
        let sealed = vault.seal_for(cell(&account), &self.secret.reveal());
        account.second_factor = account.second_factor.clone().offer(sealed)?;
        account::save(tx, &account).await?;
        told(self.office, tx, self.actor, "offered", self.now).await
    }
}

async fn told(
    office: &Office,
    tx: &mut Tx,
    actor: &Actor,
    state: &str,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let who = Who::actor(actor);
    let what = What::Action(Action::ManageOwnAccount);
    let told = Told {
        after: Some(json!({ "second_factor": state })),
        ..Told::new(&who, what, about(actor.account))
    };
    Ok(tell(office, tx, told, now).await?)
}

/// Confirms an offer with a first code: the session has its full rights then, and a new
/// secret. Refused: [`Refusal::CodeWrong`], [`Refusal::NoSecondFactor`].
pub async fn confirm(
    office: &Office,
    actor: &Actor,
    code: &str,
    now: Timestamp,
) -> Result<Started, ServiceError> {
    let confirmed = Confirm {
        office,
        actor,
        code,
        now,
    };
    office.store.write(confirmed).await
}

struct Confirm<'a> {
    office: &'a Office,
    actor: &'a Actor,
    code: &'a str,
    now: Timestamp,
}

impl Write for Confirm<'_> {
    type Out = Started;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Started, ServiceError> {
        let Self { office, now, .. } = *self;
        let (mut account, session) = own(tx, self.actor).await?;
        if account.second_factor.is_active() {
            return Err(Refusal::SecondFactorThere.into());
        }
        account.second_factor = take(office, &account, self.code, now)?;
        account::save(tx, &account).await?;
        told(office, tx, self.actor, "active", now).await?;
        let capacity = session.capacity;
        raise(office, tx, session, Assurance::Full, capacity, now).await
    }
}

/// Removes it, with the password and a code or a recovery code: whoever found a session open has neither.
/// Refused: [`Refusal::SignInFailed`], [`Refusal::CodeWrong`], [`Refusal::TooManyAttempts`].
pub async fn remove(
    office: &Office,
    actor: &Actor,
    password: &str,
    code: &str,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let mut reader = office.store.read().await?;
    let found = account::find(&mut reader, actor.account).await?;
    drop(reader);
    let stored = found.and_then(|account| account.password);
    let fits = verify(office, stored.clone(), password).await?;
    let removal = Remove {
        office,
        actor,
        stored: stored.filter(|_| fits),
        code,
        now,
    };
    match office.store.write(removal).await? {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

struct Remove<'a> {
    office: &'a Office,
    actor: &'a Actor,
    /// The password that was found to fit.
    stored: Option<PasswordHash>,
    code: &'a str,
    now: Timestamp,
}

impl Write for Remove<'_> {
    /// Why it was refused, counted as an attempt.
    type Out = Option<Refusal>;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<Refusal>, ServiceError> {
        let Self { office, now, .. } = *self;
        let (mut account, session) = own(tx, self.actor).await?;
        account.admits(now)?;
        let right = self.stored.is_some() && self.stored == account.password;
        let taken = if right {
            recovery_code::prove(office, tx, &account, self.code, now).await?
        } else {
            // a recovery code is not used up by somebody without the password
            Err(Refusal::SignInFailed)
        };
        if let Err(refusal) = taken {
            failed(office, tx, account, now).await?;
            return Ok(Some(refusal));
        }
        account.second_factor = SecondFactor::None;
        account::save(tx, &account).await?;
        codes::remove(tx, account.id).await?;
        // rights that rested on it rest on nothing now
        session::end_all(tx, account.id, Some(session.id), now).await?;
        let before = session.secret;
        let lowered = Session {
            assurance: if office.doors.second_factor {
                Assurance::Password
            } else {
                Assurance::Full
            },
            ..session
        };
        session::save(tx, &lowered, &before).await?;
        told(office, tx, self.actor, "none", now).await?;
        Ok(None)
    }
}
