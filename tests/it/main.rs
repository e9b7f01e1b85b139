//! The integration tests: one binary, one module a subject.

mod differential;
mod oracle;
mod properties;
mod support;
