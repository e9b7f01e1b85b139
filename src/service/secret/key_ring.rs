//! The keys of an installation: one for lookups, one for forms, and a growing list for
//! encrypted fields, of which the last writes and all read.

use super::random;
use crate::domain::ids::NationalId;
use crate::domain::secret::{LookupHash, Phone, SecretField};
use crate::domain::time::Timestamp;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// 256 bits, wiped when no longer used.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// Number of a field key, from 1. Stands in every ciphertext.
pub type KeyId = u32;

/// All keys.
pub struct KeyRing {
    fields: Vec<FieldKey>,
    /// Not changed by [`KeyRing::rotate`]: the hashes made with it would find nothing more,
    /// and the same person could be entered twice.
    lookup: Key,
    csrf: Key,
}

pub(super) struct FieldKey {
    pub(super) id: KeyId,
    made: Timestamp,
    pub(super) key: Key,
}

/// What is wrong with a file of keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not TOML, or not in this form; the parser's own words, without the text.
    #[error("not a file of keys: {0}")]
    Form(String),
    /// A key that is not 32 bytes in base64url.
    #[error("the key {0} is not 32 bytes")]
    Key(String),
    /// Field keys are numbered from 1 without gaps; so none was lost.
    #[error("the field keys are not numbered from 1")]
    Numbers,
}

impl KeyRing {
    /// New keys for a new installation.
    pub fn generate(now: Timestamp, rng: &mut dyn CryptoRng) -> Self {
        let mut ring = Self {
            fields: Vec::new(),
            lookup: Key::new(random::bytes(rng)),
            csrf: Key::new(random::bytes(rng)),
        };
        ring.rotate(now, rng);
        ring
    }

    /// Adds a field key with which everything is written from now on; the ones before keep
    /// reading what they wrote.
    pub fn rotate(&mut self, now: Timestamp, rng: &mut dyn CryptoRng) -> KeyId {
        let id = self.current_id().saturating_add(1);
        self.fields.push(FieldKey {
            id,
            made: now,
            key: Key::new(random::bytes(rng)),
        });
        id
    }

    /// Number of the key that writes.
    pub fn current_id(&self) -> KeyId {
        self.fields.last().map_or(0, |key| key.id)
    }

    pub(super) fn current(&self) -> Option<&FieldKey> {
        self.fields.last()
    }

    pub(super) fn field_key(&self, id: KeyId) -> Option<&Key> {
        let found = self.fields.iter().find(|key| key.id == id);
        found.map(|key| &key.key)
    }

    /// Key of the tokens in forms.
    pub fn csrf(&self) -> &[u8; 32] {
        &self.csrf
    }

    /// A name for these keys that gives nothing away: what a backup says it needs, and what
    /// the database says it was written with. Rotation leaves it.
    pub fn fingerprint(&self) -> String {
        let hash = self.keyed_hash(&[b"dinggang key fingerprint 1"]);
        HEXLOWER.encode(hash.get(..8).unwrap_or_default())
    }

    /// Hash that finds a person by identity number.
    pub fn lookup_national_id(&self, id: &NationalId) -> LookupHash {
        self.lookup(SecretField::NationalId, id.as_str())
    }

    /// Hash that finds a person by telephone number.
    pub fn lookup_phone(&self, phone: &Phone) -> LookupHash {
        self.lookup(SecretField::Phone, phone.as_str())
    }

    /// Hash that finds a value which has one writing.
    pub fn lookup(&self, field: SecretField, normalised: &str) -> LookupHash {
        // the byte that stands in no key of a field keeps the two apart
        let parts = [field.key().as_bytes(), &[0], normalised.as_bytes()];
        LookupHash::new(self.keyed_hash(&parts))
    }

    fn keyed_hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mac = Hmac::<Sha256>::new_from_slice(&*self.lookup);
        let mut mac = mac.expect("HMAC takes keys of any length");
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }

    /// Reads the text of a file of keys.
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        // the parser's message with the line would put a key into a log
        let file: KeyFile =
            toml::from_str(text).map_err(|e| KeyFault::Form(e.message().to_owned()))?;
        let numbered = (1..).zip(&file.field).all(|(n, key)| key.id == n);
        if file.field.is_empty() || !numbered {
            return Err(KeyFault::Numbers);
        }
        let fields = file.field.into_iter().map(FieldKey::read);
        Ok(Self {
            fields: fields.collect::<Result<_, _>>()?,
            lookup: decode("lookup", &file.lookup)?,
            csrf: decode("csrf", &file.csrf)?,
        })
    }

    /// The text of the file of keys.
    pub fn render(&self) -> Zeroizing<String> {
        let file = KeyFile {
            lookup: encode(&self.lookup),
            csrf: encode(&self.csrf),
            field: self.fields.iter().map(FieldKey::write).collect(),
        };
        // plain strings and numbers always have a TOML form
        let body = toml::to_string(&file).unwrap_or_default();
        Zeroizing::new(format!("{HEADING}{body}"))
    }
}

const HEADING: &str = "\
# 定岗的密钥。有此文件者可解开数据库中的证件号码和电话。请与数据库备份分开保存，切勿丢失、切勿修改。
# Keys of Dinggang. Whoever has this file can read the identity and telephone numbers in the
# database; without it nobody can. Keep a copy apart from the backups, and change nothing.
";

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({} field keys)", self.fields.len())
    }
}

impl FieldKey {
    fn read(stored: StoredKey) -> Result<Self, KeyFault> {
        let name = format!("field {}", stored.id);
        let made = stored.made.parse();
        Ok(Self {
            id: stored.id,
            made: made.map_err(|_| KeyFault::Form("made".to_owned()))?,
            key: decode(&name, &stored.key)?,
        })
    }

    fn write(&self) -> StoredKey {
        StoredKey {
            id: self.id,
            made: self.made.to_string(),
            key: encode(&self.key),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    lookup: Zeroizing<String>,
    csrf: Zeroizing<String>,
    field: Vec<StoredKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredKey {
    id: KeyId,
    made: String,
    key: Zeroizing<String>,
}

fn encode(key: &Key) -> Zeroizing<String> {
    Zeroizing::new(BASE64URL_NOPAD.encode(&**key))
}

fn decode(name: &str, text: &str) -> Result<Key, KeyFault> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
    let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    key.map(Key::new)
        .ok_or_else(|| KeyFault::Key(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::secret::random::tests::Counting;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn ring() -> KeyRing {
        KeyRing::generate(NOW, &mut Counting(0))
    }

    #[test]
    fn a_file_of_keys_reads_back() {
        let mut ring = ring();
        assert_eq!(ring.rotate(NOW, &mut Counting(100)), 2);
        let text = ring.render();
        let read = KeyRing::parse(&text).expect("as written");
        assert_eq!(*read.render(), *text);
        assert_eq!((read.current_id(), read.csrf()), (2, ring.csrf()));
    }

    #[test]
    fn damaged_files_are_refused_and_give_nothing_away() {
        let text = ring().render();
        for (from, to) in [
            ("id = 1", "id = 2"),
            ("csrf = \"", "csrf = \"x"),
            ("[[field]]", "[[fields]]"),
            ("lookup", "lookupp"),
        ] {
            let fault = KeyRing::parse(&text.replace(from, to)).expect_err("damaged");
            let key = text.split('"').nth(1).expect("a key");
            assert!(!fault.to_string().contains(key), "{fault}");
        }
        assert!(KeyRing::parse("").is_err());
    }

    #[test]
    fn lookups_find_the_same_value_of_the_same_field_after_rotation() {
        let mut ring = ring();
        let id = NationalId::read("11010519491231002X").expect("published as valid");
        let before = ring.lookup_national_id(&id);
        ring.rotate(NOW, &mut Counting(100));
        assert_eq!(ring.lookup_national_id(&id), before);
        assert_ne!(ring.lookup(SecretField::Phone, id.as_str()), before);
        let other = KeyRing::generate(NOW, &mut Counting(7));
        assert_ne!(other.lookup_national_id(&id), before);
        assert_ne!(other.fingerprint(), ring.fingerprint());
        assert_eq!(ring.fingerprint().len(), 16);
    }
}
