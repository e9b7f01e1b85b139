//! Calendars with a secret address: what lies ahead for one person or one office, for the
//! calendar program of whoever has the address. The address can be revoked.

use super::locus::part_of;
use super::reminder::{self, Directory};
use super::secret::{SecretToken, TokenKind};
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::account::State;
use crate::domain::audit::{About, What, Who};
use crate::domain::record::Id;
use crate::domain::record_id::CapacityId;
use crate::domain::refusal::Refusal;
use crate::domain::reminder::{Event, Lead};
use crate::domain::rights::{
    AccountFile, Action, Actor, Assurance, Capacity, Channel, Locus, Nature, Natures, Subject,
    permit,
};
use crate::domain::time::Timestamp;
use crate::i18n::{Arg, Lang, t};
use crate::report::icalendar::{self, Entry};
use crate::store::feed;
pub use crate::store::feed::Feed;
use crate::store::preference::Language;
use crate::store::register::Part;
use crate::store::{Tx, Write, account, preference, session};
use serde_json::json;
use std::time::Duration;

/// To within this is kept when a calendar was fetched last.
const TOUCH_EVERY: Duration = Duration::from_secs(3600);
/// Longer names are cut by calendar programs.
const LONGEST_NAME: usize = 100;

fn own(actor: &Actor) -> Result<(), ServiceError> {
    let file = AccountFile {
        account: actor.account,
        capacities: Vec::new(),
    };
    Ok(permit(
        actor,
        Action::ManageOwnAccount,
        &Subject::Account(file),
    )?)
}

/// Makes a calendar for the capacity in which the actor acts now. The secret is shown once.
///
/// Refused: [`Refusal::TextTooLong`], [`Refusal::SessionOver`] where nobody is signed in.
pub async fn create(
    office: &Office,
    actor: &Actor,
    name: &str,
    now: Timestamp,
) -> Result<(Feed, SecretToken), ServiceError> {
    own(actor)?;
    if name.chars().count() > LONGEST_NAME {
        let maximum = u32::try_from(LONGEST_NAME).unwrap_or(u32::MAX);
        return Err(Refusal::TextTooLong {
            field: "name",
            maximum,
        }
        .into());
    }
    let secret = office
        .chance
        .with(|rng| SecretToken::generate(TokenKind::Calendar, rng));
    let creating = Creating {
        office,
        actor,
        name,
        secret: &secret,
        now,
    };
    let feed = office.store.write(creating).await?;
    Ok((feed, secret))
}

struct Creating<'a> {
    office: &'a Office,
    actor: &'a Actor,
    name: &'a str,
    secret: &'a SecretToken,
    now: Timestamp,
}

impl Write for Creating<'_> {
    type Out = Feed;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Feed, ServiceError> {
        let capacity = self.capacity(tx).await?;
        let feed = Feed {
            id: self.office.chance.id(self.now),
            account: self.actor.account,
            capacity,
            name: self.name.to_owned(),
            created_at: self.now,
            revoked_at: None,
            last_used: None,
        };
        feed::add(tx, &feed, &self.secret.hash()).await?;
        self.told(tx, &feed.id).await?;
        Ok(feed)
    }
}

impl Creating<'_> {
    async fn capacity(&self, tx: &mut Tx) -> Result<CapacityId, ServiceError> {
        let Channel::Session(id) = self.actor.channel else {
            return Err(Refusal::SessionOver.into());
        };
        let session = session::find(tx, id).await?;
        let capacity = session.and_then(|session| session.capacity);
        Ok(capacity.ok_or(Refusal::SessionOver)?)
    }

    async fn told(&self, tx: &mut Tx, id: &Id<Feed>) -> Result<(), ServiceError> {
        let who = Who::actor(self.actor);
        let told = Told {
            after: Some(json!({ "feed": id.to_string(), "name": self.name })),
            ..Told::new(
                &who,
                What::Action(Action::ManageOwnAccount),
                about(self.actor),
            )
        };
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}

fn about(actor: &Actor) -> About {
    About {
        noun: "account".to_owned(),
        id: actor.account.to_string(),
        ..About::default()
    }
}

/// The actor's own calendars.
pub async fn list(office: &Office, actor: &Actor) -> Result<Vec<Feed>, ServiceError> {
    own(actor)?;
    let mut reader = office.store.read().await?;
    Ok(feed::of_account(&mut reader, actor.account).await?)
}

/// Revokes one of the actor's own calendars.
pub async fn revoke(
    office: &Office,
    actor: &Actor,
    id: Id<Feed>,
    now: Timestamp,
) -> Result<(), ServiceError> {
    own(actor)?;
    let revoking = Revoking {
        office,
        actor,
        id,
        now,
    };
    office.store.write(revoking).await
}

struct Revoking<'a> {
    office: &'a Office,
    actor: &'a Actor,
    id: Id<Feed>,
    now: Timestamp,
}

impl Write for Revoking<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        if !feed::revoke(tx, self.id, self.actor.account, self.now).await? {
            return Err(ServiceError::NotFound);
        }
        let who = Who::actor(self.actor);
        let told = Told {
            before: Some(json!({ "feed": self.id.to_string() })),
            ..Told::new(
                &who,
                What::Action(Action::ManageOwnAccount),
                about(self.actor),
            )
        };
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}

/// The calendar with a secret, as text. What the account may see is asked anew each time.
///
/// Not found: it is no secret of ours, was revoked, or its owner or capacity is gone.
pub async fn fetch(office: &Office, carried: &str, now: Timestamp) -> Result<String, ServiceError> {
    let secret = SecretToken::read(TokenKind::Calendar, carried).ok_or(ServiceError::NotFound)?;
    let mut reader = office.store.read().await?;
    let found = feed::with_hash(&mut reader, &secret.hash()).await?;
    let found = found.filter(|feed| feed.revoked_at.is_none());
    let found = found.ok_or(ServiceError::NotFound)?;
    let owner = account::find(&mut reader, found.account).await?;
    let owner = owner.filter(|owner| owner.state == State::Active);
    let owner = owner.ok_or(ServiceError::NotFound)?;
    let held = account::held(&mut reader, owner.id).await?;
    let held = held.into_iter().find(|held| held.id == found.capacity);
    let held = held.ok_or(ServiceError::NotFound)?;
    let wishes = preference::find(&mut reader, owner.id).await?;
    let lang = match wishes.language {
        Language::Chinese => Lang::ZhCn,
        Language::English => Lang::En,
    };
    let today = now.shanghai_day();
    let directory = Directory::load(&mut reader, today).await?;
    // it reads, and does nothing else
    let actor = Actor {
        account: owner.id,
        name: owner.name.clone(),
        person: owner.person,
        capacity: held.capacity.clone(),
        assurance: Assurance::Full,
        channel: Channel::Token {
            id: crate::domain::record_id::TokenId::from_uuid(found.id.uuid()),
            natures: Natures::new([Nature::Read]),
        },
    };
    let part = match &held.capacity {
        Capacity::Staff { person, .. } => {
            let house = super::locus::house(&mut reader, *person, today).await?;
            Part::These(house.into_iter().collect())
        }
        _ => {
            drop(reader);
            let part = part_of(office, &actor, Action::Subscribe).await?;
            reader = office.store.read().await?;
            part
        }
    };
    drop(reader);
    let counties = reminder::counties(&held.capacity.scope());
    let events = reminder::ahead(office, &part, &counties, now).await?;
    let own = |(event, place): &(Event, Locus)| {
        reminder::is_for(&held.capacity, &directory, event, place)
    };
    let events: Vec<(Event, Locus)> = events.into_iter().filter(own).collect();
    let entries = entries(office, &events, now, lang).await?;
    if found
        .last_used
        .is_none_or(|last| now.since(last) >= TOUCH_EVERY)
    {
        office.store.write(Touch { id: found.id, now }).await?;
    }
    let name = [("name", Arg::from(&found.name))];
    Ok(icalendar::calendar(
        &t(lang, "feed-name", &name),
        &entries,
        now,
    ))
}

async fn entries(
    office: &Office,
    events: &[(Event, Locus)],
    now: Timestamp,
    lang: Lang,
) -> Result<Vec<Entry>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let mut entries = Vec::with_capacity(events.len());
    for (event, _) in events {
        let today = now.shanghai_day();
        let words =
            reminder::event_words(office, &mut reader, event, Lead::Days(0), today, lang).await?;
        let rule = reminder::kinds()
            .iter()
            .find(|rule| rule.kind == event.kind);
        let last = rule.and_then(|rule| rule.leads.last());
        let alarms = match last {
            Some(Lead::Days(days)) if *days > 0 => vec![*days],
            Some(Lead::Months(months)) => vec![months * 30],
            _ => Vec::new(),
        };
        // a month of a calendar program shows nothing else
        let title = match words.whom.is_empty() {
            true => words.title,
            false => {
                let named = [
                    ("title", Arg::from(words.title)),
                    ("whom", words.whom.into()),
                ];
                t(lang, "feed-title", &named)
            }
        };
        entries.push(Entry {
            uid: format!(
                "{}@{}",
                [event.kind.key(), &event.subject]
                    .join("/")
                    .replace(['/', ' ', '#'], "-"),
                office.post.domain()
            ),
            day: event.about,
            title,
            text: words.lines.join("\n"),
            link: office.post.page(&event.page),
            alarms,
        });
    }
    entries.sort_by(|a, b| (a.day, &a.uid).cmp(&(b.day, &b.uid)));
    Ok(entries)
}

struct Touch {
    id: Id<Feed>,
    now: Timestamp,
}

impl Write for Touch {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        Ok(feed::touch(tx, self.id, self.now).await?)
    }
}
