//! `dinggang explain`

use super::arguments::{ExplainArgs, Format};
use super::{Environment, Exit, check, input, output};
use crate::domain::ids::NationalId;
use crate::i18n::{Lang, t};
use crate::report::evaluation::Evaluation;
use crate::report::{explain, explain_book, words};
use anyhow::bail;

/// Explains a person or an institution.
pub fn run(args: &ExplainArgs, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    if args.format == Format::Xlsx && args.out.is_none() {
        bail!(t(lang, "cli-xlsx-needs-out", &[]));
    }
    let Some(evaluated) = input::evaluate(&args.data, &args.policy, lang, environment)? else {
        return Ok(Exit::Usage);
    };
    let evaluation = evaluated.view();
    let loaded = &evaluated.loaded;
    let Some(subject) = find(args, &evaluation) else {
        let who = args
            .person
            .as_deref()
            .or(args.institution.as_deref())
            .unwrap_or_default();
        let is_number = args.person.is_some() && !who.contains('!');
        let who = match is_number {
            true => words::masked(who),
            false => who.to_owned(),
        };
        eprintln!("{}", t(lang, "explain-nobody", &[("who", who.into())]));
        loaded.print_refused(lang);
        return Ok(if loaded.refused.is_empty() {
            Exit::Usage
        } else {
            Exit::Refused
        });
    };
    output::write(args.out.as_deref(), |out| match args.format {
        Format::Json => {
            explain::write_json(&evaluation, &subject, lang, &mut *out)?;
            Ok(writeln!(out)?)
        }
        Format::Table => Ok(explain::write(&evaluation, &subject, lang, out)?),
        Format::Xlsx => Ok(out.write_all(&explain_book::build(&evaluation, &subject, lang)?)?),
    })?;
    if let Some(path) = &args.errors {
        check::write_errors(loaded, path, lang)?;
    }
    Ok(if evaluated.refused_something() {
        Exit::Refused
    } else {
        Exit::Fine
    })
}

/// Who or what was asked for.
fn find(args: &ExplainArgs, e: &Evaluation) -> Option<explain::Subject> {
    if let Some(code) = &args.institution {
        let at = e
            .register
            .institutions
            .iter()
            .position(|i| i.code == *code)?;
        return Some(explain::Subject::Institution(at));
    }
    let text = args.person.as_deref()?;
    if let Some(place) = input::origin_of(text) {
        let at = |origin| input::is_at(e.register, origin, place);
        if let Some(row) = e.register.people.iter().position(|p| at(p.origin)) {
            return Some(explain::Subject::Person(row));
        }
        if let Some(row) = e.register.rural_doctors.iter().position(|d| at(d.origin)) {
            return Some(explain::Subject::RuralDoctor(row));
        }
        let fault = e.faults.iter().find(|fault| at(fault.origin))?;
        return Some(explain::Subject::Refused(fault.origin));
    }
    let id = NationalId::read(text).ok()?;
    if let Some(row) = e.register.people.iter().position(|p| p.id == id) {
        return Some(explain::Subject::Person(row));
    }
    let row = e.register.rural_doctors.iter().position(|d| d.id == id)?;
    Some(explain::Subject::RuralDoctor(row))
}
