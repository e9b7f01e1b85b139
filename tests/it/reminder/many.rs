//! A day on which tens of thousands of reminders are due: each is made once and told once, in
//! order, a batch at a time.

use super::servers::{Fault, Faulty};
use super::world::{at_once, day, morning};
use crate::support::county::County;
use crate::support::database::{Database, on_both};
use crate::support::office::{PASSWORD, account_with, administrator, post, with_post};
use crate::support::records::{author, work};
use dinggang::domain::assignment::{Assignment, AssignmentKind};
use dinggang::domain::record_id::{AccountId, PersonId};
use dinggang::domain::reminder::Bundle;
use dinggang::domain::rights::Capacity;
use dinggang::domain::time::Timestamp;
use dinggang::mail::{Carrier, Server};
use dinggang::sample::Size;
use dinggang::service::account::{Invitation, invite, set_up};
use dinggang::service::preference::Preference;
use dinggang::service::{Office, delivery, reminder};
use dinggang::store::dated::{self, Statement};
use dinggang::store::{change, preference};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Names how many reminders are wanted, where it is not the usual number.
const MANY: &str = "DINGGANG_TEST_REMINDERS";
const USUAL: usize = 50_000;
const PEOPLE: usize = 250;
const CLERKS: usize = 9;
/// Of the staff one in so many is told at once, each matter in a mail of its own; the others
/// in a digest.
const HASTY: usize = 8;
/// Messages that are claimed together.
const TOGETHER: usize = 16;

/// How many reminders are wanted at least.
fn wanted() -> usize {
    let named = std::env::var(MANY).map(|text| text.parse().expect("a number"));
    named.unwrap_or(USUAL)
}

struct Crowd {
    office: Office,
    /// Who is told at once, with the address; all others are told in a digest.
    hasty: BTreeMap<AccountId, String>,
    reminders: usize,
    each: usize,
    accounts: usize,
}

/// People of several houses with accounts, the clerks of these houses, and so many
/// assignments of each person that end on one day.
async fn crowd(database: &Database) -> Crowd {
    let (townships, staff) = (8, 400);
    let county = County::sized(&database.store, Size { townships, staff }).await;
    let office = &county.office;
    let now = morning(day("2026-11-20"));
    let register = &county.loaded.register;
    let people = register.people.iter().zip(&county.loaded.people);
    let mut houses: BTreeMap<usize, Vec<PersonId>> = BTreeMap::new();
    for (person, id) in people.take(PEOPLE) {
        houses.entry(person.institution).or_default().push(*id);
    }
    let (mut hasty, mut accounts) = (BTreeMap::new(), Vec::new());
    for (at, own) in &houses {
        let institution = county.institution(*at);
        for number in 0..CLERKS {
            let name = format!("clerk{at}.{number}");
            let capacity = vec![Capacity::InstitutionHr { institution }];
            accounts.push((
                account_with(office, &name, capacity, now).await,
                name,
                false,
            ));
        }
        for (number, person) in own.iter().enumerate() {
            let name = format!("staff{at}.{number}");
            let capacity = Capacity::Staff {
                person: *person,
                home: None,
            };
            let invitation = Invitation {
                user_name: &name,
                name: "王丽",
                person: Some(*person),
                capacities: vec![capacity],
            };
            let invited = invite(office, &administrator(), &invitation, now).await;
            let (id, link) = invited.expect("invited");
            set_up(office, &link.reveal(), PASSWORD, now)
                .await
                .expect("set up");
            accounts.push((id, name, accounts.len() % HASTY == 0));
        }
    }
    let wishes = accounts.iter().map(|(id, name, soon)| {
        let mail = format!("{name}@example.cn");
        if *soon {
            hasty.insert(*id, mail.clone());
        }
        let usual = if *soon {
            at_once()
        } else {
            Preference::default()
        };
        (
            *id,
            Preference {
                mail: Some(mail),
                ..usual
            },
        )
    });
    let wishes: Vec<(AccountId, Preference)> = wishes.collect();
    // the clerks of the houses above are told too
    let of_code = |code: &String| {
        let mut all = register.institutions.iter();
        all.position(|one| one.code == *code)
    };
    let above = |at: usize| {
        let parent = |at: &usize| register.institutions[*at].parent.as_ref().and_then(of_code);
        std::iter::successors(Some(at), parent)
            .filter(|at| houses.contains_key(at))
            .count()
    };
    let told: usize = houses
        .iter()
        .map(|(at, own)| own.len() * (1 + CLERKS * above(*at)))
        .sum();
    let people: Vec<PersonId> = houses.into_values().flatten().collect();
    // so many end on the same day for each person
    let each = wanted().div_ceil(told);
    let reminders = told * each;
    record(office, people, each, wishes).await;
    Crowd {
        office: office.clone(),
        hasty,
        reminders,
        each,
        accounts: accounts.len(),
    }
}

async fn record(
    office: &Office,
    people: Vec<PersonId>,
    each: usize,
    wishes: Vec<(AccountId, Preference)>,
) {
    work!(office.store, |tx,
                         people: Vec<PersonId>,
                         each: usize,
                         wishes: Vec<(AccountId, Preference)>|
     -> () {
        let now = morning(day("2026-11-20"));
        for (account, wanted) in wishes {
            preference::set(tx, *account, wanted, now).await?;
        }
        let mut begun = change::begin(tx, &author(), Some("test"), now, 9_000).await?;
        for person in people {
            for number in 0..*each {
                let assignment = Assignment {
                    kind: AssignmentKind::Rounds,
                    institution: None,
                    place: None,
                    started: day("2026-01-15"),
                    ended: Some(day("2026-12-23")),
                    evidence: None,
                };
                let statement = Statement {
                    subject: *person,
                    slot: format!("{number:04}"),
                    fact: Some(assignment),
                    on: day("2026-01-01"),
                    until: None,
                };
                dated::state(tx, &mut begun, statement).await?;
            }
        }
        Ok(())
    })
    .expect("recorded");
}

async fn count(database: &Database, text: &str) -> usize {
    let text = format!("select cast(count(*) as text) from {text}");
    database.lines(&text).await[0].parse().expect("a number")
}

/// Sends until nothing is due, as hours pass; meanwhile somebody watches how many are claimed.
async fn deliver(database: &Database, office: &Office, from: Timestamp) -> usize {
    let sending = async {
        let mut now = from;
        for _ in 0..1_000 {
            delivery::dispatch(office, "test", now).await.expect("sent");
            if count(database, "outbox where due_at is not null").await == 0 {
                return;
            }
            now = now.plus_seconds(3600);
        }
        panic!("it does not end");
    };
    let watching = async {
        let mut most = 0;
        loop {
            let claimed = count(database, "outbox where claimed_by is not null").await;
            most = most.max(claimed);
            assert!(claimed <= TOGETHER, "{claimed} at a time");
            tokio::time::sleep(Duration::from_millis(50)).await;
            if most > 0
                && claimed == 0
                && count(database, "outbox where due_at is not null").await == 0
            {
                return most;
            }
        }
    };
    tokio::join!(sending, watching).1
}

on_both! {
    async fn each_once_and_in_order(database: Database) {
        let begun = Instant::now();
        let step = |what: &str| println!("{:?} {:>8.1?} {what}", database.engine, begun.elapsed());
        let crowd = crowd(&database).await;
        step(&format!("{} accounts", crowd.accounts));
        let server = Faulty::start().await;
        let address = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let smtp = Server::new(&address, None, Duration::from_secs(30)).expect("a server");
        let office = with_post(&crowd.office, post(Carrier::Smtp(smtp)));
        // Monday, a month before
        let now = morning(day("2026-11-23"));
        let of_kind = "reminder where kind = 'assignment_ends'";
        let made = reminder::look(&office, now).await.expect("looked");
        step(&format!("{made} reminders"));
        assert_eq!(count(&database, of_kind).await, crowd.reminders);
        assert_eq!(count(&database, "reminder").await as u64, made);
        assert_eq!(reminder::look(&office, now).await.expect("looked"), 0, "nothing twice");
        let digests = delivery::digest(&office, Bundle::Daily, now).await.expect("made")
            + delivery::digest(&office, Bundle::Weekly, now).await.expect("made");
        assert_eq!(delivery::digest(&office, Bundle::Daily, now).await.expect("made"), 0);
        let messages = count(&database, "outbox").await;
        step(&format!("{messages} messages, {digests} of them digests"));
        // every recipient is refused once before it is taken
        server.set(Fault::Greylist);
        let together = deliver(&database, &office, now).await;
        step(&format!("sent, at most {together} claimed at a time"));
        let taken = server.taken();
        let ids: BTreeSet<&String> = taken.iter().map(|(id, _)| id).collect();
        assert_eq!((taken.len(), ids.len()), (messages, messages));
        assert_eq!(count(&database, "outbox where sent_at is not null").await, messages);
        // each reminder left with exactly one message that was sent
        let told = "reminder join outbox on outbox.id = reminder.message \
            where outbox.sent_at is not null";
        assert_eq!(count(&database, told).await as u64, made);
        // of one recipient in the order in which they were written
        let order = database.lines("select id from outbox order by created_at, id").await;
        let order: BTreeMap<String, usize> = order
            .into_iter()
            .enumerate()
            .map(|(at, id)| (format!("<{id}@example.cn>"), at))
            .collect();
        let mut last: BTreeMap<&String, usize> = BTreeMap::new();
        for (id, to) in &taken {
            let before = last.insert(to, order[id]);
            assert!(before.is_none_or(|before| before < order[id]), "{to}");
        }
        for mail in crowd.hasty.values() {
            let own = taken.iter().filter(|(_, to)| to == mail).count();
            assert!(own >= crowd.each, "{mail}: {own}");
        }
        // and a second run of everything does nothing
        assert_eq!(reminder::look(&office, now).await.expect("looked"), 0);
        assert_eq!(delivery::digest(&office, Bundle::Daily, now).await.expect("made"), 0);
        let later = now.plus_seconds(30 * 86_400);
        assert_eq!(delivery::dispatch(&office, "test", later).await.expect("sent"), 0);
        assert_eq!(server.taken().len(), messages);
        step("nothing more");
    }
}
