//! How the program runs: its jobs, its backups.

use super::administration::tabs;
use super::ask::{Ask, Html, html, with_status};
use super::fields::status;
use super::to;
use crate::domain::job::Status;
use crate::domain::rights::Action;
use crate::i18n::{Arg, has, t};
use crate::service::backup::{self, Listed};
use crate::service::state;
use crate::view::Shell;
use crate::view::form::{Deed, Refused};
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;

/// The words for a job; those of another version as they are.
fn job_word(s: &Shell, job: &str) -> String {
    let key = format!("web-job-{}", job.replace('_', "-"));
    if has(s.lang, &key) {
        s.t(key)
    } else {
        job.to_owned()
    }
}

/// What the server does by itself, and what became of it.
#[handler]
pub async fn jobs_page(ask: Ask) -> Html {
    ask.permitted(Action::ReadOperations)?;
    let jobs = state::jobs(&ask.actor, || (ask.site.jobs)());
    let jobs = ask.done(jobs)?;
    let shell = ask.shell().await?.undated();
    let s = &shell;
    let heads = [
        ("web-job", false),
        ("web-job-every", false),
        ("web-job-last", false),
        ("web-job-next", false),
        ("web-job-runs", true),
        ("web-job-failures", true),
        ("web-job-failed", false),
    ];
    let mut page = TablePage::new(s, s.t("web-jobs"), &heads);
    page.tabs = tabs(s);
    page.intro = vec![s.t("web-jobs-are")];
    page.rows = jobs.iter().map(|one| row(s, one)).collect();
    if ask.can(Action::RunSchedule) {
        // what runs every second needs nobody who asks for it
        let slow = jobs.iter().filter(|one| one.every.as_secs() >= 60);
        page.deeds = slow
            .map(|one| {
                let to = format!("/operations/jobs/{}/run", one.job);
                let title = s.x("web-job-run", job_word(s, one.job));
                Deed::new(&format!("run-{}", one.job), to, title)
            })
            .collect();
    }
    Ok(html(&page))
}

fn row(s: &Shell, one: &Status) -> Vec<Cell> {
    let seconds = one.every.as_secs();
    let every = if seconds >= 60 {
        s.n("web-job-minutes", seconds / 60)
    } else {
        s.n("web-job-seconds", seconds)
    };
    let last = match (&one.running_since, &one.last_run) {
        (Some(since), _) => Cell::text(s.x("web-job-running", s.at(since))),
        (None, Some(run)) => Cell::day(s.at(&run.at)).note(s.n("web-job-did", run.done)),
        (None, None) => Cell::text(s.t("web-job-never")),
    };
    let failed = match &one.last_error {
        None => Cell::text("–"),
        Some(error) => {
            let cell = Cell::text(s.at(&error.at)).note(error.message.clone());
            if one.is_failing() {
                cell.class("bad")
            } else {
                cell
            }
        }
    };
    vec![
        Cell::text(job_word(s, one.job)),
        Cell::text(every),
        last,
        Cell::day(s.at(&one.next_run)),
        Cell::number(one.runs),
        Cell::number(one.failures),
        failed,
    ]
}

/// Lets a job run as soon as the loop comes round.
#[handler]
pub async fn run_job(ask: Ask, Path(job): Path<String>) -> Html {
    ask.permitted(Action::RunSchedule)?;
    let woken = state::wake(&ask.actor, || (ask.site.wake)(&job));
    if !ask.done(woken)? {
        return Err(ask.not_found());
    }
    Ok(to("/operations/jobs?told=job-woken"))
}

/// The backups that lie in the folder for them.
#[handler]
pub async fn backups_page(ask: Ask) -> Html {
    backups(&ask, None, &Refused::default()).await
}

/// `checked`: the one that was just held against its manifest, and what came of it.
async fn backups(ask: &Ask, checked: Option<(String, bool)>, refused: &Refused) -> Html {
    ask.permitted(Action::ReadOperations)?;
    let kept = ask.site.settings.backups.as_ref();
    let listed = backup::list(&ask.actor, kept);
    let listed = ask.done(listed)?;
    let shell = ask.shell().await?.undated().at_path("/operations/backups");
    let s = &shell;
    let heads = [
        ("web-backup-file", false),
        ("web-backup-made", false),
        ("web-backup-bytes", true),
        ("web-backup-rows", true),
        ("web-backup-program", false),
        ("web-state", false),
    ];
    let mut page = TablePage::new(s, s.t("web-backups"), &heads);
    page.tabs = tabs(s);
    page.intro = vec![s.t(if kept.is_some() {
        "web-backups-are"
    } else {
        "web-backups-none-here"
    })];
    page.empty = s.t("web-backups-none");
    page.notes = vec![s.t("web-backups-keys")];
    page.rows = listed
        .iter()
        .map(|one| backup_row(s, one, checked.as_ref()))
        .collect();
    if ask.can(Action::RunBackup) && kept.is_some() {
        let mut make = Deed::new("make", "/operations/backups", s.t("web-backup-make"));
        make.primary = true;
        page.deeds.push(make.refused(refused));
    }
    for one in &listed {
        let to = format!("/operations/backups/{}/check", one.name);
        let title = s.x("web-backup-check", &one.name);
        page.deeds
            .push(Deed::new(&format!("check-{}", one.name), to, title));
    }
    Ok(with_status(status(refused), &page))
}

fn backup_row(s: &Shell, one: &Listed, checked: Option<&(String, bool)>) -> Vec<Cell> {
    let own = checked.filter(|(name, _)| *name == one.name);
    let state = match own {
        None => Cell::text(s.t("web-backup-unchecked")),
        Some((_, true)) => Cell::text(s.t("web-backup-whole")),
        Some((_, false)) => Cell::text(s.t("web-backup-damaged")).class("bad"),
    };
    vec![
        Cell::text(one.name.clone()).class("id"),
        Cell::day(s.at(&one.made_at)),
        Cell::number(one.bytes),
        Cell::number(one.rows),
        Cell::text(one.program.clone()),
        state,
    ]
}

/// Makes a backup now, and checks it.
#[handler]
pub async fn make_backup(ask: Ask) -> Html {
    ask.permitted(Action::RunBackup)?;
    let kept = ask.site.settings.backups.as_ref();
    let kept = kept.ok_or_else(|| ask.not_found())?;
    match backup::make(ask.office(), &ask.actor, kept, ask.now).await {
        Ok(_) => Ok(to("/operations/backups?told=backup-made")),
        Err(backup::BackupError::Service(error)) => Err(ask.failed(error)),
        Err(error) => {
            tracing::error!(%error, "a backup failed");
            let detail = error.to_string();
            let why = t(ask.lang, "web-backup-failed", &[("x", Arg::from(&detail))]);
            let refused = Refused {
                deed: "make".to_owned(),
                why: vec![why],
                given: Vec::new(),
            };
            backups(&ask, None, &refused).await
        }
    }
}

/// Holds a backup against its manifest.
#[handler]
pub async fn check_backup(ask: Ask, Path(name): Path<String>) -> Html {
    ask.permitted(Action::ReadOperations)?;
    let kept = ask.site.settings.backups.as_ref();
    let checked = backup::check(&ask.actor, kept, &name).await;
    let is_whole = ask.done(checked)?;
    let is_whole = is_whole.ok_or_else(|| ask.not_found())?;
    let mut shown = backups(&ask, Some((name, is_whole)), &Refused::default()).await?;
    shown.set_status(StatusCode::OK);
    Ok(shown)
}
