//! The register: what a workbook says comes back for its day, whatever was recorded
//! before or after.

use crate::support::build::{appointed, area, institution, month, register};
use crate::support::cases;
use crate::support::database::{Database, Engine, block_on, on_both, remove};
use crate::support::generate::{County, county};
use crate::support::records::{TestVault, begin, day, second, work};
use dinggang::domain::institution::Kind;
use dinggang::domain::place::{Place, PlaceLevel};
use dinggang::domain::record::When;
use dinggang::domain::register::{Origin, Register};
use dinggang::domain::secret::Findable;
use dinggang::domain::staff::History;
use dinggang::domain::time::Date;
use dinggang::domain::title::Rank;
use dinggang::sample;
use dinggang::sheet::write_register;
use dinggang::store::register::Vault;
use dinggang::store::register::{Comparison, Part, Scope, compare, load, record, records_begin};
use dinggang::store::{Outcome, Store, nouns, secret};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Without what the records do not keep: where a row stood in its file.
fn plain(register: &Register) -> Register {
    let mut plain = register.clone();
    plain.sources.clear();
    let origin = Origin::NOWHERE;
    plain
        .institutions
        .iter_mut()
        .for_each(|one| one.origin = origin);
    plain
        .rural_doctors
        .iter_mut()
        .for_each(|one| one.origin = origin);
    plain.places.iter_mut().for_each(|one| one.origin = origin);
    for person in &mut plain.people {
        person.origin = origin;
        if let History::Spells(spells) = &mut person.history {
            spells.iter_mut().for_each(|spell| spell.origin = origin);
        }
    }
    plain
}

/// The same in an order of its own.
fn sorted(register: &Register) -> Register {
    let mut plain = plain(register);
    let codes: Vec<_> = plain
        .institutions
        .iter()
        .map(|one| one.code.clone())
        .collect();
    plain.institutions.sort_by(|a, b| a.code.cmp(&b.code));
    for person in &mut plain.people {
        let code = &codes[person.institution];
        let same = plain.institutions.iter().position(|one| one.code == *code);
        person.institution = same.expect("an institution");
    }
    plain.people.sort_by_key(|one| one.id);
    plain.rural_doctors.sort_by_key(|one| one.id);
    plain.places.sort_by_key(|one| one.code);
    plain
}

/// Records a register, each a second after the last.
async fn import(store: &Store, register: &Register, scope: &Scope, on: Date) -> Comparison {
    static SECOND: AtomicI64 = AtomicI64::new(1);
    let at = SECOND.fetch_add(1, Ordering::Relaxed);
    let (register, scope) = (register.clone(), scope.clone());
    work!(store, |tx,
                  at: i64,
                  register: Register,
                  scope: Scope,
                  on: Date|
     -> Comparison {
        let mut recording = begin(tx, *at).await?;
        record(
            tx,
            &mut recording,
            register,
            scope,
            *on,
            &TestVault,
            &|_| {},
        )
        .await
    })
    .expect("recorded")
}

async fn at(store: &Store, part: &Part, when: When) -> Register {
    let mut reader = store.snapshot().await.expect("a reader");
    load(&mut reader, part, when, &TestVault)
        .await
        .expect("loaded")
        .register
}

async fn whole(store: &Store, on: Date) -> Register {
    at(store, &Part::Whole, When::on(on)).await
}

/// Runs a property on a fresh database each time.
fn property<T: std::fmt::Debug, F: Future<Output = Result<(), TestCaseError>>>(
    number: u32,
    strategy: impl Strategy<Value = T>,
    check: impl Fn(Arc<Database>, T) -> F,
) {
    for engine in Engine::BOTH {
        let result = TestRunner::new(cases(number)).run(&strategy, |value| {
            block_on(async {
                let database = Arc::new(Database::new(engine).await);
                let result = check(Arc::clone(&database), value).await;
                remove(engine, &database.store, &database.url).await;
                result
            })
        });
        if let Err(error) = result {
            panic!("{engine:?}: {error}");
        }
    }
}

#[test]
fn what_is_recorded_comes_back() {
    property(12, county(), |database, county: County| async move {
        let store = &database.store;
        let on = day("2026-06-30");
        let first = import(store, &county.register, &Scope::All, on).await;
        prop_assert_eq!(first.differences.count(Outcome::Unchanged), [0; 4]);
        let loaded = whole(store, on).await;
        prop_assert_eq!(plain(&loaded), plain(&county.register));
        let before = whole(store, day("2026-06-29")).await;
        prop_assert_eq!(plain(&before), Register::default());
        let again = import(store, &county.register, &Scope::All, on).await;
        prop_assert!(again.differences.is_empty(), "{:?}", again.differences);
        // a later day adds the day itself and nothing else
        let later = import(store, &county.register, &Scope::All, day("2026-12-31")).await;
        for outcome in [Outcome::Added, Outcome::Changed, Outcome::Ended] {
            prop_assert_eq!(later.differences.count(outcome), [0; 4]);
        }
        let rows = "select cast(count(*) as text) from employment where superseded_at is not null";
        prop_assert_eq!(database.lines(rows).await, ["0"]);
        Ok(())
    });
}

/// How many rows of a dated noun hold in one slot on the same day.
fn overlaps(table: &str) -> String {
    format!(
        "select cast(count(*) as text) from {table} a join {table} b on a.subject = b.subject \
         and a.slot = b.slot and a.id < b.id where a.superseded_at is null \
         and b.superseded_at is null and (b.valid_to is null or a.valid_from < b.valid_to) \
         and (a.valid_to is null or b.valid_from < a.valid_to)"
    )
}

/// Three workbooks of three days in any order: each comes back for its own day and until
/// the next.
#[test]
fn the_order_of_recording_does_not_matter() {
    let orders = prop::sample::select(vec![
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ]);
    let strategy = (county(), county(), county(), orders);
    property(8, strategy, |database, (a, b, c, order)| async move {
        let store = &database.store;
        let workbooks = [&a.register, &b.register, &c.register];
        let days = ["2024-12-31", "2025-12-31", "2026-06-30"].map(day);
        for at in order {
            import(store, workbooks[at], &Scope::All, days[at]).await;
        }
        for (workbook, on) in workbooks.into_iter().zip(days) {
            for on in [on, on.plus(100).expect("a day")] {
                let loaded = whole(store, on).await;
                prop_assert_eq!(sorted(&loaded), sorted(workbook), "{}", on);
            }
        }
        let before = whole(store, day("2024-12-30")).await;
        prop_assert_eq!(plain(&before), Register::default());
        for noun in nouns() {
            prop_assert_eq!(database.lines(&overlaps(noun.table)).await, ["0"]);
        }
        Ok(())
    });
}

/// Two health centres of two townships, with two people each.
fn two_centres() -> Register {
    let mut other = institution("WS02", Kind::TownshipHealthCentre);
    other.area = Some(area("150199002"));
    other.consortium = Some("甲".to_owned());
    other.parent = Some("WS01".to_owned());
    let centres = vec![institution("WS01", Kind::TownshipHealthCentre), other];
    let mut people: Vec<_> = (0..4)
        .map(|number| appointed(number, month("1980-05"), Rank::Intermediate))
        .collect();
    people[2].institution = 1;
    people[3].institution = 1;
    people[0].mobile = Some("13900000000".to_owned());
    register(centres, people)
}

fn place(code: &str, name: &str) -> Place {
    Place {
        origin: Origin::NOWHERE,
        code: area(code),
        name: name.to_owned(),
        level: PlaceLevel::Township,
        parent: None,
        residents: None,
        establishment_reviewed: None,
    }
}

/// Only what belongs to one institution of a register.
fn only(register: &Register, at: usize) -> Register {
    let mut one = register.clone();
    one.institutions = vec![register.institutions[at].clone()];
    one.people.retain(|person| person.institution == at);
    one.people
        .iter_mut()
        .for_each(|person| person.institution = 0);
    one
}

on_both! {
    async fn what_changed_is_said(database: Database) {
        let store = &database.store;
        let mut register = two_centres();
        let first = import(store, &register, &Scope::All, day("2025-12-31")).await;
        assert_eq!(first.differences.count(Outcome::Added), [2, 4, 0, 0]);
        register.people[0].appointed = Rank::AssociateSenior;
        register.people[1].institution = 1;
        register.people.remove(3);
        register.people.push(appointed(9, month("1990-01"), Rank::Junior));
        let second = import(store, &register, &Scope::All, day("2026-12-31")).await;
        let told: Vec<_> = second
            .differences
            .people
            .iter()
            .map(|one| (one.before, one.after, one.outcome))
            .collect();
        assert_eq!(told, [
            (Some(0), Some(0), Outcome::Changed),
            (Some(1), Some(1), Outcome::Changed),
            (Some(2), Some(2), Outcome::Unchanged),
            (None, Some(3), Outcome::Added),
            (Some(3), None, Outcome::Ended),
        ]);
        assert_eq!(sorted(&whole(store, day("2026-12-31")).await), sorted(&register));
        assert_eq!(plain(&whole(store, day("2026-12-30")).await), plain(&two_centres()));
    }

    async fn a_part_is_loaded_by_itself(database: Database) {
        let store = &database.store;
        let register = two_centres();
        let on = day("2025-12-31");
        import(store, &register, &Scope::All, on).await;
        let whole = When::on(on);
        let second = plain(&only(&register, 1));
        for part in [
            Part::Area(area("150199002")),
            Part::Consortium("甲".to_owned()),
            Part::Below("WS02".to_owned()),
        ] {
            assert_eq!(plain(&at(store, &part, whole).await), second, "{part:?}");
        }
        let all = plain(&register);
        for part in [Part::Area(area("150199")), Part::Below("WS01".to_owned())] {
            assert_eq!(plain(&at(store, &part, whole).await), all, "{part:?}");
        }
        let nothing = at(store, &Part::Consortium("乙".to_owned()), whole).await;
        assert_eq!(plain(&nothing), Register::default());
    }

    async fn a_part_ends_only_what_is_its_own(database: Database) {
        let store = &database.store;
        let register = two_centres();
        import(store, &register, &Scope::All, day("2025-12-31")).await;
        // the first centre hands in: one of its people left, one came from the second
        let mut own = only(&register, 0);
        own.people.remove(1);
        own.people.push(register.people[2].clone());
        own.people[1].institution = 0;
        let scope = Scope::Institutions(vec!["WS01".to_owned()]);
        let compared = import(store, &own, &scope, day("2026-06-30")).await;
        assert_eq!(compared.differences.count(Outcome::Ended), [0, 1, 0, 0]);
        assert_eq!(compared.differences.count(Outcome::Changed), [0, 1, 0, 0]);
        let mut expected = register.clone();
        expected.people[2].institution = 0;
        expected.people.remove(1);
        assert_eq!(sorted(&whole(store, day("2026-06-30")).await), sorted(&expected));
    }

    async fn an_area_ends_only_what_is_its_own(database: Database) {
        let store = &database.store;
        let mut register = two_centres();
        register.places = ["150199001", "150199002"].map(|code| place(code, "甲")).to_vec();
        import(store, &register, &Scope::All, day("2025-12-31")).await;
        // the second township hands in: its centre lies elsewhere now, a place is new
        let mut own = only(&register, 1);
        own.institutions[0].area = Some(area("150199002001"));
        own.people.remove(0);
        own.places = vec![place("150199002001", "乙")];
        let scope = Scope::Area(area("150199002"));
        let compared = import(store, &own, &scope, day("2026-06-30")).await;
        assert_eq!(compared.differences.count(Outcome::Added), [0, 0, 0, 1]);
        assert_eq!(compared.differences.count(Outcome::Changed), [1, 0, 0, 0]);
        assert_eq!(compared.differences.count(Outcome::Ended), [0, 1, 0, 1]);
        let mut expected = register.clone();
        expected.institutions[1].area = Some(area("150199002001"));
        expected.people.remove(2);
        expected.places[1] = place("150199002001", "乙");
        assert_eq!(sorted(&whole(store, day("2026-06-30")).await), sorted(&expected));
    }

    async fn a_change_by_hand_stands_against_an_older_workbook(database: Database) {
        let store = &database.store;
        let mut register = two_centres();
        import(store, &register, &Scope::All, day("2024-12-31")).await;
        register.people[0].appointed = Rank::AssociateSenior;
        import(store, &only(&register, 0), &Scope::Institutions(vec![]), day("2026-03-15")).await;
        // a workbook of 2025 knows nothing of it, and says nothing about it
        let mut older = two_centres();
        older.people[0].appointed = Rank::Senior;
        import(store, &older, &Scope::All, day("2025-12-31")).await;
        let rank = async |on: &str| whole(store, day(on)).await.people[0].appointed;
        assert_eq!(rank("2025-12-30").await, Rank::Intermediate);
        assert_eq!(rank("2025-12-31").await, Rank::Senior);
        assert_eq!(rank("2026-03-14").await, Rank::Senior);
        assert_eq!(rank("2026-03-15").await, Rank::AssociateSenior);
    }

    async fn records_begin_with_the_first_complete_day(database: Database) {
        let store = &database.store;
        let register = two_centres();
        let begin = async |code: &str, place: &str| {
            let mut reader = store.read().await.expect("a reader");
            records_begin(&mut reader, code, Some(area(place))).await.expect("an answer")
        };
        assert_eq!(begin("WS01", "150199001").await, None);
        let one = Scope::Institutions(vec!["WS01".to_owned()]);
        import(store, &only(&register, 0), &one, day("2025-12-31")).await;
        assert_eq!(begin("WS01", "150199001").await, Some(day("2025-12-31")));
        assert_eq!(begin("WS02", "150199002").await, None);
        import(store, &register, &Scope::Area(area("150199")), day("2025-06-30")).await;
        assert_eq!(begin("WS01", "150199001").await, Some(day("2025-06-30")));
        assert_eq!(begin("WS02", "150199002").await, Some(day("2025-06-30")));
        assert_eq!(begin("WS03", "150198001").await, None);
    }

    async fn an_older_instant_knows_less(database: Database) {
        let store = &database.store;
        let on = day("2025-12-31");
        import(store, &two_centres(), &Scope::All, on).await;
        let when = When::known_at(on, second(0));
        let before = at(store, &Part::Whole, when).await;
        assert_eq!(plain(&before), Register::default());
        let when = When::known_at(on, second(1_000_000));
        let after = at(store, &Part::Whole, when).await;
        assert_eq!(plain(&after), plain(&two_centres()));
    }

    async fn versions_grow_with_changes_only(database: Database) {
        let store = &database.store;
        let mut register = two_centres();
        import(store, &register, &Scope::All, day("2025-12-31")).await;
        register.people[0].email = Some("a@example.com".to_owned());
        import(store, &register, &Scope::All, day("2026-12-31")).await;
        let versions = "select cast(version as text) from person order by id";
        assert_eq!(database.lines(versions).await, ["2", "1", "1", "1"]);
    }

    async fn comparing_writes_nothing(database: Database) {
        let store = &database.store;
        let mut reader = store.snapshot().await.expect("a reader");
        let register = two_centres();
        let on = day("2025-12-31");
        let compared = compare(&mut reader, &register, &Scope::All, on, &TestVault).await;
        let differences = compared.expect("compared").differences;
        assert_eq!(differences.count(Outcome::Added), [2, 4, 0, 0]);
        assert_eq!(plain(&whole(store, on).await), Register::default());
    }

    /// The same bytes: a row is written where it stood.
    async fn an_export_is_the_workbook_that_was_taken_in(database: Database) {
        let store = &database.store;
        let small = sample::Size { townships: 3, staff: 60 };
        let register = sample::county(small, month("2026-11"), 7);
        let on = day("2026-11-30");
        import(store, &register, &Scope::All, on).await;
        let exported = write_register(&whole(store, on).await).expect("a workbook");
        let given = write_register(&register).expect("a workbook");
        assert!(exported == given);
    }

    async fn secrets_can_be_sealed_anew(database: Database) {
        let store = &database.store;
        let register = two_centres();
        let on = day("2025-12-31");
        import(store, &register, &Scope::All, on).await;
        let mut sealed = Vec::new();
        for kept in secret::Kept::ALL {
            let mut after = String::new();
            loop {
                let mut reader = store.read().await.expect("a reader");
                let some = secret::some(&mut reader, kept, &after, 3).await.expect("secrets");
                let Some((last, _)) = some.last() else { break };
                after = last.clone();
                sealed.extend(some.into_iter().map(|(row, sealed)| (kept, row, sealed)));
            }
        }
        assert_eq!(sealed.len(), 5, "four numbers and a phone");
        for (kept, row, old) in sealed {
            let text = TestVault.open(kept.field(), &old).expect("opened");
            let new = TestVault.seal(kept.field(), &text);
            assert_ne!(new.sealed, old.sealed);
            work!(store, |tx, kept: secret::Kept, row: String, new: Findable| -> () {
                secret::replace(tx, *kept, row, new).await
            })
            .expect("replaced");
        }
        assert_eq!(plain(&whole(store, on).await), plain(&register));
    }

    async fn numbers_and_phones_are_not_readable(database: Database) {
        let store = &database.store;
        let register = two_centres();
        import(store, &register, &Scope::All, day("2025-12-31")).await;
        let number = register.people[0].id.to_string();
        let kept = "select id_hash || ' ' || id_cipher from person";
        for line in database.lines(kept).await {
            assert!(!line.contains(&number));
        }
        let phones = "select coalesce(mobile_hash, '') from person_profile";
        assert!(!database.lines(phones).await.concat().contains("13900000000"));
    }
}
