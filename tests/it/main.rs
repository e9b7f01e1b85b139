//! The integration tests: one binary, one module a subject.

mod architecture;
mod cli;
mod crash;
mod crash_of_decisions;
mod differential;
mod eligibility;
mod faulty_sample;
mod http;
mod jobs;
mod json;
mod logging;
mod operations;
mod oracle;
mod policies;
mod processes;
mod promotion;
mod properties;
mod published;
mod readme;
mod retirement;
mod rights;
mod service;
mod store;
mod support;
mod web;
mod words;
