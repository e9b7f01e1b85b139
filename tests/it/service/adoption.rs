//! Policies adopted by a place: proposed by one, decided by another.

use crate::support::county::{COUNTY, County, bureau, is_denied, is_not_found, refusals};
use crate::support::database::on_both;
use crate::support::office::{NOW, after, auditor, reviewer};
use crate::support::records::day;
use dinggang::domain::adoption::{
    Adoption, Handling, Matter, OffQuota, Proposal, ProposalState, RuleHandling,
};
use dinggang::domain::place::Place;
use dinggang::domain::record::{Id, Validity, When};
use dinggang::domain::rights::{Actor, Authority, Why};
use dinggang::service::adoption::{Decision, Proposing, decide, proposals, propose};
use dinggang::service::{ServiceError, record};
use dinggang::store::subject;

const POLICY: &str = "inner-mongolia/primary-care-draft";

fn adopting() -> Matter {
    Matter::Adopt(Adoption {
        policy: POLICY.to_owned(),
        document: Some("示人社发〔2026〕5号".to_owned()),
        raised_ratio: true,
        directed_evaluation: true,
        off_quota: OffQuota::ByDecision,
        approval_route: None,
    })
}

fn proposing(place: Id<Place>, matter: Matter) -> Proposing<'static> {
    Proposing {
        place,
        matter,
        validity: Validity::from(day("2026-12-01")),
        reason: "县政府常务会议",
    }
}

async fn place(county: &County) -> Id<Place> {
    let mut reader = county.office.store.read().await.expect("a reader");
    let found = subject::with_code::<Place>(&mut reader, COUNTY).await;
    found.expect("an answer").expect("the county").0
}

async fn proposed(county: &County, actor: &Actor, matter: Matter) -> Proposal {
    let place = place(county).await;
    let made = propose(&county.office, actor, &proposing(place, matter), NOW).await;
    made.expect("proposed")
}

/// Another pair of eyes in the same office.
fn second(authority: Authority) -> Actor {
    let mut other = bureau(authority);
    other.account = dinggang::domain::record_id::AccountId::new(NOW, [77; 10]);
    other
}

on_both! {
    async fn nobody_adopts_what_they_proposed(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let resources = bureau(Authority::HumanResources);
        let made = proposed(&county, &resources, adopting()).await;
        let own = decide(office, &resources, made.id, Decision::Adopt, None, NOW).await;
        match own {
            Err(ServiceError::Denied(denied)) => assert_eq!(denied.why, Why::OwnPreparation),
            other => panic!("{other:?}"),
        }
        let establishment = bureau(Authority::Establishment);
        let other = decide(office, &establishment, made.id, Decision::Adopt, None, NOW).await;
        assert!(is_denied(&other));
        let outside = reviewer(Authority::Health, "150198");
        let hidden = decide(office, &outside, made.id, Decision::Adopt, None, NOW).await;
        assert!(is_not_found(&hidden));
        let health = second(Authority::Health);
        let done = decide(office, &health, made.id, Decision::Adopt, None, after(1)).await;
        assert_eq!(done.expect("adopted").state, ProposalState::Adopted);
        let again = decide(office, &health, made.id, Decision::Decline, None, after(2)).await;
        assert_eq!(refusals(again), [("proposal_closed", None)]);
        let place = place(&county).await;
        let held = |on: &str| {
            let when = When::on(day(on));
            let (office, inspector) = (office.clone(), auditor());
            async move {
                let found = record::at::<Adoption>(&office, &inspector, place, when, NOW).await;
                found.expect("read").rows.into_iter().map(|row| row.fact).collect::<Vec<_>>()
            }
        };
        assert_eq!(held("2026-11-30").await, []);
        assert!(held("2026-12-01").await[0].raised_ratio);
        // given up again, by two again
        let end = Matter::Abandon { policy: POLICY.to_owned() };
        let made = proposed(&county, &health, end).await;
        let mut other = second(Authority::HumanResources);
        other.account = dinggang::domain::record_id::AccountId::new(NOW, [78; 10]);
        decide(office, &other, made.id, Decision::Adopt, Some("废止"), after(3)).await.expect("done");
        assert_eq!(held("2026-12-01").await, []);
    }

    async fn proposals_name_what_there_is(database: Database) {
        let county = County::new(&database.store).await;
        let office = &county.office;
        let place = place(&county).await;
        let health = bureau(Authority::Health);
        let unknown = Matter::Abandon { policy: "nowhere/nothing".to_owned() };
        let refused = propose(office, &health, &proposing(place, unknown), NOW).await;
        assert_eq!(refusals(refused), [("no_such_thing", Some("policy"))]);
        let handling = |rule: &str| {
            Matter::Handle(RuleHandling {
                policy: POLICY.to_owned(),
                rule: rule.to_owned(),
                handling: Handling::Warn,
            })
        };
        let refused = propose(office, &health, &proposing(place, handling("没有")), NOW).await;
        assert_eq!(refusals(refused), [("no_such_thing", Some("rule"))]);
        let mut policies = office.rulebook.policies.iter();
        let policy = policies.find(|one| one.id == POLICY).expect("shipped");
        let rule = policy.rules.first().expect("a rule").id.clone();
        let made = proposed(&county, &health, handling(&rule)).await;
        let other = second(Authority::HumanResources);
        let withdrawn = decide(office, &other, made.id, Decision::Withdraw, None, NOW).await;
        assert_eq!(withdrawn.expect("withdrawn").state, ProposalState::Withdrawn);
        let made = proposed(&county, &health, handling(&rule)).await;
        decide(office, &other, made.id, Decision::Decline, Some("不同意"), NOW).await.expect("ok");
        // given up before it was adopted
        let early = Matter::Abandon { policy: POLICY.to_owned() };
        let made = proposed(&county, &health, early).await;
        let refused = decide(office, &other, made.id, Decision::Adopt, None, NOW).await;
        assert_eq!(refusals(refused), [("nothing_holds", None)]);
        let all = proposals(office, &auditor(), place).await.expect("a list");
        let states: Vec<_> = all.iter().map(|one| one.state).collect();
        assert_eq!(states, [
            ProposalState::Withdrawn,
            ProposalState::Declined,
            ProposalState::Open,
        ]);
        let outside = reviewer(Authority::Health, "150198");
        assert!(is_not_found(&proposals(office, &outside, place).await));
        let clerk = county.clerk(county.two().0);
        let refused = propose(office, &clerk, &proposing(place, adopting()), NOW).await;
        assert!(refused.is_err(), "clerks propose nothing");
    }
}
