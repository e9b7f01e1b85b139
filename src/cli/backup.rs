//! `dinggang backup` and `dinggang restore`.

use super::arguments::{BackupArgs, RestoreArgs};
use super::{Environment, Exit, office, output, records};
use crate::config::Config;
use crate::i18n::{Arg, Lang, t};
use crate::service::Chance;
use crate::service::backup::{Backup, BackupError, Manifest, Place, Restore};
use crate::service::secret::{key_file, random};
use crate::store::backup::tools::{ToolError, Tools};
use std::path::Path;

/// Makes a backup and checks it.
pub fn backup(args: &BackupArgs, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    records::with(&args.config, lang, async |config| {
        let office = office::open(&config, lang, environment.now).await?;
        let backup = Backup {
            office: &office,
            actor: &office::actor(),
            url: config.database.reveal(),
            place: place(args.out.as_deref(), &config),
            scratch: args.scratch.as_deref(),
            tools: &Tools::of_system(),
            now: environment.now,
        };
        let made = backup.run().await;
        office.store.close().await;
        let made = made.map_err(|error| told(error, lang))?;
        let args = [
            ("file", made.file.display().to_string().into()),
            ("manifest", made.manifest_file.display().to_string().into()),
            ("tables", made.manifest.tables.len().into()),
            ("rows", rows(&made.manifest).into()),
        ];
        say(lang, "backup-made", &args)?;
        say(lang, "backup-keys", &keys(&made.manifest))?;
        Ok(Exit::Fine)
    })
}

/// Brings a backup back into an empty database.
pub fn restore(args: &RestoreArgs, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    records::with(&args.config, lang, async |config| {
        let actor = office::actor();
        let restore = Restore {
            file: &args.file,
            url: config.database.reveal(),
            tools: &Tools::of_system(),
            chance: &Chance::new(random::system()),
            name: &actor.name,
            now: environment.now,
        };
        let restored = restore.run().await.map_err(|error| told(error, lang))?;
        let manifest = &restored.manifest;
        let made = [
            ("made", manifest.made_at.as_str().into()),
            ("tables", manifest.tables.len().into()),
            ("rows", rows(manifest).into()),
        ];
        say(lang, "restore-done", &made)?;
        if !has_keys(&config, manifest)? {
            let path = config.key_file.display().to_string();
            let mut args = keys(manifest);
            args.push(("path", path.into()));
            say(lang, "restore-keys", &args)?;
        }
        if restored.is_outdated {
            say(lang, "restore-outdated", &[])?;
        }
        Ok(Exit::Fine)
    })
}

fn place(out: Option<&Path>, config: &Config) -> Place {
    match out {
        None => Place::Folder(config.backup_dir.clone()),
        Some(path) if path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/') => {
            Place::Folder(path.to_owned())
        }
        Some(path) => Place::File(path.to_owned()),
    }
}

fn say(lang: Lang, key: &str, args: &[(&'static str, Arg)]) -> anyhow::Result<()> {
    let text = t(lang, key, args);
    output::write(None, |out| Ok(writeln!(out, "{text}")?))
}

fn rows(manifest: &Manifest) -> i64 {
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Which keys a backup needs.
fn keys(manifest: &Manifest) -> Vec<(&'static str, Arg<'static>)> {
    let numbers = manifest.keys.numbers.iter().map(ToString::to_string);
    let numbers: Vec<String> = numbers.collect();
    let fingerprint = manifest.keys.fingerprint.clone();
    vec![
        (
            "fingerprint",
            fingerprint.unwrap_or_else(|| "-".to_owned()).into(),
        ),
        ("count", numbers.len().into()),
        ("numbers", numbers.join(", ").into()),
    ]
}

/// Whether the file of keys here opens what was restored.
fn has_keys(config: &Config, manifest: &Manifest) -> anyhow::Result<bool> {
    let Some(ring) = key_file::open(&config.key_file)? else {
        return Ok(manifest.keys.fingerprint.is_none() && manifest.keys.numbers.is_empty());
    };
    let same = match &manifest.keys.fingerprint {
        Some(fingerprint) => *fingerprint == ring.fingerprint(),
        None => true,
    };
    let all = manifest
        .keys
        .numbers
        .iter()
        .all(|number| *number <= ring.current_id());
    Ok(same && all)
}

fn told(error: BackupError, lang: Lang) -> anyhow::Error {
    let path = |path: &Path| Arg::from(path.display().to_string());
    let said = |key: &str, args: &[(&'static str, Arg)]| anyhow::anyhow!(t(lang, key, args));
    match error {
        BackupError::Service(error) => office::told(error, lang),
        BackupError::Tool(error) => tool(error, lang),
        BackupError::Io { path: at, source } => {
            anyhow::Error::from(source).context(at.display().to_string())
        }
        BackupError::Exists(at) => said("backup-exists", &[("path", path(&at))]),
        BackupError::Differs(what) => said("backup-differs", &[("what", what.into())]),
        BackupError::NoScratch(error) => {
            said("backup-no-scratch", &[("detail", error.to_string().into())])
        }
        BackupError::NoManifest(at) => said("restore-no-manifest", &[("path", path(&at))]),
        BackupError::BadManifest { path: at, detail } => {
            let args = [("path", path(&at)), ("detail", detail.into())];
            said("restore-bad-manifest", &args)
        }
        BackupError::Damaged(at) => said("restore-damaged", &[("path", path(&at))]),
        BackupError::OtherKind { backup, target } => {
            let args = [("backup", backup.into()), ("target", target.into())];
            said("restore-other-kind", &args)
        }
        BackupError::NotEmpty => said("restore-not-empty", &[]),
        BackupError::Newer(version) => said("restore-newer", &[("version", version.into())]),
        BackupError::Lost(what) => said("restore-lost", &[("what", what.into())]),
        BackupError::Tampered(tampered) => {
            let at = i64::try_from(tampered.at).unwrap_or(i64::MAX);
            said("restore-tampered", &[("at", at.into())])
        }
    }
}

fn tool(error: ToolError, lang: Lang) -> anyhow::Error {
    match error {
        ToolError::Missing(tool) => {
            anyhow::anyhow!(t(lang, "backup-tool-missing", &[("tool", tool.into())]))
        }
        ToolError::TooOld {
            tool,
            found,
            server,
        } => {
            let args = [
                ("tool", tool.into()),
                ("found", i64::from(found).into()),
                ("server", i64::from(server).into()),
            ];
            anyhow::anyhow!(t(lang, "backup-tool-old", &args))
        }
        ToolError::Failed { tool, said } => anyhow::anyhow!("{tool}: {said}"),
        ToolError::Io { tool, source } => anyhow::Error::from(source).context(tool),
    }
}
