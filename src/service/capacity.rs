//! Capacities as their holders know them.

use super::{Office, ServiceError};
use crate::domain::ids::AreaCode;
use crate::domain::record::When;
use crate::domain::record_id::InstitutionId;
use crate::domain::rights::{Capacity, Scope};
use crate::domain::time::Timestamp;
use crate::domain::{institution, place};
use crate::store::dated::{self, Of};
use crate::store::{Reader, StoreError, locus, subject};

/// Where capacities are held, by name: an institution, a community, a place; empty where
/// it is everywhere or nowhere. Of one's own file the house one works in.
pub async fn places(
    office: &Office,
    held: &[Capacity],
    now: Timestamp,
) -> Result<Vec<String>, ServiceError> {
    let mut reader = office.store.read().await?;
    let when = When::on(now.shanghai_day());
    let mut names = Vec::new();
    for capacity in held {
        let name = match capacity.scope() {
            Scope::Institution(id) => house_name(&mut reader, id, when).await?,
            Scope::Consortium(id) => locus::consortium_name(&mut reader, id).await?,
            Scope::Area(area) => area_name(&mut reader, area, when).await?,
            Scope::Own { home: Some(id), .. } => house_name(&mut reader, id, when).await?,
            Scope::Everywhere | Scope::Own { .. } => None,
        };
        names.push(name.unwrap_or_default());
    }
    Ok(names)
}

async fn house_name(
    reader: &mut Reader,
    id: InstitutionId,
    when: When,
) -> Result<Option<String>, StoreError> {
    let these = [id];
    let found = dated::at::<institution::Profile>(reader, Of::These(&these), when).await?;
    Ok(found.into_iter().next().map(|row| row.fact.name))
}

/// The name of a place; its code where none is recorded.
async fn area_name(
    reader: &mut Reader,
    area: AreaCode,
    when: When,
) -> Result<Option<String>, StoreError> {
    let code = area.to_string();
    let found = subject::with_code::<place::Place>(reader, &code).await?;
    let Some((id, _)) = found else {
        return Ok(Some(code));
    };
    let these = [id];
    let rows = dated::at::<place::Profile>(reader, Of::These(&these), when).await?;
    let name = rows.into_iter().next().map(|row| row.fact.name);
    Ok(Some(name.unwrap_or(code)))
}
