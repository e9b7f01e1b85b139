//! The binary: hands the clock to the library and its exit code to the shell.

use chrono::{Datelike, FixedOffset, Utc};
use dinggang::cli::{self, Environment};
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::run(&Environment { today: today() }) as u8)
}

/// Today in Asia/Shanghai, which has no daylight saving time.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the clock is read"
)]
fn today() -> (i32, u32, u32) {
    const EIGHT_HOURS: i32 = 8 * 3600;
    let shanghai = FixedOffset::east_opt(EIGHT_HOURS).map(|zone| Utc::now().with_timezone(&zone));
    shanghai.map_or((1970, 1, 1), |now| (now.year(), now.month(), now.day()))
}
