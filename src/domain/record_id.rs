//! Keys of records: UUID version 7 (RFC 9562), so that they sort by when they were made.
//! A type for every noun; one cannot stand where another is wanted.

use super::time::Timestamp;
use std::fmt;
use std::str::FromStr;
use uuid::{Builder, Uuid};

/// The text is not a UUID in the usual writing (`0190…-…`, lower case).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

macro_rules! record_ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A new key made at `now`; `random` is what tells apart keys of one millisecond.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self(Builder::from_unix_timestamp_millis(now.unix_millis(), &random).into_uuid())
            }

            /// The sixteen bytes.
            pub const fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let id = Uuid::try_parse(text).map_err(|_| NotAnId)?;
                // one writing per key: the text is compared in the databases
                let same = id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text;
                same.then_some(Self(id)).ok_or(NotAnId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self.0.as_hyphenated(), f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )+};
}

record_ids! {
    /// Key of an account.
    AccountId,
    /// Key of a capacity in which an account acts.
    CapacityId,
    /// Key of an institution (机构); its code may change, the key does not.
    InstitutionId,
    /// Key of a medical consortium (医共体、医联体).
    ConsortiumId,
    /// Key of a person (人员、乡村医生).
    PersonId,
    /// Key of an application (申报).
    ApplicationId,
    /// Key of a session.
    SessionId,
    /// Key of an API token.
    TokenId,
    /// Key of an event of the audit trail.
    EventId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_by_time_and_read_back() {
        let early = PersonId::new(Timestamp::from_micros(1_700_000_000_000_000), [0xff; 10]);
        let late = PersonId::new(Timestamp::from_micros(1_700_000_000_001_000), [0; 10]);
        assert!(early < late && early.to_string() < late.to_string());
        assert_eq!(early.to_string().parse(), Ok(early));
        assert_eq!(early.to_string().as_bytes()[14], b'7');
    }

    #[test]
    fn other_writings_of_a_key_are_refused() {
        let id = PersonId::new(Timestamp::from_micros(1_700_000_000_000_000), [0xab; 10]);
        let text = id.to_string();
        for bad in [
            text.to_uppercase(),
            text.replace('-', ""),
            format!("{{{text}}}"),
            String::new(),
        ] {
            assert_eq!(bad.parse::<PersonId>(), Err(NotAnId), "{bad}");
        }
    }
}
