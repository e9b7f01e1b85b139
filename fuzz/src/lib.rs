//! What the targets share: how a run ends, workbooks from lines of text, and
//! changes to the inside of a zip. `docs/FUZZING.md` says what each target proves.

pub mod book;
pub mod package;
pub mod policies;
pub mod reading;

use std::backtrace::Backtrace;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::{Mutex, Once};

static PANIC: Mutex<String> = Mutex::new(String::new());

/// Runs one input; a panic that leaves `run` ends the process. One that the
/// code under test catches does not: the libraries for old workbooks panic on
/// broken files, and `dinggang::sheet` knows it.
pub fn check(run: impl FnOnce()) {
    static START: Once = Once::new();
    START.call_once(start);
    if catch_unwind(AssertUnwindSafe(run)).is_err() {
        let message = PANIC.lock().map(|text| text.clone()).unwrap_or_default();
        eprintln!("{message}");
        std::process::abort();
    }
}

/// [`check`] for parsers of text: other bytes are none of their business.
pub fn check_text(data: &[u8], run: impl FnOnce(&str)) {
    if let Ok(text) = std::str::from_utf8(data) {
        check(|| run(text));
    }
}

/// Whether this input is among the one in so many that also get what takes long;
/// always the same ones.
pub fn one_in(many: u32, data: &[u8]) -> bool {
    let sum = data.iter().fold(0x811C_9DC5_u32, |sum, byte| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    (sum >> 8).is_multiple_of(many)
}

fn start() {
    set_hook(Box::new(|info| {
        if let Ok(mut text) = PANIC.lock() {
            *text = format!("{info}\n{}", Backtrace::capture());
        }
    }));
    // everything on this thread, so that an input takes the same way every time
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
    if let Err(error) = pool.use_current_thread().build_global() {
        eprintln!("one thread only: {error}");
    }
}
