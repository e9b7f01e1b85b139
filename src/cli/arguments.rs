//! What may be said on the command line.

use crate::i18n::Lang;
use crate::sheet::Date;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Posts, establishment and title quotas of China's primary health care: exact, cited,
/// reproducible for any date.
#[derive(Parser)]
#[command(
    name = "dinggang",
    version,
    about = "Posts, establishment and title quotas of China's primary health care",
    arg_required_else_help = true,
    after_help = EXAMPLES
)]
pub struct Args {
    /// Language of everything that is printed
    #[arg(
        long,
        global = true,
        value_enum,
        env = "DINGGANG_LANG",
        default_value = "zh-CN",
        value_name = "LANG"
    )]
    pub lang: LangArg,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  dinggang template --out 空表.xlsx
  dinggang check 全旗.xlsx --policy inner-mongolia/primary-care-draft
  dinggang check 全旗.xlsx --policy inner-mongolia/primary-care-draft --format xlsx --out 结果.xlsx
  dinggang explain 全旗.xlsx --policy inner-mongolia/primary-care-draft --person '人员!12'
  dinggang policy impact 全旗.xlsx --from inner-mongolia/primary-care-draft --to national/county-community-pilot

Exit codes: 0 nothing mandatory fails; 1 a mandatory rule fails for an institution or an
area; 2 some input was refused (what could be read is still evaluated); 3 wrong usage or a
broken policy.";

/// `zh-CN` or `en`.
#[derive(Clone, Copy, ValueEnum)]
pub enum LangArg {
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
pub enum Command {
    /// Reads workbooks, evaluates them under policies, prints the verdicts; no database
    #[command(after_help = "\
Examples:
  dinggang check 全旗.xlsx --policy inner-mongolia/primary-care-draft --as-of 2026-11-22
  dinggang check 机构.xlsx 人员.xlsx --policy inner-mongolia/primary-care-draft --format json
  dinggang check 全旗.xlsx --policy inner-mongolia/primary-care-draft --errors 退回.xlsx")]
    Check(CheckArgs),
    /// One person (or one institution) step by step: arithmetic, clause, readings
    #[command(after_help = "\
Examples:
  dinggang explain 全旗.xlsx --policy inner-mongolia/primary-care-draft --person '人员!12'
  dinggang explain 全旗.xlsx --policy inner-mongolia/primary-care-draft --institution NM001")]
    Explain(ExplainArgs),
    /// Policies: what is shipped, what it says, whether it is sound, what it would change
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// Writes an empty import workbook with drop-downs and notes
    Template {
        /// Where to write it
        #[arg(long, value_name = "PATH", default_value = "定岗导入模板.xlsx")]
        out: PathBuf,
    },
    /// Writes an invented county as an import workbook, as large as wanted
    #[command(after_help = "\
Examples:
  dinggang sample --out county.xlsx
  dinggang sample --out large.xlsx --townships 400 --staff 100000")]
    Sample(SampleArgs),
    /// Shows the configuration as it holds and where each part comes from; secrets stay hidden
    Config(ConfigArgs),
    /// Makes the tables of the database, or brings them up to date
    Migrate(ConfigArgs),
    /// The audit trail: its head, and whether anybody tampered with it
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// The keys that seal identity and telephone numbers
    Key {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Prints completions for a shell
    Completions { shell: clap_complete::Shell },
    /// Prints the manual page
    Man,
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Prints how far the chain goes, and its last hash: to be kept elsewhere
    Head(ConfigArgs),
    /// Recomputes the whole chain; exit code 1 when anybody tampered with it
    Verify {
        /// A head that was printed before; without it a chain cut short does not show (may be repeated)
        #[arg(long, value_name = "NUMBER:HASH")]
        head: Vec<String>,
        #[command(flatten)]
        config: ConfigArgs,
    },
}

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Makes a new key and seals everything anew with it; the server has to be stopped
    Rotate(ConfigArgs),
}

/// Files, policies and date: what every evaluation needs.
#[derive(clap::Args)]
pub struct DataArgs {
    /// Workbooks (.xlsx, .xls, .ods) and statistics exports; several are one data set
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Month and day of the evaluation; today in Asia/Shanghai when not given
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub as_of: Option<Date>,
    #[command(flatten)]
    pub source: PolicySource,
    /// A share that a text leaves to each place, e.g. POLICY#RULE=22% (may be repeated)
    #[arg(long, value_name = "POLICY#RULE=SHARE")]
    pub set: Vec<String>,
}

/// Where policies are read from.
#[derive(clap::Args)]
pub struct PolicySource {
    /// A folder of policies instead of the shipped ones
    #[arg(long, value_name = "DIR", env = "DINGGANG_POLICIES")]
    pub policies: Option<PathBuf>,
}

/// Where the configuration comes from, besides the environment.
#[derive(clap::Args)]
pub struct ConfigArgs {
    /// The configuration file; dinggang.toml in the current folder when not given
    #[arg(long, value_name = "FILE", env = "DINGGANG_CONFIG")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// The database: sqlite://… or postgres://…
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Any setting, such as log=debug (may be repeated)
    #[arg(long, value_name = "KEY=VALUE")]
    pub setting: Vec<String>,
}

/// How large an invented county is, and which.
#[derive(clap::Args)]
pub struct SampleArgs {
    /// Where to write it
    #[arg(long, value_name = "PATH", default_value = "示例旗.xlsx")]
    pub out: PathBuf,
    /// Township health centres; the other institutions follow from them
    #[arg(long, value_name = "COUNT", default_value_t = 12)]
    pub townships: usize,
    /// Rough number of staff
    #[arg(long, value_name = "COUNT", default_value_t = 600)]
    pub staff: usize,
    /// The same county as it stood on an earlier day: before later hires and promotions
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub back_to: Option<Date>,
    /// The same number gives the same county
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub seed: u64,
    /// The day on which the county stands so; today in Asia/Shanghai when not given
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub as_of: Option<Date>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
    Xlsx,
}

#[derive(clap::Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// A policy to apply (may be repeated); see `dinggang policy list`
    #[arg(long, required = true, value_name = "ID")]
    pub policy: Vec<String>,
    /// How the verdicts are written; xlsx needs --out
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Writes to a file instead of standard output
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Writes the workbook back with a column of reasons beside every refused row
    #[arg(long, value_name = "PATH")]
    pub errors: Option<PathBuf>,
}

#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("subject").required(true))]
pub struct ExplainArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// A policy to apply (may be repeated)
    #[arg(long, required = true, value_name = "ID")]
    pub policy: Vec<String>,
    /// Identity number, or [FILE:]人员!ROW (in single quotes in bash)
    #[arg(long, group = "subject", value_name = "PERSON")]
    pub person: Option<String>,
    /// Institution code
    #[arg(long, group = "subject", value_name = "CODE")]
    pub institution: Option<String>,
    /// How the explanation is written; xlsx needs --out
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Writes to a file instead of standard output
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Writes the workbook back with a column of reasons beside every refused row
    #[arg(long, value_name = "PATH")]
    pub errors: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum PolicyCommand {
    /// What is shipped, and whether it is in force
    List {
        #[command(flatten)]
        source: PolicySource,
    },
    /// One policy in plain words: clauses, rules, readings, coverage
    Show {
        id: String,
        #[command(flatten)]
        source: PolicySource,
    },
    /// Checks policy files, runs their cases, prints what of each document is covered
    Check {
        /// A folder of policies, or one policy; the shipped ones when not given
        path: Option<PathBuf>,
        /// A folder with the documents, to verify every quotation (may be repeated)
        #[arg(long, value_name = "DIR")]
        sources: Vec<PathBuf>,
    },
    /// What another set of policies would change: institutions, areas, people, both clauses
    Impact(ImpactArgs),
}

#[derive(clap::Args)]
pub struct ImpactArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// A policy applied before (may be repeated)
    #[arg(long, required = true, value_name = "ID")]
    pub from: Vec<String>,
    /// A policy applied after (may be repeated)
    #[arg(long, required = true, value_name = "ID")]
    pub to: Vec<String>,
    /// How the difference is written
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Writes to a file instead of standard output
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
}

fn date(text: &str) -> Result<Date, String> {
    let expected = "expected YYYY-MM-DD, for example 2026-11-22";
    let day = crate::policy::quantity::Day::read(text).filter(|_| text.len() == 10);
    let day = day.ok_or(expected)?;
    Ok((day.month.year(), day.month.month(), day.day))
}
