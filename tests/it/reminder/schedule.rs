//! Schedules: made up for once, by one instance, and as somebody says.

use super::world::{World, day, morning};
use crate::support::database::on_both;
use crate::support::office::{administrator, auditor, office};
use dinggang::domain::record::Version;
use dinggang::domain::refusal::Refusal;
use dinggang::service::schedule::{self, Edit, Task};
use dinggang::service::{Office, ServiceError};

async fn version(office: &Office, task: Task) -> Version {
    let now = morning(day("2026-11-23"));
    let all = schedule::list(office, &auditor(), now)
        .await
        .expect("listed");
    let own = all.into_iter().find(|one| one.task == task);
    own.expect("a schedule").schedule.version
}

on_both! {
    async fn missed_runs_are_made_up_for_once(database: Database) {
        let world = World::new(&database.store, 0).await;
        let office = &world.office;
        // nothing is due before the first time it names
        let noon = morning(day("2026-11-23")).plus_seconds(6 * 3600);
        assert_eq!(schedule::ring(office, "one", noon).await.expect("rung"), 0);
        let looked = "select coalesce(cast(max(last_at) as text), '') from schedule \
            where name = 'reminders'";
        assert_eq!(database.lines(looked).await, [""]);
        // nobody runs for a week
        let week = noon.plus_seconds(7 * 86_400);
        let other = Office { store: database.again().await, ..office.clone() };
        let (one, two) = tokio::join!(
            schedule::ring(office, "one", week),
            schedule::ring(&other, "two", week)
        );
        one.expect("rung");
        two.expect("rung");
        let rows = "select cast(count(*) as text) from schedule where last_done is not null \
            and last_fault is null and claimed_by is null";
        assert_eq!(database.lines(rows).await, ["3"]);
        let told = database.lines("select cast(count(*) as text) from reminder").await;
        assert_ne!(told, ["0"]);
        // the next one is tomorrow, not one of those that were missed
        let shown = schedule::list(office, &auditor(), week).await.expect("listed");
        let own = shown.iter().find(|one| one.task == Task::Reminders).expect("one");
        assert_eq!(own.upcoming[0], morning(day("2026-12-01")));
        assert_eq!(own.upcoming.len(), 5);
        assert!(own.upcoming.is_sorted());
        assert_eq!(schedule::ring(office, "one", week.plus_seconds(60)).await.expect("rung"), 0);
        other.store.close().await;
    }

    async fn paused_altered_and_run_by_hand(database: Database) {
        let office = &office(&database.store);
        let (now, actor) = (morning(day("2026-11-23")), administrator());
        let edit = |cron: &str, zone: &str, paused| Edit {
            cron: cron.to_owned(),
            zone: zone.to_owned(),
            paused,
        };
        let seen = version(office, Task::Reminders).await;
        let change = async |edit: Edit, seen| {
            schedule::edit(office, &actor, Task::Reminders, seen, &edit, now).await
        };
        let refused = change(edit("0 6 * *", "Asia/Shanghai", false), seen).await;
        assert!(matches!(refused, Err(ServiceError::Refused(reasons))
            if matches!(reasons[..], [Refusal::BadCron { .. }])));
        let refused = change(edit("0 6 * * *", "Asia/Peking", false), seen).await;
        assert!(matches!(refused, Err(ServiceError::Refused(reasons))
            if matches!(reasons[..], [Refusal::NoSuchZone { .. }])));
        let denied = schedule::edit(
            office, &auditor(), Task::Reminders, seen, &edit("0 6 * * *", "UTC", false), now,
        ).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))));
        let paused = change(edit("0 6 * * *", "UTC", true), seen).await.expect("paused");
        assert_eq!(paused.upcoming, []);
        let stale = change(edit("0 6 * * *", "UTC", false), seen).await;
        assert!(matches!(stale, Err(ServiceError::Stale { .. })), "{stale:?}");
        // a paused one does not run, nor by hand
        let later = now.plus_seconds(30 * 86_400);
        schedule::run_now(office, &actor, Task::Reminders, later).await.expect("asked");
        schedule::ring(office, "one", later).await.expect("rung");
        let ran = "select cast(count(*) as text) from schedule where name = 'reminders' \
            and last_at is not null";
        assert_eq!(database.lines(ran).await, ["0"]);
        let seen = version(office, Task::Reminders).await;
        let again = change(edit("0 6 * * *", "UTC", false), seen).await.expect("goes on");
        assert_eq!(again.upcoming[0], day("2026-11-23").begins().plus_seconds(14 * 3600));
        schedule::run_now(office, &actor, Task::Reminders, now).await.expect("asked");
        schedule::ring(office, "one", now).await.expect("rung");
        assert_eq!(database.lines(ran).await, ["1"]);
    }

    async fn clocks_that_are_put_back(database: Database) {
        let office = &office(&database.store);
        let actor = administrator();
        // in Berlin half past two never comes on 28 March 2027, and twice on 31 October
        for (from, until) in [("2027-03-27", "2027-03-29"), ("2027-10-30", "2027-11-01")] {
            let (mut now, end) = (day(from).begins(), day(until).begins());
            let seen = version(office, Task::Reminders).await;
            let edit = Edit {
                cron: "30 2 * * *".to_owned(),
                zone: "Europe/Berlin".to_owned(),
                paused: false,
            };
            schedule::edit(office, &actor, Task::Reminders, seen, &edit, now).await.expect("kept");
            let at = "select coalesce(cast(last_at as text), '') from schedule \
                where name = 'reminders'";
            let mut runs = std::collections::BTreeSet::new();
            let former = database.lines(at).await;
            while now < end {
                schedule::ring(office, "one", now).await.expect("rung");
                // the clock of the machine goes back an hour now and then
                let back = now.plus_seconds(-3600);
                schedule::ring(office, "one", back).await.expect("rung");
                runs.extend(database.lines(at).await);
                now = now.plus_seconds(1800);
            }
            runs.retain(|run| !former.contains(run));
            assert_eq!(runs.len(), 2, "{from}: {runs:?}");
        }
    }

    async fn one_that_died_is_taken_up(database: Database) {
        let office = &office(&database.store);
        let now = morning(day("2026-11-23"));
        schedule::ring(office, "one", now).await.expect("rung");
        let due = now.plus_seconds(2 * 86_400);
        // somebody claimed it and was killed
        let claimed = format!(
            "update schedule set claimed_by = 'dead', claimed_until = {}",
            due.plus_seconds(1800).micros()
        );
        database.sql(&claimed).await.expect("claimed");
        schedule::ring(office, "two", due).await.expect("rung");
        let ran = "select cast(count(*) as text) from schedule where last_at is not null";
        assert_eq!(database.lines(ran).await, ["0"]);
        schedule::ring(office, "two", due.plus_seconds(1800)).await.expect("rung");
        assert_eq!(database.lines(ran).await, ["3"]);
    }
}
