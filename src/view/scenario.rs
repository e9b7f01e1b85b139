//! What if, and what comes by itself: two scenarios beside what is, as a table and a picture.

use super::Shell;
use super::chart::{self, Bar, Part};
use super::form::Field;
use super::institution::Tab;
use super::promotion::pool;
use crate::domain::promotion::Pool;
use crate::rules::ledger::Posts;
use askama::Template;

/// One column of the comparison.
pub struct Side {
    pub title: String,
    pub posts: Posts,
}

/// A pool: limit, counted, free and over, for each side.
pub struct Row {
    pub title: String,
    /// Each side's figures, and whether they differ from the first.
    pub sides: Vec<([String; 4], bool)>,
}

/// What if.
#[derive(Template)]
#[template(path = "scenario/scenario.html")]
pub struct Page<'a> {
    pub s: &'a Shell,
    pub tabs: Vec<Tab>,
    /// The institution first.
    pub house: Vec<Field>,
    pub a: Vec<Field>,
    pub b: Vec<Field>,
    pub titles: Vec<String>,
    pub rows: Vec<Row>,
    pub picture: String,
    /// At the ends of years: year and level, then the free places of each side.
    pub years: Vec<(String, Vec<String>)>,
    pub refused: Vec<String>,
}

/// What comes by itself.
#[derive(Template)]
#[template(path = "scenario/forecast.html")]
pub struct Forecast<'a> {
    pub s: &'a Shell,
    pub tabs: Vec<Tab>,
    pub house: Vec<Field>,
    /// Years.
    pub years: Vec<String>,
    pub levels: Vec<String>,
    pub picture: String,
    /// By year, the retired of each level.
    pub retired: Vec<(String, Vec<usize>)>,
    /// Institution, level, then free places at the end of each year.
    pub rows: Vec<(String, String, Vec<String>)>,
}

/// The two pages.
pub fn tabs(s: &Shell) -> Vec<Tab> {
    let all = [("scenario", "/scenario"), ("forecast", "/forecast")];
    all.into_iter()
        .map(|(key, path)| Tab {
            title: s.t(format!("web-menu-{key}")),
            href: s.to(path),
            current: s.path == path,
        })
        .collect()
}

fn four(posts: &Posts, one: Pool) -> [Option<i64>; 4] {
    match one.level() {
        Some(level) => {
            let own = posts.level(level);
            [own.limit, Some(own.counted()), own.vacant(), own.over()]
        }
        None => {
            let own = &posts.directed;
            [own.limit, Some(own.counted), own.vacant(), own.over()]
        }
    }
}

/// The sides below each other, pool by pool.
pub fn rows(s: &Shell, sides: &[Side]) -> Vec<Row> {
    let row = |one: &Pool| {
        let figures = sides.iter().map(|side| four(&side.posts, *one));
        let figures: Vec<_> = figures.collect();
        let first = figures.first().copied();
        let shown = figures.iter().map(|own| {
            let differs = Some(*own) != first;
            (own.map(super::format::number), differs)
        });
        Row {
            title: pool(s, *one),
            sides: shown.collect(),
        }
    };
    Pool::ALL.iter().map(row).collect()
}

/// The sides as bars.
pub fn picture(s: &Shell, sides: &[Side]) -> String {
    let mut bars = Vec::new();
    for one in Pool::ALL {
        for side in sides {
            let [limit, counted, vacant, over] = four(&side.posts, *one);
            let (counted, over) = (counted.unwrap_or(0), over.unwrap_or(0));
            bars.push(Bar {
                title: format!("{} · {}", pool(s, *one), side.title),
                parts: vec![
                    Part::new("held", counted - over, s.t("web-part-counted")),
                    Part::new("over", over, s.t("web-part-over")),
                    Part::new("free", vacant.unwrap_or(0), s.t("web-part-vacant")),
                ],
                limit,
            });
        }
    }
    chart::bars(&bars, &s.t("web-scenario-result"), &s.t("web-part-limit"))
}
