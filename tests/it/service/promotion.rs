//! The road of an application through its offices, on the records.

use crate::support::build::area;
use crate::support::database::on_both;
use crate::support::library;
use crate::support::office::{NOW, actor, administrator, auditor, office, reviewer};
use crate::support::records::day;
use crate::support::road::{APPROVE, COUNTY, County, centre, city, later, since};
use dinggang::domain::post::{Ledger, Level};
use dinggang::domain::promotion::{Command, Kind, Pool, ReturnTo, State, Subject, Target};
use dinggang::domain::record_id::InstitutionId;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::rights::{Authority, Why};
use dinggang::domain::time::Timestamp;
use dinggang::domain::title::Rank;
use dinggang::jobs::JOBS;
use dinggang::service::import::{Import, Imported};
use dinggang::service::promotion::{
    Act, Attach, Begin, attachment, find, lapse, preview, sweep_files, take_effect,
};
use dinggang::service::{Office, Rulebook, ServiceError, calendar, trail};
use dinggang::sheet::{Input, write_register};
use dinggang::store::register::Scope;
use dinggang::store::{StoreError, Tx, Write};
use std::sync::Arc;
use tokio::sync::Notify;

const HIGH: Rank = Rank::AssociateSenior;

fn refused<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> Vec<Refusal> {
    match result {
        Err(ServiceError::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn an_ordinary_promotion(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 2)).await;
        let (health, posts) = (city(Authority::Health), city(Authority::HumanResources));
        let before = county.posts(Level::Senior, "2026-11-22").await;
        assert_eq!((before.limit, before.counted(), before.vacant()), (Some(3), 2, Some(1)));
        let id = county.under_review(2, Kind::Appointment, HIGH).await;
        let kept = county.posts(Level::Senior, "2026-11-22").await;
        assert_eq!((kept.counted(), kept.reserved, kept.vacant()), (2, 1, Some(0)));
        county.act(&health, id, &APPROVE, later()).await.expect("the first step");
        let done = county.act(&posts, id, &APPROVE, later()).await.expect("decided");
        assert_eq!(done.application.state, State::Effective);
        let after = county.posts(Level::Senior, "2026-11-28").await;
        assert_eq!((after.counted(), after.reserved, after.vacant()), (3, 0, Some(0)));
        // the lower place is free in the same step, and the day before nothing had changed
        let middle = county.posts(Level::Intermediate, "2026-11-28").await;
        assert_eq!(middle.counted(), 1);
        let earlier = county.posts(Level::Senior, "2026-11-27").await;
        assert_eq!((earlier.counted(), earlier.reserved), (2, 1));
        let steps = find(&county.office, &auditor(), id, later()).await.expect("a view").steps;
        let states: Vec<State> = steps.iter().map(|step| step.after).collect();
        assert_eq!(states, [
            State::Submitted, State::InstitutionReview, State::Recommended, State::Notice,
            State::Review, State::Review, State::Effective,
        ]);
        // its trail and its messages
        let told = trail::of_subject(
            &county.office, &administrator(), "application", &id.to_string(), NOW.shanghai_day(),
        ).await.expect("events");
        assert_eq!(told.len(), 8);
        assert_eq!(told[7].what, "application.approve");
        assert!(told[7].change.is_some());
        let mail = database.lines("select key from outbox order by key").await;
        assert_eq!(mail.len(), 2, "{mail:?}");
        assert!(mail.iter().all(|key| key.starts_with(&format!("application:{id}:"))));
    }

    async fn the_last_place_is_given_once(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 2)).await;
        let clerk = county.clerk();
        let first = county.submitted(2, Kind::Appointment, HIGH).await;
        let second = county.submitted(3, Kind::Appointment, HIGH).await;
        county.act(&clerk, first, &Command::recommend(), NOW).await.expect("kept");
        let why = refused(county.act(&clerk, second, &Command::recommend(), NOW).await);
        let [Refusal::NoPlace { pool, limit, counted, reserved, held_by }] = &why[..] else {
            panic!("{why:?}");
        };
        assert_eq!((*pool, *limit, *counted, *reserved), (Pool::Senior, 3, 2, 1));
        assert_eq!(held_by, &["人2"]);
        // given back, the place is free again
        let decline = Command::Decline { defects: vec!["缺少证书".to_owned()] };
        county.act(&clerk, first, &decline, NOW).await.expect("given back");
        county.act(&clerk, second, &Command::recommend(), NOW).await.expect("kept");
        let withdraw = Command::Withdraw { reason: "不再申报".to_owned() };
        county.act(&clerk, second, &withdraw, NOW).await.expect("withdrawn");
        let posts = county.posts(Level::Senior, "2026-11-22").await;
        assert_eq!((posts.reserved, posts.vacant()), (0, Some(1)));
    }

    async fn above_the_ratio_after_twenty_years(database: Database) {
        let mut register = centre(3, 2);
        since(&mut register.people[3], "2005-01");
        since(&mut register.people[4], "2010-01");
        let county = County::new(office(&database.store), &register).await;
        let (health, posts) = (city(Authority::Health), city(Authority::HumanResources));
        let clerk = county.clerk();
        let young = county.submitted(4, Kind::AboveRatio, HIGH).await;
        let why = refused(county.act(&clerk, young, &Command::recommend(), NOW).await);
        let rule = "inner-mongolia/primary-care-draft#twenty-years-promoted".to_owned();
        assert_eq!(why, [Refusal::RuleFails { rule }]);
        let id = county.under_review(3, Kind::AboveRatio, HIGH).await;
        for actor in [&health, &posts] {
            county.act(actor, id, &APPROVE, later()).await.expect("approved");
        }
        let after = county.posts(Level::Senior, "2026-11-28").await;
        assert_eq!((after.ordinary, after.beyond_ratio, after.over()), (3, 1, Some(0)));
    }

    async fn off_quota_near_retirement(database: Database) {
        let mut register = centre(3, 1);
        // a man born in 1968 retires in 2030, within five years
        let mut old = crate::support::build::appointed(9, crate::support::build::month("1968-01"), HIGH);
        since(&mut old, "1995-07");
        register.people.push(old);
        since(&mut register.people[0], "1995-07");
        let county = County::new(office(&database.store), &register).await;
        let kept = county.posts(Level::Senior, "2026-11-22").await;
        assert_eq!((kept.ordinary, kept.off_quota, kept.vacant()), (3, 1, Some(0)));
        let id = county.under_review(9, Kind::OffQuota, HIGH).await;
        for actor in [&reviewer(Authority::Health, COUNTY), &reviewer(Authority::HumanResources, COUNTY)] {
            county.act(actor, id, &APPROVE, later()).await.expect("approved");
        }
        let decisions = database.lines("select ledger from ledger_decision").await;
        assert_eq!(decisions, ["off_quota"]);
        // somebody far from retirement is not off quota
        let young = county.submitted(0, Kind::OffQuota, HIGH).await;
        let why = refused(county.act(&county.clerk(), young, &Command::recommend(), NOW).await);
        assert!(matches!(why[..], [Refusal::RuleFails { .. }]), "{why:?}");
    }

    async fn a_directed_title_and_a_directed_post(database: Database) {
        let mut register = centre(3, 1);
        register.people[3].title = Rank::Intermediate;
        since(&mut register.people[3], "2012-07");
        let county = County::new(office(&database.store), &register).await;
        let id = county.under_review(3, Kind::DirectedTitle, HIGH).await;
        let posts = city(Authority::HumanResources);
        let missing = refused(county.act(&posts, id, &APPROVE, later()).await);
        assert!(matches!(missing[..], [Refusal::OpinionMissing { .. }, Refusal::OpinionMissing { .. }]));
        let opine = Command::Opine { favourable: true, text: "同意".to_owned() };
        for authority in [Authority::Health, Authority::DrugRegulator] {
            county.act(&city(authority), id, &opine, later()).await.expect("an opinion");
        }
        county.act(&posts, id, &APPROVE, later()).await.expect("a title");
        assert_eq!(database.lines("select area from title where kind = 'directed'").await, ["1501"]);
        // and then the post
        let again = later().plus_seconds(60);
        let id = county.begin(3, Kind::DirectedPost, HIGH, Some(7)).await;
        let clerk = county.clerk();
        for command in [
            Command::Submit, Command::take(), Command::recommend(),
            Command::Publish { working_days: 5 },
        ] {
            county.act(&clerk, id, &command, again).await.expect("done");
        }
        assert_eq!(county.figures("2026-12-01").await.directed.reserved, 1);
        let closed = again.plus_seconds(8 * 24 * 3600);
        county.act(&clerk, id, &Command::Close, closed).await.expect("closed");
        for actor in [&city(Authority::Health), &posts] {
            county.act(actor, id, &APPROVE, closed).await.expect("approved");
        }
        let after = county.figures("2026-12-31").await;
        assert_eq!((after.directed.counted, after.directed.reserved), (1, 0));
        assert_eq!(after.senior.ordinary, 3, "directed posts stand apart");
    }

    async fn a_grade_inside_the_level(database: Database) {
        let mut register = centre(1, 1);
        register.people[1].grade = dinggang::domain::post::Grade::new(9);
        let county = County::new(office(&database.store), &register).await;
        let id = county.begin(1, Kind::Grade, Rank::Intermediate, Some(8)).await;
        let clerk = county.clerk();
        let publish = Command::Publish { working_days: 5 };
        for command in [Command::Submit, Command::take(), Command::recommend(), publish] {
            county.act(&clerk, id, &command, NOW).await.expect("done");
        }
        // it takes no place of the level
        assert_eq!(county.posts(Level::Intermediate, "2026-11-22").await.reserved, 0);
        county.act(&clerk, id, &Command::Close, later()).await.expect("closed");
        let health = reviewer(Authority::Health, COUNTY);
        let posts = reviewer(Authority::HumanResources, COUNTY);
        let turn = refused(county.act(&posts, id, &APPROVE, later()).await);
        assert!(matches!(turn[..], [Refusal::NotItsTurn { .. }]));
        for actor in [&health, &posts] {
            county.act(actor, id, &APPROVE, later()).await.expect("approved");
        }
        let kept = "select cast(grade as text) from appointment where superseded_at is null \
            and valid_to is null and rank = 'intermediate'";
        assert_eq!(database.lines(kept).await, ["8"]);
    }

    async fn a_later_day_keeps_the_place_until_then(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 2)).await;
        let id = county.under_review(2, Kind::Appointment, HIGH).await;
        county.act(&city(Authority::Health), id, &APPROVE, later()).await.expect("first");
        let new_year = Command::Approve { effective: Some(day("2027-01-01")) };
        let posts = city(Authority::HumanResources);
        let done = county.act(&posts, id, &new_year, later()).await.expect("decided");
        assert_eq!(done.application.state, State::Approved);
        for (on, counted, reserved) in [("2026-12-31", 2, 1), ("2027-01-01", 3, 0)] {
            let own = county.posts(Level::Senior, on).await;
            assert_eq!((own.counted(), own.reserved), (counted, reserved), "{on}");
        }
        // nobody else gets the place in between
        let other = county.submitted(3, Kind::Appointment, HIGH).await;
        let why = refused(county.act(&county.clerk(), other, &Command::recommend(), later()).await);
        assert!(matches!(why[..], [Refusal::NoPlace { .. }]));
        assert_eq!(take_effect(&county.office, later()).await.expect("asked"), 0);
        let then = day("2027-01-01").begins();
        assert_eq!(take_effect(&county.office, then).await.expect("done"), 1);
        assert_eq!(county.look(id).await.state, State::Effective);
        assert_eq!(take_effect(&county.office, then).await.expect("asked"), 0);
    }

    async fn a_wrong_decision_is_taken_back(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 2)).await;
        let id = county.under_review(2, Kind::Appointment, HIGH).await;
        let posts = city(Authority::HumanResources);
        for actor in [&city(Authority::Health), &posts] {
            county.act(actor, id, &APPROVE, later()).await.expect("approved");
        }
        let revoke = Command::Revoke { reason: "材料不实".to_owned() };
        let done = county.act(&posts, id, &revoke, later()).await.expect("taken back");
        assert_eq!(done.application.state, State::Revoked);
        let after = county.posts(Level::Senior, "2026-11-28").await;
        assert_eq!((after.counted(), after.reserved, after.vacant()), (2, 0, Some(1)));
        let middle = county.posts(Level::Intermediate, "2026-11-28").await;
        assert_eq!(middle.counted(), 2);
        // the place can be given again
        county.submitted(3, Kind::Appointment, HIGH).await;
    }

    async fn out_of_turn_twice_stale_or_without_the_right(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 2)).await;
        let (clerk, health) = (county.clerk(), city(Authority::Health));
        let id = county.submitted(2, Kind::Appointment, HIGH).await;
        let early = refused(county.act(&health, id, &APPROVE, NOW).await);
        let out = Refusal::OutOfTurn {
            state: State::InstitutionReview,
            tried: dinggang::domain::promotion::Move::Approve,
        };
        assert_eq!(early, [out]);
        let again = refused(county.act(&clerk, id, &Command::take(), NOW).await);
        assert!(matches!(again[..], [Refusal::OutOfTurn { .. }]));
        let recommend = Command::recommend();
        let act = |seen| Act {
            office: &county.office,
            actor: &clerk,
            id,
            seen,
            command: &recommend,
            override_reason: None,
            now: NOW,
        };
        let stale = act(dinggang::domain::record::Version::FIRST).run().await;
        assert!(matches!(stale, Err(ServiceError::Stale { .. })), "{stale:?}");
        let denied = county.act(&clerk, id, &APPROVE, NOW).await;
        assert!(matches!(denied, Err(ServiceError::Denied(_))), "{denied:?}");
        let own = county.act(&county.staff(2), id, &recommend, NOW).await;
        assert!(matches!(own, Err(ServiceError::Denied(_))), "{own:?}");
        let stranger = county.act(&county.staff(3), id, &Command::Submit, NOW).await;
        assert!(matches!(stranger, Err(ServiceError::NotFound)), "{stranger:?}");
        let neighbour = reviewer(Authority::HumanResources, "150198");
        let seen = find(&county.office, &neighbour, id, NOW).await;
        assert!(matches!(seen, Err(ServiceError::NotFound)));
        let open = refused(county.try_begin(2, Kind::Grade, HIGH, Some(7)).await);
        assert!(matches!(open[..], [Refusal::OtherOpen { .. }]));
    }

    async fn nobody_decides_what_they_recommended(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 2)).await;
        let id = county.under_review(2, Kind::Appointment, HIGH).await;
        // the clerk's account acts for the city too
        let mut double = city(Authority::Health);
        double.account = county.clerk().account;
        let denied = county.act(&double, id, &APPROVE, later()).await;
        match denied {
            Err(ServiceError::Denied(denied)) => assert_eq!(denied.why, Why::OwnPreparation),
            other => panic!("{other:?}"),
        }
        let mut applicant = city(Authority::Health);
        applicant.person = Some(county.person(2));
        let denied = county.act(&applicant, id, &APPROVE, later()).await;
        match denied {
            Err(ServiceError::Denied(denied)) => assert_eq!(denied.why, Why::OwnCase),
            other => panic!("{other:?}"),
        }
    }

    async fn who_moved_or_retired_is_not_promoted(database: Database) {
        let mut register = centre(1, 2);
        // a man born in 1964-11 retires at sixty, in 2024-11; another moves away
        let old = crate::support::build::appointed(9, crate::support::build::month("1964-11"), Rank::Intermediate);
        register.people.push(old);
        register.people[3].title = HIGH;
        let county = County::new(office(&database.store), &register).await;
        let old = county.submitted(9, Kind::Appointment, HIGH).await;
        let why = refused(county.act(&county.clerk(), old, &Command::recommend(), NOW).await);
        assert!(matches!(why[..], [Refusal::PastRetirement { .. }]), "{why:?}");
        let moved = county.under_review(1, Kind::Appointment, HIGH).await;
        let other = county.house(crate::support::road::OTHER);
        let sql = format!(
            "update employment set institution = '{other}' where subject = '{}'", county.person(1)
        );
        database.sql(&sql).await.expect("moved");
        let why = refused(county.act(&city(Authority::Health), moved, &APPROVE, later()).await);
        assert_eq!(why, [Refusal::NotThere { on: day("2026-11-28") }]);
        assert_eq!(lapse(&county.office, later()).await.expect("lapsed"), 2);
        assert_eq!(county.look(moved).await.state, State::Lapsed);
        assert_eq!(county.posts(Level::Senior, "2026-11-28").await.reserved, 0);
    }

    async fn policies_that_change_meanwhile_warn(database: Database) {
        let mut county = County::new(office(&database.store), &centre(2, 2)).await;
        let id = county.under_review(2, Kind::Appointment, HIGH).await;
        let (health, posts) = (city(Authority::Health), city(Authority::HumanResources));
        county.act(&health, id, &APPROVE, later()).await.expect("first");
        let ids = library::with_always(&library::all_ids());
        let fewer: Vec<&str> = ids.iter().copied().filter(|id| !id.starts_with("shanghai")).collect();
        let shipped = library::shipped();
        let rulebook = Rulebook::with_always(
            shipped.facts.clone(), shipped.policies.clone(), &fewer,
        );
        county.office.rulebook = std::sync::Arc::new(rulebook);
        let why = refused(county.act(&posts, id, &APPROVE, later()).await);
        assert!(why.contains(&Refusal::PoliciesChanged), "{why:?}");
        let act = Act {
            office: &county.office,
            actor: &posts,
            id,
            seen: county.look(id).await.version,
            command: &APPROVE,
            override_reason: Some("新规定不影响本件"),
            now: later(),
        };
        let done = act.run().await.expect("with a reason");
        assert_eq!(done.noted, ["policies"]);
        let steps = find(&county.office, &auditor(), id, later()).await.expect("a view").steps;
        let last = steps.last().expect("a step");
        assert_eq!(last.reason.as_deref(), Some("新规定不影响本件"));
    }

    async fn returned_to_the_institution_it_comes_again(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 2)).await;
        let id = county.under_review(2, Kind::Appointment, HIGH).await;
        let back = Command::Return {
            to: ReturnTo::Institution,
            defects: vec!["公示材料不全".to_owned()],
        };
        county.act(&city(Authority::Health), id, &back, later()).await.expect("returned");
        let own = county.posts(Level::Senior, "2026-11-28").await;
        assert_eq!((own.reserved, own.vacant()), (0, Some(1)));
        assert_eq!(county.look(id).await.defects.len(), 1);
        let clerk = county.clerk();
        county.act(&clerk, id, &Command::recommend(), later()).await.expect("again");
        let own = county.posts(Level::Senior, "2026-11-28").await;
        assert_eq!(own.reserved, 1);
        let mail = database.lines("select kind from outbox").await;
        assert_eq!(mail.len(), 2, "{mail:?}");
    }

    async fn what_a_decision_would_change(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 2)).await;
        let id = county.under_review(2, Kind::Appointment, HIGH).await;
        let health = city(Authority::Health);
        let seen = preview(&county.office, &health, id, day("2026-11-28"), later());
        let seen = seen.await.expect("a preview");
        assert!(seen.judged.checks.iter().all(|check| !check.is_against()));
        assert_eq!(seen.judged.takes, Some(Pool::Senior));
        assert_eq!(seen.judged.frees, Some(Pool::Intermediate));
        assert_eq!((seen.posts.senior.counted(), seen.posts.senior.reserved), (2, 1));
        assert_eq!((seen.posts_after.senior.counted(), seen.posts_after.senior.reserved), (3, 0));
        assert_eq!(seen.posts_after.intermediate.counted(), 1);
        let effect = seen.judged.effect.expect("an effect");
        assert_eq!(effect.after.ledger, Some(Ledger::Ordinary));
    }

    async fn people_step_down_leave_and_retire(database: Database) {
        let mut register = centre(3, 0);
        // retires in 2027-04 by the schedule, and from 2026-10 on if he wishes
        let mut old = crate::support::build::appointed(9, crate::support::build::month("1966-10"), HIGH);
        old.name = "人9".to_owned();
        register.people.push(old);
        let county = County::new(office(&database.store), &register).await;
        let before = county.posts(Level::Senior, "2026-11-22").await;
        assert_eq!((before.counted(), before.over()), (4, Some(1)));
        let clerk = county.clerk();
        let bureaus = [reviewer(Authority::Health, COUNTY), reviewer(Authority::HumanResources, COUNTY)];
        let decided = async |kind, number, rank, on: Option<&str>| {
            let subject = Subject {
                kind,
                person: county.person(number),
                institution: county.centre(),
                round: None,
                target: Target { rank, grade: None, institution: None, on: on.map(day) },
                merits: if kind.needs_grounds() { "2026 年党委会纪要第 3 号".to_owned() } else { String::new() },
            };
            let begin = Begin { office: &county.office, actor: &clerk, subject: &subject, now: NOW };
            let id = begin.run().await.expect("begun");
            for command in [Command::Submit, Command::take()] {
                county.act(&clerk, id, &command, NOW).await.expect("done");
            }
            let done = county.act(&clerk, id, &Command::recommend(), NOW).await;
            if done.is_ok() {
                for actor in &bureaus {
                    county.act(actor, id, &APPROVE, NOW).await.expect("approved");
                }
            }
            (id, done)
        };
        let (_, early) = decided(Kind::Retirement, 9, Rank::None, Some("2026-09-30")).await;
        assert!(matches!(refused(early)[..], [Refusal::OutsideRetirement { .. }]));
        let open = county.try_begin(9, Kind::End, Rank::None, None).await;
        assert!(matches!(refused(open)[..], [Refusal::OtherOpen { .. }]));
        let (lower, done) = decided(Kind::Lower, 0, Rank::Intermediate, None).await;
        done.expect("recommended");
        assert_eq!(county.look(lower).await.state, State::Effective);
        let senior = county.posts(Level::Senior, "2026-11-22").await;
        let middle = county.posts(Level::Intermediate, "2026-11-22").await;
        assert_eq!((senior.counted(), middle.counted()), (3, 1));
        let (_, done) = decided(Kind::End, 1, Rank::None, None).await;
        done.expect("recommended");
        assert_eq!(county.posts(Level::Senior, "2026-11-22").await.counted(), 2);
        let (kept, done) = decided(Kind::Reappointment, 0, Rank::Intermediate, None).await;
        done.expect("recommended");
        assert_eq!(county.look(kept).await.state, State::Effective);
        assert_eq!(county.posts(Level::Senior, "2026-11-22").await.counted(), 2);
    }

    async fn retirement_on_the_day_that_was_asked_for(database: Database) {
        let mut register = centre(2, 0);
        let mut old = crate::support::build::appointed(9, crate::support::build::month("1966-10"), HIGH);
        old.name = "人9".to_owned();
        register.people.push(old);
        let county = County::new(office(&database.store), &register).await;
        let clerk = county.clerk();
        let subject = Subject {
            kind: Kind::Retirement,
            person: county.person(9),
            institution: county.centre(),
            round: None,
            target: Target {
                rank: Rank::None,
                grade: None,
                institution: None,
                on: Some(day("2026-12-01")),
            },
            merits: String::new(),
        };
        let begin = Begin { office: &county.office, actor: &clerk, subject: &subject, now: NOW };
        let id = begin.run().await.expect("begun");
        for command in [Command::Submit, Command::take(), Command::recommend()] {
            county.act(&clerk, id, &command, NOW).await.expect("done");
        }
        for authority in [Authority::Health, Authority::HumanResources] {
            let actor = reviewer(authority, COUNTY);
            county.act(&actor, id, &APPROVE, NOW).await.expect("approved");
        }
        assert_eq!(county.look(id).await.effective, Some(day("2026-12-01")));
        let counted = async |on| county.posts(Level::Senior, on).await.counted();
        assert_eq!(counted("2026-11-30").await, 3);
        assert_eq!(counted("2026-12-01").await, 2);
        let left = database.lines("select kind from departure").await;
        assert_eq!(left, ["retirement"]);
        // taken back, he is there again
        let revoke = Command::Revoke { reason: "本人撤回".to_owned() };
        let posts = reviewer(Authority::HumanResources, COUNTY);
        county.act(&posts, id, &revoke, later()).await.expect("taken back");
        assert_eq!(counted("2026-12-01").await, 3);
    }

    async fn a_move_in_the_same_direction(database: Database) {
        let mut register = centre(2, 0);
        register.people[0].title_kind = dinggang::domain::title::TitleKind::Directed;
        let county = County::new(office(&database.store), &register).await;
        let clerk = county.clerk();
        let other = county.house(crate::support::road::OTHER);
        let moving = |number| Subject {
            kind: Kind::Transfer,
            person: county.person(number),
            institution: county.centre(),
            round: None,
            target: Target { rank: HIGH, grade: None, institution: Some(other), on: None },
            merits: String::new(),
        };
        let ordinary = moving(1);
        let begin = Begin { office: &county.office, actor: &clerk, subject: &ordinary, now: NOW };
        let id = begin.run().await.expect("begun");
        for command in [Command::Submit, Command::take()] {
            county.act(&clerk, id, &command, NOW).await.expect("done");
        }
        let why = refused(county.act(&clerk, id, &Command::recommend(), NOW).await);
        assert_eq!(why, [Refusal::NoDirectedTitle]);
        let directed = moving(0);
        let begin = Begin { office: &county.office, actor: &clerk, subject: &directed, now: NOW };
        let id = begin.run().await.expect("begun");
        let publish = Command::Publish { working_days: 5 };
        for command in [Command::Submit, Command::take(), Command::recommend(), publish] {
            county.act(&clerk, id, &command, NOW).await.expect("done");
        }
        let place = county.look(id).await.place.expect("a place");
        assert_eq!((place.institution, place.pool), (other, Pool::Senior));
        county.act(&clerk, id, &Command::Close, later()).await.expect("closed");
        for authority in [Authority::Health, Authority::HumanResources] {
            county.act(&city(authority), id, &APPROVE, later()).await.expect("approved");
        }
        assert_eq!(county.posts(Level::Senior, "2026-11-28").await.counted(), 1);
        let there = "select institution from employment where superseded_at is null \
            and valid_to is null order by institution";
        let there = database.lines(there).await;
        assert!(there.contains(&other.to_string()), "{there:?}");
    }

    async fn the_next_notice_is_loaded(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 1)).await;
        let text = "year = 2026\ntitle = \"改\"\nsource = \"x\"\n[[off]]\nname = \"停工\"\n\
            from = \"2026-11-23\"\nto = \"2026-11-27\"\n";
        let wrong = calendar::load(&county.office, &administrator(), "year = 3", NOW).await;
        assert!(matches!(refused(wrong)[..], [Refusal::BadNotice { .. }]));
        let denied = calendar::load(&county.office, &county.clerk(), text, NOW).await;
        assert!(denied.is_err());
        let year = calendar::load(&county.office, &administrator(), text, NOW).await;
        assert_eq!(year.expect("loaded"), 2026);
        // five working days later now lie behind a week off
        let id = county.submitted(2, Kind::Appointment, HIGH).await;
        let clerk = county.clerk();
        county.act(&clerk, id, &Command::recommend(), NOW).await.expect("kept");
        let publish = Command::Publish { working_days: 5 };
        let done = county.act(&clerk, id, &publish, NOW).await.expect("published");
        assert_eq!(done.application.notice.expect("a notice").last, day("2026-12-04"));
    }

    async fn files_are_kept_by_their_digest(database: Database) {
        let folder = tempfile::tempdir().expect("a folder");
        let own = Office { files: folder.path().into(), ..office(&database.store) };
        let county = County::new(own, &centre(2, 1)).await;
        let id = county.begin(2, Kind::Appointment, HIGH, None).await;
        let clerk = county.clerk();
        let seen = county.look(id).await.version;
        let attach = |name, bytes, seen| Attach {
            office: &county.office,
            actor: &clerk,
            id,
            seen,
            name,
            bytes,
            now: NOW,
        };
        let lies = refused(attach("证书.png", b"%PDF-1.7", seen).run().await);
        assert_eq!(lies, [Refusal::FileLies { is: "PDF" }]);
        let file = attach("证书.pdf", b"%PDF-1.7", seen).run().await.expect("kept");
        let stale = attach("证书.pdf", b"%PDF-1.7", seen).run().await;
        assert!(matches!(stale, Err(ServiceError::Stale { .. })));
        let got = attachment(&county.office, &auditor(), file.id, NOW).await;
        let (found, bytes) = got.expect("the file");
        assert_eq!((found.name.as_str(), bytes.as_slice()), ("证书.pdf", &b"%PDF-1.7"[..]));
        let stranger = actor(9, dinggang::domain::rights::Capacity::InstitutionHr {
            institution: county.house(crate::support::road::OTHER),
        });
        let got = attachment(&county.office, &stranger, file.id, NOW).await;
        assert!(matches!(got, Err(ServiceError::NotFound)));
        let name = file.digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let path = folder.path().join(&name[..2]).join(&name);
        std::fs::write(path, b"%PDF-1.8").expect("tampered");
        let damaged = attachment(&county.office, &auditor(), file.id, NOW).await;
        assert_eq!(refused(damaged), [Refusal::FileDamaged]);
    }

    async fn an_import_waits_for_whoever_decides(database: Database) {
        let mut register = centre(2, 2);
        let county = County::new(office(&database.store), &register).await;
        register.people[0].grade = dinggang::domain::post::Grade::new(5);
        let (entered, goes) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let holding = Holding {
            institution: county.centre(),
            entered: entered.clone(),
            goes: goes.clone(),
        };
        let store = database.store.clone();
        let held = tokio::spawn(async move { store.write(holding).await });
        entered.notified().await;
        let files = vec![Input {
            name: "示例旗.xlsx".to_owned(),
            bytes: write_register(&register).expect("a workbook"),
        }];
        let bureau = reviewer(Authority::HumanResources, COUNTY);
        let import = Import {
            office: &county.office,
            actor: &bureau,
            files: &files,
            on: day("2026-11-22"),
            scope: Scope::Area(area(COUNTY)),
            reason: None,
            now: NOW,
        };
        let mut running = std::pin::pin!(import.run());
        let waits = tokio::time::timeout(std::time::Duration::from_millis(400), &mut running).await;
        assert!(waits.is_err(), "it waits");
        goes.notify_one();
        held.await.expect("no panic").expect("over");
        assert!(matches!(running.await.expect("run"), Imported::Recorded(_)));
    }

    async fn imports_and_approvals_at_once(database: Database) {
        let mut register = centre(2, 6);
        register.institutions[0].posts.professional = Some(200);
        register.institutions[0].posts.senior = Some(20);
        let county = County::new(office(&database.store), &register).await;
        let posts = city(Authority::HumanResources);
        for number in 2..6 {
            let id = county.under_review(number, Kind::Appointment, HIGH).await;
            county.act(&city(Authority::Health), id, &APPROVE, later()).await.expect("first");
            // the workbook says of the same person what held before, with another grade
            let mut other = register.clone();
            other.people[number].grade = dinggang::domain::post::Grade::new(8);
            let files = vec![Input {
                name: "示例旗.xlsx".to_owned(),
                bytes: write_register(&other).expect("a workbook"),
            }];
            let bureau = reviewer(Authority::HumanResources, COUNTY);
            let import = Import {
                office: &county.office,
                actor: &bureau,
                files: &files,
                on: later().shanghai_day(),
                scope: Scope::Institutions(Vec::new()),
                reason: None,
                now: later(),
            };
            let approve = county.act(&posts, id, &APPROVE, later());
            let (imported, approved) = tokio::join!(import.run(), approve);
            assert!(matches!(imported.expect("run"), Imported::Recorded(_)));
            approved.expect("approved");
            let twice = "select a.id from appointment a join appointment b on a.subject = b.subject \
                and a.id < b.id where a.superseded_at is null and b.superseded_at is null \
                and (a.valid_to is null or a.valid_to > b.valid_from) \
                and (b.valid_to is null or b.valid_to > a.valid_from)";
            assert_eq!(database.lines(twice).await, Vec::<String>::new());
            let posts_now = county.posts(Level::Senior, "2026-11-28").await;
            // whichever came second decided what holds; nobody counts twice
            assert!(posts_now.counted() == 2 || posts_now.counted() == 3, "{posts_now:?}");
            let everybody = county.posts(Level::Intermediate, "2026-11-28").await.counted() + posts_now.counted();
            assert_eq!(everybody, 8);
            if county.look(id).await.state == State::Effective {
                let revoke = Command::Revoke { reason: "重新安排".to_owned() };
                county.act(&posts, id, &revoke, later()).await.expect("taken back");
            }
        }
    }

    async fn the_clock_of_the_server_does_its_part(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 3)).await;
        let id = county.under_review(2, Kind::Appointment, HIGH).await;
        let (health, posts) = (city(Authority::Health), city(Authority::HumanResources));
        county.act(&health, id, &APPROVE, later()).await.expect("first");
        let on_new_year = Command::Approve { effective: Some(day("2027-01-01")) };
        county.act(&posts, id, &on_new_year, later()).await.expect("decided");
        assert_eq!(county.look(id).await.state, State::Approved);
        for job in JOBS.iter().filter(|job| ["take_effect", "lapse"].contains(&job.name)) {
            let done = (job.work)(county.office.clone(), "test".to_owned(), later()).await;
            assert_eq!(done.expect("run"), 0, "{}", job.name);
        }
        let new_year = later().plus_seconds(40 * 24 * 3600);
        let effect = JOBS.iter().find(|job| job.name == "take_effect").expect("a job");
        let done = (effect.work)(county.office.clone(), "test".to_owned(), new_year).await;
        assert_eq!(done.expect("run"), 1);
        assert_eq!(county.look(id).await.state, State::Effective);
    }

    async fn files_that_nobody_names_go(database: Database) {
        let folder = tempfile::tempdir().expect("a folder");
        let own = Office { files: folder.path().into(), ..office(&database.store) };
        let county = County::new(own, &centre(2, 1)).await;
        let id = county.begin(2, Kind::Appointment, HIGH, None).await;
        let clerk = county.clerk();
        let attach = Attach {
            office: &county.office,
            actor: &clerk,
            id,
            seen: county.look(id).await.version,
            name: "证书.pdf",
            bytes: b"%PDF-1.7",
            now: NOW,
        };
        let kept = attach.run().await.expect("kept");
        let folder = folder.path().join("ab");
        std::fs::create_dir_all(&folder).expect("made");
        let left = folder.join("ab".repeat(32));
        std::fs::write(&left, "left over").expect("written");
        let written = left.metadata().expect("known").modified().expect("a day");
        let written = written.duration_since(std::time::UNIX_EPOCH).expect("after 1970");
        let written = Timestamp::from_micros(i64::try_from(written.as_micros()).expect("small"));
        let office = &county.office;
        assert_eq!(sweep_files(office, written.plus_seconds(3600)).await.expect("swept"), 0);
        assert_eq!(sweep_files(office, written.plus_seconds(48 * 3600)).await.expect("swept"), 1);
        assert!(!left.exists());
        attachment(office, &auditor(), kept.id, NOW).await.expect("still there");
    }
}

/// Keeps an institution locked until it is told to go.
struct Holding {
    institution: InstitutionId,
    entered: Arc<Notify>,
    goes: Arc<Notify>,
}

impl Write for Holding {
    type Out = ();
    type Error = StoreError;

    fn institutions(&self) -> Vec<InstitutionId> {
        vec![self.institution]
    }

    async fn run(&self, _: &mut Tx) -> Result<(), StoreError> {
        self.entered.notify_one();
        self.goes.notified().await;
        Ok(())
    }
}
