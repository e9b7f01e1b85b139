//! Statements: each has a name, a table it speaks of, and one text for both databases.
//! All of them can be listed, so that a test prepares every one on both.

/// One statement.
#[derive(Debug)]
pub struct Sql {
    /// Where it stands, for errors and tests: `institution::FIND`.
    pub name: &'static str,
    /// The table its rows are read from, for errors.
    pub table: &'static str,
    pub text: Text,
}

/// The text of a statement.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    /// The same for both databases.
    Same(&'static str),
    /// What cannot be said alike (see [`dialect`](super::dialect)).
    Each {
        sqlite: &'static str,
        postgres: &'static str,
    },
}

impl Text {
    /// As SQLite reads it.
    pub const fn sqlite(self) -> &'static str {
        match self {
            Self::Same(text) | Self::Each { sqlite: text, .. } => text,
        }
    }

    /// As PostgreSQL reads it.
    pub const fn postgres(self) -> &'static str {
        match self {
            Self::Same(text) | Self::Each { postgres: text, .. } => text,
        }
    }
}

/// Declares the statements of a file and lists them in `STATEMENTS`.
macro_rules! statements {
    ($table:literal: $($(#[$meta:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$meta])* const $name: $crate::store::sql::Sql = $crate::store::sql::Sql {
            name: concat!($table, "::", stringify!($name)),
            table: $table,
            text: $crate::store::sql::Text::Same($text),
        };)+

        /// Every statement of this file.
        pub(in crate::store) const STATEMENTS: &[$crate::store::sql::Sql] = &[$($name),+];
    };
}

pub(crate) use statements;
