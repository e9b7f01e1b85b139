//! Why something was not done: codes with typed parameters, never sentences. Fluent turns
//! them into words (`i18n::refusal`), the API shows code and parameters as they are.

use super::time::Timestamp;

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
        }
    }
}
