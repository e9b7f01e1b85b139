//! Encrypted fields: XChaCha20-Poly1305 with a random nonce of 192 bits, which may be drawn
//! for every value of every row without keeping count. A ciphertext is bound to its field
//! and to what stands beside it: moved elsewhere it does not open.

use super::key_ring::{Key, KeyId, KeyRing};
use super::random;
use crate::domain::secret::{Sealed, SecretField};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Where a ciphertext stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    pub field: SecretField,
    /// What it belongs to: the key of its row, or the lookup hash beside it.
    pub owner: &'a [u8],
}

/// Why a ciphertext does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// Not in the form `1.<key>.<text>`.
    #[error("not an encrypted field")]
    Form,
    /// It was written with a key that this file of keys does not have.
    #[error("the field key {0} is missing")]
    MissingKey(KeyId),
    /// Changed, cut, or moved here from another row or field.
    #[error("the encrypted field was changed or belongs elsewhere")]
    Altered,
}

/// Form of the ciphertexts; the first thing in each.
const FORM: &str = "1";
const NONCE: usize = 24;

impl KeyRing {
    /// Encrypts a value for its place, with the newest key.
    ///
    /// # Panics
    /// Never for values that fit into memory: the cipher refuses only those above 256 GiB.
    pub fn seal(&self, cell: Cell<'_>, value: &str, rng: &mut dyn CryptoRng) -> Sealed {
        let nonce: [u8; NONCE] = random::bytes(rng);
        let (id, key) = self.current().map_or((0, None), |k| (k.id, Some(&k.key)));
        let ciphertext = key.and_then(|key| encrypt(key, &nonce, cell, value));
        let ciphertext = ciphertext.expect("a ring has a key, and the value fits");
        let body = BASE64URL_NOPAD.encode(&[&nonce[..], &ciphertext].concat());
        Sealed::from_stored(format!("{FORM}.{id}.{body}"))
    }

    /// Decrypts a value that stands in its place.
    pub fn open(&self, cell: Cell<'_>, sealed: &Sealed) -> Result<Zeroizing<String>, SealFault> {
        let (id, body) = split(sealed).ok_or(SealFault::Form)?;
        let key = self.field_key(id).ok_or(SealFault::MissingKey(id))?;
        let bytes = BASE64URL_NOPAD
            .decode(body.as_bytes())
            .map_err(|_| SealFault::Form)?;
        let (nonce, ciphertext) = bytes.split_first_chunk().ok_or(SealFault::Form)?;
        let plain = decrypt(key, nonce, cell, ciphertext).ok_or(SealFault::Altered)?;
        String::from_utf8(plain)
            .map(Zeroizing::new)
            .map_err(|_| SealFault::Altered)
    }

    /// Whether it was written with an older key, and a rotation has to write it anew.
    pub fn is_outdated(&self, sealed: &Sealed) -> bool {
        split(sealed).is_some_and(|(id, _)| id != self.current_id())
    }
}

fn split(sealed: &Sealed) -> Option<(KeyId, &str)> {
    let (form, rest) = sealed.as_str().split_once('.')?;
    let (id, body) = rest.split_once('.')?;
    (form == FORM).then_some((id.parse().ok()?, body))
}

fn encrypt(key: &Key, nonce: &[u8; NONCE], cell: Cell<'_>, value: &str) -> Option<Vec<u8>> {
    let place = place(cell);
    let payload = Payload {
        msg: value.as_bytes(),
        aad: &place,
    };
    cipher(key).encrypt(&XNonce::from(*nonce), payload).ok()
}

fn decrypt(key: &Key, nonce: &[u8; NONCE], cell: Cell<'_>, ciphertext: &[u8]) -> Option<Vec<u8>> {
    let place = place(cell);
    let payload = Payload {
        msg: ciphertext,
        aad: &place,
    };
    cipher(key).decrypt(&XNonce::from(*nonce), payload).ok()
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(**key).into())
}

/// What is authenticated with the value. No key of a field has a zero byte in it, so that
/// field and owner cannot run into each other.
fn place(cell: Cell<'_>) -> Vec<u8> {
    let field = cell.field.key().as_bytes();
    let parts: [&[u8]; 4] = [b"dinggang field 1\0", field, b"\0", cell.owner];
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;
    use crate::service::secret::random::tests::Counting;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
    const NUMBER: &str = "11010519491231002X";

    fn ring() -> KeyRing {
        KeyRing::generate(NOW, &mut Counting(0))
    }

    fn cell(field: SecretField, owner: &[u8; 16]) -> Cell<'_> {
        Cell { field, owner }
    }

    #[test]
    fn a_value_opens_in_its_place_only() {
        let ring = ring();
        let here = cell(SecretField::NationalId, &[1; 16]);
        let sealed = ring.seal(here, NUMBER, &mut Counting(40));
        assert!(sealed.as_str().starts_with("1.1."));
        assert!(!sealed.as_str().contains(NUMBER));
        assert_eq!(
            ring.open(here, &sealed).expect("its place").as_str(),
            NUMBER
        );
        for elsewhere in [
            cell(SecretField::NationalId, &[2; 16]),
            cell(SecretField::Phone, &[1; 16]),
        ] {
            assert_eq!(ring.open(elsewhere, &sealed), Err(SealFault::Altered));
        }
    }

    #[test]
    fn the_same_value_never_looks_the_same() {
        let (ring, mut rng) = (ring(), Counting(40));
        let here = cell(SecretField::Phone, &[1; 16]);
        assert_ne!(
            ring.seal(here, NUMBER, &mut rng),
            ring.seal(here, NUMBER, &mut rng)
        );
    }

    #[test]
    fn older_keys_read_and_the_newest_writes() {
        let mut ring = ring();
        let here = cell(SecretField::NationalId, &[1; 16]);
        let old = ring.seal(here, NUMBER, &mut Counting(40));
        assert!(!ring.is_outdated(&old));
        ring.rotate(NOW, &mut Counting(80));
        assert!(ring.is_outdated(&old));
        assert_eq!(ring.open(here, &old).expect("kept").as_str(), NUMBER);
        let new = ring.seal(here, NUMBER, &mut Counting(90));
        assert!(new.as_str().starts_with("1.2.") && !ring.is_outdated(&new));
        let lost = KeyRing::generate(NOW, &mut Counting(0));
        assert_eq!(lost.open(here, &new), Err(SealFault::MissingKey(2)));
    }

    #[test]
    fn what_is_no_ciphertext_is_refused() {
        let ring = ring();
        let here = cell(SecretField::NationalId, &[1; 16]);
        for bad in [
            "", NUMBER, "1.1", "2.1.AAAA", "1.x.AAAA", "1.1.AAAA", "1.1.!",
        ] {
            let sealed = Sealed::from_stored(bad.to_owned());
            assert_eq!(ring.open(here, &sealed), Err(SealFault::Form), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_change_is_noticed(value in ".{0,40}", at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_-]") {
            let ring = ring();
            let here = cell(SecretField::NationalId, &[1; 16]);
            let sealed = ring.seal(here, &value, &mut Counting(40));
            let opened = ring.open(here, &sealed).expect("its place");
            prop_assert_eq!(opened.as_str(), value.as_str());
            let mut text = sealed.as_str().to_owned();
            let at = at.index(text.len());
            text.replace_range(at..=at, &to);
            prop_assume!(text != sealed.as_str());
            prop_assert!(ring.open(here, &Sealed::from_stored(text)).is_err());
        }
    }
}
