//! Institutions: lists that say no more than may be known, the tree, and what becomes of
//! people when their house splits, merges or converts.

use crate::support::build::{area, month};
use crate::support::county::{
    COUNTY, County, RECORDED, bureau, is_denied, is_not_found, load_all, refusals,
};
use crate::support::database::on_both;
use crate::support::office::{NOW, account_with, actor, after, auditor, reviewer};
use crate::support::records::day;
use dinggang::domain::establishment::Decision;
use dinggang::domain::institution::{Kind, Profile, Sponsor, Succession, SuccessionManner};
use dinggang::domain::page::Asked;
use dinggang::domain::post::PostCategory;
use dinggang::domain::record::{Validity, Version, When};
use dinggang::domain::record_id::InstitutionId;
use dinggang::domain::rights::{Actor, Authority, Capacity};
use dinggang::domain::service::Spell;
use dinggang::domain::staff::Profile as PersonProfile;
use dinggang::domain::team::{Membership, Team};
use dinggang::service::institution::complete::{Declaration, declare_complete};
use dinggang::service::institution::reorganise::{Reorganisation, Successor, reorganise};
use dinggang::service::institution::tree::tree;
use dinggang::service::institution::{Listing, New, create, find, list, with_code};
use dinggang::service::ledger::institution_figures;
use dinggang::service::record::{self, Entering, Recorded};
use dinggang::service::{Office, ServiceError, trail};
use dinggang::store::institution::{Listed, Order, Wanted};
use std::collections::{BTreeSet, HashMap};

fn listing(order: Order, most: u32) -> Listing {
    Listing {
        wanted: Wanted::default(),
        when: When::on(NOW.shanghai_day()),
        order,
        page: Asked::first(most),
    }
}

/// Every page, one after the other.
async fn all(office: &Office, actor: &Actor, mut listing: Listing) -> (Vec<Listed>, u64) {
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

async fn enter<F: Recorded>(
    county: &County,
    actor: &Actor,
    subject: dinggang::domain::record::Id<F::Subject>,
    fact: F,
    from: &str,
) -> record::Done {
    let entering = Entering {
        subject,
        slot: None,
        fact,
        validity: Validity::from(day(from)),
        seen: county.version(subject).await,
        reason: None,
    };
    let done = record::record(&county.office, actor, &entering, NOW).await;
    done.expect("recorded")
}

fn centre(name: &str) -> Profile {
    Profile {
        name: name.to_owned(),
        kind: Some(Kind::CommunityHealthCentre),
        area: Some(area("150199001")),
        parent: None,
        consortium: None,
        sponsor: Sponsor::Government,
        service_population: Some(30_000),
        beds: None,
        rehabilitation_beds: None,
        raised_senior_ratio: false,
        directed_evaluation: false,
    }
}

fn made(code: &str, name: &str) -> Successor {
    Successor::Made {
        code: code.to_owned(),
        profile: Box::new(centre(name)),
    }
}

fn plan(
    manner: SuccessionManner,
    old: Vec<(InstitutionId, Version)>,
    new: Vec<Successor>,
) -> Reorganisation<'static> {
    Reorganisation {
        manner,
        on: day("2026-10-01"),
        document: "示编发〔2026〕9号",
        old,
        new,
        people: HashMap::new(),
        houses: HashMap::new(),
        reason: None,
    }
}

on_both! {
    async fn pages_neither_skip_nor_repeat(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let everything = county.loaded.register.institutions.len();
        for order in [Order::Code, Order::Name] {
            let (whole, total) = all(office, &auditor(), listing(order, 500)).await;
            assert_eq!((whole.len(), total), (everything, everything as u64));
            let key = |one: &Listed| one.cursor(order).key;
            assert!(whole.windows(2).all(|two| key(&two[0]) <= key(&two[1])), "in order of bytes");
            for most in [1, 2, 3, 7] {
                let (pages, _) = all(office, &auditor(), listing(order, most)).await;
                assert_eq!(pages, whole, "{most} at a time");
            }
        }
        // names that are the same still follow each other
        let twins = [county.institution(0), county.institution(1), county.institution(2)];
        for id in twins {
            let held = find(office, &auditor(), id, When::on(NOW.shanghai_day()), NOW).await;
            let profile = Profile { name: "同名".to_owned(), ..held.expect("found").profile };
            enter(&county, &bureau(Authority::Health), id, profile, "2026-05-01").await;
        }
        let mut asked = listing(Order::Name, 1);
        asked.wanted.text = Some("同名".to_owned());
        let (rows, total) = all(office, &auditor(), asked).await;
        let ids: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
        assert_eq!((rows.len(), ids.len(), total), (3, 3, 3));
    }

    async fn lists_and_counts_end_where_the_scope_does(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let (mine, theirs) = (county.institution(own), county.institution(other));
        let code = county.loaded.register.institutions[own].code.clone();
        let clerk = county.clerk(own);
        let (rows, total) = all(office, &clerk, listing(Order::Code, 2)).await;
        assert_eq!(rows.len() as u64, total);
        let below = |one: &Listed| one.id == mine || one.profile.parent.as_ref() == Some(&code);
        assert!(rows.iter().all(below), "the house and those below it");
        assert!(rows.iter().any(|one| one.id == mine));
        // looking for the neighbour finds nothing, not even a number
        let name = county.loaded.register.institutions[other].name.clone();
        let mut asked = listing(Order::Code, 2);
        asked.wanted.text = Some(name);
        assert_eq!(all(office, &clerk, asked).await, (Vec::new(), 0));
        assert!(is_not_found(&find(office, &clerk, theirs, listing(Order::Code, 1).when, NOW).await));
        let neighbour = reviewer(Authority::Health, "150198");
        assert_eq!(all(office, &neighbour, listing(Order::Code, 9)).await, (Vec::new(), 0));
        let nurse = actor(8, Capacity::Staff { person: county.staff(own)[0], home: Some(mine) });
        assert!(is_denied(&list(office, &nurse, &listing(Order::Code, 9), NOW).await));
        assert!(is_not_found(&with_code(office, &neighbour, &code, NOW).await));
        assert_eq!(with_code(office, &clerk, &code, NOW).await.expect("found"), mine);
        // before anything was recorded there is nothing to list
        let mut early = listing(Order::Code, 9);
        early.when = When::on(day("2025-12-31"));
        assert_eq!(all(office, &auditor(), early).await, (Vec::new(), 0));
        // the tree holds the same institutions
        let when = When::on(NOW.shanghai_day());
        let grown = tree(office, &clerk, None, when, NOW).await.expect("a tree");
        let text = format!("{grown:?}");
        assert!(text.contains(&mine.to_string()) && !text.contains(&theirs.to_string()));
        let whole = tree(office, &auditor(), Some(area(COUNTY)), when, NOW).await.expect("a tree");
        assert_eq!(whole.areas.len(), 1);
        assert_eq!(whole.areas[0].code, area(COUNTY));
        let shown = format!("{whole:?}").matches("Listed {").count();
        assert_eq!(shown, county.loaded.register.institutions.len(), "each of them once");
    }

    async fn institutions_are_registered_by_the_health_bureau(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let new = |code: &'static str, profile| New {
            code,
            profile,
            from: day("2026-11-01"),
            reason: Some("新设"),
        };
        let health = bureau(Authority::Health);
        let (id, version) = create(office, &health, &new("XS01", centre("新社区中心")), NOW)
            .await
            .expect("made");
        assert_eq!(version, Version::FIRST);
        let when = When::on(NOW.shanghai_day());
        assert_eq!(find(office, &health, id, when, NOW).await.expect("found").code, "XS01");
        let again = create(office, &health, &new("XS01", centre("又一个")), NOW).await;
        assert_eq!(refusals(again), [("code_taken", Some("code"))]);
        let blank = Profile { kind: None, ..centre(" ") };
        let refused = create(office, &health, &new("X 2", blank), NOW).await;
        assert_eq!(refusals(refused), [
            ("bad_text", Some("code")),
            ("blank_text", Some("name")),
            ("blank_text", Some("kind")),
        ]);
        let resources = bureau(Authority::HumanResources);
        assert!(is_denied(&create(office, &resources, &new("XS03", centre("三")), NOW).await));
        let neighbour = reviewer(Authority::Health, "150198");
        assert!(is_not_found(&create(office, &neighbour, &new("XS03", centre("三")), NOW).await));
    }

    async fn a_converted_house_keeps_its_people_and_numbers(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, _) = county.two();
        let id = county.institution(own);
        let clerk = county.clerk(own);
        let staff = county.staff(own);
        let name = county.loaded.register.institutions[own].name.clone();
        // somebody whose spell goes on there, in a team of the house
        let spell = Spell {
            origin: dinggang::domain::register::Origin::NOWHERE,
            start: month("2010-03"),
            end: None,
            employer: name,
            kind: Kind::TownshipHealthCentre,
            location: None,
            category: PostCategory::Professional,
        };
        enter(&county, &clerk, staff[0], spell, RECORDED).await;
        let team = Team { name: "一队".to_owned(), area: None, residents: None };
        let slot = enter(&county, &clerk, id, team, RECORDED).await.slot;
        let member = Membership { institution: id, team: slot, leads: true };
        enter(&county, &clerk, staff[0], member, RECORDED).await;
        let decided = Decision { total: Some(40), ..Decision::default() };
        enter(&county, &bureau(Authority::Establishment), id, decided, "2026-03-01").await;
        let seen = county.version(id).await;
        let conversion = plan(
            SuccessionManner::Conversion,
            vec![(id, seen)],
            vec![made("ZX01", "转设社区中心")],
        );
        assert!(is_denied(&reorganise(office, &bureau(Authority::Health), &conversion, NOW).await));
        let outside = reviewer(Authority::Establishment, "150198");
        assert!(is_not_found(&reorganise(office, &outside, &conversion, NOW).await));
        let establishment = bureau(Authority::Establishment);
        let done = reorganise(office, &establishment, &conversion, after(9)).await;
        let done = done.expect("converted");
        assert_eq!(done.people, staff.len());
        let again = reorganise(office, &establishment, &conversion, after(10)).await;
        assert!(matches!(again, Err(ServiceError::Stale { .. })), "{again:?}");
        let loaded = load_all(office).await;
        assert!(!loaded.institutions.contains(&id), "the old one has ended");
        let at = loaded.institutions.iter().position(|one| *one == done.new[0]).expect("there");
        let there = loaded.register.people.iter().zip(&loaded.people);
        let there: BTreeSet<_> =
            there.filter(|(one, _)| one.institution == at).map(|(_, id)| *id).collect();
        assert_eq!(there, staff.iter().copied().collect());
        let house = &loaded.register.institutions[at];
        assert_eq!(house.establishment.total, Some(40));
        let plan_before = county.loaded.register.institutions[own].posts;
        assert_eq!(house.posts, plan_before, "its posts are still those decided");
        // titles and appointments go along
        let of = |loaded: &dinggang::store::register::Loaded, person| {
            let at = loaded.people.iter().position(|one| *one == person).expect("there");
            let one = &loaded.register.people[at];
            (one.title, one.appointed, one.grade, one.manner)
        };
        for person in &staff {
            assert_eq!(of(&loaded, *person), of(&county.loaded, *person));
        }
        // township service ends with the township centre
        let newcomer = actor(5, Capacity::InstitutionHr { institution: done.new[0] });
        let when = When::on(day("2026-10-01"));
        let spells = record::at::<Spell>(office, &newcomer, staff[0], when, NOW).await;
        let spells = spells.expect("read").rows;
        let went_on = spells.iter().find(|row| row.fact.end.is_none()).expect("open");
        assert_eq!(went_on.fact.kind, Kind::CommunityHealthCentre);
        assert_eq!(went_on.fact.start, month("2026-10"));
        let ended = spells.iter().any(|row| row.fact.end == Some(month("2026-10")));
        assert!(ended, "{spells:?}");
        let teams = record::at::<Membership>(office, &newcomer, staff[0], when, NOW).await;
        assert_eq!(teams.expect("read").rows[0].fact.institution, done.new[0]);
        let from = record::at::<Succession>(office, &newcomer, done.new[0], when, NOW).await;
        assert_eq!(from.expect("read").rows[0].fact.predecessor, id);
        // the day before, all is as it was; who changed it is in every file
        let before = find(office, &establishment, id, When::on(day("2026-09-30")), NOW).await;
        assert_eq!(before.expect("found").id, id);
        let (inspector, subject) = (auditor(), staff[0].to_string());
        let today = NOW.shanghai_day();
        let told = trail::of_subject(office, &inspector, "person", &subject, today).await;
        let told = told.expect("events");
        assert!(told.iter().any(|event| event.what == "institution.reorganise"));
        let gone = record::at::<PersonProfile>(office, &clerk, staff[0], when, NOW).await;
        assert!(is_not_found(&gone), "the clerk of the old house keeps no files");
    }

    async fn a_split_leaves_nobody_behind(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, _) = county.two();
        let id = county.institution(own);
        let staff = county.staff(own);
        let seen = county.version(id).await;
        let mut split = plan(
            SuccessionManner::Split,
            vec![(id, seen)],
            vec![Successor::There { id, seen }, made("FL01", "分设中心")],
        );
        let establishment = bureau(Authority::Establishment);
        let refused = reorganise(office, &establishment, &split, NOW).await;
        assert!(refusals(refused).contains(&("staff_left", None)));
        split.people = staff.iter().map(|person| (*person, 0)).collect();
        split.people.insert(staff[0], 1);
        let code = county.loaded.register.institutions[own].code.clone();
        let below = county.loaded.register.institutions.iter().zip(&county.loaded.institutions);
        let below = below.filter(|(one, _)| one.parent.as_ref() == Some(&code));
        split.houses = below.map(|(_, id)| (*id, 1)).collect();
        let houses = split.houses.len();
        let mut wrong = split.clone();
        wrong.manner = SuccessionManner::Conversion;
        let refused = reorganise(office, &establishment, &wrong, NOW).await;
        assert_eq!(refusals(refused), [("bad_reorganisation", Some("manner"))]);
        let done = reorganise(office, &establishment, &split, after(1)).await.expect("split");
        assert_eq!((done.people, done.houses), (1, houses));
        let loaded = load_all(office).await;
        let at = |id| loaded.institutions.iter().position(|one| *one == id).expect("there");
        let of = |place: usize| {
            let people = loaded.register.people.iter();
            people.filter(|one| one.institution == place).count()
        };
        assert_eq!((of(at(id)), of(at(done.new[1]))), (staff.len() - 1, 1));
    }

    async fn figures_begin_when_somebody_says_that_all_are_there(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (health, code) = (bureau(Authority::Health), "BD01");
        let new = New { code, profile: centre("表单中心"), from: day("2026-02-01"), reason: None };
        // another county, of which nothing was ever imported
        let profile = Profile { area: Some(area("150198001")), ..new.profile.clone() };
        let new = New { profile, ..new };
        let neighbour = reviewer(Authority::Health, "150198");
        let (id, seen) = create(office, &neighbour, &new, NOW).await.expect("made");
        let inspector = auditor();
        let known = async |on: &str| {
            let when = When::on(day(on));
            let figures = institution_figures(office, &inspector, code, when, NOW).await;
            let figures = figures.expect("a ledger");
            (figures.known.is_some(), figures.records_begin)
        };
        assert_eq!(known("2026-06-01").await, (false, None));
        let declaration = Declaration { institution: id, on: day("2026-03-01"), seen, reason: "逐人核对" };
        assert!(is_not_found(&declare_complete(office, &health, declaration, NOW).await));
        let establishment = reviewer(Authority::Establishment, "150198");
        assert!(is_denied(&declare_complete(office, &establishment, declaration, NOW).await));
        let declare = async |declaration| declare_complete(office, &neighbour, declaration, after(1)).await;
        let silent = Declaration { reason: " ", on: day("2026-01-01"), ..declaration };
        assert_eq!(refusals(declare(silent).await), [("reason_missing", Some("reason")), ("not_there_yet", Some("on"))]);
        let next = declare(declaration).await.expect("declared");
        assert_ne!(next, seen);
        let begin = Some(day("2026-03-01"));
        assert_eq!(known("2026-02-28").await, (false, begin));
        assert_eq!(known("2026-06-01").await, (true, begin));
        let stale = declare(declaration).await;
        assert!(matches!(stale, Err(ServiceError::Stale { .. })));
        let again = Declaration { seen: next, on: day("2026-04-01"), ..declaration };
        assert_eq!(refusals(declare(again).await), [("complete_already", None)]);
        let told = trail::of_subject(office, &inspector, "institution", &id.to_string(), day("2026-11-22")).await;
        let told = told.expect("events");
        assert_eq!(told.last().expect("one").what, "records.declare_complete");
    }

    async fn a_merger_takes_several_in(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let (one, two) = (county.institution(own), county.institution(other));
        let (seen, there) = (county.version(one).await, county.version(two).await);
        let merger = plan(
            SuccessionManner::Merger,
            vec![(one, seen)],
            vec![Successor::There { id: two, seen: there }],
        );
        let staff = county.staff(own).len() + county.staff(other).len();
        let establishment = bureau(Authority::Establishment);
        let capacity = |institution| vec![Capacity::InstitutionHr { institution }];
        let clerk = account_with(office, "li.na", capacity(one), NOW).await;
        account_with(office, "wu.gang", capacity(two), NOW).await;
        let done = reorganise(office, &establishment, &merger, after(1)).await.expect("merged");
        // nobody becomes a clerk of the larger house by it; who lost an office is named
        let clerks: Vec<_> = done.clerks.iter().map(|one| (one.account, one.institution)).collect();
        assert_eq!(clerks, [(clerk, one)]);
        let loaded = load_all(office).await;
        let at = loaded.institutions.iter().position(|id| *id == two).expect("there");
        let people = loaded.register.people.iter();
        assert_eq!(people.filter(|person| person.institution == at).count(), staff);
        assert!(!loaded.institutions.contains(&one));
    }
}
