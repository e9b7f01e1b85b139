//! Where things lie, for the rights: facts that every use case asks for before it decides.

use super::{Office, ServiceError};
use crate::domain::employment::Employed;
use crate::domain::record::{Id, When};
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::rights::{
    Action, Actor, Capacity, Extent, Holding, Locus, PersonFile, Scope, Subject, Where, permit,
    reach,
};
use crate::domain::staff::Person;
use crate::domain::time::Date;
use crate::store::dated::{self, Of};
use crate::store::register::Part;
use crate::store::{Reader, StoreError, employment, locus, subject};

/// Where a person is employed on a day; `None` = nowhere.
pub(super) async fn house(
    reader: &mut Reader,
    person: PersonId,
    on: Date,
) -> Result<Option<InstitutionId>, StoreError> {
    let of = [person];
    let employed = dated::at::<Employed>(reader, Of::These(&of), When::on(on)).await?;
    Ok(employed.first().map(|row| row.fact.institution))
}

/// The file of a person, with where it lies today: with the institution that employs them,
/// or that did so last, be it gone since. So those who decide over the files of people who
/// left are those of the house they left.
pub(super) async fn file(
    reader: &mut Reader,
    person: Id<Person>,
    today: Date,
) -> Result<PersonFile, StoreError> {
    let locus = match employment::home(reader, person, today).await? {
        Some(institution) => locus::of_institution(reader, institution, today).await?,
        None => Locus::default(),
    };
    Ok(PersonFile { person, locus })
}

/// Capacities as rights over accounts see them.
pub(super) async fn holdings(
    reader: &mut Reader,
    capacities: &[Capacity],
    today: Date,
) -> Result<Vec<Holding>, StoreError> {
    let mut holdings = Vec::new();
    for capacity in capacities {
        let extent = match capacity {
            Capacity::Staff { person, .. } => Where::At(file(reader, *person, today).await?.locus),
            Capacity::InstitutionHr { institution } => {
                Where::At(locus::of_institution(reader, *institution, today).await?)
            }
            Capacity::ConsortiumHr { consortium } => {
                Where::At(locus::of_consortium(reader, *consortium, today).await?)
            }
            Capacity::Reviewer { area, .. } => Where::At(Locus::area(*area)),
            Capacity::Auditor { extent } | Capacity::Administrator { extent } => match extent {
                Extent::Everywhere => Where::Everywhere,
                Extent::Area(area) => Where::At(Locus::area(*area)),
            },
        };
        holdings.push(Holding {
            role: capacity.role(),
            extent,
        });
    }
    Ok(holdings)
}

/// Whether an actor may do something to a part of the records.
pub(super) async fn permit_part(
    reader: &mut Reader,
    actor: &Actor,
    action: Action,
    part: &Part,
    today: Date,
) -> Result<(), ServiceError> {
    let place = match part {
        // nothing lies everywhere but for those whose right does
        Part::Whole => Locus::default(),
        Part::Area(area) => Locus::area(*area),
        Part::Consortium(name) => {
            let id = locus::consortium(reader, name).await?;
            locus::of_consortium_named(reader, name, id, today).await?
        }
        Part::Below(code) => {
            let found = locus::with_code(reader, code).await?;
            let id = found.ok_or(ServiceError::NotFound)?;
            locus::of_institution(reader, id, today).await?
        }
        Part::These(ids) => {
            if ids.is_empty() {
                reach(actor, action)?;
            }
            for id in ids {
                let place = locus::of_institution(reader, *id, today).await?;
                permit(actor, action, &Subject::Place(place))?;
            }
            return Ok(());
        }
    };
    Ok(permit(actor, action, &Subject::Place(place))?)
}

/// All that an actor may do something to, as a part of the records. Those with nothing but
/// their own file have none.
pub async fn part_of(office: &Office, actor: &Actor, action: Action) -> Result<Part, ServiceError> {
    let scope = reach(actor, action)?;
    let mut reader = office.store.read().await?;
    Ok(match scope {
        Scope::Everywhere => Part::Whole,
        Scope::Area(area) => Part::Area(area),
        Scope::Consortium(id) => {
            let name = locus::consortium_name(&mut reader, id).await?;
            Part::Consortium(name.ok_or(ServiceError::NotFound)?)
        }
        Scope::Institution(id) => {
            let codes = subject::codes(&mut reader, &[id]).await?;
            let code = codes.get(&id).ok_or(ServiceError::NotFound)?;
            Part::Below(code.clone())
        }
        Scope::Own { .. } => return Err(ServiceError::NotFound),
    })
}
