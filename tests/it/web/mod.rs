//! The pages, asked for by a real client.

mod administration;
mod browser;
mod county;
mod doors;
mod import;
mod land;
mod links;
mod people;
mod personal_data;
mod policy;
mod promotion;
mod records;
mod reminder;
mod sending;
mod staff;
mod words;
