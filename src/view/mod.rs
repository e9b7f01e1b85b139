//! Pages: plain values in, HTML out. It knows words, figures and the trade's nouns, and
//! nothing of requests, records or rights beyond asking what an office may do.

pub mod adoption;
pub mod assets;
pub mod bench;
pub mod chart;
pub mod entry;
pub mod form;
pub mod format;
pub mod home;
pub mod import;
pub mod institution;
pub mod land;
pub mod ledger;
pub mod notice;
pub mod pager;
pub mod people;
pub mod person;
pub mod personal_data;
pub mod picture;
pub mod place;
pub mod policy;
pub mod print;
pub mod promotion;
pub mod recruitment;
pub mod reminder;
pub mod round;
pub mod scenario;
pub mod search;
pub mod shell;
pub mod staff;
pub mod table;
pub mod tree;

pub use shell::Shell;

use askama::Template;

/// The page as text.
///
/// Templates write into memory, which does not fail; a page that could not be made would
/// be an empty one, never half of one.
pub fn page(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}
