//! The monitoring feed: headcount, establishment and posts of each institution for the
//! platform of a medical community, a county or a city; all of it, or what changed since a
//! cursor. The figures are those of the ledger.

use super::ledger::{Evaluated, evaluate_part};
use super::locus::permit_part;
use super::{Office, ServiceError};
use crate::domain::change::Change;
use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::record::{Id, When};
use crate::domain::rights::{Action, Actor};
use crate::domain::time::{Date, Timestamp};
use crate::report::monitoring::{Entry, Feed, SCHEMA, Sums};
use crate::store::register::{Part, part};
use crate::store::{Reader, change, subject};
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// For whom a feed is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    Area(AreaCode),
    /// A medical community, by its name.
    Consortium(String),
}

impl Of {
    fn part(&self) -> Part {
        match self {
            Self::Area(area) => Part::Area(*area),
            Self::Consortium(name) => Part::Consortium(name.clone()),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Area(area) => area.to_string(),
            Self::Consortium(name) => name.clone(),
        }
    }
}

/// What a feed has told: everything up to a change, for a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub change: Id<Change>,
    pub on: Date,
}

impl fmt::Display for Cursor {
    /// `019ab5c2-7f00-7000-8000-000000000000.2026-11-22`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.change, self.on)
    }
}

/// Not what a feed gave as its cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (change, on) = text.split_once('.').ok_or(NotACursor)?;
        Ok(Self {
            change: change.parse().map_err(|_| NotACursor)?,
            on: on.parse().map_err(|_| NotACursor)?,
        })
    }
}

/// A write under way while a feed was read may have an earlier identifier than the cursor
/// and be kept only afterwards. No write takes as long as this: what was altered in that
/// time before the cursor is told again.
const OVERLAP: Duration = Duration::from_secs(15 * 60);

/// The feed for a day.
///
/// Not found: the area or the community lies outside the actor's scope.
pub async fn feed(
    office: &Office,
    actor: &Actor,
    of: &Of,
    on: Date,
    since: Option<Cursor>,
    now: Timestamp,
) -> Result<Feed, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let (part, today) = (of.part(), now.shanghai_day());
    permit_part(&mut reader, actor, Action::ReadMonitoring, &part, today).await?;
    let evaluated = evaluate_part(office, &mut reader, &part, When::on(on)).await?;
    let latest = change::latest(&mut reader).await?;
    let figures = evaluated.plain();
    let entries = figures.institutions.iter().map(Entry::from);
    let mut entries: Vec<Entry> = entries.collect();
    let told = match since {
        Some(since) => told(office, &mut reader, of, on, since).await?,
        None => None,
    };
    let since = since.filter(|_| told.is_some());
    let mut gone = Vec::new();
    if let Some(told) = told {
        gone = told.gone(&evaluated);
        entries.retain(|entry| told.is_news(entry));
    }
    Ok(Feed {
        schema: SCHEMA,
        of: of.name(),
        on: on.to_string(),
        since: since.map(|since| since.to_string()),
        cursor: latest.map(|change| Cursor { change, on }.to_string()),
        institutions: entries,
        gone,
        unknown: figures.unknown.iter().map(|one| one.code.clone()).collect(),
        totals: figures.totals.as_ref().map(Sums::from),
    })
}

/// What is known of what a cursor told.
struct Told {
    /// Institutions of which something was altered since: identifier and code.
    altered: HashMap<String, String>,
    /// Where the days differ: what is said now of the day the cursor was for.
    then: Option<HashMap<String, Entry>>,
}

/// `None` = something was altered that all figures rest on, so that everything is told anew.
async fn told(
    office: &Office,
    reader: &mut Reader,
    of: &Of,
    on: Date,
    since: Cursor,
) -> Result<Option<Told>, ServiceError> {
    let after = Id::<Change>::first_of(since.change.made_at().minus(OVERLAP));
    if change::altered_ground(reader, after).await? {
        return Ok(None);
    }
    let ids: Vec<Id<Institution>> = match of {
        Of::Area(area) => part::ever_in_area(reader, *area).await?,
        Of::Consortium(name) => part::ever_in_consortium(reader, name).await?,
    };
    let altered = change::altered_institutions(reader, &ids, after).await?;
    let codes = subject::codes(reader, &altered).await?;
    let altered = codes.into_iter().map(|(id, code)| (id.to_string(), code));
    let then = if since.on == on {
        None
    } else {
        let when = When::on(since.on);
        let then = evaluate_part(office, reader, &of.part(), when).await?;
        let entries = then.plain().institutions;
        let entries = entries.iter().map(Entry::from);
        Some(entries.map(|entry| (entry.id.clone(), entry)).collect())
    };
    Ok(Some(Told {
        altered: altered.collect(),
        then,
    }))
}

impl Told {
    /// Whether an entry may differ from what was told.
    fn is_news(&self, entry: &Entry) -> bool {
        let passed = self.then.as_ref();
        self.altered.contains_key(&entry.id)
            || passed.is_some_and(|then| then.get(&entry.id) != Some(entry))
    }

    /// Codes of institutions that were told of and are not there any more.
    fn gone(&self, evaluated: &Evaluated) -> Vec<String> {
        let here: BTreeSet<String> = evaluated
            .institutions
            .iter()
            .map(|one| one.institution.to_string())
            .collect();
        let then = self.then.iter().flatten();
        let then = then.map(|(id, entry)| (id, &entry.code));
        let all = self.altered.iter().chain(then);
        let gone = all.filter(|(id, _)| !here.contains(*id));
        let codes: BTreeSet<String> = gone.map(|(_, code)| code.clone()).collect();
        codes.into_iter().collect()
    }
}

/// A feed as JSON.
pub fn json(feed: &Feed) -> serde_json::Value {
    serde_json::to_value(feed).unwrap_or_default()
}

/// The institutions of a feed as CSV.
pub fn csv(feed: &Feed) -> String {
    crate::report::monitoring::csv(feed)
}

/// What the members of a feed are (JSON Schema).
pub fn schema() -> serde_json::Value {
    serde_json::from_str(&crate::report::monitoring::schema()).unwrap_or_default()
}
