//! Keys of requests: a request repeated with its key gets the answer it got before.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::values;
use crate::domain::time::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};

statements! { "idempotency":
    BEGIN = "insert into idempotency (account, key, request, created_at) \
        values ($1, $2, $3, $4) on conflict (account, key) do nothing";
    FIND = "select key, request, status, body from idempotency where account = $1 and key = $2";
    ANSWER = "update idempotency set status = $3, body = $4 \
        where account = $1 and key = $2 and status is null";
    FORGET = "delete from idempotency where created_at < $1";
}

/// A request that is to be carried out once.
#[derive(Debug)]
pub struct Once {
    /// Whose key it is.
    pub account: String,
    pub key: String,
    /// A hash of the request.
    pub request: [u8; 32],
    pub at: Timestamp,
    /// A write that kept the key went through.
    done: AtomicBool,
}

impl Once {
    pub fn new(account: String, key: String, request: [u8; 32], at: Timestamp) -> Self {
        Self {
            account,
            key,
            request,
            at,
            done: AtomicBool::new(false),
        }
    }

    /// Whether a write has kept the key.
    pub fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    /// Keeps the key in the first write of the request.
    pub(super) async fn keep(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if self.is_done() {
            return Ok(());
        }
        match begin(tx, &self.account, &self.key, &self.request, self.at).await? {
            Seen::New => Ok(()),
            _ => Err(StoreError::Repeated),
        }
    }

    pub(super) fn kept(&self) {
        self.done.store(true, Ordering::Release);
    }
}

/// What is known of a request's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: the request is to be carried out, then answered.
    New,
    /// It was answered so.
    Answered { status: u32, body: Vec<u8> },
    /// It is being carried out, or was and its answer is lost.
    Running,
    /// Another request came with the same key.
    Mistaken,
}

/// Looks a key up, and keeps it when it is new. `request` is a hash of the request.
pub async fn begin(
    tx: &mut Tx,
    account: &str,
    key: &str,
    request: &[u8],
    now: Timestamp,
) -> Result<Seen, StoreError> {
    let values = values![account, key, request.to_vec(), now];
    if tx.execute(&BEGIN, values).await? == 1 {
        return Ok(Seen::New);
    }
    // forgotten in between
    match find(tx, account, key, request).await? {
        Seen::New => Err(StoreError::Contention),
        seen => Ok(seen),
    }
}

/// Looks a key up.
pub async fn find(
    reader: &mut Reader,
    account: &str,
    key: &str,
    request: &[u8],
) -> Result<Seen, StoreError> {
    let found = reader.one(&FIND, values![account, key], |row| {
        let _key: String = row.take()?;
        let request: Vec<u8> = row.take()?;
        let status: Option<u32> = row.take()?;
        let body: Option<Vec<u8>> = row.take()?;
        Ok((request, status.zip(body)))
    });
    Ok(match found.await? {
        None => Seen::New,
        Some((other, _)) if other != request => Seen::Mistaken,
        Some((_, None)) => Seen::Running,
        Some((_, Some((status, body)))) => Seen::Answered { status, body },
    })
}

/// Keeps the answer to a new request.
pub async fn answer(
    tx: &mut Tx,
    account: &str,
    key: &str,
    status: u32,
    body: &[u8],
) -> Result<(), StoreError> {
    let values = values![account, key, status, body.to_vec()];
    tx.must(&ANSWER, values, 1).await
}

/// Forgets keys older than an instant, and says how many.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(&FORGET, values![before]).await
}
