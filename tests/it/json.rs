//! The JSON of `check` (CONTRACT section 4): every key, the order of rows, and the same
//! figures as the engine's.

use crate::oracle::{INNER_MONGOLIA, XINJIANG};
use crate::support::answer::Answer;
use crate::support::cases;
use crate::support::engine::Engine;
use crate::support::generate::{County, county};
use crate::support::json::{answer, at, list, number, text};
use dinggang::domain::register::Register;
use dinggang::i18n::Lang;
use dinggang::report::evaluation::{Evaluation, Input};
use dinggang::report::json;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

fn written(engine: &Engine, lang: Lang) -> Value {
    let inputs = [Input {
        file: "测试.xlsx".to_owned(),
        sha256: "0".repeat(64),
    }];
    let evaluation = Evaluation {
        as_of: engine.plan.as_of,
        inputs: &inputs,
        refused: &[],
        register: engine.register,
        faults: &[],
        warnings: &[],
        plan: &engine.plan,
        data: &engine.data,
        assessment: &engine.assessment,
    };
    let mut bytes = Vec::new();
    json::write(&evaluation, lang, &mut bytes).expect("written");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Without the findings of medical communities, which have a list of their own.
fn without_consortia(mut answer: Answer) -> Answer {
    answer.consortia = BTreeMap::new();
    answer
}

fn keys(value: &Value, keys: &[&str]) {
    for key in keys {
        at(value, key);
    }
}

const FINDING: [&str; 14] = [
    "rule",
    "policy",
    "subject",
    "force",
    "verdict",
    "counted",
    "base",
    "threshold",
    "needed",
    "cites",
    "readings",
    "missing",
    "people",
    "message",
];
const LEVEL: [&str; 11] = [
    "ceiling",
    "approved",
    "limit",
    "ordinary",
    "beyond_ratio",
    "off_quota",
    "special",
    "counted",
    "reserved",
    "vacant",
    "over",
];
const DIRECTED: [&str; 7] = [
    "ceiling", "approved", "limit", "counted", "reserved", "vacant", "over",
];

/// Every key that the contract shows, whatever the value.
pub fn has_every_key(json: &Value) {
    keys(
        json,
        &[
            "as_of",
            "policies",
            "policy_details",
            "program",
            "inputs",
            "errors",
            "warnings",
        ],
    );
    assert_eq!(number(json, "schema"), Some(1));
    for detail in list(json, "policy_details") {
        keys(
            detail,
            &["id", "status", "from", "to", "verified", "sha256"],
        );
    }
    for input in list(json, "inputs") {
        keys(input, &["file", "sha256"]);
    }
    for institution in list(json, "institutions") {
        keys(
            institution,
            &["code", "name", "kind", "area", "posts", "findings"],
        );
        let posts = at(institution, "posts");
        keys(posts, &["professional"]);
        for level in ["senior", "intermediate", "junior"] {
            keys(at(posts, level), &LEVEL);
        }
        keys(at(posts, "directed"), &DIRECTED);
        list(institution, "findings")
            .iter()
            .for_each(has_every_key_of_a_finding);
    }
    for area in list(json, "areas") {
        keys(area, &["code"]);
        list(area, "findings")
            .iter()
            .for_each(has_every_key_of_a_finding);
    }
    for person in list(json, "people") {
        keys(
            person,
            &[
                "file",
                "sheet",
                "row",
                "name",
                "institution",
                "retirement",
                "months_to_retirement",
                "primary_service_months",
                "township_service_months",
                "ledger",
            ],
        );
        for standing in list(person, "standings") {
            keys(
                standing,
                &[
                    "rule", "policy", "verdict", "from", "until", "missing", "cites",
                ],
            );
        }
    }
    for doctor in list(json, "rural_doctors") {
        keys(
            doctor,
            &["file", "sheet", "row", "name", "gives", "missing", "cites"],
        );
        for give in list(doctor, "gives") {
            keys(give, &["name", "force"]);
        }
    }
    for complaints in ["errors", "warnings"] {
        for complaint in list(json, complaints) {
            keys(
                complaint,
                &["file", "sheet", "row", "column", "code", "value", "message"],
            );
        }
    }
}

fn has_every_key_of_a_finding(finding: &Value) {
    keys(finding, &FINDING);
    for cite in list(finding, "cites") {
        keys(cite, &["at", "text"]);
    }
    assert!(
        !list(finding, "cites").is_empty(),
        "a finding names its clause"
    );
    assert!(
        !text(finding, "message").is_empty(),
        "and says what it found"
    );
    let unknown = text(finding, "verdict") == "unknown";
    assert!(
        !unknown || !list(finding, "missing").is_empty(),
        "what is unknown says what is missing: {finding}"
    );
}

fn in_order(json: &Value, register: &Register) {
    let codes: Vec<&str> = list(json, "institutions")
        .iter()
        .map(|i| text(i, "code"))
        .collect();
    let expected: Vec<&str> = register
        .institutions
        .iter()
        .map(|i| i.code.as_str())
        .collect();
    assert_eq!(codes, expected, "institutions stand in file order");
    let rows: Vec<i64> = list(json, "people")
        .iter()
        .map(|p| number(p, "row").expect("a row"))
        .collect();
    let expected: Vec<i64> = register
        .people
        .iter()
        .map(|p| i64::from(p.origin.row))
        .collect();
    assert_eq!(rows, expected, "people stand in row order");
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn it_says_what_the_engine_found(county in county(), english in any::<bool>()) {
        let County { as_of, register } = &county;
        let engine = Engine::run(register, &[INNER_MONGOLIA, XINJIANG], *as_of);
        let json = written(&engine, if english { Lang::En } else { Lang::ZhCn });
        has_every_key(&json);
        in_order(&json, register);
        prop_assert_eq!(text(&json, "as_of"), as_of.to_string());
        let said = without_consortia(engine.answer())
            .differences(&answer(&json, register), ("engine", "json"));
        prop_assert!(said.is_empty(), "{}", said.join("\n"));
    }
}
