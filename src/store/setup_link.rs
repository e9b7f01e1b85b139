//! Links with which the owner of an account chooses a password.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{values, words};
use crate::domain::record_id::AccountId;
use crate::domain::secret::TokenHash;
use crate::domain::setup_link::{Purpose, SetupLink};
use crate::domain::time::Timestamp;

words!(Purpose);

statements! { "setup_link":
    ADD = "insert into setup_link (hash, account, purpose, created_at, closed_at) \
        values ($1, $2, $3, $4, $5)";
    FIND = "select hash, account, purpose, created_at, closed_at from setup_link where hash = $1";
    USE = "update setup_link set closed_at = $2 where hash = $1 and closed_at is null";
    CLOSE_ALL = "update setup_link set closed_at = $2 where account = $1 and closed_at is null";
    FORGET = "delete from setup_link where created_at < $1";
}

/// Adds a link; those that were out for the account are closed.
pub async fn add(tx: &mut Tx, link: &SetupLink) -> Result<(), StoreError> {
    close_all(tx, link.account, link.created).await?;
    let values = values![
        link.hash,
        link.account,
        link.purpose,
        link.created,
        link.closed
    ];
    tx.must(&ADD, values, 1).await
}

/// The link with a hash.
pub async fn find(reader: &mut Reader, hash: &TokenHash) -> Result<Option<SetupLink>, StoreError> {
    let found = reader.one(&FIND, values![*hash], |row| {
        Ok(SetupLink {
            hash: row.take()?,
            account: row.take()?,
            purpose: row.take()?,
            created: row.take()?,
            closed: row.take()?,
        })
    });
    found.await
}

/// Uses a link up: whether it was still good, so that it is used once only.
pub async fn close(tx: &mut Tx, hash: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(&USE, values![*hash, now]).await? == 1)
}

/// Closes the links of an account.
pub async fn close_all(tx: &mut Tx, account: AccountId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(&CLOSE_ALL, values![account, now])
        .await
        .map(|_| ())
}

/// Forgets links that were made before an instant, used or not: how many. It has to be
/// longer ago than any of them is good.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(&FORGET, values![before]).await
}
