//! The integration tests: one binary, one module a subject.

mod architecture;
mod differential;
mod oracle;
mod properties;
mod published;
mod retirement;
mod support;
