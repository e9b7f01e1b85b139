//! Upkeep: what has run out is forgotten, by one of several instances. The trail keeps that
//! somebody signed in; sessions, counted attempts and answers are not kept beside it.

use super::trail::SEALER;
use super::{Office, ServiceError};
use crate::domain::time::Timestamp;
use crate::store::{Tx, Write, idempotency, lease, session, setup_link, throttle};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// For so long one instance keeps the others from forgetting too: a little less than the
/// hour after which it comes again.
const LEASE: Duration = Duration::from_secs(55 * 60);
const FORGETTER: &str = "upkeep.forget";

/// Sessions are kept for a week after they were over, for their owners to look at.
const SESSIONS: Duration = Duration::from_secs(7 * 24 * 3600);
/// Attempts count for much less than this.
const ATTEMPTS: Duration = Duration::from_secs(2 * 24 * 3600);
/// A request is repeated within a day or not at all.
const ANSWERS: Duration = DAY;
/// No link is good for longer than three days.
const LINKS: Duration = Duration::from_secs(7 * 24 * 3600);

/// What was forgotten: rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub sessions: u64,
    /// Addresses and names for which failed attempts were counted.
    pub attempts: u64,
    /// Answers to requests that carried a key.
    pub answers: u64,
    /// Set-up links.
    pub links: u64,
}

impl Forgotten {
    /// All of them.
    pub const fn total(self) -> u64 {
        self.sessions + self.attempts + self.answers + self.links
    }
}

/// Forgets what has run out, unless another instance did so within the hour: what. Run
/// every hour.
pub async fn forget(
    office: &Office,
    holder: &str,
    now: Timestamp,
) -> Result<Forgotten, ServiceError> {
    let forget = Forget {
        office,
        holder,
        now,
    };
    office.store.write(forget).await
}

struct Forget<'a> {
    office: &'a Office,
    holder: &'a str,
    now: Timestamp,
}

impl Write for Forget<'_> {
    type Out = Forgotten;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Forgotten, ServiceError> {
        let now = self.now;
        if !lease::take(tx, FORGETTER, self.holder, now, now.plus(LEASE)).await? {
            return Ok(Forgotten::default());
        }
        // a session that is still good is never forgotten, however long it may last
        let sessions = SESSIONS.max(self.office.doors.sessions.lifetime + HOUR);
        Ok(Forgotten {
            sessions: session::forget(tx, now.minus(sessions)).await?,
            attempts: throttle::forget(tx, now.minus(ATTEMPTS)).await?,
            answers: idempotency::forget(tx, now.minus(ANSWERS)).await?,
            links: setup_link::forget(tx, now.minus(LINKS)).await?,
        })
    }
}

/// Gives back what an instance that stops has leased, so that another one need not wait
/// until it runs out.
pub async fn leave(office: &Office, holder: &str, now: Timestamp) -> Result<(), ServiceError> {
    office.store.write(Leave { holder, now }).await
}

struct Leave<'a> {
    holder: &'a str,
    now: Timestamp,
}

impl Write for Leave<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        Ok(lease::give_back(tx, SEALER, self.holder, self.now).await?)
    }
}
