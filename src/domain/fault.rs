//! What can be wrong with a row. Codes and typed parameters, never sentences:
//! Fluent turns them into words.

use super::label::labelled;
use super::register::Origin;

labelled! {
    /// Why a row was refused (CONTRACT section 2).
    pub enum FaultCode {
        Missing = "缺少" / "missing",
        UnknownValue = "不在可选值内" / "unknown_value",
        BadMonth = "年月不对" / "bad_month",
        BadNumber = "数字不对" / "bad_number",
        IdChecksum = "证件号校验不符" / "id_checksum",
        IdBirthDate = "证件号出生日期不对" / "id_birth_date",
        UnknownInstitution = "没有这个机构" / "unknown_institution",
        EndBeforeStart = "终止早于起始" / "end_before_start",
        Duplicate = "重复" / "duplicate",
    }
}

labelled! {
    /// What is odd about a row that is read all the same (CONTRACT section 2).
    pub enum WarningCode {
        UnknownColumn = "不认识的列" / "unknown_column",
        RefusedInstitution = "机构行未通过" / "refused_institution",
        NoSuchPerson = "人员表中没有此人" / "no_such_person",
        PartialHistory = "履历不全" / "partial_history",
        LevelMissing = "有等级无聘任级别" / "level_missing",
        GradeLevelMismatch = "等级与级别不符" / "grade_level_mismatch",
        PostWithoutTitle = "聘任高于资格" / "post_without_title",
        PastRetirement = "已过退休年月" / "past_retirement",
        DirectedBelowSenior = "定向资格低于副高" / "directed_below_senior",
    }
}

/// What would have been right, so that the message can say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Anything at all (a required cell was blank).
    Something,
    /// A column of this name; nothing of the sheet is read without it.
    Column,
    /// A sheet of this name.
    Sheet,
    /// One of these words.
    OneOf(Vec<&'static str>),
    /// A place code of one of these lengths.
    PlaceCode(Vec<usize>),
    /// A month such as 1998-07.
    Month,
    /// A month written unambiguously (`1998.1` may be January or October).
    UnambiguousMonth,
    /// A whole number, 0 or more.
    Count,
    /// No more than the number in another column.
    AtMost { column: &'static str, number: u32 },
    /// An 18-character identity number.
    NationalId,
    /// An identity number kept as text (a number loses its last digits).
    NationalIdAsText,
    /// A birth date that exists and is not after the date of the check.
    BirthDate,
    /// A code that stands in the sheet 机构.
    InstitutionCode,
    /// No earlier than the start.
    NotBefore(super::month::Month),
    /// A value that no earlier row has; that row.
    Unique { first: Option<Origin> },
    /// Data, not the header again.
    NotAHeader,
}

/// One fault of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub origin: Origin,
    pub column: String,
    pub code: FaultCode,
    /// The cell as written; empty when blank.
    pub value: String,
    pub expected: Expected,
}

/// One oddity of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub origin: Origin,
    pub column: String,
    pub code: WarningCode,
    pub value: String,
}
