//! Making, keeping and checking secrets. All randomness comes in as a parameter; the one
//! place that takes it from the operating system is [`random::system`], which main calls.
//!
//! | what | how | kept as |
//! |---|---|---|
//! | identity and telephone numbers | XChaCha20-Poly1305, bound to their row ([`KeyRing::seal`]) | ciphertext |
//! | finding them | HMAC-SHA256 of the one writing ([`KeyRing::lookup`]) | hash |
//! | sessions, API tokens, links, feeds | 256 random bits ([`SecretToken`]) | SHA-256 |
//! | passwords | argon2id ([`Passwords`]) | PHC text |
//! | second factor | TOTP, RFC 6238 ([`TotpSecret`]) | ciphertext |
//! | the keys themselves | a file of mode 0600 ([`key_file`]) | never in the database |

pub mod key_file;
mod key_ring;
mod password;
pub mod random;
mod sealing;
mod token;
mod totp;

pub use key_ring::{KeyFault, KeyId, KeyRing};
pub use password::{Cost, Passwords};
pub use sealing::{Cell, SealFault};
pub use token::{SecretToken, TokenKind};
pub use totp::TotpSecret;
