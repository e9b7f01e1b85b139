//! The tables: numbered steps, the same numbers and the same tables for both databases.
//! A step that has landed is never edited; the next one changes what it made.

use super::Store;
use super::backend::Pools;
use super::error::StoreError;
use sqlx::SqlSafeStr;
use sqlx::migrate::{AppliedMigration, Migrate, Migration, MigrationType, Migrator};

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
    20 "0020_recovery_code",
    21 "0021_personal_data",
    30 "0030_figures",
    31 "0031_adoption_proposal",
    40 "0040_promotion",
    41 "0041_round",
    42 "0042_forgetting",
    43 "0043_recruitment",
    50 "0050_reminders",
    51 "0051_ends",
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
        let done = self.done().await?;
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

    /// Whether there are no tables yet.
    pub async fn is_new(&self) -> Result<bool, StoreError> {
        Ok(self.done().await?.is_empty())
    }

    /// The steps that were done.
    async fn done(&self) -> Result<Vec<AppliedMigration>, StoreError> {
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
        match done.map_err(StoreError::from) {
            // without the table nothing was done yet
            Err(StoreError::Migration(_)) => Ok(Vec::new()),
            done => done,
        }
    }
}

/// Every table that the steps leave behind, in the order in which they make them. The same
/// ones on both databases, which a test shows.
pub(super) fn tables() -> Vec<&'static str> {
    let mut tables: Vec<&'static str> = Vec::new();
    for line in STEPS.iter().flat_map(|step| step.sqlite.lines()) {
        let words: Vec<&'static str> = line.split([' ', '(', ';']).collect();
        match words.as_slice() {
            ["CREATE", "TABLE", name, ..] => tables.push(name),
            ["DROP", "TABLE", name, ..] => tables.retain(|table| table != name),
            ["ALTER", "TABLE", from, "RENAME", "TO", to, ..] => {
                for table in tables.iter_mut().filter(|table| *table == from) {
                    *table = to;
                }
            }
            _ => {}
        }
    }
    tables
}

/// The number of the newest step.
pub(super) fn newest() -> i64 {
    STEPS.iter().map(|step| step.number).max().unwrap_or(0)
}

/// Number of every step, and its checksum on SQLite and on PostgreSQL.
pub(super) fn checksums() -> Vec<(i64, [Vec<u8>; 2])> {
    let (sqlite, postgres) = (migrator(|step| step.sqlite), migrator(|step| step.postgres));
    let both = sqlite.iter().zip(postgres.iter());
    both.map(|(one, other)| {
        (
            one.version,
            [one.checksum.to_vec(), other.checksum.to_vec()],
        )
    })
    .collect()
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
