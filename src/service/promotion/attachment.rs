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
    /// The folder for files.
    pub folder: &'a Path,
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
        keep(self.folder, &digest, self.bytes).map_err(ServiceError::Files)?;
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

/// Writes the bytes under their digest, whole or not at all; what is there already is the
/// same.
fn keep(folder: &Path, digest: &[u8; 32], bytes: &[u8]) -> std::io::Result<()> {
    let path = path(folder, digest);
    let folder = path.parent().unwrap_or(folder);
    std::fs::create_dir_all(folder)?;
    if path.exists() {
        return Ok(());
    }
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
    folder: &Path,
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
    let bytes = std::fs::read(path(folder, &file.digest)).map_err(ServiceError::Files)?;
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    if digest != file.digest {
        return Err(Refusal::FileDamaged.into());
    }
    Ok((file, bytes))
}
