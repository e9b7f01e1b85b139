//! `dinggang config`, and the configuration of the commands that run the server.

use super::arguments::ConfigArgs;
use super::{Exit, terminal};
use crate::config::{self, Effective, Inputs, Loaded, Origin, Problem, ProblemKind, Setting};
use crate::domain::source_text::{Place, SourceFile};
use crate::i18n::{Arg, Lang, t};
use crate::report::caret;
use comfy_table::{ContentArrangement, Table, TableStyle};
use std::borrow::Cow;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// Prints what holds and where it comes from.
pub fn run(args: &ConfigArgs, lang: Lang) -> anyhow::Result<Exit> {
    let Some(loaded) = load(args, lang)? else {
        return Ok(Exit::Usage);
    };
    super::output::write(None, |out| Ok(writeln!(out, "{}", table(&loaded, lang))?))?;
    Ok(Exit::Fine)
}

/// The configuration; None when it has problems, which stand on standard error then.
pub fn load(args: &ConfigArgs, lang: Lang) -> anyhow::Result<Option<Loaded>> {
    match config::load(&inputs(args, lang)?) {
        Ok(loaded) => Ok(Some(loaded)),
        Err(problems) => {
            let colour = terminal::colour_on_stderr();
            for problem in &problems {
                eprintln!("{}", draw(problem, lang, colour));
            }
            let count = [("count", problems.len().into())];
            eprintln!("dinggang: {}", t(lang, "config-summary", &count));
            Ok(None)
        }
    }
}

fn inputs(args: &ConfigArgs, lang: Lang) -> anyhow::Result<Inputs> {
    let named = args.config.as_deref();
    let file = config::default_file(named).map_err(|error| {
        let path = named.map_or_else(PathBuf::new, PathBuf::from);
        let detail = [
            ("path", path.display().to_string().into()),
            ("detail", error.to_string().into()),
        ];
        anyhow::anyhow!(t(lang, "config-unreadable", &detail))
    })?;
    let text = |value: std::ffi::OsString| value.to_string_lossy().into_owned();
    Ok(Inputs {
        arguments: arguments(args),
        environment: std::env::vars_os()
            .map(|(name, value)| (text(name), text(value)))
            .collect(),
        file,
    })
}

/// What the command line says, options with a name of their own last: of two they count.
fn arguments(args: &ConfigArgs) -> Vec<(String, String)> {
    let pair = |setting: &str| {
        let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
        (key.trim().to_owned(), value.to_owned())
    };
    let named = [
        (Setting::Listen, &args.listen),
        (Setting::Database, &args.database),
    ];
    let named = named.into_iter().filter_map(|(setting, value)| {
        let value = value.as_ref()?;
        Some((setting.key().to_owned(), value.clone()))
    });
    args.setting
        .iter()
        .map(|setting| pair(setting))
        .chain(named)
        .collect()
}

fn table(loaded: &Loaded, lang: Lang) -> Table {
    let mut table = Table::new();
    table
        .load_style(TableStyle::default())
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(["setting", "value", "origin"].map(|part| {
            let key = format!("config-head-{part}");
            t(lang, &key, &[])
        }));
    for effective in &loaded.effective {
        table.add_row(row(effective, lang));
    }
    table
}

fn row(effective: &Effective, lang: Lang) -> [String; 3] {
    let value = effective.value.clone();
    [
        effective.setting.key().to_owned(),
        value.unwrap_or_else(|| t(lang, "config-origin-unset", &[])),
        origin(&effective.origin, lang),
    ]
}

fn origin(origin: &Origin, lang: Lang) -> String {
    match origin {
        Origin::CommandLine => t(lang, "config-origin-command-line", &[]),
        Origin::Variable(name) => {
            let name = [("name", name.into())];
            t(lang, "config-origin-variable", &name)
        }
        Origin::File(place) => {
            let (line, column) = place.line_column();
            format!("{}:{line}:{column}", place.file.name)
        }
        Origin::Default => t(lang, "config-origin-default", &[]),
    }
}

/// A problem: with the line it stands on, where it stands in a file.
fn draw(problem: &Problem, lang: Lang, colour: bool) -> String {
    let (message, help) = (message(problem, lang), help(problem, lang));
    match &problem.origin {
        Origin::File(place) => caret::mistake(&safe(place), message, help, colour),
        elsewhere => {
            let help = help.map_or_else(String::new, |help| format!("\n  {help}"));
            format!("{}: {message}{help}", origin(elsewhere, lang))
        }
    }
}

/// The place in a text without passwords: lines beside the mistake are drawn too.
fn safe(place: &Place) -> Place {
    let file = SourceFile {
        name: place.file.name.clone(),
        text: without_passwords(&place.file.text),
    };
    Place {
        file: Arc::new(file),
        span: place.span.clone(),
    }
}

/// Stars for what stands between `://…:` and `@`, or behind `password=`: one for each
/// byte, so that places stay where they are.
fn without_passwords(text: &str) -> String {
    let words = text.split_inclusive(|c: char| c.is_whitespace() || "\"'&".contains(c));
    words.map(without_password).collect()
}

fn without_password(word: &str) -> Cow<'_, str> {
    let Some(span) = in_address(word).or_else(|| behind_name(word)) else {
        return Cow::Borrowed(word);
    };
    let mut word = word.to_owned();
    let stars = "*".repeat(span.len());
    word.replace_range(span, &stars);
    Cow::Owned(word)
}

fn in_address(word: &str) -> Option<Range<usize>> {
    let user = word.find("://")? + 3;
    let end = word.rfind('@')?;
    let colon = word.get(user..end)?.find(':')?;
    Some(user + colon + 1..end)
}

fn behind_name(word: &str) -> Option<Range<usize>> {
    const NAME: &str = "password=";
    let from = word.find(NAME)? + NAME.len();
    let end = word.trim_end_matches(|c: char| c.is_whitespace() || "\"'&".contains(c));
    Some(from..end.len().max(from))
}

fn message(problem: &Problem, lang: Lang) -> String {
    let say =
        |key: &str, args: &[(&'static str, Arg)]| t(lang, &format!("config-problem-{key}"), args);
    let setting = problem.setting.map(|setting| name(setting, lang));
    let setting = ("setting", setting.unwrap_or_default().into());
    match &problem.kind {
        ProblemKind::Syntax(detail) => say("syntax", &[("detail", detail.into())]),
        ProblemKind::Unknown { found, .. } => say("unknown", &[("found", found.into())]),
        ProblemKind::BadValue {
            value: Some(value), ..
        } => say("bad-value", &[setting, ("value", value.into())]),
        ProblemKind::BadValue { value: None, .. } => say("bad-secret", &[setting]),
        ProblemKind::WrongType => say("wrong-type", &[]),
        ProblemKind::Needs(other) => say("needs", &[setting, ("other", name(*other, lang).into())]),
        ProblemKind::NoMoreThan(other) => say(
            "no-more-than",
            &[setting, ("other", name(*other, lang).into())],
        ),
    }
}

fn help(problem: &Problem, lang: Lang) -> Option<String> {
    match &problem.kind {
        ProblemKind::Unknown {
            nearest: Some(near),
            ..
        } => Some(t(lang, "policy-help-nearest", &[("nearest", near.into())])),
        ProblemKind::BadValue { wanted, .. } => {
            let wanted = t(lang, &format!("config-wanted-{}", wanted.key()), &[]);
            Some(t(lang, "config-help-wanted", &[("wanted", wanted.into())]))
        }
        _ => None,
    }
}

/// What a setting is, with its key: `监听地址 (listen)`.
fn name(setting: Setting, lang: Lang) -> String {
    let key = format!("config-setting-{}", setting.key().replace('_', "-"));
    format!("{} ({})", t(lang, &key, &[]), setting.key())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Wanted;
    use crate::i18n::has;

    #[test]
    fn passwords_are_starred_where_they_stand() {
        let text =
            "a = \"smtp://hr:geheim@mail\"\nb = 'postgres://db/x?password=geheim&user=é' # x\n";
        let safe = without_passwords(text);
        assert_eq!(safe.len(), text.len());
        assert_eq!(safe, text.replace("geheim", "******"));
        for plain in [
            "http://a:8080/b",
            "listen = \"[::1]:80\"",
            "mail = 'a@b.cn'",
        ] {
            assert_eq!(without_passwords(plain), plain);
        }
    }

    #[test]
    fn every_setting_and_every_kind_of_value_has_words() {
        let settings = Setting::ALL
            .iter()
            .map(|one| format!("config-setting-{}", one.key().replace('_', "-")));
        let wanted = Wanted::ALL
            .iter()
            .map(|one| format!("config-wanted-{}", one.key()));
        for key in settings.chain(wanted) {
            for lang in Lang::ALL {
                assert!(has(lang, &key), "{key}");
            }
        }
    }
}
