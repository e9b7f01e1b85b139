//! A page for paper: a form with boxes for seals, black on white, and nothing of what
//! surrounds other pages.

use super::Shell;
use askama::Template;

/// Half-width characters of a text that is not broken on paper: a name, a rank, a word.
const SHORT: usize = 14;
/// The same of one that is a single number or code, such as a masked identity number.
const SHORT_CODE: usize = 18;
/// The same of a head, of which many may stand side by side.
const SHORT_HEAD: usize = 6;

/// A cell of a table on paper.
pub struct PrintCell {
    pub text: String,
    pub number: bool,
    /// It stands in one line.
    pub short: bool,
}

impl PrintCell {
    pub fn new(text: String, number: bool) -> Self {
        let is_code = text.is_ascii() && !text.contains(' ');
        let most = if is_code { SHORT_CODE } else { SHORT };
        let short = console::measure_text_width(&text) <= most;
        Self {
            text,
            number,
            short,
        }
    }

    /// The head of a column.
    pub fn head(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            number: false,
            short: console::measure_text_width(text) <= SHORT_HEAD,
        }
    }
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
    pub heads: Vec<PrintCell>,
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
