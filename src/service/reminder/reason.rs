//! Why somebody is told, in words: policies by their titles with the clauses, and whether a
//! policy is a draft, was read in a way of our own, or could not be checked.

use super::super::rulebook::Rulebook;
use crate::i18n::{Arg, Lang, t};
use crate::policy::model::{Policy, Rule, Status};
use crate::report::words::{clause_places, list, title, words};

/// What a reminder follows from, as it is read: rules (`policy#rule`) by the title of their
/// policy and its clauses, everything else as it is written.
pub fn reasons(rulebook: &Rulebook, because: &[String], lang: Lang) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    let mut clauses: Vec<String> = Vec::new();
    for one in because {
        let found = one.split_once('#').and_then(|(policy, rule)| {
            let policy = rulebook.find(policy)?;
            let at = policy.rules.iter().position(|own| own.id == rule)?;
            Some((policy, at))
        });
        let reason = match &found {
            Some((policy, at)) => policy.rules.get(*at).map(|rule| {
                clauses.extend(policy.cites(rule).map(|clause| clause.at.clone()));
                cited(policy, rule, lang)
            }),
            // the clauses of a rule stand behind it, and were said with it
            None if clauses.contains(one) => None,
            None => Some(one.clone()),
        };
        if let Some(reason) = reason.filter(|reason| !said.contains(reason)) {
            said.push(reason);
        }
    }
    said
}

/// 《policy》 clause（notes）.
fn cited(policy: &Policy, rule: &Rule, lang: Lang) -> String {
    let places = clause_places(policy, rule, lang);
    let clause = match places.is_empty() {
        true => title(rule, lang),
        false => places,
    };
    let names = [
        ("policy", Arg::from(words(&policy.title, lang))),
        ("clause", Arg::from(clause)),
    ];
    let cited = t(lang, "mail-cited", &names);
    let notes = [
        (policy.status == Status::Draft, "status-draft"),
        (!rule.readings.is_empty(), "mail-reading"),
        (
            policy.cites(rule).any(|clause| !clause.verified),
            "status-unverified",
        ),
    ];
    let notes = notes.into_iter().filter(|(is, _)| *is);
    let notes = list(notes.map(|(_, key)| t(lang, key, &[])), lang);
    match notes.is_empty() {
        true => cited,
        false => {
            let args = [("cited", Arg::from(cited)), ("notes", Arg::from(notes))];
            t(lang, "mail-cited-notes", &args)
        }
    }
}
