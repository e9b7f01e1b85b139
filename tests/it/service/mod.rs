//! Use cases, on both databases.

mod account;
mod backup;
mod import;
mod keys;
mod personal_data;
mod scope;
mod session;
mod trail;
