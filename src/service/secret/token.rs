//! Secrets that their holder carries and we only recognise: 256 random bits, so that a plain
//! SHA-256 is all that has to be kept. The letters before them say what they are for, to
//! people, to scanners for leaked secrets, and to this program: one kind never passes for
//! another.

use super::random;
use crate::domain::secret::TokenHash;
use data_encoding::BASE64URL_NOPAD;
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A cookie.
    Session,
    /// `Authorization: Bearer …`
    Api,
    /// A link to set up an account or a new password.
    SetupLink,
    /// A link to a calendar.
    Calendar,
}

impl TokenKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "dgs_",
            Self::Api => "dgt_",
            Self::SetupLink => "dgl_",
            Self::Calendar => "dgc_",
        }
    }
}

/// One such secret. Shown once, to its holder.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretToken {
    kind: TokenKind,
    bytes: Zeroizing<[u8; 32]>,
}

impl SecretToken {
    /// A new secret.
    pub fn generate(kind: TokenKind, rng: &mut dyn CryptoRng) -> Self {
        let bytes = Zeroizing::new(random::bytes(rng));
        Self { kind, bytes }
    }

    /// Reads what somebody carries; None when it cannot be one of ours of that kind.
    pub fn read(kind: TokenKind, text: &str) -> Option<Self> {
        let body = text.strip_prefix(kind.prefix())?;
        let bytes = BASE64URL_NOPAD.decode(body.as_bytes()).ok()?;
        let bytes = Zeroizing::new(bytes.try_into().ok()?);
        Some(Self { kind, bytes })
    }

    /// What its holder gets: letters, digits, `_` and `-`, 47 of them.
    pub fn reveal(&self) -> Zeroizing<String> {
        let body = BASE64URL_NOPAD.encode(&*self.bytes);
        Zeroizing::new(format!("{}{body}", self.kind.prefix()))
    }

    /// What is kept, and looked for.
    pub fn hash(&self) -> TokenHash {
        let hash = Sha256::new()
            .chain_update(self.kind.prefix())
            .chain_update(*self.bytes);
        TokenHash::new(hash.finalize().into())
    }
}

impl fmt::Debug for SecretToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretToken({:?})", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::secret::random::tests::Counting;

    #[test]
    fn a_secret_is_recognised_by_its_hash() {
        let token = SecretToken::generate(TokenKind::Api, &mut Counting(0));
        let text = token.reveal();
        assert_eq!(text.len(), 47);
        let read = SecretToken::read(TokenKind::Api, &text).expect("as revealed");
        assert_eq!(read.hash(), token.hash());
        assert!(SecretToken::read(TokenKind::Session, &text).is_none());
        let session = SecretToken::generate(TokenKind::Session, &mut Counting(0));
        assert_ne!(session.hash(), token.hash(), "the kind is hashed too");
        assert_eq!(format!("{token:?}"), "SecretToken(Api)");
    }

    #[test]
    fn other_texts_are_none() {
        for bad in ["", "dgt_", "dgt_AAAA", "Bearer x", &"A".repeat(47)] {
            assert!(SecretToken::read(TokenKind::Api, bad).is_none(), "{bad}");
        }
    }
}
