//! The policies shipped, as far as a single policy leans on them.

use dinggang::policy::diagnostic::{Diagnostic, Diagnostics, Place, SourceFile};
use dinggang::policy::fact::Facts;
use dinggang::policy::library::{FACTS, Files, Library};
use dinggang::policy::model::Policy;
use dinggang::policy::places::Places;
use std::sync::{Arc, LazyLock};

/// What every example is evaluated with.
const LAWS: [(&str, &str); 2] = [
    (
        "national/retirement-2024",
        include_str!("../../policies/national/retirement-2024/policy.toml"),
    ),
    (
        "national/public-institutions-2014",
        include_str!("../../policies/national/public-institutions-2014/policy.toml"),
    ),
];

/// Facts, places and laws, read once.
pub struct Shipped {
    pub facts: Arc<Facts>,
    pub places: Option<Places>,
    pub laws: Vec<Arc<Policy>>,
}

pub static SHIPPED: LazyLock<Shipped> = LazyLock::new(|| {
    let mut files = Files::from([
        (
            FACTS.to_owned(),
            include_str!("../../policies/facts.toml").to_owned(),
        ),
        (
            "places.toml".to_owned(),
            include_str!("../../policies/places.toml").to_owned(),
        ),
    ]);
    for (id, text) in LAWS {
        files.insert(format!("{id}/policy.toml"), text.to_owned());
    }
    let mut problems = Diagnostics::default();
    let ids = LAWS.map(|(id, _)| id);
    let library = Library::read(&files, "", ids, &mut problems);
    assert!(problems.0.is_empty(), "the shipped files are sound");
    Shipped {
        facts: library.facts,
        places: library.places,
        laws: library.policies,
    }
});

/// Every mistake is shown where it is: inside the file, between characters.
pub fn well_placed(problems: &[Diagnostic]) {
    for problem in problems {
        for place in std::iter::once(&problem.place).chain(&problem.other) {
            in_file(place);
        }
    }
}

fn in_file(place: &Place) {
    let text = &place.file.text;
    let span = &place.span;
    assert!(span.start <= span.end, "{span:?}");
    assert!(
        text.get(span.clone()).is_some(),
        "{span:?} of {}",
        text.len()
    );
    let (line, column) = place.line_column();
    let found = text.split('\n').nth(line - 1).expect("the line exists");
    assert!(column <= found.chars().count() + 1);
}

/// A file of that name.
pub fn file(name: &str, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile {
        name: name.to_owned(),
        text: text.to_owned(),
    })
}
