//! The server, asked by a real client.

mod api;
mod description;
mod figures;
mod promotion;
mod records;
mod rights;
mod workbook;
pub mod world;
