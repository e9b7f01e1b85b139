//! Dinggang (定岗): establishment, posts and title quotas of China's primary health care.
//!
//! `ARCHITECTURE.md` has the map of the house and which room may use which.

#[cfg(feature = "program")]
pub mod cli;
#[cfg(feature = "program")]
pub mod config;
pub mod domain;
#[cfg(feature = "program")]
pub mod http;
pub mod i18n;
#[cfg(feature = "program")]
pub mod jobs;
#[cfg(feature = "program")]
pub mod mail;
pub mod policy;
pub mod report;
pub mod rules;
pub mod sample;
#[cfg(feature = "program")]
pub mod service;
pub mod sheet;
#[cfg(feature = "program")]
pub mod store;
#[cfg(feature = "program")]
pub mod view;
