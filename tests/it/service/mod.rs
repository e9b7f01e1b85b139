//! Use cases, on both databases.

mod account;
mod backup;
mod adoption;
mod import;
mod keys;
mod ledger;
mod scope;
mod session;
mod trail;
