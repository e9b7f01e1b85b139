//! Everything an evaluation produced, as the reports need it side by side.

use crate::domain::fault::{Expected, Fault, Warning};
use crate::domain::month::Month;
use crate::domain::register::Register;
use crate::policy::plan::Plan;
use crate::rules::assessment::Assessment;
use crate::rules::data::Data;
use std::collections::BTreeSet;

/// A file that went in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Base name.
    pub file: String,
    pub sha256: String,
}

/// A file that was refused as a whole, and the sentence why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedInput {
    pub file: String,
    pub code: &'static str,
    pub message: String,
}

/// Why the figures are smaller than the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caveat {
    /// A file or a sheet was not read at all.
    Unread,
    /// So many rows were refused.
    Refused(usize),
}

/// Input, rules and results of one run.
pub struct Evaluation<'a> {
    pub as_of: Month,
    pub inputs: &'a [Input],
    pub refused: &'a [RefusedInput],
    pub register: &'a Register,
    pub faults: &'a [Fault],
    pub warnings: &'a [Warning],
    pub plan: &'a Plan,
    pub data: &'a Data,
    pub assessment: &'a Assessment,
}

impl Evaluation<'_> {
    /// Whether nothing at all was read.
    pub fn is_empty(&self) -> bool {
        let register = self.register;
        register.institutions.is_empty()
            && register.people.is_empty()
            && register.rural_doctors.is_empty()
            && register.places.is_empty()
            && self.faults.is_empty()
    }

    /// What has to be said beside every figure; `None` = everything was read.
    pub fn caveat(&self) -> Option<Caveat> {
        let whole = |fault: &Fault| matches!(fault.expected, Expected::Column | Expected::Sheet);
        if !self.refused.is_empty() || self.faults.iter().any(whole) {
            return Some(Caveat::Unread);
        }
        let rows: BTreeSet<_> = self.faults.iter().map(|fault| fault.origin).collect();
        (!rows.is_empty()).then_some(Caveat::Refused(rows.len()))
    }
}
