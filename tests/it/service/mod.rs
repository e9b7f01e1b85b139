//! Use cases, on both databases.

mod account;
mod adoption;
mod backup;
mod bench;
mod fhir;
mod figures;
mod forms;
mod grades;
mod import;
mod institution;
mod keys;
mod ledger;
mod monitoring;
mod personal_data;
mod promotion;
mod race;
mod record;
mod recruitment;
mod scope;
mod sequences;
mod session;
mod staff;
mod trail;
