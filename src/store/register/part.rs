//! What belongs to a part of the records on a day, found by the database: one institution
//! costs what one institution costs, however large the county around it.

use super::load::Part;
use crate::domain::change::Change;
use crate::domain::ids::AreaCode;
use crate::domain::institution::{Institution, Profile};
use crate::domain::place::Place;
use crate::domain::record::{Id, When};
use crate::domain::rural_doctor;
use crate::domain::time::{Date, Timestamp};
use crate::store::backend::Reader;
use crate::store::dated::{self, COMMON, Dated, Fact, Of};
use crate::store::dialect;
use crate::store::error::StoreError;
use crate::store::sql::Sql;
use crate::store::value::{Value, values};
use std::sync::LazyLock;

/// What holds on the day `$1`, from what was known at `$2`.
fn valid(row: &str) -> String {
    format!(
        "{row}.valid_from <= $1 and ({row}.valid_to is null or {row}.valid_to > $1) \
         and {row}.recorded_at <= $2 and ({row}.superseded_at is null or {row}.superseded_at > $2)"
    )
}

fn columns<F: Fact>(row: &str) -> String {
    let own = F::noun().columns.iter().map(String::as_str);
    let all: Vec<String> = COMMON
        .into_iter()
        .chain(own)
        .map(|column| format!("{row}.{column}"))
        .collect();
    all.join(", ")
}

/// Profiles of institutions: `{columns}` or the subject alone, of one kind of part.
fn of_part(name: &str, what: &str, from: &str) -> Sql {
    let text = format!("{from} order by p.subject, p.slot");
    let text = text.replace("{what}", what);
    dialect::statement(
        format!("institution_profile::{name}"),
        "institution_profile",
        &text,
    )
}

fn both(name: &str, from: &str) -> [Sql; 2] {
    let rows = columns::<Profile>("p");
    let name_of_ids = format!("{name}_IDS");
    [
        of_part(name, &rows, from),
        of_part(&name_of_ids, "p.subject, p.slot", from),
    ]
}

/// Codes of digits that begin so lie between it and it with nines behind.
static OF_AREA: LazyLock<[Sql; 2]> = LazyLock::new(|| {
    let valid = valid("p");
    let from = "select {what} from institution_profile p where p.area >= $3 and p.area <= $4 and";
    both("OF_AREA", &format!("{from} {valid}"))
});

static OF_CONSORTIUM: LazyLock<[Sql; 2]> = LazyLock::new(|| {
    let valid = valid("p");
    let from = "select {what} from institution_profile p where p.consortium = $3 and";
    both("OF_CONSORTIUM", &format!("{from} {valid}"))
});

/// A code that stands above itself is met once.
static BELOW: LazyLock<[Sql; 2]> = LazyLock::new(|| {
    let (p, q) = (valid("p"), valid("q"));
    let from = format!(
        "with recursive below (id, code) as (\
         select i.id, i.code from institution i join institution_profile q on q.subject = i.id \
         where i.code = $3 and {q} union \
         select i.id, i.code from below b join institution_profile q on q.parent = b.code \
         join institution i on i.id = q.subject where {q}) \
         select {{what}} from institution_profile p \
         where p.subject in (select id from below) and {p}"
    );
    both("BELOW", &from)
});

static EVERYWHERE: LazyLock<[Sql; 2]> = LazyLock::new(|| {
    let valid = valid("p");
    let from = "select {what} from institution_profile p where";
    both("EVERYWHERE", &format!("{from} {valid}"))
});

static LATER: LazyLock<Sql> = LazyLock::new(|| {
    let text = "select p.subject, min(p.valid_from) from institution_profile p \
         where p.area >= $3 and p.area <= $4 and p.valid_from > $1 and p.recorded_at <= $2 \
         and (p.superseded_at is null or p.superseded_at > $2) \
         group by p.subject order by p.subject";
    dialect::statement(
        "institution_profile::LATER".to_owned(),
        "institution_profile",
        text,
    )
});

static EVER: LazyLock<[Sql; 2]> = LazyLock::new(|| {
    let of = |name: &str, condition: &str| {
        let text = format!(
            "select distinct subject from institution_profile where {condition} order by subject"
        );
        let name = format!("institution_profile::{name}");
        dialect::statement(name, "institution_profile", &text)
    };
    [
        of("EVER_IN_AREA", "area >= $1 and area <= $2"),
        of("EVER_IN_CONSORTIUM", "consortium = $1"),
    ]
});

static BEYOND: LazyLock<Sql> = LazyLock::new(|| {
    let valid = valid("p");
    let text = format!(
        "select distinct p.consortium from institution_profile p where p.consortium {{in $5}} \
         and (p.area is null or p.area < $3 or p.area > $4) and {valid} order by p.consortium"
    );
    dialect::statement(
        "institution_profile::BEYOND".to_owned(),
        "institution_profile",
        &text,
    )
});

static DOCTORS: LazyLock<[Sql; 2]> = LazyLock::new(|| {
    let valid = valid("d");
    let of = |name: &str, what: &str, tail: &str| {
        let text = format!(
            "select {what} from rural_doctor_profile d join rural_doctor s on s.id = d.subject \
             where d.area >= $3 and d.area <= $4 and {valid} {tail}"
        );
        let name = format!("rural_doctor_profile::{name}");
        dialect::statement(name, "rural_doctor_profile", &text)
    };
    let rows = columns::<rural_doctor::Profile>("d");
    [
        of("OF_AREA", &rows, "order by d.subject, d.slot"),
        of("STATES_OF_AREA", STATES, TALLY),
    ]
});

static PLACES: LazyLock<[Sql; 2]> = LazyLock::new(|| {
    let valid = valid("d");
    let of = |name: &str, what: &str, tail: &str| {
        let text = format!(
            "select {what} from place s cross join place_profile d where d.subject = s.id \
             and s.code >= $3 and s.code <= $4 and {valid} {tail}"
        );
        dialect::statement(format!("place::{name}"), "place", &text)
    };
    [
        of("OF_AREA", "s.id, s.code", "order by s.id"),
        of("STATES_OF_AREA", STATES, TALLY),
    ]
});

/// How many subjects each change altered last.
const STATES: &str = "coalesce(s.changed_by, s.created_by), count(*)";
const TALLY: &str = "group by coalesce(s.changed_by, s.created_by) order by 1";

static STAFF: LazyLock<Sql> = LazyLock::new(|| {
    let valid = valid("e");
    let text = format!(
        "select e.institution, coalesce(s.changed_by, s.created_by), count(*) \
         from employment e join person s on s.id = e.subject \
         where e.institution {{in $3}} and {valid} \
         group by e.institution, coalesce(s.changed_by, s.created_by) order by 1, 2"
    );
    dialect::statement("employment::STATES".to_owned(), "employment", &text)
});

/// Institutions and people with their names.
static LISTS: LazyLock<[Sql; 2]> = LazyLock::new(|| {
    let (p, e) = (valid("p"), valid("e"));
    let institutions = format!(
        "select i.id, i.id, i.code, p.name, coalesce(i.changed_by, i.created_by) \
         from institution i join institution_profile p on p.subject = i.id \
         where i.id {{in $3}} and {p} order by i.id"
    );
    let staff = format!(
        "select s.id, e.institution, cast(null as text), coalesce(p.name, ''), \
         coalesce(s.changed_by, s.created_by) \
         from employment e join person s on s.id = e.subject \
         left join person_profile p on p.subject = s.id and {p} \
         where e.institution {{in $3}} and {e} order by s.id"
    );
    [
        dialect::statement("institution::LIST".to_owned(), "institution", &institutions),
        dialect::statement("employment::LIST".to_owned(), "employment", &staff),
    ]
});

pub(in crate::store) fn dialects() -> Vec<&'static Sql> {
    let parts = [
        &*OF_AREA,
        &*OF_CONSORTIUM,
        &*BELOW,
        &*EVERYWHERE,
        &*EVER,
        &*LISTS,
        &*DOCTORS,
        &*PLACES,
    ];
    let mut all: Vec<&'static Sql> = parts.into_iter().flatten().collect();
    all.extend([&*STAFF, &*LATER, &*BEYOND]);
    all
}

/// Day and instant, as every statement here begins.
fn day(when: When) -> Vec<Value> {
    values![when.on, when.known.unwrap_or(Timestamp::LAST)]
}

/// Where codes within an area begin and end; a place of no code lies nowhere.
fn range(area: AreaCode) -> (String, String) {
    let from = area.to_string();
    let to = format!("{from}999999999999");
    (from, to)
}

fn in_area(when: When, area: Option<AreaCode>) -> Vec<Value> {
    let (from, to) = match area {
        Some(area) => range(area),
        None => (String::new(), "99999999999999".to_owned()),
    };
    let mut all = day(when);
    all.extend(values![from, to]);
    all
}

/// The statement of a part and its values; `None`: the part names its institutions.
fn chosen(part: &Part, when: When) -> Option<(&'static [Sql; 2], Vec<Value>)> {
    Some(match part {
        Part::These(_) => return None,
        Part::Whole => (&*EVERYWHERE, day(when)),
        Part::Area(area) => (&*OF_AREA, in_area(when, Some(*area))),
        Part::Consortium(name) => {
            let mut all = day(when);
            all.extend(values![name]);
            (&*OF_CONSORTIUM, all)
        }
        Part::Below(code) => {
            let mut all = day(when);
            all.extend(values![code]);
            (&*BELOW, all)
        }
    })
}

/// What is recorded of the institutions of a part.
pub(super) async fn profiles(
    reader: &mut Reader,
    part: &Part,
    when: When,
) -> Result<Vec<Dated<Profile>>, StoreError> {
    match (part, chosen(part, when)) {
        (Part::These(ids), _) => dated::at(reader, Of::These(ids), when).await,
        (_, Some(([rows, _], values))) => reader.all(rows, values, Dated::read).await,
        (_, None) => Ok(Vec::new()),
    }
}

/// The institutions of a part, in the order in which they were first recorded.
pub async fn institutions(
    reader: &mut Reader,
    part: &Part,
    when: When,
) -> Result<Vec<Id<Institution>>, StoreError> {
    match (part, chosen(part, when)) {
        (Part::These(ids), _) => {
            let rows = dated::at::<Profile>(reader, Of::These(ids), when).await?;
            Ok(rows.into_iter().map(|row| row.subject).collect())
        }
        (_, Some(([_, ids], values))) => reader.all(ids, values, |row| row.take()).await,
        (_, None) => Ok(Vec::new()),
    }
}

/// Institutions of an area that are recorded for later days than the one asked for, and
/// from when.
pub async fn institutions_later(
    reader: &mut Reader,
    area: Option<AreaCode>,
    when: When,
) -> Result<Vec<(Id<Institution>, Date)>, StoreError> {
    let rows = reader.all(&LATER, in_area(when, area), |row| {
        Ok((row.take()?, row.take()?))
    });
    rows.await
}

/// Every institution that was ever recorded in an area, for whatever day.
pub async fn ever_in_area(
    reader: &mut Reader,
    area: AreaCode,
) -> Result<Vec<Id<Institution>>, StoreError> {
    let ([sql, _], (from, to)) = (&*EVER, range(area));
    reader.all(sql, values![from, to], |row| row.take()).await
}

/// Every institution that was ever recorded in a medical community, for whatever day.
pub async fn ever_in_consortium(
    reader: &mut Reader,
    name: &str,
) -> Result<Vec<Id<Institution>>, StoreError> {
    let [_, sql] = &*EVER;
    reader.all(sql, values![name], |row| row.take()).await
}

/// Of some medical communities those that have members outside an area.
pub async fn beyond(
    reader: &mut Reader,
    consortia: &[String],
    area: AreaCode,
    when: When,
) -> Result<Vec<String>, StoreError> {
    let mut values = in_area(when, Some(area));
    values.extend(values![dialect::list(consortia)]);
    reader.all(&BEYOND, values, |row| row.take()).await
}

/// What is recorded of the rural doctors of an area; everywhere where none is given.
pub(super) async fn doctors(
    reader: &mut Reader,
    area: Option<AreaCode>,
    when: When,
) -> Result<Vec<Dated<rural_doctor::Profile>>, StoreError> {
    let [rows, _] = &*DOCTORS;
    reader.all(rows, in_area(when, area), Dated::read).await
}

/// The places of an area, with their codes.
pub(super) async fn places(
    reader: &mut Reader,
    area: Option<AreaCode>,
    when: When,
) -> Result<Vec<(Id<Place>, String)>, StoreError> {
    let [rows, _] = &*PLACES;
    let rows = reader.all(rows, in_area(when, area), |row| {
        Ok((row.take()?, row.take()?))
    });
    rows.await
}

/// What figures were made from: how many subjects each change altered last. Every change
/// has a name of its own and is named by all it alters, so equal states are the same
/// records.
pub type States = Vec<(String, i64)>;

/// The states of everybody employed at institutions on a day.
pub async fn staff_states(
    reader: &mut Reader,
    institutions: &[Id<Institution>],
    when: When,
) -> Result<Vec<(Id<Institution>, (String, i64))>, StoreError> {
    let mut values = day(when);
    values.extend(values![dialect::list(institutions)]);
    let rows = reader.all(&STAFF, values, |row| {
        Ok((row.take()?, (row.take()?, row.take()?)))
    });
    rows.await
}

/// The states of the rural doctors and of the places of an area on a day.
pub async fn area_states(
    reader: &mut Reader,
    area: Option<AreaCode>,
    when: When,
) -> Result<[States; 2], StoreError> {
    let [_, doctors] = &*DOCTORS;
    let [_, places] = &*PLACES;
    let doctors = reader.all(doctors, in_area(when, area), |row| {
        Ok((row.take()?, row.take()?))
    });
    let doctors = doctors.await?;
    let places = reader.all(places, in_area(when, area), |row| {
        Ok((row.take()?, row.take()?))
    });
    Ok([doctors, places.await?])
}

/// An institution, or somebody employed at one, in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Identifier of the institution or of the person.
    pub id: String,
    pub institution: Id<Institution>,
    /// Of an institution.
    pub code: Option<String>,
    pub name: String,
    /// The change that altered it last.
    pub changed_by: Id<Change>,
}

async fn list(
    reader: &mut Reader,
    sql: &'static Sql,
    institutions: &[Id<Institution>],
    when: When,
) -> Result<Vec<Listed>, StoreError> {
    let mut values = day(when);
    values.extend(values![dialect::list(institutions)]);
    let rows = reader.all(sql, values, |row| {
        Ok(Listed {
            id: row.take()?,
            institution: row.take()?,
            code: row.take()?,
            name: row.take()?,
            changed_by: row.take()?,
        })
    });
    rows.await
}

/// Institutions with codes and names, in the order in which they were first recorded.
pub async fn list_institutions(
    reader: &mut Reader,
    institutions: &[Id<Institution>],
    when: When,
) -> Result<Vec<Listed>, StoreError> {
    let [sql, _] = &*LISTS;
    list(reader, sql, institutions, when).await
}

/// Everybody employed at institutions on a day, in the order in which they were first
/// recorded.
pub async fn list_staff(
    reader: &mut Reader,
    institutions: &[Id<Institution>],
    when: When,
) -> Result<Vec<Listed>, StoreError> {
    let [_, sql] = &*LISTS;
    list(reader, sql, institutions, when).await
}
