//! Use cases: authorise, load, decide, save with the trail and the messages in one write.
//! Whoever adapts the outside (pages, API, commands, clock) calls this room and no other.

pub mod account;
pub mod adoption;
pub mod api_token;
pub mod backup;
pub mod bench;
pub mod calendar;
pub mod capacity;
pub mod catalogue;
pub mod chance;
pub mod delivery;
pub mod eligibility;
pub mod error;
pub mod excess;
pub mod export;
pub mod feed;
pub mod fhir;
pub mod figures;
pub mod forms;
pub mod import;
pub mod institution;
pub mod keys;
mod land;
pub mod ledger;
mod listing;
pub mod locus;
pub mod monitoring;
pub mod once;
pub mod person;
pub mod personal_data;
pub mod pinyin;
pub mod place;
pub mod preference;
pub mod promotion;
pub mod record;
pub mod recovery_code;
pub mod recruitment;
pub mod reminder;
pub mod round;
pub mod rulebook;
pub mod rural_doctor;
pub mod scenario;
pub mod schedule;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod shelf;
pub mod staff;
pub mod state;
pub mod trail;
pub mod upkeep;
pub mod vault;

pub use chance::Chance;
pub use error::{ServiceError, Trouble};
pub use rulebook::Rulebook;
pub use shelf::Shelf;
pub use vault::Vault;

use crate::domain::session::SessionRules;
use crate::mail::Post;
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
    /// Every policy there is.
    pub rulebook: Arc<Rulebook>,
    /// Figures that were made, for as long as what they were made from stays.
    pub shelf: Arc<Shelf>,
    /// The way out for mails and for robots of group chats.
    pub post: Arc<Post>,
    /// The folder for files of applications, which no web server serves.
    pub files: Arc<std::path::Path>,
}

/// How people are let in.
#[derive(Clone, Debug)]
pub struct Doors {
    pub passwords: Passwords,
    pub sessions: SessionRules,
    /// Those whose role needs it are asked for a second factor.
    pub second_factor: bool,
}
