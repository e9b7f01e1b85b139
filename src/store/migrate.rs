//! The tables: numbered steps, the same numbers and the same tables for both databases.
//! A step that has landed is never edited; the next one changes what it made.

use super::Store;
use super::backend::Pools;
use super::error::StoreError;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migrate, Migration, MigrationType, Migrator};

/// One step for both databases.
struct Step {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// A step is two files of one name, so a missing one does not compile.
macro_rules! steps {
    ($($number:literal $name:literal),+ $(,)?) => {
        &[$(Step {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }),+]
    };
}

const STEPS: &[Step] = steps![
    1 "0001_ground",
    2 "0002_register",
    3 "0003_careers",
    4 "0004_keeping",
    5 "0005_accounts",
];

impl Store {
    /// Brings the tables up to date. Doing it again changes nothing.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => migrator(|step| step.sqlite).run(writer).await?,
            Pools::Postgres(pool) => migrator(|step| step.postgres).run(pool).await?,
        }
        Ok(())
    }

    /// Whether the tables are those of this program: every step done, none unknown.
    pub async fn is_current(&self) -> Result<bool, StoreError> {
        const TABLE: &str = "_sqlx_migrations";
        let done = match &self.pools {
            Pools::Sqlite { readers, .. } => {
                let mut connection = readers.acquire().await?;
                connection.list_applied_migrations(TABLE).await
            }
            Pools::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                connection.list_applied_migrations(TABLE).await
            }
        };
        let done = match done.map_err(StoreError::from) {
            Ok(done) => done,
            // without the table nothing was done yet
            Err(StoreError::Migration(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        let steps = match &self.pools {
            Pools::Sqlite { .. } => migrator(|step| step.sqlite),
            Pools::Postgres(_) => migrator(|step| step.postgres),
        };
        let same = steps
            .iter()
            .zip(&done)
            .all(|(step, done)| step.version == done.version && step.checksum == done.checksum);
        Ok(same && done.len() == steps.iter().count())
    }
}

fn migrator(text: impl Fn(&Step) -> &'static str) -> Migrator {
    let steps = STEPS.iter().map(|step| {
        let sql = text(step).into_sql_str();
        Migration::new(
            step.number,
            step.name.into(),
            MigrationType::Simple,
            sql,
            false,
        )
    });
    Migrator::with_migrations(steps.collect())
}
