//! Policies in plain words: what there is, what one says, and what became of every
//! clause of its document.

use super::explain::authority;
use super::plain::{self, reference};
use super::table::{LINES, policy_line, standing};
use super::words;
use crate::i18n::{Arg, Lang, t};
use crate::policy::fact::Facts;
use crate::policy::library::Library;
use crate::policy::model::{CoverageStatus, Policy};
use crate::rules::case::Hits;
use comfy_table::{ContentArrangement, Table};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes one line a policy.
pub fn list(library: &Library, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for policy in &library.policies {
        writeln!(out, "{}", policy_line(policy, lang))?;
        let day = |day: Option<crate::policy::quantity::Day>| {
            day.map_or_else(|| t(lang, "policy-not-stated", &[]), |day| day.to_string())
        };
        let place = policy.place.map_or_else(
            || t(lang, "policy-national", &[]),
            |code| place(library, &code.to_string(), lang),
        );
        let args = [
            ("place", Arg::from(place)),
            ("from", day(policy.from).into()),
            ("to", day(policy.to).into()),
            ("rules", policy.rules.len().into()),
        ];
        writeln!(out, "    {}", t(lang, "policy-list-line", &args))?;
    }
    Ok(())
}

/// A place by its code, with its name where it is known.
fn place(library: &Library, code: &str, lang: Lang) -> String {
    let known = library.places.as_ref().and_then(|places| places.name(code));
    known.map_or_else(
        || code.to_owned(),
        |name| {
            let name = words::words(name, lang);
            t(
                lang,
                "policy-place",
                &[("code", code.into()), ("name", name.into())],
            )
        },
    )
}

/// Writes one policy: its standing, its rules with clause and reading, its coverage.
pub fn show(policy: &Policy, facts: &Facts, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", policy_line(policy, lang))?;
    if let Some(note) = &policy.note {
        writeln!(out, "{}", words::words(note, lang))?;
    }
    let source = policy.source.as_ref().map_or_else(
        || t(lang, "policy-no-source", &[]),
        |source| format!("{}  SHA-256 {}", source.name, source.sha256),
    );
    writeln!(
        out,
        "{}",
        t(lang, "policy-source", &[("source", source.into())])
    )?;
    writeln!(out)?;
    for rule in &policy.rules {
        let force = t(lang, &format!("force-{}", rule.force.key()), &[]);
        writeln!(
            out,
            "■ {}  {}  [{}]  {force}",
            words::title(rule, lang),
            rule.id,
            t(lang, &format!("kind-{}", rule.body.kind()), &[])
        )?;
        for line in plain::rule(policy, rule, facts, lang) {
            writeln!(out, "    {line}")?;
        }
        for target in &rule.overrides {
            writeln!(
                out,
                "    {}",
                t(
                    lang,
                    "policy-overrides",
                    &[("rule", reference(target).into())]
                )
            )?;
        }
        for line in authority(policy, rule, lang) {
            writeln!(out, "    {line}")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", t(lang, "policy-coverage", &[]))?;
    for row in &policy.coverage {
        let status = t(lang, &format!("coverage-{}", row.status.key()), &[]);
        let why = match &row.reason {
            Some(reason) => words::words(reason, lang).to_owned(),
            None => row
                .rules
                .iter()
                .map(reference)
                .collect::<Vec<_>>()
                .join(", "),
        };
        writeln!(out, "  {:4} {} {status}  {}", row.row, row.at, row.quote)?;
        writeln!(out, "       {why}")?;
    }
    Ok(())
}

/// What `policy check` found out.
pub struct Checked<'a> {
    pub library: &'a Library,
    /// By policy: how many cases ran, and what they reached.
    pub cases: &'a BTreeMap<String, (usize, Hits)>,
    /// By policy: quotations found in its document; `None` = nobody asked.
    pub quotes: Option<&'a BTreeMap<String, usize>>,
}

/// Writes what of each document is covered, how many cases ran and quotations stand.
pub fn coverage(
    checked: &Checked,
    width: Option<u16>,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    // the mistakes say what there is to say
    if checked.library.policies.is_empty() {
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(LINES);
    match width {
        Some(width) => table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    let header = [
        "policy",
        "rules",
        "cases",
        "encoded",
        "judgement",
        "not-encoded",
        "quotes",
        "status",
    ];
    table.set_header(
        header
            .iter()
            .map(|key| t(lang, &format!("policy-column-{key}"), &[])),
    );
    for policy in &checked.library.policies {
        let count = |status| {
            policy
                .coverage
                .iter()
                .filter(|row| row.status == status)
                .count()
                .to_string()
        };
        let quotes = match (checked.quotes, &policy.source) {
            (None, _) => t(lang, "policy-not-asked", &[]),
            (Some(_), None) => t(lang, "policy-no-source-short", &[]),
            (Some(quotes), Some(_)) => quotes.get(&policy.id).map_or_else(
                || t(lang, "policy-not-verified", &[]),
                |found| found.to_string(),
            ),
        };
        table.add_row(vec![
            policy.id.clone(),
            policy.rules.len().to_string(),
            checked
                .cases
                .get(&policy.id)
                .map_or(0, |(cases, _)| *cases)
                .to_string(),
            count(CoverageStatus::Encoded),
            count(CoverageStatus::Judgement),
            count(CoverageStatus::NotEncoded),
            quotes,
            standing(policy, lang),
        ]);
    }
    writeln!(out, "{table}")?;
    for policy in &checked.library.policies {
        if policy.coverage.is_empty() {
            continue;
        }
        writeln!(out, "\n{}", policy.id)?;
        for row in &policy.coverage {
            let status = t(lang, &format!("coverage-{}", row.status.key()), &[]);
            let rules: Vec<String> = row.rules.iter().map(reference).collect();
            let reason = row
                .reason
                .as_ref()
                .map_or("", |reason| words::words(reason, lang));
            let what = if rules.is_empty() {
                reason.to_owned()
            } else {
                words::list(rules, lang)
            };
            writeln!(out, "  {:4} {status}  {}  {what}", row.row, row.at)?;
        }
    }
    Ok(())
}
