//! The keys of the installation: those that belong to the database, and their rotation.
//!
//! A database remembers with which keys it was written, by their fingerprint: a program
//! with other keys would find nobody and would enter everybody a second time.
//!
//! Rotation seals anew whatever older keys sealed. It may be broken off and run again;
//! until it is done, old and new keys both open.

use super::secret::key_file::{self, KeyFileError};
use super::secret::{Cell, KeyRing};
use super::{ServiceError, Vault};
use crate::domain::account::Account;
use crate::domain::record_id::AccountId;
use crate::domain::second_factor::SecondFactor;
use crate::domain::secret::{Sealed, SecretField};
use crate::domain::time::Timestamp;
use crate::store::secret::{self, Kept};
use crate::store::{Isolation, Reader, Store, StoreError, Tx, Write, account, setting};
use rand_core::CryptoRng;
use std::path::{Path, PathBuf};

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The database was written with keys, and the file of them is not there. `database`
    /// is their fingerprint, where the database remembers it.
    #[error("{path}: the file of keys is missing; the database was written with it")]
    Missing {
        path: PathBuf,
        database: Option<String>,
    },
    /// The file holds other keys than those that the database was written with;
    /// fingerprints.
    #[error("{path}: these are the keys {file}; the database was written with {database}")]
    Others {
        path: PathBuf,
        file: String,
        database: String,
    },
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<StoreError> for KeysError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

/// The keys of an installation.
#[derive(Debug)]
pub struct Unlocked {
    pub ring: KeyRing,
    /// They were made just now: somebody has to be told to keep a copy of the file.
    pub made: bool,
}

/// Opens the file of keys, if they are those of the database; makes it when both the file
/// and whatever it could open are missing.
pub async fn unlock(
    store: &Store,
    path: &Path,
    rng: &mut (dyn CryptoRng + Send),
    now: Timestamp,
) -> Result<Unlocked, KeysError> {
    let known = {
        let mut reader = store.read().await?;
        let known = fingerprint(&mut reader).await?;
        if known.is_none() && any_sealed(&mut reader).await? {
            // written by a version that did not remember
            Some(None)
        } else {
            known.map(Some)
        }
    };
    let (ring, made) = match (key_file::open(path)?, known) {
        (Some(ring), _) => (ring, false),
        (None, Some(database)) => {
            let path = path.to_owned();
            return Err(KeysError::Missing { path, database });
        }
        (None, None) => {
            let ring = KeyRing::generate(now, rng);
            key_file::create(path, &ring)?;
            (ring, true)
        }
    };
    let file = ring.fingerprint();
    let bind = Bind {
        fingerprint: &file,
        now,
    };
    let database = store.write(bind).await?;
    if database != file {
        let path = path.to_owned();
        return Err(KeysError::Others {
            path,
            file,
            database,
        });
    }
    Ok(Unlocked { ring, made })
}

/// The setting in which the database remembers its keys.
const KEYS: &str = "keys";

/// With which keys the database was written; `None` = none yet.
pub async fn fingerprint(reader: &mut Reader) -> Result<Option<String>, StoreError> {
    let Some(text) = setting::get(reader, KEYS).await? else {
        return Ok(None);
    };
    let kept: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let found = kept
        .as_ref()
        .and_then(|kept| kept.get("fingerprint")?.as_str());
    match found {
        Some(found) => Ok(Some(found.to_owned())),
        None => Err(StoreError::Corrupt {
            table: "setting",
            column: "value".to_owned(),
            row: KEYS.to_owned(),
        }),
    }
}

async fn any_sealed(reader: &mut Reader) -> Result<bool, StoreError> {
    for kept in Kept::ALL {
        if !secret::some(reader, kept, "", 1).await?.is_empty() {
            return Ok(true);
        }
    }
    let accounts = account::all(reader).await?;
    Ok(accounts
        .iter()
        .any(|account| account.second_factor.secret().is_some()))
}

/// Remembers the keys, unless others are remembered: those that are.
struct Bind<'a> {
    fingerprint: &'a str,
    now: Timestamp,
}

impl Write for Bind<'_> {
    type Out = String;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<String, StoreError> {
        if let Some(known) = fingerprint(tx).await? {
            return Ok(known);
        }
        let value = serde_json::json!({ "fingerprint": self.fingerprint }).to_string();
        setting::set(tx, KEYS, &value, self.now).await?;
        Ok(self.fingerprint.to_owned())
    }

    /// Two instances may start at once.
    fn isolation(&self) -> Isolation {
        Isolation::Serializable
    }
}

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
