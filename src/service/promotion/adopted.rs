//! What a place has adopted, as applications ask for it: routes of approval, and how
//! strictly rules are applied. The nearest place that says something decides.

use crate::domain::adoption::Handling;
use crate::domain::ids::AreaCode;
use crate::domain::promotion::{Kind, Release, Route, Routes};
use crate::domain::record::When;
use crate::domain::refusal::Refusal;
use crate::domain::time::Date;
use crate::domain::title::Rank;
use crate::policy::adopted::InForce;
use crate::service::Office;
use crate::service::ledger::adoptions;
use crate::store::{Reader, StoreError};

/// What applies at a place on a day; `area` = `None`: only what applies everywhere.
pub async fn in_force(
    office: &Office,
    reader: &mut Reader,
    area: Option<AreaCode>,
    on: Date,
) -> Result<InForce, StoreError> {
    let adoptions = adoptions(reader, When::on(on)).await?;
    Ok(office.rulebook.of(&adoptions, area, on))
}

/// The route of an application: of the routes adopted, that of the nearest place.
///
/// Refused: [`Refusal::NoRoute`] when what was adopted cannot be read.
pub fn route(in_force: &InForce, kind: Kind, rank: Rank) -> Result<Route, Refusal> {
    let routes = nearest(in_force).map(|(routes, _)| routes);
    let routes = routes.unwrap_or_else(|| Ok(Routes::default()))?;
    Ok(routes.of(kind, rank))
}

/// How institutions of the place that are over their number fill again, and since when.
pub fn release(in_force: &InForce) -> Option<(Release, Date)> {
    let (routes, since) = nearest(in_force)?;
    Some((routes.ok()?.release?, since))
}

/// What the nearest place said of routes, and since when; `None` = nothing.
fn nearest(in_force: &InForce) -> Option<(Result<Routes, Refusal>, Date)> {
    let adopted = in_force.policies.iter();
    let adopted = adopted.filter_map(|resting| resting.adopted.as_ref());
    let said = adopted.filter(|adopted| adopted.adoption.approval_route.is_some());
    let nearest = said.max_by_key(|adopted| adopted.area.length());
    let nearest = nearest?;
    let text = nearest.adoption.approval_route.as_deref()?;
    let routes = Routes::read(text).map_err(|_| Refusal::NoRoute);
    Some((routes, nearest.since))
}

/// How the place applies a rule (`policy#rule`); `None` = it has not said.
pub fn handling(in_force: &InForce, rule: &str) -> Option<Handling> {
    let (policy, rule) = rule.split_once('#')?;
    in_force.handling(policy, rule)
}
