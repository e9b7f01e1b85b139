//! Mails and messages to group chats: what they look like, and the ways they leave.

mod folder;
mod letter;
mod post;
mod smtp;
mod webhook;

pub use letter::{Item, Letter};
pub use post::{Carrier, Fault, Post, Retry};
pub use smtp::{Server, ServerError};
pub use webhook::{Hooks, Robot, Speech, sign};
