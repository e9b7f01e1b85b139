//! The pages, asked for by a real client.

mod browser;
mod doors;
mod import;
mod links;
mod promotion;
mod sending;
mod words;
