//! The store, on both databases.

mod audit;
mod dated;
mod nouns;
mod outbox;
mod register;
mod schema;
mod write;
