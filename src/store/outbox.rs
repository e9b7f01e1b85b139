//! Messages to be sent: written with the decision they tell of, claimed, sent with no
//! transaction open, then marked. Delivered at least once; nothing is ever dropped.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values};
use crate::domain::record::Id;
use crate::domain::time::Timestamp;

statements! { "outbox":
    APPEND = "insert into outbox (id, key, kind, recipient, body, created_at, due_at, attempts) \
        values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict (key) do nothing";
    DUE = "select id from outbox where due_at <= $1 \
        and (claimed_until is null or claimed_until <= $1) order by due_at, id limit $2";
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
