//! Employment: where people work, and so who works at an institution.

use super::backend::Reader;
use super::dated::{COMMON, Dated, Fact, dated};
use super::dialect;
use super::error::StoreError;
use super::sql::Sql;
use super::value::{values, words};
use crate::domain::employment::{Contract, Employed, Shared, SharedManner};
use crate::domain::institution::Institution;
use crate::domain::record::{Id, When};
use crate::domain::staff::Person;
use crate::domain::time::{Date, Timestamp};
use std::sync::LazyLock;

words!(SharedManner);

dated! { Shared: "shared_employment" of Person { manner, establishment, manager, workplace } }

dated! { Contract: "employment_contract" of Person { started, ends, document } }

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

static FROM: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [COMMON.join(", "), Employed::noun().columns.join(", ")].join(", ");
    let text = format!(
        "select {columns} from employment where institution = $1 and superseded_at is null \
         and (valid_to is null or valid_to > $2) order by subject, valid_from"
    );
    dialect::statement("employment::FROM".to_owned(), "employment", &text)
});

/// The latest employment that began until a day; what begins later counts when there is
/// none.
static HOME: LazyLock<Sql> = LazyLock::new(|| {
    let text = format!("select subject, institution from employment where {LATEST}");
    dialect::statement("employment::HOME".to_owned(), "employment", &text)
});

const LATEST: &str = "subject = $1 and superseded_at is null \
     order by case when valid_from <= $2 then 0 else 1 end, valid_from desc limit 1";

pub(super) fn dialects() -> [&'static Sql; 3] {
    [&OF_INSTITUTIONS, &FROM, &HOME]
}

/// Where the file of a person lies: with the institution that employs them, or that did
/// so last.
pub async fn home(
    reader: &mut Reader,
    person: Id<Person>,
    on: Date,
) -> Result<Option<Id<Institution>>, StoreError> {
    let found = reader.one(&HOME, values![person, on], |row| {
        let _subject: Id<Person> = row.take()?;
        row.take()
    });
    found.await
}

/// Every employment at an institution that still holds on a day or begins later.
pub async fn from_day(
    reader: &mut Reader,
    institution: Id<Institution>,
    on: Date,
) -> Result<Vec<Dated<Employed>>, StoreError> {
    reader
        .all(&FROM, values![institution, on], Dated::read)
        .await
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
