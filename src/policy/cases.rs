//! `cases.toml`: worked examples beside a policy, as written. `rules::case` runs them.

use super::diagnostic::{Diagnostics, SourceFile};
use super::load::add_toml_error;
use super::raw::{Spanned, Text};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The facts of one row: fact name → value.
pub type FactRow = BTreeMap<Text, Spanned<toml::Value>>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CasesFile {
    #[serde(default)]
    case: Vec<Case>,
}

/// One worked example.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: Text,
    pub rule: Text,
    /// Which of several subjects of the rule; a place by its code.
    pub subject: Option<Text>,
    /// Whose finding, where a rule makes several: `institution` (default) or `county`.
    pub per: Option<Text>,
    /// The clause that decides.
    pub clause: Option<Text>,
    /// Month of the evaluation; 2026-11 unless said otherwise.
    pub as_of: Option<Text>,
    /// Further policies that are loaded.
    #[serde(default)]
    pub with: Vec<Text>,
    /// The share a place has set, where the text leaves it open.
    pub set: Option<Text>,
    /// The place keeps this rule although a later law replaces it.
    #[serde(default)]
    pub keep: bool,
    /// Institutions; `institution` is short for one. `count` in a row of institutions,
    /// people or rural doctors stands for so many of them.
    pub institution: Option<FactRow>,
    #[serde(default)]
    pub institutions: Vec<FactRow>,
    /// People; besides their facts `born`, `sex`, `spells` and `at` (position of the
    /// institution). `person` is short for one.
    pub person: Option<FactRow>,
    #[serde(default)]
    pub people: Vec<FactRow>,
    pub county: Option<FactRow>,
    #[serde(default)]
    pub places: Vec<FactRow>,
    pub consortium: Option<FactRow>,
    pub rural_doctor: Option<FactRow>,
    #[serde(default)]
    pub rural_doctors: Vec<FactRow>,
    pub team: Option<FactRow>,
    pub vacancy: Option<FactRow>,
    pub candidate: Option<FactRow>,
    pub application: Option<FactRow>,
    /// The number to be split (`structure`).
    pub total: Option<Spanned<i64>>,
    pub expect: Spanned<Expect>,
}

/// What must come out. Only what is given is compared.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// `holds`, `fails`, `unknown`, `judgement`, or `left-out`.
    pub verdict: Option<String>,
    pub counted: Option<i64>,
    pub base: Option<i64>,
    pub needed: Option<i64>,
    pub limit: Option<i64>,
    /// Windows of a standing and months of retirement; `none` = there is none.
    pub from: Option<String>,
    pub until: Option<String>,
    pub ledger: Option<String>,
    pub gives: Option<Vec<String>>,
    pub missing: Option<Vec<String>>,
    pub first: Option<bool>,
    pub retirement: Option<String>,
    pub earliest: Option<String>,
    pub latest: Option<String>,
    pub parts: Option<Vec<i64>>,
}

/// Reads `cases.toml`.
pub fn read(file: &Arc<SourceFile>, problems: &mut Diagnostics) -> Vec<Case> {
    match toml::from_str::<CasesFile>(&file.text) {
        Ok(cases) => cases.case,
        Err(error) => {
            add_toml_error(file, &error, problems);
            Vec::new()
        }
    }
}
