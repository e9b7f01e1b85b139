//! Institutions: what they are on a day, and from which others they come, each in a slot
//! of its own.

use super::backend::Reader;
use super::dated::{Fact, dated};
use super::dialect;
use super::error::StoreError;
use super::listing::{self, Within};
use super::sql::{Sql, statements};
use super::value::{values, words};
use crate::domain::ids::AreaCode;
use crate::domain::institution::{
    Institution, Kind, Profile, Sponsor, Succession, SuccessionManner,
};
use crate::domain::page::{Asked, Cursor};
use crate::domain::record::{Id, Version, When};
use crate::domain::time::{Date, Timestamp};
use std::sync::LazyLock;

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

/// One institution of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub id: Id<Institution>,
    pub code: String,
    pub version: Version,
    pub profile: Profile,
}

/// What a list is narrowed to; `None` = not by that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Lies in that place.
    pub area: Option<AreaCode>,
    pub kind: Option<Kind>,
    /// Belongs to the medical community of that name.
    pub consortium: Option<String>,
    /// Stands directly below the institution with that code.
    pub parent: Option<String>,
    /// Has that in its name or code.
    pub text: Option<String>,
}

/// The orders of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Code,
    Name,
}

impl Listed {
    /// Its place in a list of that order.
    pub fn cursor(&self, order: Order) -> Cursor {
        let key = match order {
            Order::Code => &self.code,
            Order::Name => &self.profile.name,
        };
        Cursor {
            key: key.clone(),
            id: self.id.to_string(),
        }
    }
}

/// Parameters before the scope: day, instant, and what is wanted.
const FIRST: usize = 8;

struct Lists {
    by_code: Sql,
    by_name: Sql,
    count: Sql,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let own = Profile::noun().columns.iter();
    let own: Vec<_> = own.map(|column| format!("p.{column}")).collect();
    let from = format!(
        "from institution_profile p join institution i on i.id = p.subject where {} \
         and (cast($3 as text) is null or p.area like cast($3 as text) || '%') \
         and {} and {} and {} and (cast($7 as text) is null or {} or {}) and {}",
        listing::valid("p"),
        listing::asked("p.kind", 4),
        listing::asked("p.consortium", 5),
        listing::asked("p.parent", 6),
        listing::like("p.name", 7),
        listing::like("i.code", 7),
        listing::scope("p.subject", FIRST),
    );
    let below = listing::below(FIRST);
    let columns = own.join(", ");
    let sql = |name: &str, text: &str| {
        dialect::statement(format!("institution::{name}"), "institution_profile", text)
    };
    let list = |name: &str, key: &str| {
        let page = listing::page(key, "p.subject", FIRST + listing::SCOPE);
        let select = format!("select p.subject, i.code, i.version, {columns}");
        sql(name, &format!("{below}{select} {from}{page}"))
    };
    Lists {
        by_code: list("BY_CODE", "i.code"),
        by_name: list("BY_NAME", "p.name"),
        count: sql("COUNT", &format!("{below}select count(*) {from}")),
    }
});

pub(super) fn dialects() -> [&'static Sql; 3] {
    [&LISTS.by_code, &LISTS.by_name, &LISTS.count]
}

/// The institutions of a day that lie in a scope: one row more than the page, if there is
/// one, and how many there are.
pub async fn list(
    reader: &mut Reader,
    wanted: &Wanted,
    within: &Within,
    when: When,
    order: Order,
    page: &Asked,
) -> Result<(Vec<Listed>, u64), StoreError> {
    let known = when.known.unwrap_or(Timestamp::LAST);
    let mut values = values![
        when.on,
        known,
        wanted.area.map(|area| area.to_string()),
        wanted.kind,
        wanted.consortium,
        wanted.parent,
        wanted.text.as_deref().map(listing::pattern)
    ];
    values.extend(within.values());
    let count = reader.one(&LISTS.count, values.clone(), |row| row.take::<u64>());
    let count = count.await?.unwrap_or(0);
    values.extend(listing::page_values(page.after.as_ref(), page.rows()));
    let sql = match order {
        Order::Code => &LISTS.by_code,
        Order::Name => &LISTS.by_name,
    };
    let rows = reader.all(sql, values, |row| {
        Ok(Listed {
            id: row.take()?,
            code: row.take()?,
            version: row.take()?,
            profile: Profile::read(row)?,
        })
    });
    Ok((rows.await?, count))
}
