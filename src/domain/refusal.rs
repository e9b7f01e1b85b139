//! Why something was not done: codes with typed parameters, never sentences. Fluent turns
//! them into words (`i18n::refusal`), the API shows code and parameters as they are.

use super::record_id::PersonId;
use super::time::{Date, Timestamp};

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The user name is not 2 to 64 letters, digits, `.`, `_`, `-` or Chinese characters.
    BadUserName,
    /// Somebody else has that user name.
    UserNameTaken,
    /// Fewer characters than `minimum`.
    PasswordTooShort { minimum: usize },
    /// More characters than `maximum`.
    PasswordTooLong { maximum: usize },
    /// Fewer kinds of characters than `minimum`, and not long enough to do without.
    PasswordTooPlain { minimum: usize, length: usize },
    /// It is among those tried first.
    PasswordTooCommon,
    /// It has the user name or the person's name in it.
    PasswordHasName,
    /// It is the one it is to replace.
    PasswordUnchanged,
    /// Name, password or code is wrong; which of them is not said.
    SignInFailed,
    /// Too many attempts; until when there is no use trying.
    TooManyAttempts { until: Timestamp },
    /// The account is locked; an administrator unlocks it.
    AccountLocked,
    /// The account is disabled.
    AccountDisabled,
    /// The account has not been set up by its owner yet.
    AccountNotSetUp,
    /// What was asked does not fit the state of the account.
    AccountState { state: super::account::State },
    /// The session has ended.
    SessionOver,
    /// The token cannot be used any more.
    TokenOver,
    /// A token with that lifetime is not made; days.
    TokenTooLong { maximum_days: u32 },
    /// A token that may do nothing.
    TokenForNothing,
    /// The link was used, replaced, or has run out.
    LinkOver,
    /// The code of the second factor is wrong, or was used before.
    CodeWrong,
    /// There is no second factor to confirm or to remove.
    NoSecondFactor,
    /// A second factor is there already.
    SecondFactorThere,
    /// Data of people who are employed is not erased.
    StillEmployed,
    /// The law asks that the file is kept; from which day on it need not be.
    RetentionRuns { until: super::time::Date },
    /// The records are complete from an earlier day on already.
    CompleteAlready { since: Date },
    /// Something the person asked for is not decided yet.
    CorrectionOpen,
    /// It was erased before.
    AlreadyErased,
    /// Somebody decided on it before.
    RequestClosed,
    /// There is no such policy.
    NoSuchPolicy { policy: String },
    /// The policy has no such rule.
    NoSuchRule { policy: String, rule: String },
    /// The policy applies everywhere, adopted or not.
    PolicyAppliesEverywhere { policy: String },
    /// The policy is for another place.
    PolicyForOtherPlace { policy: String, place: String },
    /// The policy has run out or was repealed by the day.
    PolicyOver { policy: String },
    /// The place has not adopted the policy by the day.
    NotAdopted { policy: String },
    /// The proposal was decided or withdrawn already.
    ProposalOver,
    /// A date before 1900 or after 2200.
    AbsurdDate { field: &'static str },
    /// An end that lies before its start.
    EndBeforeStart { field: &'static str },
    /// More than anybody can have meant.
    NumberTooLarge { field: &'static str, maximum: u32 },
    /// Less than there can be.
    NumberTooSmall { field: &'static str, minimum: u32 },
    /// An amount of money below zero or beyond reason.
    AbsurdAmount { field: &'static str },
    /// Parts that come to more than their total.
    SplitAboveTotal {
        field: &'static str,
        sum: u32,
        total: u32,
    },
    /// A text with nothing in it.
    BlankText { field: &'static str },
    /// A text of more characters than `maximum`.
    TextTooLong { field: &'static str, maximum: u32 },
    /// A text with signs that are not written.
    BadText { field: &'static str },
    /// A grade that does not belong to the level.
    GradeOfAnotherLevel { field: &'static str },
    /// A code or identifier of something that is not recorded.
    NoSuchThing { field: &'static str },
    /// What it needs does not hold for all of those days.
    NotThereYet { field: &'static str },
    /// The slot is not the one that the fact belongs to.
    WrongSlot { field: &'static str },
    /// Something else holds on those days, from that one on.
    Overlapping { from: Date },
    /// There is nothing to end on that day.
    NothingHolds { on: Date },
    /// It cannot end, for others rest on it.
    HasToHold { field: &'static str },
    /// A correction says why.
    ReasonMissing,
    /// A field that only the authority in charge changes.
    ReservedField { field: &'static str },
    /// Not an identity number, or no such birth date.
    BadIdNumber,
    /// Not a telephone number.
    BadPhone,
    /// Not an e-mail address.
    BadEmail,
    /// Somebody is recorded with that number; who, only for those who may see them.
    NumberTaken { person: Option<PersonId> },
    /// The code is in use.
    CodeTaken,
    /// Not a code of the right length.
    BadCode { field: &'static str },
    /// So many people would belong nowhere.
    StaffLeft { count: u32 },
    /// So many institutions below it would hang in the air.
    HousesLeft { count: u32 },
    /// The numbers of old and new institutions do not fit the manner.
    BadReorganisation { field: &'static str },
    /// The records are not complete for that day.
    NoRecordsYet { on: Date },
}

impl Refusal {
    /// The code: a word for programs, and the end of the key in `locales/`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadUserName => "bad_user_name",
            Self::UserNameTaken => "user_name_taken",
            Self::PasswordTooShort { .. } => "password_too_short",
            Self::PasswordTooLong { .. } => "password_too_long",
            Self::PasswordTooPlain { .. } => "password_too_plain",
            Self::PasswordTooCommon => "password_too_common",
            Self::PasswordHasName => "password_has_name",
            Self::PasswordUnchanged => "password_unchanged",
            Self::SignInFailed => "sign_in_failed",
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::AccountLocked => "account_locked",
            Self::AccountDisabled => "account_disabled",
            Self::AccountNotSetUp => "account_not_set_up",
            Self::AccountState { .. } => "account_state",
            Self::SessionOver => "session_over",
            Self::TokenOver => "token_over",
            Self::TokenTooLong { .. } => "token_too_long",
            Self::TokenForNothing => "token_for_nothing",
            Self::LinkOver => "link_over",
            Self::CodeWrong => "code_wrong",
            Self::NoSecondFactor => "no_second_factor",
            Self::SecondFactorThere => "second_factor_there",
            Self::StillEmployed => "still_employed",
            Self::RetentionRuns { .. } => "retention_runs",
            Self::CompleteAlready { .. } => "complete_already",
            Self::CorrectionOpen => "correction_open",
            Self::AlreadyErased => "already_erased",
            Self::RequestClosed => "request_closed",
            Self::NoSuchPolicy { .. } => "no_such_policy",
            Self::NoSuchRule { .. } => "no_such_rule",
            Self::PolicyAppliesEverywhere { .. } => "policy_applies_everywhere",
            Self::PolicyForOtherPlace { .. } => "policy_for_other_place",
            Self::PolicyOver { .. } => "policy_over",
            Self::NotAdopted { .. } => "not_adopted",
            Self::ProposalOver => "proposal_over",
            Self::AbsurdDate { .. } => "absurd_date",
            Self::EndBeforeStart { .. } => "end_before_start",
            Self::NumberTooLarge { .. } => "number_too_large",
            Self::NumberTooSmall { .. } => "number_too_small",
            Self::AbsurdAmount { .. } => "absurd_amount",
            Self::SplitAboveTotal { .. } => "split_above_total",
            Self::BlankText { .. } => "blank_text",
            Self::TextTooLong { .. } => "text_too_long",
            Self::BadText { .. } => "bad_text",
            Self::GradeOfAnotherLevel { .. } => "grade_of_another_level",
            Self::NoSuchThing { .. } => "no_such_thing",
            Self::NotThereYet { .. } => "not_there_yet",
            Self::WrongSlot { .. } => "wrong_slot",
            Self::Overlapping { .. } => "overlapping",
            Self::NothingHolds { .. } => "nothing_holds",
            Self::HasToHold { .. } => "has_to_hold",
            Self::ReasonMissing => "reason_missing",
            Self::ReservedField { .. } => "reserved_field",
            Self::BadIdNumber => "bad_id_number",
            Self::BadPhone => "bad_phone",
            Self::BadEmail => "bad_email",
            Self::NumberTaken { .. } => "number_taken",
            Self::CodeTaken => "code_taken",
            Self::BadCode { .. } => "bad_code",
            Self::StaffLeft { .. } => "staff_left",
            Self::HousesLeft { .. } => "houses_left",
            Self::BadReorganisation { .. } => "bad_reorganisation",
            Self::NoRecordsYet { .. } => "no_records_yet",
        }
    }

    /// The field that it is about, where it is about one.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::AbsurdDate { field }
            | Self::EndBeforeStart { field }
            | Self::NumberTooLarge { field, .. }
            | Self::NumberTooSmall { field, .. }
            | Self::AbsurdAmount { field }
            | Self::SplitAboveTotal { field, .. }
            | Self::BlankText { field }
            | Self::TextTooLong { field, .. }
            | Self::BadText { field }
            | Self::GradeOfAnotherLevel { field }
            | Self::NoSuchThing { field }
            | Self::NotThereYet { field }
            | Self::WrongSlot { field }
            | Self::HasToHold { field }
            | Self::ReservedField { field }
            | Self::BadCode { field }
            | Self::BadReorganisation { field } => Some(field),
            Self::BadIdNumber | Self::NumberTaken { .. } => Some("id_number"),
            Self::BadPhone => Some("mobile"),
            Self::BadEmail => Some("email"),
            Self::CodeTaken => Some("code"),
            Self::ReasonMissing => Some("reason"),
            Self::Overlapping { .. } => Some("from"),
            _ => None,
        }
    }
}
