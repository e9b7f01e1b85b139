//! What is kept of files; their bytes lie outside the database.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values, words};
use crate::domain::attachment::{Attachment, FileKind};
use crate::domain::record::Id;
use crate::domain::record_id::ApplicationId;

words!(FileKind);

statements! { "attachment":
    ADD = "insert into attachment (id, application, added_at, account, name, kind, bytes, digest) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    FIND = "select id, application, added_at, account, name, kind, bytes, digest \
        from attachment where id = $1";
    IS_NAMED = "select id from attachment where digest = $1 limit 1";
    OF_APPLICATION = "select id, application, added_at, account, name, kind, bytes, digest \
        from attachment where application = $1 order by id";
}

/// Adds a file.
pub async fn add(tx: &mut Tx, file: &Attachment) -> Result<(), StoreError> {
    let values = values![
        file.id,
        file.application,
        file.added,
        file.account,
        file.name,
        file.kind,
        file.bytes,
        file.digest
    ];
    tx.must(&ADD, values, 1).await
}

/// A file.
pub async fn find(
    reader: &mut Reader,
    id: Id<Attachment>,
) -> Result<Option<Attachment>, StoreError> {
    reader.one(&FIND, values![id], read).await
}

/// Whether some application has the file with that digest.
pub async fn is_named(reader: &mut Reader, digest: &[u8; 32]) -> Result<bool, StoreError> {
    let found = reader.one(&IS_NAMED, values![*digest], |row| {
        row.take::<Id<Attachment>>()
    });
    Ok(found.await?.is_some())
}

/// The files of an application, in the order in which they came.
pub async fn of_application(
    reader: &mut Reader,
    id: ApplicationId,
) -> Result<Vec<Attachment>, StoreError> {
    reader.all(&OF_APPLICATION, values![id], read).await
}

fn read(row: &mut Fields<'_>) -> Result<Attachment, StoreError> {
    Ok(Attachment {
        id: row.take()?,
        application: row.take()?,
        added: row.take()?,
        account: row.take()?,
        name: row.take()?,
        kind: row.take()?,
        bytes: row.take()?,
        digest: row.take()?,
    })
}
