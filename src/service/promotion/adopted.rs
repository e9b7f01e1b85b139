//! What a place has adopted: routes of approval, and how strictly rules are applied. The
//! nearest place that says something decides: the county before the city before the
//! province.

use crate::domain::adoption::{Adoption, Handling, RuleHandling};
use crate::domain::ids::AreaCode;
use crate::domain::place::Place;
use crate::domain::promotion::{Kind, Route, Routes};
use crate::domain::record::{Id, When};
use crate::domain::refusal::Refusal;
use crate::domain::time::Date;
use crate::domain::title::Rank;
use crate::store::dated::{self, Dated, Fact, Of};
use crate::store::{Reader, StoreError, subject};
use std::collections::HashMap;

/// What holds at a place on a day, nearest first.
pub struct Adopted {
    routes: Vec<String>,
    handlings: Vec<RuleHandling>,
}

impl Adopted {
    /// Of a place; of none, nothing is adopted.
    pub async fn load(
        reader: &mut Reader,
        area: Option<AreaCode>,
        on: Date,
    ) -> Result<Self, StoreError> {
        let adoptions = nearest::<Adoption>(reader, area, on).await?;
        let handlings = nearest::<RuleHandling>(reader, area, on).await?;
        Ok(Self {
            routes: adoptions
                .into_iter()
                .filter_map(|adoption| adoption.approval_route)
                .collect(),
            handlings,
        })
    }

    /// The route of an application.
    ///
    /// Refused: [`Refusal::NoRoute`] when what was adopted cannot be read.
    pub fn route(&self, kind: Kind, rank: Rank) -> Result<Route, Refusal> {
        let text = self.routes.first().map_or("", String::as_str);
        let routes = Routes::read(text).map_err(|_| Refusal::NoRoute)?;
        Ok(routes.of(kind, rank))
    }

    /// How the place applies a rule (`policy#rule`); `None` = it has not said.
    pub fn handling(&self, rule: &str) -> Option<Handling> {
        let (policy, rule) = rule.split_once('#')?;
        let said = self.handlings.iter();
        let mut said = said.filter(|one| one.policy == policy && one.rule == rule);
        said.next().map(|one| one.handling)
    }
}

/// What the places around one have said, those nearest to it first.
async fn nearest<F: Fact<Subject = Place>>(
    reader: &mut Reader,
    area: Option<AreaCode>,
    on: Date,
) -> Result<Vec<F>, StoreError> {
    let Some(area) = area else {
        return Ok(Vec::new());
    };
    let rows: Vec<Dated<F>> = dated::at(reader, Of::Everyone, When::on(on)).await?;
    let ids: Vec<Id<Place>> = rows.iter().map(|row| row.subject).collect();
    let codes: HashMap<Id<Place>, String> = subject::codes(reader, &ids).await?;
    let of = |row: &Dated<F>| {
        let code = codes.get(&row.subject)?;
        AreaCode::read(code, &[2, 4, 6, 9, 12]).filter(|place| area.is_within(*place))
    };
    let mut around: Vec<(usize, F)> = rows
        .into_iter()
        .filter_map(|row| {
            let length = of(&row)?.to_string().len();
            Some((length, row.fact))
        })
        .collect();
    around.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    Ok(around.into_iter().map(|(_, fact)| fact).collect())
}
