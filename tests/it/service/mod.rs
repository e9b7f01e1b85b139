//! Use cases, on both databases.

mod account;
mod adoption;
mod backup;
mod figures;
mod import;
mod institution;
mod keys;
mod ledger;
mod record;
mod personal_data;
mod scope;
mod session;
mod staff;
mod trail;
