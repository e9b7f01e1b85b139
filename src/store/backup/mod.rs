//! Backups: a consistent copy while writes go on, and what it holds, so that a copy can be
//! compared with the original row for row.
//!
//! SQLite copies itself into a file; PostgreSQL is copied by its own programs ([`tools`]),
//! from a state that the comparison sees too.

pub mod tools;

use super::backend::{Pools, Reader};
use super::error::StoreError;
use super::sql::{Sql, Text, statements};
use super::value::{Row, Value, values};
use super::{Store, audit, migrate};
use crate::domain::audit::Head;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::AtomicU32;

statements! { "backup":
    STEPS = "select version, checksum from _sqlx_migrations order by version";
}

/// What the two databases do not say alike.
macro_rules! each {
    ($($name:ident = $sqlite:expr, $postgres:expr;)+) => {
        $(const $name: Sql = Sql {
            name: concat!("backup::", stringify!($name)),
            table: "backup",
            text: Text::Each { sqlite: $sqlite, postgres: $postgres },
        };)+

        const OWN: &[Sql] = &[$($name),+];
    };
}

each! {
    EXPORT = "select ''", "select pg_export_snapshot()";
    SERVER = "select sqlite_version()", "select current_setting('server_version_num')";
    ANY_TABLE = "select name from sqlite_master limit 1",
        "select cast(relname as text) from pg_class join pg_namespace \
        on pg_namespace.oid = relnamespace where nspname <> 'information_schema' \
        and nspname not like 'pg\\_%' limit 1";
    CHECK = "pragma integrity_check(1)", "select 'ok'";
}

/// All rows of each table.
static ALL: LazyLock<Vec<Sql>> = LazyLock::new(|| {
    let sql = |table: &'static str| Sql {
        name: format!("backup::ALL {table}").leak(),
        table,
        text: Text::Same(format!("select * from {table}").leak()),
    };
    migrate::tables().into_iter().map(sql).collect()
});

pub(super) fn dialects() -> Vec<&'static Sql> {
    OWN.iter().chain(&*ALL).collect()
}

/// What a database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The numbers of the steps that made its tables.
    pub steps: Vec<i64>,
    pub tables: Vec<Table>,
    /// How far the chain of the trail goes.
    pub head: Head,
    /// Numbers of the keys with which something in it is sealed.
    pub keys: BTreeSet<u32>,
}

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub rows: u64,
    /// Of all columns of all rows, whatever order they come in.
    pub digest: RowSum,
}

/// The sum, modulo 2 to the power of 256, of the SHA-256 of rows: rows in any order have
/// the same, and a row that is there twice counts twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowSum([u8; 32]);

impl RowSum {
    /// The sum with those bytes, the least first.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes, the least first.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn add(&mut self, row: [u8; 32]) {
        let mut carry = 0;
        for (sum, byte) in self.0.iter_mut().zip(row) {
            let total = u16::from(*sum) + u16::from(byte) + carry;
            let [high, low] = total.to_be_bytes();
            *sum = low;
            carry = u16::from(high);
        }
    }
}

/// Reads everything: row by row, so that a table may be of any length.
pub async fn contents(reader: &mut Reader) -> Result<Contents, StoreError> {
    let steps = steps(reader).await?;
    contents_of(reader, &steps, ALL.iter().map(|sql| sql.table)).await
}

/// The same of some tables, of a database that may be older than this program.
pub async fn contents_of(
    reader: &mut Reader,
    steps: &[i64],
    tables: impl Iterator<Item = &str>,
) -> Result<Contents, StoreError> {
    let mut found = Vec::new();
    let mut keys = BTreeSet::new();
    for name in tables {
        let Some(all) = ALL.iter().find(|sql| sql.table == name) else {
            return Err(StoreError::NotFound {
                table: "backup",
                key: name.to_owned(),
            });
        };
        let (mut rows, mut digest) = (0, RowSum::default());
        let take = |row: &Row| {
            let cells = row.cells()?;
            rows += 1;
            digest.add(row_hash(&cells));
            keys.extend(
                cells
                    .iter()
                    .filter_map(|(name, value)| key_number(name, value)),
            );
            Ok(())
        };
        reader.each(all, take).await?;
        found.push(Table {
            name: name.to_owned(),
            rows,
            digest,
        });
    }
    Ok(Contents {
        steps: steps.to_vec(),
        tables: found,
        head: audit::head(reader).await?,
        keys,
    })
}

/// The hash of the columns of a row, each with its name, kind and length before it: the same
/// on both databases.
fn row_hash(cells: &[(String, Value)]) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut put = |kind: u8, bytes: &[u8]| {
        hash.update([kind]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    for (name, value) in cells {
        put(b'c', name.as_bytes());
        match value {
            Value::Integer(Some(number)) => put(b'i', &number.to_be_bytes()),
            Value::Text(Some(text)) => put(b't', text.as_bytes()),
            Value::Bytes(Some(bytes)) => put(b'b', bytes),
            Value::Integer(None) | Value::Text(None) | Value::Bytes(None) => put(b'n', &[]),
        }
    }
    hash.finalize().into()
}

/// The number of the key that sealed a value, where the column holds sealed ones.
fn key_number(column: &str, value: &Value) -> Option<u32> {
    if !column.ends_with("_cipher") && column != "second_factor" {
        return None;
    }
    let Value::Text(Some(text)) = value else {
        return None;
    };
    let mut parts = text.split('.');
    (parts.next()? == "1").then(|| parts.next()?.parse().ok())?
}

/// The steps that made the tables of a database; a later one than this program knows, or
/// one that differs, is an error.
pub async fn steps(reader: &mut Reader) -> Result<Vec<i64>, StoreError> {
    let known = migrate::checksums();
    let done = reader
        .all(&STEPS, values![], |row| {
            let number: i64 = row.take()?;
            Ok((number, row.take::<Vec<u8>>()?))
        })
        .await?;
    let mut steps = Vec::new();
    for (at, (number, checksum)) in done.into_iter().enumerate() {
        let same = known
            .get(at)
            .is_some_and(|(known, sums)| *known == number && sums.contains(&checksum));
        if !same {
            return Err(StoreError::Corrupt {
                table: "_sqlx_migrations",
                column: "checksum".to_owned(),
                row: number.to_string(),
            });
        }
        steps.push(number);
    }
    Ok(steps)
}

/// A state of a database that is kept to while others write.
pub struct State {
    reader: Reader,
    /// PostgreSQL: what its own programs are given to see it too.
    pub snapshot: String,
}

impl State {
    /// What it holds.
    pub async fn contents(&mut self) -> Result<Contents, StoreError> {
        contents(&mut self.reader).await
    }
}

impl Store {
    /// The file of a SQLite database; `None` = there is a server.
    pub fn file(&self) -> Option<PathBuf> {
        self.pools.file()
    }

    /// Copies a SQLite database into an empty file: the state that was copied. `None` =
    /// there is a server, and its own programs copy it.
    pub async fn copy_into(&self, file: &Path) -> Result<Option<State>, StoreError> {
        let seen = self.pools.copy_into(file).await?;
        Ok(seen.map(|connection| State {
            reader: Reader::new(connection),
            snapshot: String::new(),
        }))
    }

    /// A state of PostgreSQL that other connections can be given.
    pub async fn exported_state(&self) -> Result<State, StoreError> {
        let mut reader = self.snapshot().await?;
        let snapshot = one_text(&mut reader, &EXPORT).await?;
        Ok(State { reader, snapshot })
    }

    /// Opens a SQLite file that is only looked into.
    pub async fn look_into(file: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            pools: Pools::look_into(file).await?,
            once: None,
            held: false,
            turns: std::sync::Arc::new(AtomicU32::new(0)),
        })
    }

    /// The version of the database: of PostgreSQL the major number, of SQLite its text.
    pub async fn server(&self) -> Result<String, StoreError> {
        let mut reader = self.read().await?;
        let text = one_text(&mut reader, &SERVER).await?;
        Ok(match text.parse::<u32>() {
            Ok(number) => (number / 10_000).to_string(),
            Err(_) => text,
        })
    }

    /// Whether the database finds its own file in order.
    pub async fn is_sound(&self) -> Result<bool, StoreError> {
        let mut reader = self.read().await?;
        Ok(one_text(&mut reader, &CHECK).await? == "ok")
    }

    /// Makes another database on the server, for a while.
    pub async fn make_database(&self, name: &DatabaseName) -> Result<(), StoreError> {
        self.pools
            .server_does(format!("create database {}", name.0))
            .await
    }

    /// Removes it again.
    pub async fn remove_database(&self, name: &DatabaseName) -> Result<(), StoreError> {
        let text = format!("drop database if exists {} with (force)", name.0);
        self.pools.server_does(text).await
    }

    /// Whether there is nothing in it at all, not even an empty table.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let mut reader = self.read().await?;
        let found = reader.one(&ANY_TABLE, values![], |row| row.take::<String>());
        Ok(found.await?.is_none())
    }
}

/// The name of a database that is made for a while: nothing in it needs quoting.
#[derive(Clone, Debug)]
pub struct DatabaseName(String);

impl DatabaseName {
    /// A name with a number that no other one has.
    pub fn numbered(number: u64) -> Self {
        Self(format!("dinggang_check_{number:016x}"))
    }

    /// The address of that database, on the server of another one.
    pub fn beside(&self, url: &str) -> Option<String> {
        let mut url = url::Url::parse(url).ok()?;
        url.set_path(&self.0);
        Some(url.into())
    }
}

async fn one_text(reader: &mut Reader, sql: &'static Sql) -> Result<String, StoreError> {
    let found = reader.one(sql, values![], |row| row.take::<String>());
    Ok(found.await?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, number: Option<i64>) -> [u8; 32] {
        row_hash(&[
            ("id".to_owned(), Value::Text(Some(id.to_owned()))),
            ("number".to_owned(), Value::Integer(number)),
        ])
    }

    fn sum(rows: &[[u8; 32]]) -> RowSum {
        let mut sum = RowSum::default();
        rows.iter().for_each(|row| sum.add(*row));
        sum
    }

    #[test]
    fn sums_know_no_order_and_miss_nothing() {
        let (a, b) = (row("a", Some(1)), row("b", None));
        assert_eq!(sum(&[a, b]), sum(&[b, a]));
        assert_ne!(sum(&[a, b]), sum(&[a]));
        assert_ne!(sum(&[a, a]), sum(&[]), "twice is not never");
        assert_ne!(sum(&[a]), sum(&[row("a", Some(2))]));
        assert_ne!(sum(&[b]), sum(&[row("b", Some(0))]));
        let mut carries = RowSum::new([255; 32]);
        let mut one = [0; 32];
        one[0] = 1;
        carries.add(one);
        assert_eq!(carries, RowSum::default());
    }

    #[test]
    fn keys_are_numbered_in_what_they_sealed() {
        let text = |text: &str| Value::Text(Some(text.to_owned()));
        assert_eq!(key_number("id_cipher", &text("1.12.AAAA")), Some(12));
        assert_eq!(key_number("second_factor", &text("1.3.AAAA")), Some(3));
        assert_eq!(key_number("name", &text("1.3.AAAA")), None);
        assert_eq!(key_number("id_cipher", &Value::Text(None)), None);
    }
}
