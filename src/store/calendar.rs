//! Notices of days off that were loaded, as texts.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::values;
use crate::domain::time::Timestamp;

statements! { "holiday_notice":
    LOAD = "insert into holiday_notice (year, loaded_at, text) values ($1, $2, $3) \
        on conflict (year) do update set loaded_at = excluded.loaded_at, text = excluded.text";
    ALL = "select text from holiday_notice order by year";
}

/// Keeps the notice of a year, instead of the one before.
pub async fn load(tx: &mut Tx, year: i32, text: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.must(&LOAD, values![i64::from(year), now, text], 1).await
}

/// Every notice that was loaded.
pub async fn all(reader: &mut Reader) -> Result<Vec<String>, StoreError> {
    reader.all(&ALL, values![], |row| row.take()).await
}
