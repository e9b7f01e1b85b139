//! Use cases, on both databases.

mod account;
mod import;
mod scope;
mod session;
mod trail;
