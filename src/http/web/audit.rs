//! The trail: who did what to what, and whether anybody tampered with it.

use super::administration::tabs;
use super::ask::{Ask, Html, html};
use super::people::houses;
use crate::domain::audit::{Event, Occurrence};
use crate::domain::page::Asked;
use crate::domain::record_id::{EventId, InstitutionId, PersonId};
use crate::domain::rights::{Action, Nature};
use crate::domain::time::Date;
use crate::http::problem::Failure;
use crate::i18n::has;
use crate::service::trail::{self, Search};
use crate::service::{institution, staff};
use crate::view::Shell;
use crate::view::form::Deed;
use crate::view::format::escaped;
use crate::view::people::Filter;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use std::collections::HashMap;

/// Events of a page.
const EVENTS: u32 = 100;
/// Institutions, and people, that a name may mean, at most.
const MEANT: u32 = 20;

/// What happened, latest first.
#[handler]
pub async fn audit_page(ask: Ask) -> Html {
    ask.permitted(Action::ReadTrail)?;
    let before: Option<EventId> = ask.asked("before").and_then(|text| text.parse().ok());
    let (search, notes) = search(&ask).await?;
    let (office, actor) = (ask.office(), &ask.actor);
    let found = trail::search(office, actor, &search, before, EVENTS + 1).await;
    let mut found = ask.done(found)?;
    let shell = ask.shell().await?.undated();
    let s = &shell;
    let heads = [
        ("web-change-at", false),
        ("web-change-by", false),
        ("web-audit-what", false),
        ("web-audit-about", false),
        ("web-change-reason", false),
    ];
    let mut page = TablePage::new(s, s.t("web-audit"), &heads);
    page.tabs = tabs(s);
    page.filters = vec![
        Filter::day(s, "from", "web-audit-from"),
        Filter::day(s, "until", "web-audit-until"),
        Filter::text(s, "author", "web-audit-author"),
        Filter::choice(s, "what", "web-audit-what", kinds(s)),
        Filter::text(s, "about", "web-audit-of"),
    ];
    page.notes = notes;
    if found.len() > EVENTS as usize {
        found.truncate(EVENTS as usize);
        if let Some(last) = found.last() {
            page.more = s.but("before", last.id.to_string());
        }
    }
    let today = ask.now.shanghai_day();
    let people = trail::people(office, actor, &found, today).await;
    let known = Known {
        houses: houses(&ask).await?,
        people: ask.done(people)?,
    };
    page.rows = found.iter().map(|one| row(s, one, &known)).collect();
    if ask.can(Action::VerifyTrail) {
        let to = s.to("/audit/verification");
        let mut verify = Deed::new("verify", to, s.t("web-audit-verify"));
        verify.get = true;
        page.deeds.push(verify);
    }
    Ok(html(&page))
}

/// What is looked for, and what has to be said about it.
async fn search(ask: &Ask) -> Result<(Search, Vec<String>), Failure> {
    let day = |name: &str| ask.asked(name).and_then(|text| text.parse::<Date>().ok());
    let until = day("until").and_then(|day| day.plus(1));
    let mut search = Search {
        account: ask.asked("account").and_then(|text| text.parse().ok()),
        from: day("from").map(Date::begins),
        until: until.map(Date::begins),
        author: ask.asked("author"),
        what: ask.asked("what"),
        subjects: None,
    };
    let mut notes = Vec::new();
    if let Some(text) = ask.asked("about") {
        let (subjects, all) = meant(ask, &text).await?;
        if !all {
            notes.push(crate::i18n::t(ask.lang, "web-audit-of-first", &[]));
        }
        // nothing bears that name: no event is about it
        let nothing = subjects.is_empty().then(|| "-".to_owned());
        search.subjects = Some(subjects.into_iter().chain(nothing).collect());
    }
    Ok((search, notes))
}

/// The institutions and people that a name or a code may mean, of those one may see, and
/// whether these are all of them.
async fn meant(ask: &Ask, text: &str) -> Result<(Vec<String>, bool), Failure> {
    let (mut subjects, mut all) = (Vec::new(), true);
    if ask.can(Action::ReadPlace) {
        let listing = institution::Listing {
            wanted: institution::Wanted {
                text: Some(text.to_owned()),
                ..institution::Wanted::default()
            },
            when: ask.when(),
            order: institution::Order::Code,
            page: Asked::first(MEANT),
        };
        let found = institution::list(ask.office(), &ask.actor, &listing, ask.now).await;
        let found = ask.done(found)?;
        all &= found.next.is_none();
        subjects.extend(found.items.iter().map(|one| one.id.to_string()));
    }
    if ask.can(Action::ReadPerson) {
        let listing = staff::Listing {
            wanted: staff::Wanted {
                name: Some(text.to_owned()),
                state: staff::State::Any,
                ..staff::Wanted::default()
            },
            when: ask.when(),
            order: staff::Order::Name,
            page: Asked::first(MEANT),
        };
        let found = staff::list(ask.office(), &ask.actor, &listing, ask.now).await;
        let found = ask.done(found)?;
        all &= found.next.is_none();
        subjects.extend(found.items.iter().map(|one| one.id.to_string()));
    }
    Ok((subjects, all))
}

/// Every kind of event that there is, by its words.
fn kinds(s: &Shell) -> Vec<(String, String)> {
    let actions = Action::ALL
        .iter()
        .filter(|one| one.nature() != Nature::Read || **one == Action::ExportTrail);
    let keys = actions.map(|one| one.key());
    let keys = keys.chain(Occurrence::ALL.iter().map(|one| one.key()));
    keys.map(|key| (key.to_owned(), what(s, key))).collect()
}

/// The names of what events are about.
struct Known {
    houses: HashMap<InstitutionId, (String, String)>,
    people: HashMap<PersonId, String>,
}

fn row(s: &Shell, one: &Event, known: &Known) -> Vec<Cell> {
    let reason = one.detail.as_ref();
    let reason = reason.and_then(|detail| detail.reason.clone());
    vec![
        Cell::day(s.at(&one.at)),
        Cell::text(one.who.name.clone()).note(s.office_named(&one.who.office)),
        Cell::text(what(s, &one.what)),
        about(s, one, known),
        Cell::text(reason.unwrap_or_default()),
    ]
}

/// What an event is about: by name, with the way there where one may go it.
fn about(s: &Shell, one: &Event, known: &Known) -> Cell {
    let noun = noun(s, &one.about.noun);
    let id = one.about.id.as_str();
    let at = one.about.institution.and_then(|id| known.houses.get(&id));
    let at_house = at.map(|(_, name)| name.clone()).unwrap_or_default();
    match one.about.noun.as_str() {
        "institution" => match id.parse().ok().and_then(|id| known.houses.get(&id)) {
            Some((code, name)) => {
                let to = s.to(format!("/institutions/{}", escaped(code)));
                Cell::link(name.clone(), to).note(code.clone())
            }
            None => Cell::text(noun),
        },
        "person" => match id.parse().ok().and_then(|id| known.people.get(&id)) {
            Some(name) => Cell::link(name.clone(), s.to(format!("/people/{id}"))).note(at_house),
            None => Cell::text(noun).note(at_house),
        },
        "application" if s.can(Action::ReadApplication) => {
            Cell::link(noun, s.to(format!("/applications/{id}"))).note(at_house)
        }
        "account" if s.can(Action::ReadAccount) && !id.is_empty() => {
            Cell::link(noun, s.to(format!("/accounts/{id}")))
        }
        _ => Cell::text(noun).note(at_house),
    }
}

/// The word for what an event is about; that of another version as it is.
fn noun(s: &Shell, noun: &str) -> String {
    let key = format!("web-about-{}", noun.replace('_', "-"));
    if has(s.lang, &key) {
        s.t(key)
    } else {
        noun.to_owned()
    }
}

/// The words of an action or an occurrence; those of another version as they are.
pub fn what(s: &Shell, key: &str) -> String {
    let words = format!("action-{}", key.replace(['.', '_'], "-"));
    let occurred = format!("web-occurrence-{}", key.replace(['.', '_'], "-"));
    [words, occurred]
        .iter()
        .find(|words| crate::i18n::has(s.lang, words))
        .map_or_else(|| key.to_owned(), |words| s.t(words))
}

/// Whether anybody tampered with it.
#[handler]
pub async fn verification_page(ask: Ask) -> Html {
    let verified = trail::verify(ask.office(), &ask.actor, &[]).await;
    let verified = ask.done(verified)?;
    let shell = ask.shell().await?;
    let heads = [("web-audit-figure", false), ("web-audit-value", false)];
    let mut page = TablePage::new(&shell, shell.t("web-audit-verify"), &heads);
    page.tabs = tabs(&shell);
    match verified {
        Ok(verified) => {
            page.intro = vec![shell.t("web-audit-whole")];
            let row = |key: &str, value: String| vec![Cell::text(shell.t(key)), Cell::text(value)];
            page.rows = vec![
                row("web-audit-head", verified.head.to_string()),
                row("web-audit-unsealed", verified.unsealed.len().to_string()),
                row("web-audit-erased", verified.erased.len().to_string()),
            ];
        }
        Err(tampered) => {
            page.intro = vec![shell.t("web-audit-tampered")];
            let event = tampered.event.map(|id| id.to_string()).unwrap_or_default();
            page.rows = vec![vec![
                Cell::text(shell.x("web-audit-at", tampered.at.to_string())),
                Cell::text(event),
            ]];
        }
    }
    Ok(html(&page))
}
