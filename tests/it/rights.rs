//! The grid of rights, as a reader would check it: every action against every office. A
//! change of rights is a change of this file's snapshot, and is read as one.

use dinggang::domain::ids::AreaCode;
use dinggang::domain::record_id::{AccountId, ConsortiumId, InstitutionId, PersonId, SessionId};
use dinggang::domain::rights::{
    AccountFile, Action, Actor, Adoption, Assurance, Authority, Capacity, Case, Channel, Extent,
    Holding, Locus, Noun, Office, PersonFile, Role, Subject, Tier, Where, permit,
};
use dinggang::domain::time::Timestamp;
use std::fmt::Write;

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

fn person(n: u8) -> PersonId {
    PersonId::new(NOW, [n; 10])
}

fn account(n: u8) -> AccountId {
    AccountId::new(NOW, [n; 10])
}

fn county() -> AreaCode {
    AreaCode::read("150199", &[6]).expect("a code")
}

fn centre() -> Locus {
    Locus {
        area: Some(county()),
        institutions: vec![InstitutionId::new(NOW, [1; 10])],
        consortium: Some(ConsortiumId::new(NOW, [1; 10])),
    }
}

fn capacity(office: Office) -> Capacity {
    for authority in Authority::ALL.iter().copied() {
        for tier in Tier::ALL.iter().copied() {
            if Office::of_reviewer(authority, tier) == office {
                let area = county();
                return Capacity::Reviewer {
                    authority,
                    tier,
                    area,
                };
            }
        }
    }
    let institution = InstitutionId::new(NOW, [1; 10]);
    match office {
        Office::Staff => Capacity::Staff {
            person: person(1),
            home: Some(institution),
        },
        Office::InstitutionHr => Capacity::InstitutionHr { institution },
        Office::ConsortiumHr => Capacity::ConsortiumHr {
            consortium: ConsortiumId::new(NOW, [1; 10]),
        },
        Office::Auditor => Capacity::Auditor {
            extent: Extent::Everywhere,
        },
        _ => Capacity::Administrator {
            extent: Extent::Everywhere,
        },
    }
}

fn actor(office: Office) -> Actor {
    Actor {
        account: account(1),
        name: "某甲".to_owned(),
        person: Some(person(1)),
        capacity: capacity(office),
        assurance: Assurance::Full,
        channel: Channel::Session(SessionId::new(NOW, [1; 10])),
    }
}

fn file(n: u8) -> Subject {
    Subject::Person(PersonFile {
        person: person(n),
        locus: centre(),
    })
}

fn case(applicant: u8, decided_by_consortium: bool) -> Subject {
    Subject::Application(Case {
        applicant: person(applicant),
        locus: centre(),
        recommended_by: Vec::new(),
        decided_by_consortium,
    })
}

fn account_of(n: u8, role: Role) -> Subject {
    Subject::Account(AccountFile {
        account: account(n),
        capacities: vec![Holding {
            role,
            extent: Where::At(centre()),
        }],
    })
}

/// Subjects inside the scope: somebody else's, the actor's own, and the special one.
struct Probes {
    others: Subject,
    own: Option<Subject>,
    special: Option<Subject>,
}

fn probes(noun: Noun) -> Probes {
    let (others, own, special) = match noun {
        Noun::Installation => (Subject::Installation, None, None),
        Noun::Common => (Subject::Common, None, None),
        Noun::Place => (Subject::Place(centre()), None, None),
        Noun::Person => (file(2), Some(file(1)), None),
        Noun::Application => (case(2, false), Some(case(1, false)), Some(case(2, true))),
        Noun::Notice => (Subject::Notice(centre()), None, None),
        Noun::Adoption => {
            let adoption = Adoption {
                area: county(),
                proposed_by: None,
            };
            (Subject::Adoption(adoption), None, None)
        }
        Noun::Account => (
            account_of(2, Role::Reviewer),
            Some(account_of(1, Role::Reviewer)),
            Some(account_of(2, Role::Staff)),
        ),
        Noun::Trail => (Subject::Trail(Where::At(centre())), None, None),
    };
    Probes {
        others,
        own,
        special,
    }
}

/// One cell: `●` anything in scope, `◎` anything but one's own, `○` one's own only,
/// `◇` only cases that a consortium decides or accounts of staff, `·` nothing.
fn cell(office: Office, action: Action) -> char {
    let actor = actor(office);
    let may = |subject: &Subject| permit(&actor, action, subject).is_ok();
    let probes = probes(action.noun());
    let own = probes.own.as_ref().map(may);
    let special = probes.special.as_ref().is_some_and(may);
    match (may(&probes.others), own) {
        (true, Some(false)) => '◎',
        (true, _) => '●',
        (false, Some(true)) => '○',
        (false, _) if special => '◇',
        (false, _) => '·',
    }
}

fn grid() -> String {
    let mut out = String::from(
        "● anything in scope   ◎ anything but one's own   ○ one's own only\n\
         ◇ applications that a consortium decides, accounts of staff   · nothing\n\n",
    );
    for (n, office) in Office::ALL.iter().enumerate() {
        let bars = "│  ".repeat(n);
        let _ = writeln!(out, "{:40} {bars}{} {}", "", office.key(), office.label());
    }
    let mut noun = None;
    for action in Action::ALL.iter().copied() {
        if noun.replace(action.noun()) != Some(action.noun()) {
            let _ = writeln!(out, "{}", action.noun().key());
        }
        let _ = write!(out, "  {:27} {:10} ", action.key(), action.nature().key());
        for office in Office::ALL.iter().copied() {
            let _ = write!(out, "{}  ", cell(office, action));
        }
        let _ = writeln!(out, "{}", action.label());
    }
    out
}

#[test]
fn the_grid_of_rights() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../cases/golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("rights", grid()));
}

/// Programs and the trail name actions by key; people by label.
#[test]
fn no_two_actions_share_a_name() {
    let mut keys: Vec<&str> = Action::ALL.iter().map(|action| action.key()).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), Action::ALL.len());
    let mut labels = Action::LABELS.to_vec();
    labels.sort_unstable();
    labels.dedup();
    assert_eq!(labels.len(), Action::ALL.len());
}
