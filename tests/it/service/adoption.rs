//! Policies apply where and from when they were adopted.

use crate::support::build::area;
use crate::support::database::on_both;
use crate::support::office::{NOW, after, auditor, by_adoption, office};
use crate::support::recorded::{
    COUNTY, DRAFT, adopted, draft, next, reviewer, sample_of, small_county,
};
use crate::support::records::{author, day, work};
use dinggang::domain::adoption::{Handling, OffQuota, ProposalState};
use dinggang::domain::appointment::LedgerDecision;
use dinggang::domain::institution::Kind;
use dinggang::domain::post::{Ledger, Level};
use dinggang::domain::record::{Id, When};
use dinggang::domain::record_id::PersonId;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::rights::{Authority, Why};
use dinggang::domain::staff::Person;
use dinggang::rules::figures::{InstitutionFigures, PartFigures};
use dinggang::service::{Office, ServiceError, adoption, ledger, trail};
use dinggang::store::dated::{self, Statement};
use dinggang::store::register::Part;
use dinggang::store::{Store, change};

const TOWNSHIP: &str = "150199101";

async fn figures(office: &Office, on: &str) -> PartFigures {
    let part = Part::Area(area(COUNTY));
    let when = When::on(day(on));
    let found = ledger::part_figures(office, &auditor(), &part, when, NOW).await;
    found.expect("figures")
}

fn policies(one: &InstitutionFigures) -> Vec<&str> {
    let known = one.known.as_ref().expect("known");
    let policies = known.rests_on.policies.iter();
    policies.map(|one| one.id.as_str()).collect()
}

/// The first township health centre with professional posts, in or outside of a township.
fn centre(found: &PartFigures, inside: bool) -> &InstitutionFigures {
    let township = area(TOWNSHIP);
    let mut centres = found.institutions.iter().filter(|one| {
        one.kind == Some(Kind::TownshipHealthCentre)
            && one.area.expect("an area").is_within(township) == inside
    });
    centres.next().expect("a centre")
}

fn ceiling(one: &InstitutionFigures) -> Option<i64> {
    let known = one.known.as_ref().expect("known");
    let mut lines = known.figures.iter();
    lines
        .find(|line| line.level == Some(Level::Senior))
        .expect("a line")
        .ceiling
}

async fn decide_off_quota(store: &Store, person: Id<Person>) {
    let number = next();
    work!(store, |tx, number: i64, person: Id<Person>| -> () {
        let seed = number.unsigned_abs();
        let mut recording = change::begin(tx, &author(), None, after(*number), seed).await?;
        let decision = Statement {
            subject: *person,
            slot: String::new(),
            fact: Some(LedgerDecision {
                ledger: Ledger::OffQuota,
                decided_on: Some(day("2026-02-01")),
                document: None,
            }),
            on: day("2026-02-01"),
            until: None,
        };
        dated::state(tx, &mut recording, decision).await?;
        Ok(())
    })
    .expect("recorded");
}

/// Everybody off quota in the county.
fn off_quota(found: &PartFigures) -> Vec<PersonId> {
    let known = found
        .institutions
        .iter()
        .filter_map(|one| one.known.as_ref());
    let holders = known
        .flat_map(|one| &one.figures)
        .flat_map(|line| &line.opens);
    let off = holders.filter(|holder| holder.ledger == Some(Ledger::OffQuota));
    let mut off: Vec<_> = off.map(|holder| holder.person).collect();
    off.sort_unstable();
    off
}

on_both! {
    async fn nobody_adopts_what_they_proposed(database: Database) {
        let office = by_adoption(&office(&database.store));
        small_county(&office, "2025-12-31").await;
        let health = reviewer(21, Authority::Health, COUNTY);
        let posts = reviewer(22, Authority::HumanResources, COUNTY);
        let draft = draft(COUNTY, DRAFT, "2026-01-01");
        let id = adoption::propose(&office, &health, &draft, Some("试点"), NOW).await.expect("proposed");
        match adoption::adopt(&office, &health, id, None, NOW).await {
            Err(ServiceError::Denied(denied)) => assert_eq!(denied.why, Why::OwnPreparation),
            other => panic!("{other:?}"),
        }
        let before = figures(&office, "2026-06-30").await;
        assert!(before.institutions.iter().all(|one| {
            one.known.as_ref().expect("known").rests_on.nothing_adopted && ceiling(one).is_none()
        }), "a proposal is not yet an adoption");
        // of other counties
        for actor in [reviewer(23, Authority::Health, "150198")] {
            let found = adoption::proposal(&office, &actor, id).await;
            assert!(matches!(found, Err(ServiceError::NotFound)));
            let done = adoption::adopt(&office, &actor, id, None, NOW).await;
            assert!(matches!(done, Err(ServiceError::NotFound)));
            assert!(adoption::proposals(&office, &actor).await.expect("a list").is_empty());
        }
        adoption::adopt(&office, &posts, id, Some("旗政府同意"), NOW).await.expect("adopted");
        let again = adoption::adopt(&office, &posts, id, None, NOW).await;
        assert!(matches!(again, Err(ServiceError::Refused(why)) if why == [Refusal::ProposalOver]));
        let listed = adoption::proposals(&office, &posts).await.expect("a list");
        assert_eq!(listed[0].state, ProposalState::Adopted);
        assert_eq!(listed[0].draft, draft);
        let told = trail::of_subject(&office, &auditor(), "adoption", &id.to_string(), day("2026-11-22")).await;
        let told: Vec<_> = told.expect("events").into_iter().map(|event| event.what).collect();
        assert_eq!(told, ["policy.propose", "policy.adopt"]);
    }

    async fn a_policy_applies_from_its_adoption_on(database: Database) {
        let office = by_adoption(&office(&database.store));
        small_county(&office, "2025-12-31").await;
        adopted(&office, &draft(COUNTY, DRAFT, "2026-03-01")).await;
        let before = figures(&office, "2026-02-28").await;
        let then = figures(&office, "2026-03-01").await;
        let always = ["national/retirement-2024", "national/public-institutions-2014"];
        assert_eq!(policies(centre(&before, true)), always);
        assert_eq!(policies(centre(&then, true)), [&[DRAFT], &always[..]].concat());
        assert_eq!(ceiling(centre(&before, true)), None);
        assert!(ceiling(centre(&then, true)).is_some());
        let known = centre(&then, true).known.clone().expect("known");
        let adopted = known.rests_on.policies[0].adopted.as_ref().expect("adopted");
        assert_eq!((adopted.area, adopted.since), (area(COUNTY), day("2026-03-01")));
        // it ends again
        let end = dinggang::domain::adoption::Draft {
            ends: true,
            ..draft(COUNTY, DRAFT, "2026-05-01")
        };
        crate::support::recorded::adopted(&office, &end).await;
        assert_eq!(policies(centre(&figures(&office, "2026-04-30").await, true))[0], DRAFT);
        let after = figures(&office, "2026-05-01").await;
        assert!(centre(&after, true).known.as_ref().expect("known").rests_on.nothing_adopted);
    }

    async fn the_nearest_adoption_counts(database: Database) {
        let office = by_adoption(&office(&database.store));
        small_county(&office, "2025-12-31").await;
        let mut province = draft("15", DRAFT, "2026-01-01");
        province.adoption.raised_ratio = false;
        province.handling = vec![("senior-cap".to_owned(), Handling::Block)];
        adopted(&office, &province).await;
        let without = figures(&office, "2026-06-30").await;
        adopted(&office, &draft(TOWNSHIP, DRAFT, "2026-01-01")).await;
        let found = figures(&office, "2026-06-30").await;
        let order = |found: &PartFigures| -> Vec<_> {
            found.institutions.iter().map(|one| one.id).collect()
        };
        assert_eq!(order(&found), order(&without));
        for (one, inside) in [(centre(&found, true), true), (centre(&found, false), false)] {
            let known = one.known.as_ref().expect("known");
            let adopted = known.rests_on.policies[0].adopted.as_ref().expect("adopted");
            assert_eq!(adopted.raised_ratio, inside);
            assert_eq!(adopted.area, area(if inside { TOWNSHIP } else { "15" }));
            // the township said nothing about rules, so the province's word stays
            let findings = known.findings.iter();
            let mut caps = findings.filter(|line| line.rule.rule == "senior-cap");
            assert_eq!(caps.next().expect("a cap").rule.handling, Some(Handling::Block));
        }
        for (a, b) in found.institutions.iter().zip(&without.institutions) {
            if !a.area.expect("an area").is_within(area(TOWNSHIP)) {
                assert_eq!(a, b, "what lies elsewhere is as it was");
            }
        }
    }

    async fn off_quota_by_decision_needs_one(database: Database) {
        let office = by_adoption(&office(&database.store));
        let register = sample_of(4, 120);
        crate::support::recorded::recorded(
            &office,
            &register,
            dinggang::store::register::Scope::Area(area(COUNTY)),
            day("2025-12-31"),
        ).await;
        adopted(&office, &draft(COUNTY, DRAFT, "2026-01-01")).await;
        let earlier = off_quota(&figures(&office, "2026-02-28").await);
        let all = off_quota(&figures(&office, "2026-03-31").await);
        assert!(all.len() >= 2, "the sample has some: {}", all.len());
        let mut by_decision = draft(COUNTY, DRAFT, "2026-03-01");
        by_decision.adoption.off_quota = OffQuota::ByDecision;
        adopted(&office, &by_decision).await;
        assert_eq!(off_quota(&figures(&office, "2026-02-28").await), earlier);
        assert_eq!(off_quota(&figures(&office, "2026-03-31").await), []);
        decide_off_quota(&office.store, all[0]).await;
        assert_eq!(off_quota(&figures(&office, "2026-03-31").await), [all[0]]);
        // a decision does not make a standing of what the rule refuses
        let found = figures(&office, "2026-03-31").await;
        let known = found.institutions.iter().filter_map(|one| one.known.as_ref());
        let mut holders = known.flat_map(|one| &one.figures).flat_map(|line| &line.opens);
        let other = holders.find(|holder| !all.contains(&holder.person)).expect("somebody").person;
        decide_off_quota(&office.store, other).await;
        assert_eq!(off_quota(&figures(&office, "2026-03-31").await), [all[0]]);
    }

    async fn what_does_not_fit_is_refused(database: Database) {
        let office = by_adoption(&office(&database.store));
        let health = reviewer(21, Authority::Health, COUNTY);
        let refused = async |draft: &dinggang::domain::adoption::Draft| {
            match adoption::propose(&office, &health, draft, None, NOW).await {
                Err(ServiceError::Refused(why)) => why,
                other => panic!("{other:?}"),
            }
        };
        let policy = |id: &str| id.to_owned();
        let nowhere = draft(COUNTY, "nowhere/nothing", "2026-01-01");
        assert_eq!(refused(&nowhere).await, [Refusal::NoSuchPolicy { policy: policy("nowhere/nothing") }]);
        let always = "national/retirement-2024";
        let everywhere = draft(COUNTY, always, "2026-01-01");
        assert_eq!(refused(&everywhere).await, [Refusal::PolicyAppliesEverywhere { policy: policy(always) }]);
        let elsewhere = "xinjiang/community-health-2016";
        assert_eq!(refused(&draft(COUNTY, elsewhere, "2026-01-01")).await, [
            Refusal::PolicyForOtherPlace { policy: policy(elsewhere), place: "65".to_owned() },
        ]);
        let mut rules = draft(COUNTY, DRAFT, "2026-01-01");
        rules.handling = vec![("no-such".to_owned(), Handling::Warn)];
        assert_eq!(refused(&rules).await, [
            Refusal::NoSuchRule { policy: policy(DRAFT), rule: policy("no-such") },
        ]);
        let mut end = draft(COUNTY, DRAFT, "2026-01-01");
        end.ends = true;
        assert_eq!(refused(&end).await, [Refusal::NotAdopted { policy: policy(DRAFT) }]);
        let outside = draft("150198", DRAFT, "2026-01-01");
        let done = adoption::propose(&office, &health, &outside, None, NOW).await;
        assert!(matches!(done, Err(ServiceError::NotFound)));
    }

    async fn what_it_would_change_is_shown_before(database: Database) {
        let office = by_adoption(&office(&database.store));
        small_county(&office, "2025-12-31").await;
        let health = reviewer(21, Authority::Health, COUNTY);
        let draft = draft(COUNTY, DRAFT, "2026-03-01");
        let impact = adoption::impact(&office, &health, &draft).await.expect("an impact");
        assert!(impact.unknown.is_empty());
        let before = figures(&office, "2026-03-01").await;
        adopted(&office, &draft).await;
        let after = figures(&office, "2026-03-01").await;
        let changed: Vec<_> = impact.institutions.iter().map(|one| one.id).collect();
        for (a, b) in before.institutions.iter().zip(&after.institutions) {
            let limits = |one: &InstitutionFigures| -> Vec<_> {
                let lines = &one.known.as_ref().expect("known").figures;
                lines[..3].iter().map(|line| (line.limit, line.vacant, line.over)).collect()
            };
            let differs = limits(a) != limits(b);
            assert!(!differs || changed.contains(&a.id), "{} is named", a.code);
        }
        assert!(!changed.is_empty());
        let people = impact.institutions.iter().flat_map(|one| &one.people);
        let moved: Vec<_> = people.filter_map(|one| one.ledger.clone()).collect();
        assert_eq!(
            moved.iter().filter(|change| change.to == Some(Ledger::OffQuota)).count(),
            off_quota(&after).len(),
        );
        assert!(!impact.counties.is_empty(), "the county's own findings are new");
        let nothing = adoption::impact(&office, &health, &draft).await.expect("an impact");
        assert_eq!((nothing.institutions.len(), nothing.counties.len()), (0, 0));
    }
}
