//! A person: who they are, their service as a picture, where they stand on every road.

use super::Shell;
use super::chart::{self, Stretch, Stroke, Track};
use super::institution::{Change, Fact, Tab};
use super::ledger::{Mark, standing_mark};
use crate::domain::institution::Kind;
use crate::domain::promotion::{self, Target};
use crate::domain::record_id::PersonId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Action;
use crate::domain::title::Rank;
use crate::rules::outlook::Window;
use crate::rules::standing::{ConditionLine, PersonStanding, RetirementLine, RoadLine};
use crate::rules::tri::Tri;
use crate::rules::verdict::Verdict;
use askama::Template;

/// What every page of a person begins with.
pub struct Head {
    pub id: String,
    pub name: String,
    pub number: String,
    pub institution: String,
    pub institution_href: String,
    pub appointed: String,
    pub facts: Vec<Fact>,
    pub tabs: Vec<Tab>,
}

/// The pages of a person.
pub fn tabs(s: &Shell, id: PersonId) -> Vec<Tab> {
    let mut pages = vec![
        ("web-person-overview", ""),
        ("web-person-file", "/file"),
        ("web-tab-records", "/records"),
        ("web-tab-changes", "/changes"),
    ];
    if s.can(Action::EditPerson) {
        pages.push(("web-person-moves", "/moves"));
    }
    if s.can(Action::ReadDeliveries) {
        pages.push(("web-menu-reminders", "/reminders"));
    }
    let tab = |(key, path): (&str, &str)| {
        let path = format!("/people/{id}{path}");
        Tab {
            title: s.t(key),
            current: s.path == path,
            href: s.to(path),
        }
    };
    pages.into_iter().map(tab).collect()
}

/// A clock, in a row of the table beside the picture.
pub struct Clock {
    pub name: String,
    pub months: String,
}

/// A road as a card.
pub struct Road<'a> {
    pub line: &'a RoadLine,
    pub title: String,
    pub target: String,
    pub mark: Mark,
    pub when: String,
    /// What is not known from the records on this road; empty = nothing.
    pub note: String,
    pub conditions: Vec<Condition<'a>>,
    pub place: Option<Condition<'a>>,
    /// Where one applies; empty = it is not open.
    pub apply: String,
}

/// A condition in a card.
pub struct Condition<'a> {
    pub line: &'a ConditionLine,
    pub title: String,
    pub mark: Mark,
    pub when: String,
    pub steps: Vec<(&'static str, &'a str)>,
    pub refusals: Vec<String>,
}

/// A person.
#[derive(Template)]
#[template(path = "person/overview.html")]
pub struct Overview<'a> {
    pub s: &'a Shell,
    pub head: &'a Head,
    /// `None` = not employed on that day.
    pub standing: Option<&'a PersonStanding>,
    pub ledger: String,
    pub timeline: String,
    pub spells: Vec<[String; 5]>,
    pub clocks: Vec<Clock>,
    pub retirement: Vec<String>,
    /// What could be done now, or what comes first.
    pub summary: String,
    pub roads: Vec<Road<'a>>,
    pub owed: Vec<Condition<'a>>,
}

impl<'a> Overview<'a> {
    pub fn new(s: &'a Shell, head: &'a Head, standing: Option<&'a PersonStanding>) -> Self {
        let retirement = standing.and_then(|one| one.retirement.as_ref());
        let roads: Vec<Road<'a>> = standing.map_or(Vec::new(), |one| {
            one.roads.iter().map(|line| road(s, line)).collect()
        });
        Self {
            s,
            head,
            standing,
            ledger: standing
                .and_then(|one| one.ledger)
                .map(|ledger| s.w(&ledger))
                .unwrap_or_default(),
            timeline: standing.map_or(String::new(), |one| timeline(s, one)),
            spells: standing.map_or(Vec::new(), |one| spells(s, one)),
            clocks: standing.map_or(Vec::new(), |one| {
                let clocks = one.clocks.iter().map(|clock| Clock {
                    name: s.b(&clock.name).to_owned(),
                    months: clock
                        .months
                        .map_or_else(|| s.t("web-open"), |months| s.span(months)),
                });
                clocks.collect()
            }),
            retirement: retirement.map_or(Vec::new(), |line| retirement_steps(s, line)),
            summary: summary(s, &roads),
            roads,
            owed: standing.map_or(Vec::new(), |one| {
                one.owed.iter().map(|line| condition(s, line)).collect()
            }),
        }
    }
}

/// The rank of an appointment, where none means not appointed.
pub fn post_rank(s: &Shell, rank: Rank) -> String {
    match rank {
        Rank::None => s.t("word-rank-not-appointed"),
        rank => s.w(&rank),
    }
}

pub fn target(s: &Shell, target: &Target) -> String {
    let rank = post_rank(s, target.rank);
    match target.grade {
        Some(grade) => s.xy("web-target-grade", rank, grade.number().to_string()),
        None => rank,
    }
}

fn road<'a>(s: &Shell, line: &'a RoadLine) -> Road<'a> {
    let month = s.on.month();
    let full = is_full(line);
    let when = match (line.first, line.until) {
        (Some(first), _) if first <= month && full => s.t("web-road-waits"),
        (Some(first), Some(until)) if first <= month => s.x("web-road-until", s.month(&until)),
        (Some(first), None) if first <= month => s.t("web-road-now"),
        (Some(first), Some(until)) => s.xy("web-road-from-until", s.month(&first), s.month(&until)),
        (Some(first), None) => s.x("web-road-from", s.month(&first)),
        (None, _) => s.t("web-road-never"),
    };
    Road {
        line,
        title: s.t(format!(
            "application-kind-{}",
            line.kind.key().replace('_', "-")
        )),
        target: target(s, &line.target),
        mark: standing_mark(s, together(line)),
        when,
        // whoever evaluates asks more than the records know
        note: match line.kind {
            promotion::Kind::DirectedTitle => s.t("web-road-evaluated"),
            _ => String::new(),
        },
        conditions: line
            .conditions
            .iter()
            .map(|one| condition(s, one))
            .collect(),
        place: line.place.as_ref().map(|one| condition(s, one)),
        apply: apply(s, line),
    }
}

/// Whether there is certainly no place for whoever goes this road.
fn is_full(line: &RoadLine) -> bool {
    let place = line.place.as_ref();
    place.is_some_and(|place| place.verdict == Verdict::Fails)
}

/// What the head of a card says: of the person and of the place. An evaluation is never
/// certain from the records alone.
fn together(line: &RoadLine) -> Verdict {
    match line.verdict {
        Verdict::Holds if is_full(line) => Verdict::Fails,
        Verdict::Holds if line.kind == promotion::Kind::DirectedTitle => Verdict::Judgement,
        verdict => verdict,
    }
}

/// In one sentence: what somebody could do now, or which road opens first.
fn summary(s: &Shell, roads: &[Road<'_>]) -> String {
    let name = |road: &Road<'_>| format!("{} · {}", road.title, road.target);
    let open = roads.iter().filter(|road| !road.apply.is_empty());
    let now = |road: &&Road<'_>| road.line.first.is_some_and(|first| first <= s.on.month());
    let open: Vec<String> = open.filter(now).map(name).collect();
    if !open.is_empty() {
        return s.x("web-roads-open", open.join(&s.t("list-separator")));
    }
    let later = roads
        .iter()
        .filter_map(|road| Some((road.line.first?, road)));
    let next = later
        .filter(|(first, _)| *first > s.on.month())
        .min_by_key(|(first, _)| *first);
    match next {
        Some((first, road)) => s.xy("web-roads-next", name(road), s.month(&first)),
        None if roads.is_empty() => String::new(),
        None => s.t("web-roads-none-open"),
    }
}

/// Where one applies on a road that nothing is known to stand against.
fn apply(s: &Shell, line: &RoadLine) -> String {
    let closed = together(line) == Verdict::Fails;
    let person = s.path.strip_prefix("/people/");
    let (Some(person), false, true) = (person, closed, s.can(Action::DraftApplication)) else {
        return String::new();
    };
    let grade = line.target.grade.map(|grade| grade.number().to_string());
    let pairs = [
        ("person", person),
        ("kind", line.kind.key()),
        ("rank", line.target.rank.key()),
        ("grade", grade.as_deref().unwrap_or_default()),
    ];
    format!("/applications/new{}", super::format::query(pairs))
}

/// The conditions of a road, as they stand on its card.
pub fn conditions<'a>(s: &Shell, line: &'a RoadLine) -> Vec<Condition<'a>> {
    line.conditions
        .iter()
        .map(|one| condition(s, one))
        .collect()
}

fn condition<'a>(s: &Shell, line: &'a ConditionLine) -> Condition<'a> {
    let title = match &line.rule {
        Some(rule) => s.b(&rule.title).to_owned(),
        None => s.t("web-of-records"),
    };
    let mark = |answer: &Tri| match answer {
        Tri::Yes => "✓",
        Tri::No => "✗",
        Tri::Unknown => "?",
    };
    let steps = line.lines.iter();
    Condition {
        line,
        title,
        mark: standing_mark(s, line.verdict),
        when: windows(s, &line.windows),
        steps: steps
            .map(|(answer, text)| (mark(answer), s.lang.pick(&text.zh, &text.en)))
            .collect(),
        refusals: line
            .refusals
            .iter()
            .filter(|one| line.rule.is_none() || !repeats(one))
            .map(|one| s.refused(one))
            .collect(),
    }
}

/// Says no more than the title and the verdict of its rule.
const fn repeats(one: &Refusal) -> bool {
    matches!(one, Refusal::RuleFails { .. } | Refusal::RuleUnknown { .. })
}

fn windows(s: &Shell, windows: &[Window]) -> String {
    let month = s.on.month();
    let next = windows
        .iter()
        .find(|window| window.until.is_none_or(|until| until >= month));
    let Some(window) = next else {
        return String::new();
    };
    match (window.from, window.until) {
        (Some(from), Some(until)) => s.xy("web-window-both", s.month(&from), s.month(&until)),
        (Some(from), None) => s.x("web-window-from", s.month(&from)),
        (None, Some(until)) => s.x("web-window-until", s.month(&until)),
        (None, None) => String::new(),
    }
}

/// Step by step, so that it can be followed with a pencil.
fn retirement_steps(s: &Shell, line: &RetirementLine) -> Vec<String> {
    use crate::i18n::{Arg, t};
    let say = |key: &str, args: &[(&'static str, Arg)]| t(s.lang, key, args);
    let class = if line.derived {
        "explain-class-derived"
    } else {
        "explain-class-stated"
    };
    let i = line.birth.since(line.from_birth);
    let from = line.from_birth.to_string();
    let delay = if i < 0 {
        say("explain-no-delay", &[("from", from.into())])
    } else {
        say(
            "explain-delay",
            &[
                ("from", from.into()),
                ("i", i.into()),
                ("every", line.every.into()),
                ("most", line.most.into()),
                ("delay", line.delay.into()),
            ],
        )
    };
    vec![
        say(
            class,
            &[
                ("birth", line.birth.to_string().into()),
                ("class", s.w(&line.class).into()),
            ],
        ),
        delay,
        say(
            "explain-retires",
            &[
                ("age", (line.age / 12).into()),
                ("delay", line.delay.into()),
                ("month", line.month.to_string().into()),
                ("left", s.span(line.months_left).into()),
            ],
        ),
        say(
            "explain-flexible",
            &[
                ("earliest", line.earliest.to_string().into()),
                ("latest", line.latest.to_string().into()),
            ],
        ),
    ]
}

fn spells(s: &Shell, standing: &PersonStanding) -> Vec<[String; 5]> {
    let spell = |at: usize| {
        let one = standing.spells.get(at)?;
        let counted = standing
            .clocks
            .iter()
            .filter(|clock| clock.counts.get(at) == Some(&true))
            .map(|clock| s.b(&clock.name).to_owned());
        let counted: Vec<String> = counted.collect();
        let end = one
            .end
            .map_or_else(|| s.t("web-goes-on"), |end| end.to_string());
        Some([
            format!("{} – {end}", one.start),
            one.employer.clone(),
            s.w(&one.kind),
            s.may(&one.location),
            if counted.is_empty() {
                "–".to_owned()
            } else {
                counted.join(&s.t("list-separator"))
            },
        ])
    };
    (0..standing.spells.len()).filter_map(spell).collect()
}

/// Years of service on which something depends, drawn in: twenty.
const LONG: i32 = 240;

/// The service of somebody with the clocks that count it, the line of twenty years and the
/// last five years before retirement.
fn timeline(s: &Shell, standing: &PersonStanding) -> String {
    let Some(first) = standing.spells.first() else {
        return String::new();
    };
    let now = standing.on.month();
    let retirement = standing.retirement.as_ref().map(|line| line.month);
    let from = first.start.index() - 12;
    let last = retirement.unwrap_or(now).max(now);
    let to = last.index() + 12;
    let end = |end: Option<crate::domain::month::Month>| {
        end.map_or(last.index(), crate::domain::month::Month::index)
    };
    let spells = standing.spells.iter().map(|spell| Stretch {
        from: spell.start.index(),
        to: end(spell.end),
        class: kind_class(spell.kind),
        title: format!(
            "{} – {}: {}",
            spell.start,
            spell
                .end
                .map_or_else(|| s.t("web-goes-on"), |end| end.to_string()),
            spell.employer
        ),
    });
    let mut tracks = vec![Track {
        title: s.t("web-service"),
        stretches: spells.collect(),
    }];
    for clock in &standing.clocks {
        let stretches = clock.stretches.iter().flat_map(|stretch| {
            let (from, to) = (stretch.start.index(), end(stretch.end));
            let title = format!("{}: {}", s.b(&clock.name), stretch.start);
            let so_far = Stretch {
                from,
                to: to.min(now.index()),
                class: "counts",
                title: title.clone(),
            };
            let ahead = Stretch {
                from: from.max(now.index()),
                to,
                class: "ahead",
                title,
            };
            [so_far, ahead]
        });
        tracks.push(Track {
            title: s.b(&clock.name).to_owned(),
            stretches: stretches.filter(|one| one.to > one.from).collect(),
        });
    }
    let mut strokes = vec![Stroke {
        month: now.index(),
        class: "now",
        title: s.month(&now),
    }];
    let reached = standing
        .clocks
        .iter()
        .filter_map(|clock| crate::domain::service::reached(&clock.stretches, LONG))
        .min();
    if let Some(month) = reached.filter(|month| month.index() <= to) {
        strokes.push(Stroke {
            month: month.index(),
            class: "long",
            title: s.x("web-twenty-years", s.month(&month)),
        });
    }
    if let Some(month) = retirement {
        strokes.push(Stroke {
            month: month.index(),
            class: "retirement",
            title: s.x("web-retires", s.month(&month)),
        });
        let from = month.plus(-60);
        tracks.push(Track {
            title: s.t("web-last-five"),
            stretches: vec![Stretch {
                from: from.index(),
                to: month.index(),
                class: "last",
                title: s.x("web-last-five-from", s.month(&from)),
            }],
        });
    }
    chart::timeline(&tracks, &strokes, from, to, &s.t("web-timeline"))
}

const fn kind_class(kind: Kind) -> &'static str {
    match kind {
        Kind::TownshipHealthCentre => "township",
        Kind::CommunityHealthCentre | Kind::CommunityHealthStation | Kind::VillageClinic => {
            "primary"
        }
        _ => "other",
    }
}

/// What was ever recorded of a person.
#[derive(Template)]
#[template(path = "person/changes.html")]
pub struct ChangesPage<'a> {
    pub s: &'a Shell,
    pub head: &'a Head,
    pub changes: Vec<Change>,
}
