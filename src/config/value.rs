//! Kinds of values: how each is read from text, and shown without its secrets.

use crate::domain::label::labelled;
use ipnet::IpNet;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

labelled! {
    /// What is wanted where something else was given; an example of each is in `locales/`.
    pub enum Wanted {
        Address = "地址和端口" / "address",
        Database = "数据库地址" / "database",
        Count = "正整数" / "count",
        Number = "非负整数" / "number",
        Path = "路径" / "path",
        WebUrl = "网址" / "web-url",
        Networks = "网段" / "networks",
        SmtpUrl = "邮件服务器地址" / "smtp-url",
        Mailbox = "邮箱" / "mailbox",
        SecondFactorRule = "要求" / "second-factor",
        Span = "时长" / "span",
        Size = "大小" / "size",
        LogFilter = "日志级别" / "log-filter",
        LogFormat = "日志格式" / "log-format",
    }
}

/// A value that is read from text.
pub trait Value: Sized {
    /// What is said when it cannot be read.
    const WANTED: Wanted;
    /// Whether the text may hold a password.
    const IS_SECRET: bool = false;

    /// Reads it.
    fn read(text: &str) -> Option<Self>;

    /// As people may see it.
    fn show(&self) -> String;
}

impl Value for SocketAddr {
    const WANTED: Wanted = Wanted::Address;

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for PathBuf {
    const WANTED: Wanted = Wanted::Path;

    fn read(text: &str) -> Option<Self> {
        (!text.is_empty() && !text.contains('\0')).then(|| Self::from(text))
    }

    fn show(&self) -> String {
        self.display().to_string()
    }
}

/// A number from 1.
pub(super) struct Count(pub(super) u32);

impl Value for Count {
    const WANTED: Wanted = Wanted::Count;

    fn read(text: &str) -> Option<Self> {
        let number = text.parse().ok().filter(|number| *number > 0);
        number.map(Self)
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

/// A number from 0.
pub(super) struct Number(pub(super) u32);

impl Value for Number {
    const WANTED: Wanted = Wanted::Number;

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

/// Which database, and where.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// `sqlite://dinggang.db`, `sqlite:///var/lib/dinggang.db`
    Sqlite { url: String },
    /// `postgres://user:password@host/name`
    Postgres { url: Url },
}

impl Database {
    /// The address with its password, for the driver alone.
    pub fn reveal(&self) -> &str {
        match self {
            Self::Sqlite { url } => url,
            Self::Postgres { url } => url.as_str(),
        }
    }
}

impl Value for Database {
    const WANTED: Wanted = Wanted::Database;
    const IS_SECRET: bool = true;

    fn read(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let named = !path.trim_start_matches('/').is_empty();
            return named.then(|| Self::Sqlite {
                url: text.to_owned(),
            });
        }
        let url = Url::parse(text).ok()?;
        let postgres = matches!(url.scheme(), "postgres" | "postgresql") && url.has_host();
        postgres.then_some(Self::Postgres { url })
    }

    fn show(&self) -> String {
        match self {
            Self::Sqlite { url } => url.clone(),
            Self::Postgres { url } => without_password(url),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show())
    }
}

/// The address with dots for the password, in the place for it or behind `password=`.
fn without_password(url: &Url) -> String {
    let mut shown = url.clone();
    if shown.password().is_some() && shown.set_password(Some("***")).is_err() {
        return format!("{}://***", url.scheme());
    }
    let hidden = |key: &str| key.to_lowercase().contains("pass");
    if url.query_pairs().any(|(key, _)| hidden(&key)) {
        let kept = url.query_pairs().filter(|(key, _)| !hidden(key));
        shown.query_pairs_mut().clear().extend_pairs(kept);
    }
    shown.to_string()
}

/// Address of the product as people reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebUrl(Url);

impl WebUrl {
    /// Where it listens, for a machine that talks to itself.
    pub(super) fn of_listener(listen: SocketAddr) -> Self {
        let url = Url::parse(&format!("http://{listen}/"));
        Self(url.expect("a socket address makes a host and a port"))
    }

    /// The address of a page. `path` begins with `/`.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.0.as_str().trim_end_matches('/'))
    }

    /// Whether cookies can be kept to encrypted connections.
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl Value for WebUrl {
    const WANTED: Wanted = Wanted::WebUrl;

    fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        let web = matches!(url.scheme(), "http" | "https") && url.has_host();
        (web && plain && url.password().is_none()).then_some(Self(url))
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

/// Networks of proxies; `10.0.0.0/8,192.168.1.1`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Each of them.
    pub fn list(&self) -> &[IpNet] {
        &self.0
    }

    /// Whether an address lies in one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl Value for Networks {
    const WANTED: Wanted = Wanted::Networks;

    fn read(text: &str) -> Option<Self> {
        let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
        let network = |part: &str| {
            let single = || part.parse::<IpAddr>().map(IpNet::from);
            part.parse().or_else(|_| single()).ok()
        };
        parts.map(network).collect::<Option<_>>().map(Self)
    }

    fn show(&self) -> String {
        let networks: Vec<String> = self.0.iter().map(IpNet::to_string).collect();
        networks.join(", ")
    }
}

/// A mail server in lettre's form: `smtp://user:password@host:587?tls=required`, or `smtps`.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(Url);

impl SmtpUrl {
    /// The address with its password, for the transport alone.
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }
}

impl Value for SmtpUrl {
    const WANTED: Wanted = Wanted::SmtpUrl;
    const IS_SECRET: bool = true;

    fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        (matches!(url.scheme(), "smtp" | "smtps") && url.has_host()).then_some(Self(url))
    }

    fn show(&self) -> String {
        without_password(&self.0)
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show())
    }
}

/// `定岗 <dinggang@example.cn>` or the address alone. The mail room reads it in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox(String);

impl Mailbox {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for Mailbox {
    const WANTED: Wanted = Wanted::Mailbox;

    fn read(text: &str) -> Option<Self> {
        let address = match text.split_once('<') {
            Some((_, rest)) => rest.strip_suffix('>')?,
            None => text,
        };
        let (local, domain) = address.split_once('@')?;
        let odd = |c: char| c.is_whitespace() || c.is_control() || "<>@,;".contains(c);
        let fine = |part: &str| !part.is_empty() && !part.contains(odd);
        let one_line = !text.contains(char::is_control);
        (fine(local) && fine(domain) && one_line).then(|| Self(text.to_owned()))
    }

    fn show(&self) -> String {
        self.0.clone()
    }
}

/// A length of time: `90s`, `30m`, `12h`, `7d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

const SPANS: [(&str, u64); 4] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)];

impl Value for Span {
    const WANTED: Wanted = Wanted::Span;

    fn read(text: &str) -> Option<Self> {
        let seconds = with_unit(text, &SPANS)?;
        Some(Self(Duration::from_secs(seconds)))
    }

    fn show(&self) -> String {
        in_largest_unit(self.0.as_secs(), &SPANS)
    }
}

/// Bytes: `500kB`, `32MiB`, `1GiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

/// The last is the shortest ending, which the others have too.
const SIZES: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1000),
    ("B", 1),
];

impl Value for Size {
    const WANTED: Wanted = Wanted::Size;

    fn read(text: &str) -> Option<Self> {
        with_unit(text, &SIZES).map(Self)
    }

    fn show(&self) -> String {
        in_largest_unit(self.0, &SIZES)
    }
}

/// A whole number above 0 with one of the units behind it.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, factor) = units
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    let number: u64 = number.trim_end().parse().ok()?;
    number.checked_mul(*factor).filter(|total| *total > 0)
}

fn in_largest_unit(total: u64, units: &[(&str, u64)]) -> String {
    let unit = units
        .iter()
        .find(|(_, factor)| total.is_multiple_of(*factor));
    unit.map_or_else(
        || total.to_string(),
        |(unit, factor)| format!("{}{unit}", total / factor),
    )
}

/// What is logged: `info`, or `warn,dinggang=debug`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter(String);

impl LogFilter {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for LogFilter {
    const WANTED: Wanted = Wanted::LogFilter;

    fn read(text: &str) -> Option<Self> {
        const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
        let fine = |part: &str| {
            let level = part.rsplit_once('=').map_or(part, |(_, level)| level);
            LEVELS.contains(&level.to_lowercase().as_str())
        };
        text.split(',').all(fine).then(|| Self(text.to_owned()))
    }

    fn show(&self) -> String {
        self.0.clone()
    }
}

macro_rules! choices {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl Value for $name {
            const WANTED: Wanted = Wanted::$name;

            fn read(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$variant),)+ _ => None }
            }

            fn show(&self) -> String {
                match self { $(Self::$variant => $word),+ }.to_owned()
            }
        }
    )+};
}

choices! {
    /// How a line of the log is written.
    LogFormat {
        /// For people.
        Text = "text",
        /// For programs, one object a line.
        Json = "json"
    }
    /// Whether reviewers and administrators need a second factor.
    SecondFactorRule {
        /// They do nothing before they have one.
        Required = "required",
        /// Those who have one are asked for it.
        Optional = "optional"
    }
}
