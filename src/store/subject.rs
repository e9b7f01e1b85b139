//! Subjects: what dated nouns are about. A subject has an identifier, a key by which the
//! outside world knows it, and a version that grows with every change of what is
//! recorded of it.

use super::backend::{Reader, Tx};
use super::change::Recording;
use super::dated::{insert_all, inserts};
use super::dialect;
use super::error::StoreError;
use super::sql::Sql;
use super::value::{Field, hex, values};
use crate::domain::change::Change;
use crate::domain::institution::Institution;
use crate::domain::place::Place;
use crate::domain::record::{Id, Version};
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::secret::{Findable, LookupHash};
use crate::domain::staff::Person;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Something that has a row of its own.
pub trait Subject: Clone + std::fmt::Debug + PartialEq + 'static {
    fn table() -> &'static SubjectTable;
}

/// The table of a subject and the statements about it.
#[derive(Debug)]
pub struct SubjectTable {
    pub table: &'static str,
    insert: [Sql; 2],
    find: Sql,
    keys: Sql,
    version: Sql,
    touch: Sql,
    touch_all: Sql,
    changed: Sql,
    states: Sql,
    lock: Sql,
}

impl SubjectTable {
    /// `columns`: the key, and what stands beside it.
    fn new(table: &'static str, columns: &[&'static str]) -> Self {
        let sql =
            |name: &str, text: &str| dialect::statement(format!("{table}::{name}"), table, text);
        let key = columns.first().copied().unwrap_or_default();
        let own = columns.join(", ");
        let mut all = vec!["id"];
        all.extend(columns);
        all.extend(["version", "created_at", "created_by"]);
        Self {
            insert: inserts(table, &all),
            find: sql(
                "FIND",
                &format!("select id, {key}, version from {table} where {key} {{in $1}}"),
            ),
            keys: sql(
                "KEYS",
                &format!("select id, {own} from {table} where id {{in $1}}"),
            ),
            version: sql(
                "VERSION",
                &format!("select id, version from {table} where id = $1"),
            ),
            touch: sql(
                "TOUCH",
                &format!("update {table} set version = version + 1 where id = $1 and version = $2"),
            ),
            touch_all: sql(
                "TOUCH_ALL",
                &format!("update {table} set version = version + 1 where id {{in $1}}"),
            ),
            changed: sql(
                "CHANGED",
                &format!(
                    "update {table} set changed_by = $1 where id {{in $2}} \
                     and (changed_by is null or changed_by <> $1)"
                ),
            ),
            states: sql(
                "STATES",
                &format!(
                    "select id, {key}, version, coalesce(changed_by, created_by) from {table} \
                     where id {{in $1}}"
                ),
            ),
            lock: sql(
                "LOCK",
                &format!("select id from {table} where id {{in $1}} order by id{{for update}}"),
            ),
            table,
        }
    }

    pub(super) fn statements(&self) -> [&Sql; 10] {
        let [one, many] = &self.insert;
        [
            one,
            many,
            &self.find,
            &self.keys,
            &self.version,
            &self.touch,
            &self.touch_all,
            &self.changed,
            &self.states,
            &self.lock,
        ]
    }
}

macro_rules! subjects {
    ($($subject:ty: $table:literal [$($column:literal),+];)+) => {
        $(impl Subject for $subject {
            fn table() -> &'static SubjectTable {
                static TABLE: LazyLock<SubjectTable> =
                    LazyLock::new(|| SubjectTable::new($table, &[$($column),+]));
                &TABLE
            }
        })+

        /// Every subject's table.
        pub fn tables() -> Vec<&'static SubjectTable> {
            vec![$(<$subject>::table()),+]
        }
    };
}

subjects! {
    Institution: "institution" ["code"];
    Place: "place" ["code"];
    Person: "person" ["id_hash", "id_cipher"];
    RuralDoctor: "rural_doctor" ["id_hash", "id_cipher"];
}

/// What the outside world knows a subject by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    /// The code of an institution or of a place.
    Code(String),
    /// The identity number of a person.
    Number(Findable),
}

impl Key {
    fn write(&self, row: &mut Vec<super::value::Value>) {
        match self {
            Self::Code(code) => code.write(row),
            Self::Number(sealed) => Some(sealed.clone()).write(row),
        }
    }
}

/// Finds subjects by the texts of their keys; those that do not exist are left out.
pub(super) async fn find<S: Subject>(
    reader: &mut Reader,
    keys: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, Id<S>>, StoreError> {
    let values = values![dialect::list(keys)];
    let rows = reader.all(&S::table().find, values, |row| {
        let id = row.take()?;
        Ok((row.take()?, id))
    });
    Ok(rows.await?.into_iter().collect())
}

/// The institution or place with a code.
pub async fn with_code<S: Subject>(
    reader: &mut Reader,
    code: &str,
) -> Result<Option<(Id<S>, Version)>, StoreError> {
    found(reader, code.to_owned()).await
}

/// The person or rural doctor whose identity number has a keyed hash.
pub async fn with_hash<S: Subject>(
    reader: &mut Reader,
    hash: &LookupHash,
) -> Result<Option<(Id<S>, Version)>, StoreError> {
    found(reader, hex(hash.bytes())).await
}

async fn found<S: Subject>(
    reader: &mut Reader,
    key: String,
) -> Result<Option<(Id<S>, Version)>, StoreError> {
    let values = values![dialect::list([key])];
    let found = reader.one(&S::table().find, values, |row| {
        let id = row.take()?;
        let _key: String = row.take()?;
        Ok((id, row.take()?))
    });
    found.await
}

/// The codes of institutions or places.
pub async fn codes<S: Subject>(
    reader: &mut Reader,
    ids: &[Id<S>],
) -> Result<HashMap<Id<S>, String>, StoreError> {
    let values = values![dialect::list(ids)];
    let rows = reader.all(&S::table().keys, values, |row| {
        Ok((row.take()?, row.take()?))
    });
    Ok(rows.await?.into_iter().collect())
}

/// The sealed identity numbers of people.
pub async fn numbers<S: Subject>(
    reader: &mut Reader,
    ids: &[Id<S>],
) -> Result<HashMap<Id<S>, Findable>, StoreError> {
    let values = values![dialect::list(ids)];
    let rows = reader.all(&S::table().keys, values, |row| {
        let id: Id<S> = row.take()?;
        let sealed: Option<Findable> = row.take()?;
        Ok(sealed.map(|sealed| (id, sealed)))
    });
    Ok(rows.await?.into_iter().flatten().collect())
}

/// The version of a subject.
pub async fn version<S: Subject>(reader: &mut Reader, id: Id<S>) -> Result<Version, StoreError> {
    let row = reader.one(&S::table().version, values![id], |row| {
        let _id: Id<S> = row.take()?;
        row.take()
    });
    row.await?.ok_or_else(|| StoreError::NotFound {
        table: S::table().table,
        key: id.to_string(),
    })
}

/// Says that a subject is about to be changed by someone who saw that version of it:
/// the new version, or [`StoreError::Stale`] with both.
pub async fn touch<S: Subject>(
    tx: &mut Tx,
    id: Id<S>,
    seen: Version,
) -> Result<Version, StoreError> {
    let touched = tx.execute(&S::table().touch, values![id, seen]).await?;
    if touched == 1 {
        return Ok(seen.next());
    }
    let actual = version(tx, id).await?;
    Err(StoreError::Stale {
        expected: seen,
        actual,
    })
}

/// Keeps others away from a subject until the write ends, if it is still what was seen.
/// The version stays: who changes something says so with [`touch`].
pub async fn claim<S: Subject>(tx: &mut Tx, id: Id<S>, seen: Version) -> Result<(), StoreError> {
    lock(tx, &[id]).await?;
    let actual = version(tx, id).await?;
    Ok(actual.must_be(seen)?)
}

/// Says that subjects are changed, whatever version was seen.
pub async fn touch_all<S: Subject>(tx: &mut Tx, ids: &[Id<S>]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let values = values![dialect::list(ids)];
    tx.must(&S::table().touch_all, values, ids.len() as u64)
        .await
}

/// Says which change altered what is recorded of subjects last.
pub(super) async fn changed<S: Subject>(
    tx: &mut Tx,
    ids: &[Id<S>],
    by: Id<Change>,
) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let values = values![by, dialect::list(ids)];
    tx.execute(&S::table().changed, values).await.map(|_| ())
}

/// What a subject is known by, and how often and by which change it was altered last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub key: String,
    pub version: Version,
    pub changed_by: Id<Change>,
}

/// The states of some subjects.
pub async fn states<S: Subject>(
    reader: &mut Reader,
    ids: &[Id<S>],
) -> Result<HashMap<Id<S>, State>, StoreError> {
    let values = values![dialect::list(ids)];
    let rows = reader.all(&S::table().states, values, |row| {
        let id = row.take()?;
        let state = State {
            key: row.take()?,
            version: row.take()?,
            changed_by: row.take()?,
        };
        Ok((id, state))
    });
    Ok(rows.await?.into_iter().collect())
}

/// Locks subjects until the write ends, in the order of their identifiers.
pub(super) async fn lock<S: Subject>(tx: &mut Tx, ids: &[Id<S>]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let values = values![dialect::list(ids)];
    let locked = tx.all(&S::table().lock, values, |row| row.take::<Id<S>>());
    locked.await.map(|_| ())
}

/// Makes subjects.
pub(super) async fn create<S: Subject>(
    tx: &mut Tx,
    recording: &Recording,
    subjects: &[(Id<S>, Key)],
) -> Result<(), StoreError> {
    let rows = subjects.iter().map(|(id, key)| {
        |row: &mut Vec<_>| {
            id.write(row);
            key.write(row);
            Version::FIRST.write(row);
            recording.at.write(row);
            recording.change.write(row);
        }
    });
    let [one, many] = &S::table().insert;
    insert_all(tx, one, many, rows).await
}

/// Makes an institution or a place.
pub async fn create_with_code<S: Subject>(
    tx: &mut Tx,
    recording: &mut Recording,
    code: &str,
) -> Result<Id<S>, StoreError> {
    let id = recording.ids.make();
    create(tx, recording, &[(id, Key::Code(code.to_owned()))]).await?;
    Ok(id)
}

/// Makes a person or a rural doctor.
pub async fn create_with_number<S: Subject>(
    tx: &mut Tx,
    recording: &mut Recording,
    number: Findable,
) -> Result<Id<S>, StoreError> {
    let id = recording.ids.make();
    create(tx, recording, &[(id, Key::Number(number))]).await?;
    Ok(id)
}
