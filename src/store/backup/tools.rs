//! The programs of PostgreSQL that copy a database and bring it back. They are found on the
//! path or where distributions put them; of several the newest is taken, because an older
//! one cannot read a newer server.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use url::Url;

/// One of the programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Dump,
    Restore,
}

impl Tool {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dump => "pg_dump",
            Self::Restore => "pg_restore",
        }
    }
}

/// Why a program could not do it.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It is not installed.
    #[error("{0} is not installed")]
    Missing(&'static str),
    /// The newest one that is installed is older than the server; major numbers.
    #[error("{tool} is of version {found}, older than the server, which is {server}")]
    TooOld {
        tool: &'static str,
        found: u32,
        server: u32,
    },
    /// What it said.
    #[error("{tool}: {said}")]
    Failed { tool: &'static str, said: String },
    #[error("{tool}: {source}")]
    Io {
        tool: &'static str,
        source: io::Error,
    },
}

/// Finds programs in folders.
#[derive(Clone, Debug)]
pub struct Tools {
    folders: Vec<PathBuf>,
}

impl Tools {
    /// In the folders of the path, then where distributions put them.
    pub fn of_system() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        folders.extend(versions("/usr/lib/postgresql"));
        folders.extend(versions("/usr/local/opt"));
        Self { folders }
    }

    /// In these folders alone.
    pub fn in_folders(folders: Vec<PathBuf>) -> Self {
        Self { folders }
    }

    /// The newest program, if it is no older than the server, whose major number is given.
    pub fn find(&self, tool: Tool, server: u32) -> Result<PathBuf, ToolError> {
        let programs = self.folders.iter().map(|folder| folder.join(tool.name()));
        let found = programs.filter_map(|program| Some((version(&program)?, program)));
        // the first of the newest, which is the one that the path prefers
        let newest = found.reduce(|best, one| if one.0 > best.0 { one } else { best });
        match newest {
            None => Err(ToolError::Missing(tool.name())),
            Some((found, _)) if found < server => Err(ToolError::TooOld {
                tool: tool.name(),
                found,
                server,
            }),
            Some((_, program)) => Ok(program),
        }
    }

    /// Copies the state of a database that was exported as `snapshot` into a file, in
    /// PostgreSQL's own form.
    pub fn dump(
        &self,
        server: u32,
        url: &str,
        snapshot: &str,
        file: &Path,
    ) -> Result<(), ToolError> {
        let program = self.find(Tool::Dump, server)?;
        let mut command = command(&program, url);
        command
            .args(["--format=custom", "--no-owner", "--no-privileges"])
            .arg(format!("--snapshot={snapshot}"))
            .arg(with("--file=", file));
        run(Tool::Dump, command)
    }

    /// Brings a file back into an empty database: all of it or nothing.
    pub fn restore(&self, server: u32, url: &str, file: &Path) -> Result<(), ToolError> {
        let program = self.find(Tool::Restore, server)?;
        let mut command = command(&program, url);
        command
            .args(["--exit-on-error", "--single-transaction"])
            .args(["--no-owner", "--no-privileges"])
            .arg(file);
        run(Tool::Restore, command)
    }
}

/// `FOLDER/16/bin` and the like.
fn versions(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    folders
}

/// `pg_dump (PostgreSQL) 17.6 (Debian …)`: 17.
fn version(program: &Path) -> Option<u32> {
    if !program.is_file() {
        return None;
    }
    let said = Command::new(program).arg("--version").output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    let (_, number) = said.split_once(") ")?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn with(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(path);
    argument
}

/// The program with the address of the database. The password goes by the environment:
/// others on the machine can see arguments.
fn command(program: &Path, url: &str) -> Command {
    let mut command = Command::new(program);
    let (address, password) = apart(url);
    command.arg(format!("--dbname={address}"));
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    // sentences of the server are passed on as they are
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// The address without its password, as PostgreSQL's own programs read it, and the password.
fn apart(url: &str) -> (String, Option<String>) {
    let Ok(mut address) = Url::parse(url) else {
        return (url.to_owned(), None);
    };
    let mut password = address.password().map(decoded);
    // it can be taken away from every address that has one
    let _ = address.set_password(None);
    let mut kept = Vec::new();
    for (key, value) in address.query_pairs().into_owned() {
        match key.as_str() {
            "password" => password = Some(value),
            // the driver's own
            "statement-cache-capacity" => {}
            // the driver also takes these with hyphens
            _ => kept.push((key.replace('-', ""), value)),
        }
    }
    address.set_query(None);
    if !kept.is_empty() {
        address.query_pairs_mut().extend_pairs(kept);
    }
    // forms write a space as a plus, addresses do not
    (String::from(address).replace('+', "%20"), password)
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let pair = behind.first_chunk::<2>().filter(|_| *first == b'%');
        let byte =
            pair.and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = match byte {
            Some(_) => behind.get(2..).unwrap_or_default(),
            None => behind,
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Lines of what a program says that are passed on.
const SAID: usize = 5;

fn run(tool: Tool, mut command: Command) -> Result<(), ToolError> {
    let tool = tool.name();
    let ended = command.stdin(Stdio::null()).output();
    let ended = ended.map_err(|source| ToolError::Io { tool, source })?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    let lines: Vec<&str> = said.lines().take(SAID).collect();
    Err(ToolError::Failed {
        tool,
        said: lines.join("\n"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn passwords_stand_apart() {
        let (address, password) = apart("postgres://hr:a%2Fb%25@db:5433/dinggang?sslmode=require");
        assert_eq!(address, "postgres://hr@db:5433/dinggang?sslmode=require");
        assert_eq!(password.as_deref(), Some("a/b%"));
        let (address, password) =
            apart("postgres://db/x?host=%2Frun%2Fa+b&password=p&ssl-mode=prefer");
        assert_eq!(
            address,
            "postgres://db/x?host=%2Frun%2Fa%20b&sslmode=prefer"
        );
        assert_eq!(password.as_deref(), Some("p"));
        assert_eq!(
            apart("postgres://db/x"),
            ("postgres://db/x".to_owned(), None)
        );
    }

    fn pretender(folder: &Path, version: &str) {
        std::fs::create_dir_all(folder).expect("a folder");
        let program = folder.join("pg_dump");
        let script = format!("#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n");
        std::fs::write(&program, script).expect("written");
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&program, executable).expect("mine");
    }

    #[test]
    fn the_newest_is_taken_and_must_not_be_older_than_the_server() {
        let folder = tempfile::tempdir().expect("a folder");
        let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
        let none = Tools::in_folders(vec![old.clone()]);
        assert!(matches!(
            none.find(Tool::Dump, 15),
            Err(ToolError::Missing("pg_dump"))
        ));
        pretender(&old, "14.2");
        let refused = none.find(Tool::Dump, 15);
        match refused {
            Err(ToolError::TooOld { found, server, .. }) => assert_eq!((found, server), (14, 15)),
            other => panic!("{other:?}"),
        }
        pretender(&new, "17.6 (Debian 17.6-1)");
        let both = Tools::in_folders(vec![old, new.clone()]);
        assert_eq!(
            both.find(Tool::Dump, 15).expect("found"),
            new.join("pg_dump")
        );
    }
}
