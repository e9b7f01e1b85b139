//! One person, or one institution, step by step: what a clerk can follow with a pencil.

use super::evaluation::Evaluation;
use super::table::sign;
use super::words;
use crate::domain::service::Spell;
use crate::i18n::{Arg, Lang, t};
use crate::policy::fact::Entity;
use crate::policy::model::{Body, Policy, Rule, Status};
use crate::policy::plan::RuleId;
use crate::rules::explain as trace;
use crate::rules::explain::{
    AtomTrace, ClockTrace, LineTrace, PersonTrace, RetirementTrace, StandingTrace,
};
use crate::rules::tri::Tri;
use std::io::{self, Write};

/// Writes the explanation of a person.
pub fn person(e: &Evaluation, row: usize, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let traced = trace::person(e.plan, e.data, row);
    let text = Explanation { e, lang };
    text.head(row, out)?;
    text.retirement(row, traced.retirement.as_ref(), out)?;
    text.service(row, &traced, out)?;
    text.post(row, &traced, out)?;
    text.standings(&traced, out)
}

struct Explanation<'a> {
    e: &'a Evaluation<'a>,
    lang: Lang,
}

impl Explanation<'_> {
    fn say(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        t(self.lang, &format!("explain-{key}"), args)
    }

    fn line(&self, out: &mut dyn Write, depth: usize, text: &str) -> io::Result<()> {
        writeln!(out, "{:depth$}{text}", "")
    }

    fn head(&self, row: usize, out: &mut dyn Write) -> io::Result<()> {
        let e = self.e;
        let Some(person) = e.register.people.get(row) else {
            return Ok(());
        };
        let institution = e.register.institutions.get(person.institution);
        let place = words::place(e.register, person.origin);
        let name = institution.map_or(String::new(), |i| format!("{} {}", i.code, i.name));
        let kind = institution
            .and_then(|i| i.kind)
            .map_or("", |kind| kind.label());
        writeln!(out, "{}  {place}  {name}  {kind}", person.name)?;
        writeln!(
            out,
            "{}",
            self.say("as-of", &[("month", e.as_of.to_string().into())])
        )?;
        writeln!(out)
    }

    fn retirement(
        &self,
        row: usize,
        retirement: Option<&RetirementTrace>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        writeln!(out, "{}", self.say("retirement", &[]))?;
        let Some(r) = retirement else {
            return self.line(out, 2, &self.say("no-schedule", &[]));
        };
        let stated = self
            .e
            .register
            .people
            .get(row)
            .is_some_and(|p| p.retirement_class.is_some());
        let class = if stated {
            "class-stated"
        } else {
            "class-derived"
        };
        let args = [
            ("birth", r.birth.to_string().into()),
            ("class", r.class.label().into()),
        ];
        self.line(out, 2, &self.say(class, &args))?;
        let i = r.birth.since(r.row.from_birth);
        let delay = match i < 0 {
            true => self.say("no-delay", &[("from", r.row.from_birth.to_string().into())]),
            false => self.say(
                "delay",
                &[
                    ("from", r.row.from_birth.to_string().into()),
                    ("i", i.into()),
                    ("every", r.row.every.into()),
                    ("most", r.row.most.into()),
                    ("delay", r.delay.into()),
                ],
            ),
        };
        self.line(out, 2, &delay)?;
        let args = [
            ("age", (r.row.original / 12).into()),
            ("delay", r.delay.into()),
            ("month", r.month.to_string().into()),
            (
                "left",
                words::months(i64::from(r.months_left), self.lang).into(),
            ),
        ];
        self.line(out, 2, &self.say("retires", &args))?;
        let args = [
            ("earliest", r.flexible.0.to_string().into()),
            ("latest", r.flexible.1.to_string().into()),
        ];
        self.line(out, 2, &self.say("flexible", &args))?;
        self.authority(r.rule, 2, out)?;
        writeln!(out)
    }

    fn service(&self, row: usize, traced: &PersonTrace, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.say("service", &[]))?;
        let Some(person) = self.e.register.people.get(row) else {
            return Ok(());
        };
        // the columns hold the spells in order of their start
        let mut spells: Vec<&Spell> = person.history.spells().iter().collect();
        spells.sort_by_key(|spell| spell.start);
        if spells.is_empty() {
            self.line(out, 2, &self.say("no-history", &[]))?;
        }
        for clock in &traced.clocks {
            self.clock(clock, &spells, out)?;
        }
        writeln!(out)
    }

    fn clock(&self, clock: &ClockTrace, spells: &[&Spell], out: &mut dyn Write) -> io::Result<()> {
        let name = words::fact_name(self.e.plan, clock.fact, self.lang);
        let Some(months) = clock.months else {
            return self.line(out, 2, &self.say("clock-unknown", &[("name", name.into())]));
        };
        let args = [
            ("name", name.into()),
            ("months", words::months(months, self.lang).into()),
        ];
        self.line(out, 2, &self.say("clock", &args))?;
        for (spell, (_, counts)) in spells.iter().zip(&clock.spells) {
            let open = self.say("open-end", &[]);
            let end = spell.end.map_or(open, |end| end.to_string());
            let location = spell.location.map_or("–", |l| l.label());
            let mark = if *counts { "✓" } else { "·" };
            let what = format!(
                "{mark} {} – {end}  {}（{}，{location}，{}）",
                spell.start,
                spell.employer,
                spell.kind.label(),
                spell.category.label()
            );
            self.line(out, 4, &what)?;
        }
        let counted = clock.spells.iter().filter(|(_, counts)| *counts).count();
        if clock.stretches.len() < counted {
            let args = [
                ("spells", counted.into()),
                ("stretches", clock.stretches.len().into()),
            ];
            self.line(out, 4, &self.say("merged", &args))?;
        }
        Ok(())
    }

    fn post(&self, row: usize, traced: &PersonTrace, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.say("post", &[]))?;
        let Some(person) = self.e.register.people.get(row) else {
            return Ok(());
        };
        let (Some(level), Some(ledger)) = (traced.level, traced.ledger) else {
            let args = [
                ("employment", person.employment.label().into()),
                ("category", person.category.label().into()),
                ("appointed", person.appointed.post_label().into()),
            ];
            self.line(out, 2, &self.say("no-post", &args))?;
            return writeln!(out);
        };
        let args = [
            ("appointed", person.appointed.post_label().into()),
            ("level", level.label().into()),
            ("manner", person.manner.label().into()),
            ("ledger", ledger.label().into()),
        ];
        self.line(out, 2, &self.say("ledger", &args))?;
        self.line(
            out,
            2,
            &self.say(&format!("ledger-{}", ledger.key().replace('_', "-")), &[]),
        )?;
        writeln!(out)
    }

    fn standings(&self, traced: &PersonTrace, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.say("standings", &[]))?;
        let (apply, others): (Vec<_>, Vec<_>) =
            traced.standings.iter().partition(|s| s.verdict.is_some());
        for standing in apply {
            self.standing(standing, out)?;
        }
        for standing in others {
            let Some((_, rule)) = self.e.plan.rule(standing.rule) else {
                continue;
            };
            let title = words::title(rule, self.lang);
            let why = standing.who.iter().find(|line| line.answer == Tri::No);
            let why = why.map_or(String::new(), |line| self.condition(line));
            let args = [
                ("title", title.into()),
                ("rule", (&rule.id).into()),
                ("why", why.into()),
            ];
            self.line(out, 2, &self.say("not-applicable", &args))?;
        }
        Ok(())
    }

    fn standing(&self, standing: &StandingTrace, out: &mut dyn Write) -> io::Result<()> {
        let (Some((_, rule)), Some(verdict)) = (self.e.plan.rule(standing.rule), standing.verdict)
        else {
            return Ok(());
        };
        let word = t(self.lang, &format!("verdict-{}", verdict.key()), &[]);
        let title = words::title(rule, self.lang);
        self.line(
            out,
            2,
            &format!("{} {word}  {title}（{}）", sign(verdict), rule.id),
        )?;
        for line in standing
            .who
            .iter()
            .chain(&standing.branch)
            .chain(&standing.when)
        {
            let mark = match line.answer {
                Tri::Yes => "✓",
                Tri::No => "✗",
                Tri::Unknown => "?",
            };
            self.line(out, 6, &format!("{mark} {}", self.condition(line)))?;
        }
        if let (Body::BeyondCap(beyond), crate::rules::verdict::Verdict::Judgement) =
            (&rule.body, verdict)
        {
            let question = words::words(&beyond.judgement, self.lang);
            self.line(out, 6, &self.say("judge", &[("question", question.into())]))?;
        }
        if let Some(window) = standing.window {
            let from = window.from.map_or(String::new(), |m| m.to_string());
            let key = match (window.from, window.until) {
                (Some(_), Some(_)) => "window",
                (Some(_), None) => "window-open",
                (None, Some(_)) => "window-until",
                (None, None) => "window-always",
            };
            let until = window.until.map_or(String::new(), |m| m.to_string());
            self.line(
                out,
                6,
                &self.say(key, &[("from", from.into()), ("until", until.into())]),
            )?;
        } else if standing.missing.is_empty() {
            self.line(out, 6, &self.say("never", &[]))?;
        } else {
            let names = standing
                .missing
                .iter()
                .map(|fact| words::fact_name(self.e.plan, *fact, self.lang));
            let names = words::list(names, self.lang);
            self.line(out, 6, &self.say("missing", &[("facts", names.into())]))?;
        }
        self.authority(standing.rule, 6, out)?;
        writeln!(out)
    }

    /// A condition with the value that stood against it.
    fn condition(&self, line: &LineTrace) -> String {
        let or = self.say("or", &[]);
        let parts: Vec<String> = line.atoms.iter().map(|atom| self.atom(atom)).collect();
        parts.join(&or)
    }

    fn atom(&self, atom: &AtomTrace) -> String {
        let Some(fact) = self.e.plan.facts.get(atom.fact) else {
            return atom.written.clone();
        };
        let value = words::value(fact, &atom.value, self.lang);
        let value = if value.is_empty() {
            self.say("blank", &[])
        } else {
            value
        };
        let other = atom
            .other
            .as_ref()
            .map(|other| words::value(fact, other, self.lang));
        let shown = match other {
            Some(other) => format!("{value} / {other}"),
            None => value,
        };
        format!("{}（{shown}）", self.written(atom))
    }

    /// The condition in plain words.
    fn written(&self, atom: &AtomTrace) -> String {
        let Some(fact) = self.e.plan.facts.get(atom.fact) else {
            return atom.written.clone();
        };
        let rest = atom
            .written
            .strip_prefix(&fact.name)
            .unwrap_or(&atom.written)
            .trim();
        let operators = [
            "not in", "in", ">=", "<=", "!=", ">", "<", "=", "within", "contains",
        ];
        let operator = operators
            .into_iter()
            .find(|operator| rest.starts_with(operator))
            .unwrap_or_default();
        let value = rest.strip_prefix(operator).unwrap_or(rest).trim();
        let name = words::fact(fact, self.lang);
        let other = self.e.plan.facts.visible(Entity::Person, value);
        let value = other.map_or(value.to_owned(), |fact| {
            words::fact_name(self.e.plan, fact, self.lang)
        });
        let key = match operator {
            "not in" => "operator-not-in",
            "in" => "operator-in",
            ">=" => "operator-at-least",
            "<=" => "operator-at-most",
            "!=" => "operator-not",
            ">" => "operator-above",
            "<" => "operator-below",
            "within" => "operator-within",
            "contains" => "operator-contains",
            _ => "operator-is",
        };
        self.say(key, &[("fact", name.into()), ("value", value.into())])
    }

    /// The clause, the standing of the document, the readings.
    fn authority(&self, id: RuleId, depth: usize, out: &mut dyn Write) -> io::Result<()> {
        let Some((policy, rule)) = self.e.plan.rule(id) else {
            return Ok(());
        };
        for line in authority(policy, rule, self.lang) {
            self.line(out, depth, &line)?;
        }
        Ok(())
    }
}

/// What a rule rests on: each clause quoted, drafts and unverified texts named as such,
/// every reading.
pub fn authority(policy: &Policy, rule: &Rule, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for clause in policy.cites(rule) {
        let mut marks = Vec::new();
        if policy.status != Status::InForce {
            marks.push(t(lang, &format!("status-{}", policy.status.key()), &[]));
        }
        if !clause.verified || !policy.verified {
            marks.push(t(lang, "status-unverified", &[]));
        }
        let marks = if marks.is_empty() {
            String::new()
        } else {
            format!("（{}）", words::list(marks, lang))
        };
        let args = [
            ("policy", Arg::from(&policy.id)),
            ("at", (&clause.at).into()),
            ("text", (&clause.text).into()),
            ("marks", marks.into()),
        ];
        lines.push(t(lang, "explain-clause", &args));
    }
    for reading in &rule.readings {
        lines.push(t(
            lang,
            "explain-reading",
            &[("reading", words::words(reading, lang).into())],
        ));
    }
    lines
}
