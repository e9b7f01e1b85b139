//! When the program does what by itself: rows that any instance may claim.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values};
use crate::domain::record::Version;
use crate::domain::time::Timestamp;

statements! { "schedule":
    ADD = "insert into schedule (name, version, cron, zone, paused) values ($1, 1, $2, $3, 0) \
        on conflict (name) do nothing";
    ALL = "select name, version, cron, zone, paused, next_at, last_at, last_done, last_fault, \
        claimed_until from schedule order by name";
    FIND = "select name, version, cron, zone, paused, next_at, last_at, last_done, last_fault, \
        claimed_until from schedule where name = $1";
    EDIT = "update schedule set version = version + 1, cron = $3, zone = $4, paused = $5, \
        next_at = $6 where name = $1 and version = $2";
    RECKON = "update schedule set next_at = $2 where name = $1 and next_at is null \
        and paused = 0";
    RUN_NOW = "update schedule set next_at = $2 where name = $1";
    CLAIM = "update schedule set claimed_by = $2, claimed_until = $4 where name = $1 \
        and next_at <= $3 and paused = 0 and (claimed_until is null or claimed_until <= $3)";
    DONE = "update schedule set next_at = $3, last_at = $4, last_done = $5, last_fault = $6, \
        claimed_by = null, claimed_until = null where name = $1 and claimed_by = $2";
}

/// One schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub name: String,
    pub version: Version,
    pub cron: String,
    pub zone: String,
    pub paused: bool,
    pub next_at: Option<Timestamp>,
    pub last_at: Option<Timestamp>,
    /// How many things the last run did; `None` = it failed.
    pub last_done: Option<u64>,
    pub last_fault: Option<String>,
    pub claimed_until: Option<Timestamp>,
}

/// Adds a schedule unless it is there.
pub async fn add(tx: &mut Tx, name: &str, cron: &str, zone: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(&ADD, values![name, cron, zone]).await? == 1)
}

/// Every schedule.
pub async fn all(reader: &mut Reader) -> Result<Vec<Schedule>, StoreError> {
    reader.all(&ALL, values![], read).await
}

/// The schedule with a name.
pub async fn find(reader: &mut Reader, name: &str) -> Result<Option<Schedule>, StoreError> {
    reader.one(&FIND, values![name], read).await
}

/// Saves what was altered of a schedule: whether it still had the version that was seen.
pub async fn edit(tx: &mut Tx, schedule: &Schedule) -> Result<bool, StoreError> {
    let values = values![
        schedule.name,
        schedule.version,
        schedule.cron,
        schedule.zone,
        schedule.paused,
        schedule.next_at
    ];
    Ok(tx.execute(&EDIT, values).await? == 1)
}

/// Says when a schedule runs next that does not say yet.
pub async fn reckon(tx: &mut Tx, name: &str, next: Timestamp) -> Result<(), StoreError> {
    tx.execute(&RECKON, values![name, next]).await.map(|_| ())
}

/// Lets a schedule run at an instant, whatever its cron text says.
pub async fn run_at(tx: &mut Tx, name: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(&RUN_NOW, values![name, at]).await? == 1)
}

/// Claims a run that is due: whether it is `holder`'s now.
pub async fn claim(
    tx: &mut Tx,
    name: &str,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx
        .execute(&CLAIM, values![name, holder, now, until])
        .await?
        == 1)
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub at: Timestamp,
    pub next: Option<Timestamp>,
    pub done: Option<u64>,
    pub fault: Option<String>,
}

/// Says what a claimed run came to. A claim that ran out is no longer one's own: nothing is
/// said then.
pub async fn done(
    tx: &mut Tx,
    name: &str,
    holder: &str,
    outcome: &Outcome,
) -> Result<bool, StoreError> {
    let Outcome {
        at,
        next,
        done,
        fault,
    } = outcome;
    let values = values![name, holder, *next, *at, *done, fault.as_deref()];
    Ok(tx.execute(&DONE, values).await? == 1)
}

fn read(row: &mut Fields<'_>) -> Result<Schedule, StoreError> {
    Ok(Schedule {
        name: row.take()?,
        version: row.take()?,
        cron: row.take()?,
        zone: row.take()?,
        paused: row.take()?,
        next_at: row.take()?,
        last_at: row.take()?,
        last_done: row.take()?,
        last_fault: row.take()?,
        claimed_until: row.take()?,
    })
}
