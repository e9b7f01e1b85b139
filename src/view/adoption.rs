//! Adopting policies: what is proposed, what it would change here, what became of it.

use super::Shell;
use super::form::{Deed, Field};
use super::format::number;
use super::institution::Fact;
use super::ledger::{Mark, line_title, mark};
use crate::rules::figures::{AdoptionImpact, FindingChange};
use askama::Template;

/// A row of what changes: the place, the figure, before and after.
pub struct Changed {
    pub place: String,
    pub href: String,
    pub what: String,
    pub before: String,
    pub after: String,
}

/// What a rule says before and after; `None` = there is no such rule.
pub struct Found {
    pub place: String,
    pub href: String,
    pub rule: String,
    pub before: Option<Mark>,
    pub after: Option<Mark>,
}

/// What an adoption would change.
pub struct Impact {
    pub on: String,
    pub figures: Vec<Changed>,
    pub findings: Vec<Found>,
    pub findings_total: usize,
    pub people: Vec<Changed>,
    pub people_total: usize,
    pub unknown: usize,
}

/// Rows of findings and people that are shown at once.
const SHOWN: usize = 60;

impl Impact {
    pub fn new(s: &Shell, impact: &AdoptionImpact) -> Self {
        let (mut figures, mut findings, mut people) = (Vec::new(), Vec::new(), Vec::new());
        for house in &impact.institutions {
            let href = s.to(format!(
                "/institutions/{}/posts",
                super::format::escaped(&house.code)
            ));
            let row = |what: String, before: String, after: String| Changed {
                place: house.name.clone(),
                href: href.clone(),
                what,
                before,
                after,
            };
            for (level, places) in &house.places {
                let figure = |part: &str| {
                    let part = s.t(format!("web-part-{part}"));
                    format!("{} · {part}", line_title(s, *level))
                };
                let (from, to) = (&places.from, &places.to);
                for (part, before, after) in [
                    ("limit", from.limit, to.limit),
                    ("vacant", from.vacant, to.vacant),
                    ("over", from.over, to.over),
                ] {
                    if before != after {
                        figures.push(row(figure(part), number(before), number(after)));
                    }
                }
            }
            findings.extend(house.findings.iter().map(|one| {
                let place = (house.name.clone(), href.clone());
                found(s, place, one)
            }));
            for person in &house.people {
                let name = &person.holder.name;
                if let Some(change) = &person.ledger {
                    let what = format!("{name} · {}", s.t("web-col-ledger"));
                    people.push(row(what, s.may(&change.from), s.may(&change.to)));
                }
                if let Some(change) = &person.retirement {
                    let what = format!("{name} · {}", s.t("web-retirement"));
                    let (from, to) = (s.may_month(&change.from), s.may_month(&change.to));
                    people.push(row(what, from, to));
                }
            }
        }
        for (county, changes) in &impact.counties {
            let place = || (county.to_string(), String::new());
            findings.extend(changes.iter().map(|one| found(s, place(), one)));
        }
        let (findings_total, people_total) = (findings.len(), people.len());
        findings.truncate(SHOWN);
        people.truncate(SHOWN);
        Self {
            on: impact.on.to_string(),
            figures,
            findings,
            findings_total,
            people,
            people_total,
            unknown: impact.unknown.len(),
        }
    }

    fn nothing(&self) -> bool {
        self.figures.is_empty() && self.findings.is_empty() && self.people.is_empty()
    }
}

fn found(s: &Shell, (place, href): (String, String), change: &FindingChange) -> Found {
    let line = change.after.as_ref().or(change.before.as_ref());
    Found {
        place,
        href,
        rule: line.map_or_else(String::new, |line| s.b(&line.rule.title).to_owned()),
        before: change.before.as_ref().map(|line| mark(s, line.verdict)),
        after: change.after.as_ref().map(|line| mark(s, line.verdict)),
    }
}

/// A draft: its fields, and what it would change.
#[derive(Template)]
#[template(path = "adoption/new.html")]
pub struct NewPage<'a> {
    pub s: &'a Shell,
    /// The policy first.
    pub fields: Vec<Field>,
    /// How single rules are applied.
    pub handling: Vec<Field>,
    pub refused: Vec<String>,
    pub impact: Option<Impact>,
}

/// A proposal: its terms, what it would change, what can be decided.
#[derive(Template)]
#[template(path = "adoption/proposal.html")]
pub struct ProposalPage<'a> {
    pub s: &'a Shell,
    pub title: String,
    pub state: String,
    pub facts: Vec<Fact>,
    /// `None` = it is decided, or does not fit any more.
    pub impact: Option<Impact>,
    pub deeds: Vec<Deed>,
    pub refused: Vec<String>,
}
