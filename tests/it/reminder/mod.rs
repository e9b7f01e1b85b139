//! Reminders: looked for, told once, and sent.

mod alarm;
mod crash;
mod ends;
mod feed;
mod look;
mod mail;
mod many;
mod python;
mod reason;
mod robot;
mod schedule;
mod servers;
mod world;
mod years;
