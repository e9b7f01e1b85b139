//! The arrows of the house: which room may use which (DESIGN, "May import"). Sources are
//! read as text; what stands in comments and in quotes is no code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Room, and the rooms it may use. Rooms that do not exist yet are simply absent.
const MAY_IMPORT: [(&str, &[&str]); 18] = [
    ("domain", &[]),
    ("policy", &["domain"]),
    ("rules", &["domain", "policy"]),
    ("store", &["domain"]),
    ("i18n", &["domain"]),
    ("sheet", &["domain", "i18n"]),
    ("report", &["domain", "policy", "rules", "i18n"]),
    ("mail", &["domain", "i18n"]),
    ("view", &["domain", "i18n", "rules"]),
    (
        "service",
        &[
            "domain", "policy", "rules", "store", "sheet", "report", "mail", "i18n",
        ],
    ),
    // instants, which are the domain's
    ("jobs", &["service", "domain"]),
    ("http", &["service", "view", "i18n", "domain", "rules"]),
    ("sample", &["domain"]),
    ("config", &["domain"]),
    ("cli", EVERY_ROOM),
    ("main", EVERY_ROOM),
    ("lib", EVERY_ROOM),
    ("demo", EVERY_ROOM),
];

/// The composition root puts all rooms together.
const EVERY_ROOM: &[&str] = &[
    "domain", "policy", "rules", "store", "i18n", "sheet", "report", "mail", "view", "service",
    "jobs", "http", "sample", "config", "cli",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file by its path in `src/`, with its text.
fn sources() -> Vec<(String, String)> {
    let mut sources = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("readable");
                let name = path.strip_prefix(root()).expect("below src");
                sources.push((name.display().to_string().replace('\\', "/"), text));
            }
        }
    }
    assert!(sources.len() > 50, "the sources are found");
    sources.sort();
    sources
}

/// The room of a file: the first part of its path.
fn room(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.trim_end_matches(".rs")
}

/// Code and the texts in quotes, apart. Comments are in neither.
fn divide(source: &str) -> (String, Vec<String>) {
    let chars: Vec<char> = source.chars().collect();
    let (mut code, mut texts) = (String::new(), Vec::new());
    let mut at = 0;
    let is = |at: usize, text: &str| {
        text.chars()
            .enumerate()
            .all(|(n, c)| chars.get(at + n) == Some(&c))
    };
    while at < chars.len() {
        if is(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if is(at, "/*") {
            while at < chars.len() && !is(at, "*/") {
                at += 1;
            }
            at += 2;
        } else if let Some(hashes) = raw_string(&chars, at) {
            let end: String = format!("\"{}", "#".repeat(hashes));
            at += 2 + hashes;
            let from = at;
            while at < chars.len() && !is(at, &end) {
                at += 1;
            }
            texts.push(chars[from..at.min(chars.len())].iter().collect());
            at += 1 + hashes;
            code.push_str("\"\"");
        } else if chars[at] == '"' {
            at += 1;
            let from = at;
            while at < chars.len() && chars[at] != '"' {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            texts.push(chars[from..at.min(chars.len())].iter().collect());
            at += 1;
            code.push_str("\"\"");
        } else if chars[at] == '\'' && is_character(&chars, at) {
            // past the quote and the character, or the backslash and what it escapes
            at += if chars[at + 1] == '\\' { 3 } else { 2 };
            while chars[at] != '\'' {
                at += 1;
            }
            at += 1;
            code.push_str("' '");
        } else {
            code.push(chars[at]);
            at += 1;
        }
    }
    (code, texts)
}

/// How many hashes a raw string that begins here has.
fn raw_string(chars: &[char], at: usize) -> Option<usize> {
    let begins = chars[at] == 'r' && !at.checked_sub(1).is_some_and(|b| is_word(chars[b]));
    if !begins {
        return None;
    }
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    (chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

/// A quote that opens a character, not a lifetime.
fn is_character(chars: &[char], at: usize) -> bool {
    chars.get(at + 1) == Some(&'\\') || chars.get(at + 2) == Some(&'\'')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first names of every path that begins with `start` (`crate::`), groups in braces
/// taken apart.
fn first_names(code: &str, start: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(start) {
        let begins = !code[..at].ends_with(|c: char| is_word(c) || c == ':');
        if !begins {
            continue;
        }
        let rest = &code[at + start.len()..];
        match rest.strip_prefix('{') {
            None => names.extend(name(rest)),
            Some(group) => {
                for part in top_level(group) {
                    names.extend(name(part.trim()));
                }
            }
        }
    }
    names
}

fn name(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|c| is_word(*c)).collect();
    (!name.is_empty()).then_some(name)
}

/// The parts of a group in braces, whose opening one has been read.
fn top_level(group: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[from..at]);
                return parts;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts
}

/// The rooms that a file names: from the root of the crate, or by climbing to it.
fn rooms_named(file: &str, code: &str) -> BTreeSet<String> {
    let mut names = first_names(code, "crate::");
    // `super` of a file in a room is the room, of the room's own file the crate
    let steps = file.trim_end_matches("/mod.rs").matches('/').count() + 1;
    let climb = "super::".repeat(steps);
    names.extend(first_names(code, &climb));
    names.retain(|name| EVERY_ROOM.contains(&name.as_str()));
    names
}

#[test]
fn rooms_use_only_the_rooms_they_may() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = room(&file);
        let Some((_, may)) = MAY_IMPORT.iter().find(|(room, _)| *room == own) else {
            wrong.push(format!("{file}: no room of that name stands in the design"));
            continue;
        };
        let (code, _) = divide(&text);
        for named in rooms_named(&file, &code) {
            if named != own && !may.contains(&named.as_str()) {
                wrong.push(format!("{file}: {own} may not use {named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// "`//!` on every module: what it is for, what holds, who may call it" (STYLE).
#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(file, _)| file)
        .collect();
    assert!(silent.is_empty(), "no //! at the top: {silent:#?}");
}

/// "store/ the only SQL"
#[test]
fn sql_stands_in_the_store_only() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        if room(&file) == "store" {
            continue;
        }
        let (code, texts) = divide(&text);
        if !first_names(&code, "sqlx::").is_empty() {
            wrong.push(format!("{file}: sqlx"));
        }
        for text in texts.iter().filter(|text| is_sql(text)) {
            wrong.push(format!("{file}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn is_sql(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| !is_word(c))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let first = words.first().map_or("", String::as_str);
    let second = words.get(1).map_or("", String::as_str);
    let has = |word: &str| words.iter().any(|w| w == word);
    match first {
        "select" => has("from"),
        "insert" => second == "into",
        "update" => has("set"),
        "delete" => second == "from",
        "create" | "alter" | "drop" => matches!(second, "table" | "index" | "trigger"),
        "pragma" => true,
        _ => false,
    }
}

/// The test itself sees what it looks for.
#[test]
fn the_arrows_are_seen() {
    let code = |text: &str| divide(text).0;
    let named = |file: &str, text: &str| {
        let rooms = rooms_named(file, &code(text));
        rooms.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(
        named("domain/month.rs", "use crate::rules::tri;"),
        ["rules"]
    );
    assert_eq!(
        named(
            "domain/x.rs",
            "use crate::{rules::{tri, data}, store, domain::month};"
        ),
        ["domain", "rules", "store"]
    );
    assert_eq!(
        named("domain/x.rs", "fn a() { crate::sheet::read() }"),
        ["sheet"]
    );
    assert_eq!(
        named("domain/x.rs", "use super::super::rules::tri;"),
        ["rules"]
    );
    assert_eq!(named("domain/mod.rs", "use super::rules::tri;"), ["rules"]);
    assert_eq!(named("cli/a/b.rs", "use super::super::policy;"), [""; 0]);
    assert_eq!(
        named("cli/a/b.rs", "use super::super::super::policy;"),
        ["policy"]
    );
    assert_eq!(named("domain/x.rs", "// use crate::rules;\n"), [""; 0]);
    assert_eq!(named("domain/x.rs", "let a = \"crate::rules\";"), [""; 0]);
    assert_eq!(
        named("domain/x.rs", "let a = '\"'; crate::rules::x(); '\"'"),
        ["rules"]
    );
    assert_eq!(
        named("domain/x.rs", "let a = '\\''; crate::rules::x()"),
        ["rules"]
    );
    assert_eq!(
        named("domain/x.rs", "fn a<'a>(x: &'a str) { crate::rules::x() }"),
        ["rules"]
    );
    assert_eq!(
        named(
            "domain/x.rs",
            "r#\"a \" crate::store \"#; crate::rules::x()"
        ),
        ["rules"]
    );
    let (_, texts) = divide("let a = \"select * from staff\"; // \"insert into\"");
    assert_eq!(texts, ["select * from staff"]);
    assert!(is_sql("select id, name\nfrom person where id = $1"));
    assert!(is_sql("INSERT INTO audit (id) values ($1)"));
    assert!(!is_sql(
        "Select a file from the list below".trim_start_matches("Select")
    ));
    assert!(!is_sql("update the workbook"));
}
