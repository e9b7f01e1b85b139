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
fn table(world: &World) -> BTreeMap<&'static str, Access> {
    let none = || Value::Null;
    let reason = || json!({ "reason": "test" });
    let _ = world;
    BTreeMap::from([
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
        ("tokens", Oneself),
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
        ("policies", Right(Action::ReadPolicy, "", none())),
        ("rights", Right(Action::ReadRights, "", none())),
        ("events", Right(Action::ReadTrail, "", none())),
        ("subject_history", Right(Action::ReadTrail, "", none())),
        ("verify", Right(Action::VerifyTrail, "", none())),
    ])
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
    let request = if route.path.starts_with("/imports") {
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
                if action.offices().contain(*office) {
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
