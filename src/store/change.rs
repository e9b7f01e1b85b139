//! Changes: one row for each write that alters records. Whatever it records or replaces
//! names it, so that "who changed this, when and why" is one look-up away.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::values;
use crate::domain::change::{Author, Change};
use crate::domain::record::{Id, Ids};
use crate::domain::time::Timestamp;

statements! { "change":
    INSERT = "insert into change (id, at, account, author, role, reason) \
        values ($1, $2, $3, $4, $5, $6)";
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

/// A change by its identifier.
pub async fn find(reader: &mut Reader, id: Id<Change>) -> Result<Option<Change>, StoreError> {
    let found = reader.one(&FIND, values![id], |row| {
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
    });
    found.await
}
