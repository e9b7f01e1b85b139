//! The register as a whole: what the import workbook holds, as the records have it for
//! a day, and the way a workbook becomes records.
//!
//! A workbook says what holds on its day. Recorded, it is valid from that day until the
//! next day of which something else was said: a later workbook, or a change made by
//! hand. An older workbook can so be recorded after a newer one, and the same one twice
//! changes nothing.

mod compare;
mod complete;
mod load;
pub mod part;
mod record;

pub use compare::{Comparison, Difference, Differences, compare};
pub use complete::{Begins, Scope, add as add_complete, begins, records_begin};
pub use load::{Loaded, Part, load, load_area};
pub use record::{Tell, record};

use crate::domain::secret::{Findable, LookupHash, SecretField};

pub(in crate::store) use complete::STATEMENTS;

/// Seals and opens what the records keep secret. The store never sees the keys.
pub trait Vault: Sync {
    /// The keyed hash by which a text of a field is found. The same text has always the
    /// same.
    fn hash(&self, field: SecretField, text: &str) -> LookupHash;

    /// The text, sealed: its keyed hash, and a cipher of it.
    fn seal(&self, field: SecretField, text: &str) -> Findable;

    /// The text that was sealed; `None` = not by this vault, or for another field.
    fn open(&self, field: SecretField, secret: &Findable) -> Option<String>;
}
