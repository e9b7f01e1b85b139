//! What was found.

use super::Shell;
use super::institution::Row as House;
use askama::Template;

/// Somebody who was found.
pub struct Somebody {
    pub name: String,
    pub number: String,
    pub institution: String,
    pub href: String,
}

/// Institutions, people and rural doctors with a word in their name or code.
#[derive(Template)]
#[template(path = "search.html")]
pub struct Found<'a> {
    pub s: &'a Shell,
    pub asked: String,
    pub houses: Vec<House>,
    pub people: Vec<Somebody>,
    /// People in all, where more were found than are shown.
    pub people_total: u64,
    pub all_people: String,
    pub doctors: Vec<Somebody>,
    pub doctors_total: u64,
    pub all_doctors: String,
}
