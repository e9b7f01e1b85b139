//! An institution: what it is, its establishment, those below it, what was changed.

use super::format::{escaped, percent};
use super::ledger::{Mark, Said, said};
use super::pager::{Column, Pager};
use super::people::Filter;
use super::{Shell, chart};
use crate::domain::institution::{Kind, Profile};
use crate::domain::rights::Action;
use crate::rules::figures::{Known, RestsOn};
use askama::Template;

/// What every page of an institution begins with.
pub struct Head {
    pub code: String,
    pub name: String,
    pub kind: String,
    pub tabs: Vec<Tab>,
}

/// A page of an institution.
pub struct Tab {
    pub title: String,
    pub href: String,
    pub current: bool,
}

impl Tab {
    /// Those of some pages (their title's key and path) that an office may open.
    pub fn open(s: &Shell, pages: &[(&str, &str, Action)]) -> Vec<Self> {
        let open = pages.iter().filter(|(_, _, action)| s.can(*action));
        open.map(|(key, path, _)| Self {
            title: s.t(*key),
            href: s.to(path),
            current: s.path == *path,
        })
        .collect()
    }
}

/// The pages of an institution, in the order in which they are looked at.
const TABS: [(&str, &str, Action); 9] = [
    ("profile", "", Action::ReadPlace),
    ("establishment", "/establishment", Action::ReadLedger),
    ("posts", "/posts", Action::ReadLedger),
    ("people", "/people", Action::ReadPerson),
    ("applications", "/applications", Action::ReadApplication),
    ("register", "/register", Action::PrintForm),
    ("below", "/below", Action::ReadPlace),
    ("records", "/records", Action::ReadPlace),
    ("changes", "/changes", Action::ReadPlace),
];

impl Head {
    pub fn new(s: &Shell, code: &str, profile: &Profile, current: &str) -> Self {
        let base = format!("/institutions/{}", escaped(code));
        let open = TABS.iter().filter(|(_, _, action)| s.can(*action));
        let tab = |(name, path, _): &(&str, &str, Action)| Tab {
            title: s.t(format!("web-tab-{name}")),
            href: s.to(format!("{base}{path}")),
            current: *name == current,
        };
        Self {
            code: code.to_owned(),
            name: profile.name.clone(),
            kind: profile.kind.map(|kind| s.w(&kind)).unwrap_or_default(),
            tabs: open.map(tab).collect(),
        }
    }

    /// A page of the institution.
    pub fn page(&self, path: &str) -> String {
        format!("/institutions/{}{path}", escaped(&self.code))
    }
}

/// A fact with its name.
pub struct Fact {
    pub name: String,
    pub value: String,
    /// Where it leads; empty = nowhere.
    pub href: String,
}

impl Fact {
    pub fn new(name: String, value: impl Into<String>) -> Self {
        let value = value.into();
        Self {
            name,
            value: if value.is_empty() {
                "–".to_owned()
            } else {
                value
            },
            href: String::new(),
        }
    }
}

/// What an institution is.
#[derive(Template)]
#[template(path = "institution/profile.html")]
pub struct ProfilePage<'a> {
    pub s: &'a Shell,
    pub head: &'a Head,
    pub facts: Vec<Fact>,
}

impl<'a> ProfilePage<'a> {
    /// `above`: the institution above has a page for whoever looks.
    pub fn new(s: &'a Shell, head: &'a Head, profile: &Profile, above: bool) -> Self {
        let yes = |yes: bool| s.t(if yes { "web-yes" } else { "web-no" });
        let count = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        let fact = |key: &str, value: String| Fact::new(s.t(format!("web-fact-{key}")), value);
        let mut parent = fact("parent", profile.parent.clone().unwrap_or_default());
        if let Some(code) = profile.parent.as_ref().filter(|_| above) {
            parent.href = s.to(format!("/institutions/{}", escaped(code)));
        }
        let area = profile.area.map(|area| s.area(area));
        let facts = vec![
            fact("code", head.code.clone()),
            fact("kind", head.kind.clone()),
            fact("sponsor", s.w(&profile.sponsor)),
            fact("area", area.unwrap_or_default()),
            fact("consortium", profile.consortium.clone().unwrap_or_default()),
            parent,
            fact("population", count(profile.service_population)),
            fact("beds", count(profile.beds)),
            fact("rehabilitation", count(profile.rehabilitation_beds)),
            fact("raised", yes(profile.raised_senior_ratio)),
            fact("directed", yes(profile.directed_evaluation)),
        ];
        Self { s, head, facts }
    }
}

/// A kind of post in the table of establishment.
pub struct Use {
    pub title: String,
    pub approved: String,
    pub share: String,
}

/// The establishment and how it is used.
#[derive(Template)]
#[template(path = "institution/establishment.html")]
pub struct EstablishmentPage<'a> {
    pub s: &'a Shell,
    pub head: &'a Head,
    pub known: Option<&'a Known>,
    pub uses: Vec<Use>,
    pub gauge: String,
    pub said: Vec<Said<'a>>,
    pub records_begin: String,
}

impl<'a> EstablishmentPage<'a> {
    pub fn new(s: &'a Shell, head: &'a Head, known: Option<&'a Known>, begin: String) -> Self {
        let uses = known.map_or(Vec::new(), |known| {
            let of = &known.establishment;
            let row = |key: &str, number: Option<i64>| Use {
                title: s.t(format!("web-establishment-{key}")),
                approved: s.number(number),
                share: number
                    .zip(of.total)
                    .and_then(|(part, whole)| percent(part, whole))
                    .unwrap_or_else(|| "–".to_owned()),
            };
            vec![
                row("professional", of.professional),
                row("management", of.management),
                row("worker", of.worker),
                row("total", of.total),
            ]
        });
        let gauge = known.map_or(String::new(), |known| {
            let of = &known.establishment;
            let (on, total) = (of.on_establishment, of.total);
            let title = s.xy("web-on-of", on.to_string(), s.number(total));
            chart::gauge(on, total, total.map_or(0, |total| on - total), &title)
        });
        let findings = known.map_or(&[][..], |known| &known.findings);
        Self {
            s,
            head,
            known,
            uses,
            gauge,
            said: said(s, &head.code, findings),
            records_begin: begin,
        }
    }
}

/// An institution in a list.
pub struct Row {
    pub code: String,
    pub name: String,
    pub href: String,
    pub kind: String,
    pub area: String,
    pub consortium: String,
    /// How it stands against its limits; `None` = it is not said.
    pub state: Option<Mark>,
    /// Which binding rules it breaks, in words; empty = none.
    pub breaks: String,
}

/// A list of institutions.
#[derive(Template)]
#[template(path = "institution/list.html")]
pub struct ListPage<'a> {
    pub s: &'a Shell,
    pub tabs: Vec<Tab>,
    pub filters: Vec<Filter>,
    pub columns: Vec<Column>,
    pub rows: &'a [Row],
    pub pager: Pager,
}

/// Those below an institution.
#[derive(Template)]
#[template(path = "institution/below.html")]
pub struct BelowPage<'a> {
    pub s: &'a Shell,
    pub head: &'a Head,
    pub rows: Vec<Row>,
}

/// Something that was recorded.
pub struct Change {
    /// When it was recorded.
    pub at: String,
    pub by: String,
    pub office: String,
    pub noun: String,
    /// What it says.
    pub says: Vec<(String, String)>,
    /// Since when, and until when, it holds.
    pub holds: String,
    pub reason: String,
    /// When something else took its place.
    pub replaced: String,
}

/// What was ever recorded of an institution.
#[derive(Template)]
#[template(path = "institution/changes.html")]
pub struct ChangesPage<'a> {
    pub s: &'a Shell,
    pub head: &'a Head,
    pub changes: Vec<Change>,
}

/// What results rest on, inside another page.
#[derive(Template)]
#[template(path = "rests-on.html")]
pub struct Rests<'a> {
    pub s: &'a Shell,
    pub rests: &'a RestsOn,
}

/// The same as text.
pub fn rests_on(s: &Shell, rests: &RestsOn) -> String {
    super::page(&Rests { s, rests })
}

/// The kinds one can filter by.
pub fn kinds(s: &Shell) -> Vec<(String, String)> {
    let kinds = Kind::ALL.iter();
    kinds
        .map(|kind| (kind.key().to_owned(), s.w(kind)))
        .collect()
}
