//! Rural doctors: what the policies want of all of them, and the list.

use super::Shell;
use super::ledger::Mark;
use super::table::TablePage;
use crate::rules::figures::RuleLine;
use askama::Template;

/// The share of the licensed in a county, against its target.
pub struct Share {
    pub county: String,
    pub mark: Mark,
    pub words: String,
    /// In the document's own figures.
    pub threshold: String,
    pub rule: RuleLine,
}

/// A clause that no file answers, and why.
pub struct Clause {
    pub title: String,
    pub at: String,
    pub quote: String,
    pub why: String,
}

/// Rural doctors.
#[derive(Template)]
#[template(path = "land/doctors.html")]
pub struct DoctorsPage<'a> {
    pub s: &'a Shell,
    /// However the list is narrowed.
    pub total: usize,
    pub shares: Vec<Share>,
    pub clauses: Vec<Clause>,
    pub list: TablePage<'a>,
}
