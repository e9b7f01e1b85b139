//! What can go wrong in the database, in words that are the same for both drivers.

use crate::domain::record::{Stale, Version};
use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

/// A statement, or the write it belonged to, failed. Nothing of the write is kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A constraint of the tables refused the row. The name is the same on both
    /// databases: of a unique one `table_column…`, of a check its own name, of a
    /// missing value `table_column_not_null`, of any reference `foreign_key`, of a
    /// trigger what it raises.
    #[error("the constraint {0} refused the row")]
    Constraint(String),
    /// Others wrote at the same time, and trying again did not help.
    #[error("too many writes at the same time")]
    Contention,
    /// Somebody changed the record after it was read.
    #[error("version {expected} was seen, but it is version {actual} now")]
    Stale { expected: Version, actual: Version },
    /// The key of the request is there already ([`Once`](super::Once)).
    #[error("the request was carried out before")]
    Repeated,
    /// Nothing was against the write, and it was taken back ([`Store::held`](super::Store::held)).
    #[error("the write was only tried")]
    Held,
    /// There is no such record.
    #[error("no row of {table} with the key {key}")]
    NotFound { table: &'static str, key: String },
    /// A value in the tables is not one the program can have written.
    #[error("{table}.{column} of row {row} cannot be read")]
    Corrupt {
        table: &'static str,
        column: String,
        row: String,
    },
    /// A statement touched another number of rows than it must.
    #[error("{statement}: {actual} rows instead of {expected}")]
    RowsAffected {
        statement: &'static str,
        expected: u64,
        actual: u64,
    },
    /// The database cannot be used now; it may work later, without a restart.
    #[error("the database cannot be used: {0}")]
    Unavailable(Outage),
    /// The tables are not those of this program.
    #[error("the tables could not be brought up to date: {0}")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// Anything else the driver reports: a fault of this program.
    #[error("the database reports: {0}")]
    Driver(#[source] sqlx::Error),
}

/// Why the database cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Outage {
    #[error("it cannot be reached")]
    Unreachable,
    #[error("its disk is full or cannot be written")]
    Disk,
    #[error("all connections are in use")]
    Busy,
}

impl StoreError {
    /// Whether the same write may succeed when it is tried again.
    pub const fn is_contention(&self) -> bool {
        matches!(self, Self::Contention)
    }
}

impl From<Stale> for StoreError {
    fn from(Stale { expected, actual }: Stale) -> Self {
        Self::Stale { expected, actual }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Unavailable(Outage::Busy),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(Outage::Unreachable),
            sqlx::Error::Database(database) => {
                let known = if let Some(error) = database.try_downcast_ref::<SqliteError>() {
                    of_sqlite(error)
                } else if let Some(error) = database.try_downcast_ref::<PgDatabaseError>() {
                    of_postgres(error)
                } else {
                    None
                };
                known.unwrap_or(Self::Driver(error))
            }
            _ => Self::Driver(error),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError;
        let unless_known = |error: sqlx::Error, back: &dyn Fn(sqlx::Error) -> MigrateError| {
            match Self::from(error) {
                Self::Driver(error) => Self::Migration(back(error)),
                known => known,
            }
        };
        match error {
            MigrateError::Execute(error) => unless_known(error, &MigrateError::Execute),
            MigrateError::ExecuteMigration(error, step) => {
                unless_known(error, &|error| MigrateError::ExecuteMigration(error, step))
            }
            other => Self::Migration(other),
        }
    }
}

/// <https://sqlite.org/rescode.html>: the low byte is the kind.
fn of_sqlite(error: &SqliteError) -> Option<StoreError> {
    use sqlx::error::DatabaseError;
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    const READ_ONLY: u32 = 8;
    const IO: u32 = 10;
    const FULL: u32 = 13;
    const CANNOT_OPEN: u32 = 14;
    const CONSTRAINT: u32 = 19;
    let code: u32 = error.code()?.parse().ok()?;
    match code & 0xFF {
        BUSY | LOCKED => Some(StoreError::Contention),
        FULL | IO | READ_ONLY => Some(StoreError::Unavailable(Outage::Disk)),
        CANNOT_OPEN => Some(StoreError::Unavailable(Outage::Unreachable)),
        CONSTRAINT => Some(StoreError::Constraint(sqlite_constraint(error.message()))),
        _ => None,
    }
}

/// The name of a constraint from SQLite's sentence about it.
fn sqlite_constraint(message: &str) -> String {
    let named = |rest: &str| {
        let mut columns = rest.split(", ");
        let first = columns.next().unwrap_or_default().replace('.', "_");
        columns.fold(first, |name, column| {
            let column = column.split('.').next_back().unwrap_or(column);
            format!("{name}_{column}")
        })
    };
    match message.split_once(" constraint failed: ") {
        Some(("UNIQUE", columns)) => named(columns),
        Some(("NOT NULL", column)) => format!("{}_not_null", named(column)),
        Some((_, name)) => name.to_owned(),
        None if message.starts_with("FOREIGN KEY") => FOREIGN_KEY.to_owned(),
        None => message.to_owned(),
    }
}

/// SQLite does not say which reference it was.
const FOREIGN_KEY: &str = "foreign_key";

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn of_postgres(error: &PgDatabaseError) -> Option<StoreError> {
    let constraint = || error.constraint().unwrap_or(error.code()).to_owned();
    Some(match error.code() {
        "40001" | "40P01" | "55P03" => StoreError::Contention,
        "23503" => StoreError::Constraint(FOREIGN_KEY.to_owned()),
        "23502" => StoreError::Constraint(format!(
            "{}_{}_not_null",
            error.table().unwrap_or_default(),
            error.column().unwrap_or_default()
        )),
        code if code.starts_with("23") => StoreError::Constraint(constraint()),
        "53100" | "58030" | "25006" => StoreError::Unavailable(Outage::Disk),
        "53300" => StoreError::Unavailable(Outage::Busy),
        // shut down, starting up, hung too long, not accepting connections, no such database
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "55000" | "3D000" => {
            StoreError::Unavailable(Outage::Unreachable)
        }
        code if code.starts_with("08") => StoreError::Unavailable(Outage::Unreachable),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_sqlite_constraints() {
        for (message, name) in [
            (
                "UNIQUE constraint failed: institution.code",
                "institution_code",
            ),
            (
                "UNIQUE constraint failed: title.subject, title.slot, title.valid_from",
                "title_subject_slot_valid_from",
            ),
            (
                "NOT NULL constraint failed: title.rank",
                "title_rank_not_null",
            ),
            ("CHECK constraint failed: title_rank", "title_rank"),
            ("FOREIGN KEY constraint failed", "foreign_key"),
            ("audit_event_append_only", "audit_event_append_only"),
        ] {
            assert_eq!(sqlite_constraint(message), name);
        }
    }
}
