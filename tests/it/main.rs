//! The integration tests: one binary, one module a subject.

mod architecture;
mod cli;
mod differential;
mod json;
mod oracle;
mod policies;
mod properties;
mod published;
mod retirement;
mod rights;
mod support;
