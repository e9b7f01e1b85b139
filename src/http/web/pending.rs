//! Files between being handed in and being confirmed. They wait in memory, for a while and
//! within bounds; whoever comes too late hands them in once more.

use crate::domain::record_id::AccountId;
use crate::domain::time::{Date, Timestamp};
use crate::http::web::ask::Ask;
use crate::service::import::{Complete, Import, Input, Stage};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    pub fn new(ask: &Ask, files: Vec<Input>, on: Date, scope: Complete) -> Self {
        Self {
            account: ask.actor.account,
            files,
            on,
            scope,
            since: ask.now,
        }
    }

    /// The same with another file in a place.
    pub fn with(&self, at: usize, file: Input, now: Timestamp) -> Self {
        let mut files = self.files.clone();
        if let Some(one) = files.get_mut(at) {
            *one = file;
        }
        Self {
            account: self.account,
            files,
            on: self.on,
            scope: self.scope.clone(),
            since: now,
        }
    }

    fn bytes(&self) -> usize {
        self.files.iter().map(|file| file.bytes.len()).sum()
    }

    /// What they are to say to the records.
    pub fn import<'a>(&'a self, ask: &'a Ask, reason: Option<&'a str>) -> Import<'a> {
        Import {
            office: ask.office(),
            actor: &ask.actor,
            files: &self.files,
            on: self.on,
            scope: self.scope.clone(),
            reason,
            now: ask.now,
        }
    }
}

/// An import that somebody waits for.
struct UnderWay {
    account: AccountId,
    stage: Stage,
    since: Timestamp,
}

/// Imports of which is told how far they are, at most; of others nothing is said.
const UNDER_WAY: usize = 64;

/// All files that wait.
#[derive(Default)]
pub struct Pending {
    waiting: Mutex<HashMap<String, Arc<Waiting>>>,
    under_way: Mutex<HashMap<String, UnderWay>>,
}

impl Pending {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Arc<Waiting>>> {
        // whoever panicked here left a whole map
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<String, UnderWay>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps files under a token. The oldest go where there are too many.
    pub fn keep(&self, token: &str, waiting: Arc<Waiting>) {
        let (now, token) = (waiting.since, token.to_owned());
        let mut all = self.all();
        all.retain(|_, one| now.since(one.since) < WAIT);
        all.insert(token.clone(), waiting);
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

    /// Puts a file in the place of one that waits. Says whether it did: not where others
    /// wait by now than those that were looked at.
    pub fn replace(&self, token: &str, seen: &Arc<Waiting>, changed: Waiting) -> bool {
        let mut all = self.all();
        match all.get_mut(token) {
            Some(one) if Arc::ptr_eq(one, seen) => {
                *one = Arc::new(changed);
                true
            }
            _ => false,
        }
    }

    pub fn forget(&self, token: &str) {
        self.all().remove(token);
    }

    /// How far the import is that its sender calls by a key.
    pub fn tell(&self, account: AccountId, key: &str, stage: Stage, now: Timestamp) {
        let mut all = self.under_way();
        all.retain(|_, one| now.since(one.since) < WAIT);
        if all.len() < UNDER_WAY || all.contains_key(key) {
            let one = UnderWay {
                account,
                stage,
                since: now,
            };
            all.insert(key.to_owned(), one);
        }
    }

    /// The same, for its sender alone.
    pub fn stage(&self, account: AccountId, key: &str) -> Option<Stage> {
        let all = self.under_way();
        let one = all.get(key).filter(|one| one.account == account);
        one.map(|one| one.stage)
    }

    pub fn ended(&self, key: &str) {
        self.under_way().remove(key);
    }
}
