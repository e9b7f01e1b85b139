//! `dinggang policy impact`

use super::arguments::{Format, ImpactArgs};
use super::{Environment, Exit, input, output};
use crate::i18n::{Lang, t};
use crate::report::impact::{self, Comparison};
use crate::rules::assessment::assess;
use crate::rules::data::Data;
use crate::rules::impact::{Side, compare};
use crate::service::rulebook::Chosen;
use anyhow::bail;

/// Evaluates the same files under two sets of policies and prints what changes.
pub fn run(args: &ImpactArgs, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    if args.format == Format::Xlsx && args.out.is_none() {
        bail!(t(lang, "cli-xlsx-needs-out", &[]));
    }
    let Some((facts, from)) = input::load(&args.data.source, &args.from, lang)? else {
        return Ok(Exit::Usage);
    };
    let Some((_, to)) = input::load(&args.data.source, &args.to, lang)? else {
        return Ok(Exit::Usage);
    };
    let both: Vec<_> = from.iter().chain(&to).cloned().collect();
    let adoption = input::adoption(&args.data, &both, lang)?;
    let date = input::as_of(&args.data, environment);
    let as_of = input::month_of(date);
    let loaded = input::read(&args.data, date, lang);
    let register = &loaded.reading.register;
    let plan = |policies| {
        let (facts, adoption) = (facts.clone(), adoption.clone());
        let chosen = Chosen {
            facts,
            policies,
            adoption,
        };
        chosen.plan(as_of, register)
    };
    let (before, after) = (plan(from), plan(to));
    let data = Data::of_register(register, &facts, as_of);
    let (a, b) = (assess(&before, &data), assess(&after, &data));
    let found = compare(
        &data,
        Side {
            plan: &before,
            assessment: &a,
        },
        Side {
            plan: &after,
            assessment: &b,
        },
    );
    let comparison = Comparison {
        register,
        data: &data,
        from: &before,
        to: &after,
        impact: &found,
    };
    output::write(args.out.as_deref(), |out| match args.format {
        Format::Json => {
            impact::write_json(&comparison, lang, &mut *out)?;
            Ok(writeln!(out)?)
        }
        Format::Xlsx => Ok(out.write_all(&impact::workbook(&comparison, lang)?)?),
        Format::Table => Ok(impact::write(&comparison, lang, out)?),
    })?;
    loaded.print_refused(lang);
    Ok(if loaded.refused_something() {
        Exit::Refused
    } else {
        Exit::Fine
    })
}
