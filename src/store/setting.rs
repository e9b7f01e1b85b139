//! What the program keeps for itself, by name.

use super::backend::{Reader, Tx};
use super::dialect;
use super::error::StoreError;
use super::sql::{Sql, statements};
use super::value::values;
use crate::domain::time::Timestamp;
use std::sync::LazyLock;

statements! { "setting":
    GET = "select name, value from setting where name = $1";
    SET = "insert into setting (name, value, changed_at) values ($1, $2, $3) \
        on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at";
}

/// Whoever records a register locks this setting.
pub const REGISTER: &str = "register";

static LOCK: LazyLock<Sql> = LazyLock::new(|| {
    let text = "select name from setting where name = $1{for update}";
    dialect::statement("setting::LOCK".to_owned(), "setting", text)
});

pub(super) fn dialects() -> [&'static Sql; 1] {
    [&LOCK]
}

/// Lets nobody else lock the setting until the write ends.
pub(super) async fn lock(tx: &mut Tx, name: &str) -> Result<(), StoreError> {
    let locked = tx.one(&LOCK, values![name], |row| row.take::<String>());
    match locked.await? {
        Some(_) => Ok(()),
        None => Err(StoreError::NotFound {
            table: "setting",
            key: name.to_owned(),
        }),
    }
}

/// The value of a setting, as JSON.
pub async fn get(reader: &mut Reader, name: &str) -> Result<Option<String>, StoreError> {
    let found = reader.one(&GET, values![name], |row| {
        let _name: String = row.take()?;
        row.take()
    });
    found.await
}

/// Sets a setting to a value given as JSON.
pub async fn set(tx: &mut Tx, name: &str, value: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.must(&SET, values![name, value, now], 1).await
}
