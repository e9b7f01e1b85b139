//! Leaders of institutions: their term and what they are to reach in it.

use super::institution::Institution;
use super::record::Id;
use super::sound::{in_order, sound};
use super::time::Date;

/// One term of a person as a leader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub institution: Id<Institution>,
    pub role: String,
    pub started: Date,
    /// Last day of the term; `None` = not limited.
    pub ends: Option<Date>,
    pub targets: Option<String>,
}

sound! { Term { institution, role <= 50, started, ends, targets <= 2000 } where |term, out| {
    in_order("ends", Some(term.started), term.ends, out);
}}
