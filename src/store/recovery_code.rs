//! Recovery codes of accounts, by their keyed hashes.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{hex, values};
use crate::domain::record_id::AccountId;
use crate::domain::secret::LookupHash;
use crate::domain::time::Timestamp;

statements! { "recovery_code":
    ADD = "insert into recovery_code (hash, account, created_at, used_at) \
        values ($1, $2, $3, null)";
    USE = "update recovery_code set used_at = $3 \
        where hash = $1 and account = $2 and used_at is null";
    REMOVE = "delete from recovery_code where account = $1";
    LEFT = "select count(*) from recovery_code where account = $1 and used_at is null";
}

/// Gives an account codes; those it had before are gone.
pub async fn replace(
    tx: &mut Tx,
    account: AccountId,
    hashes: &[LookupHash],
    now: Timestamp,
) -> Result<(), StoreError> {
    remove(tx, account).await?;
    for hash in hashes {
        tx.must(&ADD, values![hex(hash.bytes()), account, now], 1)
            .await?;
    }
    Ok(())
}

/// Uses a code up: whether it was one of the account that was not used before.
pub async fn use_up(
    tx: &mut Tx,
    account: AccountId,
    hash: &LookupHash,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let values = values![hex(hash.bytes()), account, now];
    Ok(tx.execute(&USE, values).await? == 1)
}

/// Removes the codes of an account.
pub async fn remove(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    tx.execute(&REMOVE, values![account]).await.map(|_| ())
}

/// How many codes of an account were not used.
pub async fn left(reader: &mut Reader, account: AccountId) -> Result<u32, StoreError> {
    let left = reader.one(&LEFT, values![account], |row| row.take::<u32>());
    Ok(left.await?.unwrap_or(0))
}
