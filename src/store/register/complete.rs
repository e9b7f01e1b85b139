//! Days for which the records are complete: whoever is not recorded on such a day was
//! not there, and before the first one figures are unknown.

use crate::domain::ids::AreaCode;
use crate::domain::record::{Id, When};
use crate::domain::time::{Date, Timestamp};
use crate::store::backend::{Reader, Tx};
use crate::store::change::Recording;
use crate::store::error::StoreError;
use crate::store::sql::statements;
use crate::store::timeline::earlier;
use crate::store::value::{Fields, values};
use std::collections::BTreeMap;

statements! { "complete_record":
    ADD = "insert into complete_record (id, kind, scope, valid_on, recorded_at, recorded_by) \
        values ($1, $2, $3, $4, $5, $6) on conflict (kind, scope, valid_on) do nothing";
    LATER = "select kind, scope, min(valid_on) from complete_record where valid_on > $1 \
        group by kind, scope";
    FIRST = "select min(valid_on) from complete_record where kind = 'all' \
        or (kind = 'area' and cast($2 as text) like scope || '%') \
        or (kind = 'institution' and scope = $1)";
    BEGINS = "select kind, scope, min(valid_on) from complete_record where recorded_at <= $1 \
        group by kind, scope";
    ON = "select kind, scope from complete_record where valid_on = $1";
}

/// What a complete record is complete for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything there is.
    All,
    /// The institutions, rural doctors and places of an area.
    Area(AreaCode),
    /// The institutions with these codes and their staff; no rural doctors or places.
    Institutions(Vec<String>),
}

impl Scope {
    /// Whether it is complete for an institution.
    pub fn covers_institution(&self, code: &str, area: Option<AreaCode>) -> bool {
        match self {
            Self::Institutions(codes) => codes.iter().any(|one| one == code),
            other => area.map_or(*other == Self::All, |area| other.covers_area(area)),
        }
    }

    /// Whether it is complete for the rural doctors and places of an area.
    pub fn covers_area(&self, area: AreaCode) -> bool {
        match self {
            Self::All => true,
            Self::Area(outer) => area.is_within(*outer),
            Self::Institutions(_) => false,
        }
    }

    /// Its rows: kind and scope.
    fn rows(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::All => vec![("all", String::new())],
            Self::Area(area) => vec![("area", area.to_string())],
            Self::Institutions(codes) => {
                let rows = codes.iter().map(|code| ("institution", code.clone()));
                rows.collect()
            }
        }
    }
}

/// Keeps that the records are complete for a scope on a day.
pub async fn add(
    tx: &mut Tx,
    recording: &mut Recording,
    scope: &Scope,
    on: Date,
) -> Result<(), StoreError> {
    for (kind, name) in scope.rows() {
        let id: Id<Scope> = recording.ids.make();
        let values = values![id, kind, name, on, recording.at, recording.change];
        tx.execute(&ADD, values).await?;
    }
    Ok(())
}

/// Whether the records are already kept as complete for a scope on a day.
pub(super) async fn is_kept(
    reader: &mut Reader,
    scope: &Scope,
    on: Date,
) -> Result<bool, StoreError> {
    let kept = reader.all(&ON, values![on], |row| {
        Ok((row.take::<String>()?, row.take::<String>()?))
    });
    let kept = kept.await?;
    let is_kept =
        |(kind, scope): &(&str, String)| kept.iter().any(|(k, s)| k == kind && s == scope);
    Ok(scope.rows().iter().all(is_kept))
}

/// The first day for which the records of an institution are complete; `None` = there is
/// none yet. Before it, its figures are unknown.
pub async fn records_begin(
    reader: &mut Reader,
    code: &str,
    area: Option<AreaCode>,
) -> Result<Option<Date>, StoreError> {
    let found = reader.one(&FIRST, values![code, area], |row| {
        row.take::<Option<Date>>()
    });
    Ok(found.await?.flatten())
}

/// From which days on records are complete, as it was known at an instant.
pub async fn begins(reader: &mut Reader, when: When) -> Result<Begins, StoreError> {
    let known = when.known.unwrap_or(Timestamp::LAST);
    let firsts = Firsts::read(reader.all(&BEGINS, values![known], first_row).await?);
    Ok(Begins(firsts))
}

/// From which days on records are complete; before, figures are unknown.
#[derive(Clone, Debug)]
pub struct Begins(Firsts);

impl Begins {
    /// The first day for which the records of an institution are complete.
    pub fn of_institution(&self, code: &str, area: Option<AreaCode>) -> Option<Date> {
        self.0.of_institution(code, area)
    }

    /// The first day for which all institutions, rural doctors and places of an area are
    /// recorded; `area` = `None`: of everything.
    pub fn of_area(&self, area: Option<AreaCode>) -> Option<Date> {
        area.map_or(self.0.all, |area| self.0.of_area(area))
    }
}

fn first_row(row: &mut Fields<'_>) -> Result<(String, String, Date), StoreError> {
    Ok((row.take()?, row.take()?, row.take()?))
}

/// The first complete record of everything among some days.
#[derive(Clone, Debug, Default)]
pub(super) struct Firsts {
    all: Option<Date>,
    areas: Vec<(AreaCode, Date)>,
    institutions: BTreeMap<String, Date>,
}

impl Firsts {
    /// The next complete records after a day.
    pub(super) async fn than(reader: &mut Reader, on: Date) -> Result<Self, StoreError> {
        Ok(Self::read(
            reader.all(&LATER, values![on], first_row).await?,
        ))
    }

    fn read(rows: Vec<(String, String, Date)>) -> Self {
        let mut firsts = Self::default();
        for (kind, scope, date) in rows {
            if kind == "institution" {
                firsts.institutions.insert(scope, date);
            } else if let Ok(area) = scope.parse::<AreaCode>() {
                firsts.areas.push((area, date));
            } else {
                firsts.all = Some(date);
            }
        }
        firsts
    }

    /// The first that covers an institution or its staff.
    pub(super) fn of_institution(&self, code: &str, area: Option<AreaCode>) -> Option<Date> {
        let own = self.institutions.get(code).copied();
        let around = area.map_or(self.all, |area| self.of_area(area));
        earlier(own, around)
    }

    /// The first that covers the rural doctors or places of an area.
    pub(super) fn of_area(&self, area: AreaCode) -> Option<Date> {
        let around = self
            .areas
            .iter()
            .filter(|(outer, _)| area.is_within(*outer));
        around.fold(self.all, |first, (_, date)| earlier(first, Some(*date)))
    }
}
