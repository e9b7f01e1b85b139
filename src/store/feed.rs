//! Calendars with a secret address: whose, and in which capacity.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values};
use crate::domain::record::Id;
use crate::domain::record_id::{AccountId, CapacityId};
use crate::domain::secret::TokenHash;
use crate::domain::time::Timestamp;

statements! { "feed":
    ADD = "insert into feed (id, account, capacity, name, hash, created_at) \
        values ($1, $2, $3, $4, $5, $6)";
    OF_ACCOUNT = "select id, account, capacity, name, created_at, revoked_at, last_used from feed \
        where account = $1 order by id";
    WITH_HASH = "select id, account, capacity, name, created_at, revoked_at, last_used from feed \
        where hash = $1";
    REVOKE = "update feed set revoked_at = $3 where id = $1 and account = $2 \
        and revoked_at is null";
    TOUCH = "update feed set last_used = $2 where id = $1 and (last_used is null \
        or last_used < $2)";
}

/// One calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    pub id: Id<Feed>,
    pub account: AccountId,
    pub capacity: CapacityId,
    pub name: String,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    /// To within an hour.
    pub last_used: Option<Timestamp>,
}

/// Adds a calendar with the hash of its secret.
pub async fn add(tx: &mut Tx, feed: &Feed, hash: &TokenHash) -> Result<(), StoreError> {
    let values = values![
        feed.id,
        feed.account,
        feed.capacity,
        feed.name,
        *hash,
        feed.created_at
    ];
    tx.must(&ADD, values, 1).await
}

/// The calendars of an account, oldest first; some may be revoked.
pub async fn of_account(reader: &mut Reader, account: AccountId) -> Result<Vec<Feed>, StoreError> {
    reader.all(&OF_ACCOUNT, values![account], read).await
}

/// The calendar with a secret.
pub async fn with_hash(reader: &mut Reader, hash: &TokenHash) -> Result<Option<Feed>, StoreError> {
    reader.one(&WITH_HASH, values![*hash], read).await
}

/// Revokes a calendar of an account: whether it was good until now.
pub async fn revoke(
    tx: &mut Tx,
    id: Id<Feed>,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(&REVOKE, values![id, account, now]).await? == 1)
}

/// Says that a calendar was fetched.
pub async fn touch(tx: &mut Tx, id: Id<Feed>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(&TOUCH, values![id, now]).await.map(|_| ())
}

fn read(row: &mut Fields<'_>) -> Result<Feed, StoreError> {
    Ok(Feed {
        id: row.take()?,
        account: row.take()?,
        capacity: row.take()?,
        name: row.take()?,
        created_at: row.take()?,
        revoked_at: row.take()?,
        last_used: row.take()?,
    })
}
