//! Statements, ends and corrections of dated nouns, by the offices that may make them.

use crate::support::county::{County, RECORDED, bureau, is_denied, is_not_found, refusals};
use crate::support::database::on_both;
use crate::support::office::{NOW, after, auditor, reviewer};
use crate::support::records::day;
use dinggang::domain::appointment::Appointment;
use dinggang::domain::establishment::Decision;
use dinggang::domain::institution::{ApprovedPosts, Profile};
use dinggang::domain::merit::{Assessment, AssessmentResult};
use dinggang::domain::pay::{Fen, PayTotal};
use dinggang::domain::record::{Validity, Version, When};
use dinggang::domain::record_id::InstitutionId;
use dinggang::domain::rights::Authority;
use dinggang::domain::training::{Training, TrainingKind};
use dinggang::service::record::{self, Correction, Ending, Entering, Recorded};
use dinggang::service::{ServiceError, trail};
use dinggang::store::Outcome;

fn entering<F: Recorded>(
    subject: dinggang::domain::record::Id<F::Subject>,
    fact: F,
    from: &str,
    seen: Version,
) -> Entering<'static, F> {
    Entering {
        subject,
        slot: None,
        fact,
        validity: Validity::from(day(from)),
        seen,
        reason: Some("核编文件"),
    }
}

fn decision(total: u32, professional: u32) -> Decision {
    Decision {
        total: Some(total),
        professional: Some(professional),
        document: Some("示编发〔2026〕3号".to_owned()),
        ..Decision::default()
    }
}

async fn total(county: &County, id: InstitutionId, on: &str) -> Option<u32> {
    let when = When::on(day(on));
    let found = record::at::<Decision>(&county.office, &auditor(), id, when, NOW).await;
    let rows = found.expect("read").rows;
    rows.first().and_then(|row| row.fact.total)
}

fn training() -> Training {
    Training {
        kind: TrainingKind::Post,
        started: Some(day("2025-03-01")),
        ended: Some(day("2025-04-01")),
        hours: Some(40),
        provider: None,
        certificate: None,
    }
}

on_both! {
    async fn establishment_is_decided_by_its_office(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let id = county.institution(own);
        let seen = county.version(id).await;
        let was = total(&county, id, RECORDED).await;
        let entry = entering(id, decision(60, 50), "2026-07-01", seen);
        for stranger in [
            county.clerk(own),
            bureau(Authority::HumanResources),
            bureau(Authority::Health),
            auditor(),
        ] {
            assert!(is_denied(&record::record(office, &stranger, &entry, NOW).await));
        }
        for outside in [county.clerk(other), reviewer(Authority::Establishment, "150198")] {
            assert!(is_not_found(&record::record(office, &outside, &entry, NOW).await));
        }
        let bureau = bureau(Authority::Establishment);
        let done = record::record(office, &bureau, &entry, after(1)).await.expect("recorded");
        assert_eq!(done.version, seen.next());
        assert_eq!(total(&county, id, "2026-06-30").await, was);
        assert_eq!(total(&county, id, "2026-07-01").await, Some(60));
        // the same again is nothing new, and nobody has to read anew for it
        let again = entering(id, decision(60, 50), "2026-07-01", done.version);
        let again = record::record(office, &bureau, &again, after(2)).await.expect("recorded");
        assert_eq!((again.outcome, again.version), (Outcome::Unchanged, done.version));
        // who saw the version before is told both
        match record::record(office, &bureau, &entry, after(3)).await {
            Err(ServiceError::Stale { expected, actual }) => {
                assert_eq!((expected, actual), (seen, done.version));
            }
            other => panic!("{other:?}"),
        }
        let today = NOW.shanghai_day();
        let (inspector, subject) = (auditor(), id.to_string());
        let told = trail::of_subject(office, &inspector, "institution", &subject, today).await;
        let told = told.expect("events");
        assert_eq!(told.len(), 1, "what was refused or changed nothing left no trace");
        assert_eq!(told[0].what, "establishment.decide");
        let detail = told[0].detail.as_ref().expect("a detail");
        assert_eq!(detail.reason.as_deref(), Some("核编文件"));
        assert!(detail.after.as_deref().is_some_and(|text| text.contains("\"total\":60")));
        assert!(detail.before.is_some());
    }

    async fn history_says_who_and_why_after_a_correction(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let id = county.institution(county.two().0);
        let bureau = bureau(Authority::Establishment);
        let seen = county.version(id).await;
        let entry = entering(id, decision(60, 50), "2026-07-01", seen);
        let seen = record::record(office, &bureau, &entry, after(1)).await.expect("ok").version;
        let held = record::at::<Decision>(office, &bureau, id, When::on(day("2026-08-01")), NOW);
        let row = held.await.expect("read").rows[0].clone();
        let right = |from: &str, until: Option<&str>| Validity {
            from: day(from),
            until: until.map(day),
        };
        let correction = |right, reason| Correction {
            subject: id,
            row: row.id,
            right,
            seen,
            reason,
        };
        let blank = correction(Some((row.validity, decision(66, 50))), " ");
        let refused = record::correct(office, &bureau, &blank, after(2)).await;
        assert_eq!(refusals(refused), [("reason_missing", Some("reason"))]);
        // the decision before holds until July: nothing may lie over it
        let over = correction(Some((right("2026-06-01", None), decision(66, 50))), "录入错误");
        let refused = record::correct(office, &bureau, &over, after(2)).await;
        assert_eq!(refusals(refused), [("overlapping", Some("from"))]);
        let later = Some((right("2026-07-15", Some("2027-01-01")), decision(66, 50)));
        let done = record::correct(office, &bureau, &correction(later, "录入错误"), after(3)).await;
        let done = done.expect("corrected");
        assert_eq!(total(&county, id, "2026-07-10").await, None);
        assert_eq!(total(&county, id, "2026-07-15").await, Some(66));
        assert_eq!(total(&county, id, "2027-01-01").await, None);
        // as it was known before
        let before = When::known_at(day("2026-07-15"), after(2));
        let known = record::at::<Decision>(office, &bureau, id, before, NOW).await.expect("read");
        assert_eq!(known.rows[0].fact.total, Some(60));
        let entries = record::history::<Decision>(office, &bureau, id, NOW).await.expect("read");
        let replaced = entries.iter().find(|one| one.row.id == row.id).expect("it is kept");
        assert_eq!(replaced.made.reason.as_deref(), Some("核编文件"));
        let by = replaced.replaced.as_ref().expect("replaced");
        assert_eq!(by.reason.as_deref(), Some("录入错误"));
        assert_eq!(by.author.role, "county_establishment");
        // it never was
        let row = entries.last().expect("the newest").row.id;
        let struck = Correction::<Decision> {
            subject: id,
            row,
            right: None,
            seen: done.version,
            reason: "没有此文",
        };
        let gone = record::correct(office, &bureau, &struck, after(4)).await.expect("struck");
        assert_eq!(gone.outcome, Outcome::Ended);
        assert_eq!(total(&county, id, "2026-08-15").await, None);
        let again = Correction { seen: gone.version, ..struck };
        assert!(is_not_found(&record::correct(office, &bureau, &again, after(5)).await));
    }

    async fn what_cannot_be_is_refused_with_every_reason(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, _) = county.two();
        let id = county.institution(own);
        let seen = county.version(id).await;
        let establishment = bureau(Authority::Establishment);
        let wrong = entering(id, decision(10, 11), "1899-12-31", seen);
        let refused = record::record(office, &establishment, &wrong, NOW).await;
        assert_eq!(refusals(refused), [
            ("absurd_date", Some("from")),
            ("split_above_total", Some("total")),
        ]);
        let posts = ApprovedPosts {
            professional: Some(10),
            senior: Some(5),
            intermediate: Some(6),
            health: Some(11),
            ..ApprovedPosts::default()
        };
        let resources = bureau(Authority::HumanResources);
        let entry = entering(id, posts, RECORDED, seen);
        let refused = record::record(office, &resources, &entry, NOW).await;
        assert_eq!(refusals(refused), [
            ("split_above_total", Some("professional")),
            ("split_above_total", Some("health")),
        ]);
        let pay = PayTotal { year: 2026, total: Fen(-1), gp_allowance: None, document: None };
        let mut entry = entering(id, pay, RECORDED, seen);
        entry.slot = Some("2025");
        let refused = record::record(office, &resources, &entry, NOW).await;
        assert_eq!(refusals(refused), [("wrong_slot", Some("slot"))]);
        entry.slot = Some("2026");
        let refused = record::record(office, &resources, &entry, NOW).await;
        assert_eq!(refusals(refused), [("absurd_amount", Some("total"))]);
        let nothing = Ending::<PayTotal> {
            subject: id,
            slot: "2026",
            on: day("2026-05-01"),
            seen,
            reason: None,
        };
        let refused = record::end(office, &resources, &nothing, NOW).await;
        assert_eq!(refusals(refused), [("nothing_holds", None)]);
    }

    async fn clerks_keep_names_and_authorities_keep_kinds(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let id = county.institution(own);
        let clerk = county.clerk(own);
        let when = When::on(NOW.shanghai_day());
        let held = record::at::<Profile>(office, &clerk, id, when, NOW).await.expect("read");
        let (seen, profile) = (held.version, held.rows[0].fact.clone());
        let renamed = Profile { beds: Some(77), ..profile.clone() };
        let entry = entering(id, renamed, "2026-06-01", seen);
        let done = record::record(office, &clerk, &entry, NOW).await;
        let seen = done.expect("recorded").version;
        let moved = Profile { raised_senior_ratio: !profile.raised_senior_ratio, ..profile.clone() };
        let entry = entering(id, moved, "2026-06-02", seen);
        let refused = record::record(office, &clerk, &entry, NOW).await;
        assert_eq!(refusals(refused), [("reserved_field", Some("raised_senior_ratio"))]);
        let health = bureau(Authority::Health);
        let seen = record::record(office, &health, &entry, NOW).await.expect("recorded").version;
        // out of the county: the bureau would not see it any more
        let gone = Profile { area: Some(crate::support::build::area("150198")), ..profile.clone() };
        let entry = entering(id, gone, "2026-06-03", seen);
        assert!(is_not_found(&record::record(office, &health, &entry, NOW).await));
        let lost = Profile { parent: Some("没有".to_owned()), ..profile.clone() };
        let entry = entering(id, lost, "2026-06-03", seen);
        let refused = record::record(office, &health, &entry, NOW).await;
        assert_eq!(refusals(refused), [("no_such_thing", Some("parent"))]);
        // people work there: it cannot just end
        let ending = Ending::<Profile> {
            subject: id,
            slot: "",
            on: day("2026-12-01"),
            seen,
            reason: Some("撤销"),
        };
        assert!(is_denied(&record::end(office, &health, &ending, NOW).await));
        let establishment = bureau(Authority::Establishment);
        let refused = refusals(record::end(office, &establishment, &ending, NOW).await);
        assert!(refused.contains(&("staff_left", None)), "{refused:?}");
        let stranger = county.clerk(other);
        assert!(is_not_found(&record::at::<Profile>(office, &stranger, id, when, NOW).await));
        assert!(is_not_found(&record::history::<Profile>(office, &stranger, id, NOW).await));
    }

    async fn files_of_people_are_kept_by_their_clerks(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let person = county.staff(own)[0];
        let clerk = county.clerk(own);
        let seen = county.version(person).await;
        let entry = entering(person, training(), "2025-04-01", seen);
        assert!(is_not_found(&record::record(office, &county.clerk(other), &entry, NOW).await));
        let first = record::record(office, &clerk, &entry, after(1)).await.expect("recorded");
        assert_eq!(first.slot, "0000");
        let second = Training { kind: TrainingKind::Continuing, ..training() };
        let entry = entering(person, second, "2025-05-01", first.version);
        let second = record::record(office, &clerk, &entry, after(2)).await.expect("recorded");
        assert_eq!(second.slot, "0001");
        let year = Assessment {
            year: 2025,
            result: AssessmentResult::Excellent,
            satisfaction: Some(1001),
        };
        let refused = entering(person, year, "2026-01-01", second.version);
        let refused = record::record(office, &clerk, &refused, after(3)).await;
        assert_eq!(refusals(refused), [("number_too_large", Some("satisfaction"))]);
        // an appointment is corrected by the office that decides on appointments
        let when = When::on(NOW.shanghai_day());
        let held = record::at::<Appointment>(office, &clerk, person, when, NOW).await;
        let held = held.expect("read");
        let mut fact = held.rows.first().map_or(
            Appointment {
                rank: dinggang::domain::title::Rank::Junior,
                grade: None,
                since: None,
                manner: dinggang::domain::post::Manner::Ordinary,
            },
            |row| row.fact.clone(),
        );
        fact.since = Some(crate::support::build::month("2019-03"));
        let entry = entering(person, fact, "2026-02-01", held.version);
        assert!(is_denied(&record::record(office, &clerk, &entry, after(4)).await));
        let resources = bureau(Authority::HumanResources);
        record::record(office, &resources, &entry, after(4)).await.expect("corrected");
    }
}
