//! Use cases: authorise, load, decide, save with the trail and the messages in one write.
//! Whoever adapts the outside (pages, API, commands, clock) calls this room and no other.

pub mod chance;
pub mod error;
pub mod export;
pub mod import;
pub mod ledger;
pub mod rulebook;
pub mod secret;
pub mod vault;

pub use chance::Chance;
pub use error::ServiceError;
pub use rulebook::Rulebook;
pub use vault::Vault;

use crate::store::Store;
use std::sync::Arc;

/// What every use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    pub store: Store,
    /// What is kept secret in the records, and the keys for it.
    pub vault: Arc<Vault>,
    /// Randomness for identifiers, salts and secrets.
    pub chance: Chance,
    /// The policies that apply.
    pub rulebook: Arc<Rulebook>,
}
