//! Accounts: how they begin, what they may be used for, and how they end. Everything an
//! administrator does to them; owners' own doings are in [`session`](super::session),
//! [`second_factor`](super::second_factor) and [`api_token`](super::api_token), but for
//! their password.

use super::session::{about, hash, new_secret, owner, raise, verify};
use super::trail::{Told, tell};
use super::{Office, ServiceError, locus, second_factor};
use crate::domain::account::{Account, Change, State, UserName};
use crate::domain::audit::{Occurrence, Source, What, Who};
use crate::domain::lockout::Attempts;
use crate::domain::password;
use crate::domain::record::Version;
use crate::domain::record_id::{AccountId, CapacityId, ConsortiumId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{AccountFile, Action, Actor, Capacity, Extent, Subject, permit, reach};
use crate::domain::second_factor::SecondFactor;
use crate::domain::secret::PasswordHash;
use crate::domain::setup_link::{Purpose, SetupLink};
use crate::domain::time::Timestamp;
use crate::service::secret::{SecretToken, TokenKind};
use crate::service::session::Started;
use crate::store::account::Held;
use crate::store::{
    Isolation, Reader, StoreError, Tx, Write, account, api_token, recovery_code, session,
    setup_link,
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// The name of the first administrator.
const FIRST: &str = "admin";

/// Where a set-up link leads, below the address of the product as people reach it. The
/// secret is part of the path, because the page works without scripts; it is good once.
pub fn link_address(public_url: &str, secret: &SecretToken) -> Zeroizing<String> {
    let base = public_url.trim_end_matches('/');
    Zeroizing::new(format!("{base}/set-up/{}", secret.reveal().as_str()))
}

/// A link for the first administrator, while no account was ever set up; `None` after that.
/// Every call makes a new link, and the one before is worth nothing.
pub async fn first_administrator(
    office: &Office,
    now: Timestamp,
) -> Result<Option<SecretToken>, ServiceError> {
    let secret = new_secret(office, TokenKind::SetupLink);
    let first = First {
        office,
        secret: &secret,
        now,
    };
    let made = office.store.write(first).await?;
    Ok(made.then_some(secret))
}

struct First<'a> {
    office: &'a Office,
    secret: &'a SecretToken,
    now: Timestamp,
}

impl Write for First<'_> {
    type Out = bool;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, ServiceError> {
        if account::any_set_up(tx).await? {
            return Ok(false);
        }
        let Self { office, now, .. } = *self;
        let user_name = UserName::read(FIRST)?;
        let id = match account::named(tx, &user_name).await? {
            Some(account) => account.id,
            None => {
                let account = new_account(office, user_name, "管理员", None, now);
                account::add(tx, &account, now).await?;
                let capacity = Capacity::Administrator {
                    extent: Extent::Everywhere,
                };
                grant(office, tx, account.id, capacity, now).await?;
                account.id
            }
        };
        let link = SetupLink::new(id, Purpose::FirstAdministrator, self.secret.hash(), now);
        setup_link::add(tx, &link).await?;
        let who = Who::other(Source::Command, "dinggang");
        let what = What::Action(Action::InviteAccount);
        tell(office, tx, Told::new(&who, what, about(id)), now).await?;
        Ok(true)
    }

    /// Two instances may start at once.
    fn isolation(&self) -> Isolation {
        Isolation::Serializable
    }
}

fn new_account(
    office: &Office,
    user_name: UserName,
    name: &str,
    person: Option<PersonId>,
    now: Timestamp,
) -> Account {
    Account {
        id: office.chance.id(now),
        version: Version::FIRST,
        user_name,
        name: name.to_owned(),
        person,
        state: State::Invited,
        password: None,
        second_factor: SecondFactor::None,
        attempts: Attempts::NONE,
        capacities: Vec::new(),
    }
}

async fn grant(
    office: &Office,
    tx: &mut Tx,
    account: AccountId,
    capacity: Capacity,
    now: Timestamp,
) -> Result<CapacityId, ServiceError> {
    let held = Held {
        id: office.chance.id(now),
        account,
        capacity,
    };
    match account::grant(tx, &held, now).await {
        Ok(()) => Ok(held.id),
        // there is no such institution, person or community
        Err(StoreError::Constraint(name)) if name == "foreign_key" => Err(ServiceError::NotFound),
        Err(other) => Err(other.into()),
    }
}

/// Who may act as staff has the own file behind the account: nobody decides on themselves
/// through an account that hides who they are.
fn must_be_own(account: &Account, capacities: &[Capacity]) -> Result<(), ServiceError> {
    let own = |capacity: &Capacity| match capacity {
        Capacity::Staff { person, .. } => account.person == Some(*person),
        _ => true,
    };
    if capacities.iter().all(own) {
        Ok(())
    } else {
        Err(ServiceError::NotFound)
    }
}

/// Chooses the password of an account through a set-up link, which is used up by it.
///
/// Refused: [`Refusal::LinkOver`], or all that is wrong with the password.
pub async fn set_up(
    office: &Office,
    link: &str,
    password: &str,
    now: Timestamp,
) -> Result<UserName, ServiceError> {
    let secret = SecretToken::read(TokenKind::SetupLink, link).ok_or(Refusal::LinkOver)?;
    let mut reader = office.store.read().await?;
    let found = setup_link::find(&mut reader, &secret.hash()).await?;
    let link = found.ok_or(Refusal::LinkOver)?;
    link.clone().redeem(now)?;
    let account = account::find(&mut reader, link.account).await?;
    drop(reader);
    let account = account.ok_or(Refusal::LinkOver)?;
    password::check(password, &account.user_name, &account.name)?;
    let set_up = SetUp {
        office,
        link,
        password: hash(office, password).await,
        now,
    };
    office.store.write(set_up).await
}

struct SetUp<'a> {
    office: &'a Office,
    link: SetupLink,
    password: PasswordHash,
    now: Timestamp,
}

impl Write for SetUp<'_> {
    type Out = UserName;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<UserName, ServiceError> {
        let Self { office, now, .. } = *self;
        // the account first, as everywhere: two who hold one link come one after the other
        let account = account::lock(tx, self.link.account).await?;
        let account = account.ok_or(Refusal::LinkOver)?;
        if !setup_link::close(tx, &self.link.hash, now).await? {
            return Err(Refusal::LinkOver.into());
        }
        let account = match (self.link.purpose, account.state) {
            (Purpose::Reset, State::Active) => Account {
                password: Some(self.password.clone()),
                attempts: Attempts::NONE,
                ..account
            },
            _ => account.set_up(self.password.clone())?,
        };
        account::save(tx, &account).await?;
        session::end_all(tx, account.id, None, now).await?;
        let who = owner(&account);
        let what = What::Occurrence(Occurrence::SetUp);
        tell(office, tx, Told::new(&who, what, about(account.id)), now).await?;
        Ok(account.user_name)
    }
}

/// Changes the actor's own password: other sessions end, and this one has a new secret.
///
/// Refused: [`Refusal::SignInFailed`] when the old one is wrong, or all that is wrong with
/// the new one.
pub async fn change_password(
    office: &Office,
    actor: &Actor,
    old: &str,
    new: &str,
    now: Timestamp,
) -> Result<Started, ServiceError> {
    let mut reader = office.store.read().await?;
    let found = account::find(&mut reader, actor.account).await?;
    drop(reader);
    let account = found.ok_or(ServiceError::NotFound)?;
    account.admits(now)?;
    password::check(new, &account.user_name, &account.name)?;
    if old == new {
        return Err(Refusal::PasswordUnchanged.into());
    }
    let fits = verify(office, account.password.clone(), old).await?;
    let change = ChangePassword {
        office,
        actor,
        stored: account.password.filter(|_| fits),
        new: hash(office, new).await,
        now,
    };
    let changed = office.store.write(change).await?;
    changed.ok_or_else(|| Refusal::SignInFailed.into())
}

struct ChangePassword<'a> {
    office: &'a Office,
    actor: &'a Actor,
    /// The password that was found to fit.
    stored: Option<PasswordHash>,
    new: PasswordHash,
    now: Timestamp,
}

impl Write for ChangePassword<'_> {
    /// `None` = the old one is wrong, counted as an attempt.
    type Out = Option<Started>;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<Started>, ServiceError> {
        let Self { office, now, .. } = *self;
        let (mut account, own) = second_factor::own(tx, self.actor).await?;
        if self.stored.is_none() || self.stored != account.password {
            super::session::failed(office, tx, account, now).await?;
            return Ok(None);
        }
        account.password = Some(self.new.clone());
        account::save(tx, &account).await?;
        setup_link::close_all(tx, account.id, now).await?;
        session::end_all(tx, account.id, Some(own.id), now).await?;
        let who = Who::actor(self.actor);
        let told = Told {
            after: Some(json!({ "password": "changed" })),
            ..Told::new(
                &who,
                What::Action(Action::ManageOwnAccount),
                about(account.id),
            )
        };
        tell(office, tx, told, now).await?;
        let (assurance, capacity) = (own.assurance, own.capacity);
        let started = raise(office, tx, own, assurance, capacity, now).await?;
        Ok(Some(started))
    }
}

/// Whom to invite, and as what.
#[derive(Clone, Debug)]
pub struct Invitation<'a> {
    pub user_name: &'a str,
    /// The owner's name, as the trail will show it.
    pub name: &'a str,
    pub person: Option<PersonId>,
    pub capacities: Vec<Capacity>,
}

/// Invites somebody: the account, and the link with which its owner sets it up.
pub async fn invite(
    office: &Office,
    actor: &Actor,
    invitation: &Invitation<'_>,
    now: Timestamp,
) -> Result<(AccountId, SecretToken), ServiceError> {
    let user_name = UserName::read(invitation.user_name)?;
    let secret = new_secret(office, TokenKind::SetupLink);
    let invite = Invite {
        office,
        actor,
        invitation,
        user_name,
        secret: &secret,
        now,
    };
    let id = office.store.write(invite).await?;
    Ok((id, secret))
}

struct Invite<'a> {
    office: &'a Office,
    actor: &'a Actor,
    invitation: &'a Invitation<'a>,
    user_name: UserName,
    secret: &'a SecretToken,
    now: Timestamp,
}

impl Write for Invite<'_> {
    type Out = AccountId;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<AccountId, ServiceError> {
        let Self {
            office,
            invitation,
            now,
            ..
        } = *self;
        let name = self.user_name.clone();
        let account = new_account(office, name, invitation.name, invitation.person, now);
        let capacities = &invitation.capacities;
        permit_file(
            tx,
            self.actor,
            Action::InviteAccount,
            &account,
            capacities,
            now,
        )
        .await?;
        must_be_own(&account, capacities)?;
        if account::named(tx, &account.user_name).await?.is_some() {
            return Err(Refusal::UserNameTaken.into());
        }
        account::add(tx, &account, now).await?;
        for capacity in capacities {
            grant(office, tx, account.id, capacity.clone(), now).await?;
        }
        let link = SetupLink::new(account.id, Purpose::Invitation, self.secret.hash(), now);
        setup_link::add(tx, &link).await?;
        let after = described(&Account {
            capacities: capacities.clone(),
            ..account.clone()
        });
        let what = Action::InviteAccount;
        tell_of(
            office,
            tx,
            self.actor,
            what,
            account.id,
            None,
            Some(after),
            now,
        )
        .await?;
        Ok(account.id)
    }
}

/// Whether an actor may do something to an account, with the capacities it has or is to
/// have.
async fn permit_file(
    reader: &mut Reader,
    actor: &Actor,
    action: Action,
    account: &Account,
    capacities: &[Capacity],
    now: Timestamp,
) -> Result<(), ServiceError> {
    let today = now.shanghai_day();
    let file = AccountFile {
        account: account.id,
        capacities: locus::holdings(reader, capacities, today).await?,
    };
    Ok(permit(actor, action, &Subject::Account(file))?)
}

/// An account for the trail: no secrets, and no whole numbers of people.
fn described(account: &Account) -> Value {
    let capacities = account.capacities.iter().map(|capacity| {
        let area = match capacity {
            Capacity::Reviewer { area, .. } => Some(*area),
            Capacity::Auditor { extent } | Capacity::Administrator { extent } => match extent {
                Extent::Everywhere => None,
                Extent::Area(area) => Some(*area),
            },
            _ => None,
        };
        let institution = match capacity {
            Capacity::InstitutionHr { institution } => Some(institution.to_string()),
            _ => None,
        };
        json!({
            "office": capacity.office().key(),
            "area": area.map(|area| area.to_string()),
            "institution": institution,
        })
    });
    json!({
        "user_name": account.user_name.as_str(),
        "name": account.name,
        "state": account.state.key(),
        "capacities": capacities.collect::<Vec<_>>(),
        "second_factor": account.second_factor.is_active(),
    })
}

#[expect(clippy::too_many_arguments, reason = "all of what an event says")]
async fn tell_of(
    office: &Office,
    tx: &mut Tx,
    actor: &Actor,
    action: Action,
    account: AccountId,
    before: Option<Value>,
    after: Option<Value>,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let who = Who::actor(actor);
    let told = Told {
        before,
        after,
        ..Told::new(&who, What::Action(action), about(account))
    };
    Ok(tell(office, tx, told, now).await?)
}

/// What is done to somebody's account.
#[derive(Clone, Debug)]
pub enum Doing {
    /// Locks, unlocks, disables or restores it; restored, it needs a new link.
    Change(Change),
    /// Lets it act as something more.
    Grant(Capacity),
    /// Takes a capacity back: sessions and tokens in it end.
    TakeBack(CapacityId),
    /// Forgets the second factor of somebody who lost the telephone. Sessions end.
    ResetSecondFactor,
    /// Ends all sessions and revokes all tokens.
    RevokeSessions,
}

impl Doing {
    const fn action(&self) -> Action {
        match self {
            Self::Change(Change::Lock | Change::Unlock) => Action::LockAccount,
            Self::Change(_) => Action::DisableAccount,
            Self::Grant(_) | Self::TakeBack(_) => Action::GrantCapacity,
            Self::ResetSecondFactor => Action::ResetSecondFactor,
            Self::RevokeSessions => Action::RevokeSessions,
        }
    }
}

/// Does something to somebody's account, whose version was seen: its new version.
pub async fn administer(
    office: &Office,
    actor: &Actor,
    id: AccountId,
    seen: Version,
    doing: &Doing,
    now: Timestamp,
) -> Result<Version, ServiceError> {
    let administer = Administer {
        office,
        actor,
        id,
        seen,
        doing,
        now,
    };
    office.store.write(administer).await
}

struct Administer<'a> {
    office: &'a Office,
    actor: &'a Actor,
    id: AccountId,
    seen: Version,
    doing: &'a Doing,
    now: Timestamp,
}

impl Write for Administer<'_> {
    type Out = Version;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Version, ServiceError> {
        let Self { office, now, .. } = *self;
        let action = self.doing.action();
        let found = account::lock(tx, self.id).await?;
        let account = found.ok_or(ServiceError::NotFound)?;
        let mut capacities = account.capacities.clone();
        if let Doing::Grant(capacity) = self.doing {
            // whoever may not see what is there may not add to it either
            capacities.push(capacity.clone());
        }
        permit_file(tx, self.actor, action, &account, &capacities, now).await?;
        account.version.must_be(self.seen)?;
        let before = described(&account);
        let account = self.done(tx, account).await?;
        let version = account::save(tx, &account).await?;
        let after = account::find(tx, self.id).await?;
        let after = after.as_ref().map(described);
        tell_of(
            office,
            tx,
            self.actor,
            action,
            self.id,
            Some(before),
            after,
            now,
        )
        .await?;
        Ok(version)
    }
}

impl Administer<'_> {
    async fn done(&self, tx: &mut Tx, account: Account) -> Result<Account, ServiceError> {
        let now = self.now;
        match self.doing {
            Doing::Change(change) => {
                let account = account.change(*change)?;
                if *change != Change::Unlock {
                    self.end_all(tx).await?;
                    setup_link::close_all(tx, self.id, now).await?;
                }
                if account.second_factor == SecondFactor::None {
                    recovery_code::remove(tx, self.id).await?;
                }
                Ok(account)
            }
            Doing::Grant(capacity) => {
                must_be_own(&account, std::slice::from_ref(capacity))?;
                grant(self.office, tx, self.id, capacity.clone(), now).await?;
                Ok(account)
            }
            Doing::TakeBack(id) => {
                let held = account::held(tx, self.id).await?;
                if !held.iter().any(|held| held.id == *id) {
                    return Err(ServiceError::NotFound);
                }
                account::take_back(tx, *id, now).await?;
                session::end_in_capacity(tx, *id, now).await?;
                api_token::revoke_in_capacity(tx, *id, now).await?;
                Ok(account)
            }
            Doing::ResetSecondFactor => {
                if account.second_factor == SecondFactor::None {
                    return Err(Refusal::NoSecondFactor.into());
                }
                self.end_all(tx).await?;
                recovery_code::remove(tx, self.id).await?;
                Ok(Account {
                    second_factor: SecondFactor::None,
                    ..account
                })
            }
            Doing::RevokeSessions => {
                self.end_all(tx).await?;
                Ok(account)
            }
        }
    }

    async fn end_all(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        session::end_all(tx, self.id, None, self.now).await?;
        api_token::revoke_all(tx, self.id, self.now).await?;
        Ok(())
    }
}

/// A new link for an account: an invitation while it is not set up, a reset of the password
/// after that. The one before is worth nothing.
pub async fn new_link(
    office: &Office,
    actor: &Actor,
    id: AccountId,
    now: Timestamp,
) -> Result<SecretToken, ServiceError> {
    let secret = new_secret(office, TokenKind::SetupLink);
    let link = NewLink {
        office,
        actor,
        id,
        secret: &secret,
        now,
    };
    office.store.write(link).await?;
    Ok(secret)
}

struct NewLink<'a> {
    office: &'a Office,
    actor: &'a Actor,
    id: AccountId,
    secret: &'a SecretToken,
    now: Timestamp,
}

impl Write for NewLink<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let Self { office, now, .. } = *self;
        let action = Action::InviteAccount;
        let found = account::lock(tx, self.id).await?;
        let account = found.ok_or(ServiceError::NotFound)?;
        let capacities = &account.capacities;
        permit_file(tx, self.actor, action, &account, capacities, now).await?;
        let purpose = match account.state {
            State::Invited => Purpose::Invitation,
            State::Active => Purpose::Reset,
            state => return Err(Refusal::AccountState { state }.into()),
        };
        let link = SetupLink::new(self.id, purpose, self.secret.hash(), now);
        setup_link::add(tx, &link).await?;
        let after = Some(json!({ "link": purpose.key() }));
        tell_of(office, tx, self.actor, action, self.id, None, after, now).await
    }
}

/// An account in the actor's scope, and as what it may act.
pub async fn find(
    office: &Office,
    actor: &Actor,
    id: AccountId,
    now: Timestamp,
) -> Result<(Account, Vec<Held>), ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let found = account::find(&mut reader, id).await?;
    let account = found.ok_or(ServiceError::NotFound)?;
    let (action, capacities) = (Action::ReadAccount, &account.capacities);
    permit_file(&mut reader, actor, action, &account, capacities, now).await?;
    let held = account::held(&mut reader, id).await?;
    Ok((account, held))
}

/// The accounts in the actor's scope, by user name.
pub async fn list(
    office: &Office,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Account>, ServiceError> {
    reach(actor, Action::ReadAccount)?;
    let mut reader = office.store.snapshot().await?;
    let mut accounts = Vec::new();
    for account in account::all(&mut reader).await? {
        let (action, capacities) = (Action::ReadAccount, &account.capacities);
        match permit_file(&mut reader, actor, action, &account, capacities, now).await {
            Ok(()) => accounts.push(account),
            Err(ServiceError::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(accounts)
}

/// The identifier of a medical community that was named before; a slip of the pen makes no
/// new one.
pub async fn known_consortium(
    office: &Office,
    actor: &Actor,
    name: &str,
    now: Timestamp,
) -> Result<Option<ConsortiumId>, ServiceError> {
    let mut reader = office.store.read().await?;
    reach(actor, Action::InviteAccount)?;
    let on = now.shanghai_day();
    let place = crate::store::locus::of_consortium_named(&mut reader, name, None, on).await?;
    drop(reader);
    // it has members, so it is one
    match place.area {
        Some(_) => Ok(Some(consortium(office, actor, name, now).await?)),
        None => Ok(None),
    }
}

/// The identifier of a medical community by its name, for a capacity over it.
pub async fn consortium(
    office: &Office,
    actor: &Actor,
    name: &str,
    now: Timestamp,
) -> Result<ConsortiumId, ServiceError> {
    reach(actor, Action::GrantCapacity)?;
    let id = office.chance.id(now);
    office.store.write(NameConsortium { name, id, now }).await
}

struct NameConsortium<'a> {
    name: &'a str,
    id: ConsortiumId,
    now: Timestamp,
}

impl Write for NameConsortium<'_> {
    type Out = ConsortiumId;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<ConsortiumId, ServiceError> {
        Ok(crate::store::locus::name_consortium(tx, self.name, self.id, self.now).await?)
    }
}
