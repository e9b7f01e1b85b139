//! What the server works with.

use super::metrics::Metrics;
use super::web::{self, Pending};
use crate::domain::job::Status;
use crate::domain::time::Timestamp;
use crate::service::Office;
use crate::service::backup::Kept;
use ipnet::IpNet;
use poem::Request;
use std::net::IpAddr;
use std::sync::Arc;

/// Reads the clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How the jobs of this instance stand now.
pub type Jobs = Arc<dyn Fn() -> Vec<Status> + Send + Sync>;

/// Lets a job of this instance be due now; whether there is one of that name.
pub type Wake = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// What the server works with. Shared by all requests.
pub struct Site {
    pub office: Office,
    pub clock: Clock,
    pub jobs: Jobs,
    pub wake: Wake,
    pub settings: Settings,
    pub metrics: Metrics,
    /// Files between being handed in and being confirmed.
    pub pending: Pending,
    /// Forms that were sent when nobody was signed in any more.
    pub kept: web::Kept,
}

/// How the server behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bytes of an uploaded file, at most.
    pub upload_limit: usize,
    /// Whose word about a client's address is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The site is reached by https, so that cookies may be for that only.
    pub secure: bool,
    /// Requests of one address in a minute, at most; `None` = not limited.
    pub requests_per_minute: Option<std::num::NonZeroU32>,
    /// Where backups go; `None` = nobody makes any from here.
    pub backups: Option<Kept>,
}

impl Site {
    pub fn new(
        office: Office,
        clock: Clock,
        jobs: Jobs,
        wake: Wake,
        settings: Settings,
    ) -> Arc<Self> {
        Arc::new(Self {
            office,
            clock,
            jobs,
            wake,
            settings,
            metrics: Metrics::new(),
            pending: Pending::default(),
            kept: web::Kept::default(),
        })
    }

    /// The instant by the clock.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Where a request comes from: the nearest address that is not one of our own proxies.
    pub fn address(&self, request: &Request) -> Option<IpAddr> {
        let peer = request.remote_addr().as_socket_addr()?.ip().to_canonical();
        let trusted = |address: IpAddr| {
            let nets = &self.settings.trusted_proxies;
            nets.iter().any(|net| net.contains(&address))
        };
        if !trusted(peer) {
            return Some(peer);
        }
        let header = request.headers().get_all("x-forwarded-for");
        let texts = header.iter().filter_map(|value| value.to_str().ok());
        let told: Vec<&str> = texts
            .flat_map(|text| text.split(','))
            .map(str::trim)
            .collect();
        let mut address = peer;
        for one in told.iter().rev() {
            let Ok(one) = one.parse::<IpAddr>() else {
                break;
            };
            address = one.to_canonical();
            if !trusted(address) {
                break;
            }
        }
        Some(address)
    }
}
