//! Schedules: when the program does what by itself. Rows say when; any number of instances
//! look at them each minute, and the one that claims a run does it. A run that was missed is
//! made up for once.

use super::trail::{Told, tell};
use super::{Office, ServiceError, delivery, reminder};
use crate::domain::audit::{About, What, Who};
use crate::domain::label::labelled;
use crate::domain::record::{Stale, Version};
use crate::domain::refusal::Refusal;
use crate::domain::reminder::Bundle;
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::time::Timestamp;
use crate::store::schedule::{self, Outcome, Schedule};
use crate::store::{Tx, Write};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use serde_json::{Value, json};
use std::str::FromStr;
use std::time::Duration;

/// For so long a run is the one's who claimed it. Looking twice does no harm, so a longer
/// run loses nothing but time.
const CLAIM: Duration = Duration::from_secs(30 * 60);
/// Reminders are kept for so long after they were told.
const KEPT: Duration = Duration::from_secs(3 * 366 * 24 * 3600);

labelled! {
    /// What can be scheduled.
    pub enum Task {
        /// Looks everything through for what people are to be told of.
        Reminders = "查找应提醒事项" / "reminders",
        DailyDigest = "每日汇总" / "daily_digest",
        WeeklyDigest = "每周汇总" / "weekly_digest",
    }
}

impl Task {
    /// The task with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|task| task.key() == key)
    }

    /// When it runs unless somebody said otherwise: minute, hour, day, month, day of week.
    const fn usual(self) -> &'static str {
        match self {
            Self::Reminders => "0 6 * * *",
            Self::DailyDigest => "30 7 * * *",
            Self::WeeklyDigest => "45 7 * * 1",
        }
    }

    async fn run(self, office: &Office, now: Timestamp) -> Result<u64, ServiceError> {
        match self {
            Self::Reminders => {
                let made = reminder::look(office, now).await?;
                reminder::forget(office, now.minus(KEPT)).await?;
                Ok(made)
            }
            Self::DailyDigest => delivery::digest(office, Bundle::Daily, now).await,
            Self::WeeklyDigest => delivery::digest(office, Bundle::Weekly, now).await,
        }
    }
}

/// The time zone of schedules that say no other.
const ZONE: &str = "Asia/Shanghai";

/// The next instants after one that a cron text names in its time zone, at most `most`. A
/// local time that the clocks skip comes with the first instant after the gap; one that
/// they show twice comes once.
///
/// Refused: [`Refusal::BadCron`], [`Refusal::NoSuchZone`].
pub fn next(
    cron: &str,
    zone: &str,
    after: Timestamp,
    most: usize,
) -> Result<Vec<Timestamp>, Refusal> {
    let bad = |why: String| Refusal::BadCron { why };
    let parts = cron.split_whitespace().count();
    if parts != 5 {
        return Err(bad(
            "5 parts are wanted: minute, hour, day, month, day of week".to_owned(),
        ));
    }
    let cron = Cron::from_str(cron).map_err(|error| bad(error.to_string()))?;
    let zone = Tz::from_str(zone).map_err(|_| Refusal::NoSuchZone {
        zone: zone.to_owned(),
    })?;
    let micros = after.micros();
    let start: DateTime<Utc> =
        DateTime::from_timestamp_micros(micros).ok_or_else(|| bad("no such year".to_owned()))?;
    let mut at = start.with_timezone(&zone);
    let mut found = Vec::new();
    while found.len() < most {
        let next = cron.find_next_occurrence(&at, false);
        match next {
            // never again, or not within the years that are looked through
            Err(error) if found.is_empty() => return Err(bad(error.to_string())),
            Err(_) => break,
            Ok(next) => {
                found.push(Timestamp::from_clock(next.with_timezone(&Utc)));
                at = next;
            }
        }
    }
    Ok(found)
}

/// Rings: does what is due and nobody else does: how many things were done. Do it each
/// minute; more often does no harm.
pub async fn ring(office: &Office, holder: &str, now: Timestamp) -> Result<u64, ServiceError> {
    office.store.write(Prepare { now }).await?;
    let mut done = 0;
    let mut failed = None;
    for task in Task::ALL.iter().copied() {
        let name = task.key();
        let claim = Claim { name, holder, now };
        if !office.store.write(claim).await? {
            continue;
        }
        let result = task.run(office, now).await;
        let fault = result.as_ref().err().map(ToString::to_string);
        let count = result.as_ref().ok().copied();
        let finish = Finish {
            name,
            holder,
            now,
            done: count,
            fault,
        };
        office.store.write(finish).await?;
        done += count.unwrap_or(0);
        // one that fails keeps the others from nothing
        failed = failed.or(result.err());
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(done),
    }
}

/// Adds the schedules that are not there, and reckons those that do not say when.
struct Prepare {
    now: Timestamp,
}

impl Write for Prepare {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let known = schedule::all(tx).await?;
        for task in Task::ALL {
            let own = known.iter().find(|one| one.name == task.key());
            if own.is_none() {
                schedule::add(tx, task.key(), task.usual(), ZONE).await?;
            }
            if own.is_some_and(|own| own.next_at.is_some() || own.paused) {
                continue;
            }
            let (cron, zone) = match own {
                Some(own) => (own.cron.as_str(), own.zone.as_str()),
                None => (task.usual(), ZONE),
            };
            // a text that this program cannot read any more is shown as it is, and waits
            if let Some(first) = next(cron, zone, self.now, 1)
                .ok()
                .and_then(|n| n.first().copied())
            {
                schedule::reckon(tx, task.key(), first).await?;
            }
        }
        Ok(())
    }
}

struct Claim<'a> {
    name: &'a str,
    holder: &'a str,
    now: Timestamp,
}

impl Write for Claim<'_> {
    type Out = bool;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, ServiceError> {
        let until = self.now.plus(CLAIM);
        Ok(schedule::claim(tx, self.name, self.holder, self.now, until).await?)
    }
}

struct Finish<'a> {
    name: &'a str,
    holder: &'a str,
    now: Timestamp,
    done: Option<u64>,
    fault: Option<String>,
}

impl Write for Finish<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let own = schedule::find(tx, self.name).await?;
        // whatever was missed meanwhile was made up for by this run
        let upcoming = own.and_then(|own| next(&own.cron, &own.zone, self.now, 1).ok());
        let upcoming = upcoming.and_then(|next| next.first().copied());
        let outcome = Outcome {
            at: self.now,
            next: match self.fault {
                None => upcoming,
                // what failed is tried again soon, and not later than it would come anyway
                Some(_) => {
                    let soon = self.now.plus_seconds(300);
                    Some(upcoming.map_or(soon, |at| at.min(soon)))
                }
            },
            done: self.done,
            fault: self.fault.clone(),
        };
        schedule::done(tx, self.name, self.holder, &outcome).await?;
        Ok(())
    }
}

/// A schedule with the runs that come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub task: Task,
    pub schedule: Schedule,
    /// The next runs; none while it is paused.
    pub upcoming: Vec<Timestamp>,
}

/// How many runs are shown.
const SHOWN: usize = 5;

/// Every schedule with the runs that come.
pub async fn list(
    office: &Office,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Shown>, ServiceError> {
    permit(actor, Action::ReadOperations, &Subject::Installation)?;
    office.store.write(Prepare { now }).await?;
    let mut reader = office.store.read().await?;
    let all = schedule::all(&mut reader).await?;
    let shown = all.into_iter().filter_map(|schedule| {
        let task = Task::from_key(&schedule.name)?;
        Some(shown(task, schedule, now))
    });
    Ok(shown.collect())
}

fn shown(task: Task, schedule: Schedule, now: Timestamp) -> Shown {
    let mut upcoming: Vec<Timestamp> = Vec::new();
    if !schedule.paused {
        upcoming.extend(schedule.next_at);
        let after = schedule.next_at.unwrap_or(now);
        let more = next(&schedule.cron, &schedule.zone, after, SHOWN - 1);
        upcoming.extend(more.unwrap_or_default());
    }
    Shown {
        task,
        schedule,
        upcoming,
    }
}

/// What is altered of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub cron: String,
    pub zone: String,
    pub paused: bool,
}

/// Alters a schedule.
///
/// Refused: [`Refusal::BadCron`], [`Refusal::NoSuchZone`].
pub async fn edit(
    office: &Office,
    actor: &Actor,
    task: Task,
    seen: Version,
    edit: &Edit,
    now: Timestamp,
) -> Result<Shown, ServiceError> {
    permit(actor, Action::EditSchedule, &Subject::Installation)?;
    let first = next(&edit.cron, &edit.zone, now, 1)?.first().copied();
    office.store.write(Prepare { now }).await?;
    let editing = Editing {
        office,
        actor,
        task,
        seen,
        edit,
        first,
        now,
    };
    Ok(shown(task, office.store.write(editing).await?, now))
}

struct Editing<'a> {
    office: &'a Office,
    actor: &'a Actor,
    task: Task,
    seen: Version,
    edit: &'a Edit,
    first: Option<Timestamp>,
    now: Timestamp,
}

impl Write for Editing<'_> {
    type Out = Schedule;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Schedule, ServiceError> {
        let found = schedule::find(tx, self.task.key()).await?;
        let before = found.ok_or(ServiceError::NotFound)?;
        before.version.must_be(self.seen)?;
        let mut after = before.clone();
        after.cron.clone_from(&self.edit.cron);
        after.zone.clone_from(&self.edit.zone);
        after.paused = self.edit.paused;
        after.next_at = self.first.filter(|_| !after.paused);
        if !schedule::edit(tx, &after).await? {
            return Err(Stale {
                expected: self.seen,
                actual: before.version,
            }
            .into());
        }
        after.version = after.version.next();
        let who = Who::actor(self.actor);
        let told = Told {
            before: Some(described(&before)),
            after: Some(described(&after)),
            ..Told::new(&who, What::Action(Action::EditSchedule), about(self.task))
        };
        tell(self.office, tx, told, self.now).await?;
        Ok(after)
    }
}

fn described(schedule: &Schedule) -> Value {
    json!({ "cron": schedule.cron, "zone": schedule.zone, "paused": schedule.paused })
}

fn about(task: Task) -> About {
    About {
        noun: "schedule".to_owned(),
        id: task.key().to_owned(),
        ..About::default()
    }
}

/// Lets a schedule run with the next ring. A paused one stays paused.
pub async fn run_now(
    office: &Office,
    actor: &Actor,
    task: Task,
    now: Timestamp,
) -> Result<(), ServiceError> {
    permit(actor, Action::RunSchedule, &Subject::Installation)?;
    office.store.write(Prepare { now }).await?;
    let run = RunNow {
        office,
        actor,
        task,
        now,
    };
    office.store.write(run).await
}

struct RunNow<'a> {
    office: &'a Office,
    actor: &'a Actor,
    task: Task,
    now: Timestamp,
}

impl Write for RunNow<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        schedule::run_at(tx, self.task.key(), self.now).await?;
        let who = Who::actor(self.actor);
        let told = Told::new(&who, What::Action(Action::RunSchedule), about(self.task));
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        let read: DateTime<Utc> = text.parse().expect("an instant");
        Timestamp::from_clock(read)
    }

    fn runs(cron: &str, zone: &str, after: &str, most: usize) -> Vec<String> {
        let found = next(cron, zone, at(after), most).expect("runs");
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn in_their_own_time_zone() {
        assert_eq!(
            next("0 6 * * *", "Asia/Shanghai", at("2026-11-22T01:00:00Z"), 1),
            Ok(vec![at("2026-11-22T22:00:00Z")])
        );
        // a run is not its own next one
        assert_eq!(
            next("0 6 * * *", "Asia/Shanghai", at("2026-11-22T22:00:00Z"), 1),
            Ok(vec![at("2026-11-23T22:00:00Z")])
        );
    }

    #[test]
    fn where_clocks_are_put_forward_and_back() {
        // 2026-03-29 02:30 does not exist in Berlin; on 2026-10-25 it comes twice
        let spring = next("30 2 * * *", "Europe/Berlin", at("2026-03-28T12:00:00Z"), 2);
        assert_eq!(
            spring,
            Ok(vec![at("2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z")])
        );
        let autumn = next("30 2 * * *", "Europe/Berlin", at("2026-10-24T12:00:00Z"), 2);
        assert_eq!(
            autumn,
            Ok(vec![at("2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z")])
        );
        assert_eq!(
            runs("0 9 1 1 *", "Asia/Shanghai", "2026-11-22T00:00:00Z", 2).len(),
            2
        );
    }

    #[test]
    fn what_cannot_be_read() {
        let now = at("2026-11-22T00:00:00Z");
        for cron in [
            "",
            "* * * *",
            "* * * * * *",
            "61 * * * *",
            "0 0 30 2 *",
            "@daily",
        ] {
            let found = next(cron, "Asia/Shanghai", now, 1);
            assert!(
                matches!(found, Err(Refusal::BadCron { .. })),
                "{cron}: {found:?}"
            );
        }
        let found = next("* * * * *", "Mars/Base", now, 1);
        assert!(matches!(found, Err(Refusal::NoSuchZone { .. })));
    }
}
