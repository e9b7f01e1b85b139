//! Use cases: authorise, load, decide, save with the trail and the messages in one write.
//! Whoever adapts the outside (pages, API, commands, clock) calls this room and no other.

pub mod secret;
