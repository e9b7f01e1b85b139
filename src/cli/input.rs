//! What an evaluation starts from: policies and files.

use super::arguments::{DataArgs, PolicySource};
use super::{Environment, policies, terminal};
use crate::domain::fault::{Warning, WarningCode};
use crate::domain::month::Month;
use crate::domain::register::{Origin, Register};
use crate::i18n::{Arg, Lang, t};
use crate::policy::diagnostic::{Diagnostics, nearest};
use crate::policy::fact::Facts;
use crate::policy::library::{Files, Library};
use crate::policy::load::sha256;
use crate::policy::model::{Body, Limit, Policy, Rule, ShareValue};
use crate::policy::plan::{Adoption, Plan};
use crate::policy::quantity::Share;
use crate::report::diagnostic::render;
use crate::report::evaluation::{Evaluation, Input, RefusedInput};
use crate::rules::assessment::{Assessment, assess};
use crate::rules::case;
use crate::rules::data::Data;
use crate::rules::people::PeopleResult;
use crate::service::import::refused_file;
use crate::service::rulebook::{ALWAYS, Chosen};
use crate::sheet::{self, Date, Reading};
use anyhow::{Context, bail};
use std::path::Path;
use std::sync::Arc;

/// The day of the evaluation.
pub fn as_of(data: &DataArgs, environment: &Environment) -> Date {
    data.as_of.unwrap_or(environment.today)
}

/// The month of a day.
pub fn month_of(date: Date) -> Month {
    let (year, month, _) = date;
    Month::from_index(year * 12 + month as i32 - 1)
}

/// The policy files and what to put before their paths in messages.
pub fn files(source: &PolicySource) -> anyhow::Result<(Files, String)> {
    match &source.policies {
        None => Ok((policies::shipped(), "policies/".to_owned())),
        Some(folder) => {
            let files =
                policies::of_folder(folder).with_context(|| folder.display().to_string())?;
            Ok((files, format!("{}/", folder.display())))
        }
    }
}

/// Facts, and policies in the order asked for.
pub type Policies = (Arc<Facts>, Vec<Arc<Policy>>);

/// Facts and the policies asked for, then those always loaded, each once. `None` when a
/// policy is broken; the mistakes are printed. Policies of a folder have their cases run.
pub fn load(source: &PolicySource, ids: &[String], lang: Lang) -> anyhow::Result<Option<Policies>> {
    let (files, root) = files(source)?;
    let mut wanted: Vec<&str> = Vec::new();
    for id in ids.iter().map(String::as_str).chain(ALWAYS) {
        if !wanted.contains(&id) {
            wanted.push(id);
        }
    }
    must_have_national(&files, source, lang)?;
    for id in &wanted {
        if !Library::ids(&files).any(|known| known == *id) {
            let near = nearest(id, Library::ids(&files));
            let sentence = t(lang, "cli-no-policy", &[("id", (*id).into())]);
            bail!(with_nearest(sentence, near, lang));
        }
    }
    let mut problems = Diagnostics::default();
    let library = match source.policies {
        None => Library::read(&files, &root, wanted.iter().copied(), &mut problems),
        Some(_) => own_library(&files, &root, &wanted, &mut problems),
    };
    if print_problems(&problems, lang) {
        return Ok(None);
    }
    let policies = wanted.iter().filter_map(|id| library.find(id)).collect();
    Ok(Some((library.facts, policies)))
}

/// Facts and every policy there is. `None` when one is broken; the mistakes are printed.
pub fn load_all(source: &PolicySource, lang: Lang) -> anyhow::Result<Option<Policies>> {
    let (files, root) = files(source)?;
    must_have_national(&files, source, lang)?;
    let mut problems = Diagnostics::default();
    let library = Library::read_all(&files, &root, &mut problems);
    library.check_together(&mut problems);
    if print_problems(&problems, lang) {
        return Ok(None);
    }
    Ok(Some((library.facts, library.policies)))
}

/// A folder without the policies that apply everywhere would leave retirement and leaving
/// out of every count, so it is refused before anything is read.
fn must_have_national(files: &Files, source: &PolicySource, lang: Lang) -> anyhow::Result<()> {
    let lacking = ALWAYS
        .iter()
        .filter(|id| !Library::ids(files).any(|known| known == **id));
    let lacking: Vec<&str> = lacking.copied().collect();
    if let Some(folder) = &source.policies
        && !lacking.is_empty()
    {
        let args = [
            ("folder", folder.display().to_string().into()),
            ("ids", lacking.join(&t(lang, "list-separator", &[])).into()),
        ];
        bail!(t(lang, "cli-no-national", &args));
    }
    Ok(())
}

/// Policies of somebody's own folder, with the cases of those that are used.
fn own_library(files: &Files, root: &str, wanted: &[&str], problems: &mut Diagnostics) -> Library {
    let library = Library::read_all(files, root, problems);
    library.check_together(problems);
    for id in wanted {
        if let (Some(policy), Some((file, cases))) = (library.find(id), library.cases.get(*id)) {
            case::run(
                &policy,
                cases,
                file,
                &library.facts,
                &|id| library.find(id),
                problems,
            );
        }
    }
    library
}

/// Prints mistakes in policies; whether there were any.
pub fn print_problems(problems: &Diagnostics, lang: Lang) -> bool {
    for problem in &problems.0 {
        eprint!("{}", render(problem, lang, terminal::colour_on_stderr()));
    }
    !problems.0.is_empty()
}

/// A sentence, and the name that was perhaps meant.
pub fn with_nearest(sentence: String, near: Option<String>, lang: Lang) -> String {
    let Some(near) = near else { return sentence };
    let near = t(lang, "policy-help-nearest", &[("nearest", near.into())]);
    let args = [("sentence", sentence.into()), ("near", near.into())];
    t(lang, "cli-near", &args)
}

/// Shares that places have set.
pub fn adoption(data: &DataArgs, policies: &[Arc<Policy>], lang: Lang) -> anyhow::Result<Adoption> {
    let mut adoption = Adoption::default();
    for setting in &data.set {
        match read_setting(setting, policies, lang) {
            Ok((rule, share)) => adoption.shares.insert(rule, share),
            Err(message) => bail!(message),
        };
    }
    Ok(adoption)
}

/// The rule of a setting and its share, or what is wrong with it in words.
fn read_setting(
    setting: &str,
    policies: &[Arc<Policy>],
    lang: Lang,
) -> Result<(String, Share), String> {
    let say = |key: &str, more: &[(&'static str, Arg)]| {
        let mut args = vec![("setting", Arg::from(setting))];
        args.extend(more.iter().cloned());
        t(lang, &format!("cli-setting-{key}"), &args)
    };
    let parts = setting
        .split_once('=')
        .and_then(|(name, share)| Some((name.split_once('#')?, share)));
    let Some(((id, name), share)) = parts else {
        return Err(say("form", &[]));
    };
    let Some(policy) = policies.iter().find(|policy| policy.id == id) else {
        let near = nearest(id, policies.iter().map(|policy| policy.id.as_str()));
        let sentence = say("no-policy", &[("policy", id.into())]);
        return Err(with_nearest(sentence, near, lang));
    };
    let open = |rule: &&Rule| match &rule.body {
        Body::Ceiling(ceiling) => ceiling.measures.iter().any(|measure| match &measure.limit {
            Limit::Share { share, .. } => *share == ShareValue::SetByPlace,
            Limit::Fact(_) => false,
        }),
        _ => false,
    };
    match policy.rule(name) {
        None => {
            let near = nearest(name, policy.rules.iter().map(|rule| rule.id.as_str()));
            let sentence = say("no-rule", &[("policy", id.into()), ("rule", name.into())]);
            Err(with_nearest(sentence, near, lang))
        }
        Some(rule) if !open(&rule) => Err(say("fixed", &[("rule", name.into())])),
        Some(_) => match Share::read(share) {
            Some(share) => Ok((format!("{id}#{name}"), share)),
            None => Err(say("bad-share", &[("share", share.into())])),
        },
    }
}

/// The files that were read, and what they gave.
pub struct Loaded {
    pub inputs: Vec<Input>,
    pub bytes: Vec<sheet::Input>,
    pub reading: Reading,
    pub refused: Vec<RefusedInput>,
}

impl Loaded {
    /// Whether a file or a row was refused.
    pub fn refused_something(&self) -> bool {
        !self.refused.is_empty() || !self.reading.faults.is_empty()
    }

    /// Says on standard error which files were refused, whatever the format of the result.
    pub fn print_refused(&self, lang: Lang) {
        for refused in &self.refused {
            let args = [
                ("file", Arg::from(&refused.file)),
                ("message", (&refused.message).into()),
            ];
            eprintln!("{}", t(lang, "table-refused-file", &args));
        }
    }
}

/// Reads the files. One that cannot be opened is refused like one that cannot be understood.
pub fn read(data: &DataArgs, as_of: Date, lang: Lang) -> Loaded {
    let mut inputs = Vec::new();
    let mut bytes = Vec::new();
    let mut refused = Vec::new();
    for path in &data.files {
        let name = base_name(path);
        match std::fs::read(path) {
            Ok(content) => {
                inputs.push(Input {
                    file: name.clone(),
                    sha256: sha256(&content),
                });
                bytes.push(sheet::Input {
                    name,
                    bytes: content,
                });
            }
            Err(error) => {
                let detail = super::errors::os(&error, lang);
                let message = t(lang, "file-unreadable", &[("detail", detail.into())]);
                refused.push(RefusedInput {
                    file: name,
                    code: "unreadable",
                    message,
                });
            }
        }
    }
    let bar = terminal::progress(t(lang, "cli-reading", &[]));
    let reading = sheet::read(&bytes, as_of, &|rows| bar.inc(rows));
    bar.finish_and_clear();
    for file in &reading.refused_files {
        let message = refused_file(&file.why, lang);
        refused.push(RefusedInput {
            file: file.file.clone(),
            code: file.why.key(),
            message,
        });
    }
    Loaded {
        inputs,
        bytes,
        reading,
        refused,
    }
}

/// The last part of a path.
pub fn base_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// Everything one run produced.
pub struct Evaluated {
    pub as_of: Month,
    pub loaded: Loaded,
    pub warnings: Vec<Warning>,
    pub plan: Plan,
    pub data: Data,
    pub assessment: Assessment,
}

impl Evaluated {
    /// As the reports want it.
    pub fn view(&self) -> Evaluation<'_> {
        Evaluation {
            as_of: self.as_of,
            inputs: &self.loaded.inputs,
            refused: &self.loaded.refused,
            register: &self.loaded.reading.register,
            faults: &self.loaded.reading.faults,
            warnings: &self.warnings,
            plan: &self.plan,
            data: &self.data,
            assessment: &self.assessment,
        }
    }

    /// Whether a file or a row was refused.
    pub fn refused_something(&self) -> bool {
        self.loaded.refused_something()
    }
}

/// Loads the policies, reads the files, evaluates. `None`: a policy is broken.
pub fn evaluate(
    args: &DataArgs,
    policy: &[String],
    lang: Lang,
    environment: &Environment,
) -> anyhow::Result<Option<Evaluated>> {
    let Some((facts, policies)) = load(&args.source, policy, lang)? else {
        return Ok(None);
    };
    let adoption = adoption(args, &policies, lang)?;
    let date = as_of(args, environment);
    let as_of = month_of(date);
    let mut loaded = read(args, date, lang);
    let chosen = Chosen {
        facts,
        policies,
        adoption,
    };
    let plan = chosen.plan(as_of, &loaded.reading.register);
    let bar = terminal::progress(t(lang, "cli-evaluating", &[]));
    let data = Data::of_register(&loaded.reading.register, &plan.facts, as_of);
    let assessment = assess(&plan, &data);
    bar.finish_and_clear();
    let warnings = warnings(&mut loaded.reading, &assessment.people, as_of);
    Ok(Some(Evaluated {
        as_of,
        loaded,
        warnings,
        plan,
        data,
        assessment,
    }))
}

/// The warnings of the reader, and those that only the rules can give, in order of rows.
pub fn warnings(reading: &mut Reading, people: &PeopleResult, as_of: Month) -> Vec<Warning> {
    let mut warnings = std::mem::take(&mut reading.warnings);
    for (row, person) in reading.register.people.iter().enumerate() {
        let Some(month) = people.retirement(row).filter(|month| *month < as_of) else {
            continue;
        };
        warnings.push(Warning {
            origin: person.origin,
            column: crate::domain::column::PersonColumn::Id.name().to_owned(),
            code: WarningCode::PastRetirement,
            value: month.to_string(),
        });
    }
    warnings.sort_by_key(|warning: &Warning| warning.origin);
    warnings
}

/// The person or row that was asked for.
pub fn origin_of(text: &str) -> Option<(Option<&str>, &str, u32)> {
    let (place, row) = text.rsplit_once('!')?;
    let row = row.trim().parse().ok()?;
    match place.rsplit_once(':') {
        Some((file, sheet)) => Some((Some(file), sheet, row)),
        None => Some((None, place, row)),
    }
}

/// Whether an origin is the place that was asked for.
pub fn is_at(
    register: &Register,
    origin: Origin,
    (file, sheet, row): (Option<&str>, &str, u32),
) -> bool {
    register.source(origin).is_some_and(|source| {
        origin.row == row && source.sheet == sheet && file.is_none_or(|file| source.file == file)
    })
}
