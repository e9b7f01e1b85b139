//! Use cases, on both databases.

mod account;
mod import;
mod keys;
mod scope;
mod session;
mod trail;
