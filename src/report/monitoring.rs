//! The monitoring feed for the platform of a medical community, a county or a city: plain
//! records with a described schema, as JSON and as CSV.

use crate::rules::figures::{Figure, InstitutionFigures, Known, Total, Totals};
use schemars::JsonSchema;
use serde::Serialize;

/// Version of the schema: grows when a member changes its meaning or goes.
pub const SCHEMA: u32 = 1;

/// Headcount, establishment and posts, institution by institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// Version of this schema.
    pub schema: u32,
    /// Code of the area, or name of the medical community.
    pub of: String,
    /// The day the figures are for, YYYY-MM-DD.
    pub on: String,
    /// The cursor that was given; null: everything is listed, whether or not one was given,
    /// and takes the place of what was sent before.
    pub since: Option<String>,
    /// To be given next time; null: nothing was ever recorded.
    pub cursor: Option<String>,
    /// All institutions, or those whose figures may differ from what was sent with the
    /// cursor. One may be sent again although nothing of it changed; none is left out.
    pub institutions: Vec<Entry>,
    /// Codes of institutions that were there with the cursor and are not any more.
    pub gone: Vec<String>,
    /// Codes of institutions whose figures are unknown on that day. Whoever adds up has to
    /// know that the sum is too small.
    pub unknown: Vec<String>,
    /// Sums over all institutions, also where only some are listed; null: some are unknown.
    pub totals: Option<Sums>,
}

/// One institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its identifier, which never changes.
    pub id: String,
    pub code: String,
    pub name: String,
    /// `township_health_centre`, `community_health_centre`, …; null: not recorded.
    pub kind: Option<String>,
    /// Code of the place where it lies.
    pub area: Option<String>,
    /// Name of its medical community.
    pub consortium: Option<String>,
    /// First day for which its records are complete.
    pub records_begin: Option<String>,
    /// null: the day lies before its records begin.
    pub figures: Option<Numbers>,
    /// Policies the numbers rest on.
    pub policies: Vec<String>,
}

/// Numbers of an institution. People and posts; null: not given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    pub headcount: Headcount,
    pub establishment: Approved,
    /// Professional posts in all.
    pub professional_posts: Option<i64>,
    pub senior: Posts,
    pub intermediate: Posts,
    pub junior: Posts,
    pub directed: Posts,
}

/// Sums over institutions. A sum is null where one of its parts is not given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sums {
    pub institutions: usize,
    pub headcount: Headcount,
    pub establishment: Approved,
    pub professional_posts: Option<i64>,
    pub senior: Posts,
    pub intermediate: Posts,
    pub junior: Posts,
    pub directed: Posts,
}

/// People.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Headcount {
    /// Everybody, on whatever footing.
    pub staff: i64,
    /// Those on the establishment.
    pub on_establishment: i64,
}

/// Approved establishment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    pub total: Option<i64>,
    pub professional: Option<i64>,
    pub management: Option<i64>,
    pub worker: Option<i64>,
}

/// Posts of a level, or directed posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Posts {
    /// How many may be held: the smaller of the ratio's ceiling and the approved number.
    pub limit: Option<i64>,
    /// How many of them are filled.
    pub counted: i64,
    /// Kept for decisions under way.
    pub reserved: i64,
    pub vacant: Option<i64>,
    /// Held above the limit.
    pub over: Option<i64>,
    /// Held beside the limit: off quota and special posts.
    pub off_quota: i64,
    pub special: i64,
}

impl From<&Figure> for Posts {
    fn from(line: &Figure) -> Self {
        Self {
            limit: line.limit,
            counted: line.counted,
            reserved: line.reserved,
            vacant: line.vacant,
            over: line.over,
            off_quota: line.off_quota,
            special: line.special,
        }
    }
}

impl From<&Total> for Posts {
    fn from(line: &Total) -> Self {
        Self {
            limit: line.limit,
            counted: line.counted,
            reserved: line.reserved,
            vacant: line.vacant,
            over: line.over,
            off_quota: line.off_quota,
            special: line.special,
        }
    }
}

impl From<crate::rules::figures::Establishment> for Approved {
    fn from(approved: crate::rules::figures::Establishment) -> Self {
        Self {
            total: approved.total,
            professional: approved.professional,
            management: approved.management,
            worker: approved.worker,
        }
    }
}

impl From<&Known> for Numbers {
    fn from(known: &Known) -> Self {
        let line = |at: usize| {
            known
                .figures
                .get(at)
                .map_or_else(Posts::default, Posts::from)
        };
        Self {
            headcount: Headcount {
                staff: known.establishment.staff,
                on_establishment: known.establishment.on_establishment,
            },
            establishment: known.establishment.into(),
            professional_posts: known.professional_posts,
            senior: line(0),
            intermediate: line(1),
            junior: line(2),
            directed: line(3),
        }
    }
}

impl From<&Totals> for Sums {
    fn from(totals: &Totals) -> Self {
        let line = |at: usize| {
            totals
                .lines
                .get(at)
                .map_or_else(Posts::default, Posts::from)
        };
        Self {
            institutions: totals.institutions,
            headcount: Headcount {
                staff: totals.establishment.staff,
                on_establishment: totals.establishment.on_establishment,
            },
            establishment: totals.establishment.into(),
            professional_posts: totals.professional_posts,
            senior: line(0),
            intermediate: line(1),
            junior: line(2),
            directed: line(3),
        }
    }
}

impl From<&InstitutionFigures> for Entry {
    fn from(one: &InstitutionFigures) -> Self {
        let policies = one.known.as_ref().map(|known| &known.rests_on.policies);
        Self {
            id: one.id.to_string(),
            code: one.code.clone(),
            name: one.name.clone(),
            kind: one.kind.map(|kind| kind.key().to_owned()),
            area: one.area.map(|area| area.to_string()),
            consortium: one.consortium.clone(),
            records_begin: one.records_begin.map(|day| day.to_string()),
            figures: one.known.as_ref().map(Numbers::from),
            policies: policies
                .into_iter()
                .flatten()
                .map(|policy| policy.id.clone())
                .collect(),
        }
    }
}

/// The schema of the feed (JSON Schema), as it is checked in.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Feed);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Columns of the CSV, in their order.
const POSTS: [&str; 4] = ["senior", "intermediate", "junior", "directed"];
const OF_POSTS: [&str; 7] = [
    "limit",
    "counted",
    "reserved",
    "vacant",
    "over",
    "off_quota",
    "special",
];

/// The institutions of a feed as CSV (RFC 4180), one a row; the first row has the names of
/// the columns. An empty cell is unknown. Institutions that are gone have their code and
/// `gone` alone.
pub fn csv(feed: &Feed) -> String {
    let mut rows = vec![header()];
    rows.extend(feed.institutions.iter().map(|entry| row(feed, entry)));
    let width = rows.first().map_or(0, Vec::len);
    rows.extend(feed.gone.iter().map(|code| {
        let mut row = vec![String::new(); width];
        for (cell, value) in row.iter_mut().zip([feed.on.as_str(), "gone", "", code]) {
            value.clone_into(cell);
        }
        row
    }));
    let lines = rows.into_iter().map(|row| {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        cells.join(",")
    });
    let mut text: String = lines.collect::<Vec<_>>().join("\r\n");
    text.push_str("\r\n");
    text
}

fn header() -> Vec<String> {
    let first = [
        "on",
        "state",
        "id",
        "code",
        "name",
        "kind",
        "area",
        "consortium",
        "records_begin",
        "staff",
        "on_establishment",
        "establishment",
        "establishment_professional",
        "establishment_management",
        "establishment_worker",
        "professional_posts",
    ];
    let posts = POSTS.iter().flat_map(|level| {
        OF_POSTS
            .iter()
            .map(move |number| format!("{level}_{number}"))
    });
    let first = first.into_iter().map(str::to_owned);
    first.chain(posts).collect()
}

fn row(feed: &Feed, entry: &Entry) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let figures = entry.figures.as_ref();
    let state = if figures.is_some() {
        "known"
    } else {
        "unknown"
    };
    let mut row = vec![
        feed.on.clone(),
        state.to_owned(),
        entry.id.clone(),
        entry.code.clone(),
        entry.name.clone(),
        text(&entry.kind),
        text(&entry.area),
        text(&entry.consortium),
        text(&entry.records_begin),
    ];
    let establishment = figures.map(|figures| figures.establishment);
    row.extend([
        number(figures.map(|figures| figures.headcount.staff)),
        number(figures.map(|figures| figures.headcount.on_establishment)),
        number(establishment.and_then(|one| one.total)),
        number(establishment.and_then(|one| one.professional)),
        number(establishment.and_then(|one| one.management)),
        number(establishment.and_then(|one| one.worker)),
        number(figures.and_then(|figures| figures.professional_posts)),
    ]);
    for level in POSTS {
        let posts = figures.map(|figures| match level {
            "senior" => figures.senior,
            "intermediate" => figures.intermediate,
            "junior" => figures.junior,
            _ => figures.directed,
        });
        row.extend([
            number(posts.and_then(|posts| posts.limit)),
            number(posts.map(|posts| posts.counted)),
            number(posts.map(|posts| posts.reserved)),
            number(posts.and_then(|posts| posts.vacant)),
            number(posts.and_then(|posts| posts.over)),
            number(posts.map(|posts| posts.off_quota)),
            number(posts.map(|posts| posts.special)),
        ]);
    }
    row
}

/// A cell; quoted where it has a comma, a quote or a line's end in it. What a table program
/// would take for a formula gets an apostrophe before it.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = cell.parse::<i64>().is_ok();
    let cell = if formula && !number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        for (cell, expected) in [
            ("示例", "示例"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("=1+1", "'=1+1"),
            ("-3", "-3"),
            ("a\nb", "\"a\nb\""),
        ] {
            assert_eq!(quoted(cell), expected);
        }
    }
}
