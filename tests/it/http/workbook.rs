//! Workbooks in and out through the API, as the clerks of a county send them.

use crate::support::database::on_both;
use crate::support::server::{Answer, Caller, Server};
use dinggang::domain::ids::AreaCode;
use dinggang::domain::month::Month;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Authority, Capacity, Tier};
use dinggang::sample::{self, Size};
use dinggang::sheet::write_register;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use std::process::Command;

const SIZE: Size = Size {
    townships: 3,
    staff: 60,
};

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn county(seed: u64) -> Register {
    sample::county(SIZE, month("2026-11"), seed)
}

/// The invented county today and as it stood two years before.
fn counties() -> (Vec<u8>, Vec<u8>) {
    let today = county(7);
    let before = sample::earlier(today.clone(), month("2024-11"));
    let book = |register| write_register(register).expect("a workbook");
    (book(&today), book(&before))
}

async fn clerk(server: &Server, authority: Authority) -> Caller {
    let area = AreaCode::read("15", &[2, 4, 6, 9, 12]).expect("a code");
    let tier = Tier::County;
    let capacity = Capacity::Reviewer {
        authority,
        tier,
        area,
    };
    server.somebody(capacity).await
}

async fn send(caller: &Caller, path: &str, book: &[u8]) -> Answer {
    let part = Part::bytes(book.to_vec()).file_name("county.xlsx");
    let form = Form::new().part("file", part);
    caller
        .send(caller.request(Method::POST, path).multipart(form))
        .await
}

fn counts(answer: &Value, outcome: &str) -> u64 {
    ["institutions", "people", "rural_doctors", "places"]
        .iter()
        .map(|noun| answer[noun][outcome].as_u64().expect("a number"))
        .sum()
}

on_both! {
    async fn two_dated_workbooks_of_a_county(database: Database) {
        let server = Server::start(&database).await;
        let clerk = clerk(&server, Authority::HumanResources).await;
        let (today, earlier) = counties();
        let preview = send(&clerk, "/imports/preview?complete_for=15", &today).await.is(200);
        assert_eq!(preview.json["accepted"], true);
        assert_eq!(preview.json["recorded"], false);
        assert!(counts(&preview.json, "added") > 60);
        let done = send(&clerk, "/imports?complete_for=15&reason=first", &today).await.is(200);
        assert_eq!(done.json["recorded"], true);
        assert_eq!(counts(&done.json, "added"), counts(&preview.json, "added"));
        // the same file twice changes nothing
        let again = send(&clerk, "/imports?complete_for=15", &today).await.is(200);
        for outcome in ["added", "changed", "ended"] {
            assert_eq!(counts(&again.json, outcome), 0, "{outcome}");
        }
        // the older one is recorded behind it, and leaves today as it is
        let path = "/imports?complete_for=15&on=2024-11-22";
        send(&clerk, path, &earlier).await.is(200);
        let again = send(&clerk, "/imports/preview?complete_for=15", &today).await.is(200);
        for outcome in ["added", "changed", "ended"] {
            assert_eq!(counts(&again.json, outcome), 0, "{outcome}: {}", again.json["changes"]);
        }
        let path = "/imports/preview?complete_for=15&on=2024-11-22";
        let again = send(&clerk, path, &earlier).await.is(200);
        assert_eq!(counts(&again.json, "changed"), 0, "{}", again.json["changes"]);
    }

    async fn what_comes_out_has_the_same_verdicts(database: Database) {
        let server = Server::start(&database).await;
        let clerk = clerk(&server, Authority::HumanResources).await;
        let (today, _) = counties();
        send(&clerk, "/imports?complete_for=15", &today).await.is(200);
        let whole = clerk.get("/export?reason=check").await.is(200);
        assert_eq!(verdicts(&whole.bytes), verdicts(&today));
        // masked, it cannot be taken in again by mistake
        let masked = clerk.get("/export").await.is(200);
        let refused = send(&clerk, "/imports", &masked.bytes).await.is(422);
        assert_eq!(refused.json["recorded"], false);
    }

    async fn refused_rows_record_nothing(database: Database) {
        let server = Server::start(&database).await;
        let clerk = clerk(&server, Authority::HumanResources).await;
        let mut register = county(3);
        let double = register.people[0].clone();
        register.people.push(double);
        let book = write_register(&register).expect("a workbook");
        let refused = send(&clerk, "/imports?complete_for=15", &book).await.is(422);
        let first = &refused.json["refused"][0];
        assert_eq!(first["code"], "duplicate");
        assert_eq!(first["sheet"], "人员");
        assert_eq!(first["column"], "身份证件号码");
        let back = send(&clerk, "/imports/returned", &book).await.is(200);
        assert!(back.bytes.starts_with(b"PK"));
        let export = clerk.get("/export?reason=look").await.is(200);
        let none: Value = verdicts(&export.bytes);
        assert_eq!(none["people"], json!([]));
        let garbage = send(&clerk, "/imports", b"not a workbook").await.is(422);
        assert_eq!(garbage.json["refused"][0]["code"], "not_a_workbook");
    }

    async fn a_workbook_of_another_county_does_not_exist_for_the_clerk(database: Database) {
        let server = Server::start(&database).await;
        let area = AreaCode::read("99", &[2]).expect("a code");
        let (authority, tier) = (Authority::HumanResources, Tier::County);
        let stranger = server.somebody(Capacity::Reviewer { authority, tier, area }).await;
        let (today, _) = counties();
        let code = send(&stranger, "/imports?complete_for=15", &today).await.problem(404);
        assert_eq!(code, "not_found");
        let code = send(&stranger, "/imports", &today).await.problem(404);
        assert_eq!(code, "not_found");
        assert_eq!(stranger.get("/export?area=15").await.problem(404), "not_found");
        let regulator = clerk(&server, Authority::DrugRegulator).await;
        let code = send(&regulator, "/imports?complete_for=15", &today).await.problem(403);
        assert_eq!(code, "office");
    }
}

/// The verdicts of `check` on a workbook, without what differs between two files of the
/// same content.
fn verdicts(book: &[u8]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("county.xlsx");
    std::fs::write(&path, book).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_dinggang"))
        .args(["check", "--format", "json", "--as-of", "2026-11-22"])
        .args(["--policy", "inner-mongolia/primary-care-draft"])
        .args(["--policy", "xinjiang/community-health-2016"])
        .arg(&path)
        .output()
        .expect("run");
    let mut json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    json["inputs"] = Value::Null;
    json
}
