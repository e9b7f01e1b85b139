//! Why a whole file cannot be read. Codes and typed parameters, never
//! sentences.

/// Why a file was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No bytes at all.
    Empty,
    /// Neither xlsx nor xls nor ods: a web page or text saved under such a name, a picture.
    NotAWorkbook,
    /// A workbook in a format that is not read (xlsb); saving it as xlsx helps.
    OtherFormat,
    /// Opens only with a password.
    Password,
    /// Cut off or broken inside.
    Damaged,
    /// More data than any real workbook of this trade holds, or than it declares.
    TooLarge,
    /// No sheet bears one of the names, and none is the statistics export.
    WrongSheets {
        found: Vec<String>,
        expected: &'static [&'static str],
    },
    /// So many faulty rows that listing them helps nobody.
    TooManyFaults { limit: usize },
}

impl Refusal {
    /// The word used in JSON and for messages.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::NotAWorkbook => "not_a_workbook",
            Self::OtherFormat => "other_format",
            Self::Password => "password",
            Self::Damaged => "damaged",
            Self::TooLarge => "too_large",
            Self::WrongSheets { .. } => "wrong_sheets",
            Self::TooManyFaults { .. } => "too_many_faults",
        }
    }
}
