//! The floor of a comparison: what was heard of the program is said again by the driver alone,
//! with the same texts, values, transactions and durability.

use crate::support::database::Engine;
use dinggang::store::tap::{Step, Value};
use poem::endpoint::make;
use poem::listener::TcpAcceptor;
use poem::{EndpointExt, Response, Route};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Acquire, Executor, Pool, Postgres, Sqlite};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Bare poem over the bare driver.
pub struct Floor {
    pub url: String,
}

impl Floor {
    /// Each request says the next of the lists, the last one for ever when there is one.
    pub async fn start(engine: Engine, url: &str, steps: Vec<Vec<Step>>, body: Vec<u8>) -> Self {
        let bare = Arc::new(Bare::connect(engine, url).await);
        let (steps, next) = (Arc::new(steps), Arc::new(AtomicUsize::new(0)));
        let body: Arc<[u8]> = body.into();
        let endpoint = make(move |_| {
            let (bare, steps, next, body) =
                (bare.clone(), steps.clone(), next.clone(), body.clone());
            async move {
                let at = next.fetch_add(1, Ordering::Relaxed) % steps.len();
                bare.say(&steps[at]).await;
                Response::builder()
                    .content_type("application/json; charset=utf-8")
                    .body(body.to_vec())
            }
        });
        let app = Route::new().at("/", endpoint.boxed());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
        tokio::spawn(poem::Server::new_with_acceptor(acceptor).run(app));
        Self { url }
    }
}

/// The bare driver, with pools as the store has them.
pub enum Bare {
    Sqlite {
        writer: Pool<Sqlite>,
        readers: Pool<Sqlite>,
    },
    Postgres(Pool<Postgres>),
}

macro_rules! say {
    ($driver:ty, $connection:expr, $sql:expr, $values:expr, $rows:expr) => {{
        let mut query = sqlx::query::<$driver>($sql);
        for value in $values {
            query = match value {
                Value::Integer(integer) => query.bind(*integer),
                Value::Text(text) => query.bind(text.clone()),
                Value::Bytes(bytes) => query.bind(bytes.clone()),
            };
        }
        if $rows {
            query.fetch_all($connection).await.expect("rows");
        } else {
            query.execute($connection).await.expect("executed");
        }
    }};
}

macro_rules! session {
    ($driver:ty, $pool:expr, $begin:expr, $steps:expr) => {{
        let mut connection = $pool.acquire().await.expect("a connection");
        let connection = connection.acquire().await.expect("a connection");
        if let Some(begin) = $begin {
            connection.execute(begin).await.expect("begun");
        }
        let mut open = $begin.is_some();
        for step in $steps {
            match step {
                Step::Statement { sql, values, rows } => {
                    say!($driver, &mut *connection, *sql, values, *rows);
                }
                Step::Commit => {
                    connection.execute("commit").await.expect("kept");
                    open = false;
                }
                Step::Open { .. } => unreachable!("sessions are apart"),
            }
        }
        if open {
            connection.execute("rollback").await.expect("ended");
        }
    }};
}

impl Bare {
    pub async fn connect(engine: Engine, url: &str) -> Self {
        match engine {
            Engine::Sqlite => {
                let common = SqliteConnectOptions::from_str(url)
                    .expect("a database")
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(5))
                    .statement_cache_capacity(1024);
                let writer = common
                    .clone()
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full);
                let writer = SqlitePoolOptions::new()
                    .max_connections(1)
                    .connect_with(writer);
                let readers = SqlitePoolOptions::new().max_connections(8);
                Self::Sqlite {
                    writer: writer.await.expect("connected"),
                    readers: readers.connect_lazy_with(common.read_only(true)),
                }
            }
            Engine::Postgres => {
                let options = PgConnectOptions::from_str(url).expect("a database");
                let options = options.statement_cache_capacity(1024);
                let pool = PgPoolOptions::new()
                    .max_connections(8)
                    .connect_with(options);
                Self::Postgres(pool.await.expect("connected"))
            }
        }
    }

    /// Says all steps, each session on a connection of the pool.
    pub async fn say(&self, steps: &[Step]) {
        let starts = steps.iter().enumerate();
        let starts = starts.filter(|(_, step)| matches!(step, Step::Open { .. }));
        let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
        for (number, start) in starts.iter().enumerate() {
            let end = starts.get(number + 1).copied().unwrap_or(steps.len());
            let Step::Open { writes, begin } = &steps[*start] else {
                unreachable!("it is an opening");
            };
            let inside = &steps[start + 1..end];
            match self {
                Self::Sqlite { writer, readers } => {
                    let pool = if *writes { writer } else { readers };
                    session!(Sqlite, pool, *begin, inside);
                }
                Self::Postgres(pool) => session!(Postgres, pool, *begin, inside),
            }
        }
    }
}
