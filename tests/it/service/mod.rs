//! Use cases, on both databases.

mod account;
mod adoption;
mod fhir;
mod import;
mod keys;
mod ledger;
mod scope;
mod monitoring;
mod session;
mod trail;
