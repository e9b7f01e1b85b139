//! Every clause of the inventory has its row, every rule its words in two languages, and
//! every quotation stands in its document.

use super::{assert_sound, package, shipped, text};
use dinggang::policy::diagnostic::Diagnostics;
use dinggang::policy::library::Library;
use dinggang::policy::model::{Body, Coverage, CoverageStatus, Force, Policy, Words};
use dinggang::policy::plan::{Adoption, Plan};
use dinggang::policy::quote::{self, Document};
use dinggang::rules::case;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// The inventory of rules in the five documents: letter, policy, how many rows.
const INVENTORY: [(&str, &str, u32); 5] = [
    ("X", "xinjiang/community-health-2016", 24),
    ("N", "inner-mongolia/primary-care-draft", 33),
    ("C", "shanghai/changning-2014", 7),
    ("Y", "xinjiang/primary-capacity-2021", 8),
    ("G", "national/county-community-pilot", 13),
];

/// Rows that have to be rules; a reason is not enough.
const ENCODED: [&str; 52] = [
    "N01", "N02", "N03", "N04", "N05", "N06", "N07", "N08", "N10", "N11", "N12", "N13", "N14",
    "N15", "N16", "N17", "N18", "N19", "N20", "N21", "N22", "N23", "N24", "N25", "N26", "N30",
    "X01", "X02", "X03", "X04", "X05", "X08", "X09", "X13", "X14", "X15", "X16", "X17", "X18",
    "X23", "G01", "G02", "G05", "G08", "Y01", "Y02", "Y03", "C04", "R1", "R3-early", "R3-late",
    "H56-3",
];

/// Row of the inventory → its policy.
fn inventory() -> BTreeMap<String, &'static str> {
    let rows = INVENTORY.iter().flat_map(|(letter, policy, count)| {
        (1..=*count).map(move |number| (format!("{letter}{number:02}"), *policy))
    });
    rows.collect()
}

/// A folder beside the package or in it that holds what is not shipped.
fn kept_apart(name: &str) -> Option<PathBuf> {
    let places = [package().join(name), package().join("../shared").join(name)];
    places.into_iter().find(|path| path.exists())
}

fn rows(policies: &[Arc<Policy>]) -> impl Iterator<Item = (&Policy, &Coverage)> {
    policies
        .iter()
        .flat_map(|policy| policy.coverage.iter().map(move |row| (&**policy, row)))
}

#[test]
fn the_shipped_policies_are_sound() {
    let library = shipped();
    let mut problems = Diagnostics::default();
    library.check_together(&mut problems);
    for policy in &library.policies {
        let (file, cases) = &library.cases[&policy.id];
        let find = |id: &str| library.find(id);
        case::run(policy, cases, file, &library.facts, &find, &mut problems);
    }
    assert_sound(&problems);
}

#[test]
fn every_quotation_stands_in_its_document() {
    let folders: Vec<PathBuf> = ["seeds", "laws"]
        .into_iter()
        .filter_map(kept_apart)
        .collect();
    if folders.len() < 2 {
        eprintln!("the documents are not here: quotations not verified");
        return;
    }
    let mut documents = Vec::new();
    for folder in folders {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            documents.push(Document::new(
                name,
                &std::fs::read(&path).expect("readable"),
            ));
        }
    }
    let mut problems = Diagnostics::default();
    for policy in shipped().policies {
        quote::verify(&policy, &documents, &mut problems);
    }
    assert_sound(&problems);
}

#[test]
fn every_row_of_the_inventory_is_covered_once_in_its_policy() {
    let inventory = inventory();
    assert_eq!(inventory.len(), 85);
    let library = shipped();
    let mut covered: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (policy, row) in rows(&library.policies) {
        covered.entry(&row.row).or_default().push(&policy.id);
    }
    for (row, policy) in &inventory {
        assert_eq!(covered.get(row.as_str()), Some(&vec![*policy]), "{row}");
    }
}

#[test]
fn the_inventory_is_that_of_the_domain_notes() {
    let Some(path) = kept_apart("domain/rules.csv") else {
        return;
    };
    let inventory = inventory();
    let listed: BTreeMap<String, String> = text(&path)
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .map(|(id, rest)| (id.to_owned(), rest.trim_start_matches('"').to_owned()))
        .collect();
    assert!(listed.keys().eq(inventory.keys()));
    let library = shipped();
    for (row, seed) in listed {
        let policy = library.find(inventory[&row]).expect("shipped");
        let source = policy.source.as_ref().expect("a seed");
        assert_eq!(source.name.get(..3), seed.get(..3), "{row}");
    }
}

#[test]
fn what_has_to_be_a_rule_is_one() {
    let library = shipped();
    let encoded: BTreeSet<&str> = rows(&library.policies)
        .filter(|(_, row)| row.status == CoverageStatus::Encoded && !row.rules.is_empty())
        .map(|(_, row)| row.row.as_str())
        .collect();
    for row in ENCODED {
        assert!(encoded.contains(row), "{row}");
    }
}

#[test]
fn every_rule_stands_in_a_coverage_list() {
    let library = shipped();
    let named: BTreeSet<(&str, &str)> = rows(&library.policies)
        .flat_map(|(policy, row)| {
            row.rules.iter().map(move |rule| {
                let policy = rule.policy.as_deref().unwrap_or(&policy.id);
                (policy, rule.rule.as_str())
            })
        })
        .collect();
    for policy in &library.policies {
        for rule in &policy.rules {
            assert!(
                named.contains(&(&policy.id, &rule.id)),
                "{}#{}",
                policy.id,
                rule.id
            );
        }
    }
}

#[test]
fn words_are_given_in_both_languages() {
    // a Chinese term among English words is fine, and a rule's name among Chinese ones
    let both = |words: &Words, place: &str| {
        let ascii = words.en.chars().filter(char::is_ascii).count();
        let english = ascii * 2 > words.en.chars().count();
        assert!(english && !words.zh.is_ascii(), "{place}: {words:?}");
    };
    for policy in shipped().policies {
        both(&policy.title, &policy.id);
        policy.note.iter().for_each(|note| both(note, &policy.id));
        for rule in &policy.rules {
            let place = format!("{}#{}", policy.id, rule.id);
            both(
                rule.title
                    .as_ref()
                    .unwrap_or_else(|| panic!("{place}: no title")),
                &place,
            );
            rule.readings
                .iter()
                .for_each(|reading| both(reading, &place));
            match &rule.body {
                Body::Judgement(judgement) => both(&judgement.question, &place),
                Body::BeyondCap(beyond) => both(&beyond.judgement, &place),
                _ => {}
            }
        }
        for row in &policy.coverage {
            let place = format!("{} {}", policy.id, row.row);
            row.reason.iter().for_each(|reason| both(reason, &place));
        }
    }
}

/// Mandatory rules about institutions and areas that CONTRACT section 5 names. A failing
/// finding of any other would change the exit code of `check`.
const MANDATORY: [&str; 10] = [
    "approved-posts",
    "senior-cap",
    "intermediate-cap",
    "directed-posts",
    "professional-floor",
    "public-health-physician",
    "establishment-review",
    "rehab-bed-staff",
    "support-cap",
    "tcm-physician",
];

#[test]
fn a_workbook_answers_no_mandatory_rule_beyond_the_contract() {
    let library = shipped();
    let policies = [
        "inner-mongolia/primary-care-draft",
        "xinjiang/community-health-2016",
        "national/retirement-2024",
        "national/public-institutions-2014",
    ];
    let policies = policies.map(|id| library.find(id).expect("shipped"));
    let plan = plan(&library, policies.to_vec());
    for finding in &plan.findings {
        let (_, rule) = plan.rule(finding.rule).expect("its rule");
        let known = MANDATORY.contains(&rule.id.as_str());
        assert!(rule.force != Force::Must || known, "{}", rule.id);
    }
}

#[test]
fn one_alternative_in_the_workbook_is_enough_to_ask() {
    let library = shipped();
    let law = library
        .find("national/physicians-law-2022")
        .expect("shipped");
    let plan = plan(&library, vec![law]);
    assert_eq!(plan.standings.len(), 1);
    assert!(
        plan.not_evaluated
            .iter()
            .all(|(id, _)| *id != plan.standings[0].rule)
    );
}

/// A plan for a workbook, which has no facts of the system of record.
fn plan(library: &Library, policies: Vec<Arc<Policy>>) -> Plan {
    let as_of = "2026-11".parse().expect("a month");
    let facts = library.facts.clone();
    Plan::compile(facts, policies, &Adoption::default(), as_of, &|_| false)
}
