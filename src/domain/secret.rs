//! What is kept of secrets: ciphertexts, hashes and masks. The secrets themselves and the
//! keys never come here; `service/secret` makes and opens these values, `store` carries
//! them, and none of them shows its content in a log.

use super::ids::NationalId;
use super::label::labelled;
use std::fmt;

labelled! {
    /// Which field a ciphertext or a lookup hash is for. The key is part of what is
    /// authenticated, so it must not change; tables and columns may.
    pub enum SecretField {
        NationalId = "身份证件号码" / "person.national_id",
        Phone = "电话" / "person.phone",
        SecondFactor = "第二因素密钥" / "account.second_factor",
        /// Hashed only, never sealed.
        RecoveryCode = "恢复码" / "account.recovery_code",
        Answer = "请求的答复" / "idempotency.body",
    }
}

/// An encrypted field: `1.<key id>.<nonce and ciphertext in base64url>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(String);

impl Sealed {
    /// The text as it is stored. Nothing is checked: opening it does.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text to be stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// An encrypted field that can be found: the keyed hash of its text, and the ciphertext,
/// which opens beside that hash only.
#[derive(Clone)]
pub struct Findable {
    pub hash: LookupHash,
    pub sealed: Sealed,
}

impl PartialEq for Findable {
    /// By the hash: one text has another ciphertext each time it is sealed.
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

impl Eq for Findable {}

impl fmt::Debug for Findable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Findable(…)")
    }
}

/// A password as argon2id left it, in PHC form (`$argon2id$v=19$…`).
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The text as it is stored. Nothing is checked: verifying does.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text to be stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

macro_rules! hashes {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The hash with those bytes.
            pub const fn new(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// Its 32 bytes.
            pub const fn bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

hashes! {
    /// HMAC-SHA256 of a normalised value: finds a person by number without decrypting all.
    LookupHash,
    /// SHA-256 of a random secret that only its holder has: session, token, set-up link.
    TokenHash,
}

impl NationalId {
    /// `1501**********1234`: the place of first registration and the last four.
    pub fn masked(&self) -> String {
        mask(self.as_str(), 4, 4)
    }
}

/// A telephone number, digits only, without the country code of China.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// The text is no telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPhone;

impl Phone {
    /// Reads a mobile or fixed number; spaces, hyphens, brackets and +86 are forgiven.
    pub fn read(text: &str) -> Result<Self, NotAPhone> {
        let kept = text
            .chars()
            .filter(|c| !c.is_whitespace() && !"-－()（）".contains(*c));
        let compact: String = kept.collect();
        let national = ["+86", "0086"]
            .iter()
            .find_map(|code| compact.strip_prefix(code))
            .unwrap_or(&compact);
        let digits = national.bytes().all(|b| b.is_ascii_digit());
        // a local number of 7 digits up to an extension behind area code and number
        if digits && (7..=16).contains(&national.len()) {
            Ok(Self(national.to_owned()))
        } else {
            Err(NotAPhone)
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `138****5678`; of a short number the last two digits remain.
    pub fn masked(&self) -> String {
        match self.0.len() {
            11.. => mask(&self.0, 3, 4),
            _ => mask(&self.0, 0, 2),
        }
    }
}

impl fmt::Debug for Phone {
    /// Never the whole number: logs must not carry it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

/// Keeps the first `head` and the last `tail` characters.
fn mask(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    let hidden = head..length.saturating_sub(tail);
    let shown = |(at, c)| if hidden.contains(&at) { '*' } else { c };
    text.chars().enumerate().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_the_ends() {
        let id = NationalId::read("11010519491231002X").expect("published as valid");
        assert_eq!(id.masked(), "1101**********002X");
        let phone = |text| Phone::read(text).expect("a number").masked();
        assert_eq!(phone("+86 138-1234-5678"), "138****5678");
        assert_eq!(phone("0471-1234567"), "047****4567".to_owned());
        assert_eq!(phone("1234567"), "*****67");
    }

    #[test]
    fn one_writing_per_number() {
        assert_eq!(Phone::read("（0471）123 4567"), Phone::read("04711234567"));
        assert_eq!(Phone::read("0086 13812345678"), Phone::read("13812345678"));
        for bad in ["", "12345", "1381234567８", "12345678901234567", "+1 555"] {
            assert_eq!(Phone::read(bad), Err(NotAPhone), "{bad}");
        }
    }

    #[test]
    fn logs_show_nothing() {
        let phone = Phone::read("13812345678").expect("a number");
        assert_eq!(format!("{phone:?}"), "Phone(138****5678)");
        assert_eq!(format!("{:?}", TokenHash::new([7; 32])), "TokenHash(…)");
        assert_eq!(
            format!("{:?}", Sealed::from_stored("1.1.x".into())),
            "Sealed(…)"
        );
    }
}
