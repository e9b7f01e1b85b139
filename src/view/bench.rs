//! The reviewer's bench: what waits, one case with all that bears on it, several at once.

use super::Shell;
use super::form::Deed;
use super::ledger::Mark;
use super::promotion::{Case, Due, PlaceRow};
use askama::Template;

/// Heads of the columns of places.
pub const PARTS: [&str; 5] = [
    "web-part-limit",
    "web-part-counted",
    "web-part-reserved",
    "web-part-vacant",
    "web-part-over",
];

/// One that waits.
pub struct Waiting {
    /// Identifier and version that was seen.
    pub seen: String,
    pub href: String,
    pub due: Due,
    pub name: String,
    pub asked: String,
    pub house: String,
    pub symbols: Vec<(Mark, usize)>,
    /// It is the one that is shown; the next one after it; the one before it.
    pub current: bool,
    pub next: bool,
    pub before: bool,
}

/// The bench.
#[derive(Template)]
#[template(path = "bench/bench.html")]
pub struct Bench<'a> {
    pub s: &'a Shell,
    pub queue: Vec<Waiting>,
    pub legend: Vec<Mark>,
    pub case: Option<Case<'a>>,
    /// Others who wait for a place of the same pool: words, where they lead.
    pub rivals: Vec<(String, String)>,
    /// Who retires before the year ends.
    pub retiring: Vec<(String, String)>,
    pub deeds: Vec<Deed>,
    /// What each key does: key, words.
    pub keys: Vec<(&'static str, String)>,
    /// Why something was refused that is not offered any more.
    pub refused: Vec<String>,
}

/// One of several.
pub struct Tried {
    pub name: String,
    pub href: String,
    pub effect: String,
    pub mark: Mark,
    pub why: Vec<String>,
}

/// Several at once: what they would lead to, or what became of them.
#[derive(Template)]
#[template(path = "bench/batch.html")]
pub struct Batch<'a> {
    pub s: &'a Shell,
    pub tried: Vec<Tried>,
    pub houses: Vec<(String, Vec<PlaceRow>)>,
    pub deeds: Vec<Deed>,
}

/// What each key does on a page with these deeds. `case`: one is shown.
pub fn keys(s: &Shell, deeds: &[Deed], case: bool) -> Vec<(&'static str, String)> {
    let mut keys = vec![("j", s.t("web-bench-next")), ("k", s.t("web-bench-before"))];
    if case {
        keys.push(("s", s.t("web-key-choose")));
    }
    keys.push(("v", s.t("web-batch-preview")));
    let own = deeds.iter().filter(|deed| !deed.shortcut.is_empty());
    keys.extend(own.map(|deed| (deed.shortcut, s.x("web-key-opens", &deed.title))));
    keys.push(("?", s.t("web-keys")));
    keys
}

/// What the symbols mean.
pub fn legend(s: &Shell) -> Vec<Mark> {
    [
        ("passed", "holds", "●"),
        ("blocks", "fails", "▲"),
        ("unknown", "unknown", "◇"),
        ("warns", "judgement", "◐"),
    ]
    .into_iter()
    .map(|(key, class, shape)| Mark {
        class,
        shape,
        word: s.t(format!("web-check-{key}")),
    })
    .collect()
}

/// Whether one of several goes through.
pub fn went(s: &Shell, goes: bool, done: bool) -> Mark {
    let (class, shape) = if goes {
        ("holds", "●")
    } else {
        ("fails", "▲")
    };
    let key = match (goes, done) {
        (true, true) => "web-batch-done",
        (true, false) => "web-batch-goes",
        (false, true) => "web-batch-not-done",
        (false, false) => "web-batch-breaks",
    };
    Mark {
        class,
        shape,
        word: s.t(key),
    }
}
