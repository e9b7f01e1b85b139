//! Help in the reader's language. The derive holds the English words; the Chinese ones
//! stand in `locales/zh-CN/help.ftl` under the path of the command and the argument.

use super::arguments::Args;
use super::errors;
use crate::i18n::{Lang, has, t};
use clap::{Arg, ArgAction, Command, CommandFactory};

/// The command with its help in a language.
pub fn command(lang: Lang) -> Command {
    let command = Args::command();
    match lang {
        Lang::En => command,
        Lang::ZhCn => {
            let mut command = translated(command, "help", lang);
            // `help` is a subcommand only once the command is built
            command.build();
            let command = worded(command, lang);
            command.mut_subcommand("help", |sub| sub.about(t(lang, "help-help", &[])))
        }
    }
}

/// The language that the arguments or the environment ask for, before they are parsed:
/// the help must be in it too.
pub fn wanted(args: impl Iterator<Item = String>) -> Lang {
    let mut asked = std::env::var("DINGGANG_LANG").ok();
    let mut args = args.peekable();
    while let Some(arg) = args.next() {
        match arg.split_once('=') {
            Some(("--lang", lang)) => asked = Some(lang.to_owned()),
            _ if arg == "--lang" => asked = args.peek().cloned(),
            _ => {}
        }
    }
    if asked.as_deref() == Some("en") {
        Lang::En
    } else {
        Lang::ZhCn
    }
}

/// Usage lines with clap's own words in the reader's language.
fn worded(mut command: Command, lang: Lang) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    let usage = errors::plain_usage(usage, lang);
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| worded(sub, lang));
    }
    command.override_usage(usage)
}

/// The help of an argument, with its choices, default and environment variable.
fn explained(arg: Arg, help: String, lang: Lang) -> Arg {
    if !arg.get_action().takes_values() {
        return arg.help(help);
    }
    let words = |words: Vec<String>| words.join(&t(lang, "list-separator", &[]));
    let text = |text: &std::ffi::OsStr| text.to_string_lossy().into_owned();
    let choices = arg.get_possible_values();
    let choices = choices.iter().filter(|value| !value.is_hide_set());
    let choices: Vec<String> = choices.map(|value| value.get_name().to_owned()).collect();
    let defaults = arg.get_default_values().iter();
    let defaults: Vec<String> = defaults.map(|value| text(value)).collect();
    let env: Vec<String> = arg.get_env().into_iter().map(text).collect();
    let more: Vec<String> = [("choices", choices), ("default", defaults), ("env", env)]
        .into_iter()
        .filter(|(_, said)| !said.is_empty())
        .map(|(key, said)| {
            let args = [(key, words(said).into())];
            t(lang, &format!("clap-help-{key}"), &args)
        })
        .collect();
    let help = if more.is_empty() {
        help
    } else {
        let more = more.join(&t(lang, "condition-and", &[]));
        let args = [("help", help.into()), ("more", more.into())];
        t(lang, "clap-help-more", &args)
    };
    arg.help(help)
        .hide_possible_values(true)
        .hide_default_value(true)
        .hide_env(true)
}

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

fn flag(name: &'static str, short: char, action: ArgAction) -> Arg {
    Arg::new(name).short(short).long(name).action(action)
}

fn translated(command: Command, path: &str, lang: Lang) -> Command {
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading(t(lang, "help-heading-commands", &[]))
        .disable_help_subcommand(path != "help")
        .disable_help_flag(true)
        .arg(flag("help", 'h', ArgAction::Help));
    if command.get_version().is_some() {
        command = command
            .disable_version_flag(true)
            .arg(flag("version", 'V', ArgAction::Version));
    }
    let after = format!("{path}-examples");
    if has(lang, &after) {
        command = command.after_help(t(lang, &after, &[]));
    }
    if has(lang, path) {
        command = command.about(t(lang, path, &[]));
    }
    command = command.mut_args(|arg| {
        let heading = match arg.is_positional() {
            true => "help-heading-arguments",
            false => "help-heading-options",
        };
        let key = format!("help-arg-{}", arg.get_id().as_str().replace('_', "-"));
        let arg = arg.help_heading(t(lang, heading, &[]));
        if has(lang, &key) {
            let help = t(lang, &key, &[]);
            explained(arg, help, lang)
        } else {
            arg
        }
    });
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        let path = format!("{path}-{name}");
        command = command.mut_subcommand(&name, |sub| translated(sub, &path, lang));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: &Command, path: &str) {
        assert!(has(Lang::ZhCn, path), "{path} has no Chinese help");
        for arg in command
            .get_arguments()
            .filter(|arg| !["help", "version"].contains(&arg.get_id().as_str()))
        {
            let key = format!("help-arg-{}", arg.get_id().as_str().replace('_', "-"));
            assert!(has(Lang::ZhCn, &key), "{key} has no Chinese help");
        }
        for sub in command.get_subcommands() {
            check(sub, &format!("{path}-{}", sub.get_name()));
        }
    }

    #[test]
    fn every_command_and_argument_is_explained_in_chinese() {
        check(&Args::command(), "help");
        command(Lang::ZhCn).debug_assert();
        command(Lang::En).debug_assert();
    }

    #[test]
    fn the_language_is_found_before_parsing() {
        let of = |args: &[&str]| wanted(args.iter().map(|a| (*a).to_owned()));
        assert_eq!(of(&["dinggang", "check", "--lang", "en"]), Lang::En);
        assert_eq!(of(&["dinggang", "--lang=en"]), Lang::En);
        assert_eq!(of(&["dinggang", "--lang", "zh-CN"]), Lang::ZhCn);
    }
}
