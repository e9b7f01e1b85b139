//! Scenarios as a workbook: what was assumed, what is, what would be, and where they differ.

use super::pages::{Cell, Pages};
use super::words::{post_rank, word};
use crate::domain::ids::Sex;
use crate::domain::institution::ApprovedPosts;
use crate::domain::month::Month;
use crate::domain::post::{Grade, Level};
use crate::domain::promotion::{Kind, Pool, Target};
use crate::domain::register::Register;
use crate::domain::time::Date;
use crate::domain::title::Rank;
use crate::i18n::refusal::{application_kind, pool};
use crate::i18n::{Arg, Lang, t};
use crate::rules::ledger::Posts;
use crate::rules::scenario::{Outcome, year_ends};
use rust_xlsxwriter::XlsxError;

/// Something that a scenario takes to be otherwise. Institutions and people by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// What would apply everywhere besides what always does.
    Policies(Vec<String>),
    Posts {
        house: String,
        before: ApprovedPosts,
        after: ApprovedPosts,
    },
    RaisedRatio {
        house: String,
        elected: bool,
    },
    DirectedEvaluation {
        house: String,
        run: bool,
    },
    Leave {
        person: String,
    },
    Hire {
        house: String,
        birth: Month,
        sex: Sex,
        title: Rank,
        appointed: Rank,
        grade: Option<Grade>,
    },
    Decide {
        person: String,
        kind: Kind,
        target: Target,
    },
}

/// One scenario.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    pub name: &'a str,
    pub assumed: &'a [Assumption],
    pub outcome: &'a Outcome,
}

/// Scenarios beside the records as they are.
#[derive(Clone, Copy, Debug)]
pub struct Scenarios<'a> {
    pub on: Date,
    /// The institutions, in the order of the outcomes.
    pub register: &'a Register,
    pub base: &'a Outcome,
    pub sides: &'a [Side<'a>],
}

/// The figures of a pool: limit, counted, off quota, reserved, vacant, over.
const FIGURES: [&str; 6] = [
    "limit",
    "counted",
    "off-quota",
    "reserved",
    "vacant",
    "over",
];
const WIDE: f64 = 24.0;
const NARROW: f64 = 11.0;

fn say(lang: Lang, key: &str) -> String {
    t(lang, &format!("scenario-{key}"), &[])
}

fn said(lang: Lang, key: &str, args: &[(&'static str, Arg)]) -> String {
    t(lang, &format!("scenario-{key}"), args)
}

/// The workbook: assumptions, the records as they are, each scenario, differences, and the
/// ends of years where anybody looks ahead.
pub fn workbook(all: &Scenarios<'_>, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let args = [
        ("on", all.on.to_string().into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
    ];
    let mut pages = Pages::new(said(lang, "note", &args));
    all.assumptions(&mut pages, lang)?;
    all.places(&mut pages, &say(lang, "base"), all.base, lang)?;
    for (number, side) in (1..).zip(all.sides) {
        all.places(&mut pages, &title(lang, number), side.outcome, lang)?;
    }
    all.differences(&mut pages, lang)?;
    if !all.base.forecast.is_empty() {
        all.years(&mut pages, lang)?;
    }
    pages.finish()
}

/// The sheet of a scenario. Its name is anybody's words, which a sheet may not bear.
fn title(lang: Lang, number: i64) -> String {
    said(lang, "numbered", &[("n", Arg::Number(number))])
}

fn columns(lang: Lang, keys: &[&str]) -> Vec<(String, f64)> {
    let column = |key: &&str| {
        let wide = ["institution", "scenario", "level"].contains(key);
        (say(lang, key), if wide { WIDE } else { NARROW })
    };
    keys.iter().map(column).collect()
}

fn figures(posts: &Posts, one: Pool) -> [Option<i64>; 6] {
    match one.level() {
        Some(level) => {
            let own = posts.level(level);
            [
                own.limit,
                Some(own.counted()),
                Some(own.off_quota),
                Some(own.reserved),
                own.vacant(),
                own.over(),
            ]
        }
        None => {
            let own = &posts.directed;
            [
                own.limit,
                Some(own.counted),
                None,
                Some(own.reserved),
                own.vacant(),
                own.over(),
            ]
        }
    }
}

impl Scenarios<'_> {
    fn assumptions(&self, pages: &mut Pages, lang: Lang) -> Result<(), XlsxError> {
        let columns = [
            (say(lang, "scenario"), 14.0),
            (say(lang, "name"), WIDE),
            (say(lang, "assumption"), 90.0),
        ];
        let mut rows = vec![[say(lang, "base"), String::new(), say(lang, "as-recorded")]];
        for (number, side) in (1..).zip(self.sides) {
            let mut lines: Vec<String> = side.assumed.iter().map(|one| one.said(lang)).collect();
            if lines.is_empty() {
                lines.push(say(lang, "as-recorded"));
            }
            rows.extend(
                lines
                    .into_iter()
                    .map(|line| [title(lang, number), side.name.to_owned(), line]),
            );
        }
        let rows = rows.into_iter().map(|row| row.map(Cell::from).to_vec());
        pages.add(&say(lang, "assumptions"), &columns, rows)
    }

    fn places(
        &self,
        pages: &mut Pages,
        title: &str,
        outcome: &Outcome,
        lang: Lang,
    ) -> Result<(), XlsxError> {
        let mut keys = vec!["code", "institution", "level"];
        keys.extend(FIGURES);
        let houses = self.register.institutions.iter().zip(&outcome.institutions);
        let rows = houses.flat_map(|(house, result)| {
            Pool::ALL.iter().map(|one| {
                let mut row = vec![
                    house.code.clone().into(),
                    house.name.clone().into(),
                    pool(lang, *one).into(),
                ];
                row.extend(figures(&result.posts, *one).map(Cell::Number));
                row
            })
        });
        pages.add(title, &columns(lang, &keys), rows)
    }

    fn differences(&self, pages: &mut Pages, lang: Lang) -> Result<(), XlsxError> {
        let mut columns = columns(lang, &["scenario", "code", "institution", "level"]);
        for key in FIGURES {
            for when in ["before", "after"] {
                let args = [("x", say(lang, key).into())];
                columns.push((said(lang, when, &args), NARROW));
            }
        }
        let mut rows = Vec::new();
        for (number, side) in (1..).zip(self.sides) {
            let pairs = self
                .base
                .institutions
                .iter()
                .zip(&side.outcome.institutions);
            for (house, (was, is)) in self.register.institutions.iter().zip(pairs) {
                for one in Pool::ALL {
                    let (was, is) = (figures(&was.posts, *one), figures(&is.posts, *one));
                    if was == is {
                        continue;
                    }
                    let mut row = vec![
                        title(lang, number).into(),
                        house.code.clone().into(),
                        house.name.clone().into(),
                        pool(lang, *one).into(),
                    ];
                    let both = was.into_iter().zip(is);
                    row.extend(both.flat_map(|(was, is)| [was, is].map(Cell::Number)));
                    rows.push(row);
                }
            }
        }
        pages.add(&say(lang, "differences"), &columns, rows)
    }

    /// The free places of each level at the ends of years.
    fn years(&self, pages: &mut Pages, lang: Lang) -> Result<(), XlsxError> {
        let mut columns = columns(lang, &["code", "institution", "level", "year"]);
        columns.push((say(lang, "base"), NARROW));
        columns.extend((1..).zip(self.sides).map(|(n, _)| (title(lang, n), NARROW)));
        let outcomes = self.sides.iter().map(|side| side.outcome);
        let outcomes: Vec<&Outcome> = std::iter::once(self.base).chain(outcomes).collect();
        let mut rows = Vec::new();
        for (at, house) in self.register.institutions.iter().enumerate() {
            for level in Level::ALL {
                let ends = outcomes.iter().map(|outcome| {
                    let ahead = outcome.forecast.get(at);
                    ahead.map_or(Vec::new(), |ahead| year_ends(ahead, *level))
                });
                let ends: Vec<_> = ends.collect();
                for (number, end) in ends.first().into_iter().flatten().enumerate() {
                    let mut row = vec![
                        house.code.clone().into(),
                        house.name.clone().into(),
                        word(level, lang).into(),
                        end.year.to_string().into(),
                    ];
                    row.extend(ends.iter().map(|side| {
                        let vacant = side.get(number).and_then(|end| end.vacant);
                        Cell::Number(vacant)
                    }));
                    rows.push(row);
                }
            }
        }
        pages.add(&say(lang, "years"), &columns, rows)
    }
}

impl Assumption {
    /// The sentence.
    fn said(&self, lang: Lang) -> String {
        fn house(name: &str) -> (&'static str, Arg<'_>) {
            ("house", name.into())
        }
        fn person(name: &str) -> (&'static str, Arg<'_>) {
            ("person", name.into())
        }
        let kept =
            |key: &str, yes: bool| format!("assume-{key}-{}", if yes { "yes" } else { "no" });
        match self {
            Self::Policies(ids) => {
                let args = [(
                    "policies",
                    super::words::list(ids.iter().cloned(), lang).into(),
                )];
                said(lang, "assume-policies", &args)
            }
            Self::Posts {
                house: of,
                before,
                after,
            } => {
                let changed = posts(before, after, lang);
                let args = [house(of), ("changed", changed.into())];
                said(lang, "assume-posts", &args)
            }
            Self::RaisedRatio { house: of, elected } => {
                said(lang, &kept("raised", *elected), &[house(of)])
            }
            Self::DirectedEvaluation { house: of, run } => {
                said(lang, &kept("directed", *run), &[house(of)])
            }
            Self::Leave { person: who } => said(lang, "assume-leave", &[person(who)]),
            Self::Hire {
                house: of,
                birth,
                sex,
                title,
                appointed,
                grade,
            } => {
                let args = [
                    house(of),
                    ("birth", birth.to_string().into()),
                    ("sex", word(sex, lang).into()),
                    ("title", word(title, lang).into()),
                    ("post", ranked(*appointed, *grade, lang).into()),
                ];
                said(lang, "assume-hire", &args)
            }
            Self::Decide {
                person: who,
                kind,
                target,
            } => {
                let args = [
                    person(who),
                    ("kind", application_kind(lang, *kind).into()),
                    ("post", ranked(target.rank, target.grade, lang).into()),
                ];
                said(lang, "assume-decide", &args)
            }
        }
    }
}

fn ranked(rank: Rank, grade: Option<Grade>, lang: Lang) -> String {
    match grade {
        Some(grade) => {
            let args = [
                ("rank", post_rank(rank, lang).into()),
                ("grade", Arg::Number(i64::from(grade.number()))),
            ];
            said(lang, "graded", &args)
        }
        None => post_rank(rank, lang),
    }
}

/// The approved numbers that differ, old → new.
fn posts(before: &ApprovedPosts, after: &ApprovedPosts, lang: Lang) -> String {
    let shown = |number: Option<u32>| number.map_or_else(|| "–".to_owned(), |n| n.to_string());
    let pairs = [
        (
            "posts-professional",
            before.professional,
            after.professional,
        ),
        ("posts-health", before.health, after.health),
        ("posts-senior", before.senior, after.senior),
        (
            "posts-intermediate",
            before.intermediate,
            after.intermediate,
        ),
        ("posts-junior", before.junior, after.junior),
        ("posts-directed", before.directed, after.directed),
    ];
    let changed = pairs.into_iter().filter(|(_, was, is)| was != is);
    let changed =
        changed.map(|(key, was, is)| format!("{} {} → {}", say(lang, key), shown(was), shown(is)));
    super::words::list(changed, lang)
}
