//! One macro for the closed word lists of the trade: a Rust name, the Chinese
//! label that stands in workbooks and policies, and the key used in JSON.

/// A value of a closed word list, seen only as its words: so that readers of another
/// language can be given theirs.
pub trait Labelled: Copy + 'static {
    /// The Rust name of the list.
    const LIST: &'static str;
    /// Every value.
    const VALUES: &'static [Self];
    /// The word used in workbooks and policies.
    fn word(&self) -> &'static str;
    /// The word used in JSON.
    fn id(&self) -> &'static str;
}

/// Declares an enum whose variants carry a Chinese label and an English key.
///
/// The order of the variants is the order of the codes used in columns
/// ([`code`](#method.code)) and in `policies/facts.toml`; a test holds the two together.
macro_rules! labelled {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $label:literal / $key:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        $vis enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order of the codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Every label, in the order of the codes.
            pub const LABELS: &'static [&'static str] = &[$($label),+];

            /// The word used in workbooks and policies.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// The word used in JSON.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// Position in [`Self::ALL`].
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The value with that label, if there is one.
            pub fn from_label(label: &str) -> Option<Self> {
                match label { $($label => Some(Self::$variant),)+ _ => None }
            }

            /// The value with that code, if there is one.
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }
        }

        impl $crate::domain::label::Labelled for $name {
            const LIST: &'static str = stringify!($name);
            const VALUES: &'static [Self] = $name::ALL;

            fn word(&self) -> &'static str {
                self.label()
            }

            fn id(&self) -> &'static str {
                self.key()
            }
        }
    };
}

pub(crate) use labelled;
