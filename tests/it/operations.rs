//! What an operator does at the machine's command line.

use crate::cli::dinggang;
use std::path::Path;
use tempfile::TempDir;

const FINE: i32 = 0;
const USAGE: i32 = 3;

/// A machine of its own: a database, a file of keys, a configuration.
pub struct Machine {
    pub folder: TempDir,
    url: String,
}

impl Machine {
    /// With a SQLite file and all tables.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("records.db").display());
        let machine = Self { folder, url };
        assert_eq!(machine.run(&["migrate"]).code, FINE);
        machine
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command in English.
    pub fn run(&self, arguments: &[&str]) -> crate::cli::Ran {
        let setting = |key: &str, path: &Path| format!("{key}={}", path.display());
        let keys = setting("key_file", &self.path("dinggang.key"));
        let data = setting("data_dir", &self.path("data"));
        let mut all = arguments.to_vec();
        all.extend(["--database", &self.url, "--lang", "en"]);
        all.extend(["--setting", &keys, "--setting", &data]);
        all.extend(["--setting", "public_url=https://dg.example.cn"]);
        dinggang(all)
    }

    fn fine(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, FINE, "{arguments:?}: {}", ran.err);
        ran.out
    }
}

#[test]
fn accounts_from_the_command_line() {
    let machine = Machine::new();
    let invite = [
        "user",
        "add",
        "zhang.san",
        "--name",
        "张三",
        "--role",
        "auditor",
    ];
    let ran = machine.run(&invite);
    assert_eq!(ran.code, FINE, "{}", ran.err);
    assert!(
        ran.err.contains("dinggang.key"),
        "a new file of keys is told of: {}",
        ran.err
    );
    let link = ran.out.lines().last().expect("a link");
    assert!(
        link.starts_with("https://dg.example.cn/set-up/dgl_"),
        "{link}"
    );
    let again = machine.run(&invite);
    assert_eq!(again.code, USAGE);
    assert!(again.err.contains("user name"), "{}", again.err);
    assert!(
        !again.err.contains("dinggang.key"),
        "the keys are there: {}",
        again.err
    );

    let reviewer = [
        "--role",
        "reviewer",
        "--authority",
        "health",
        "--area",
        "150199",
    ];
    let mut grant = vec!["user", "grant", "Zhang.San"];
    grant.extend(reviewer);
    machine.fine(&grant);
    let list = machine.fine(&["user", "list"]);
    for told in [
        "zhang.san",
        "张三",
        "not set up yet",
        "1. auditor everywhere",
        "150199",
    ] {
        assert!(list.contains(told), "{told}: {list}");
    }
    machine.fine(&["user", "take-back", "zhang.san", "1"]);
    assert!(!machine.fine(&["user", "list"]).contains("everywhere"));
    let other = machine.fine(&["user", "link", "zhang.san"]);
    assert_ne!(other.lines().last(), Some(link), "a new link each time");

    // nobody set it up, so that there is nothing to lock
    assert_eq!(machine.run(&["user", "lock", "zhang.san"]).code, USAGE);
    assert!(
        machine
            .fine(&["user", "disable", "zhang.san"])
            .contains("disabled")
    );
    let enabled = machine.fine(&["user", "enable", "zhang.san"]);
    assert!(
        enabled.contains("not set up yet") && enabled.contains("/set-up/dgl_"),
        "{enabled}"
    );
    let trail = machine.fine(&["audit", "verify"]);
    assert!(trail.contains("whole"), "{trail}");
}

#[test]
fn arguments_that_do_not_fit_a_role_are_refused() {
    let machine = Machine::new();
    let refused = |arguments: &[&str], told: &str| {
        let mut all = vec!["user", "invite", "wang.li", "--name", "王丽", "--role"];
        all.extend(arguments);
        let ran = machine.run(&all);
        assert_eq!(ran.code, USAGE, "{arguments:?}");
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    };
    refused(&["reviewer", "--area", "150199"], "--authority");
    refused(&["reviewer", "--authority", "health"], "--area");
    refused(&["institution_hr"], "--institution");
    refused(&["institution_hr", "--institution", "NM001"], "NM001");
    refused(&["staff"], "--person");
    refused(
        &["staff", "--person", "11010519491231002X"],
        "identity number",
    );
    // who is to keep one county must not get all of them by a slip
    refused(&["auditor", "--institution", "NM001"], "--institution");
    refused(&["administrator", "--area", "1501990"], "1501990");
    refused(&["director"], "director");
    assert_eq!(machine.run(&["user", "unlock", "nobody.here"]).code, USAGE);
    assert!(!machine.fine(&["user", "list"]).contains("wang.li"));
}

#[test]
fn a_backup_from_the_command_line_and_back() {
    let machine = Machine::new();
    machine.fine(&[
        "user",
        "add",
        "zhang.san",
        "--name",
        "张三",
        "--role",
        "auditor",
    ]);
    let out = machine.fine(&["backup"]);
    assert!(
        out.contains("row for row") && out.contains("nothing in the backup is encrypted"),
        "{out}"
    );
    let named = machine.path("one.sqlite");
    let named = named.to_str().expect("a path");
    machine.fine(&["backup", "--out", named]);
    assert_eq!(
        machine.run(&["backup", "--out", named]).code,
        USAGE,
        "over no file"
    );

    let refused = machine.run(&["restore", named]);
    assert_eq!(refused.code, USAGE);
    assert!(refused.err.contains("not empty"), "{}", refused.err);
    let other = format!("sqlite://{}", machine.path("other.db").display());
    let elsewhere = machine.path("elsewhere.key");
    let elsewhere = format!("key_file={}", elsewhere.display());
    let restored = dinggang([
        "restore",
        named,
        "--database",
        &other,
        "--lang",
        "en",
        "--setting",
        &elsewhere,
    ]);
    assert_eq!(restored.code, FINE, "{}", restored.err);
    assert!(
        restored.out.contains("does not hold the keys"),
        "{}",
        restored.out
    );
    let keys = format!("key_file={}", machine.path("dinggang.key").display());
    let list = dinggang([
        "user",
        "list",
        "--database",
        &other,
        "--lang",
        "en",
        "--setting",
        &keys,
    ]);
    assert!(list.out.contains("zhang.san"), "{}{}", list.out, list.err);
    let verified = dinggang(["audit", "verify", "--database", &other, "--lang", "en"]);
    assert_eq!(verified.code, FINE, "{}", verified.out);
}
