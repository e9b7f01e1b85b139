//! Lists of people.

use super::Shell;
use super::format::query;
use super::institution::Head;
use super::pager::{Column, Pager};
use super::table::Cell;
use askama::Template;

/// Something a list is narrowed by.
pub struct Filter {
    pub name: &'static str,
    pub title: String,
    pub value: String,
    /// What can be chosen; empty = it is written.
    pub options: Vec<(String, String)>,
    /// A day is written.
    pub is_day: bool,
}

/// A column that can be shown or left out.
pub struct Choice {
    pub key: &'static str,
    pub title: String,
    pub shown: bool,
}

/// People, of an institution or of everything one may see.
#[derive(Template)]
#[template(path = "people/list.html")]
pub struct ListPage<'a> {
    pub s: &'a Shell,
    /// `None` = of everywhere.
    pub head: Option<&'a Head>,
    pub filters: Vec<Filter>,
    /// What can be shown besides the name.
    pub choices: Vec<Choice>,
    pub columns: Vec<Column>,
    /// The first cell of a row is the name.
    pub rows: Vec<Vec<Cell>>,
    /// Of everybody in the list, column by column; empty = they are too many to be added up.
    pub totals: Vec<String>,
    pub pager: Pager,
    /// There are more than are sorted at once: they stand by name.
    pub by_name_only: bool,
    /// The next page of a list that is too long to be numbered; empty = none.
    pub more: String,
    /// The same list as a workbook; empty = one may not take it.
    pub workbook: String,
}

impl ListPage<'_> {
    /// Where somebody is taken on, at the institution of the list.
    fn coming(&self) -> String {
        let code = self.head.map_or("", |head| head.code.as_str());
        format!("/people/new{}", query([("institution", code)]))
    }
}

impl Filter {
    /// One that is chosen from a closed list.
    pub fn choice(
        s: &Shell,
        name: &'static str,
        title: &str,
        options: Vec<(String, String)>,
    ) -> Self {
        Self {
            name,
            title: s.t(title),
            value: s.asked(name).to_owned(),
            options,
            is_day: false,
        }
    }

    /// One that is written.
    pub fn text(s: &Shell, name: &'static str, title: &str) -> Self {
        Self {
            name,
            title: s.t(title),
            value: s.asked(name).to_owned(),
            options: Vec::new(),
            is_day: false,
        }
    }

    /// A day.
    pub fn day(s: &Shell, name: &'static str, title: &str) -> Self {
        Self {
            is_day: true,
            ..Self::text(s, name, title)
        }
    }
}
