//! Figures of the running program, in the text that Prometheus reads.

use crate::domain::job::Status;
use crate::domain::time::Timestamp;
use poem::http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// What is counted, and where it is told.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Route, Histogram>,
    under_way: Gauge,
    jobs: Jobs,
}

/// What the server does by itself, on this instance.
struct Jobs {
    runs: Family<OfJob, Counter>,
    failures: Family<OfJob, Counter>,
    last_end: Family<OfJob, Gauge>,
    last_success: Family<OfJob, Gauge>,
    failing: Family<OfJob, Gauge>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfJob {
    job: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u32,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

impl Jobs {
    fn registered(registry: &mut Registry) -> Self {
        let jobs = Self {
            runs: Family::default(),
            failures: Family::default(),
            last_end: Family::default(),
            last_success: Family::default(),
            failing: Family::default(),
        };
        let last = "When it ended last, well or not, in seconds since 1970; 0 = not yet";
        let success = "When it ended well last, in seconds since 1970; 0 = not yet";
        registry.register("job_runs", "Runs begun", jobs.runs.clone());
        registry.register("job_failures", "Runs that failed", jobs.failures.clone());
        registry.register(
            "job_last_end_timestamp_seconds",
            last,
            jobs.last_end.clone(),
        );
        registry.register(
            "job_last_success_timestamp_seconds",
            success,
            jobs.last_success.clone(),
        );
        registry.register(
            "job_failing",
            "Whether the newest run failed",
            jobs.failing.clone(),
        );
        jobs
    }

    /// The board counts by itself; here its figures are copied.
    fn copy(&self, statuses: &[Status]) {
        for status in statuses {
            let of = OfJob { job: status.job };
            let count = |family: &Family<OfJob, Counter>, count| {
                let counter = family.get_or_create(&of);
                counter.inner().store(count, Ordering::Relaxed);
            };
            count(&self.runs, status.runs);
            count(&self.failures, status.failures);
            let set = |family: &Family<OfJob, Gauge>, value| {
                family.get_or_create(&of).set(value);
            };
            set(&self.last_end, seconds(status.last_end()));
            set(
                &self.last_success,
                seconds(status.last_run.map(|run| run.at)),
            );
            set(&self.failing, i64::from(status.is_failing()));
        }
    }
}

fn seconds(at: Option<Timestamp>) -> i64 {
    let seconds = at.map_or(0, Timestamp::unix_seconds);
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("dinggang");
        let requests = Family::default();
        let durations = Family::<Route, Histogram>::new_with_constructor(|| {
            // from half a millisecond to sixteen seconds
            Histogram::new(exponential_buckets(0.0005, 2.0, 16))
        });
        let under_way = Gauge::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register(
            "http_request_duration_seconds",
            "From the request's head to the answer's",
            durations.clone(),
        );
        registry.register(
            "http_requests_under_way",
            "Requests being answered",
            under_way.clone(),
        );
        let jobs = Jobs::registered(&mut registry);
        let version = [("version".into(), env!("CARGO_PKG_VERSION").into())];
        let build: Gauge = Gauge::default();
        build.set(1);
        registry
            .sub_registry_with_labels(version.into_iter())
            .register("build", "The program", build);
        Self {
            registry,
            requests,
            durations,
            under_way,
            jobs,
        }
    }

    pub fn begin(&self) {
        self.under_way.inc();
    }

    /// A request was answered. `route` is the pattern, never the path: paths name people.
    pub fn answered(&self, method: &Method, route: &str, status: u16, took: Duration) {
        self.under_way.dec();
        let (method, route) = (method.to_string(), route.to_owned());
        let status = u32::from(status);
        let labels = Answered {
            method: method.clone(),
            route: route.clone(),
            status,
        };
        self.requests.get_or_create(&labels).inc();
        let route = Route { method, route };
        let seconds = took.as_secs_f64();
        self.durations.get_or_create(&route).observe(seconds);
    }

    /// All figures; of the jobs, as they stand.
    pub fn text(&self, jobs: &[Status]) -> String {
        self.jobs.copy(jobs);
        let mut text = String::new();
        // writing to a string does not fail
        let _ = encode(&mut text, &self.registry);
        text
    }
}
