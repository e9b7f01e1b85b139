//! A folder instead of a mail server: every mail is a file that a mail program opens.
//! Nobody gets it.

use super::post::{Fault, Retry};
use lettre::Message;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Writes a mail as `NAME.eml`, whole or not at all. A mail of the same name is replaced.
pub fn put(folder: &Path, name: &str, message: &Message) -> Result<(), Fault> {
    write(folder, name, &message.formatted()).map_err(|error| Fault {
        retry: Retry::Unreachable,
        message: format!("the mail folder cannot be written: {error}"),
    })
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    let safe = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let name: String = name.chars().filter(|letter| safe(*letter)).collect();
    file.persist(folder.join(format!("{name}.eml")))?;
    Ok(())
}
