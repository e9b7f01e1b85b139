//! The statutory retirement month: the rows that were published, and every birth month of
//! half a century counted out by hand.

use crate::support::build::{identity, month, origin, register};
use crate::support::engine::Engine;
use crate::support::library;
use dinggang::domain::institution::Institution;
use dinggang::domain::month::Month;
use dinggang::domain::post::PostCategory;
use dinggang::domain::staff::{Employment, Person, RetirementClass};
use dinggang::domain::title::Rank;
use dinggang::rules::explain;

const PUBLISHED: &str = include_str!("../cases/retirement_published.csv");

/// A person of a class, born in a month.
fn person(number: usize, class: RetirementClass, born: Month) -> Person {
    let man = class == RetirementClass::Men60;
    let mut person = Person::new(
        origin(number),
        identity(born, man, number),
        format!("人{number}"),
        0,
        Employment::Establishment,
        PostCategory::Professional,
    );
    person.retirement_class = Some(class);
    person
}

/// The retirement months of people, by the engine.
fn retirements(people: Vec<Person>) -> Vec<String> {
    let rows = people.len();
    let institution = Institution::named(origin(0), "J0".to_owned(), "机构".to_owned());
    let register = register(vec![institution], people);
    let engine = Engine::run(&register, &[], month("2026-11"));
    let of = |row| {
        engine
            .assessment
            .people
            .retirement(row)
            .expect("a schedule")
    };
    (0..rows).map(|row| of(row).to_string()).collect()
}

fn retirement(class: RetirementClass, born: Month) -> String {
    retirements(vec![person(0, class, born)]).remove(0)
}

/// Every published row, and every row on the men's schedule for women in senior posts too.
#[test]
fn published_rows() {
    let mut rows = 0;
    let lines = PUBLISHED.lines().filter(|line| !line.starts_with('#'));
    for line in lines.skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [schedule, year, of_year, age, published] = cells[..] else {
            panic!("five columns: {line}");
        };
        let classes: &[RetirementClass] = match schedule {
            "male_60_to_63" => &[RetirementClass::Men60, RetirementClass::Women60],
            "female_55_to_58" => &[RetirementClass::Women55],
            "female_50_to_55" => &[RetirementClass::Women50],
            other => panic!("no such schedule: {other}"),
        };
        let born = Month::new(
            year.parse().expect("a year"),
            of_year.parse().expect("a month"),
        );
        let born = born.expect("a month of a year");
        for class in classes {
            assert_eq!(
                retirement(*class, born),
                published,
                "{line}, {}",
                class.label()
            );
        }
        let (years, months) = age.trim_end_matches('m').split_once('y').expect("an age");
        let age: i32 =
            years.parse::<i32>().expect("years") * 12 + months.parse::<i32>().expect("months");
        assert_eq!(born.plus(age).to_string(), published, "{line}");
        rows += 1;
    }
    assert_eq!(rows, 46);
}

/// "法定退休年龄每四个月延迟一个月" (women of 50: "每二个月延迟一个月"), counted out month by
/// month: after every so many birth months the age rises by one month, up to the new age.
fn counted_out(class: RetirementClass, born: Month) -> Month {
    let (first, old_age, new_age, every) = match class {
        RetirementClass::Men60 | RetirementClass::Women60 => ("1965-01", 60, 63, 4),
        RetirementClass::Women55 => ("1970-01", 55, 58, 4),
        RetirementClass::Women50 => ("1975-01", 50, 55, 2),
    };
    let (mut age, mut since) = (old_age * 12, 0);
    let mut at = month(first);
    while at <= born && age < new_age * 12 {
        if since % every == 0 {
            age += 1;
        }
        since += 1;
        at = at.plus(1);
    }
    born.plus(age)
}

#[test]
fn every_birth_month_of_half_a_century() {
    let mut people = Vec::new();
    let mut expected = Vec::new();
    let first = month("1950-01");
    for class in RetirementClass::ALL {
        for offset in 0..=600 {
            let born = first.plus(offset);
            people.push(person(people.len(), *class, born));
            expected.push(format!(
                "{} {born} {}",
                class.label(),
                counted_out(*class, born)
            ));
        }
    }
    let ids: Vec<(RetirementClass, Month)> = people
        .iter()
        .map(|p| (p.retirement_class.expect("stated"), p.id.birth_month()))
        .collect();
    let found: Vec<String> = retirements(people)
        .into_iter()
        .zip(ids)
        .map(|(month, (class, born))| format!("{} {born} {month}", class.label()))
        .collect();
    assert_eq!(found, expected);
}

/// "Category when blank: man → 男60; woman with 聘任级别 正高/副高 → 女60; other woman with
/// 岗位类别 工勤技能 → 女50, else 女55." (CONTRACT section 3), each on its schedule.
#[test]
fn a_blank_class_is_derived() {
    let born = month("1970-06");
    for (man, appointed, category, expected) in [
        (true, Rank::None, PostCategory::Worker, "2031-11"),
        (true, Rank::Senior, PostCategory::Professional, "2031-11"),
        (false, Rank::Senior, PostCategory::Worker, "2031-11"),
        (
            false,
            Rank::AssociateSenior,
            PostCategory::Professional,
            "2031-11",
        ),
        (
            false,
            Rank::AssociateSenior,
            PostCategory::Management,
            "2031-11",
        ),
        (
            false,
            Rank::Intermediate,
            PostCategory::Professional,
            "2025-08",
        ),
        (false, Rank::None, PostCategory::Management, "2025-08"),
        (false, Rank::Intermediate, PostCategory::Worker, "2020-06"),
        (false, Rank::None, PostCategory::Worker, "2020-06"),
    ] {
        let mut person = person(0, RetirementClass::Men60, born);
        person.id = identity(born, man, 0);
        person.retirement_class = None;
        person.appointed = appointed;
        person.category = category;
        let said = format!("{man} {} {}", appointed.label(), category.label());
        assert_eq!(retirements(vec![person]), [expected], "{said}");
    }
}

/// 第三条: "可以自愿选择弹性提前退休，提前时间最长不超过三年，且退休年龄不得低于…原法定退休年龄…
/// 弹性延迟退休，延迟时间最长不超过三年".
#[test]
fn flexible_retirement_stays_in_its_bounds() {
    for class in RetirementClass::ALL {
        for offset in (0..=600).step_by(7) {
            let born = month("1950-01").plus(offset);
            let institution = Institution::named(origin(0), "J0".to_owned(), "机构".to_owned());
            let register = register(vec![institution], vec![person(0, *class, born)]);
            let engine = Engine::run(&register, &[], month("2026-11"));
            let trace = explain::retirement(&engine.plan, &engine.data, 0).expect("a schedule");
            let original = match class {
                RetirementClass::Men60 | RetirementClass::Women60 => born.plus(60 * 12),
                RetirementClass::Women55 => born.plus(55 * 12),
                RetirementClass::Women50 => born.plus(50 * 12),
            };
            let (early, late) = trace.flexible;
            let statutory = counted_out(*class, born);
            assert_eq!(
                early,
                statutory.plus(-36).max(original),
                "{} {born}",
                class.label()
            );
            assert_eq!(late, statutory.plus(36), "{} {born}", class.label());
            assert_eq!(
                trace.delay,
                statutory.since(original),
                "{} {born}",
                class.label()
            );
        }
    }
}

/// The schedule is always loaded, whatever is asked for.
#[test]
fn one_schedule_is_always_loaded() {
    let with_schedule = |id: &&str| {
        let plan = library::plan(&[id], month("2026-11"));
        plan.schedule.is_some()
    };
    assert!(library::all_ids().iter().all(with_schedule));
}
