//! The shipped policies, read by the real loader from the folder `policies/`.

use dinggang::domain::month::Month;
use dinggang::policy::diagnostic::Diagnostics;
use dinggang::policy::library::Library;
use dinggang::policy::model::Policy;
use dinggang::policy::plan::{Adoption, Plan};
use std::sync::{Arc, OnceLock};

#[path = "policy_files.rs"]
mod policy_files;
pub use policy_files::files;

/// Loaded whatever is asked for (CONTRACT section 1).
pub const ALWAYS: [&str; 2] = [
    "national/retirement-2024",
    "national/public-institutions-2014",
];

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
