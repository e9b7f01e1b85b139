//! Mistakes of usage and of the system in the reader's language: clap and the operating
//! system speak English only.

use crate::i18n::{Arg, Lang, t};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::io;

/// What the operating system refused.
pub fn os(error: &io::Error, lang: Lang) -> String {
    let key = match error.kind() {
        io::ErrorKind::NotFound => "not-found",
        io::ErrorKind::PermissionDenied => "permission-denied",
        io::ErrorKind::IsADirectory => "is-a-directory",
        io::ErrorKind::NotADirectory => "not-a-directory",
        io::ErrorKind::AlreadyExists => "already-exists",
        _ => return error.to_string(),
    };
    t(lang, &format!("os-{key}"), &[])
}

/// An error and what led to it, outermost first.
pub fn chain(error: &anyhow::Error, lang: Lang) -> String {
    let said = error.chain().map(|cause| match cause.downcast_ref() {
        Some(error) => os(error, lang),
        None => cause.to_string(),
    });
    said.collect::<Vec<_>>().join(&t(lang, "error-link", &[]))
}

/// Wrong usage in Chinese; `None` where clap's own words have to do.
pub fn usage(error: &clap::Error, lang: Lang) -> Option<String> {
    if lang == Lang::En {
        return None;
    }
    let of = |kind| text(error, kind);
    let argument = of(ContextKind::InvalidArg).unwrap_or_default();
    let value = of(ContextKind::InvalidValue).unwrap_or_default();
    let other = of(ContextKind::PriorArg).unwrap_or_default();
    let say = |key: &str, args: &[(&'static str, Arg)]| t(lang, &format!("clap-{key}"), args);
    let on_argument = [
        ("argument", Arg::from(&argument)),
        ("value", (&value).into()),
        ("other", (&other).into()),
    ];
    let is_date = argument.contains("YYYY-MM-DD");
    let (sentence, suggested, choices) = match error.kind() {
        ErrorKind::UnknownArgument => (
            say("unknown-argument", &on_argument),
            ContextKind::SuggestedArg,
            None,
        ),
        ErrorKind::InvalidSubcommand => {
            let name = of(ContextKind::InvalidSubcommand).unwrap_or_default();
            (
                say("unknown-command", &[("name", name.into())]),
                ContextKind::SuggestedSubcommand,
                None,
            )
        }
        ErrorKind::MissingRequiredArgument => (
            say("missing", &on_argument),
            ContextKind::SuggestedArg,
            None,
        ),
        ErrorKind::MissingSubcommand => (
            say("missing-command", &[]),
            ContextKind::SuggestedSubcommand,
            of(ContextKind::ValidSubcommand),
        ),
        ErrorKind::InvalidValue if value.is_empty() => (
            say("value-missing", &on_argument),
            ContextKind::SuggestedValue,
            of(ContextKind::ValidValue),
        ),
        ErrorKind::InvalidValue => (
            say("bad-value", &on_argument),
            ContextKind::SuggestedValue,
            of(ContextKind::ValidValue),
        ),
        ErrorKind::ValueValidation if is_date => (
            say("bad-date", &on_argument),
            ContextKind::SuggestedValue,
            None,
        ),
        ErrorKind::ValueValidation => (
            say("bad-value", &on_argument),
            ContextKind::SuggestedValue,
            None,
        ),
        ErrorKind::ArgumentConflict if other.is_empty() || other == argument => (
            say("repeated", &on_argument),
            ContextKind::SuggestedArg,
            None,
        ),
        ErrorKind::ArgumentConflict => (
            say("conflict", &on_argument),
            ContextKind::SuggestedArg,
            None,
        ),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => (
            say("number-of-values", &on_argument),
            ContextKind::SuggestedValue,
            None,
        ),
        _ => return None,
    };
    let mut lines = vec![say("error", &[("sentence", sentence.into())])];
    lines.extend(choices.map(|choices| say("choices", &[("choices", choices.into())])));
    lines.extend(of(suggested).map(|near| say("near", &[("near", near.into())])));
    if let Some(usage) = of(ContextKind::Usage) {
        let usage = usage.trim_start_matches("Usage:").trim();
        let usage = plain_usage(usage, lang);
        lines.push(String::new());
        lines.push(say("usage", &[("usage", usage.into())]));
    }
    lines.push(String::new());
    lines.push(say("more", &[]));
    Some(lines.join("\n"))
}

/// The words that clap puts into a usage line, in the reader's language.
pub fn plain_usage(usage: &str, lang: Lang) -> String {
    let options = t(lang, "clap-word-options", &[]);
    let command = t(lang, "clap-word-command", &[]);
    usage
        .replace("[OPTIONS]", &format!("[{options}]"))
        .replace("<COMMAND>", &format!("<{command}>"))
        .replace("[COMMAND]", &format!("[{command}]"))
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if texts.is_empty() => None,
        ContextValue::Strings(texts) => Some(texts.join("、")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::StyledStrs(texts) => {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            Some(texts.join("；"))
        }
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
