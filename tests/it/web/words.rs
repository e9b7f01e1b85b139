//! Every key that a page asks for has words in both languages.

use dinggang::i18n::Lang;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn texts(folder: &Path, out: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            texts(&path, out);
        } else if path
            .extension()
            .is_some_and(|end| end == "rs" || end == "html")
        {
            let text = fs::read_to_string(&path).expect("readable");
            out.push((path, text));
        }
    }
}

/// The keys of a language.
fn keys(root: &Path, lang: Lang) -> BTreeSet<String> {
    let folder = root.join("locales").join(lang.tag());
    let files = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    let texts: Vec<String> = files
        .map(|file| fs::read_to_string(file).expect("readable"))
        .collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    let keys = lines.filter_map(|line| line.split_once(" ="));
    keys.map(|(key, _)| key.to_owned()).collect()
}

#[test]
fn every_key_has_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known = Lang::ALL.map(|lang| keys(root, lang));
    let mut all = Vec::new();
    texts(&root.join("src/view"), &mut all);
    texts(&root.join("src/http/web"), &mut all);
    assert!(all.len() > 40);
    let mut wanting = Vec::new();
    for (path, text) in all {
        for part in text.split('"').skip(1) {
            let is_key = part.starts_with("web-")
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                && !part.ends_with('-');
            // beginnings of keys whose rest is made from a value
            let begins = ["web-col", "web-fact", "web-tab"].contains(&part);
            if is_key && !begins {
                for (lang, keys) in Lang::ALL.into_iter().zip(&known) {
                    if !keys.contains(part) {
                        wanting.push(format!("{}: {part} ({})", path.display(), lang.tag()));
                    }
                }
            }
        }
    }
    assert!(wanting.is_empty(), "{wanting:#?}");
}
