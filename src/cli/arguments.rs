//! What may be said on the command line.

use crate::domain::rights::{Authority, Role, Tier};
use crate::i18n::Lang;
use crate::sheet::Date;
use clap::builder::PossibleValuesParser;
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
    /// Runs the server: records, rights, audit trail and the REST API
    #[command(after_help = "\
Examples:
  dinggang serve
  dinggang serve --listen 0.0.0.0:8080 --database postgres://dinggang@db/dinggang")]
    Serve(ConfigArgs),
    /// An invented county with a login for every role, in a folder that is thrown away
    #[command(after_help = "\
Examples:
  dinggang demo
  dinggang demo --listen 127.0.0.1:9000 --staff 3000")]
    Demo(DemoArgs),
    /// Prints the description of the REST API (OpenAPI, JSON)
    Openapi,
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
    /// Copies the database while it is in use, and checks the copy row for row
    #[command(after_help = "\
Examples:
  dinggang backup
  dinggang backup --out /srv/backups/
  dinggang backup --out before-upgrade.sqlite")]
    Backup(BackupArgs),
    /// Brings a backup back into an empty database, and checks it row for row
    #[command(after_help = "\
Examples:
  dinggang restore before-upgrade.sqlite --database sqlite://restored.db")]
    Restore(RestoreArgs),
    /// Mails: tries the settings
    Mail {
        #[command(subcommand)]
        command: MailCommand,
    },
    /// Accounts: from the machine itself, without signing in; everything is in the trail
    #[command(after_help = "\
Examples:
  dinggang user list
  dinggang user invite wang.li --name 王丽 --role institution_hr --institution NM001
  dinggang user invite bianban --name 李强 --role reviewer --authority establishment --area 150199
  dinggang user link wang.li")]
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Prints completions for a shell
    Completions { shell: clap_complete::Shell },
    /// Prints the manual page
    Man,
}

#[derive(Subcommand)]
pub enum MailCommand {
    /// Sends a test mail at once and says what became of it; exit code 2 when it was refused
    Test(MailTestArgs),
    /// Writes a mail of each kind in both languages into a folder, to look at
    Samples {
        /// The folder; made where it is not there
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        #[command(flatten)]
        config: ConfigArgs,
    },
}

#[derive(Parser)]
pub struct MailTestArgs {
    /// Who gets it
    #[arg(long = "to", value_name = "ADDRESS")]
    pub recipient: String,
    #[command(flatten)]
    pub config: ConfigArgs,
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

#[derive(clap::Args)]
pub struct BackupArgs {
    /// A folder, or the file itself; the folder of the configuration when not given
    #[arg(long = "out", value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// PostgreSQL: an empty database to check the copy in; one is made for it when not given
    #[arg(long, value_name = "URL")]
    pub scratch: Option<String>,
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(clap::Args)]
pub struct RestoreArgs {
    /// The backup; its manifest has to stand beside it
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// What is done to accounts.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Every account: state, second factor, and as what it may act
    List(ConfigArgs),
    /// Makes an account and prints the link at which its owner chooses a password
    #[command(alias = "add")]
    Invite {
        /// The name to sign in with
        user_name: String,
        /// The owner's name, as the trail shows it
        #[arg(long, value_name = "NAME")]
        name: String,
        #[command(flatten)]
        capacity: CapacityArgs,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Prints a new link: for a forgotten password, or where an invitation ran out
    Link {
        /// The name to sign in with
        user_name: String,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Nobody signs in with it until it is unlocked; sessions and tokens end
    Lock {
        /// The name to sign in with
        user_name: String,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Unlocks it, also after too many wrong passwords
    Unlock {
        /// The name to sign in with
        user_name: String,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Ends its use for good, unless it is enabled again
    Disable {
        /// The name to sign in with
        user_name: String,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Lets a disabled one be set up again, and prints the link for it
    Enable {
        /// The name to sign in with
        user_name: String,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Forgets the second factor of somebody who lost the telephone; sessions end
    ResetSecondFactor {
        /// The name to sign in with
        user_name: String,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Ends all its sessions and tokens
    RevokeSessions {
        /// The name to sign in with
        user_name: String,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Lets it act as something more
    Grant {
        /// The name to sign in with
        user_name: String,
        #[command(flatten)]
        capacity: CapacityArgs,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Takes back what the list shows with a number; sessions and tokens in it end
    TakeBack {
        /// The name to sign in with
        user_name: String,
        /// The number in the list
        number: usize,
        #[command(flatten)]
        config: ConfigArgs,
    },
}

/// As what somebody may act, and where.
#[derive(clap::Args)]
pub struct CapacityArgs {
    /// As what somebody may act
    #[arg(long, value_name = "ROLE", value_parser = keys(Role::ALL, Role::key))]
    pub role: String,
    /// Code of the area of a reviewer; of an auditor or administrator when not everywhere
    #[arg(long, value_name = "CODE")]
    pub area: Option<String>,
    /// Code of the institution whose records a clerk keeps, with those under it
    #[arg(long = "institution", value_name = "CODE")]
    pub of_institution: Option<String>,
    /// Name of the consortium whose records a clerk keeps
    #[arg(long, value_name = "NAME")]
    pub consortium: Option<String>,
    /// Identity number of the person whose own file it is; - asks for it
    #[arg(long = "person", value_name = "NUMBER")]
    pub of_person: Option<String>,
    /// The authority that a reviewer speaks for
    #[arg(long, value_name = "AUTHORITY", value_parser = keys(Authority::ALL, Authority::key))]
    pub authority: Option<String>,
    /// The level of that authority
    #[arg(long, value_name = "TIER", value_parser = keys(Tier::ALL, Tier::key),
        default_value = "county")]
    pub tier: String,
}

/// The keys of a closed list.
fn keys<T: Copy>(all: &'static [T], key: fn(T) -> &'static str) -> PossibleValuesParser {
    PossibleValuesParser::new(all.iter().map(|one| key(*one)))
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

/// What is tried out.
#[derive(clap::Args)]
pub struct DemoArgs {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Township health centres; the other institutions follow from them
    #[arg(long, value_name = "COUNT", default_value_t = 12)]
    pub townships: usize,
    /// Rough number of staff
    #[arg(long, value_name = "COUNT", default_value_t = 600)]
    pub staff: usize,
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
