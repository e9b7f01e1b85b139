//! Kill -9 in the midst of deciding: afterwards no decision and no kept place is lost or there
//! twice. Whatever was decided stands in the records, the history, the trail and the outbox,
//! or in none of them.
//!
//! Rounds as in [`crash`](super::crash).

use crate::crash::{READY, URL, office_of, rounds, writer};
use crate::support::database::{Database, Engine, block_on, remove};
use crate::support::office::{auditor, office};
use crate::support::road::{APPROVE, County, centre, city, later};
use dinggang::domain::post::Level;
use dinggang::domain::promotion::{Command, Kind, State};
use dinggang::domain::record_id::ApplicationId;
use dinggang::domain::rights::Authority;
use dinggang::domain::title::Rank;
use dinggang::service::trail;
use dinggang::store::promotion::{Wanted, list};
use dinggang::store::{Options, Store};
use std::time::Duration;

const HIGH: Rank = Rank::AssociateSenior;
/// Who holds a senior post from the beginning, and who wants one.
const HOLD: usize = 2;
const WANT: usize = 6;

async fn in_states(county: &County, states: &[State]) -> Vec<ApplicationId> {
    let mut reader = county.office.store.read().await.expect("a reader");
    let wanted = Wanted {
        states: states.to_vec(),
        ..Wanted::default()
    };
    let found = list(&mut reader, &wanted, u32::MAX).await;
    found.expect("a list")
}

/// Puts things back as they were before the first decision.
async fn put_back(county: &County) {
    let clerk = county.clerk();
    let open: Vec<State> = State::ALL
        .iter()
        .copied()
        .filter(|state| state.is_open())
        .collect();
    let reason = "重新开始".to_owned();
    for id in in_states(county, &open).await {
        let command = Command::Withdraw {
            reason: reason.clone(),
        };
        let done = county.act(&clerk, id, &command, later()).await;
        done.expect("withdrawn");
    }
    for id in in_states(county, &[State::Effective]).await {
        let command = Command::Revoke {
            reason: reason.clone(),
        };
        let posts = city(Authority::HumanResources);
        county
            .act(&posts, id, &command, later())
            .await
            .expect("taken back");
    }
}

/// Not a test of its own: the process that is killed.
#[test]
fn the_process_that_decides() {
    let Ok(url) = std::env::var(URL) else {
        return;
    };
    block_on(async {
        let store = Store::connect(&url, Options::default())
            .await
            .expect("connected");
        let county = County::of(office_of(&store)).await;
        println!("{READY}");
        put_back(&county).await;
        let offices = [Authority::Health, Authority::HumanResources].map(city);
        for turn in 0usize.. {
            let number = HOLD + turn % WANT;
            let id = county.under_review(number, Kind::Appointment, HIGH).await;
            for office in &offices {
                let done = county.act(office, id, &APPROVE, later()).await;
                done.expect("approved");
            }
            if turn % 2 == 1 {
                put_back(&county).await;
            }
        }
    });
}

async fn check(database: &Database, seen: &str) {
    let store = database.again().await;
    let county = County::of(office_of(&store)).await;
    let verified = trail::verify(&county.office, &auditor(), &[]).await;
    let verified = verified.expect("an answer");
    verified.unwrap_or_else(|tampered| panic!("{seen}: {tampered:?}"));
    let none = async |what: &str, text: &str| {
        let lines = database.lines(text).await;
        assert!(lines.is_empty(), "{seen}: {what}: {lines:?}");
    };
    none(
        "two appointments of one person at once",
        "select a.subject from appointment a join appointment b on a.subject = b.subject \
         and a.slot = b.slot and a.id < b.id where a.superseded_at is null \
         and b.superseded_at is null and (a.valid_to is null or a.valid_to > b.valid_from) \
         and (b.valid_to is null or b.valid_to > a.valid_from)",
    )
    .await;
    none(
        "a decision without the change it made",
        "select id from application where state = 'effective' and decided_by is null",
    )
    .await;
    none(
        "a decision that is not told of in the trail",
        "select id from application where decided_by is not null and decided_by not in \
         (select change from audit_event where change is not null \
         and action = 'application.approve')",
    )
    .await;
    none(
        "a decision of which the person or the institution is not told",
        "select application from application_event where state_after = 'effective' \
         and state_before <> 'effective' group by application having count(*) * 2 <> \
         (select count(*) from outbox where kind = 'application.effective' \
         and outbox.key like 'application:' || application || ':%')",
    )
    .await;
    none(
        "an application on its way whose place is not kept, or is kept twice",
        "select id from application where state in ('recommended', 'notice', 'review') and \
         (select count(*) from reservation where reservation.application = application.id \
         and kept_until is null) <> 1",
    )
    .await;
    none(
        "a place that is kept for nobody",
        "select application from reservation where kept_until is null and application in \
         (select id from application where state not in ('recommended', 'notice', 'review'))",
    )
    .await;
    none(
        "a step that the history does not have",
        "select id from application where state <> 'draft' and not exists (select 1 \
         from application_event where application_event.application = application.id \
         and state_after = application.state)",
    )
    .await;
    let effective = in_states(&county, &[State::Effective]).await.len();
    let held = county.posts(Level::Senior, "2026-11-28").await.counted();
    let decided = HOLD + effective;
    assert_eq!(held, decided as i64, "{seen}: who holds a post");
    store.close().await;
}

fn survives(engine: Engine) {
    block_on(async {
        let database = Database::new(engine).await;
        let mut register = centre(HOLD, WANT);
        let house = &mut register.institutions[0];
        house.posts.professional = Some(200);
        house.posts.senior = Some(4);
        County::new(office(&database.store), &register).await;
        let seed = u64::from(std::process::id());
        let mut chance = fastrand::Rng::with_seed(seed);
        for round in 0..rounds() {
            let test = "crash_of_decisions::the_process_that_decides";
            let mut child = writer(test, &database.url);
            let wait = Duration::from_millis(chance.u64(0..2500));
            tokio::time::sleep(wait).await;
            child.kill().expect("killed");
            child.wait().expect("gone");
            check(&database, &format!("seed {seed}, round {round}, {wait:?}")).await;
        }
        let told = database.lines("select id from application_event").await;
        assert!(!told.is_empty(), "something was done");
        remove(engine, &database.store, &database.url).await;
    });
}

#[test]
fn a_killed_decision_is_whole_or_nothing_in_sqlite() {
    survives(Engine::Sqlite);
}

#[test]
fn a_killed_decision_is_whole_or_nothing_in_postgres() {
    survives(Engine::Postgres);
}
