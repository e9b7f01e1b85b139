//! The randomness of an installation: given by main, and by tests, which count instead.

use super::secret::random;
use crate::domain::record::{Id, Ids};
use crate::domain::time::Timestamp;
use rand_core::{CryptoRng, TryCryptoRng, TryRng};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

/// A source of randomness that all use cases share. Cheap to clone.
#[derive(Clone)]
pub struct Chance {
    rng: Arc<Mutex<dyn CryptoRng + Send>>,
}

impl Chance {
    /// From a generator.
    pub fn new(rng: impl CryptoRng + Send + 'static) -> Self {
        Self {
            rng: Arc::new(Mutex::new(rng)),
        }
    }

    /// Draws from it.
    pub fn with<T>(&self, draw: impl FnOnce(&mut dyn CryptoRng) -> T) -> T {
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        draw(&mut *rng)
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        self.with(random::bytes)
    }

    /// A new identifier.
    pub fn id<T>(&self, now: Timestamp) -> Id<T> {
        Id::new(now, self.bytes())
    }

    /// A number that tells apart the changes of one millisecond.
    pub fn seed(&self) -> u64 {
        u64::from_be_bytes(self.bytes())
    }

    /// The identifiers of one piece of work.
    pub fn ids(&self, now: Timestamp) -> Ids {
        Ids::new(now, self.seed())
    }
}

impl TryRng for Chance {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.with(|rng| rng.fill_bytes(bytes));
        Ok(())
    }
}

impl TryCryptoRng for Chance {}
