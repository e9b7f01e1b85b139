//! From the text of a file to a [`Policy`]: TOML, then meaning.

use super::diagnostic::{Diagnostics, Place, Problem, SourceFile, nearest};
use super::fact::Facts;
use super::model::Policy;
use super::piecemeal;
use super::raw::PolicyFile;
use super::resolve;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;

/// Reads one `policy.toml`. `None`, and problems, when it cannot be used at all; with
/// problems in single rules the rest is still returned, so that one run shows them all.
pub fn read_policy(
    id: &str,
    file: &Arc<SourceFile>,
    facts: &Facts,
    problems: &mut Diagnostics,
) -> Option<Policy> {
    match toml::from_str::<PolicyFile>(&file.text) {
        Ok(raw) => resolve::policy(id, raw, file, facts, problems),
        Err(_) => {
            let first = problems.0.len();
            if let Some(raw) = piecemeal::read(file, problems) {
                resolve::policy(id, raw, file, facts, problems);
            }
            if let Some(own) = problems.0.get_mut(first..) {
                own.sort_by_key(|problem| problem.place.span.start);
            }
            None
        }
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Turns the parser's error into a place and a problem. Its sentence about an
/// unknown or missing key is taken apart, so that the nearest key can be named.
pub fn add_toml_error(file: &Arc<SourceFile>, error: &toml::de::Error, problems: &mut Diagnostics) {
    let end = file.text.len();
    let span = error.span().unwrap_or(end..end);
    let place = Place {
        file: file.clone(),
        span,
    };
    let quoted: Vec<&str> = error.message().split('`').skip(1).step_by(2).collect();
    let problem = match (error.message(), quoted.as_slice()) {
        (m, [found, known @ ..]) if m.starts_with("unknown field") => Problem::UnknownKey {
            found: (*found).to_owned(),
            nearest: nearest(found, known.iter().copied()),
            known: known.iter().map(|k| (*k).to_owned()).collect(),
        },
        (m, [key]) if m.starts_with("missing field") => Problem::MissingKey((*key).to_owned()),
        (m, _) => wrong_type(m)
            .unwrap_or_else(|| Problem::Syntax(m.lines().next().unwrap_or_default().to_owned())),
    };
    problems.add(place, problem);
}

/// The parser's words for a value of the wrong type, as one would write the right one.
fn wrong_type(message: &str) -> Option<Problem> {
    const ALTERNATIVES: &str = "data did not match any variant of untagged enum ";
    let wanted = match message.strip_prefix(ALTERNATIVES) {
        Some("OneOrMany") => r#""…" / ["…", "…"]"#,
        Some(_) => r#""…" / { zh = "…", en = "…" }"#,
        None => {
            let (_, expected) = message.split_once(", expected ")?;
            match expected {
                _ if !message.starts_with("invalid type") => return None,
                "a string" => r#""…""#,
                "a sequence" => "[…]",
                "a boolean" => "true / false",
                "i64" | "u8" => "123",
                _ => "{ … }",
            }
        }
    };
    Some(Problem::WrongType {
        wanted: wanted.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_shipped_files_are_understood() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
        let file = |name: &str| {
            let text = std::fs::read_to_string(root.join(name)).expect("shipped");
            Arc::new(SourceFile {
                name: name.to_owned(),
                text,
            })
        };
        let mut problems = Diagnostics::default();
        let facts = Facts::read(&file("facts.toml"), &mut problems);
        for id in [
            "inner-mongolia/primary-care-draft",
            "national/retirement-2024",
            "national/public-institutions-2014",
            "xinjiang/community-health-2016",
        ] {
            read_policy(
                id,
                &file(&format!("{id}/policy.toml")),
                &facts,
                &mut problems,
            );
        }
        for problem in &problems.0 {
            let (line, column) = problem.place.line_column();
            eprintln!(
                "{}:{line}:{column}: {:?}",
                problem.place.file.name, problem.problem
            );
        }
        assert!(problems.0.is_empty());
    }
}
