//! The trail: what use cases tell it, and what auditors ask of it.

use super::locus::file;
use super::{Office, ServiceError};
use crate::domain::audit::{About, Detail, Event, Head, Tampered, Verified, What, Who};
use crate::domain::change::Change;
use crate::domain::record::{Id, When};
use crate::domain::record_id::{AccountId, EventId, PersonId};
use crate::domain::rights::{Action, Actor, Scope, Subject, Where, permit, reach};
use crate::domain::staff::Profile;
use crate::domain::time::{Date, Timestamp};
use crate::store::audit::Sweep;
use crate::store::dated::{self, Of};
use crate::store::{StoreError, Tx, Write, audit, lease, locus};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

pub use crate::store::audit::Search;

/// What is told of one thing that was done.
pub(super) struct Told<'a> {
    pub who: &'a Who,
    pub what: What,
    pub about: About,
    /// JSON of what was there before; never a whole identity or telephone number.
    pub before: Option<Value>,
    /// JSON of what is there now.
    pub after: Option<Value>,
    pub reason: Option<&'a str>,
    pub change: Option<Id<Change>>,
}

impl<'a> Told<'a> {
    /// Something done to something, with nothing more to say.
    pub(super) fn new(who: &'a Who, what: What, about: About) -> Self {
        Self {
            who,
            what,
            about,
            before: None,
            after: None,
            reason: None,
            change: None,
        }
    }
}

/// Tells the trail, in the write that it tells of.
pub(super) async fn tell(
    office: &Office,
    tx: &mut Tx,
    told: Told<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let salt = office.chance.bytes();
    let detail = Detail::new(salt, told.before.as_ref(), told.after.as_ref(), told.reason);
    let id = office.chance.id(now);
    let mut event = Event::new(id, now, told.who.clone(), &told.what, told.about, detail);
    event.change = told.change;
    audit::append(tx, &event).await
}

/// How long a sealer that died keeps others from sealing.
const LEASE: Duration = Duration::from_secs(30);

/// Who may seal: one instance at a time.
pub(super) const SEALER: &str = "audit.seal";

/// Joins new events into the chain, unless another instance does so: how many. Run every
/// second; where there is nothing new, nothing is written.
pub async fn seal(office: &Office, holder: &str, now: Timestamp) -> Result<u64, ServiceError> {
    seal_all_of(office, holder, Sweep::New, now).await
}

/// The same for events that came in much later than their identifiers say, as from a
/// machine whose clock is wrong: it looks through the whole trail. Run every hour.
pub async fn sweep(office: &Office, holder: &str, now: Timestamp) -> Result<u64, ServiceError> {
    seal_all_of(office, holder, Sweep::Whole, now).await
}

async fn seal_all_of(
    office: &Office,
    holder: &str,
    sweep: Sweep,
    now: Timestamp,
) -> Result<u64, ServiceError> {
    let mut reader = office.store.read().await?;
    let any = audit::any_unsealed(&mut reader, sweep).await?;
    drop(reader);
    if !any {
        return Ok(0);
    }
    office.store.write(Seal { holder, sweep, now }).await
}

struct Seal<'a> {
    holder: &'a str,
    sweep: Sweep,
    now: Timestamp,
}

impl Write for Seal<'_> {
    type Out = u64;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, ServiceError> {
        let until = self.now.plus(LEASE);
        if !lease::take(tx, SEALER, self.holder, self.now, until).await? {
            return Ok(0);
        }
        Ok(audit::seal(tx, self.sweep, self.now).await?)
    }
}

/// How far the chain goes: to be kept elsewhere.
pub async fn head(office: &Office, actor: &Actor) -> Result<Head, ServiceError> {
    permit(actor, Action::VerifyTrail, &Subject::Installation)?;
    let mut reader = office.store.read().await?;
    Ok(audit::head(&mut reader).await?)
}

/// Checks the whole trail, also against heads that were exported.
pub async fn verify(
    office: &Office,
    actor: &Actor,
    exported: &[Head],
) -> Result<Result<Verified, Tampered>, ServiceError> {
    permit(actor, Action::VerifyTrail, &Subject::Installation)?;
    let mut reader = office.store.snapshot().await?;
    Ok(audit::verify(&mut reader, exported).await?)
}

/// The newest events in the actor's scope, before one of them, by an account if given.
pub async fn latest(
    office: &Office,
    actor: &Actor,
    account: Option<AccountId>,
    before: Option<EventId>,
    most: u32,
) -> Result<Vec<Event>, ServiceError> {
    let scope = reach(actor, Action::ReadTrail)?;
    let mut reader = office.store.read().await?;
    Ok(audit::latest(&mut reader, &scope.filter(), account, before, most).await?)
}

/// The newest events in the actor's scope that are looked for, before one of them.
pub async fn search(
    office: &Office,
    actor: &Actor,
    search: &Search,
    before: Option<EventId>,
    most: u32,
) -> Result<Vec<Event>, ServiceError> {
    let scope = reach(actor, Action::ReadTrail)?;
    let mut reader = office.store.read().await?;
    Ok(audit::search(&mut reader, &scope.filter(), search, before, most).await?)
}

/// The names of the people that events are about, of those whose files the actor may read.
pub async fn people(
    office: &Office,
    actor: &Actor,
    events: &[Event],
    today: Date,
) -> Result<HashMap<PersonId, String>, ServiceError> {
    if reach(actor, Action::ReadPerson).is_err() {
        return Ok(HashMap::new());
    }
    let mut reader = office.store.snapshot().await?;
    let about = events.iter().filter(|event| event.about.noun == "person");
    let ids: BTreeSet<PersonId> = about
        .filter_map(|event| event.about.id.parse().ok())
        .collect();
    let mut seen = Vec::new();
    for id in ids {
        let file = file(&mut reader, id, today).await?;
        if permit(actor, Action::ReadPerson, &Subject::Person(file)).is_ok() {
            seen.push(id);
        }
    }
    let rows = dated::at::<Profile>(&mut reader, Of::These(&seen), When::on(today)).await?;
    let names = rows.into_iter().map(|row| (row.subject, row.fact.name));
    Ok(names.collect())
}

/// The history of one subject, oldest first: those of its events that lie in the actor's
/// scope. None at all is not found.
pub async fn of_subject(
    office: &Office,
    actor: &Actor,
    noun: &str,
    id: &str,
    today: Date,
) -> Result<Vec<Event>, ServiceError> {
    let scope = reach(actor, Action::ReadTrail)?;
    let mut reader = office.store.read().await?;
    let mut events = Vec::new();
    for event in audit::of_subject(&mut reader, noun, id).await? {
        let lies_in = match (scope, event.about.institution, event.about.area) {
            (Scope::Everywhere, _, _) => true,
            (_, Some(institution), _) => {
                let place = locus::of_institution(&mut reader, institution, today).await?;
                scope.covers(&place)
            }
            (_, None, Some(area)) => {
                Subject::Trail(Where::At(crate::domain::rights::Locus::area(area))).lies_in(&scope)
            }
            (_, None, None) => false,
        };
        if lies_in {
            events.push(event);
        }
    }
    if events.is_empty() {
        return Err(ServiceError::NotFound);
    }
    Ok(events)
}
