//! Where results go: standard output, files, workbooks that are made here.

use super::arguments::SampleArgs;
use super::input::month_of;
use super::{Environment, Exit};
use crate::sample::{self, Size};
use crate::sheet;
use anyhow::Context;
use std::io::Write;
use std::path::Path;

/// Writes what a closure writes to a file or to standard output.
pub fn write(
    out: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match out {
        None => {
            let mut buffer = std::io::BufWriter::new(std::io::stdout().lock());
            write(&mut buffer)?;
            buffer.flush()?;
        }
        Some(path) => {
            let file = std::fs::File::create(path).with_context(|| path.display().to_string())?;
            let mut buffer = std::io::BufWriter::new(file);
            write(&mut buffer)?;
            buffer.flush().with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

/// Prints bytes that are ready.
pub fn print(bytes: &[u8]) -> anyhow::Result<Exit> {
    write(None, |out| Ok(out.write_all(bytes)?))?;
    Ok(Exit::Fine)
}

/// Writes bytes to a file; the error names it.
pub fn save(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| path.display().to_string())
}

/// Writes the empty workbook.
pub fn template(out: &Path) -> anyhow::Result<Exit> {
    save(out, &sheet::template()?)?;
    println!("{}", out.display());
    Ok(Exit::Fine)
}

/// Writes an invented county.
pub fn sample(args: &SampleArgs, environment: &Environment) -> anyhow::Result<Exit> {
    let size = Size {
        townships: args.townships,
        staff: args.staff,
    };
    let as_of = month_of(args.as_of.unwrap_or(environment.today));
    let mut county = sample::county(size, as_of, args.seed);
    if let Some(then) = args.back_to {
        county = sample::earlier(county, month_of(then));
    }
    save(&args.out, &sheet::write_register(&county)?)?;
    println!("{}", args.out.display());
    Ok(Exit::Fine)
}
