//! Backups: made while the server runs, compared with what was copied row for row before
//! they count, and brought back into an empty database only.
//!
//! Beside each backup stands its manifest: when and by what it was made, every table with
//! its rows and their digest, the head of the audit chain, and which keys it needs. The keys
//! themselves are never part of it: whoever finds a backup finds no identity numbers.

use super::trail::{Told, tell};
use super::{Chance, Office, ServiceError, keys};
use crate::domain::audit::{About, Detail, Event, Head, Occurrence, Source, Tampered, What, Who};
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::time::Timestamp;
use crate::store::backup::tools::{ToolError, Tools};
use crate::store::backup::{Contents, DatabaseName, RowSum, Table, contents, contents_of, steps};
use crate::store::{Options, Store, StoreError, Tx, Write, audit};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Why there is no backup, or why it was not brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    /// A backup is never written over a file.
    #[error("{0}: is there already")]
    Exists(PathBuf),
    /// The copy does not hold what was copied; the table, or what else.
    #[error("the copy differs from the database: {0}")]
    Differs(String),
    /// No temporary database could be made to restore into.
    #[error("no temporary database can be made to check the copy: {0}")]
    NoScratch(#[source] StoreError),
    /// The manifest that belongs beside the backup is missing.
    #[error("{0}: the manifest is missing")]
    NoManifest(PathBuf),
    /// The manifest cannot be read; where and why, in the parser's own words.
    #[error("{path}: {detail}")]
    BadManifest { path: PathBuf, detail: String },
    /// The file is not the one that was made: another size or another SHA-256.
    #[error("{0}: the file was damaged or altered")]
    Damaged(PathBuf),
    /// The backup is of the one kind of database, the target of the other; `sqlite` or
    /// `postgres`.
    #[error("a backup of {backup} cannot be restored into {target}")]
    OtherKind {
        backup: &'static str,
        target: &'static str,
    },
    /// Something is in the target already.
    #[error("the target is not empty")]
    NotEmpty,
    /// Made by a newer version of the program.
    #[error("made by version {0}, which knows tables that this one does not")]
    Newer(String),
    /// What was restored is not what was backed up; the table, or what else.
    #[error("what was restored differs from the manifest: {0}")]
    Lost(String),
    /// The chain of the trail was tampered with before the backup was made.
    #[error("the audit chain was tampered with at number {}", .0.at)]
    Tampered(Tampered),
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

/// Form of the manifest.
const FORM: u32 = 1;

/// What stands beside a backup, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// 1
    pub form: u32,
    /// RFC 3339, UTC
    pub made_at: String,
    /// Version of the program.
    pub program: String,
    /// `sqlite` or `postgres`
    pub database: String,
    /// Version of the database.
    pub server: String,
    /// Name of the backup itself.
    pub file: String,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
    /// Numbers of the migrations that were done.
    pub migrations: Vec<i64>,
    pub keys: NeededKeys,
    /// Of the audit trail: `17:9f86d0…`
    pub head: String,
    pub tables: Vec<TableEntry>,
}

/// The keys without which identity and telephone numbers cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeededKeys {
    /// Names the file of keys without giving anything away.
    pub fingerprint: Option<String>,
    /// Numbers of the field keys in use.
    pub numbers: Vec<u32>,
    pub note: String,
}

const NOTE: &str = "本备份不含密钥文件，请另行保管。The file of keys is not part of this \
    backup and is kept apart; without it identity and telephone numbers cannot be read.";

/// One table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableEntry {
    pub name: String,
    pub rows: u64,
    /// Hexadecimal; the order of rows makes no difference.
    pub digest: String,
}

/// Where a backup goes.
#[derive(Clone, Debug)]
pub enum Place {
    /// Under a name made of the instant.
    Folder(PathBuf),
    File(PathBuf),
}

/// The folder in which an installation keeps its backups, and the database that goes there.
#[derive(Clone)]
pub struct Kept {
    pub folder: PathBuf,
    /// With its password: never shown.
    url: String,
}

impl Kept {
    pub fn new(folder: PathBuf, url: &str) -> Self {
        let url = url.to_owned();
        Self { folder, url }
    }
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// A backup in the folder, as its manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    pub made_at: Timestamp,
    pub bytes: u64,
    pub rows: u64,
    /// Version of the program that made it.
    pub program: String,
}

/// The backups that lie in the folder with their manifests, newest first. Whether the files
/// are whole is another question: [`check`].
pub fn list(actor: &Actor, kept: Option<&Kept>) -> Result<Vec<Listed>, ServiceError> {
    permit(actor, Action::ReadOperations, &Subject::Installation)?;
    let entries = kept.and_then(|kept| fs::read_dir(&kept.folder).ok());
    let paths = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|one| one.path());
    let manifests = paths.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let mut listed: Vec<Listed> = manifests.filter_map(|path| listed(&path)).collect();
    listed.sort_by(|a, b| (b.made_at, &b.name).cmp(&(a.made_at, &a.name)));
    Ok(listed)
}

fn listed(path: &Path) -> Option<Listed> {
    let text = fs::read_to_string(path).ok()?;
    let manifest: Manifest = serde_json::from_str(&text).ok()?;
    // the name in the manifest and the one on disk are the same, unless somebody meddled
    let own = path.file_name()?.to_str()? == format!("{}.json", manifest.file);
    own.then_some(())?;
    Some(Listed {
        made_at: manifest.made_at.parse().ok()?,
        bytes: manifest.bytes,
        rows: manifest.tables.iter().map(|table| table.rows).sum(),
        program: manifest.program,
        name: manifest.file,
    })
}

/// Makes a backup in the folder, and checks it.
pub async fn make(
    office: &Office,
    actor: &Actor,
    kept: &Kept,
    now: Timestamp,
) -> Result<Made, BackupError> {
    let backup = Backup {
        office,
        actor,
        url: &kept.url,
        place: Place::Folder(kept.folder.clone()),
        scratch: None,
        tools: &Tools::of_system(),
        now,
    };
    backup.run().await
}

/// Whether a backup in the folder is still the file that was made; `None` = there is none
/// of that name.
pub async fn check(
    actor: &Actor,
    kept: Option<&Kept>,
    name: &str,
) -> Result<Option<bool>, ServiceError> {
    let known = list(actor, kept)?;
    let (Some(kept), true) = (kept, known.iter().any(|one| one.name == name)) else {
        return Ok(None);
    };
    let file = kept.folder.join(name);
    let held = tokio::task::spawn_blocking(move || Manifest::of_file(&file).is_ok());
    Ok(Some(held.await.unwrap_or(false)))
}

/// A backup that was asked for.
pub struct Backup<'a> {
    pub office: &'a Office,
    pub actor: &'a Actor,
    /// The address of the database, as it was opened with.
    pub url: &'a str,
    pub place: Place,
    /// An empty PostgreSQL database to check the copy in; `None` = one is made on the same
    /// server for as long as that takes.
    pub scratch: Option<&'a str>,
    pub tools: &'a Tools,
    pub now: Timestamp,
}

/// A backup that was made and checked.
#[derive(Clone, Debug)]
pub struct Made {
    pub file: PathBuf,
    pub manifest_file: PathBuf,
    pub manifest: Manifest,
}

impl Backup<'_> {
    /// Makes it. Nothing is left behind where it fails.
    pub async fn run(&self) -> Result<Made, BackupError> {
        let store = &self.office.store;
        let kind = kind(store);
        let file = self.file(kind);
        let folder = folder(&file).to_owned();
        fs::create_dir_all(&folder).map_err(|source| io_error(&folder, source))?;
        let manifest_file = manifest_file(&file);
        for path in [&file, &manifest_file] {
            if path.exists() {
                return Err(BackupError::Exists(path.clone()));
            }
        }
        let name = name_of(&file);
        store.write(Taken(self, &name)).await?;
        // for its owner's eyes only, and gone if it does not come to an end
        let copy = NamedTempFile::new_in(&folder).map_err(|source| io_error(&folder, source))?;
        let (server, copied) = self.copy(copy.path()).await?;
        let path = copy.path().to_owned();
        let (bytes, sha256) = blocking(move || measured(&path)).await?;
        let mut reader = store.read().await?;
        let manifest = Manifest {
            form: FORM,
            made_at: self.now.to_string(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            database: kind.to_owned(),
            server,
            file: name,
            bytes,
            sha256,
            migrations: copied.steps.clone(),
            keys: NeededKeys {
                fingerprint: keys::fingerprint(&mut reader).await?,
                numbers: copied.keys.iter().copied().collect(),
                note: NOTE.to_owned(),
            },
            head: copied.head.to_string(),
            tables: copied.tables.iter().map(TableEntry::of).collect(),
        };
        drop(reader);
        keep(copy, &file)?;
        write_manifest(&manifest, &manifest_file)?;
        Ok(Made {
            file,
            manifest_file,
            manifest,
        })
    }

    fn file(&self, kind: &str) -> PathBuf {
        match &self.place {
            Place::File(file) => file.clone(),
            Place::Folder(folder) => {
                let instant = self.now.to_string();
                let digits: String = instant.chars().filter(|c| c.is_ascii_digit()).collect();
                let (day, time) = digits.split_at_checked(8).unwrap_or((&digits, ""));
                let end = if kind == SQLITE { "sqlite" } else { "dump" };
                folder.join(format!("dinggang-{day}T{time}Z.{end}"))
            }
        }
    }

    /// Copies, and compares the copy with the state that was copied: the version of the
    /// database, and what both hold.
    async fn copy(&self, file: &Path) -> Result<(String, Contents), BackupError> {
        let store = &self.office.store;
        let server = store.server().await?;
        let copied = match store.copy_into(file).await? {
            Some(mut state) => {
                let original = state.contents().await?;
                let copy = Store::look_into(file).await?;
                let same = compared(&copy, &original, BackupError::Differs).await;
                copy.close().await;
                same?;
                original
            }
            None => self.dump(&server, file).await?,
        };
        Ok((server, copied))
    }

    async fn dump(&self, server: &str, file: &Path) -> Result<Contents, BackupError> {
        let number = server.parse().unwrap_or(0);
        let mut state = self.office.store.exported_state().await?;
        let job = Job {
            tools: self.tools.clone(),
            server: number,
            file: file.to_owned(),
        };
        job.dump(self.url.to_owned(), state.snapshot.clone())
            .await?;
        let original = state.contents().await?;
        drop(state);
        match self.scratch {
            Some(url) => job.check(url, &original).await?,
            None => {
                let store = &self.office.store;
                let name = DatabaseName::numbered(self.office.chance.seed());
                let url = name.beside(self.url).unwrap_or_default();
                let made = store.make_database(&name).await;
                made.map_err(BackupError::NoScratch)?;
                let checked = job.check(&url, &original).await;
                store.remove_database(&name).await?;
                checked?;
            }
        }
        Ok(original)
    }
}

/// Asks for the right and tells the trail, before anything is taken out.
struct Taken<'a>(&'a Backup<'a>, &'a str);

impl Write for Taken<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let Backup {
            office, actor, now, ..
        } = self.0;
        permit(actor, Action::RunBackup, &Subject::Installation)?;
        let who = Who::actor(actor);
        let told = Told {
            after: Some(json!({ "file": self.1 })),
            ..Told::new(&who, What::Action(Action::RunBackup), About::default())
        };
        Ok(tell(office, tx, told, *now).await?)
    }
}

/// What PostgreSQL's own programs are to do with a file.
struct Job {
    tools: Tools,
    server: u32,
    file: PathBuf,
}

impl Job {
    async fn dump(&self, url: String, snapshot: String) -> Result<(), BackupError> {
        let (tools, server, file) = (self.tools.clone(), self.server, self.file.clone());
        Ok(blocking(move || tools.dump(server, &url, &snapshot, &file)).await?)
    }

    async fn restore(&self, url: &str) -> Result<(), BackupError> {
        let (tools, server, file) = (self.tools.clone(), self.server, self.file.clone());
        let url = url.to_owned();
        Ok(blocking(move || tools.restore(server, &url, &file)).await?)
    }

    /// Restores into an empty database and compares.
    async fn check(&self, url: &str, original: &Contents) -> Result<(), BackupError> {
        let scratch = Store::connect(url, Options::default()).await?;
        let checked = async {
            if !scratch.is_empty().await? {
                return Err(BackupError::NotEmpty);
            }
            self.restore(url).await?;
            compared(&scratch, original, BackupError::Differs).await
        };
        let checked = checked.await;
        scratch.close().await;
        checked
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // it was not cancelled, so it panicked
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Compares what a database holds with what it should, table by table.
async fn compared(
    store: &Store,
    wanted: &Contents,
    differs: fn(String) -> BackupError,
) -> Result<(), BackupError> {
    if !store.is_sound().await? {
        return Err(differs("integrity_check".to_owned()));
    }
    let mut reader = store.snapshot().await?;
    let steps = steps(&mut reader).await?;
    let names = wanted.tables.iter().map(|table| table.name.as_str());
    let found = contents_of(&mut reader, &steps, names).await?;
    for (one, other) in wanted.tables.iter().zip(&found.tables) {
        if one != other {
            return Err(differs(one.name.clone()));
        }
    }
    if found != *wanted {
        return Err(differs("migrations, keys or audit head".to_owned()));
    }
    Ok(())
}

const SQLITE: &str = "sqlite";
const POSTGRES: &str = "postgres";

fn kind(store: &Store) -> &'static str {
    match store.file() {
        Some(_) => SQLITE,
        None => POSTGRES,
    }
}

fn io_error(path: &Path, source: io::Error) -> BackupError {
    BackupError::Io {
        path: path.to_owned(),
        source,
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn name_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str());
    name.to_string_lossy().into_owned()
}

/// The manifest of a backup: beside it, under its name and `.json`.
pub fn manifest_file(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".json");
    PathBuf::from(name)
}

/// Bytes and SHA-256 of a file, which may be larger than the memory.
fn measured(path: &Path) -> Result<(u64, String), BackupError> {
    let read = || -> io::Result<(u64, String)> {
        let mut file = File::open(path)?;
        let (mut hash, mut bytes) = (Sha256::new(), 0);
        let mut piece = vec![0; 1 << 16];
        loop {
            let count = file.read(&mut piece)?;
            if count == 0 {
                return Ok((bytes, HEXLOWER.encode(&hash.finalize())));
            }
            bytes += count as u64;
            hash.update(piece.get(..count).unwrap_or_default());
        }
    };
    read().map_err(|source| io_error(path, source))
}

/// Gives a finished file its name, on disk, and over nothing.
fn keep(copy: NamedTempFile, file: &Path) -> Result<(), BackupError> {
    let synced = File::open(copy.path()).and_then(|opened| opened.sync_all());
    synced.map_err(|source| io_error(file, source))?;
    copy.persist_noclobber(file)
        .map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(file.to_owned()),
            _ => io_error(file, error.error),
        })?;
    let folder = folder(file);
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| io_error(folder, source))
}

fn write_manifest(manifest: &Manifest, file: &Path) -> Result<(), BackupError> {
    let folder = folder(file);
    let written = || -> io::Result<NamedTempFile> {
        let mut copy = NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut copy, manifest)?;
        Ok(copy)
    };
    keep(written().map_err(|source| io_error(file, source))?, file)
}

impl TableEntry {
    fn of(table: &Table) -> Self {
        Self {
            name: table.name.clone(),
            rows: table.rows,
            digest: HEXLOWER.encode(table.digest.bytes()),
        }
    }

    fn table(&self) -> Option<Table> {
        let digest = HEXLOWER.decode(self.digest.as_bytes()).ok()?;
        Some(Table {
            name: self.name.clone(),
            rows: self.rows,
            digest: RowSum::new(digest.try_into().ok()?),
        })
    }
}

impl Manifest {
    /// Reads the manifest of a backup, and holds the file itself against it.
    ///
    /// Errors: `NoManifest`, `BadManifest`, `Damaged`.
    pub fn of_file(file: &Path) -> Result<Self, BackupError> {
        let path = manifest_file(file);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BackupError::NoManifest(path));
            }
            Err(source) => return Err(io_error(&path, source)),
        };
        let manifest: Self = serde_json::from_str(&text).map_err(|error| {
            let detail = error.to_string();
            let path = path.clone();
            BackupError::BadManifest { path, detail }
        })?;
        let (bytes, sha256) = measured(file)?;
        if (bytes, &sha256) != (manifest.bytes, &manifest.sha256) {
            return Err(BackupError::Damaged(file.to_owned()));
        }
        Ok(manifest)
    }

    fn contents(&self, path: &Path) -> Result<Contents, BackupError> {
        let bad = |detail: &str| BackupError::BadManifest {
            path: path.to_owned(),
            detail: detail.to_owned(),
        };
        let tables = self.tables.iter().map(TableEntry::table);
        let tables: Option<Vec<Table>> = tables.collect();
        Ok(Contents {
            steps: self.migrations.clone(),
            tables: tables.ok_or_else(|| bad("tables"))?,
            head: self.head.parse::<Head>().map_err(|_| bad("head"))?,
            keys: self.keys.numbers.iter().copied().collect(),
        })
    }

    fn kind(&self, path: &Path) -> Result<&'static str, BackupError> {
        let known = [SQLITE, POSTGRES].into_iter();
        let mut same = known.filter(|kind| *kind == self.database);
        same.next().ok_or_else(|| BackupError::BadManifest {
            path: path.to_owned(),
            detail: "database".to_owned(),
        })
    }
}

/// A backup to be brought back.
pub struct Restore<'a> {
    pub file: &'a Path,
    /// The address of the database: an empty one.
    pub url: &'a str,
    pub tools: &'a Tools,
    pub chance: &'a Chance,
    /// How the machine knows whoever does it.
    pub name: &'a str,
    pub now: Timestamp,
}

/// What was brought back.
#[derive(Clone, Debug)]
pub struct Restored {
    pub manifest: Manifest,
    /// The tables are those of an older version: they have to be brought up to date.
    pub is_outdated: bool,
}

impl Restore<'_> {
    /// Brings it back. The file is held against its manifest first; what was restored is
    /// compared with it row for row, and the chain of the trail is recomputed.
    pub async fn run(&self) -> Result<Restored, BackupError> {
        let manifest = Manifest::of_file(self.file)?;
        let path = manifest_file(self.file);
        let wanted = manifest.contents(&path)?;
        let known = contents_known(&wanted);
        if !known {
            return Err(BackupError::Newer(manifest.program));
        }
        let backup = manifest.kind(&path)?;
        let target = if self.url.starts_with("sqlite:") {
            SQLITE
        } else {
            POSTGRES
        };
        if backup != target {
            return Err(BackupError::OtherKind { backup, target });
        }
        match target {
            SQLITE => self.file_back(&wanted).await?,
            _ => self.server_back(&wanted).await?,
        }
        let store = Store::connect(self.url, Options::default()).await?;
        let told = self.told(&store, &manifest).await;
        let is_outdated = store.is_current().await.map(|current| !current);
        store.close().await;
        told?;
        Ok(Restored {
            manifest,
            is_outdated: is_outdated?,
        })
    }

    /// A file that is put where none is, or an empty one.
    async fn file_back(&self, wanted: &Contents) -> Result<(), BackupError> {
        let target = sqlite_file(self.url);
        must_be_free(&target).await?;
        let folder = folder(&target);
        let copied = || -> io::Result<NamedTempFile> {
            let mut copy = NamedTempFile::new_in(folder)?;
            io::copy(&mut File::open(self.file)?, &mut copy)?;
            copy.as_file().sync_all()?;
            Ok(copy)
        };
        let copy = copied().map_err(|source| io_error(&target, source))?;
        let looked = Store::look_into(copy.path()).await?;
        let same = compared(&looked, wanted, BackupError::Lost).await;
        let whole = verified(&looked, wanted).await;
        looked.close().await;
        same?;
        whole?;
        if target.exists() {
            // it was found to be empty
            fs::remove_file(&target).map_err(|source| io_error(&target, source))?;
        }
        match keep(copy, &target) {
            Err(BackupError::Exists(_)) => Err(BackupError::NotEmpty),
            kept => kept,
        }
    }

    async fn server_back(&self, wanted: &Contents) -> Result<(), BackupError> {
        let store = Store::connect(self.url, Options::default()).await?;
        let restored = async {
            if !store.is_empty().await? {
                return Err(BackupError::NotEmpty);
            }
            let server = store.server().await?;
            let job = Job {
                tools: self.tools.clone(),
                server: server.parse().unwrap_or(0),
                file: self.file.to_owned(),
            };
            job.restore(self.url).await?;
            compared(&store, wanted, BackupError::Lost).await?;
            verified(&store, wanted).await
        };
        let restored = restored.await;
        store.close().await;
        restored
    }

    async fn told(&self, store: &Store, manifest: &Manifest) -> Result<(), BackupError> {
        let salt = self.chance.bytes();
        let after = json!({ "file": manifest.file, "made_at": manifest.made_at });
        let detail = Detail::new(salt, None, Some(&after), None);
        let who = Who::other(Source::Command, self.name);
        let what = What::Occurrence(Occurrence::Restored);
        let id = self.chance.id(self.now);
        let event = Event::new(id, self.now, who, &what, About::default(), detail);
        Ok(store.write(Tell(event)).await?)
    }
}

struct Tell(Event);

impl Write for Tell {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        audit::append(tx, &self.0).await
    }
}

/// Whether this program knows every table and every step of a backup.
fn contents_known(wanted: &Contents) -> bool {
    let newest = crate::store::newest_step();
    let tables = crate::store::tables();
    wanted.steps.iter().all(|step| *step <= newest)
        && wanted
            .tables
            .iter()
            .all(|table| tables.contains(&table.name.as_str()))
}

/// The whole chain, which must go as far as it went.
async fn verified(store: &Store, wanted: &Contents) -> Result<(), BackupError> {
    let mut reader = store.snapshot().await?;
    let heads = [wanted.head];
    let exported = if wanted.head == Head::START {
        &heads[..0]
    } else {
        &heads[..]
    };
    let found = audit::verify(&mut reader, exported).await?;
    found.map(|_| ()).map_err(BackupError::Tampered)
}

/// The file that an address of SQLite names.
fn sqlite_file(url: &str) -> PathBuf {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or(path);
    PathBuf::from(path)
}

/// There is no file, or one with nothing in it; and nothing that a database left beside it.
async fn must_be_free(target: &Path) -> Result<(), BackupError> {
    for end in ["-wal", "-shm", "-journal"] {
        let mut beside = target.as_os_str().to_owned();
        beside.push(end);
        if Path::new(&beside).exists() {
            return Err(BackupError::NotEmpty);
        }
    }
    match fs::metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(io_error(target, source)),
        Ok(found) if found.len() == 0 => Ok(()),
        Ok(_) => {
            let store = Store::look_into(target).await?;
            let empty = store.is_empty().await;
            store.close().await;
            match empty {
                Ok(true) => Ok(()),
                // what is no database is not empty either
                Ok(false) | Err(_) => Err(BackupError::NotEmpty),
            }
        }
    }
}

/// What a running database holds, for whoever wants to compare two of them.
pub async fn holds(store: &Store) -> Result<Contents, ServiceError> {
    let mut reader = store.snapshot().await?;
    Ok(contents(&mut reader).await?)
}
