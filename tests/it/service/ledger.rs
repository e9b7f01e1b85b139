//! The ledger: by institutions as by the whole, from the shelf as from nothing, and unknown
//! before the records begin.

use crate::support::build::{appointed, area, month};
use crate::support::cases;
use crate::support::database::{Database, Engine, block_on, on_both, remove};
use crate::support::office::{NOW, after, auditor, by_adoption, office};
use crate::support::recorded::{
    COUNTY, DRAFT, adopted, draft, next, recorded, sample_of, small_county,
};
use crate::support::records::{author, day, work};
use dinggang::domain::adoption::{Draft, OffQuota};
use dinggang::domain::appointment::{Appointment, LedgerDecision};
use dinggang::domain::post::{Ledger, Manner};
use dinggang::domain::record::{Id, When};
use dinggang::domain::register::Register;
use dinggang::domain::staff::Person;
use dinggang::domain::time::Date;
use dinggang::domain::title::Rank;
use dinggang::rules::assessment::assess;
use dinggang::rules::data::Data;
use dinggang::rules::figures::PartFigures;
use dinggang::service::{Office, Shelf, ledger};
use dinggang::store::dated::{self, Statement};
use dinggang::store::register::{Part, Scope};
use dinggang::store::{Store, change};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::sync::Arc;

async fn part_figures(office: &Office, part: &Part, on: Date) -> PartFigures {
    let found = ledger::part_figures(office, &auditor(), part, When::on(on), NOW).await;
    found.expect("figures")
}

/// The same office with an empty shelf that keeps nothing.
fn forgetful(office: &Office) -> Office {
    Office {
        shelf: Arc::new(Shelf::new(0)),
        ..office.clone()
    }
}

on_both! {
    async fn institutions_one_by_one_come_to_the_whole(database: Database) {
        let office = by_adoption(&office(&database.store));
        let register = sample_of(4, 120);
        recorded(&office, &register, Scope::Area(area(COUNTY)), day("2026-06-30")).await;
        adopted(&office, &draft(COUNTY, DRAFT, "2026-01-01")).await;
        let on = day("2026-06-30");
        let found = ledger::evaluate(&office, &auditor(), &Part::Whole, When::on(on), NOW).await;
        let found = found.expect("evaluated");
        let whole = found.register();
        assert_eq!(whole.people.len(), register.people.len());
        let plan = &found.institutions[0].figures.as_ref().expect("known").judged().ruled.plan;
        let data = Data::of_register(&whole, &plan.facts, plan.as_of);
        let assessment = assess(plan, &data);
        assert_eq!(found.institutions.len(), assessment.institutions.len());
        let mut people = 0;
        for (one, result) in found.institutions.iter().zip(&assessment.institutions) {
            let figures = one.figures.as_ref().expect("known");
            assert_eq!(figures.result(), result, "{}", one.code);
            for (row, person) in figures.house().loaded.register.people.iter().enumerate() {
                let at = whole.people.iter().position(|other| other.id == person.id);
                let at = at.expect("the same person");
                assert_eq!(figures.judged().people.ledger(row), assessment.people.ledger(at));
                people += 1;
            }
        }
        assert_eq!(people, whole.people.len());
        let counties = found.counties.iter().map(|county| {
            county.said.as_ref().expect("known").findings.clone()
        });
        assert_eq!(counties.collect::<Vec<_>>(), assessment.counties);
        let consortia = found.consortia.iter().map(|one| {
            one.said.as_ref().expect("known").findings.clone()
        });
        assert_eq!(consortia.collect::<Vec<_>>(), assessment.consortia);
        let grouped = &found.counties[0].said.as_ref().expect("known").grouped;
        assert_eq!(grouped.assessment.rural_doctors, assessment.rural_doctors);
    }

    async fn before_the_records_begin_nothing_is_known(database: Database) {
        let office = office(&database.store);
        let register = small_county(&office, "2026-06-30").await;
        let county = Part::Area(area(COUNTY));
        let before = part_figures(&office, &county, day("2026-06-29")).await;
        assert_eq!(before.records_begin, Some(day("2026-06-30")));
        assert_eq!(before.totals, None);
        assert_eq!(before.unknown.len(), register.institutions.len(), "they may have been there");
        let then = part_figures(&office, &county, day("2026-06-30")).await;
        assert!(then.unknown.is_empty());
        let totals = then.totals.expect("all is known");
        assert_eq!(totals.institutions, register.institutions.len());
        assert_eq!(totals.establishment.staff, register.people.len() as i64);
        let code = &register.institutions[0].code;
        let (inspector, early) = (auditor(), When::on(day("2020-01-01")));
        let one = ledger::institution_figures(&office, &inspector, code, early, NOW).await;
        let one = one.expect("a ledger");
        assert_eq!((one.known, one.records_begin), (None, Some(day("2026-06-30"))));
        let later = When::on(day("2031-01-01"));
        let one = ledger::institution_figures(&office, &inspector, code, later, NOW).await;
        assert!(one.expect("a ledger").known.is_some(), "a day to come");
    }

    async fn an_area_says_which_institutions_are_unknown(database: Database) {
        let office = office(&database.store);
        let register = small_county(&office, "2026-06-30").await;
        // one house was recorded earlier, the others were not
        let code = register.institutions.iter().position(|one| one.parent.is_none()).expect("a house");
        let mut own = register.clone();
        own.institutions = vec![register.institutions[code].clone()];
        own.people.retain(|one| one.institution == code);
        own.people.iter_mut().for_each(|one| one.institution = 0);
        own.rural_doctors.clear();
        own.places.clear();
        let code = own.institutions[0].code.clone();
        let scope = Scope::Institutions(vec![code.clone()]);
        recorded(&office, &own, scope, day("2025-06-30")).await;
        let found = part_figures(&office, &Part::Area(area(COUNTY)), day("2025-12-31")).await;
        assert_eq!(found.institutions.len(), 1);
        assert!(found.institutions[0].known.is_some());
        assert_eq!(found.totals, None, "a sum of one would be too small");
        assert_eq!(found.unknown.len(), register.institutions.len() - 1);
        assert!(found.unknown.iter().all(|one| one.records_begin == Some(day("2026-06-30"))));
        assert!(found.counties.iter().all(|county| county.findings.is_none()));
    }

    async fn each_number_opens_to_people_arithmetic_and_clause(database: Database) {
        let office = by_adoption(&office(&database.store));
        let register = small_county(&office, "2025-12-31").await;
        adopted(&office, &draft(COUNTY, DRAFT, "2026-01-01")).await;
        let found = part_figures(&office, &Part::Area(area(COUNTY)), day("2026-06-30")).await;
        let whole: Vec<String> = register.people.iter().map(|one| one.id.to_string()).collect();
        let mut with_arithmetic = 0;
        for one in &found.institutions {
            let known = one.known.as_ref().expect("known");
            for line in &known.figures {
                let in_line = |ledger| {
                    line.opens.iter().filter(|one| one.ledger == Some(ledger)).count() as i64
                };
                match line.level {
                    Some(_) => {
                        assert_eq!(in_line(Ledger::Ordinary), line.ordinary);
                        assert_eq!(in_line(Ledger::BeyondRatio), line.beyond_ratio);
                        assert_eq!(in_line(Ledger::OffQuota), line.off_quota);
                        assert_eq!(in_line(Ledger::Special), line.special);
                    }
                    None => assert_eq!(in_line(Ledger::Directed), line.counted),
                }
                for ceiling in &line.ceilings {
                    assert!(!ceiling.rule.cites.is_empty(), "{}", ceiling.rule.rule);
                    let Some(arithmetic) = &ceiling.arithmetic else { continue };
                    with_arithmetic += 1;
                    assert!(arithmetic.zh.contains('×'), "{}", arithmetic.zh);
                    assert!(arithmetic.en.contains('×'), "{}", arithmetic.en);
                }
                let smallest = line.ceilings.iter().map(|ceiling| ceiling.limit).min();
                assert_eq!(smallest, line.ceiling);
            }
        }
        assert!(with_arithmetic > 4, "{with_arithmetic}");
        let shown = format!("{found:?}");
        assert!(whole.iter().all(|number| !shown.contains(number.as_str())), "masked");
    }

    /// The key is read with what it is for: a change made by another instance shows at once.
    async fn another_instance_is_not_told_and_knows(database: Database) {
        let here = by_adoption(&office(&database.store));
        let there = Office { store: database.again().await, ..here.clone() };
        let there = Office { shelf: Arc::new(Shelf::new(Shelf::USUAL)), ..there };
        let mut register = small_county(&here, "2025-12-31").await;
        let (county, on) = (Part::Area(area(COUNTY)), day("2026-06-30"));
        let first = part_figures(&there, &county, on).await;
        assert!(there.shelf.weight() > register.people.len());
        assert_eq!(part_figures(&there, &county, on).await, first);
        let mut holders = register.people.iter_mut();
        let holder = holders.find(|one| one.occupies().is_some() && one.appointed != Rank::Senior);
        holder.expect("a holder").appointed = Rank::Senior;
        recorded(&here, &register, Scope::Area(area(COUNTY)), day("2026-06-01")).await;
        let second = part_figures(&there, &county, on).await;
        assert_ne!(second, first);
        assert_eq!(second, part_figures(&forgetful(&here), &county, on).await);
        there.store.close().await;
    }
}

/// One change to a county.
#[derive(Clone, Debug)]
enum Step {
    /// Records that somebody has another rank.
    Appoint(usize, usize),
    Move(usize, usize),
    Leave(usize),
    Join(usize),
    /// Other approved posts of an institution.
    Posts(usize, u32),
    /// An institution lies in another township and belongs to another community.
    Lies(usize, usize),
    Doctor(usize),
    /// A correction by hand, of one fact alone.
    Correct(usize),
    Decide(usize),
    Adopt(usize),
    /// A whole workbook of an earlier day.
    Import(u32),
}

fn steps() -> impl Strategy<Value = Vec<(Step, usize)>> {
    let any = 0..1000_usize;
    let step = prop_oneof![
        (any.clone(), any.clone()).prop_map(|(a, b)| Step::Appoint(a, b)),
        (any.clone(), any.clone()).prop_map(|(a, b)| Step::Move(a, b)),
        any.clone().prop_map(Step::Leave),
        any.clone().prop_map(Step::Join),
        (any.clone(), 0..40_u32).prop_map(|(a, b)| Step::Posts(a, b)),
        (any.clone(), any.clone()).prop_map(|(a, b)| Step::Lies(a, b)),
        any.clone().prop_map(Step::Doctor),
        any.clone().prop_map(Step::Correct),
        any.clone().prop_map(Step::Decide),
        any.clone().prop_map(Step::Adopt),
        (0..3_u32).prop_map(Step::Import),
    ];
    prop::collection::vec((step, 0..DAYS.len()), 1..7)
}

const DAYS: [&str; 4] = ["2025-06-30", "2025-12-31", "2026-06-30", "2027-03-31"];

/// One fact about somebody.
#[derive(Clone)]
enum Said {
    Appointed(Appointment),
    Decided(LedgerDecision),
}

fn statement<F: dated::Fact<Subject = Person>>(
    person: Id<Person>,
    fact: &F,
    on: Date,
) -> Statement<F> {
    Statement {
        subject: person,
        slot: String::new(),
        fact: Some(fact.clone()),
        on,
        until: None,
    }
}

/// States one fact about somebody by hand.
async fn state(store: &Store, person: Id<Person>, said: Said, on: Date) {
    let number = next();
    work!(store, |tx,
                  number: i64,
                  person: Id<Person>,
                  said: Said,
                  on: Date|
     -> () {
        let seed = number.unsigned_abs();
        let mut recording = change::begin(tx, &author(), None, after(*number), seed).await?;
        match said {
            Said::Appointed(fact) => {
                dated::state(tx, &mut recording, statement(*person, fact, *on)).await?
            }
            Said::Decided(fact) => {
                dated::state(tx, &mut recording, statement(*person, fact, *on)).await?
            }
        };
        Ok(())
    })
    .expect("stated");
}

async fn take(office: &Office, register: &mut Register, step: &Step, on: Date) {
    let people = register.people.len().max(1);
    let houses = register.institutions.len();
    let ranks = [
        Rank::Senior,
        Rank::AssociateSenior,
        Rank::Intermediate,
        Rank::Junior,
    ];
    match *step {
        Step::Appoint(who, rank) => {
            let Some(one) = register.people.get_mut(who % people) else {
                return;
            };
            one.appointed = ranks[rank % 4];
            one.title = ranks[rank % 4];
        }
        Step::Move(who, house) => {
            let Some(one) = register.people.get_mut(who % people) else {
                return;
            };
            one.institution = house % houses;
        }
        Step::Leave(who) if !register.people.is_empty() => {
            register.people.remove(who % people);
        }
        Step::Leave(_) => return,
        Step::Join(number) => {
            let mut one = appointed(number, month("1985-05"), Rank::Intermediate);
            if register.people.iter().any(|other| other.id == one.id) {
                return;
            }
            one.institution = number % houses;
            register.people.push(one);
        }
        Step::Posts(house, number) => {
            register.institutions[house % houses].posts.professional = Some(number);
        }
        Step::Lies(house, other) => {
            let place = register.institutions[other % houses].area;
            let one = &mut register.institutions[house % houses];
            one.area = place;
            one.consortium = (other % 2 == 0).then(|| "乙".to_owned());
        }
        Step::Doctor(which) => {
            if register.rural_doctors.is_empty() {
                return;
            }
            let at = which % register.rural_doctors.len();
            register.rural_doctors.remove(at);
        }
        Step::Correct(who) | Step::Decide(who) => {
            let found = part_figures(&forgetful(office), &Part::Whole, on).await;
            let known = found
                .institutions
                .iter()
                .filter_map(|one| one.known.as_ref());
            let holders = known
                .flat_map(|one| &one.figures)
                .flat_map(|line| &line.opens);
            let holders: Vec<_> = holders.map(|holder| holder.person).collect();
            let Some(person) = holders.get(who % holders.len().max(1)).copied() else {
                return;
            };
            if matches!(step, Step::Decide(_)) {
                let decision = LedgerDecision {
                    ledger: Ledger::OffQuota,
                    decided_on: None,
                    document: None,
                };
                state(&office.store, person, Said::Decided(decision), on).await;
            } else {
                let appointment = Appointment {
                    rank: ranks[who % 4],
                    grade: None,
                    since: None,
                    manner: Manner::BeyondRatio,
                };
                state(&office.store, person, Said::Appointed(appointment), on).await;
            }
            return;
        }
        Step::Adopt(which) => {
            let places = [COUNTY, "150199101", "15"];
            let mut draft: Draft = draft(places[which % 3], DRAFT, "2025-01-01");
            draft.on = on;
            draft.adoption.raised_ratio = which % 2 == 0;
            if which % 5 == 0 {
                draft.adoption.off_quota = OffQuota::ByDecision;
            }
            adopted(office, &draft).await;
            return;
        }
        Step::Import(seed) => {
            let size = dinggang::sample::Size {
                townships: 2,
                staff: 30,
            };
            *register = dinggang::sample::county(size, month("2026-11"), u64::from(seed) + 7);
        }
    }
    recorded(office, register, Scope::Area(area(COUNTY)), on).await;
}

/// Whatever changes in whatever order: what was kept and brought up to date is what is made
/// from nothing.
#[test]
fn what_is_kept_is_what_would_be_made_anew() {
    for engine in Engine::BOTH {
        let result = TestRunner::new(cases(6)).run(&steps(), |steps| {
            block_on(async {
                let database = Database::new(engine).await;
                let result = kept_is_anew(&database, steps).await;
                remove(engine, &database.store, &database.url).await;
                result
            })
        });
        if let Err(error) = result {
            panic!("{engine:?}: {error}");
        }
    }
}

async fn kept_is_anew(database: &Database, steps: Vec<(Step, usize)>) -> Result<(), TestCaseError> {
    let office = by_adoption(&office(&database.store));
    let mut register = small_county(&office, "2025-06-30").await;
    let code = register.institutions[0].code.clone();
    let parts = [
        Part::Area(area(COUNTY)),
        Part::Whole,
        Part::Area(area("150199101")),
        Part::Consortium("乙".to_owned()),
        Part::Below(code),
    ];
    let mut before = Vec::new();
    for (number, (step, on)) in steps.into_iter().enumerate() {
        take(&office, &mut register, &step, day(DAYS[on])).await;
        for (at, on) in DAYS.into_iter().enumerate() {
            // time passes: other days are asked for after other changes
            if (at + number) % 2 == 0 {
                continue;
            }
            for part in &parts {
                let kept = part_figures(&office, part, day(on)).await;
                let anew = part_figures(&forgetful(&office), part, day(on)).await;
                prop_assert_eq!(&kept, &anew, "{:?} {} after {:?}", part, on, step);
                before.push(kept);
            }
        }
    }
    prop_assert!(before.iter().any(|one| !one.institutions.is_empty()) || before.is_empty());
    Ok(())
}
