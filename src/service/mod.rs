//! Use cases: authorise, load, decide, save with the trail and the messages in one write.
//! Whoever adapts the outside (pages, API, commands, clock) calls this room and no other.

pub mod account;
pub mod api_token;
pub mod chance;
pub mod error;
pub mod export;
pub mod import;
pub mod keys;
pub mod ledger;
pub mod locus;
pub mod person;
pub mod rulebook;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod trail;
pub mod vault;

pub use chance::Chance;
pub use error::ServiceError;
pub use rulebook::Rulebook;
pub use vault::Vault;

use crate::domain::session::SessionRules;
use crate::store::Store;
use secret::Passwords;
use std::sync::Arc;

/// What every use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    pub store: Store,
    /// What is kept secret in the records, and the keys for it.
    pub vault: Arc<Vault>,
    /// Randomness for identifiers, salts and secrets.
    pub chance: Chance,
    /// How people are let in.
    pub doors: Doors,
    /// The policies that apply.
    pub rulebook: Arc<Rulebook>,
}

/// How people are let in.
#[derive(Clone, Debug)]
pub struct Doors {
    pub passwords: Passwords,
    pub sessions: SessionRules,
    /// Those whose role needs it are asked for a second factor.
    pub second_factor: bool,
}
