//! The official forms: as pages for paper, and as workbooks.

use super::ask::{Ask, Html, html};
use super::import::workbook;
use super::people::{houses, houses_on};
use crate::domain::record::When;
use crate::domain::record_id::ApplicationId;
use crate::domain::rights::Action;
use crate::domain::time::Date;
use crate::http::problem::{Failure, Flaw, words};
use crate::service::forms::{self, Cell as FormCell, Form, Seal};
use crate::service::locus::part_of;
use crate::view::Shell;
use crate::view::format::{escaped, query};
use crate::view::people::Filter;
use crate::view::print::{PrintCell, PrintPage, PrintSeal};
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;
use std::collections::BTreeSet;

/// The forms of one institution.
const FORMS: [&str; 4] = ["post-plan", "usage", "notice", "roster"];

/// A form as it was asked for: as a workbook, or as a page for paper. `back`: where it was
/// asked for.
async fn printed(ask: &Ask, form: &Form, name: &str, back: &str) -> Html {
    let shell = ask.shell().await?;
    if !shell.path.ends_with(".xlsx") {
        return Ok(html(&paper(&shell, form, back)));
    }
    let bytes = ask.done(forms::workbook(form))?;
    Ok(workbook(bytes, &format!("{name}.xlsx")))
}

fn paper<'a>(s: &'a Shell, form: &Form, back: &str) -> PrintPage<'a> {
    let cell = |cell: &FormCell| PrintCell::new(cell.shown(), matches!(cell, FormCell::Number(_)));
    let line = |line: Vec<&(String, String)>| line.into_iter().cloned().collect();
    PrintPage {
        s,
        title: form.title.clone(),
        wide: form.is_wide(),
        facts: form.lines().into_iter().map(line).collect(),
        heads: form
            .columns
            .iter()
            .map(|head| PrintCell::head(head))
            .collect(),
        rows: form
            .rows
            .iter()
            .map(|row| row.iter().map(cell).collect())
            .collect(),
        notes: form.notes.clone(),
        seals: form
            .seals
            .iter()
            .map(|seal| PrintSeal {
                office: seal.office.clone(),
                words: seal.words.clone(),
                signed: seal.signed.clone(),
            })
            .collect(),
        seal_place: Seal::place(form.lang),
        foot: form.foot(),
        workbook: s.beside(".xlsx"),
        back: s.to(back),
    }
}

fn day(ask: &Ask, name: &str, default: Date) -> Result<Date, Failure> {
    let Some(text) = ask.asked(name) else {
        return Ok(default);
    };
    text.parse().map_err(|_| {
        let flaw = Flaw {
            field: name.to_owned(),
            code: "invalid".to_owned(),
            message: words("day", ask.lang),
        };
        Failure::flawed(vec![flaw], ask.lang)
    })
}

fn first_of_month(day: Date) -> Date {
    let (year, month, _) = day.parts();
    Date::new(year, month, 1).unwrap_or(day)
}

/// Every form of every institution one may see.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    ask.permitted(Action::PrintForm)?;
    let (from, to) = (
        day(&ask, "from", first_of_month(ask.on))?,
        day(&ask, "to", ask.on)?,
    );
    let houses = houses(&ask).await?;
    // the use of posts begins with what was there the day before
    let eve = from.plus(-1).unwrap_or(from);
    let then = houses_on(&ask, When::on(eve)).await?;
    let then: BTreeSet<String> = then.into_values().map(|(code, _)| code).collect();
    let mut houses: Vec<(String, String)> = houses.into_values().collect();
    houses.sort();
    if let Some(text) = ask.asked("text") {
        houses.retain(|(code, name)| code.contains(&text) || name.contains(&text));
    }
    let shell = ask.shell().await?;
    let s = &shell;
    let mut heads = vec![("web-col-institution", false)];
    let titles = FORMS.map(|name| format!("web-form-{name}"));
    heads.extend(titles.iter().map(|title| (title.as_str(), false)));
    let mut page = TablePage::new(s, s.t("web-menu-forms"), &heads);
    page.first = true;
    page.intro = vec![s.t("web-forms-are")];
    let whole = s.t("web-form-establishment");
    page.tabs = vec![crate::view::institution::Tab {
        title: whole,
        href: s.to("/forms/establishment"),
        current: false,
    }];
    page.filters = vec![
        Filter::text(s, "text", "web-filter-text"),
        Filter::text(s, "from", "web-form-from"),
        Filter::text(s, "to", "web-form-to"),
    ];
    let (from, to, on) = (from.to_string(), to.to_string(), ask.on.to_string());
    page.rows = houses
        .iter()
        .map(|(code, name)| {
            let place = format!("/institutions/{}", escaped(code));
            let mut row = vec![Cell::link(name.clone(), s.to(&place))];
            row.extend(FORMS.iter().zip(&titles).map(|(form, title)| {
                let asked = match *form {
                    "usage" if !then.contains(code) => return Cell::text("–"),
                    "usage" => query([("from", from.as_str()), ("to", to.as_str())]),
                    _ => query([("on", on.as_str())]),
                };
                let paper = format!("{place}/forms/{form}");
                Cell::link(s.t(title), format!("{paper}{asked}"))
                    .beside("Excel", format!("{paper}.xlsx{asked}"))
            }));
            row
        })
        .collect();
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}

/// A form of an institution.
#[handler]
pub async fn of_institution(ask: Ask, Path((code, name)): Path<(String, String)>) -> Html {
    let (office, actor, lang) = (ask.office(), &ask.actor, ask.lang);
    let name = name.strip_suffix(".xlsx").unwrap_or(&name);
    let form = match name {
        "post-plan" => forms::post_plan(office, actor, &code, ask.on, lang, ask.now).await,
        "roster" => forms::roster(office, actor, &code, ask.on, lang, ask.now).await,
        "notice" => forms::notice(office, actor, &code, ask.on, lang, ask.now).await,
        "usage" => {
            let to = day(&ask, "to", ask.on)?;
            let from = day(&ask, "from", first_of_month(to))?;
            forms::usage(office, actor, &code, from, to, lang, ask.now).await
        }
        _ => return Err(ask.not_found()),
    };
    printed(&ask, &ask.done(form)?, name, "/forms").await
}

/// Approval of an appointment.
#[handler]
pub async fn appointment(ask: Ask, Path(id): Path<String>) -> Html {
    let id: ApplicationId = id.parse().map_err(|_| ask.not_found())?;
    let (office, actor, lang) = (ask.office(), &ask.actor, ask.lang);
    let form = forms::appointment(office, actor, id, ask.on, lang, ask.now).await;
    let form = ask.done(form)?;
    let back = format!("/applications/{id}");
    printed(&ask, &form, "appointment", &back).await
}

/// Use of the establishment everywhere one may see.
#[handler]
pub async fn establishment(ask: Ask) -> Html {
    let (office, actor, lang) = (ask.office(), &ask.actor, ask.lang);
    let part = part_of(office, actor, Action::PrintForm).await;
    let part = ask.done(part)?;
    let form = forms::establishment(office, actor, &part, ask.on, lang, ask.now).await;
    let form = ask.done(form)?;
    printed(&ask, &form, "establishment", "/forms").await
}
