//! Databases for tests: SQLite files, and databases on a PostgreSQL server that the test
//! process starts for itself with `initdb` and takes down when it ends, however it ends.
//!
//! No test is left out: without a PostgreSQL installation the tests fail and say so.

use dinggang::store::{Options, Store};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};
use std::fs;
use std::future::Future;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// A database of its own with all tables, and nothing in them.
pub struct Database {
    pub engine: Engine,
    pub url: String,
    pub store: Store,
    /// Removed when the test is over.
    _folder: Option<TempDir>,
}

/// Runs a test that takes a database, on one engine.
pub fn run<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(Database) -> F) {
    block_on(async {
        let database = Database::new(engine).await;
        let (store, url) = (database.store.clone(), database.url.clone());
        test(database).await;
        remove(engine, &store, &url).await;
    });
}

/// Removes a database, so that the disk holds no more than are in use.
pub async fn remove(engine: Engine, store: &Store, url: &str) {
    store.close().await;
    if engine == Engine::Postgres {
        let name = url.split(['/', '?']).nth(3).expect("a name");
        let drop = format!("drop database {name} with (force)");
        cluster().command(&drop).await;
    }
}

/// Runs a future to its end.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(future)
}

/// Writes each test twice, as `NAME::sqlite` and `NAME::postgres`.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident: Database) $body:block)+) => {$(
        mod $name {
            use super::*;
            use $crate::support::database::{Engine, run};

            $(#[$meta])*
            async fn check($database: $crate::support::database::Database) $body

            #[test]
            fn sqlite() {
                run(Engine::Sqlite, check);
            }

            #[test]
            fn postgres() {
                run(Engine::Postgres, check);
            }
        }
    )+};
}

pub(crate) use on_both;

impl Database {
    /// With all tables.
    pub async fn new(engine: Engine) -> Self {
        let database = match engine {
            Engine::Sqlite => Self::sqlite(Options::default()).await,
            Engine::Postgres => {
                let name = cluster().copy_of_template().await;
                Self::open(engine, cluster().url(&name), Options::default(), None).await
            }
        };
        if engine == Engine::Sqlite {
            database.store.migrate().await.expect("migrated");
        }
        database
    }

    /// Without tables.
    pub async fn empty(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::sqlite(Options::default()).await,
            Engine::Postgres => {
                let name = cluster().name();
                cluster().command(&format!("create database {name}")).await;
                Self::open(engine, cluster().url(&name), Options::default(), None).await
            }
        }
    }

    /// A SQLite file without tables.
    pub async fn sqlite(options: Options) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("records.db");
        let url = format!("sqlite://{}", path.display());
        Self::open(Engine::Sqlite, url, options, Some(folder)).await
    }

    async fn open(engine: Engine, url: String, options: Options, folder: Option<TempDir>) -> Self {
        let store = Store::connect(&url, options).await.expect("connected");
        Self {
            engine,
            url,
            store,
            _folder: folder,
        }
    }

    /// The same database, opened once more as another process would.
    pub async fn again(&self) -> Store {
        Store::connect(&self.url, Options::default())
            .await
            .expect("connected")
    }

    /// Runs SQL past the store, as somebody with a console would.
    pub async fn sql(&self, text: &str) -> Result<(), sqlx::Error> {
        match self.engine {
            Engine::Sqlite => {
                let mut connection = self.sqlite_console().await;
                let done = sqlx::raw_sql(AssertSqlSafe(text))
                    .execute(&mut connection)
                    .await;
                connection.close().await?;
                done.map(|_| ())
            }
            Engine::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await?;
                let done = sqlx::raw_sql(AssertSqlSafe(text))
                    .execute(&mut connection)
                    .await;
                connection.close().await?;
                done.map(|_| ())
            }
        }
    }

    /// The rows of a query, each a line of its columns as texts.
    pub async fn lines(&self, text: &str) -> Vec<String> {
        use sqlx::Row;
        match self.engine {
            Engine::Sqlite => {
                let mut connection = self.sqlite_console().await;
                let rows = sqlx::query(AssertSqlSafe(text))
                    .fetch_all(&mut connection)
                    .await;
                let rows = rows.expect("an answer");
                rows.iter().map(|row| row.get::<String, _>(0)).collect()
            }
            Engine::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.expect("connected");
                let rows = sqlx::query(AssertSqlSafe(text))
                    .fetch_all(&mut connection)
                    .await;
                let rows = rows.expect("an answer");
                rows.iter().map(|row| row.get::<String, _>(0)).collect()
            }
        }
    }

    async fn sqlite_console(&self) -> SqliteConnection {
        let options = sqlx::sqlite::SqliteConnectOptions::from_str(&self.url).expect("a path");
        options.connect().await.expect("connected")
    }
}

// ------------------------------------------------------------------- the server

/// A PostgreSQL server of this test process.
pub struct Cluster {
    folder: PathBuf,
    /// Its standard input is held open: when this process ends, the server is taken down.
    _keeper: Child,
    databases: AtomicU32,
    template: tokio::sync::OnceCell<()>,
    copying: tokio::sync::Mutex<()>,
}

/// The server, started on first use.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

/// Where the programs of PostgreSQL are.
fn programs() -> PathBuf {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all = std::env::split_paths(&path).chain(folders.into_iter().rev());
    all.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
        .expect("PostgreSQL is not installed (Debian package postgresql)")
}

/// PostgreSQL refuses to run as root: then as its own user, or as nobody.
fn user() -> Option<(u32, u32)> {
    let own = fs::metadata("/proc/self").expect("a process").uid();
    if own != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("users");
    let find = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line
            .split(':')
            .skip(2)
            .map(|number| number.parse().expect("a number"));
        Some((numbers.next()?, numbers.next()?))
    };
    Some(
        find("postgres")
            .or_else(|| find("nobody"))
            .expect("a user that is not root"),
    )
}

fn command(program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some((user, group)) = user() {
        command.uid(user).gid(group);
    }
    command
}

impl Cluster {
    fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("dinggang-postgres-")
            .tempdir()
            .expect("a folder")
            .keep();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("permissions");
        if let Some((user, group)) = user() {
            std::os::unix::fs::chown(&folder, Some(user), Some(group)).expect("owner");
        }
        let data = folder.join("data");
        let made = command(programs().join("initdb"), &folder)
            .args([
                "-U",
                "postgres",
                "--auth=trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ])
            .args(["--no-sync", "-D"])
            .arg(&data)
            .output()
            .expect("initdb runs");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        // reads until this process is gone, however it went, then tidies up
        let script = r#"
            "$0/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off \
                -c max_connections=300 -c shared_buffers=64MB >"$1/log" 2>&1 &
            server=$!
            cat >/dev/null
            kill -INT "$server"
            wait "$server"
            cd /
            rm -rf "$1"
        "#;
        let keeper = command("sh", &folder)
            .args(["-c", script])
            .arg(programs())
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh runs");
        let cluster = Self {
            folder,
            _keeper: keeper,
            databases: AtomicU32::new(0),
            template: tokio::sync::OnceCell::new(),
            copying: tokio::sync::Mutex::new(()),
        };
        cluster.wait();
        cluster
    }

    fn wait(&self) {
        let socket = self.socket();
        for _ in 0..600 {
            if std::os::unix::net::UnixStream::connect(&socket).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start: {log}");
    }

    /// The socket at which the server listens.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Where a database is.
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@localhost/{database}?host={folder}")
    }

    fn name(&self) -> String {
        format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed))
    }

    async fn command(&self, text: &str) {
        let mut tries = 0;
        let mut connection = loop {
            match PgConnection::connect(&self.url("postgres")).await {
                Ok(connection) => break connection,
                Err(error) if tries == 100 => panic!("{error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
            tries += 1;
        };
        let done = sqlx::raw_sql(AssertSqlSafe(text))
            .execute(&mut connection)
            .await;
        done.expect("done");
        connection.close().await.expect("closed");
    }

    async fn copy_of_template(&self) -> String {
        // a database cannot be copied while somebody is in it
        let _copying = self.copying.lock().await;
        self.template
            .get_or_init(|| async {
                self.command("create database tables").await;
                let url = self.url("tables");
                let store = Store::connect(&url, Options::default())
                    .await
                    .expect("connected");
                store.migrate().await.expect("migrated");
                store.close().await;
            })
            .await;
        let name = self.name();
        self.command(&format!("create database {name} template tables"))
            .await;
        name
    }
}
