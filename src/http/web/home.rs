//! Home: what there is to see for each office.

use super::ask::{Ask, Html, html};
use super::to;
use crate::domain::month::Month;
use crate::domain::post::Ledger;
use crate::domain::rights::{Action, Assurance, Capacity};
use crate::rules::figures::{Figure, InstitutionFigures, Known, PartFigures};
use crate::rules::verdict::Verdict;
use crate::service::ledger;
use crate::service::locus::part_of;
use crate::view::format::escaped;
use crate::view::home::{Bureau, Card, Cell, Entry, Plain};
use crate::view::ledger::{line_title, mark};
use crate::view::{Shell, chart};
use poem::handler;

#[handler]
pub async fn home_page(ask: Ask) -> Html {
    if let Capacity::Staff { person, .. } = &ask.actor.capacity {
        return Ok(to(&format!("/people/{person}")));
    }
    let shell = ask.shell().await?;
    if ask.can(Action::ReadLedger) {
        let (office, actor) = (ask.office(), &ask.actor);
        let part = part_of(office, actor, Action::ReadLedger).await;
        let part = ask.done(part)?;
        let figures = ledger::part_figures(office, actor, &part, ask.when(), ask.now).await;
        let figures = ask.done(figures)?;
        return Ok(html(&bureau(&shell, &figures)));
    }
    let needs = ask.actor.capacity.role().needs_second_factor();
    let page = Plain {
        s: &shell,
        title: shell.x("web-welcome", &ask.actor.name),
        second_factor_wanted: needs && ask.actor.assurance != Assurance::Full,
        entries: entries(&shell),
    };
    Ok(html(&page))
}

fn entries(s: &Shell) -> Vec<Entry> {
    let ways = s.menu().into_iter().filter(|way| !way.current);
    ways.map(|way| Entry {
        hint: String::new(),
        title: way.title,
        href: way.href,
    })
    .collect()
}

/// The figures that can be wrong, every institution with its trouble, who retires when.
fn bureau<'a>(s: &'a Shell, figures: &PartFigures) -> Bureau<'a> {
    let known: Vec<(&InstitutionFigures, &Known)> = figures
        .institutions
        .iter()
        .filter_map(|one| Some((one, one.known.as_ref()?)))
        .collect();
    let mut cells: Vec<Cell> = known
        .iter()
        .map(|(one, known)| cell(s, one, known))
        .collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.trouble));
    let place = s.who.as_ref().map(|who| who.place.clone());
    let place = place.filter(|place| !place.is_empty());
    let unknown = figures.unknown.iter().map(|one| {
        let name = one.name.clone().unwrap_or_else(|| one.code.clone());
        (one.code.clone(), name)
    });
    Bureau {
        s,
        title: place.unwrap_or_else(|| s.t("web-everywhere")),
        cards: cards(s, &known),
        cells,
        retirements: retirements(s, &known),
        levels: known.first().map_or(Vec::new(), |(_, known)| {
            let lines = known.figures.iter();
            lines.map(|figure| line_title(s, figure.level)).collect()
        }),
        unknown: unknown.collect(),
    }
}

fn over(known: &Known) -> i64 {
    known.figures.iter().filter_map(|figure| figure.over).sum()
}

fn fails(known: &Known) -> usize {
    let failing = |one: &&crate::rules::figures::FindingLine| {
        one.verdict == Verdict::Fails && one.force.key() == "must"
    };
    known.findings.iter().filter(failing).count()
}

/// Whether it has fewer professionals than the nine tenths that the documents ask for.
fn below_floor(known: &Known) -> bool {
    known
        .findings
        .iter()
        .any(|one| one.verdict == Verdict::Fails && one.threshold.as_deref().is_some_and(is_floor))
}

fn is_floor(threshold: &str) -> bool {
    threshold.contains("90")
}

fn cards(s: &Shell, known: &[(&InstitutionFigures, &Known)]) -> Vec<Card> {
    let count =
        |wanted: &dyn Fn(&Known) -> bool| known.iter().filter(|(_, known)| wanted(known)).count();
    let card = |key: &str, number: usize, fails: bool| Card {
        number: number.to_string(),
        title: s.t(format!("web-card-{key}")),
        // every institution stands below, those with most trouble first
        href: format!("{}#county", s.here()),
        fails: fails && number > 0,
    };
    let free: i64 = known
        .iter()
        .flat_map(|(_, known)| &known.figures)
        .filter_map(|figure| figure.vacant)
        .sum();
    vec![
        card("over", count(&|known| over(known) > 0), true),
        card("floor", count(&below_floor), true),
        card("fails", count(&|known| fails(known) > 0), true),
        card("free", usize::try_from(free).unwrap_or(0), false),
    ]
}

fn cell(s: &Shell, one: &InstitutionFigures, known: &Known) -> Cell {
    let over = over(known);
    let failing = fails(known);
    let verdict = if over > 0 || failing > 0 {
        Verdict::Fails
    } else if known.figures.iter().all(|figure| figure.limit.is_none()) {
        Verdict::Unknown
    } else {
        Verdict::Holds
    };
    let words = |figure: &Figure| {
        let limit = figure
            .limit
            .map_or_else(|| "–".to_owned(), |n| n.to_string());
        format!("{} {}/{limit}", line_title(s, figure.level), figure.counted)
    };
    Cell {
        name: one.name.clone(),
        href: s.to(format!("/institutions/{}/posts", escaped(&one.code))),
        mark: mark(s, verdict),
        gauges: known
            .figures
            .iter()
            .map(|figure| {
                let over = figure.over.unwrap_or(0);
                chart::gauge(figure.counted, figure.limit, over, &words(figure))
            })
            .collect(),
        trouble: over * 100 + i64::try_from(failing).unwrap_or(0),
        words: known.figures.iter().map(words).collect(),
    }
}

/// By quarter of the coming five years: who of each line retires.
fn retirements(s: &Shell, known: &[(&InstitutionFigures, &Known)]) -> Vec<(String, Vec<usize>)> {
    let now = s.on.month();
    let begin = now.plus(-(now.index().rem_euclid(3)));
    let lines = known.first().map_or(0, |(_, known)| known.figures.len());
    let quarter = |n: i32| {
        let (from, to) = (begin.plus(n * 3), begin.plus(n * 3 + 3));
        let counts = (0..lines).map(|line| {
            let figures = known
                .iter()
                .filter_map(|(_, known)| known.figures.get(line));
            let retire = |figure: &Figure| {
                let holders = figure.opens.iter();
                let counted = holders.filter(|one| one.ledger != Some(Ledger::OffQuota));
                counted
                    .filter(|one| {
                        one.retirement
                            .is_some_and(|month: Month| month >= from && month < to)
                    })
                    .count()
            };
            figures.map(retire).sum()
        });
        let name = format!("{}Q{}", from.year(), (from.month() - 1) / 3 + 1);
        (name, counts.collect())
    };
    (0..20).map(quarter).collect()
}
