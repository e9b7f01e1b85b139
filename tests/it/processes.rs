//! The program itself, twice, on one database: of many who want the last place at once by way
//! of both servers, exactly one gets it, and the others are told who did.
//!
//! `RACE_ROUNDS` says how often; a few by default.

use crate::support::build::area;
use crate::support::database::{Database, Engine, block_on, remove};
use crate::support::office::{by_adoption, office};
use crate::support::records::day;
use crate::support::road::{APPROVE, COUNTY, County, centre, city};
use crate::support::server::Server;
use dinggang::domain::promotion::{Command, Kind, Subject, Target};
use dinggang::domain::record_id::ApplicationId;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Authority, Capacity, Tier};
use dinggang::domain::time::Timestamp;
use dinggang::domain::title::Rank;
use dinggang::service::import::{Import, Imported};
use dinggang::service::promotion::{Act, Begin};
use dinggang::service::secret::random;
use dinggang::service::{Chance, Office, Vault, keys};
use dinggang::sheet::{Input, write_register};
use dinggang::store::register::Scope;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;

const MANY: usize = 64;
const HIGH: Rank = Rank::AssociateSenior;
const DAY: i64 = 24 * 3600;

fn rounds() -> usize {
    let said = std::env::var("RACE_ROUNDS").ok();
    said.and_then(|said| said.parse().ok()).unwrap_or(2)
}

/// The servers read the clock of the machine, so this has to as well.
#[expect(
    clippy::disallowed_methods,
    reason = "what is put into the records has to fit the clock of other processes"
)]
fn clock() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let micros = since.expect("after 1970").as_micros();
    Timestamp::from_micros(i64::try_from(micros).expect("before 2262"))
}

/// One senior post is free for very many; the plan is cut to that later.
fn register() -> Register {
    let mut register = centre(2, MANY);
    let house = &mut register.institutions[0];
    house.posts.professional = Some(20_000);
    house.posts.senior = Some(2 + MANY as u32);
    register
}

/// A server that is a process of its own; it is killed when this is dropped.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(database: &Database, folder: &Path) -> Self {
        let setting =
            |key: &str, value: &str| [String::from("--setting"), format!("{key}={value}")];
        let path = |name: &str| folder.join(name).display().to_string();
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_dinggang"))
            .args(["serve", "--lang", "en", "--listen", "127.0.0.1:0"])
            .args(["--database", &database.url])
            .args(setting("key_file", &path("dinggang.key")))
            .args(setting("data_dir", &path("data")))
            .args(setting("requests_per_minute", "0"))
            .args(setting("second_factor", "optional"))
            .args(setting("public_url", "http://127.0.0.1:8080"))
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut said = BufReader::new(child.stderr.take().expect("its words"));
        let mut url = None;
        let mut told = String::new();
        while url.is_none() {
            let mut line = String::new();
            let read = said.read_line(&mut line).expect("text");
            assert!(read > 0, "it ended: {told}");
            told.push_str(&line);
            let at = line.find("Dinggang runs at ").map(|at| at + 17);
            url = at.and_then(|at| line[at..].split(';').next().map(str::to_owned));
        }
        // nobody waits for what it says later
        std::thread::spawn(move || {
            let mut rest = String::new();
            while said.read_line(&mut rest).is_ok_and(|read| read > 0) {
                rest.clear();
            }
        });
        Self {
            child,
            url: url.expect("an address"),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An office with the keys of the servers.
async fn keyed(database: &Database, folder: &Path, now: Timestamp) -> Office {
    let path = folder.join("dinggang.key");
    let unlocked = keys::unlock(&database.store, &path, &mut random::system(), now).await;
    let chance = Chance::new(random::system());
    let mut own = by_adoption(&office(&database.store));
    own.doors.second_factor = false;
    Office {
        vault: Arc::new(Vault::new(unlocked.expect("keys").ring, chance.clone())),
        chance,
        ..own
    }
}

async fn recorded(office: Office, now: Timestamp) -> County {
    let files = [Input {
        name: "示例旗.xlsx".to_owned(),
        bytes: write_register(&register()).expect("a workbook"),
    }];
    let import = Import {
        office: &office,
        actor: &crate::support::office::reviewer(Authority::HumanResources, COUNTY),
        files: &files,
        on: day("2020-01-01"),
        scope: Scope::Area(area(COUNTY)),
        reason: None,
        now,
    };
    match import.run().await.expect("imported") {
        Imported::Recorded(_) => {}
        Imported::Refused(preview) => panic!("{:?}", preview.reading.faults),
    }
    County::of(office).await
}

async fn act(
    county: &County,
    actor: &dinggang::domain::rights::Actor,
    id: ApplicationId,
    command: &Command,
    now: Timestamp,
) {
    let act = Act {
        office: &county.office,
        actor,
        id,
        seen: county.look(id).await.version,
        command,
        override_reason: None,
        now,
    };
    act.run().await.expect("done");
}

/// With the last office, by way of a notice that is over today.
async fn before_the_last_office(county: &County, number: usize, now: Timestamp) -> ApplicationId {
    let (clerk, then) = (county.clerk(), now.plus_seconds(-40 * DAY));
    let subject = Subject {
        kind: Kind::Appointment,
        person: county.person(number),
        institution: county.centre(),
        round: None,
        target: Target {
            rank: HIGH,
            grade: None,
            institution: None,
            on: None,
        },
        merits: String::new(),
    };
    let begin = Begin {
        office: &county.office,
        actor: &clerk,
        subject: &subject,
        now: then,
    };
    let id = begin.run().await.expect("begun");
    let publish = Command::Publish { working_days: 5 };
    for command in [
        Command::Submit,
        Command::take(),
        Command::recommend(),
        publish,
    ] {
        act(county, &clerk, id, &command, then).await;
    }
    let yesterday = now.plus_seconds(-DAY);
    act(county, &clerk, id, &Command::Close, yesterday).await;
    act(county, &city(Authority::Health), id, &APPROVE, yesterday).await;
    id
}

/// Everybody is approved at once, every other one through the other server.
async fn all_at_once(
    servers: &[Process; 2],
    token: &str,
    county: &County,
    ids: &[ApplicationId],
) -> Vec<(StatusCode, Value)> {
    let client = Client::new();
    let mut tasks = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let seen = county.look(*id).await.version;
        let url = format!("{}/api/v1/applications/{id}/approve", servers[at % 2].url);
        let request = client
            .post(url)
            .bearer_auth(token)
            .header("if-match", format!("\"{seen}\""))
            .json(&json!({}));
        tasks.push(tokio::spawn(async move {
            let answer = request.send().await.expect("an answer");
            (answer.status(), answer.json().await.expect("JSON"))
        }));
    }
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("no panic"));
    }
    answers
}

async fn race(engine: Engine) {
    let database = Database::new(engine).await;
    let folder = tempfile::tempdir().expect("a folder");
    let now = clock();
    let county = recorded(keyed(&database, folder.path(), now).await, now).await;
    let mut ids = Vec::new();
    for number in 2..2 + MANY {
        ids.push(before_the_last_office(&county, number, now).await);
    }
    database
        .sql("update post_plan set senior = 3")
        .await
        .expect("cut");
    // somebody of the last office, with a token that both servers know
    let maker = Server::of(county.office.clone()).await;
    maker.pass((now.micros() - maker.now().micros()) / 1_000_000);
    let posts = Capacity::Reviewer {
        authority: Authority::HumanResources,
        tier: Tier::City,
        area: area("1501"),
    };
    let token = maker.somebody(posts).await.token.expect("a token");
    drop(maker);
    let servers = [(); 2].map(|()| Process::start(&database, folder.path()));
    let (mut by, mut longest) = ([0usize; 2], 0i64);
    for round in 0..rounds() {
        let begun = clock();
        let answers = all_at_once(&servers, &token, &county, &ids).await;
        let mut winners = Vec::new();
        for (at, (status, body)) in answers.iter().enumerate() {
            match status.as_u16() {
                200 => winners.push(at),
                422 => assert_eq!(body["code"], "no_place", "round {round}: {body}"),
                other => panic!("round {round}: {other} {body}"),
            }
        }
        assert_eq!(winners.len(), 1, "round {round}: exactly one");
        let first = winners[0];
        by[first % 2] += 1;
        longest = longest.max((clock().micros() - begun.micros()) / 1000);
        let decided = "select id from application where state = 'effective'";
        assert_eq!(database.lines(decided).await.len(), 1, "round {round}");
        let seen = county.look(ids[first]).await.version;
        let url = format!(
            "{}/api/v1/applications/{}/revoke",
            servers[round % 2].url,
            ids[first]
        );
        let request = Client::new()
            .post(url)
            .bearer_auth(&token)
            .header("if-match", format!("\"{seen}\""))
            .json(&json!({ "reason": "重新安排" }));
        let answer = request.send().await.expect("an answer");
        assert_eq!(
            answer.status().as_u16(),
            200,
            "round {round}: the place returns"
        );
        // whoever lost it again comes once more, while there is room to wait
        // on the day on which it asks, the places of all earlier rounds were still kept
        let room = "update post_plan set senior = 3000";
        database.sql(room).await.expect("room");
        ids[first] = before_the_last_office(&county, 2 + first, now).await;
        database
            .sql("update post_plan set senior = 3")
            .await
            .expect("cut");
    }
    println!(
        "{engine:?}: {} rounds of {MANY} approvals at once through two servers; one winner in each, \
         none lost; by the first server {}, by the second {}; longest round {longest} ms",
        rounds(),
        by[0],
        by[1]
    );
    drop(servers);
    remove(engine, &database.store, &database.url).await;
}

#[test]
fn the_last_place_through_two_servers_on_sqlite() {
    block_on(race(Engine::Sqlite));
}

#[test]
fn the_last_place_through_two_servers_on_postgres() {
    block_on(race(Engine::Postgres));
}
