//! The description of the API that is checked in is that of the program.

use serde_json::Value;
use std::fs;
use std::path::Path;

#[test]
fn the_checked_in_description_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let checked_in = fs::read_to_string(path).expect("docs/openapi.json");
    let current = dinggang::http::description();
    assert!(
        checked_in.trim() == current.trim(),
        "run: cargo run -- openapi > docs/openapi.json"
    );
}

/// Every operation has a name of its own, a summary, and documented failures.
#[test]
fn every_operation_is_described() {
    let document: Value = serde_json::from_str(&dinggang::http::description()).expect("JSON");
    let mut names = std::collections::BTreeSet::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let name = operation["operationId"].as_str();
            let name = name.unwrap_or_else(|| panic!("{method} {path} has no name"));
            assert!(names.insert(name.to_owned()), "{name} twice");
            assert!(operation["summary"].is_string(), "{method} {path}");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.contains_key("503"), "{method} {path}");
        }
    }
    assert!(names.len() > 25);
}
