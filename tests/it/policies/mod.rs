//! The content of `policies/`, and what happens when a policy file is wrong.

mod coverage;
mod diagnostics;
mod documents;

use dinggang::policy::diagnostic::{Diagnostics, SourceFile};
use dinggang::policy::library::{Files, Library};
use dinggang::report::diagnostic::render;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of the package.
fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every `.toml` below a folder, by its path in it.
fn files(folder: &Path) -> Files {
    fn gather(folder: &Path, prefix: &str, files: &mut Files) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let name = format!("{prefix}{name}");
            if path.is_dir() {
                gather(&path, &format!("{name}/"), files);
            } else if name.ends_with(".toml") {
                files.insert(name, text(&path));
            }
        }
    }
    let mut all = Files::new();
    gather(folder, "", &mut all);
    all
}

/// The shipped policies, with their cases.
fn shipped() -> Library {
    let mut problems = Diagnostics::default();
    let library = Library::read_all(&files(&package().join("policies")), "", &mut problems);
    assert_sound(&problems);
    library
}

fn source(name: &str, text: String) -> Arc<SourceFile> {
    Arc::new(SourceFile {
        name: name.to_owned(),
        text,
    })
}

fn assert_sound(problems: &Diagnostics) {
    let drawn: String = problems
        .0
        .iter()
        .map(|problem| render(problem, dinggang::i18n::Lang::En, false))
        .collect();
    assert!(problems.0.is_empty(), "{drawn}");
}
