//! Rotation of the keys: whatever older ones sealed is sealed anew. It may be broken off
//! and run again; until it is done, old and new keys both open.

use super::secret::Cell;
use super::{ServiceError, Vault};
use crate::domain::account::Account;
use crate::domain::record_id::AccountId;
use crate::domain::second_factor::SecondFactor;
use crate::domain::secret::{Sealed, SecretField};
use crate::store::secret::{self, Kept};
use crate::store::{Store, StoreError, Tx, Write, account};

/// Secrets sealed anew by one write.
const TOGETHER: u32 = 500;

/// Seals anew, with the newest key, what older ones sealed: how many secrets.
pub async fn reseal(store: &Store, vault: &Vault) -> Result<u64, ServiceError> {
    let mut count = 0;
    for kept in Kept::ALL {
        let mut after = String::new();
        while let Some((last, sealed)) = store.write(Batch { vault, kept, after }).await? {
            after = last;
            count += sealed;
        }
    }
    let mut reader = store.read().await?;
    let accounts = account::all(&mut reader).await?;
    drop(reader);
    for Account { id, .. } in accounts {
        if store.write(OfAccount { vault, id }).await? {
            count += 1;
        }
    }
    Ok(count)
}

/// The next secrets behind a row.
struct Batch<'a> {
    vault: &'a Vault,
    kept: Kept,
    after: String,
}

impl Write for Batch<'_> {
    /// The last row, and how many were sealed anew; `None` = there are no more.
    type Out = Option<(String, u64)>;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<(String, u64)>, ServiceError> {
        let field = self.kept.field();
        let mut last = None;
        let mut count = 0;
        for (row, secret) in secret::some(tx, self.kept, &self.after, TOGETHER).await? {
            if let Some(renewed) = self.vault.renewed(field, &secret) {
                secret::replace(tx, self.kept, &row, &renewed).await?;
                count += 1;
            }
            last = Some(row);
        }
        Ok(last.map(|last| (last, count)))
    }
}

struct OfAccount<'a> {
    vault: &'a Vault,
    id: AccountId,
}

impl Write for OfAccount<'_> {
    type Out = bool;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, ServiceError> {
        let Some(mut account) = account::lock(tx, self.id).await? else {
            return Ok(false);
        };
        let Some(secret) = account.second_factor.secret() else {
            return Ok(false);
        };
        if !self.vault.ring().is_outdated(secret) {
            return Ok(false);
        }
        let secret = self.renewed(secret)?;
        account.second_factor = match account.second_factor {
            SecondFactor::Active { last, .. } => SecondFactor::Active { secret, last },
            SecondFactor::None | SecondFactor::Offered { .. } => SecondFactor::Offered { secret },
        };
        account::save(tx, &account).await?;
        Ok(true)
    }
}

impl OfAccount<'_> {
    fn renewed(&self, secret: &Sealed) -> Result<Sealed, StoreError> {
        let cell = Cell {
            field: SecretField::SecondFactor,
            owner: self.id.bytes(),
        };
        let opened = self.vault.ring().open(cell, secret);
        let text = opened.map_err(|_| StoreError::Corrupt {
            table: "account",
            column: "second_factor".to_owned(),
            row: self.id.to_string(),
        })?;
        Ok(self.vault.seal_for(cell, &text))
    }
}
