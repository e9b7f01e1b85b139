//! An institution: its pages, and lists of institutions.

use super::ask::{Ask, Html, html};
use super::people::{book, roll};
use crate::domain::establishment::Decision;
use crate::domain::ids::AreaCode;
use crate::domain::institution as noun;
use crate::domain::institution::{ApprovedPosts, Kind, Succession};
use crate::domain::page::Asked;
use crate::domain::post::PlannedPosts;
use crate::domain::record_id::InstitutionId;
use crate::domain::rights::Action;
use crate::rules::figures::{InstitutionFigures, Known};
use crate::service::institution::{self, Listing};
use crate::service::record::{self, Entry, Shown};
use crate::service::{ServiceError, ledger};
use crate::view::format::escaped;
use crate::view::institution as view;
use crate::view::ledger::{FindingPage, LinePage, Posts, mark};
use crate::view::pager::{Pager, columns};
use crate::view::people::Filter;
use crate::view::{Shell, ledger as ledger_view};
use poem::handler;
use poem::web::Path;

use crate::http::problem::Failure;
use institution::{Listed, Order, Wanted};

/// The institution a page is about, with what surrounds the page.
struct Seen {
    shell: Shell,
    listed: Listed,
    head: view::Head,
}

async fn seen(ask: &Ask, code: &str, tab: &str) -> Result<Seen, Failure> {
    let id = institution::with_code(ask.office(), &ask.actor, code, ask.now).await;
    let id = ask.done(id)?;
    let listed = of(ask, id).await?;
    let shell = ask.shell().await?.crumb(
        crate::i18n::t(ask.lang, "web-menu-institutions", &[]),
        "/institutions",
    );
    let head = view::Head::new(&shell, &listed.code, &listed.profile, tab);
    Ok(Seen {
        shell,
        listed,
        head,
    })
}

/// An institution on the day of the page; on the last that says anything of it, where
/// that day says nothing.
async fn of(ask: &Ask, id: InstitutionId) -> Result<Listed, Failure> {
    let (office, actor) = (ask.office(), &ask.actor);
    match institution::find(office, actor, id, ask.when(), ask.now).await {
        Ok(listed) => Ok(listed),
        Err(ServiceError::NotFound) => {
            let all = record::history::<noun::Profile>(office, actor, id, ask.now).await;
            let all = ask.done(all)?;
            let last = all.into_iter().rev().find(|one| one.replaced.is_none());
            let day = last.map(|one| one.row.validity.from);
            let when = day.map(crate::domain::record::When::on);
            let when = when.ok_or_else(|| ask.not_found())?;
            let found = institution::find(office, actor, id, when, ask.now).await;
            ask.done(found)
        }
        Err(error) => Err(ask.failed(error)),
    }
}

/// What it is.
#[handler]
pub async fn profile_page(ask: Ask, Path(code): Path<String>) -> Html {
    let Seen {
        shell,
        listed,
        head,
    } = seen(&ask, &code, "profile").await?;
    // whoever looks may see one institution and not the one above it
    let above = match &listed.profile.parent {
        Some(parent) => institution::with_code(ask.office(), &ask.actor, parent, ask.now).await,
        None => Err(ServiceError::NotFound),
    };
    let page = view::ProfilePage::new(&shell, &head, &listed.profile, above.is_ok());
    Ok(html(&page))
}

async fn figures(ask: &Ask, code: &str) -> Result<InstitutionFigures, Failure> {
    let (office, actor) = (ask.office(), &ask.actor);
    let found = ledger::institution_figures(office, actor, code, ask.when(), ask.now).await;
    ask.done(found)
}

fn begin(figures: &InstitutionFigures) -> String {
    let begin = figures.records_begin;
    begin.map(|day| day.to_string()).unwrap_or_default()
}

/// The establishment and how it is used.
#[handler]
pub async fn establishment_page(ask: Ask, Path(code): Path<String>) -> Html {
    let figures = figures(&ask, &code).await?;
    let Seen { shell, head, .. } = seen(&ask, &code, "establishment").await?;
    let known = figures.known.as_ref();
    let page = view::EstablishmentPage::new(&shell, &head, known, begin(&figures));
    Ok(html(&page))
}

/// The ledger.
#[handler]
pub async fn posts_page(ask: Ask, Path(code): Path<String>) -> Html {
    let figures = figures(&ask, &code).await?;
    let Seen { shell, head, .. } = seen(&ask, &code, "posts").await?;
    let page = Posts::new(&shell, &head, figures.known.as_ref(), begin(&figures));
    Ok(html(&page))
}

fn known<'a>(ask: &Ask, figures: &'a InstitutionFigures) -> Result<&'a Known, Failure> {
    figures.known.as_ref().ok_or_else(|| ask.not_found())
}

/// What a figure of the ledger opens.
#[handler]
pub async fn line_page(ask: Ask, Path((code, key)): Path<(String, String)>) -> Html {
    let figures = figures(&ask, &code).await?;
    let known = known(&ask, &figures)?;
    let mut all = known.figures.iter();
    let figure = all.find(|figure| ledger_view::line_key(figure.level) == key);
    let figure = figure.ok_or_else(|| ask.not_found())?;
    let Seen { shell, head, .. } = seen(&ask, &code, "posts").await?;
    let part = ask.asked("part").unwrap_or_else(|| "counted".to_owned());
    let page = LinePage::new(&shell, &head, figure, &part);
    let page = page.ok_or_else(|| ask.not_found())?;
    Ok(html(&page))
}

/// What a rule says, with all that it rests on.
#[handler]
pub async fn finding_page(ask: Ask, Path((code, at)): Path<(String, String)>) -> Html {
    let figures = figures(&ask, &code).await?;
    let known = known(&ask, &figures)?;
    let at: Option<usize> = at.parse().ok();
    let line = at.and_then(|at| known.findings.get(at));
    let line = line.ok_or_else(|| ask.not_found())?;
    let Seen { shell, head, .. } = seen(&ask, &code, "posts").await?;
    let page = FindingPage {
        s: &shell,
        head: &head,
        line,
        mark: mark(&shell, line.verdict),
    };
    Ok(html(&page))
}

/// Its people.
#[handler]
pub async fn people_page(ask: Ask, Path(code): Path<String>) -> Html {
    let Seen {
        shell,
        listed,
        head,
    } = seen(&ask, &code, "people").await?;
    roll(&ask, &shell, Some((listed.id, &head))).await
}

/// The same as a workbook.
#[handler]
pub async fn people_workbook(ask: Ask, Path(code): Path<String>) -> Html {
    let seen = seen(&ask, &code, "people").await?;
    book(&ask, &seen.shell, Some((seen.listed.id, &seen.head))).await
}

fn row(shell: &Shell, one: &Listed) -> view::Row {
    let profile = &one.profile;
    let area = profile.area.map(|area| area.to_string());
    view::Row {
        code: one.code.clone(),
        name: profile.name.clone(),
        href: shell.to(format!("/institutions/{}", escaped(&one.code))),
        kind: shell.may(&profile.kind),
        area: area.unwrap_or_else(|| "–".to_owned()),
        consortium: profile.consortium.clone().unwrap_or_default(),
    }
}

async fn all(ask: &Ask, wanted: Wanted) -> Result<Vec<Listed>, Failure> {
    let mut listing = Listing {
        wanted,
        when: ask.when(),
        order: Order::Code,
        page: Asked::first(Asked::LARGEST),
    };
    let mut all = Vec::new();
    loop {
        let page = institution::list(ask.office(), &ask.actor, &listing, ask.now).await;
        let page = ask.done(page)?;
        all.extend(page.items);
        listing.page.after = page.next;
        if listing.page.after.is_none() {
            return Ok(all);
        }
    }
}

/// Those directly below it.
#[handler]
pub async fn below_page(ask: Ask, Path(code): Path<String>) -> Html {
    let Seen {
        shell,
        listed,
        head,
    } = seen(&ask, &code, "below").await?;
    let wanted = Wanted {
        parent: Some(listed.code),
        ..Wanted::default()
    };
    let rows = all(&ask, wanted).await?;
    let rows = rows.iter().map(|one| row(&shell, one)).collect();
    let page = view::BelowPage {
        s: &shell,
        head: &head,
        rows,
    };
    Ok(html(&page))
}

/// Every institution one may see.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    let kind = ask.asked("kind");
    let kind = kind.and_then(|key| Kind::ALL.iter().copied().find(|kind| kind.key() == key));
    let area = ask.asked("area");
    let area = area.and_then(|code| AreaCode::read(&code, &[2, 4, 6, 9, 12]));
    let wanted = Wanted {
        area,
        kind,
        text: ask.asked("text"),
        consortium: ask.asked("consortium"),
        ..Wanted::default()
    };
    let mut found = all(&ask, wanted).await?;
    let shell = ask.shell().await?;
    let sort = ask.asked("sort").unwrap_or_default();
    let (key, down) = match sort.strip_prefix('-') {
        Some(key) => (key, true),
        None => (sort.as_str(), false),
    };
    match key {
        "name" => found.sort_by(|a, b| a.profile.name.cmp(&b.profile.name)),
        "kind" => found.sort_by_key(|one| one.profile.kind.map(|kind| kind.code())),
        "area" => found.sort_by_key(|one| one.profile.area.map(|area| area.to_string())),
        _ => {}
    }
    if down {
        found.reverse();
    }
    let rows: Vec<_> = found.iter().map(|one| row(&shell, one)).collect();
    let page = ask.asked("page").and_then(|page| page.parse().ok());
    let pager = Pager::of(&shell, rows.len(), page.unwrap_or(1));
    let keys = [
        ("code", "code", false),
        ("name", "name", false),
        ("kind", "kind", false),
        ("area", "area", false),
        ("consortium", "", false),
    ];
    let page = view::ListPage {
        s: &shell,
        filters: vec![
            Filter::text(&shell, "text", "web-filter-text"),
            Filter::choice(&shell, "kind", "web-fact-kind", view::kinds(&shell)),
            Filter::text(&shell, "area", "web-fact-area"),
        ],
        columns: columns(&shell, "web-fact", &keys, "code"),
        rows: pager.slice(&rows),
        pager,
    };
    Ok(html(&page))
}

/// What is recorded of it, latest first.
#[handler]
pub async fn changes_page(ask: Ask, Path(code): Path<String>) -> Html {
    let Seen {
        shell,
        listed,
        head,
    } = seen(&ask, &code, "changes").await?;
    let id = listed.id;
    let mut all = Vec::new();
    changes_of::<noun::Profile>(&ask, &shell, id, &mut all).await?;
    changes_of::<Succession>(&ask, &shell, id, &mut all).await?;
    if ask.can(Action::ReadLedger) {
        changes_of::<Decision>(&ask, &shell, id, &mut all).await?;
        changes_of::<ApprovedPosts>(&ask, &shell, id, &mut all).await?;
        changes_of::<PlannedPosts>(&ask, &shell, id, &mut all).await?;
    }
    all.sort_by(|a, b| b.at.cmp(&a.at));
    let page = view::ChangesPage {
        s: &shell,
        head: &head,
        changes: all,
    };
    Ok(html(&page))
}

/// Adds what was ever recorded of one noun of a subject.
pub async fn changes_of<F: Shown + std::fmt::Debug>(
    ask: &Ask,
    shell: &Shell,
    of: crate::domain::record::Id<F::Subject>,
    all: &mut Vec<view::Change>,
) -> Result<(), Failure> {
    let history = record::history::<F>(ask.office(), &ask.actor, of, ask.now).await;
    let history = ask.done(history)?;
    all.extend(history.iter().map(|entry| change(shell, entry)));
    Ok(())
}

fn change<F: Shown>(s: &Shell, entry: &Entry<F>) -> view::Change {
    let Entry {
        row,
        made,
        replaced,
    } = entry;
    let validity = &row.validity;
    let holds = match validity.until {
        Some(until) => s.xy(
            "web-holds-until",
            validity.from.to_string(),
            until.to_string(),
        ),
        None => s.x("web-holds-from", validity.from.to_string()),
    };
    view::Change {
        at: s.at(&made.at),
        by: made.author.name.clone(),
        office: s.office_named(&made.author.role),
        noun: s.t(format!("web-noun-{}", F::KEY.replace('_', "-"))),
        says: Vec::new(),
        holds,
        reason: made.reason.clone().unwrap_or_default(),
        replaced: replaced.as_ref().map(|by| s.at(&by.at)).unwrap_or_default(),
    }
}
