//! Files of applications. Their bytes lie in a folder that no web server serves, each under
//! its own digest; the row in the records is written after the bytes, so that a row always
//! has its file.

use super::{Acting, Doer, case, concerned};
use crate::domain::attachment::{Attachment, MOST, accept};
use crate::domain::promotion::Command;
use crate::domain::record::{Id, Version};
use crate::domain::record_id::{ApplicationId, InstitutionId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::time::Timestamp;
use crate::service::{Office, ServiceError};
use crate::store::{Tx, Write, attachment as kept, locus, promotion};
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// Adds a file to an application.
#[derive(Clone, Copy)]
pub struct Attach<'a> {
    pub office: &'a Office,
    pub actor: &'a Actor,
    pub id: ApplicationId,
    pub seen: Version,
    /// As it was called where it comes from.
    pub name: &'a str,
    pub bytes: &'a [u8],
    pub now: Timestamp,
}

impl Attach<'_> {
    /// Keeps the file.
    ///
    /// Refused: what is wrong with the file, [`Refusal::FilesTooMany`], or that it is not
    /// the turn for files.
    pub async fn run(self) -> Result<Attachment, ServiceError> {
        let kind = accept(self.name, self.bytes)?;
        let digest: [u8; 32] = Sha256::digest(self.bytes).into();
        let institutions = concerned(self.office, self.id, &Command::Attach).await?;
        // asked before anything is kept, and again with the row
        let mut reader = self.office.store.read().await?;
        let found = promotion::find(&mut reader, self.id).await?;
        let application = found.ok_or(ServiceError::NotFound)?;
        let today = self.now.shanghai_day();
        let place = locus::of_institution(&mut reader, application.institution, today).await?;
        drop(reader);
        let subject = Subject::Application(case(&application, place));
        permit(self.actor, Action::DraftApplication, &subject)?;
        keep(&self.office.files, &digest, self.bytes).map_err(ServiceError::Files)?;
        let file = Attachment {
            id: self.office.chance.id(self.now),
            application: self.id,
            added: self.now,
            account: Some(self.actor.account),
            name: self.name.to_owned(),
            kind,
            bytes: self.bytes.len() as u64,
            digest,
        };
        let adding = Adding {
            acting: Acting {
                office: self.office,
                doer: Doer::Actor(self.actor),
                id: self.id,
                seen: Some(self.seen),
                command: &Command::Attach,
                override_reason: None,
                institutions,
                now: self.now,
            },
            file: &file,
        };
        self.office.store.write(adding).await?;
        Ok(file)
    }
}

struct Adding<'a> {
    acting: Acting<'a>,
    file: &'a Attachment,
}

impl Write for Adding<'_> {
    type Out = ();
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        self.acting.institutions()
    }

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        self.acting.run(tx).await?;
        let files = kept::of_application(tx, self.file.application).await?;
        if u32::try_from(files.len()).map_or(true, |count| count >= MOST) {
            return Err(Refusal::FilesTooMany { maximum: MOST }.into());
        }
        Ok(kept::add(tx, self.file).await?)
    }
}

fn path(folder: &Path, digest: &[u8; 32]) -> PathBuf {
    let name = data_encoding::HEXLOWER.encode(digest);
    let (first, _) = name.split_at(2);
    folder.join(first).join(&name)
}

/// Writes the bytes under their digest, whole or not at all. What is there already is the
/// same, and is put there anew, so that nobody takes it for one that is left over.
fn keep(folder: &Path, digest: &[u8; 32], bytes: &[u8]) -> std::io::Result<()> {
    let path = path(folder, digest);
    let folder = path.parent().unwrap_or(folder);
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// A file in the actor's scope, with its bytes.
///
/// Refused: [`Refusal::FileDamaged`] when they are not those that were stored.
pub async fn attachment(
    office: &Office,
    actor: &Actor,
    id: Id<Attachment>,
    now: Timestamp,
) -> Result<(Attachment, Vec<u8>), ServiceError> {
    let mut reader = office.store.read().await?;
    let file = kept::find(&mut reader, id).await?;
    let file = file.ok_or(ServiceError::NotFound)?;
    let found = promotion::find(&mut reader, file.application).await?;
    let application = found.ok_or(ServiceError::NotFound)?;
    let today = now.shanghai_day();
    let place = locus::of_institution(&mut reader, application.institution, today).await?;
    drop(reader);
    let subject = Subject::Application(case(&application, place));
    permit(actor, Action::ReadApplication, &subject)?;
    let bytes = std::fs::read(path(&office.files, &file.digest)).map_err(ServiceError::Files)?;
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    if digest != file.digest {
        return Err(Refusal::FileDamaged.into());
    }
    Ok((file, bytes))
}

/// Files that no row names are left alone for so long: somebody may be about to name them.
const LEFT_OVER: Duration = Duration::from_secs(24 * 3600);

/// Takes away files that no application names any more: how many. Rows go when somebody is
/// forgotten, and a write may fail after its file was kept.
pub async fn sweep_files(office: &Office, now: Timestamp) -> Result<u64, ServiceError> {
    let left_over = left_over(&office.files, now).map_err(ServiceError::Files)?;
    let mut swept = 0;
    for (path, digest) in left_over {
        let mut reader = office.store.read().await?;
        let named = kept::is_named(&mut reader, &digest).await?;
        drop(reader);
        // asked again: it may have been put there anew meanwhile
        if !named && is_old(&path, now).unwrap_or(false) {
            std::fs::remove_file(&path).map_err(ServiceError::Files)?;
            swept += 1;
        }
    }
    Ok(swept)
}

/// Files that have lain there for long, with the digests that they are named after.
fn left_over(folder: &Path, now: Timestamp) -> std::io::Result<Vec<(PathBuf, [u8; 32])>> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for below in std::fs::read_dir(folder)? {
        let below = below?.path();
        if !below.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(below)? {
            let path = file?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let digest = name.and_then(|name| {
                let bytes = data_encoding::HEXLOWER.decode(name.as_bytes()).ok()?;
                bytes.try_into().ok()
            });
            if let Some(digest) = digest
                && is_old(&path, now)?
            {
                found.push((path, digest));
            }
        }
    }
    Ok(found)
}

fn is_old(path: &Path, now: Timestamp) -> std::io::Result<bool> {
    let since = path.metadata()?.modified()?.duration_since(UNIX_EPOCH);
    let since = since.unwrap_or_default();
    let now = u64::try_from(now.micros()).map_or(Duration::ZERO, Duration::from_micros);
    Ok(now.saturating_sub(since) > LEFT_OVER)
}
