//! A page for paper: a form with boxes for seals, black on white, and nothing of what
//! surrounds other pages.

use super::Shell;
use askama::Template;

/// A cell of a table on paper.
pub struct PrintCell {
    pub text: String,
    pub number: bool,
}

/// A box for an office.
pub struct PrintSeal {
    pub office: String,
    pub words: String,
    /// Who gave the opinion, and when.
    pub signed: String,
}

/// A form on paper.
#[derive(Template)]
#[template(path = "print.html")]
pub struct PrintPage<'a> {
    pub s: &'a Shell,
    pub title: String,
    /// The paper lies on its side.
    pub wide: bool,
    /// Names with their values, line by line.
    pub facts: Vec<Vec<(String, String)>>,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<PrintCell>>,
    pub notes: Vec<String>,
    pub seals: Vec<PrintSeal>,
    /// Where the seal and the day go.
    pub seal_place: String,
    /// Day, version, fingerprint.
    pub foot: String,
    /// Where the same is as a workbook.
    pub workbook: String,
    /// Where it was asked for.
    pub back: String,
}
