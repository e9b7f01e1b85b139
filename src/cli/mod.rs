//! The command line: reads arguments, calls the rooms, chooses the exit code
//! (CONTRACT section 1).

mod arguments;
mod backup;
mod check;
mod config;
mod demo;
mod errors;
mod explain;
mod help;
mod impact;
mod input;
pub mod logging;
mod mail;
mod office;
mod output;
mod policies;
mod policy;
mod records;
mod serve;
mod terminal;
mod user;

use crate::domain::time::Timestamp;
use crate::i18n::Lang;
use arguments::{Args, AuditCommand, Command, KeyCommand, MailCommand, PolicyCommand};
use clap::FromArgMatches;

/// How a run ends (CONTRACT section 1). The order is that of precedence for 0 to 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing mandatory fails.
    Fine = 0,
    /// A mandatory rule fails for an institution or an area.
    Broken = 1,
    /// Some input was refused.
    Refused = 2,
    /// Wrong usage, or a broken policy.
    Usage = 3,
}

/// What main hands in: the only place where the clock is read.
pub struct Environment {
    /// Today in Asia/Shanghai: year, month, day.
    pub today: (i32, u32, u32),
    /// The instant at which the program was started.
    pub now: Timestamp,
    /// Reads the clock, for what goes on.
    pub clock: fn() -> Timestamp,
}

/// Runs the program.
pub fn run(environment: &Environment) -> Exit {
    let wanted = help::wanted(std::env::args());
    let command = help::command(wanted);
    let parsed = command
        .try_get_matches()
        .and_then(|matches| Args::from_arg_matches(&matches));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => {
            // help and version go to standard output and are no mistake
            if !error.use_stderr() {
                let _ = error.print();
                return Exit::Fine;
            }
            match errors::usage(&error, wanted) {
                Some(said) => eprintln!("{said}"),
                None => {
                    let _ = error.print();
                }
            }
            return Exit::Usage;
        }
    };
    let lang: Lang = args.lang.into();
    let result = match args.command {
        Command::Check(check) => check::run(&check, lang, environment),
        Command::Explain(explain) => explain::run(&explain, lang, environment),
        Command::Policy { command } => match command {
            PolicyCommand::List { source } => policy::list(&source, lang),
            PolicyCommand::Show { id, source } => policy::show(&id, &source, lang),
            PolicyCommand::Check { path, sources } => {
                policy::check(path.as_deref(), &sources, lang)
            }
            PolicyCommand::Impact(impact) => impact::run(&impact, lang, environment),
        },
        Command::Template { out } => output::template(&out),
        Command::Sample(sample) => output::sample(&sample, environment),
        Command::Serve(args) => serve::run(&args, lang, environment),
        Command::Demo(args) => demo::run(&args, lang, environment),
        Command::Openapi => output::print(crate::http::description().as_bytes()),
        Command::Config(args) => config::run(&args, lang),
        Command::Migrate(args) => records::migrate(&args, lang, environment),
        Command::Audit { command } => match command {
            AuditCommand::Head(args) => records::head(&args, lang),
            AuditCommand::Verify { head, config } => records::verify(&config, &head, lang),
        },
        Command::Key { command } => match command {
            KeyCommand::Rotate(args) => records::rotate(&args, lang, environment),
        },
        Command::Backup(args) => backup::backup(&args, lang, environment),
        Command::Restore(args) => backup::restore(&args, lang, environment),
        Command::Mail { command } => match command {
            MailCommand::Test(args) => mail::test(&args, lang, environment),
            MailCommand::Samples { out, config } => mail::samples(&out, &config, lang, environment),
        },
        Command::User { command } => user::run(&command, lang, environment),
        Command::Completions { shell } => {
            // the generator panics on a closed pipe
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut help::command(lang), "dinggang", &mut script);
            output::print(&script)
        }
        Command::Man => {
            let page = clap_mangen::Man::new(help::command(lang));
            let mut text = Vec::new();
            page.render(&mut text)
                .map_err(Into::into)
                .and_then(|()| output::print(&text))
        }
    };
    match result {
        Ok(exit) => exit,
        Err(error) => {
            // a reader that closed the pipe early is not our mistake
            if terminal::is_broken_pipe(&error) {
                return Exit::Fine;
            }
            eprintln!("dinggang: {}", errors::chain(&error, lang));
            Exit::Usage
        }
    }
}
