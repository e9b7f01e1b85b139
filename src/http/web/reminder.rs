//! Reminders: what one was told, what comes, what was sent, and how one wants to be told.

use super::ask::{Ask, Html, html, with_status};
use super::fields::{Fields, against, status};
use super::to;
use crate::domain::record::Id;
use crate::domain::record_id::PersonId;
use crate::domain::reminder::{Bundle, Kind, Wishes};
use crate::service::delivery::Delivery;
use crate::service::preference::{self, Language, Preference};
use crate::service::reminder::{self, Kept, Told};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::people::Filter;
use crate::view::reminder::{Wishing, audience, kind, lead, said, tabs};
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;

/// Days that are looked ahead.
const AHEAD: u32 = 90;
/// Rows that are read of what comes; pages show some of them.
const MOST_COMING: usize = 2000;
/// Reminders on a page.
const SHOWN: usize = 50;
/// As many as are read to know whether another page follows.
const MOST: u32 = SHOWN as u32 + 1;

/// A column: its head, and whether it holds numbers.
type Column = (&'static str, bool);
const TOLD_AT: Column = ("web-reminder-told-at", false);
const WHAT: Column = ("web-reminder-what", false);
const ABOUT: Column = ("web-reminder-about", false);
const DELIVERY: Column = ("web-reminder-delivery", false);

fn delivery(s: &Shell, delivery: Option<Delivery>) -> Cell {
    match delivery {
        Some(Delivery::GivenUp) => Cell::text(s.w(&Delivery::GivenUp)).class("bad"),
        Some(delivery) => Cell::text(s.w(&delivery)),
        None => Cell::text(s.t("web-reminder-collected")),
    }
}

/// The reminder behind which a page begins.
fn after(ask: &Ask) -> Option<Id<Kept>> {
    ask.asked("after").and_then(|text| text.parse().ok())
}

/// What was told, one page long and with the way to the next; `whole` adds to the row of one.
fn list(
    page: &mut TablePage<'_>,
    mut told: Vec<Told>,
    whole: impl Fn(&Told, Vec<Cell>) -> Vec<Cell>,
) {
    let s = page.s;
    page.tabs = tabs(s);
    page.empty = s.t("web-reminders-none");
    if told.len() > SHOWN {
        told.truncate(SHOWN);
        if let Some(last) = told.last() {
            page.more = s.but("after", last.reminder.id.to_string());
        }
    }
    let rows = told.iter().map(|one| {
        let row = vec![
            Cell::day(s.at(&one.reminder.raised_at)),
            said(s, &one.said.page, &one.words.title, &one.words.lines),
            Cell::day(one.reminder.about.to_string()),
            delivery(s, one.delivery),
        ];
        whole(one, row)
    });
    page.rows = rows.collect();
}

/// What one was told.
#[handler]
pub async fn mine_page(ask: Ask) -> Html {
    let (office, actor) = (ask.office(), &ask.actor);
    let found = reminder::mine(office, actor, after(&ask), MOST, ask.lang, ask.now).await;
    let found = ask.done(found)?;
    let shell = ask.shell().await?.undated();
    let heads = [TOLD_AT, WHAT, ABOUT, DELIVERY];
    let mut page = TablePage::new(&shell, shell.t("web-menu-reminders"), &heads);
    list(&mut page, found, |_, row| row);
    Ok(html(&page))
}

/// What was told, to whom and why, of everything one may see.
#[handler]
pub async fn sent_page(ask: Ask) -> Html {
    let (office, actor) = (ask.office(), &ask.actor);
    let found = reminder::of_scope(office, actor, after(&ask), MOST, ask.lang, ask.now).await;
    let found = ask.done(found)?;
    let shell = ask.shell().await?.undated();
    let s = &shell;
    let heads = [TOLD_AT, ("web-reminder-to", false), WHAT, ABOUT, DELIVERY];
    let mut page = TablePage::new(s, s.t("web-reminders-sent"), &heads);
    page.intro.push(s.t("web-reminders-sent-is"));
    list(&mut page, found, |one, mut row| {
        let stands_in = one.reminder.instead_of.is_some();
        let note = stands_in.then(|| s.t("web-reminder-instead"));
        row.insert(1, Cell::text(one.to.clone()).note(note.unwrap_or_default()));
        row
    });
    Ok(html(&page))
}

fn kinds(s: &Shell) -> Vec<(String, String)> {
    let all = Kind::ALL.iter();
    all.map(|one| (one.key().to_owned(), kind(s, *one)))
        .collect()
}

/// What will be told if nothing changes.
#[handler]
pub async fn coming_page(ask: Ask) -> Html {
    let (office, actor) = (ask.office(), &ask.actor);
    let found = reminder::coming(office, actor, AHEAD, MOST_COMING, ask.lang, ask.now).await;
    let (mut found, more) = ask.done(found)?;
    if let Some(key) = ask.asked("kind") {
        found.retain(|one| one.event.kind.key() == key);
    }
    let shell = ask.shell().await?.undated();
    let s = &shell;
    let heads = [
        ("web-reminder-on", false),
        ("web-reminder-what", false),
        ("web-reminder-about", false),
        ("web-reminder-lead", false),
        ("web-reminder-to", false),
    ];
    let mut page = TablePage::new(s, s.t("web-reminders-coming"), &heads);
    page.tabs = tabs(s);
    page.intro.push(s.n("web-reminders-coming-is", AHEAD));
    if more {
        page.intro.push(s.n("web-reminders-cut", MOST_COMING));
    }
    page.empty = s.t("web-reminders-nothing-comes");
    page.filters = vec![Filter::choice(s, "kind", "web-reminder-kind", kinds(s))];
    let rows = found.iter().map(|one| {
        vec![
            Cell::day(one.on.to_string()),
            said(s, &one.event.page, &one.words.title, &one.words.lines),
            Cell::day(one.event.about.to_string()),
            Cell::day(lead(s, one.lead)),
            Cell::text(audience(s, &one.audience)),
        ]
    });
    page.rows = rows.collect();
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}

/// What every kind would say about one person.
#[handler]
pub async fn person_page(ask: Ask, Path(id): Path<String>) -> Html {
    let id: PersonId = id.parse().map_err(|_| ask.not_found())?;
    let (office, actor) = (ask.office(), &ask.actor);
    let found = reminder::of_person(office, actor, id, ask.lang, ask.now).await;
    let found = ask.done(found)?;
    let title = crate::i18n::t(ask.lang, "web-menu-people", &[]);
    let shell = ask.shell().await?.undated().crumb(title, "/people");
    let s = &shell;
    let heads = [
        ("web-reminder-about", false),
        ("web-reminder-kind", false),
        ("web-reminder-what", false),
        ("web-reminder-leads", false),
        ("web-reminder-to", false),
    ];
    let mut page = TablePage::new(s, s.t("web-reminders-of-person"), &heads);
    page.tabs = crate::view::person::tabs(s, id);
    page.intro.push(s.t("web-reminders-of-person-is"));
    page.empty = s.t("web-reminders-nothing-of-person");
    let rows = found.iter().map(|(event, words)| {
        let rule = reminder::kinds()
            .iter()
            .find(|rule| rule.kind == event.kind);
        let leads = rule.map(|rule| rule.leads.iter().map(|one| lead(s, *one)));
        let leads: Vec<String> = leads.into_iter().flatten().collect();
        vec![
            Cell::day(event.about.to_string()),
            Cell::text(kind(s, event.kind)),
            said(s, &event.page, &words.title, &words.lines),
            Cell::text(leads.join(&s.t("list-separator"))),
            Cell::text(rule.map_or_else(String::new, |rule| audience(s, &rule.audience))),
        ]
    });
    page.rows = rows.collect();
    Ok(html(&page))
}

/// What people are told of, how long before, and who.
#[handler]
pub async fn kinds_page(ask: Ask) -> Html {
    let shell = ask.shell().await?.undated();
    let s = &shell;
    let heads = [
        ("web-reminder-kind", false),
        ("web-reminder-leads", false),
        ("web-reminder-to", false),
        ("web-reminder-usual", false),
        ("web-reminder-required", false),
    ];
    let mut page = TablePage::new(s, s.t("web-reminders-kinds"), &heads);
    page.tabs = tabs(s);
    page.intro.push(s.t("web-reminders-kinds-are"));
    let rows = reminder::kinds().iter().map(|rule| {
        let leads: Vec<String> = rule.leads.iter().map(|one| lead(s, *one)).collect();
        let required = if rule.required { "web-yes" } else { "web-no" };
        vec![
            Cell::text(kind(s, rule.kind)),
            Cell::text(leads.join(&s.t("list-separator"))),
            Cell::text(audience(s, &rule.audience)),
            Cell::text(s.w(&rule.bundle)),
            Cell::text(s.t(required)),
        ]
    });
    page.rows = rows.collect();
    Ok(html(&page))
}

/// How one wants to be told.
#[handler]
pub async fn preference_page(ask: Ask) -> Html {
    wishes(&ask, &Refused::default()).await
}

/// The name of the field in which a kind is chosen.
fn kind_field(kind: Kind) -> String {
    format!("kind-{}", kind.key())
}

async fn wishes(ask: &Ask, refused: &Refused) -> Html {
    let found = preference::find(ask.office(), &ask.actor).await;
    let found = ask.done(found)?;
    let deputies = preference::deputies(ask.office(), &ask.actor).await;
    let deputies = ask.done(deputies)?;
    let shell = ask
        .shell()
        .await?
        .undated()
        .at_path("/reminders/preference");
    let s = &shell;
    let field = |name: &str, input| {
        let title = s.t(format!("web-preference-{}", name.replace('_', "-")));
        Field::new(name, title, input)
    };
    let languages = Language::ALL.iter();
    let languages = languages.map(|one| (one.key().to_owned(), s.w(one)));
    let people = deputies
        .into_iter()
        .map(|(id, name)| (id.to_string(), name));
    let none = [(String::new(), s.t("web-none"))];
    let away = |day: fn(&(_, _)) -> _| found.away.as_ref().map(day);
    let day = |day: Option<crate::domain::time::Date>| day.map(|day| day.to_string());
    let mut deed = Deed::new("preference", "/reminders/preference", s.t("web-save"))
        .field(
            field("mail", Input::Text)
                .value(found.mail.clone().unwrap_or_default())
                .hint(s.t("web-preference-mail-is")),
        )
        .field(
            field("language", Input::Choice)
                .options(languages)
                .value(found.language.key()),
        )
        .field(
            field("quiet", Input::Tick)
                .value(if found.quiet { "yes" } else { "" })
                .hint(s.t("web-preference-quiet-is")),
        )
        .field(
            field("delegate", Input::Choice)
                .options(none.into_iter().chain(people))
                .value(found.delegate.map(|id| id.to_string()).unwrap_or_default())
                .hint(s.t("web-preference-delegate-is")),
        )
        .field(field("away_from", Input::Day).value(day(away(|away| away.0)).unwrap_or_default()))
        .field(field("away_until", Input::Day).value(day(away(|away| away.1)).unwrap_or_default()));
    for rule in reminder::kinds() {
        let offered = Bundle::ALL.iter().copied();
        let offered = offered.filter(|bundle| !(rule.required && *bundle == Bundle::Off));
        let offered = offered.map(|bundle| (bundle.key().to_owned(), s.w(&bundle)));
        let chosen = found.wishes.kinds.get(&rule.kind).copied();
        let title = kind(s, rule.kind);
        let mut one = Field::new(kind_field(rule.kind), title, Input::Choice)
            .options(offered)
            .value(chosen.unwrap_or(rule.bundle).key());
        if rule.required {
            one = one.hint(s.t("web-preference-required"));
        }
        deed = deed.field(one);
    }
    let page = Wishing {
        s,
        tabs: tabs(s),
        deed: deed.refused(refused),
    };
    Ok(with_status(status(refused), &page))
}

fn preference(ask: &Ask, fields: &Fields) -> Result<Preference, Vec<String>> {
    let days = [
        fields.day(ask, "away_from")?,
        fields.day(ask, "away_until")?,
    ];
    let away = match days {
        [None, None] => None,
        [Some(from), Some(until)] => Some((from, until)),
        _ => return Err(vec![crate::i18n::t(ask.lang, "web-preference-half", &[])]),
    };
    let language = fields.text("language");
    let language = Language::ALL
        .iter()
        .copied()
        .find(|one| one.key() == language);
    let own = reminder::kinds().iter().filter_map(|rule| {
        let chosen = Bundle::from_key(fields.text(&kind_field(rule.kind)))?;
        (chosen != rule.bundle).then_some((rule.kind, chosen))
    });
    Ok(Preference {
        mail: fields.some("mail").map(str::to_owned),
        language: language.unwrap_or(Language::Chinese),
        quiet: fields.some("quiet").is_some(),
        delegate: fields.read(ask, "delegate")?,
        away,
        wishes: Wishes {
            kinds: own.collect(),
        },
    })
}

/// Keeps how one wants to be told.
#[handler]
pub async fn prefer(ask: Ask, fields: Fields) -> Html {
    let wanted = match preference(&ask, &fields) {
        Ok(wanted) => wanted,
        Err(why) => return wishes(&ask, &fields.refused("preference", why)).await,
    };
    match preference::set(ask.office(), &ask.actor, &wanted, ask.now).await {
        Ok(()) => Ok(to("/reminders/preference?told=preference")),
        Err(error) => {
            let why = against(&ask, error)?;
            wishes(&ask, &fields.refused("preference", why)).await
        }
    }
}
