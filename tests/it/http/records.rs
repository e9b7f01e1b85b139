//! The records through the API, by a real client.

use super::world::World;
use crate::support::database::on_both;
use dinggang::domain::rights::Office;
use reqwest::Method;
use serde_json::{Value, json};

fn version(json: &Value) -> String {
    format!("\"{}\"", json["version"])
}

on_both! {
    async fn a_noun_is_read_written_corrected_and_ended(database: Database) {
        let world = World::new(&database).await;
        let path = format!("/institutions/{}/establishment", world.institution_code);
        let bureau = world.of(Office::CountyEstablishment);
        let held = bureau.get(&path).await.is(200);
        assert_eq!(held.tag, Some(version(&held.json)));
        let seen = held.tag.expect("a tag");
        let body = json!({
            "from": "2026-11-23",
            "reason": "核编文件",
            "fact": { "total": 60, "professional": 50, "document": "示编发〔2026〕3号" },
        });
        // the version has to be named
        let request = bureau.request(Method::PUT, &path).json(&body);
        assert_eq!(bureau.send(request).await.problem(428), "if_match");
        let clerk = world.of(Office::InstitutionHr);
        assert_eq!(clerk.put(&path, &seen, body.clone()).await.problem(403), "office");
        let done = bureau.put(&path, &seen, body.clone()).await.is(200);
        let next = done.tag.clone().expect("a tag");
        assert_ne!(next, seen);
        assert_eq!(done.json["outcome"], "changed");
        // somebody who saw the version before is told both
        let stale = bureau.put(&path, &seen, body.clone()).await.is(409);
        assert_eq!(stale.json["code"], "stale");
        // the same again changes nothing
        let again = bureau.put(&path, &next, body.clone()).await.is(200);
        assert_eq!((again.json["outcome"].as_str(), again.tag), (Some("unchanged"), Some(next)));
        let today = bureau.get(&path).await.is(200).json;
        assert_ne!(today["items"][0]["fact"]["total"], 60);
        let later = bureau.get(&format!("{path}?as_of=2026-11-23")).await.is(200);
        assert_eq!(later.json["items"][0]["fact"]["total"], 60);
        let row = later.json["items"][0]["row"].as_str().expect("a row").to_owned();
        // every flaw with its member
        let wrong = json!({
            "from": "1890-01-01",
            "fact": { "total": 5, "professional": 6 },
        });
        let tag = later.tag.expect("a tag");
        let refused = bureau.put(&path, &tag, wrong).await.is(422);
        let flaws: Vec<_> = refused.json["errors"].as_array().expect("flaws").iter()
            .map(|flaw| (flaw["field"].as_str().unwrap_or_default(), flaw["code"].as_str()))
            .collect();
        assert_eq!(flaws, [
            ("from", Some("absurd_date")),
            ("total", Some("split_above_total")),
        ]);
        for (body, field, code) in [
            (json!({ "from": "2026-11-23", "fact": { "totals": 1 } }), "fact.totals", "unknown_field"),
            (json!({ "from": "23.11.2026", "fact": {} }), "from", "invalid"),
            (json!({ "from": "2026-11-23", "fact": { "total": -1 } }), "fact.total", "bad_json"),
            (json!({ "from": "2026-11-23", "fact": { "total": 100_001 } }), "fact.total", "range"),
            (json!({ "from": "2026-11-23" }), "fact", "missing"),
        ] {
            let answer = bureau.put(&path, &tag, body).await.is(400);
            let flaw = &answer.json["errors"][0];
            assert_eq!(flaw["field"], field, "{flaw}");
            assert!(flaw["code"] == code || code == "bad_json", "{flaw}");
        }
        // a correction keeps what was recorded
        let right = json!({
            "row": row,
            "reason": "录入错误",
            "right": { "from": "2026-11-23", "fact": { "total": 66 } },
        });
        let request = bureau.request(Method::POST, &format!("{path}/corrections"));
        let request = request.header("if-match", &tag).json(&right);
        let tag = bureau.send(request).await.is(200).tag.expect("a tag");
        let history = bureau.get(&format!("{path}/history")).await.is(200).json;
        let entries = history["items"].as_array().expect("entries");
        let old = entries.iter().find(|one| one["record"]["row"] == row.as_str()).expect("kept");
        assert_eq!(old["replaced"]["reason"], "录入错误");
        assert_eq!(old["replaced"]["office"], "county_establishment");
        // and it ends
        let end = |tag: &str| {
            let path = format!("{path}?on=2026-12-01&reason=撤销");
            bureau.request(Method::DELETE, &path).header("if-match", tag)
        };
        let tag = bureau.send(end(&tag)).await.is(204).tag.expect("a tag");
        let gone = bureau.get(&format!("{path}?as_of=2026-12-01")).await.is(200);
        assert_eq!(gone.json["items"], json!([]));
        assert_eq!(bureau.send(end(&tag)).await.problem(422), "nothing_holds");
    }

    async fn institutions_come_in_pages_and_change(database: Database) {
        let world = World::new(&database).await;
        let auditor = world.of(Office::Auditor);
        let whole = auditor.get("/institutions?limit=200").await.is(200).json;
        let total = whole["total"].as_u64().expect("a number");
        let items = whole["items"].as_array().expect("items");
        assert_eq!(items.len() as u64, total);
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = auditor.get(&format!("/institutions?limit=3{after}")).await.is(200).json;
            seen.extend(page["items"].as_array().expect("items").clone());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(&seen, items);
        assert_eq!(auditor.get("/institutions?after=!").await.problem(422), "refused");
        for stranger in world.strangers() {
            let list = stranger.get("/institutions").await;
            if list.status == 200 {
                assert_eq!((&list.json["total"], &list.json["items"]), (&json!(0), &json!([])));
            }
        }
        let health = world.of(Office::CountyHealth);
        let new = json!({
            "code": "XS01",
            "profile": {
                "name": "新社区中心", "kind": "community_health_centre", "area": "150199001",
                "sponsor": "government", "raised_senior_ratio": false,
                "directed_evaluation": false,
            },
            "from": "2026-11-01",
        });
        let made = health.post("/institutions", new.clone()).await.is(201).json;
        assert_eq!(made["version"], 1);
        assert_eq!(health.post("/institutions", new).await.problem(422), "code_taken");
        let found = health.get("/institutions/XS01").await.is(200);
        assert_eq!(found.json["profile"]["name"], "新社区中心");
        assert_eq!(found.tag.as_deref(), Some("\"1\""));
        let tree = health.get("/institutions/tree").await.is(200);
        assert!(tree.json.to_string().contains("XS01"));
        // converted on one day
        let code = &world.institution_code;
        let old = auditor.get(&format!("/institutions/{code}")).await.is(200).json;
        let people = format!("/people?institution={}&limit=200", world.institution);
        let before = auditor.get(&people).await.is(200).json["total"].clone();
        let order = json!({
            "manner": "conversion",
            "on": "2026-11-23",
            "document": "示编发〔2026〕9号",
            "old": [{ "institution": world.institution.to_string(), "version": old["version"] }],
            "new": [{ "code": "ZX01", "profile": {
                "name": "转设中心", "kind": "community_health_centre", "area": "150199001",
                "sponsor": "government", "raised_senior_ratio": false,
                "directed_evaluation": false,
            }}],
        });
        let bureau = world.of(Office::CountyEstablishment);
        let done = bureau.post("/reorganisations", order.clone()).await.is(200).json;
        assert_eq!(done["people"], before);
        assert_eq!(bureau.post("/reorganisations", order).await.problem(409), "stale");
        // today it is still there, tomorrow its people are elsewhere
        auditor.get(&format!("/institutions/{code}")).await.is(200);
        let tomorrow = auditor.get(&format!("/institutions/{code}?as_of=2026-11-23")).await;
        assert_eq!(tomorrow.problem(404), "not_found");
        let gone = auditor.get(&format!("{people}&as_of=2026-11-23")).await.is(200).json;
        assert_eq!(gone["total"], 0);
        let new = done["new"][0].as_str().expect("an id");
        let there = format!("/people?institution={new}&as_of=2026-11-23");
        assert_eq!(auditor.get(&there).await.is(200).json["total"], before);
    }

    async fn people_are_taken_on_and_let_go(database: Database) {
        let world = World::new(&database).await;
        let clerk = world.of(Office::InstitutionHr);
        let order = json!({
            "id_number": "11010519491231002X",
            "mobile": "13812345678",
            "profile": {
                "name": "新来的", "gp_registered": false, "gp_training": "none",
                "preventive_post": false, "history_known": false,
            },
            "employment": {
                "institution": world.institution.to_string(), "employment": "establishment",
                "category": "professional", "dual_post": false,
            },
            "from": "2026-11-22",
        });
        let made = clerk.post("/people", order.clone()).await.is(201).json;
        let id = made["id"].as_str().expect("an id").to_owned();
        let path = format!("/people/{id}");
        assert_eq!(clerk.post("/people", order).await.problem(422), "number_taken");
        let found = clerk.get(&path).await.is(200);
        assert_eq!(found.json["number"], "1101**********002X");
        let text = String::from_utf8_lossy(&found.bytes).into_owned();
        assert!(!text.contains("13812345678") && !text.contains("11010519491231002X"));
        let search = json!({ "id_number": "11010519491231002X" });
        assert_eq!(clerk.post("/people/search", search.clone()).await.is(200).json["id"], id);
        for stranger in world.strangers() {
            let answer = stranger.post("/people/search", search.clone()).await;
            assert!(matches!(answer.status.as_u16(), 403 | 404), "{}", answer.json);
            let answer = stranger.get(&path).await;
            assert!(matches!(answer.status.as_u16(), 403 | 404), "{}", answer.json);
        }
        // the telephone number stays when it is not spoken of
        let profile = json!({
            "from": "2026-11-22",
            "fact": {
                "name": "新来的", "email": "a@example.cn", "gp_registered": true,
                "gp_training": "transfer", "preventive_post": false, "history_known": false,
            },
        });
        let tag = found.tag.expect("a tag");
        let done = clerk.put(&format!("{path}/profile"), &tag, profile).await.is(200);
        let tag = done.tag.expect("a tag");
        let numbers = clerk.get(&format!("{path}/numbers")).await.is(200).json;
        assert_eq!(numbers["mobile"], "138****5678");
        // a training, in a slot of its own
        let training = json!({
            "from": "2026-11-22",
            "fact": { "kind": "post", "started": "2026-11-01", "hours": 40 },
        });
        let done = clerk.put(&format!("{path}/training"), &tag, training).await.is(200);
        assert_eq!(done.json["slot"], "0000");
        let tag = done.tag.expect("a tag");
        // what ends some day
        let contract = json!({
            "from": "2026-11-22",
            "fact": { "started": "2024-01-01", "ends": "2026-12-31" },
        });
        let done = clerk.put(&format!("{path}/contract"), &tag, contract).await.is(200);
        let tag = done.tag.expect("a tag");
        let assessed = json!({
            "from": "2026-11-22",
            "fact": { "assessed": "2024-06-30", "result": "qualified" },
        });
        let done = clerk.put(&format!("{path}/physician-assessment"), &tag, assessed).await;
        let tag = done.is(200).tag.expect("a tag");
        let leave = json!({ "departure": { "kind": "resignation", "left": "2026-12-01" } });
        let request = clerk.request(Method::POST, &format!("{path}/exit"));
        let request = request.header("if-match", &tag).json(&leave);
        clerk.send(request).await.is(204);
        let gone = clerk.get(&format!("{path}?as_of=2026-12-01")).await.is(200).json;
        assert_eq!(gone["employment"], Value::Null);
    }

    async fn figures_are_judged_and_frozen(database: Database) {
        let world = World::new(&database).await;
        let resources = world.of(Office::CountyHumanResources);
        let found = resources.get("/quality?area=150199&limit=5").await.is(200).json;
        for one in found["items"].as_array().expect("items") {
            assert!(!one["message"].as_str().expect("words").contains("quality-"));
            assert!(!one["remedy"].as_str().expect("words").is_empty());
        }
        resources.get("/differences?area=150199").await.is(200);
        let order = json!({ "area": "150199", "on": "2026-11-22", "reason": "月报" });
        let first = resources.post("/frozen-figures", order.clone()).await.is(201).json;
        let again = resources.get("/frozen-figures?area=150199&on=2026-11-22").await.is(200).json;
        assert_eq!(again["items"][0]["body"], first["body"]);
        assert_eq!(again["items"][0]["sha256"], first["sha256"]);
        let body: Value = serde_json::from_str(first["body"].as_str().expect("text")).expect("JSON");
        assert_eq!(body["on"], "2026-11-22");
        let ahead = json!({ "area": "150199", "on": "2026-12-31", "reason": "年报" });
        let refused = resources.post("/frozen-figures", ahead).await.problem(422);
        assert_eq!(refused, "no_records_yet");
        let neither = json!({ "on": "2026-11-22", "reason": "月报" });
        assert_eq!(resources.post("/frozen-figures", neither).await.problem(422), "refused");
    }
}
