//! An institution: its pages, and lists of institutions.

use super::ask::{Ask, Html, html, with_status};
use super::county::{floor_word, state_word};
use super::fields::{Fields, status};
use super::members::{self, Came, Wrong, beside, came, chosen_house, messages, wrong};
use super::people::{book, roll};
use super::to;
use crate::domain::establishment::Decision;
use crate::domain::ids::AreaCode;
use crate::domain::institution as noun;
use crate::domain::institution::{ApprovedPosts, Kind, Succession};
use crate::domain::month::Month;
use crate::domain::page::Asked;
use crate::domain::post::{Level, PlannedPosts};
use crate::domain::record_id::InstitutionId;
use crate::domain::rights::Action;
use crate::domain::time::Date;
use crate::http::api::wire::InstitutionProfile;
use crate::i18n::t;
use crate::rules::county::{State, breaks, floor, is_failing};
use crate::rules::figures::{Both, InstitutionFigures, Known};
use crate::service::institution::{self, Listing};
use crate::service::record::{self, Entry, Shown};
use crate::service::{ServiceError, forms, ledger, promotion};
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::format::{escaped, query};
use crate::view::institution as view;
use crate::view::ledger::{FindingPage, LinePage, Posts, mark};
use crate::view::pager::{Pager, columns};
use crate::view::people::Filter;
use crate::view::round::New;
use crate::view::table::{Cell, TablePage};
use crate::view::{Shell, ledger as ledger_view};
use poem::handler;
use poem::web::Path;
use std::collections::HashMap;

use crate::http::problem::Failure;
use institution::{Listed, Order, Wanted};

/// The institution a page is about, with what surrounds the page.
pub struct Seen {
    pub shell: Shell,
    pub listed: Listed,
    pub head: view::Head,
}

pub async fn seen(ask: &Ask, code: &str, tab: &str) -> Result<Seen, Failure> {
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
    // mails and calendars know no codes: those may be altered
    if let Ok(id) = code.parse::<InstitutionId>() {
        let listed = of(&ask, id).await?;
        return Ok(to(&format!("/institutions/{}", escaped(&listed.code))));
    }
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

/// All professional posts, and the limits of the levels that are filled first.
fn rest(known: &Known) -> Vec<i64> {
    let first = [Level::Senior, Level::Intermediate].map(|level| {
        let mut all = known.figures.iter();
        all.find(|one| one.level == Some(level))
            .and_then(|one| one.limit)
    });
    let [senior, intermediate] = first;
    let all = [known.professional_posts, senior, intermediate];
    all.into_iter().flatten().collect()
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
    let page = LinePage::new(&shell, &head, figure, &part, &rest(known));
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

/// What is applied for there.
#[handler]
pub async fn applications_page(ask: Ask, Path(code): Path<String>) -> Html {
    ask.permitted(Action::ReadApplication)?;
    let Seen {
        mut shell,
        listed,
        head,
    } = seen(&ask, &code, "applications").await?;
    let shell = shell.undated();
    let wanted = promotion::Wanted {
        institution: Some(listed.id),
        ..promotion::Wanted::default()
    };
    let mut page = super::promotion::table(&ask, &shell, wanted).await?;
    page.title = head.name;
    page.tabs = head.tabs;
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}

/// Months of the register that can be chosen.
const MONTHS: i32 = 24;

/// The first day of a month, and its last, or the day of the page before it.
fn days_of(month: Month, on: Date) -> Option<(Date, Date)> {
    let first = Date::new(month.year(), month.month(), 1)?;
    let next = month.plus(1);
    let last = Date::new(next.year(), next.month(), 1)?.plus(-1)?;
    Some((first, last.min(on)))
}

/// The register of a month: the rows of the official form.
#[handler]
pub async fn register_page(ask: Ask, Path(code): Path<String>) -> Html {
    ask.permitted(Action::PrintForm)?;
    let Seen { shell, head, .. } = seen(&ask, &code, "register").await?;
    let s = &shell;
    let this = ask.on.month();
    let asked = ask.asked("month").and_then(|text| text.parse().ok());
    let month = asked.filter(|month| *month <= this).unwrap_or(this);
    let (from, to) = days_of(month, ask.on).ok_or_else(|| ask.not_found())?;
    let (office, actor) = (ask.office(), &ask.actor);
    let form = forms::usage(office, actor, &code, from, to, ask.lang, ask.now).await;
    let form = match form {
        Ok(form) => Some(form),
        // nothing is known of the month: it lies before the records
        Err(ServiceError::NotFound) => None,
        Err(error) => return Err(ask.failed(error)),
    };
    let months = (0..MONTHS).map(|back| this.plus(-back));
    let months = months.map(|month| (month.to_string(), s.month(&month)));
    let mut filter = Filter::choice(s, "month", "web-register-month", months.collect());
    filter.value = month.to_string();
    let mut page = TablePage::new(s, head.name.clone(), &[]);
    page.filters = vec![filter];
    page.empty = s.t("web-register-unknown");
    let Some(form) = form else {
        page.tabs = head.tabs;
        return Ok(html(&page));
    };
    let facts = form.facts.iter();
    let facts: Vec<String> = facts
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    page.intro = vec![format!("{} · {}", form.title, facts.join(" · "))];
    page.notes.clone_from(&form.notes);
    // numbers stand at the right where a column has nothing else
    let is_number = |at: usize| {
        let cells = form.rows.iter().filter_map(|row| row.get(at));
        let mut words = cells
            .map(|cell| cell.shown())
            .filter(|text| !text.is_empty());
        words.all(|text| text.parse::<i64>().is_ok())
    };
    let heads = form.columns.iter().enumerate();
    page.heads = heads
        .map(|(at, head)| (head.clone(), is_number(at)))
        .collect();
    let numbers: Vec<bool> = page.heads.iter().map(|(_, number)| *number).collect();
    let rows = form.rows.iter().map(|cells| {
        let cells = cells.iter().zip(&numbers);
        let cells = cells
            .map(|(cell, number)| Cell::text(cell.shown()).class(if *number { "n" } else { "" }));
        cells.collect()
    });
    page.rows = rows.collect();
    let asked = query([("from", &*from.to_string()), ("to", &*to.to_string())]);
    page.workbook = format!("{}{asked}", head.page("/forms/usage.xlsx"));
    page.tabs = head.tabs;
    Ok(html(&page))
}

fn row(shell: &Shell, one: &Listed) -> view::Row {
    let profile = &one.profile;
    let area = profile.area.map(|area| shell.area(area));
    view::Row {
        code: one.code.clone(),
        name: profile.name.clone(),
        href: shell.to(format!("/institutions/{}", escaped(&one.code))),
        kind: shell.may(&profile.kind),
        area: area.unwrap_or_else(|| "–".to_owned()),
        consortium: profile.consortium.clone().unwrap_or_default(),
        state: None,
        breaks: String::new(),
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
    let area = area.and_then(|code| code.parse::<AreaCode>().ok());
    let wanted = Wanted {
        area,
        kind,
        text: ask.asked("text"),
        consortium: ask.asked("consortium"),
        ..Wanted::default()
    };
    let mut found = all(&ask, wanted).await?;
    let shell = ask.shell().await?;
    if ask.asked("kind").as_deref() == Some("none") {
        found.retain(|one| one.profile.kind.is_none());
    }
    let stand = narrowed(&ask, &mut found).await?;
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
    let rows: Vec<_> = found
        .iter()
        .map(|one| {
            let mut row = row(&shell, one);
            if let Some(stand) = stand.get(&one.code) {
                row.state = Some(mark_of(&shell, stand.state));
                let titles: Vec<&str> = stand.breaks.iter().map(|one| shell.b(one)).collect();
                if !titles.is_empty() {
                    let titles = titles.join(&shell.t("list-separator"));
                    row.breaks = shell.x("web-breaks", titles);
                }
            }
            row
        })
        .collect();
    let page = ask.asked("page").and_then(|page| page.parse().ok());
    let pager = Pager::of(&shell, rows.len(), page.unwrap_or(1));
    let keys = [
        ("code", "code", false),
        ("name", "name", false),
        ("kind", "kind", false),
        ("area", "area", false),
        ("consortium", "", false),
        ("state", "", false),
    ];
    let mut keys = keys.to_vec();
    let mut filters = vec![
        Filter::text(&shell, "text", "web-filter-text"),
        Filter::choice(&shell, "kind", "web-fact-kind", view::kinds(&shell)),
        Filter::text(&shell, "area", "web-fact-area"),
    ];
    if ask.can(Action::ReadLedger) {
        filters.extend(state_filters(&shell));
    } else {
        keys.pop();
    }
    let page = view::ListPage {
        tabs: crate::view::place::lists(&shell),
        s: &shell,
        filters,
        columns: columns(&shell, "web-fact", &keys, "code"),
        rows: pager.slice(&rows),
        pager,
    };
    Ok(html(&page))
}

/// An institution that is to be recorded.
#[handler]
pub async fn new_page(ask: Ask) -> Html {
    new(&ask, &Refused::default(), &[]).await
}

async fn new(ask: &Ask, refused: &Refused, flaws: &[(String, String)]) -> Html {
    ask.permitted(Action::CreateInstitution)?;
    let known = members::known(ask).await?;
    let title = t(ask.lang, "web-menu-institutions", &[]);
    let shell = ask.shell().await?.crumb(title, "/institutions").undated();
    let shell = shell.at_path("/institutions/new");
    let s = &shell;
    let code = Field::new("code", s.t("web-fact-code"), Input::Text);
    let mut deed = Deed::new("create", "/institutions", s.t("web-institution-create"))
        .field(code.required().hint(s.t("web-institution-code-is")));
    deed.hint = s.t("web-institution-new-is");
    for mut field in members::fields::<InstitutionProfile>(s, None, &known) {
        match field.name.as_str() {
            // old records may lack them, new ones do not
            "m-kind" | "m-area" => field.required = true,
            "m-parent" => {
                field = chosen_house(field, known.values().cloned().collect());
                field.title = s.t("web-fact-parent");
            }
            _ => {}
        }
        deed = deed.field(field);
    }
    let from = Field::new("from", s.t("web-record-from"), Input::Day).value(s.today);
    let reason = Field::new("reason", s.t("web-change-reason"), Input::Text);
    let deed = deed.field(from.required()).field(reason);
    let page = New {
        s,
        title: s.t("web-institution-new"),
        deed: beside(s, deed, refused, flaws),
    };
    Ok(with_status(status(refused), &page))
}

/// Records it.
#[handler]
pub async fn create_one(ask: Ask, fields: Fields) -> Html {
    ask.permitted(Action::CreateInstitution)?;
    match created(&ask, &fields).await? {
        Ok(from) => {
            // one that begins later is not there yet today
            let on = from.max(ask.now.shanghai_day());
            let place = format!("/institutions/{}", escaped(fields.text("code")));
            Ok(to(&ask.told_on(&place, "institution-made", on)))
        }
        Err(flaws) => {
            let refused = fields.refused("create", messages(&flaws));
            new(&ask, &refused, &flaws).await
        }
    }
}

/// The day from which on it is there.
async fn created(ask: &Ask, fields: &Fields) -> Result<Came<Date>, Failure> {
    let mut flaws = Wrong::new();
    if fields.some("code").is_none() {
        flaws.push(wrong(ask, "code", "web-record-missing"));
    }
    for needed in ["kind", "area"] {
        if fields.some(&format!("m-{needed}")).is_none() {
            flaws.push(wrong(ask, needed, "web-record-missing"));
        }
    }
    let profile = members::read::<InstitutionProfile>(ask, fields, &mut flaws).await;
    let from = members::day(ask, fields, "from", &mut flaws);
    let (Some(profile), Some(from), true) = (profile, from, flaws.is_empty()) else {
        return Ok(Err(flaws));
    };
    let new = institution::New {
        code: fields.text("code"),
        profile,
        from,
        reason: fields.some("reason"),
    };
    let made = institution::create(ask.office(), &ask.actor, &new, ask.now).await;
    // what lies outside the scope is not there for whoever asks
    if matches!(made, Err(ServiceError::NotFound)) {
        return Ok(Err(vec![wrong(ask, "area", "web-institution-elsewhere")]));
    }
    came(ask, made.map(|_| from))
}

fn state_filters(s: &Shell) -> [Filter; 2] {
    let states = State::ALL.iter();
    let states = states.map(|one| (one.key().to_owned(), state_word(s, *one)));
    let fails = (FAILS.to_owned(), s.t("web-house-fails"));
    let floors = ["holds", "fails", "unknown"];
    let floors = floors.map(|key| (key.to_owned(), floor_word(s, key)));
    [
        Filter::choice(s, "state", "web-state", states.chain([fails]).collect()),
        Filter::choice(s, "floor", "web-floor", floors.to_vec()),
    ]
}

fn mark_of(s: &Shell, state: State) -> crate::view::ledger::Mark {
    let (class, shape) = match state {
        State::Within => ("holds", "●"),
        State::Full => ("judgement", "■"),
        State::Over => ("fails", "▲"),
        State::Open => ("unknown", "◇"),
    };
    crate::view::ledger::Mark {
        class,
        shape,
        word: s.t(format!("web-house-word-{}", state.key())),
    }
}

/// Breaks a rule that binds, whatever its limits say.
const FAILS: &str = "fails";

/// How an institution stands against its limits, and which binding rules it breaks.
struct Stand {
    state: State,
    breaks: Vec<Both>,
}

/// The titles of the binding rules that are broken, with whom they are about.
fn broken(figures: &InstitutionFigures) -> Vec<Both> {
    let known = figures.known.iter();
    let broken = known.flat_map(breaks);
    broken.map(|one| one.rule.title.clone()).collect()
}

/// How institutions stand, by their codes; of a list those remain that stand as was asked.
async fn narrowed(ask: &Ask, found: &mut Vec<Listed>) -> Result<HashMap<String, Stand>, Failure> {
    if !ask.can(Action::ReadLedger) {
        return Ok(HashMap::new());
    }
    let figures = super::county::figures(ask, ask.on).await?;
    let by_code: HashMap<&str, &InstitutionFigures> = figures
        .institutions
        .iter()
        .map(|one| (one.code.as_str(), one))
        .collect();
    let known = |one: &Listed| by_code.get(one.code.as_str());
    if let Some(state) = ask.asked("state") {
        found.retain(|one| match known(one) {
            Some(figures) if state == FAILS => figures.known.as_ref().is_some_and(is_failing),
            Some(figures) => State::of(figures).key() == state,
            // nothing is known of it on the day
            None => state == State::Open.key(),
        });
    }
    if let Some(verdict) = ask.asked("floor") {
        found.retain(|one| {
            let known = known(one).and_then(|one| one.known.as_ref());
            let floor = known.and_then(floor);
            floor.is_some_and(|floor| floor.key() == verdict)
        });
    }
    let states = found.iter().map(|one| {
        let stand = Stand {
            state: known(one).map_or(State::Open, |figures| State::of(figures)),
            breaks: known(one).map_or(Vec::new(), |figures| broken(figures)),
        };
        (one.code.clone(), stand)
    });
    Ok(states.collect())
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
