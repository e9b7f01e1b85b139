//! Policies: what applies here and why, and what each says.

use super::Shell;
use crate::rules::figures::{PolicyText, RestsOn};
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
}

/// What a policy says.
#[derive(Template)]
#[template(path = "policy/policy.html")]
pub struct PolicyPage<'a> {
    pub s: &'a Shell,
    pub text: PolicyText,
}
