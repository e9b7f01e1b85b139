//! Rural doctors and places by themselves: what the rules of their counties say of them,
//! whatever is recorded of the institutions there.

use super::ledger::{Grouped, Together, adoptions};
use super::{Office, ServiceError};
use crate::domain::ids::AreaCode;
use crate::domain::record::{Id, When};
use crate::domain::register::Register;
use crate::domain::rural_doctor::{Pension, RuralDoctor};
use crate::rules::assessment::assess_groups;
use crate::rules::data::Data;
use crate::rules::people::InstitutionCounts;
use crate::store::dated::{self, Of};
use crate::store::register::Loaded;
use crate::store::{Reader, StoreError};
use std::collections::HashMap;
use std::sync::Arc;

/// A county as far as its rural doctors and its own row go.
pub(super) struct OfCounty {
    pub code: AreaCode,
    /// Findings about institutions in it say nothing: none was looked at.
    pub said: Together,
}

/// Judges rural doctors and places, each county under the rules that apply there.
pub(super) async fn judge(
    office: &Office,
    reader: &mut Reader,
    land: &Register,
    when: When,
) -> Result<Vec<OfCounty>, ServiceError> {
    let adoptions = adoptions(reader, when).await?;
    let county = |code: AreaCode| {
        let in_force = office.rulebook.of(&adoptions, Some(code), when.on);
        let ruled = office
            .rulebook
            .ruled(&in_force.rules(), when.on.month(), false);
        let doctors = land.rural_doctors.iter().enumerate();
        let doctors = doctors.filter(|(_, one)| one.area.county() == code);
        let (rural_doctors, rows): (Vec<usize>, Vec<_>) =
            doctors.map(|(at, one)| (at, one.clone())).unzip();
        let places = land.places.iter().filter(|one| one.code.county() == code);
        let own = Register {
            rural_doctors: rows,
            places: places.cloned().collect(),
            ..Register::default()
        };
        let plan = &ruled.plan;
        let data = Data::of_register(&own, &plan.facts, plan.as_of);
        let none = InstitutionCounts::side_by_side([]);
        let assessment = assess_groups(plan, &data, &none);
        let at = data.counties.iter().position(|one| *one == code);
        let findings = at.and_then(|at| assessment.counties.get(at).cloned());
        OfCounty {
            code,
            said: Together {
                in_force: Arc::new(in_force),
                findings: findings.unwrap_or_default(),
                grouped: Arc::new(Grouped {
                    ruled: ruled.clone(),
                    data,
                    assessment,
                    rural_doctors,
                }),
            },
        }
    };
    Ok(land.counties().into_iter().map(county).collect())
}

/// The pensions that are recorded of rural doctors on a day.
pub(super) async fn pensions(
    reader: &mut Reader,
    of: &[Id<RuralDoctor>],
    when: When,
) -> Result<HashMap<Id<RuralDoctor>, Pension>, StoreError> {
    let rows = dated::at::<Pension>(reader, Of::These(of), when).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.subject, row.fact))
        .collect())
}

/// Puts the scheme of the pension that is recorded in the place of what the profile, which
/// an import writes, says of it: whoever pays knows better.
pub(super) async fn join(
    reader: &mut Reader,
    loaded: &mut Loaded,
    when: When,
) -> Result<(), StoreError> {
    let pensions = pensions(reader, &loaded.rural_doctors, when).await?;
    let rows = loaded.register.rural_doctors.iter_mut();
    for (id, doctor) in loaded.rural_doctors.iter().zip(rows) {
        if let Some(pension) = pensions.get(id) {
            doctor.pension = Some(pension.scheme);
        }
    }
    Ok(())
}
