//! The quota ledger of an institution: a line a level, each figure with what it opens.

use super::Shell;
use super::chart::{self, Bar, Part};
use super::format::{escaped, number};
use super::institution::Head;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level};
use crate::rules::figures::{Figure, FindingLine, Holder, Known, RuleLine};
use crate::rules::verdict::Verdict;
use askama::Template;

/// The figures of a line, in the order of the official table.
pub const PARTS: [&str; 10] = [
    "ceiling",
    "approved",
    "limit",
    "counted",
    "beyond",
    "off-quota",
    "special",
    "reserved",
    "vacant",
    "over",
];

/// A figure in the table.
pub struct Cell {
    pub text: String,
    /// What it opens; empty = nothing.
    pub href: String,
    /// It says that something is wrong.
    pub fails: bool,
    /// The name of its column, for narrow screens.
    pub name: String,
}

/// A verdict as it is shown: always with a shape and a word.
pub struct Mark {
    pub class: &'static str,
    pub shape: &'static str,
    pub word: String,
}

/// A line of the table.
pub struct Line {
    pub title: String,
    pub cells: Vec<Cell>,
    pub mark: Mark,
}

/// The word of a line in addresses.
pub const fn line_key(level: Option<Level>) -> &'static str {
    match level {
        Some(level) => level.key(),
        None => "directed",
    }
}

/// The name of a line.
pub fn line_title(s: &Shell, level: Option<Level>) -> String {
    s.t(format!("web-line-{}", line_key(level)))
}

/// A figure of a line; `None` = not known.
pub fn part_of(figure: &Figure, part: &str) -> Option<i64> {
    match part {
        "ceiling" => figure.ceiling,
        "approved" => figure.approved,
        "limit" => figure.limit,
        "counted" => Some(figure.counted),
        "beyond" => Some(figure.beyond_ratio),
        "off-quota" => Some(figure.off_quota),
        "special" => Some(figure.special),
        "reserved" => Some(figure.reserved),
        "vacant" => figure.vacant,
        "over" => figure.over,
        _ => None,
    }
}

/// The words of a verdict about an institution.
pub fn mark(s: &Shell, verdict: Verdict) -> Mark {
    let (class, shape) = shape(verdict);
    Mark {
        class,
        shape,
        word: s.t(format!("verdict-{}", verdict.key())),
    }
}

/// The words of a verdict about a person: a condition is met, nobody is at fault.
pub fn standing_mark(s: &Shell, verdict: Verdict) -> Mark {
    let (class, shape) = shape(verdict);
    Mark {
        class,
        shape,
        word: s.t(format!("standing-{}", verdict.key())),
    }
}

const fn shape(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Holds => ("holds", "●"),
        Verdict::Fails => ("fails", "▲"),
        Verdict::Unknown => ("unknown", "◇"),
        Verdict::Judgement => ("judgement", "◐"),
    }
}

fn state(s: &Shell, figure: &Figure) -> Mark {
    let (key, class, shape) = match figure.over {
        Some(0) => ("web-within", "holds", "●"),
        Some(_) => ("web-over", "fails", "▲"),
        None => ("web-open", "unknown", "◇"),
    };
    Mark {
        class,
        shape,
        word: s.t(key),
    }
}

/// The line of a figure.
pub fn line(s: &Shell, code: &str, figure: &Figure) -> Line {
    let key = line_key(figure.level);
    let cell = |part: &&str| {
        let value = part_of(figure, part);
        let path = format!("/institutions/{}/posts/{key}", escaped(code));
        // directed posts have neither of these
        let none = figure.level.is_none() && matches!(*part, "beyond" | "off-quota" | "special");
        let blank = none || (value.is_none() && matches!(*part, "ceiling" | "approved"));
        Cell {
            text: if none {
                "–".to_owned()
            } else {
                number(value)
            },
            href: if blank {
                String::new()
            } else {
                s.with(&path, &[("part", part)])
            },
            fails: *part == "over" && value.is_some_and(|over| over > 0),
            name: s.t(format!("web-part-{part}")),
        }
    };
    Line {
        title: line_title(s, figure.level),
        cells: PARTS.iter().map(cell).collect(),
        mark: state(s, figure),
    }
}

/// A finding in the list under the table.
pub struct Said<'a> {
    pub line: &'a FindingLine,
    pub mark: Mark,
    pub href: String,
}

/// What the rules say of an institution, what fails first.
pub fn said<'a>(s: &Shell, code: &str, findings: &'a [FindingLine]) -> Vec<Said<'a>> {
    let said = |(at, line): (usize, &'a FindingLine)| Said {
        line,
        mark: mark(s, line.verdict),
        href: s.to(format!("/institutions/{}/findings/{at}", escaped(code))),
    };
    let mut all: Vec<Said> = findings.iter().enumerate().map(said).collect();
    all.sort_by_key(|one| match one.line.verdict {
        Verdict::Fails => 0,
        Verdict::Judgement => 1,
        Verdict::Unknown => 2,
        Verdict::Holds => 3,
    });
    all
}

/// The ledger of an institution.
#[derive(Template)]
#[template(path = "institution/posts.html")]
pub struct Posts<'a> {
    pub s: &'a Shell,
    pub head: &'a Head,
    pub known: Option<&'a Known>,
    pub parts: Vec<String>,
    pub lines: Vec<Line>,
    pub said: Vec<Said<'a>>,
    /// How posts are used, drawn.
    pub bars: String,
    /// Places that free up in the coming five years, drawn.
    pub freeing: String,
    pub freeing_rows: Vec<(String, Vec<usize>)>,
    pub levels: Vec<String>,
    /// The share of professional posts, in words.
    pub records_begin: String,
}

impl<'a> Posts<'a> {
    pub fn new(s: &'a Shell, head: &'a Head, known: Option<&'a Known>, begin: String) -> Self {
        let figures: &[Figure] = known.map_or(&[], |known| &known.figures);
        let findings: &[FindingLine] = known.map_or(&[], |known| &known.findings);
        let from = s.on.month();
        let rows = freeing(figures, from);
        let levels: Vec<String> = figures
            .iter()
            .map(|figure| line_title(s, figure.level))
            .collect();
        Self {
            s,
            head,
            known,
            parts: PARTS
                .iter()
                .map(|part| s.t(format!("web-part-{part}")))
                .collect(),
            lines: figures
                .iter()
                .map(|figure| line(s, &head.code, figure))
                .collect(),
            said: said(s, &head.code, findings),
            bars: bars(s, figures),
            freeing: if rows
                .iter()
                .all(|(_, counts)| counts.iter().all(|n| *n == 0))
            {
                String::new()
            } else {
                chart::steps(&rows, &levels, &s.t("web-freeing"))
            },
            freeing_rows: rows,
            levels,
            records_begin: begin,
        }
    }
}

/// Holders within the limit; all where it is not known.
pub fn within(figure: &Figure) -> i64 {
    let limit = figure.limit.unwrap_or(figure.counted);
    figure.counted.min(limit)
}

/// Holders above the limit who break nothing: they are appointed above the ratio.
pub fn above(figure: &Figure) -> i64 {
    figure.counted - within(figure) - figure.over.unwrap_or(0)
}

/// Who fills the limits, who stands beside them, what is free: a bar a level.
fn bars(s: &Shell, figures: &[Figure]) -> String {
    let bars: Vec<Bar> = figures
        .iter()
        .map(|figure| Bar {
            title: line_title(s, figure.level),
            parts: vec![
                Part::new("held", within(figure), s.t("web-part-within")),
                Part::new("beyond", above(figure), s.t("web-part-above")),
                Part::new("over", figure.over.unwrap_or(0), s.t("web-part-over")),
                Part::new("reserved", figure.reserved, s.t("web-part-reserved")),
                Part::new("free", figure.vacant.unwrap_or(0), s.t("web-part-vacant")),
                Part::new(
                    "beside",
                    figure.off_quota + figure.special,
                    s.t("web-beside"),
                ),
            ],
            limit: figure.limit,
        })
        .collect();
    chart::bars(&bars, &s.t("web-bars"), &s.t("web-part-limit"))
}

/// By year of the coming five: how many holders of each line retire.
fn freeing(figures: &[Figure], from: Month) -> Vec<(String, Vec<usize>)> {
    (1..=5)
        .map(|year| {
            let (after, until) = (from.plus(year * 12 - 12), from.plus(year * 12));
            let counts = figures.iter().map(|figure| {
                let retires = |one: &&Holder| {
                    let counted = matches!(
                        one.ledger,
                        Some(Ledger::Ordinary | Ledger::BeyondRatio | Ledger::Directed)
                    );
                    counted
                        && one
                            .retirement
                            .is_some_and(|month| month <= until && month > after)
                };
                figure.opens.iter().filter(retires).count()
            });
            (until.to_string(), counts.collect())
        })
        .collect()
}

/// What a figure opens: the arithmetic, the clauses, the people.
#[derive(Template)]
#[template(path = "institution/line.html")]
pub struct LinePage<'a> {
    pub s: &'a Shell,
    pub head: &'a Head,
    pub title: String,
    pub value: String,
    pub explained: String,
    /// The arithmetic with the numbers of this line.
    pub sum: String,
    pub figure: &'a Figure,
    /// Whether the ceilings bear on this figure.
    pub with_ceilings: bool,
    pub people: Vec<&'a Holder>,
}

impl<'a> LinePage<'a> {
    /// `rest`: all professional posts and the limits of the other levels, where this level
    /// has what they leave.
    pub fn new(
        s: &'a Shell,
        head: &'a Head,
        figure: &'a Figure,
        part: &str,
        rest: &[i64],
    ) -> Option<Self> {
        if !PARTS.contains(&part) {
            return None;
        }
        // junior posts without a number of their own are what the other levels leave
        let is_rest = figure.level == Some(Level::Junior) && figure.approved.is_none();
        let people = figure.opens.iter().filter(|one| belongs(one, part));
        let name = s.t(format!("web-part-{part}"));
        let n = number;
        let sum = match part {
            "limit" if figure.ceiling.is_some() && figure.approved.is_some() => format!(
                "min({}, {}) = {}",
                n(figure.ceiling),
                n(figure.approved),
                n(figure.limit)
            ),
            "limit" if is_rest => {
                let rest: Vec<String> = rest.iter().map(ToString::to_string).collect();
                format!("{} = {}", rest.join(" − "), n(figure.limit))
            }
            "counted" if figure.level.is_some() => format!(
                "{} + {} = {}",
                figure.ordinary, figure.beyond_ratio, figure.counted
            ),
            "vacant" if figure.limit.is_some() => format!(
                "{} − {} − {} → {}",
                n(figure.limit),
                figure.counted,
                figure.reserved,
                n(figure.vacant)
            ),
            "over" if figure.limit.is_some() => {
                let held = if figure.level.is_some() {
                    figure.ordinary
                } else {
                    figure.counted
                };
                format!("{held} − {} → {}", n(figure.limit), n(figure.over))
            }
            _ => String::new(),
        };
        Some(Self {
            s,
            head,
            title: format!("{} · {name}", line_title(s, figure.level)),
            value: number(part_of(figure, part)),
            explained: match part {
                "limit" if is_rest => s.t("web-part-limit-rest-is"),
                part => s.t(format!("web-part-{part}-is")),
            },
            sum,
            figure,
            with_ceilings: matches!(part, "ceiling" | "limit" | "vacant" | "over"),
            people: people.collect(),
        })
    }
}

/// Whether somebody who holds a post of the line is behind a figure of it.
fn belongs(one: &Holder, part: &str) -> bool {
    match part {
        "counted" | "vacant" => matches!(
            one.ledger,
            Some(Ledger::Ordinary | Ledger::BeyondRatio | Ledger::Directed)
        ),
        "over" => matches!(one.ledger, Some(Ledger::Ordinary | Ledger::Directed)),
        "beyond" => one.ledger == Some(Ledger::BeyondRatio),
        "off-quota" => one.ledger == Some(Ledger::OffQuota),
        "special" => one.ledger == Some(Ledger::Special),
        _ => false,
    }
}

/// What a rule says of an institution, with all that it rests on.
#[derive(Template)]
#[template(path = "institution/finding.html")]
pub struct FindingPage<'a> {
    pub s: &'a Shell,
    pub head: &'a Head,
    pub line: &'a FindingLine,
    pub mark: Mark,
}

/// The clauses and readings that a rule rests on.
#[derive(Template)]
#[template(path = "authority.html")]
pub struct Authority<'a> {
    pub s: &'a Shell,
    pub rule: &'a RuleLine,
}

/// The clauses and readings of a rule, inside another page.
pub fn authority(s: &Shell, rule: &RuleLine) -> String {
    super::page(&Authority { s, rule })
}

/// People in a table, inside another page.
#[derive(Template)]
#[template(path = "holders.html")]
pub struct Holders<'a> {
    pub s: &'a Shell,
    pub people: &'a [&'a Holder],
}

/// People behind a figure, inside another page.
pub fn holders(s: &Shell, people: &[&Holder]) -> String {
    super::page(&Holders { s, people })
}

/// The same of a finding's own.
pub fn those(s: &Shell, people: &[Holder]) -> String {
    let people: Vec<&Holder> = people.iter().collect();
    holders(s, &people)
}
