//! What the benches share.

pub mod columns;
pub mod hand;
pub mod memory;
pub mod timing;
