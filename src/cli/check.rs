//! `dinggang check`

use super::arguments::{CheckArgs, Format};
use super::{Environment, Exit, input, output, terminal};
use crate::i18n::{Lang, t};
use crate::report::evaluation::Evaluation;
use crate::report::{json, table, words, workbook};
use crate::sheet;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

/// Reads, evaluates, prints.
pub fn run(args: &CheckArgs, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    if args.format == Format::Xlsx && args.out.is_none() {
        bail!(t(lang, "cli-xlsx-needs-out", &[]));
    }
    let Some(evaluated) = input::evaluate(&args.data, &args.policy, lang, environment)? else {
        return Ok(Exit::Usage);
    };
    print(&evaluated.view(), args.format, args.out.as_deref(), lang)?;
    if let Some(path) = &args.errors {
        write_errors(&evaluated.loaded, path, lang)?;
    }
    evaluated.loaded.print_refused(lang);
    Ok(if evaluated.refused_something() {
        Exit::Refused
    } else if evaluated.assessment.breaks_a_must(&evaluated.plan) {
        Exit::Broken
    } else {
        Exit::Fine
    })
}

/// Writes the result in the format asked for.
pub fn print(
    evaluation: &Evaluation,
    format: Format,
    out: Option<&Path>,
    lang: Lang,
) -> anyhow::Result<()> {
    match format {
        Format::Table => output::write(out, |to| {
            let style = match out {
                None => table::Style {
                    lang,
                    colour: terminal::colour_on_stdout(),
                    refused_apart: true,
                    width: terminal::width(),
                },
                Some(_) => table::Style {
                    lang,
                    colour: false,
                    refused_apart: false,
                    width: None,
                },
            };
            Ok(table::write(evaluation, style, to)?)
        }),
        Format::Json => output::write(out, |to| {
            json::write(evaluation, lang, &mut *to)?;
            Ok(writeln!(to)?)
        }),
        Format::Xlsx => {
            let path = out.with_context(|| t(lang, "cli-xlsx-needs-out", &[]))?;
            let bytes = workbook::build(evaluation, lang)?;
            output::save(path, &bytes)
        }
    }
}

/// Writes every workbook that had refused rows back with a column of reasons; one file to
/// the path itself, several beside it, each named after its own.
pub fn write_errors(loaded: &input::Loaded, path: &Path, lang: Lang) -> anyhow::Result<()> {
    let reading = &loaded.reading;
    let register = &reading.register;
    let several = loaded.bytes.len() > 1;
    for (at, file) in loaded.bytes.iter().enumerate() {
        if reading.is_refused(at) {
            continue;
        }
        let target = if several {
            beside(path, &file.name)
        } else {
            path.to_path_buf()
        };
        let reason = |fault: &crate::domain::fault::Fault| words::fault(register, fault, lang);
        let returned = sheet::write_back(&file.bytes, reading, at, reason)?;
        output::save(&target, &returned.bytes)?;
        let args = [
            ("path", target.display().to_string().into()),
            ("rows", reading.refused_rows(at).into()),
        ];
        eprintln!("{}", t(lang, "cli-errors-written", &args));
        if !returned.original {
            eprintln!("{}", t(lang, "cli-errors-plain", &[]));
        }
    }
    Ok(())
}

/// `out.xlsx` for `人员.xlsx` → `out-人员.xlsx`.
fn beside(path: &Path, file: &str) -> PathBuf {
    let stem = |name: &Path| {
        name.file_stem()
            .map_or(String::new(), |s| s.to_string_lossy().into_owned())
    };
    path.with_file_name(format!("{}-{}.xlsx", stem(path), stem(Path::new(file))))
}
