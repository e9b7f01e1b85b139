//! Employment: where people work, and so who works at an institution.

use super::backend::Reader;
use super::dated::{COMMON, Dated, Fact, dated};
use super::dialect;
use super::error::StoreError;
use super::sql::Sql;
use super::value::{values, words};
use crate::domain::employment::{Employed, Shared, SharedManner};
use crate::domain::institution::Institution;
use crate::domain::record::{Id, When};
use crate::domain::staff::Person;
use crate::domain::time::Timestamp;
use std::sync::LazyLock;

words!(SharedManner);

dated! { Shared: "shared_employment" of Person { manner, establishment, manager, workplace } }

dated! { Employed: "employment" of Person {
    institution,
    employment,
    category,
    dual_post,
}}

static OF_INSTITUTIONS: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [COMMON.join(", "), Employed::noun().columns.join(", ")].join(", ");
    let text = format!(
        "select {columns} from employment where institution {{in $3}} \
         and valid_from <= $1 and (valid_to is null or valid_to > $1) \
         and recorded_at <= $2 and (superseded_at is null or superseded_at > $2) \
         order by subject, slot"
    );
    dialect::statement(
        "employment::OF_INSTITUTIONS".to_owned(),
        "employment",
        &text,
    )
});

pub(super) fn dialects() -> [&'static Sql; 1] {
    [&OF_INSTITUTIONS]
}

/// Everybody employed at some institutions on a day.
pub async fn of_institutions(
    reader: &mut Reader,
    institutions: &[Id<Institution>],
    when: When,
) -> Result<Vec<Dated<Employed>>, StoreError> {
    let known = when.known.unwrap_or(Timestamp::LAST);
    let values = values![when.on, known, dialect::list(institutions)];
    reader.all(&OF_INSTITUTIONS, values, Dated::read).await
}
