//! Use cases, on both databases.

mod account;
mod adoption;
mod backup;
mod fhir;
mod figures;
mod import;
mod institution;
mod keys;
mod ledger;
mod monitoring;
mod personal_data;
mod record;
mod scope;
mod session;
mod staff;
mod trail;
