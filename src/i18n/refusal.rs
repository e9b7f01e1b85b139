//! Sentences for refusals and for rights that are missing.

use super::{Arg, Lang, t};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Denied, Nature, Office, Why};
use crate::domain::time::Timestamp;

/// The sentence for a refusal.
pub fn refusal(lang: Lang, refusal: &Refusal) -> String {
    let args: Vec<(&'static str, Arg)> = match refusal {
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
        Refusal::StaffLeft { count } | Refusal::HousesLeft { count } => {
            vec![("count", i64::from(*count).into())]
        }
        _ => Vec::new(),
    };
    t(lang, &key("refusal", refusal.code()), &args)
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
    use crate::domain::account::State;
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
        let states = State::ALL
            .iter()
            .map(|one| ("account-state", one.key(), one.label()));
        for (group, code, label) in actions.chain(offices).chain(natures).chain(states) {
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
                state: State::Locked,
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
        for one in &all {
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
