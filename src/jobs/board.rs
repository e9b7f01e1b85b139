//! What became of every job, for pages, figures and people to look at.

use super::{JOBS, Job};
use crate::domain::job::{LastError, LastRun, Status};
use crate::domain::time::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The jobs and how each of them stands. Cheap to clone.
#[derive(Clone)]
pub struct Board {
    entries: Arc<Mutex<Vec<Entry>>>,
}

struct Entry {
    job: Job,
    status: Status,
}

impl Default for Board {
    fn default() -> Self {
        Self::new(JOBS)
    }
}

impl Board {
    /// A board of those jobs, none of which was run.
    pub fn new(jobs: &[Job]) -> Self {
        let entries = jobs.iter().map(|job| Entry {
            job: *job,
            status: Status {
                job: job.name,
                every: job.every,
                next_run: Timestamp::LAST,
                running_since: None,
                last_run: None,
                last_error: None,
                runs: 0,
                failures: 0,
            },
        });
        Self {
            entries: Arc::new(Mutex::new(entries.collect())),
        }
    }

    /// How every job stands.
    pub fn statuses(&self) -> Vec<Status> {
        let entries = self.entries();
        entries.iter().map(|entry| entry.status.clone()).collect()
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn jobs(&self) -> Vec<Job> {
        self.entries().iter().map(|entry| entry.job).collect()
    }

    /// Every job is due once at the start: what was missed while nobody ran is made up for.
    pub(super) fn begin(&self, now: Timestamp) {
        for entry in self.entries().iter_mut() {
            entry.status.next_run = now;
        }
    }

    /// Lets a job be due now. Says whether it stands on the board.
    pub fn wake(&self, job: &str, now: Timestamp) -> bool {
        let mut entries = self.entries();
        let found = entries.iter_mut().find(|entry| entry.job.name == job);
        found.is_some_and(|entry| {
            entry.status.next_run = now;
            true
        })
    }

    /// When the next job is due.
    pub(super) fn next_run(&self) -> Timestamp {
        let entries = self.entries();
        let next = entries.iter().map(|entry| entry.status.next_run).min();
        next.unwrap_or(Timestamp::LAST)
    }

    /// The jobs that are due.
    pub(super) fn due(&self, now: Timestamp) -> Vec<Job> {
        let entries = self.entries();
        let due = entries.iter().filter(|entry| entry.status.next_run <= now);
        due.map(|entry| entry.job).collect()
    }

    pub(super) fn started(&self, job: &str, at: Timestamp) {
        self.change(job, |status| {
            status.running_since = Some(at);
            status.runs += 1;
        });
    }

    pub(super) fn ended(&self, job: &str, result: Result<u64, String>, at: Timestamp) {
        self.change(job, |status| {
            let began = status.running_since.take().unwrap_or(at);
            // counted from its beginning, so that it keeps its pace; late ones catch up once
            status.next_run = began.plus(status.every).max(at);
            match result {
                Ok(done) => {
                    let took = at.since(began);
                    status.last_run = Some(LastRun { at, took, done });
                }
                Err(message) => {
                    status.failures += 1;
                    status.last_error = Some(LastError { at, message });
                }
            }
        });
    }

    fn change(&self, job: &str, change: impl FnOnce(&mut Status)) {
        let mut entries = self.entries();
        if let Some(entry) = entries.iter_mut().find(|entry| entry.job.name == job) {
            change(&mut entry.status);
        }
    }
}
