//! The alarm clock of the server: it rings by itself, and of two instances one acts.

use super::world::{World, day, morning};
use crate::support::database::on_both;
use dinggang::domain::time::Timestamp;
use dinggang::jobs::{Clock, Reading, alarm};
use dinggang::service::secret::random;
use dinggang::service::{Chance, Office, Shelf, schedule};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

/// Shorter than the pause after which schedules are looked at without a ring.
const PATIENCE: Duration = Duration::from_secs(75);

/// How far the machine's clock is in its minute.
#[expect(clippy::disallowed_methods, reason = "the alarm clock goes by it")]
fn into_the_minute() -> Duration {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock");
    Duration::from_secs(now.as_secs() % 60) + Duration::from_nanos(now.subsec_nanos().into())
}

/// A clock that goes as the machine's does, and is a second past `shown` at its next full
/// minute: were it exactly then, the ring could come a hair too early.
fn clock_for(shown: Timestamp) -> impl Clock + Clone {
    let begun = std::time::Instant::now();
    let start = shown.plus_seconds(-59).plus(into_the_minute());
    Reading(move || start.plus(begun.elapsed()))
}

on_both! {
    async fn it_rings_and_one_of_two_acts(database: Database) {
        let world = World::new(&database.store, 2).await;
        let one = Office { chance: Chance::new(random::system()), ..world.office.clone() };
        let two = Office {
            store: database.again().await,
            shelf: Arc::new(Shelf::new(Shelf::USUAL)),
            chance: Chance::new(random::system()),
            ..world.office.clone()
        };
        // the day before the schedules are reckoned: reminders come at six in the morning
        let due = morning(day("2026-11-24"));
        let before = due.plus_seconds(-3600);
        assert_eq!(schedule::ring(&one, "before", before).await.expect("rung"), 0);
        let clock = clock_for(due);
        let (stop, stopped) = watch::channel(false);
        let until = |mut stopped: watch::Receiver<bool>| async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        let ran = "select cast(last_done as text) from schedule where name = 'reminders' \
            and last_at is not null";
        let watching = async {
            let begun = std::time::Instant::now();
            while database.lines(ran).await.is_empty() {
                assert!(begun.elapsed() < PATIENCE, "it did not ring");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            // the other one has rung too by now, and found nothing to do
            tokio::time::sleep(Duration::from_secs(3)).await;
            stop.send(true).expect("somebody listens");
        };
        tokio::join!(
            alarm::run(&one, &clock, until(stopped.clone())),
            alarm::run(&two, &clock, until(stopped)),
            watching
        );
        let told = database.lines("select cast(count(*) as text) from reminder").await;
        assert_ne!(told, ["0"]);
        assert_eq!(database.lines(ran).await, told, "all were made by one run");
        let at = database.lines(
            "select cast(last_at as text) from schedule where name = 'reminders'"
        ).await;
        let at = Timestamp::from_micros(at[0].parse().expect("a number"));
        assert!(due <= at && at < due.plus_seconds(60), "{at}");
        let claims = database.lines(
            "select cast(count(*) as text) from schedule where claimed_by is not null"
        ).await;
        assert_eq!(claims, ["0"]);
        two.store.close().await;
    }
}
