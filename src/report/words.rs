//! Sentences for results: what a finding says with its arithmetic, why a row was
//! refused. Typed values in, words of the chosen language out.

use super::evaluation::Caveat;
use crate::domain::column::PersonColumn;
use crate::domain::fault::{Expected, Fault, Warning};
use crate::domain::month::Month;
use crate::domain::register::{Origin, Register};
use crate::domain::title::Rank;
pub use crate::i18n::word;
use crate::i18n::{Arg, Lang, t};
use crate::policy::condition::{Conditions, Line, parts};
use crate::policy::fact::{Entity, Fact, FactId, FactType, Facts};
use crate::policy::model::{Body, Bound, Policy, Rule, StatusRow, Words};
use crate::policy::plan::{Check, FindingRule, Measure, Plan};
use crate::policy::quantity::{self, Rounding, Share};
use crate::rules::data::{Data, Value};
use crate::rules::explain::{AtomTrace, LineTrace};
use crate::rules::finding::{Finding, Missing, Subject};
use crate::rules::verdict::Verdict;

/// Words in the chosen language.
pub fn words(words: &Words, lang: Lang) -> &str {
    lang.pick(&words.zh, &words.en)
}

/// The title of a rule; its id where it has none.
pub fn title(rule: &Rule, lang: Lang) -> String {
    rule.title
        .as_ref()
        .map_or_else(|| rule.id.clone(), |title| words(title, lang).to_owned())
}

/// A list of words.
pub fn list(items: impl IntoIterator<Item = String>, lang: Lang) -> String {
    items
        .into_iter()
        .collect::<Vec<_>>()
        .join(&t(lang, "list-separator", &[]))
}

/// The word for a verdict about a person: a condition is met, nobody is at fault.
pub fn standing(verdict: Verdict, lang: Lang) -> String {
    t(lang, &format!("standing-{}", verdict.key()), &[])
}

/// The word for a fact.
pub fn fact(fact: &Fact, lang: Lang) -> &str {
    lang.pick(&fact.name, &fact.label_en)
}

/// The word for the rank of an appointment.
pub fn post_rank(rank: Rank, lang: Lang) -> String {
    match rank {
        Rank::None => t(lang, "word-rank-not-appointed", &[]),
        rank => word(&rank, lang),
    }
}

/// The word for a value of a choice, by its position.
pub fn choice(fact: &Fact, code: usize, lang: Lang) -> &str {
    let written = fact.values.get(code).map_or("", String::as_str);
    let english = fact.values_en.get(code).map_or(written, String::as_str);
    lang.pick(written, english)
}

/// What a row of a decision table gives.
pub fn gives(row: &StatusRow, lang: Lang) -> impl Iterator<Item = &str> {
    row.gives.iter().enumerate().map(move |(at, written)| {
        let english = row.gives_en.get(at).unwrap_or(written);
        lang.pick(written, english)
    })
}

/// What a decision table of the plan gives, by the document's word for it.
pub fn given<'a>(plan: &'a Plan, written: &'a str, lang: Lang) -> &'a str {
    let rules = plan.policies.iter().flat_map(|policy| &policy.rules);
    let rows = rules.flat_map(|rule| match &rule.body {
        Body::StatusTable(table) => table.rows.as_slice(),
        _ => &[],
    });
    let mut found = rows.filter_map(|row| {
        let at = row.gives.iter().position(|word| word == written)?;
        row.gives_en.get(at)
    });
    let english = found.next().map_or(written, String::as_str);
    lang.pick(written, english)
}

/// The clauses a rule rests on, by their places in the document.
pub fn clause_places(policy: &Policy, rule: &Rule, lang: Lang) -> String {
    list(policy.cites(rule).map(|clause| clause.at.clone()), lang)
}

/// The policy and the place in its document.
pub fn clause(policy: &Policy, rule: &Rule, lang: Lang) -> String {
    format!("{} {}", policy.id, clause_places(policy, rule, lang))
        .trim_end()
        .to_owned()
}

/// Conditions in plain words, all of which must hold.
pub fn conditions(
    conditions: &Conditions,
    facts: &Facts,
    entity: Entity,
    lang: Lang,
) -> Option<String> {
    let lines = conditions.0.iter().map(|l| line(l, facts, entity, lang));
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| lines.join(&t(lang, "condition-and", &[])))
}

/// A condition that was asked, with the value that stood against it.
pub fn asked(facts: &Facts, line: &LineTrace, lang: Lang) -> String {
    let parts = line.atoms.iter().map(|atom| asked_atom(facts, atom, lang));
    parts.collect::<Vec<_>>().join(&t(lang, "explain-or", &[]))
}

fn asked_atom(facts: &Facts, atom: &AtomTrace, lang: Lang) -> String {
    let Some(own) = facts.get(atom.fact) else {
        return atom.written.clone();
    };
    let shown = value(own, &atom.value, lang);
    let shown = if shown.is_empty() {
        t(lang, "explain-blank", &[])
    } else {
        shown
    };
    // of a yes-or-no fact the answer says it all
    if own.kind == FactType::Flag {
        let args = [("fact", fact(own, lang).into()), ("value", shown.into())];
        return t(lang, "explain-flag", &args);
    }
    let shown = match &atom.other {
        Some(other) => format!("{shown} / {}", value(own, other, lang)),
        None => shown,
    };
    let written = comparison(facts, Entity::Person, atom.fact, &atom.written, lang);
    let args = [("what", written.into()), ("value", shown.into())];
    t(lang, "explain-shown", &args)
}

/// One condition; any of its alternatives will do.
fn line(line: &Line, facts: &Facts, entity: Entity, lang: Lang) -> String {
    let atoms = line
        .any
        .iter()
        .map(|atom| comparison(facts, entity, atom.fact, &atom.written, lang));
    atoms.collect::<Vec<_>>().join(&t(lang, "explain-or", &[]))
}

/// A comparison in plain words.
pub fn comparison(
    facts: &Facts,
    entity: Entity,
    asked: FactId,
    written: &str,
    lang: Lang,
) -> String {
    let (Some(own), Some((_, operator, value))) = (facts.get(asked), parts(written)) else {
        return written.to_owned();
    };
    let name = fact(own, lang);
    let value = compared(facts, entity, own, value, lang);
    let key = match operator {
        "not in" => "not-in",
        "in" => "in",
        ">=" | "≥" => "at-least",
        "<=" | "≤" => "at-most",
        "!=" | "≠" => "not",
        ">" => "above",
        "<" => "below",
        "within" => "within",
        "contains" => "contains",
        _ if own.kind == FactType::Flag => {
            let args = [("fact", name.into()), ("value", value.into())];
            return t(lang, "explain-flag", &args);
        }
        _ => "is",
    };
    t(
        lang,
        &format!("explain-operator-{key}"),
        &[("fact", name.into()), ("value", value.into())],
    )
}

/// What a fact is compared with: another fact, words of the choice, a length of time.
fn compared(facts: &Facts, entity: Entity, own: &Fact, value: &str, lang: Lang) -> String {
    let other = facts.visible(entity, value).and_then(|id| facts.get(id));
    if let Some(other) = other.filter(|other| other.kind == own.kind) {
        return fact(other, lang).to_owned();
    }
    match own.kind {
        FactType::Choice | FactType::Flag | FactType::Rank => {
            let words = value
                .split([',', '、', '，'])
                .map(str::trim)
                .map(|written| {
                    let code = own.values.iter().position(|value| value == written);
                    code.map_or(written, |code| choice(own, code, lang))
                        .to_owned()
                });
            list(words, lang)
        }
        FactType::Months => quantity::months(value).map_or_else(
            || value.to_owned(),
            |months| written_months(value, months, lang),
        ),
        FactType::Text => t(lang, "quoted", &[("text", value.into())]),
        _ => value.to_owned(),
    }
}

/// A length of time as the policy writes it; in English in whole years where it can be.
pub fn written_months(written: &str, months: i64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => written.to_owned(),
        Lang::En if months % 12 == 0 => t(lang, "years", &[("years", (months / 12).into())]),
        Lang::En => t(lang, "months", &[("months", months.into())]),
    }
}

/// An identity number as a screen shows it: the first four and the last four characters.
pub fn masked(id: &str) -> String {
    let length = id.chars().count();
    let shown = |at: usize| length > 8 && (at < 4 || at + 4 >= length);
    id.chars()
        .enumerate()
        .map(|(at, c)| if shown(at) { c } else { '*' })
        .collect()
}

/// A fault as a screen shows it: without a whole identity number.
pub fn fault_on_screen(register: &Register, fault: &Fault, lang: Lang) -> String {
    let value = value_on_screen(&fault.column, &fault.value);
    let shown = Fault {
        value,
        ..fault.clone()
    };
    self::fault(register, &shown, lang)
}

/// A value of a column as a screen shows it.
pub fn value_on_screen(column: &str, value: &str) -> String {
    if column == PersonColumn::Id.name() {
        masked(value)
    } else {
        value.to_owned()
    }
}

/// A value of a fact, as a reader writes it; empty when unknown.
pub fn value(fact: &Fact, value: &Value, lang: Lang) -> String {
    match value {
        Value::Unknown => String::new(),
        Value::Code(code) => choice(fact, usize::from(*code), lang).to_owned(),
        Value::Number(number) => match fact.kind {
            FactType::Months => months(*number, lang),
            FactType::Month => {
                i32::try_from(*number).map_or(String::new(), |m| Month::from_index(m).to_string())
            }
            _ => number.to_string(),
        },
        Value::Place(place) => place.to_string(),
        Value::Text(text) => text.clone(),
    }
}

/// A length of time: months, and years where they help.
pub fn months(months: i64, lang: Lang) -> String {
    let (years, rest) = (months / 12, months % 12);
    if months.abs() < 12 {
        return t(lang, "months", &[("months", months.into())]);
    }
    if rest == 0 {
        return t(
            lang,
            "months-years",
            &[("months", months.into()), ("years", years.into())],
        );
    }
    t(
        lang,
        "months-and-years",
        &[
            ("months", months.into()),
            ("years", years.into()),
            ("rest", rest.into()),
        ],
    )
}

/// What keeps a verdict open.
pub fn missing(plan: &Plan, missing: &Missing, lang: Lang) -> String {
    match missing {
        Missing::Fact(id) => fact_name(plan, *id, lang),
        Missing::SetByPlace => t(lang, "missing-set-by-place", &[]),
        Missing::NearerPlace => t(lang, "missing-nearer-place", &[]),
    }
}

/// The word for a fact of the plan.
pub fn fact_name(plan: &Plan, id: FactId, lang: Lang) -> String {
    plan.facts
        .get(id)
        .map_or(String::new(), |f| fact(f, lang).to_owned())
}

/// The word by which JSON and pages name a subject of a rule.
pub fn subject(plan: &Plan, data: &Data, finding: &Finding) -> Option<String> {
    match finding.subject {
        Subject::Whole => None,
        Subject::Measure(at) => measure(plan, finding, usize::from(at))?.1.subject.clone(),
        Subject::Place(at) => data
            .place_rows
            .get(at as usize)
            .map(|row| row.code.to_string()),
    }
}

/// The subject of a finding for readers.
pub fn subject_title(plan: &Plan, data: &Data, finding: &Finding, lang: Lang) -> Option<String> {
    let word = subject(plan, data, finding)?;
    Some(match word.as_str() {
        "senior" | "intermediate" | "junior" | "directed" => {
            t(lang, &format!("subject-{word}"), &[])
        }
        _ => named(plan.rule(finding.rule).map(|(_, rule)| rule), word, lang),
    })
}

/// The name of a subject of a rule in the language of the reader.
pub fn named(rule: Option<&Rule>, name: String, lang: Lang) -> String {
    let known = rule.and_then(|rule| rule.names.iter().find(|words| words.zh == name));
    known.map_or(name, |known| words(known, lang).to_owned())
}

fn measure<'a>(
    plan: &'a Plan,
    finding: &Finding,
    at: usize,
) -> Option<(&'a FindingRule, &'a Measure)> {
    let rule = plan
        .findings
        .iter()
        .find(|rule| rule.rule == finding.rule)?;
    Some((rule, rule.measures.get(at)?))
}

/// The measure a finding speaks of.
pub fn measure_of<'a>(plan: &'a Plan, finding: &Finding) -> Option<&'a Measure> {
    let at = match finding.subject {
        Subject::Measure(at) => usize::from(at),
        Subject::Whole | Subject::Place(_) => 0,
    };
    measure(plan, finding, at).map(|(_, measure)| measure)
}

/// The threshold of a finding in the document's own figures.
pub fn threshold(plan: &Plan, finding: &Finding) -> Option<String> {
    let share = |share: &Share| Some(share.to_string());
    match &measure_of(plan, finding)?.check {
        Check::ShareAtMost {
            share: own,
            variants,
            ..
        } => {
            let variant = finding
                .variant
                .and_then(|(at, _)| variants.get(usize::from(at)));
            variant.map(|v| v.share).or(*own).as_ref().and_then(share)
        }
        Check::Reserve { share: own, .. } | Check::ShareAtLeast { share: own, .. } => share(own),
        Check::AtMostFact(_) => finding.base.map(|n| n.to_string()),
        Check::AtLeast(needed) => Some(needed.to_string()),
        Check::Between { low, high, .. } => {
            let bound = |bound: &Option<Bound>| bound.as_ref().map_or(String::new(), bound_words);
            Some(
                format!("{}–{}", bound(low), bound(high))
                    .trim_matches('–')
                    .to_owned(),
            )
        }
        Check::PerUnit { every, .. } => Some(format!("1/{every}")),
        Check::Elapsed { every, .. } => Some(every.to_string()),
        Check::When(_) | Check::Judgement => None,
    }
}

/// A bound as written.
pub fn bound_words(bound: &Bound) -> String {
    match bound {
        Bound::Share(share) => share.to_string(),
        Bound::Number(number) => number.to_string(),
    }
}

/// What a finding is about: the title of the rule, and its subject where it has several.
pub fn about(plan: &Plan, data: &Data, rule: &Rule, finding: &Finding, lang: Lang) -> String {
    let title = title(rule, lang);
    let Some(subject) = subject_title(plan, data, finding, lang) else {
        return title;
    };
    let args = [("title", title.into()), ("subject", subject.into())];
    t(lang, "finding-subject", &args)
}

/// The sentence of a finding, with its arithmetic.
pub fn finding(plan: &Plan, data: &Data, finding: &Finding, lang: Lang) -> String {
    let Some((_, rule)) = plan.rule(finding.rule) else {
        return String::new();
    };
    let title = about(plan, data, rule, finding, lang);
    match finding.verdict {
        Verdict::Unknown => {
            let names = list(finding.missing.iter().map(|m| missing(plan, m, lang)), lang);
            t(
                lang,
                "finding-unknown",
                &[("title", title.into()), ("missing", names.into())],
            )
        }
        Verdict::Judgement => {
            let question = match &rule.body {
                Body::Judgement(judgement) => words(&judgement.question, lang).to_owned(),
                _ => String::new(),
            };
            let counted = finding.counted.unwrap_or(0);
            let args = [
                ("title", title.into()),
                ("counted", counted.into()),
                ("question", question.into()),
            ];
            t(lang, "finding-judgement", &args)
        }
        Verdict::Holds | Verdict::Fails => {
            let figures = figures(plan, finding, lang).unwrap_or_default();
            let verdict = t(lang, &format!("verdict-{}", finding.verdict.key()), &[]);
            let args = [
                ("title", title.into()),
                ("figures", figures.into()),
                ("verdict", verdict.into()),
            ];
            let sentence = t(lang, "finding-compared", &args);
            match due(plan, finding) {
                true => t(lang, "finding-and-due", &[("sentence", sentence.into())]),
                false => sentence,
            }
        }
    }
}

/// A review that is due this very month, though not yet overdue.
fn due(plan: &Plan, finding: &Finding) -> bool {
    match measure_of(plan, finding).map(|measure| &measure.check) {
        Some(Check::Elapsed { every, .. }) => finding.counted == Some(i64::from(*every)),
        _ => false,
    }
}

/// The arithmetic of a finding.
pub fn figures(plan: &Plan, finding: &Finding, lang: Lang) -> Option<String> {
    let measure = measure_of(plan, finding)?;
    let counted: Arg = finding.counted.map_or(Arg::from(""), Arg::from);
    let say = |key: &str, args: &[(&'static str, Arg)]| {
        let mut all = vec![("counted", counted.clone())];
        all.extend(args.iter().cloned());
        Some(t(lang, &format!("figures-{key}"), &all))
    };
    let percent = |share: &Share, bound: &str| {
        let (counted, base) = (finding.counted?, finding.base?);
        let args = [
            ("base", base.into()),
            ("percent", ratio(counted, base, share).into()),
            ("bound", t(lang, &format!("bound-{bound}"), &[]).into()),
            ("share", share.to_string().into()),
        ];
        say("percent", &args)
    };
    match &measure.check {
        Check::ShareAtMost {
            share,
            rounding: None,
            ..
        } => percent(&(*share)?, "at-most"),
        Check::ShareAtMost {
            share,
            rounding: Some(rounding),
            variants,
            ..
        } => {
            let (base, limit) = (finding.base?, finding.limit?);
            let rule_share = (*share)?;
            let rounding = rounding_word(*rounding, lang);
            let variant = finding
                .variant
                .and_then(|(at, part)| Some((variants.get(usize::from(at))?.share, part)));
            if let Some((own, part)) = variant.filter(|(_, part)| *part < base) {
                let args = [
                    ("part", part.into()),
                    ("share", own.to_string().into()),
                    ("rest", (base - part).into()),
                    ("rest-share", rule_share.to_string().into()),
                    (
                        "exact",
                        exact_parts(own, part, rule_share, base - part).into(),
                    ),
                    ("limit", limit.into()),
                    ("rounding", rounding.into()),
                ];
                return say("parts", &args);
            }
            let own = variant.map_or(rule_share, |(own, _)| own);
            let args = [
                ("base", base.into()),
                ("share", own.to_string().into()),
                ("exact", exact(own, base).into()),
                ("limit", limit.into()),
                ("rounding", rounding.into()),
            ];
            say("share", &args)
        }
        Check::Reserve {
            share, rounding, ..
        } => match (finding.base?, finding.limit?) {
            (_, 0) => say("none-allowed", &[]),
            (base, limit) => say(
                "share",
                &[
                    ("base", base.into()),
                    ("share", share.to_string().into()),
                    ("exact", exact(*share, base).into()),
                    ("limit", limit.into()),
                    ("rounding", rounding_word(*rounding, lang).into()),
                ],
            ),
        },
        Check::AtMostFact(_) => say("approved", &[("approved", finding.base?.into())]),
        Check::ShareAtLeast { share, .. } => percent(share, "at-least"),
        Check::AtLeast(_) | Check::PerUnit { .. } => {
            say("needed", &[("needed", finding.needed?.into())])
        }
        Check::Between { base, low, high } => match (base, low, high) {
            (Some(_), Some(Bound::Share(low)), Some(Bound::Share(high))) => {
                let args = [
                    ("base", finding.base?.into()),
                    (
                        "percent",
                        ratio(finding.counted?, finding.base?, low).into(),
                    ),
                    ("bound", t(lang, "bound-between", &[]).into()),
                    ("share", format!("{low}–{high}").into()),
                ];
                say("percent", &args)
            }
            (_, Some(low), Some(high)) => say(
                "range",
                &[
                    ("low", bound_words(low).into()),
                    ("high", bound_words(high).into()),
                ],
            ),
            (_, None, Some(high)) => say("at-most-number", &[("high", bound_words(high).into())]),
            (_, Some(low), None) => say("at-least-number", &[("low", bound_words(low).into())]),
            (_, None, None) => None,
        },
        Check::Elapsed { every, .. } => say("months", &[("every", (*every).into())]),
        Check::When(_) => {
            let verdict = t(lang, &format!("verdict-{}", finding.verdict.key()), &[]);
            say("conditions", &[("verdict", verdict.into())])
        }
        Check::Judgement => None,
    }
}

/// `counted ÷ base` in the unit of the share, cut (never rounded up) to two decimals.
fn ratio(counted: i64, base: i64, share: &Share) -> String {
    if base == 0 {
        return "–".to_owned();
    }
    let written = share.to_string();
    let (scale, sign) = match written.split_once('/') {
        Some((_, per)) => (i128::from(share.per), format!("/{per}")),
        None if written.ends_with('‰') => (1000, "‰".to_owned()),
        None => (100, "%".to_owned()),
    };
    let hundredths = i128::from(counted) * scale * 100 / i128::from(base);
    format!("{}.{:02}{sign}", hundredths / 100, hundredths % 100)
}

/// The share of a base before rounding, to two decimals, cut.
fn exact(share: Share, base: i64) -> String {
    exact_parts(share, base, share, 0)
}

/// The shares of two parts, added before rounding, to two decimals, cut.
fn exact_parts(share: Share, part: i64, rest_share: Share, rest: i64) -> String {
    let of = |share: Share, part: i64, other: Share| {
        i128::from(share.of) * i128::from(part) * i128::from(other.per)
    };
    let numerator = of(share, part, rest_share) + of(rest_share, rest, share);
    let hundredths = numerator * 100 / (i128::from(share.per) * i128::from(rest_share.per));
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// How a share becomes a whole number, in words.
pub fn rounding_word(rounding: Rounding, lang: Lang) -> String {
    let key = match rounding {
        Rounding::Down => "rounding-down",
        Rounding::Up => "rounding-up",
        Rounding::Nearest => "rounding-nearest",
    };
    t(lang, key, &[])
}

/// Every reading that the finding rests on.
pub fn readings(plan: &Plan, finding: &Finding, lang: Lang) -> Vec<String> {
    let Some((_, rule)) = plan.rule(finding.rule) else {
        return Vec::new();
    };
    let mut readings: Vec<String> = rule
        .readings
        .iter()
        .map(|r| words(r, lang).to_owned())
        .collect();
    if let (Body::Ceiling(ceiling), Some((at, _))) = (&rule.body, finding.variant) {
        let variants = ceiling.measures.iter().filter_map(|m| match &m.limit {
            crate::policy::model::Limit::Share { variants, .. } => variants.get(usize::from(at)),
            crate::policy::model::Limit::Fact(_) => None,
        });
        readings.extend(
            variants
                .flat_map(|v| &v.readings)
                .map(|r| words(r, lang).to_owned()),
        );
    }
    readings.extend(exemption_readings(plan, finding, lang));
    readings
}

/// Counting a level rests on the readings of the exemptions that leave people out.
fn exemption_readings(plan: &Plan, finding: &Finding, lang: Lang) -> Vec<String> {
    let Some((policy, rule)) = plan.rule(finding.rule) else {
        return Vec::new();
    };
    let names = |exempt: &crate::policy::model::Exempt, owner: &str| {
        exempt.of.iter().any(|target| {
            target.rule == rule.id && target.policy.as_deref().unwrap_or(owner) == policy.id
        })
    };
    plan.standings
        .iter()
        .filter(|standing| standing.exempts)
        .filter_map(|standing| plan.rule(standing.rule))
        .filter(|(owner, exempt)| match &exempt.body {
            Body::Exempt(body) => names(body, &owner.id),
            _ => false,
        })
        .flat_map(|(_, exempt)| &exempt.readings)
        .map(|reading| words(reading, lang).to_owned())
        .collect()
}

/// Where a row stands, for people: `人员!12`, with the file where there are several.
pub fn place(register: &Register, origin: Origin) -> String {
    let Some(source) = register.source(origin) else {
        return String::new();
    };
    let files = register
        .sources
        .iter()
        .any(|other| other.file != source.file);
    match files {
        true => format!("{}:{}!{}", source.file, source.sheet, origin.row),
        false => format!("{}!{}", source.sheet, origin.row),
    }
}

/// Why the figures are smaller than the truth, as a sentence.
pub fn caveat(caveat: Caveat, lang: Lang) -> String {
    match caveat {
        Caveat::Unread => t(lang, "caveat-unread", &[]),
        Caveat::Refused(rows) => t(lang, "caveat-refused", &[("rows", rows.into())]),
    }
}

/// Why a row was refused.
pub fn fault(register: &Register, fault: &Fault, lang: Lang) -> String {
    let column = [
        ("column", Arg::from(&fault.column)),
        ("value", Arg::from(&fault.value)),
    ];
    let say = |key: &str, more: &[(&'static str, Arg)]| {
        let mut args = column.to_vec();
        args.extend(more.iter().cloned());
        t(lang, &format!("fault-{key}"), &args)
    };
    match (&fault.expected, fault.code) {
        (Expected::OneOf(choices), _) => {
            let choices = list(choices.iter().map(|c| (*c).to_owned()), lang);
            say("unknown-value", &[("choices", choices.into())])
        }
        (Expected::PlaceCode(lengths), _) => {
            let lengths = list(lengths.iter().map(usize::to_string), lang);
            say("unknown-place", &[("lengths", lengths.into())])
        }
        (Expected::NotAHeader, _) => say("header-again", &[]),
        (Expected::Month, _) => say("bad-month", &[]),
        (Expected::UnambiguousMonth, _) => say("ambiguous-month", &[]),
        (Expected::AtMost { column, number }, _) => say(
            "above-other",
            &[
                ("other", (*column).into()),
                ("number", i64::from(*number).into()),
            ],
        ),
        (Expected::NationalIdAsText, _) => say("id-as-number", &[]),
        (Expected::NotBefore(start), _) => {
            say("end-before-start", &[("start", start.to_string().into())])
        }
        (Expected::Unique { first }, _) => {
            let first = first.map_or(String::new(), |first| place(register, first));
            say("duplicate", &[("first", first.into())])
        }
        (Expected::Column, _) => say("missing-column", &[]),
        (Expected::Sheet, _) => {
            let sheet = register
                .source(fault.origin)
                .map_or("", |s| s.sheet.as_str());
            say("missing-sheet", &[("sheet", sheet.into())])
        }
        (_, code) => say(&code.key().replace('_', "-"), &[]),
    }
}

/// What is odd about a row.
pub fn warning(warning: &Warning, lang: Lang) -> String {
    let key = format!("warning-{}", warning.code.key().replace('_', "-"));
    t(
        lang,
        &key,
        &[
            ("column", (&warning.column).into()),
            ("value", (&warning.value).into()),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::label::Labelled;
    use crate::domain::{fault, institution, post, rural_doctor, service, staff, title};
    use crate::i18n::word_key;

    fn said<T: Labelled>(all: &[T]) {
        for value in all {
            assert_eq!(word(value, Lang::ZhCn), value.word(), "{}", T::LIST);
            assert!(crate::i18n::has(Lang::En, &word_key(value)), "{}", T::LIST);
            assert!(word(value, Lang::En).is_ascii(), "{}", value.word());
        }
    }

    #[test]
    fn closed_lists_have_words_in_both_languages() {
        said(institution::Kind::ALL);
        said(institution::Sponsor::ALL);
        said(post::PostCategory::ALL);
        said(post::Level::ALL);
        said(post::Ledger::ALL);
        said(post::Manner::ALL);
        said(rural_doctor::Qualification::ALL);
        said(rural_doctor::LabourRelation::ALL);
        said(rural_doctor::PensionScheme::ALL);
        said(service::Location::ALL);
        said(staff::Employment::ALL);
        said(staff::RetirementClass::ALL);
        said(title::Rank::ALL);
        said(fault::WarningCode::ALL);
        assert_eq!(post_rank(Rank::None, Lang::ZhCn), Rank::None.post_label());
    }

    #[test]
    fn identity_numbers_are_masked() {
        assert_eq!(masked("150199198005011234"), "1501**********1234");
        assert_eq!(masked("150199"), "******");
        assert_eq!(value_on_screen("姓名", "150199198005011234").len(), 18);
    }

    #[test]
    fn a_share_of_ten_thousand_stays_one() {
        let share = Share::read("2/10000").expect("a share");
        assert_eq!(ratio(99, 332_646, &share), "2.97/10000");
        let share = Share::read("90%").expect("a share");
        assert_eq!(ratio(367, 410, &share), "89.51%");
    }
}
