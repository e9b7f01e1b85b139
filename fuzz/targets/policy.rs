//! A policy with its examples, and where a line says so, facts and places:
//! `#### cases.toml`, `#### facts.toml`, `#### places.toml`.
#![no_main]

use dinggang::i18n::Lang;
use dinggang::policy::cases;
use dinggang::policy::diagnostic::{Diagnostics, SourceFile};
use dinggang::policy::fact::Facts;
use dinggang::policy::library::Library;
use dinggang::policy::load::read_policy;
use dinggang::policy::model::Policy;
use dinggang::policy::places::Places;
use dinggang::report::{diagnostic, policy as report};
use dinggang::rules::case::{self, Hits};
use dinggang_fuzz::check_text;
use dinggang_fuzz::policies::{SHIPPED, file, well_placed};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use std::io::sink;
use std::sync::Arc;

const ID: &str = "fuzz";
/// Mistakes drawn; drawing takes longer than finding them.
const DRAWN: usize = 3;

fuzz_target!(|data: &[u8]| check_text(data, |text| {
    let files = Files::of(text);
    let (library, problems) = understood(&files);
    well_placed(&problems.0);
    let (_, again) = understood(&files);
    assert_eq!(problems.0, again.0, "the same mistakes every time");
    match library.find(ID) {
        None => assert!(!problems.0.is_empty(), "refused, and said why"),
        Some(policy) if problems.0.is_empty() => complete(&policy),
        Some(_) => {}
    }
    shown(&library, problems, &files);
}));

/// The parts of an input.
struct Files {
    policy: Arc<SourceFile>,
    cases: Arc<SourceFile>,
    facts: Option<Arc<SourceFile>>,
    places: Option<Arc<SourceFile>>,
}

impl Files {
    fn of(text: &str) -> Self {
        let mut sections = text.split("#### ");
        let policy = sections.next().unwrap_or_default();
        let sections: BTreeMap<&str, &str> = sections.filter_map(|s| s.split_once('\n')).collect();
        let part = |name: &str| sections.get(name).map(|text| file(name, text));
        Self {
            policy: file("policy.toml", policy),
            cases: part("cases.toml").unwrap_or_else(|| file("cases.toml", "")),
            facts: part("facts.toml"),
            places: part("places.toml"),
        }
    }
}

/// What `Library::read_all` does, without reading the shipped files each time.
fn understood(files: &Files) -> (Library, Diagnostics) {
    let mut problems = Diagnostics::default();
    let facts = match &files.facts {
        Some(file) => Arc::new(Facts::read(file, &mut problems)),
        None => SHIPPED.facts.clone(),
    };
    let places = match &files.places {
        Some(file) => Some(Places::read(file, &mut problems)),
        None => SHIPPED.places.clone(),
    };
    let policy = read_policy(ID, &files.policy, &facts, &mut problems);
    let mut policies: Vec<_> = policy.into_iter().map(Arc::new).collect();
    if files.facts.is_none() {
        // the laws know no other facts than the shipped ones
        policies.extend(SHIPPED.laws.iter().cloned());
    }
    let cases = cases::read(&files.cases, &mut problems);
    let library = Library {
        facts,
        places,
        policies,
        cases: BTreeMap::from([(ID.to_owned(), (files.cases.clone(), cases))]),
    };
    library.check_together(&mut problems);
    (library, problems)
}

/// A file without mistakes is understood as a whole.
fn complete(policy: &Policy) {
    let table: toml::Table = policy.file.text.parse().expect("it is TOML");
    let length = |key: &str| match table.get(key) {
        Some(toml::Value::Array(rows)) => rows.len(),
        _ => 0,
    };
    let rules: usize = table
        .keys()
        .filter(|key| *key != "coverage")
        .map(|key| length(key))
        .sum();
    assert_eq!(policy.rules.len(), rules);
    assert_eq!(policy.coverage.len(), length("coverage"));
    assert!(policy.rules.iter().all(|rule| !rule.cites.is_empty()));
}

/// What `policy check` and `policy show` make of it.
fn shown(library: &Library, mut problems: Diagnostics, files: &Files) {
    let sound = problems.0.is_empty();
    let mut ran: BTreeMap<String, (usize, Hits)> = BTreeMap::new();
    if let (Some(policy), Some((_, cases))) = (library.find(ID), library.cases.get(ID)) {
        let find = |id: &str| library.find(id);
        let facts = &library.facts;
        let hits = case::run(&policy, cases, &files.cases, facts, &find, &mut problems);
        ran.insert(ID.to_owned(), (cases.len(), hits));
        well_placed(&problems.0);
        if sound {
            let written = report::show(&policy, facts, Lang::En, &mut sink());
            written.expect("a sink takes everything");
        }
    }
    let checked = report::Checked {
        library,
        cases: &ran,
        quotes: Some(&BTreeMap::new()),
    };
    let written = report::coverage(&checked, Some(80), Lang::ZhCn, &mut sink());
    written.expect("a sink takes everything");
    for problem in problems.0.iter().take(DRAWN) {
        for lang in Lang::ALL {
            assert!(!diagnostic::render(problem, lang, false).is_empty());
        }
    }
}
