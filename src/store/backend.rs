//! The two drivers. Nothing outside this file knows which one is used.
//!
//! SQLite is one writing connection and a pool of readers that cannot write (WAL, so
//! that neither waits for the other); PostgreSQL is one pool.

use super::error::StoreError;
use super::sql::Sql;
use super::value::{Fields, Row, Value};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Database, Executor, Pool, Postgres, Sqlite, Transaction};
use std::str::FromStr;
use std::time::Duration;

/// How the database is used.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Connections that read (SQLite), or all connections (PostgreSQL).
    pub connections: u32,
    /// How long a request waits for a connection before the database counts as gone.
    pub patience: Duration,
    /// SQLite: how large the file may grow, in pages of 4 KiB; `None` = the disk decides.
    pub most_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections: 8,
            patience: Duration::from_secs(5),
            most_pages: None,
        }
    }
}

/// How long a statement waits for another process that holds the SQLite file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a write waits for its turn at SQLite's one writing connection.
const WRITER_PATIENCE: Duration = Duration::from_secs(60);
/// More than there are statements: none is ever prepared twice on a connection.
const STATEMENT_CACHE: usize = 1024;

/// What a transaction promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees what was committed before it; what the write decides on is
    /// locked first.
    Locked,
    /// As if writes came one after the other. For what no lock covers.
    Serializable,
}

/// The connections to one database.
#[derive(Clone, Debug)]
pub(super) enum Pools {
    Sqlite {
        writer: Pool<Sqlite>,
        readers: Pool<Sqlite>,
    },
    Postgres(Pool<Postgres>),
}

impl Pools {
    /// `url` begins with `sqlite:` or `postgres:`. A SQLite file is made when missing.
    pub(super) async fn connect(url: &str, options: Options) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Self::sqlite(url, options).await
        } else {
            Self::postgres(url, options).await
        }
    }

    async fn sqlite(url: &str, options: Options) -> Result<Self, StoreError> {
        let common = SqliteConnectOptions::from_str(url)?
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(STATEMENT_CACHE)
            .disable_statement_logging();
        let mut writer = common
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        if let Some(pages) = options.most_pages {
            writer = writer.pragma("max_page_count", pages.to_string());
        }
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(WRITER_PATIENCE)
            .connect_with(writer)
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(options.patience)
            .connect_lazy_with(common.read_only(true));
        Ok(Self::Sqlite { writer, readers })
    }

    async fn postgres(url: &str, options: Options) -> Result<Self, StoreError> {
        let connect = PgConnectOptions::from_str(url)?
            .application_name("dinggang")
            // nobody waits for ever for somebody who hangs
            .options([
                ("lock_timeout", "10s"),
                ("idle_in_transaction_session_timeout", "5min"),
            ])
            .statement_cache_capacity(STATEMENT_CACHE)
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(options.patience)
            .connect_with(connect)
            .await?;
        Ok(Self::Postgres(pool))
    }

    /// A connection on which each statement sees the latest state.
    pub(super) async fn alone(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                Connection::Sqlite(Link::Alone(readers.acquire().await?))
            }
            Self::Postgres(pool) => Connection::Postgres(Link::Alone(pool.acquire().await?)),
        })
    }

    /// A connection on which all statements see one state, and none can write.
    pub(super) async fn snapshot(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                Connection::Sqlite(Link::Snapshot(readers.begin_with("begin deferred").await?))
            }
            Self::Postgres(pool) => Connection::Postgres(Link::Snapshot(
                pool.begin_with("begin isolation level repeatable read read only")
                    .await?,
            )),
        })
    }

    /// A connection whose statements are all kept or none.
    pub(super) async fn begin(&self, isolation: Isolation) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Connection::Sqlite(Link::Writing(
                Writing::begin(writer, "begin immediate").await?,
            )),
            Self::Postgres(pool) => {
                let begin = match isolation {
                    Isolation::Locked => "begin isolation level read committed",
                    Isolation::Serializable => "begin isolation level serializable",
                };
                Connection::Postgres(Link::Writing(Writing::begin(pool, begin).await?))
            }
        })
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// One connection of a driver.
pub(super) enum Link<DB: Database> {
    Alone(PoolConnection<DB>),
    Snapshot(Transaction<'static, DB>),
    Writing(Writing<DB>),
}

impl<DB: Database> Link<DB> {
    fn connection(&mut self) -> &mut DB::Connection {
        match self {
            Self::Alone(connection) => connection,
            Self::Snapshot(transaction) => transaction,
            Self::Writing(writing) => &mut writing.connection,
        }
    }
}

/// A transaction that writes. A connection on which it neither ended well nor could be
/// undone is closed, never used again: SQLite ends a transaction by itself when the disk
/// is full, and the driver's own transactions lose count then.
pub(super) struct Writing<DB: Database> {
    connection: PoolConnection<DB>,
    open: bool,
}

impl<DB: Database> Drop for Writing<DB> {
    fn drop(&mut self) {
        if self.open {
            self.connection.close_on_drop();
        }
    }
}

impl<DB: Database> Writing<DB>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    async fn begin(pool: &Pool<DB>, statement: &'static str) -> Result<Self, sqlx::Error> {
        let mut writing = Self {
            connection: pool.acquire().await?,
            open: true,
        };
        writing.say(statement).await?;
        Ok(writing)
    }

    async fn commit(mut self) -> Result<(), sqlx::Error> {
        let committed = self.say("commit").await;
        let ended = match committed {
            Ok(()) => true,
            Err(_) => self.say("rollback").await.is_ok(),
        };
        self.open = !ended;
        committed
    }

    async fn rollback(mut self) {
        self.open = self.say("rollback").await.is_err();
    }

    async fn say(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        self.connection.execute(statement).await.map(|_| ())
    }
}

/// One connection.
pub(super) enum Connection {
    Sqlite(Link<Sqlite>),
    Postgres(Link<Postgres>),
}

/// Says one thing for both drivers: `$text` is the driver's text of the statement with
/// all values bound, `$link` its connection.
macro_rules! on_driver {
    ($connection:expr, $sql:expr, $values:expr, |$link:ident, $query:ident| $body:expr) => {
        match $connection {
            Connection::Sqlite($link) => {
                let mut $query = sqlx::query::<Sqlite>($sql.text.sqlite());
                on_driver!(@ bind $query $values);
                $body
            }
            Connection::Postgres($link) => {
                let mut $query = sqlx::query::<Postgres>($sql.text.postgres());
                on_driver!(@ bind $query $values);
                $body
            }
        }
    };
    (@ bind $query:ident $values:expr) => {
        for value in $values {
            $query = match value {
                Value::Integer(integer) => $query.bind(integer),
                Value::Text(text) => $query.bind(text),
                Value::Bytes(bytes) => $query.bind(bytes),
            };
        }
    };
}

impl Connection {
    /// All rows of an answer.
    pub(super) async fn rows(
        &mut self,
        sql: &Sql,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        on_driver!(self, sql, values, |link, query| {
            let rows = query.fetch_all(link.connection()).await?;
            Ok(rows.into_iter().map(Row::from).collect())
        })
    }

    /// The first row of an answer.
    pub(super) async fn row(
        &mut self,
        sql: &Sql,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        on_driver!(self, sql, values, |link, query| {
            let row = query.fetch_optional(link.connection()).await?;
            Ok(row.map(Row::from))
        })
    }

    /// How many rows the statement touched.
    pub(super) async fn execute(
        &mut self,
        sql: &Sql,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        on_driver!(self, sql, values, |link, query| {
            Ok(query.execute(link.connection()).await?.rows_affected())
        })
    }

    /// Prepares a statement without running it.
    pub(super) async fn prepare(&mut self, sql: &Sql) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(link) => {
                let text = sqlx::SqlSafeStr::into_sql_str(sql.text.sqlite());
                link.connection().prepare(text).await?;
            }
            Self::Postgres(link) => {
                let text = sqlx::SqlSafeStr::into_sql_str(sql.text.postgres());
                link.connection().prepare(text).await?;
            }
        }
        Ok(())
    }

    /// Keeps what was written.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(Link::Writing(writing)) => writing.commit().await?,
            Self::Postgres(Link::Writing(writing)) => writing.commit().await?,
            // nothing was written
            Self::Sqlite(_) | Self::Postgres(_) => {}
        }
        Ok(())
    }

    /// Forgets what was written.
    pub(super) async fn rollback(self) {
        match self {
            Self::Sqlite(Link::Writing(writing)) => writing.rollback().await,
            Self::Postgres(Link::Writing(writing)) => writing.rollback().await,
            Self::Sqlite(_) | Self::Postgres(_) => {}
        }
    }
}

/// A connection that reads. Reading functions of the store take one.
pub struct Reader {
    connection: Connection,
    /// A statement failed because others wrote at the same time.
    contended: bool,
}

impl Reader {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            connection,
            contended: false,
        }
    }

    /// Every row, read by `read`.
    pub(super) async fn all<T>(
        &mut self,
        sql: &Sql,
        values: Vec<Value>,
        read: impl Fn(&mut Fields<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.connection.rows(sql, values).await;
        let rows = self.note(rows)?;
        let records = rows.iter().map(|row| read(&mut Fields::new(sql, row)));
        records.collect()
    }

    /// The one row there may be, read by `read`.
    pub(super) async fn one<T>(
        &mut self,
        sql: &Sql,
        values: Vec<Value>,
        read: impl Fn(&mut Fields<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let row = self.connection.row(sql, values).await;
        let row = self.note(row)?;
        row.map(|row| read(&mut Fields::new(sql, &row))).transpose()
    }

    /// Prepares a statement without running it.
    pub async fn prepare(&mut self, sql: &Sql) -> Result<(), StoreError> {
        self.connection.prepare(sql).await
    }

    fn note<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result {
            self.contended |= error.is_contention();
        }
        result
    }
}

/// A connection that writes, inside [`Store::write`](super::Store::write). It reads too.
pub struct Tx {
    reader: Reader,
}

impl std::ops::Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

impl Tx {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            reader: Reader::new(connection),
        }
    }

    /// Runs a statement and says how many rows it touched.
    pub(super) async fn execute(
        &mut self,
        sql: &Sql,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let touched = self.reader.connection.execute(sql, values).await;
        self.reader.note(touched)
    }

    /// Runs a statement that must touch so many rows.
    pub(super) async fn must(
        &mut self,
        sql: &Sql,
        values: Vec<Value>,
        expected: u64,
    ) -> Result<(), StoreError> {
        let actual = self.execute(sql, values).await?;
        if actual == expected {
            return Ok(());
        }
        Err(StoreError::RowsAffected {
            statement: sql.name,
            expected,
            actual,
        })
    }

    /// Whether a statement failed because others wrote at the same time.
    pub(super) const fn contended(&self) -> bool {
        self.reader.contended
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        self.reader.connection.commit().await
    }

    pub(super) async fn rollback(self) {
        self.reader.connection.rollback().await;
    }
}
