//! Text that was read from a file, and places in it: what every message about a file of
//! settings or of rules points at.

use std::ops::Range;
use std::sync::Arc;

/// A file that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as the reader should see it.
    pub name: String,
    pub text: String,
}

/// A stretch of a file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<SourceFile>,
    pub span: Range<usize>,
}

impl Place {
    /// Line and column, both from 1; columns count characters.
    pub fn line_column(&self) -> (usize, usize) {
        let before = self.file.text.get(..self.span.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}

/// The nearest of `known` to `found`, if one is near enough to be a slip.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    known
        .into_iter()
        .map(|name| (similarity(found, name), name))
        .filter(|(score, _)| *score >= 600)
        .max_by_key(|(score, _)| *score)
        .map(|(_, name)| name.to_owned())
}

/// Likeness in thousandths: 1000 for equal words.
fn similarity(a: &str, b: &str) -> usize {
    let longest = a.chars().count().max(b.chars().count());
    if longest == 0 {
        return 0;
    }
    let distance = strsim::osa_distance(a, b);
    (longest - distance.min(longest)) * 1000 / longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let known = ["专业技术岗位总数", "编制总数", "核定高级岗位"];
        assert_eq!(
            nearest("专业技术岗位总量", known).as_deref(),
            Some("专业技术岗位总数")
        );
        assert_eq!(nearest("编制", known), None);
        assert_eq!(nearest("", known), None);
    }

    #[test]
    fn columns_count_characters() {
        let file = Arc::new(SourceFile {
            name: "a".into(),
            text: "甲\n乙丙=丁".into(),
        });
        let place = Place { file, span: 10..11 };
        assert_eq!(place.line_column(), (2, 3));
    }
}
