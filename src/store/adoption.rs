//! Policies adopted by places, in the slot of the policy, and how rules are applied, in
//! the slot of policy and rule.

use super::backend::Reader;
use super::dated::{self, Dated, Of, dated};
use super::error::StoreError;
use super::subject;
use super::value::words;
use crate::domain::adoption::{Adoption, Handling, OffQuota, RuleHandling};
use crate::domain::ids::AreaCode;
use crate::domain::place::Place;
use crate::domain::record::{Id, When};
use std::collections::HashMap;

words!(Handling, OffQuota);

dated! { Adoption: "policy_adoption" of Place {
    policy,
    document,
    raised_ratio,
    directed_evaluation,
    off_quota,
    approval_route,
}}
dated! { RuleHandling: "rule_handling" of Place { policy, rule, handling } }

/// Everything that places have adopted on a day, each with the code of the place.
pub struct Everywhere {
    pub adopted: Vec<(AreaCode, Dated<Adoption>)>,
    pub handled: Vec<(AreaCode, Dated<RuleHandling>)>,
}

/// What is adopted anywhere on a day.
pub async fn everywhere(reader: &mut Reader, when: When) -> Result<Everywhere, StoreError> {
    let adopted: Vec<Dated<Adoption>> = dated::at(reader, Of::Everyone, when).await?;
    let handled: Vec<Dated<RuleHandling>> = dated::at(reader, Of::Everyone, when).await?;
    let places = adopted.iter().map(|row| row.subject);
    let mut places: Vec<Id<Place>> = places
        .chain(handled.iter().map(|row| row.subject))
        .collect();
    places.sort_unstable();
    places.dedup();
    let codes = match places.as_slice() {
        [] => HashMap::new(),
        places => subject::codes(reader, places).await?,
    };
    Ok(Everywhere {
        adopted: placed(adopted, &codes)?,
        handled: placed(handled, &codes)?,
    })
}

/// The rows with the codes of their places.
fn placed<F: dated::Fact<Subject = Place>>(
    rows: Vec<Dated<F>>,
    codes: &HashMap<Id<Place>, String>,
) -> Result<Vec<(AreaCode, Dated<F>)>, StoreError> {
    let code = |id: Id<Place>| {
        let code = codes.get(&id);
        let code = code.and_then(|code| AreaCode::read(code, &[2, 4, 6, 9, 12]));
        code.ok_or_else(|| StoreError::Corrupt {
            table: "place",
            column: "code".to_owned(),
            row: id.to_string(),
        })
    };
    let rows = rows.into_iter();
    rows.map(|row| Ok((code(row.subject)?, row))).collect()
}
