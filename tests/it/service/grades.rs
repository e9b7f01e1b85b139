//! Places of a grade: an approved plan that divides a level by grade is kept, and a plan that
//! does not says nothing of grades.

use crate::support::database::on_both;
use crate::support::office::{NOW, office, reviewer};
use crate::support::records::day;
use crate::support::road::{APPROVE, COUNTY, County, centre, later};
use dinggang::domain::post::{Grade, Level, Manner, PlannedPosts, PostCategory};
use dinggang::domain::promotion::{Command, Kind};
use dinggang::domain::record::Validity;
use dinggang::domain::record_id::ApplicationId;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::register::Register;
use dinggang::domain::rights::Authority;
use dinggang::domain::title::Rank;
use dinggang::service::record::{Entering, record};
use dinggang::service::{ServiceError, eligibility, institution};

const MIDDLE: Rank = Rank::Intermediate;

/// Three people at intermediate posts, of the grades given.
fn graded(grades: [Option<u8>; 3]) -> Register {
    let mut register = centre(0, 3);
    for (person, grade) in register.people.iter_mut().zip(grades) {
        person.grade = grade.and_then(Grade::new);
    }
    register
}

/// Records that so many intermediate posts are of a grade.
async fn plan(county: &County, grade: u32, posts: u32) {
    let bureau = reviewer(Authority::HumanResources, COUNTY);
    let id = county.centre();
    let when = dinggang::domain::record::When::on(day("2026-11-22"));
    let found = institution::find(&county.office, &bureau, id, when, NOW).await;
    let entering = Entering {
        subject: id,
        slot: None,
        fact: PlannedPosts {
            category: PostCategory::Professional,
            manner: Manner::Ordinary,
            level: Some(Level::Intermediate),
            highest: Some(grade),
            lowest: Some(grade),
            posts,
        },
        validity: Validity::from(day("2026-06-01")),
        seen: found.expect("a house").version,
        reason: Some("岗位设置方案核准"),
    };
    let done = record(&county.office, &bureau, &entering, NOW).await;
    done.expect("recorded");
}

fn refused<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> Vec<Refusal> {
    match result {
        Err(ServiceError::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

async fn taken_up(county: &County, number: usize, grade: u8) -> ApplicationId {
    let id = county.begin(number, Kind::Grade, MIDDLE, Some(grade)).await;
    for command in [Command::Submit, Command::take()] {
        let done = county.act(&county.clerk(), id, &command, NOW).await;
        done.expect("done");
    }
    id
}

/// What is said of the place at the end of the road to the next grade; `None` = nothing is.
async fn road(county: &County, number: usize) -> Option<bool> {
    let (on, clerk) = (day("2026-11-22"), county.clerk());
    let found = eligibility::of_person(&county.office, &clerk, county.person(number), on, NOW);
    let roads = found.await.expect("a standing").roads;
    let grade = roads.into_iter().find(|one| one.road.kind == Kind::Grade);
    grade
        .expect("a road")
        .place
        .map(|check| !check.is_against())
}

fn full(highest: u32, lowest: u32, posts: u32) -> Vec<Refusal> {
    vec![Refusal::NoGradePlace {
        highest,
        lowest,
        posts,
    }]
}

on_both! {
    async fn one_place_of_a_grade_for_one(database: Database) {
        let register = graded([Some(9), Some(9), Some(10)]);
        let county = County::new(office(&database.store), &register).await;
        assert_eq!(road(&county, 0).await, None, "the plan says nothing of grades yet");
        for (grade, posts) in [(8, 1), (9, 2), (10, 5)] {
            plan(&county, grade, posts).await;
        }
        assert_eq!(road(&county, 0).await, Some(true));
        let (first, second) = (taken_up(&county, 0, 8).await, taken_up(&county, 1, 8).await);
        let clerk = county.clerk();
        county.act(&clerk, first, &Command::recommend(), NOW).await.expect("kept");
        // the place is kept, though nobody holds it yet
        let none = county.act(&clerk, second, &Command::recommend(), NOW).await;
        assert_eq!(refused(none), full(8, 8, 1));
        assert_eq!(road(&county, 1).await, Some(false));
        // what the first leaves may be had at once
        let third = taken_up(&county, 2, 9).await;
        county.act(&clerk, third, &Command::recommend(), NOW).await.expect("kept");
        for id in [first, third] {
            let publish = Command::Publish { working_days: 5 };
            county.act(&clerk, id, &publish, NOW).await.expect("published");
            county.act(&clerk, id, &Command::Close, later()).await.expect("closed");
            for authority in [Authority::Health, Authority::HumanResources] {
                let bureau = reviewer(authority, COUNTY);
                county.act(&bureau, id, &APPROVE, later()).await.expect("approved");
            }
        }
        let none = county.act(&clerk, second, &Command::recommend(), later()).await;
        assert_eq!(refused(none), full(8, 8, 1));
        let grades = "select cast(grade as text) from appointment where superseded_at is null \
            and valid_to is null and rank = 'intermediate' order by grade";
        assert_eq!(database.lines(grades).await, ["8", "9", "9"]);
    }

    async fn a_grade_that_is_not_recorded_keeps_it_open(database: Database) {
        let register = graded([Some(9), None, Some(10)]);
        let county = County::new(office(&database.store), &register).await;
        plan(&county, 8, 1).await;
        plan(&county, 9, 2).await;
        let id = taken_up(&county, 0, 8).await;
        let open = county.act(&county.clerk(), id, &Command::recommend(), NOW).await;
        assert_eq!(refused(open), [Refusal::GradesUnknown { people: 1 }]);
        // a second place of the grade is enough for both
        plan(&county, 8, 2).await;
        county.act(&county.clerk(), id, &Command::recommend(), NOW).await.expect("kept");
    }
}
