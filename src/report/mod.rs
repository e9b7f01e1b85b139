//! What leaves the house: tables on a terminal, JSON, workbooks, explanations.
//! Results and citations go in, words and figures come out; nothing is decided here.

pub mod caret;
pub mod diagnostic;
pub mod evaluation;
pub mod explain;
pub mod explain_book;
pub mod fhir;
pub mod figures;
pub mod forms;
pub mod frozen;
pub mod icalendar;
pub mod impact;
pub mod json;
pub mod listing;
pub mod monitoring;
mod pages;
pub mod plain;
pub mod policy;
pub mod scenario;
pub mod standing;
pub mod table;
pub mod words;
pub mod workbook;
