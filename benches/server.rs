//! The server against bare poem that says the same statements to the same kind of database
//! with the driver alone and sends the same bytes. Both in the same run, by the same client,
//! on SQLite and on PostgreSQL. Prints requests a second and the ratio.
//!
//! The floor is told beforehand what the server says for a request (`store::tap`) and says
//! exactly that: the same texts, values, transactions and durability. It checks no right,
//! makes no verdict and serialises nothing: its answer lies ready.
//!
//! `cargo bench --bench server`

#![allow(
    dead_code,
    unused_macros,
    unused_imports,
    reason = "the support of the tests serves here too"
)]

mod support {
    #[path = "../../tests/it/support/database.rs"]
    pub mod database;
    #[path = "../../tests/it/support/library.rs"]
    pub mod library;
    #[path = "../../tests/it/support/office.rs"]
    pub mod office;
    #[path = "../../tests/it/support/server.rs"]
    pub mod server;
}
#[path = "support/bare.rs"]
mod bare;
#[path = "support/timing.rs"]
mod timing;

use bare::{Bare, Floor};
use dinggang::domain::ids::AreaCode;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Authority, Capacity, Tier};
use dinggang::sample::{self, Size};
use dinggang::service::import::{Complete, Import, Imported, Input};
use dinggang::store::tap::{self, Step};
use reqwest::Method;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::database::{Database, Engine, block_on, remove};
use support::office::{self, NOW};
use support::server::{Caller, Server};

const READS: Duration = Duration::from_secs(3);
const WRITES: usize = 300;
const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// Staff of the institution that is looked at.
const STAFF: usize = 200;

fn main() {
    for engine in Engine::BOTH {
        println!("{engine:?}");
        block_on(reads(engine));
        block_on(writes(engine));
        block_on(import(engine));
    }
}

fn area(code: &str) -> AreaCode {
    AreaCode::read(code, &[2, 4, 6, 9, 12]).expect("a code")
}

/// A county in which the first institution has that many staff.
fn county(staff: usize) -> Register {
    let size = Size {
        townships: 4,
        staff: staff + 100,
    };
    let mut register = sample::county(size, "2026-11".parse().expect("a month"), 11);
    for person in register.people.iter_mut().take(STAFF) {
        person.institution = 0;
    }
    register
}

/// A server on a database with a county, and somebody who may read and decide.
async fn world(engine: Engine) -> (Database, Server, Caller, String) {
    let database = Database::new(engine).await;
    let server = Server::start(&database).await;
    let register = county(400);
    let code = register.institutions[0].code.clone();
    let clerk = office::reviewer(Authority::HumanResources, "150199");
    let book = dinggang::sheet::write_register(&register).expect("a workbook");
    let files = [Input {
        name: "county.xlsx".to_owned(),
        bytes: book,
    }];
    let import = Import {
        office: &server.office,
        actor: &clerk,
        files: &files,
        on: NOW.shanghai_day(),
        scope: Complete::Area(area("150199")),
        reason: None,
        now: NOW,
    };
    let imported = import.run().await.expect("imported");
    assert!(matches!(imported, Imported::Recorded(_)));
    let caller = server
        .somebody(Capacity::Reviewer {
            authority: Authority::Establishment,
            tier: Tier::County,
            area: area("150199"),
        })
        .await;
    (database, server, caller, code)
}

async fn reads(engine: Engine) {
    let (database, server, caller, code) = world(engine).await;
    for (name, path) in [
        (
            "one institution by its key",
            format!("/institutions/{code}"),
        ),
        (
            "ledger of one institution, 200 staff",
            format!("/ledger/institutions/{code}?as_of={}", NOW.shanghai_day()),
        ),
        // pages: with two strokes, as clients of the tests ask for them
        (
            "page: ledger of one institution, 200 staff",
            format!("//institutions/{code}/posts"),
        ),
        ("page: 50 rows of the staff list", "//people".to_owned()),
    ] {
        // twice: what is only done the first time is not what is measured
        caller.get(&path).await.is(200);
        tap::listen();
        let answer = caller.get(&path).await.is(200);
        let steps = tap::heard();
        let said = steps
            .iter()
            .filter(|step| matches!(step, Step::Statement { .. }));
        println!(
            "  {name}: {} statements, {} bytes",
            said.count(),
            answer.bytes.len()
        );
        let floor = Floor::start(engine, &database.url, vec![steps], answer.bytes).await;
        for connections in CONNECTIONS {
            let mut ratios = Vec::new();
            let (mut ours, mut theirs) = (0.0, 0.0);
            for _ in 0..3 {
                theirs = rate(&floor.url, None, connections).await;
                let url = match path.strip_prefix("//") {
                    Some(page) => format!("{}/{page}", server.url),
                    None => format!("{}/api/v1{path}", server.url),
                };
                ours = rate(&url, caller.token.as_deref(), connections).await;
                ratios.push(ours / theirs);
            }
            ratios.sort_by(f64::total_cmp);
            println!(
                "    {connections:>2} connections: {ours:>7.0}/s of {theirs:>7.0}/s, ratio {:.2}",
                ratios[1]
            );
        }
    }
    remove(engine, &database.store, &database.url).await;
}

/// Requests a second over so many connections.
async fn rate(url: &str, token: Option<&str>, connections: usize) -> f64 {
    let done = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let workers = (0..connections).map(|_| {
        let (done, url) = (done.clone(), url.to_owned());
        let token = token.map(str::to_owned);
        tokio::spawn(async move {
            let client = reqwest::Client::builder()
                .pool_max_idle_per_host(1)
                .build()
                .expect("a client");
            while begun.elapsed() < READS {
                let request = client.get(&url);
                let request = match &token {
                    Some(token) => request.bearer_auth(token),
                    None => request,
                };
                let answer = request.send().await.expect("sent");
                assert!(answer.status().is_success());
                answer.bytes().await.expect("a body");
                done.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.expect("done");
    }
    done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

/// A decision on establishment, each with another number: version, fact, audit.
async fn writes(engine: Engine) {
    let (database, _server, caller, code) = world(engine).await;
    let path = format!("/institutions/{code}/establishment");
    let mut tag = caller
        .get(&format!("/institutions/{code}"))
        .await
        .is(200)
        .tag;
    let mut recorded = Vec::new();
    let mut bytes = Vec::new();
    let mut took = Duration::ZERO;
    for number in 0..2 * WRITES {
        let listens = number < WRITES;
        let total = 300 + number % 7;
        let body = serde_json::json!({
            "from": "2026-11-22",
            "fact": { "total": total },
            "reason": "bench",
        });
        if listens {
            tap::listen();
        }
        let begun = Instant::now();
        let answer = caller
            .put(&path, &tag.take().expect("a tag"), body)
            .await
            .is(200);
        if listens {
            recorded.push(tap::heard());
        } else {
            took += begun.elapsed();
        }
        tag = answer.tag;
        bytes = answer.bytes;
    }
    remove(engine, &database.store, &database.url).await;
    // the same state once more, for the same statements with the same values
    let (database, server, _, _) = world(engine).await;
    drop(server.office);
    let statements = recorded.last().map_or(0, Vec::len);
    let floor = Floor::start(engine, &database.url, recorded, bytes).await;
    let client = reqwest::Client::new();
    let begun = Instant::now();
    for _ in 0..WRITES {
        let request = client.request(Method::PUT, &floor.url).body("{}");
        let answer = request.send().await.expect("sent");
        assert!(answer.status().is_success(), "{:?}", answer.text().await);
    }
    let floor_took = begun.elapsed();
    println!(
        "  one decision with its trail ({statements} steps): {:.2} ms of {:.2} ms, ratio {:.2}",
        took.as_secs_f64() * 1000.0 / WRITES as f64,
        floor_took.as_secs_f64() * 1000.0 / WRITES as f64,
        floor_took.as_secs_f64() / took.as_secs_f64()
    );
    remove(engine, &database.store, &database.url).await;
}

/// Ten thousand staff into an empty database, against the bare inserts of the same rows.
async fn import(engine: Engine) {
    let database = Database::new(engine).await;
    let office = office::office(&database.store);
    let clerk = office::reviewer(Authority::HumanResources, "150199");
    let size = Size {
        townships: 60,
        staff: 10_000,
    };
    let register = sample::county(size, "2026-11".parse().expect("a month"), 13);
    let people = register.people.len();
    let book = dinggang::sheet::write_register(&register).expect("a workbook");
    let files = [Input {
        name: "county.xlsx".to_owned(),
        bytes: book,
    }];
    let import = Import {
        office: &office,
        actor: &clerk,
        files: &files,
        on: NOW.shanghai_day(),
        scope: Complete::Area(area("150199")),
        reason: None,
        now: NOW,
    };
    tap::listen();
    let begun = Instant::now();
    import.run().await.expect("imported");
    let took = begun.elapsed();
    let steps = tap::heard();
    let mut writing = false;
    let inserts: Vec<Step> = steps
        .into_iter()
        .filter(|step| match step {
            Step::Open { writes, .. } => {
                writing = *writes;
                writing
            }
            Step::Statement { sql, .. } => writing && sql.starts_with("insert"),
            Step::Commit => writing,
        })
        .collect();
    remove(engine, &database.store, &database.url).await;
    let database = Database::new(engine).await;
    let bare = Bare::connect(engine, &database.url).await;
    // rows of one write do not wait for each other's references here
    let begun = Instant::now();
    bare.say(&inserts).await;
    let floor_took = begun.elapsed();
    println!(
        "  import of {people} staff: {:.2} s, bare inserts {:.2} s, ratio {:.2}",
        took.as_secs_f64(),
        floor_took.as_secs_f64(),
        took.as_secs_f64() / floor_took.as_secs_f64()
    );
    remove(engine, &database.store, &database.url).await;
}
