//! Institutions: what they are on a day, and from which others they come, each in a slot
//! of its own.

use super::backend::Reader;
use super::dated::dated;
use super::error::StoreError;
use super::sql::statements;
use super::value::{values, words};
use crate::domain::institution::{
    Institution, Kind, Profile, Sponsor, Succession, SuccessionManner,
};
use crate::domain::record::Id;
use crate::domain::time::Date;

words!(Kind, Sponsor, SuccessionManner);

dated! { Profile: "institution_profile" of Institution {
    name,
    kind,
    area,
    parent,
    consortium,
    sponsor,
    service_population,
    beds,
    rehabilitation_beds,
    raised_senior_ratio,
    directed_evaluation,
}}

dated! { Succession: "succession" of Institution { predecessor, manner, document } }

statements! { "institution_profile":
    CHILDREN = "select distinct p.subject from institution_profile p join institution i \
        on i.code = p.parent where i.id = $1 and p.superseded_at is null \
        and (p.valid_to is null or p.valid_to > $2) order by p.subject";
}

/// The institutions directly below one on a day or later.
pub async fn children(
    reader: &mut Reader,
    id: Id<Institution>,
    on: Date,
) -> Result<Vec<Id<Institution>>, StoreError> {
    let values = values![id, on];
    reader.all(&CHILDREN, values, |row| row.take()).await
}
