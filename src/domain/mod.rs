//! The trade's own nouns: types and invariants, without input, output, rules or
//! sentences. Everything else may use this room; it uses none.
//!
//! Chinese labels are the words of the import workbook and of `policies/`;
//! English keys are the words of the JSON output (`CONTRACT` sections 2 and 4).

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

pub mod absence;
pub mod account;
pub mod adoption;
pub mod api_token;
pub mod appointment;
pub mod assignment;
pub mod attachment;
pub mod audit;
pub mod calendar;
pub mod change;
pub mod column;
pub mod difference;
pub mod employment;
pub mod establishment;
pub mod excess;
pub mod fault;
pub mod ids;
pub mod institution;
pub mod job;
pub mod keeping;
pub(crate) mod label;
pub mod leader;
pub mod licence;
pub mod lockout;
pub mod merit;
pub mod month;
pub mod page;
pub mod password;
pub mod pay;
pub mod personal_data;
pub mod place;
pub mod post;
pub mod promotion;
pub mod quality;
pub mod record;
pub mod record_id;
pub mod recovery_code;
pub mod recruitment;
pub mod refusal;
pub mod register;
pub mod reminder;
pub mod rights;
pub mod round;
pub mod rural_doctor;
pub mod second_factor;
pub mod secret;
pub mod service;
pub mod session;
pub mod setup_link;
pub mod sound;
pub mod source_text;
pub mod staff;
pub mod team;
pub mod time;
pub mod title;
pub mod training;
