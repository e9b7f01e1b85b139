//! Ends that are recorded with a day: contracts, assessments of physicians, and training that
//! a round asks for.

use super::world::{World, day, morning};
use crate::support::database::{Database, on_both};
use crate::support::records::author;
use dinggang::domain::employment::Contract;
use dinggang::domain::licence::{PhysicianAssessment, PhysicianResult};
use dinggang::domain::record_id::PersonId;
use dinggang::domain::round::{Criterion, Offered, Plan, RoundMove};
use dinggang::domain::staff::Person;
use dinggang::domain::time::{Date, Timestamp};
use dinggang::domain::title::Rank;
use dinggang::domain::training::{Required, Training, TrainingKind};
use dinggang::service::{Office, reminder, round};
use dinggang::store::dated::{self, Fact, Statement};
use dinggang::store::{StoreError, Tx, Write, change};
use std::collections::BTreeSet;

/// Facts of people, each in the one slot of its noun.
struct Facts<F> {
    facts: Vec<(PersonId, F)>,
    now: Timestamp,
    seed: u64,
}

impl<F: Fact<Subject = Person>> Write for Facts<F> {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut begun = change::begin(tx, &author(), Some("test"), self.now, self.seed).await?;
        for (person, fact) in &self.facts {
            let statement = Statement {
                subject: *person,
                slot: String::new(),
                fact: Some(fact.clone()),
                on: day("2026-01-01"),
                until: None,
            };
            dated::state(tx, &mut begun, statement).await?;
        }
        Ok(())
    }
}

async fn record<F: Fact<Subject = Person>>(
    office: &Office,
    facts: Vec<(PersonId, F)>,
    seconds: u16,
) {
    let facts = Facts {
        facts,
        now: morning(day("2026-11-22")).plus_seconds(seconds.into()),
        seed: seconds.into(),
    };
    office.store.write(facts).await.expect("recorded");
}

/// `subject:day:lead` of what the clerk was told of a kind.
async fn told(database: &Database, world: &World, kind: &str) -> BTreeSet<String> {
    let rows = database
        .lines(&format!(
            "select key from reminder where kind = '{kind}' and account = '{}'",
            world.clerk
        ))
        .await;
    let rows = rows.iter().map(|key| {
        let key = key.strip_prefix(&format!("{kind}:")).expect("the kind");
        key.rsplit_once(':').expect("a recipient").0.to_owned()
    });
    rows.collect()
}

on_both! {
    async fn contracts_and_assessments(database: Database) {
        let world = World::new(&database.store, 2).await;
        let office = &world.office;
        let (at, _) = world.county.two();
        let people = world.county.staff(at);
        let contract = |ends: Option<&str>| Contract {
            started: Some(day("2024-01-01")),
            ends: ends.map(day),
            document: None,
        };
        let contracts = vec![
            (people[0], contract(Some("2027-02-28"))),
            // it runs on
            (people[1], contract(None)),
            (people[2], contract(Some("2027-04-30"))),
        ];
        record(office, contracts, 7001).await;
        let assessed = |on: &str, result, next: Option<&str>| PhysicianAssessment {
            assessed: day(on),
            result,
            next_due: next.map(day),
        };
        let (good, bad) = (PhysicianResult::Qualified, PhysicianResult::Unqualified);
        let assessments = vec![
            (people[0], assessed("2024-05-31", good, None)),
            // when it is done again is not for us to reckon
            (people[1], assessed("2024-05-31", bad, None)),
            (people[2], assessed("2026-10-15", bad, Some("2027-05-31"))),
            (people[3], assessed("2025-05-31", good, None)),
        ];
        record(office, assessments, 7002).await;
        reminder::look(office, morning(day("2026-11-27"))).await.expect("looked");
        assert!(told(&database, &world, "contract_ends").await.is_empty());
        reminder::look(office, morning(day("2026-11-30"))).await.expect("looked");
        let is = |rows: &[(PersonId, &str)]| -> BTreeSet<String> {
            rows.iter().map(|(person, rest)| format!("{person}:{rest}")).collect()
        };
        assert_eq!(
            told(&database, &world, "contract_ends").await,
            is(&[(people[0], "2027-02-28:3m")])
        );
        assert_eq!(
            told(&database, &world, "physician_assessment").await,
            is(&[(people[0], "2027-05-31:6m"), (people[2], "2027-05-31:6m")])
        );
        // those whom it is about have accounts of their own
        let own = "select kind from reminder where account in \
            (select id from account where person is not null) and kind in \
            ('contract_ends', 'physician_assessment') order by kind";
        assert_eq!(database.lines(own).await, ["contract_ends", "physician_assessment"]);
        reminder::look(office, morning(day("2027-01-30"))).await.expect("looked");
        assert_eq!(
            told(&database, &world, "contract_ends").await,
            is(&[
                (people[0], "2027-02-28:3m"),
                (people[0], "2027-02-28:1m"),
                (people[2], "2027-04-30:3m"),
            ])
        );
    }

    async fn training_before_a_round(database: Database) {
        let world = World::new(&database.store, 0).await;
        let office = &world.office;
        let (at, _) = world.county.two();
        let (clerk, institution) = (world.county.clerk(at), world.county.institution(at));
        let people = world.county.staff(at);
        let plan = |from: &str, training| Plan {
            title: "岗位竞聘".to_owned(),
            offered: [Rank::Assistant, Rank::Intermediate, Rank::AssociateSenior]
                .map(|rank| Offered { rank, grade: None, places: 1 })
                .to_vec(),
            term_months: 36,
            conditions: String::new(),
            training,
            criteria: vec![Criterion { name: "业绩".to_owned(), most: 10_000 }],
            from: day(from),
            to: day("2027-03-31"),
        };
        let required = Required {
            kind: TrainingKind::Continuing,
            hours: Some(90),
            since: Some(day("2026-01-01")),
        };
        // every other one has it, in two parts
        let part = |hours, ended: &str| Training {
            kind: TrainingKind::Continuing,
            started: None,
            ended: Some(day(ended)),
            hours: Some(hours),
            provider: None,
            certificate: None,
        };
        let trained: Vec<PersonId> = people.iter().copied().step_by(2).collect();
        let all = people.iter().map(|person| {
            (*person, part(if trained.contains(person) { 90 } else { 60 }, "2026-06-30"))
        });
        record(office, all.collect(), 7003).await;
        let now = morning(day("2026-11-23"));
        for (from, training) in [("2026-12-21", Some(required)), ("2026-12-22", None)] {
            let made = round::plan(office, &clerk, institution, &plan(from, training), now).await;
            let id = made.expect("planned");
            let seen = round::find(office, &clerk, id, now).await.expect("found").round;
            assert_eq!(seen.plan.training, training);
            let step = round::Step {
                office,
                actor: &clerk,
                id,
                seen: seen.version,
                made: RoundMove::Propose,
                plan: None,
                reason: None,
                now,
            };
            step.run().await.expect("proposed");
        }
        // twenty working days before
        let early: Date = day("2026-11-20");
        reminder::look(office, morning(early)).await.expect("looked");
        assert!(told(&database, &world, "training_owed").await.is_empty());
        reminder::look(office, now).await.expect("looked");
        let rows = told(&database, &world, "training_owed").await;
        assert!(!rows.is_empty());
        let owed = told(&database, &world, "condition_owed").await;
        for row in &rows {
            assert!(row.ends_with(":2026-12-21:20w"), "{row}");
            let person: PersonId = row.split('/').next().expect("one").parse().expect("one");
            assert!(people.contains(&person) && !trained.contains(&person), "{row}");
            // whoever owes something else is told of that
            assert!(!owed.iter().any(|one| one.starts_with(&person.to_string())), "{row}");
        }
        let body = database.lines(
            "select body from reminder where kind = 'training_owed' limit 1"
        ).await;
        assert!(body[0].contains(r#""done":"60""#) && body[0].contains(r#""hours":"90""#), "{body:?}");
        // once they have it, nobody is told again
        let all = people.iter().map(|person| (*person, part(90, "2026-12-01")));
        record(office, all.collect(), 7004).await;
        reminder::look(office, morning(day("2026-12-14"))).await.expect("looked");
        assert_eq!(told(&database, &world, "training_owed").await, rows);
    }
}
