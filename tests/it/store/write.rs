//! Writes: whole or not at all, done again when others got in the way, and refused with
//! a reason when the database cannot be used.

use crate::support::database::{Database, Engine, block_on, cluster, on_both};
use crate::support::records::{begin, second, work};
use dinggang::domain::institution::Institution;
use dinggang::domain::record::Id;
use dinggang::store::idempotency::{self, Seen};
use dinggang::store::{
    Isolation, Options, Outage, Store, StoreError, Tx, Write, lease, setting, subject,
};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, UnixStream};

/// Adds one to a number kept as a setting: what is read decides what is written.
struct AddOne {
    isolation: Isolation,
    institution: Vec<Id<Institution>>,
    runs: Arc<AtomicU32>,
}

impl Write for AddOne {
    type Out = u32;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<u32, StoreError> {
        self.runs.fetch_add(1, Ordering::Relaxed);
        let now = setting::get(tx, "number").await?;
        let now: u32 = now.map_or(0, |text| text.parse().expect("a number"));
        // whoever reads without a lock has read the same by now
        tokio::time::sleep(Duration::from_millis(5)).await;
        setting::set(tx, "number", &(now + 1).to_string(), second(0)).await?;
        Ok(now + 1)
    }

    fn institutions(&self) -> Vec<Id<Institution>> {
        self.institution.clone()
    }

    fn isolation(&self) -> Isolation {
        self.isolation
    }
}

async fn add_from_everywhere(
    store: &Store,
    isolation: Isolation,
    institution: Vec<Id<Institution>>,
) -> u32 {
    let runs = Arc::new(AtomicU32::new(0));
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (store, runs) = (store.clone(), Arc::clone(&runs));
            let institution = institution.clone();
            tokio::spawn(async move {
                for _ in 0..3 {
                    let add = AddOne {
                        isolation,
                        institution: institution.clone(),
                        runs: Arc::clone(&runs),
                    };
                    store.write(add).await.expect("added");
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("a writer");
    }
    let mut reader = store.read().await.expect("a reader");
    let number = setting::get(&mut reader, "number")
        .await
        .expect("an answer");
    assert_eq!(number.as_deref(), Some("24"), "no addition is lost");
    runs.load(Ordering::Relaxed)
}

async fn institution(store: &Store) -> Id<Institution> {
    work!(store, |tx| -> Id<Institution> {
        let mut recording = begin(tx, 0).await?;
        subject::create_with_code(tx, &mut recording, "WS01").await
    })
    .expect("made")
}

async fn codes(store: &Store) -> bool {
    let mut reader = store.read().await.expect("a reader");
    let found = subject::with_code::<Institution>(&mut reader, "WS01").await;
    found.expect("an answer").is_some()
}

on_both! {
    async fn serializable_writes_are_done_again(database: Database) {
        let store = &database.store;
        setting_number(store).await;
        let runs = add_from_everywhere(store, Isolation::Serializable, Vec::new()).await;
        if database.engine == Engine::Postgres {
            assert!(runs > 24, "some met each other");
        }
    }

    async fn a_locked_institution_lets_one_after_the_other(database: Database) {
        let store = &database.store;
        let id = institution(store).await;
        setting_number(store).await;
        let runs = add_from_everywhere(store, Isolation::Locked, vec![id]).await;
        assert_eq!(runs, 24, "nobody has to try again");
    }

    async fn two_processes_take_turns(database: Database) {
        let (one, other) = (database.store.clone(), database.again().await);
        let id = institution(&one).await;
        setting_number(&one).await;
        let writers = [one.clone(), other.clone()].map(|store| {
            tokio::spawn(async move {
                for _ in 0..12 {
                    let add = AddOne {
                        isolation: Isolation::Locked,
                        institution: vec![id],
                        runs: Arc::default(),
                    };
                    store.write(add).await.expect("added");
                }
            })
        });
        for writer in writers {
            writer.await.expect("a writer");
        }
        let mut reader = one.read().await.expect("a reader");
        let number = setting::get(&mut reader, "number").await.expect("an answer");
        assert_eq!(number.as_deref(), Some("24"));
        drop(reader);
        other.close().await;
    }

    async fn a_write_that_fails_leaves_nothing(database: Database) {
        let store = &database.store;
        let failed = work!(store, |tx| -> () {
            let mut recording = begin(tx, 0).await?;
            subject::create_with_code::<Institution>(tx, &mut recording, "WS01").await?;
            subject::create_with_code::<Institution>(tx, &mut recording, "WS01").await?;
            Ok(())
        });
        assert!(matches!(failed, Err(StoreError::Constraint(_))), "{failed:?}");
        assert!(!codes(store).await);
    }

    async fn a_write_that_is_dropped_leaves_nothing(database: Database) {
        let store = database.store.clone();
        let writing = tokio::spawn(async move {
            work!(store, |tx| -> () {
                let mut recording = begin(tx, 0).await?;
                subject::create_with_code::<Institution>(tx, &mut recording, "WS01").await?;
                std::future::pending::<()>().await;
                Ok(())
            })
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        writing.abort();
        assert!(writing.await.expect_err("aborted").is_cancelled());
        assert!(!codes(&database.store).await);
        // and the next write is not held up
        institution(&database.store).await;
        assert!(codes(&database.store).await);
    }

    async fn a_panic_leaves_nothing(database: Database) {
        let store = database.store.clone();
        let writing = tokio::spawn(async move {
            work!(store, |tx| -> () {
                let mut recording = begin(tx, 0).await?;
                subject::create_with_code::<Institution>(tx, &mut recording, "WS01").await?;
                panic!("on purpose");
            })
        });
        assert!(writing.await.expect_err("a panic").is_panic());
        assert!(!codes(&database.store).await);
        institution(&database.store).await;
    }

    async fn a_snapshot_sees_one_state(database: Database) {
        let store = &database.store;
        let mut before = store.snapshot().await.expect("a reader");
        let found = subject::with_code::<Institution>(&mut before, "WS01").await;
        assert_eq!(found.expect("an answer"), None);
        institution(store).await;
        let found = subject::with_code::<Institution>(&mut before, "WS01").await;
        assert_eq!(found.expect("an answer"), None, "still");
        assert!(codes(store).await);
    }

    async fn one_holder_has_a_lease(database: Database) {
        let store = &database.store;
        let take = async |holder: &'static str, now: i64, until: i64| {
            work!(store, |tx, holder: &'static str, now: i64, until: i64| -> bool {
                lease::take(tx, "seal", holder, second(*now), second(*until)).await
            })
            .expect("an answer")
        };
        assert!(take("a", 0, 10).await);
        assert!(!take("b", 5, 15).await);
        assert!(take("a", 5, 15).await, "renewed");
        assert!(!take("b", 14, 24).await);
        assert!(take("b", 15, 25).await, "it ran out");
        work!(store, |tx| -> () { lease::give_back(tx, "seal", "b", second(16)).await })
            .expect("given back");
        assert!(take("a", 16, 26).await);
        let terms = database.lines("select cast(term as text) from lease").await;
        assert_eq!(terms, ["3"]);
    }

    async fn a_repeated_request_gets_its_answer(database: Database) {
        let store = &database.store;
        let begin = async |request: &'static [u8]| {
            work!(store, |tx, request: &'static [u8]| -> Seen {
                idempotency::begin(tx, "account", "key", request, second(0)).await
            })
            .expect("an answer")
        };
        assert_eq!(begin(b"a").await, Seen::New);
        assert_eq!(begin(b"a").await, Seen::Running);
        assert_eq!(begin(b"b").await, Seen::Mistaken);
        work!(store, |tx| -> () {
            idempotency::answer(tx, "account", "key", 201, b"made").await
        })
        .expect("kept");
        let body = b"made".to_vec();
        assert_eq!(begin(b"a").await, Seen::Answered { status: 201, body });
        let forgotten = work!(store, |tx| -> u64 { idempotency::forget(tx, second(1)).await });
        assert_eq!(forgotten.expect("done"), 1);
        assert_eq!(begin(b"b").await, Seen::New);
    }
}

async fn setting_number(store: &Store) {
    work!(store, |tx| -> () {
        setting::set(tx, "number", "0", second(0)).await
    })
    .expect("set");
}

/// Kills a process with `kill -9` in the middle of a write. The child is this test once
/// more, told by the environment which database it is to write to.
#[test]
fn a_killed_process_leaves_nothing() {
    const CHILD: &str = "DINGGANG_TEST_WRITE_TO";
    if let Ok(url) = std::env::var(CHILD) {
        block_on(write_and_hang(&url));
        return;
    }
    for engine in Engine::BOTH {
        block_on(async {
            let database = Database::new(engine).await;
            let mut child = Command::new(std::env::current_exe().expect("this test"))
                .args([
                    "--exact",
                    "store::write::a_killed_process_leaves_nothing",
                    "--nocapture",
                ])
                .env(CHILD, &database.url)
                .stdout(Stdio::piped())
                .spawn()
                .expect("a child");
            let output = BufReader::new(child.stdout.take().expect("output"));
            let written = output
                .lines()
                .any(|line| line.expect("a line").contains("written"));
            assert!(
                written,
                "{engine:?}: the child is in the middle of its write"
            );
            child.kill().expect("killed");
            child.wait().expect("gone");
            assert!(!codes(&database.store).await);
            institution(&database.store).await;
            assert!(codes(&database.store).await);
        });
    }
}

async fn write_and_hang(url: &str) {
    let store = Store::connect(url, Options::default())
        .await
        .expect("connected");
    let written = work!(store, |tx| -> () {
        let mut recording = begin(tx, 0).await?;
        subject::create_with_code::<Institution>(tx, &mut recording, "WS01").await?;
        println!("written");
        std::future::pending().await
    });
    written.expect("it is killed before");
}

#[test]
fn a_full_disk_is_said_and_got_over() {
    block_on(async {
        let small = Options {
            most_pages: Some(1000),
            ..Options::default()
        };
        let database = Database::sqlite(small).await;
        let store = &database.store;
        store.migrate().await.expect("migrated");
        let text = "x".repeat(1_500_000);
        let fill = async |name: &'static str| {
            work!(store, |tx, name: &'static str, text: String| -> () {
                setting::set(tx, name, text, second(0)).await
            })
        };
        let mut full = None;
        for name in ["a", "b", "c", "d", "e"] {
            if let Err(error) = fill(name).await {
                full = Some((name, error));
                break;
            }
        }
        let (name, error) = full.expect("it is full");
        assert!(
            matches!(error, StoreError::Unavailable(Outage::Disk)),
            "{error:?}"
        );
        let mut reader = store.read().await.expect("reading goes on");
        let kept = setting::get(&mut reader, name).await.expect("an answer");
        assert_eq!(kept, None, "nothing is half there");
        drop(reader);
        // there is room again: the same connections go on
        database
            .sql("delete from setting where name <> 'register'")
            .await
            .expect("deleted");
        fill(name).await.expect("written");
    });
}

/// Passes what it is sent to the server, until it is cut.
struct Line {
    port: u16,
    task: tokio::task::JoinHandle<()>,
}

impl Line {
    async fn open(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let task = tokio::spawn(async move {
            let mut passing = tokio::task::JoinSet::new();
            loop {
                let (mut near, _) = listener.accept().await.expect("a connection");
                passing.spawn(async move {
                    let mut far = UnixStream::connect(cluster().socket())
                        .await
                        .expect("a server");
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
        Self { port, task }
    }

    async fn cut(self) -> u16 {
        self.task.abort();
        let _ = self.task.await;
        self.port
    }
}

#[test]
fn a_server_that_is_gone_is_said_and_found_again() {
    block_on(async {
        let database = Database::new(Engine::Postgres).await;
        let line = Line::open(0).await;
        let name = database.url.split(['/', '?']).nth(3).expect("a name");
        let url = format!(
            "postgres://postgres@127.0.0.1:{}/{name}?sslmode=disable",
            line.port
        );
        let options = Options {
            patience: Duration::from_secs(1),
            ..Options::default()
        };
        let store = Store::connect(&url, options).await.expect("connected");
        setting_number(&store).await;
        let port = line.cut().await;
        let began = std::time::Instant::now();
        let gone = work!(store, |tx| -> () {
            setting::set(tx, "number", "1", second(0)).await
        });
        assert!(matches!(gone, Err(StoreError::Unavailable(_))), "{gone:?}");
        let gone = store.read().await.map(|_| ());
        assert!(matches!(gone, Err(StoreError::Unavailable(_))), "{gone:?}");
        assert!(began.elapsed() < Duration::from_secs(10), "soon");
        let _line = Line::open(port).await;
        work!(store, |tx| -> () {
            setting::set(tx, "number", "2", second(0)).await
        })
        .expect("found again");
        store.close().await;
    });
}
