//! Citations are verified and not only written down: every quotation must stand in
//! its document, spaces ignored. `…` in a quotation stands for words left out.

use super::diagnostic::{Diagnostics, Problem};
use super::load::sha256;
use super::model::Policy;

/// A document found among the sources.
#[derive(Debug)]
pub struct Document {
    pub name: String,
    pub sha256: String,
    /// Without spaces.
    text: String,
}

impl Document {
    /// A document from the bytes of its file.
    pub fn new(name: String, bytes: &[u8]) -> Self {
        Self {
            name,
            sha256: sha256(bytes),
            text: squeezed(&String::from_utf8_lossy(bytes)),
        }
    }

    /// Whether the quotation stands in the document.
    pub fn has(&self, quotation: &str) -> bool {
        let mut rest = self.text.as_str();
        for part in quotation
            .split('…')
            .map(squeezed)
            .filter(|part| !part.is_empty())
        {
            match rest.split_once(part.as_str()) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        true
    }
}

/// The text without spaces and line breaks.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{feff}')
        .collect()
}

/// Holds every clause and every quotation of the coverage list against the document.
/// Returns how many quotations were found; `None` when the policy names no document.
pub fn verify(
    policy: &Policy,
    documents: &[Document],
    problems: &mut Diagnostics,
) -> Option<usize> {
    let source = policy.source.as_ref()?;
    let Some(document) = documents.iter().find(|d| d.sha256 == source.sha256) else {
        let problem = Problem::SourceNotFound {
            name: source.name.clone(),
            sha256: source.sha256.clone(),
        };
        problems.add(source.place.clone(), problem);
        return Some(0);
    };
    let clauses = policy
        .clauses
        .iter()
        .filter(|clause| clause.verified)
        .map(|clause| (&clause.name, &clause.text, &clause.place));
    let coverage = policy
        .coverage
        .iter()
        .map(|row| (&row.row, &row.quote, &row.place));
    let mut found = 0;
    for (name, text, place) in clauses.chain(coverage) {
        if document.has(text) {
            found += 1;
        } else {
            let problem = Problem::QuoteNotFound {
                clause: name.clone(),
                source: document.name.clone(),
            };
            problems.add(place.clone(), problem);
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_ignored_and_gaps_allowed() {
        let document = Document::new(
            "a".into(),
            "第六条 按照 国家\n有关规定 设置岗位。第七条 备案。".as_bytes(),
        );
        assert!(document.has("按照国家有关规定"));
        assert!(document.has("国家…设置岗位"));
        assert!(!document.has("设置岗位…国家"));
        assert!(!document.has("设置岗位1"));
    }
}
