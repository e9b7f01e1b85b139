//! Tells of every statement, for measuring and for nothing else: a bench repeats the same
//! statements with the driver alone, and compares. Values are as they are bound, so what is
//! heard here is never written down.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

pub use super::value::Value;

/// One thing that was said to the database.
#[derive(Clone, Debug)]
pub enum Step {
    /// A connection was taken, and this was said first, if anything.
    Open {
        writes: bool,
        begin: Option<&'static str>,
    },
    Statement {
        sql: &'static str,
        values: Vec<Value>,
        /// Rows were asked for.
        rows: bool,
    },
    Commit,
}

static LISTENS: AtomicBool = AtomicBool::new(false);
static HEARD: Mutex<Vec<Step>> = Mutex::new(Vec::new());

/// Listens from now on, to everything in this process.
pub fn listen() {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner).clear();
    LISTENS.store(true, Ordering::SeqCst);
}

/// What was said since.
pub fn heard() -> Vec<Step> {
    LISTENS.store(false, Ordering::SeqCst);
    std::mem::take(&mut *HEARD.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Whether anybody listens.
pub(super) fn listens() -> bool {
    LISTENS.load(Ordering::Relaxed)
}

pub(super) fn say(step: impl FnOnce() -> Step) {
    if listens() {
        let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
        heard.push(step());
    }
}
