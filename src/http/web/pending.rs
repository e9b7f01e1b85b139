//! Files between being handed in and being confirmed. They wait in memory, for a while and
//! within bounds; whoever comes too late hands them in once more.

use crate::domain::record_id::AccountId;
use crate::domain::time::{Date, Timestamp};
use crate::service::import::{Complete, Input};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(30 * 60);
/// Bytes of all files that wait.
const MOST: usize = 128 << 20;

/// Files that were handed in.
pub struct Waiting {
    pub account: AccountId,
    pub files: Vec<Input>,
    pub on: Date,
    pub scope: Complete,
    since: Timestamp,
}

impl Waiting {
    fn bytes(&self) -> usize {
        self.files.iter().map(|file| file.bytes.len()).sum()
    }
}

/// All files that wait.
#[derive(Default)]
pub struct Pending(Mutex<HashMap<String, Arc<Waiting>>>);

impl Pending {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Waiting>>> {
        // whoever panicked here left a whole map
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps files under a token. The oldest go where there are too many.
    pub fn keep(
        &self,
        token: String,
        account: AccountId,
        files: Vec<Input>,
        on: Date,
        scope: Complete,
        now: Timestamp,
    ) {
        let mut all = self.all();
        all.retain(|_, one| now.since(one.since) < WAIT);
        let waiting = Waiting {
            account,
            files,
            on,
            scope,
            since: now,
        };
        all.insert(token.clone(), Arc::new(waiting));
        while all.len() > 1 && all.values().map(|one| one.bytes()).sum::<usize>() > MOST {
            let others = all.iter().filter(|(key, _)| **key != token);
            let oldest = others.min_by_key(|(_, one)| one.since);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            all.remove(&oldest);
        }
    }

    /// The files of a token, for whoever handed them in.
    pub fn find(&self, token: &str, account: AccountId, now: Timestamp) -> Option<Arc<Waiting>> {
        let found = self.all().get(token).cloned();
        found.filter(|one| one.account == account && now.since(one.since) < WAIT)
    }

    pub fn forget(&self, token: &str) {
        self.all().remove(token);
    }
}
