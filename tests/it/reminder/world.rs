//! A small county in which people have accounts and addresses.

use crate::support::build::area;
use crate::support::county::County;
use crate::support::office::{account_with, actor, with_post};
use dinggang::domain::record_id::{AccountId, PersonId};
use dinggang::domain::reminder::{Bundle, Kind, Wishes};
use dinggang::domain::rights::{Actor, Authority, Capacity, Tier};
use dinggang::domain::time::{Date, Timestamp};
use dinggang::mail::Post;
use dinggang::service::Office;
use dinggang::service::preference::{self, Language, Preference};
use dinggang::store::Store;

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
        let county = County::new(store).await;
        let office = county.office.clone();
        let now = morning(day("2026-11-20"));
        let (at, _) = county.two();
        let institution = county.institution(at);
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
            let name = format!("staff{number}");
            people.push((person, account_with(&office, &name, own, now).await));
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
            world.wish(*account, &format!("staff{number}@example.cn")).await;
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
            kinds: Kind::ALL.iter().map(|kind| (*kind, Bundle::AtOnce)).collect(),
        },
        ..Preference::default()
    }
}
