//! An office for benches.

#[path = "../../tests/it/support/policy_files.rs"]
mod policy_files;

use super::NOW;
use dinggang::domain::change::Author;
use dinggang::domain::record_id::{AccountId, SessionId};
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Actor, Assurance, Capacity, Channel, Extent};
use dinggang::domain::session::SessionRules;
use dinggang::domain::time::Date;
use dinggang::mail::{Carrier, Hooks, Post};
use dinggang::policy::diagnostic::Diagnostics;
use dinggang::policy::library::Library;
use dinggang::service::secret::{Cost, KeyRing, Passwords};
use dinggang::service::{Chance, Doors, Office, Rulebook, Shelf, Vault};
use dinggang::store::register::{Scope, record};
use dinggang::store::{Store, StoreError, Tx, Write, change};
use rand_core::{TryCryptoRng, TryRng};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// An office on a database, under the policies that a county of the sample knows.
pub fn office(store: &Store) -> Office {
    let chance = Chance::new(Counting(0));
    let ring = KeyRing::generate(NOW, &mut Counting(1 << 32));
    let files = policy_files::files();
    let ids: Vec<&str> = Library::ids(&files).collect();
    let library = Library::read(&files, "", ids.iter().copied(), &mut Diagnostics::default());
    let mut always: Vec<&str> = ids;
    always.retain(|id| !id.starts_with("xinjiang") && !id.starts_with("shanghai"));
    Office {
        store: store.clone(),
        vault: Arc::new(Vault::new(ring, chance.clone())),
        chance,
        doors: Doors {
            passwords: Passwords::new(Cost::LEAST).expect("a cost"),
            sessions: SessionRules::default(),
            second_factor: true,
        },
        rulebook: Arc::new(Rulebook::with_always(
            library.facts,
            library.policies,
            &always,
        )),
        shelf: Arc::new(Shelf::new(Shelf::USUAL)),
        files: std::path::Path::new("attachments").into(),
        post: Arc::new(post(Carrier::Folder(
            std::env::temp_dir().join("dinggang-bench-mails"),
        ))),
    }
}

/// The register of a county, recorded in one change.
pub struct Taking<'a> {
    pub office: &'a Office,
    pub county: &'a Register,
    pub on: Date,
}

impl Write for Taking<'_> {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut recording = change::begin(tx, &author(), None, NOW, 1).await?;
        let vault = self.office.vault.as_ref();
        record(
            tx,
            &mut recording,
            self.county,
            &Scope::All,
            self.on,
            vault,
            &|_| {},
        )
        .await?;
        Ok(())
    }
}

/// In whose name benches write.
pub fn author() -> Author {
    Author {
        account: None,
        name: "bench".to_owned(),
        role: "administrator".to_owned(),
    }
}

/// Sees every figure.
pub fn auditor() -> Actor {
    Actor {
        account: AccountId::new(NOW, [3; 10]),
        name: "bench".to_owned(),
        person: None,
        capacity: Capacity::Auditor {
            extent: Extent::Everywhere,
        },
        assurance: Assurance::Full,
        channel: Channel::Session(SessionId::new(NOW, [3; 10])),
    }
}

/// Counts instead of rolling dice.
struct Counting(u64);

impl TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|n| n as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 += 1;
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.try_next_u64()?.to_be_bytes();
            chunk.copy_from_slice(&next[8 - chunk.len()..]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counting {}

/// A way out for mails without a limit.
pub fn post(carrier: Carrier) -> Post {
    let timeout = Duration::from_secs(30);
    Post::new(
        carrier,
        "dinggang@example.cn".parse().expect("a mailbox"),
        "https://dinggang.example.cn".to_owned(),
        Hooks::new(Vec::new(), timeout),
        None,
        timeout,
    )
}
