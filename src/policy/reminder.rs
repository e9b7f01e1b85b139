//! The kinds of reminders, from `reminders/kinds.toml`.

use crate::domain::reminder::{Audience, Bundle, Kind, Lead, Rule};
use serde::Deserialize;
use std::sync::LazyLock;

const SHIPPED: &str = include_str!("../../reminders/kinds.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    kind: Vec<RawKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKind {
    key: String,
    leads: Vec<String>,
    audience: Vec<String>,
    required: bool,
    bundle: String,
    grace: u32,
}

/// What is wrong with a file of kinds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KindsError {
    /// Not TOML, or not of that shape.
    #[error("{0}")]
    Unreadable(String),
    #[error("{kind}: {what} cannot be read")]
    Unknown { kind: String, what: String },
    #[error("{0} stands there twice")]
    Twice(String),
    #[error("{0} is not there")]
    Missing(&'static str),
}

/// Reads a file of kinds: one row for each of [`Kind::ALL`], in that order.
pub fn read_kinds(text: &str) -> Result<Vec<Rule>, KindsError> {
    let raw: RawFile =
        toml::from_str(text).map_err(|error| KindsError::Unreadable(error.to_string()))?;
    let mut rules: Vec<Rule> = Vec::new();
    for row in &raw.kind {
        let rule = rule(row)?;
        if rules.iter().any(|other| other.kind == rule.kind) {
            return Err(KindsError::Twice(row.key.clone()));
        }
        rules.push(rule);
    }
    let missing = |kind: &&Kind| rules.iter().all(|rule| rule.kind != **kind);
    if let Some(kind) = Kind::ALL.iter().find(missing) {
        return Err(KindsError::Missing(kind.key()));
    }
    rules.sort_by_key(|rule| rule.kind.code());
    Ok(rules)
}

fn rule(row: &RawKind) -> Result<Rule, KindsError> {
    let unknown = |what: &str| KindsError::Unknown {
        kind: row.key.clone(),
        what: what.to_owned(),
    };
    let leads = row
        .leads
        .iter()
        .map(|text| Lead::read(text).ok_or_else(|| unknown(text)));
    let audience = row
        .audience
        .iter()
        .map(|text| Audience::from_key(text).ok_or_else(|| unknown(text)));
    let rule = Rule {
        kind: Kind::from_key(&row.key).ok_or_else(|| unknown(&row.key))?,
        leads: leads.collect::<Result<_, _>>()?,
        audience: audience.collect::<Result<_, _>>()?,
        required: row.required,
        bundle: Bundle::from_key(&row.bundle).ok_or_else(|| unknown(&row.bundle))?,
        grace: row.grace,
    };
    match (rule.leads.is_empty(), rule.audience.is_empty()) {
        (false, false) => Ok(rule),
        (true, _) => Err(unknown("leads")),
        _ => Err(unknown("audience")),
    }
}

/// The kinds as they are shipped, in the order of [`Kind::ALL`].
pub fn kinds() -> &'static [Rule] {
    // a test reads the file that is shipped
    static OWN: LazyLock<Vec<Rule>> = LazyLock::new(|| read_kinds(SHIPPED).unwrap_or_default());
    &OWN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_kinds_are_read() {
        let rules = read_kinds(SHIPPED).unwrap();
        let kinds: Vec<Kind> = rules.iter().map(|rule| rule.kind).collect();
        assert_eq!(kinds, Kind::ALL);
    }

    #[test]
    fn what_is_wrong_with_kinds() {
        let row = |key: &str, lead: &str| {
            format!(
                "[[kind]]\nkey = \"{key}\"\nleads = [\"{lead}\"]\naudience = [\"person\"]\n\
                 required = true\nbundle = \"daily\"\ngrace = 3\n"
            )
        };
        let fails = |text: &str| read_kinds(text).unwrap_err();
        assert!(matches!(fails("a = 1"), KindsError::Unreadable(_)));
        assert!(matches!(
            fails(&row("holiday", "1d")),
            KindsError::Unknown { .. }
        ));
        assert!(matches!(
            fails(&row("retirement", "1y")),
            KindsError::Unknown { .. }
        ));
        let twice = row("retirement", "1d") + &row("retirement", "1d");
        assert_eq!(fails(&twice), KindsError::Twice("retirement".to_owned()));
        assert!(matches!(
            fails(&row("retirement", "1d")),
            KindsError::Missing(_)
        ));
    }
}
