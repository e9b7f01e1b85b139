//! The command line: reads arguments, calls the rooms, chooses the exit code
//! (CONTRACT section 1).

mod policies;
mod policy;

use crate::i18n::Lang;
use clap::{Parser, Subcommand, ValueEnum};
use std::io::IsTerminal;
use std::path::PathBuf;

/// How a run ends (CONTRACT section 1).
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
}

#[derive(Parser)]
#[command(name = "dinggang", version, about, long_about = None, arg_required_else_help = true)]
struct Args {
    /// Language of messages.
    #[arg(
        long,
        global = true,
        value_enum,
        env = "DINGGANG_LANG",
        default_value = "zh-CN"
    )]
    lang: LangArg,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
enum LangArg {
    #[value(name = "zh-CN", alias = "zh")]
    ZhCn,
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::ZhCn => Self::ZhCn,
            LangArg::En => Self::En,
        }
    }
}

#[derive(Subcommand)]
enum Command {
    /// Policies: what is shipped, what it says, whether it is sound, what it would change.
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// What is shipped.
    List,
    /// Checks policy files and runs their cases.
    Check {
        /// A folder of policies, or one policy; without it the shipped ones.
        path: Option<PathBuf>,
        /// A folder with the documents, to verify every quotation.
        #[arg(long, value_name = "DIR")]
        sources: Vec<PathBuf>,
    },
}

/// Runs the program.
pub fn run(_environment: &Environment) -> Exit {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Fine
            };
        }
    };
    let lang = args.lang.into();
    match args.command {
        Command::Policy {
            command: PolicyCommand::List,
        } => policy::list(lang),
        Command::Policy {
            command: PolicyCommand::Check { path, sources },
        } => policy::check(lang, path.as_deref(), &sources),
    }
}

/// Whether standard error is a terminal that shows colours.
fn colour_on_stderr() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
