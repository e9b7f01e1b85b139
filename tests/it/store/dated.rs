//! Dated facts: any day, as known at any instant, with corrections kept.

use crate::support::database::on_both;
use crate::support::records::{begin, day, second, work};
use dinggang::domain::institution::ApprovedPosts;
use dinggang::domain::institution::Institution;
use dinggang::domain::record::{Id, Validity, Version, When};
use dinggang::domain::time::Date;
use dinggang::store::dated::{self, Of, Statement};
use dinggang::store::{Outcome, Store, StoreError, subject};

/// A plan with so many senior posts.
fn plan(senior: u32) -> ApprovedPosts {
    ApprovedPosts {
        senior: Some(senior),
        ..ApprovedPosts::default()
    }
}

async fn institution(store: &Store) -> Id<Institution> {
    work!(store, |tx| -> Id<Institution> {
        let mut recording = begin(tx, 0).await?;
        subject::create_with_code(tx, &mut recording, "WS01").await
    })
    .expect("made")
}

/// States at a second that from a day on the plan has so many senior posts.
async fn state(
    store: &Store,
    at: i64,
    subject: Id<Institution>,
    on: &str,
    senior: Option<u32>,
) -> Outcome {
    let on = day(on);
    work!(store, |tx,
                  at: i64,
                  subject: Id<Institution>,
                  on: Date,
                  senior: Option<u32>|
     -> Outcome {
        let mut recording = begin(tx, *at).await?;
        let statement = Statement {
            subject: *subject,
            slot: String::new(),
            fact: senior.map(plan),
            on: *on,
            until: None,
        };
        dated::state(tx, &mut recording, statement).await
    })
    .expect("stated")
}

/// The senior posts of the one institution.
async fn senior(store: &Store, when: When) -> Option<u32> {
    let mut reader = store.read().await.expect("a reader");
    let rows = dated::at::<ApprovedPosts>(&mut reader, Of::Everyone, when).await;
    let rows = rows.expect("rows");
    assert!(rows.len() <= 1, "{rows:?}");
    rows.first().and_then(|row| row.fact.senior)
}

on_both! {
    async fn any_day_as_known_at_any_instant(database: Database) {
        let store = &database.store;
        let id = institution(store).await;
        assert_eq!(state(store, 1, id, "2024-01-01", Some(5)).await, Outcome::Added);
        assert_eq!(state(store, 2, id, "2026-01-01", Some(8)).await, Outcome::Changed);
        // a late correction: from July 2025 on it was six
        assert_eq!(state(store, 3, id, "2025-07-01", Some(6)).await, Outcome::Changed);
        assert_eq!(state(store, 4, id, "2025-07-01", Some(6)).await, Outcome::Unchanged);
        assert_eq!(state(store, 5, id, "2027-01-01", None).await, Outcome::Ended);
        assert_eq!(state(store, 6, id, "2028-01-01", None).await, Outcome::Unchanged);
        for (on, known, expected) in [
            ("2023-12-31", None, None),
            ("2024-01-01", None, Some(5)),
            ("2025-06-30", None, Some(5)),
            ("2025-07-01", None, Some(6)),
            ("2025-12-31", None, Some(6)),
            ("2026-01-01", None, Some(8)),
            ("2026-12-31", None, Some(8)),
            ("2027-01-01", None, None),
            ("2024-06-01", Some(0), None),
            ("2024-06-01", Some(1), Some(5)),
            ("2026-06-01", Some(1), Some(5)),
            ("2026-06-01", Some(2), Some(8)),
            ("2025-08-01", Some(2), Some(5)),
            ("2025-08-01", Some(3), Some(6)),
            ("2027-06-01", Some(4), Some(8)),
            ("2027-06-01", Some(5), None),
        ] {
            let on_day = day(on);
            let when = known.map_or(When::on(on_day), |at| When::known_at(on_day, second(at)));
            assert_eq!(senior(store, when).await, expected, "{on} known at {known:?}");
        }
    }

    async fn history_keeps_what_was_replaced(database: Database) {
        let store = &database.store;
        let id = institution(store).await;
        state(store, 1, id, "2024-01-01", Some(5)).await;
        state(store, 2, id, "2025-01-01", Some(6)).await;
        let mut reader = store.read().await.expect("a reader");
        let rows = dated::history::<ApprovedPosts>(&mut reader, id).await.expect("rows");
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.fact.senior, row.validity, row.superseded.is_some()))
            .collect();
        let year = |from: &str, until: Option<&str>| Validity {
            from: day(from),
            until: until.map(day),
        };
        assert_eq!(told, [
            (Some(5), year("2024-01-01", None), true),
            (Some(5), year("2024-01-01", Some("2025-01-01")), false),
            (Some(6), year("2025-01-01", None), false),
        ]);
        assert_eq!(rows[0].superseded.map(|(at, _)| at), Some(second(2)));
        assert_eq!(rows[0].superseded.map(|(_, by)| by), Some(rows[1].recorded_by));
        let change = dinggang::store::change::find(&mut reader, rows[2].recorded_by).await;
        let change = change.expect("an answer").expect("the change");
        assert_eq!((change.at, change.author.name.as_str()), (second(2), "测试"));
    }

    async fn a_stale_version_says_both(database: Database) {
        let store = &database.store;
        let id = institution(store).await;
        let mut reader = store.read().await.expect("a reader");
        let found = subject::with_code::<Institution>(&mut reader, "WS01").await;
        let (found, seen) = found.expect("an answer").expect("the institution");
        assert_eq!(found, id);
        drop(reader);
        let touch = async || {
            work!(store, |tx, id: Id<Institution>, seen: Version| -> Version {
                subject::touch(tx, *id, *seen).await
            })
        };
        assert_eq!(touch().await.expect("touched"), seen.next());
        match touch().await {
            Err(StoreError::Stale { expected, actual }) => {
                assert_eq!((expected.number(), actual.number()), (1, 2));
            }
            other => panic!("{other:?}"),
        }
    }

    async fn the_tables_refuse_what_cannot_be(database: Database) {
        let store = &database.store;
        let id = institution(store).await;
        let again = work!(store, |tx| -> Id<Institution> {
            let mut recording = begin(tx, 1).await?;
            subject::create_with_code(tx, &mut recording, "WS01").await
        });
        assert_constraint(again, "institution_code");
        let nobody = Id::<Institution>::from_uuid(Default::default());
        let of_nobody = work!(store, |tx, nobody: Id<Institution>| -> Outcome {
            let mut recording = begin(tx, 1).await?;
            let statement = Statement {
                subject: *nobody,
                slot: String::new(),
                fact: Some(plan(1)),
                on: day("2026-01-01"),
                until: None,
            };
            dated::state(tx, &mut recording, statement).await
        });
        assert_constraint(of_nobody, "foreign_key");
        let backwards = work!(store, |tx, id: Id<Institution>| -> Outcome {
            let mut recording = begin(tx, 1).await?;
            let statement = Statement {
                subject: *id,
                slot: String::new(),
                fact: Some(plan(1)),
                on: day("2026-01-01"),
                until: Some(day("2025-01-01")),
            };
            dated::state(tx, &mut recording, statement).await
        });
        assert_constraint(backwards, "post_plan_valid");
    }

    async fn a_value_that_cannot_be_read_is_named(database: Database) {
        let store = &database.store;
        let id = institution(store).await;
        state(store, 1, id, "2024-01-01", Some(5)).await;
        database.sql("update post_plan set senior = 99999999999").await.expect("altered");
        let mut reader = store.read().await.expect("a reader");
        let when = When::on(day("2025-01-01"));
        match dated::at::<ApprovedPosts>(&mut reader, Of::Everyone, when).await {
            Err(StoreError::Corrupt { table, column, row }) => {
                assert_eq!((table, column.as_str()), ("post_plan", "senior"));
                assert_eq!(row.len(), 36);
            }
            other => panic!("{other:?}"),
        }
    }
}

fn assert_constraint<T: std::fmt::Debug>(result: Result<T, StoreError>, name: &str) {
    match result {
        Err(StoreError::Constraint(found)) => assert_eq!(found, name),
        other => panic!("{other:?}"),
    }
}
