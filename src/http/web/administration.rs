//! Accounts, the grid of rights, the trail.

use super::ask::{Ask, Html, html};
use crate::domain::record_id::{AccountId, EventId};
use crate::domain::rights::{Action, Office};
use crate::service::account;
use crate::service::capacity::places;
use crate::service::catalogue;
use crate::service::trail;
use crate::view::Shell;
use crate::view::institution::Tab;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;

/// Events of a page.
const EVENTS: u32 = 100;

fn tabs(s: &Shell) -> Vec<Tab> {
    Tab::open(
        s,
        &[
            ("web-accounts", "/accounts", Action::ReadAccount),
            ("web-rights", "/rights", Action::ReadRights),
            ("web-audit", "/audit", Action::ReadTrail),
            (
                "web-audit-verify",
                "/audit/verification",
                Action::VerifyTrail,
            ),
        ],
    )
}

/// Who may do what: a row an action, a column an office.
#[handler]
pub async fn rights_page(ask: Ask) -> Html {
    let rights = ask.done(catalogue::rights(&ask.actor))?;
    let shell = ask.shell().await?;
    let mut page = TablePage::new(
        &shell,
        shell.t("web-rights"),
        &[("web-rights-action", false)],
    );
    page.tabs = tabs(&shell);
    page.intro = vec![shell.t("web-rights-is")];
    let own = ask.actor.capacity.office();
    for office in Office::ALL {
        page.heads.push((shell.office(office), false));
    }
    page.rows = rights
        .iter()
        .map(|(action, offices)| {
            let name = action.key().replace(['.', '_'], "-");
            let first = Cell::text(shell.t(format!("action-{name}")));
            let rest = Office::ALL.iter().map(|office| {
                let holds = offices.contains(office);
                let cell = Cell::text(if holds { "✓" } else { "" });
                if holds && *office == own {
                    cell.class("own")
                } else {
                    cell
                }
            });
            std::iter::once(first).chain(rest).collect()
        })
        .collect();
    Ok(html(&page))
}

/// The accounts in one's scope.
#[handler]
pub async fn accounts_page(ask: Ask) -> Html {
    let all = account::list(ask.office(), &ask.actor, ask.now).await;
    let mut all = ask.done(all)?;
    all.sort_by(|a, b| a.user_name.as_str().cmp(b.user_name.as_str()));
    let shell = ask.shell().await?;
    let heads = [
        ("web-user-name", false),
        ("web-col-name", false),
        ("web-account-state", false),
        ("web-second-factor", false),
        ("web-account-offices", false),
    ];
    let mut page = TablePage::new(&shell, shell.t("web-accounts"), &heads);
    page.tabs = tabs(&shell);
    page.rows = all
        .iter()
        .map(|one| {
            let offices = one.capacities.iter();
            let offices = offices.map(|capacity| shell.office(capacity.office()));
            let offices: Vec<String> = offices.collect();
            let second = if one.second_factor.is_active() {
                "web-yes"
            } else {
                "web-no"
            };
            vec![
                Cell::link(
                    one.user_name.as_str(),
                    shell.to(format!("/accounts/{}", one.id)),
                ),
                Cell::text(one.name.clone()),
                Cell::text(shell.t(format!("web-account-{}", one.state.key()))),
                Cell::text(shell.t(second)),
                Cell::text(offices.join(&shell.t("list-separator"))),
            ]
        })
        .collect();
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}

/// One account: as what it may act, and what it did.
#[handler]
pub async fn account_page(ask: Ask, Path(id): Path<String>) -> Html {
    let id: AccountId = id.parse().map_err(|_| ask.not_found())?;
    let found = account::find(ask.office(), &ask.actor, id, ask.now).await;
    let (account, held) = ask.done(found)?;
    let capacities: Vec<_> = held.iter().map(|one| one.capacity.clone()).collect();
    let where_held = places(ask.office(), &capacities, ask.now).await;
    let where_held = ask.done(where_held)?;
    let title = crate::i18n::t(ask.lang, "web-accounts", &[]);
    let shell = ask.shell().await?.crumb(title, "/accounts");
    let heads = [("web-account-office", false), ("web-account-of", false)];
    let title = format!("{} · {}", account.user_name.as_str(), account.name);
    let mut page = TablePage::new(&shell, title, &heads);
    let state = shell.t(format!("web-account-{}", account.state.key()));
    page.intro = vec![format!("{} {state}", shell.t("web-account-state"))];
    if ask.can(Action::ReadTrail) {
        let mine = shell.with("/audit", &[("account", &id.to_string())]);
        page.tabs = vec![Tab {
            title: shell.t("web-account-did"),
            href: mine,
            current: false,
        }];
    }
    page.rows = capacities
        .iter()
        .zip(where_held)
        .map(|(capacity, place)| {
            vec![
                Cell::text(shell.office(capacity.office())),
                Cell::text(place),
            ]
        })
        .collect();
    page.empty = shell.t("web-capacity-none");
    Ok(html(&page))
}

/// What happened, latest first.
#[handler]
pub async fn audit_page(ask: Ask) -> Html {
    let account = ask.asked("account").and_then(|text| text.parse().ok());
    let before: Option<EventId> = ask.asked("before").and_then(|text| text.parse().ok());
    let (office, actor) = (ask.office(), &ask.actor);
    let found = trail::latest(office, actor, account, before, EVENTS + 1).await;
    let mut found = ask.done(found)?;
    let shell = ask.shell().await?;
    let heads = [
        ("web-change-at", false),
        ("web-change-by", false),
        ("web-audit-what", false),
        ("web-audit-about", false),
        ("web-change-reason", false),
    ];
    let mut page = TablePage::new(&shell, shell.t("web-audit"), &heads);
    page.tabs = tabs(&shell);
    if found.len() > EVENTS as usize {
        found.truncate(EVENTS as usize);
        if let Some(last) = found.last() {
            page.more = shell.but("before", last.id.to_string());
        }
    }
    page.rows = found
        .iter()
        .map(|one| {
            let reason = one.detail.as_ref();
            let reason = reason.and_then(|detail| detail.reason.clone());
            vec![
                Cell::text(shell.at(&one.at)),
                Cell::text(one.who.name.clone()).note(shell.office_named(&one.who.office)),
                Cell::text(what(&shell, &one.what)),
                Cell::text(one.about.noun.clone()).note(one.about.id.clone()),
                Cell::text(reason.unwrap_or_default()),
            ]
        })
        .collect();
    Ok(html(&page))
}

/// The words of an action or an occurrence; those of another version as they are.
fn what(s: &Shell, key: &str) -> String {
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
