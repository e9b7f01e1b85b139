//! The binary: hands the clock to the library and its exit code to the shell.

use chrono::Utc;
use dinggang::cli::{self, Environment};
use dinggang::domain::time::Timestamp;
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::run(&environment()) as u8)
}

/// Today in Asia/Shanghai, which has no daylight saving time, and the instant.
fn environment() -> Environment {
    let now = clock();
    Environment {
        today: now.shanghai_day().parts(),
        now,
        clock,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the clock is read"
)]
fn clock() -> Timestamp {
    Timestamp::from_clock(Utc::now())
}
