//! Staff, rural doctors and places: taken on, looked for, moved, let go.

use crate::support::build::{area, month};
use crate::support::county::{
    County, RECORDED, bureau, is_denied, is_not_found, load_all, refusals,
};
use crate::support::database::on_both;
use crate::support::office::{NOW, actor, administrator, after, auditor, reviewer};
use crate::support::records::day;
use dinggang::domain::absence::{Departure, DepartureKind};
use dinggang::domain::employment::Employed;
use dinggang::domain::institution::SuccessionManner;
use dinggang::domain::page::Asked;
use dinggang::domain::place::{self, PlaceLevel};
use dinggang::domain::post::PostCategory;
use dinggang::domain::record::{Version, When};
use dinggang::domain::record_id::InstitutionId;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::rights::{Actor, Authority, Capacity};
use dinggang::domain::rural_doctor::{self, LabourRelation, Qualification};
use dinggang::domain::staff::{Employment, GpTraining, Profile};
use dinggang::domain::title::Rank;
use dinggang::service::institution::reorganise::{Reorganisation, Successor, reorganise};
use dinggang::service::place as places;
use dinggang::service::rural_doctor as doctors;
use dinggang::service::staff::{
    Editing, Engaging, Leaving, Listing, Member, Mobile, Transferring, correct, depart, edit,
    engage, find, list, transfer, with_number,
};
use dinggang::service::{Office, ServiceError, person, record, trail};
use dinggang::store::staff::{Order, State, Wanted};
use std::collections::{BTreeSet, HashMap};

const NUMBER: &str = "11010519491231002X";

fn profile(name: &str) -> Profile {
    Profile {
        name: name.to_owned(),
        mobile: None,
        email: None,
        job_class: None,
        licence_class: None,
        multi_site: None,
        second_site: None,
        third_site: None,
        gp_registered: false,
        gp_training: GpTraining::None,
        preventive_post: false,
        retirement_class: None,
        started_work: Some(month("2001-07")),
        history_known: false,
    }
}

fn employed(institution: InstitutionId) -> Employed {
    Employed {
        institution,
        employment: Employment::Establishment,
        category: PostCategory::Professional,
        dual_post: false,
    }
}

fn engaging(institution: InstitutionId, from: &str) -> Engaging<'static> {
    Engaging {
        number: NUMBER,
        profile: profile("新来的"),
        mobile: Mobile::Number("138 1234 5678".to_owned()),
        employed: employed(institution),
        from: day(from),
        reason: Some("公开招聘"),
    }
}

fn listing(wanted: Wanted, order: Order, most: u32) -> Listing {
    Listing {
        wanted,
        when: When::on(NOW.shanghai_day()),
        order,
        page: Asked::first(most),
    }
}

async fn all(office: &Office, actor: &Actor, mut listing: Listing) -> (Vec<Member>, u64) {
    let mut rows = Vec::new();
    loop {
        let page = list(office, actor, &listing, NOW).await.expect("a page");
        rows.extend(page.items);
        listing.page.after = page.next;
        if listing.page.after.is_none() {
            return (rows, page.total);
        }
    }
}

on_both! {
    async fn people_are_listed_within_the_scope(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let everybody = county.loaded.people.len();
        for order in [Order::Name, Order::Recorded] {
            let (whole, total) =
                all(office, &auditor(), listing(Wanted::default(), order, 500)).await;
            assert_eq!((whole.len(), total), (everybody, everybody as u64));
            for most in [1, 4, 7] {
                let asked = listing(Wanted::default(), order, most);
                assert_eq!(all(office, &auditor(), asked).await.0, whole, "{most} at a time");
            }
        }
        let clerk = county.clerk(own);
        let (mine, total) = all(office, &clerk, listing(Wanted::default(), Order::Name, 3)).await;
        let staff: BTreeSet<_> = county.staff(own).into_iter().collect();
        let below: BTreeSet<_> = mine.iter().map(|one| one.id).collect();
        assert!(below.is_superset(&staff) && total == below.len() as u64);
        assert!(mine.iter().all(|one| one.number.contains("**********")));
        // asking for the neighbour's staff gives nothing, and no number of them
        let theirs = Wanted {
            institution: Some(county.institution(other)),
            ..Wanted::default()
        };
        let asked = listing(theirs.clone(), Order::Name, 3);
        assert_eq!(all(office, &clerk, asked).await, (Vec::new(), 0));
        let asked = listing(theirs, Order::Name, 3);
        let (found, _) = all(office, &auditor(), asked).await;
        assert_eq!(found.len(), county.staff(other).len());
        // by level and by name
        let people = county.loaded.register.people.iter();
        let senior = people.filter(|one| one.appointed >= Rank::AssociateSenior).count();
        let wanted = Wanted {
            level: Some(dinggang::domain::post::Level::Senior),
            ..Wanted::default()
        };
        let (found, _) = all(office, &auditor(), listing(wanted, Order::Name, 9)).await;
        assert_eq!(found.len(), senior);
        let wanted = Wanted { name: Some("%".to_owned()), ..Wanted::default() };
        let (found, _) = all(office, &auditor(), listing(wanted, Order::Name, 9)).await;
        assert_eq!(found, []);
        // one's own file is a list of one
        let person = county.staff(own)[0];
        let home = Some(county.institution(own));
        let nurse = actor(8, Capacity::Staff { person, home });
        let (own_file, total) =
            all(office, &nurse, listing(Wanted::default(), Order::Name, 9)).await;
        assert_eq!((own_file.len(), total), (1, 1));
        assert_eq!(own_file[0].id, person);
        let neighbour = reviewer(Authority::Health, "150198");
        let asked = listing(Wanted::default(), Order::Name, 9);
        assert_eq!(all(office, &neighbour, asked).await, (Vec::new(), 0));
    }

    async fn somebody_comes_goes_and_comes_elsewhere(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let (mine, theirs) = (county.institution(own), county.institution(other));
        let (clerk, stranger) = (county.clerk(own), county.clerk(other));
        let wrong = Engaging {
            number: "110105194912310021",
            mobile: Mobile::Number("12".to_owned()),
            ..engaging(mine, "2026-02-01")
        };
        let refused = engage(office, &clerk, &wrong, NOW).await;
        assert_eq!(refusals(refused), [
            ("bad_id_number", Some("id_number")),
            ("bad_phone", Some("mobile")),
        ]);
        let early = engaging(mine, "2025-06-01");
        let refused = engage(office, &clerk, &early, NOW).await;
        assert_eq!(refusals(refused), [("not_there_yet", Some("institution"))]);
        let entry = engaging(mine, "2026-02-01");
        for bureau in [bureau(Authority::HumanResources), administrator()] {
            let denied = engage(office, &bureau, &entry, NOW).await;
            assert!(denied.is_err() && !matches!(denied, Err(ServiceError::Store(_))));
        }
        assert!(is_not_found(&engage(office, &stranger, &entry, NOW).await));
        let (id, seen) = engage(office, &clerk, &entry, NOW).await.expect("taken on");
        assert_eq!(with_number(office, &clerk, NUMBER, NOW).await.expect("found"), id);
        assert!(is_not_found(&with_number(office, &stranger, NUMBER, NOW).await));
        let numbers = person::masked(office, &clerk, id, NOW).await.expect("masked");
        assert_eq!(numbers.mobile.as_deref(), Some("138****5678"));
        // the own clerk is told who it is, the other one only that there is somebody
        let taken = |result| match result {
            Err(ServiceError::Refused(refusals)) => refusals,
            other => panic!("{other:?}"),
        };
        let twice = taken(engage(office, &clerk, &entry, NOW).await);
        assert_eq!(twice, [Refusal::NumberTaken { person: Some(id) }]);
        let there = engaging(theirs, "2026-03-01");
        let hidden = taken(engage(office, &stranger, &there, NOW).await);
        assert_eq!(hidden, [Refusal::NumberTaken { person: None }]);
        // the number itself is nowhere in the trail
        let (inspector, subject) = (auditor(), id.to_string());
        let today = NOW.shanghai_day();
        let told = trail::of_subject(office, &inspector, "person", &subject, today).await;
        let told = format!("{:?}", told.expect("events"));
        assert!(!told.contains(NUMBER) && !told.contains("13812345678"), "{told}");
        // let go, and taken on elsewhere with the same file
        let leaving = Leaving {
            person: id,
            departure: Departure {
                kind: DepartureKind::Transfer,
                left: day("2026-06-01"),
                approved: None,
                document: None,
            },
            seen,
            reason: None,
        };
        assert!(is_not_found(&depart(office, &stranger, &leaving, NOW).await));
        depart(office, &clerk, &leaving, after(1)).await.expect("left");
        let again = depart(office, &clerk, &leaving, after(2)).await;
        assert!(matches!(again, Err(ServiceError::Stale { .. })));
        let when = When::on(day("2026-06-01"));
        let gone = find(office, &clerk, id, when, NOW).await.expect("the last house sees it");
        assert_eq!(gone.employed, None);
        let elsewhere = Wanted { state: State::Elsewhere, ..Wanted::default() };
        let (found, _) = all(office, &clerk, listing(elsewhere, Order::Name, 9)).await;
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
        let early = engaging(theirs, "2026-05-31");
        assert!(engage(office, &stranger, &early, NOW).await.is_err());
        let (same, _) =
            engage(office, &stranger, &engaging(theirs, "2026-06-01"), after(3)).await.expect("on");
        assert_eq!(same, id);
        assert!(is_not_found(&find(office, &clerk, id, when, NOW).await));
        load_all(office).await;
    }

    async fn former_staff_are_found_by_the_county(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let staff = county.staff(own);
        let person = staff[0];
        let at = county.loaded.people.iter().position(|one| *one == person).expect("there");
        let number = county.loaded.register.people[at].id;
        let departure = Departure {
            kind: DepartureKind::Resignation,
            left: day("2026-06-01"),
            approved: None,
            document: None,
        };
        let seen = county.version(person).await;
        let leaving = Leaving { person, departure, seen, reason: None };
        depart(office, &county.clerk(own), &leaving, NOW).await.expect("left");
        // the house they left is gone afterwards too
        let (one, two) = (county.institution(own), county.institution(other));
        let merger = Reorganisation {
            manner: SuccessionManner::Merger,
            on: day("2026-10-01"),
            document: "示编发〔2026〕9号",
            old: vec![(one, county.version(one).await)],
            new: vec![Successor::There { id: two, seen: county.version(two).await }],
            people: HashMap::new(),
            houses: HashMap::new(),
            reason: None,
        };
        reorganise(office, &bureau(Authority::Establishment), &merger, after(1)).await.expect("merged");
        let elsewhere = Wanted { state: State::Elsewhere, ..Wanted::default() };
        for authority in [Authority::Establishment, Authority::HumanResources, Authority::Health] {
            let bureau = bureau(authority);
            let asked = listing(elsewhere.clone(), Order::Name, 9);
            let (found, _) = all(office, &bureau, asked).await;
            assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [person]);
            let id = with_number(office, &bureau, number.as_str(), NOW).await.expect("found");
            let one = find(office, &bureau, id, When::on(NOW.shanghai_day()), NOW).await.expect("shown");
            assert_eq!(one.employed, None);
        }
        let neighbour = reviewer(Authority::Health, "150198");
        assert!(is_not_found(&with_number(office, &neighbour, number.as_str(), NOW).await));
    }

    async fn a_profile_keeps_the_telephone_number(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, _) = county.two();
        let clerk = county.clerk(own);
        let entry = engaging(county.institution(own), "2026-02-01");
        let (id, seen) = engage(office, &clerk, &entry, NOW).await.expect("taken on");
        let editing = |mobile, seen| Editing {
            person: id,
            profile: Profile { email: Some("a@example.cn".to_owned()), ..profile("新来的") },
            mobile,
            from: day("2026-03-01"),
            seen,
            reason: None,
        };
        let done = edit(office, &clerk, &editing(Mobile::Keep, seen), NOW).await.expect("edited");
        let masked = person::masked(office, &clerk, id, NOW).await.expect("masked");
        assert_eq!(masked.mobile.as_deref(), Some("138****5678"));
        // the same number is no change, however it is written
        let same = Mobile::Number("+86 138-1234-5678".to_owned());
        let same = edit(office, &clerk, &editing(same, done.version), NOW).await.expect("edited");
        assert_eq!(same.version, done.version);
        let none = edit(office, &clerk, &editing(Mobile::None, done.version), NOW).await;
        none.expect("edited");
        let masked = person::masked(office, &clerk, id, NOW).await.expect("masked");
        assert_eq!(masked.mobile, None);
        let bad = Editing {
            profile: Profile { email: Some("nobody".to_owned()), ..profile(" ") },
            ..editing(Mobile::Keep, Version::FIRST)
        };
        assert!(edit(office, &clerk, &bad, NOW).await.is_err());
    }

    async fn a_corrected_profile_keeps_the_telephone_number(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let clerk = county.clerk(own);
        let entry = engaging(county.institution(own), "2026-02-01");
        let (id, seen) = engage(office, &clerk, &entry, NOW).await.expect("taken on");
        let held = record::at::<Profile>(office, &clerk, id, When::on(day("2026-02-01")), NOW).await;
        let row = held.expect("held").rows.remove(0).id;
        let editing = Editing {
            person: id,
            profile: profile("新来者"),
            mobile: Mobile::Keep,
            from: day("2026-02-01"),
            seen,
            reason: Some("姓名写错"),
        };
        let unreasoned = Editing { reason: None, ..editing.clone() };
        let refused = correct(office, &clerk, &unreasoned, row, NOW).await;
        assert_eq!(refusals(refused), [("reason_missing", Some("reason"))]);
        assert!(is_not_found(&correct(office, &county.clerk(other), &editing, row, NOW).await));
        let done = correct(office, &clerk, &editing, row, NOW).await.expect("corrected");
        let again = correct(office, &clerk, &Editing { seen: done.version, ..editing }, row, NOW).await;
        assert!(is_not_found(&again), "the row was replaced");
        let masked = person::masked(office, &clerk, id, NOW).await.expect("masked");
        assert_eq!(masked.mobile.as_deref(), Some("138****5678"));
        let when = When::on(NOW.shanghai_day());
        let found = find(office, &clerk, id, when, NOW).await.expect("found");
        assert_eq!(found.profile.name, "新来者");
    }

    async fn a_transfer_ends_the_appointment(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let people = county.loaded.register.people.iter().zip(&county.loaded.people);
        let mut appointed = people
            .filter(|(one, _)| one.institution == own && one.appointed != Rank::None)
            .map(|(one, id)| (*id, one.employment));
        let (person, employment) = appointed.next().expect("somebody appointed");
        let there = Employed { employment, ..employed(county.institution(other)) };
        let transferring = Transferring {
            person,
            to: there,
            on: day("2026-09-01"),
            seen: county.version(person).await,
            reason: Some("顺向流动"),
        };
        // one clerk alone cannot: the other house is not theirs
        assert!(is_not_found(&transfer(office, &county.clerk(own), &transferring, NOW).await));
        let name = "示例医共体";
        for at in [own, other] {
            let id = county.institution(at);
            let when = When::on(NOW.shanghai_day());
            let held = dinggang::service::institution::find(office, &auditor(), id, when, NOW).await;
            let fact = dinggang::domain::institution::Profile {
                consortium: Some(name.to_owned()),
                ..held.expect("found").profile
            };
            let entering = dinggang::service::record::Entering {
                subject: id,
                slot: None,
                fact,
                validity: dinggang::domain::record::Validity::from(day("2026-05-01")),
                seen: county.version(id).await,
                reason: None,
            };
            let health = bureau(Authority::Health);
            dinggang::service::record::record(office, &health, &entering, NOW)
                .await
                .expect("recorded");
        }
        let consortium = crate::support::records::work!(office.store, |tx| -> dinggang::domain::record_id::ConsortiumId {
            let id = dinggang::domain::record_id::ConsortiumId::new(NOW, [7; 10]);
            dinggang::store::locus::name_consortium(tx, "示例医共体", id, NOW).await
        })
        .expect("named");
        let lead = actor(9, Capacity::ConsortiumHr { consortium });
        // stated alone, the new employment would take the appointment along
        let alone = dinggang::service::record::Entering {
            subject: person,
            slot: None,
            fact: transferring.to.clone(),
            validity: dinggang::domain::record::Validity::from(transferring.on),
            seen: transferring.seen,
            reason: None,
        };
        let refused = dinggang::service::record::record(office, &lead, &alone, after(1)).await;
        assert_eq!(refusals(refused), [("appointment_stands", None)]);
        let seen = transfer(office, &lead, &transferring, after(1)).await.expect("moved");
        assert_eq!(seen, transferring.seen.next());
        let found = find(office, &lead, person, When::on(NOW.shanghai_day()), NOW).await;
        let found = found.expect("found");
        assert_eq!(found.employed.map(|one| one.institution), Some(county.institution(other)));
        assert_eq!(found.appointed, None);
        let before = find(office, &lead, person, When::on(day("2026-08-31")), NOW).await;
        assert!(before.expect("found").appointed.is_some());
        // what the lead sees in lists is the community and no more
        let (members, _) = all(office, &lead, listing(Wanted::default(), Order::Name, 5)).await;
        let houses: BTreeSet<_> =
            members.iter().filter_map(|one| one.employed.as_ref()).map(|one| one.institution).collect();
        let both = [county.institution(own), county.institution(other)];
        assert!(houses.is_subset(&both.into_iter().collect()), "{houses:?}");
    }

    async fn rural_doctors_belong_to_places(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, _) = county.two();
        let health = bureau(Authority::Health);
        let clinic = "示例村卫生室";
        let house = county.loaded.register.institutions[own].clone();
        // a clinic below the centre, so that its clerk keeps the doctor's file
        let new = dinggang::service::institution::New {
            code: "CWS01",
            profile: dinggang::domain::institution::Profile {
                name: clinic.to_owned(),
                kind: Some(dinggang::domain::institution::Kind::VillageClinic),
                area: house.area,
                parent: Some(house.code),
                consortium: None,
                sponsor: house.sponsor,
                service_population: None,
                beds: None,
                rehabilitation_beds: None,
                raised_senior_ratio: false,
                directed_evaluation: false,
            },
            from: day(RECORDED),
            reason: None,
        };
        dinggang::service::institution::create(office, &health, &new, NOW).await.expect("made");
        let new = |clinic: &str| doctors::New {
            number: NUMBER,
            profile: rural_doctor::Profile {
                name: "老张".to_owned(),
                area: area("150199001"),
                clinic: Some(clinic.to_owned()),
                qualification: Qualification::RuralDoctor,
                labour_relation: LabourRelation::None,
                on_establishment: false,
                pension: None,
            },
            from: day(RECORDED),
            reason: None,
        };
        let clerk = county.clerk(own);
        let elsewhere = doctors::create(office, &clerk, &new("别的卫生室"), NOW).await;
        assert!(is_not_found(&elsewhere));
        let (id, seen) = doctors::create(office, &clerk, &new(clinic), NOW).await.expect("made");
        assert_eq!(seen, Version::FIRST);
        let refused = doctors::create(office, &health, &new("别处"), NOW).await;
        assert_eq!(refusals(refused), [("number_taken", Some("id_number"))]);
        let asked = |text: Option<&str>| doctors::Listing {
            wanted: dinggang::store::rural_doctor::Wanted {
                text: text.map(str::to_owned),
                ..Default::default()
            },
            when: When::on(NOW.shanghai_day()),
            page: Asked::first(500),
        };
        let everyone = county.loaded.rural_doctors.len() + 1;
        let page = doctors::list(office, &health, &asked(None), NOW).await.expect("a page");
        assert_eq!((page.items.len(), page.total), (everyone, everyone as u64));
        let page = doctors::list(office, &clerk, &asked(None), NOW).await.expect("a page");
        assert!(page.items.iter().any(|one| one.id == id));
        for one in &page.items {
            let seen = doctors::find(office, &clerk, one.id, asked(None).when, NOW).await;
            assert!(seen.is_ok(), "who is listed can be opened");
        }
        assert_eq!(page.items.len() as u64, page.total);
        let neighbour = reviewer(Authority::Health, "150198");
        let page = doctors::list(office, &neighbour, &asked(Some("老张")), NOW).await;
        assert_eq!(page.expect("a page").total, 0);
        let when = asked(None).when;
        assert!(is_not_found(&doctors::find(office, &neighbour, id, when, NOW).await));
    }

    async fn places_are_kept_by_administrators(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let new = |code: &'static str, parent: &str| places::New {
            code,
            profile: place::Profile {
                name: "新社区".to_owned(),
                level: PlaceLevel::Community,
                parent: Some(area(parent)),
                residents: Some(3000),
                establishment_reviewed: None,
            },
            from: day(RECORDED),
            reason: None,
        };
        let entry = new("150199001777", "150199001");
        let health = bureau(Authority::Health);
        assert!(is_denied(&places::create(office, &health, &entry, NOW).await));
        let keeper = administrator();
        let (id, _) = places::create(office, &keeper, &entry, NOW).await.expect("made");
        let again = places::create(office, &keeper, &entry, NOW).await;
        assert_eq!(refusals(again), [("code_taken", Some("code"))]);
        let refused = places::create(office, &keeper, &new("150199001778", "150198"), NOW).await;
        assert_eq!(refusals(refused), [("bad_code", Some("parent"))]);
        let refused = places::create(office, &keeper, &new("15", "15"), NOW).await;
        assert_eq!(refusals(refused), [("bad_code", Some("code"))]);
        let asked = |most| places::Listing {
            wanted: Default::default(),
            when: When::on(NOW.shanghai_day()),
            page: Asked::first(most),
        };
        let whole = places::list(office, &keeper, &asked(500), NOW).await.expect("a page");
        assert_eq!(whole.items.len() as u64, whole.total);
        // a clerk knows the places of the county
        let clerk = county.clerk(county.two().0);
        let seen = places::list(office, &clerk, &asked(500), NOW).await.expect("a page");
        assert_eq!(seen.items, whole.items);
        places::find(office, &clerk, id, asked(1).when, NOW).await.expect("found");
        let neighbour = reviewer(Authority::Health, "150198");
        let seen = places::list(office, &neighbour, &asked(500), NOW).await.expect("a page");
        assert_eq!(seen.total, 0);
        assert!(is_not_found(&places::find(office, &neighbour, id, asked(1).when, NOW).await));
    }
}
