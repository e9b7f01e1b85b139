//! The engine: facts and a plan in, verdicts out. Pure and exact.
//!
//! `data` puts the register into columns, `people` runs the batch, `finding` judges
//! institutions and places, `explain` asks one subject again and keeps every step.
//! Batch and explanation share their tests; a property test holds them together.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::float_cmp
)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)
)]

pub mod assessment;
pub mod case;
pub mod county;
pub mod data;
pub mod effect;
pub mod eligibility;
pub mod explain;
pub mod figures;
pub mod finding;
pub mod forecast;
pub mod impact;
pub mod ledger;
pub mod members;
pub mod outlook;
pub mod people;
pub mod recruitment;
pub mod reminder;
pub mod rollup;
pub mod rural_doctor;
pub mod scenario;
pub mod standing;
pub mod structure;
pub mod tri;
pub mod verdict;
