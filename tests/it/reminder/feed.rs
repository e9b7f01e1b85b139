//! Calendars: made, fetched without signing in, read by a parser that is not ours, revoked.

use super::python;
use super::world::{World, day, morning};
use crate::support::database::on_both;
use crate::support::office::{PASSWORD, enter};
use dinggang::domain::time::Timestamp;
use dinggang::service::{Office, ServiceError, feed, session};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

/// What an independent parser sees.
fn read(text: &str) -> Value {
    let mut child = Command::new(python::interpreter())
        .arg(python::script("calendar_read.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(text.as_bytes()).expect("written");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{text}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Somebody signed in.
async fn signed_in(office: &Office, name: &str, now: Timestamp) -> dinggang::domain::rights::Actor {
    let started = enter(office, name, PASSWORD, now).await.expect("signed in");
    let secret = started.secret.reveal();
    session::actor_of_session(office, &secret, now)
        .await
        .expect("an actor")
}

on_both! {
    async fn a_calendar_of_an_office_and_of_a_person(database: Database) {
        let world = World::new(&database.store, 30).await;
        let (office, now) = (&world.office, morning(day("2026-11-23")));
        let clerk = signed_in(office, "clerk", now).await;
        let (made, secret) = feed::create(office, &clerk, "一院日历", now).await.expect("made");
        let text = feed::fetch(office, &secret.reveal(), now).await.expect("fetched");
        let read_back = read(&text);
        assert_eq!(read_back["name"], "定岗：一院日历");
        let events = read_back["events"].as_array().expect("events");
        assert!(!events.is_empty());
        for event in events {
            let title = event["title"].as_str().expect("a title");
            assert!(!title.is_empty() && !title.contains("reminder-"), "{event}");
            // the list of a calendar program says whom it is about
            let (_, whom) = title.split_once('：').expect("a name");
            let people = &world.county.loaded.register.people;
            let houses = &world.county.loaded.register.institutions;
            assert!(
                people.iter().any(|one| one.name == whom)
                    || houses.iter().any(|one| one.name == whom),
                "{title}"
            );
            assert!(event["url"].as_str().expect("a link").starts_with("https://"));
            assert!(event["day"].as_str() < event["end"].as_str());
        }
        let mut names: Vec<&str> = events.iter().map(|one| one["uid"].as_str().expect("one")).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "each event has a name of its own");
        for person in &world.county.loaded.register.people {
            assert!(!text.contains(&person.id.to_string()));
        }
        // somebody's own calendar holds their own dates
        let mut own = 0;
        for number in 0..world.staff.len() {
            let person = signed_in(office, &format!("staff{number}"), now).await;
            let (_, secret) = feed::create(office, &person, "本人", now).await.expect("made");
            let text = feed::fetch(office, &secret.reveal(), now).await.expect("fetched");
            let mine = text.matches("BEGIN:VEVENT").count();
            let id = world.staff[number].0.to_string();
            let uids = text.replace("\r\n ", "");
            assert_eq!(uids.matches(&id).count() > 0, mine > 0);
            own += mine;
            if number > 6 && own > 0 {
                break;
            }
        }
        assert!(own > 0);
        // by the secret alone, as long as it is not revoked
        for wrong in ["", "dgc_x", &secret.reveal()[..40], "dgt_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            let fetched = feed::fetch(office, wrong, now).await;
            assert!(matches!(fetched, Err(ServiceError::NotFound)), "{wrong}");
        }
        let listed = feed::list(office, &clerk).await.expect("listed");
        assert_eq!(listed[0].last_used, Some(now));
        feed::revoke(office, &clerk, made.id, now).await.expect("revoked");
        let fetched = feed::fetch(office, &secret.reveal(), now).await;
        assert!(matches!(fetched, Err(ServiceError::NotFound)));
        // the secret itself is nowhere
        let rows = database.lines("select name from feed").await;
        assert!(!rows.is_empty());
        let token: &str = &secret.reveal();
        for table in ["feed", "audit_detail"] {
            let column = if table == "feed" { "name" } else { "coalesce(after, '')" };
            let kept = database.lines(&format!("select {column} from {table}")).await;
            assert!(kept.iter().all(|row| !row.contains(token)));
        }
    }
}
