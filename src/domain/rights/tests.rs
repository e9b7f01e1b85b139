//! Rights by example, and what has to hold whatever the table says.

use super::*;
use crate::domain::ids::AreaCode;
use crate::domain::record_id::{ConsortiumId, InstitutionId};
use crate::domain::time::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;

fn key(n: u8) -> [u8; 10] {
    [n; 10]
}

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

fn person(n: u8) -> PersonId {
    PersonId::new(NOW, key(n))
}

fn account(n: u8) -> AccountId {
    AccountId::new(NOW, key(n))
}

fn institution(n: u8) -> InstitutionId {
    InstitutionId::new(NOW, key(n))
}

fn consortium(n: u8) -> ConsortiumId {
    ConsortiumId::new(NOW, key(n))
}

fn area(code: &str) -> AreaCode {
    code.parse().expect("a code")
}

fn actor(capacity: Capacity) -> Actor {
    Actor {
        account: account(1),
        name: "某甲".to_owned(),
        person: Some(person(1)),
        capacity,
        assurance: Assurance::Full,
        channel: Channel::Session(SessionId::new(NOW, key(1))),
    }
}

fn reviewer(authority: Authority, code: &str) -> Actor {
    actor(Capacity::Reviewer {
        authority,
        tier: Tier::County,
        area: area(code),
    })
}

fn centre() -> Locus {
    Locus {
        area: Some(area("150199001")),
        institutions: vec![institution(1)],
        consortium: Some(consortium(1)),
    }
}

fn case(applicant: u8, recommended_by: &[u8]) -> Subject {
    Subject::Application(Case {
        applicant: person(applicant),
        locus: centre(),
        recommended_by: recommended_by
            .iter()
            .map(|n| Hand {
                account: account(*n),
                person: None,
            })
            .collect(),
        decided_by_consortium: false,
    })
}

fn why(actor: &Actor, action: Action, subject: &Subject) -> Option<Why> {
    permit(actor, action, subject)
        .err()
        .map(|denied| denied.why)
}

#[test]
fn nobody_reviews_their_own_application_or_one_they_recommended() {
    let bureau = reviewer(Authority::HumanResources, "150199");
    assert_eq!(why(&bureau, Action::Approve, &case(2, &[3])), None);
    assert_eq!(
        why(&bureau, Action::Approve, &case(1, &[3])),
        Some(Why::OwnCase)
    );
    assert_eq!(
        why(&bureau, Action::Return, &case(2, &[3, 1])),
        Some(Why::OwnPreparation)
    );
    assert_eq!(why(&bureau, Action::ReadApplication, &case(1, &[1])), None);
}

#[test]
fn a_second_account_is_the_same_hand() {
    let mut bureau = reviewer(Authority::Health, "1501");
    bureau.account = account(9);
    let Subject::Application(mut case) = case(2, &[]) else {
        unreachable!()
    };
    case.recommended_by.push(Hand {
        account: account(1),
        person: Some(person(1)),
    });
    let subject = Subject::Application(case);
    assert_eq!(
        why(&bureau, Action::Approve, &subject),
        Some(Why::OwnPreparation)
    );
}

#[test]
fn clerks_do_not_keep_their_own_file() {
    let clerk = actor(Capacity::InstitutionHr {
        institution: institution(1),
    });
    let file = |n| {
        Subject::Person(PersonFile {
            person: person(n),
            locus: centre(),
        })
    };
    assert_eq!(why(&clerk, Action::EditPerson, &file(2)), None);
    assert_eq!(
        why(&clerk, Action::EditPerson, &file(1)),
        Some(Why::OwnCase)
    );
    assert_eq!(
        why(&clerk, Action::Recommend, &case(1, &[])),
        Some(Why::OwnCase)
    );
}

#[test]
fn what_lies_elsewhere_does_not_exist() {
    let bureau = reviewer(Authority::HumanResources, "150198");
    let denied = permit(&bureau, Action::Approve, &case(2, &[])).expect_err("another county");
    assert!(denied.is_secret());
    // even to those who could not do it anywhere
    let office = reviewer(Authority::Establishment, "150198");
    assert_eq!(
        why(&office, Action::Approve, &case(2, &[])),
        Some(Why::OutOfScope)
    );
    let office = reviewer(Authority::Establishment, "150199");
    let refused = Some(Why::Office(Office::CountyEstablishment));
    assert_eq!(why(&office, Action::Approve, &case(2, &[])), refused);
}

#[test]
fn an_action_asked_of_the_wrong_subject_gets_nothing() {
    let admin = actor(Capacity::Administrator {
        extent: Extent::Everywhere,
    });
    assert_eq!(
        why(&admin, Action::EditSettings, &Subject::Common),
        Some(Why::OutOfScope)
    );
}

#[test]
fn a_consortium_decides_where_the_route_says_so() {
    let lead = actor(Capacity::ConsortiumHr {
        consortium: consortium(1),
    });
    let Subject::Application(mut case) = case(2, &[]) else {
        unreachable!()
    };
    let refused = Some(Why::Office(Office::ConsortiumHr));
    assert_eq!(
        why(&lead, Action::Approve, &Subject::Application(case.clone())),
        refused
    );
    case.decided_by_consortium = true;
    assert_eq!(
        why(&lead, Action::Approve, &Subject::Application(case)),
        None
    );
}

fn account_file(n: u8, role: Role, extent: Where) -> Subject {
    Subject::Account(AccountFile {
        account: account(n),
        capacities: vec![Holding { role, extent }],
    })
}

#[test]
fn clerks_open_accounts_for_their_staff_only() {
    let clerk = actor(Capacity::InstitutionHr {
        institution: institution(1),
    });
    let invited = |role| account_file(2, role, Where::At(centre()));
    assert_eq!(
        why(&clerk, Action::InviteAccount, &invited(Role::Staff)),
        None
    );
    let refused = Some(Why::Office(Office::InstitutionHr));
    assert_eq!(
        why(&clerk, Action::InviteAccount, &invited(Role::InstitutionHr)),
        refused
    );
}

#[test]
fn administrators_of_a_county_stay_within_it() {
    let admin = actor(Capacity::Administrator {
        extent: Extent::Area(area("150199")),
    });
    let within = account_file(2, Role::Auditor, Where::At(Locus::area(area("150199"))));
    assert_eq!(why(&admin, Action::GrantCapacity, &within), None);
    for extent in [Where::Everywhere, Where::At(Locus::area(area("1501")))] {
        let beyond = account_file(2, Role::Auditor, extent);
        assert_eq!(
            why(&admin, Action::GrantCapacity, &beyond),
            Some(Why::OutOfScope)
        );
    }
    let own = account_file(
        1,
        Role::Administrator,
        Where::At(Locus::area(area("150199"))),
    );
    assert_eq!(
        why(&admin, Action::GrantCapacity, &own),
        Some(Why::OwnAccount)
    );
    assert_eq!(why(&admin, Action::ManageOwnAccount, &own), None);
    assert_eq!(
        why(&admin, Action::ManageOwnAccount, &within),
        Some(Why::OutOfScope)
    );
    assert_eq!(
        why(&admin, Action::EditSettings, &Subject::Installation),
        Some(Why::OutOfScope)
    );
}

#[test]
fn deciding_takes_a_second_factor() {
    let mut bureau = reviewer(Authority::HumanResources, "150199");
    bureau.assurance = Assurance::Password;
    assert_eq!(
        why(&bureau, Action::ReadApplication, &case(2, &[])),
        Some(Why::SecondFactor)
    );
    let own = account_file(1, Role::Reviewer, Where::Everywhere);
    assert_eq!(why(&bureau, Action::ManageOwnAccount, &own), None);
}

#[test]
fn a_token_does_no_more_than_it_says() {
    let mut bureau = reviewer(Authority::HumanResources, "150199");
    bureau.channel = Channel::Token {
        id: TokenId::new(NOW, key(1)),
        natures: Natures::new([Nature::Read, Nature::Oneself]),
    };
    assert_eq!(why(&bureau, Action::ReadApplication, &case(2, &[])), None);
    let refused = Some(Why::Token(Nature::Decide));
    assert_eq!(why(&bureau, Action::Approve, &case(2, &[])), refused);
    let own = account_file(1, Role::Reviewer, Where::Everywhere);
    let refused = Some(Why::Token(Nature::Oneself));
    assert_eq!(why(&bureau, Action::ManageOwnAccount, &own), refused);
}

#[test]
fn staff_see_their_own_file_and_the_notices_of_their_house() {
    let staff = actor(Capacity::Staff {
        person: person(1),
        home: Some(institution(1)),
    });
    assert_eq!(why(&staff, Action::ReadApplication, &case(1, &[])), None);
    assert_eq!(
        why(&staff, Action::ReadApplication, &case(2, &[])),
        Some(Why::OutOfScope)
    );
    assert_eq!(
        why(&staff, Action::RaiseObjection, &Subject::Notice(centre())),
        None
    );
    let elsewhere = Subject::Notice(Locus::default());
    assert_eq!(
        why(&staff, Action::ReadNotice, &elsewhere),
        Some(Why::OutOfScope)
    );
    assert_eq!(
        why(&staff, Action::ReadLedger, &Subject::Place(centre())),
        Some(Why::OutOfScope)
    );
}

/// What the roles are for, whatever the table says in detail.
#[test]
fn the_table_keeps_the_roles_apart() {
    use Nature::{Administer, Apply, Decide, Feed, Oneself, Read, Recommend, Record, Reveal};
    let held = |office: Office| {
        let actions = Action::ALL.iter().copied();
        actions.filter(move |action| action.offices().contain(office))
    };
    let natures = |office: Office, allowed: &[Nature]| {
        for action in held(office) {
            assert!(allowed.contains(&action.nature()), "{office:?} {action:?}");
        }
    };
    natures(Office::Auditor, &[Read, Feed, Oneself]);
    natures(Office::Administrator, &[Read, Administer, Oneself]);
    natures(Office::Staff, &[Read, Reveal, Apply, Oneself]);
    natures(
        Office::InstitutionHr,
        &[
            Read, Reveal, Feed, Apply, Record, Recommend, Administer, Oneself,
        ],
    );
    for office in [Office::CountyDrugRegulator, Office::CityDrugRegulator] {
        let decides: Vec<Action> = held(office).filter(|a| a.nature() == Decide).collect();
        assert_eq!(decides, [Action::Opine]);
    }
    for action in Action::ALL {
        assert!(
            Office::ALL
                .iter()
                .any(|office| action.offices().contain(*office)),
            "{action:?}"
        );
    }
}

/// Capacities of one role, from the widest scope to the narrowest.
fn narrowing(office: Office) -> Vec<Capacity> {
    let areas = ["15", "1501", "150199", "150199001"].map(area);
    let reviewer = |authority, tier| {
        let narrowed = areas.map(|area| Capacity::Reviewer {
            authority,
            tier,
            area,
        });
        narrowed.to_vec()
    };
    let extents = || std::iter::once(Extent::Everywhere).chain(areas.map(Extent::Area));
    for authority in Authority::ALL {
        for tier in Tier::ALL {
            if office == Office::of_reviewer(*authority, *tier) {
                return reviewer(*authority, *tier);
            }
        }
    }
    match office {
        Office::Staff => [Some(institution(1)), None]
            .map(|home| Capacity::Staff {
                person: person(1),
                home,
            })
            .to_vec(),
        Office::InstitutionHr => [1, 2]
            .map(|n| Capacity::InstitutionHr {
                institution: institution(n),
            })
            .to_vec(),
        Office::Auditor => extents()
            .map(|extent| Capacity::Auditor { extent })
            .collect(),
        Office::Administrator => extents()
            .map(|extent| Capacity::Administrator { extent })
            .collect(),
        _ => vec![Capacity::ConsortiumHr {
            consortium: consortium(1),
        }],
    }
}

fn any_locus() -> impl Strategy<Value = Locus> {
    let codes = ["15", "1501", "150199", "150198", "150199001", "310105"];
    // a station has its centre above it
    let lines = vec![vec![], vec![1u8], vec![2, 1], vec![3]];
    (
        proptest::option::of(select(codes.to_vec())),
        select(lines),
        proptest::option::of(1u8..3),
    )
        .prop_map(|(code, line, member)| Locus {
            area: code.map(area),
            institutions: line.into_iter().map(institution).collect(),
            consortium: member.map(consortium),
        })
}

fn any_where() -> impl Strategy<Value = Where> {
    prop_oneof![Just(Where::Everywhere), any_locus().prop_map(Where::At)]
}

fn any_hand() -> impl Strategy<Value = Hand> {
    (1u8..4, proptest::option::of(1u8..4)).prop_map(|(n, p)| Hand {
        account: account(n),
        person: p.map(person),
    })
}

fn any_subject() -> impl Strategy<Value = Subject> {
    let person_file = (1u8..4, any_locus()).prop_map(|(n, locus)| {
        Subject::Person(PersonFile {
            person: person(n),
            locus,
        })
    });
    let hands = proptest::collection::vec(any_hand(), 0..3);
    let case = (1u8..4, any_locus(), hands, any::<bool>()).prop_map(
        |(n, locus, recommended_by, decided_by_consortium)| {
            Subject::Application(Case {
                applicant: person(n),
                locus,
                recommended_by,
                decided_by_consortium,
            })
        },
    );
    let holding = (select(Role::ALL.to_vec()), any_where())
        .prop_map(|(role, extent)| Holding { role, extent });
    let account_file =
        (1u8..4, proptest::collection::vec(holding, 0..3)).prop_map(|(n, capacities)| {
            Subject::Account(AccountFile {
                account: account(n),
                capacities,
            })
        });
    let adoption = (
        select(vec!["15", "150199"]),
        proptest::option::of(any_hand()),
    )
        .prop_map(|(code, proposed_by)| {
            Subject::Adoption(Adoption {
                area: area(code),
                proposed_by,
            })
        });
    prop_oneof![
        Just(Subject::Installation),
        Just(Subject::Common),
        any_locus().prop_map(Subject::Place),
        person_file,
        case,
        any_locus().prop_map(Subject::Notice),
        adoption,
        account_file,
        any_where().prop_map(Subject::Trail),
    ]
}

/// An action that is about the subject.
fn any_question() -> impl Strategy<Value = (Action, Subject)> {
    any_subject().prop_flat_map(|subject| {
        let noun = subject.noun();
        let actions = Action::ALL.iter().copied();
        let fitting: Vec<Action> = actions.filter(|action| action.noun() == noun).collect();
        (select(fitting), Just(subject))
    })
}

/// A path of areas never loses the institutions on it: what narrows is the scope alone.
fn consistent(subject: &Subject) -> bool {
    let locus = match subject {
        Subject::Place(locus) | Subject::Notice(locus) => locus,
        Subject::Person(file) => &file.locus,
        Subject::Application(case) => &case.locus,
        _ => return true,
    };
    // institution 2 is a station of centre 1
    !locus.institutions.contains(&institution(2)) || locus.institutions.contains(&institution(1))
}

proptest! {
    #[test]
    fn a_narrower_scope_never_permits_more(
        office in select(Office::ALL.to_vec()),
        (action, subject) in any_question(),
    ) {
        prop_assume!(consistent(&subject));
        let permitted: Vec<bool> = narrowing(office)
            .into_iter()
            .map(|capacity| permit(&actor(capacity), action, &subject).is_ok())
            .collect();
        for pair in permitted.windows(2) {
            prop_assert!(pair[0] || !pair[1], "{:?} {:?} {:?}", action, subject, permitted);
        }
    }

    #[test]
    fn a_token_or_a_missing_factor_never_permits_more(
        office in select(Office::ALL.to_vec()),
        (action, subject) in any_question(),
        natures in proptest::collection::vec(select(Nature::ALL.to_vec()), 0..4),
    ) {
        for capacity in narrowing(office) {
            let full = actor(capacity);
            let mut weaker = full.clone();
            weaker.assurance = Assurance::Password;
            let mut token = full.clone();
            token.channel = Channel::Token {
                id: TokenId::new(NOW, key(1)),
                natures: Natures::new(natures.iter().copied()),
            };
            for less in [&weaker, &token] {
                prop_assert!(permit(&full, action, &subject).is_ok() || permit(less, action, &subject).is_err());
            }
        }
    }

    /// What is permitted is found by the list, and who may list nothing is told so.
    #[test]
    fn lists_reach_what_is_permitted(
        office in select(Office::ALL.to_vec()),
        (action, subject) in any_question(),
    ) {
        for capacity in narrowing(office) {
            let actor = actor(capacity);
            let asked = permit(&actor, action, &subject);
            match reach(&actor, action) {
                Ok(scope) if action.nature() != Nature::Oneself => {
                    prop_assert!(asked.is_err() || subject.lies_in(&scope));
                }
                Ok(_) => {}
                Err(_) => prop_assert!(asked.is_err()),
            }
        }
    }

    /// The refusal of what is out of scope does not depend on rights, means or conflicts.
    #[test]
    fn secrets_look_alike(
        office in select(Office::ALL.to_vec()),
        (action, subject) in any_question(),
    ) {
        for capacity in narrowing(office) {
            let mut actor = actor(capacity);
            let before = permit(&actor, action, &subject).is_err_and(|d| d.is_secret());
            actor.assurance = Assurance::Password;
            let after = permit(&actor, action, &subject).is_err_and(|d| d.is_secret());
            prop_assert_eq!(before, after);
        }
    }
}
