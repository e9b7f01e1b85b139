//! Administrative places.

use super::backend::Reader;
use super::dated::{Fact, dated};
use super::dialect;
use super::error::StoreError;
use super::listing;
use super::sql::Sql;
use super::value::{values, words};
use crate::domain::ids::AreaCode;
use crate::domain::page::{Asked, Cursor};
use crate::domain::place::{Place, PlaceLevel, Profile};
use crate::domain::record::{Id, Version, When};
use crate::domain::time::Timestamp;
use std::sync::LazyLock;

words!(PlaceLevel);

dated! { Profile: "place_profile" of Place {
    name,
    level,
    parent,
    residents,
    establishment_reviewed,
}}

/// One place of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub id: Id<Place>,
    pub code: AreaCode,
    pub version: Version,
    pub profile: Profile,
}

impl Listed {
    /// Its place in the list.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            key: self.code.to_string(),
            id: self.id.to_string(),
        }
    }
}

/// What a list is narrowed to; `None` = not by that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// That place and all in it.
    pub area: Option<AreaCode>,
    pub level: Option<PlaceLevel>,
    /// Has that in its name or code.
    pub text: Option<String>,
}

struct Lists {
    list: Sql,
    count: Sql,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let own = Profile::noun().columns.iter();
    let own: Vec<_> = own.map(|column| format!("p.{column}")).collect();
    let from = format!(
        "from place_profile p join place i on i.id = p.subject where {} \
         and (cast($3 as text) is null or i.code like cast($3 as text) || '%') and {} \
         and (cast($5 as text) is null or {} or {}) \
         and (cast($6 as text) is null or i.code like cast($6 as text) || '%')",
        listing::valid("p"),
        listing::asked("p.level", 4),
        listing::like("p.name", 5),
        listing::like("i.code", 5),
    );
    let columns = own.join(", ");
    let page = listing::page("i.code", "p.subject", 7);
    let sql = |name: &str, text: &str| {
        dialect::statement(format!("place::{name}"), "place_profile", text)
    };
    Lists {
        list: sql(
            "LIST",
            &format!("select p.subject, i.code, i.version, {columns} {from}{page}"),
        ),
        count: sql("COUNT", &format!("select count(*) {from}")),
    }
});

pub(super) fn dialects() -> [&'static Sql; 2] {
    [&LISTS.list, &LISTS.count]
}

/// The places of a day within an area (`None` = anywhere): one row more than the page, if
/// there is one, and how many there are.
pub async fn list(
    reader: &mut Reader,
    wanted: &Wanted,
    within: Option<AreaCode>,
    when: When,
    page: &Asked,
) -> Result<(Vec<Listed>, u64), StoreError> {
    let known = when.known.unwrap_or(Timestamp::LAST);
    let mut values = values![
        when.on,
        known,
        wanted.area.map(|area| area.to_string()),
        wanted.level,
        wanted.text.as_deref().map(listing::pattern),
        within.map(|area| area.to_string())
    ];
    let count = reader.one(&LISTS.count, values.clone(), |row| row.take::<u64>());
    let count = count.await?.unwrap_or(0);
    values.extend(listing::page_values(page.after.as_ref(), page.rows()));
    let rows = reader.all(&LISTS.list, values, |row| {
        Ok(Listed {
            id: row.take()?,
            code: row.take()?,
            version: row.take()?,
            profile: Profile::read(row)?,
        })
    });
    Ok((rows.await?, count))
}
