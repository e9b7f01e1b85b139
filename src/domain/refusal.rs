//! Why something was not done: codes with typed parameters, never sentences. Fluent turns
//! them into words (`i18n::refusal`), the API shows code and parameters as they are.

use super::month::Month;
use super::promotion::{Move, Pool, State};
use super::record_id::{ApplicationId, PersonId};
use super::recruitment::Mode;
use super::rights::Office;
use super::round::{RoundMove, RoundState};
use super::time::{Date, Timestamp};
use super::title::Rank;

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

    // Applications: the step
    /// It is not the turn of that in this state.
    OutOfTurn { state: State, tried: Move },
    /// Another office has to decide first.
    NotItsTurn { office: Office },
    /// The application is on no route.
    NoRoute,
    /// A reason, or words, are missing.
    NothingSaid,
    /// Something is given back without a list of what to put right.
    NoDefects,
    /// It can be given back to an earlier step only.
    NotAnEarlierStep,
    /// The public notice has not ended.
    NoticeRuns { last: Date },
    /// Fewer working days than a notice has to have.
    NoticeTooShort { days: u32, minimum: u32 },
    /// More working days than a notice may have.
    NoticeTooLong { maximum: u32 },
    /// Objections have no answer.
    ObjectionOpen { open: usize },
    /// There is no such objection without an answer.
    NoSuchObjection,
    /// An opinion that has to be there is missing.
    OpinionMissing { office: Office },
    /// The opinion of that office is not asked for.
    OpinionNotAsked { office: Office },
    /// That office has given its opinion.
    OpinionThere { office: Office },
    /// The decision would hold before the notice has ended.
    EffectiveBeforeNotice { last: Date },
    /// The decision would hold while the county may still object.
    EffectiveBeforeFiling { until: Date },
    /// The decision would hold from too far a day on.
    EffectiveTooFar { earliest: Date, latest: Date },
    /// It takes effect later.
    NotYet { on: Date },
    /// The time to object to what was filed is over.
    FilingOver { until: Date },
    /// 优秀 is claimed, and nothing is said on which it rests.
    MeritsMissing,
    /// A lower appointment, or the end of one, does not say why.
    GroundsMissing,

    // Applications: the person
    /// Not 编内 on professional posts.
    NoProfessionalPost,
    /// Not above what is held.
    NotHigher { held: Rank },
    /// Not below what is held.
    NotLower { held: Rank },
    /// A grade promotion stays within the rank that is held.
    OtherRank { held: Rank },
    /// No grade is named.
    GradeMissing,
    /// The grade is not above the one that is held.
    GradeNotHigher { held: u8 },
    /// The grade belongs to other ranks.
    GradeNotOfRank { grade: u8, rank: Rank },
    /// The title is below the post.
    TitleTooLow { needed: Rank, held: Rank },
    /// Such a title, or a higher one, is held.
    TitleThere { held: Rank },
    /// For senior ranks only.
    SeniorOnly,
    /// No institution is named to which it goes.
    GoesNowhere,
    /// The title is not one of primary care.
    NoDirectedTitle,
    /// Not appointed to a post.
    NotAppointed,
    /// No day is named.
    DayMissing,
    /// The person is not at the institution on that day.
    NotThere { on: Date },
    /// The statutory month of retirement is over by then.
    PastRetirement { month: Month },
    /// Retirement is possible within these months only.
    OutsideRetirement { from: Month, until: Month },
    /// Another application of the person is open.
    OtherOpen { application: ApplicationId },

    // Applications: rules and places
    /// A rule is not met.
    RuleFails { rule: String },
    /// Whether a rule is met cannot be told without these facts.
    RuleUnknown { rule: String, missing: Vec<String> },
    /// No clause in force opens that road.
    NoSuchRoad,
    /// A rule that warns can be passed by a reason of those who may give one.
    OverrideNeeded { rule: String },
    /// No place is left, and by whom those are held that are kept.
    NoPlace {
        pool: Pool,
        limit: i64,
        counted: i64,
        reserved: i64,
        held_by: Vec<String>,
    },
    /// How many places there are is not known.
    LimitUnknown { pool: Pool },
    /// All places of the band of grades are taken.
    NoGradePlace {
        highest: u32,
        lowest: u32,
        posts: u32,
    },
    /// There may be no place of the grade: the grades of some who hold posts of the level
    /// are not recorded.
    GradesUnknown { people: u32 },
    /// The policies that apply are others than at the recommendation.
    PoliciesChanged,

    // Rounds
    /// It is not the turn of that in the state of the round.
    RoundOutOfTurn { state: RoundState, tried: RoundMove },
    /// The round offers no places.
    RoundWithoutPlaces,
    /// The round has no criteria, or one without points.
    RoundWithoutCriteria,
    /// The days, or the term, of the round are not possible.
    RoundWindow,
    /// The round has more parts than a round has.
    RoundTooLarge,
    /// Applications are still taken.
    WindowOpen { to: Date },
    /// Applications are not taken now.
    WindowClosed,
    /// The round has no such criterion.
    NoSuchCriterion,
    /// More points than the criterion gives; hundredths.
    TooManyPoints { most: u32 },
    /// The application is not one of the round.
    NotOfRound,
    /// That mode of recruitment needs a post flagged 急需紧缺 with its reason, and a rule that
    /// gives it.
    ModeNotAllowed { mode: Mode },
    /// The rank is not among the first ones, or is tied.
    NotAmongFirst { rank: usize, places: u32 },

    /// A line of the routes that a place adopts cannot be read.
    RouteUnreadable { line: String },
    // Recruitment
    /// It is not the turn of that move.
    RecruitmentOutOfTurn {
        state: super::recruitment::PlanState,
        tried: super::recruitment::PlanMove,
    },
    /// More places than there are vacancies.
    MoreThanVacant { vacant: u32, wanted: u32 },
    /// The establishment or who is on it is not known.
    VacanciesUnknown,
    /// The plan has no post of that number.
    NoSuchPost,
    // Attachments
    /// Not one of the kinds of files that are taken.
    FileKind,
    /// The name says another kind than the file is of.
    FileLies { is: &'static str },
    /// Larger than that many bytes.
    FileTooLarge { maximum: u64 },
    /// There is nothing in it.
    FileEmpty,
    /// No usable name.
    FileName,
    /// As many files as an application may have.
    FilesTooMany { maximum: u32 },
    /// The file is not what was stored.
    FileDamaged,
    /// The host of a robot is not among those that may be posted to.
    HostNotAllowed,
    /// A cron text that cannot be read, or that never comes.
    BadCron { why: String },
    /// No time zone of that name.
    NoSuchZone { zone: String },
    /// No mail address.
    BadMail,
    /// A kind of reminder that cannot be switched off.
    KindRequired { kind: super::reminder::Kind },
    /// Whoever is to stand in does not act as the same, or is not there.
    NoSuchDelegate,
    /// An absence needs somebody who stands in, and ends after it begins.
    AbsenceUnfit,
    /// A notice of days off that cannot be read.
    BadNotice { why: String },
    /// Data of people who are employed is not erased.
    StillEmployed,
    /// The law asks that the file is kept; from which day on it need not be.
    RetentionRuns { until: super::time::Date },
    /// The records are complete from an earlier day on already.
    CompleteAlready { since: Date },
    /// Something the person asked for is not decided yet.
    CorrectionOpen,
    /// An application of the person is on its way, or waits for its day.
    ApplicationOpen,
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
    /// An appointment of the institution that somebody leaves would stand on.
    AppointmentStands { since: Date },
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
            Self::OutOfTurn { .. } => "out_of_turn",
            Self::NotItsTurn { .. } => "not_its_turn",
            Self::NoRoute => "no_route",
            Self::NothingSaid => "nothing_said",
            Self::NoDefects => "no_defects",
            Self::NotAnEarlierStep => "not_an_earlier_step",
            Self::NoticeRuns { .. } => "notice_runs",
            Self::NoticeTooShort { .. } => "notice_too_short",
            Self::NoticeTooLong { .. } => "notice_too_long",
            Self::ObjectionOpen { .. } => "objection_open",
            Self::NoSuchObjection => "no_such_objection",
            Self::OpinionMissing { .. } => "opinion_missing",
            Self::OpinionNotAsked { .. } => "opinion_not_asked",
            Self::OpinionThere { .. } => "opinion_there",
            Self::EffectiveBeforeNotice { .. } => "effective_before_notice",
            Self::EffectiveBeforeFiling { .. } => "effective_before_filing",
            Self::EffectiveTooFar { .. } => "effective_too_far",
            Self::NotYet { .. } => "not_yet",
            Self::FilingOver { .. } => "filing_over",
            Self::MeritsMissing => "merits_missing",
            Self::GroundsMissing => "grounds_missing",
            Self::NoProfessionalPost => "no_professional_post",
            Self::NotHigher { .. } => "not_higher",
            Self::NotLower { .. } => "not_lower",
            Self::OtherRank { .. } => "other_rank",
            Self::GradeMissing => "grade_missing",
            Self::GradeNotHigher { .. } => "grade_not_higher",
            Self::GradeNotOfRank { .. } => "grade_not_of_rank",
            Self::TitleTooLow { .. } => "title_too_low",
            Self::TitleThere { .. } => "title_there",
            Self::SeniorOnly => "senior_only",
            Self::GoesNowhere => "goes_nowhere",
            Self::NoDirectedTitle => "no_directed_title",
            Self::NotAppointed => "not_appointed",
            Self::DayMissing => "day_missing",
            Self::NotThere { .. } => "not_there",
            Self::PastRetirement { .. } => "past_retirement",
            Self::OutsideRetirement { .. } => "outside_retirement",
            Self::OtherOpen { .. } => "other_open",
            Self::RuleFails { .. } => "rule_fails",
            Self::RuleUnknown { .. } => "rule_unknown",
            Self::NoSuchRoad => "no_such_road",
            Self::OverrideNeeded { .. } => "override_needed",
            Self::NoPlace { .. } => "no_place",
            Self::LimitUnknown { .. } => "limit_unknown",
            Self::NoGradePlace { .. } => "no_grade_place",
            Self::GradesUnknown { .. } => "grades_unknown",
            Self::PoliciesChanged => "policies_changed",
            Self::RoundOutOfTurn { .. } => "round_out_of_turn",
            Self::RoundWithoutPlaces => "round_without_places",
            Self::RoundWithoutCriteria => "round_without_criteria",
            Self::RoundWindow => "round_window",
            Self::RoundTooLarge => "round_too_large",
            Self::WindowOpen { .. } => "window_open",
            Self::WindowClosed => "window_closed",
            Self::NoSuchCriterion => "no_such_criterion",
            Self::TooManyPoints { .. } => "too_many_points",
            Self::ModeNotAllowed { .. } => "mode_not_allowed",
            Self::NotOfRound => "not_of_round",
            Self::NotAmongFirst { .. } => "not_among_first",
            Self::FileKind => "file_kind",
            Self::FileLies { .. } => "file_lies",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::FileEmpty => "file_empty",
            Self::FileName => "file_name",
            Self::FilesTooMany { .. } => "files_too_many",
            Self::FileDamaged => "file_damaged",
            Self::HostNotAllowed => "host_not_allowed",
            Self::BadCron { .. } => "bad_cron",
            Self::NoSuchZone { .. } => "no_such_zone",
            Self::BadMail => "bad_mail",
            Self::KindRequired { .. } => "kind_required",
            Self::NoSuchDelegate => "no_such_delegate",
            Self::AbsenceUnfit => "absence_unfit",
            Self::BadNotice { .. } => "bad_notice",
            Self::StillEmployed => "still_employed",
            Self::RetentionRuns { .. } => "retention_runs",
            Self::CompleteAlready { .. } => "complete_already",
            Self::RouteUnreadable { .. } => "route_unreadable",
            Self::RecruitmentOutOfTurn { .. } => "recruitment_out_of_turn",
            Self::MoreThanVacant { .. } => "more_than_vacant",
            Self::VacanciesUnknown => "vacancies_unknown",
            Self::NoSuchPost => "no_such_post",
            Self::CorrectionOpen => "correction_open",
            Self::ApplicationOpen => "application_open",
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
            Self::AppointmentStands { .. } => "appointment_stands",
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
