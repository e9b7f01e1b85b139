//! The server, asked by a real client.

mod api;
mod description;
mod workbook;
