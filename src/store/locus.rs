//! Where institutions and medical communities lie, as rights ask for it.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::values;
use crate::domain::ids::AreaCode;
use crate::domain::institution::{Institution, Profile};
use crate::domain::record::Id;
use crate::domain::record_id::{ConsortiumId, InstitutionId};
use crate::domain::rights::Locus;
use crate::domain::rural_doctor;
use crate::domain::time::{Date, Timestamp};

statements! { "consortium":
    NAMED = "select id from consortium where name = $1";
    NAME = "select id, name from consortium where id = $1";
    ADD = "insert into consortium (id, name, created_at) values ($1, $2, $3) \
        on conflict (name) do nothing";
    /// The latest that began until a day; what begins later counts when there is none.
    PLACE = "select subject, area, parent, consortium from institution_profile \
        where subject = $1 and superseded_at is null \
        order by case when valid_from <= $2 then 0 else 1 end, valid_from desc limit 1";
    /// The institution of a name in the county of a place.
    NAMED_IN = "select subject from institution_profile where name = $1 \
        and superseded_at is null and valid_from <= $3 and (valid_to is null or valid_to > $3) \
        and substr(area, 1, 6) = substr(cast($2 as text), 1, 6) order by subject limit 1";
    CODE = "select id from institution where code = $1";
    MEMBERS = "select area from institution_profile where consortium = $1 \
        and superseded_at is null and area is not null and valid_from <= $2 \
        and (valid_to is null or valid_to > $2)";
}

/// So many institutions can stand above one: a bound for chains that go in a circle.
const HIGHEST: usize = 8;

/// Where an institution lies on a day; one that ended lies where it lay last.
pub async fn of_institution(
    reader: &mut Reader,
    id: InstitutionId,
    on: Date,
) -> Result<Locus, StoreError> {
    let Some(own) = place(reader, id, on).await? else {
        return Ok(Locus {
            institutions: vec![id],
            ..Locus::default()
        });
    };
    let mut locus = Locus {
        area: own.area,
        institutions: vec![id],
        consortium: match &own.consortium {
            Some(name) => consortium(reader, name).await?,
            None => None,
        },
    };
    climb(reader, &mut locus, own.parent, on).await?;
    Ok(locus)
}

/// Where an institution would lie that is like this from a day on; `id` = it exists.
pub async fn of_profile(
    reader: &mut Reader,
    id: Option<InstitutionId>,
    profile: &Profile,
    on: Date,
) -> Result<Locus, StoreError> {
    let mut locus = Locus {
        area: profile.area,
        institutions: id.into_iter().collect(),
        consortium: match &profile.consortium {
            Some(name) => consortium(reader, name).await?,
            None => None,
        },
    };
    climb(reader, &mut locus, profile.parent.clone(), on).await?;
    Ok(locus)
}

/// Adds what stands above an institution, nearest first.
async fn climb(
    reader: &mut Reader,
    locus: &mut Locus,
    mut parent: Option<String>,
    on: Date,
) -> Result<(), StoreError> {
    while let Some(code) = parent.take() {
        let Some(above) = with_code(reader, &code).await? else {
            break;
        };
        if locus.institutions.contains(&above) || locus.institutions.len() > HIGHEST {
            break;
        }
        locus.institutions.push(above);
        parent = place(reader, above, on)
            .await?
            .and_then(|place| place.parent);
    }
    Ok(())
}

/// Where a rural doctor belongs: the place, and the institutions above the clinic where
/// one of that name is recorded in the county.
pub async fn of_rural_doctor(
    reader: &mut Reader,
    profile: &rural_doctor::Profile,
    on: Date,
) -> Result<Locus, StoreError> {
    let clinic = match &profile.clinic {
        Some(name) => {
            let values = values![name.as_str(), profile.area, on];
            let found = reader.one(&NAMED_IN, values, |row| row.take::<InstitutionId>());
            found.await?
        }
        None => None,
    };
    let mut locus = match clinic {
        Some(id) => of_institution(reader, id, on).await?,
        None => Locus::default(),
    };
    locus.area = Some(profile.area);
    Ok(locus)
}

struct Place {
    area: Option<AreaCode>,
    parent: Option<String>,
    consortium: Option<String>,
}

async fn place(
    reader: &mut Reader,
    id: InstitutionId,
    on: Date,
) -> Result<Option<Place>, StoreError> {
    let found = reader.one(&PLACE, values![id, on], |row| {
        let _subject: Id<Institution> = row.take()?;
        Ok(Place {
            area: row.take()?,
            parent: row.take()?,
            consortium: row.take()?,
        })
    });
    found.await
}

/// The institution with a code.
pub async fn with_code(
    reader: &mut Reader,
    code: &str,
) -> Result<Option<InstitutionId>, StoreError> {
    reader.one(&CODE, values![code], |row| row.take()).await
}

/// Where a medical community lies as a whole: the smallest area with all its members on a
/// day.
pub async fn of_consortium(
    reader: &mut Reader,
    id: ConsortiumId,
    on: Date,
) -> Result<Locus, StoreError> {
    let name = consortium_name(reader, id).await?.unwrap_or_default();
    of_consortium_named(reader, &name, Some(id), on).await
}

/// The same by its name, which may have no identifier yet.
pub async fn of_consortium_named(
    reader: &mut Reader,
    name: &str,
    id: Option<ConsortiumId>,
    on: Date,
) -> Result<Locus, StoreError> {
    let areas = reader.all(&MEMBERS, values![name, on], |row| row.take::<AreaCode>());
    Ok(Locus {
        area: common(&areas.await?),
        institutions: Vec::new(),
        consortium: id,
    })
}

/// The smallest place with all of them in it.
fn common(areas: &[AreaCode]) -> Option<AreaCode> {
    let first = areas.first()?;
    let wholes = [12, 9, 6, 4, 2].map(|length| first.prefix(length));
    let holds = |outer: &AreaCode| areas.iter().all(|area| area.is_within(*outer));
    wholes.into_iter().find(holds)
}

/// The medical community of a name, if anybody ever named it in a right.
pub async fn consortium(
    reader: &mut Reader,
    name: &str,
) -> Result<Option<ConsortiumId>, StoreError> {
    reader.one(&NAMED, values![name], |row| row.take()).await
}

/// The name of a medical community.
pub async fn consortium_name(
    reader: &mut Reader,
    id: ConsortiumId,
) -> Result<Option<String>, StoreError> {
    let found = reader.one(&NAME, values![id], |row| {
        let _id: ConsortiumId = row.take()?;
        row.take()
    });
    found.await
}

/// The medical community of a name, which gets `id` if it has none.
pub async fn name_consortium(
    tx: &mut Tx,
    name: &str,
    id: ConsortiumId,
    now: Timestamp,
) -> Result<ConsortiumId, StoreError> {
    tx.execute(&ADD, values![id, name, now]).await?;
    Ok(consortium(tx, name).await?.unwrap_or(id))
}
