//! Use cases, on both databases.

mod account;
mod bench;
mod import;
mod keys;
mod promotion;
mod race;
mod scope;
mod sequences;
mod session;
mod trail;
