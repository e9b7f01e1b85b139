//! What the server does by itself, as people and programs look at it.

use super::time::Timestamp;
use std::time::Duration;

/// How a job stands, on this instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// A word for programs, such as `seal`.
    pub job: &'static str,
    pub every: Duration,
    pub next_run: Timestamp,
    /// Since when it runs; `None` = it does not.
    pub running_since: Option<Timestamp>,
    /// The last run that ended well.
    pub last_run: Option<LastRun>,
    /// The last one that did not, however long ago.
    pub last_error: Option<LastError>,
    pub runs: u64,
    pub failures: u64,
}

/// A run that ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastRun {
    pub at: Timestamp,
    pub took: Duration,
    /// How many things it did; 0 also where another instance has the lease.
    pub done: u64,
}

/// A run that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastError {
    pub at: Timestamp,
    /// For operators; in English.
    pub message: String,
}

impl Status {
    /// When it ended last, well or not.
    pub fn last_end(&self) -> Option<Timestamp> {
        let well = self.last_run.map(|run| run.at);
        let failed = self.last_error.as_ref().map(|error| error.at);
        well.max(failed)
    }

    /// Whether the newest run failed.
    pub fn is_failing(&self) -> bool {
        match (&self.last_run, &self.last_error) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(run), Some(error)) => error.at > run.at,
        }
    }
}
