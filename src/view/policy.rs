//! Policies: what applies here and why, and what each says.

use super::Shell;
use super::form::Field;
use crate::rules::figures::{PolicyLine, PolicyText, RestsOn};
use askama::Template;

/// A policy in the list.
pub struct Entry {
    pub id: String,
    pub title: String,
    pub status: String,
    pub verified: bool,
    pub place: String,
    pub number: String,
    pub from: String,
    pub to: String,
    pub rules: usize,
}

/// Something that was proposed.
pub struct Proposed {
    pub href: String,
    pub policy: String,
    pub area: String,
    pub on: String,
    pub by: String,
    pub state: String,
}

/// What applies here, and every policy that is known.
#[derive(Template)]
#[template(path = "policy/list.html")]
pub struct ListPage<'a> {
    pub s: &'a Shell,
    /// `None` = one's office has no place.
    pub here: Option<(String, RestsOn)>,
    pub entries: Vec<Entry>,
    pub proposed: Vec<Proposed>,
    /// Which two are to be compared.
    pub compared: Vec<Field>,
}

/// What a policy says.
#[derive(Template)]
#[template(path = "policy/policy.html")]
pub struct PolicyPage<'a> {
    pub s: &'a Shell,
    pub text: PolicyText,
    /// Where its adoption is proposed; empty = one may not.
    pub adopt: String,
    pub compare: String,
}

/// A rule in a comparison.
pub struct Said {
    pub title: String,
    pub force: String,
    pub says: Vec<String>,
    /// Places in the document.
    pub at: Vec<String>,
    pub href: String,
    /// The other has it word for word.
    pub same: bool,
}

/// The rules of a kind, side by side.
pub struct Compared {
    pub kind: String,
    pub a: Vec<Said>,
    pub b: Vec<Said>,
}

/// Two policies side by side.
#[derive(Template)]
#[template(path = "policy/compare.html")]
pub struct ComparePage<'a> {
    pub s: &'a Shell,
    pub fields: Vec<Field>,
    /// `None` = not chosen yet.
    pub sides: Option<[PolicyLine; 2]>,
    pub rows: Vec<Compared>,
}
