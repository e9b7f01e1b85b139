//! Administrative places: what one is, and when its establishment is reviewed again.

use super::Shell;
use super::institution::{Fact, Tab};
use super::ledger::{Mark, mark};
use super::table::TablePage;
use crate::domain::ids::AreaCode;
use crate::domain::rights::Action;
use crate::rules::figures::{FindingLine, RuleLine};
use askama::Template;

/// What the rule says of the reviews of a county.
pub struct Review {
    pub mark: Mark,
    pub words: String,
    pub rule: RuleLine,
}

impl Review {
    pub fn new(s: &Shell, line: &FindingLine) -> Self {
        Self {
            mark: mark(s, line.verdict),
            words: s.b(&line.message).to_owned(),
            rule: line.rule.clone(),
        }
    }
}

/// A place.
#[derive(Template)]
#[template(path = "land/place.html")]
pub struct PlacePage<'a> {
    pub s: &'a Shell,
    pub name: String,
    pub code: String,
    pub tabs: Vec<Tab>,
    pub facts: Vec<Fact>,
    pub review: Option<Review>,
    /// The places in it.
    pub below: Option<TablePage<'a>>,
}

/// The pages of a place; `records`: whoever looks may look at its records.
pub fn tabs(s: &Shell, code: AreaCode, records: bool) -> Vec<Tab> {
    let tab = |(key, path): (&str, &str)| {
        let path = format!("/places/{code}{path}");
        Tab {
            title: s.t(key),
            current: s.path == path,
            href: s.to(path),
        }
    };
    let pages = [("web-tab-profile", ""), ("web-tab-records", "/records")];
    let pages = pages.into_iter().take(if records { 2 } else { 1 });
    pages.map(tab).collect()
}

/// The lists of institutions and of places stand side by side.
pub fn lists(s: &Shell) -> Vec<Tab> {
    Tab::open(
        s,
        &[
            ("web-menu-institutions", "/institutions", Action::ReadPlace),
            ("web-places", "/places", Action::ReadPlace),
        ],
    )
}
