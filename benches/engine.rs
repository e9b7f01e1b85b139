//! The engine over columns against a loop written by hand for the same rules, in the same
//! run. Prints ratios; `docs/PERFORMANCE.md` quotes them and says how to repeat them.
//!
//! `cargo bench --bench engine [-- PEOPLE]`

#[allow(
    unsafe_code,
    reason = "an allocator that counts can be written no other way"
)]
mod support;

use dinggang::domain::institution::Kind;
use dinggang::domain::month::Month;
use dinggang::policy::diagnostic::Diagnostics;
use dinggang::policy::library::{Files, Library};
use dinggang::policy::plan::{Adoption, Plan};
use dinggang::rules::assessment::{Assessment, assess};
use std::path::Path;
use std::time::Duration;
use support::columns;
use support::hand;
use support::memory::{self, Counting};
use support::timing::{median, time};

#[global_allocator]
static MEMORY: Counting = Counting;

const RUNS: usize = 7;

fn main() {
    let people = std::env::args()
        .filter_map(|a| a.parse().ok())
        .next()
        .unwrap_or(1_000_000);
    let plan = plan();
    println!(
        "{} tests a person, {} standings, {} counts",
        atoms(&plan),
        plan.standings.len(),
        plan.people_counts.len()
    );
    compare(&plan, people);
    scaling(&plan, people);
}

fn atoms(plan: &Plan) -> usize {
    plan.tests
        .get(&dinggang::policy::fact::Entity::Person)
        .map_or(0, |tests| tests.atoms.len())
}

fn plan() -> Plan {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let ids = [
        "inner-mongolia/primary-care-draft",
        "national/retirement-2024",
        "national/public-institutions-2014",
    ];
    let mut files = Files::new();
    for path in ids
        .iter()
        .map(|id| format!("{id}/policy.toml"))
        .chain(["facts.toml".to_owned()])
    {
        files.insert(
            path.clone(),
            std::fs::read_to_string(root.join(path)).expect("shipped"),
        );
    }
    let mut problems = Diagnostics::default();
    let library = Library::read(&files, "", ids, &mut problems);
    assert!(problems.0.is_empty());
    let as_of: Month = "2026-11".parse().expect("a month");
    Plan::compile(
        library.facts,
        library.policies,
        &Adoption::default(),
        as_of,
        &|_| false,
    )
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("a pool")
}

/// One core each, alternating, so that a drift of the machine falls on both.
fn compare(plan: &Plan, people: usize) {
    let data = columns::random(&plan.facts, people, people / 50, plan.as_of);
    let one = pool(1);
    let two = pool(2);
    let (mut engine, mut loops, mut twice) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (by_hand, took) = time(|| hand::evaluate(&plan.facts, &data, plan.as_of));
        loops.push(took);
        let (assessed, took) = time(|| one.install(|| assess(plan, &data)));
        engine.push(took);
        check(plan, &assessed, &by_hand);
        let (_, took) = time(|| two.install(|| assess(plan, &data)));
        twice.push(took);
    }
    let ratio = |a: &[Duration], b: &[Duration]| median(a).as_secs_f64() / median(b).as_secs_f64();
    println!(
        "{people} people in {} institutions, median of {RUNS}",
        people / 50
    );
    println!(
        "  loop by hand, one core   {:8.1} ms",
        median(&loops).as_secs_f64() * 1e3
    );
    println!(
        "  engine, one core         {:8.1} ms   {:.2} x the loop",
        median(&engine).as_secs_f64() * 1e3,
        ratio(&engine, &loops)
    );
    println!(
        "  engine, two cores        {:8.1} ms   {:.2} x one core",
        median(&twice).as_secs_f64() * 1e3,
        ratio(&twice, &engine)
    );
    drop(data);
    let before = memory::now();
    let data = columns::random(&plan.facts, people, people / 50, plan.as_of);
    let size = memory::now() - before;
    memory::reset_peak();
    let assessed = one.install(|| assess(plan, &data));
    let peak = memory::peak() - before;
    drop(assessed);
    println!(
        "  columns {:.1} MB, with the evaluation at its peak {:.1} MB: {:.2} x",
        size as f64 / 1e6,
        peak as f64 / 1e6,
        peak as f64 / size as f64
    );
}

/// Five times the people cost at most five and a half times.
fn scaling(plan: &Plan, people: usize) {
    let one = pool(1);
    let mut medians = Vec::new();
    for people in [people, 5 * people] {
        let data = columns::random(&plan.facts, people, people / 50, plan.as_of);
        let runs: Vec<Duration> = (0..RUNS)
            .map(|_| time(|| one.install(|| assess(plan, &data))).1)
            .collect();
        medians.push(median(&runs));
        println!(
            "{people} people: {:.1} ms",
            median(&runs).as_secs_f64() * 1e3
        );
    }
    println!(
        "  5 x the people cost {:.2} x",
        medians[1].as_secs_f64() / medians[0].as_secs_f64()
    );
}

/// The loop and the engine did the same work and came to the same.
fn check(plan: &Plan, engine: &Assessment, by_hand: &hand::Result) {
    for (row, person) in by_hand.people.iter().enumerate() {
        assert_eq!(
            engine.people.retirement(row).map(Month::index),
            Some(person.retirement),
            "row {row}"
        );
        assert_eq!(
            engine.people.ledger(row).map(|l| l.code()),
            person.ledger,
            "row {row}"
        );
        for at in 0..plan.standings.len() {
            let verdict = engine.people.verdict(row, at).map_or(0, |v| v.code() + 1);
            assert_eq!(verdict, person.verdicts[at], "row {row}, standing {at}");
        }
    }
    for (at, (institution, own)) in engine
        .institutions
        .iter()
        .zip(&by_hand.institutions)
        .enumerate()
    {
        assert_eq!(
            institution.posts.senior.limit, own.senior_limit,
            "institution {at}"
        );
        assert_eq!(
            institution.posts.senior.ordinary, own.ordinary[0],
            "institution {at}"
        );
        assert_eq!(institution.findings.len(), own.findings, "institution {at}");
        let fails = institution
            .findings
            .iter()
            .filter(|f| f.verdict == dinggang::rules::verdict::Verdict::Fails);
        assert_eq!(fails.count(), own.fails, "institution {at}");
    }
    assert!(Kind::ALL.len() == 9);
}
