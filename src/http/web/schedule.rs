//! Schedules: what the program does by itself and when.

use super::ask::{Ask, Html, with_status};
use super::fields::{Fields, against, status};
use super::to;
use crate::domain::rights::Action;
use crate::service::schedule::{self, Edit, Shown, Task};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::reminder::tabs;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;

/// Every schedule with its next runs.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    show(&ask, &Refused::default()).await
}

async fn show(ask: &Ask, refused: &Refused) -> Html {
    ask.permitted(Action::ReadOperations)?;
    let found = schedule::list(ask.office(), &ask.actor, ask.now).await;
    let found = ask.done(found)?;
    let shell = ask.shell().await?.undated().at_path("/reminders/schedules");
    let s = &shell;
    let heads = [
        ("web-schedule-task", false),
        ("web-schedule-cron", false),
        ("web-schedule-next", false),
        ("web-schedule-last", false),
    ];
    let mut page = TablePage::new(s, s.t("web-reminders-schedules"), &heads);
    page.tabs = tabs(s);
    page.intro.push(s.t("web-schedules-are"));
    page.rows = found.iter().map(|one| row(s, one)).collect();
    for one in &found {
        if ask.can(Action::EditSchedule) {
            page.deeds.push(edit_deed(s, one).refused(refused));
        }
        if ask.can(Action::RunSchedule) && !one.schedule.paused {
            let task = one.task.key();
            page.deeds.push(Deed::new(
                &format!("run-{task}"),
                format!("/reminders/schedules/{task}/run"),
                s.x("web-schedule-run", s.w(&one.task)),
            ));
        }
    }
    Ok(with_status(status(refused), &page))
}

fn row(s: &Shell, one: &Shown) -> Vec<Cell> {
    let schedule = &one.schedule;
    let upcoming: Vec<String> = one.upcoming.iter().map(|at| s.at(at)).collect();
    let next = if schedule.paused {
        Cell::text(s.t("web-schedule-paused"))
    } else {
        let mut upcoming = upcoming.into_iter();
        let first = upcoming.next().unwrap_or_else(|| "–".to_owned());
        let rest: Vec<String> = upcoming.collect();
        Cell::text(first).note(rest.join(&s.t("list-separator")))
    };
    let last = match (&schedule.last_at, &schedule.last_fault) {
        (None, _) => Cell::text(s.t("web-schedule-never")),
        (Some(at), Some(fault)) => Cell::text(s.at(at)).note(fault.clone()).class("bad"),
        (Some(at), None) => {
            let done = schedule.last_done.unwrap_or_default();
            let done = i64::try_from(done).unwrap_or(i64::MAX);
            Cell::text(s.at(at)).note(s.n("web-schedule-did", done))
        }
    };
    let running = schedule.claimed_until.is_some();
    let running = if running {
        s.t("web-schedule-runs")
    } else {
        String::new()
    };
    vec![
        Cell::text(s.w(&one.task)).note(running),
        Cell::text(schedule.cron.clone())
            .class("id")
            .note(schedule.zone.clone()),
        next,
        last,
    ]
}

fn edit_deed(s: &Shell, one: &Shown) -> Deed {
    let (task, schedule) = (one.task.key(), &one.schedule);
    let field = |name: &str, input| Field::new(name, s.t(format!("web-schedule-{name}")), input);
    Deed::new(
        &format!("edit-{task}"),
        format!("/reminders/schedules/{task}"),
        s.x("web-schedule-edit", s.w(&one.task)),
    )
    .hidden("version", schedule.version.number())
    .field(
        field("cron", Input::Text)
            .required()
            .value(&schedule.cron)
            .hint(s.t("web-schedule-cron-is")),
    )
    .field(field("zone", Input::Text).required().value(&schedule.zone))
    .field(field("pause", Input::Tick).value(if schedule.paused { "yes" } else { "" }))
}

/// Alters a schedule.
#[handler]
pub async fn edit(ask: Ask, Path(task): Path<String>, fields: Fields) -> Html {
    let task = Task::from_key(&task).ok_or_else(|| ask.not_found())?;
    let seen = fields.version(&ask)?;
    let wanted = Edit {
        cron: fields.text("cron").to_owned(),
        zone: fields.text("zone").to_owned(),
        paused: fields.some("pause").is_some(),
    };
    match schedule::edit(ask.office(), &ask.actor, task, seen, &wanted, ask.now).await {
        Ok(_) => Ok(to("/reminders/schedules?told=schedule-saved")),
        Err(error) => {
            let why = against(&ask, error)?;
            let deed = format!("edit-{}", task.key());
            show(&ask, &fields.refused(&deed, why)).await
        }
    }
}

/// Lets a schedule run within the next minute.
#[handler]
pub async fn run(ask: Ask, Path(task): Path<String>) -> Html {
    let task = Task::from_key(&task).ok_or_else(|| ask.not_found())?;
    let run = schedule::run_now(ask.office(), &ask.actor, task, ask.now).await;
    ask.done(run)?;
    Ok(to("/reminders/schedules?told=schedule-run"))
}
