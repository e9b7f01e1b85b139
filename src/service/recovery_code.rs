//! Recovery codes of one's own account: ten, shown once, each good once for signing in or
//! for removing a second factor whose telephone is lost.

use super::second_factor::{own, take};
use super::session::{about, failed, verify};
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::account::Account;
use crate::domain::audit::{Occurrence, What, Who};
use crate::domain::record_id::AccountId;
use crate::domain::recovery_code::{CODES, RecoveryCode};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{AccountFile, Action, Actor, Assurance, Subject, permit};
use crate::domain::second_factor::SecondFactor;
use crate::domain::secret::{LookupHash, PasswordHash, SecretField};
use crate::domain::time::Timestamp;
use crate::store::{Tx, Write, account, recovery_code};
use serde_json::json;

/// The hash of a code of an account. It is keyed: sixty bits could be found by trying, if
/// somebody had the database alone.
fn hash(office: &Office, account: AccountId, code: &RecoveryCode) -> LookupHash {
    let text = format!("{account} {}", code.as_str());
    office.vault.ring().lookup(SecretField::RecoveryCode, &text)
}

/// Makes new codes, with the password: whoever found a session open does not have it. They
/// are shown this once; those before are worth nothing.
///
/// Refused: [`Refusal::NoSecondFactor`], [`Refusal::SignInFailed`],
/// [`Refusal::TooManyAttempts`].
pub async fn make(
    office: &Office,
    actor: &Actor,
    password: &str,
    now: Timestamp,
) -> Result<Vec<RecoveryCode>, ServiceError> {
    let mut reader = office.store.read().await?;
    let found = account::find(&mut reader, actor.account).await?;
    drop(reader);
    let stored = found.and_then(|account| account.password);
    let fits = verify(office, stored.clone(), password).await?;
    let codes: Vec<RecoveryCode> = (0..CODES)
        .map(|_| RecoveryCode::new(office.chance.bytes()))
        .collect();
    let make = Make {
        office,
        actor,
        stored: stored.filter(|_| fits),
        codes: &codes,
        now,
    };
    match office.store.write(make).await? {
        Some(refusal) => Err(refusal.into()),
        None => Ok(codes),
    }
}

struct Make<'a> {
    office: &'a Office,
    actor: &'a Actor,
    /// The password that was found to fit.
    stored: Option<PasswordHash>,
    codes: &'a [RecoveryCode],
    now: Timestamp,
}

impl Write for Make<'_> {
    /// Why it was refused, counted as an attempt.
    type Out = Option<Refusal>;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<Refusal>, ServiceError> {
        let Self { office, now, .. } = *self;
        let (account, session) = own(tx, self.actor).await?;
        account.admits(now)?;
        if !account.second_factor.is_active() {
            return Err(Refusal::NoSecondFactor.into());
        }
        if session.assurance != Assurance::Full {
            return Err(Refusal::CodeWrong.into());
        }
        if self.stored.is_none() || self.stored != account.password {
            failed(office, tx, account, now).await?;
            return Ok(Some(Refusal::SignInFailed));
        }
        let codes = self.codes.iter();
        let hashes: Vec<_> = codes.map(|code| hash(office, account.id, code)).collect();
        recovery_code::replace(tx, account.id, &hashes, now).await?;
        let who = Who::actor(self.actor);
        let what = What::Action(Action::ManageOwnAccount);
        let told = Told {
            after: Some(json!({ "recovery_codes": hashes.len() })),
            ..Told::new(&who, what, about(account.id))
        };
        tell(office, tx, told, now).await?;
        Ok(None)
    }
}

/// How many of one's own codes were not used yet.
pub async fn left(office: &Office, actor: &Actor) -> Result<u32, ServiceError> {
    let file = AccountFile {
        account: actor.account,
        capacities: Vec::new(),
    };
    permit(actor, Action::ManageOwnAccount, &Subject::Account(file))?;
    let mut reader = office.store.read().await?;
    Ok(recovery_code::left(&mut reader, actor.account).await?)
}

/// The second factor after somebody showed a code of it, or used a recovery code up. The
/// inner error is for the trail and for counting the attempt.
pub(super) async fn prove(
    office: &Office,
    tx: &mut Tx,
    account: &Account,
    entered: &str,
    now: Timestamp,
) -> Result<Result<SecondFactor, Refusal>, ServiceError> {
    let Some(code) = RecoveryCode::read(entered).filter(|_| account.second_factor.is_active())
    else {
        return Ok(take(office, account, entered, now));
    };
    let hash = hash(office, account.id, &code);
    if !recovery_code::use_up(tx, account.id, &hash, now).await? {
        return Ok(Err(Refusal::CodeWrong));
    }
    let left = recovery_code::left(tx, account.id).await?;
    let who = super::session::owner(account);
    let what = What::Occurrence(Occurrence::RecoveryCodeUsed);
    let told = Told {
        after: Some(json!({ "left": left })),
        ..Told::new(&who, what, about(account.id))
    };
    tell(office, tx, told, now).await?;
    Ok(Ok(account.second_factor.clone()))
}
