//! The official forms, as plain values: a page shows them, a workbook prints them, and
//! both have the same rows. A form says for which day it was made and by which version, and
//! carries a fingerprint of all that stands on it, so that it can be made again and
//! compared.

mod book;
mod build;

pub use book::workbook;
pub use build::{
    Employee, Movement, Other, Usage, appointment, establishment, notice, post_plan, roster, usage,
};

/// The language of a form.
pub use crate::i18n::Lang;

use crate::domain::label::labelled;
use crate::domain::time::Date;
use crate::i18n::{Arg, t};
use sha2::{Digest, Sha256};

labelled! {
    /// The forms there are.
    pub enum FormKind {
        Appointment = "岗位聘用审批表" / "appointment",
        PostPlan = "岗位设置方案核准表" / "post_plan",
        /// With what came and went in a month.
        Usage = "岗位使用情况台帐" / "usage",
        Notice = "公示" / "notice",
        Roster = "花名册" / "roster",
        Establishment = "编制使用情况表" / "establishment",
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(i64),
    /// Not known, or nothing to say.
    Blank,
}

impl Cell {
    /// A number that may not be known.
    pub fn number(number: Option<i64>) -> Self {
        number.map_or(Self::Blank, Self::Number)
    }

    /// As it is read; blank where nothing is known.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Blank => String::new(),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() {
            Self::Blank
        } else {
            Self::Text(text)
        }
    }
}

/// A box in which an office gives its opinion and sets its seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    pub office: String,
    /// The opinion, where it was given.
    pub words: String,
    /// Who gave it, and when; empty where nobody did.
    pub signed: String,
}

impl Seal {
    /// Where the seal and the day go.
    pub fn place(lang: Lang) -> String {
        t(lang, "form-seal-place", &[])
    }
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub kind: FormKind,
    pub lang: Lang,
    pub title: String,
    /// Name and value of what stands above the table.
    pub facts: Vec<(String, String)>,
    /// Words of the columns; none = the form has no table.
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// Sentences under the table.
    pub notes: Vec<String>,
    pub seals: Vec<Seal>,
    pub on: Date,
}

impl Form {
    /// A form of a kind for a day, with nothing on it yet.
    pub(super) fn new(kind: FormKind, lang: Lang, on: Date) -> Self {
        Self {
            kind,
            lang,
            title: t(lang, &format!("form-{}", kind.key().replace('_', "-")), &[]),
            facts: Vec::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            notes: Vec::new(),
            seals: Vec::new(),
            on,
        }
    }

    /// SHA-256 of everything that stands on it, in hexadecimal.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let mut put = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        put(self.kind.key());
        put(&self.title);
        put(&self.on.to_string());
        for (name, value) in &self.facts {
            put(name);
            put(value);
        }
        for text in self.columns.iter().chain(&self.notes) {
            put(text);
        }
        for row in &self.rows {
            put("row");
            for cell in row {
                put(&cell.shown());
            }
        }
        for seal in &self.seals {
            put(&seal.office);
            put(&seal.words);
            put(&seal.signed);
        }
        data_encoding::HEXLOWER.encode(&hash.finalize())
    }

    /// Whether the paper lies on its side.
    pub fn is_wide(&self) -> bool {
        self.columns.len() > 6
    }

    /// What stands above the table, line by line: two beside each other, and what is long
    /// by itself.
    pub fn lines(&self) -> Vec<Vec<&(String, String)>> {
        let is_long = |value: &str| value.chars().count() > 20;
        let mut lines: Vec<Vec<&(String, String)>> = Vec::new();
        let mut open = false;
        for fact in &self.facts {
            let long = is_long(&fact.1);
            match lines.last_mut() {
                Some(line) if open && !long => {
                    line.push(fact);
                    open = false;
                }
                _ => {
                    lines.push(vec![fact]);
                    open = !long;
                }
            }
        }
        lines
    }

    /// The line at the foot: day, version, fingerprint.
    pub fn foot(&self) -> String {
        let print = self.fingerprint();
        let short = print.get(..16).unwrap_or(&print).to_owned();
        let args: [(&'static str, Arg); 3] = [
            ("on", self.on.to_string().into()),
            ("version", env!("CARGO_PKG_VERSION").into()),
            ("hash", short.into()),
        ];
        t(self.lang, "form-foot", &args)
    }
}
