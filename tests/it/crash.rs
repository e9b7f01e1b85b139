//! Kill -9 in the midst of writing: afterwards nothing is half there, the chain verifies,
//! and the same files come in again.
//!
//! The process that is killed is this test program once more, told by its environment to
//! write until it dies. Some rounds by default; `DINGGANG_CRASH_ROUNDS` for more.

use crate::support::build::{area, month};
use crate::support::database::{Database, Engine, block_on, remove};
use crate::support::office::{NOW, PASSWORD, account_with, auditor, enter, office, reviewer};
use crate::support::records::day;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Authority, Capacity, Extent};
use dinggang::sample::{self, Size};
use dinggang::service::import::{Import, Imported};
use dinggang::service::secret::random;
use dinggang::service::{Chance, Office, trail};
use dinggang::sheet::{Input, write_register};
use dinggang::store::register::Scope;
use dinggang::store::{Options, Store};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Says to a process of this program that it is to write until it is killed, and where.
pub const URL: &str = "DINGGANG_TEST_CRASH_URL";
const ROUNDS: &str = "DINGGANG_CRASH_ROUNDS";
pub const READY: &str = "crash: ready";

pub fn rounds() -> u64 {
    let given = std::env::var(ROUNDS).ok();
    given.map_or(4, |text| text.parse().expect("a number"))
}

/// Two states of one county, for the same day: what is recorded is always one of them.
fn counties() -> [Register; 2] {
    let size = Size {
        townships: 2,
        staff: 60,
    };
    let one = sample::county(size, month("2026-11"), 7);
    let other = sample::earlier(one.clone(), month("2021-06"));
    assert!(other.people.len() < one.people.len());
    [one, other]
}

fn file(register: &Register) -> [Input; 1] {
    [Input {
        name: "示例旗.xlsx".to_owned(),
        bytes: write_register(register).expect("a workbook"),
    }]
}

/// The same keys in every process, but no identifier twice.
pub fn office_of(store: &Store) -> Office {
    Office {
        chance: Chance::new(random::system()),
        ..office(store)
    }
}

/// Whether nothing would change, or what was recorded.
async fn import(office: &Office, files: &[Input], record: bool) -> bool {
    let import = Import {
        office,
        actor: &reviewer(Authority::HumanResources, "150199"),
        files,
        on: day("2026-11-22"),
        scope: Scope::Area(area("150199")),
        reason: Some("crash"),
        now: NOW,
    };
    if !record {
        let preview = import.preview().await.expect("compared");
        return preview.comparison.differences.is_empty();
    }
    match import.run().await.expect("run") {
        Imported::Recorded(_) => true,
        Imported::Refused(preview) => panic!("{:?}", preview.reading.faults),
    }
}

/// Not a test of its own: the process that is killed. Without being told where to write it
/// has nothing to do.
#[test]
fn the_process_that_is_killed() {
    let Ok(url) = std::env::var(URL) else {
        return;
    };
    block_on(async {
        let store = Store::connect(&url, Options::default())
            .await
            .expect("connected");
        let office = office_of(&store);
        let files = counties().map(|county| file(&county));
        println!("{READY}");
        for turn in 0u64.. {
            for files in &files {
                import(&office, files, true).await;
                let capacity = Capacity::Auditor {
                    extent: Extent::Everywhere,
                };
                let name = format!("clerk-{:016x}-{turn}", office.chance.seed());
                account_with(&office, &name, vec![capacity], NOW).await;
                let started = enter(&office, &name, PASSWORD, NOW).await;
                started.expect("signed in");
                let holder = format!("{}", std::process::id());
                trail::seal(&office, &holder, NOW.plus_seconds(turn as i64))
                    .await
                    .expect("sealed");
            }
        }
    });
}

/// A process that writes, from the moment at which it begins to: the test of that name, told
/// where.
pub fn writer(test: &str, url: &str) -> Child {
    let program = std::env::current_exe().expect("this program");
    let mut child = Command::new(program)
        .args([test, "--exact", "--nocapture"])
        .env(URL, url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let said = BufReader::new(child.stdout.take().expect("its words"));
    let mut lines = said.lines();
    let ready = lines.any(|line| line.is_ok_and(|line| line.contains(READY)));
    assert!(ready, "it began to write");
    child
}

async fn check(database: &Database, seen: &str) {
    let store = database.again().await;
    let office = office_of(&store);
    let verified = trail::verify(&office, &auditor(), &[])
        .await
        .expect("an answer");
    verified.unwrap_or_else(|tampered| panic!("{seen}: {tampered:?}"));
    let number = async |text: &str| -> i64 {
        let lines = database.lines(text).await;
        lines[0].parse().expect("a number")
    };
    // every change of records is told of, and everything told of is there
    let untold = "select cast(count(*) as text) from change where id not in \
        (select change from audit_event where change is not null)";
    assert_eq!(
        number(untold).await,
        0,
        "{seen}: a change without its event"
    );
    let people = number("select cast(count(*) as text) from person").await;
    let files = counties().map(|county| file(&county));
    let mut fits = 0;
    for one in &files {
        fits += i32::from(import(&office, one, false).await);
    }
    assert!(
        fits == 1 || people == 0,
        "{seen}: neither of the two counties is there"
    );
    let half = "select cast(count(*) as text) from account where id not in \
        (select account from capacity)";
    assert_eq!(
        number(half).await,
        0,
        "{seen}: an account without its capacity"
    );
    // the same file again
    import(&office, &files[0], true).await;
    assert!(
        import(&office, &files[0], false).await,
        "{seen}: it is complete now"
    );
    store.close().await;
}

fn survives(engine: Engine) {
    block_on(async {
        let database = Database::new(engine).await;
        let seed = u64::from(std::process::id());
        let mut chance = fastrand::Rng::with_seed(seed);
        for round in 0..rounds() {
            let mut child = writer("crash::the_process_that_is_killed", &database.url);
            // in the first import, between two, in a sign-in: wherever it is by then
            let wait = Duration::from_millis(chance.u64(0..1500));
            tokio::time::sleep(wait).await;
            child.kill().expect("killed");
            child.wait().expect("gone");
            check(&database, &format!("seed {seed}, round {round}, {wait:?}")).await;
        }
        remove(engine, &database.store, &database.url).await;
    });
}

#[test]
fn a_killed_writer_leaves_nothing_half_done_in_sqlite() {
    survives(Engine::Sqlite);
}

#[test]
fn a_killed_writer_leaves_nothing_half_done_in_postgres() {
    survives(Engine::Postgres);
}
