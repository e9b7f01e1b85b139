//! Words of reminders: how long before, to whom, what became of them.

use super::Shell;
use super::form::Deed;
use super::institution::Tab;
use super::table::Cell;
use crate::domain::reminder::{Audience, Kind, Lead};
use crate::domain::rights::Action;
use askama::Template;

/// The pages of reminders.
pub fn tabs(s: &Shell) -> Vec<Tab> {
    Tab::open(
        s,
        &[
            ("web-reminders-mine", "/reminders", Action::ManageOwnAccount),
            (
                "web-reminders-coming",
                "/reminders/coming",
                Action::ReadDeliveries,
            ),
            (
                "web-reminders-sent",
                "/reminders/sent",
                Action::ReadDeliveries,
            ),
            (
                "web-reminders-preference",
                "/reminders/preference",
                Action::ManageOwnAccount,
            ),
            (
                "web-reminders-calendars",
                "/reminders/calendars",
                Action::ManageOwnAccount,
            ),
            (
                "web-reminders-kinds",
                "/reminders/kinds",
                Action::ManageOwnAccount,
            ),
            (
                "web-reminders-schedules",
                "/reminders/schedules",
                Action::ReadOperations,
            ),
            (
                "web-reminders-messages",
                "/reminders/messages",
                Action::ManageMail,
            ),
            (
                "web-reminders-robots",
                "/reminders/robots",
                Action::ManageMail,
            ),
        ],
    )
}

/// What whoever follows a reminder has to be allowed to look at.
const LEADS_TO: [(&str, Action); 6] = [
    ("/people/", Action::ReadPerson),
    ("/applications/", Action::ReadApplication),
    ("/institutions/", Action::ReadPlace),
    ("/policies/", Action::ReadPolicy),
    ("/recruitment", Action::ReadRecruitment),
    ("/rural-doctors", Action::ReadLedger),
];

/// What happens, in one cell: the title, which leads there when whoever looks may go there,
/// and what is said of it. Whoever keeps the accounts sees what is told, and not the files of
/// people.
pub fn said(s: &Shell, page: &str, title: &str, lines: &[String]) -> Cell {
    let mut paths = LEADS_TO.iter();
    let leads = paths.any(|(path, action)| page.starts_with(path) && s.can(*action));
    let cell = if leads {
        Cell::link(title.to_owned(), s.to(page))
    } else {
        Cell::text(title.to_owned())
    };
    cell.note(lines.join(" "))
}

/// How long before, in words.
pub fn lead(s: &Shell, lead: Lead) -> String {
    match lead {
        Lead::Months(0) | Lead::Days(0) => s.t("web-lead-day"),
        Lead::Months(months) => s.n("web-lead-months", months),
        Lead::Days(days) => s.n("web-lead-days", days),
        Lead::WorkingDaysBefore(days) => s.n("web-lead-before", days),
        Lead::WorkingDaysAfter(days) => s.n("web-lead-after", days),
    }
}

/// Everybody who is told.
pub fn audience(s: &Shell, all: &[Audience]) -> String {
    let all: Vec<String> = all.iter().map(|one| s.w(one)).collect();
    all.join(&s.t("list-separator"))
}

/// The title of a kind.
pub fn kind(s: &Shell, kind: Kind) -> String {
    s.t(format!("reminder-{}", kind.key().replace('_', "-")))
}

/// How somebody wants to be told.
#[derive(Template)]
#[template(path = "reminder/preference.html")]
pub struct Wishing<'a> {
    pub s: &'a Shell,
    pub tabs: Vec<Tab>,
    pub deed: Deed,
}
