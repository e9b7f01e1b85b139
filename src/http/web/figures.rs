//! What the figures are worth: what cannot be right, and where authorities differ.

use super::ask::{Ask, Html, html};
use crate::domain::ids::AreaCode;
use crate::domain::quality::Rule;
use crate::domain::rights::Action;
use crate::http::problem::Failure;
use crate::i18n::quality as words;
use crate::service::figures::{self, Part, Subject};
use crate::service::locus::part_of;
use crate::view::Shell;
use crate::view::format::escaped;
use crate::view::institution::Tab;
use crate::view::people::Filter;
use crate::view::table::{Cell, TablePage};
use poem::handler;

async fn part(ask: &Ask, action: Action) -> Result<Part, Failure> {
    let area = ask.asked("area");
    if let Some(Ok(area)) = area.map(|code| code.parse::<AreaCode>()) {
        return Ok(Part::Area(area));
    }
    let part = part_of(ask.office(), &ask.actor, action).await;
    ask.done(part)
}

fn tabs(s: &Shell) -> Vec<Tab> {
    Tab::open(
        s,
        &[
            ("web-quality", "/quality", Action::ReadQuality),
            ("web-differences", "/differences", Action::CompareFigures),
        ],
    )
}

fn about(s: &Shell, subject: &Subject) -> Cell {
    match subject {
        Subject::Institution { code, name, .. } => {
            let path = format!("/institutions/{}", escaped(code));
            Cell::link(name.clone(), s.to(path))
        }
        Subject::Person { id, name } => Cell::link(name.clone(), s.to(format!("/people/{id}"))),
        Subject::RuralDoctor { id, name } => {
            Cell::link(name.clone(), s.to(format!("/rural-doctors/{id}")))
        }
    }
}

/// What cannot be right.
#[handler]
pub async fn quality_page(ask: Ask) -> Html {
    let part = part(&ask, Action::ReadQuality).await?;
    let (office, actor) = (ask.office(), &ask.actor);
    let found = figures::quality(office, actor, &part, ask.when(), ask.now).await;
    let mut found = ask.done(found)?;
    let shell = ask.shell().await?;
    let mut rules: Vec<(Rule, usize)> = Vec::new();
    for one in &found {
        match rules.iter_mut().find(|(rule, _)| *rule == one.rule) {
            Some((_, count)) => *count += 1,
            None => rules.push((one.rule, 1)),
        }
    }
    if let Some(rule) = ask.asked("rule") {
        found.retain(|one| one.rule.key() == rule);
    }
    let heads = [
        ("web-quality-about", false),
        ("web-quality-found", false),
        ("web-quality-remedy", false),
        ("web-quality-keeper", false),
    ];
    let mut page = TablePage::new(&shell, shell.t("web-quality"), &heads);
    page.tabs = tabs(&shell);
    page.intro = vec![shell.t("web-quality-is")];
    page.empty = shell.t("web-quality-none");
    page.filters = vec![Filter::choice(
        &shell,
        "rule",
        "web-quality-found",
        rules
            .iter()
            .map(|(rule, count)| {
                let words = format!("{} ({count})", words::rule(ask.lang, *rule));
                (rule.key().to_owned(), words)
            })
            .collect(),
    )];
    page.rows = found
        .iter()
        .map(|one| {
            let mut more: Vec<String> = Vec::new();
            if let Some((sum, total)) = one.sum {
                more.push(format!("{sum} / {total}"));
            }
            more.extend(one.month.map(|month| month.to_string()));
            if let Some(open) = &one.open {
                more.extend(open.facts.iter().cloned());
            }
            vec![
                about(&shell, &one.subject),
                Cell::text(words::rule(ask.lang, one.rule))
                    .note(more.join(&shell.t("list-separator"))),
                Cell::text(words::remedy(ask.lang, one.rule)),
                match &one.institution {
                    Some(code) => Cell::link(
                        code.clone(),
                        shell.to(format!("/institutions/{}", escaped(code))),
                    ),
                    None => Cell::text("–"),
                },
            ]
        })
        .collect();
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}

/// Where authorities differ.
#[handler]
pub async fn differences_page(ask: Ask) -> Html {
    let part = part(&ask, Action::CompareFigures).await?;
    let (office, actor) = (ask.office(), &ask.actor);
    let found = figures::differences(office, actor, &part, ask.when(), ask.now).await;
    let found = ask.done(found)?;
    let shell = ask.shell().await?;
    let heads = [
        ("web-col-institution", false),
        ("web-difference", false),
        ("web-difference-first", true),
        ("web-difference-second", true),
    ];
    let mut page = TablePage::new(&shell, shell.t("web-differences"), &heads);
    page.tabs = tabs(&shell);
    page.intro = vec![shell.t("web-differences-is")];
    page.empty = shell.t("web-differences-none");
    page.rows = found
        .iter()
        .flat_map(|one| {
            one.differences
                .iter()
                .map(move |difference| (one, difference))
        })
        .map(|(one, difference)| {
            let path = format!("/institutions/{}/establishment", escaped(&one.code));
            vec![
                Cell::link(one.name.clone(), shell.to(path)),
                Cell::text(words::comparison(ask.lang, difference.comparison))
                    .note(words::relation(ask.lang, difference.relation)),
                Cell::number(difference.first.number).note(shell.t(format!(
                    "web-authority-{}",
                    difference.first.authority.key().replace('_', "-")
                ))),
                Cell::number(difference.second.number).note(shell.t(format!(
                    "web-authority-{}",
                    difference.second.authority.key().replace('_', "-")
                ))),
            ]
        })
        .collect();
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}
