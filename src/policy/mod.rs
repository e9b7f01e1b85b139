//! Policies as data: from the text of a file to rules that can be evaluated.
//!
//! `raw` (as written, every value with its place) → `resolve` → `model` (names
//! bound, exact integers) → `rules::plan` (flat tests over columns). Pure: files are
//! handed in as text, mistakes come back as typed diagnostics.

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

pub mod adopted;
pub mod calendar;
pub mod cases;
pub mod condition;
pub mod diagnostic;
pub mod fact;
pub mod library;
pub mod load;
pub mod model;
mod piecemeal;
pub mod places;
pub mod plan;
pub mod quantity;
pub mod quote;
pub mod raw;
mod resolve;
