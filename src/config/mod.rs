//! Configuration: command line, environment, `dinggang.toml`, defaults, in that order
//! (CONTRACT section 6). Read once at start; all problems are told at once, each with the
//! place it comes from. Values arrive as text from every source and are read in one way.

mod gather;
mod value;

pub use gather::{Given, Inputs, Origin, Problem, ProblemKind, default_file, gather};
pub use value::{
    Database, LogFilter, LogFormat, Mailbox, Networks, SecondFactorRule, Size, SmtpUrl, Span,
    Value, Wanted, WebUrl,
};

use crate::domain::label::labelled;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use value::{Count, Number};

labelled! {
    /// Everything that can be set: what it is, and its key in the file. The variable is the
    /// key in capitals behind `DINGGANG_`.
    pub enum Setting {
        Listen = "监听地址" / "listen",
        Database = "数据库" / "database",
        DatabaseConnections = "数据库连接数" / "database_connections",
        DataDir = "数据文件夹（附件）" / "data_dir",
        BackupDir = "备份文件夹" / "backup_dir",
        KeyFile = "密钥文件" / "key_file",
        Policies = "政策文件夹" / "policies",
        PublicUrl = "对外网址" / "public_url",
        TrustedProxies = "可信代理" / "trusted_proxies",
        SmtpUrl = "邮件服务器" / "smtp_url",
        MailFrom = "发件人" / "mail_from",
        MailDir = "邮件文件夹" / "mail_dir",
        SecondFactor = "第二因素" / "second_factor",
        SessionIdle = "会话闲置时限" / "session_idle",
        SessionLifetime = "会话最长时限" / "session_lifetime",
        UploadLimit = "上传大小上限" / "upload_limit",
        RequestsPerMinute = "每地址每分钟请求数" / "requests_per_minute",
        ShutdownGrace = "停机等待" / "shutdown_grace",
        Log = "日志级别" / "log",
        LogFormat = "日志格式" / "log_format",
    }
}

impl Setting {
    /// The setting with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }

    /// Its variable in the environment.
    pub fn variable(self) -> String {
        format!("{}{}", gather::PREFIX, self.key().to_uppercase())
    }

    /// What holds when it is not given; None where nothing does, or where it follows from
    /// the others.
    const fn default(self) -> Option<&'static str> {
        match self {
            Self::Listen => Some("127.0.0.1:8080"),
            Self::Database => Some("sqlite://dinggang.db"),
            Self::DatabaseConnections => Some("8"),
            Self::DataDir => Some("dinggang-data"),
            Self::TrustedProxies => Some(""),
            Self::SecondFactor => Some("required"),
            Self::SessionIdle => Some("30m"),
            Self::SessionLifetime => Some("12h"),
            Self::UploadLimit => Some("32MiB"),
            Self::RequestsPerMinute => Some("1200"),
            Self::ShutdownGrace => Some("30s"),
            Self::Log => Some("info"),
            Self::LogFormat => Some("text"),
            Self::BackupDir
            | Self::KeyFile
            | Self::Policies
            | Self::PublicUrl
            | Self::SmtpUrl
            | Self::MailFrom
            | Self::MailDir => None,
        }
    }
}

/// What the program runs with.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub database: Database,
    /// Connections that read, at most.
    pub database_connections: u32,
    /// Attachments.
    pub data_dir: PathBuf,
    pub backup_dir: PathBuf,
    pub key_file: PathBuf,
    /// Policies instead of those shipped.
    pub policies: Option<PathBuf>,
    /// As people reach it; links in mails begin with it.
    pub public_url: WebUrl,
    /// Whose word about a client's address is taken.
    pub trusted_proxies: Networks,
    pub mail: Mail,
    pub second_factor: SecondFactorRule,
    pub session_idle: Span,
    pub session_lifetime: Span,
    /// Bytes of a request's body, at most.
    pub upload_limit: Size,
    /// Requests of one address in a minute, at most; 0 = not limited.
    pub requests_per_minute: u32,
    /// How long requests may take to end when the program is asked to stop.
    pub shutdown_grace: Span,
    pub log: LogFilter,
    pub log_format: LogFormat,
}

/// Where mails go.
#[derive(Clone, Debug)]
pub enum Mail {
    Smtp {
        url: SmtpUrl,
        from: Mailbox,
    },
    /// Written as `.eml` files; nobody gets them.
    Folder {
        path: PathBuf,
        from: Option<Mailbox>,
    },
}

/// A setting as it holds, for people to look at.
#[derive(Clone, Debug)]
pub struct Effective {
    pub setting: Setting,
    /// Secrets are hidden. None when nothing holds.
    pub value: Option<String>,
    pub origin: Origin,
}

/// The configuration and where each part of it comes from.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub config: Config,
    /// In the order of [`Setting::ALL`].
    pub effective: Vec<Effective>,
}

/// Reads the configuration. Errors: everything that is wrong.
pub fn load(inputs: &Inputs) -> Result<Loaded, Vec<Problem>> {
    let (given, problems) = gather(inputs);
    let mut reader = Reader {
        given,
        problems,
        effective: BTreeMap::new(),
    };
    let folder = inputs.folder();
    let config = reader.config(&folder);
    match config {
        Some(config) if reader.problems.is_empty() => {
            let shown = Setting::ALL
                .iter()
                .map(|setting| reader.effective(*setting));
            Ok(Loaded {
                config,
                effective: shown.collect(),
            })
        }
        _ => Err(reader.problems),
    }
}

/// Reads settings one after the other and gathers what is wrong.
struct Reader {
    given: BTreeMap<Setting, Given>,
    problems: Vec<Problem>,
    /// Values as shown.
    effective: BTreeMap<Setting, String>,
}

impl Reader {
    fn config(&mut self, folder: &Path) -> Option<Config> {
        // every line is read before any is missed, so that one run shows all problems
        let listen: Option<SocketAddr> = self.read(Setting::Listen);
        let database = self.read(Setting::Database);
        let database_connections: Option<Count> = self.read(Setting::DatabaseConnections);
        let data_dir: Option<PathBuf> = self.read(Setting::DataDir);
        let backup_dir = self.read(Setting::BackupDir);
        let key_file = self.read(Setting::KeyFile);
        let policies = self.read(Setting::Policies);
        let public_url = self.read(Setting::PublicUrl);
        let trusted_proxies = self.read(Setting::TrustedProxies);
        let mail = self.mail(data_dir.as_deref());
        let second_factor = self.read(Setting::SecondFactor);
        let (session_idle, session_lifetime) = self.session();
        let upload_limit = self.read(Setting::UploadLimit);
        let requests_per_minute: Option<Number> = self.read(Setting::RequestsPerMinute);
        let shutdown_grace = self.read(Setting::ShutdownGrace);
        let log = self.read(Setting::Log);
        let log_format = self.read(Setting::LogFormat);
        let (listen, data_dir) = (listen?, data_dir?);
        let in_data = data_dir.join("backups");
        let beside_file = folder.join("dinggang.key");
        let as_heard = WebUrl::of_listener(listen);
        Some(Config {
            listen,
            database: database?,
            database_connections: database_connections?.0,
            backup_dir: self.or(Setting::BackupDir, backup_dir, in_data),
            data_dir,
            key_file: self.or(Setting::KeyFile, key_file, beside_file),
            policies,
            public_url: self.or(Setting::PublicUrl, public_url, as_heard),
            trusted_proxies: trusted_proxies?,
            mail: mail?,
            second_factor: second_factor?,
            session_idle: session_idle?,
            session_lifetime: session_lifetime?,
            upload_limit: upload_limit?,
            requests_per_minute: requests_per_minute?.0,
            shutdown_grace: shutdown_grace?,
            log: log?,
            log_format: log_format?,
        })
    }

    /// Mails that are really sent need somebody to be from, and links that lead somewhere.
    fn mail(&mut self, data_dir: Option<&Path>) -> Option<Mail> {
        let url: Option<SmtpUrl> = self.read(Setting::SmtpUrl);
        let from = self.read(Setting::MailFrom);
        let path = self.read(Setting::MailDir);
        if !self.given.contains_key(&Setting::SmtpUrl) {
            let in_data = data_dir?.join("mail");
            let path = self.or(Setting::MailDir, path, in_data);
            return Some(Mail::Folder { path, from });
        }
        for needed in [Setting::MailFrom, Setting::PublicUrl] {
            if !self.given.contains_key(&needed) {
                self.complain(Setting::SmtpUrl, ProblemKind::Needs(needed));
            }
        }
        Some(Mail::Smtp {
            url: url?,
            from: from?,
        })
    }

    fn session(&mut self) -> (Option<Span>, Option<Span>) {
        let idle: Option<Span> = self.read(Setting::SessionIdle);
        let lifetime: Option<Span> = self.read(Setting::SessionLifetime);
        if idle.zip(lifetime).is_some_and(|(idle, life)| idle > life) {
            let kind = ProblemKind::NoMoreThan(Setting::SessionLifetime);
            self.complain(Setting::SessionIdle, kind);
        }
        (idle, lifetime)
    }

    fn read<T: Value>(&mut self, setting: Setting) -> Option<T> {
        let given = self.given.get(&setting).map(|given| given.text.as_str());
        let text = given.or(setting.default())?;
        if let Some(value) = T::read(text) {
            self.effective.insert(setting, value.show());
            return Some(value);
        }
        // what may hold a password is not repeated
        let value = (!T::IS_SECRET).then(|| text.to_owned());
        let kind = ProblemKind::BadValue {
            value,
            wanted: T::WANTED,
        };
        self.complain(setting, kind);
        None
    }

    /// The value given, or the one that follows from other settings.
    fn or<T: Value>(&mut self, setting: Setting, given: Option<T>, follows: T) -> T {
        given.unwrap_or_else(|| {
            self.effective.insert(setting, follows.show());
            follows
        })
    }

    fn complain(&mut self, setting: Setting, kind: ProblemKind) {
        let origin = self.origin(setting);
        self.problems.push(Problem {
            setting: Some(setting),
            origin,
            kind,
        });
    }

    fn origin(&self, setting: Setting) -> Origin {
        let given = self.given.get(&setting);
        given.map_or(Origin::Default, |given| given.origin.clone())
    }

    fn effective(&self, setting: Setting) -> Effective {
        Effective {
            setting,
            value: self.effective.get(&setting).cloned(),
            origin: self.origin(setting),
        }
    }
}

#[cfg(test)]
mod tests;
