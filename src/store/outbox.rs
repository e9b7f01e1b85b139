//! Messages to be sent: written with the decision they tell of, claimed, sent with no
//! transaction open, then marked. Delivered at least once; nothing is ever dropped.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values};
use crate::domain::label::labelled;
use crate::domain::record::Id;
use crate::domain::time::Timestamp;

statements! { "outbox":
    APPEND = "insert into outbox (id, key, kind, recipient, body, created_at, due_at, attempts) \
        values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict (key) do nothing";
    /// Of one recipient the oldest only, so that what follows it does not overtake it.
    DUE = "select id from outbox where due_at <= $1 \
        and (claimed_until is null or claimed_until <= $1) \
        and not exists (select 1 from outbox as older where older.recipient = outbox.recipient \
        and older.due_at is not null \
        and (older.created_at, older.id) < (outbox.created_at, outbox.id)) \
        order by due_at, id limit $2";
    CLAIM = "update outbox set claimed_by = $2, claimed_until = $3, attempts = attempts + 1 \
        where id = $1 and due_at <= $4 and (claimed_until is null or claimed_until <= $4)";
    FIND = "select id, key, kind, recipient, body, created_at, attempts, fault from outbox \
        where id = $1";
    SENT = "update outbox set sent_at = $3, due_at = null, claimed_by = null, \
        claimed_until = null, fault = null where id = $1 and claimed_by = $2";
    FAILED = "update outbox set due_at = $3, given_up_at = $4, fault = $5, claimed_by = null, \
        claimed_until = null where id = $1 and claimed_by = $2";
    RESEND = "update outbox set due_at = $2, given_up_at = null \
        where id = $1 and given_up_at is not null";
    /// Not tried: it is due again, and the attempt does not count.
    RELEASE = "update outbox set due_at = $3, attempts = attempts - 1, claimed_by = null, \
        claimed_until = null where id = $1 and claimed_by = $2";
    LATEST = "select id, key, kind, recipient, created_at, due_at, attempts, claimed_until, \
        sent_at, given_up_at, fault from outbox where (cast($1 as text) is null or id < \
        cast($1 as text)) and (cast($2 as text) is null or cast($2 as text) = case when sent_at \
        is not null then 'sent' when given_up_at is not null then 'given_up' else 'waiting' end) \
        order by id desc limit $3";
    LOOK = "select id, key, kind, recipient, created_at, due_at, attempts, claimed_until, \
        sent_at, given_up_at, fault from outbox where id = $1";
    WAITING = "select count(*) from outbox where due_at is not null";
    GIVEN_UP = "select id, key, kind, recipient, body, created_at, attempts, fault from outbox \
        where given_up_at is not null order by id";
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: Id<Message>,
    /// A message with the same key is the same message: it is not added twice.
    pub key: String,
    pub kind: String,
    pub recipient: String,
    /// JSON.
    pub body: String,
    pub created_at: Timestamp,
    /// How often it was tried, this time included.
    pub attempts: u32,
    /// What went wrong the last time.
    pub fault: Option<String>,
}

/// Adds a message to be sent from `due` on: whether it is new.
pub async fn append(tx: &mut Tx, message: &Message, due: Timestamp) -> Result<bool, StoreError> {
    let values = values![
        message.id,
        message.key,
        message.kind,
        message.recipient,
        message.body,
        message.created_at,
        due
    ];
    Ok(tx.execute(&APPEND, values).await? == 1)
}

/// Claims up to `most` messages that are due; nobody else gets them before `until`.
pub async fn claim(
    tx: &mut Tx,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
    most: u32,
) -> Result<Vec<Message>, StoreError> {
    let due = tx.all(&DUE, values![now, most], |row| row.take::<Id<Message>>());
    let mut claimed = Vec::new();
    for id in due.await? {
        // another instance may have been quicker
        let values = values![id, holder, until, now];
        if tx.execute(&CLAIM, values).await? == 1 {
            claimed.extend(tx.one(&FIND, values![id], message).await?);
        }
    }
    Ok(claimed)
}

/// Says that a claimed message was sent. A claim that ran out is no longer one's own.
pub async fn sent(
    tx: &mut Tx,
    id: Id<Message>,
    holder: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.must(&SENT, values![id, holder, now], 1).await
}

/// Says that a claimed message could not be sent. It is tried again at `again`; `None`
/// gives up until somebody sends it again.
pub async fn failed(
    tx: &mut Tx,
    id: Id<Message>,
    holder: &str,
    now: Timestamp,
    again: Option<Timestamp>,
    fault: &str,
) -> Result<(), StoreError> {
    let given_up = again.is_none().then_some(now);
    let values = values![id, holder, again, given_up, fault];
    tx.must(&FAILED, values, 1).await
}

/// Sends a message again that was given up.
pub async fn resend(tx: &mut Tx, id: Id<Message>, now: Timestamp) -> Result<(), StoreError> {
    tx.must(&RESEND, values![id, now], 1).await
}

/// Gives a claimed message back that was not tried, because those before it failed.
pub async fn release(
    tx: &mut Tx,
    id: Id<Message>,
    holder: &str,
    again: Timestamp,
) -> Result<(), StoreError> {
    tx.must(&RELEASE, values![id, holder, again], 1).await
}

labelled! {
    /// What became of a message.
    pub enum Delivery {
        Waiting = "待发送" / "waiting",
        Sent = "已发送" / "sent",
        GivenUp = "未能送达" / "given_up",
    }
}

/// A message as it stands, without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub id: Id<Message>,
    pub key: String,
    pub kind: String,
    pub recipient: String,
    pub created_at: Timestamp,
    pub due_at: Option<Timestamp>,
    pub attempts: u32,
    pub claimed_until: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    pub given_up_at: Option<Timestamp>,
    pub fault: Option<String>,
}

impl Look {
    /// What became of it.
    pub const fn delivery(&self) -> Delivery {
        match (self.sent_at, self.given_up_at) {
            (Some(_), _) => Delivery::Sent,
            (None, Some(_)) => Delivery::GivenUp,
            (None, None) => Delivery::Waiting,
        }
    }
}

/// The newest messages in a state, from one before `before` on.
pub async fn latest(
    reader: &mut Reader,
    before: Option<Id<Message>>,
    delivery: Option<Delivery>,
    most: u32,
) -> Result<Vec<Look>, StoreError> {
    let delivery = delivery.map(Delivery::key);
    reader
        .all(&LATEST, values![before, delivery, most], look)
        .await
}

/// One message as it stands.
pub async fn find(reader: &mut Reader, id: Id<Message>) -> Result<Option<Look>, StoreError> {
    reader.one(&LOOK, values![id], look).await
}

/// How many wait to be sent.
pub async fn waiting(reader: &mut Reader) -> Result<u64, StoreError> {
    let waiting = reader.one(&WAITING, values![], |row| row.take::<u64>());
    Ok(waiting.await?.unwrap_or(0))
}

fn look(row: &mut Fields<'_>) -> Result<Look, StoreError> {
    Ok(Look {
        id: row.take()?,
        key: row.take()?,
        kind: row.take()?,
        recipient: row.take()?,
        created_at: row.take()?,
        due_at: row.take()?,
        attempts: row.take()?,
        claimed_until: row.take()?,
        sent_at: row.take()?,
        given_up_at: row.take()?,
        fault: row.take()?,
    })
}

/// The messages that were given up.
pub async fn given_up(reader: &mut Reader) -> Result<Vec<Message>, StoreError> {
    reader.all(&GIVEN_UP, values![], message).await
}

fn message(row: &mut Fields<'_>) -> Result<Message, StoreError> {
    Ok(Message {
        id: row.take()?,
        key: row.take()?,
        kind: row.take()?,
        recipient: row.take()?,
        body: row.take()?,
        created_at: row.take()?,
        attempts: row.take()?,
        fault: row.take()?,
    })
}
