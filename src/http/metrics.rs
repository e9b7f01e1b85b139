//! Figures of the running program, in the text that Prometheus reads.

use poem::http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::time::Duration;

/// What is counted, and where it is told.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Route, Histogram>,
    under_way: Gauge,
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

    /// All figures.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // writing to a string does not fail
        let _ = encode(&mut text, &self.registry);
        text
    }
}
