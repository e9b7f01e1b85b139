//! Mails by a server that is not ours, and by one that does everything wrong.

use super::servers::{Certificates, Fault, Faulty, Foreign, mails_in};
use super::world::{World, at_once, day, morning};
use crate::support::database::{Database, on_both};
use crate::support::office::{administrator, post};
use dinggang::domain::reminder::Bundle;
use dinggang::domain::time::Timestamp;
use dinggang::i18n::Lang;
use dinggang::mail::{Carrier, Post, Retry, Server};
use dinggang::service::delivery::{self, Delivery};
use dinggang::service::{Office, reminder};
use std::collections::BTreeSet;
use std::time::Duration;

fn smtp(address: &str, roots: Option<&[u8]>, timeout: u64) -> Post {
    let server = Server::new(address, roots, Duration::from_secs(timeout));
    post(Carrier::Smtp(server.expect("a server")))
}

async fn count(database: &Database, condition: &str) -> usize {
    let text = format!("select cast(count(*) as text) from outbox where {condition}");
    database.lines(&text).await[0].parse().expect("a number")
}

/// Sends until nothing is due, from one instant on, as hours pass: the hours.
async fn until_done(office: &Office, database: &Database, from: Timestamp, most: u32) -> u32 {
    let mut now = from;
    for hour in 0..most {
        delivery::dispatch(office, "test", now)
            .await
            .expect("dispatched");
        if count(database, "due_at is not null").await == 0 {
            return hour;
        }
        now = now.plus_seconds(3600);
    }
    panic!(
        "{:?}",
        database
            .lines("select fault from outbox where fault is not null")
            .await
    );
}

/// A digest for the clerk and one for the county.
async fn two_digests(world: &World) -> Timestamp {
    let now = morning(day("2026-11-23"));
    reminder::look(&world.office, now).await.expect("looked");
    let made = delivery::digest(&world.office, Bundle::Daily, now)
        .await
        .expect("made");
    assert_eq!(made, 2);
    now
}

on_both! {
    async fn a_folder_where_no_server_is_set(database: Database) {
        let folder = tempfile::tempdir().expect("a folder");
        let world = World::new(&database.store, 4).await;
        let world = world.with_post(post(Carrier::Folder(folder.path().to_path_buf())));
        let now = morning(day("2026-11-23"));
        world.prefer(world.clerk, |wanted| {
            let mail = wanted.mail.take();
            *wanted = at_once();
            wanted.mail = mail;
        }).await;
        reminder::look(&world.office, now).await.expect("looked");
        delivery::digest(&world.office, Bundle::Daily, now).await.expect("made");
        let waiting = count(&database, "due_at is not null").await;
        while count(&database, "due_at is not null").await > 0 {
            delivery::dispatch(&world.office, "test", now).await.expect("dispatched");
        }
        let mails = mails_in(folder.path());
        assert_eq!(mails.len(), waiting);
        let (mut zh, mut en) = (0, 0);
        for (path, mail) in &mails {
            let decoded = decoded(mail);
            assert!(mail.contains("Auto-Submitted: auto-generated"), "{path:?}");
            assert!(!decoded.contains("reminder-"), "a key without words: {decoded}");
            assert!(decoded.contains("https://dinggang.example.cn/"), "{decoded}");
            for person in &world.county.loaded.register.people {
                assert!(!decoded.contains(&person.id.to_string()), "an identity number");
            }
            // what it follows from has a name, and is no key
            for key in ["national/", "inner-mongolia/", "retirement-2024#"] {
                assert!(!decoded.contains(key), "{decoded}");
            }
            zh += usize::from(decoded.contains("您好"));
            en += usize::from(decoded.contains("Dear "));
        }
        assert!(zh > 0 && en > 0, "{zh} {en}");
        assert_eq!(zh + en, mails.len());
        // what was sent is marked, once, in the trail too
        let trail = "select cast(count(*) as text) from audit_event where action = 'mail.sent'";
        assert_eq!(database.lines(trail).await[0], waiting.to_string());
    }

    async fn a_server_that_is_not_ours(database: Database) {
        let certificates = Certificates::new();
        let mut world = World::new(&database.store, 0).await;
        for (mode, scheme, options) in [("starttls", "smtp", "?tls=required"), ("tls", "smtps", "")] {
            let server = Foreign::start(mode, &certificates);
            let address = |password: &str, port: u16| format!(
                "{scheme}://dinggang%40example.cn:{password}@localhost:{port}{options}"
            );
            let right = address("a%3Ab%2Fc%40d", server.port);
            let roots = certificates.authority();
            world = world.with_post(smtp(&right, Some(&roots), 10));
            // the certificate is of an authority that nobody knows; the password is wrong
            for wrong in [
                smtp(&right, None, 10),
                smtp(&address("wrong", server.port), Some(&roots), 10),
            ] {
                let office = crate::support::office::with_post(&world.office, wrong);
                let to = "somebody@example.cn";
                let (actor, now) = (administrator(), morning(day("2026-11-23")));
                let tried = delivery::test(&office, &actor, to, Lang::En, now);
                let fault = tried.await.expect("an answer").expect_err("not sent");
                assert_eq!(fault.retry, Retry::Unreachable, "{}", fault.message);
            }
            assert!(server.mails().is_empty());
            let now = two_digests(&world).await;
            assert_eq!(delivery::dispatch(&world.office, "test", now).await.expect("sent"), 2);
            let mails = server.mails();
            assert_eq!(mails.len(), 2);
            for (mail, about) in &mails {
                // where the connection begins with TLS, it is not part of the session
                assert_eq!(about["tls"], mode == "starttls");
                assert_eq!(about["login"], true);
                assert_eq!(about["from"], "dinggang@example.cn");
                assert!(mail.contains("Message-ID: <"), "{mail}");
                // nothing can be switched off where all of it is required
                let way = mail.contains("List-Unsubscribe: <https://dinggang.example.cn/reminders/preference>");
                assert!(way || decoded(mail).contains("不能关闭"), "{mail}");
                assert!(decoded(mail).contains("您好"), "{mail}");
            }
            let to: BTreeSet<String> = mails.iter().map(|(_, about)| about["to"][0].to_string()).collect();
            assert_eq!(to.len(), 2);
            break_of(&database).await;
        }
    }

    async fn a_server_that_is_down_for_an_hour(database: Database) {
        let server = Faulty::start().await;
        let address = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let world = World::new(&database.store, 0).await.with_post(smtp(&address, None, 1));
        let now = two_digests(&world).await;
        server.set(Fault::Closing);
        for minute in 0..60 {
            let now = now.plus_seconds(minute * 60);
            let sent = delivery::dispatch(&world.office, "test", now).await.expect("tried");
            assert_eq!(sent, 0);
        }
        server.set(Fault::None);
        until_done(&world.office, &database, now.plus_seconds(3600), 3).await;
        assert_eq!(server.taken().len(), 2, "nothing lost, nothing doubled");
    }

    async fn a_server_that_takes_too_long(database: Database) {
        let server = Faulty::start().await;
        server.set(Fault::Silent);
        let address = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let world = World::new(&database.store, 0).await.with_post(smtp(&address, None, 1));
        let now = two_digests(&world).await;
        let begun = std::time::Instant::now();
        assert_eq!(delivery::dispatch(&world.office, "test", now).await.expect("tried"), 0);
        assert!(begun.elapsed() < Duration::from_secs(20));
        assert_eq!(count(&database, "due_at is not null").await, 2);
        server.set(Fault::None);
        until_done(&world.office, &database, now.plus_seconds(3600), 3).await;
        assert_eq!(server.taken().len(), 2);
    }

    async fn greylisting(database: Database) {
        let server = Faulty::start().await;
        server.set(Fault::Greylist);
        let address = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let world = World::new(&database.store, 0).await.with_post(smtp(&address, None, 2));
        let now = two_digests(&world).await;
        assert_eq!(delivery::dispatch(&world.office, "test", now).await.expect("tried"), 0);
        // not before its time
        assert_eq!(delivery::dispatch(&world.office, "test", now).await.expect("tried"), 0);
        let hours = until_done(&world.office, &database, now.plus_seconds(3600), 3).await;
        assert_eq!(hours, 0);
        assert_eq!(server.taken().len(), 2);
    }

    async fn some_recipients_are_refused(database: Database) {
        let server = Faulty::start().await;
        server.set(Fault::Gone);
        let address = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let world = World::new(&database.store, 0).await.with_post(smtp(&address, None, 2));
        world.wish(world.clerk, "gone@example.cn").await;
        let now = two_digests(&world).await;
        assert_eq!(delivery::dispatch(&world.office, "test", now).await.expect("tried"), 1);
        assert_eq!(count(&database, "given_up_at is not null").await, 1);
        let dead = delivery::messages(
            &world.office, &administrator(), None, Some(Delivery::GivenUp), 10,
        ).await.expect("shown");
        assert!(dead[0].fault.as_deref().is_some_and(|fault| fault.contains("550")), "{dead:?}");
        // somebody corrects the address and sends it again: the address counts that is there now
        world.wish(world.clerk, "clerk@example.cn").await;
        delivery::resend(&world.office, &administrator(), dead[0].id, now).await.expect("again");
        let twice = delivery::resend(&world.office, &administrator(), dead[0].id, now).await;
        assert!(twice.is_err(), "it is on its way");
        assert_eq!(delivery::dispatch(&world.office, "test", now).await.expect("tried"), 1);
        let taken = server.taken();
        assert_eq!(taken.len(), 2);
        assert_eq!(taken[1].1, "clerk@example.cn");
    }

    async fn taken_and_dropped_before_the_reply(database: Database) {
        let server = Faulty::start().await;
        server.set(Fault::Drop);
        let address = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let world = World::new(&database.store, 0).await.with_post(smtp(&address, None, 2));
        let now = two_digests(&world).await;
        until_done(&world.office, &database, now, 6).await;
        let taken = server.taken();
        let ids: BTreeSet<&String> = taken.iter().map(|(id, _)| id).collect();
        // what mail itself cannot avoid: twice, and each time under the same name
        assert_eq!((ids.len(), taken.len()), (2, 4), "{taken:?}");
    }

    async fn two_instances_send_each_once_and_in_order(database: Database) {
        let server = Faulty::start().await;
        let address = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let world = World::new(&database.store, 6).await.with_post(smtp(&address, None, 5));
        for account in [world.clerk, world.posts] {
            world.prefer(account, |wanted| {
                let mail = wanted.mail.take();
                *wanted = at_once();
                wanted.mail = mail;
            }).await;
        }
        let now = morning(day("2026-11-23"));
        reminder::look(&world.office, now).await.expect("looked");
        reminder::look(&world.office, morning(day("2026-12-31"))).await.expect("looked");
        let later = morning(day("2027-01-04"));
        let expected = count(&database, "due_at is not null").await;
        assert!(expected > 10, "{expected}");
        let other = Office { store: database.again().await, ..world.office.clone() };
        for _ in 0..50 {
            let (one, two) = tokio::join!(
                delivery::dispatch(&world.office, "one", later),
                delivery::dispatch(&other, "two", later)
            );
            one.expect("dispatched");
            two.expect("dispatched");
            if count(&database, "due_at is not null").await == 0 {
                break;
            }
        }
        let taken = server.taken();
        let ids: BTreeSet<&String> = taken.iter().map(|(id, _)| id).collect();
        assert_eq!((taken.len(), ids.len()), (expected, expected));
        // of one person the messages came in the order in which they were written
        let order = database
            .lines("select id from outbox where sent_at is not null order by created_at, id")
            .await;
        for to in ["clerk@example.cn", "posts@example.cn"] {
            let own = taken.iter().filter(|(_, recipient)| recipient == to);
            let places: Vec<usize> = own
                .map(|(id, _)| order.iter().position(|own| id.contains(own.as_str())).expect("known"))
                .collect();
            assert!(places.is_sorted(), "{to}: {places:?}");
        }
        other.store.close().await;
    }
}

/// Takes away what a round left, so that the next begins anew.
async fn break_of(database: &Database) {
    for table in ["reminder", "reminder_mark", "outbox"] {
        database
            .sql(&format!("delete from {table}"))
            .await
            .expect("deleted");
    }
}

/// The parts of a mail as they are read.
fn decoded(mail: &str) -> String {
    let mut out = String::new();
    for part in mail.split("Content-Transfer-Encoding: ").skip(1) {
        let (encoding, rest) = part.split_once("\r\n").unwrap_or((part, ""));
        // it is the last header of a part
        let body = rest.trim_start_matches("\r\n");
        let body = body.split("\r\n--").next().unwrap_or_default();
        match encoding.trim() {
            "base64" => {
                let plain: String = body.split_whitespace().collect();
                let bytes = data_encoding::BASE64
                    .decode(plain.as_bytes())
                    .expect("base64");
                out.push_str(&String::from_utf8(bytes).expect("UTF-8"));
            }
            "quoted-printable" => out.push_str(&unquoted(body)),
            _ => out.push_str(body),
        }
    }
    out
}

fn unquoted(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'=' && tail.len() >= 2 {
            let hex = std::str::from_utf8(&tail[..2]).expect("text");
            bytes.push(u8::from_str_radix(hex, 16).expect("hexadecimal"));
            rest = &tail[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}
