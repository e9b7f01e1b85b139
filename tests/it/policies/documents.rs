//! What is written about the format agrees with it: the schema for editors, and the
//! examples of `policies/README.md`.

use super::{assert_sound, package, shipped, source, text};
use dinggang::policy::cases;
use dinggang::policy::diagnostic::{Diagnostics, Problem};
use dinggang::policy::load::read_policy;
use dinggang::policy::raw::PolicyFile;
use dinggang::rules::case;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Every kind of rule there is.
const KINDS: usize = 18;

#[test]
fn the_schema_is_current() {
    let schema = schemars::schema_for!(PolicyFile);
    let current = serde_json::to_string_pretty(&schema).expect("a schema") + "\n";
    let path = package().join("policies/schema.json");
    if std::env::var_os("DINGGANG_WRITE_SCHEMA").is_some() {
        std::fs::write(&path, current).expect("writable");
        return;
    }
    assert!(
        std::fs::read_to_string(&path).is_ok_and(|written| written == current),
        "policies/schema.json is out of date; refresh it with\n\
         DINGGANG_WRITE_SCHEMA=1 cargo test --test it the_schema_is_current"
    );
}

/// The examples of the guide with that word behind ```` ```toml ````, put together.
fn examples(word: &str) -> String {
    let guide = text(&package().join("policies/README.md"));
    let opening = format!("```toml{word}\n");
    let blocks = guide.split(&opening).skip(1);
    blocks
        .filter_map(|rest| rest.split_once("```"))
        .map(|(block, _)| block)
        .collect()
}

#[test]
fn the_examples_of_the_guide_hold() {
    let library = shipped();
    let mut problems = Diagnostics::default();
    let mut read = |name: &str, written: String| {
        let file = source(name, written);
        read_policy(name, &file, &library.facts, &mut problems).expect("understood")
    };
    read("document", examples(" document"));
    let stub = r#"
        document = { title = "", place = "", status = "draft" }
        clause.1 = { at = "", text = "" }
    "#;
    let policy = Arc::new(read("rules", stub.to_owned() + &examples("")));
    let kinds: BTreeSet<&str> = policy.rules.iter().map(|rule| rule.body.kind()).collect();
    assert_eq!(kinds.len(), KINDS, "{kinds:?}");

    let file = source("cases", examples(" case"));
    let cases = cases::read(&file, &mut problems);
    let find = |id: &str| library.find(id);
    case::run(&policy, &cases, &file, &library.facts, &find, &mut problems);
    problems
        .0
        .retain(|p| !matches!(p.problem, Problem::NotHit { .. }));
    assert_sound(&problems);
}
