//! `dinggang policy …`

use super::{Exit, colour_on_stderr, policies};
use crate::i18n::Lang;
use crate::policy::diagnostic::Diagnostics;
use crate::policy::library::{FACTS, Library};
use crate::policy::quote::{self, Document};
use crate::report::diagnostic::render;
use crate::rules::case;
use std::path::{Path, PathBuf};

/// Prints what is shipped.
pub fn list(_lang: Lang) -> Exit {
    let files = policies::shipped();
    for id in Library::ids(&files) {
        println!("{id}");
    }
    Exit::Fine
}

/// Checks policy files and runs their cases.
pub fn check(lang: Lang, path: Option<&Path>, sources: &[PathBuf]) -> Exit {
    let mut problems = Diagnostics::default();
    let (mut files, root) = match path {
        None => (policies::shipped(), "policies/".to_owned()),
        Some(path) => match policies::of_folder(path) {
            Ok(files) => (files, format!("{}/", path.display())),
            Err(error) => {
                eprintln!("{}: {error}", path.display());
                return Exit::Usage;
            }
        },
    };
    if !files.contains_key(FACTS) {
        files.extend(policies::shipped_file(FACTS).map(|text| (FACTS.to_owned(), text)));
    }
    let library = Library::read_all(&files, &root, &mut problems);
    library.check_together(&mut problems);
    for policy in &library.policies {
        if let Some((file, cases)) = library.cases.get(&policy.id) {
            case::run(
                policy,
                cases,
                file,
                &library.facts,
                &|id| library.find(id),
                &mut problems,
            );
        }
    }
    let documents: Vec<Document> = sources
        .iter()
        .flat_map(|folder| documents(folder))
        .collect();
    if !sources.is_empty() {
        for policy in &library.policies {
            quote::verify(policy, &documents, &mut problems);
        }
    }
    for problem in &problems.0 {
        eprint!("{}", render(problem, lang, colour_on_stderr()));
    }
    if problems.0.is_empty() {
        Exit::Fine
    } else {
        Exit::Usage
    }
}

fn documents(folder: &Path) -> Vec<Document> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let bytes = std::fs::read(&path).ok()?;
            Some(Document::new(
                path.file_name()?.to_string_lossy().into_owned(),
                &bytes,
            ))
        })
        .collect()
}
