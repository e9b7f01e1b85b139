//! Signing in and out, and who a session is.
//!
//! Every failure looks alike from outside: the same answer after the same work, whether
//! there is such an account or not. What it was stands in the trail.

use super::trail::{Told, tell};
use super::{Office, ServiceError, locus, recovery_code};
use crate::domain::account::{Account, State, UserName};
use crate::domain::audit::{About, Occurrence, Source, What, Who};
use crate::domain::record_id::{AccountId, CapacityId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Actor, Assurance, Capacity, Channel};
use crate::domain::secret::PasswordHash;
use crate::domain::session::{Session, Upkeep};
use crate::domain::time::Timestamp;
use crate::service::secret::{SecretToken, TokenKind};
use crate::store::account::{self, Held};
use crate::store::{Reader, StoreError, Tx, Write, session, throttle};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// Somebody at the door.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    pub user_name: &'a str,
    pub password: &'a str,
    pub address: Option<IpAddr>,
    /// The secret of a session that the browser carried before: it ends.
    pub carried: Option<&'a str>,
}

/// A session with its secret, which is shown this once.
#[derive(Debug)]
pub struct Started {
    pub secret: SecretToken,
    pub session: Session,
    /// A code of the second factor is asked for before anything else.
    pub code_wanted: bool,
}

/// A session that holds.
#[derive(Debug)]
pub struct Admission {
    pub session: Session,
    pub account: Account,
    /// As what the account may act.
    pub held: Vec<Held>,
    pub standing: Standing,
    /// A new secret for the browser; the one it carries is good for some seconds more.
    pub secret: Option<SecretToken>,
}

/// What a session is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Only for showing a code of the second factor.
    CodeWanted,
    /// Only for choosing one of several capacities.
    ChoiceWanted,
    Acts(Actor),
}

/// What came of an attempt, once it is written down.
enum Attempt<T> {
    Refused(Refusal),
    Done(T),
}

impl<T> Attempt<T> {
    fn result(self) -> Result<T, ServiceError> {
        match self {
            Self::Refused(refusal) => Err(refusal.into()),
            Self::Done(done) => Ok(done),
        }
    }
}

/// Whether a password fits what is kept; the work is done where it blocks nobody.
pub(super) async fn verify(
    office: &Office,
    stored: Option<PasswordHash>,
    password: &str,
) -> Result<bool, ServiceError> {
    let passwords = office.doors.passwords.clone();
    let password = zeroize::Zeroizing::new(password.to_owned());
    let work = move || passwords.verify(stored.as_ref(), &password);
    Ok(blocking(work).await)
}

/// A new password, hashed where it blocks nobody.
pub(super) async fn hash(office: &Office, password: &str) -> PasswordHash {
    let (passwords, mut chance) = (office.doors.passwords.clone(), office.chance.clone());
    let password = zeroize::Zeroizing::new(password.to_owned());
    blocking(move || passwords.hash(&password, &mut chance)).await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // it was not cancelled, so it panicked
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

pub(super) fn new_secret(office: &Office, kind: TokenKind) -> SecretToken {
    office.chance.with(|rng| SecretToken::generate(kind, rng))
}

/// The owner of an account, as the trail names them where they act in no capacity yet.
pub(super) fn owner(account: &Account) -> Who {
    Who {
        source: Source::Session,
        account: Some(account.id),
        name: account.name.clone(),
        office: String::new(),
    }
}

pub(super) fn about(account: AccountId) -> About {
    About {
        noun: "account".to_owned(),
        id: account.to_string(),
        ..About::default()
    }
}

/// Signs in with a password.
///
/// Refused: [`Refusal::SignInFailed`] whatever is wrong, [`Refusal::TooManyAttempts`]; who
/// has shown the right password also learns that the account is locked or disabled.
pub async fn sign_in(
    office: &Office,
    attempt: SignIn<'_>,
    now: Timestamp,
) -> Result<Started, ServiceError> {
    let name = UserName::read(attempt.user_name).ok();
    let address = attempt.address.map(address_key);
    let mut reader = office.store.read().await?;
    if let Some(until) = closed_to(&mut reader, address.as_deref(), now).await? {
        return Err(Refusal::TooManyAttempts { until }.into());
    }
    let found = match &name {
        Some(name) => account::named(&mut reader, name).await?,
        None => None,
    };
    drop(reader);
    let stored = found.as_ref().and_then(|account| account.password.clone());
    let fits = verify(office, stored.clone(), attempt.password).await?;
    let door = Door {
        office,
        account: found.map(|account| account.id),
        stored: stored.filter(|_| fits),
        name_key: name_key(attempt.user_name),
        address,
        carried: attempt
            .carried
            .and_then(|text| SecretToken::read(TokenKind::Session, text)),
        now,
    };
    office.store.write(door).await?.result()
}

async fn closed_to(
    reader: &mut Reader,
    address: Option<&str>,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let Some(key) = address else { return Ok(None) };
    let attempts = throttle::find(reader, key).await?;
    Ok(attempts.crowd_locked_until(now))
}

/// One household has one key: whoever has an IPv6 address has its last 64 bits to choose.
fn address_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("address:{address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("address:{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Hashed: some type their password where the name belongs.
fn name_key(name: &str) -> String {
    let hash = Sha256::digest(name.trim().to_lowercase());
    format!("name:{}", HEXLOWER.encode(&hash))
}

struct Door<'a> {
    office: &'a Office,
    account: Option<AccountId>,
    /// The password that was found to fit.
    stored: Option<PasswordHash>,
    name_key: String,
    address: Option<String>,
    carried: Option<SecretToken>,
    now: Timestamp,
}

impl Write for Door<'_> {
    type Out = Attempt<Started>;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Attempt<Started>, ServiceError> {
        let found = match self.account {
            Some(id) => account::lock(tx, id).await?,
            None => None,
        };
        let Some(account) = found else {
            return self.stranger(tx).await;
        };
        if let Some(until) = account.attempts.locked_until(self.now) {
            return Ok(Attempt::Refused(Refusal::TooManyAttempts { until }));
        }
        // changed since it was compared: whoever knew the old one knows no other
        if self.stored.is_none() || self.stored != account.password {
            self.count_address(tx).await?;
            failed(self.office, tx, account, self.now).await?;
            return Ok(Attempt::Refused(Refusal::SignInFailed));
        }
        if let Err(refusal) = account.admits(self.now) {
            let who = Who::other(Source::Stranger, "");
            let what = What::Occurrence(Occurrence::SignInFailed);
            let told = Told::new(&who, what, about(account.id));
            tell(self.office, tx, told, self.now).await?;
            return Ok(Attempt::Refused(refusal));
        }
        self.start(tx, account).await.map(Attempt::Done)
    }
}

impl Door<'_> {
    async fn start(&self, tx: &mut Tx, account: Account) -> Result<Started, ServiceError> {
        if let Some(carried) = &self.carried
            && let Some(former) = session::with_secret(tx, &carried.hash()).await?
        {
            let before = former.secret;
            session::save(tx, &former.end(self.now), &before).await?;
        }
        let office = self.office;
        let code_wanted = account.second_factor.is_active();
        let assurance = if office.doors.second_factor || code_wanted {
            Assurance::Password
        } else {
            Assurance::Full
        };
        let secret = new_secret(office, TokenKind::Session);
        let id = office.chance.id(self.now);
        let mut session = Session::start(id, account.id, assurance, secret.hash(), self.now);
        session.capacity = only(&account::held(tx, account.id).await?);
        session::add(tx, &session).await?;
        if !code_wanted {
            signed_in(office, tx, account, self.now).await?;
        }
        Ok(Started {
            secret,
            session,
            code_wanted,
        })
    }

    /// Nobody has that name: counted as if somebody had.
    async fn stranger(&self, tx: &mut Tx) -> Result<Attempt<Started>, ServiceError> {
        let attempts = throttle::find(tx, &self.name_key).await?;
        if let Some(until) = attempts.locked_until(self.now) {
            return Ok(Attempt::Refused(Refusal::TooManyAttempts { until }));
        }
        let attempts = attempts.after_failure(self.now);
        throttle::save(tx, &self.name_key, attempts).await?;
        self.count_address(tx).await?;
        let who = Who::other(Source::Stranger, "");
        let what = What::Occurrence(Occurrence::SignInFailed);
        let about = About {
            noun: "account".to_owned(),
            ..About::default()
        };
        tell(self.office, tx, Told::new(&who, what, about), self.now).await?;
        Ok(Attempt::Refused(Refusal::SignInFailed))
    }

    async fn count_address(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let Some(key) = &self.address else {
            return Ok(());
        };
        let attempts = throttle::find(tx, key).await?.after_failure(self.now);
        throttle::save(tx, key, attempts).await
    }
}

/// The one capacity there is to choose.
fn only(held: &[Held]) -> Option<CapacityId> {
    match held {
        [one] => Some(one.id),
        _ => None,
    }
}

/// A wrong password or code: counted and told, and told when it closes the door.
pub(super) async fn failed(
    office: &Office,
    tx: &mut Tx,
    account: Account,
    now: Timestamp,
) -> Result<(), StoreError> {
    let account = account.after_failure(now);
    account::save_attempts(tx, &account).await?;
    let who = Who::other(Source::Stranger, "");
    let closed = account.attempts.locked_until(now).is_some();
    let occurrences = [
        Some(Occurrence::SignInFailed),
        closed.then_some(Occurrence::LockedOut),
    ];
    for occurrence in occurrences.into_iter().flatten() {
        let told = Told::new(&who, What::Occurrence(occurrence), about(account.id));
        tell(office, tx, told, now).await?;
    }
    Ok(())
}

async fn signed_in(
    office: &Office,
    tx: &mut Tx,
    account: Account,
    now: Timestamp,
) -> Result<(), StoreError> {
    let account = account.after_success();
    account::save_attempts(tx, &account).await?;
    let who = owner(&account);
    let what = What::Occurrence(Occurrence::SignedIn);
    tell(office, tx, Told::new(&who, what, about(account.id)), now).await
}

/// The session that carries a secret, if it holds; what is due to it is done.
///
/// Refused: [`Refusal::SessionOver`] for whatever is no session any more.
pub async fn admit(
    office: &Office,
    carried: &str,
    now: Timestamp,
) -> Result<Admission, ServiceError> {
    let token = SecretToken::read(TokenKind::Session, carried).ok_or(Refusal::SessionOver)?;
    let mut reader = office.store.read().await?;
    let found = session::with_secret(&mut reader, &token.hash()).await?;
    let mut session = found.ok_or(Refusal::SessionOver)?;
    let upkeep = session.admit(&token.hash(), office.doors.sessions, now)?;
    let found = account::find(&mut reader, session.account).await?;
    let account = found.ok_or(Refusal::SessionOver)?;
    if account.state != State::Active {
        return Err(Refusal::SessionOver.into());
    }
    let held = account::held(&mut reader, account.id).await?;
    let standing = standing(&mut reader, &session, &account, &held, now).await?;
    drop(reader);
    let mut secret = None;
    match upkeep {
        Upkeep::Nothing => {}
        Upkeep::Touch => {
            let session = session.clone();
            office.store.write(Touch { session, now }).await?;
        }
        Upkeep::Rotate => {
            let new = new_secret(office, TokenKind::Session);
            let before = session.secret;
            let rotated = session.clone().rotated(new.hash(), now);
            let saved = Save {
                session: rotated.clone(),
                before,
            };
            // another request may have been first: then its answer carries the new one
            if office.store.write(saved).await? {
                session = rotated;
                secret = Some(new);
            }
        }
    }
    Ok(Admission {
        session,
        account,
        held,
        standing,
        secret,
    })
}

/// Whose session a secret was, also when it is over; `None` = nobody's that is remembered.
pub async fn holder(office: &Office, carried: &str) -> Result<Option<AccountId>, ServiceError> {
    let Some(token) = SecretToken::read(TokenKind::Session, carried) else {
        return Ok(None);
    };
    let mut reader = office.store.read().await?;
    let found = session::with_secret(&mut reader, &token.hash()).await?;
    Ok(found.map(|session| session.account))
}

async fn standing(
    reader: &mut Reader,
    session: &Session,
    account: &Account,
    held: &[Held],
    now: Timestamp,
) -> Result<Standing, ServiceError> {
    if account.second_factor.is_active() && session.assurance == Assurance::Password {
        return Ok(Standing::CodeWanted);
    }
    let Some(chosen) = session.capacity else {
        return Ok(Standing::ChoiceWanted);
    };
    let capacity = held.iter().find(|held| held.id == chosen);
    // it was taken back
    let capacity = capacity.ok_or(Refusal::SessionOver)?;
    let channel = Channel::Session(session.id);
    let actor = actor(reader, account, capacity, session.assurance, channel, now).await?;
    Ok(Standing::Acts(actor))
}

/// An account in one of its capacities, as rights ask for it.
pub(super) async fn actor(
    reader: &mut Reader,
    account: &Account,
    held: &Held,
    assurance: Assurance,
    channel: Channel,
    now: Timestamp,
) -> Result<Actor, StoreError> {
    let mut capacity = held.capacity.clone();
    if let Capacity::Staff { person, home } = &mut capacity {
        *home = locus::house(reader, *person, now.shanghai_day()).await?;
    }
    Ok(Actor {
        account: account.id,
        name: account.name.clone(),
        person: account.person,
        capacity,
        assurance,
        channel,
    })
}

/// Who a session is. Refused: it is over, or good for nothing yet.
pub async fn actor_of_session(
    office: &Office,
    carried: &str,
    now: Timestamp,
) -> Result<Actor, ServiceError> {
    match admit(office, carried, now).await?.standing {
        Standing::Acts(actor) => Ok(actor),
        Standing::CodeWanted => Err(Refusal::CodeWrong.into()),
        Standing::ChoiceWanted => Err(ServiceError::NotFound),
    }
}

struct Touch {
    session: Session,
    now: Timestamp,
}

impl Write for Touch {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        Ok(session::touch(tx, self.session.id, self.now).await?)
    }
}

struct Save {
    session: Session,
    before: crate::domain::secret::TokenHash,
}

impl Write for Save {
    type Out = bool;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, ServiceError> {
        Ok(session::save(tx, &self.session, &self.before).await?)
    }
}

/// A session that carries a secret and holds, inside a write.
async fn held_by(
    office: &Office,
    tx: &mut Tx,
    carried: &str,
    now: Timestamp,
) -> Result<(Session, Account), ServiceError> {
    let token = SecretToken::read(TokenKind::Session, carried).ok_or(Refusal::SessionOver)?;
    let found = session::with_secret(tx, &token.hash()).await?;
    let session = found.ok_or(Refusal::SessionOver)?;
    session.admit(&token.hash(), office.doors.sessions, now)?;
    let account = account::lock(tx, session.account).await?;
    let account = account.filter(|account| account.state == State::Active);
    Ok((session, account.ok_or(Refusal::SessionOver)?))
}

/// Shows a code of the second factor, or a recovery code: the session gets its rights, and a new secret.
///
/// Refused: [`Refusal::CodeWrong`], [`Refusal::TooManyAttempts`], [`Refusal::SessionOver`].
pub async fn show_code(
    office: &Office,
    carried: &str,
    code: &str,
    now: Timestamp,
) -> Result<Started, ServiceError> {
    let shown = ShowCode {
        office,
        carried,
        code,
        now,
    };
    office.store.write(shown).await?.result()
}

struct ShowCode<'a> {
    office: &'a Office,
    carried: &'a str,
    code: &'a str,
    now: Timestamp,
}

impl Write for ShowCode<'_> {
    type Out = Attempt<Started>;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Attempt<Started>, ServiceError> {
        let Self { office, now, .. } = *self;
        let (session, account) = held_by(office, tx, self.carried, now).await?;
        if let Some(until) = account.attempts.locked_until(now) {
            return Ok(Attempt::Refused(Refusal::TooManyAttempts { until }));
        }
        if !account.second_factor.is_active() {
            return Ok(Attempt::Refused(Refusal::NoSecondFactor));
        }
        let taken = recovery_code::prove(office, tx, &account, self.code, now).await?;
        let account = match taken {
            Ok(factor) => Account {
                second_factor: factor,
                ..account
            },
            Err(refusal) => {
                failed(office, tx, account, now).await?;
                return Ok(Attempt::Refused(refusal));
            }
        };
        signed_in(office, tx, account, now).await?;
        let capacity = session.capacity;
        let started = raise(office, tx, session, Assurance::Full, capacity, now).await?;
        Ok(Attempt::Done(started))
    }
}

/// More rights, or other ones: with a new secret, and the one before is worth nothing.
pub(super) async fn raise(
    office: &Office,
    tx: &mut Tx,
    session: Session,
    assurance: Assurance,
    capacity: Option<CapacityId>,
    now: Timestamp,
) -> Result<Started, ServiceError> {
    let secret = new_secret(office, TokenKind::Session);
    let before = session.secret;
    let session = session.raised(assurance, capacity, secret.hash(), now);
    if !session::save(tx, &session, &before).await? {
        return Err(Refusal::SessionOver.into());
    }
    Ok(Started {
        secret,
        session,
        code_wanted: false,
    })
}

/// Chooses one of several capacities to act in: a new secret.
pub async fn choose(
    office: &Office,
    carried: &str,
    capacity: CapacityId,
    now: Timestamp,
) -> Result<Started, ServiceError> {
    let choice = Choice {
        office,
        carried,
        capacity,
        now,
    };
    office.store.write(choice).await
}

struct Choice<'a> {
    office: &'a Office,
    carried: &'a str,
    capacity: CapacityId,
    now: Timestamp,
}

impl Write for Choice<'_> {
    type Out = Started;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Started, ServiceError> {
        let Self { office, now, .. } = *self;
        let (session, account) = held_by(office, tx, self.carried, now).await?;
        if account.second_factor.is_active() && session.assurance == Assurance::Password {
            return Err(Refusal::CodeWrong.into());
        }
        let held = account::held(tx, account.id).await?;
        let chosen = held.into_iter().find(|held| held.id == self.capacity);
        let chosen = chosen.ok_or(ServiceError::NotFound)?;
        let who = Who {
            office: chosen.capacity.office().key().to_owned(),
            ..owner(&account)
        };
        let what = What::Occurrence(Occurrence::CapacityChosen);
        tell(office, tx, Told::new(&who, what, about(account.id)), now).await?;
        let assurance = session.assurance;
        raise(office, tx, session, assurance, Some(chosen.id), now).await
    }
}

/// Signs out. A session that is over already stays so.
pub async fn sign_out(office: &Office, carried: &str, now: Timestamp) -> Result<(), ServiceError> {
    office
        .store
        .write(SignOut {
            office,
            carried,
            now,
        })
        .await
}

struct SignOut<'a> {
    office: &'a Office,
    carried: &'a str,
    now: Timestamp,
}

impl Write for SignOut<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let Self { office, now, .. } = *self;
        let (session, account) = match held_by(office, tx, self.carried, now).await {
            Ok(found) => found,
            Err(ServiceError::Refused(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let before = session.secret;
        session::save(tx, &session.end(now), &before).await?;
        let who = owner(&account);
        let what = What::Occurrence(Occurrence::SignedOut);
        tell(office, tx, Told::new(&who, what, about(account.id)), now).await?;
        Ok(())
    }
}
