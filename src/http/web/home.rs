//! Home: what there is to see for each office.

use super::ask::{Ask, Html, html};
use super::county::{self, Looked, OPEN};
use super::promotion::due_key;
use super::{personal_data, to};
use crate::domain::institution::Kind;
use crate::domain::promotion::State as Application;
use crate::domain::rights::{Action, Assurance, Capacity};
use crate::http::problem::Failure;
use crate::rules::county::{Age, QUARTERS, Quarter, State, floor, is_failing, moved, retiring};
use crate::rules::figures::{Figure, InstitutionFigures, Known, PartFigures, Totals};
use crate::rules::verdict::Verdict;
use crate::service::promotion::{self, Listed, Wanted};
use crate::view::chart::{Bar, Part};
use crate::view::format::escaped;
use crate::view::home::{Bureau, Card, Cell, Entry, Moved, Plain};
use crate::view::ledger::{above, line_key, line_title, mark, within};
use crate::view::picture::{Drawn, Picture};
use crate::view::{Shell, chart};
use poem::handler;

/// Changes of the week that are shown at once.
const MOVED: usize = 8;

#[handler]
pub async fn home_page(ask: Ask) -> Html {
    if let Capacity::Staff { person, .. } = &ask.actor.capacity {
        return Ok(to(&format!("/people/{person}")));
    }
    let shell = ask.shell().await?;
    if ask.can(Action::ReadLedger) {
        let looked = Looked::at(&ask).await?;
        let late = applications(&ask).await?;
        let mut page = bureau(&shell, &looked, late.as_deref());
        let waiting = personal_data::waiting(&ask).await?;
        if let Some(waiting) = waiting.filter(|waiting| *waiting > 0) {
            let href = shell.to("/corrections");
            let corrections = card(&shell, "corrections", waiting, true, href);
            page.cards.push(corrections);
        }
        return Ok(html(&page));
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

/// The state of an application and whether somebody is late with it.
type Waits = (Application, &'static str);

/// The applications in which somebody has to do something; `None` = they are not for this
/// office.
async fn applications(ask: &Ask) -> Result<Option<Vec<Waits>>, Failure> {
    if !ask.can(Action::ReadApplication) {
        return Ok(None);
    }
    let wanted = Wanted {
        states: OPEN.to_vec(),
        ..Wanted::default()
    };
    let all = promotion::list(ask.office(), &ask.actor, &wanted, None, ask.now).await;
    let all = ask.done(all)?;
    let waits = |one: &Listed| Some((one.application.state, due_key(ask, one)?));
    Ok(Some(all.iter().filter_map(waits).collect()))
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

type Houses<'a> = Vec<(&'a InstitutionFigures, &'a Known)>;

/// The figures that can be wrong, the county in pictures, every institution with its trouble.
fn bureau<'a>(s: &'a Shell, looked: &Looked, late: Option<&[Waits]>) -> Bureau<'a> {
    let figures = &looked.today;
    let known: Houses<'_> = figures
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
    let mut pictures = vec![
        quotas(s, figures, &known),
        retirements(s, figures),
        ages(s, looked),
    ];
    // one institution is no crowd: its state stands in the figures above
    if figures.institutions.len() > 1 {
        pictures.insert(0, states(s, figures));
        pictures.insert(2, floors(s, &known));
    }
    pictures.extend(late.map(|late| reviews(s, late)));
    let moved = moved(&looked.week_ago, figures);
    Bureau {
        s,
        title: place.unwrap_or_else(|| s.t("web-everywhere")),
        cards: cards(s, &known, late),
        pictures,
        moved_total: moved.len(),
        moved: moved
            .iter()
            .take(MOVED)
            .map(|one| Moved {
                institution: one.house.name.clone(),
                href: s.to(format!("/institutions/{}/posts", escaped(&one.house.code))),
                what: county::moving(s, one.what),
                says: county::says(one),
            })
            .collect(),
        cells,
        unknown: figures.unknown.len(),
        unknown_href: s.with("/institutions", &[("state", State::Open.key())]),
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

fn below_floor(known: &Known) -> bool {
    floor(known) == Some(Verdict::Fails)
}

fn card(s: &Shell, key: &str, number: usize, fails: bool, href: String) -> Card {
    Card {
        number: number.to_string(),
        title: s.t(format!("web-card-{key}")),
        href,
        fails: fails && number > 0,
    }
}

fn cards(s: &Shell, known: &Houses<'_>, late: Option<&[Waits]>) -> Vec<Card> {
    let count =
        |wanted: &dyn Fn(&Known) -> bool| known.iter().filter(|(_, known)| wanted(known)).count();
    let card = |key: &str, number, fails, href| card(s, key, number, fails, href);
    let free: i64 = known
        .iter()
        .flat_map(|(_, known)| &known.figures)
        .filter_map(|figure| figure.vacant)
        .sum();
    let houses = |name: &str, key: &str| s.with("/institutions", &[(name, key)]);
    let mut all = vec![
        card(
            "over",
            count(&|known| over(known) > 0),
            true,
            houses("state", "over"),
        ),
        card("floor", count(&below_floor), true, houses("floor", "fails")),
        card("fails", count(&is_failing), true, houses("state", "fails")),
        card(
            "free",
            usize::try_from(free).unwrap_or(0),
            false,
            s.to("/vacancies"),
        ),
    ];
    all.extend(late.map(|late| {
        let number = late.iter().filter(|(_, due)| *due == "past").count();
        card(
            "late",
            number,
            true,
            s.with("/applications", &[("due", "past")]),
        )
    }));
    all
}

/// The kinds of these institutions, in the order of the list of kinds; those without one
/// last.
fn kinds<'a>(houses: impl Iterator<Item = &'a InstitutionFigures>) -> Vec<Option<Kind>> {
    let mut kinds: Vec<Option<Kind>> = houses.map(|one| one.kind).collect();
    kinds.sort_by_key(|kind| (kind.is_none(), kind.map(|kind| kind.code())));
    kinds.dedup();
    kinds
}

fn kind_key(kind: Option<Kind>) -> &'static str {
    kind.map_or("none", |kind| kind.key())
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Institutions by kind: within, full, over, not evaluated.
fn states(s: &Shell, figures: &PartFigures) -> Picture {
    let classes = ["held", "reserved", "over", "free"];
    let bar = |kind: Option<Kind>| {
        let own = figures.institutions.iter().filter(|one| one.kind == kind);
        let parts = State::ALL.iter().zip(classes).map(|(state, class)| {
            let number = own.clone().filter(|one| State::of(one) == *state).count();
            let asked = [("state", state.key()), ("kind", kind_key(kind))];
            Part::new(class, count(number), county::state_word(s, *state))
                .leads(s.with("/institutions", &asked))
        });
        Bar {
            title: s.may(&kind),
            parts: parts.collect(),
            limit: None,
        }
    };
    let bars: Vec<Bar> = kinds(figures.institutions.iter())
        .into_iter()
        .map(bar)
        .collect();
    Picture::new("states", s.t("web-states"), s.t("web-fact-kind"), "")
        .about(s.t("web-states-are"))
        .of(&bars, Drawn::Bars, s.t("web-no-institutions"))
        .whole(s.t("web-states-all"), s.to("/institutions"))
}

/// The limits of all levels and who fills them. Where institutions are unknown, the sum is of
/// the others, and says so.
fn quotas(s: &Shell, figures: &PartFigures, known: &Houses<'_>) -> Picture {
    let whole = Totals::of(known.iter().map(|(_, known)| *known));
    let bars = whole.lines.iter().map(|line| {
        let of = |part: &str| {
            let asked = [("line", line_key(line.level)), ("part", part)];
            s.with("/quota", &asked)
        };
        let sum = |number: fn(&Figure) -> Option<i64>| -> i64 {
            let own = known.iter().flat_map(|(_, known)| &known.figures);
            let own = own.filter(|figure| figure.level == line.level);
            own.filter_map(number).sum()
        };
        let (over, vacant) = (sum(|one| one.over), sum(|one| one.vacant));
        let (inside, beyond) = (sum(|one| Some(within(one))), sum(|one| Some(above(one))));
        let held = |key: &str| s.t(format!("web-part-{key}"));
        Bar {
            title: line_title(s, line.level),
            parts: vec![
                Part::new("held", inside, held("within")).leads(of("counted")),
                Part::new("beyond", beyond, held("above")).leads(of("beyond")),
                Part::new("over", over, held("over")).leads(of("over")),
                Part::new("reserved", line.reserved, held("reserved")).leads(of("reserved")),
                Part::new("free", vacant, held("vacant")).leads(of("vacant")),
            ],
            limit: line.limit,
        }
    });
    let bars: Vec<Bar> = bars.collect();
    let picture = Picture::new(
        "quota",
        s.t("web-quota"),
        s.t("web-level"),
        &s.t("web-part-limit"),
    );
    let picture = picture.about(s.t("web-quota-is"));
    let picture = if figures.totals.is_none() {
        picture.about(s.t("web-quota-part"))
    } else {
        picture
    };
    picture
        .of(&bars, Drawn::Bars, s.t("web-quota-none"))
        .whole(s.t("web-quota-all"), s.to("/quota"))
}

/// The floor of nine tenths, by kind of institution.
fn floors(s: &Shell, known: &Houses<'_>) -> Picture {
    let verdicts = [
        (Some(Verdict::Holds), "held", "holds"),
        (Some(Verdict::Fails), "over", "fails"),
        (Some(Verdict::Unknown), "free", "unknown"),
    ];
    let bar = |kind: Option<Kind>| {
        let own = known.iter().filter(|(one, _)| one.kind == kind);
        let parts = verdicts.iter().map(|(verdict, class, key)| {
            let number = own.clone().filter(|(_, known)| floor(known) == *verdict);
            let asked = [("floor", *key), ("kind", kind_key(kind))];
            Part::new(class, count(number.count()), county::floor_word(s, key))
                .leads(s.with("/institutions", &asked))
        });
        Bar {
            title: s.may(&kind),
            parts: parts.collect(),
            limit: None,
        }
    };
    let bars = kinds(known.iter().map(|(one, _)| *one))
        .into_iter()
        .map(bar);
    let bars: Vec<Bar> = bars
        // the rule does not hold for some kinds at all
        .filter(|bar| bar.parts.iter().any(|part| part.size > 0))
        .collect();
    Picture::new("floor", s.t("web-floor"), s.t("web-fact-kind"), "")
        .about(s.t("web-floor-is"))
        .of(&bars, Drawn::Bars, s.t("web-floor-none"))
}

const SERIES: [&str; 4] = ["s0", "s1", "s2", "s3"];

/// By quarter of the coming five years: who of each line retires.
fn retirements(s: &Shell, figures: &PartFigures) -> Picture {
    let all = retiring(figures);
    let first = Quarter::of(figures.on.month());
    let bars = (0..QUARTERS).map(|n| {
        let quarter = first.plus(n);
        let parts = county::lines().zip(SERIES).map(|(level, class)| {
            let own = all.iter().filter(|one| one.level == level);
            let own = own.filter(|one| Quarter::of(one.month) == quarter);
            let name = quarter.to_string();
            let asked = [("quarter", name.as_str()), ("line", line_key(level))];
            Part::new(class, count(own.count()), line_title(s, level))
                .leads(s.with("/retirements", &asked))
        });
        Bar {
            title: quarter.to_string(),
            parts: parts.collect(),
            limit: None,
        }
    });
    let bars: Vec<Bar> = bars.collect();
    Picture::new(
        "retirements",
        s.t("web-retirements"),
        s.t("web-quarter"),
        "",
    )
    .about(s.t("web-retirements-are"))
    .of(&bars, Drawn::Columns, s.t("web-freeing-none"))
    .whole(s.t("web-retirements-all"), s.to("/retirements"))
}

/// Free posts by how long they have been free.
fn ages(s: &Shell, looked: &Looked) -> Picture {
    let all = looked.vacancies();
    let classes = ["held", "reserved", "over", "free"];
    let bars = county::lines().map(|level| {
        let own = all.iter().filter(|one| one.level == level);
        let parts = Age::ALL.iter().zip(classes).map(|(age, class)| {
            let number = own.clone().map(|one| one.aged(*age)).sum();
            let asked = [("age", age.key()), ("line", line_key(level))];
            Part::new(class, number, county::age_word(s, *age)).leads(s.with("/vacancies", &asked))
        });
        Bar {
            title: line_title(s, level),
            parts: parts.collect(),
            limit: None,
        }
    });
    let bars: Vec<Bar> = bars.collect();
    Picture::new("vacancies", s.t("web-ages"), s.t("web-level"), "")
        .about(s.t("web-ages-are"))
        .of(&bars, Drawn::Bars, s.t("web-ages-none"))
        .whole(s.t("web-ages-all"), s.to("/vacancies"))
}

/// Applications that wait for somebody: overdue, due soon, in time.
fn reviews(s: &Shell, waiting: &[Waits]) -> Picture {
    let classes = [("over", "past"), ("beside", "soon"), ("held", "later")];
    let bars = OPEN.iter().map(|state| {
        let parts = classes.iter().map(|(class, key)| {
            let own = waiting.iter().filter(|one| *one == &(*state, *key));
            let asked = [("state", state.key()), ("due", *key)];
            Part::new(class, count(own.count()), s.t(format!("web-review-{key}")))
                .leads(s.with("/applications", &asked))
        });
        Bar {
            title: crate::view::promotion::state(s, *state),
            parts: parts.collect(),
            limit: None,
        }
    });
    let bars: Vec<Bar> = bars.collect();
    Picture::new("reviews", s.t("web-reviews"), s.t("web-state"), "")
        .about(s.t("web-reviews-are"))
        .of(&bars, Drawn::Bars, s.t("web-reviews-none"))
        .whole(
            s.t("web-reviews-all"),
            s.with("/applications", &[("state", "open")]),
        )
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
