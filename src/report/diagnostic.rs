//! Mistakes in policy files in words: what was expected, and the nearest known name.

use super::caret;
use crate::i18n::{Arg, Lang, t};
use crate::policy::diagnostic::{Diagnostic, NameKind, Problem};

/// Draws one mistake.
pub fn render(diagnostic: &Diagnostic, lang: Lang, colour: bool) -> String {
    let message = message(&diagnostic.problem, lang);
    let mut out = caret::mistake(
        &diagnostic.place,
        message,
        help(&diagnostic.problem, lang),
        colour,
    );
    if let Some(other) = &diagnostic.other {
        let label = t(lang, "policy-label-other", &[]);
        out.push_str(&caret::advice(other, label, colour));
    }
    out
}

/// The sentence for a mistake.
pub fn message(problem: &Problem, lang: Lang) -> String {
    let say =
        |key: &str, args: &[(&'static str, Arg)]| t(lang, &format!("policy-problem-{key}"), args);
    match problem {
        Problem::Syntax(detail) => say("syntax", &[("detail", detail.into())]),
        Problem::WrongType { wanted } => say("wrong-type", &[("wanted", wanted.into())]),
        Problem::UnknownKey { found, .. } => say("unknown-key", &[("found", found.into())]),
        Problem::MissingKey(key) => say("missing-key", &[("key", key.into())]),
        Problem::UnknownName { what, found, .. } => say(
            "unknown-name",
            &[("what", name(*what, lang).into()), ("found", found.into())],
        ),
        Problem::Repeated { what, found } => say(
            "repeated",
            &[("what", name(*what, lang).into()), ("found", found.into())],
        ),
        Problem::UnknownWord { found, .. } => say("unknown-word", &[("found", found.into())]),
        Problem::BadCondition(found) => say("bad-condition", &[("found", found.into())]),
        Problem::WrongOperator { operator, fact, .. } => say(
            "wrong-operator",
            &[("operator", operator.into()), ("fact", fact.into())],
        ),
        Problem::BadShare(found) => say("bad-share", &[("found", found.into())]),
        Problem::BadDuration(found) => say("bad-duration", &[("found", found.into())]),
        Problem::BadDate(found) => say("bad-date", &[("found", found.into())]),
        Problem::BadNumber(found) => say("bad-number", &[("found", found.into())]),
        Problem::Needs { key, wants } => say(
            "needs",
            &[("key", (*key).into()), ("wants", (*wants).into())],
        ),
        Problem::UnequalLists { key, other, wanted } => say(
            "unequal-lists",
            &[
                ("key", (*key).into()),
                ("other", (*other).into()),
                ("wanted", (*wanted).into()),
            ],
        ),
        Problem::WrongFact { found, wanted } => say(
            "wrong-fact",
            &[("found", found.into()), ("wanted", (*wanted).into())],
        ),
        Problem::Conflict { rule, other } => say(
            "conflict",
            &[("rule", rule.into()), ("other", other.into())],
        ),
        Problem::NotHit { rule, outcome } => {
            let outcome = t(lang, &format!("policy-outcome-{outcome}"), &[]);
            say(
                "not-hit",
                &[("rule", rule.into()), ("outcome", outcome.into())],
            )
        }
        Problem::CaseFails {
            case,
            expected,
            got,
        } => say(
            "case-fails",
            &[
                ("case", case.into()),
                ("expected", expected.into()),
                ("got", got.into()),
            ],
        ),
        Problem::QuoteNotFound { clause, source } => say(
            "quote-not-found",
            &[("clause", clause.into()), ("source", source.into())],
        ),
        Problem::SourceNotFound { name, sha256 } => say(
            "source-not-found",
            &[("name", name.into()), ("sha256", sha256.into())],
        ),
        Problem::NoCitation(rule) => say("no-citation", &[("rule", rule.into())]),
        Problem::NoReason(row) => say("no-reason", &[("row", row.into())]),
        Problem::Unreadable(path) => say("unreadable", &[("path", path.into())]),
    }
}

fn help(problem: &Problem, lang: Lang) -> Option<String> {
    let say = |key: &str| Some(t(lang, &format!("policy-help-{key}"), &[]));
    let nearest_of = |nearest: &Option<String>| {
        nearest
            .as_ref()
            .map(|nearest| t(lang, "policy-help-nearest", &[("nearest", nearest.into())]))
    };
    let choices = |words: &[String]| {
        (!words.is_empty()).then(|| {
            let choices = words.join(lang.pick("、", ", "));
            t(lang, "policy-help-choices", &[("choices", choices.into())])
        })
    };
    let join = |a: Option<String>, b: Option<String>| match (a, b) {
        (Some(a), Some(b)) => Some(format!("{a}\n{b}")),
        (a, b) => a.or(b),
    };
    match problem {
        Problem::UnknownKey { nearest, known, .. } => join(nearest_of(nearest), choices(known)),
        Problem::UnknownName { nearest, .. } => nearest_of(nearest),
        Problem::UnknownWord {
            nearest,
            choices: words,
            ..
        } => join(nearest_of(nearest), choices(words)),
        Problem::WrongOperator { choices: words, .. } => choices(words),
        Problem::BadCondition(_) => say("condition"),
        Problem::BadShare(_) => say("share"),
        Problem::BadDuration(_) => say("duration"),
        Problem::BadDate(_) => say("date"),
        Problem::Conflict { .. } => say("conflict"),
        Problem::NotHit { .. } => say("not-hit"),
        Problem::NoCitation(_) => say("no-citation"),
        Problem::NoReason(_) => say("no-reason"),
        _ => None,
    }
}

fn name(kind: NameKind, lang: Lang) -> String {
    let key = match kind {
        NameKind::Fact => "fact",
        NameKind::Clause => "clause",
        NameKind::Rule => "rule",
        NameKind::Policy => "policy",
        NameKind::Subject => "subject",
        NameKind::CoverageRow => "coverage-row",
        NameKind::Entity => "entity",
        NameKind::Case => "case",
        NameKind::Place => "place",
    };
    t(lang, &format!("policy-name-{key}"), &[])
}
