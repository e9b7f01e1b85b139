//! What surrounds every page: who looks, as of which day, where one can go.

use super::format::{self, query};
use super::tree::Node;
use crate::domain::ids::AreaCode;
use crate::domain::label::Labelled;
use crate::domain::month::Month;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Office, reach};
use crate::domain::time::{Date, Timestamp};
use crate::i18n::{Arg, Lang, refusal, t, word};
use crate::rules::figures::Both;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::Arc;

/// What surrounds a page.
pub struct Shell {
    pub lang: Lang,
    /// The path that was asked for.
    pub path: String,
    /// What it was asked with, but for the day.
    pub query: Vec<(String, String)>,
    pub today: Date,
    /// The day that the page shows.
    pub on: Date,
    /// Whether the page follows the day at all.
    pub follows_day: bool,
    pub who: Option<Who>,
    pub tree: Vec<Node>,
    /// The areas of the tree, by name.
    pub areas: HashMap<AreaCode, String>,
    /// What waits for the one who looks; `None` = nothing ever waits for that office.
    pub waiting: Option<usize>,
    pub crumbs: Vec<Crumb>,
    /// What was just done.
    pub told: Option<String>,
    /// What forms of the page carry, so that what is sent twice is done once; empty = none.
    pub once: String,
}

/// Who looks.
pub struct Who {
    pub actor: Arc<Actor>,
    /// Where the office is held, by name.
    pub place: String,
    /// The account may act in other capacities too.
    pub several: bool,
}

/// A step of the way to a page.
pub struct Crumb {
    pub title: String,
    pub href: String,
}

/// A place one can go to.
pub struct Way {
    pub title: String,
    pub href: String,
    pub current: bool,
}

/// Every place of the menu, with the right to go there.
const MENU: [(&str, &str, Option<Action>); 15] = [
    ("home", "/", None),
    ("bench", "/bench", Some(Action::Return)),
    (
        "applications",
        "/applications",
        Some(Action::ReadApplication),
    ),
    ("institutions", "/institutions", Some(Action::ReadPlace)),
    // whoever sees nothing but the own file has it at home
    ("people", "/people", Some(Action::ReadLedger)),
    ("recruitment", "/recruitment", Some(Action::ReadRecruitment)),
    ("scenario", "/scenario", Some(Action::RunScenario)),
    ("forms", "/forms", Some(Action::PrintForm)),
    ("rural-doctors", "/rural-doctors", Some(Action::ReadLedger)),
    ("reminders", "/reminders", Some(Action::ManageOwnAccount)),
    ("import", "/import", Some(Action::ImportPeople)),
    ("quality", "/quality", Some(Action::ReadQuality)),
    ("policies", "/policies", Some(Action::ReadPolicy)),
    ("rights", "/rights", Some(Action::ReadRights)),
    ("audit", "/audit", Some(Action::ReadTrail)),
];

impl Shell {
    /// The words of a key.
    pub fn t(&self, key: impl AsRef<str>) -> String {
        t(self.lang, key.as_ref(), &[])
    }

    /// The words of a key with a number in them.
    pub fn n(&self, key: &str, number: impl Count) -> String {
        let number = number.count();
        t(self.lang, key, &[("n", Arg::Number(number))])
    }

    /// The words of a key with a text in them.
    pub fn x(&self, key: &str, text: impl AsRef<str>) -> String {
        t(self.lang, key, &[("x", Arg::from(text.as_ref()))])
    }

    /// The words of a key with two texts in them.
    pub fn xy(&self, key: &str, x: impl AsRef<str>, y: impl AsRef<str>) -> String {
        let args = [("x", Arg::from(x.as_ref())), ("y", Arg::from(y.as_ref()))];
        t(self.lang, key, &args)
    }

    /// The word of the trade.
    pub fn w<T: Labelled>(&self, value: &T) -> String {
        word(value, self.lang)
    }

    /// The word, or a dash for what is not known.
    pub fn may<T: Labelled>(&self, value: &Option<T>) -> String {
        value.map_or_else(|| "–".to_owned(), |value| word(&value, self.lang))
    }

    /// An area by name, with its code; the code alone where no name is recorded.
    pub fn area(&self, code: AreaCode) -> String {
        match self.areas.get(&code) {
            Some(name) => format!("{name} {code}"),
            None => code.to_string(),
        }
    }

    /// A text in the language of the page.
    pub fn b<'a>(&self, both: &'a Both) -> &'a str {
        self.lang.pick(&both.zh, &both.en)
    }

    /// A month as people write it.
    pub fn month(&self, month: &Month) -> String {
        format::month(*month, self.lang)
    }

    /// A month that may not be known.
    pub fn may_month(&self, month: &Option<Month>) -> String {
        month.map_or_else(|| "–".to_owned(), |month| format::month(month, self.lang))
    }

    /// A number that may not be known.
    pub fn number(&self, number: impl Borrow<Option<i64>>) -> String {
        format::number(*number.borrow())
    }

    /// A span of months in years and months.
    pub fn span(&self, months: impl Count) -> String {
        let months = months.count();
        let (years, rest) = (months / 12, months % 12);
        let args = [("years", Arg::Number(years)), ("months", Arg::Number(rest))];
        let key = match (years, rest) {
            (0, _) => "web-months",
            (_, 0) => "web-years",
            _ => "web-years-months",
        };
        t(self.lang, key, &args)
    }

    /// An instant by the clock of the product's place: `2026-11-22 17:05`.
    pub fn at(&self, at: &Timestamp) -> String {
        let (hour, minute) = at.shanghai_clock();
        format!("{} {hour:02}:{minute:02}", at.shanghai_day())
    }

    /// Why something was refused.
    pub fn refused(&self, refused: &Refusal) -> String {
        refusal::refusal(self.lang, refused)
    }

    pub fn office(&self, office: impl Borrow<Office>) -> String {
        office_word(*office.borrow(), self.lang)
    }

    /// The word for an office as records name it; those of another version as they are.
    pub fn office_named(&self, key: &str) -> String {
        let found = Office::ALL.iter().find(|office| office.key() == key);
        found.map_or_else(|| key.to_owned(), |office| self.office(office))
    }

    /// Whether whoever looks may do something anywhere at all.
    pub fn can(&self, action: Action) -> bool {
        let who = self.who.as_ref();
        who.is_some_and(|who| reach(&who.actor, action).is_ok())
    }

    /// Whether the page shows another day than this one.
    pub fn is_today(&self) -> bool {
        self.on == self.today
    }

    /// A link that keeps the day.
    pub fn to(&self, path: impl AsRef<str>) -> String {
        self.with(path.as_ref(), &[])
    }

    /// A link with a query that keeps the day.
    pub fn with(&self, path: &str, pairs: &[(&str, &str)]) -> String {
        let day = self.on.to_string();
        let day = (!self.is_today()).then_some(("on", day.as_str()));
        format!("{path}{}", query(pairs.iter().copied().chain(day)))
    }

    /// The same page with another value in its query.
    pub fn but(&self, name: &str, value: impl AsRef<str>) -> String {
        let value = value.as_ref();
        let kept = self.query.iter().filter(|(key, _)| key != name);
        let mut pairs: Vec<(&str, &str)> = kept
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        pairs.push((name, value));
        self.with(&self.path, &pairs)
    }

    /// A value of the query.
    pub fn asked(&self, name: &str) -> &str {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The page itself, for forms that come back to it.
    pub fn here(&self) -> String {
        let pairs: Vec<(&str, &str)> = self
            .query
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        self.with(&self.path, &pairs)
    }

    /// What lies beside the page under its own name with an ending: the list as a file.
    pub fn beside(&self, ending: &str) -> String {
        let pairs: Vec<(&str, &str)> = self
            .query
            .iter()
            .filter(|(key, _)| key != "page" && key != "after")
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        self.with(&format!("{}{ending}", self.path), &pairs)
    }

    /// The page in an institution, and the way to it.
    #[must_use]
    pub fn crumb(mut self, title: impl Into<String>, href: &str) -> Self {
        let href = self.to(href);
        let title = title.into();
        self.crumbs.push(Crumb { title, href });
        self
    }

    /// A page that shows what is, whichever day is looked at.
    #[must_use]
    pub fn undated(mut self) -> Self {
        self.follows_day = false;
        self
    }

    /// Where the page is asked for, when a form that was refused shows it under another path.
    #[must_use]
    pub fn at_path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Whether there is anything to look for.
    pub fn searches(&self) -> bool {
        self.can(Action::ReadPlace)
    }

    /// Whether cases come before whoever looks.
    pub fn has_bench(&self) -> bool {
        let own = [Action::Recommend, Action::Return, Action::Opine];
        own.iter().any(|action| self.can(*action))
    }

    /// The places one can go to.
    pub fn menu(&self) -> Vec<Way> {
        if self.who.is_none() {
            return Vec::new();
        }
        let open = MENU
            .iter()
            .filter(|(name, _, action)| match *name {
                "bench" => self.has_bench(),
                _ => action.is_none_or(|action| self.can(action)),
            })
            // accounts lead to the rights too
            .map(|one| match one {
                ("rights", _, _) if self.can(Action::ReadAccount) => {
                    &("accounts", "/accounts", Some(Action::ReadAccount))
                }
                one => one,
            });
        let way = |(name, path, _): &(&str, &str, Option<Action>)| Way {
            title: self.t(format!("web-menu-{name}")),
            href: self.to(path),
            current: if *path == "/" {
                self.path == "/"
            } else {
                self.path.starts_with(path)
            },
        };
        open.map(way).collect()
    }
}

/// Something that is counted, as templates hand it over.
pub trait Count {
    fn count(&self) -> i64;
}

macro_rules! counts {
    ($($number:ty),+) => {$(
        impl Count for $number {
            fn count(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        }
    )+};
}

counts!(usize, u64, u32, i32, i64);

impl<C: Count> Count for &C {
    fn count(&self) -> i64 {
        (*self).count()
    }
}

/// The word for an office.
pub fn office_word(office: Office, lang: Lang) -> String {
    t(
        lang,
        &format!("office-{}", office.key().replace('_', "-")),
        &[],
    )
}
