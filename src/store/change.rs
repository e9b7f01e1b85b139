//! Changes: one row for each write that alters records. Whatever it records or replaces
//! names it, so that "who changed this, when and why" is one look-up away.

use super::backend::{Reader, Tx};
use super::dialect;
use super::error::StoreError;
use super::sql::{Sql, statements};
use super::value::{Fields, values};
use crate::domain::change::{Author, Change};
use crate::domain::institution::Institution;
use crate::domain::record::{Id, Ids};
use crate::domain::time::Timestamp;
use std::collections::HashMap;
use std::sync::LazyLock;

statements! { "change":
    INSERT = "insert into change (id, at, account, author, role, reason) \
        values ($1, $2, $3, $4, $5, $6)";
    LATEST = "select max(id) from change";
    /// Adoptions, how rules are applied, and from when records are complete.
    GROUND = "select table_name from (\
        select 'policy_adoption' as table_name from policy_adoption \
        where recorded_by >= $1 or superseded_by >= $1 union all \
        select 'rule_handling' from rule_handling \
        where recorded_by >= $1 or superseded_by >= $1 union all \
        select 'complete_record' from complete_record where recorded_by >= $1) ground limit 1";
    FIND = "select id, at, account, author, role, reason from change where id = $1";
}

/// A change that is being made: what its records are stamped with.
#[derive(Debug)]
pub struct Recording {
    pub change: Id<Change>,
    pub at: Timestamp,
    /// Makes the identifiers of everything the change adds.
    pub ids: Ids,
}

/// Begins a change. `seed` must differ between the changes of one millisecond.
pub async fn begin(
    tx: &mut Tx,
    author: &Author,
    reason: Option<&str>,
    at: Timestamp,
    seed: u64,
) -> Result<Recording, StoreError> {
    let mut ids = Ids::new(at, seed);
    let change: Id<Change> = ids.make();
    let values = values![
        change,
        at,
        author.account,
        author.name,
        author.role,
        reason.map(str::to_owned)
    ];
    tx.must(&INSERT, values, 1).await?;
    Ok(Recording { change, at, ids })
}

static FIND_ALL: LazyLock<Sql> = LazyLock::new(|| {
    let text = "select id, at, account, author, role, reason from change where id {in $1}";
    dialect::statement("change::FIND_ALL".to_owned(), "change", text)
});

pub(super) fn dialects() -> [&'static Sql; 2] {
    [&FIND_ALL, &INSTITUTIONS]
}

/// A change by its identifier.
pub async fn find(reader: &mut Reader, id: Id<Change>) -> Result<Option<Change>, StoreError> {
    reader.one(&FIND, values![id], read).await
}

/// Several changes by their identifiers.
pub async fn find_all(
    reader: &mut Reader,
    ids: impl IntoIterator<Item = Id<Change>>,
) -> Result<HashMap<Id<Change>, Change>, StoreError> {
    let values = values![dialect::list(ids)];
    let changes = reader.all(&FIND_ALL, values, read).await?;
    Ok(changes
        .into_iter()
        .map(|change| (change.id, change))
        .collect())
}

fn read(row: &mut Fields<'_>) -> Result<Change, StoreError> {
    Ok(Change {
        id: row.take()?,
        at: row.take()?,
        author: Author {
            account: row.take()?,
            name: row.take()?,
            role: row.take()?,
        },
        reason: row.take()?,
    })
}

/// The latest change; `None` = nothing was ever recorded.
pub async fn latest(reader: &mut Reader) -> Result<Option<Id<Change>>, StoreError> {
    let latest = reader.one(&LATEST, values![], |row| row.take::<Option<Id<Change>>>());
    Ok(latest.await?.flatten())
}

/// Whether a change, or one made after it, altered what all figures rest on: adoptions, how
/// rules are applied, from when records are complete.
pub async fn altered_ground(reader: &mut Reader, from: Id<Change>) -> Result<bool, StoreError> {
    let found = reader.one(&GROUND, values![from], |row| row.take::<String>());
    Ok(found.await?.is_some())
}

static INSTITUTIONS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "select i.id from institution i where i.id {in $1} \
         and (coalesce(i.changed_by, i.created_by) >= $2 or exists (\
         select 1 from employment e join person p on p.id = e.subject \
         where e.institution = i.id and (e.recorded_by >= $2 or e.superseded_by >= $2 \
         or coalesce(p.changed_by, p.created_by) >= $2))) order by i.id";
    dialect::statement("change::INSTITUTIONS".to_owned(), "institution", text)
});

/// Of some institutions those that a change, or one made after it, altered: themselves, or
/// anybody who ever worked there.
pub async fn altered_institutions(
    reader: &mut Reader,
    institutions: &[Id<Institution>],
    from: Id<Change>,
) -> Result<Vec<Id<Institution>>, StoreError> {
    let values = values![dialect::list(institutions), from];
    reader.all(&INSTITUTIONS, values, |row| row.take()).await
}
