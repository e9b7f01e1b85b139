//! Sessions of signed-in people.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values};
use crate::domain::record_id::{AccountId, CapacityId, SessionId};
use crate::domain::secret::TokenHash;
use crate::domain::session::Session;
use crate::domain::time::Timestamp;

statements! { "session":
    ADD = "insert into session (id, account, capacity, assured, secret, former_secret, \
        rotated_at, started_at, last_seen, ended_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SAVE = "update session set capacity = $2, assured = $3, secret = $4, former_secret = $5, \
        rotated_at = $6, last_seen = $7, ended_at = $8 where id = $1 and secret = $9";
    TOUCH = "update session set last_seen = $2 where id = $1 and last_seen < $2";
    FIND = "select id, account, capacity, assured, secret, former_secret, rotated_at, \
        started_at, last_seen, ended_at from session where id = $1";
    WITH_SECRET = "select id, account, capacity, assured, secret, former_secret, rotated_at, \
        started_at, last_seen, ended_at from session where secret = $1 or former_secret = $1";
    OF_ACCOUNT = "select id, account, capacity, assured, secret, former_secret, rotated_at, \
        started_at, last_seen, ended_at from session where account = $1 and ended_at is null \
        order by id";
    END_ALL = "update session set ended_at = $2 where account = $1 and ended_at is null \
        and (cast($3 as text) is null or id <> cast($3 as text))";
    END_IN_CAPACITY = "update session set ended_at = $2 where capacity = $1 and ended_at is null";
    FORGET = "delete from session where ended_at < $1 or last_seen < $1";
}

/// Adds a session.
pub async fn add(tx: &mut Tx, session: &Session) -> Result<(), StoreError> {
    let values = values![
        session.id,
        session.account,
        session.capacity,
        session.assurance,
        session.secret,
        session.former_secret,
        session.rotated,
        session.started,
        session.last_seen,
        session.ended
    ];
    tx.must(&ADD, values, 1).await
}

/// Saves a session that had the secret `before`: whether it still had.
pub async fn save(tx: &mut Tx, session: &Session, before: &TokenHash) -> Result<bool, StoreError> {
    let values = values![
        session.id,
        session.capacity,
        session.assurance,
        session.secret,
        session.former_secret,
        session.rotated,
        session.last_seen,
        session.ended,
        *before
    ];
    Ok(tx.execute(&SAVE, values).await? == 1)
}

/// It was seen.
pub async fn touch(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(&TOUCH, values![id, now]).await.map(|_| ())
}

/// A session by its identifier.
pub async fn find(reader: &mut Reader, id: SessionId) -> Result<Option<Session>, StoreError> {
    reader.one(&FIND, values![id], read).await
}

/// The session that has a secret, or had it before the last rotation.
pub async fn with_secret(
    reader: &mut Reader,
    secret: &TokenHash,
) -> Result<Option<Session>, StoreError> {
    reader.one(&WITH_SECRET, values![*secret], read).await
}

/// The sessions of an account that nobody ended, oldest first; some may have run out.
pub async fn of_account(
    reader: &mut Reader,
    account: AccountId,
) -> Result<Vec<Session>, StoreError> {
    reader.all(&OF_ACCOUNT, values![account], read).await
}

/// Ends the sessions of an account, but for one: how many.
pub async fn end_all(
    tx: &mut Tx,
    account: AccountId,
    but: Option<SessionId>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.execute(&END_ALL, values![account, now, but]).await
}

/// Ends the sessions that act in a capacity: how many.
pub async fn end_in_capacity(
    tx: &mut Tx,
    capacity: CapacityId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.execute(&END_IN_CAPACITY, values![capacity, now]).await
}

/// Forgets sessions that were over long ago: how many.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(&FORGET, values![before]).await
}

fn read(row: &mut Fields<'_>) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.take()?,
        account: row.take()?,
        capacity: row.take()?,
        assurance: row.take()?,
        secret: row.take()?,
        former_secret: row.take()?,
        rotated: row.take()?,
        started: row.take()?,
        last_seen: row.take()?,
        ended: row.take()?,
    })
}
