//! The server, asked by a real client.

mod api;
mod description;
mod figures;
mod personal_data;
mod promotion;
mod records;
mod rights;
mod workbook;
pub mod world;
