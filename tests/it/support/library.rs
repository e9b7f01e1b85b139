//! The shipped policies, read by the real loader from the folder `policies/`.

use dinggang::domain::month::Month;
use dinggang::policy::diagnostic::Diagnostics;
use dinggang::policy::library::{Files, Library};
use dinggang::policy::model::Policy;
use dinggang::policy::plan::{Adoption, Plan};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Loaded whatever is asked for (CONTRACT section 1).
pub const ALWAYS: [&str; 2] = [
    "national/retirement-2024",
    "national/public-institutions-2014",
];

/// Every shipped file.
pub fn files() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut files = Files::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(&root).expect("below the folder");
                let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
                let text = std::fs::read_to_string(&path).expect("readable");
                files.insert(parts.join("/"), text);
            }
        }
    }
    files
}

/// Every shipped policy.
pub fn shipped() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let files = files();
        let ids: Vec<&str> = Library::ids(&files).collect();
        let mut problems = Diagnostics::default();
        let library = Library::read(&files, "", ids, &mut problems);
        let found: Vec<_> = problems
            .0
            .iter()
            .map(|p| format!("{:?}", p.problem))
            .collect();
        assert!(found.is_empty(), "{found:#?}");
        library
    })
}

/// The policies of these ids, then those always loaded, each once.
pub fn policies(ids: &[&str]) -> Vec<Arc<Policy>> {
    let mut policies: Vec<Arc<Policy>> = Vec::new();
    for id in ids.iter().chain(&ALWAYS) {
        if !policies.iter().any(|policy| policy.id == *id) {
            policies.push(
                shipped()
                    .find(id)
                    .unwrap_or_else(|| panic!("{id} is shipped")),
            );
        }
    }
    policies
}

/// These ids, then those always loaded, each once.
pub fn with_always<'a>(ids: &[&'a str]) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for id in ids.iter().copied().chain(ALWAYS) {
        if !all.contains(&id) {
            all.push(id);
        }
    }
    all
}

/// The plan of shipped policies as `check` makes it.
pub fn plan(ids: &[&str], as_of: Month) -> Plan {
    compile(policies(ids), as_of)
}

/// A plan of any policies that know the shipped facts.
pub fn compile(policies: Vec<Arc<Policy>>, as_of: Month) -> Plan {
    let facts = shipped().facts.clone();
    Plan::compile(facts, policies, &Adoption::default(), as_of, &|_| false)
}

/// Every id, in order.
pub fn all_ids() -> Vec<&'static str> {
    shipped().policies.iter().map(|p| p.id.as_str()).collect()
}
