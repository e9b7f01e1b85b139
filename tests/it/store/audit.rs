//! The audit trail: only ever added to, and tampering shows.

use crate::support::database::{Database, Engine, on_both};
use crate::support::records::{author, second, work};
use dinggang::domain::audit::{Event, Fault, Subject};
use dinggang::domain::record::Ids;
use dinggang::store::{Store, StoreError, audit};

fn event(number: i64) -> Event {
    let now = second(number);
    Event {
        id: Ids::new(now, 7).make(),
        at: now,
        change: None,
        author: author(),
        action: "person.unmask".to_owned(),
        subject: Some(Subject {
            kind: "person".to_owned(),
            id: "p1".to_owned(),
        }),
        reason: None,
        detail: format!("{{\"number\":{number}}}"),
    }
}

async fn append(store: &Store, number: i64) {
    work!(store, |tx, number: i64| -> () {
        audit::append(tx, &event(*number)).await
    })
    .expect("appended");
}

async fn seal(store: &Store) -> u64 {
    work!(store, |tx| -> u64 { audit::seal(tx, second(100)).await }).expect("sealed")
}

async fn faults(store: &Store) -> Vec<Fault> {
    let mut reader = store.snapshot().await.expect("a reader");
    audit::verify(&mut reader).await.expect("checked").faults
}

/// Takes the triggers away, as somebody with a console might.
async fn disarm(database: &Database) {
    let tables = ["audit_event", "audit_seal"];
    for table in tables {
        for what in ["update", "delete"] {
            let of = match database.engine {
                Engine::Sqlite => String::new(),
                Engine::Postgres => format!(" on {table}"),
            };
            let sql = format!("drop trigger {table}_no_{what}{of}");
            database.sql(&sql).await.expect("dropped");
        }
    }
}

on_both! {
    async fn events_are_sealed_into_a_chain(database: Database) {
        let store = &database.store;
        for number in 1..=3 {
            append(store, number).await;
        }
        let mut reader = store.snapshot().await.expect("a reader");
        let before = audit::verify(&mut reader).await.expect("checked");
        assert_eq!((before.sealed, before.unsealed, before.head), (0, 3, None));
        drop(reader);
        assert_eq!(seal(store).await, 3);
        append(store, 4).await;
        let mut reader = store.snapshot().await.expect("a reader");
        let after = audit::verify(&mut reader).await.expect("checked");
        assert_eq!((after.sealed, after.unsealed, after.faults.len()), (3, 1, 0));
        assert!(after.head.is_some());
        let subject = event(1).subject.expect("a subject");
        let told = audit::of_subject(&mut reader, &subject).await.expect("events");
        assert_eq!(told, [event(1), event(2), event(3), event(4)]);
        drop(reader);
        assert_eq!(seal(store).await, 1);
        assert_eq!(seal(store).await, 0);
        assert_eq!(faults(store).await, []);
    }

    async fn the_database_refuses_alterations(database: Database) {
        let store = &database.store;
        append(store, 1).await;
        seal(store).await;
        for (sql, name) in [
            ("update audit_event set detail = '{}'", "audit_event_append_only"),
            ("delete from audit_event", "audit_event_append_only"),
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
        }
        assert_eq!(faults(store).await, []);
    }

    async fn tampering_is_found(database: Database) {
        let store = &database.store;
        for number in 1..=4 {
            append(store, number).await;
        }
        seal(store).await;
        disarm(&database).await;
        let id = |number| event(number).id.to_string();
        let set = |detail: &str, number| {
            format!("update audit_event set detail = '{detail}' where id = '{}'", id(number))
        };
        database.sql(&set("{}", 2)).await.expect("altered");
        assert_eq!(faults(store).await, [Fault::Altered { event: id(2) }]);
        database.sql(&set(r#"{"number":2}"#, 2)).await.expect("put back");
        assert_eq!(faults(store).await, []);
        // two events change places
        for (from, to) in [(2, 9), (3, 2), (9, 3)] {
            let sql = format!("update audit_seal set position = {to} where position = {from}");
            database.sql(&sql).await.expect("moved");
        }
        let broken = faults(store).await;
        assert!(broken.contains(&Fault::Broken { position: 2 }), "{broken:?}");
        // one is taken out of the middle
        database.sql("delete from audit_seal where position = 2").await.expect("deleted");
        let broken = faults(store).await;
        assert!(broken.contains(&Fault::Gap { position: 3 }), "{broken:?}");
    }

    async fn an_end_that_was_cut_off_shows_in_the_head(database: Database) {
        let store = &database.store;
        for number in 1..=3 {
            append(store, number).await;
        }
        seal(store).await;
        let head = async || {
            let mut reader = store.snapshot().await.expect("a reader");
            audit::verify(&mut reader).await.expect("checked").head
        };
        let before = head().await;
        disarm(&database).await;
        database.sql("delete from audit_seal where position = 3").await.expect("deleted");
        let cut = format!("delete from audit_event where id = '{}'", event(3).id);
        database.sql(&cut).await.expect("deleted");
        assert_eq!(faults(store).await, []);
        assert_ne!(head().await, before);
    }
}
