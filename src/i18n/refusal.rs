//! Sentences for refusals and for rights that are missing.

use super::{Arg, Lang, t};
use crate::domain::promotion::{Kind, Move, Pool, State};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Denied, Nature, Office, Why};
use crate::domain::time::Timestamp;
use crate::domain::title::Rank;

/// The sentence for a refusal.
pub fn refusal(lang: Lang, refusal: &Refusal) -> String {
    let args = args(lang, refusal);
    t(lang, &key("refusal", refusal.code()), &args)
}

type Args<'a> = Vec<(&'static str, Arg<'a>)>;

fn args<'a>(lang: Lang, refusal: &'a Refusal) -> Args<'a> {
    match refusal {
        Refusal::PasswordTooShort { minimum } => vec![("minimum", (*minimum).into())],
        Refusal::PasswordTooLong { maximum } => vec![("maximum", (*maximum).into())],
        Refusal::PasswordTooPlain { minimum, length } => {
            vec![("minimum", (*minimum).into()), ("length", (*length).into())]
        }
        Refusal::TooManyAttempts { until } => vec![("until", minute(*until).into())],
        Refusal::AccountState { state } => {
            let state = t(lang, &key("account-state", state.key()), &[]);
            vec![("state", state.into())]
        }
        Refusal::TokenTooLong { maximum_days } => {
            vec![("maximum", i64::from(*maximum_days).into())]
        }
        Refusal::RetentionRuns { until } => vec![("until", until.to_string().into())],
        Refusal::CompleteAlready { since } => vec![("since", since.to_string().into())],
        Refusal::NoSuchPolicy { policy }
        | Refusal::PolicyAppliesEverywhere { policy }
        | Refusal::PolicyOver { policy }
        | Refusal::NotAdopted { policy } => vec![("policy", policy.clone().into())],
        Refusal::NoSuchRule { policy, rule } => vec![
            ("policy", policy.clone().into()),
            ("rule", rule.clone().into()),
        ],
        Refusal::PolicyForOtherPlace { policy, place } => vec![
            ("policy", policy.clone().into()),
            ("place", place.clone().into()),
        ],
        Refusal::NumberTooLarge { maximum, .. } | Refusal::TextTooLong { maximum, .. } => {
            vec![("maximum", i64::from(*maximum).into())]
        }
        Refusal::NumberTooSmall { minimum, .. } => vec![("minimum", i64::from(*minimum).into())],
        Refusal::SplitAboveTotal { sum, total, .. } => vec![
            ("sum", i64::from(*sum).into()),
            ("total", i64::from(*total).into()),
        ],
        Refusal::Overlapping { from } => vec![("from", from.to_string().into())],
        Refusal::NothingHolds { on } | Refusal::NoRecordsYet { on } => {
            vec![("on", on.to_string().into())]
        }
        Refusal::AppointmentStands { since } => vec![("since", since.to_string().into())],
        Refusal::StaffLeft { count } | Refusal::HousesLeft { count } => {
            vec![("count", i64::from(*count).into())]
        }
        Refusal::BadNotice { why } | Refusal::BadCron { why } => {
            vec![("why", why.clone().into())]
        }
        Refusal::NoSuchZone { zone } => vec![("zone", zone.clone().into())],
        Refusal::KindRequired { kind } => {
            let kind = t(lang, &key("reminder", kind.key()), &[]);
            vec![("kind", kind.into())]
        }
        Refusal::RouteUnreadable { line } => vec![("line", line.clone().into())],
        Refusal::FileLies { is } => vec![("kind", (*is).into())],
        Refusal::FileTooLarge { maximum } => vec![("maximum", maximum.to_string().into())],
        Refusal::FilesTooMany { maximum } => vec![("maximum", i64::from(*maximum).into())],
        _ => step_args(lang, refusal)
            .or_else(|| person_args(lang, refusal))
            .or_else(|| rule_args(lang, refusal))
            .or_else(|| round_args(lang, refusal))
            .unwrap_or_default(),
    }
}

/// Values of what stands against a step of an application.
fn step_args<'a>(lang: Lang, refusal: &'a Refusal) -> Option<Args<'a>> {
    Some(match refusal {
        Refusal::OutOfTurn { state, tried } => vec![
            ("state", application_state(lang, *state).into()),
            ("move", application_move(lang, *tried).into()),
        ],
        Refusal::NotItsTurn { office: of }
        | Refusal::OpinionMissing { office: of }
        | Refusal::OpinionNotAsked { office: of }
        | Refusal::OpinionThere { office: of } => vec![("office", office(lang, *of).into())],
        Refusal::NoticeRuns { last } | Refusal::EffectiveBeforeNotice { last } => {
            vec![("last", last.to_string().into())]
        }
        Refusal::NoticeTooShort { days, minimum } => vec![
            ("days", i64::from(*days).into()),
            ("minimum", i64::from(*minimum).into()),
        ],
        Refusal::NoticeTooLong { maximum } => vec![("maximum", i64::from(*maximum).into())],
        Refusal::ObjectionOpen { open } => vec![("open", (*open).into())],
        Refusal::EffectiveBeforeFiling { until } | Refusal::FilingOver { until } => {
            vec![("until", until.to_string().into())]
        }
        Refusal::EffectiveTooFar { earliest, latest } => vec![
            ("earliest", earliest.to_string().into()),
            ("latest", latest.to_string().into()),
        ],
        Refusal::NotYet { on } => vec![("on", on.to_string().into())],
        _ => return None,
    })
}

/// Values of what does not fit the person.
fn person_args<'a>(lang: Lang, refusal: &'a Refusal) -> Option<Args<'a>> {
    Some(match refusal {
        Refusal::NotHigher { held } | Refusal::NotLower { held } | Refusal::OtherRank { held } => {
            vec![("held", post_rank(lang, *held).into())]
        }
        Refusal::GradeNotHigher { held } => vec![("held", i64::from(*held).into())],
        Refusal::GradeNotOfRank { grade, rank: of } => vec![
            ("grade", i64::from(*grade).into()),
            ("rank", rank(lang, *of).into()),
        ],
        Refusal::TitleTooLow { needed, held } => vec![
            ("needed", rank(lang, *needed).into()),
            ("held", rank(lang, *held).into()),
        ],
        Refusal::TitleThere { held } => vec![("held", rank(lang, *held).into())],
        Refusal::NotThere { on } => vec![("on", on.to_string().into())],
        Refusal::PastRetirement { month } => vec![("month", month.to_string().into())],
        Refusal::OutsideRetirement { from, until } => vec![
            ("from", from.to_string().into()),
            ("until", until.to_string().into()),
        ],
        _ => return None,
    })
}

/// Values of what rules and places say against it.
fn rule_args<'a>(lang: Lang, refusal: &'a Refusal) -> Option<Args<'a>> {
    Some(match refusal {
        Refusal::RuleFails { rule } | Refusal::OverrideNeeded { rule } => {
            vec![("rule", rule.clone().into())]
        }
        Refusal::RuleUnknown { rule, missing } => vec![
            ("rule", rule.clone().into()),
            ("missing", names(lang, missing).into()),
        ],
        Refusal::NoPlace {
            pool: of,
            limit,
            counted,
            reserved,
            held_by,
        } => {
            let held = if held_by.is_empty() {
                String::new()
            } else {
                let names = names(lang, held_by);
                t(lang, "refusal-no-place-held", &[("names", names.into())])
            };
            vec![
                ("pool", pool(lang, *of).into()),
                ("limit", (*limit).into()),
                ("counted", (*counted).into()),
                ("reserved", (*reserved).into()),
                ("held", held.into()),
            ]
        }
        Refusal::LimitUnknown { pool: of } => vec![("pool", pool(lang, *of).into())],
        Refusal::GradesUnknown { people } => vec![("people", i64::from(*people).into())],
        Refusal::NoGradePlace {
            highest,
            lowest,
            posts,
        } => vec![
            ("highest", i64::from(*highest).into()),
            ("lowest", i64::from(*lowest).into()),
            ("posts", i64::from(*posts).into()),
        ],
        _ => return None,
    })
}

/// Values of what stands against a step of a round.
fn round_args<'a>(lang: Lang, refusal: &'a Refusal) -> Option<Args<'a>> {
    Some(match refusal {
        Refusal::RecruitmentOutOfTurn { state, tried } => vec![
            (
                "state",
                t(lang, &key("recruitment-state", state.key()), &[]).into(),
            ),
            (
                "move",
                t(lang, &key("recruitment-move", tried.key()), &[]).into(),
            ),
        ],
        Refusal::MoreThanVacant { vacant, wanted } => vec![
            ("vacant", i64::from(*vacant).into()),
            ("wanted", i64::from(*wanted).into()),
        ],
        Refusal::RoundOutOfTurn { state, tried } => vec![
            (
                "state",
                t(lang, &key("round-state", state.key()), &[]).into(),
            ),
            ("move", t(lang, &key("round-move", tried.key()), &[]).into()),
        ],
        Refusal::ModeNotAllowed { mode } => {
            vec![(
                "mode",
                t(lang, &key("recruitment-mode", mode.key()), &[]).into(),
            )]
        }
        Refusal::WindowOpen { to } => vec![("to", to.to_string().into())],
        Refusal::TooManyPoints { most } => vec![("most", i64::from(*most).into())],
        Refusal::NotAmongFirst { rank, places } => vec![
            ("rank", (*rank).into()),
            ("places", i64::from(*places).into()),
        ],
        _ => return None,
    })
}

fn names(lang: Lang, names: &[String]) -> String {
    names.join(&t(lang, "list-separator", &[]))
}

/// The words for a kind of application.
pub fn application_kind(lang: Lang, kind: Kind) -> String {
    t(lang, &key("application-kind", kind.key()), &[])
}

/// The words for a state of an application.
pub fn application_state(lang: Lang, state: State) -> String {
    t(lang, &key("application-state", state.key()), &[])
}

/// The words for what is done to an application.
pub fn application_move(lang: Lang, made: Move) -> String {
    t(lang, &key("application-move", made.key()), &[])
}

/// The word for a pool of places.
pub fn pool(lang: Lang, pool: Pool) -> String {
    t(lang, &key("pool", pool.key()), &[])
}

/// The word for the rank of a title.
fn rank(lang: Lang, rank: Rank) -> String {
    t(lang, &format!("word-rank-{}", rank.key()), &[])
}

/// The word for the rank of an appointment.
fn post_rank(lang: Lang, held: Rank) -> String {
    match held {
        Rank::None => t(lang, "word-rank-not-appointed", &[]),
        held => rank(lang, held),
    }
}

/// The sentence for a missing right. What is secret reads as what does not exist.
pub fn denied(lang: Lang, denied: &Denied) -> String {
    let action_name = action(lang, denied.action);
    let say = |key: &str, args: &[(&'static str, Arg)]| t(lang, &format!("denied-{key}"), args);
    match denied.why {
        Why::OutOfScope => say("not-found", &[]),
        Why::Office(held) => say(
            "office",
            &[
                ("office", office(lang, held).into()),
                ("action", action_name.into()),
            ],
        ),
        Why::SecondFactor => say("second-factor", &[]),
        Why::Token(wanted) => say("token", &[("nature", nature(lang, wanted).into())]),
        Why::OwnCase => say("own-case", &[]),
        Why::OwnPreparation => say("own-preparation", &[]),
        Why::OwnAccount => say("own-account", &[]),
    }
}

/// The words for an action.
pub fn action(lang: Lang, action: Action) -> String {
    t(lang, &key("action", action.key()), &[])
}

/// The words for an office.
pub fn office(lang: Lang, office: Office) -> String {
    t(lang, &key("office", office.key()), &[])
}

/// The words for a nature, as the scope of a token.
pub fn nature(lang: Lang, nature: Nature) -> String {
    t(lang, &key("nature", nature.key()), &[])
}

fn key(group: &str, code: &str) -> String {
    format!("{group}-{}", code.replace(['.', '_'], "-"))
}

/// `2026-11-22 09:15` by the clocks in Asia/Shanghai; the minute is full by then.
fn minute(until: Timestamp) -> String {
    let full = until.plus(std::time::Duration::from_micros(59_999_999));
    let (hour, minute) = full.shanghai_clock();
    format!("{} {hour:02}:{minute:02}", full.shanghai_day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Date;
    use crate::domain::{account, round};
    use crate::i18n::has;

    #[test]
    fn everything_has_words() {
        let actions = Action::ALL
            .iter()
            .map(|one| ("action", one.key(), one.label()));
        let offices = Office::ALL
            .iter()
            .map(|one| ("office", one.key(), one.label()));
        let natures = Nature::ALL
            .iter()
            .map(|one| ("nature", one.key(), one.label()));
        let states = account::State::ALL
            .iter()
            .map(|one| ("account-state", one.key(), one.label()));
        let kinds = Kind::ALL
            .iter()
            .map(|one| ("application-kind", one.key(), one.label()));
        let steps = State::ALL
            .iter()
            .map(|one| ("application-state", one.key(), one.label()));
        let moves = Move::ALL
            .iter()
            .map(|one| ("application-move", one.key(), one.label()));
        let pools = Pool::ALL.iter().map(|one| ("pool", one.key(), one.label()));
        let rounds = round::RoundState::ALL
            .iter()
            .map(|one| ("round-state", one.key(), one.label()));
        let round_moves = round::RoundMove::ALL
            .iter()
            .map(|one| ("round-move", one.key(), one.label()));
        let modes = crate::domain::recruitment::Mode::ALL
            .iter()
            .map(|one| ("recruitment-mode", one.key(), one.label()));
        let pools = pools.chain(rounds).chain(round_moves).chain(modes);
        let of_accounts = actions.chain(offices).chain(natures).chain(states);
        let all = of_accounts
            .chain(kinds)
            .chain(steps)
            .chain(moves)
            .chain(pools);
        for (group, code, label) in all {
            let key = key(group, code);
            assert!(has(Lang::En, &key), "{key}");
            assert_eq!(t(Lang::ZhCn, &key, &[]), label, "{key}");
        }
    }

    #[test]
    fn refusals_are_sentences_with_their_values() {
        let until = "2026-11-22T01:14:30Z".parse().expect("an instant");
        let all = [
            Refusal::BadUserName,
            Refusal::UserNameTaken,
            Refusal::PasswordTooShort { minimum: 10 },
            Refusal::PasswordTooLong { maximum: 128 },
            Refusal::PasswordTooPlain {
                minimum: 3,
                length: 16,
            },
            Refusal::PasswordTooCommon,
            Refusal::PasswordHasName,
            Refusal::PasswordUnchanged,
            Refusal::SignInFailed,
            Refusal::TooManyAttempts { until },
            Refusal::AccountLocked,
            Refusal::AccountDisabled,
            Refusal::AccountNotSetUp,
            Refusal::AccountState {
                state: account::State::Locked,
            },
            Refusal::SessionOver,
            Refusal::TokenOver,
            Refusal::TokenTooLong { maximum_days: 366 },
            Refusal::TokenForNothing,
            Refusal::LinkOver,
            Refusal::CodeWrong,
            Refusal::NoSecondFactor,
            Refusal::SecondFactorThere,
            Refusal::StillEmployed,
            Refusal::RetentionRuns {
                until: until.shanghai_day(),
            },
            Refusal::CompleteAlready {
                since: until.shanghai_day(),
            },
            Refusal::CorrectionOpen,
            Refusal::ApplicationOpen,
            Refusal::AlreadyErased,
            Refusal::RequestClosed,
            Refusal::NoSuchPolicy {
                policy: "a/b".to_owned(),
            },
            Refusal::NoSuchRule {
                policy: "a/b".to_owned(),
                rule: "c".to_owned(),
            },
            Refusal::PolicyAppliesEverywhere {
                policy: "a/b".to_owned(),
            },
            Refusal::PolicyForOtherPlace {
                policy: "a/b".to_owned(),
                place: "15".to_owned(),
            },
            Refusal::PolicyOver {
                policy: "a/b".to_owned(),
            },
            Refusal::NotAdopted {
                policy: "a/b".to_owned(),
            },
            Refusal::ProposalOver,
            Refusal::AbsurdDate { field: "a" },
            Refusal::EndBeforeStart { field: "a" },
            Refusal::NumberTooLarge {
                field: "a",
                maximum: 9,
            },
            Refusal::NumberTooSmall {
                field: "a",
                minimum: 1,
            },
            Refusal::AbsurdAmount { field: "a" },
            Refusal::SplitAboveTotal {
                field: "a",
                sum: 11,
                total: 9,
            },
            Refusal::BlankText { field: "a" },
            Refusal::TextTooLong {
                field: "a",
                maximum: 9,
            },
            Refusal::BadText { field: "a" },
            Refusal::GradeOfAnotherLevel { field: "a" },
            Refusal::NoSuchThing { field: "a" },
            Refusal::NotThereYet { field: "a" },
            Refusal::WrongSlot { field: "a" },
            Refusal::Overlapping {
                from: until.shanghai_day(),
            },
            Refusal::NothingHolds {
                on: until.shanghai_day(),
            },
            Refusal::AppointmentStands {
                since: until.shanghai_day(),
            },
            Refusal::HasToHold { field: "a" },
            Refusal::ReasonMissing,
            Refusal::ReservedField { field: "a" },
            Refusal::BadIdNumber,
            Refusal::BadPhone,
            Refusal::BadEmail,
            Refusal::NumberTaken { person: None },
            Refusal::CodeTaken,
            Refusal::BadCode { field: "a" },
            Refusal::StaffLeft { count: 3 },
            Refusal::HousesLeft { count: 3 },
            Refusal::BadReorganisation { field: "a" },
            Refusal::NoRecordsYet {
                on: until.shanghai_day(),
            },
        ];
        for one in all.iter().chain(&of_applications()) {
            for lang in Lang::ALL {
                let sentence = refusal(lang, one);
                // a key without words comes back as the key
                assert!(!sentence.contains("refusal-"), "{sentence}");
                assert!(!sentence.contains(['{', '$']), "{sentence}");
            }
        }
        assert_eq!(
            refusal(Lang::ZhCn, &Refusal::TooManyAttempts { until }),
            "尝试次数过多，请在 2026-11-22 09:15 以后再试"
        );
    }

    /// One refusal of each kind about applications.
    fn of_applications() -> Vec<Refusal> {
        let day = Date::FIRST;
        let office = Office::CityHealth;
        let held = Rank::None;
        let month = day.month();
        let rule = "a#b".to_owned();
        let pool = Pool::Senior;
        vec![
            Refusal::OutOfTurn {
                state: State::Draft,
                tried: Move::Approve,
            },
            Refusal::NotItsTurn { office },
            Refusal::NoRoute,
            Refusal::NothingSaid,
            Refusal::NoDefects,
            Refusal::NotAnEarlierStep,
            Refusal::NoticeRuns { last: day },
            Refusal::NoticeTooShort {
                days: 4,
                minimum: 5,
            },
            Refusal::NoticeTooLong { maximum: 60 },
            Refusal::ObjectionOpen { open: 1 },
            Refusal::NoSuchObjection,
            Refusal::OpinionMissing { office },
            Refusal::OpinionNotAsked { office },
            Refusal::OpinionThere { office },
            Refusal::EffectiveBeforeNotice { last: day },
            Refusal::EffectiveBeforeFiling { until: day },
            Refusal::EffectiveTooFar {
                earliest: day,
                latest: day,
            },
            Refusal::NotYet { on: day },
            Refusal::FilingOver { until: day },
            Refusal::MeritsMissing,
            Refusal::GroundsMissing,
            Refusal::NoProfessionalPost,
            Refusal::NotHigher { held },
            Refusal::NotLower { held },
            Refusal::OtherRank { held },
            Refusal::GradeMissing,
            Refusal::GradeNotHigher { held: 9 },
            Refusal::GradeNotOfRank {
                grade: 8,
                rank: Rank::Senior,
            },
            Refusal::TitleTooLow {
                needed: Rank::Senior,
                held,
            },
            Refusal::TitleThere { held },
            Refusal::SeniorOnly,
            Refusal::GoesNowhere,
            Refusal::NoDirectedTitle,
            Refusal::NotAppointed,
            Refusal::DayMissing,
            Refusal::NotThere { on: day },
            Refusal::PastRetirement { month },
            Refusal::OutsideRetirement {
                from: month,
                until: month,
            },
            Refusal::OtherOpen {
                application: crate::domain::record::Id::new(Timestamp::LAST, [0; 10]),
            },
            Refusal::RuleFails { rule: rule.clone() },
            Refusal::RuleUnknown {
                rule: rule.clone(),
                missing: vec!["履历".to_owned(), "资格".to_owned()],
            },
            Refusal::NoSuchRoad,
            Refusal::OverrideNeeded { rule },
            Refusal::NoPlace {
                pool,
                limit: 8,
                counted: 7,
                reserved: 1,
                held_by: vec!["某甲".to_owned()],
            },
            Refusal::LimitUnknown { pool },
            Refusal::GradesUnknown { people: 2 },
            Refusal::NoGradePlace {
                highest: 8,
                lowest: 8,
                posts: 3,
            },
            Refusal::PoliciesChanged,
            Refusal::RoundOutOfTurn {
                state: round::RoundState::Draft,
                tried: round::RoundMove::Rank,
            },
            Refusal::RoundWithoutPlaces,
            Refusal::RoundWithoutCriteria,
            Refusal::RoundWindow,
            Refusal::RoundTooLarge,
            Refusal::WindowOpen { to: day },
            Refusal::WindowClosed,
            Refusal::RecruitmentOutOfTurn {
                state: crate::domain::recruitment::PlanState::Draft,
                tried: crate::domain::recruitment::PlanMove::Approve,
            },
            Refusal::MoreThanVacant {
                vacant: 1,
                wanted: 2,
            },
            Refusal::VacanciesUnknown,
            Refusal::RouteUnreadable {
                line: "x".to_owned(),
            },
            Refusal::NoSuchPost,
            Refusal::ModeNotAllowed {
                mode: crate::domain::recruitment::Mode::Special,
            },
            Refusal::NoSuchCriterion,
            Refusal::TooManyPoints { most: 100 },
            Refusal::NotOfRound,
            Refusal::NotAmongFirst { rank: 3, places: 2 },
            Refusal::FileKind,
            Refusal::FileLies { is: "PDF" },
            Refusal::FileTooLarge { maximum: 1 },
            Refusal::FileEmpty,
            Refusal::FileName,
            Refusal::FilesTooMany { maximum: 20 },
            Refusal::FileDamaged,
            Refusal::HostNotAllowed,
            Refusal::BadCron {
                why: "a".to_owned(),
            },
            Refusal::NoSuchZone {
                zone: "Mars/Base".to_owned(),
            },
            Refusal::BadMail,
            Refusal::KindRequired {
                kind: crate::domain::reminder::Kind::Retirement,
            },
            Refusal::NoSuchDelegate,
            Refusal::AbsenceUnfit,
            Refusal::BadNotice {
                why: "a".to_owned(),
            },
        ]
    }

    #[test]
    fn the_loser_is_told_who_holds_the_place() {
        let refused = Refusal::NoPlace {
            pool: Pool::Senior,
            limit: 8,
            counted: 7,
            reserved: 1,
            held_by: vec!["某甲".to_owned()],
        };
        assert_eq!(
            refusal(Lang::ZhCn, &refused),
            "高级岗位没有空缺：可用上限 8，在岗计数 7，预留 1（预留给：某甲）"
        );
        assert_eq!(
            refusal(Lang::En, &refused),
            "no senior place is left: limit 8, 7 counted, 1 reserved (for: 某甲)"
        );
    }

    #[test]
    fn a_missing_right_names_office_and_action() {
        let missing = |why| Denied {
            action: Action::Approve,
            why,
        };
        let office = missing(Why::Office(Office::CountyEstablishment));
        assert_eq!(
            denied(Lang::ZhCn, &office),
            "县级编办没有「审批通过」的权限"
        );
        assert_eq!(denied(Lang::En, &missing(Why::OutOfScope)), "not found");
        for why in [
            Why::SecondFactor,
            Why::Token(Nature::Decide),
            Why::OwnCase,
            Why::OwnPreparation,
            Why::OwnAccount,
        ] {
            for lang in Lang::ALL {
                let sentence = denied(lang, &missing(why));
                assert!(
                    !sentence.contains("denied-") && !sentence.contains('$'),
                    "{sentence}"
                );
            }
        }
    }
}
