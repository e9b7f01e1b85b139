//! An office for benches.

use super::NOW;
use dinggang::domain::session::SessionRules;
use dinggang::mail::{Carrier, Hooks, Post};
use dinggang::policy::diagnostic::Diagnostics;
use dinggang::policy::library::{Files, Library};
use dinggang::service::secret::{Cost, KeyRing, Passwords};
use dinggang::service::{Chance, Doors, Office, Rulebook, Shelf, Vault};
use dinggang::store::Store;
use rand_core::{TryCryptoRng, TryRng};
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// An office on a database, under the policies that a county of the sample knows.
pub fn office(store: &Store) -> Office {
    let chance = Chance::new(Counting(0));
    let ring = KeyRing::generate(NOW, &mut Counting(1 << 32));
    let files = files();
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

fn files() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut files = Files::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(&root).expect("below the folder");
                let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
                let text = std::fs::read_to_string(&path).expect("readable");
                files.insert(parts.join("/"), text);
            }
        }
    }
    files
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
