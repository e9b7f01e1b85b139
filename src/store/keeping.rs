//! Files that were taken in, and figures that were frozen so that they can be returned
//! to. Frozen figures are never altered: reported again, they are frozen again.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values, words};
use crate::domain::keeping::{Frozen, ImportRun, ImportState};
use crate::domain::time::Date;

words!(ImportState);

statements! { "keeping":
    ADD_RUN = "insert into import_run (id, started_at, change, account, file, digest, valid_on, \
        state, summary) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    RUNS = "select id, started_at, change, account, file, digest, valid_on, state, summary \
        from import_run order by id desc limit $1";
    FREEZE = "insert into frozen (id, kind, scope, valid_on, known_at, frozen_by, body, digest) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    FROZEN = "select id, kind, scope, valid_on, known_at, frozen_by, body, digest from frozen \
        where kind = $1 and scope = $2 and valid_on = $3 order by id";
    FROZEN_OF = "select id, kind, scope, valid_on, known_at, frozen_by, body, digest from frozen \
        where scope = $1 and (cast($2 as bigint) is null or valid_on = cast($2 as bigint)) \
        order by valid_on, id";
}

/// Keeps what became of a file.
pub async fn add_run(tx: &mut Tx, run: &ImportRun) -> Result<(), StoreError> {
    let values = values![
        run.id,
        run.started_at,
        run.change,
        run.account,
        run.file,
        run.digest,
        run.valid_on,
        run.state,
        run.summary
    ];
    tx.must(&ADD_RUN, values, 1).await
}

/// The latest files, newest first.
pub async fn runs(reader: &mut Reader, most: u32) -> Result<Vec<ImportRun>, StoreError> {
    let runs = reader.all(&RUNS, values![most], |row| {
        Ok(ImportRun {
            id: row.take()?,
            started_at: row.take()?,
            change: row.take()?,
            account: row.take()?,
            file: row.take()?,
            digest: row.take()?,
            valid_on: row.take()?,
            state: row.take()?,
            summary: row.take()?,
        })
    });
    runs.await
}

/// Freezes figures.
pub async fn freeze(tx: &mut Tx, frozen: &Frozen) -> Result<(), StoreError> {
    let values = values![
        frozen.id,
        frozen.kind,
        frozen.scope,
        frozen.valid_on,
        frozen.known_at,
        frozen.frozen_by,
        frozen.body,
        frozen.digest
    ];
    tx.must(&FREEZE, values, 1).await
}

/// All that was frozen of some figures for a day, oldest first: the last one counts.
pub async fn frozen(
    reader: &mut Reader,
    kind: &str,
    scope: &str,
    valid_on: Date,
) -> Result<Vec<Frozen>, StoreError> {
    reader
        .all(&FROZEN, values![kind, scope, valid_on], read)
        .await
}

/// All that was frozen for a scope, of one day if given: by day, oldest first.
pub async fn frozen_of(
    reader: &mut Reader,
    scope: &str,
    valid_on: Option<Date>,
) -> Result<Vec<Frozen>, StoreError> {
    reader.all(&FROZEN_OF, values![scope, valid_on], read).await
}

fn read(row: &mut Fields<'_>) -> Result<Frozen, StoreError> {
    Ok(Frozen {
        id: row.take()?,
        kind: row.take()?,
        scope: row.take()?,
        valid_on: row.take()?,
        known_at: row.take()?,
        frozen_by: row.take()?,
        body: row.take()?,
        digest: row.take()?,
    })
}
