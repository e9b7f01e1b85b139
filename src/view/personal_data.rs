//! What else belongs to a person's file: applications with what was handed in, requests to
//! correct something, the whole number.

use super::Shell;
use super::form::Deed;
use super::ledger::Mark;
use super::person::Head;
use super::promotion::File;
use askama::Template;

/// An application of the person.
pub struct Applied {
    pub title: String,
    pub href: String,
    pub state: String,
    pub since: String,
    pub files: Vec<File>,
}

/// A request to correct something.
pub struct Correction {
    pub at: String,
    pub entry: String,
    pub wanted: String,
    pub grounds: String,
    pub mark: Mark,
    /// What was answered, and when; empty = nothing yet.
    pub answer: String,
    /// Answers that can be given.
    pub deeds: Vec<Deed>,
}

/// The rest of a person's file.
#[derive(Template)]
#[template(path = "person/file.html")]
pub struct FilePage<'a> {
    pub s: &'a Shell,
    pub head: &'a Head,
    /// `None` = applications are not for this office.
    pub applications: Option<Vec<Applied>>,
    pub corrections: Vec<Correction>,
    /// What can be asked for: a correction, the whole number.
    pub ask: Vec<Deed>,
    pub reveal: Vec<Deed>,
    /// Identity number and telephone in full, with the reason in the trail.
    pub revealed: Option<(String, String)>,
    /// What was refused of something that is not offered any more.
    pub refused: Vec<String>,
}
