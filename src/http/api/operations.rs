//! How the program runs.

use super::Tag;
use crate::domain::job;
use crate::domain::time::Timestamp;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::Text;
use crate::http::site::Site;
use crate::service::state;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use std::sync::Arc;
use std::time::Duration;

pub struct Api;

/// What the server does by itself, on the instance that answers. Counted since it started.
#[derive(Debug, Object)]
struct Jobs {
    items: Vec<Job>,
}

/// A job, and how it stands.
#[derive(Debug, Object)]
struct Job {
    /// A word for programs, such as `seal`.
    job: String,
    every_seconds: u64,
    next_run: Text<Timestamp>,
    /// Null: it does not run now.
    running_since: Option<Text<Timestamp>>,
    /// When it ended last, well or not.
    last_end: Option<Text<Timestamp>>,
    /// When it ended well last.
    last_success: Option<Text<Timestamp>>,
    /// How long that took.
    took_milliseconds: Option<u64>,
    /// How many things it did then; 0 also where another instance did them.
    done: Option<u64>,
    /// The last run that failed, however long ago.
    last_failure: Option<Text<Timestamp>>,
    /// Why, in English.
    message: Option<String>,
    /// The newest run failed.
    failing: bool,
    runs: u64,
    failures: u64,
}

impl From<job::Status> for Job {
    fn from(status: job::Status) -> Self {
        let milliseconds = |took: Duration| u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let (run, error) = (status.last_run, status.last_error.as_ref());
        Self {
            job: status.job.to_owned(),
            every_seconds: status.every.as_secs(),
            next_run: Text(status.next_run),
            running_since: status.running_since.map(Text),
            last_end: status.last_end().map(Text),
            last_success: run.map(|run| Text(run.at)),
            took_milliseconds: run.map(|run| milliseconds(run.took)),
            done: run.map(|run| run.done),
            last_failure: error.map(|error| Text(error.at)),
            message: error.map(|error| error.message.clone()),
            failing: status.is_failing(),
            runs: status.runs,
            failures: status.failures,
        }
    }
}

#[OpenApi(prefix_path = "/operations", tag = "Tag::Operations")]
impl Api {
    /// What the server does by itself, and what became of it
    #[oai(path = "/jobs", method = "get", operation_id = "jobs")]
    async fn jobs(&self, site: Data<&Arc<Site>>, caller: Caller) -> Result<Json<Jobs>, Failure> {
        let jobs = caller.done(state::jobs(&caller.actor, || (site.jobs)()))?;
        Ok(Json(Jobs {
            items: jobs.into_iter().map(Job::from).collect(),
        }))
    }
}
