//! A list as a page: filters, a table, pages of it.

use super::Shell;
use super::form::Deed;
use super::institution::Tab;
use super::pager::Pager;
use super::people::Filter;
use askama::Template;

/// A cell.
#[derive(Default)]
pub struct Cell {
    pub text: String,
    /// Where it leads; empty = nowhere.
    pub href: String,
    pub class: &'static str,
    /// What is said beside it.
    pub note: String,
    /// Another form of the same beside it: its word, and where it is.
    pub beside: Option<(&'static str, String)>,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub fn number(number: impl ToString) -> Self {
        Self {
            text: number.to_string(),
            class: "n",
            ..Self::default()
        }
    }

    /// A day or an instant, on one line.
    pub fn day(text: impl Into<String>) -> Self {
        Self {
            class: "day",
            ..Self::text(text)
        }
    }

    pub fn link(text: impl Into<String>, href: String) -> Self {
        Self {
            text: text.into(),
            href,
            ..Self::default()
        }
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    #[must_use]
    pub fn beside(mut self, word: &'static str, href: String) -> Self {
        self.beside = Some((word, href));
        self
    }

    #[must_use]
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }
}

/// A list as a page.
#[derive(Template)]
#[template(path = "table.html")]
pub struct TablePage<'a> {
    pub s: &'a Shell,
    pub title: String,
    /// What it is of, and what can be done with it.
    pub intro: Vec<String>,
    pub tabs: Vec<Tab>,
    pub filters: Vec<Filter>,
    /// Head of each column, and whether numbers stand in it.
    pub heads: Vec<(String, bool)>,
    pub rows: Vec<Vec<Cell>>,
    pub pager: Option<Pager>,
    /// The next page of a list without numbers; empty = none.
    pub more: String,
    /// What is said where there are no rows.
    pub empty: String,
    /// What is said under the table.
    pub notes: Vec<String>,
    /// The same as a workbook; empty = there is none.
    pub workbook: String,
    /// A link that is shown this once.
    pub once: Option<String>,
    /// What can be done here.
    pub deeds: Vec<Deed>,
    /// It is of the records themselves: where there are none, how they come is said too.
    pub first: bool,
}

/// Filters, rows and pages of a list, inside another page.
#[derive(Template)]
#[template(path = "rows.html")]
struct Inner<'a> {
    s: &'a Shell,
    title: &'a str,
    filters: &'a [Filter],
    heads: &'a [(String, bool)],
    rows: &'a [Vec<Cell>],
    pager: &'a Option<Pager>,
    more: &'a str,
    empty: &'a str,
    notes: &'a [String],
    workbook: &'a str,
    first: bool,
}

impl<'a> TablePage<'a> {
    /// The list without what surrounds it.
    pub fn inner(&self) -> String {
        super::page(&Inner {
            s: self.s,
            title: &self.title,
            filters: &self.filters,
            heads: &self.heads,
            rows: &self.rows,
            pager: &self.pager,
            more: &self.more,
            empty: &self.empty,
            notes: &self.notes,
            workbook: &self.workbook,
            first: self.first,
        })
    }

    pub fn new(s: &'a Shell, title: String, heads: &[(&str, bool)]) -> Self {
        Self {
            s,
            title,
            intro: Vec::new(),
            tabs: Vec::new(),
            filters: Vec::new(),
            heads: heads
                .iter()
                .map(|(key, number)| (s.t(key), *number))
                .collect(),
            rows: Vec::new(),
            pager: None,
            more: String::new(),
            empty: s.t("web-nothing-found"),
            once: None,
            deeds: Vec::new(),
            notes: Vec::new(),
            workbook: String::new(),
            first: false,
        }
    }

    /// A page of the rows, where there are many.
    #[must_use]
    pub fn paged(mut self, page: usize) -> Self {
        let pager = Pager::of(self.s, self.rows.len(), page);
        let from = pager.first.saturating_sub(1);
        let shown = pager.last.saturating_sub(from);
        self.rows = self.rows.into_iter().skip(from).take(shown).collect();
        self.pager = Some(pager);
        self
    }
}
