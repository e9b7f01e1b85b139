//! What is done to the records from the machine itself: `migrate`, `audit` and `key`.
//! Whoever may run these holds the database and the keys already; no account is asked for.

use super::arguments::ConfigArgs;
use super::{Environment, Exit, config, output};
use crate::config::Config;
use crate::domain::audit::{About, Detail, Event, Head, Occurrence, Source, What, Who};
use crate::domain::rights::Action;
use crate::domain::time::Timestamp;
use crate::i18n::{Lang, t};
use crate::service::secret::{key_file, random};
use crate::service::{Chance, Vault, keys};
use crate::store::{Options, Store, StoreError, Tx, Write, audit};
use anyhow::bail;
use std::future::Future;

/// Runs work with the configuration, if that is sound.
pub fn with<F: Future<Output = anyhow::Result<Exit>>>(
    args: &ConfigArgs,
    lang: Lang,
    work: impl FnOnce(Config) -> F,
) -> anyhow::Result<Exit> {
    let Some(loaded) = config::load(args, lang)? else {
        return Ok(Exit::Usage);
    };
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(work(loaded.config))
}

async fn connect(config: &Config) -> Result<Store, StoreError> {
    let options = Options {
        connections: config.database_connections,
        ..Options::default()
    };
    Store::connect(config.database.reveal(), options).await
}

/// Makes the tables of a database that has none: whether it did. One that has older ones is
/// left to whoever makes a backup first.
pub async fn make(config: &Config, now: Timestamp) -> anyhow::Result<bool> {
    let store = connect(config).await?;
    let is_new = store.is_new().await?;
    if is_new {
        store.migrate().await?;
        let what = What::Occurrence(Occurrence::Migrated);
        store.write(Told::new(what, now)).await?;
    }
    store.close().await;
    Ok(is_new)
}

/// The database, if its tables are those of this program.
pub async fn open(config: &Config, lang: Lang) -> anyhow::Result<Store> {
    let store = connect(config).await?;
    if !store.is_current().await? {
        bail!(t(lang, "records-not-current", &[]));
    }
    Ok(store)
}

fn say(text: &str) -> anyhow::Result<()> {
    output::write(None, |out| Ok(writeln!(out, "{text}")?))
}

/// Makes the tables, or brings them up to date.
pub fn migrate(args: &ConfigArgs, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    with(args, lang, async |config| {
        let store = connect(&config).await?;
        if !store.is_current().await? {
            store.migrate().await?;
            let what = What::Occurrence(Occurrence::Migrated);
            store.write(Told::new(what, environment.now)).await?;
        }
        store.close().await;
        say(&t(lang, "records-migrated", &[]))?;
        Ok(Exit::Fine)
    })
}

/// Something done from the command line.
struct Told {
    event: Event,
}

impl Told {
    fn new(what: What, now: Timestamp) -> Self {
        let chance = Chance::new(random::system());
        let who = Who::other(Source::Command, "dinggang");
        let detail = Detail::new(chance.bytes(), None, None, None);
        let event = Event::new(chance.id(now), now, who, &what, About::default(), detail);
        Self { event }
    }
}

impl Write for Told {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        audit::append(tx, &self.event).await
    }
}

/// Prints the head of the chain.
pub fn head(args: &ConfigArgs, lang: Lang) -> anyhow::Result<Exit> {
    with(args, lang, async |config| {
        let store = open(&config, lang).await?;
        let mut reader = store.read().await?;
        say(&audit::head(&mut reader).await?.to_string())?;
        Ok(Exit::Fine)
    })
}

/// Recomputes the chain.
pub fn verify(args: &ConfigArgs, heads: &[String], lang: Lang) -> anyhow::Result<Exit> {
    let mut exported = Vec::new();
    for head in heads {
        match head.parse::<Head>() {
            Ok(head) => exported.push(head),
            Err(_) => bail!(t(lang, "records-bad-head", &[("head", head.into())])),
        }
    }
    with(args, lang, async |config| {
        let store = open(&config, lang).await?;
        let mut reader = store.snapshot().await?;
        match audit::verify(&mut reader, &exported).await? {
            Ok(verified) => {
                let erased = verified.erased.len();
                let counts = [
                    ("sealed", (verified.head.sequence as usize).into()),
                    ("unsealed", verified.unsealed.len().into()),
                    ("erased", erased.into()),
                ];
                say(&t(lang, "records-verified", &counts))?;
                Ok(Exit::Fine)
            }
            Err(tampered) => {
                let what = [
                    ("at", (tampered.at as usize).into()),
                    ("kind", tampered.kind.key().into()),
                ];
                say(&t(lang, "records-tampered", &what))?;
                Ok(Exit::Broken)
            }
        }
    })
}

/// Makes a new key, keeps it, and seals everything anew with it.
pub fn rotate(args: &ConfigArgs, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    with(args, lang, async |config| {
        let path = &config.key_file;
        let Some(mut ring) = key_file::open(path)? else {
            let path = path.display().to_string();
            bail!(t(lang, "records-no-key-file", &[("path", path.into())]));
        };
        let store = open(&config, lang).await?;
        let mut rng = random::system();
        let key = ring.rotate(environment.now, &mut rng);
        // on disk before anything is sealed with it
        key_file::replace(path, &ring)?;
        let vault = Vault::new(ring, Chance::new(rng));
        let count = keys::reseal(&store, &vault).await?;
        let what = What::Action(Action::RotateKeys);
        store.write(Told::new(what, environment.now)).await?;
        store.close().await;
        let done = [
            ("key", (key as usize).into()),
            ("count", (count as usize).into()),
        ];
        say(&t(lang, "records-rotated", &done))?;
        Ok(Exit::Fine)
    })
}
