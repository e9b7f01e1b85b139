//! What is kept of the work with the records: files taken in, and frozen figures.

use super::change::Change;
use super::label::labelled;
use super::record::Id;
use super::time::{Date, Timestamp};

labelled! {
    /// What became of a file that was offered.
    pub enum ImportState {
        Previewed = "已预览" / "previewed",
        Recorded = "已导入" / "recorded",
        Refused = "已退回" / "refused",
    }
}

/// One file that was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRun {
    pub id: Id<ImportRun>,
    pub started_at: Timestamp,
    /// The change it made; `None` = nothing was recorded.
    pub change: Option<Id<Change>>,
    pub account: Option<String>,
    pub file: String,
    /// SHA-256 of the file.
    pub digest: [u8; 32],
    /// The day for which it was recorded.
    pub valid_on: Date,
    pub state: ImportState,
    /// JSON: what was added, changed, ended and refused, in numbers.
    pub summary: String,
}

/// Figures as they were reported for a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    pub id: Id<Frozen>,
    /// Which figures, such as `year_end`.
    pub kind: String,
    /// For what: the code of an area or institution.
    pub scope: String,
    pub valid_on: Date,
    /// The instant whose knowledge they show.
    pub known_at: Timestamp,
    pub frozen_by: Id<Change>,
    /// JSON.
    pub body: String,
    /// SHA-256 of the body.
    pub digest: [u8; 32],
}
