//! The audit trail: only ever added to, and tampering shows.

use crate::support::database::{Database, on_both};
use crate::support::records::{disarm_trail, second, work};
use dinggang::domain::audit::{
    About, Detail, Event, Head, Source, Tampered, Tampering, Verified, What, Who,
};
use dinggang::domain::record_id::EventId;
use dinggang::domain::rights::{Action, Filter};
use dinggang::store::audit::Sweep;
use dinggang::store::{Store, StoreError, audit};
use serde_json::json;

fn event(number: i64) -> Event {
    let now = second(number);
    let salt = [number.to_be_bytes()[7]; 16];
    Event::new(
        EventId::new(now, [7; 10]),
        now,
        Who::other(Source::Command, "测试"),
        &What::Action(Action::RevealPerson),
        About {
            noun: "person".to_owned(),
            id: "p1".to_owned(),
            ..About::default()
        },
        Detail::new(salt, None, Some(&json!({ "number": number })), Some("核对")),
    )
}

async fn append(store: &Store, number: i64) {
    work!(store, |tx, number: i64| -> () {
        audit::append(tx, &event(*number)).await
    })
    .expect("appended");
}

async fn seal(store: &Store) -> u64 {
    work!(store, |tx| -> u64 {
        audit::seal(tx, Sweep::New, second(100)).await
    })
    .expect("sealed")
}

async fn verify(store: &Store, exported: &[Head]) -> Result<Verified, Tampered> {
    let mut reader = store.snapshot().await.expect("a reader");
    let verified = audit::verify(&mut reader, exported).await;
    verified.expect("an answer")
}

/// Number in the chain and kind of what is found.
async fn found(store: &Store, exported: &[Head]) -> Option<(u64, Tampering)> {
    let tampered = verify(store, exported).await.err()?;
    Some((tampered.at, tampered.kind))
}

/// A sealed trail of so many events, whose triggers were taken away.
async fn sealed(database: &Database, events: i64) -> Head {
    for number in 1..=events {
        append(&database.store, number).await;
    }
    seal(&database.store).await;
    let head = verify(&database.store, &[]).await.expect("whole").head;
    disarm_trail(database).await;
    head
}

fn id(number: i64) -> String {
    event(number).id.to_string()
}

on_both! {
    async fn events_that_come_late_are_sealed_too(database: Database) {
        let store = &database.store;
        append(store, 200).await;
        assert_eq!(seal(store).await, 1);
        // its write began before, and ended after the other
        append(store, 150).await;
        assert_eq!(seal(store).await, 1);
        // from a machine whose clock is two hours behind
        append(store, 200 - 7200 + 100).await;
        assert_eq!(seal(store).await, 0);
        let swept = work!(store, |tx| -> u64 {
            audit::seal(tx, Sweep::Whole, second(100)).await
        });
        assert_eq!(swept.expect("sealed"), 1);
        assert!(verify(store, &[]).await.is_ok());
    }

    async fn events_are_sealed_into_a_chain(database: Database) {
        let store = &database.store;
        for number in 1..=3 {
            append(store, number).await;
        }
        let before = verify(store, &[]).await.expect("whole");
        assert_eq!((before.head, before.unsealed.len()), (Head::START, 3));
        assert_eq!(seal(store).await, 3);
        append(store, 4).await;
        let after = verify(store, &[Head::START]).await.expect("whole");
        assert_eq!((after.head.sequence, after.unsealed), (3, vec![event(4).id]));
        let mut reader = store.snapshot().await.expect("a reader");
        assert_eq!(audit::head(&mut reader).await.expect("a head"), after.head);
        let told = audit::of_subject(&mut reader, "person", "p1").await.expect("events");
        assert_eq!(told, [event(1), event(2), event(3), event(4)]);
        let everything = Filter::default();
        let before = Some(event(3).id);
        let latest = audit::latest(&mut reader, &everything, None, before, 1).await;
        assert_eq!(latest.expect("events"), [event(2)]);
        drop(reader);
        assert_eq!(seal(store).await, 1);
        assert_eq!(seal(store).await, 0);
        assert!(verify(store, &[after.head]).await.is_ok());
    }

    async fn the_database_refuses_alterations(database: Database) {
        let store = &database.store;
        append(store, 1).await;
        seal(store).await;
        for (sql, name) in [
            ("update audit_event set author = ''", "audit_event_append_only"),
            ("delete from audit_event", "audit_event_append_only"),
            ("update audit_detail set reason = ''", "audit_detail_append_only"),
            ("update audit_seal set position = 9", "audit_seal_append_only"),
            ("delete from audit_seal", "audit_seal_append_only"),
        ] {
            let error = database.sql(sql).await.expect_err("refused");
            match StoreError::from(error) {
                StoreError::Constraint(found) => assert_eq!(found, name, "{sql}"),
                other => panic!("{other:?}"),
            }
        }
        if database.engine == Engine::Postgres {
            database.sql("truncate audit_seal").await.expect_err("refused");
            database.sql("truncate audit_detail").await.expect_err("refused");
        }
        assert!(verify(store, &[]).await.is_ok());
    }

    async fn details_can_be_erased_and_the_chain_holds(database: Database) {
        let store = &database.store;
        append(store, 1).await;
        append(store, 2).await;
        seal(store).await;
        let first = event(1).id;
        work!(store, |tx, first: EventId| -> () { audit::erase_detail(tx, *first).await })
            .expect("erased");
        let verified = verify(store, &[]).await.expect("whole");
        assert_eq!(verified.erased, [event(1).id]);
        let mut reader = store.read().await.expect("a reader");
        let told = audit::of_subject(&mut reader, "person", "p1").await.expect("events");
        assert_eq!(told, [event(1).erased(), event(2)]);
    }

    async fn edited_events_are_found(database: Database) {
        let store = &database.store;
        let head = sealed(&database, 3).await;
        let set = |author: &str| {
            format!("update audit_event set author = '{author}' where id = '{}'", id(2))
        };
        database.sql(&set("别人")).await.expect("altered");
        assert_eq!(found(store, &[head]).await, Some((2, Tampering::Edited)));
        database.sql(&set("测试")).await.expect("put back");
        assert_eq!(found(store, &[head]).await, None);
        let reason = format!("update audit_detail set reason = '' where event = '{}'", id(3));
        database.sql(&reason).await.expect("altered");
        assert_eq!(found(store, &[head]).await, Some((3, Tampering::DetailEdited)));
    }

    async fn events_that_change_places_are_found(database: Database) {
        let store = &database.store;
        let head = sealed(&database, 4).await;
        for (from, to) in [(2, 9), (3, 2), (9, 3)] {
            let sql = format!("update audit_seal set position = {to} where position = {from}");
            database.sql(&sql).await.expect("moved");
        }
        assert_eq!(found(store, &[head]).await, Some((2, Tampering::Broken)));
    }

    async fn a_deleted_event_is_found(database: Database) {
        let store = &database.store;
        let head = sealed(&database, 4).await;
        database.sql("delete from audit_seal where position = 2").await.expect("deleted");
        let deleted = Tampering::Deleted { next: 3 };
        assert_eq!(found(store, &[head]).await, Some((2, deleted)));
    }

    async fn an_end_that_was_cut_off_shows_against_an_exported_head(database: Database) {
        let store = &database.store;
        let head = sealed(&database, 3).await;
        for (table, column, which) in [
            ("audit_seal", "position", "3".to_owned()),
            ("audit_detail", "event", format!("'{}'", id(3))),
            ("audit_event", "id", format!("'{}'", id(3))),
        ] {
            let sql = format!("delete from {table} where {column} = {which}");
            database.sql(&sql).await.expect("deleted");
        }
        assert_eq!(found(store, &[]).await, None, "by itself it fits");
        let truncated = Tampering::Truncated { exported: 3 };
        assert_eq!(found(store, &[head]).await, Some((3, truncated)));
    }
}
