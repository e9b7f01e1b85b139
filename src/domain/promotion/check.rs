//! What rules and places say against an application, and how strictly the place applies
//! them.

use crate::domain::adoption::Handling;
use crate::domain::refusal::Refusal;

/// One question that was asked before a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `policy#rule`; `None` = what follows from the records alone, which nothing lifts.
    pub rule: Option<String>,
    pub handling: Handling,
    pub finding: Finding,
}

/// How it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    Passed,
    /// Every reason against it.
    Against(Vec<Refusal>),
}

/// How warnings are met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Override<'a> {
    /// Nothing is decided yet: warnings are shown.
    NotYet,
    /// The decision: a warning needs a reason of somebody who may give one.
    Deciding(Option<&'a str>),
}

impl Check {
    /// A demand of the records, which nothing lifts.
    pub fn of_records(against: Option<Refusal>) -> Self {
        Self {
            rule: None,
            handling: Handling::Block,
            finding: against.map_or(Finding::Passed, |one| Finding::Against(vec![one])),
        }
    }

    /// A rule as the place applies it.
    pub fn of_rule(rule: String, handling: Handling, against: Option<Refusal>) -> Self {
        Self {
            rule: Some(rule),
            handling,
            finding: against.map_or(Finding::Passed, |one| Finding::Against(vec![one])),
        }
    }

    /// Whether something stands against it.
    pub const fn is_against(&self) -> bool {
        matches!(self.finding, Finding::Against(_))
    }
}

/// The checks that were overridden or only recorded, or every reason why it cannot be.
pub fn judge<'c>(checks: &'c [Check], how: Override<'_>) -> Result<Vec<&'c Check>, Vec<Refusal>> {
    let mut noted = Vec::new();
    let mut refusals = Vec::new();
    for check in checks {
        let Finding::Against(against) = &check.finding else {
            continue;
        };
        let reason = match how {
            Override::NotYet => Some(""),
            Override::Deciding(reason) => reason.filter(|reason| !reason.trim().is_empty()),
        };
        match (check.handling, reason) {
            (Handling::Record, _) | (Handling::Warn, Some(_)) => noted.push(check),
            (Handling::Block, _) => refusals.extend(against.iter().cloned()),
            (Handling::Warn, None) => {
                refusals.extend(against.iter().cloned());
                let rule = check.rule.clone().unwrap_or_default();
                refusals.push(Refusal::OverrideNeeded { rule });
            }
        }
    }
    if refusals.is_empty() {
        Ok(noted)
    } else {
        Err(refusals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(handling: Handling) -> Check {
        Check::of_rule("a#b".to_owned(), handling, Some(Refusal::NoDefects))
    }

    #[test]
    fn block_warn_record() {
        let how = Override::Deciding;
        let [block, warn, record] = [Handling::Block, Handling::Warn, Handling::Record].map(check);
        let refused = |one: &Check, how| judge(std::slice::from_ref(one), how).is_err();
        assert!(refused(&block, Override::NotYet) && refused(&block, how(Some("因为"))));
        assert!(!refused(&warn, Override::NotYet));
        assert!(refused(&warn, how(None)) && refused(&warn, how(Some("  "))));
        assert!(!refused(&warn, how(Some("因为"))));
        assert!(!refused(&record, how(None)));
        let all = [block, warn];
        let refusals = judge(&all, how(None)).unwrap_err();
        assert_eq!(refusals.len(), 3);
        let passed = Check::of_records(None);
        assert_eq!(judge(&[passed], how(None)).unwrap(), Vec::<&Check>::new());
    }
}
