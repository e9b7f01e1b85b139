//! Everything an evaluation produced, as the reports need it side by side.

use crate::domain::fault::{Fault, Warning};
use crate::domain::month::Month;
use crate::domain::register::Register;
use crate::policy::plan::Plan;
use crate::rules::assessment::Assessment;
use crate::rules::data::Data;

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
