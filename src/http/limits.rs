//! How often one address may ask.

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Counts the requests of each address.
pub struct Limits {
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
    seen: AtomicU32,
}

/// Addresses that are long quiet are forgotten once in so many requests.
const FORGET_EVERY: u32 = 10_000;

impl Limits {
    /// `None` = not limited.
    pub fn new(requests_per_minute: Option<NonZeroU32>) -> Self {
        Self {
            addresses: requests_per_minute.map(|n| RateLimiter::keyed(Quota::per_minute(n))),
            clock: DefaultClock::default(),
            seen: AtomicU32::new(0),
        }
    }

    /// Counts a request; the wait after which another is admitted, if this one is not.
    pub fn check(&self, address: IpAddr) -> Result<(), Duration> {
        let Some(addresses) = &self.addresses else {
            return Ok(());
        };
        if self
            .seen
            .fetch_add(1, Ordering::Relaxed)
            .is_multiple_of(FORGET_EVERY)
        {
            addresses.retain_recent();
        }
        addresses
            .check_key(&network(address))
            .map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

/// An IPv6 client holds a whole network of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}
