//! The JSON of `check` taken apart again (CONTRACT section 4).

use super::answer::{
    Answer, DoctorAnswer, Finding, InstitutionAnswer, PersonAnswer, Posts, Standing,
};
use dinggang::domain::register::Register;
use serde_json::Value;
use std::collections::BTreeMap;

/// A key that must be there.
pub fn at<'a>(value: &'a Value, key: &str) -> &'a Value {
    value
        .get(key)
        .unwrap_or_else(|| panic!("no key {key} in {}", short(value)))
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(300).collect()
}

/// The elements of a list.
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    let value = at(value, key);
    value
        .as_array()
        .unwrap_or_else(|| panic!("{key} is no list: {}", short(value)))
}

/// A text.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    let value = at(value, key);
    value
        .as_str()
        .unwrap_or_else(|| panic!("{key} is no text: {}", short(value)))
}

/// A text or null.
pub fn maybe_text(value: &Value, key: &str) -> Option<String> {
    match at(value, key) {
        Value::Null => None,
        _ => Some(text(value, key).to_owned()),
    }
}

/// A whole number or null.
pub fn number(value: &Value, key: &str) -> Option<i64> {
    match at(value, key) {
        Value::Null => None,
        value => Some(
            value
                .as_i64()
                .unwrap_or_else(|| panic!("{key} is no whole number: {}", short(value))),
        ),
    }
}

/// The same word, kept for ever (there are few).
fn word(text: &str) -> &'static str {
    const WORDS: [&str; 15] = [
        "holds",
        "fails",
        "unknown",
        "judgement",
        "must",
        "may",
        "in-principle",
        "target",
        "ordinary",
        "beyond_ratio",
        "off_quota",
        "directed",
        "special",
        "senior",
        "intermediate",
    ];
    let mut words = WORDS.into_iter();
    words
        .find(|word| *word == text)
        .unwrap_or_else(|| panic!("no such word in the contract: {text}"))
}

/// What the JSON says about a register whose rows stand where the register says.
pub fn answer(json: &Value, register: &Register) -> Answer {
    let person_at = |row: i64| {
        let mut people = register.people.iter();
        people.find(|p| i64::from(p.origin.row) == row)
    };
    let doctor_at = |row: i64| {
        let mut doctors = register.rural_doctors.iter();
        doctors.find(|d| i64::from(d.origin.row) == row)
    };
    let answer = Answer {
        institutions: list(json, "institutions")
            .iter()
            .map(|i| (text(i, "code").to_owned(), institution(i)))
            .collect(),
        areas: list(json, "areas")
            .iter()
            .map(|a| (text(a, "code").to_owned(), findings(a)))
            .collect(),
        consortia: BTreeMap::new(),
        people: list(json, "people")
            .iter()
            .map(|p| {
                let row = number(p, "row").expect("a row");
                let person = person_at(row).expect("a person of the register");
                assert_eq!(text(p, "name"), person.name);
                let institution = &register.institutions[person.institution];
                assert_eq!(text(p, "institution"), institution.code);
                (person.id.as_str().to_owned(), self::person(p))
            })
            .collect(),
        rural_doctors: list(json, "rural_doctors")
            .iter()
            .map(|d| {
                let row = number(d, "row").expect("a row");
                let doctor = doctor_at(row).expect("a rural doctor of the register");
                assert_eq!(text(d, "name"), doctor.name);
                (doctor.id.as_str().to_owned(), self::doctor(d))
            })
            .collect(),
    };
    answer.sorted()
}

fn institution(value: &Value) -> InstitutionAnswer {
    let posts = at(value, "posts");
    let of = |level: &'static str| (level, self::posts(at(posts, level), level != "directed"));
    InstitutionAnswer {
        professional: number(posts, "professional"),
        posts: ["senior", "intermediate", "junior", "directed"]
            .map(of)
            .into(),
        findings: findings(value),
    }
}

fn posts(value: &Value, ledgers: bool) -> Posts {
    let ledger = |key: &str| if ledgers { number(value, key) } else { None };
    assert_eq!(
        number(value, "reserved"),
        Some(0),
        "nothing is reserved in check"
    );
    Posts {
        ceiling: number(value, "ceiling"),
        approved: number(value, "approved"),
        limit: number(value, "limit"),
        ordinary: ledger("ordinary"),
        beyond_ratio: ledger("beyond_ratio"),
        off_quota: ledger("off_quota"),
        special: ledger("special"),
        counted: number(value, "counted").expect("a number"),
        vacant: number(value, "vacant"),
        over: number(value, "over"),
    }
}

/// The findings of an institution or an area.
pub fn findings(value: &Value) -> Vec<Finding> {
    list(value, "findings").iter().map(finding).collect()
}

fn finding(value: &Value) -> Finding {
    Finding {
        policy: text(value, "policy").to_owned(),
        rule: text(value, "rule").to_owned(),
        subject: maybe_text(value, "subject"),
        force: word(text(value, "force")),
        verdict: word(text(value, "verdict")),
        counted: number(value, "counted"),
        base: number(value, "base"),
        needed: number(value, "needed"),
    }
}

fn person(value: &Value) -> PersonAnswer {
    let standing = |s: &Value| {
        let key = (text(s, "policy").to_owned(), text(s, "rule").to_owned());
        let standing = Standing {
            verdict: word(text(s, "verdict")),
            from: maybe_text(s, "from"),
            until: maybe_text(s, "until"),
        };
        (key, standing)
    };
    PersonAnswer {
        retirement: text(value, "retirement").to_owned(),
        months_to_retirement: number(value, "months_to_retirement").expect("a number"),
        primary_service_months: number(value, "primary_service_months"),
        township_service_months: number(value, "township_service_months"),
        ledger: maybe_text(value, "ledger").map(|ledger| word(&ledger)),
        standings: list(value, "standings").iter().map(standing).collect(),
    }
}

fn doctor(value: &Value) -> DoctorAnswer {
    let give = |give: &Value| (text(give, "name").to_owned(), word(text(give, "force")));
    let missing = list(value, "missing").iter();
    DoctorAnswer {
        gives: list(value, "gives").iter().map(give).collect(),
        missing: missing
            .map(|name| name.as_str().expect("a text").to_owned())
            .collect(),
    }
}
