//! Mistakes in policy files, as a reader sees them. Every file of `tests/policies/bad` has
//! one kind of mistake; what is drawn stands in `tests/policies/snapshots`. Every file of
//! `tests/policies/good` must be understood without a word.

use super::{assert_sound, package, source, text};
use dinggang::i18n::Lang;
use dinggang::policy::cases;
use dinggang::policy::diagnostic::{Diagnostics, Problem};
use dinggang::policy::fact::Facts;
use dinggang::policy::library::{Files, Library};
use dinggang::policy::load::read_policy;
use dinggang::policy::places::Places;
use dinggang::policy::quote::{self, Document};
use dinggang::report::diagnostic::render;
use dinggang::rules::case;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Drawn in English too.
const IN_ENGLISH: [&str; 6] = [
    "bad-share",
    "case-fails",
    "conflict",
    "quote-not-found",
    "unknown-fact-in-condition",
    "unknown-key",
];

fn folder(name: &str) -> PathBuf {
    package().join("tests/policies").join(name)
}

/// The files of a folder by name, without their cases.
fn named(folder: &PathBuf) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let files = entries.filter_map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()?
            .to_str()?
            .strip_suffix(".toml")?
            .to_owned();
        (!name.ends_with(".cases")).then(|| (name, text(&path)))
    });
    files.collect()
}

fn shipped_facts() -> Facts {
    let mut problems = Diagnostics::default();
    let file = source("facts.toml", text(&package().join("policies/facts.toml")));
    let facts = Facts::read(&file, &mut problems);
    assert_sound(&problems);
    facts
}

/// Everything that is wrong with one file of `bad`.
fn problems_of(name: &str, written: String) -> Diagnostics {
    let mut problems = Diagnostics::default();
    let file = source(&format!("{name}.toml"), written);
    if name.starts_with("facts-") {
        Facts::read(&file, &mut problems);
        return problems;
    }
    if name.starts_with("places-") {
        Places::read(&file, &mut problems);
        return problems;
    }
    let facts = Arc::new(shipped_facts());
    let places = source("places.toml", text(&package().join("policies/places.toml")));
    let policy = read_policy(&format!("bad/{name}"), &file, &facts, &mut problems);
    let library = Library {
        facts: facts.clone(),
        places: Some(Places::read(&places, &mut problems)),
        policies: policy.into_iter().map(Arc::new).collect(),
        cases: BTreeMap::new(),
    };
    library.check_together(&mut problems);
    let document = folder("source.txt");
    let document = Document::new("source.txt".to_owned(), text(&document).as_bytes());
    for policy in &library.policies {
        quote::verify(policy, std::slice::from_ref(&document), &mut problems);
    }
    let cases_file = format!("{name}.cases.toml");
    let path = folder("bad").join(&cases_file);
    if let (Some(policy), true) = (library.policies.first(), path.exists()) {
        let file = source(&cases_file, text(&path));
        let cases = cases::read(&file, &mut problems);
        let find = |id: &str| library.find(id);
        case::run(policy, &cases, &file, &facts, &find, &mut problems);
    }
    problems
}

#[test]
fn mistakes_are_drawn_with_their_place() {
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder("snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| {
        for (name, written) in named(&folder("bad")) {
            let problems = problems_of(&name, written);
            assert!(!problems.0.is_empty(), "{name} has no mistake");
            let draw =
                |lang| -> String { problems.0.iter().map(|p| render(p, lang, false)).collect() };
            insta::assert_snapshot!(name.clone(), draw(Lang::ZhCn));
            if IN_ENGLISH.contains(&name.as_str()) {
                insta::assert_snapshot!(format!("{name}.en"), draw(Lang::En));
            }
        }
    });
}

#[test]
fn every_kind_of_mistake_is_among_them() {
    let mut seen = BTreeSet::new();
    for (name, written) in named(&folder("bad")) {
        seen.extend(
            problems_of(&name, written)
                .0
                .iter()
                .map(|p| kind(&p.problem)),
        );
    }
    let mut nothing = Diagnostics::default();
    Library::read_all(&Files::new(), "nowhere/", &mut nothing);
    seen.extend(nothing.0.iter().map(|p| kind(&p.problem)));
    assert_eq!(seen.len(), KINDS, "{seen:?}");
}

/// How many kinds `kind` tells apart.
const KINDS: usize = 23;

/// Without a wildcard: a new kind of mistake asks for a new file here.
fn kind(problem: &Problem) -> &'static str {
    match problem {
        Problem::Syntax(_) => "syntax",
        Problem::WrongType { .. } => "wrong type",
        Problem::UnknownKey { .. } => "unknown key",
        Problem::MissingKey(_) => "missing key",
        Problem::UnknownName { .. } => "unknown name",
        Problem::Repeated { .. } => "repeated",
        Problem::UnknownWord { .. } => "unknown word",
        Problem::BadCondition(_) => "bad condition",
        Problem::WrongOperator { .. } => "wrong operator",
        Problem::BadShare(_) => "bad share",
        Problem::BadDuration(_) => "bad duration",
        Problem::BadDate(_) => "bad date",
        Problem::BadNumber(_) => "bad number",
        Problem::Needs { .. } => "needs",
        Problem::UnequalLists { .. } => "unequal lists",
        Problem::WrongFact { .. } => "wrong fact",
        Problem::Conflict { .. } => "conflict",
        Problem::NotHit { .. } => "not hit",
        Problem::CaseFails { .. } => "case fails",
        Problem::QuoteNotFound { .. } => "quote not found",
        Problem::SourceNotFound { .. } => "source not found",
        Problem::NoCitation(_) => "no citation",
        Problem::NoReason(_) => "no reason",
        Problem::Unreadable(_) => "unreadable",
    }
}

#[test]
fn good_files_are_understood() {
    let facts = shipped_facts();
    for (name, written) in named(&folder("good")) {
        let mut problems = Diagnostics::default();
        let file = source(&format!("{name}.toml"), written);
        let policy = read_policy(&name, &file, &facts, &mut problems);
        assert_sound(&problems);
        assert!(!policy.expect("understood").rules.is_empty(), "{name}");
    }
}
