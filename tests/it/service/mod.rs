//! Use cases, on both databases.

mod account;
mod adoption;
mod fhir;
mod import;
mod keys;
mod ledger;
mod monitoring;
mod scope;
mod session;
mod trail;
