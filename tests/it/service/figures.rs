//! What the figures are worth: findings of quality, differences, and what was frozen.

use crate::support::build::area;
use crate::support::county::{COUNTY, County, RECORDED, bureau, is_denied, is_not_found, refusals};
use crate::support::database::on_both;
use crate::support::office::{NOW, administrator, after, auditor, reviewer};
use crate::support::records::day;
use dinggang::domain::appointment::Appointment;
use dinggang::domain::difference::Comparison;
use dinggang::domain::establishment::Decision;
use dinggang::domain::licence::{Licence, LicenceKind};
use dinggang::domain::quality::Rule;
use dinggang::domain::record::{Validity, When};
use dinggang::domain::rights::{Actor, Authority};
use dinggang::domain::service::Spell;
use dinggang::domain::staff::{Employment, JobClass};
use dinggang::domain::title::{Title, TitleKind};
use dinggang::service::figures::{
    Finding, Subject, Whose, differences, freeze, frozen, of_institution, quality,
};
use dinggang::service::record::{self, Entering, Recorded};
use dinggang::store::register::Part;
use std::collections::BTreeSet;

async fn enter<F: Recorded>(
    county: &County,
    actor: &Actor,
    subject: dinggang::domain::record::Id<F::Subject>,
    fact: F,
) {
    let entering = Entering {
        subject,
        slot: None,
        fact,
        validity: Validity::from(day("2026-02-01")),
        seen: county.version(subject).await,
        reason: None,
    };
    let done = record::record(&county.office, actor, &entering, NOW).await;
    done.expect("recorded");
}

fn about(found: &[Finding], rule: Rule) -> BTreeSet<String> {
    let of_rule = found.iter().filter(|one| one.rule == rule);
    let named = of_rule.map(|one| match &one.subject {
        Subject::Institution { id, .. } => id.to_string(),
        Subject::Person { id, .. } => id.to_string(),
        Subject::RuralDoctor { id, .. } => id.to_string(),
    });
    named.collect()
}

on_both! {
    async fn what_cannot_be_right_is_found(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, other) = county.two();
        let when = When::on(NOW.shanghai_day());
        let all = Part::Area(area(COUNTY));
        let before = quality(office, &auditor(), &all, when, NOW).await.expect("found");
        // sums
        let house = county.institution(own);
        let odd = Decision {
            total: Some(50),
            professional: Some(30),
            management: Some(5),
            worker: Some(5),
            ..Decision::default()
        };
        enter(&county, &bureau(Authority::Establishment), house, odd).await;
        // spells that overlap
        let known = county.loaded.register.people.iter().zip(&county.loaded.people);
        let (person, with_spells) = known
            .filter(|(one, _)| one.institution == own)
            .find_map(|(one, id)| Some((*id, one.history.spells().first()?.clone())))
            .expect("somebody with a history");
        let spell = Spell { end: None, ..with_spells };
        let clerk = county.clerk(own);
        enter(&county, &clerk, person, spell).await;
        // a directed title that counts elsewhere
        let title = Title {
            rank: dinggang::domain::title::Rank::AssociateSenior,
            kind: TitleKind::Directed,
            field: None,
            area: Some(area("150198")),
            since: None,
            series: None,
            certificate: None,
        };
        enter(&county, &clerk, person, title).await;
        let found = quality(office, &auditor(), &all, when, NOW).await.expect("found");
        let new = |rule| {
            let old = about(&before, rule);
            about(&found, rule).difference(&old).cloned().collect::<Vec<_>>()
        };
        assert_eq!(new(Rule::EstablishmentSum), [house.to_string()]);
        assert_eq!(new(Rule::OverlappingSpells), [person.to_string()]);
        assert_eq!(new(Rule::DirectedOutside), [person.to_string()]);
        let sum = found.iter().find(|one| {
            let of_house = matches!(&one.subject, Subject::Institution { id, .. } if *id == house);
            one.rule == Rule::EstablishmentSum && of_house
        });
        assert_eq!(sum.and_then(|one| one.sum), Some((40, 50)));
        // every open rule says what it lacks
        for one in found.iter().filter(|one| one.rule == Rule::MissingFact) {
            let open = one.open.as_ref().expect("the rule");
            assert!(!open.facts.is_empty() && !open.rule.is_empty());
        }
        // the clerk sees the own house alone, counts too
        let part = Part::These(vec![house]);
        let mine = quality(office, &clerk, &part, when, NOW).await.expect("found");
        let code = &county.loaded.register.institutions[own].code;
        assert!(mine.iter().all(|one| one.institution.as_ref() == Some(code)));
        for part in [all.clone(), Part::These(vec![county.institution(other)]), Part::Whole] {
            assert!(is_not_found(&quality(office, &clerk, &part, when, NOW).await), "{part:?}");
        }
        assert!(is_denied(&quality(office, &administrator(), &all, when, NOW).await));
    }

    async fn people_past_retirement_are_named(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let all = Part::Area(area(COUNTY));
        // in fifty years everybody is
        let when = When::on(day("2076-01-01"));
        let found = quality(office, &auditor(), &all, when, NOW).await.expect("found");
        let appointed = county.loaded.register.people.iter();
        let appointed = appointed
            .filter(|one| one.appointed != dinggang::domain::title::Rank::None)
            .count();
        assert_eq!(about(&found, Rule::PastRetirement).len(), appointed);
        let month = found.iter().find(|one| one.rule == Rule::PastRetirement);
        assert!(month.is_some_and(|one| one.month.is_some()));
    }

    async fn differences_name_the_authorities(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, _) = county.two();
        let house = county.institution(own);
        let when = When::on(NOW.shanghai_day());
        let part = Part::These(vec![house]);
        let people = county.loaded.register.people.iter().zip(&county.loaded.people);
        let staff: Vec<_> = people.filter(|(one, _)| one.institution == own).collect();
        let on_establishment =
            staff.iter().filter(|(one, _)| one.employment == Employment::Establishment).count();
        let few = u32::try_from(on_establishment).expect("few") - 1;
        let decided = Decision { total: Some(few), ..Decision::default() };
        enter(&county, &bureau(Authority::Establishment), house, decided).await;
        let health = bureau(Authority::Health);
        let list = differences(office, &health, &part, when, NOW).await.expect("compared");
        let of = |list: &[dinggang::service::figures::Differing], comparison| {
            let all = list.iter().flat_map(|one| &one.differences);
            all.copied().find(|one| one.comparison == comparison)
        };
        let over = of(&list, Comparison::EstablishmentStaff).expect("one too many");
        assert_eq!(over.first.authority, Authority::Establishment);
        assert_eq!((over.first.number, over.second.number), (few.into(), i64::from(few) + 1));
        assert_eq!(of(&list, Comparison::Nurses), None, "no licence is recorded: nothing is known");
        // one nurse's licence, among several who work as nurses
        let nurses: Vec<_> =
            staff.iter().filter(|(one, _)| one.job_class == Some(JobClass::Nurse)).collect();
        let other = staff.iter().find(|(one, _)| one.job_class != Some(JobClass::Nurse));
        let holder = nurses.first().map_or_else(|| *other.expect("staff").1, |one| *one.1);
        let licence = |expires: Option<&str>| Licence {
            kind: LicenceKind::Pharmacist,
            number: None,
            scope: None,
            issued: None,
            expires: expires.map(day),
        };
        let clerk = county.clerk(own);
        enter(&county, &clerk, holder, licence(Some("2026-11-21"))).await;
        let list = differences(office, &health, &part, when, NOW).await.expect("compared");
        assert_eq!(of(&list, Comparison::Pharmacists), None, "it ran out yesterday");
        enter(&county, &clerk, holder, licence(Some("2026-11-22"))).await;
        let list = differences(office, &health, &part, when, NOW).await.expect("compared");
        let pharmacists = staff.iter().filter(|(one, _)| {
            matches!(
                one.job_class,
                Some(JobClass::Pharmacist | JobClass::TraditionalPharmacist)
            )
        });
        let working = i64::try_from(pharmacists.count()).expect("few");
        let found = of(&list, Comparison::Pharmacists).map(|one| one.second.number);
        assert_eq!(found, (working != 1).then_some(working));
        // clerks compare nothing, neighbours see nothing
        assert!(is_denied(&differences(office, &clerk, &part, when, NOW).await));
        let neighbour = reviewer(Authority::Health, "150198");
        assert!(is_not_found(&differences(office, &neighbour, &part, when, NOW).await));
        let other = Part::Area(area("150198"));
        let nothing = differences(office, &neighbour, &other, when, NOW).await.expect("compared");
        assert_eq!(nothing, []);
    }

    async fn frozen_figures_come_back_as_they_were(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let (own, _) = county.two();
        let whose = Whose::Area(area(COUNTY));
        let resources = bureau(Authority::HumanResources);
        let on = day("2026-06-30");
        for (day_asked, reason) in [("2025-12-31", "年报"), ("2026-12-31", "年报")] {
            let refused = freeze(office, &resources, &whose, day(day_asked), reason, NOW).await;
            assert_eq!(refusals(refused), [("no_records_yet", None)], "{day_asked}");
        }
        let refused = freeze(office, &resources, &whose, on, "", NOW).await;
        assert_eq!(refusals(refused), [("reason_missing", Some("reason"))]);
        let clerk = county.clerk(own);
        assert!(is_not_found(&freeze(office, &clerk, &whose, on, "年报", NOW).await));
        let house = of_institution(office, county.institution(own)).await.expect("there");
        assert!(is_denied(&freeze(office, &clerk, &house, on, "年报", NOW).await));
        let first = freeze(office, &resources, &whose, on, "半年报", after(1)).await;
        let first = first.expect("frozen");
        assert_eq!(first.kind, "interim");
        let ids = county.loaded.register.people.iter().map(|one| one.id);
        for id in ids {
            assert!(!first.body.contains(id.as_str()), "whole numbers stay sealed");
        }
        // somebody is appointed later, for a day before: reported figures stay as they were
        let person = county.staff(own)[0];
        let appointment = Appointment {
            rank: dinggang::domain::title::Rank::None,
            grade: None,
            since: None,
            manner: dinggang::domain::post::Manner::Ordinary,
        };
        enter(&county, &resources, person, appointment).await;
        let second = freeze(office, &resources, &whose, on, "更正", after(2)).await.expect("again");
        freeze(office, &resources, &house, on, "单位", after(3)).await.expect("frozen");
        let all = frozen(office, &auditor(), &whose, Some(on), NOW).await.expect("returned");
        let bodies: Vec<_> = all.iter().map(|one| one.frozen.body.clone()).collect();
        assert_eq!(bodies, [first.body, second.body]);
        assert_eq!(all[0].by.reason.as_deref(), Some("半年报"));
        let none = frozen(office, &auditor(), &whose, Some(day(RECORDED)), NOW).await;
        assert_eq!(none.expect("returned"), []);
        let mine = frozen(office, &clerk, &house, None, NOW).await.expect("returned");
        assert_eq!(mine.len(), 1);
        assert!(is_not_found(&frozen(office, &clerk, &whose, None, NOW).await));
        // what a console did to them is seen
        let altered = database.sql("update frozen set body = '{}'").await;
        assert!(altered.is_err(), "the database itself refuses");
    }
}
