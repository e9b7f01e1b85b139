//! The use cases: load facts, ask pure code, write the result once, hand back a plain
//! value. One file per noun.

pub mod error;
pub mod export;
pub mod import;
pub mod ledger;
pub mod rulebook;

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
