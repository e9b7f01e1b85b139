//! The clock of the jobs: given by main, and by tests, in which hours pass at once.

use crate::domain::time::Timestamp;
use std::future::Future;
use std::time::Duration;

/// Tells the time, and waits for it.
pub trait Clock: Send + Sync {
    /// The instant.
    fn now(&self) -> Timestamp;

    /// Waits until an instant; returns at once when it has passed.
    fn until(&self, instant: Timestamp) -> impl Future<Output = ()> + Send;
}

/// No wait is longer than this: a machine that slept, or whose clock was set, notices.
const LONGEST: Duration = Duration::from_secs(30);

/// The clock that `read` reads.
#[derive(Clone, Copy, Debug)]
pub struct Reading<F>(pub F);

impl<F: Fn() -> Timestamp + Send + Sync> Clock for Reading<F> {
    fn now(&self) -> Timestamp {
        (self.0)()
    }

    async fn until(&self, instant: Timestamp) {
        loop {
            let left = instant.since(self.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LONGEST)).await;
        }
    }
}
