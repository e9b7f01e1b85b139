//! Words for what cannot be right in the records, and for figures that differ.

use super::{Lang, t};
use crate::domain::difference::{Comparison, Relation};
use crate::domain::quality::Rule;

/// What was found.
pub fn rule(lang: Lang, rule: Rule) -> String {
    t(lang, &key("quality", rule.key()), &[])
}

/// What to do about it.
pub fn remedy(lang: Lang, rule: Rule) -> String {
    t(lang, &key("quality-do", rule.key()), &[])
}

/// What is compared.
pub fn comparison(lang: Lang, comparison: Comparison) -> String {
    t(lang, &key("comparison", comparison.key()), &[])
}

/// How two figures should stand to each other.
pub fn relation(lang: Lang, relation: Relation) -> String {
    t(lang, &key("relation", relation.key()), &[])
}

fn key(group: &str, code: &str) -> String {
    format!("{group}-{}", code.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_words() {
        for lang in Lang::ALL {
            for one in Rule::ALL.iter().copied() {
                assert!(!rule(lang, one).contains("quality-"), "{one:?}");
                assert!(!remedy(lang, one).contains("quality-"), "{one:?}");
            }
            for one in Comparison::ALL.iter().copied() {
                assert!(!comparison(lang, one).contains("comparison-"), "{one:?}");
            }
            for one in Relation::ALL.iter().copied() {
                assert!(!relation(lang, one).contains("relation-"), "{one:?}");
            }
        }
        assert_eq!(
            rule(Lang::ZhCn, Rule::MissingFact),
            Rule::MissingFact.label()
        );
    }
}
