//! Programs that are not ours, in Python: a mail server and a reader of calendars. They live
//! in a folder under `target`, made once from `tests/python/requirements.txt`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The interpreter with what the tests need.
///
/// `DINGGANG_TEST_PYTHON` names another one that has it.
pub fn interpreter() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        if let Some(named) = std::env::var_os("DINGGANG_TEST_PYTHON") {
            return named.into();
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-python");
        let python = folder.join("bin/python");
        if !works(&python) {
            make(&folder);
        }
        assert!(
            works(&python),
            "{} lacks aiosmtpd or icalendar",
            python.display()
        );
        python
    })
}

fn works(python: &Path) -> bool {
    let tried = Command::new(python)
        .args(["-c", "import aiosmtpd, icalendar"])
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

fn make(folder: &Path) {
    let run = |command: &mut Command| {
        let status = command.status().expect("it runs");
        assert!(status.success(), "{command:?}");
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(folder));
    run(Command::new(folder.join("bin/pip"))
        .args(["install", "--quiet", "-r"])
        .arg(script("requirements.txt")));
}

/// A file of `tests/python`.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/python")
        .join(name)
}
