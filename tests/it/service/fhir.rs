//! The read view for health registries: what R4 asks of each resource, and nobody's whole
//! number.

use crate::support::database::on_both;
use crate::support::office::{NOW, actor, auditor, office};
use crate::support::recorded::{COUNTY, recorded, reviewer, small_county};
use crate::support::records::day;
use dinggang::domain::record::When;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Actor, Authority, Capacity};
use dinggang::service::fhir::{self, Kind, Page, Resource, Search, Span, Token};
use dinggang::service::{Office, ServiceError};
use dinggang::store::register::{Loaded, Part, Scope, load};
use serde_json::Value;

async fn loaded(office: &Office) -> (Register, Loaded) {
    let register = small_county(office, "2025-12-31").await;
    let mut reader = office.store.snapshot().await.expect("a reader");
    let when = When::on(day("2026-11-22"));
    let loaded = load(&mut reader, &Part::Whole, when, office.vault.as_ref()).await;
    (register, loaded.expect("loaded"))
}

fn json(resource: &Resource) -> Value {
    serde_json::from_str(&fhir::json(resource)).expect("JSON")
}

fn all() -> Search {
    Search {
        count: 200,
        ..Search::default()
    }
}

async fn found(office: &Office, actor: &Actor, kind: Kind, search: &Search) -> Page {
    fhir::search(office, actor, kind, search, NOW)
        .await
        .expect("a page")
}

fn ids(page: &Page) -> Vec<String> {
    page.found
        .iter()
        .map(|(path, _)| path.split('/').nth(1).expect("an id").to_owned())
        .collect()
}

/// The elements of a kind: those R4 (with its invariants) or we require, and the others that
/// may be there.
fn elements(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        // org-1: an identifier or a name
        "Organization" => (
            &["id", "meta", "identifier", "active", "type", "name"],
            &["address", "partOf"],
        ),
        "Location" => (
            &[
                "id",
                "meta",
                "identifier",
                "status",
                "name",
                "mode",
                "physicalType",
                "managingOrganization",
            ],
            &["address"],
        ),
        "Practitioner" => (
            &["id", "meta", "identifier", "active", "name", "gender"],
            &["qualification"],
        ),
        "PractitionerRole" => (
            &[
                "id",
                "meta",
                "identifier",
                "active",
                "practitioner",
                "organization",
                "location",
            ],
            &["code", "specialty"],
        ),
        "Bundle" => (&["type", "timestamp", "total", "link"], &["entry"]),
        "OperationOutcome" => (&["issue"], &[]),
        "CapabilityStatement" => (
            &[
                "status",
                "date",
                "kind",
                "software",
                "implementation",
                "fhirVersion",
                "format",
                "rest",
            ],
            &[],
        ),
        other => panic!("{other}"),
    }
}

/// Elements that may repeat are arrays, and no others; none is empty.
const MANY: [&str; 12] = [
    "identifier",
    "coding",
    "extension",
    "link",
    "entry",
    "issue",
    "rest",
    "interaction",
    "searchParam",
    "format",
    "qualification",
    "specialty",
];

fn conforms(resource: &Value) {
    let kind = resource["resourceType"].as_str().expect("a kind");
    let (required, others) = elements(kind);
    let members = resource.as_object().expect("an object");
    for name in required {
        assert!(
            members.contains_key(*name),
            "{kind}.{name} is missing: {resource}"
        );
    }
    for name in members
        .keys()
        .map(String::as_str)
        .filter(|name| *name != "resourceType")
    {
        assert!(
            required.contains(&name) || others.contains(&name),
            "{kind}.{name} is not of R4 or not ours"
        );
    }
    walk(kind, resource);
    if let Some(id) = resource["id"].as_str() {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        assert!((1..=64).contains(&id.len()) && id.chars().all(fits), "{id}");
    }
    if let Some(updated) = resource.pointer("/meta/lastUpdated") {
        let text = updated.as_str().expect("an instant");
        assert!(text.contains('T') && text.ends_with('Z'), "{text}");
    }
    match kind {
        "Location" => {
            assert!(
                ["active", "suspended", "inactive"]
                    .contains(&resource["status"].as_str().expect("a code"))
            );
            assert!(["instance", "kind"].contains(&resource["mode"].as_str().expect("a code")));
        }
        "Practitioner" => {
            let gender = resource["gender"].as_str().expect("a code");
            assert!(["male", "female", "other", "unknown"].contains(&gender));
            assert!(
                resource.get("birthDate").is_none(),
                "the day of birth is part of the number"
            );
        }
        "Bundle" => assert_eq!(resource["type"], "searchset"),
        _ => {}
    }
}

fn walk(path: &str, value: &Value) {
    match value {
        Value::Object(members) => {
            assert!(!members.is_empty(), "{path} is empty");
            for (name, value) in members {
                let path = format!("{path}.{name}");
                assert!(!value.is_null(), "{path} is null");
                if MANY.contains(&name.as_str()) {
                    assert!(value.is_array(), "{path} repeats");
                }
                if name == "use" {
                    let known = [
                        "usual",
                        "official",
                        "temp",
                        "secondary",
                        "old",
                        "work",
                        "home",
                    ];
                    assert!(known.contains(&value.as_str().expect("a code")), "{path}");
                }
                if name == "system" {
                    let system = value.as_str().expect("a URI");
                    assert!(
                        system.starts_with("urn:") || system.starts_with("http://"),
                        "{system}"
                    );
                }
                if name == "reference" {
                    let (kind, id) = value
                        .as_str()
                        .expect("text")
                        .split_once('/')
                        .expect("a kind");
                    assert!(Kind::named(kind).is_some() && !id.is_empty(), "{value}");
                }
                walk(&path, value);
            }
        }
        Value::Array(items) => {
            assert!(!items.is_empty(), "{path} is an empty array");
            items.iter().for_each(|item| walk(path, item));
        }
        Value::String(text) => assert!(!text.is_empty(), "{path} is an empty text"),
        _ => {}
    }
}

#[test]
fn spans_are_read_as_registries_write_them() {
    let at =
        |text: &str| -> dinggang::domain::time::Timestamp { text.parse().expect("an instant") };
    let span = |text: &str| Span::read(text).unwrap_or_else(|| panic!("{text}"));
    let day = span("2026-11-22");
    assert_eq!(
        (day.first, day.end),
        (at("2026-11-21T16:00:00Z"), at("2026-11-22T16:00:00Z"))
    );
    assert_eq!(span("ge2026-12").end, at("2026-12-31T16:00:00Z"));
    assert_eq!(span("lt2026").first, at("2025-12-31T16:00:00Z"));
    assert_eq!(
        span("gt2026-11-22T01:00:00Z").first,
        at("2026-11-22T01:00:00Z")
    );
    for wrong in [
        "",
        "2026-13",
        "26-01-01",
        "xx2026",
        "2026-02-30",
        "2026-1-1",
        "2026-01-01-01",
        "yesterday",
    ] {
        assert_eq!(Span::read(wrong), None, "{wrong}");
    }
}

on_both! {
    async fn every_resource_is_as_r4_has_it(database: Database) {
        let office = office(&database.store);
        let (register, loaded) = loaded(&office).await;
        let inspector = auditor();
        let mut everything = String::new();
        for kind in Kind::ALL {
            let page = found(&office, &inspector, kind, &all()).await;
            let expected = if kind.is_of_person() { register.people.len() } else { register.institutions.len() };
            assert_eq!((page.total, page.found.len()), (expected, expected), "{kind:?}");
            for (path, resource) in &page.found {
                let value = json(resource);
                conforms(&value);
                assert_eq!(*path, format!("{}/{}", kind.name(), value["id"].as_str().expect("an id")));
                let one = fhir::read(&office, &inspector, kind, value["id"].as_str().expect("an id"), NOW).await;
                assert_eq!(one.expect("the same"), *resource);
                everything.push_str(&value.to_string());
            }
            let bundle = fhir::bundle("http://x/fhir/R4", page, "http://x/fhir/R4/y".to_owned(), None, NOW);
            let bundle = json(&bundle);
            conforms(&bundle);
            assert!(bundle["entry"][0]["fullUrl"].as_str().expect("a URL").starts_with("http://x/fhir/R4/"));
        }
        for person in &register.people {
            assert!(!everything.contains(person.id.as_str()), "a whole number");
            assert!(everything.contains(&person.id.masked()));
        }
        // stations are part of their centre
        let at = register.institutions.iter().position(|one| one.parent.is_some()).expect("a station");
        let code = &register.institutions[at].code;
        let at = loaded.register.institutions.iter().position(|one| one.code == *code).expect("it");
        let station = fhir::read(&office, &inspector, Kind::Organization, &loaded.institutions[at].to_string(), NOW).await;
        let station = json(&station.expect("it"));
        assert!(station["partOf"]["reference"].as_str().expect("a centre").starts_with("Organization/"));
        conforms(&json(&fhir::capabilities("http://x/fhir/R4", NOW)));
        conforms(&json(&fhir::outcome("not-found", "没有".to_owned())));
    }

    async fn a_search_finds_what_it_names(database: Database) {
        let office = office(&database.store);
        let (register, loaded) = loaded(&office).await;
        let inspector = auditor();
        let house = &register.institutions[0];
        let by_code = Search {
            identifier: Some(Token::read(&format!("urn:x-dinggang:institution-code|{}", house.code))),
            ..all()
        };
        let page = found(&office, &inspector, Kind::Organization, &by_code).await;
        assert_eq!(json(&page.found[0].1)["name"], house.name);
        assert_eq!(page.total, 1);
        let wrong = Search { identifier: Some(Token::read(&format!("urn:other|{}", house.code))), ..all() };
        assert_eq!(found(&office, &inspector, Kind::Organization, &wrong).await.total, 0);
        let name: String = register.people[0].name.chars().take(1).collect();
        let by_name = Search { name: Some(name.clone()), ..all() };
        let expected = register.people.iter().filter(|one| one.name.starts_with(&name)).count();
        assert_eq!(found(&office, &inspector, Kind::Practitioner, &by_name).await.total, expected);
        let at = loaded.register.people[0].institution;
        let by_house = Search { organization: Some(loaded.institutions[at].to_string()), ..all() };
        let expected = loaded.register.people.iter().filter(|one| one.institution == at).count();
        assert_eq!(found(&office, &inspector, Kind::PractitionerRole, &by_house).await.total, expected);
        let whole = Token::read(register.people[0].id.as_str());
        let by_number = Search { identifier: Some(whole), ..all() };
        assert_eq!(found(&office, &inspector, Kind::Practitioner, &by_number).await.total, 0);
    }

    async fn what_was_altered_is_found_by_its_day(database: Database) {
        let office = office(&database.store);
        let (mut register, _) = loaded(&office).await;
        let inspector = auditor();
        let since = |text: &str| Search { updated: vec![Span::read(text).expect("a span")], ..all() };
        let everybody = register.people.len();
        assert_eq!(found(&office, &inspector, Kind::Practitioner, &since("ge2026-11-22")).await.total, everybody);
        assert_eq!(found(&office, &inspector, Kind::Practitioner, &since("gt2026-11-22")).await.total, 0);
        assert_eq!(found(&office, &inspector, Kind::Practitioner, &since("lt2026-11-22")).await.total, 0);
        let before = found(&office, &inspector, Kind::Practitioner, &all()).await;
        register.people[3].email = Some("a@example.cn".to_owned());
        recorded(&office, &register, Scope::Institutions(Vec::new()), day("2026-06-30")).await;
        let after = found(&office, &inspector, Kind::Practitioner, &all()).await;
        let pairs = before.found.iter().zip(&after.found);
        let altered = pairs.filter(|(a, b)| fhir::version(&a.1) != fhir::version(&b.1)).count();
        assert_eq!(altered, 1);
    }

    async fn pages_neither_skip_nor_repeat(database: Database) {
        let office = office(&database.store);
        loaded(&office).await;
        let inspector = auditor();
        let whole = found(&office, &inspector, Kind::Practitioner, &all()).await;
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let search = Search { after, count: 7, ..Search::default() };
            let page = found(&office, &inspector, Kind::Practitioner, &search).await;
            assert_eq!(page.total, whole.total);
            seen.extend(ids(&page));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, ids(&whole));
        let none = Search { count: 0, ..Search::default() };
        let page = found(&office, &inspector, Kind::Practitioner, &none).await;
        assert_eq!((page.total, page.found.len(), page.next), (whole.total, 0, None));
    }

    async fn only_the_own_scope_is_shown(database: Database) {
        let office = office(&database.store);
        let (_, loaded) = loaded(&office).await;
        let houses = &loaded.register.institutions;
        let has_staff = |at: usize| loaded.register.people.iter().any(|one| one.institution == at);
        let is_above = |at: usize| houses.iter().any(|one| one.parent.as_ref() == Some(&houses[at].code));
        let mut alone = (0..houses.len()).filter(|at| has_staff(*at) && !is_above(*at));
        let at = alone.next().expect("a house with nothing below it");
        let clerk = actor(51, Capacity::InstitutionHr { institution: loaded.institutions[at] });
        let own = found(&office, &clerk, Kind::Practitioner, &all()).await;
        assert!(own.total > 0 && own.total < loaded.people.len());
        let stranger = reviewer(52, Authority::Health, "150198");
        for kind in Kind::ALL {
            assert_eq!(found(&office, &stranger, kind, &all()).await.total, 0);
            let id = if kind.is_of_person() { loaded.people[0].to_string() } else { loaded.institutions[at].to_string() };
            let read = fhir::read(&office, &stranger, kind, &id, NOW).await;
            assert!(matches!(read, Err(ServiceError::NotFound)), "{kind:?}");
            for nothing in ["", "nothing", "019ab5c2-7f00-7000-8000-000000000000"] {
                let read = fhir::read(&office, &auditor(), kind, nothing, NOW).await;
                assert!(matches!(read, Err(ServiceError::NotFound)), "{kind:?}/{nothing}");
            }
        }
        // of another authority: it has no right to the view at all
        let posts = reviewer(53, Authority::HumanResources, COUNTY);
        let denied = fhir::search(&office, &posts, Kind::Practitioner, &all(), NOW).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))));
    }
}
