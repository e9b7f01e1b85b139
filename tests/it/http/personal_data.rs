//! Personal data, recovery codes and the jobs, over a server that listens.

use super::world::World;
use crate::support::database::on_both;
use crate::support::office::PASSWORD;
use dinggang::domain::rights::Office;
use dinggang::jobs::JOBS;
use reqwest::Method;
use serde_json::json;

on_both! {
    async fn somebody_asks_for_a_correction_and_is_answered(database: Database) {
        let world = World::new(&database).await;
        let (oneself, clerk) = (world.of(Office::Staff), world.of(Office::InstitutionHr));
        let path = format!("/people/{}", world.person);
        let map = oneself.get("/personal-data").await.is(200).json;
        assert_eq!(map["retention_years"], 10);
        let tables = map["tables"].as_array().expect("tables");
        let profile = tables.iter().find(|one| one["table"] == "person_profile").expect("there");
        assert_eq!((&profile["whose"], &profile["keeping"]), (&json!("person"), &json!("employment")));
        // masked, and whole with a reason
        let held = oneself.get(&format!("{path}/personal-data")).await.is(200);
        let told = String::from_utf8_lossy(&held.bytes).into_owned();
        assert!(world.secrets().iter().all(|secret| !told.contains(secret)));
        let reveal = format!("{path}/personal-data/revelation");
        assert_eq!(clerk.post(&reveal, json!({ "reason": "" })).await.problem(400), "bad_request");
        let whole = clerk.post(&reveal, json!({ "reason": "核对" })).await.is(200);
        let told = String::from_utf8_lossy(&whole.bytes).into_owned();
        assert!(world.secrets().iter().any(|secret| told.contains(secret)));
        // asked and answered once, by the version that was seen
        let wish = json!({ "entry": "学历", "wanted": "本科", "grounds": "毕业证" });
        let own = format!("{path}/corrections");
        let asked = oneself.post(&own, wish.clone()).await.is(201).json;
        assert_eq!(clerk.post(&own, wish).await.problem(403), "office");
        let open = clerk.get("/corrections").await.is(200).json;
        assert_eq!(open["items"][0]["id"], asked["id"]);
        assert_eq!(open["items"][0]["decision"], json!(null));
        let decision = format!("/corrections/{}/decision", asked["id"].as_str().expect("an id"));
        let verdict = json!({ "corrected": true, "answer": "已改" });
        assert_eq!(clerk.post(&decision, verdict.clone()).await.problem(428), "if_match");
        let request = clerk.request(Method::POST, &decision).header("if-match", "\"1\"");
        clerk.send(request.json(&verdict)).await.is(204);
        let mine = oneself.get(&own).await.is(200).json;
        assert_eq!(mine["items"][0]["state"], "corrected");
        assert_eq!(mine["items"][0]["decision"]["answer"], "已改");
        assert_eq!(clerk.get("/corrections").await.is(200).json["items"], json!([]));
        let log = oneself.get(&format!("{path}/access-log")).await.is(200).json;
        let what: Vec<_> = log["items"].as_array().expect("a list").iter()
            .filter_map(|one| one["what"].as_str()).collect();
        assert!(what.contains(&"person.reveal") && what.contains(&"person.decide_correction"), "{what:?}");
        // whoever works there is not erased
        let posts = world.of(Office::CountyHumanResources);
        let erasure = format!("{path}/erasure");
        let refused = posts.post(&erasure, json!({ "reason": "本人申请" })).await;
        assert_eq!(refused.json["errors"][0]["code"], "still_employed");
        let administrator = world.of(Office::Administrator);
        let set = administrator.request(Method::PUT, "/personal-data/retention");
        let set = set.json(&json!({ "years": 30, "reason": "档案馆批复" }));
        administrator.send(set).await.is(204);
        assert_eq!(oneself.get("/personal-data").await.is(200).json["retention_years"], 30);
    }

    async fn recovery_codes_are_for_whoever_sits_there(database: Database) {
        let world = World::new(&database).await;
        let clerk = world.of(Office::InstitutionHr);
        // a token is nobody at a keyboard
        assert_eq!(clerk.get("/me/recovery-codes").await.problem(403), "token");
        let order = json!({ "password": PASSWORD });
        let denied = clerk.post("/me/recovery-codes", order).await;
        assert!(denied.status.is_client_error(), "{}", denied.json);
    }

    async fn jobs_are_shown_to_those_who_look_after_them(database: Database) {
        let world = World::new(&database).await;
        let jobs = world.of(Office::Administrator).get("/operations/jobs").await.is(200).json;
        let names: Vec<_> = jobs["items"].as_array().expect("a list").iter()
            .map(|one| (one["job"].as_str().expect("a name"), one["runs"].as_u64())).collect();
        let all: Vec<_> = JOBS.iter().map(|job| (job.name, Some(0))).collect();
        assert_eq!(names, all);
        assert_eq!(jobs["items"][0]["last_success"], json!(null));
        let figures = world.server.nobody().get("//metrics").await.is(200);
        let text = String::from_utf8(figures.bytes).expect("text");
        for line in [
            "dinggang_job_runs_total{job=\"seal\"} 0",
            "dinggang_job_failures_total{job=\"sweep\"} 0",
            "dinggang_job_last_success_timestamp_seconds{job=\"forget\"} 0",
            "dinggang_job_last_end_timestamp_seconds{job=\"forget\"} 0",
            "dinggang_job_failing{job=\"seal\"} 0",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} in\n{text}");
        }
    }

    async fn an_institution_is_declared_complete(database: Database) {
        let world = World::new(&database).await;
        let health = world.of(Office::CountyHealth);
        let path = format!("/institutions/{}/completeness", world.institution_code);
        let order = |on: &str| json!({ "on": on, "reason": "逐人核对过花名册" });
        let seen = health.get(&format!("/institutions/{}", world.institution_code)).await.is(200).tag;
        let seen = seen.expect("a tag");
        let ask = async |on: &str| {
            let request = health.request(Method::POST, &path).header("if-match", &seen);
            health.send(request.json(&order(on))).await
        };
        // the import said so already
        let already = ask("2026-11-22").await;
        assert_eq!(already.problem(422), "complete_already");
        let ahead = ask("2026-11-23").await.is(422).json;
        assert_eq!(ahead["errors"][0]["code"], "no_records_yet");
        assert_eq!(ask("2001-01-01").await.problem(422), "not_there_yet");
    }
}
