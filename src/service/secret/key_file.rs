//! The file of keys: made on the first start, for its owner's eyes only, replaced whole or
//! not at all.

use super::key_ring::{KeyFault, KeyRing};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    /// Others than the owner may read or write it; the permission bits.
    #[error("{path}: may be read by others (mode {mode:o}); it has to be 600")]
    TooOpen { path: PathBuf, mode: u32 },
    #[error("{path}: {fault}")]
    Fault { path: PathBuf, fault: KeyFault },
}

/// Reads the file; None when there is none. Whether a new one may be made then is for the
/// caller to say: a database that was written with other keys needs those.
pub fn open(path: &Path) -> Result<Option<KeyRing>, KeyFileError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => zeroize::Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(io_error(path, source)),
    };
    must_be_private(path)?;
    let ring = KeyRing::parse(&text).map_err(|fault| KeyFileError::Fault {
        path: path.to_owned(),
        fault,
    })?;
    Ok(Some(ring))
}

/// Writes the first file. Fails when one is there: keys are never overwritten.
pub fn create(path: &Path, ring: &KeyRing) -> Result<(), KeyFileError> {
    let file = written_beside(path, ring).map_err(|source| io_error(path, source))?;
    file.persist_noclobber(path)
        .map_err(|error| io_error(path, error.error))?;
    sync_folder(path)
}

/// Replaces the file after a rotation: at every moment the old one or the new one is there.
pub fn replace(path: &Path, ring: &KeyRing) -> Result<(), KeyFileError> {
    let file = written_beside(path, ring).map_err(|source| io_error(path, source))?;
    file.persist(path)
        .map_err(|error| io_error(path, error.error))?;
    sync_folder(path)
}

/// A file in the same folder with all of the keys on disk. Such files are made for the
/// owner alone.
fn written_beside(path: &Path, ring: &KeyRing) -> io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new_in(folder(path))?;
    file.write_all(ring.render().as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A name is on disk once its folder is.
fn sync_folder(path: &Path) -> Result<(), KeyFileError> {
    let synced = fs::File::open(folder(path)).and_then(|folder| folder.sync_all());
    synced.map_err(|source| io_error(path, source))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn must_be_private(path: &Path) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).map_err(|source| io_error(path, source))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(KeyFileError::TooOpen {
        path: path.to_owned(),
        mode,
    })
}

#[cfg(not(unix))]
fn must_be_private(_: &Path) -> Result<(), KeyFileError> {
    Ok(())
}

fn io_error(path: &Path, source: io::Error) -> KeyFileError {
    KeyFileError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;
    use crate::service::secret::random::tests::Counting;
    use std::os::unix::fs::PermissionsExt;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    #[test]
    fn the_file_is_its_owners_and_is_never_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("dinggang.key");
        assert!(open(&path).expect("no file is no mistake").is_none());
        let mut ring = KeyRing::generate(NOW, &mut Counting(0));
        create(&path, &ring).expect("made");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let other = KeyRing::generate(NOW, &mut Counting(9));
        assert!(matches!(
            create(&path, &other),
            Err(KeyFileError::Io { .. })
        ));
        ring.rotate(NOW, &mut Counting(50));
        replace(&path, &ring).expect("replaced");
        let read = open(&path).expect("readable").expect("there");
        assert_eq!(
            (read.current_id(), read.fingerprint()),
            (2, ring.fingerprint())
        );
        let files = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(files, 1, "nothing is left beside it");
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("dinggang.key");
        create(&path, &KeyRing::generate(NOW, &mut Counting(0))).expect("made");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("mine");
        let refused = open(&path);
        assert!(matches!(
            refused,
            Err(KeyFileError::TooOpen { mode: 0o640, .. })
        ));
    }
}
