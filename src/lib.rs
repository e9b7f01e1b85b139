//! Dinggang (定岗): establishment, posts and title quotas of China's primary health care.
//!
//! `ARCHITECTURE.md` has the map of the house and which room may use which.

pub mod cli;
pub mod config;
pub mod domain;
pub mod http;
pub mod i18n;
pub mod jobs;
pub mod policy;
pub mod report;
pub mod rules;
pub mod sample;
pub mod service;
pub mod sheet;
pub mod store;
