//! The server, asked by a real client.

mod api;
mod description;
mod rights;
mod workbook;
mod world;
