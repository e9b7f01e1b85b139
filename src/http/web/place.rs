//! Administrative places: a list, one of them, and how they begin.

use super::ask::{Ask, Html, html, with_status};
use super::fields::{Fields, status};
use super::members::{self, Came, Wrong, beginning, beside, came, day, messages};
use super::to;
use crate::domain::ids::AreaCode;
use crate::domain::place::PlaceLevel;
use crate::domain::rights::{Action, Scope, reach};
use crate::domain::time::Date;
use crate::http::api::wire;
use crate::http::problem::Failure;
use crate::rules::verdict::Verdict;
use crate::service::place::{self as service, Listed, New, Placed};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::format::escaped;
use crate::view::institution::Fact;
use crate::view::ledger::mark;
use crate::view::people::Filter;
use crate::view::place::{self as view, PlacePage, Review};
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;

const HEADS: [(&str, bool); 6] = [
    ("web-place-name", false),
    ("web-place-level", false),
    ("web-place-parent", false),
    ("web-place-residents", true),
    ("web-place-reviewed", false),
    ("web-place-due", false),
];

async fn all(ask: &Ask) -> Result<Vec<Placed>, Failure> {
    let all = service::all(ask.office(), &ask.actor, ask.when(), ask.now).await;
    ask.done(all)
}

fn to_place(s: &Shell, code: AreaCode) -> String {
    s.to(format!("/places/{code}"))
}

/// A place, as the records name it; its code where it is not recorded.
fn named(all: &[Placed], code: AreaCode) -> Option<&Listed> {
    let found = all.iter().find(|one| one.listed.code == code);
    found.map(|one| &one.listed)
}

fn residents(one: &Listed) -> String {
    let residents = one.profile.residents;
    residents.map_or_else(|| "–".to_owned(), |residents| residents.to_string())
}

/// When the review is due, and what the rule says of that.
fn due(s: &Shell, one: &Placed) -> Cell {
    let Some(review) = &one.review else {
        return Cell::text(match one.listed.profile.level {
            PlaceLevel::County => s.t("web-place-no-rule"),
            _ => "–".to_owned(),
        });
    };
    let mark = mark(s, review.line.verdict);
    let words = format!("{} {}", mark.shape, mark.word);
    let cell = match &review.due {
        Some(due) => Cell::text(s.month(due)).note(words),
        None => Cell::text(words).note(s.t("web-place-unreviewed")),
    };
    match review.line.verdict {
        Verdict::Fails => cell.class("late"),
        _ => cell,
    }
}

fn row(s: &Shell, all: &[Placed], one: &Placed) -> Vec<Cell> {
    let profile = &one.listed.profile;
    let name = Cell::link(profile.name.clone(), to_place(s, one.listed.code));
    let parent = match profile.parent.map(|code| (code, named(all, code))) {
        Some((code, Some(parent))) => Cell::link(parent.profile.name.clone(), to_place(s, code)),
        Some((code, None)) => Cell::text(code.to_string()),
        None => Cell::text("–"),
    };
    let reviewed = match (profile.establishment_reviewed, profile.level) {
        (None, PlaceLevel::County) => s.t("web-doctor-unrecorded"),
        (reviewed, _) => s.may_month(&reviewed),
    };
    vec![
        name.note(one.listed.code.to_string()),
        Cell::text(s.w(&profile.level)),
        parent,
        Cell::number(residents(&one.listed)),
        Cell::text(reviewed),
        due(s, one),
    ]
}

/// Every place one may see.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    ask.permitted(Action::ReadPlace)?;
    let all = all(&ask).await?;
    let shell = ask.shell().await?;
    let s = &shell;
    let mut list = TablePage::new(s, s.t("web-places"), &HEADS);
    list.first = true;
    list.tabs = view::lists(s);
    list.intro = vec![s.t("web-places-are")];
    let levels = PlaceLevel::ALL.iter();
    let levels = levels.map(|one| (one.key().to_owned(), s.w(one)));
    list.filters = vec![
        Filter::text(s, "text", "web-place-text"),
        Filter::choice(s, "level", "web-place-level", levels.collect()),
    ];
    let (text, level) = (ask.asked("text"), ask.asked("level"));
    let wanted = |one: &&Placed| {
        let (code, profile) = (one.listed.code.to_string(), &one.listed.profile);
        let has = |text: &String| profile.name.contains(text) || code.starts_with(text);
        text.as_ref().is_none_or(has) && level.as_ref().is_none_or(|key| profile.level.key() == key)
    };
    let rows = all.iter().filter(wanted);
    list.rows = rows.map(|one| row(s, &all, one)).collect();
    if ask.can(Action::EditArea) {
        let mut deed = Deed::new("new", s.to("/places/new"), s.t("web-place-new"));
        deed.get = true;
        list.deeds = vec![deed];
    }
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&list.paged(at.unwrap_or(1))))
}

async fn way(ask: &Ask) -> Result<Shell, Failure> {
    let shell = ask.shell().await?;
    let title = shell.t("web-places");
    Ok(shell.crumb(title, "/places"))
}

/// A place that one may see, and what surrounds the page.
pub async fn seen(ask: &Ask, code: &str) -> Result<(Shell, Listed), Failure> {
    ask.permitted(Action::ReadPlace)?;
    let (office, actor) = (ask.office(), &ask.actor);
    let id = service::with_code(office, actor, code, ask.now).await;
    let found = service::find(office, actor, ask.done(id)?, ask.when(), ask.now).await;
    let found = ask.done(found)?;
    Ok((way(ask).await?, found))
}

/// Whether whoever asks keeps or reads records of places: clerks see the places of their
/// county, and no more of them than the list says.
pub fn reads_records(ask: &Ask) -> bool {
    let scope = reach(&ask.actor, Action::ReadPlace);
    matches!(scope, Ok(Scope::Everywhere | Scope::Area(_)))
}

/// A place, and those in it.
#[handler]
pub async fn place_page(ask: Ask, Path(code): Path<String>) -> Html {
    let (mut shell, one) = seen(&ask, &code).await?;
    let all = all(&ask).await?;
    let profile = &one.profile;
    let above = profile.parent.and_then(|code| named(&all, code));
    if let Some(parent) = above {
        let path = format!("/places/{}", parent.code);
        shell = shell.crumb(parent.profile.name.clone(), &path);
    }
    let s = &shell;
    let own = all.iter().find(|placed| placed.listed.code == one.code);
    let review = own.and_then(|placed| placed.review.as_ref());
    let fact = |key: &str, value: String| Fact::new(s.t(key), value);
    let mut facts = vec![
        fact("web-place-level", s.w(&profile.level)),
        fact("web-place-residents", residents(&one)),
    ];
    if let Some(parent) = above {
        facts.push(Fact {
            href: to_place(s, parent.code),
            ..fact("web-place-parent", parent.profile.name.clone())
        });
    }
    if profile.level == PlaceLevel::County {
        let reviewed = profile.establishment_reviewed;
        let reviewed = reviewed.map_or_else(|| s.t("web-doctor-unrecorded"), |m| s.month(&m));
        facts.push(fact("web-place-reviewed", reviewed));
        let due = review.map(|review| s.may_month(&review.due));
        let due = due.unwrap_or_else(|| s.t("web-place-no-rule"));
        facts.push(fact("web-place-due", due));
    }
    let inside = all.iter().filter(|placed| {
        let code = placed.listed.code;
        placed.listed.profile.parent == Some(one.code)
            || (placed.listed.profile.parent.is_none()
                && code != one.code
                && code.is_within(one.code))
    });
    // reviews are of counties
    let heads = HEADS.iter().take(4).copied().collect::<Vec<_>>();
    let mut below = TablePage::new(s, s.t("web-place-below"), &heads);
    let cells = inside.map(|placed| row(s, &all, placed).into_iter().take(heads.len()).collect());
    below.rows = cells.collect();
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&PlacePage {
        s,
        name: profile.name.clone(),
        code: one.code.to_string(),
        tabs: view::tabs(s, one.code, reads_records(&ask)),
        facts,
        review: review.map(|review| Review::new(s, &review.line)),
        below: (!below.rows.is_empty()).then(|| below.paged(at.unwrap_or(1))),
    }))
}

/// The form for a place that is to be recorded.
#[handler]
pub async fn new_page(ask: Ask) -> Html {
    begin(&ask, &Refused::default(), &[]).await
}

async fn begin(ask: &Ask, refused: &Refused, flaws: &[(String, String)]) -> Html {
    ask.permitted(Action::EditArea)?;
    let shell = way(ask).await?.undated().at_path("/places/new");
    let s = &shell;
    let mut page = TablePage::new(s, s.t("web-place-new"), &[]);
    page.empty = String::new();
    page.intro = vec![s.t("web-place-new-is")];
    let code = Field::new("code", s.t("web-place-code"), Input::Text);
    let deed = Deed::new("begin", "/places", s.t("web-place-new-do"));
    let deed = deed.field(code.hint(s.t("web-place-code-is")).required());
    let deed = beginning::<wire::PlaceProfile>(s, deed);
    let mut deed = beside(s, deed, refused, flaws);
    (deed.open, deed.primary) = (true, true);
    page.deeds = vec![deed];
    Ok(with_status(status(refused), &page))
}

/// Records a place.
#[handler]
pub async fn begin_one(ask: Ask, fields: Fields) -> Html {
    ask.permitted(Action::EditArea)?;
    match begun(&ask, &fields).await? {
        Ok(from) => {
            let page = format!("/places/{}", escaped(fields.text("code")));
            let on = from.max(ask.now.shanghai_day());
            Ok(to(&ask.told_on(&page, "place-begun", on)))
        }
        Err(flaws) => {
            let refused = fields.refused("begin", messages(&flaws));
            begin(&ask, &refused, &flaws).await
        }
    }
}

async fn begun(ask: &Ask, fields: &Fields) -> Result<Came<Date>, Failure> {
    let mut flaws = Wrong::new();
    let profile = members::read::<wire::PlaceProfile>(ask, fields, &mut flaws).await;
    let from = day(ask, fields, "from", &mut flaws);
    let (Some(profile), Some(from), true) = (profile, from, flaws.is_empty()) else {
        return Ok(Err(flaws));
    };
    let new = New {
        code: fields.text("code"),
        profile,
        from,
        reason: fields.some("reason"),
    };
    let made = service::create(ask.office(), &ask.actor, &new, ask.now).await;
    came(ask, made.map(|_| from))
}
