//! Use cases, on both databases.

mod account;
mod adoption;
mod backup;
mod import;
mod keys;
mod ledger;
mod personal_data;
mod scope;
mod session;
mod trail;
