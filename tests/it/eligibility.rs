//! Where somebody stands, on every road, with months worked out by hand; and what-if.

use crate::support::build::{identity, month};
use crate::support::library;
use crate::support::records::day;
use crate::support::road::{centre, doctor, since};
use dinggang::domain::adoption::Handling;
use dinggang::domain::institution::ApprovedPosts;
use dinggang::domain::post::{Grade, Ledger, Level};
use dinggang::domain::promotion::{Kind, Pool, Target};
use dinggang::domain::refusal::Refusal;
use dinggang::domain::register::Register;
use dinggang::domain::staff::{Employment, JobClass, Person};
use dinggang::domain::title::Rank;
use dinggang::policy::plan::{Adoption, Plan};
use dinggang::rules::effect::{Setting, Somebody};
use dinggang::rules::eligibility::{Eligibility, Road, eligibility};
use dinggang::rules::scenario::{Change, Outcome, World, changed, compare, run, year_ends};
use dinggang::rules::verdict::Verdict;

const HIGH: Rank = Rank::AssociateSenior;
const MIDDLE: Rank = Rank::Intermediate;
const ON: &str = "2026-11-22";

fn plan() -> Plan {
    let facts = library::shipped().facts.clone();
    let policies = library::policies(&library::all_ids());
    Plan::compile(
        facts,
        policies,
        &Adoption::default(),
        month("2026-11"),
        &|_| false,
    )
}

fn asked(register: &Register, person: &Person) -> Eligibility {
    let unsaid = |_: &str| -> Option<Handling> { None };
    let plan = plan();
    let setting = Setting {
        plan: &plan,
        institution: &register.institutions[0],
    };
    let somebody = Somebody {
        setting,
        person,
        decided: false,
    };
    eligibility(somebody, day(ON), &unsaid)
}

fn road(all: &Eligibility, kind: Kind) -> &Road {
    let mut roads = all.roads.iter();
    roads.find(|road| road.kind == kind).expect("a road")
}

fn first(all: &Eligibility, kind: Kind) -> Option<String> {
    let first = road(all, kind).first_from(month("2026-11"));
    first.map(|month| month.to_string())
}

#[test]
fn an_ordinary_post_is_open_to_those_with_the_title() {
    let register = centre(1, 1);
    let all = asked(&register, &register.people[1]);
    let own = road(&all, Kind::Appointment);
    assert_eq!((own.verdict, own.target.rank), (Verdict::Holds, HIGH));
    assert_eq!(
        (own.takes, own.effect.frees()),
        (Some(Pool::Senior), Some(Pool::Intermediate))
    );
    assert_eq!(first(&all, Kind::Appointment).as_deref(), Some("2026-11"));
    // without the title no month brings it by itself
    let all = asked(&register, &doctor(7, MIDDLE, MIDDLE));
    let own = road(&all, Kind::Appointment);
    assert_eq!(own.verdict, Verdict::Fails);
    assert_eq!(first(&all, Kind::Appointment), None);
    assert!(
        own.conditions
            .iter()
            .flat_map(|one| &one.refusals)
            .any(|one| {
                matches!(
                    one,
                    Refusal::TitleTooLow {
                        needed: HIGH,
                        held: MIDDLE
                    }
                )
            })
    );
}

#[test]
fn above_the_ratio_after_twenty_years_in_townships() {
    let register = centre(3, 0);
    let mut person = doctor(9, HIGH, MIDDLE);
    let all = asked(&register, &person);
    assert_eq!(
        road(&all, Kind::AboveRatio).verdict,
        Verdict::Unknown,
        "no history"
    );
    since(&mut person, "2008-01");
    let all = asked(&register, &person);
    assert_eq!(road(&all, Kind::AboveRatio).verdict, Verdict::Fails);
    assert_eq!(first(&all, Kind::AboveRatio).as_deref(), Some("2028-01"));
    since(&mut person, "2006-11");
    let all = asked(&register, &person);
    let own = road(&all, Kind::AboveRatio);
    // outstanding or not is for people to judge
    assert_eq!(own.verdict, Verdict::Judgement);
    assert_eq!(own.effect.after.ledger, Some(Ledger::BeyondRatio));
    assert!(own.effect.is_lifted());
    let rule = own
        .conditions
        .iter()
        .find(|one| one.verdict == Verdict::Judgement);
    assert!(
        !rule.expect("the clause").lines.is_empty(),
        "with its arithmetic"
    );
}

#[test]
fn off_quota_has_its_window() {
    let register = centre(3, 0);
    let mut person = doctor(9, HIGH, HIGH);
    // notes 1.1 item 6: retires in 2031-05, so the window opens in 2026-06
    person.id = identity(month("1970-01"), true, 9);
    since(&mut person, "2000-01");
    let all = asked(&register, &person);
    let own = road(&all, Kind::OffQuota);
    assert_eq!((own.verdict, own.takes), (Verdict::Holds, None));
    let window = own.windows[0];
    let months = [window.from, window.until].map(|month| month.map(|one| one.to_string()));
    assert_eq!(
        months,
        [Some("2026-06".to_owned()), Some("2031-05".to_owned())]
    );
    // five years later born, the window opens later: 1975-01 retires in 2037-08, 59 months on
    person.id = identity(month("1975-01"), true, 9);
    let all = asked(&register, &person);
    assert_eq!(road(&all, Kind::OffQuota).verdict, Verdict::Fails);
    assert_eq!(first(&all, Kind::OffQuota).as_deref(), Some("2032-09"));
}

#[test]
fn a_promotion_that_changes_its_own_premise_shows_before_and_after() {
    let register = centre(3, 0);
    let mut person = doctor(9, HIGH, MIDDLE);
    person.id = identity(month("1972-01"), false, 9);
    since(&mut person, "1995-01");
    let all = asked(&register, &person);
    let own = road(&all, Kind::Appointment);
    let retires = |standing: &dinggang::rules::effect::Standing| {
        standing.retirement.expect("a month").month.to_string()
    };
    // she does not count now, a year before she retires; appointed senior she retires on
    // the men's line, is outside the window, and takes a senior place
    assert_eq!(
        own.ledgers(),
        [Some(Ledger::OffQuota), Some(Ledger::Ordinary)]
    );
    assert_eq!(retires(&own.effect.before), "2027-08");
    assert_eq!(retires(&own.effect.after), "2033-11");
    assert_eq!((own.takes, own.effect.frees()), (Some(Pool::Senior), None));
}

#[test]
fn directed_roads_and_what_is_owed() {
    let register = centre(3, 0);
    let mut person = doctor(9, MIDDLE, MIDDLE);
    person.job_class = Some(JobClass::Physician);
    since(&mut person, "2026-01");
    let all = asked(&register, &person);
    let own = road(&all, Kind::DirectedTitle);
    // ten months of the year that the law asks for; paired assistance may have been more
    assert_eq!(own.verdict, Verdict::Unknown);
    assert_eq!(all.owed.len(), 1);
    assert_eq!(first(&all, Kind::DirectedTitle).as_deref(), Some("2027-01"));
    since(&mut person, "2020-01");
    let all = asked(&register, &person);
    assert_eq!(road(&all, Kind::DirectedTitle).verdict, Verdict::Holds);
    assert_eq!(all.owed[0].verdict, Verdict::Holds);
    // a directed post asks for a senior title and a township health centre
    let all = asked(&register, &doctor(8, HIGH, MIDDLE));
    let own = road(&all, Kind::DirectedPost);
    assert_eq!(
        (own.verdict, own.takes),
        (Verdict::Holds, Some(Pool::Directed))
    );
}

#[test]
fn a_grade_inside_the_rank() {
    let register = centre(3, 0);
    let mut person = doctor(9, MIDDLE, MIDDLE);
    person.grade = Grade::new(9);
    let all = asked(&register, &person);
    let own = road(&all, Kind::Grade);
    assert_eq!((own.verdict, own.takes), (Verdict::Holds, None));
    assert_eq!(own.target.grade.map(Grade::number), Some(8));
    person.grade = Grade::new(8);
    let all = asked(&register, &person);
    assert!(
        all.roads.iter().all(|road| road.kind != Kind::Grade),
        "the top of the rank"
    );
    person.employment = Employment::Contract;
    let all = asked(&register, &person);
    assert!(all.roads.iter().all(|road| road.verdict != Verdict::Holds));
}

/// Five years under one plan.
fn ahead(plan: &Plan, register: &Register) -> Outcome {
    let world = World {
        register,
        decided: &[],
        plans: &[plan],
        which: &[0, 0],
    };
    run(world, 60)
}

#[test]
fn scenarios_stand_on_top_of_today() {
    let plan = plan();
    let mut register = centre(3, 2);
    register.people[0].id = identity(month("1964-03"), true, 0);
    let base = ahead(&plan, &register);
    assert_eq!(compare(&base, &base), []);
    let posts = ApprovedPosts {
        senior: Some(2),
        ..register.institutions[0].posts
    };
    let promoted = Change::Decide {
        person: 3,
        kind: Kind::Appointment,
        target: Target {
            rank: HIGH,
            grade: None,
            institution: None,
            on: None,
        },
    };
    let changes = [
        Change::Posts {
            institution: 0,
            posts,
        },
        promoted,
        Change::Leave { person: 0 },
        // of nobody: nothing
        Change::Leave { person: 700 },
    ];
    let what_if = changed(&register, &changes);
    assert_ne!(what_if, register);
    let other = ahead(&plan, &what_if);
    let differences = compare(&base, &other);
    let senior = differences.iter().find(|one| one.pool == Pool::Senior);
    let senior = senior.expect("a difference");
    assert_eq!(
        (senior.before.limit, senior.after.limit),
        (Some(3), Some(2))
    );
    assert_eq!((senior.before.counted, senior.after.counted), (3, 3));
    assert_eq!((senior.before.over, senior.after.over), (Some(0), Some(1)));
    let middle = differences
        .iter()
        .find(|one| one.pool == Pool::Intermediate);
    let middle = middle.expect("a difference");
    assert_eq!((middle.before.counted, middle.after.counted), (2, 1));
    let ends = year_ends(&base.forecast[0], Level::Senior);
    assert_eq!(ends.len(), 5);
    assert_eq!((ends[0].year, ends[4].year), (2026, 2030));
    // born in 1964-03 he retired in 2024: the forecast has him gone from its first month
    assert_eq!(
        (ends[0].counted, ends[0].retired, ends[0].vacant),
        (2, 1, Some(1))
    );
}
