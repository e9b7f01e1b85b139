//! The office of the machine itself: the database, its keys and whoever sits there.

use super::{input, records};
use crate::cli::arguments::PolicySource;
use crate::config::{Config, Mail, SecondFactorRule};
use crate::domain::rights::Actor;
use crate::domain::session::SessionRules;
use crate::domain::time::Timestamp;
use crate::i18n::{Lang, refusal, t};
use crate::mail::{Carrier, Hooks, Post, Server};
use crate::service::keys::{self, KeysError};
use crate::service::secret::{Cost, Passwords, random};
use crate::service::{Chance, Doors, Office, Rulebook, ServiceError, Shelf, Vault};
use anyhow::{Context, bail};
use std::num::NonZeroU32;
use std::sync::Arc;

/// Opens the database with its keys. A file of keys that was made now is told of.
pub async fn open(config: &Config, lang: Lang, now: Timestamp) -> anyhow::Result<Office> {
    let rulebook = Arc::new(rulebook(config, lang)?);
    let store = records::open(config, lang).await?;
    let unlocked = keys::unlock(&store, &config.key_file, &mut random::system(), now).await;
    let unlocked = unlocked.map_err(|error| keys_told(error, lang))?;
    if unlocked.made {
        let path = config.key_file.display().to_string();
        eprintln!("{}", t(lang, "keys-made", &[("path", path.into())]));
    }
    let chance = Chance::new(random::system());
    Ok(Office {
        store,
        vault: Arc::new(Vault::new(unlocked.ring, chance.clone())),
        chance,
        doors: Doors {
            passwords: Passwords::new(Cost::OWASP).context("argon2")?,
            sessions: SessionRules {
                idle: config.session_idle.0,
                lifetime: config.session_lifetime.0,
            },
            second_factor: config.second_factor == SecondFactorRule::Required,
        },
        rulebook,
        shelf: Arc::new(Shelf::new(Shelf::USUAL)),
        post: Arc::new(post(config, lang)?),
        files: config.data_dir.join("attachments").into(),
    })
}

/// The way out for mails, as the configuration says. Nothing is connected yet.
pub fn post(config: &Config, lang: Lang) -> anyhow::Result<Post> {
    let timeout = config.mail_timeout.0;
    let (carrier, from) = match &config.mail {
        Mail::Smtp { url, from } => {
            let roots = config.smtp_roots.as_ref().map(|path| {
                std::fs::read(path).map_err(|error| {
                    let args = [
                        ("path", path.display().to_string().into()),
                        ("detail", error.to_string().into()),
                    ];
                    anyhow::anyhow!(t(lang, "mail-bad-roots", &args))
                })
            });
            let server = Server::new(url.reveal(), roots.transpose()?.as_deref(), timeout);
            let server = server.map_err(|error| {
                let detail = [("detail", error.to_string().into())];
                anyhow::anyhow!(t(lang, "mail-bad-server", &detail))
            })?;
            (Carrier::Smtp(server), from.as_str().to_owned())
        }
        Mail::Folder { path, from } => {
            let from = from.as_ref().map(|from| from.as_str().to_owned());
            let from = from.unwrap_or_else(|| "dinggang@localhost".to_owned());
            (Carrier::Folder(path.clone()), from)
        }
    };
    let from = from.parse().map_err(|_| {
        let address = [("address", from.as_str().into())];
        anyhow::anyhow!(t(lang, "mail-bad-address", &address))
    })?;
    let site = config.public_url.page("");
    let hooks = Hooks::new(config.webhook_hosts.list().to_vec(), timeout);
    let limit = NonZeroU32::new(config.mail_per_minute);
    Ok(Post::new(carrier, from, site, hooks, limit, timeout))
}

/// All policies of the program, or of the folder in the configuration.
fn rulebook(config: &Config, lang: Lang) -> anyhow::Result<Rulebook> {
    let source = PolicySource {
        policies: config.policies.clone(),
    };
    let Some((facts, policies)) = input::load_all(&source, lang)? else {
        bail!(t(lang, "office-broken-policies", &[]));
    };
    Ok(Rulebook::new(facts, policies))
}

/// Whoever runs the command, by the name that the machine knows them by: before somebody
/// became another user, if that is known.
pub fn actor() -> Actor {
    let names = ["SUDO_USER", "USER", "LOGNAME"];
    let name = names.iter().find_map(|name| std::env::var(name).ok());
    let name = name.filter(|name| !name.trim().is_empty());
    Actor::at_the_machine(name.unwrap_or_else(|| "dinggang".to_owned()))
}

/// Why a use case did not do what was asked, in the reader's language.
pub fn told(error: ServiceError, lang: Lang) -> anyhow::Error {
    match error {
        ServiceError::Refused(reasons) => {
            let reasons: Vec<_> = reasons
                .iter()
                .map(|reason| refusal::refusal(lang, reason))
                .collect();
            anyhow::anyhow!(reasons.join(&t(lang, "list-separator", &[])))
        }
        ServiceError::Denied(denied) => anyhow::anyhow!(refusal::denied(lang, &denied)),
        ServiceError::NotFound => anyhow::anyhow!(t(lang, "denied-not-found", &[])),
        other => other.into(),
    }
}

fn keys_told(error: KeysError, lang: Lang) -> anyhow::Error {
    match error {
        KeysError::Missing { path, database } => {
            let args = [
                ("path", path.display().to_string().into()),
                (
                    "database",
                    database.unwrap_or_else(|| "?".to_owned()).into(),
                ),
            ];
            anyhow::anyhow!(t(lang, "keys-missing", &args))
        }
        KeysError::Others {
            path,
            file,
            database,
        } => {
            let args = [
                ("path", path.display().to_string().into()),
                ("file", file.into()),
                ("database", database.into()),
            ];
            anyhow::anyhow!(t(lang, "keys-others", &args))
        }
        KeysError::Service(error) => told(error, lang),
        KeysError::File(error) => error.into(),
    }
}
