//! Failed attempts to sign in that belong to no account.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::values;
use crate::domain::lockout::Attempts;
use crate::domain::time::Timestamp;

statements! { "throttle":
    FIND = "select key, failures, last_failure from throttle where key = $1";
    SAVE = "insert into throttle (key, failures, last_failure) values ($1, $2, $3) \
        on conflict (key) do update set failures = excluded.failures, \
        last_failure = excluded.last_failure";
    FORGET = "delete from throttle where last_failure < $1";
}

/// The attempts kept under a key.
pub async fn find(reader: &mut Reader, key: &str) -> Result<Attempts, StoreError> {
    let found = reader.one(&FIND, values![key], |row| {
        let _key: String = row.take()?;
        Ok(Attempts {
            failures: row.take()?,
            last: row.take()?,
        })
    });
    Ok(found.await?.unwrap_or(Attempts::NONE))
}

/// Keeps attempts under a key.
pub async fn save(tx: &mut Tx, key: &str, attempts: Attempts) -> Result<(), StoreError> {
    let values = values![key, attempts.failures, attempts.last];
    tx.must(&SAVE, values, 1).await
}

/// Forgets attempts of long ago: how many keys.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(&FORGET, values![before]).await
}
