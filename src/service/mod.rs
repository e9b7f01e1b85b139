//! Use cases: authorise, load, decide, save with the trail and the messages in one write.
//! Whoever adapts the outside (pages, API, commands, clock) calls this room and no other.

pub mod error;
pub mod export;
pub mod import;
pub mod ledger;
pub mod rulebook;
pub mod secret;

pub use error::ServiceError;
pub use rulebook::Rulebook;

use crate::store::Store;
use crate::store::register::Vault;
use std::sync::Arc;

/// What every use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    pub store: Store,
    pub vault: Arc<dyn Vault + Send + Sync>,
    /// The policies that apply.
    pub rulebook: Arc<Rulebook>,
}
