//! Many who want the last place at once, through two instances on one database: exactly
//! one gets it, and the others are told who did.
//!
//! `RACE_ROUNDS` says how often; a few by default.

use crate::support::database::{Database, Engine, run};
use crate::support::office::{NOW, office};
use crate::support::road::{APPROVE, County, centre, city, later};
use dinggang::domain::post::Level;
use dinggang::domain::promotion::{Command, Kind, State};
use dinggang::domain::record_id::ApplicationId;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Actor, Authority};
use dinggang::domain::time::Timestamp;
use dinggang::domain::title::Rank;
use dinggang::service::promotion::{Act, Acted};
use dinggang::service::{Office, ServiceError};

const MANY: usize = 64;
const HIGH: Rank = Rank::AssociateSenior;

fn rounds() -> usize {
    let said = std::env::var("RACE_ROUNDS").ok();
    said.and_then(|said| said.parse().ok()).unwrap_or(2)
}

/// One senior post is free, of as many as are approved.
fn register(approved: u32) -> Register {
    let mut register = centre(2, MANY);
    let house = &mut register.institutions[0];
    house.posts.professional = Some(2000);
    house.posts.senior = Some(approved);
    register
}

/// Everybody does the same at once, every other one through another instance.
async fn all_at_once(
    offices: [&Office; 2],
    county: &County,
    actor: &Actor,
    ids: &[ApplicationId],
    command: &Command,
    now: Timestamp,
) -> Vec<Result<Acted, ServiceError>> {
    let mut tasks = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let seen = county.look(*id).await.version;
        let (office, actor) = (offices[at % 2].clone(), actor.clone());
        let (id, command) = (*id, command.clone());
        tasks.push(tokio::spawn(async move {
            let act = Act {
                office: &office,
                actor: &actor,
                id,
                seen,
                command: &command,
                override_reason: None,
                now,
            };
            act.run().await
        }));
    }
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.expect("no panic"));
    }
    results
}

/// One went through, by its position; all others were told who holds the place.
fn winner(results: &[Result<Acted, ServiceError>]) -> usize {
    let mut winners = Vec::new();
    for (at, result) in results.iter().enumerate() {
        match result {
            Ok(_) => winners.push(at),
            Err(ServiceError::Refused(why)) => match &why[..] {
                [
                    Refusal::NoPlace {
                        limit,
                        counted,
                        reserved,
                        held_by,
                        ..
                    },
                ] => {
                    assert!(counted + reserved >= *limit);
                    assert_eq!(held_by.len() as i64, *reserved);
                }
                other => panic!("{other:?}"),
            },
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(winners.len(), 1, "exactly one");
    winners[0]
}

async fn recommendations(database: Database) {
    let again = database.again().await;
    let other = office(&again);
    let county = County::new(office(&database.store), &register(3)).await;
    let clerk = county.clerk();
    let mut ids = Vec::new();
    for number in 2..2 + MANY {
        ids.push(county.submitted(number, Kind::Appointment, HIGH).await);
    }
    let offices = [
        &county.office,
        &Office {
            vault: county.office.vault.clone(),
            ..other
        },
    ];
    for _ in 0..rounds() {
        let recommend = Command::recommend();
        let results = all_at_once(offices, &county, &clerk, &ids, &recommend, NOW).await;
        let first = winner(&results);
        let posts = county.posts(Level::Senior, "2026-11-22").await;
        assert_eq!(
            (posts.counted(), posts.reserved, posts.vacant()),
            (2, 1, Some(0))
        );
        // and for the next round the place is free again
        let withdraw = Command::Withdraw {
            reason: "不再申报".to_owned(),
        };
        county
            .act(&clerk, ids[first], &withdraw, NOW)
            .await
            .expect("withdrawn");
        ids.remove(first);
        if ids.len() < MANY / 2 {
            break;
        }
    }
    again.close().await;
}

/// More places were promised than there are now, because the plan was cut.
async fn approvals(database: Database) {
    let again = database.again().await;
    let other = office(&again);
    let county = County::new(office(&database.store), &register(2 + MANY as u32)).await;
    let mut ids = Vec::new();
    for number in 2..2 + MANY {
        ids.push(county.under_review(number, Kind::Appointment, HIGH).await);
    }
    let first_step = city(Authority::Health);
    for id in &ids {
        county
            .act(&first_step, *id, &APPROVE, later())
            .await
            .expect("the first step");
    }
    database
        .sql("update post_plan set senior = 3")
        .await
        .expect("cut");
    let offices = [
        &county.office,
        &Office {
            vault: county.office.vault.clone(),
            ..other
        },
    ];
    let posts = city(Authority::HumanResources);
    for _ in 0..rounds() {
        let results = all_at_once(offices, &county, &posts, &ids, &APPROVE, later()).await;
        let first = winner(&results);
        let figures = county.posts(Level::Senior, "2026-11-28").await;
        assert_eq!(figures.counted(), 3);
        assert_eq!(county.look(ids[first]).await.state, State::Effective);
        let decided = "select id from application_event where state_after = 'effective'";
        let told = "select id from audit_event where action = 'application.approve' \
            and change is not null";
        let decided = database.lines(decided).await.len();
        assert_eq!(database.lines(told).await.len(), decided);
        let revoke = Command::Revoke {
            reason: "重新安排".to_owned(),
        };
        county
            .act(&posts, ids[first], &revoke, later())
            .await
            .expect("taken back");
        ids.remove(first);
        if ids.len() < MANY / 2 {
            break;
        }
    }
    again.close().await;
}

#[test]
fn recommended_on_sqlite() {
    run(Engine::Sqlite, recommendations);
}

#[test]
fn recommended_on_postgres() {
    run(Engine::Postgres, recommendations);
}

#[test]
fn approved_on_sqlite() {
    run(Engine::Sqlite, approvals);
}

#[test]
fn approved_on_postgres() {
    run(Engine::Postgres, approvals);
}
