//! A picture and the table of the same numbers beside it: one is made from the other, so
//! that they cannot differ.

use super::Shell;
use super::chart::{self, Bar, Part};
use askama::Template;

/// A number of the table; where it leads, empty = nowhere.
pub struct Number {
    pub text: String,
    pub href: String,
}

/// A picture of a page.
pub struct Picture {
    /// Its anchor.
    pub id: &'static str,
    pub title: String,
    /// What is counted, and as what it is to be read.
    pub about: Vec<String>,
    svg: String,
    /// Class and words of each part.
    pub keys: Vec<(&'static str, String)>,
    /// What the rows are.
    rows_are: String,
    /// The head of the limits; empty = there are none.
    limit: String,
    rows: Vec<(String, Vec<Number>)>,
    /// What is said where nothing is to be drawn.
    pub empty: String,
    /// The whole list behind it: words and address.
    pub whole: Option<(String, String)>,
}

/// How the rows of a picture are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// Below each other.
    Bars,
    /// Beside each other, one a quarter.
    Columns,
}

impl Picture {
    /// A picture of bars whose parts have the same classes in the same order.
    pub fn new(id: &'static str, title: String, rows_are: String, limit: &str) -> Self {
        Self {
            id,
            title,
            about: Vec::new(),
            svg: String::new(),
            keys: Vec::new(),
            rows_are,
            limit: limit.to_owned(),
            rows: Vec::new(),
            empty: String::new(),
            whole: None,
        }
    }

    #[must_use]
    pub fn about(mut self, words: String) -> Self {
        self.about.push(words);
        self
    }

    #[must_use]
    pub fn whole(mut self, words: String, href: String) -> Self {
        self.whole = Some((words, href));
        self
    }

    /// Draws the rows; `empty` is said where all numbers are nothing.
    #[must_use]
    pub fn of(mut self, bars: &[Bar], drawn: Drawn, empty: String) -> Self {
        let parts = || bars.iter().flat_map(|bar| &bar.parts);
        for Part { class, name, .. } in parts() {
            if !self.keys.iter().any(|(known, _)| known == class) {
                self.keys.push((class, name.clone()));
            }
        }
        if parts().all(|part| part.size == 0) {
            self.empty = empty;
            return self;
        }
        self.svg = match drawn {
            Drawn::Bars => chart::bars(bars, &self.title, &self.limit),
            Drawn::Columns => chart::stacked(bars, &self.title),
        };
        self.rows = bars.iter().map(|bar| self.row(bar)).collect();
        self
    }

    fn row(&self, bar: &Bar) -> (String, Vec<Number>) {
        let number = |part: &Part| Number {
            text: part.size.to_string(),
            href: if part.size == 0 {
                String::new()
            } else {
                part.href.clone()
            },
        };
        let mut numbers: Vec<Number> = bar.parts.iter().map(number).collect();
        if !self.limit.is_empty() {
            numbers.push(Number {
                text: super::format::number(bar.limit),
                href: String::new(),
            });
        }
        (bar.title.clone(), numbers)
    }

    /// The picture as it stands in a page.
    pub fn shown(&self, s: &Shell) -> String {
        super::page(&Shown { s, picture: self })
    }
}

#[derive(Template)]
#[template(path = "picture.html")]
struct Shown<'a> {
    s: &'a Shell,
    picture: &'a Picture,
}
