//! Reminders: looked for, told once, and sent.

mod crash;
mod feed;
mod look;
mod mail;
mod python;
mod robot;
mod schedule;
mod servers;
mod world;
mod years;
