//! The ledger, adoptions, the monitoring feed and the view for registries, over a server
//! that listens.

use crate::support::build::area;
use crate::support::database::{Database, on_both};
use crate::support::office::{by_adoption, office};
use crate::support::recorded::{COUNTY, DRAFT, small_county};
use crate::support::server::{Caller, Server};
use dinggang::domain::rights::{Authority, Capacity, Extent, Tier};
use reqwest::Method;
use serde_json::{Value, json};

fn reviewer(authority: Authority, code: &str) -> Capacity {
    Capacity::Reviewer {
        authority,
        tier: Tier::County,
        area: area(code),
    }
}

/// A county where policies apply as they are adopted.
async fn county(database: &Database) -> (Server, dinggang::domain::register::Register) {
    let mut office = by_adoption(&office(&database.store));
    office.doors.second_factor = false;
    let register = small_county(&office, "2025-12-31").await;
    (Server::of(office).await, register)
}

fn order() -> Value {
    json!({
        "area": COUNTY,
        "policy": DRAFT,
        "on": "2026-01-01",
        "raised_ratio": true,
        "handling": [{ "rule": "senior-cap", "handling": "block" }],
    })
}

async fn fhir(caller: &Caller, path: &str) -> crate::support::server::Answer {
    let answer = caller.get(&format!("//fhir/R4{path}")).await;
    assert!(
        answer.media_type.starts_with("application/fhir+json"),
        "{}",
        answer.media_type
    );
    answer
}

on_both! {
    async fn a_policy_is_adopted_by_two(database: Database) {
        let (server, register) = county(&database).await;
        let health = server.somebody(reviewer(Authority::Health, COUNTY)).await;
        let posts = server.somebody(reviewer(Authority::HumanResources, COUNTY)).await;
        let stranger = server.somebody(reviewer(Authority::Health, "150198")).await;
        let impact = health.post("/adoptions/impact", order()).await.is(200);
        assert!(!impact.json["institutions"].as_array().expect("a list").is_empty());
        let made = health.post("/adoptions", order()).await.is(201);
        let path = format!("/adoptions/{}", made.json["id"].as_str().expect("an id"));
        assert_eq!(stranger.get(&path).await.problem(404), "not_found");
        let adopt = format!("{path}/adoption");
        assert_eq!(stranger.post(&adopt, json!({})).await.problem(404), "not_found");
        assert_eq!(health.post(&adopt, json!({})).await.problem(403), "own_preparation");
        posts.post(&adopt, json!({ "reason": "同意" })).await.is(204);
        assert_eq!(posts.post(&adopt, json!({})).await.problem(422), "proposal_over");
        let one = posts.get(&path).await.is(200);
        assert_eq!(one.json["state"], "adopted");
        let listed = posts.get("/adoptions?limit=1").await.is(200);
        assert_eq!(listed.json["items"][0]["id"], made.json["id"]);
        let force = stranger.get(&format!("/policies/in-force?area={COUNTY}001&as_of=2026-06-30")).await.is(200);
        assert_eq!(force.json["rests_on"]["policies"][0]["id"], DRAFT);
        assert_eq!(force.json["rests_on"]["policies"][0]["adopted"]["area"], COUNTY);
        assert_eq!(force.json["handling"][0]["handling"], "block");
        let before = posts.get(&format!("/policies/in-force?area={COUNTY}&as_of=2025-12-31")).await.is(200);
        assert_eq!(before.json["rests_on"]["nothing_adopted"], true);
        let centre = register.institutions.iter().find(|one| one.code.starts_with("WS")).expect("a centre");
        let ledger = posts.get(&format!("/ledger/institutions/{}?as_of=2026-06-30", centre.code)).await.is(200);
        let senior = &ledger.json["known"]["figures"][0];
        assert!(senior["ceilings"][0]["arithmetic"].as_str().expect("arithmetic").contains('×'));
        assert!(!senior["ceilings"][0]["rule"]["cites"][0]["text"].as_str().expect("a clause").is_empty());
        let mut unknown = order();
        unknown["policy"] = json!("nowhere/nothing");
        assert_eq!(health.post("/adoptions", unknown).await.problem(422), "no_such_policy");
        let mut odd = order();
        odd["handling"][0]["handling"] = json!("ignore");
        assert_eq!(health.post("/adoptions", odd).await.problem(400), "bad_request");
    }

    async fn the_ledger_is_asked_for_any_day(database: Database) {
        let (server, register) = county(&database).await;
        let posts = server.somebody(reviewer(Authority::HumanResources, COUNTY)).await;
        let stranger = server.somebody(reviewer(Authority::HumanResources, "150198")).await;
        let code = &register.institutions[0].code;
        let path = format!("/ledger/institutions/{code}");
        let now = posts.get(&path).await.is(200);
        let tag = now.tag.clone().expect("a tag");
        let again = posts.request(Method::GET, &path).header("if-none-match", &tag);
        posts.send(again).await.is(304);
        let early = posts.get(&format!("{path}?as_of=2020-01-01")).await.is(200);
        assert_eq!((&early.json["known"], early.json["records_begin"].as_str()), (&Value::Null, Some("2025-12-31")));
        posts.get(&format!("{path}?as_of=2060-01-01")).await.is(200);
        assert_eq!(posts.get(&format!("{path}?as_of=2020-02-30")).await.problem(400), "bad_request");
        assert_eq!(posts.get("/ledger/institutions/nothing").await.problem(404), "not_found");
        assert_eq!(stranger.get(&path).await.problem(404), "not_found");
        for (query, status) in [("area=150199", 200), ("area=15", 404), ("", 422), ("area=150199&below=X", 422), ("below=X", 404)] {
            posts.get(&format!("/ledger?{query}")).await.is(status);
        }
        assert_eq!(stranger.get("/ledger?area=150199").await.problem(404), "not_found");
        let (mut seen, mut path) = (Vec::new(), "/ledger?area=150199&limit=3".to_owned());
        loop {
            let page = posts.get(&path).await.is(200);
            assert_eq!(page.json["totals"]["institutions"], register.institutions.len());
            for one in page.json["items"].as_array().expect("items") {
                seen.push(one["code"].as_str().expect("a code").to_owned());
            }
            match page.json["next"].as_str() {
                Some(next) => path = format!("/ledger?area=150199&limit=3&after={next}"),
                None => break,
            }
        }
        let codes: Vec<_> = register.institutions.iter().map(|one| one.code.clone()).collect();
        assert_eq!(seen, codes);
    }

    async fn the_feed_is_json_and_csv(database: Database) {
        let (server, register) = county(&database).await;
        let health = server.somebody(reviewer(Authority::Health, COUNTY)).await;
        let feed = health.get("/monitoring?area=150199").await.is(200);
        assert_eq!(feed.json["institutions"].as_array().map(Vec::len), Some(register.institutions.len()));
        let cursor = feed.json["cursor"].as_str().expect("a cursor").to_owned();
        let csv = health.get("/monitoring?area=150199&format=csv").await.is(200);
        assert!(csv.media_type.starts_with("text/csv"), "{}", csv.media_type);
        let text = String::from_utf8(csv.bytes).expect("text");
        assert_eq!(text.lines().count(), register.institutions.len() + 1);
        let since = health.get(&format!("/monitoring?area=150199&since={cursor}")).await.is(200);
        assert_eq!(since.json["cursor"], cursor);
        let odd = health.get("/monitoring?area=150199&since=yesterday").await;
        assert_eq!(odd.problem(422), "refused");
        let schema = health.get("/monitoring/schema").await.is(200);
        assert!(schema.json["properties"]["institutions"].is_object());
        let stranger = server.somebody(reviewer(Authority::Health, "150198")).await;
        assert_eq!(stranger.get("/monitoring?area=150199").await.problem(404), "not_found");
    }

    async fn registries_read_fhir(database: Database) {
        let (server, register) = county(&database).await;
        let health = server.somebody(reviewer(Authority::Health, COUNTY)).await;
        let nobody = server.nobody();
        let statement = fhir(&nobody, "/metadata").await.is(200);
        assert_eq!(statement.json["fhirVersion"], "4.0.1");
        let refused = fhir(&nobody, "/Practitioner").await.is(401);
        assert_eq!(refused.json["resourceType"], "OperationOutcome");
        assert_eq!(refused.json["issue"][0]["code"], "login");
        let (mut seen, mut url) = (0, "/Practitioner?_count=7&_lastUpdated=ge2026".to_owned());
        let mut first = None;
        loop {
            let page = fhir(&health, &url).await.is(200);
            assert_eq!(page.json["total"], register.people.len());
            let entries = page.json["entry"].as_array().expect("entries");
            seen += entries.len();
            first.get_or_insert_with(|| entries[0]["fullUrl"].as_str().expect("a URL").to_owned());
            let links = page.json["link"].as_array().expect("links");
            let next = links.iter().find(|link| link["relation"] == "next");
            match next {
                Some(next) => {
                    let next = next["url"].as_str().expect("a URL");
                    url = next.strip_prefix(&format!("{}/fhir/R4", server.url)).expect("ours").to_owned();
                }
                None => break,
            }
        }
        assert_eq!(seen, register.people.len());
        let path = first.expect("one").strip_prefix(&format!("{}/fhir/R4", server.url)).expect("ours").to_owned();
        let one = fhir(&health, &path).await.is(200);
        let tag = one.tag.clone().expect("a tag");
        assert!(tag.starts_with("W/\""));
        let again = health.request(Method::GET, &format!("//fhir/R4{path}")).header("if-none-match", &tag);
        health.send(again).await.is(304);
        let stranger = server.somebody(reviewer(Authority::Health, "150198")).await;
        for path in [path.as_str(), "/Practitioner/nothing", "/Patient", "/Patient/1", "/nothing/at/all"] {
            let hidden = fhir(&stranger, path).await.is(404);
            assert_eq!(hidden.json["issue"][0]["code"], "not-found", "{path}");
        }
        assert_eq!(fhir(&stranger, "/Organization").await.is(200).json["total"], 0);
        for odd in ["?birthdate=1980", "?_count=x", "?_lastUpdated=yesterday", "?name=", "?_after=x"] {
            let refused = fhir(&health, &format!("/Practitioner{odd}")).await.is(400);
            assert_eq!(refused.json["issue"][0]["code"], "invalid", "{odd}");
        }
        // the same by a form, which stands in no log of addresses
        let search = |form: String| {
            let request = health.request(Method::POST, "//fhir/R4/Practitioner/_search?_count=200");
            request.header("content-type", "application/x-www-form-urlencoded").body(form)
        };
        let name = &register.people[0].name;
        let by_address = fhir(&health, &format!("/Practitioner?_count=200&name={name}")).await.is(200);
        let by_form = health.send(search(format!("name={name}"))).await.is(200);
        assert_eq!(by_form.json["entry"], by_address.json["entry"]);
        assert!(by_form.json["total"].as_u64() > Some(0));
        health.send(search("birthdate=1980".to_owned())).await.is(400);
        let json = health.request(Method::POST, "//fhir/R4/Practitioner/_search").json(&json!({}));
        let refused = health.send(json).await.is(415);
        assert_eq!(refused.json["resourceType"], "OperationOutcome");
        let xml = fhir(&health, "/Practitioner?_format=xml").await.is(406);
        assert_eq!(xml.json["issue"][0]["code"], "not-supported");
        let posted = health.send(health.request(Method::POST, "//fhir/R4/Practitioner").json(&json!({}))).await.is(405);
        assert_eq!(posted.json["resourceType"], "OperationOutcome");
        let posts = server.somebody(Capacity::Administrator { extent: Extent::Everywhere }).await;
        let denied = fhir(&posts, "/Practitioner").await.is(403);
        assert_eq!(denied.json["issue"][0]["code"], "forbidden");
    }
}
