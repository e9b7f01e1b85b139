//! One person, or one institution, step by step: what a clerk can follow with a pencil.

use super::evaluation::Evaluation;
use super::table::{number, sign, standing_sign};
use super::words;
use crate::domain::post::{Ledger, Level};
use crate::domain::register::Origin;
use crate::domain::service::Spell;
use crate::i18n::{Arg, Lang, t};
use crate::policy::model::{Body, Clause, Policy, Rule, Status};
use crate::policy::plan::RuleId;
use crate::rules::explain as trace;
use crate::rules::explain::{ClockTrace, LineTrace, PersonTrace, RetirementTrace, StandingTrace};
use crate::rules::finding::Finding;
use crate::rules::ledger::{DirectedPosts, LevelPosts};
use crate::rules::members;
use crate::rules::tri::Tri;
use crate::rules::verdict::Verdict;
use serde::Serialize;
use std::io::{self, Write};

/// Who or what is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A row of the people.
    Person(usize),
    Institution(usize),
    RuralDoctor(usize),
    /// A row that was refused: its faults.
    Refused(Origin),
}

/// Writes an explanation as text.
pub fn write(e: &Evaluation, subject: &Subject, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let text = Explanation { e, lang };
    match *subject {
        Subject::Person(row) => text.person(row, out),
        Subject::Institution(at) => text.institution(at, out),
        Subject::RuralDoctor(row) => text.rural_doctor(row, out),
        Subject::Refused(origin) => text.refused(origin, out),
    }
}

/// The writer of one explanation.
pub(super) struct Explanation<'a> {
    pub(super) e: &'a Evaluation<'a>,
    pub(super) lang: Lang,
}

impl Explanation<'_> {
    fn person(&self, row: usize, out: &mut dyn Write) -> io::Result<()> {
        let traced = trace::person(self.e.plan, self.e.data, row);
        self.head(row, out)?;
        self.retirement(row, traced.retirement.as_ref(), out)?;
        self.service(row, &traced, out)?;
        self.post(row, &traced, out)?;
        self.standings(&traced, out)
    }

    fn refused(&self, origin: Origin, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", words::place(self.e.register, origin))?;
        writeln!(out, "{}", self.say("refused-row", &[]))?;
        for fault in self.e.faults.iter().filter(|fault| fault.origin == origin) {
            self.line(
                out,
                2,
                &format!(
                    "✗ {}",
                    words::fault_on_screen(self.e.register, fault, self.lang)
                ),
            )?;
        }
        Ok(())
    }

    fn rural_doctor(&self, row: usize, out: &mut dyn Write) -> io::Result<()> {
        let Some(doctor) = self.e.register.rural_doctors.get(row) else {
            return Ok(());
        };
        let word = self.say("rural-doctor", &[]);
        let place = words::place(self.e.register, doctor.origin);
        writeln!(
            out,
            "{}  {place}  {word}  {}",
            doctor.name,
            words::word(&doctor.qualification, self.lang)
        )?;
        writeln!(
            out,
            "{}",
            self.say("as-of", &[("month", self.e.as_of.to_string().into())])
        )?;
        writeln!(out)?;
        let birth = doctor.id.birth_month();
        let age = words::months(i64::from(self.e.as_of.since(birth)), self.lang);
        let pension = doctor
            .pension
            .map_or_else(|| self.say("blank", &[]), |p| words::word(&p, self.lang));
        let on_establishment = self.say(if doctor.on_establishment { "yes" } else { "no" }, &[]);
        let args = [
            ("birth", birth.to_string().into()),
            ("age", age.into()),
            (
                "relation",
                words::word(&doctor.labour_relation, self.lang).into(),
            ),
            ("establishment", on_establishment.into()),
            ("pension", pension.into()),
        ];
        self.line(out, 2, &self.say("doctor-facts", &args))?;
        writeln!(out)?;
        for result in self
            .e
            .assessment
            .rural_doctors
            .get(row)
            .into_iter()
            .flatten()
        {
            let Some((_, rule)) = self.e.plan.rule(result.rule) else {
                continue;
            };
            let Body::StatusTable(table) = &rule.body else {
                continue;
            };
            self.line(out, 2, &words::title(rule, self.lang))?;
            let hits: Vec<_> = result
                .hits
                .iter()
                .filter_map(|at| table.rows.get(usize::from(*at)))
                .collect();
            if hits.is_empty() && result.missing.is_empty() {
                self.line(out, 4, &self.say("gives-nothing", &[]))?;
            }
            for hit in hits {
                let force = t(self.lang, &format!("force-{}", hit.force.key()), &[]);
                let facts = &self.e.plan.facts;
                let when = words::conditions(&hit.when, facts, table.of, self.lang);
                let when = when.unwrap_or_else(|| t(self.lang, "policy-always", &[]));
                for name in words::gives(hit, self.lang) {
                    let args = [
                        ("force", Arg::from(&force)),
                        ("name", name.into()),
                        ("when", (&when).into()),
                    ];
                    self.line(out, 4, &self.say("gives", &args))?;
                }
            }
            if !result.missing.is_empty() {
                let names = result
                    .missing
                    .iter()
                    .map(|f| words::fact_name(self.e.plan, *f, self.lang));
                let names = words::list(names, self.lang);
                self.line(out, 4, &self.say("missing", &[("facts", names.into())]))?;
            }
            self.authority(result.rule, 4, out)?;
            writeln!(out)?;
        }
        Ok(())
    }

    fn institution(&self, at: usize, out: &mut dyn Write) -> io::Result<()> {
        let e = self.e;
        let Some(result) = e.assessment.institutions.get(at) else {
            return Ok(());
        };
        self.institution_head(at, out)?;
        writeln!(out, "{}", self.say("ledger-title", &[]))?;
        for level in Level::ALL {
            self.level(at, *level, result.posts.level(*level), out)?;
        }
        self.directed(at, &result.posts.directed, out)?;
        writeln!(out)?;
        writeln!(out, "{}", self.say("findings-title", &[]))?;
        for finding in &result.findings {
            self.finding(at, finding, out)?;
        }
        Ok(())
    }

    pub(super) fn institution_head(&self, at: usize, out: &mut dyn Write) -> io::Result<()> {
        let e = self.e;
        let Some(institution) = e.register.institutions.get(at) else {
            return Ok(());
        };
        let kind = institution.kind.map(|kind| words::word(&kind, self.lang));
        let kind = kind.unwrap_or_default();
        writeln!(
            out,
            "{} {}  {kind}  {}",
            institution.code,
            institution.name,
            words::word(&institution.sponsor, self.lang)
        )?;
        writeln!(
            out,
            "{}",
            self.say("as-of", &[("month", e.as_of.to_string().into())])
        )?;
        writeln!(out)?;
        Ok(())
    }

    pub(super) fn level(
        &self,
        at: usize,
        level: Level,
        posts: &LevelPosts,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let args = [
            ("level", Arg::from(words::word(&level, self.lang))),
            ("ceiling", number(posts.ceiling).into()),
            ("approved", number(posts.approved).into()),
            ("limit", number(posts.limit).into()),
            ("counted", posts.counted().into()),
            ("ordinary", posts.ordinary.into()),
            ("beyond", posts.beyond_ratio.into()),
            ("vacant", number(posts.vacant()).into()),
            ("over", number(posts.over()).into()),
        ];
        self.line(out, 2, &self.say("level", &args))?;
        for ledger in [
            Ledger::Ordinary,
            Ledger::BeyondRatio,
            Ledger::OffQuota,
            Ledger::Special,
        ] {
            self.holders(at, Some(level), ledger, out)?;
        }
        Ok(())
    }

    pub(super) fn directed(
        &self,
        at: usize,
        posts: &DirectedPosts,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let args = [
            ("ceiling", number(posts.ceiling).into()),
            ("approved", number(posts.approved).into()),
            ("limit", number(posts.limit).into()),
            ("counted", posts.counted.into()),
            ("vacant", number(posts.vacant()).into()),
            ("over", number(posts.over()).into()),
        ];
        self.line(out, 2, &self.say("directed", &args))?;
        self.holders(at, None, Ledger::Directed, out)
    }

    fn holders(
        &self,
        at: usize,
        level: Option<Level>,
        ledger: Ledger,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let rows = members::holders(self.e.data, &self.e.assessment.people, at, level, ledger);
        if rows.is_empty() {
            return Ok(());
        }
        let args = [
            ("ledger", Arg::from(words::word(&ledger, self.lang))),
            ("count", rows.len().into()),
            ("names", self.names(&rows).into()),
        ];
        self.line(out, 6, &self.say("holders", &args))
    }

    fn names(&self, rows: &[usize]) -> String {
        let person = |row: &usize| {
            let person = self.e.register.people.get(*row)?;
            Some(format!(
                "{} {}",
                person.name,
                words::place(self.e.register, person.origin)
            ))
        };
        words::list(rows.iter().filter_map(person), self.lang)
    }

    /// Those whom a finding counts.
    pub(super) fn counted_names(&self, at: usize, finding: &Finding) -> String {
        let e = self.e;
        let rows = members::counted(e.plan, e.data, &e.assessment.people, finding, at);
        self.names(&rows)
    }

    fn finding(&self, at: usize, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        let e = self.e;
        let sentence = words::finding(e.plan, e.data, finding, self.lang);
        self.line(out, 2, &format!("{} {sentence}", sign(finding.verdict)))?;
        if finding.verdict != Verdict::Holds {
            let names = self.counted_names(at, finding);
            if !names.is_empty() {
                self.line(out, 6, &self.say("counted", &[("names", names.into())]))?;
            }
        }
        let Some((policy, rule)) = e.plan.rule(finding.rule) else {
            return Ok(());
        };
        for clause in clauses(policy, rule, self.lang) {
            self.line(out, 6, &clause)?;
        }
        for reading in words::readings(e.plan, finding, self.lang) {
            self.line(out, 6, &self.say("reading", &[("reading", reading.into())]))?;
        }
        writeln!(out)
    }

    fn say(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        t(self.lang, &format!("explain-{key}"), args)
    }

    fn line(&self, out: &mut dyn Write, depth: usize, text: &str) -> io::Result<()> {
        writeln!(out, "{:depth$}{text}", "")
    }

    pub(super) fn head(&self, row: usize, out: &mut dyn Write) -> io::Result<()> {
        let e = self.e;
        let Some(person) = e.register.people.get(row) else {
            return Ok(());
        };
        let institution = e.register.institutions.get(person.institution);
        let place = words::place(e.register, person.origin);
        let name = institution.map_or(String::new(), |i| format!("{} {}", i.code, i.name));
        let kind = institution
            .and_then(|i| i.kind)
            .map_or(String::new(), |kind| words::word(&kind, self.lang));
        writeln!(out, "{}  {place}  {name}  {kind}", person.name)?;
        writeln!(
            out,
            "{}",
            self.say("as-of", &[("month", e.as_of.to_string().into())])
        )?;
        writeln!(out)
    }

    pub(super) fn retirement(
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
            ("class", words::word(&r.class, self.lang).into()),
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
            let location = spell.location.map_or_else(
                || self.say("not-known", &[]),
                |l| words::word(&l, self.lang),
            );
            let args = [
                ("mark", Arg::from(if *counts { "✓" } else { "·" })),
                ("start", spell.start.to_string().into()),
                ("end", end.into()),
                ("employer", (&spell.employer).into()),
                ("kind", words::word(&spell.kind, self.lang).into()),
                ("location", location.into()),
                ("category", words::word(&spell.category, self.lang).into()),
            ];
            let what = self.say("spell", &args);
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

    pub(super) fn post(
        &self,
        row: usize,
        traced: &PersonTrace,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        writeln!(out, "{}", self.say("post", &[]))?;
        let Some(person) = self.e.register.people.get(row) else {
            return Ok(());
        };
        let (Some(level), Some(ledger)) = (traced.level, traced.ledger) else {
            let args = [
                (
                    "employment",
                    words::word(&person.employment, self.lang).into(),
                ),
                ("category", words::word(&person.category, self.lang).into()),
                (
                    "appointed",
                    words::post_rank(person.appointed, self.lang).into(),
                ),
            ];
            self.line(out, 2, &self.say("no-post", &args))?;
            return writeln!(out);
        };
        let args = [
            (
                "appointed",
                words::post_rank(person.appointed, self.lang).into(),
            ),
            ("level", words::word(&level, self.lang).into()),
            ("manner", words::word(&person.manner, self.lang).into()),
            ("ledger", words::word(&ledger, self.lang).into()),
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
            let mut lines = standing.who.iter().chain(&standing.branch);
            let why = lines.find(|line| line.answer == Tri::No);
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
        let word = words::standing(verdict, self.lang);
        let title = words::title(rule, self.lang);
        let named = [("what", Arg::from(&title)), ("value", (&rule.id).into())];
        let named = self.say("shown", &named);
        self.line(
            out,
            2,
            &format!("{} {word}  {named}", standing_sign(verdict)),
        )?;
        for line in standing
            .who
            .iter()
            .chain(&standing.branch)
            .chain(&standing.when)
        {
            self.line(out, 6, &self.marked(line))?;
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
        words::asked(&self.e.plan.facts, line, self.lang)
    }

    /// A condition with its answer.
    pub(super) fn marked(&self, line: &LineTrace) -> String {
        let mark = match line.answer {
            Tri::Yes => "✓",
            Tri::No => "✗",
            Tri::Unknown => "?",
        };
        format!(
            "{mark} {}",
            words::asked(&self.e.plan.facts, line, self.lang)
        )
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
    let mut lines = clauses(policy, rule, lang);
    for reading in &rule.readings {
        lines.push(t(
            lang,
            "explain-reading",
            &[("reading", words::words(reading, lang).into())],
        ));
    }
    lines
}

/// Each clause quoted, with the standing of the document.
pub(super) fn clauses(policy: &Policy, rule: &Rule, lang: Lang) -> Vec<String> {
    let clause = |clause: &Clause| {
        let mut marks = Vec::new();
        if policy.status != Status::InForce {
            marks.push(t(lang, &format!("status-{}", policy.status.key()), &[]));
        }
        if !clause.verified || !policy.verified {
            marks.push(t(lang, "status-unverified", &[]));
        }
        let marks = match marks.is_empty() {
            true => String::new(),
            false => t(
                lang,
                "explain-marks",
                &[("marks", words::list(marks, lang).into())],
            ),
        };
        let args = [
            ("policy", Arg::from(&policy.id)),
            ("at", (&clause.at).into()),
            ("text", (&clause.text).into()),
            ("marks", marks.into()),
        ];
        t(lang, "explain-clause", &args)
    };
    policy.cites(rule).map(clause).collect()
}

// ---- JSON ---------------------------------------------------------------------------

/// Writes an explanation as JSON: the same steps, typed.
pub fn write_json(
    e: &Evaluation,
    subject: &Subject,
    lang: Lang,
    out: impl Write,
) -> serde_json::Result<()> {
    let mut text = Vec::new();
    write(e, subject, lang, &mut text).map_err(serde_json::Error::io)?;
    let lines: Vec<String> = String::from_utf8_lossy(&text)
        .lines()
        .map(str::to_owned)
        .collect();
    let steps = match subject {
        Subject::Person(row) => Some(person_steps(e, *row, lang)),
        _ => None,
    };
    let row = ExplanationRow {
        schema: 1,
        as_of: e.as_of.to_string(),
        policies: e.plan.policies.iter().map(|p| p.id.as_str()).collect(),
        steps,
        lines,
    };
    serde_json::to_writer(out, &row)
}

#[derive(Serialize)]
struct ExplanationRow<'a> {
    schema: u32,
    as_of: String,
    policies: Vec<&'a str>,
    steps: Option<PersonSteps>,
    /// The explanation as a person reads it.
    lines: Vec<String>,
}

#[derive(Serialize)]
struct PersonSteps {
    retirement: Option<RetirementSteps>,
    service: Vec<ClockSteps>,
    level: Option<&'static str>,
    ledger: Option<&'static str>,
    standings: Vec<StandingSteps>,
}

#[derive(Serialize)]
struct RetirementSteps {
    birth: String,
    class: &'static str,
    original_age_months: i32,
    delay_months: i32,
    month: String,
    months_left: i32,
    earliest: String,
    latest: String,
}

#[derive(Serialize)]
struct ClockSteps {
    fact: String,
    months: Option<i64>,
    stretches: Vec<(String, Option<String>)>,
}

#[derive(Serialize)]
struct StandingSteps {
    rule: String,
    policy: String,
    verdict: Option<&'static str>,
    from: Option<String>,
    until: Option<String>,
    missing: Vec<String>,
    conditions: Vec<ConditionSteps>,
    authority: Vec<String>,
}

#[derive(Serialize)]
struct ConditionSteps {
    condition: String,
    met: Option<bool>,
}

fn person_steps(e: &Evaluation, row: usize, lang: Lang) -> PersonSteps {
    let traced = trace::person(e.plan, e.data, row);
    let text = Explanation { e, lang };
    let condition = |line: &LineTrace| ConditionSteps {
        condition: text.condition(line),
        met: match line.answer {
            Tri::Yes => Some(true),
            Tri::No => Some(false),
            Tri::Unknown => None,
        },
    };
    PersonSteps {
        retirement: traced.retirement.map(|r| RetirementSteps {
            birth: r.birth.to_string(),
            class: r.class.label(),
            original_age_months: r.row.original,
            delay_months: r.delay,
            month: r.month.to_string(),
            months_left: r.months_left,
            earliest: r.flexible.0.to_string(),
            latest: r.flexible.1.to_string(),
        }),
        service: traced
            .clocks
            .iter()
            .map(|clock| ClockSteps {
                fact: e.plan.facts.name(clock.fact).to_owned(),
                months: clock.months,
                stretches: clock
                    .stretches
                    .iter()
                    .map(|s| (s.start.to_string(), s.end.map(|end| end.to_string())))
                    .collect(),
            })
            .collect(),
        level: traced.level.map(|level| level.key()),
        ledger: traced.ledger.map(|ledger| ledger.key()),
        standings: traced
            .standings
            .iter()
            .filter_map(|standing| {
                let (policy, rule) = e.plan.rule(standing.rule)?;
                let lines = standing
                    .who
                    .iter()
                    .chain(&standing.branch)
                    .chain(&standing.when);
                Some(StandingSteps {
                    rule: rule.id.clone(),
                    policy: policy.id.clone(),
                    verdict: standing.verdict.map(|v| v.key()),
                    from: standing.window.and_then(|w| w.from).map(|m| m.to_string()),
                    until: standing.window.and_then(|w| w.until).map(|m| m.to_string()),
                    missing: standing
                        .missing
                        .iter()
                        .map(|f| e.plan.facts.name(*f).to_owned())
                        .collect(),
                    conditions: lines.map(condition).collect(),
                    authority: authority(policy, rule, lang),
                })
            })
            .collect(),
    }
}
