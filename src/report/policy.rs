//! Policies in plain words: what there is, what one says, and what became of every
//! clause of its document.

use super::explain::authority;
use super::table::{LINES, policy_line};
use super::words;
use crate::i18n::{Arg, Lang, t};
use crate::policy::condition::Conditions;
use crate::policy::fact::Facts;
use crate::policy::library::Library;
use crate::policy::model::{Body, CoverageStatus, Policy, RuleRef};
use crate::rules::case::Hits;
use comfy_table::{ContentArrangement, Table};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes one line a policy.
pub fn list(library: &Library, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for policy in &library.policies {
        writeln!(out, "{}", policy_line(policy, lang))?;
        let day = |day: Option<crate::policy::quantity::Day>| {
            day.map_or("–".to_owned(), |day| day.to_string())
        };
        let place = policy.place.map_or_else(
            || t(lang, "policy-national", &[]),
            |place| place.to_string(),
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
            rule.body.kind()
        )?;
        for line in plain(&rule.body, facts, lang) {
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

fn reference(target: &RuleRef) -> String {
    match &target.policy {
        Some(policy) => format!("{policy}#{}", target.rule),
        None => target.rule.clone(),
    }
}

/// The conditions of a rule, one a line, as they are written.
fn plain(body: &Body, facts: &Facts, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |key: &str, conditions: &Conditions| {
        if !conditions.0.is_empty() {
            let written: Vec<&str> = conditions
                .0
                .iter()
                .map(|line| line.written.as_str())
                .collect();
            lines.push(t(lang, key, &[("conditions", written.join("；").into())]));
        }
    };
    match body {
        Body::Ceiling(b) => add("policy-where", &b.places),
        Body::Floor(b) => add("policy-where", &b.places),
        Body::PerUnit(b) => add("policy-where", &b.places),
        Body::MinCount(b) => add("policy-where", &b.places),
        Body::Range(b) => add("policy-where", &b.places),
        Body::Reserve(b) => {
            add("policy-where", &b.places);
            add("policy-when", &b.when);
        }
        Body::Exempt(b) => {
            add("policy-who", &b.who);
            add("policy-when", &b.when);
        }
        Body::BeyondCap(b) => {
            add("policy-who", &b.who);
            add("policy-holder", &b.holder_who);
            add("policy-when", &b.holder_when);
            add("policy-candidate", &b.candidate_who);
            add("policy-when", &b.candidate_when);
        }
        Body::Scope(b) | Body::Prerequisite(b) => {
            add("policy-who", &b.who);
            add("policy-when", &b.when);
        }
        Body::StatusTable(b) => {
            add("policy-where", &b.when);
            for row in &b.rows {
                let written: Vec<&str> = row
                    .when
                    .0
                    .iter()
                    .map(|line| line.written.as_str())
                    .collect();
                let force = t(lang, &format!("force-{}", row.force.key()), &[]);
                lines.push(format!(
                    "{} → {force} {}",
                    written.join("；"),
                    row.gives.join("、")
                ));
            }
        }
        Body::Target(b) => {
            add("policy-where", &b.places);
            if let Some(by) = b.by {
                lines.push(t(lang, "policy-by", &[("date", by.to_string().into())]));
            }
        }
        Body::Pool(b) => add("policy-where", &b.places),
        Body::Priority(b) => {
            add("policy-where", &b.places);
            add("policy-first", &b.first);
        }
        Body::Judgement(b) => {
            add("policy-where", &b.places);
            add("policy-who", &b.who);
            lines.push(words::words(&b.question, lang).to_owned());
        }
        Body::AgeSchedule(b) => {
            for row in &b.rows {
                let args = [
                    ("class", Arg::from(row.class.label())),
                    ("from", row.from_birth.to_string().into()),
                    ("every", row.every.into()),
                    ("age", words::months(i64::from(row.original), lang).into()),
                    ("most", row.most.into()),
                ];
                lines.push(t(lang, "policy-schedule", &args));
            }
        }
        Body::ReviewEvery(b) => {
            let since = facts.name(b.since);
            lines.push(t(
                lang,
                "policy-every",
                &[("since", since.into()), ("months", b.every.into())],
            ));
        }
        Body::Structure(b) => {
            let ratio: Vec<String> = b.ratio.iter().map(i64::to_string).collect();
            lines.push(ratio.join(":"));
        }
    }
    lines
}

/// What `policy check` found out.
pub struct Checked<'a> {
    pub library: &'a Library,
    /// By policy: how many cases ran, and what they reached.
    pub cases: &'a BTreeMap<String, (usize, Hits)>,
    /// By policy: quotations found in its document.
    pub quotes: &'a BTreeMap<String, usize>,
}

/// Writes what of each document is covered, how many cases ran and quotations stand.
pub fn coverage(
    checked: &Checked,
    width: Option<u16>,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
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
        let quotes = match (checked.quotes.get(&policy.id), &policy.source) {
            (Some(found), _) => found.to_string(),
            (None, None) => t(lang, "policy-no-source-short", &[]),
            (None, Some(_)) => t(lang, "policy-not-verified", &[]),
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
            t(lang, &format!("status-{}", policy.status.key()), &[]),
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
                rules.join(", ")
            };
            writeln!(out, "  {:4} {status}  {}  {what}", row.row, row.at)?;
        }
    }
    Ok(())
}
