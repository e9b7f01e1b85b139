//! Three years day by day, compared with a plain list of what should have been told: made
//! from the published arithmetic of retirement alone, without the engine.

use super::world::{World, day, morning};
use crate::support::database::{Database, Engine, run};
use dinggang::domain::month::Month;
use dinggang::domain::staff::{Person, RetirementClass};
use dinggang::domain::time::Date;
use dinggang::service::reminder;
use std::collections::{BTreeMap, BTreeSet};

/// Original age in months, the month of birth from which it grows, and how many months of
/// births make one month of delay, at most so many.
fn row(class: RetirementClass) -> (i32, i32, i32, i32) {
    let born = |year: i32| year * 12;
    match class {
        RetirementClass::Men60 | RetirementClass::Women60 => (720, born(1965), 4, 36),
        RetirementClass::Women55 => (660, born(1970), 4, 36),
        RetirementClass::Women50 => (600, born(1975), 2, 60),
    }
}

fn retirement(person: &Person) -> (i32, i32) {
    let (original, first, step, most) = row(person.retirement_class());
    let birth = person.id.birth_month().index();
    let delay = match birth - first {
        ..0 => 0,
        after => (after / step + 1).min(most),
    };
    (birth + original, birth + original + delay)
}

fn first_of(month: i32) -> Date {
    let month = Month::from_index(month);
    Date::new(month.year(), month.month(), 1).expect("a day")
}

/// The same day so many months before, or the last of that month.
fn before(about: Date, months: i32) -> Date {
    let (year, month, of_month) = about.parts();
    let index = year * 12 + i32::try_from(month).expect("small") - 1 - months;
    let last = first_of(index + 1).plus(-1).expect("a day").parts().2;
    let first = first_of(index);
    first
        .plus(i32::try_from(of_month.min(last)).expect("small") - 1)
        .expect("a day")
}

/// How many of each kind and lead were expected, and told.
fn by_kind(expected: &BTreeSet<String>, told: &BTreeSet<String>) -> BTreeMap<String, [usize; 2]> {
    let mut counted: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for (at, rows) in [expected, told].into_iter().enumerate() {
        for row in rows {
            let (_, key) = row.split_once(' ').expect("a day");
            let kind = key.split(':').next().expect("a kind");
            let lead = key.rsplit(':').next().expect("a lead");
            counted.entry(format!("{kind}:{lead}")).or_default()[at] += 1;
            counted.entry("together".to_owned()).or_default()[at] += 1;
        }
    }
    counted
}

#[test]
fn three_years_against_a_plain_list() {
    run(Engine::Sqlite, three_years);
}

async fn three_years(database: Database) {
    let world = World::new(&database.store, 0).await;
    let (at, _) = world.county.two();
    let (first, last) = (day("2026-11-23"), day("2029-11-22"));
    let mut expected = BTreeSet::new();
    let register = &world.county.loaded.register;
    let people = register.people.iter().zip(&world.county.loaded.people);
    for (person, id) in people.filter(|(person, _)| person.institution == at) {
        let (original, month) = retirement(person);
        let mut expect = |kind: &str, about: Date, leads: &[i32]| {
            for lead in leads {
                let told = before(about, *lead);
                // what was due before the first day is another matter
                if first < told && told <= last {
                    expected.insert(format!("{told} {kind}:{id}:{about}:{lead}m"));
                }
            }
        };
        let end = first_of(month + 1).plus(-1).expect("a day");
        expect("retirement", end, &[12, 6, 3, 1]);
        let early = (month - 36).max(original);
        if early < month {
            expect("early_retirement", first_of(early), &[6, 3]);
        }
        expect("late_retirement", first_of(month), &[6, 1]);
    }
    assert!(expected.len() > 10, "{}", expected.len());
    let mut today = first;
    while today <= last {
        reminder::look(&world.office, morning(today))
            .await
            .expect("looked");
        today = today.plus(1).expect("a day");
    }
    let told = database
        .lines(&format!(
            "select cast(raised_at as text) || ' ' || key from reminder where account = '{}' \
             and kind in ('retirement', 'early_retirement', 'late_retirement')",
            world.clerk
        ))
        .await;
    let told = told.iter().map(|row| {
        let (at, key) = row.split_once(' ').expect("two");
        let at = dinggang::domain::time::Timestamp::from_micros(at.parse().expect("a number"));
        let key = key.rsplit_once(':').expect("a recipient").0;
        format!("{} {key}", at.shanghai_day())
    });
    let told: BTreeSet<String> = told
        .filter(|row| !row.starts_with(&first.to_string()))
        .collect();
    // what `--nocapture` shows
    println!(
        "{} to {}, institution {}",
        first,
        last,
        world.county.institution(at)
    );
    println!("{:<22}{:>10}{:>8}", "kind:lead", "expected", "told");
    for (name, [wanted, got]) in by_kind(&expected, &told) {
        println!("{name:<22}{wanted:>10}{got:>8}");
    }
    let missing: Vec<_> = expected.difference(&told).collect();
    let more: Vec<_> = told.difference(&expected).collect();
    assert!(
        missing.is_empty() && more.is_empty(),
        "not told {missing:#?}\ntold {more:#?}"
    );
}
