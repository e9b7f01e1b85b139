//! Tokens with which programs act for an account.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Cell, ColumnKind, Fields, Value, values};
use crate::domain::api_token::ApiToken;
use crate::domain::record_id::{AccountId, CapacityId, TokenId};
use crate::domain::rights::{Nature, Natures};
use crate::domain::secret::TokenHash;
use crate::domain::time::Timestamp;

statements! { "api_token":
    ADD = "insert into api_token (id, account, capacity, name, natures, assured, hash, \
        created_at, expires_at, revoked_at, last_used) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    WITH_HASH = "select id, account, capacity, name, natures, assured, hash, created_at, \
        expires_at, revoked_at, last_used from api_token where hash = $1";
    OF_ACCOUNT = "select id, account, capacity, name, natures, assured, hash, created_at, \
        expires_at, revoked_at, last_used from api_token where account = $1 order by id";
    REVOKE = "update api_token set revoked_at = $3 \
        where id = $1 and account = $2 and revoked_at is null";
    REVOKE_ALL = "update api_token set revoked_at = $2 where account = $1 and revoked_at is null";
    REVOKE_IN_CAPACITY = "update api_token set revoked_at = $2 \
        where capacity = $1 and revoked_at is null";
    TOUCH = "update api_token set last_used = $2 where id = $1";
}

impl Cell for Natures {
    const KIND: ColumnKind = ColumnKind::Text;

    fn value(&self) -> Value {
        let keys: Vec<&str> = self.iter().map(Nature::key).collect();
        Value::Text(Some(keys.join(",")))
    }

    fn of_value(value: Value) -> Option<Self> {
        let text = String::of_value(value)?;
        let nature = |key: &str| {
            let found = Nature::ALL.iter().find(|nature| nature.key() == key);
            found.copied()
        };
        let natures: Option<Vec<Nature>> = text.split(',').map(nature).collect();
        natures.map(Self::new)
    }
}

/// Adds a token.
pub async fn add(tx: &mut Tx, token: &ApiToken) -> Result<(), StoreError> {
    let values = values![
        token.id,
        token.account,
        token.capacity,
        token.name,
        token.natures,
        token.assurance,
        token.hash,
        token.created,
        token.expires,
        token.revoked,
        token.last_used
    ];
    tx.must(&ADD, values, 1).await
}

/// The token with a hash.
pub async fn with_hash(
    reader: &mut Reader,
    hash: &TokenHash,
) -> Result<Option<ApiToken>, StoreError> {
    reader.one(&WITH_HASH, values![*hash], read).await
}

/// The tokens of an account, oldest first; some may be over.
pub async fn of_account(
    reader: &mut Reader,
    account: AccountId,
) -> Result<Vec<ApiToken>, StoreError> {
    reader.all(&OF_ACCOUNT, values![account], read).await
}

/// Revokes a token of an account: whether there was one to revoke.
pub async fn revoke(
    tx: &mut Tx,
    id: TokenId,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(&REVOKE, values![id, account, now]).await? == 1)
}

/// Revokes the tokens of an account: how many.
pub async fn revoke_all(
    tx: &mut Tx,
    account: AccountId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.execute(&REVOKE_ALL, values![account, now]).await
}

/// Revokes the tokens that act in a capacity: how many.
pub async fn revoke_in_capacity(
    tx: &mut Tx,
    capacity: CapacityId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.execute(&REVOKE_IN_CAPACITY, values![capacity, now])
        .await
}

/// It was used.
pub async fn touch(tx: &mut Tx, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(&TOUCH, values![id, now]).await.map(|_| ())
}

fn read(row: &mut Fields<'_>) -> Result<ApiToken, StoreError> {
    Ok(ApiToken {
        id: row.take()?,
        account: row.take()?,
        capacity: row.take()?,
        name: row.take()?,
        natures: row.take()?,
        assurance: row.take()?,
        hash: row.take()?,
        created: row.take()?,
        expires: row.take()?,
        revoked: row.take()?,
        last_used: row.take()?,
    })
}
