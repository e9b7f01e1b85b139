//! What the documents promise: every command in them runs and ends as they say, the output
//! they show is printed, both languages give the same commands, every dependency has its
//! reason, every code its explanation, and links lead somewhere.
//!
//! In a document a command is a line `cargo run --release -- …` of a fenced block, with
//! `# exit N` or `# 退出码 N` behind it where it does not end with 0. A fenced `text` block
//! after it is an excerpt of what it prints: lines in their order, `…` at the end of a line
//! for a line that goes on and alone for lines left out.

use crate::support::workbook::scratch;
use dinggang::domain::fault::{FaultCode, WarningCode};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const RUN: &str = "cargo run --release -- ";

/// Documents that say the same in both languages: English, Chinese.
const PAIRS: [(&str, &str); 3] = [
    ("README.md", "README.zh-CN.md"),
    ("docs/USER-GUIDE.md", "docs/USER-GUIDE.zh-CN.md"),
    ("docs/OPERATIONS.md", "docs/OPERATIONS.zh-CN.md"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// A command of a document.
#[derive(Debug)]
struct Step {
    /// Without the program's name.
    arguments: Vec<String>,
    exit: i32,
    excerpt: Vec<String>,
}

/// The fenced blocks of a document: language and lines.
fn blocks(text: &str) -> Vec<(String, Vec<String>)> {
    let mut blocks: Vec<(String, Vec<String>)> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        match (line.strip_prefix("```"), open) {
            (Some(language), false) => {
                blocks.push((language.trim().to_owned(), Vec::new()));
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => {
                if let Some((_, lines)) = blocks.last_mut() {
                    lines.push(line.to_owned());
                }
            }
            (None, false) => {}
        }
    }
    assert!(!open, "a block is not closed");
    blocks
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (language, lines) in blocks(text) {
        if language == "text" {
            if let Some(step) = steps.last_mut() {
                step.excerpt.extend(lines);
            }
            continue;
        }
        for line in lines {
            let Some(command) = line.strip_prefix(RUN) else {
                continue;
            };
            let (command, remark) = command.split_once(" # ").unwrap_or((command, ""));
            let number = remark
                .trim()
                .strip_prefix("exit ")
                .or_else(|| remark.trim().strip_prefix("退出码 "));
            let exit = number.map_or(0, |n| n.parse().expect("an exit code"));
            // single quotes are the shell's
            let arguments = command.split_whitespace();
            let arguments = arguments
                .map(|word| word.trim_matches('\'').to_owned())
                .collect();
            steps.push(Step {
                arguments,
                exit,
                excerpt: Vec::new(),
            });
        }
    }
    steps
}

/// A folder with what the commands need.
fn workplace() -> PathBuf {
    let folder = scratch();
    copy(&root().join("samples"), &folder.join("samples"));
    copy(&root().join("policies"), &folder.join("policies"));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copied");
        }
    }
}

/// Whether the lines of an excerpt are printed, in their order.
fn is_printed(excerpt: &[String], printed: &str) -> Result<(), String> {
    let mut lines = printed.lines().map(str::trim);
    for wanted in excerpt.iter().map(|line| line.trim()) {
        if wanted.is_empty() || wanted == "…" {
            continue;
        }
        let found = match wanted.strip_suffix('…') {
            Some(start) => lines.any(|line| line.starts_with(start.trim_end())),
            None => lines.any(|line| line == wanted),
        };
        if !found {
            return Err(format!("is not printed (in this order): {wanted}"));
        }
    }
    Ok(())
}

/// What a server says of those who may sign in. It is ended then: by itself it stays.
fn served(program: &mut Command) -> String {
    program.args(["--listen", "127.0.0.1:0"]);
    program.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = program.spawn().expect("the program runs");
    let said = BufReader::new(server.stdout.take().expect("its output"));
    let mut printed = String::new();
    for line in said.lines() {
        printed.push_str(&line.expect("UTF-8"));
        printed.push('\n');
        if printed.contains("guanli") {
            break;
        }
    }
    server.kill().expect("ended");
    server.wait().expect("over");
    printed
}

fn follow(document: &str, lang: &str) {
    let folder = workplace();
    let steps = steps(&read(document));
    assert!(steps.len() > 3, "{document}: the commands are found");
    for step in steps {
        let mut program = Command::new(env!("CARGO_BIN_EXE_dinggang"));
        program
            .args(&step.arguments)
            .current_dir(&folder)
            .env("DINGGANG_LANG", lang)
            .env_remove("DINGGANG_POLICIES");
        let command = step.arguments.join(" ");
        if command == "demo" {
            let printed = served(&mut program);
            if let Err(problem) = is_printed(&step.excerpt, &printed) {
                panic!("{document}: {command}\n{problem}\n{printed}");
            }
            continue;
        }
        let output = program.output().expect("the program runs");
        let mut printed = String::from_utf8(output.stdout).expect("UTF-8");
        printed.push_str(&String::from_utf8_lossy(&output.stderr));
        assert!(
            !printed.contains("Unknown localization"),
            "{command}: {printed}"
        );
        let code = output.status.code();
        assert_eq!(code, Some(step.exit), "{document}: {command}\n{printed}");
        if let Err(problem) = is_printed(&step.excerpt, &printed) {
            panic!("{document}: {command}\n{problem}\n{printed}");
        }
    }
}

#[test]
fn the_english_commands_do_what_is_said() {
    for (english, _) in PAIRS {
        follow(english, "en");
    }
}

#[test]
fn the_chinese_commands_do_what_is_said() {
    for (_, chinese) in PAIRS {
        follow(chinese, "zh-CN");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_refused_in_words() {
    let folder = workplace();
    let whole = fs::read(folder.join("samples/county.xlsx")).expect("the sample");
    let files: [(&str, &[u8]); 4] = [
        ("empty.xlsx", b""),
        ("text.xlsx", b"not a workbook"),
        ("cut.xlsx", &whole[..whole.len() / 2]),
        ("head.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
    ];
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).expect("written");
        for lang in ["zh-CN", "en"] {
            let output = Command::new(env!("CARGO_BIN_EXE_dinggang"))
                .args(["check", name, "--policy", "national/retirement-2024"])
                .current_dir(&folder)
                .env("DINGGANG_LANG", lang)
                .output()
                .expect("the program runs");
            assert_eq!(output.status.code(), Some(2), "{name}");
            let said = String::from_utf8(output.stderr).expect("UTF-8");
            assert!(said.contains(name), "{said}");
            // neither the name of a message nor a value that nobody gave
            assert!(!said.contains("Unknown") && !said.contains('{'), "{said}");
        }
    }
}

#[test]
fn both_languages_give_the_same_commands() {
    for (english, chinese) in PAIRS {
        let commands = |document: &str| -> Vec<(String, i32)> {
            let steps = steps(&read(document)).into_iter();
            steps.map(|s| (s.arguments.join(" "), s.exit)).collect()
        };
        assert_eq!(commands(english), commands(chinese), "{english}");
        let headings = |document: &str| -> Vec<usize> {
            let text = read(document);
            let heads = text.lines().filter(|line| line.starts_with('#'));
            heads
                .filter_map(|line| line.find(' ').filter(|level| *level < 4))
                .collect()
        };
        assert_eq!(headings(english), headings(chinese), "{english}: chapters");
    }
}

#[test]
fn the_three_commands_come_first() {
    for document in ["README.md", "README.zh-CN.md"] {
        let text = read(document);
        let lines: Vec<String> = blocks(&text).into_iter().flat_map(|(_, l)| l).collect();
        let first = "cargo run --release -- check samples/county.xlsx --policy \
                     inner-mongolia/primary-care-draft --as-of 2026-11-22";
        let at = |wanted: &str| lines.iter().position(|line| line.starts_with(wanted));
        let demo = "cargo run --release -- demo";
        let (show, check, test) = (at(demo), at(first), at("bash tests/run.sh"));
        assert!(show.is_some() && test.is_some(), "{document}");
        let others = |line: &&String| {
            line.starts_with(RUN) && !line.starts_with(first) && !line.starts_with(demo)
        };
        let other = lines.iter().position(|line| others(&line));
        assert!(show < check && check < other && test < other, "{document}");
    }
}

/// Dependencies of Cargo.toml and their features.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let cargo: toml::Table = read("Cargo.toml").parse().expect("TOML");
    let mut found = BTreeMap::new();
    for section in ["dependencies", "dev-dependencies"] {
        let table = cargo[section].as_table().expect("a table");
        for (name, how) in table {
            let features = how.get("features").and_then(|f| f.as_array());
            let features = features.into_iter().flatten().filter_map(|f| f.as_str());
            found.insert(name.clone(), features.map(str::to_owned).collect());
        }
    }
    found
}

#[test]
fn every_dependency_has_its_reason() {
    let text = read("ARCHITECTURE.md");
    let chapter = text.split("\n## Dependencies").nth(1).expect("the chapter");
    let chapter = chapter.split("\n## ").next().expect("its text");
    let rows: BTreeMap<&str, &str> = chapter
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .collect();
    let dependencies = dependencies();
    for (name, features) in &dependencies {
        let Some(reason) = rows.get(name.as_str()) else {
            panic!("{name} is not named in ARCHITECTURE.md, Dependencies");
        };
        for feature in features {
            let named = format!("`{feature}`");
            assert!(
                reason.contains(&named),
                "{name}: why the feature {feature}?"
            );
        }
    }
    let gone: Vec<_> = rows
        .keys()
        .filter(|n| !dependencies.contains_key(**n))
        .collect();
    assert!(gone.is_empty(), "no longer used: {gone:?}");
}

#[test]
fn every_code_is_explained() {
    let faults = FaultCode::ALL.iter().map(|code| code.key());
    let warnings = WarningCode::ALL.iter().map(|code| code.key());
    let codes: BTreeSet<_> = faults.chain(warnings).collect();
    let (english, chinese) = PAIRS[1];
    for document in [english, chinese] {
        let text = read(document);
        for code in &codes {
            let row = format!("| `{code}` |");
            assert!(text.contains(&row), "{document}: {code}");
        }
    }
}

/// Every document of the repository.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|e| e == "md") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 5, "the documents are found");
    found
}

#[test]
fn links_lead_somewhere() {
    for document in documents() {
        let text = fs::read_to_string(&document).expect("readable");
        let folder = document.parent().expect("a folder");
        for link in text.split("](").skip(1).filter_map(|l| l.split(')').next()) {
            let path = link.split('#').next().unwrap_or(link);
            if path.is_empty() || path.contains("://") {
                continue;
            }
            let there = folder.join(path).exists();
            assert!(there, "{}: {link}", document.display());
        }
    }
}
