//! The audit trail: events that are only ever added, each with a hash of its own
//! content, joined into a chain by seals. Whoever alters, removes, reorders or cuts off
//! events cannot make the chain fit again.

use super::change::{Author, Change};
use super::record::Id;
use super::time::Timestamp;
use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// Something that was done, seen or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: Id<Event>,
    pub at: Timestamp,
    /// The change that altered records; `None` = nothing was altered.
    pub change: Option<Id<Change>>,
    pub author: Author,
    /// What was done: a stable key such as `register.import`.
    pub action: String,
    pub subject: Option<Subject>,
    pub reason: Option<String>,
    /// What else there is to say, as JSON without personal data.
    pub detail: String,
}

/// What an event was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The noun: `person`, `institution`.
    pub kind: String,
    pub id: String,
}

impl Event {
    /// The hash of everything the event says.
    pub fn hash(&self) -> Hash {
        let mut content = Content::default();
        content.text(Some(&self.id.to_string()));
        content.text(Some(&self.at.micros().to_string()));
        content.text(self.change.map(|id| id.to_string()).as_deref());
        content.text(self.author.account.as_deref());
        content.text(Some(&self.author.name));
        content.text(Some(&self.author.role));
        content.text(Some(&self.action));
        content.text(self.subject.as_ref().map(|subject| subject.kind.as_str()));
        content.text(self.subject.as_ref().map(|subject| subject.id.as_str()));
        content.text(self.reason.as_deref());
        content.text(Some(&self.detail));
        content.0.finalize().into()
    }
}

/// The hash of a seal: of the seal before it, and of the event it joins on.
pub fn seal(before: Option<&Hash>, event: &Hash) -> Hash {
    let mut digest = Sha256::new();
    digest.update(before.unwrap_or(&[0; 32]));
    digest.update(event);
    digest.finalize().into()
}

/// Texts with their lengths before them, so that no two contents look alike.
#[derive(Default)]
struct Content(Sha256);

impl Content {
    fn text(&mut self, text: Option<&str>) {
        match text {
            None => self.0.update([0]),
            Some(text) => {
                self.0.update([1]);
                self.0.update((text.len() as u64).to_be_bytes());
                self.0.update(text);
            }
        }
    }
}

/// What is wrong with the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The content of an event is not what it was.
    Altered { event: String },
    /// A seal names an event that is not there.
    Missing { event: String },
    /// The seals do not count up one by one.
    Gap { position: i64 },
    /// A seal does not follow from the one before it.
    Broken { position: i64 },
}

/// What a check of the trail found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Events joined into the chain.
    pub sealed: u64,
    /// The newest events, not joined yet.
    pub unsealed: u64,
    /// The hash of the last seal: kept elsewhere, it shows when the end was cut off.
    pub head: Option<Hash>,
    pub faults: Vec<Fault>,
}
