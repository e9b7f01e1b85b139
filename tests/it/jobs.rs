//! What the server does by itself, with a clock in which hours pass at once.

use crate::support::database::{Database, Engine, on_both, run};
use crate::support::office::{NOW, PASSWORD, account_with, after, auditor, enter, office};
use dinggang::domain::rights::{Capacity, Extent};
use dinggang::domain::time::Timestamp;
use dinggang::jobs::{self, Board, Clock, Job, Status};
use dinggang::service::trail;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// Jumps to whatever is waited for; at `end` it rings.
struct Jumping {
    now: Mutex<Timestamp>,
    end: Timestamp,
    rings: Notify,
}

impl Jumping {
    fn new(end: Timestamp) -> Self {
        Self {
            now: Mutex::new(NOW),
            end,
            rings: Notify::new(),
        }
    }

    fn set(&self, instant: Timestamp) {
        *self.now.lock().expect("a clock") = instant;
    }
}

impl Clock for Jumping {
    fn now(&self) -> Timestamp {
        *self.now.lock().expect("a clock")
    }

    async fn until(&self, instant: Timestamp) {
        if instant > self.end {
            self.set(self.end);
            self.rings.notify_one();
            // nothing more happens
            std::future::pending::<()>().await;
        }
        if instant > self.now() {
            self.set(instant);
        }
    }
}

fn status(board: &Board, job: &str) -> Status {
    let mut all = board.statuses().into_iter();
    all.find(|status| status.job == job).expect("a job")
}

async fn count(database: &Database, table: &str) -> usize {
    let text = format!("select cast(count(*) as text) from {table}");
    database.lines(&text).await[0].parse().expect("a number")
}

on_both! {
    async fn hours_of_jobs(database: Database) {
        let office = office(&database.store);
        let capacity = Capacity::Auditor { extent: Extent::Everywhere };
        account_with(&office, "wang.li", vec![capacity], NOW).await;
        enter(&office, "wang.li", PASSWORD, NOW).await.expect("signed in");
        let wrong = enter(&office, "nobody", PASSWORD, NOW).await;
        assert!(wrong.is_err());
        for table in ["session", "setup_link", "throttle"] {
            assert_eq!(count(&database, table).await, 1, "{table}");
        }
        let board = Board::new(&jobs::JOBS[1..3]);
        let clock = Jumping::new(after(8 * 24 * 3600));
        jobs::run(&office, &board, &clock, clock.rings.notified()).await;
        for table in ["session", "setup_link", "throttle"] {
            assert_eq!(count(&database, table).await, 0, "{table} has run out");
        }
        let forgot = status(&board, "forget");
        assert_eq!((forgot.runs, forgot.failures), (8 * 24 + 1, 0));
        assert_eq!(forgot.next_run, after(8 * 24 * 3600 + 3600));
        assert_eq!(forgot.last_run.expect("a run").at, after(8 * 24 * 3600));
    }

    async fn the_chain_is_sealed_every_second_and_once_more_at_the_end(database: Database) {
        let office = office(&database.store);
        let board = Board::default();
        let clock = Jumping::new(after(5));
        let capacity = Capacity::Auditor { extent: Extent::Everywhere };
        account_with(&office, "wang.li", vec![capacity], NOW).await;
        jobs::run(&office, &board, &clock, clock.rings.notified()).await;
        let head = trail::head(&office, &auditor()).await.expect("a head");
        assert_eq!(head.sequence, 2);
        assert_eq!(status(&board, "seal").runs, 7, "six in time, one more at the end");
        // the lease is free at once for whoever comes next
        enter(&office, "wang.li", PASSWORD, after(5)).await.expect("signed in");
        assert_eq!(trail::seal(&office, "another", after(6)).await.expect("sealed"), 1);
    }

    async fn two_instances_do_it_once(database: Database) {
        let office = office(&database.store);
        enter(&office, "nobody", PASSWORD, NOW).await.expect_err("refused");
        let later = after(30 * 24 * 3600);
        let forget = dinggang::service::upkeep::forget;
        assert_eq!(forget(&office, "one", later).await.expect("done").attempts, 1);
        enter(&office, "nobody", PASSWORD, NOW).await.expect_err("refused");
        let other = forget(&office, "two", later).await.expect("asked");
        assert_eq!(other.total(), 0, "the other has the lease");
        let hour = later.plus(Duration::from_secs(3600));
        assert_eq!(forget(&office, "two", hour).await.expect("done").attempts, 1);
    }
}

// jobs are functions that know nothing of the test, so these are run once

#[test]
fn a_job_that_fails_is_told_and_comes_again() {
    run(Engine::Sqlite, failing);
}

#[test]
fn a_stop_waits_for_the_job_that_runs() {
    run(Engine::Sqlite, stopping);
}

async fn failing(database: Database) {
    static TURNS: AtomicU64 = AtomicU64::new(0);
    let job = Job {
        name: "failing",
        every: Duration::from_secs(60),
        work: |_, _, _| {
            Box::pin(async {
                match TURNS.fetch_add(1, Ordering::SeqCst) % 3 {
                    0 => panic!("on purpose"),
                    1 => Err(dinggang::service::ServiceError::NotFound),
                    _ => Ok(7),
                }
            })
        },
    };
    let office = office(&database.store);
    let board = Board::new(&[job]);
    let clock = Jumping::new(after(60));
    jobs::run(&office, &board, &clock, clock.rings.notified()).await;
    let stands = status(&board, "failing");
    assert!(stands.is_failing() && stands.last_run.is_none());
    assert_eq!(stands.last_error.expect("an error").message, "not found");
    assert_eq!((stands.runs, stands.failures), (2, 2));
    let clock = Jumping::new(after(0));
    jobs::run(&office, &board, &clock, clock.rings.notified()).await;
    let stands = status(&board, "failing");
    assert_eq!(stands.last_run.expect("a run").done, 7);
}

async fn stopping(database: Database) {
    static ENDED: AtomicBool = AtomicBool::new(false);
    static BEGUN: Notify = Notify::const_new();
    let slow = Job {
        name: "slow",
        every: Duration::from_secs(60),
        work: |_, _, _| {
            Box::pin(async {
                BEGUN.notify_one();
                tokio::time::sleep(Duration::from_millis(100)).await;
                ENDED.store(true, Ordering::SeqCst);
                Ok(1)
            })
        },
    };
    let office = office(&database.store);
    let board = Board::new(&[slow]);
    let clock = Jumping::new(after(3600));
    jobs::run(&office, &board, &clock, BEGUN.notified()).await;
    assert!(ENDED.load(Ordering::SeqCst));
    assert_eq!(status(&board, "slow").runs, 1);
}
