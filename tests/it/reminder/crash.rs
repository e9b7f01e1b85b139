//! Killed at random while it looks, bundles and sends: nothing is lost, and what was sent
//! twice had the same name.

use super::servers::Faulty;
use super::world::{World, day, morning};
use crate::support::database::{Database, block_on, on_both};
use crate::support::office::{office, post, with_post};
use dinggang::domain::reminder::Bundle;
use dinggang::mail::{Carrier, Server};
use dinggang::service::secret::random;
use dinggang::service::{Chance, Office, delivery, reminder};
use dinggang::store::{Options, Store};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const URL: &str = "DINGGANG_REMINDER_CRASH_URL";
const PORT: &str = "DINGGANG_REMINDER_CRASH_PORT";
const READY: &str = "sending";

fn office_of(store: &Store, port: u16) -> Office {
    let address = format!("smtp://127.0.0.1:{port}?tls=none");
    let server = Server::new(&address, None, Duration::from_secs(5)).expect("a server");
    let office = with_post(&office(store), post(Carrier::Smtp(server)));
    Office {
        chance: Chance::new(random::system()),
        ..office
    }
}

/// Not a test of its own: the process that is killed.
#[test]
fn the_process_that_is_killed() {
    let (Ok(url), Ok(port)) = (std::env::var(URL), std::env::var(PORT)) else {
        return;
    };
    block_on(async {
        let store = Store::connect(&url, Options::default())
            .await
            .expect("connected");
        let office = office_of(&store, port.parse().expect("a port"));
        println!("{READY}");
        let mut now = morning(day("2026-11-23"));
        let holder = std::process::id().to_string();
        loop {
            reminder::look(&office, now).await.expect("looked");
            delivery::digest(&office, Bundle::Daily, now)
                .await
                .expect("made");
            delivery::dispatch(&office, &holder, now)
                .await
                .expect("sent");
            now = now.plus_seconds(7 * 86_400);
        }
    });
}

fn sender(url: &str, port: u16) -> Child {
    let program = std::env::current_exe().expect("this program");
    let mut child = Command::new(program)
        .args([
            "reminder::crash::the_process_that_is_killed",
            "--exact",
            "--nocapture",
        ])
        .env(URL, url)
        .env(PORT, port.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let said = BufReader::new(child.stdout.take().expect("its words"));
    let ready = said
        .lines()
        .any(|line| line.is_ok_and(|line| line.contains(READY)));
    assert!(ready, "it began");
    child
}

async fn count(database: &Database, text: &str) -> usize {
    database.lines(text).await[0].parse().expect("a number")
}

on_both! {
    async fn killed_while_it_sends(database: Database) {
        let world = World::new(&database.store, 6).await;
        let server = Faulty::start().await;
        for round in 0..6u64 {
            let mut child = sender(&database.url, server.port);
            tokio::time::sleep(Duration::from_millis(150 + round * 173 % 700)).await;
            child.kill().expect("killed");
            child.wait().expect("ended");
        }
        // the claims of the dead run out, and somebody sends what is left
        let office = office_of(&database.store, server.port);
        let mut now = morning(day("2032-01-05"));
        for _ in 0..200 {
            delivery::digest(&office, Bundle::Daily, now).await.expect("made");
            delivery::dispatch(&office, "last", now).await.expect("sent");
            if count(&database, "select cast(count(*) as text) from outbox where due_at is not null").await == 0 {
                break;
            }
            now = now.plus_seconds(3600);
        }
        let sent = database.lines("select id from outbox where sent_at is not null").await;
        let all = count(&database, "select cast(count(*) as text) from outbox").await;
        assert!(all > 0);
        assert_eq!(sent.len(), all, "nothing is lost");
        let taken: BTreeSet<String> = server.taken().into_iter().map(|(id, _)| id).collect();
        let names: BTreeSet<String> = sent.iter().map(|id| format!("<{id}@example.cn>")).collect();
        assert_eq!(taken, names, "what was taken twice had one name");
        // each reminder is in exactly one message, and each message tells something
        let loose = "select cast(count(*) as text) from reminder where message is not null \
            and message not in (select id from outbox)";
        assert_eq!(count(&database, loose).await, 0);
        let empty = "select cast(count(*) as text) from outbox where recipient like 'account:%' \
            and id not in (select message from reminder where message is not null)";
        assert_eq!(count(&database, empty).await, 0);
        drop(world);
    }
}
