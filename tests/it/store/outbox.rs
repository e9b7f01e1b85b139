//! Messages: added once, claimed by one, sent at least once, never dropped; and what is
//! kept of files and figures.

use crate::support::database::on_both;
use crate::support::records::{begin, day, second, work};
use dinggang::domain::keeping::{Frozen, ImportRun, ImportState};
use dinggang::domain::record::Ids;
use dinggang::store::outbox::{self, Message};
use dinggang::store::{Store, StoreError, keeping};

fn message(number: i64) -> Message {
    Message {
        id: Ids::new(second(number), 3).make(),
        key: format!("decision-{number}"),
        kind: "decided".to_owned(),
        recipient: "a@example.com".to_owned(),
        body: "{}".to_owned(),
        created_at: second(number),
        attempts: 0,
        fault: None,
    }
}

async fn append(store: &Store, message: Message) -> bool {
    work!(store, |tx, message: Message| -> bool {
        outbox::append(tx, message, message.created_at).await
    })
    .expect("appended")
}

async fn claim(store: &Store, holder: &'static str, now: i64) -> Vec<Message> {
    work!(store, |tx,
                  holder: &'static str,
                  now: i64|
     -> Vec<Message> {
        outbox::claim(tx, holder, second(*now), second(*now + 60), 10).await
    })
    .expect("claimed")
}

on_both! {
    async fn a_message_is_claimed_by_one_and_sent(database: Database) {
        let store = &database.store;
        assert!(append(store, message(1)).await);
        assert!(!append(store, message(1)).await, "the same message");
        assert!(append(store, message(2)).await);
        assert_eq!(claim(store, "a", 0).await, []);
        let claimed = claim(store, "a", 5).await;
        let keys: Vec<_> = claimed.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["decision-1", "decision-2"]);
        assert_eq!(claim(store, "b", 6).await, []);
        let id = claimed[0].id;
        work!(store, |tx, id: dinggang::domain::record::Id<Message>| -> () {
            outbox::sent(tx, *id, "a", second(7)).await
        })
        .expect("sent");
        // the other claim runs out, and somebody else takes over
        let claimed = claim(store, "b", 66).await;
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0].attempts, 2);
        let id = claimed[0].id;
        let late = work!(store, |tx, id: dinggang::domain::record::Id<Message>| -> () {
            outbox::sent(tx, *id, "a", second(67)).await
        });
        assert!(matches!(late, Err(StoreError::RowsAffected { .. })), "{late:?}");
    }

    async fn what_cannot_be_sent_is_kept(database: Database) {
        let store = &database.store;
        append(store, message(1)).await;
        let id = claim(store, "a", 5).await[0].id;
        work!(store, |tx, id: dinggang::domain::record::Id<Message>| -> () {
            outbox::failed(tx, *id, "a", second(6), Some(second(100)), "busy").await
        })
        .expect("noted");
        assert_eq!(claim(store, "a", 50).await, []);
        assert_eq!(claim(store, "a", 100).await[0].fault.as_deref(), Some("busy"));
        work!(store, |tx, id: dinggang::domain::record::Id<Message>| -> () {
            outbox::failed(tx, *id, "a", second(101), None, "no such address").await
        })
        .expect("noted");
        assert_eq!(claim(store, "a", 1000).await, []);
        let mut reader = store.read().await.expect("a reader");
        assert_eq!(outbox::given_up(&mut reader).await.expect("messages").len(), 1);
        drop(reader);
        work!(store, |tx, id: dinggang::domain::record::Id<Message>| -> () {
            outbox::resend(tx, *id, second(1001)).await
        })
        .expect("again");
        assert_eq!(claim(store, "a", 1001).await.len(), 1);
    }

    async fn runs_and_frozen_figures_are_kept(database: Database) {
        let store = &database.store;
        let kept = work!(store, |tx| -> (ImportRun, Frozen) {
            let mut recording = begin(tx, 1).await?;
            let run = ImportRun {
                id: recording.ids.make(),
                started_at: recording.at,
                change: Some(recording.change),
                account: None,
                file: "示例旗.xlsx".to_owned(),
                digest: [1; 32],
                valid_on: day("2025-12-31"),
                state: ImportState::Recorded,
                summary: "{}".to_owned(),
            };
            let frozen = Frozen {
                id: recording.ids.make(),
                kind: "year_end".to_owned(),
                scope: "150199".to_owned(),
                valid_on: day("2025-12-31"),
                known_at: recording.at,
                frozen_by: recording.change,
                body: "{}".to_owned(),
                digest: [2; 32],
            };
            keeping::add_run(tx, &run).await?;
            keeping::freeze(tx, &frozen).await?;
            Ok((run, frozen))
        })
        .expect("kept");
        let mut reader = store.read().await.expect("a reader");
        assert_eq!(keeping::runs(&mut reader, 9).await.expect("runs"), [kept.0]);
        let frozen = keeping::frozen(&mut reader, "year_end", "150199", day("2025-12-31")).await;
        assert_eq!(frozen.expect("figures"), [kept.1]);
        drop(reader);
        let error = database.sql("delete from frozen").await.expect_err("refused");
        assert!(matches!(StoreError::from(error), StoreError::Constraint(name)
            if name == "frozen_append_only"));
    }
}
