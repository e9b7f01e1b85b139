//! The one way to write: a piece of work that is kept whole or not at all, and that is
//! done again from the start when others got in its way.

use super::backend::{Isolation, Tx};
use super::error::StoreError;
use super::{Store, subject};
use crate::domain::institution::Institution;
use crate::domain::record::Id;
use std::future::Future;
use std::time::Duration;

/// A piece of work: it loads facts, decides, and saves. It has no effect outside the
/// database, because it may run more than once.
pub trait Write: Send + Sync {
    type Out: Send;
    type Error: From<StoreError> + Send;

    /// Does the work. What it wrote is kept when it returns `Ok`.
    fn run(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Out, Self::Error>> + Send;

    /// The institutions whose figures the work decides on. They are locked, in the order
    /// of their identifiers, before anything is read: whoever comes second waits, then
    /// reads what the first one wrote.
    fn institutions(&self) -> Vec<Id<Institution>> {
        Vec::new()
    }

    /// [`Isolation::Serializable`] only where no lock covers what is read.
    fn isolation(&self) -> Isolation {
        Isolation::Locked
    }
}

/// How often a write is done again before the caller is told.
const MOST_RETRIES: u32 = 12;
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

enum Failed<E> {
    /// Others got in the way.
    Contended(E),
    For(E),
}

impl Store {
    /// Does a piece of work: all of it is kept, or nothing. Work that lost against
    /// others is done again from the start, a bounded number of times; then the error
    /// is [`StoreError::Contention`].
    pub async fn write<W: Write>(&self, write: W) -> Result<W::Out, W::Error> {
        let mut retries = 0;
        loop {
            match self.attempt(&write).await {
                Ok(out) => return Ok(out),
                Err(Failed::Contended(_)) if retries < MOST_RETRIES => {
                    tokio::time::sleep(self.pause(retries)).await;
                    retries += 1;
                }
                Err(Failed::Contended(error) | Failed::For(error)) => return Err(error),
            }
        }
    }

    async fn attempt<W: Write>(&self, write: &W) -> Result<W::Out, Failed<W::Error>> {
        let connection = self.pools.begin(write.isolation()).await;
        let mut tx = Tx::new(connection.map_err(of_store)?);
        let result = match self.prepare(&mut tx, &write.institutions()).await {
            Ok(()) => write.run(&mut tx).await,
            Err(error) => Err(error.into()),
        };
        match result {
            Ok(_) if self.held => {
                tx.rollback().await;
                Err(of_store(StoreError::Held))
            }
            Ok(out) => {
                tx.commit().await.map_err(of_store)?;
                if let Some(once) = &self.once {
                    once.kept();
                }
                Ok(out)
            }
            Err(error) => {
                let contended = tx.contended();
                tx.rollback().await;
                Err(if contended {
                    Failed::Contended(error)
                } else {
                    Failed::For(error)
                })
            }
        }
    }

    async fn prepare(&self, tx: &mut Tx, locked: &[Id<Institution>]) -> Result<(), StoreError> {
        subject::lock(tx, locked).await?;
        match &self.once {
            Some(once) => once.keep(tx).await,
            None => Ok(()),
        }
    }

    /// Twice as long each time, and not the same for writes that met each other.
    fn pause(&self, retries: u32) -> Duration {
        let longest = (FIRST_PAUSE * 2u32.pow(retries.min(8))).min(LONGEST_PAUSE);
        let turn = self
            .turns
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // steps of the golden ratio spread any run of turns evenly
        let share = turn.wrapping_mul(0x9E37_79B9) >> 24;
        longest / 2 + longest * share / 512
    }
}

fn of_store<E: From<StoreError>>(error: StoreError) -> Failed<E> {
    if error.is_contention() {
        Failed::Contended(error.into())
    } else {
        Failed::For(error.into())
    }
}
