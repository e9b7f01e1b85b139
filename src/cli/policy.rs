//! `dinggang policy list | show | check`

use super::arguments::PolicySource;
use super::{Exit, input, output, policies, terminal};
use crate::i18n::{Lang, t};
use crate::policy::diagnostic::{Diagnostics, nearest};
use crate::policy::library::{FACTS, Files, Library};
use crate::policy::quote::{self, Document};
use crate::report::policy as report;
use crate::rules::case;
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Prints what there is.
pub fn list(source: &PolicySource, lang: Lang) -> anyhow::Result<Exit> {
    let (files, root) = input::files(source)?;
    let mut problems = Diagnostics::default();
    let ids: Vec<&str> = Library::ids(&files).collect();
    let library = Library::read(&files, &root, ids, &mut problems);
    output::write(None, |out| Ok(report::list(&library, lang, out)?))?;
    Ok(if input::print_problems(&problems, lang) {
        Exit::Usage
    } else {
        Exit::Fine
    })
}

/// Prints one policy in plain words.
pub fn show(id: &str, source: &PolicySource, lang: Lang) -> anyhow::Result<Exit> {
    let (files, root) = input::files(source)?;
    let mut problems = Diagnostics::default();
    let library = Library::read(&files, &root, [id], &mut problems);
    if input::print_problems(&problems, lang) {
        return Ok(Exit::Usage);
    }
    let Some(policy) = library.find(id) else {
        let near = nearest(id, Library::ids(&files));
        let sentence = t(lang, "cli-no-policy", &[("id", id.into())]);
        bail!(input::with_nearest(sentence, near, lang));
    };
    output::write(None, |out| {
        Ok(report::show(&policy, &library.facts, lang, out)?)
    })?;
    Ok(Exit::Fine)
}

/// Checks policy files, runs their cases, prints the coverage.
pub fn check(path: Option<&Path>, sources: &[PathBuf], lang: Lang) -> anyhow::Result<Exit> {
    let (files, root) = files_of(path)?;
    let mut problems = Diagnostics::default();
    let library = Library::read_all(&files, &root, &mut problems);
    library.check_together(&mut problems);
    let mut cases = BTreeMap::new();
    for policy in &library.policies {
        if let Some((file, own)) = library.cases.get(&policy.id) {
            let hits = case::run(
                policy,
                own,
                file,
                &library.facts,
                &|id| library.find(id),
                &mut problems,
            );
            cases.insert(policy.id.clone(), (own.len(), hits));
        }
    }
    let mut documents = Vec::new();
    for folder in sources {
        documents.extend(read_documents(folder)?);
    }
    let mut quotes = BTreeMap::new();
    if !sources.is_empty() {
        for policy in &library.policies {
            if let Some(found) = quote::verify(policy, &documents, &mut problems) {
                quotes.insert(policy.id.clone(), found);
            }
        }
    }
    let checked = report::Checked {
        library: &library,
        cases: &cases,
        quotes: (!sources.is_empty()).then_some(&quotes),
    };
    output::write(None, |out| {
        Ok(report::coverage(&checked, terminal::width(), lang, out)?)
    })?;
    let broken = input::print_problems(&problems, lang);
    if broken {
        eprintln!(
            "{}",
            t(
                lang,
                "policy-check-broken",
                &[("count", problems.0.len().into())]
            )
        );
    }
    Ok(if broken { Exit::Usage } else { Exit::Fine })
}

/// The files below a folder; those of one policy take the shipped facts and, for
/// references, the shipped policies with them.
fn files_of(path: Option<&Path>) -> anyhow::Result<(Files, String)> {
    let Some(path) = path else {
        return Ok((policies::shipped(), "policies/".to_owned()));
    };
    let folder = if path.is_file() {
        path.parent().unwrap_or(path)
    } else {
        path
    };
    let mut files = policies::of_folder(folder).with_context(|| folder.display().to_string())?;
    let mut root = format!("{}/", folder.display());
    if files.contains_key("policy.toml") {
        // one policy alone: its folder is its id
        let name = input::base_name(folder);
        files = files
            .into_iter()
            .map(|(path, text)| (format!("{name}/{path}"), text))
            .collect();
        root = folder.parent().map_or(String::new(), |parent| {
            match parent.as_os_str().is_empty() {
                true => String::new(),
                false => format!("{}/", parent.display()),
            }
        });
    }
    if Library::ids(&files).next().is_none() {
        bail!("{}: no policy.toml", folder.display());
    }
    if !files.contains_key(FACTS) {
        files.extend(policies::shipped_file(FACTS).map(|text| (FACTS.to_owned(), text)));
    }
    Ok((files, root))
}

fn read_documents(folder: &Path) -> anyhow::Result<Vec<Document>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut documents = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_file() {
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            documents.push(Document::new(input::base_name(&path), &bytes));
        }
    }
    Ok(documents)
}
