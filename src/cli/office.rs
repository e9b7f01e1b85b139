//! The office of the configuration: its database, its keys, its policies.

use super::policies;
use crate::config::{Config, SecondFactorRule};
use crate::domain::session::SessionRules;
use crate::domain::time::Timestamp;
use crate::i18n::{Lang, t};
use crate::policy::diagnostic::Diagnostics;
use crate::policy::library::Library;
use crate::service::secret::{Cost, KeyRing, Passwords, key_file, random};
use crate::service::{Chance, Doors, Office, Rulebook, Shelf, Vault, keys};
use crate::store::{Options, Store};
use anyhow::{Context, bail};
use std::sync::Arc;

/// An office, and what was made for it on this start.
pub struct Opened {
    pub office: Office,
    /// The database had no tables.
    pub new_tables: bool,
    /// There was no file of keys.
    pub new_keys: bool,
}

/// Opens everything; makes what is missing where nothing can be lost by it.
pub async fn open(config: &Config, lang: Lang, now: Timestamp) -> anyhow::Result<Opened> {
    let rulebook = Arc::new(rulebook(config, lang)?);
    let options = Options {
        connections: config.database_connections,
        ..Options::default()
    };
    let store = Store::connect(config.database.reveal(), options).await?;
    let new_tables = store.is_new().await?;
    if new_tables {
        store.migrate().await?;
    } else if !store.is_current().await? {
        bail!(t(lang, "serve-not-current", &[]));
    }
    let path = &config.key_file;
    let shown = || [("path", path.display().to_string().into())];
    let mut rng = random::system();
    let (ring, new_keys) = match key_file::open(path)? {
        Some(ring) => (ring, false),
        // keys made anew could not read what others wrote
        None if keys::are_named(&store).await? => bail!(t(lang, "serve-keys-missing", &shown())),
        None => {
            let ring = KeyRing::generate(now, &mut rng);
            key_file::create(path, &ring)?;
            (ring, true)
        }
    };
    let chance = Chance::new(rng);
    let vault = Vault::new(ring, chance.clone());
    if !keys::claim(&store, &vault, now).await? {
        bail!(t(lang, "serve-other-keys", &shown()));
    }
    let office = Office {
        store,
        vault: Arc::new(vault),
        chance,
        doors: Doors {
            passwords: Passwords::new(Cost::OWASP).context("the cost of passwords")?,
            sessions: SessionRules {
                idle: config.session_idle.0,
                lifetime: config.session_lifetime.0,
            },
            second_factor: config.second_factor == SecondFactorRule::Required,
        },
        rulebook,
        shelf: Arc::new(Shelf::new(Shelf::USUAL)),
    };
    Ok(Opened {
        office,
        new_tables,
        new_keys,
    })
}

/// All policies of the program, or of the folder in the configuration.
fn rulebook(config: &Config, lang: Lang) -> anyhow::Result<Rulebook> {
    let (files, root) = match &config.policies {
        None => (policies::shipped(), String::from("policies/")),
        Some(folder) => {
            let files =
                policies::of_folder(folder).with_context(|| folder.display().to_string())?;
            (files, format!("{}/", folder.display()))
        }
    };
    let mut problems = Diagnostics::default();
    let library = Library::read_all(&files, &root, &mut problems);
    library.check_together(&mut problems);
    if super::input::print_problems(&problems, lang) {
        bail!(t(lang, "serve-bad-policies", &[]));
    }
    Ok(Rulebook::new(library.facts, library.policies))
}
