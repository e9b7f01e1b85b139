//! The bench: what waits for whom, several cases at once, and rounds with their order.

use crate::support::database::on_both;
use crate::support::office::{NOW, auditor, office, reviewer};
use crate::support::records::day;
use crate::support::road::{APPROVE, COUNTY, County, centre, city, later};
use dinggang::domain::post::{Grade, Level};
use dinggang::domain::promotion::{Command, Kind, Pool, State, Subject, Target};
use dinggang::domain::record_id::RoundId;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::rights::Authority;
use dinggang::domain::round::{Criterion, Offered, Plan, RoundMove};
use dinggang::domain::title::Rank;
use dinggang::rules::verdict::Verdict;
use dinggang::service::bench::{batch, decide, queue, whole};
use dinggang::service::promotion::Begin;
use dinggang::service::round::{self, Points, Step};
use dinggang::service::scenario::{FIVE_YEARS, Scenario, Wish};
use dinggang::service::{ServiceError, eligibility, scenario};
use dinggang::store::register::Part;

const HIGH: Rank = Rank::AssociateSenior;

fn refused<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> Vec<Refusal> {
    match result {
        Err(ServiceError::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn plan() -> Plan {
    Plan {
        title: "2026 年高级岗位竞聘".to_owned(),
        offered: vec![Offered {
            rank: HIGH,
            grade: Grade::new(7),
            places: 2,
        }],
        term_months: 36,
        conditions: "近三年考核合格".to_owned(),
        training: None,
        criteria: vec![Criterion {
            name: "业绩".to_owned(),
            most: 10_000,
        }],
        from: day("2026-11-20"),
        to: day("2026-11-24"),
    }
}

on_both! {
    async fn what_waits_for_whom(database: Database) {
        let county = County::new(office(&database.store), &centre(1, 3)).await;
        let health = city(Authority::Health);
        assert_eq!(queue(&county.office, &health, later()).await.expect("a queue").len(), 0);
        let first = county.under_review(1, Kind::Appointment, HIGH).await;
        let second = county.submitted(2, Kind::Appointment, HIGH).await;
        let waiting = queue(&county.office, &health, later()).await.expect("a queue");
        assert_eq!(waiting.len(), 1);
        assert_eq!((waiting[0].application.id, waiting[0].name.as_str()), (first, "人1"));
        assert!(waiting[0].evaluation.checks.iter().all(|check| !check.is_against()));
        let clerks = queue(&county.office, &county.clerk(), later()).await.expect("a queue");
        assert_eq!(clerks.len(), 1);
        assert_eq!(clerks[0].application.id, second);
        let neighbour = reviewer(Authority::Health, "150198");
        assert_eq!(queue(&county.office, &neighbour, later()).await.expect("a queue").len(), 0);
        let all = whole(&county.office, &health, first, later()).await.expect("a case");
        assert_eq!(all.rivals.len(), 1, "who else waits for the same places");
        assert_eq!(all.preview.judged.takes, Some(Pool::Senior));
    }

    async fn several_at_once(database: Database) {
        let county = County::new(office(&database.store), &centre(1, 3)).await;
        let (health, posts) = (city(Authority::Health), city(Authority::HumanResources));
        let mut ids = Vec::new();
        for number in 1..=2 {
            let id = county.under_review(number, Kind::Appointment, HIGH).await;
            county.act(&health, id, &APPROVE, later()).await.expect("first");
            ids.push(id);
        }
        // a third was submitted, and there is no place for it
        ids.push(county.submitted(3, Kind::Appointment, HIGH).await);
        let tried = batch(&county.office, &posts, &ids, None, later()).await.expect("a preview");
        let against: Vec<usize> = tried.cases.iter().map(|one| one.against.len()).collect();
        assert_eq!(against, [0, 0, 1], "{:?}", tried.cases);
        assert!(matches!(tried.cases[2].against[0], Refusal::NoPlace { .. }));
        let own = tried.places.iter().find(|one| one.institution == county.centre());
        let own = own.expect("the centre");
        assert_eq!((own.before.senior.counted(), own.after.senior.counted()), (1, 3));
        assert_eq!(own.left(Pool::Senior), Some(0));
        assert_eq!(own.after.intermediate.counted(), 1);
        // nothing was written
        assert_eq!(county.posts(Level::Senior, "2026-11-28").await.counted(), 1);
        let mut seen = Vec::new();
        for id in &ids {
            seen.push((*id, county.look(*id).await.version));
        }
        let done = decide(&county.office, &posts, &seen, &APPROVE, None, later()).await.expect("tried");
        let through: Vec<bool> = done.iter().map(|(_, result)| result.is_ok()).collect();
        assert_eq!(through, [true, true, false]);
        let after = county.posts(Level::Senior, "2026-11-28").await;
        assert_eq!((after.counted(), after.reserved), (3, 0));
    }

    async fn a_round_from_its_plan_to_its_places(database: Database) {
        let county = County::new(office(&database.store), &centre(1, 4)).await;
        let (clerk, bureau) = (county.clerk(), reviewer(Authority::HumanResources, COUNTY));
        let office = &county.office;
        let id = round::plan(office, &clerk, county.centre(), &plan(), NOW).await.expect("planned");
        let join = |number: usize| Subject {
            kind: Kind::Appointment,
            person: county.person(number),
            institution: county.centre(),
            round: Some(id),
            target: Target { rank: HIGH, grade: Grade::new(7), institution: None, on: None },
            merits: String::new(),
        };
        let subject = join(1);
        let begin = Begin { office, actor: &clerk, subject: &subject, now: NOW };
        assert_eq!(refused(begin.run().await), [Refusal::WindowClosed]);
        step(&county, id, RoundMove::Propose, &clerk, NOW).await.expect("proposed");
        let own = step(&county, id, RoundMove::Approve, &clerk, NOW).await;
        assert!(matches!(own, Err(ServiceError::Denied(_))), "the county approves");
        step(&county, id, RoundMove::Approve, &bureau, NOW).await.expect("approved");
        let mut ids = Vec::new();
        for number in 1..=3 {
            let subject = join(number);
            let begin = Begin { office, actor: &clerk, subject: &subject, now: NOW };
            let application = begin.run().await.expect("begun");
            for command in [Command::Submit, Command::take()] {
                county.act(&clerk, application, &command, NOW).await.expect("done");
            }
            ids.push(application);
        }
        let early = step(&county, id, RoundMove::StartScoring, &clerk, NOW).await;
        assert!(matches!(refused(early)[..], [Refusal::WindowOpen { .. }]));
        step(&county, id, RoundMove::StartScoring, &clerk, later()).await.expect("closed");
        let give = |at: usize, points| Points { application: ids[at], criterion: 0, points };
        let too_many = round::score(office, &clerk, id, &[give(0, 10_001)], later()).await;
        assert_eq!(refused(too_many), [Refusal::TooManyPoints { most: 10_000 }]);
        let points = [give(0, 8_000), give(1, 9_000), give(2, 8_000)];
        round::score(office, &clerk, id, &points, later()).await.expect("scored");
        let unranked = county.act(&clerk, ids[1], &Command::recommend(), later()).await;
        assert!(matches!(refused(unranked)[..], [Refusal::RoundOutOfTurn { .. }]));
        step(&county, id, RoundMove::Rank, &clerk, later()).await.expect("ranked");
        let view = round::find(office, &auditor(), id, later()).await.expect("a round");
        assert_eq!(view.allocation.given, [ids[1]]);
        assert_eq!((view.allocation.tied.len(), view.allocation.contested), (2, 1));
        county.act(&clerk, ids[1], &Command::recommend(), later()).await.expect("first");
        let tied = county.act(&clerk, ids[0], &Command::recommend(), later()).await;
        let behind = Refusal::NotAmongFirst { rank: 2, places: 2 };
        assert_eq!(refused(tied), [behind]);
        let act = dinggang::service::promotion::Act {
            office,
            actor: &clerk,
            id: ids[0],
            seen: county.look(ids[0]).await.version,
            command: &Command::recommend(),
            override_reason: Some("同分，任职年限较长"),
            now: later(),
        };
        let done = act.run().await.expect("with a reason");
        assert_eq!(done.application.state, State::Recommended);
        assert_eq!(county.posts(Level::Senior, "2026-11-28").await.reserved, 2);
        let trail = "select id from audit_event where subject_kind = 'round'";
        assert_eq!(database.lines(trail).await.len(), 5);
    }

    async fn where_somebody_stands(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 2)).await;
        let own = county.staff(2);
        let on = day("2026-11-22");
        let all = eligibility::of_person(&county.office, &own, county.person(2), on, NOW).await;
        let all = all.expect("the own roads");
        let mut roads = all.roads.iter();
        let ordinary = roads.find(|open| open.road.kind == Kind::Appointment).expect("a road");
        assert_eq!(ordinary.road.verdict, Verdict::Holds);
        assert!(!ordinary.place.as_ref().expect("it takes one").is_against());
        assert_eq!(all.posts.senior.vacant(), Some(1));
        let other = eligibility::of_person(&county.office, &own, county.person(3), on, NOW).await;
        assert!(matches!(other, Err(ServiceError::NotFound)));
        // another takes the last place: the road is open, and there is none at its end
        let id = county.submitted(3, Kind::Appointment, HIGH).await;
        county.act(&county.clerk(), id, &Command::recommend(), NOW).await.expect("kept");
        let all = eligibility::of_person(&county.office, &own, county.person(2), on, NOW).await;
        let all = all.expect("the own roads");
        let mut roads = all.roads.iter();
        let ordinary = roads.find(|open| open.road.kind == Kind::Appointment).expect("a road");
        assert!(ordinary.place.as_ref().expect("it takes one").is_against());
    }

    async fn what_if_writes_nothing(database: Database) {
        let county = County::new(office(&database.store), &centre(3, 2)).await;
        let part = Part::These(vec![county.centre()]);
        let when = dinggang::domain::record::When::on(day("2026-11-22"));
        let leave = Scenario {
            changes: vec![Wish::Leave { person: county.person(0) }],
            rules: None,
        };
        let nothing = Scenario::default();
        let clerk = county.clerk();
        let scenarios = [leave, nothing];
        let before = database.lines("select id from change").await;
        let runs = scenario::run(&county.office, &clerk, &part, when, &scenarios, FIVE_YEARS, NOW);
        let runs = runs.await.expect("run");
        assert_eq!(runs.base.forecast[0].months.len(), 60);
        assert_eq!(runs.scenarios[0].differences.len(), 1);
        let differs = runs.scenarios[0].differences[0];
        assert_eq!((differs.before.vacant, differs.after.vacant), (Some(0), Some(1)));
        assert_eq!(runs.scenarios[1].differences, []);
        assert_eq!(database.lines("select id from change").await, before);
        let staff = county.staff(2);
        let denied = scenario::run(&county.office, &staff, &part, when, &[], 12, NOW).await;
        assert!(matches!(denied, Err(ServiceError::NotFound)));
    }
}

async fn step(
    county: &County,
    id: RoundId,
    made: RoundMove,
    actor: &dinggang::domain::rights::Actor,
    now: dinggang::domain::time::Timestamp,
) -> Result<dinggang::domain::round::Round, ServiceError> {
    let seen = round::find(&county.office, &auditor(), id, now)
        .await
        .expect("a round");
    let step = Step {
        office: &county.office,
        actor,
        id,
        seen: seen.round.version,
        made,
        plan: None,
        reason: None,
        now,
    };
    step.run().await
}
