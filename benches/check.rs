//! `dinggang check` as a whole process against a process that only reads the same workbook
//! with calamine, and against itself stopping after its own reading. Prints ratios;
//! `docs/PERFORMANCE.md` quotes them and says how to repeat them.
//!
//! `cargo bench --bench check`

#[path = "support/timing.rs"]
mod timing;

use calamine::{Reader, Xlsx, open_workbook};
use dinggang::domain::month::Month;
use dinggang::sample::{self, Size};
use dinggang::sheet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use timing::{median, time};

const AS_OF: &str = "2026-11-22";

fn main() {
    let mut args = std::env::args().skip(1);
    match (args.next().as_deref(), args.next()) {
        (Some("calamine"), Some(path)) => read_with_calamine(Path::new(&path)),
        (Some("sheet"), Some(path)) => read_with_sheet(Path::new(&path)),
        _ => compare(),
    }
}

fn compare() {
    let folder = std::env::temp_dir().join(format!("dinggang-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let county = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/county.xlsx");
    report("sample county", &county, 51);
    for staff in [20_000, 100_000] {
        let path = county_of(&folder, staff);
        report(&format!("{staff} staff"), &path, 7);
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// A workbook with so many people, a row each, beside their histories.
fn county_of(folder: &Path, staff: usize) -> PathBuf {
    let as_of: Month = "2026-11".parse().expect("a month");
    let townships = staff / 250;
    let county = sample::county(Size { townships, staff }, as_of, 1);
    let path = folder.join(format!("{staff}.xlsx"));
    let bytes = sheet::write_register(&county).expect("a workbook");
    std::fs::write(&path, bytes).expect("written");
    path
}

/// The three processes take turns, so that a change of the machine's mood meets all.
fn report(name: &str, path: &Path, runs: usize) {
    let this = std::env::current_exe().expect("this program");
    let (mut calamine, mut sheet, mut check) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        calamine.push(run(Command::new(&this).arg("calamine").arg(path)));
        sheet.push(run(Command::new(&this).arg("sheet").arg(path)));
        check.push(run(Command::new(env!("CARGO_BIN_EXE_dinggang"))
            .arg("check")
            .arg(path)
            .args(["--policy", "inner-mongolia/primary-care-draft"])
            .args(["--as-of", AS_OF, "--format", "json"])));
    }
    let [calamine, sheet, check] = [calamine, sheet, check].map(|times| median(&times));
    println!(
        "{name}: calamine {calamine:.0?}, own reading {sheet:.0?}, check {check:.0?}: {:.2} × calamine, {:.2} × own reading",
        check.as_secs_f64() / calamine.as_secs_f64(),
        check.as_secs_f64() / sheet.as_secs_f64(),
    );
}

fn run(command: &mut Command) -> Duration {
    let (status, took) = time(|| command.stdout(Stdio::null()).status().expect("it runs"));
    // 1: some mandatory rule fails, as in every county
    assert!(matches!(status.code(), Some(0 | 1)), "{command:?}");
    took
}

fn read_with_calamine(path: &Path) {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let heights = book
        .sheet_names()
        .iter()
        .map(|name| book.worksheet_range(name).expect("a sheet").height())
        .sum::<usize>();
    println!("{heights}");
}

fn read_with_sheet(path: &Path) {
    let input = sheet::Input {
        name: String::from("county.xlsx"),
        bytes: std::fs::read(path).expect("a file"),
    };
    let reading = sheet::read(&[input], (2026, 11, 22), &|_| {});
    println!("{}", reading.register.people.len());
}
