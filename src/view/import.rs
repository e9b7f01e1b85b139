//! Workbooks into the records: what they would do, and what they did.

use super::Shell;
use super::pager::Pager;
use super::people::Filter;
use askama::Template;

/// Where a workbook is handed in.
#[derive(Template)]
#[template(path = "import/door.html")]
pub struct Door<'a> {
    pub s: &'a Shell,
    pub on: String,
    pub refused: Vec<String>,
    /// What a workbook may be complete for: value and words.
    pub scopes: Vec<(String, String)>,
    pub template: bool,
}

/// How many records of a noun.
pub struct Count {
    pub noun: String,
    pub added: usize,
    pub changed: usize,
    pub ended: usize,
    pub unchanged: usize,
}

/// A record that would be written.
pub struct Written {
    pub becomes: String,
    pub class: &'static str,
    pub noun: String,
    pub code: String,
    pub name: String,
    pub belongs_to: String,
    /// Column, before, after.
    pub columns: Vec<(String, String, String)>,
}

/// Something wrong or odd with a cell.
pub struct Complaint {
    pub place: String,
    /// Where the row can be written otherwise; empty = nowhere.
    pub href: String,
    pub column: String,
    pub value: String,
    pub message: String,
}

/// A refused row, to be written otherwise.
#[derive(Template)]
#[template(path = "import/row.html")]
pub struct RowPage<'a> {
    pub s: &'a Shell,
    /// File, sheet and row.
    pub place: String,
    pub hidden: Vec<(&'static str, String)>,
    /// The fields, as they are shown.
    pub fields: String,
    /// What is against the row, and against no cell of it.
    pub refused: Vec<String>,
    /// To all that would happen.
    pub back: String,
}

/// What would happen.
#[derive(Template)]
#[template(path = "import/preview.html")]
pub struct Preview<'a> {
    pub s: &'a Shell,
    /// Names the files until they are confirmed; empty = it is done.
    pub token: String,
    pub on: String,
    pub files: String,
    pub recorded: bool,
    pub accepted: bool,
    pub counts: Vec<Count>,
    /// By what it is narrowed.
    pub filters: Vec<Filter>,
    /// Files that can be handed back with reasons: position and name.
    pub returned: Vec<(usize, String)>,
    pub written: Vec<Written>,
    /// Records that would be written in all, and those that are asked for.
    pub written_all: usize,
    pub written_total: usize,
    pub pager: Pager,
    pub refused: Vec<Complaint>,
    pub refused_all: usize,
    pub refused_total: usize,
    pub odd: Vec<Complaint>,
}

impl Preview<'_> {
    fn nothing(&self) -> bool {
        self.written_all == 0
    }
}
