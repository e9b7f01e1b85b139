//! The store, on both databases.

mod audit;
mod dated;
mod register;
mod schema;
mod write;
