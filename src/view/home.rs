//! Home, as it is for each office.

use super::Shell;
use super::ledger::Mark;
use super::picture::Picture;
use askama::Template;

/// A figure that can be wrong today, and where it leads.
pub struct Card {
    pub number: String,
    pub title: String,
    pub href: String,
    pub fails: bool,
}

/// An institution in the picture of a county.
pub struct Cell {
    pub name: String,
    pub href: String,
    pub mark: Mark,
    pub gauges: Vec<String>,
    /// How much is wrong: what comes first.
    pub trouble: i64,
    /// Counted and limit of each level, in words.
    pub words: Vec<String>,
}

/// Something that changed within a week.
pub struct Moved {
    pub institution: String,
    pub href: String,
    pub what: String,
    pub says: String,
}

/// Somebody who looks after institutions, or over them.
#[derive(Template)]
#[template(path = "home/bureau.html")]
pub struct Bureau<'a> {
    pub s: &'a Shell,
    pub title: String,
    pub cards: Vec<Card>,
    pub pictures: Vec<Picture>,
    pub moved: Vec<Moved>,
    /// All of them, of which the first are shown.
    pub moved_total: usize,
    pub cells: Vec<Cell>,
    /// Institutions of which nothing is known on the day.
    pub unknown: usize,
    /// The list of them.
    pub unknown_href: String,
}

/// Somewhere one goes from home.
pub struct Entry {
    pub title: String,
    pub hint: String,
    pub href: String,
}

/// Everybody else.
#[derive(Template)]
#[template(path = "home/plain.html")]
pub struct Plain<'a> {
    pub s: &'a Shell,
    pub title: String,
    /// Rights are missing until a second factor is there.
    pub second_factor_wanted: bool,
    pub entries: Vec<Entry>,
}
