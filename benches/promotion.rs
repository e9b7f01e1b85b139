//! Deciding, against the least that it can cost: an approval against the bare transaction of
//! the same statements, isolation and durability; where somebody stands against bare poem with
//! the same reads; a preview of many cases and what-if over very many institutions against the
//! engine that evaluates the same rows once. Both sides in the same run.
//!
//! `cargo bench --bench promotion`

#![allow(
    dead_code,
    unused_macros,
    unused_imports,
    reason = "the support of the tests serves here too"
)]

mod support {
    #[path = "../../tests/it/support/build.rs"]
    pub mod build;
    #[path = "../../tests/it/support/database.rs"]
    pub mod database;
    #[path = "../../tests/it/support/library.rs"]
    pub mod library;
    #[path = "../../tests/it/support/office.rs"]
    pub mod office;
    #[path = "../../tests/it/support/records.rs"]
    pub mod records;
    #[path = "../../tests/it/support/road.rs"]
    pub mod road;
    #[path = "../../tests/it/support/server.rs"]
    pub mod server;
}
#[path = "support/bare.rs"]
mod bare;
#[path = "support/timing.rs"]
mod timing;

use bare::{Bare, Floor};
use dinggang::domain::promotion::Kind;
use dinggang::domain::record::When;
use dinggang::domain::record_id::ApplicationId;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Authority, Capacity};
use dinggang::domain::title::Rank;
use dinggang::policy::plan::{Adoption, Plan};
use dinggang::rules::assessment::assess_institutions;
use dinggang::rules::data::Data;
use dinggang::rules::scenario::{Change, World, changed, run};
use dinggang::sample::{self, Size};
use dinggang::service::{Office, Shelf, bench};
use dinggang::store::register::{Part, load};
use dinggang::store::tap::{self, Step};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::database::{Database, Engine, block_on, remove};
use support::library;
use support::office::{self, NOW};
use support::road::{APPROVE, County, centre, city, later};
use support::server::Server;
use timing::{median, time};

const HIGH: Rank = Rank::AssociateSenior;
/// Approvals that are told to the floor, and as many that are measured.
const APPROVALS: usize = 50;
const REQUESTS: usize = 500;
const CASES: usize = 200;
const STAFF: usize = 1_000;
const INSTITUTIONS: usize = 50_000;
const RUNS: usize = 7;

fn main() {
    for engine in Engine::BOTH {
        println!("{engine:?}");
        block_on(approvals(engine));
        block_on(eligibility(engine));
        block_on(preview(engine));
    }
    what_if();
}

/// A centre with a post for everybody who wants one.
fn wide(want: usize, staff: usize) -> Register {
    let mut register = centre(2, want.max(staff.saturating_sub(2)));
    let house = &mut register.institutions[0];
    house.posts.professional = Some(20_000);
    house.posts.senior = Some(2 + u32::try_from(want).expect("small"));
    house.establishment.total = Some(20_000);
    register
}

/// Applications that wait for their last office.
async fn waiting(database: &Database, want: usize) -> (County, Vec<ApplicationId>) {
    let office = office::office(&database.store);
    let county = County::new(office, &wide(want, want)).await;
    let health = city(Authority::Health);
    let mut ids = Vec::new();
    for number in 2..2 + want {
        let id = county.under_review(number, Kind::Appointment, HIGH).await;
        let done = county.act(&health, id, &APPROVE, later()).await;
        done.expect("the first office");
        ids.push(id);
    }
    (county, ids)
}

async fn approvals(engine: Engine) {
    let database = Database::new(engine).await;
    let (county, ids) = waiting(&database, 2 * APPROVALS).await;
    let posts = city(Authority::HumanResources);
    let (mut heard, mut took) = (Vec::new(), Vec::new());
    for (at, id) in ids.iter().enumerate() {
        let seen = county.look(*id).await.version;
        let act = dinggang::service::promotion::Act {
            office: &county.office,
            actor: &posts,
            id: *id,
            seen,
            command: &APPROVE,
            override_reason: None,
            now: later(),
        };
        let listens = at < APPROVALS;
        if listens {
            tap::listen();
        }
        let (done, time) = time_of(act.run()).await;
        done.expect("approved");
        if listens {
            heard.push(tap::heard());
        } else {
            took.push(time);
        }
    }
    let statements = heard.last().map_or(0, Vec::len);
    remove(engine, &database.store, &database.url).await;
    // the same state once more: identifiers are counted, so they are the same
    let database = Database::new(engine).await;
    let _ = waiting(&database, 2 * APPROVALS).await;
    let bare = Bare::connect(engine, &database.url).await;
    let mut floor = Vec::new();
    for steps in &heard {
        let ((), time) = time_of(bare.say(steps)).await;
        floor.push(time);
    }
    told("approval, all checks", median(&took), median(&floor), 0.5);
    println!("    {statements} steps each");
    remove(engine, &database.store, &database.url).await;
}

async fn time_of<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let begun = Instant::now();
    let out = work.await;
    (out, begun.elapsed())
}

/// Ours, the floor, and which part of the floor's speed is wanted.
fn told(what: &str, ours: Duration, floor: Duration, wanted: f64) {
    let ratio = floor.as_secs_f64() / ours.as_secs_f64();
    println!(
        "  {what}: {:.2} ms of {:.2} ms, ratio {ratio:.2} (wanted {wanted})",
        ours.as_secs_f64() * 1000.0,
        floor.as_secs_f64() * 1000.0
    );
}

async fn eligibility(engine: Engine) {
    let database = Database::new(engine).await;
    let server = Server::start(&database).await;
    let county = County::new(server.office.clone(), &wide(10, 200)).await;
    let caller = Capacity::InstitutionHr {
        institution: county.centre(),
    };
    let caller = server.somebody(caller).await;
    let path = format!("/people/{}/eligibility", county.person(3));
    caller.get(&path).await.is(200);
    tap::listen();
    let answer = caller.get(&path).await.is(200);
    let steps = tap::heard();
    let floor = Floor::start(engine, &database.url, vec![steps], answer.bytes).await;
    let client = reqwest::Client::new();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..REQUESTS {
        let (_, time) = time_of(caller.get(&path)).await;
        ours.push(time);
        let bare = async {
            let answer = client.get(&floor.url).send().await.expect("sent");
            answer.bytes().await.expect("a body")
        };
        let (_, time) = time_of(bare).await;
        theirs.push(time);
    }
    told("where somebody stands", median(&ours), median(&theirs), 0.5);
    remove(engine, &database.store, &database.url).await;
}

fn plan() -> Plan {
    let library = library::shipped();
    Plan::compile(
        library.facts.clone(),
        library.policies.clone(),
        &Adoption::default(),
        "2026-11".parse().expect("a month"),
        &|_| false,
    )
}

/// The engine over a register, once.
fn engine_over(plan: &Plan, register: &Register) -> usize {
    let data = Data::of_register(register, &plan.facts, plan.as_of);
    assess_institutions(plan, &data).1.len()
}

async fn preview(engine: Engine) {
    let database = Database::new(engine).await;
    let register = wide(CASES, STAFF);
    let county = County::new(office::office(&database.store), &register).await;
    let clerk = county.clerk();
    let mut ids = Vec::new();
    for number in 2..2 + CASES {
        ids.push(county.submitted(number, Kind::Appointment, HIGH).await);
    }
    let plan = plan();
    let (mut ours, mut read, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        // nothing of an earlier run is remembered: both sides read the rows
        let office = Office {
            shelf: Arc::new(Shelf::new(0)),
            ..county.office.clone()
        };
        let batch = bench::batch(&office, &clerk, &ids, None, NOW);
        let (batch, took) = time_of(batch).await;
        assert_eq!(batch.expect("tried").cases.len(), CASES);
        ours.push(took);
        let ((), took) = time_of(async {
            let part = Part::These(vec![county.centre()]);
            let mut reader = office.store.snapshot().await.expect("a snapshot");
            let vault = office.vault.as_ref();
            let loaded = load(&mut reader, &part, When::on(NOW.shanghai_day()), vault).await;
            assert_eq!(engine_over(&plan, &loaded.expect("loaded").register), 1);
        })
        .await;
        read.push(took);
        let (_, took) = time(|| engine_over(&plan, &register));
        alone.push(took);
    }
    let [ours, read, alone] = [ours, read, alone].map(|times| median(&times).as_secs_f64());
    println!(
        "  preview of {CASES} among {STAFF}: {:.2} ms, the same rows read and evaluated once \
         {:.2} ms: {:.2} × (wanted 3); evaluating alone {:.2} ms",
        ours * 1000.0,
        read * 1000.0,
        ours / read,
        alone * 1000.0
    );
    remove(engine, &database.store, &database.url).await;
}

fn what_if() {
    let size = Size {
        townships: INSTITUTIONS,
        staff: 4 * INSTITUTIONS,
    };
    let register = sample::county(size, "2026-11".parse().expect("a month"), 17);
    let plan = plan();
    let decided = vec![false; register.people.len()];
    let which = vec![0; register.institutions.len()];
    let changes = [Change::Leave { person: 0 }];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (_, took) = time(|| engine_over(&plan, &register));
        theirs.push(took);
        let (_, took) = time(|| {
            let other = changed(&register, &changes);
            let world = World {
                register: &other,
                decided: &decided,
                plans: &[&plan],
                which: &which,
            };
            run(world, 0).institutions.len()
        });
        ours.push(took);
    }
    let (ours, theirs) = (median(&ours), median(&theirs));
    println!(
        "what-if over {} institutions: {:.2} s, the engine once {:.2} s: {:.2} × (wanted 2)",
        register.institutions.len(),
        ours.as_secs_f64(),
        theirs.as_secs_f64(),
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
}
