//! An explanation as a workbook: one sheet a step, a line a row, text that wraps.

use super::evaluation::Evaluation;
use super::explain::{Explanation, Subject, authority};
use super::pages::{Cell, Pages};
use super::table::{sign, standing_sign};
use super::words;
use crate::domain::post::Level;
use crate::domain::service::Spell;
use crate::i18n::{Arg, Lang, t};
use crate::policy::model::{Policy, Rule};
use crate::rules::explain as trace;
use crate::rules::explain::{PersonTrace, StandingTrace};
use crate::rules::verdict::Verdict;
use rust_xlsxwriter::XlsxError;
use std::io;

/// Builds the workbook of one subject.
pub fn build(e: &Evaluation, subject: &Subject, lang: Lang) -> anyhow::Result<Vec<u8>> {
    let policies = e.plan.policies.iter().map(|policy| policy.id.clone());
    let args = [
        ("month", Arg::from(e.as_of.to_string())),
        ("policies", words::list(policies, lang).into()),
    ];
    let mut book = Book {
        text: Explanation { e, lang },
        pages: Pages::new(t(lang, "workbook-under", &args)),
    };
    match *subject {
        Subject::Person(row) => book.person(row)?,
        Subject::Institution(at) => book.institution(at)?,
        Subject::RuralDoctor(_) | Subject::Refused(_) => {
            let mut text = Vec::new();
            super::explain::write(e, subject, lang, &mut text)?;
            book.steps("steps", &text)?;
        }
    }
    Ok(book.pages.finish()?)
}

struct Book<'a> {
    text: Explanation<'a>,
    pages: Pages,
}

impl Book<'_> {
    fn say(&self, key: &str) -> String {
        t(self.text.lang, &format!("explain-book-{key}"), &[])
    }

    fn columns(&self, columns: &[(&str, f64)]) -> Vec<(String, f64)> {
        let columns = columns.iter();
        columns
            .map(|(key, width)| (self.say(key), *width))
            .collect()
    }

    /// A sheet of lines as they are printed.
    fn steps(&mut self, sheet: &str, text: &[u8]) -> Result<(), XlsxError> {
        let text = String::from_utf8_lossy(text).into_owned();
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let rows: Vec<Vec<Cell>> = lines.map(|line| vec![line.trim().into()]).collect();
        let columns = self.columns(&[("step", 110.0)]);
        self.pages.add(&self.say(sheet), &columns, rows)
    }

    /// Lines that one of the writers makes.
    fn written(
        &mut self,
        sheet: &str,
        write: impl FnOnce(&Explanation, &mut Vec<u8>) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let mut text = Vec::new();
        write(&self.text, &mut text)?;
        Ok(self.steps(sheet, &text)?)
    }

    fn person(&mut self, row: usize) -> anyhow::Result<()> {
        let e = self.text.e;
        let traced = trace::person(e.plan, e.data, row);
        self.written("retirement", |text, out| {
            text.head(row, out)?;
            text.retirement(row, traced.retirement.as_ref(), out)
        })?;
        self.service(row, &traced)?;
        self.written("ledger", |text, out| text.post(row, &traced, out))?;
        self.standings(&traced)?;
        Ok(())
    }

    /// Spells in order of their start, and for each sum whether they count for it.
    fn service(&mut self, row: usize, traced: &PersonTrace) -> Result<(), XlsxError> {
        let (e, lang) = (self.text.e, self.text.lang);
        let mut columns = self.columns(&[
            ("start", 10.0),
            ("end", 10.0),
            ("employer", 30.0),
            ("kind", 22.0),
            ("location", 10.0),
            ("category", 12.0),
        ]);
        for clock in &traced.clocks {
            columns.push((words::fact_name(e.plan, clock.fact, lang), 22.0));
        }
        let person = e.register.people.get(row);
        let mut spells: Vec<&Spell> = person.map_or(Vec::new(), |person| {
            person.history.spells().iter().collect()
        });
        spells.sort_by_key(|spell| spell.start);
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for (at, spell) in spells.iter().enumerate() {
            let end = spell.end.map(|end| end.to_string());
            let location = spell.location.map(|l| words::word(&l, lang));
            let mut cells: Vec<Cell> = vec![
                spell.start.to_string().into(),
                end.unwrap_or_else(|| t(lang, "explain-open-end", &[]))
                    .into(),
                spell.employer.as_str().into(),
                words::word(&spell.kind, lang).into(),
                location.unwrap_or_else(|| "–".to_owned()).into(),
                words::word(&spell.category, lang).into(),
            ];
            for clock in &traced.clocks {
                let counts = clock.spells.get(at).is_some_and(|(_, counts)| *counts);
                cells.push(if counts { "✓" } else { "·" }.into());
            }
            rows.push(cells);
        }
        let mut sums: Vec<Cell> = vec![self.say("sum").into()];
        sums.extend((0..5).map(|_| Cell::from("")));
        for clock in &traced.clocks {
            let unknown = || self.say("unknown");
            let months = clock.months.map(|months| words::months(months, lang));
            sums.push(months.unwrap_or_else(unknown).into());
        }
        rows.push(sums);
        self.pages.add(&self.say("service"), &columns, rows)
    }

    fn rule_columns(&self) -> Vec<(String, f64)> {
        self.columns(&[
            ("rule", 30.0),
            ("verdict", 12.0),
            ("why", 60.0),
            ("from", 10.0),
            ("until", 10.0),
            ("authority", 70.0),
        ])
    }

    fn standings(&mut self, traced: &PersonTrace) -> Result<(), XlsxError> {
        let rows = traced
            .standings
            .iter()
            .filter_map(|standing| self.standing(standing));
        let rows: Vec<Vec<Cell>> = rows.collect();
        let columns = self.rule_columns();
        self.pages.add(&self.say("rules"), &columns, rows)
    }

    fn standing(&self, standing: &StandingTrace) -> Option<Vec<Cell>> {
        let (e, lang) = (self.text.e, self.text.lang);
        let (policy, rule) = e.plan.rule(standing.rule)?;
        let verdict = match standing.verdict {
            Some(verdict) => format!(
                "{} {}",
                standing_sign(verdict),
                words::standing(verdict, lang)
            ),
            None => self.say("not-applicable"),
        };
        let lines = standing
            .who
            .iter()
            .chain(&standing.branch)
            .chain(&standing.when);
        let why: Vec<String> = lines.map(|line| self.text.marked(line)).collect();
        let month = |month: Option<crate::domain::month::Month>| {
            month.map_or(String::new(), |month| month.to_string())
        };
        Some(vec![
            words::title(rule, lang).into(),
            verdict.into(),
            why.join("\n").into(),
            month(standing.window.and_then(|w| w.from)).into(),
            month(standing.window.and_then(|w| w.until)).into(),
            self.authority(policy, rule).into(),
        ])
    }

    fn authority(&self, policy: &Policy, rule: &Rule) -> String {
        authority(policy, rule, self.text.lang).join("\n")
    }

    fn institution(&mut self, at: usize) -> anyhow::Result<()> {
        let e = self.text.e;
        let Some(result) = e.assessment.institutions.get(at) else {
            return Ok(());
        };
        self.written("ledger", |text, out| {
            text.institution_head(at, out)?;
            for level in Level::ALL {
                text.level(at, *level, result.posts.level(*level), out)?;
            }
            text.directed(at, &result.posts.directed, out)
        })?;
        let lang = self.text.lang;
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for finding in &result.findings {
            let Some((policy, rule)) = e.plan.rule(finding.rule) else {
                continue;
            };
            let word = t(lang, &format!("verdict-{}", finding.verdict.key()), &[]);
            let mut authority = super::explain::clauses(policy, rule, lang);
            let readings = words::readings(e.plan, finding, lang).into_iter();
            authority.extend(
                readings.map(|reading| t(lang, "explain-reading", &[("reading", reading.into())])),
            );
            let people = match finding.verdict {
                Verdict::Holds => String::new(),
                _ => self.text.counted_names(at, finding),
            };
            rows.push(vec![
                words::about(e.plan, e.data, rule, finding, lang).into(),
                format!("{} {word}", sign(finding.verdict)).into(),
                words::finding(e.plan, e.data, finding, lang).into(),
                people.into(),
                authority.join("\n").into(),
            ]);
        }
        let columns = self.columns(&[
            ("rule", 30.0),
            ("verdict", 12.0),
            ("why", 60.0),
            ("counted", 40.0),
            ("authority", 70.0),
        ]);
        Ok(self.pages.add(&self.say("rules"), &columns, rows)?)
    }
}
