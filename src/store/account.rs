//! Accounts, and as what they may act.

use super::backend::{Reader, Tx};
use super::dialect;
use super::error::StoreError;
use super::sql::{Sql, statements};
use super::value::{Cell, ColumnKind, Fields, Value, values, words};
use crate::domain::account::{Account, State, UserName};
use crate::domain::ids::AreaCode;
use crate::domain::lockout::Attempts;
use crate::domain::record::Version;
use crate::domain::record_id::{AccountId, CapacityId, ConsortiumId, InstitutionId, PersonId};
use crate::domain::rights::{Authority, Capacity, Extent, Role, Tier};
use crate::domain::second_factor::{SecondFactor, Step};
use crate::domain::secret::Sealed;
use crate::domain::time::Timestamp;
use std::sync::LazyLock;

words!(State, Role, Authority, Tier);

statements! { "account":
    ADD = "insert into account (id, version, user_name, name, person, state, password, \
        second_factor, second_factor_step, failures, last_failure, created_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    SAVE = "update account set version = version + 1, name = $3, person = $4, state = $5, \
        password = $6, second_factor = $7, second_factor_step = $8, failures = $9, \
        last_failure = $10 where id = $1 and version = $2";
    /// Counting attempts and codes is no change of the account that anybody could miss.
    SAVE_ATTEMPTS = "update account set state = $2, second_factor_step = $3, failures = $4, \
        last_failure = $5 where id = $1";
    FIND = "select id, version, user_name, name, person, state, password, second_factor, \
        second_factor_step, failures, last_failure from account where id = $1";
    NAMED = "select id, version, user_name, name, person, state, password, second_factor, \
        second_factor_step, failures, last_failure from account where user_name = $1";
    ALL = "select id, version, user_name, name, person, state, password, second_factor, \
        second_factor_step, failures, last_failure from account order by user_name";
    USED = "select count(*) from account where state <> 'invited'";
    GRANT = "insert into capacity (id, account, role, authority, tier, person, institution, \
        consortium, area, granted_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    TAKE_BACK = "update capacity set revoked_at = $2 where id = $1 and revoked_at is null";
    HELD = "select id, account, role, authority, tier, person, institution, consortium, area \
        from capacity where account = $1 and revoked_at is null order by id";
    OFFICIALS = "select account.state, capacity.id, capacity.account, capacity.role, \
        capacity.authority, capacity.tier, capacity.person, capacity.institution, \
        capacity.consortium, capacity.area from capacity join account \
        on account.id = capacity.account where capacity.revoked_at is null \
        and capacity.role <> 'staff' order by capacity.id";
    CLERKS = "select account.id, account.name from capacity join account \
        on account.id = capacity.account where capacity.institution = $1 \
        and capacity.role = 'institution_hr' and capacity.revoked_at is null \
        order by account.name, account.id";
    HELD_BY_ALL = "select id, account, role, authority, tier, person, institution, consortium, \
        area from capacity where revoked_at is null order by id";
}

static LOCK: LazyLock<Sql> = LazyLock::new(|| {
    let text = "select id from account where id = $1{for update}";
    dialect::statement("account::LOCK".to_owned(), "account", text)
});

static OF_PEOPLE: LazyLock<Sql> = LazyLock::new(|| {
    let text = "select account.state, capacity.id, capacity.account, capacity.role, \
        capacity.authority, capacity.tier, capacity.person, capacity.institution, \
        capacity.consortium, capacity.area from capacity join account \
        on account.id = capacity.account where capacity.revoked_at is null \
        and capacity.role = 'staff' and capacity.person {in $1} order by capacity.id";
    dialect::statement("account::OF_PEOPLE".to_owned(), "account", text)
});

pub(super) fn dialects() -> [&'static Sql; 2] {
    [&LOCK, &OF_PEOPLE]
}

impl Cell for UserName {
    const KIND: ColumnKind = ColumnKind::Text;

    fn value(&self) -> Value {
        Value::Text(Some(self.as_str().to_owned()))
    }

    fn of_value(value: Value) -> Option<Self> {
        Self::read(&String::of_value(value)?).ok()
    }
}

/// A capacity with its identifier and the account that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub id: CapacityId,
    pub account: AccountId,
    /// Of staff without their house, which changes with their employment.
    pub capacity: Capacity,
}

/// Adds an account, without its capacities.
pub async fn add(tx: &mut Tx, account: &Account, now: Timestamp) -> Result<(), StoreError> {
    let (secret, step) = factor(account);
    let values = values![
        account.id,
        account.version,
        account.user_name,
        account.name,
        account.person,
        account.state,
        account.password,
        secret,
        step,
        account.attempts.failures,
        account.attempts.last,
        now
    ];
    tx.must(&ADD, values, 1).await
}

fn factor(account: &Account) -> (Option<Sealed>, Option<u64>) {
    match &account.second_factor {
        SecondFactor::None => (None, None),
        SecondFactor::Offered { secret } => (Some(secret.clone()), None),
        SecondFactor::Active { secret, last } => (Some(secret.clone()), Some(last.number())),
    }
}

/// Saves an account that was read at its version, without its capacities: its new version.
pub async fn save(tx: &mut Tx, account: &Account) -> Result<Version, StoreError> {
    let (secret, step) = factor(account);
    let values = values![
        account.id,
        account.version,
        account.name,
        account.person,
        account.state,
        account.password,
        secret,
        step,
        account.attempts.failures,
        account.attempts.last
    ];
    tx.must(&SAVE, values, 1).await?;
    Ok(account.version.next())
}

/// Saves what an attempt to sign in changed. The version stays.
pub async fn save_attempts(tx: &mut Tx, account: &Account) -> Result<(), StoreError> {
    let (_, step) = factor(account);
    let values = values![
        account.id,
        account.state,
        step,
        account.attempts.failures,
        account.attempts.last
    ];
    tx.must(&SAVE_ATTEMPTS, values, 1).await
}

/// Locks an account until the write ends, and reads it.
pub async fn lock(tx: &mut Tx, id: AccountId) -> Result<Option<Account>, StoreError> {
    tx.one(&LOCK, values![id], |row| row.take::<AccountId>())
        .await?;
    find(tx, id).await
}

/// An account with its capacities.
pub async fn find(reader: &mut Reader, id: AccountId) -> Result<Option<Account>, StoreError> {
    let found = reader.one(&FIND, values![id], account).await?;
    with_capacities(reader, found).await
}

/// The account with a user name, with its capacities.
pub async fn named(
    reader: &mut Reader,
    user_name: &UserName,
) -> Result<Option<Account>, StoreError> {
    let values = values![user_name.clone()];
    let found = reader.one(&NAMED, values, account).await?;
    with_capacities(reader, found).await
}

async fn with_capacities(
    reader: &mut Reader,
    found: Option<Account>,
) -> Result<Option<Account>, StoreError> {
    let Some(mut account) = found else {
        return Ok(None);
    };
    let held = held(reader, account.id).await?;
    account.capacities = held.into_iter().map(|held| held.capacity).collect();
    Ok(Some(account))
}

/// All accounts by user name, with their capacities.
pub async fn all(reader: &mut Reader) -> Result<Vec<Account>, StoreError> {
    let mut accounts = reader.all(&ALL, values![], account).await?;
    let held = reader.all(&HELD_BY_ALL, values![], read_held).await?;
    for account in &mut accounts {
        let own = held.iter().filter(|held| held.account == account.id);
        account.capacities = own.map(|held| held.capacity.clone()).collect();
    }
    Ok(accounts)
}

/// Somebody who keeps the records of an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clerk {
    pub account: AccountId,
    pub name: String,
    pub institution: InstitutionId,
}

/// The clerks of an institution, by name.
pub async fn clerks(
    reader: &mut Reader,
    institution: InstitutionId,
) -> Result<Vec<Clerk>, StoreError> {
    let found = reader.all(&CLERKS, values![institution], |row| {
        Ok(Clerk {
            account: row.take()?,
            name: row.take()?,
            institution,
        })
    });
    found.await
}

/// Whether any account was ever set up.
pub async fn any_set_up(reader: &mut Reader) -> Result<bool, StoreError> {
    let used = reader.one(&USED, values![], |row| row.take::<i64>());
    Ok(used.await? != Some(0))
}

/// Lets an account act as something.
pub async fn grant(tx: &mut Tx, held: &Held, now: Timestamp) -> Result<(), StoreError> {
    let capacity = &held.capacity;
    let (mut authority, mut tier, mut person) = (None, None, None);
    let (mut institution, mut consortium, mut area) = (None, None, None);
    match *capacity {
        Capacity::Staff { person: own, .. } => person = Some(own),
        Capacity::InstitutionHr { institution: id } => institution = Some(id),
        Capacity::ConsortiumHr { consortium: id } => consortium = Some(id),
        Capacity::Reviewer {
            authority: body,
            tier: level,
            area: code,
        } => {
            authority = Some(body);
            tier = Some(level);
            area = Some(code);
        }
        Capacity::Auditor { extent } | Capacity::Administrator { extent } => match extent {
            Extent::Everywhere => {}
            Extent::Area(code) => area = Some(code),
        },
    }
    let values = values![
        held.id,
        held.account,
        capacity.role(),
        authority,
        tier,
        person,
        institution,
        consortium,
        area,
        now
    ];
    tx.must(&GRANT, values, 1).await
}

/// Takes a capacity back.
pub async fn take_back(tx: &mut Tx, id: CapacityId, now: Timestamp) -> Result<(), StoreError> {
    tx.must(&TAKE_BACK, values![id, now], 1).await
}

/// As what an account may act, oldest first.
pub async fn held(reader: &mut Reader, account: AccountId) -> Result<Vec<Held>, StoreError> {
    reader.all(&HELD, values![account], read_held).await
}

/// Who may act as what, but for those who see their own file only.
pub async fn officials(reader: &mut Reader) -> Result<Vec<(Held, State)>, StoreError> {
    reader.all(&OFFICIALS, values![], held_and_state).await
}

/// The accounts of some people in which they see their own file.
pub async fn of_people(
    reader: &mut Reader,
    people: &[PersonId],
) -> Result<Vec<(Held, State)>, StoreError> {
    let values = values![dialect::list(people)];
    reader.all(&OF_PEOPLE, values, held_and_state).await
}

fn held_and_state(row: &mut Fields<'_>) -> Result<(Held, State), StoreError> {
    let state = row.take()?;
    Ok((read_held(row)?, state))
}

fn account(row: &mut Fields<'_>) -> Result<Account, StoreError> {
    let mut account = Account {
        id: row.take()?,
        version: row.take()?,
        user_name: row.take()?,
        name: row.take()?,
        person: row.take()?,
        state: row.take()?,
        password: row.take()?,
        second_factor: SecondFactor::None,
        attempts: Attempts::NONE,
        capacities: Vec::new(),
    };
    let secret: Option<Sealed> = row.take()?;
    let step: Option<u64> = row.take()?;
    account.second_factor = match (secret, step.map(Step::new)) {
        (None, _) => SecondFactor::None,
        (Some(secret), None) => SecondFactor::Offered { secret },
        (Some(secret), Some(last)) => SecondFactor::Active { secret, last },
    };
    account.attempts = Attempts {
        failures: row.take()?,
        last: row.take()?,
    };
    Ok(account)
}

/// The place stands last: when it does not fit the role, it is what cannot be read.
fn read_held(row: &mut Fields<'_>) -> Result<Held, StoreError> {
    let (id, account, role) = (row.take()?, row.take()?, row.take()?);
    let (authority, tier) = (row.take()?, row.take()?);
    let person: Option<PersonId> = row.take()?;
    let institution: Option<InstitutionId> = row.take()?;
    let consortium: Option<ConsortiumId> = row.take()?;
    let place = row.clone();
    let area: Option<AreaCode> = row.take()?;
    let extent = area.map_or(Extent::Everywhere, Extent::Area);
    let capacity = match role {
        Role::Staff => person.map(|person| Capacity::Staff { person, home: None }),
        Role::InstitutionHr => {
            institution.map(|institution| Capacity::InstitutionHr { institution })
        }
        Role::ConsortiumHr => consortium.map(|consortium| Capacity::ConsortiumHr { consortium }),
        Role::Reviewer => match (authority, tier, area) {
            (Some(authority), Some(tier), Some(area)) => Some(Capacity::Reviewer {
                authority,
                tier,
                area,
            }),
            _ => None,
        },
        Role::Auditor => Some(Capacity::Auditor { extent }),
        Role::Administrator => Some(Capacity::Administrator { extent }),
    };
    Ok(Held {
        id,
        account,
        capacity: capacity.ok_or_else(|| place.corrupt())?,
    })
}
