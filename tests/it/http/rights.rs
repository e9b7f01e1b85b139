//! Every route against every office: a walk over the routes that are really served. Whoever
//! lacks the right is told so, whoever has it is not; nobody reaches what lies elsewhere; a
//! route that is not in the table fails the test.

use super::world::World;
use crate::support::database::on_both;
use crate::support::server::{Answer, Caller};
use dinggang::domain::rights::{Action, Office};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Who may use a route.
enum Access {
    /// Whoever comes.
    Open,
    /// Whoever is signed in, about themselves.
    Oneself,
    /// Offices that have a right; the routes's query and body, such that the rights are asked for.
    Right(Action, &'static str, Value),
}

use Access::{Oneself, Open, Right};

/// Every operation by its name.
fn table(world: &World) -> BTreeMap<String, Access> {
    let none = || Value::Null;
    let reason = || json!({ "reason": "test" });
    let adoption = || {
        json!({
            "area": "150199",
            "policy": "inner-mongolia/primary-care-draft",
            "on": "2026-11-01",
        })
    };
    let preview: &str = format!("kind=retirement&person={}", world.person).leak();
    let fixed = [
        ("sign_in", Open),
        ("session", Open),
        ("sign_out", Open),
        ("show_code", Open),
        ("choose_capacity", Open),
        ("set_up", Open),
        ("me", Oneself),
        ("change_password", Oneself),
        ("offer_second_factor", Oneself),
        ("confirm_second_factor", Oneself),
        ("remove_second_factor", Oneself),
        ("recovery_codes_left", Oneself),
        ("make_recovery_codes", Oneself),
        ("personal_data_map", Oneself),
        ("jobs", Right(Action::ReadOperations, "", none())),
        (
            "set_retention",
            Right(
                Action::EditSettings,
                "",
                json!({ "years": 10, "reason": "test" }),
            ),
        ),
        ("person_held", Right(Action::ReadPerson, "", none())),
        (
            "reveal_person_held",
            Right(Action::RevealPerson, "", reason()),
        ),
        ("erase_person", Right(Action::ErasePerson, "", reason())),
        ("rural_doctor_held", Right(Action::ReadPerson, "", none())),
        (
            "reveal_rural_doctor_held",
            Right(Action::RevealPerson, "", reason()),
        ),
        (
            "erase_rural_doctor",
            Right(Action::ErasePerson, "", reason()),
        ),
        ("access_log", Right(Action::ReadAccessLog, "", none())),
        (
            "corrections_of_person",
            Right(Action::ReadPerson, "", none()),
        ),
        (
            "open_corrections",
            Right(Action::DecideCorrection, "", none()),
        ),
        ("tokens", Oneself),
        ("my_reminders", Oneself),
        ("reminder_kinds", Oneself),
        ("preference", Oneself),
        ("set_preference", Oneself),
        ("calendars", Oneself),
        ("create_calendar", Oneself),
        ("revoke_calendar", Oneself),
        ("calendar_file", Open),
        ("told_reminders", Right(Action::ReadDeliveries, "", none())),
        (
            "coming_reminders",
            Right(Action::ReadDeliveries, "", none()),
        ),
        (
            "preview_reminder",
            Right(Action::ReadDeliveries, preview, none()),
        ),
        ("schedules", Right(Action::ReadOperations, "", none())),
        (
            "edit_schedule",
            Right(
                Action::EditSchedule,
                "",
                json!({ "cron": "0 6 * * *", "zone": "Asia/Shanghai", "paused": false }),
            ),
        ),
        ("run_schedule", Right(Action::RunSchedule, "", none())),
        ("messages", Right(Action::ManageMail, "", none())),
        ("message", Right(Action::ManageMail, "", none())),
        ("resend_message", Right(Action::ManageMail, "", none())),
        (
            "test_mail",
            Right(
                Action::ManageMail,
                "",
                json!({ "to": "somebody@example.cn" }),
            ),
        ),
        ("webhooks", Right(Action::ManageMail, "", none())),
        (
            "add_webhook",
            Right(
                Action::ManageMail,
                "",
                json!({ "name": "群", "style": "wecom", "url": "https://elsewhere.example.cn/" }),
            ),
        ),
        ("remove_webhook", Right(Action::ManageMail, "", none())),
        ("create_token", Oneself),
        ("revoke_token", Oneself),
        ("accounts", Right(Action::ReadAccount, "", none())),
        ("account", Right(Action::ReadAccount, "", none())),
        (
            "invite",
            Right(
                Action::InviteAccount,
                "",
                json!({ "user_name": "user0", "name": "某人", "capacities": [] }),
            ),
        ),
        (
            "act_on_account",
            Right(Action::LockAccount, "", json!({ "act": "lock" })),
        ),
        (
            "grant_capacity",
            Right(
                Action::GrantCapacity,
                "",
                json!({ "role": "auditor", "area": "150199" }),
            ),
        ),
        (
            "take_capacity_back",
            Right(Action::GrantCapacity, "", none()),
        ),
        ("new_link", Right(Action::InviteAccount, "", none())),
        ("numbers", Right(Action::ReadPerson, "", none())),
        ("reveal", Right(Action::RevealPerson, "", reason())),
        (
            "preview_import",
            Right(Action::ImportPeople, "complete_for=150199", none()),
        ),
        (
            "import",
            Right(Action::ImportPeople, "complete_for=150199", none()),
        ),
        ("return_import", Right(Action::ImportPeople, "", none())),
        ("export", Right(Action::Export, "", none())),
        ("ledger", Right(Action::ReadLedger, "area=150199", none())),
        ("institution_ledger", Right(Action::ReadLedger, "", none())),
        (
            "monitoring",
            Right(Action::ReadMonitoring, "area=150199", none()),
        ),
        ("monitoring_schema", Oneself),
        ("policies_in_force", Right(Action::ReadPolicy, "", none())),
        ("adoptions", Right(Action::ProposeAdoption, "", none())),
        ("adoption", Right(Action::ProposeAdoption, "", none())),
        (
            "adoption_impact",
            Right(Action::ProposeAdoption, "", adoption()),
        ),
        (
            "propose_adoption",
            Right(Action::ProposeAdoption, "", adoption()),
        ),
        ("adopt", Right(Action::Adopt, "", json!({}))),
        (
            "withdraw_adoption",
            Right(Action::ProposeAdoption, "", json!({})),
        ),
        ("policies", Right(Action::ReadPolicy, "", none())),
        ("rights", Right(Action::ReadRights, "", none())),
        ("events", Right(Action::ReadTrail, "", none())),
        ("subject_history", Right(Action::ReadTrail, "", none())),
        ("verify", Right(Action::VerifyTrail, "", none())),
    ];
    let fixed = fixed
        .into_iter()
        .map(|(name, access)| (name.to_owned(), access));
    fixed
        .chain(records(world))
        .chain(decisions(world))
        .collect()
}

/// The operations of the records. Bodies are made from the description where nothing but
/// their shape matters.
fn records(world: &World) -> Vec<(String, Access)> {
    let document: Value = serde_json::from_str(&dinggang::http::description()).expect("JSON");
    let house = world.institution.to_string();
    let seen = json!([{ "institution": house, "version": 999 }]);
    let mut rows = vec![
        ("institutions", Action::ReadPlace, ""),
        ("institution_tree", Action::ReadPlace, ""),
        ("institution", Action::ReadPlace, ""),
        ("create_institution", Action::CreateInstitution, ""),
        ("declare_complete", Action::DeclareComplete, ""),
        ("request_correction", Action::RequestCorrection, ""),
        ("decide_correction", Action::DecideCorrection, ""),
        ("people", Action::ReadPerson, ""),
        ("person", Action::ReadPerson, ""),
        ("transfer", Action::EditPerson, ""),
        ("depart", Action::EditPerson, ""),
        ("rural_doctors", Action::ReadPerson, ""),
        ("rural_doctor", Action::ReadPerson, ""),
        ("create_rural_doctor", Action::EditRuralDoctor, ""),
        ("places", Action::ReadPlace, ""),
        ("place", Action::ReadPlace, ""),
        ("create_place", Action::EditArea, ""),
        ("quality", Action::ReadQuality, "area=150199"),
        ("differences", Action::CompareFigures, "area=150199"),
        ("frozen_figures", Action::ReadLedger, "area=150199"),
        ("person_profile_record", Action::EditPerson, ""),
    ]
    .into_iter()
    .map(|(name, action, query)| {
        let body = sample_of(&document, name);
        (name.to_owned(), Right(action, query, body))
    })
    .collect::<Vec<_>>();
    let given = [
        (
            "engage",
            Action::EditPerson,
            "employment/institution",
            json!(house),
        ),
        (
            "reorganise",
            Action::ReorganiseInstitution,
            "old",
            seen.clone(),
        ),
        ("freeze", Action::FreezeFigures, "area", json!("150199")),
    ];
    for (name, action, member, value) in given {
        let mut body = sample_of(&document, name);
        let (last, way) = member
            .rsplit_once('/')
            .map_or((member, ""), |(a, b)| (b, a));
        let within = if way.is_empty() {
            &mut body
        } else {
            &mut body[way]
        };
        within[last] = value;
        if name == "reorganise" {
            body["new"] = json!([{ "there": seen[0] }]);
        }
        rows.push((name.to_owned(), Right(action, "", body)));
    }
    let by_number = json!({ "id_number": "11010519491231002X" });
    rows.push((
        "find_by_number".to_owned(),
        Right(Action::ReadPerson, "", by_number),
    ));
    for (noun, read) in dinggang::service::record::every_key() {
        for operation in ["read", "history"] {
            rows.push((format!("{noun}_{operation}"), Right(read, "", Value::Null)));
        }
    }
    for (noun, write, end) in dinggang::service::record::every_written() {
        for (operation, action) in [("record", write), ("correct", write), ("end", end)] {
            let name = format!("{noun}_{operation}");
            let body = sample_of(&document, &name);
            rows.push((name, Right(action, "", body)));
        }
    }
    rows
}

/// The operations of applications and rounds.
fn decisions(world: &World) -> Vec<(String, Access)> {
    let application = world.application.to_string();
    let house = world.institution.to_string();
    let none = || Value::Null;
    let scenario = json!({ "name": "x" });
    let of_round: &'static str =
        Box::leak(format!("institution={}", world.institution_code).into_boxed_str());
    let retirement = json!({ "rank": "none", "on": "2026-12-31" });
    let new = json!({
        "kind": "retirement", "person": world.person.to_string(), "institution": house,
        "target": retirement,
    });
    let plan = json!({
        "title": "x", "offered": [{ "rank": "junior", "places": 1 }], "term_months": 12,
        "criteria": [{ "name": "x", "most": 100 }], "from": "2026-11-23", "to": "2026-11-30",
    });
    let posts = json!({
        "title": "x", "posts": [{ "title": "x", "places": 1, "mode": "open" }],
    });
    let points = json!([{ "application": application, "criterion": 0, "points": 1 }]);
    let one = json!([{ "application": application, "version": 999 }]);
    let round = json!({ "round": world.round.to_string() });
    let rows = [
        ("eligibility", Action::ReadPerson, "", none()),
        ("applications", Action::ReadApplication, "", none()),
        ("begin_application", Action::DraftApplication, "", new),
        ("application", Action::ReadApplication, "", none()),
        ("preview_application", Action::ReadApplication, "", none()),
        (
            "edit_application",
            Action::DraftApplication,
            "",
            json!({ "target": retirement }),
        ),
        (
            "submit_application",
            Action::SubmitApplication,
            "",
            json!({}),
        ),
        ("take_application", Action::Recommend, "", json!({})),
        (
            "decline_application",
            Action::Decline,
            "",
            json!({ "defects": ["x"] }),
        ),
        ("recommend_application", Action::Recommend, "", json!({})),
        (
            "publish_notice",
            Action::PublishNotice,
            "",
            json!({ "working_days": 5 }),
        ),
        ("close_notice", Action::PublishNotice, "", json!({})),
        (
            "comment_application",
            Action::Comment,
            "",
            json!({ "text": "x" }),
        ),
        (
            "raise_objection",
            Action::RaiseObjection,
            "",
            json!({ "text": "x" }),
        ),
        (
            "resolve_objection",
            Action::ResolveObjection,
            "",
            json!({ "outcome": "upheld", "answer": "x" }),
        ),
        (
            "give_opinion",
            Action::Opine,
            "",
            json!({ "favourable": true, "text": "x" }),
        ),
        ("approve_application", Action::Approve, "", json!({})),
        (
            "return_application",
            Action::Return,
            "",
            json!({ "to": "applicant", "defects": ["x"] }),
        ),
        (
            "reject_application",
            Action::Reject,
            "",
            json!({ "reason": "x" }),
        ),
        (
            "withdraw_application",
            Action::WithdrawApplication,
            "",
            json!({ "reason": "x" }),
        ),
        (
            "object_to_filed",
            Action::ObjectToFiled,
            "",
            json!({ "reason": "x" }),
        ),
        (
            "revoke_application",
            Action::Revoke,
            "",
            json!({ "reason": "x" }),
        ),
        ("notices", Action::ReadNotice, "", none()),
        ("attach_file", Action::DraftApplication, "", none()),
        ("attachment", Action::ReadApplication, "", none()),
        (
            "load_holidays",
            Action::LoadHolidays,
            "",
            json!({ "text": "x" }),
        ),
        ("rounds", Action::ReadRound, of_round, none()),
        (
            "plan_round",
            Action::PlanRound,
            "",
            json!({ "institution": house, "plan": plan }),
        ),
        ("round", Action::ReadRound, "", none()),
        ("edit_round", Action::PlanRound, "", plan),
        (
            "step_round",
            Action::PlanRound,
            "",
            json!({ "made": "propose" }),
        ),
        (
            "score_round",
            Action::Score,
            "",
            json!({ "points": points }),
        ),
        ("reserve_round", Action::Recommend, "", json!({})),
        ("queue", Action::ReadApplication, "", none()),
        ("bench_case", Action::ReadApplication, "", none()),
        (
            "preview_batch",
            Action::ReadApplication,
            "",
            json!({ "applications": [application] }),
        ),
        (
            "decide_batch",
            Action::Approve,
            "",
            json!({ "applications": one, "made": "approve" }),
        ),
        ("allocate", Action::ReadRound, "", round),
        (
            "run_scenarios",
            Action::RunScenario,
            "",
            json!({ "area": "150199", "scenarios": [scenario] }),
        ),
        (
            "compare_scenarios",
            Action::RunScenario,
            "",
            json!({ "area": "150199", "scenarios": [scenario, scenario] }),
        ),
        (
            "scenarios_workbook",
            Action::RunScenario,
            "",
            json!({ "area": "150199", "scenarios": [scenario] }),
        ),
        ("forecast", Action::RunScenario, "area=150199", none()),
        ("excess", Action::ReadLedger, "", none()),
        ("vacancies", Action::ReadRecruitment, "area=150199", none()),
        ("recruitments", Action::ReadRecruitment, of_round, none()),
        (
            "plan_recruitment",
            Action::PlanRecruitment,
            "",
            json!({ "institution": house, "plan": posts }),
        ),
        ("recruitment", Action::ReadRecruitment, "", none()),
        ("edit_recruitment", Action::PlanRecruitment, "", posts),
        (
            "step_recruitment",
            Action::PlanRecruitment,
            "",
            json!({ "made": "propose" }),
        ),
        (
            "register_applicants",
            Action::PlanRecruitment,
            "",
            json!({ "applicants": [{ "number": "1", "post": 0, "points": 1 }] }),
        ),
        ("appointment_form", Action::PrintForm, "", none()),
        ("post_plan_form", Action::PrintForm, "", none()),
        ("usage_form", Action::PrintForm, "", none()),
        ("notice_form", Action::PrintForm, "", none()),
        ("roster_form", Action::PrintForm, "", none()),
        (
            "establishment_form",
            Action::PrintForm,
            "area=150199",
            none(),
        ),
    ];
    let rows = rows.into_iter();
    let mut rows: Vec<(String, Access)> = rows
        .map(|(name, action, query, body)| (name.to_owned(), Right(action, query, body)))
        .collect();
    rows.push(("holidays".to_owned(), Oneself));
    rows
}

/// The smallest body that an operation takes; null where it takes none.
fn sample_of(document: &Value, operation: &str) -> Value {
    let paths = document["paths"].as_object().expect("paths").values();
    let mut operations = paths.flat_map(|path| path.as_object().expect("methods").values());
    let found = operations.find(|one| one["operationId"] == operation);
    let found = found.unwrap_or_else(|| panic!("no operation {operation}"));
    let body = found["requestBody"]["content"].as_object();
    let media = body.and_then(|content| content.values().next());
    media.map_or(Value::Null, |media| sample(document, &media["schema"]))
}

fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().expect("a name");
        return sample(document, &document["components"]["schemas"][name]);
    }
    if let Some(one) = schema["allOf"].as_array().and_then(|all| all.first()) {
        return sample(document, one);
    }
    if let Some(word) = schema["enum"].as_array().and_then(|all| all.first()) {
        return word.clone();
    }
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let required = schema["required"].as_array().into_iter().flatten();
            let members = required.filter_map(Value::as_str).map(|name| {
                let member = sample(document, &schema["properties"][name]);
                (name.to_owned(), member)
            });
            Value::Object(members.collect())
        }
        Some("array") => json!([sample(document, &schema["items"])]),
        Some("string") => {
            let shortest = schema["minLength"].as_u64().unwrap_or(1);
            json!("1".repeat(usize::try_from(shortest).expect("short").max(1)))
        }
        Some("integer") => json!(schema["minimum"].as_f64().map_or(1, |least| least as i64)),
        Some("boolean") => json!(false),
        other => panic!("a schema of type {other:?}"),
    }
}

/// A route that is really served.
struct Route {
    operation: String,
    method: Method,
    path: String,
}

async fn routes(caller: &Caller) -> Vec<Route> {
    let document = caller.get("/openapi.json").await.is(200).json;
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            routes.push(Route {
                operation: operation["operationId"]
                    .as_str()
                    .expect("a name")
                    .to_owned(),
                method: method.to_uppercase().parse().expect("a method"),
                path: path.trim_start_matches("/api/v1").to_owned(),
            });
        }
    }
    routes
}

async fn ask(world: &World, caller: &Caller, route: &Route, query: &str, body: &Value) -> Answer {
    let path = world.fill(&route.path);
    let path = if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    };
    let request = caller
        .request(route.method.clone(), &path)
        .header("if-match", "\"999\"");
    let request = if route.path.ends_with("/attachments") {
        let file = reqwest::multipart::Part::bytes(b"%PDF-1.7".to_vec()).file_name("x.pdf");
        request.multipart(reqwest::multipart::Form::new().part("file", file))
    } else if route.path.starts_with("/imports") {
        request.multipart(World::workbook())
    } else if body.is_null() {
        request
    } else {
        request.json(body)
    };
    caller.send(request).await
}

on_both! {
    async fn every_route_asks_for_its_right(database: Database) {
        let world = World::new(&database).await;
        let table = table(&world);
        let nobody = world.server.nobody();
        let mut asked = 0;
        for route in routes(&nobody).await {
            let access = table.get(route.operation.as_str());
            let access = access.unwrap_or_else(|| panic!("{} is not in the table", route.operation));
            let (action, query, body) = match access {
                Open => continue,
                Oneself => {
                    let answer = ask(&world, &nobody, &route, "", &json!({})).await;
                    assert!(matches!(answer.status.as_u16(), 400 | 401), "{}", route.operation);
                    continue;
                }
                Right(action, query, body) => (*action, *query, body),
            };
            let answer = ask(&world, &nobody, &route, query, body).await;
            assert_eq!(answer.problem(401), "not_signed_in", "{}", route.operation);
            for office in Office::ALL {
                let answer = ask(&world, world.of(*office), &route, query, body).await;
                let (status, code) = (answer.status.as_u16(), answer.json["code"].as_str());
                let told = format!("{} as {}: {status} {code:?}", route.operation, office.key());
                asked += 1;
                // a consortium decides only where the adopted route says so
                let by_route = matches!(action, Action::Approve | Action::Return | Action::Reject);
                if by_route && *office == Office::ConsortiumHr {
                    continue;
                }
                // the form of a case shows the case
                let sees_cases = Action::ReadApplication.offices().contain(*office);
                let hidden_case = route.operation == "appointment_form" && !sees_cases;
                if action.offices().contain(*office) && !hidden_case {
                    let lacks = code == Some("office") || status == 401;
                    assert!(!lacks, "{told}");
                } else {
                    // what a staff member may not see at all does not exist
                    let hidden = status == 404 || (status == 403 && code == Some("office"));
                    assert!(hidden, "{told}");
                }
                assert!(status < 500, "{told}");
            }
            // the same office of another county: it does not exist
            for stranger in world.strangers() {
                let answer = ask(&world, stranger, &route, query, body).await;
                let status = answer.status.as_u16();
                let is_about_something = route.path.contains('{') || !query.is_empty();
                if is_about_something {
                    let code = answer.json["code"].as_str().unwrap_or_default();
                    let hidden = status == 404 || (status == 403 && code == "office");
                    assert!(hidden, "{} by a stranger: {status} {code}", route.operation);
                } else {
                    let text = String::from_utf8_lossy(&answer.bytes).into_owned();
                    for secret in world.secrets() {
                        assert!(!text.contains(secret), "{} shows {secret}", route.operation);
                    }
                }
            }
        }
        assert!(asked > 150);
    }
}
