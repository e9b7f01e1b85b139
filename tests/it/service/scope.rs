//! What lies outside the scope does not exist, whoever asks and however.

use crate::support::build::{area, month};
use crate::support::database::on_both;
use crate::support::office::{NOW, actor, after, auditor, office, reviewer, with_token};
use crate::support::records::day;
use dinggang::domain::institution::Kind;
use dinggang::domain::record::When;
use dinggang::domain::record_id::{InstitutionId, PersonId};
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Actor, Authority, Capacity, Nature, Natures, Why};
use dinggang::sample::{self, Size};
use dinggang::service::account::{Invitation, invite};
use dinggang::service::export::Export;
use dinggang::service::import::{Import, Imported};
use dinggang::service::locus::part_of;
use dinggang::service::{Office, ServiceError, ledger, person, trail};
use dinggang::sheet::{Input, write_register};
use dinggang::store::register::Loaded;
use dinggang::store::register::{Part, Scope, load};

const COUNTY: &str = "150199";
const SMALL: Size = Size {
    townships: 2,
    staff: 30,
};

fn file(register: &Register) -> Vec<Input> {
    vec![Input {
        name: "示例旗.xlsx".to_owned(),
        bytes: write_register(register).expect("a workbook"),
    }]
}

fn import<'a>(
    office: &'a Office,
    actor: &'a Actor,
    files: &'a [Input],
    scope: Scope,
) -> Import<'a> {
    Import {
        office,
        actor,
        files,
        on: day("2026-11-22"),
        scope,
        reason: None,
        now: NOW,
    }
}

/// The sample county, recorded; and its rows with their identifiers.
async fn recorded(office: &Office) -> Loaded {
    let files = file(&sample::county(SMALL, month("2026-11"), 7));
    let bureau = reviewer(Authority::HumanResources, COUNTY);
    let done = import(office, &bureau, &files, Scope::Area(area(COUNTY)))
        .run()
        .await;
    assert!(matches!(done.expect("run"), Imported::Recorded(_)));
    let mut reader = office.store.snapshot().await.expect("a reader");
    let when = When::on(day("2026-11-22"));
    let loaded = load(&mut reader, &Part::Whole, when, office.vault.as_ref()).await;
    loaded.expect("loaded")
}

/// Two health centres of two townships, by position.
fn two(loaded: &Loaded) -> (usize, usize) {
    let register = &loaded.register;
    let centre = |at: &usize| {
        let kind = register.institutions[*at].kind;
        kind == Some(Kind::TownshipHealthCentre)
            && register.people.iter().any(|one| one.institution == *at)
    };
    let mut centres = (0..register.institutions.len()).filter(centre);
    (
        centres.next().expect("one"),
        centres.next().expect("another"),
    )
}

fn clerk(id: InstitutionId) -> Actor {
    actor(5, Capacity::InstitutionHr { institution: id })
}

/// Whom somewhere is the first person.
fn staff_of(loaded: &Loaded, institution: usize) -> PersonId {
    let people = loaded.register.people.iter();
    let at = people
        .into_iter()
        .position(|one| one.institution == institution);
    loaded.people[at.expect("staff")]
}

fn is_not_found<T>(result: Result<T, ServiceError>) -> bool {
    matches!(result, Err(ServiceError::NotFound))
}

on_both! {
    async fn a_clerk_sees_the_own_house_only(database: Database) {
        let office = office(&database.store);
        let loaded = recorded(&office).await;
        let (own, other) = two(&loaded);
        let clerk = clerk(loaded.institutions[own]);
        let when = When::on(day("2026-11-22"));
        let code = |at: usize| loaded.register.institutions[at].code.clone();
        let found = ledger::of_institution(&office, &clerk, &code(own), when, NOW).await;
        assert!(found.expect("the own house").figures.is_some());
        let outside = ledger::of_institution(&office, &clerk, &code(other), when, NOW).await;
        assert!(is_not_found(outside));
        let beyond = [
            Part::Whole,
            Part::Area(area(COUNTY)),
            Part::Consortium("没有".to_owned()),
            Part::Below(code(other)),
            Part::These(vec![loaded.institutions[own], loaded.institutions[other]]),
        ];
        for part in beyond {
            let figures = ledger::evaluate(&office, &clerk, &part, when, NOW).await;
            assert!(is_not_found(figures), "{part:?}");
            for reveal in [None, Some("核对")] {
                let export = Export {
                    office: &office,
                    actor: &clerk,
                    part: part.clone(),
                    when,
                    reveal,
                    now: NOW,
                };
                assert!(is_not_found(export.run().await), "{part:?}");
            }
        }
        let part = part_of(&office, &clerk, dinggang::domain::rights::Action::ReadLedger).await;
        assert_eq!(part.expect("a part"), Part::Below(code(own)));
        let stranger = staff_of(&loaded, other);
        assert!(is_not_found(person::masked(&office, &clerk, stranger, NOW).await));
        assert!(is_not_found(person::reveal(&office, &clerk, stranger, "核对", NOW).await));
    }

    async fn a_clerk_takes_in_the_own_house_only(database: Database) {
        let office = office(&database.store);
        let loaded = recorded(&office).await;
        let (own, other) = two(&loaded);
        let clerk = clerk(loaded.institutions[own]);
        let code = loaded.register.institutions[own].code.clone();
        let scope = Scope::Institutions(vec![code]);
        let changed = |at: usize| {
            let mut register = loaded.register.clone();
            let person = register.people.iter_mut().find(|one| one.institution == at);
            person.expect("staff").email = Some("a@example.cn".to_owned());
            file(&register)
        };
        let files = changed(own);
        let done = import(&office, &clerk, &files, scope.clone()).run().await.expect("run");
        assert!(matches!(done, Imported::Recorded(_)));
        let files = changed(other);
        assert!(is_not_found(import(&office, &clerk, &files, scope).preview().await));
        let wider = Scope::Area(area(COUNTY));
        assert!(is_not_found(import(&office, &clerk, &files, wider).preview().await));
        let neighbour = reviewer(Authority::HumanResources, "150198");
        let scope = Scope::Area(area("150198"));
        assert!(is_not_found(import(&office, &neighbour, &files, scope).run().await));
    }

    async fn numbers_are_masked_and_looking_is_told(database: Database) {
        let office = office(&database.store);
        let loaded = recorded(&office).await;
        let (own, _) = two(&loaded);
        let clerk = clerk(loaded.institutions[own]);
        let id = staff_of(&loaded, own);
        let number = loaded.people.iter().position(|one| *one == id).expect("there");
        let number = loaded.register.people[number].id;
        let masked = person::masked(&office, &clerk, id, NOW).await.expect("masked");
        assert_eq!(masked.national_id, number.masked());
        let inspector = auditor();
        let denied = person::reveal(&office, &inspector, id, "好奇", NOW).await;
        match denied {
            Err(ServiceError::Denied(denied)) => assert!(matches!(denied.why, Why::Office(_))),
            other => panic!("{other:?}"),
        }
        let token = with_token(&clerk, Natures::new([Nature::Read]));
        let denied = person::reveal(&office, &token, id, "核对", NOW).await;
        match denied {
            Err(ServiceError::Denied(denied)) => {
                assert_eq!(denied.why, Why::Token(Nature::Reveal));
            }
            other => panic!("{other:?}"),
        }
        let whole = person::reveal(&office, &clerk, id, "核对社保", after(1)).await;
        assert_eq!(whole.expect("revealed").national_id, number.to_string());
        let subject = id.to_string();
        let today = NOW.shanghai_day();
        let told = trail::of_subject(&office, &inspector, "person", &subject, today).await;
        let told = told.expect("events");
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].what, "person.reveal");
        assert_eq!(told[0].who.account, Some(clerk.account));
        let detail = told[0].detail.as_ref().expect("a detail");
        assert_eq!(detail.reason.as_deref(), Some("核对社保"));
        let everything = format!("{told:?}");
        assert!(!everything.contains(number.as_str()));
        let clerks = trail::of_subject(&office, &clerk, "person", &subject, today).await;
        assert!(matches!(clerks, Err(ServiceError::Denied(_))), "clerks read no trail");
    }

    async fn one_reads_the_own_file_and_no_ledger(database: Database) {
        let office = office(&database.store);
        let loaded = recorded(&office).await;
        let (own, _) = two(&loaded);
        let id = staff_of(&loaded, own);
        let house = Some(loaded.institutions[own]);
        let nurse = actor(6, Capacity::Staff { person: id, home: house });
        person::reveal(&office, &nurse, id, "本人", NOW).await.expect("the own file");
        let colleague = loaded.people.iter().find(|one| **one != id).expect("another");
        assert!(is_not_found(person::masked(&office, &nurse, *colleague, NOW).await));
        // a clerk opens accounts of the own staff, under their own names
        let clerk = clerk(loaded.institutions[own]);
        let of = |person| Invitation {
            user_name: "nurse",
            name: "王丽",
            person,
            capacities: vec![nurse.capacity.clone()],
        };
        let hidden = invite(&office, &clerk, &of(Some(*colleague)), NOW).await;
        assert!(is_not_found(hidden), "somebody else's name");
        assert!(is_not_found(invite(&office, &clerk, &of(None), NOW).await));
        invite(&office, &clerk, &of(Some(id)), NOW).await.expect("invited");
        let more = Invitation {
            user_name: "clerk",
            capacities: vec![clerk.capacity.clone()],
            ..of(Some(id))
        };
        let denied = invite(&office, &clerk, &more, NOW).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))), "clerks make no clerks");
        let when = When::on(day("2026-11-22"));
        let code = &loaded.register.institutions[own].code;
        let denied = ledger::of_institution(&office, &nurse, code, when, NOW).await;
        assert!(is_not_found(denied));
    }
}
