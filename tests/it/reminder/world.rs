//! A small county in which people have accounts and addresses.

use crate::support::build::area;
use crate::support::county::County;
use crate::support::office::after;
use crate::support::office::{PASSWORD, account_with, actor, administrator, with_post};
use crate::support::records::{author, work};
use dinggang::domain::assignment::{Assignment, AssignmentKind};
use dinggang::domain::licence::{Licence, LicenceKind};
use dinggang::domain::record_id::{AccountId, PersonId};
use dinggang::domain::reminder::{Bundle, Kind, Wishes};
use dinggang::domain::rights::{Actor, Authority, Capacity, Tier};
use dinggang::domain::time::{Date, Timestamp};
use dinggang::mail::Post;
use dinggang::sample::Size;
use dinggang::service::Office;
use dinggang::service::account::{Invitation, invite, set_up};
use dinggang::service::preference::{self, Language, Preference};
use dinggang::store::dated::{self, Statement};
use dinggang::store::{Store, change};

/// 06:00 in Shanghai of a day.
pub fn morning(day: Date) -> Timestamp {
    day.begins().plus_seconds(6 * 3600)
}

/// A day.
pub fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

pub struct World {
    pub county: County,
    pub office: Office,
    /// Of the first centre.
    pub clerk: AccountId,
    /// Of the county's human resources.
    pub posts: AccountId,
    /// Of everybody at the first centre.
    pub staff: Vec<(PersonId, AccountId)>,
}

impl World {
    /// With accounts for the offices, and for some of the staff of the first centre.
    pub async fn new(store: &Store, staff: usize) -> Self {
        let (townships, size) = (2, 150);
        let size = Size {
            townships,
            staff: size,
        };
        let county = County::sized(store, size).await;
        let office = county.office.clone();
        let now = morning(day("2026-11-20"));
        let (at, _) = county.two();
        let institution = county.institution(at);
        with_dates(&office, county.staff(at)).await;
        let reviewer = |authority| Capacity::Reviewer {
            authority,
            tier: Tier::County,
            area: area("150199"),
        };
        let clerk = Capacity::InstitutionHr { institution };
        let clerk = account_with(&office, "clerk", vec![clerk], now).await;
        let posts = vec![reviewer(Authority::HumanResources)];
        let posts = account_with(&office, "posts", posts, now).await;
        let mut people = Vec::new();
        for (number, person) in county.staff(at).into_iter().take(staff).enumerate() {
            let own = vec![Capacity::Staff { person, home: None }];
            let invitation = Invitation {
                user_name: &format!("staff{number}"),
                name: "王丽",
                person: Some(person),
                capacities: own,
            };
            let invited = invite(&office, &administrator(), &invitation, now).await;
            let (account, link) = invited.expect("invited");
            let link = link.reveal();
            set_up(&office, &link, PASSWORD, now).await.expect("set up");
            people.push((person, account));
        }
        let world = Self {
            county,
            office,
            clerk,
            posts,
            staff: people,
        };
        world.wish(world.clerk, "clerk@example.cn").await;
        world.wish(world.posts, "posts@example.cn").await;
        for (number, (_, account)) in world.staff.iter().enumerate() {
            world
                .wish(*account, &format!("staff{number}@example.cn"))
                .await;
        }
        world
    }

    /// An account acting for itself.
    pub fn owner(&self, account: AccountId) -> Actor {
        let (at, _) = self.county.two();
        let institution = self.county.institution(at);
        Actor {
            account,
            ..actor(1, Capacity::InstitutionHr { institution })
        }
    }

    /// Gives an account an address.
    pub async fn wish(&self, account: AccountId, mail: &str) {
        self.prefer(account, |wanted| wanted.mail = Some(mail.to_owned()))
            .await;
    }

    /// Alters what an account chose.
    pub async fn prefer(&self, account: AccountId, alter: impl FnOnce(&mut Preference)) {
        let owner = self.owner(account);
        let mut wanted = preference::find(&self.office, &owner).await.expect("found");
        alter(&mut wanted);
        let now = morning(day("2026-11-20"));
        preference::set(&self.office, &owner, &wanted, now)
            .await
            .expect("kept");
    }

    /// The same with another way out.
    pub fn with_post(self, post: Post) -> Self {
        Self {
            office: with_post(&self.office, post),
            ..self
        }
    }
}

/// Everything at once, in English.
pub fn at_once() -> Preference {
    Preference {
        language: Language::English,
        wishes: Wishes {
            kinds: Kind::ALL
                .iter()
                .map(|kind| (*kind, Bundle::AtOnce))
                .collect(),
        },
        ..Preference::default()
    }
}

/// Dates of everybody, so that there is always something to tell: a licence, an assignment
/// and a term.
async fn with_dates(office: &Office, people: Vec<PersonId>) {
    work!(office.store, |tx, people: Vec<PersonId>| -> () {
        let mut begun = change::begin(tx, &author(), Some("test"), after(5_000), 5_000).await?;
        let (on, until) = (day("2026-01-01"), None);
        for person in people {
            let licence = Licence {
                kind: LicenceKind::Nurse,
                number: None,
                scope: None,
                issued: None,
                expires: Some(day("2026-12-20")),
            };
            let statement = Statement {
                subject: *person,
                slot: licence.kind.key().to_owned(),
                fact: Some(licence),
                on,
                until,
            };
            dated::state(tx, &mut begun, statement).await?;
            let assignment = Assignment {
                kind: AssignmentKind::Rotation,
                institution: None,
                place: None,
                started: day("2026-01-15"),
                ended: Some(day("2027-01-15")),
                evidence: None,
            };
            let statement = Statement {
                subject: *person,
                slot: String::new(),
                fact: Some(assignment),
                on,
                until,
            };
            dated::state(tx, &mut begun, statement).await?;
        }
        Ok(())
    })
    .expect("recorded");
}
