//! Where settings come from: gathers the text of each from the first source that has it.

use super::Setting;
use super::value::Wanted;
use crate::domain::source_text::{Place, SourceFile, nearest};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What variables of ours begin with.
pub(super) const PREFIX: &str = "DINGGANG_";
/// What other programs call the database.
const DATABASE_URL: &str = "DATABASE_URL";
const FILE: &str = "dinggang.toml";

/// All sources.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// From the command line: key and value.
    pub arguments: Vec<(String, String)>,
    /// All variables; those of others are left alone.
    pub environment: Vec<(String, String)>,
    pub file: Option<Arc<SourceFile>>,
}

impl Inputs {
    /// The folder of the file, where the keys are kept too.
    pub(super) fn folder(&self) -> PathBuf {
        let file = self.file.as_ref().map(|file| Path::new(&file.name));
        let folder = file.and_then(Path::parent);
        folder.map_or_else(PathBuf::new, Path::to_path_buf)
    }
}

/// The file that is read when none is named: `dinggang.toml` in the current folder, if there
/// is one.
pub fn default_file(named: Option<&Path>) -> io::Result<Option<Arc<SourceFile>>> {
    let path = named.unwrap_or(Path::new(FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let name = path.display().to_string();
            Ok(Some(Arc::new(SourceFile { name, text })))
        }
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    CommandLine,
    /// The name of the variable.
    Variable(String),
    File(Place),
    Default,
}

/// A value as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub text: String,
    pub origin: Origin,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub setting: Option<Setting>,
    pub origin: Origin,
    pub kind: ProblemKind,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Not TOML; the parser's own words.
    Syntax(String),
    /// There is no setting of that name.
    Unknown {
        found: String,
        nearest: Option<String>,
    },
    /// The value cannot be read; None when it may hold a secret.
    BadValue {
        value: Option<String>,
        wanted: Wanted,
    },
    /// A table, a date or a fraction where a text, a number or a list of texts is wanted.
    WrongType,
    /// Makes no sense without another setting.
    Needs(Setting),
    /// May be no more than another setting.
    NoMoreThan(Setting),
}

/// The text of every setting that is given, from the first source that has it.
pub fn gather(inputs: &Inputs) -> (BTreeMap<Setting, Given>, Vec<Problem>) {
    let mut gathered = Gathered::default();
    gathered.command_line(&inputs.arguments);
    gathered.environment(&inputs.environment);
    if let Some(file) = &inputs.file {
        gathered.file(file);
    }
    (gathered.given, gathered.problems)
}

#[derive(Default)]
struct Gathered {
    given: BTreeMap<Setting, Given>,
    problems: Vec<Problem>,
}

impl Gathered {
    /// Of one source the last word counts.
    fn command_line(&mut self, arguments: &[(String, String)]) {
        for (key, text) in arguments.iter().rev() {
            match Setting::from_key(key) {
                Some(setting) => self.offer(setting, text, Origin::CommandLine),
                None => self.unknown(key, Origin::CommandLine),
            }
        }
    }

    fn environment(&mut self, variables: &[(String, String)]) {
        for setting in Setting::ALL.iter().copied() {
            let own = setting.variable();
            let names = match setting {
                Setting::Database => vec![own, DATABASE_URL.to_owned()],
                _ => vec![own],
            };
            for name in names {
                let found = variables.iter().find(|(known, _)| *known == name);
                // compose files leave variables empty to say that they are not set
                if let Some((_, text)) = found.filter(|(_, text)| !text.is_empty()) {
                    self.offer(setting, text, Origin::Variable(name));
                }
            }
        }
        self.misspelt(variables);
    }

    /// Only variables that look like one of ours: a cluster sets others of that prefix for
    /// every service (`DINGGANG_SERVICE_HOST`).
    fn misspelt(&mut self, variables: &[(String, String)]) {
        const OTHERS: [&str; 2] = ["lang", "config"];
        for (name, _) in variables {
            let key = name.strip_prefix(PREFIX).unwrap_or_default().to_lowercase();
            if Setting::from_key(&key).is_some() || OTHERS.contains(&key.as_str()) {
                continue;
            }
            if let Some(near) = nearest(&key, keys()).and_then(|near| Setting::from_key(&near)) {
                self.problems.push(Problem {
                    setting: None,
                    origin: Origin::Variable(name.clone()),
                    kind: ProblemKind::Unknown {
                        found: name.clone(),
                        nearest: Some(near.variable()),
                    },
                });
            }
        }
    }

    fn file(&mut self, file: &Arc<SourceFile>) {
        let (table, errors) = DeTable::parse_recoverable(&file.text);
        let origin = |span| {
            Origin::File(Place {
                file: file.clone(),
                span,
            })
        };
        for error in errors {
            let end = file.text.len();
            let message = error.message().lines().next().unwrap_or_default();
            self.problems.push(Problem {
                setting: None,
                origin: origin(error.span().unwrap_or(end..end)),
                kind: ProblemKind::Syntax(message.to_owned()),
            });
        }
        for (key, value) in table.get_ref() {
            match (Setting::from_key(key.get_ref()), text(value)) {
                (None, _) => self.unknown(key.get_ref(), origin(key.span())),
                (Some(setting), Some(text)) => self.offer(setting, &text, origin(value.span())),
                (setting, None) => self.problems.push(Problem {
                    setting,
                    origin: origin(value.span()),
                    kind: ProblemKind::WrongType,
                }),
            }
        }
    }

    /// A value counts where none was given before.
    fn offer(&mut self, setting: Setting, text: &str, origin: Origin) {
        self.given.entry(setting).or_insert_with(|| Given {
            text: text.trim().to_owned(),
            origin,
        });
    }

    fn unknown(&mut self, key: &str, origin: Origin) {
        self.problems.push(Problem {
            setting: None,
            origin,
            kind: ProblemKind::Unknown {
                found: key.to_owned(),
                nearest: nearest(key, keys()),
            },
        });
    }
}

fn keys() -> impl Iterator<Item = &'static str> {
    Setting::ALL.iter().map(|setting| setting.key())
}

/// A value of the file as one would write it on the command line.
fn text(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(|i| i.get_ref().as_str()).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}
