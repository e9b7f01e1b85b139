//! The vault of the records: identity and telephone numbers, sealed with the keys of the
//! installation.
//!
//! A ciphertext is bound to its field and to the lookup hash beside it, not to its row.
//! Sealing comes before there is a row: subjects are matched by their hash before any is
//! made, and a profile is written anew with every change of it. Moved beside another hash
//! a ciphertext does not open; hash and ciphertext moved together are what an administrator
//! of the database could do to any other column of the row as well.

use super::chance::Chance;
use super::secret::{Cell, KeyRing};
use crate::domain::secret::{Findable, LookupHash, Sealed, SecretField};
use crate::store::register;
use std::sync::{Arc, PoisonError, RwLock};

/// Seals and opens with a ring of keys, which may be exchanged for a rotated one.
pub struct Vault {
    ring: RwLock<Arc<KeyRing>>,
    chance: Chance,
}

impl Vault {
    /// With those keys; nonces come from `chance`.
    pub fn new(ring: KeyRing, chance: Chance) -> Self {
        Self {
            ring: RwLock::new(Arc::new(ring)),
            chance,
        }
    }

    /// The keys in use.
    pub fn ring(&self) -> Arc<KeyRing> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&ring)
    }

    /// Uses other keys from now on: those of [`KeyRing::rotate`], which still open what was
    /// sealed before.
    pub fn exchange(&self, ring: KeyRing) {
        let mut held = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        *held = Arc::new(ring);
    }

    /// Seals a text for a row that has its key already.
    pub fn seal_for(&self, cell: Cell<'_>, text: &str) -> Sealed {
        let ring = self.ring();
        self.chance.with(|rng| ring.seal(cell, text, rng))
    }

    /// The secret sealed with the newest key; `None` = it is already, or does not open.
    pub fn renewed(&self, field: SecretField, secret: &Findable) -> Option<Findable> {
        if !self.ring().is_outdated(&secret.sealed) {
            return None;
        }
        let text = register::Vault::open(self, field, secret)?;
        Some(register::Vault::seal(self, field, &text))
    }
}

fn beside(field: SecretField, hash: &LookupHash) -> Cell<'_> {
    Cell {
        field,
        owner: hash.bytes(),
    }
}

impl register::Vault for Vault {
    fn hash(&self, field: SecretField, text: &str) -> LookupHash {
        self.ring().lookup(field, text)
    }

    fn seal(&self, field: SecretField, text: &str) -> Findable {
        let ring = self.ring();
        let hash = ring.lookup(field, text);
        let cell = beside(field, &hash);
        let sealed = self.chance.with(|rng| ring.seal(cell, text, rng));
        Findable { hash, sealed }
    }

    fn open(&self, field: SecretField, secret: &Findable) -> Option<String> {
        let cell = beside(field, &secret.hash);
        let text = self.ring().open(cell, &secret.sealed).ok()?;
        Some(text.as_str().to_owned())
    }
}
