//! The road of an application through the API, by real clients: the four roads end to end,
//! and what is refused on the way.

use crate::support::build::{appointed, month};
use crate::support::database::{Database, on_both};
use crate::support::road::{centre, since};
use crate::support::server::{Answer, Caller, Server};
use calamine::{Reader, Xlsx, open_workbook_from_rs};
use dinggang::domain::ids::AreaCode;
use dinggang::domain::post::Grade;
use dinggang::domain::record_id::{InstitutionId, PersonId};
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Authority, Capacity, Extent, Tier};
use dinggang::domain::title::Rank;
use dinggang::sheet::write_register;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Cursor;
use std::sync::atomic::{AtomicU32, Ordering};

const DAY: i64 = 24 * 3600;
const HIGH: &str = "associate_senior";

/// A township health centre on record, and everybody who has a say.
struct Stage {
    server: Server,
    house: InstitutionId,
    people: HashMap<String, PersonId>,
    clerk: Caller,
    auditor: Caller,
    keys: AtomicU32,
}

fn reviewer(authority: Authority, tier: Tier, area: &str) -> Capacity {
    Capacity::Reviewer {
        authority,
        tier,
        area: AreaCode::read(area, &[2, 4, 6, 9, 12]).expect("a code"),
    }
}

fn tag(version: &Value) -> String {
    format!("\"{version}\"")
}

impl Stage {
    async fn new(database: &Database, register: &Register) -> Self {
        let server = Server::start(database).await;
        let bureau = reviewer(Authority::HumanResources, Tier::County, "150199");
        let bureau = server.somebody(bureau).await;
        let book = write_register(register).expect("a workbook");
        let form = Form::new().part("file", Part::bytes(book).file_name("county.xlsx"));
        let path = "/imports?on=2026-01-01&complete_for=150199";
        let request = bureau.request(Method::POST, path).multipart(form);
        bureau.send(request).await.is(200);
        let found = bureau.get("/institutions/WSY001").await.is(200);
        let id = |json: &Value| json["id"].as_str().expect("an identifier").to_owned();
        let house: InstitutionId = id(&found.json).parse().expect("an identifier");
        let all = bureau.get("/people?limit=200").await.is(200);
        let people = all.json["items"].as_array().expect("people").iter();
        let people = people.map(|one| {
            let name = one["profile"]["name"].as_str().or(one["name"].as_str());
            let id = id(one).parse().expect("an identifier");
            (name.expect("a name").to_owned(), id)
        });
        let people = people.collect();
        let clerk = Capacity::InstitutionHr { institution: house };
        let clerk = server.somebody(clerk).await;
        let auditor = Capacity::Auditor {
            extent: Extent::Everywhere,
        };
        let auditor = server.somebody(auditor).await;
        Self {
            server,
            house,
            people,
            clerk,
            auditor,
            keys: AtomicU32::new(0),
        }
    }

    async fn city(&self, authority: Authority) -> Caller {
        self.server
            .somebody(reviewer(authority, Tier::City, "1501"))
            .await
    }

    async fn county(&self, authority: Authority) -> Caller {
        self.server
            .somebody(reviewer(authority, Tier::County, "150199"))
            .await
    }

    fn person(&self, number: usize) -> String {
        self.people[&format!("人{number}")].to_string()
    }

    fn draft(&self, number: usize, kind: &str, rank: &str, grade: Option<u8>) -> Value {
        json!({
            "kind": kind,
            "person": self.person(number),
            "institution": self.house.to_string(),
            "target": { "rank": rank, "grade": grade },
            "merits": "2024、2025 年度考核优秀",
        })
    }

    async fn begin(&self, number: usize, kind: &str, rank: &str, grade: Option<u8>) -> String {
        let body = self.draft(number, kind, rank, grade);
        let made = self.clerk.post("/applications", body).await.is(201);
        made.json["id"].as_str().expect("an identifier").to_owned()
    }

    async fn look(&self, id: &str) -> Answer {
        self.auditor
            .get(&format!("/applications/{id}"))
            .await
            .is(200)
    }

    /// A move with the version that is there.
    async fn act(&self, caller: &Caller, id: &str, made: &str, body: Value) -> Answer {
        let seen = self.look(id).await.tag.expect("a tag");
        let key = self.keys.fetch_add(1, Ordering::SeqCst).to_string();
        self.act_seen(caller, id, made, body, &seen, &key).await
    }

    async fn act_seen(
        &self,
        caller: &Caller,
        id: &str,
        made: &str,
        body: Value,
        seen: &str,
        key: &str,
    ) -> Answer {
        let request = caller
            .request(Method::POST, &format!("/applications/{id}/{made}"))
            .header("if-match", seen)
            .header("idempotency-key", key)
            .json(&body);
        caller.send(request).await
    }

    async fn recommended(&self, number: usize, kind: &str, rank: &str) -> String {
        let id = self.begin(number, kind, rank, None).await;
        for made in ["submit", "take", "recommend"] {
            self.act(&self.clerk, &id, made, json!({})).await.is(200);
        }
        id
    }

    /// With the authorities, six days later.
    async fn under_review(&self, number: usize, kind: &str, rank: &str) -> String {
        let id = self.recommended(number, kind, rank).await;
        self.publish_and_close(&id).await;
        id
    }

    async fn publish_and_close(&self, id: &str) {
        let days = json!({ "working_days": 5 });
        self.act(&self.clerk, id, "publish", days).await.is(200);
        self.server.pass(8 * DAY);
        let closed = self.act(&self.clerk, id, "close", json!({})).await.is(200);
        assert_eq!(closed.json["state"], "review");
    }

    /// `[limit, counted, reserved, vacant]` of a pool, as a case on the bench shows them.
    async fn places(&self, id: &str, pool: &str) -> Value {
        let case = self.auditor.get(&format!("/bench/cases/{id}")).await;
        let case = case.is(200).json;
        let before = case["preview"]["before"].as_array().expect("pools").iter();
        let mut own = before.filter(|one| one["pool"] == pool);
        let own = own.next().expect("a pool");
        json!([own["limit"], own["counted"], own["reserved"], own["vacant"]])
    }
}

fn codes(answer: Answer) -> Vec<String> {
    let answer = answer.is(422);
    let flaws = answer.json["errors"].as_array().expect("flaws").iter();
    let codes = flaws.map(|one| one["code"].as_str().expect("a code").to_owned());
    codes.collect()
}

on_both! {
    async fn the_ordinary_road(database: Database) {
        let stage = Stage::new(&database, &centre(2, 2)).await;
        let own = stage.server.staff(stage.people["人2"]).await;
        let roads = own.get(&format!("/people/{}/eligibility", stage.person(2))).await.is(200).json;
        let roads = roads["roads"].as_array().expect("roads").clone();
        let ordinary = roads.iter().find(|one| one["kind"] == "appointment").expect("a road");
        assert_eq!((&ordinary["verdict"], &ordinary["takes"]), (&json!("holds"), &json!("senior")));
        assert_eq!(ordinary["place"]["passed"], true);
        let id = stage.begin(2, "appointment", HIGH, None).await;
        // a file, up and down
        let seen = stage.look(&id).await.tag.expect("a tag");
        let path = format!("/applications/{id}/attachments");
        let send = async |name: &'static str, seen: &str| {
            let part = Part::bytes(b"%PDF-1.7 x".to_vec()).file_name(name);
            let form = Form::new().part("file", part);
            let request = stage.clerk.request(Method::POST, &path).header("if-match", seen);
            stage.clerk.send(request.multipart(form)).await
        };
        assert_eq!(send("证书.png", &seen).await.problem(422), "file_lies");
        let file = send("证书.pdf", &seen).await.is(201).json;
        assert_eq!((&file["name"], &file["kind"]), (&json!("证书.pdf"), &json!("pdf")));
        let path = format!("/attachments/{}", file["id"].as_str().expect("an identifier"));
        assert_eq!(own.get(&path).await.is(200).bytes, b"%PDF-1.7 x");
        let words = json!({ "text": "请补学历证书" });
        stage.act(&stage.clerk, &id, "comments", words).await.is(200);
        for made in ["submit", "take", "recommend"] {
            stage.act(&stage.clerk, &id, made, json!({})).await.is(200);
        }
        assert_eq!(stage.places(&id, "senior").await, json!([3, 2, 1, 0]));
        stage.publish_and_close(&id).await;
        let (health, posts) = (stage.city(Authority::Health).await, stage.city(Authority::HumanResources).await);
        let waiting = health.get("/bench/queue").await.is(200).json;
        assert_eq!((&waiting["total"], &waiting["items"][0]["clear"]), (&json!(1), &json!(true)));
        assert_eq!(posts.get("/bench/queue").await.is(200).json["total"], 0);
        stage.act(&health, &id, "approve", json!({})).await.is(200);
        let seen = stage.look(&id).await.tag.expect("a tag");
        let done = stage.act_seen(&posts, &id, "approve", json!({}), &seen, "once").await.is(200);
        assert_eq!(done.json["state"], "effective");
        // the same request again gets the same answer, and decides nothing twice
        let again = stage.act_seen(&posts, &id, "approve", json!({}), &seen, "once").await.is(200);
        assert_eq!(again.json, done.json);
        let stale = stage.act_seen(&posts, &id, "approve", json!({}), &seen, "anew").await;
        assert_eq!(stale.problem(409), "stale");
        assert_eq!(stage.places(&id, "senior").await, json!([3, 3, 0, 0]));
        let view = own.get(&format!("/applications/{id}")).await.is(200).json;
        assert_eq!(view["application"]["name"], "人2");
        assert_eq!((view["steps"].as_array().map(Vec::len), view["may"].clone()), (Some(9), json!(["comment"])));
        // the form says the same
        let form = posts.get(&format!("/applications/{id}/form")).await.is(200);
        assert!(form.bytes.starts_with(b"PK"), "a workbook");
        for name in ["post-plan", "usage", "notice", "roster"] {
            let path = format!("/institutions/WSY001/forms/{name}");
            assert!(posts.get(&path).await.is(200).bytes.starts_with(b"PK"), "{name}");
        }
        let form = posts.get("/forms/establishment?area=150199").await.is(200);
        assert!(form.bytes.starts_with(b"PK"), "a workbook");
    }

    async fn the_road_above_the_ratio(database: Database) {
        let mut register = centre(3, 2);
        since(&mut register.people[3], "2005-01");
        since(&mut register.people[4], "2010-01");
        let stage = Stage::new(&database, &register).await;
        let young = stage.begin(4, "above_ratio", HIGH, None).await;
        for made in ["submit", "take"] {
            stage.act(&stage.clerk, &young, made, json!({})).await.is(200);
        }
        let refused = stage.act(&stage.clerk, &young, "recommend", json!({})).await;
        assert_eq!(codes(refused), ["rule_fails"]);
        let id = stage.under_review(3, "above_ratio", HIGH).await;
        for authority in [Authority::Health, Authority::HumanResources] {
            let office = stage.city(authority).await;
            stage.act(&office, &id, "approve", json!({})).await.is(200);
        }
        assert_eq!(stage.places(&id, "senior").await, json!([3, 4, 0, 0]));
    }

    async fn the_road_off_quota(database: Database) {
        let mut register = centre(3, 1);
        let mut old = appointed(9, month("1968-01"), Rank::AssociateSenior);
        since(&mut old, "1995-07");
        since(&mut register.people[0], "1995-07");
        register.people.push(old);
        let stage = Stage::new(&database, &register).await;
        let id = stage.under_review(9, "off_quota", HIGH).await;
        let county = [Authority::Health, Authority::HumanResources];
        for authority in county {
            let office = stage.county(authority).await;
            stage.act(&office, &id, "approve", json!({})).await.is(200);
        }
        assert_eq!(database.lines("select ledger from ledger_decision").await, ["off_quota"]);
        let young = stage.begin(0, "off_quota", HIGH, None).await;
        for made in ["submit", "take"] {
            stage.act(&stage.clerk, &young, made, json!({})).await.is(200);
        }
        let refused = stage.act(&stage.clerk, &young, "recommend", json!({})).await;
        assert_eq!(codes(refused), ["rule_fails"]);
    }

    async fn the_directed_road(database: Database) {
        let mut register = centre(3, 1);
        register.people[3].title = Rank::Intermediate;
        since(&mut register.people[3], "2012-07");
        let stage = Stage::new(&database, &register).await;
        let id = stage.under_review(3, "directed_title", HIGH).await;
        let posts = stage.city(Authority::HumanResources).await;
        let missing = stage.act(&posts, &id, "approve", json!({})).await;
        assert_eq!(codes(missing), ["opinion_missing", "opinion_missing"]);
        let opinion = json!({ "favourable": true, "text": "同意" });
        for authority in [Authority::Health, Authority::DrugRegulator] {
            let office = stage.city(authority).await;
            stage.act(&office, &id, "opinions", opinion.clone()).await.is(200);
        }
        let done = stage.act(&posts, &id, "approve", json!({})).await.is(200);
        assert_eq!(done.json["state"], "effective");
        let post = stage.begin(3, "directed_post", HIGH, Some(7)).await;
        for made in ["submit", "take", "recommend"] {
            stage.act(&stage.clerk, &post, made, json!({})).await.is(200);
        }
        assert_eq!(stage.places(&post, "directed").await, json!([2, 0, 1, 1]));
        stage.publish_and_close(&post).await;
        for office in [&stage.city(Authority::Health).await, &posts] {
            stage.act(office, &post, "approve", json!({})).await.is(200);
        }
        assert_eq!(stage.places(&post, "directed").await, json!([2, 1, 0, 1]));
        assert_eq!(stage.places(&post, "senior").await[1], 3, "directed posts stand apart");
    }

    async fn what_is_refused(database: Database) {
        let stage = Stage::new(&database, &centre(2, 3)).await;
        let posts = stage.city(Authority::HumanResources).await;
        let health = stage.city(Authority::Health).await;
        let id = stage.begin(2, "appointment", HIGH, None).await;
        // out of turn, without a version, stale
        assert_eq!(stage.act(&posts, &id, "approve", json!({})).await.problem(422), "out_of_turn");
        let path = format!("/applications/{id}/submit");
        assert_eq!(stage.clerk.post(&path, json!({})).await.problem(428), "if_match");
        let seen = stage.look(&id).await.tag.expect("a tag");
        let edited = json!({ "target": { "rank": HIGH, "grade": 7 } });
        let put = stage.clerk.put(&format!("/applications/{id}"), &seen, edited).await.is(200);
        assert_ne!(put.tag.as_deref(), Some(seen.as_str()));
        let stale = stage.act_seen(&stage.clerk, &id, "submit", json!({}), &seen, "k").await.is(409);
        assert_eq!((&stale.json["code"], &stale.json["actual_version"]), (&json!("stale"), &json!(2)));
        // twice
        let twice = stage.clerk.post("/applications", stage.draft(2, "appointment", HIGH, None)).await;
        assert_eq!(twice.problem(422), "other_open");
        // whoever applies does not recommend, and a clerk not on the own case
        let own = stage.server.staff(stage.people["人2"]).await;
        stage.act(&own, &id, "submit", json!({})).await.is(200);
        assert_eq!(stage.act(&own, &id, "take", json!({})).await.problem(403), "office");
        let clerk = Capacity::InstitutionHr { institution: stage.house };
        let itself = stage.server.with_token(clerk, Some(stage.people["人2"])).await;
        assert_eq!(stage.act(&itself, &id, "take", json!({})).await.problem(403), "own_case");
        for made in ["take", "recommend"] {
            stage.act(&stage.clerk, &id, made, json!({})).await.is(200);
        }
        // the last place is kept, and the other is told for whom
        let other = stage.begin(3, "appointment", HIGH, None).await;
        for made in ["submit", "take"] {
            stage.act(&stage.clerk, &other, made, json!({})).await.is(200);
        }
        let none = stage.act(&stage.clerk, &other, "recommend", json!({})).await.is(422);
        assert_eq!(none.json["code"], "no_place");
        assert!(none.json["detail"].as_str().expect("words").contains("人2"));
        // notices: long enough, closed in time, objections answered
        let short = stage.act(&stage.clerk, &id, "publish", json!({ "working_days": 4 })).await;
        assert_eq!(short.problem(422), "notice_too_short");
        stage.act(&stage.clerk, &id, "publish", json!({ "working_days": 5 })).await.is(200);
        let early = stage.act(&stage.clerk, &id, "close", json!({})).await;
        assert_eq!(early.problem(422), "notice_runs");
        let colleague = stage.server.staff(stage.people["人3"]).await;
        let hidden = colleague.get(&format!("/applications/{id}")).await;
        assert_eq!(hidden.problem(404), "not_found");
        let published = colleague.get(&format!("/institutions/{}/notices", stage.house)).await.is(200).json;
        let seen = tag(&published["applications"][0]["version"]);
        let words = json!({ "text": "业绩不实" });
        stage.act_seen(&colleague, &id, "objections", words, &seen, "o").await.is(200);
        let view = own.get(&format!("/applications/{id}")).await.is(200).json;
        assert_eq!(view["objections"][0]["text"], "业绩不实");
        let steps = view["steps"].as_array().expect("steps").last().expect("a step").clone();
        assert_eq!((&steps["made"], &steps["name"]), (&json!("object"), &json!("")));
        stage.server.pass(8 * DAY);
        assert_eq!(codes(stage.act(&stage.clerk, &id, "close", json!({})).await), ["objection_open"]);
        let answer = json!({ "outcome": "dismissed", "answer": "经核实属实" });
        stage.act(&stage.clerk, &id, "objections/0/resolution", answer).await.is(200);
        stage.act(&stage.clerk, &id, "close", json!({})).await.is(200);
        // the turn, the day, what comes back
        assert_eq!(stage.act(&posts, &id, "approve", json!({})).await.problem(422), "not_its_turn");
        let defects = json!({ "to": "institution", "defects": [] });
        assert_eq!(stage.act(&health, &id, "return", defects).await.problem(422), "no_defects");
        let wrong = json!({ "to": "step", "defects": ["x"] });
        assert_eq!(stage.act(&health, &id, "return", wrong).await.problem(422), "refused");
        stage.act(&health, &id, "approve", json!({})).await.is(200);
        let before = json!({ "effective": "2026-11-23" });
        assert_eq!(stage.act(&posts, &id, "approve", before).await.problem(422), "effective_before_notice");
        let defects = json!({ "to": "institution", "defects": ["缺少聘书"] });
        let back = stage.act(&posts, &id, "return", defects).await.is(200);
        assert_eq!(back.json["state"], "institution_review");
        // the place is free again for the other
        stage.act(&stage.clerk, &other, "recommend", json!({})).await.is(200);
        let gone = stage.act(&stage.clerk, &id, "recommend", json!({})).await;
        assert_eq!(gone.problem(422), "no_place");
        let reason = json!({ "reason": "不再申报" });
        stage.act(&own, &id, "withdraw", reason.clone()).await.is(200);
        assert_eq!(stage.act(&own, &id, "withdraw", reason).await.problem(422), "out_of_turn");
    }

    async fn several_at_once(database: Database) {
        let stage = Stage::new(&database, &centre(1, 3)).await;
        let (health, posts) = (stage.city(Authority::Health).await, stage.city(Authority::HumanResources).await);
        let first = stage.recommended(1, "appointment", HIGH).await;
        let second = stage.recommended(2, "appointment", HIGH).await;
        // pages neither skip nor repeat, newest first
        let page = stage.auditor.get("/applications?limit=1&open=true").await.is(200).json;
        assert_eq!((&page["total"], &page["items"][0]["id"]), (&json!(2), &json!(second)));
        let next = format!("/applications?limit=1&after={}", page["next"].as_str().expect("a cursor"));
        let page = stage.auditor.get(&next).await.is(200).json;
        assert_eq!((&page["items"][0]["id"], &page["next"]), (&json!(first), &Value::Null));
        let none = stage.auditor.get("/applications?state=draft&open=false").await.is(200).json;
        assert_eq!(none["total"], 0);
        for id in [&first, &second] {
            let days = json!({ "working_days": 5 });
            stage.act(&stage.clerk, id, "publish", days).await.is(200);
        }
        stage.server.pass(8 * DAY);
        let mut seen = Vec::new();
        for id in [&first, &second] {
            stage.act(&stage.clerk, id, "close", json!({})).await.is(200);
            stage.act(&health, id, "approve", json!({})).await.is(200);
            let version = stage.look(id).await.json["application"]["version"].clone();
            seen.push(json!({ "application": id, "version": version }));
        }
        let batch = json!({ "applications": [first, second] });
        let tried = posts.post("/bench/preview", batch).await.is(200).json;
        assert_eq!(tried["cases"][0]["against"], json!([]));
        assert_eq!(tried["places"][0]["after"][0]["counted"], 3);
        seen[1]["version"] = json!(1);
        let order = json!({ "applications": seen, "made": "approve" });
        let done = posts.post("/bench/decisions", order).await.is(200).json;
        assert_eq!((&done["items"][0]["done"], &done["items"][0]["state"]), (&json!(true), &json!("effective")));
        assert_eq!(done["items"][1]["problem"]["code"], "stale");
        let order = json!({ "applications": [], "made": "approve" });
        assert_eq!(posts.post("/bench/decisions", order).await.problem(400), "bad_request");
    }

    async fn a_round_through_the_api(database: Database) {
        let mut register = centre(1, 4);
        register.people[1].grade = Grade::new(9);
        let stage = Stage::new(&database, &register).await;
        let bureau = stage.county(Authority::HumanResources).await;
        let plan = json!({
            "title": "2026 年高级岗位竞聘", "term_months": 36, "from": "2026-11-22", "to": "2026-11-24",
            "offered": [{ "rank": HIGH, "places": 2 }],
            "criteria": [{ "name": "业绩", "most": 6000 }, { "name": "资历", "most": 4000 }],
        });
        let body = json!({ "institution": stage.house.to_string(), "plan": plan });
        let made = stage.clerk.post("/rounds", body).await.is(201).json;
        let id = made["id"].as_str().expect("an identifier").to_owned();
        let step = async |caller: &Caller, made: &str| {
            let seen = stage.auditor.get(&format!("/rounds/{id}")).await.is(200).tag.expect("a tag");
            let request = caller.request(Method::POST, &format!("/rounds/{id}/steps"));
            caller.send(request.header("if-match", seen).json(&json!({ "made": made }))).await
        };
        step(&stage.clerk, "propose").await.is(200);
        assert_eq!(step(&stage.clerk, "approve").await.problem(403), "office");
        step(&bureau, "approve").await.is(200);
        let own = stage.server.staff(stage.people["人1"]).await;
        let published = own.get(&format!("/institutions/{}/notices", stage.house)).await.is(200).json;
        assert_eq!(published["rounds"][0]["state"], "open");
        let mut joined = Vec::new();
        for number in 1..4 {
            let mut body = stage.draft(number, "appointment", HIGH, None);
            body["round"] = json!(id);
            let made = stage.clerk.post("/applications", body).await.is(201).json;
            let application = made["id"].as_str().expect("an identifier").to_owned();
            for made in ["submit", "take"] {
                stage.act(&stage.clerk, &application, made, json!({})).await.is(200);
            }
            joined.push(application);
        }
        assert_eq!(step(&stage.clerk, "start_scoring").await.problem(422), "window_open");
        stage.server.pass(3 * DAY);
        step(&stage.clerk, "start_scoring").await.is(200);
        let points: Vec<Value> = joined.iter().zip([5000, 4000, 4000]).flat_map(|(one, points)| {
            [0, 1].map(|criterion| json!({ "application": one, "criterion": criterion, "points": points - 1000 * criterion }))
        }).collect();
        let request = stage.clerk.request(Method::PUT, &format!("/rounds/{id}/scores"));
        let order = stage.clerk.send(request.json(&json!({ "points": points }))).await.is(200).json;
        assert_eq!((&order["order"][0]["rank"], &order["order"][1]["tied"]), (&json!(1), &json!(true)));
        step(&stage.clerk, "rank").await.is(200);
        let asked = json!({ "round": id, "places": 3 });
        let all = stage.clerk.post("/bench/allocation", asked).await.is(200).json;
        assert_eq!(all["allocation"]["given"].as_array().map(Vec::len), Some(3));
        let kept = stage.clerk.post(&format!("/rounds/{id}/reserve"), json!({})).await.is(200).json;
        assert_eq!((kept["items"].as_array().map(Vec::len), &kept["items"][0]["done"]), (Some(1), &json!(true)));
        let refused = stage.act(&stage.clerk, &joined[1], "recommend", json!({})).await;
        assert_eq!(refused.problem(422), "not_among_first");
        let why = json!({ "reason": "同分，基层年限更长" });
        stage.act(&stage.clerk, &joined[1], "recommend", why).await.is(200);
        assert_eq!(stage.places(&joined[0], "senior").await, json!([3, 1, 2, 0]));
    }

    async fn what_if_and_what_comes_by_itself(database: Database) {
        let stage = Stage::new(&database, &centre(3, 2)).await;
        let leave = json!({ "name": "有人离开", "changes": [{ "leave": stage.person(0) }] });
        let nothing = json!({ "name": "照旧" });
        let order = json!({ "institution": "WSY001", "months": 60, "scenarios": [leave, nothing] });
        let runs = stage.clerk.post("/scenarios", order.clone()).await.is(200).json;
        let differs = &runs["scenarios"][0]["differences"];
        assert_eq!((&differs[0]["vacant_before"], &differs[0]["vacant_after"]), (&json!(0), &json!(1)));
        assert_eq!(runs["scenarios"][1]["differences"], json!([]));
        assert_eq!(runs["base"][0]["years"].as_array().map(Vec::len), Some(15));
        let book = stage.clerk.post("/scenarios/workbook", order.clone()).await.is(200);
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(book.bytes)).expect("a workbook");
        assert_eq!(book.sheet_names(), ["Assumptions", "As it is", "Scenario 1", "Scenario 2", "Differences", "Vacant by year"]);
        let mut cells = |sheet: &str| {
            let range = book.worksheet_range(sheet).expect("a sheet");
            let rows = range.rows().map(|row| {
                let cells = row.iter().map(ToString::to_string);
                cells.collect::<Vec<_>>().join("|")
            });
            rows.collect::<Vec<_>>()
        };
        let assumed = cells("Assumptions");
        assert!(assumed.contains(&"Scenario 1|有人离开|人0 leaves".to_owned()), "{assumed:?}");
        assert!(assumed.contains(&"Scenario 2|照旧|As recorded, nothing is changed".to_owned()), "{assumed:?}");
        let differences = cells("Differences");
        assert_eq!(differences.len(), 4, "one level differs: {differences:?}");
        assert!(differences[3].starts_with("Scenario 1|WSY001|"), "{differences:?}");
        let compared = stage.clerk.post("/scenarios/compare", order).await.is(200).json;
        assert_eq!(compared["differences"][0]["counted_before"], 2);
        let hire = json!({ "hire": {
            "institution": stage.house.to_string(), "birth": "1990-05", "sex": "female",
            "title": HIGH, "appointed": HIGH,
        } });
        let both = json!({ "leave": stage.person(0), "hire": hire["hire"] });
        let order = |change: &Value| json!({ "institution": "WSY001", "scenarios": [{ "name": "x", "changes": [change] }] });
        let hired = stage.clerk.post("/scenarios", order(&hire)).await.is(200).json;
        assert_eq!(hired["scenarios"][0]["differences"][0]["over_after"], 1);
        let closed = json!({ "directed_evaluation": { "institution": stage.house.to_string(), "elected": false } });
        let closed = stage.clerk.post("/scenarios", order(&closed)).await.is(200).json;
        let closed = &closed["scenarios"][0]["differences"];
        assert_eq!((closed.as_array().map(Vec::len), &closed[0]["pool"]), (Some(1), &json!("directed")));
        assert_eq!(stage.clerk.post("/scenarios", order(&both)).await.problem(422), "refused");
        let unknown = json!({ "leave": "019ab5c2-7f00-7000-8000-000000000000" });
        assert_eq!(stage.clerk.post("/scenarios", order(&unknown)).await.problem(404), "not_found");
        let order = json!({ "scenarios": [{ "name": "x", "policies": ["nowhere/none"] }] });
        assert_eq!(stage.clerk.post("/scenarios", order).await.problem(422), "no_such_policy");
        let ahead = stage.clerk.get("/forecast?institution=WSY001").await.is(200).json;
        assert_eq!(ahead["institutions"][0]["years"][0]["year"], 2026);
        let known = stage.clerk.get("/holidays").await.is(200).json;
        assert!(known["items"].as_array().expect("years").len() >= 2);
    }
}
