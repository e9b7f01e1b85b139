//! What administrators and auditors look after: their pages, and the grid of rights.

use super::ask::{Ask, Html, html};
use crate::domain::rights::{Action, Office};
use crate::service::catalogue;
use crate::view::Shell;
use crate::view::institution::Tab;
use crate::view::table::{Cell, TablePage};
use poem::handler;

/// The pages, as far as one may see them.
pub fn tabs(s: &Shell) -> Vec<Tab> {
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
            ("web-jobs", "/operations/jobs", Action::ReadOperations),
            ("web-backups", "/operations/backups", Action::ReadOperations),
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
