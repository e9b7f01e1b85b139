//! The two drivers. Nothing outside this file knows which one is used.
//!
//! SQLite is one writing connection and a pool of readers that cannot write (WAL, so
//! that neither waits for the other); PostgreSQL is one pool.

use super::error::StoreError;
use super::sql::Sql;
use super::tap::{self, Step};
use super::value::{Fields, Row, Value};
use futures_core::Stream;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Database, Executor, Pool, Postgres, Sqlite, Transaction,
};
use std::path::{Path, PathBuf};
use std::pin::Pin;
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
        tap::say(|| Step::Open {
            writes: false,
            begin: None,
        });
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                Connection::Sqlite(Link::Alone(readers.acquire().await?))
            }
            Self::Postgres(pool) => Connection::Postgres(Link::Alone(pool.acquire().await?)),
        })
    }

    /// A connection on which all statements see one state, and none can write.
    pub(super) async fn snapshot(&self) -> Result<Connection, StoreError> {
        let begin = match self {
            Self::Sqlite { .. } => "begin deferred",
            Self::Postgres(_) => "begin isolation level repeatable read read only",
        };
        tap::say(|| Step::Open {
            writes: false,
            begin: Some(begin),
        });
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                Connection::Sqlite(Link::Snapshot(readers.begin_with(begin).await?))
            }
            Self::Postgres(pool) => {
                Connection::Postgres(Link::Snapshot(pool.begin_with(begin).await?))
            }
        })
    }

    /// A connection whose statements are all kept or none.
    pub(super) async fn begin(&self, isolation: Isolation) -> Result<Connection, StoreError> {
        let begin = match (self, isolation) {
            (Self::Sqlite { .. }, _) => "begin immediate",
            (Self::Postgres(_), Isolation::Locked) => "begin isolation level read committed",
            (Self::Postgres(_), Isolation::Serializable) => "begin isolation level serializable",
        };
        tap::say(|| Step::Open {
            writes: true,
            begin: Some(begin),
        });
        Ok(match self {
            Self::Sqlite { writer, .. } => {
                Connection::Sqlite(Link::Writing(Writing::begin(writer, begin).await?))
            }
            Self::Postgres(pool) => {
                Connection::Postgres(Link::Writing(Writing::begin(pool, begin).await?))
            }
        })
    }

    /// An existing SQLite file of which nothing is altered, not even beside it.
    pub(super) async fn look_into(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(true)
            .immutable(true)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        Ok(Self::Sqlite {
            writer: pool.clone(),
            readers: pool,
        })
    }

    /// The SQLite file; `None` = there is a server.
    pub(super) fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite { writer, .. } => {
                Some(writer.connect_options().get_filename().to_path_buf())
            }
            Self::Postgres(_) => None,
        }
    }

    /// Copies a SQLite database into an empty file, and gives a connection that sees the
    /// state that was copied. Nobody can write between the beginnings of the two; after
    /// that everybody can, while the copy is made.
    pub(super) async fn copy_into(&self, file: &Path) -> Result<Option<Connection>, StoreError> {
        let Self::Sqlite { writer, readers } = self else {
            return Ok(None);
        };
        let mut copier = readers.connect_options().as_ref().clone().connect().await?;
        let held = hold(writer).await?;
        let mut seen = readers.begin_with("begin deferred").await?;
        // a transaction sees the state of its first read
        seen.execute("select count(*) from sqlite_master").await?;
        let path = file.display().to_string();
        let copy = tokio::spawn(async move {
            let copied = sqlx::query("vacuum into $1")
                .bind(path)
                .execute(&mut copier);
            copied.await.map(|_| ())
        });
        // the first byte is written after the state that is copied was chosen
        while !copy.is_finished() && length(file) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        held.rollback().await;
        match copy.await {
            Ok(copied) => copied?,
            Err(_) => return Err(StoreError::Driver(sqlx::Error::WorkerCrashed)),
        }
        Ok(Some(Connection::Sqlite(Link::Snapshot(seen))))
    }

    /// What a server does as a whole, which is no statement about tables; a SQLite file has
    /// no such thing.
    pub(super) async fn server_does(&self, text: String) -> Result<(), StoreError> {
        if let Self::Postgres(pool) = self {
            let mut connection = pool.acquire().await?;
            sqlx::raw_sql(AssertSqlSafe(text))
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
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

/// Waits for its turn to keep others from writing, behind other processes too.
async fn hold(writer: &Pool<Sqlite>) -> Result<Writing<Sqlite>, StoreError> {
    let mut left = 6;
    loop {
        let held = Writing::begin(writer, "begin immediate").await;
        match held.map_err(StoreError::from) {
            Err(error) if error.is_contention() && left > 0 => left -= 1,
            held => return held,
        }
    }
}

fn length(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |metadata| metadata.len())
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
        self.tell(sql, &values, true);
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
        self.tell(sql, &values, true);
        on_driver!(self, sql, values, |link, query| {
            let row = query.fetch_optional(link.connection()).await?;
            Ok(row.map(Row::from))
        })
    }

    /// Hands over the rows of an answer one by one, however many there are.
    pub(super) async fn each(
        &mut self,
        sql: &Sql,
        mut take: impl FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(link) => {
                let mut rows = sqlx::query::<Sqlite>(sql.text.sqlite()).fetch(link.connection());
                while let Some(row) = next(&mut rows).await {
                    take(&Row::from(row?))?;
                }
            }
            Self::Postgres(link) => {
                let mut rows =
                    sqlx::query::<Postgres>(sql.text.postgres()).fetch(link.connection());
                while let Some(row) = next(&mut rows).await {
                    take(&Row::from(row?))?;
                }
            }
        }
        Ok(())
    }

    /// How many rows the statement touched.
    pub(super) async fn execute(
        &mut self,
        sql: &Sql,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        self.tell(sql, &values, false);
        on_driver!(self, sql, values, |link, query| {
            Ok(query.execute(link.connection()).await?.rows_affected())
        })
    }

    /// Tells whoever measures.
    fn tell(&self, sql: &Sql, values: &[Value], rows: bool) {
        tap::say(|| Step::Statement {
            sql: match self {
                Self::Sqlite(_) => sql.text.sqlite(),
                Self::Postgres(_) => sql.text.postgres(),
            },
            values: values.to_vec(),
            rows,
        });
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
        tap::say(|| Step::Commit);
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

/// The next of what arrives one by one.
async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
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

    /// Hands over every row as it arrives.
    pub(super) async fn each(
        &mut self,
        sql: &Sql,
        take: impl FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let done = self.connection.each(sql, take).await;
        self.note(done)
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
