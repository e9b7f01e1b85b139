//! What another set of policies would change: each institution, area and person whose
//! verdict or free places change, with both clauses.

use super::table::{sign, standing_sign};
use super::words;
use crate::domain::post::Level;
use crate::domain::register::Register;
use crate::i18n::{Arg, Lang, t};
use crate::policy::plan::{Plan, RuleId};
use crate::rules::data::Data;
use crate::rules::finding::Finding;
use crate::rules::impact::{Change, Impact, InstitutionImpact, Places, Said};
use crate::rules::verdict::Verdict;
use serde::Serialize;
use std::io::{self, Write};

/// Both evaluations and the difference between them.
pub struct Comparison<'a> {
    pub register: &'a Register,
    pub data: &'a Data,
    pub from: &'a Plan,
    pub to: &'a Plan,
    pub impact: &'a Impact,
}

/// Writes the difference as text.
pub fn write(c: &Comparison, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let ids = |plan: &Plan| {
        plan.policies
            .iter()
            .map(|p| p.id.clone())
            .collect::<Vec<_>>()
            .join("、")
    };
    writeln!(
        out,
        "{}",
        t(lang, "impact-from", &[("policies", ids(c.from).into())])
    )?;
    writeln!(
        out,
        "{}",
        t(lang, "impact-to", &[("policies", ids(c.to).into())])
    )?;
    writeln!(out)?;
    for (at, changes) in &c.impact.counties {
        let code = c
            .data
            .counties
            .get(*at)
            .map_or(String::new(), |code| code.to_string());
        group(c, &code, changes, lang, out)?;
    }
    for (at, changes) in &c.impact.consortia {
        group(
            c,
            c.data.consortia.get(*at).map_or("", String::as_str),
            changes,
            lang,
            out,
        )?;
    }
    for impact in &c.impact.institutions {
        institution(c, impact, lang, out)?;
    }
    people(c, lang, out)?;
    let args = [
        ("areas", Arg::from(c.impact.counties.len())),
        ("institutions", c.impact.institutions.len().into()),
        ("people", c.impact.people.len().into()),
        ("doctors", c.impact.rural_doctors.len().into()),
    ];
    writeln!(out, "{}", t(lang, "impact-summary", &args))
}

fn group(
    c: &Comparison,
    name: &str,
    changes: &[Change<Said<Finding>>],
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{name}")?;
    for change in changes {
        finding(c, change, lang, out)?;
    }
    writeln!(out)
}

fn institution(
    c: &Comparison,
    impact: &InstitutionImpact,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(institution) = c.register.institutions.get(impact.institution) else {
        return Ok(());
    };
    writeln!(out, "{} {}", institution.code, institution.name)?;
    for (level, change) in &impact.places {
        writeln!(out, "  {}", places(*level, change, lang))?;
    }
    for change in &impact.findings {
        finding(c, change, lang, out)?;
    }
    writeln!(out)
}

fn places(level: Option<Level>, change: &Change<Places>, lang: Lang) -> String {
    let key = level.map_or("subject-directed".to_owned(), |level| {
        format!("subject-{}", level.key())
    });
    let pair = |from: Option<i64>, to: Option<i64>| {
        let word = |n: Option<i64>| n.map_or_else(|| "–".to_owned(), |n| n.to_string());
        if from == to {
            word(from)
        } else {
            format!("{} → {}", word(from), word(to))
        }
    };
    let args = [
        ("level", t(lang, &key, &[]).into()),
        ("limit", pair(change.from.limit, change.to.limit).into()),
        ("vacant", pair(change.from.vacant, change.to.vacant).into()),
        ("over", pair(change.from.over, change.to.over).into()),
    ];
    t(lang, "impact-places", &args)
}

fn finding(
    c: &Comparison,
    change: &Change<Said<Finding>>,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let said = |plan: &Plan, said: &Said<Finding>| match said {
        None => t(lang, "impact-nothing", &[]),
        Some((rule, found)) => {
            let sentence = words::finding(plan, c.data, found, lang);
            format!(
                "{} {sentence}  {}",
                sign(found.verdict),
                clause(plan, *rule)
            )
        }
    };
    writeln!(
        out,
        "  {} {}",
        t(lang, "impact-before", &[]),
        said(c.from, &change.from)
    )?;
    writeln!(
        out,
        "  {} {}",
        t(lang, "impact-after", &[]),
        said(c.to, &change.to)
    )
}

/// `policy clause`, in brackets.
fn clause(plan: &Plan, id: RuleId) -> String {
    let Some((policy, rule)) = plan.rule(id) else {
        return String::new();
    };
    let at: Vec<&str> = policy
        .cites(rule)
        .map(|clause| clause.at.as_str())
        .collect();
    format!("[{} {}]", policy.id, at.join("、"))
}

fn people(c: &Comparison, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for impact in &c.impact.people {
        let Some(person) = c.register.people.get(impact.row) else {
            continue;
        };
        writeln!(
            out,
            "{} {}",
            words::place(c.register, person.origin),
            person.name
        )?;
        if let Some(change) = &impact.ledger {
            let word = |ledger: Option<crate::domain::post::Ledger>| {
                ledger.map_or("–", |l| l.label()).to_owned()
            };
            let args = [
                ("from", word(change.from).into()),
                ("to", word(change.to).into()),
            ];
            writeln!(out, "  {}", t(lang, "impact-ledger", &args))?;
        }
        if let Some(change) = &impact.retirement {
            let word = |month: Option<crate::domain::month::Month>| {
                month.map_or("–".to_owned(), |m| m.to_string())
            };
            let args = [
                ("from", word(change.from).into()),
                ("to", word(change.to).into()),
            ];
            writeln!(out, "  {}", t(lang, "impact-retirement", &args))?;
        }
        for change in &impact.standings {
            let said = |plan: &Plan, said: &Said<Verdict>| match said {
                None => t(lang, "impact-nothing", &[]),
                Some((rule, verdict)) => {
                    let title = plan
                        .rule(*rule)
                        .map_or(String::new(), |(_, r)| words::title(r, lang));
                    let word = words::standing(*verdict, lang);
                    format!(
                        "{} {title}：{word}  {}",
                        standing_sign(*verdict),
                        clause(plan, *rule)
                    )
                }
            };
            writeln!(
                out,
                "  {} {}",
                t(lang, "impact-before", &[]),
                said(c.from, &change.from)
            )?;
            writeln!(
                out,
                "  {} {}",
                t(lang, "impact-after", &[]),
                said(c.to, &change.to)
            )?;
        }
    }
    for (row, change) in &c.impact.rural_doctors {
        let Some(doctor) = c.register.rural_doctors.get(*row) else {
            continue;
        };
        let list = |words: &[String]| {
            if words.is_empty() {
                "–".to_owned()
            } else {
                words.join("、")
            }
        };
        writeln!(
            out,
            "{} {}",
            words::place(c.register, doctor.origin),
            doctor.name
        )?;
        writeln!(out, "  {} → {}", list(&change.from), list(&change.to))?;
    }
    if !c.impact.people.is_empty() || !c.impact.rural_doctors.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

// ---- JSON ---------------------------------------------------------------------------

#[derive(Serialize)]
struct ImpactRow<'a> {
    schema: u32,
    as_of: String,
    from: Vec<&'a str>,
    to: Vec<&'a str>,
    institutions: Vec<InstitutionRow<'a>>,
    areas: Vec<GroupRow>,
    consortia: Vec<GroupRow>,
    people: Vec<PersonRow<'a>>,
    rural_doctors: Vec<DoctorRow<'a>>,
}

#[derive(Serialize)]
struct InstitutionRow<'a> {
    code: &'a str,
    name: &'a str,
    places: Vec<PlacesRow>,
    findings: Vec<FindingRow>,
}

#[derive(Serialize)]
struct PlacesRow {
    level: &'static str,
    limit: [Option<i64>; 2],
    vacant: [Option<i64>; 2],
    over: [Option<i64>; 2],
}

#[derive(Serialize)]
struct FindingRow {
    from: Option<SaidRow>,
    to: Option<SaidRow>,
}

/// What one side says, and on which clause.
#[derive(Serialize)]
struct SaidRow {
    rule: String,
    policy: String,
    subject: Option<String>,
    verdict: &'static str,
    counted: Option<i64>,
    base: Option<i64>,
    needed: Option<i64>,
    cites: Vec<CiteRow>,
    message: String,
}

#[derive(Serialize)]
struct CiteRow {
    at: String,
    text: String,
}

#[derive(Serialize)]
struct GroupRow {
    code: String,
    findings: Vec<FindingRow>,
}

#[derive(Serialize)]
struct PersonRow<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    name: &'a str,
    ledger: Option<[Option<&'static str>; 2]>,
    retirement: Option<[Option<String>; 2]>,
    standings: Vec<FindingRow>,
}

#[derive(Serialize)]
struct DoctorRow<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    name: &'a str,
    gives: [&'a [String]; 2],
}

/// Writes the difference as JSON.
pub fn write_json(c: &Comparison, lang: Lang, out: impl Write) -> serde_json::Result<()> {
    let ids = |plan: &'_ Plan| {
        plan.policies
            .iter()
            .map(|p| p.id.clone())
            .collect::<Vec<_>>()
    };
    let (from, to) = (ids(c.from), ids(c.to));
    let source = |origin| {
        c.register
            .source(origin)
            .map_or(("", ""), |s| (s.file.as_str(), s.sheet.as_str()))
    };
    let groups = |list: &[(usize, Vec<Change<Said<Finding>>>)], name: &dyn Fn(usize) -> String| {
        list.iter()
            .map(|(at, changes)| GroupRow {
                code: name(*at),
                findings: changes
                    .iter()
                    .map(|change| finding_row(c, change, lang))
                    .collect(),
            })
            .collect()
    };
    let row = ImpactRow {
        schema: 1,
        as_of: c.to.as_of.to_string(),
        from: from.iter().map(String::as_str).collect(),
        to: to.iter().map(String::as_str).collect(),
        institutions: c
            .impact
            .institutions
            .iter()
            .filter_map(|i| institution_row(c, i, lang))
            .collect(),
        areas: groups(&c.impact.counties, &|at| {
            c.data
                .counties
                .get(at)
                .map_or(String::new(), |a| a.to_string())
        }),
        consortia: groups(&c.impact.consortia, &|at| {
            c.data.consortia.get(at).cloned().unwrap_or_default()
        }),
        people: c
            .impact
            .people
            .iter()
            .filter_map(|impact| {
                let person = c.register.people.get(impact.row)?;
                let (file, sheet) = source(person.origin);
                Some(PersonRow {
                    file,
                    sheet,
                    row: person.origin.row,
                    name: &person.name,
                    ledger: impact
                        .ledger
                        .as_ref()
                        .map(|l| [l.from.map(|l| l.key()), l.to.map(|l| l.key())]),
                    retirement: impact
                        .retirement
                        .as_ref()
                        .map(|r| [r.from.map(|m| m.to_string()), r.to.map(|m| m.to_string())]),
                    standings: impact
                        .standings
                        .iter()
                        .map(|change| FindingRow {
                            from: change
                                .from
                                .and_then(|(rule, v)| verdict_row(c.from, rule, v, lang)),
                            to: change
                                .to
                                .and_then(|(rule, v)| verdict_row(c.to, rule, v, lang)),
                        })
                        .collect(),
                })
            })
            .collect(),
        rural_doctors: c
            .impact
            .rural_doctors
            .iter()
            .filter_map(|(row, change)| {
                let doctor = c.register.rural_doctors.get(*row)?;
                let (file, sheet) = source(doctor.origin);
                let gives = [change.from.as_slice(), change.to.as_slice()];
                Some(DoctorRow {
                    file,
                    sheet,
                    row: doctor.origin.row,
                    name: &doctor.name,
                    gives,
                })
            })
            .collect(),
    };
    serde_json::to_writer(out, &row)
}

fn institution_row<'a>(
    c: &'a Comparison,
    impact: &InstitutionImpact,
    lang: Lang,
) -> Option<InstitutionRow<'a>> {
    let institution = c.register.institutions.get(impact.institution)?;
    Some(InstitutionRow {
        code: &institution.code,
        name: &institution.name,
        places: impact
            .places
            .iter()
            .map(|(level, change)| PlacesRow {
                level: level.map_or("directed", |level| level.key()),
                limit: [change.from.limit, change.to.limit],
                vacant: [change.from.vacant, change.to.vacant],
                over: [change.from.over, change.to.over],
            })
            .collect(),
        findings: impact
            .findings
            .iter()
            .map(|change| finding_row(c, change, lang))
            .collect(),
    })
}

fn finding_row(c: &Comparison, change: &Change<Said<Finding>>, lang: Lang) -> FindingRow {
    let said = |plan: &Plan, said: &Said<Finding>| {
        let (rule, found) = said.as_ref()?;
        let row = verdict_row(plan, *rule, found.verdict, lang)?;
        Some(SaidRow {
            subject: words::subject(plan, c.data, found),
            counted: found.counted,
            base: found.base,
            needed: found.needed,
            message: words::finding(plan, c.data, found, lang),
            ..row
        })
    };
    FindingRow {
        from: said(c.from, &change.from),
        to: said(c.to, &change.to),
    }
}

fn verdict_row(plan: &Plan, id: RuleId, verdict: Verdict, lang: Lang) -> Option<SaidRow> {
    let (policy, rule) = plan.rule(id)?;
    let cites = policy.cites(rule).map(|c| CiteRow {
        at: c.at.clone(),
        text: c.text.clone(),
    });
    Some(SaidRow {
        rule: rule.id.clone(),
        policy: policy.id.clone(),
        subject: None,
        verdict: verdict.key(),
        counted: None,
        base: None,
        needed: None,
        cites: cites.collect(),
        message: words::title(rule, lang),
    })
}
