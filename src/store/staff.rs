//! People: what is recorded of them wherever they work.

use super::backend::Reader;
use super::dated::{Fact, dated};
use super::dialect;
use super::error::StoreError;
use super::listing::{self, Within};
use super::sql::Sql;
use super::value::{Fields, values, words};
use crate::domain::employment::Employed;
use crate::domain::institution::Institution;
use crate::domain::page::{Asked, Cursor};
use crate::domain::post::{Grade, Level, Manner, PostCategory};
use crate::domain::record::{Id, Version, When};
use crate::domain::secret::Findable;
use crate::domain::staff::{
    Employment, GpTraining, JobClass, LicenceClass, Person, Profile, RetirementClass, SiteKind,
};
use crate::domain::time::Timestamp;
use crate::domain::title::{Rank, TitleKind};
use std::sync::LazyLock;

words!(
    Employment,
    GpTraining,
    JobClass,
    LicenceClass,
    RetirementClass,
    SiteKind
);

dated! { Profile: "person_profile" of Person {
    name,
    mobile,
    email,
    job_class,
    licence_class,
    multi_site,
    second_site,
    third_site,
    gp_registered,
    gp_training,
    preventive_post,
    retirement_class,
    started_work,
    history_known,
}}

/// One person of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub id: Id<Person>,
    pub version: Version,
    /// The sealed identity number.
    pub number: Option<Findable>,
    pub profile: Profile,
    /// `None` = nowhere on that day.
    pub employed: Option<Employed>,
    pub title: Option<(Rank, TitleKind)>,
    pub appointed: Option<(Rank, Option<Grade>, Manner)>,
}

/// Who is on the staff, who is not, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Employed on the day.
    #[default]
    Employed,
    /// Employed nowhere on the day: left, or not there yet.
    Elsewhere,
    Any,
}

/// What a list is narrowed to; `None` = not by that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Employed there.
    pub institution: Option<Id<Institution>>,
    /// Has that in the name.
    pub name: Option<String>,
    /// Appointed on that level.
    pub level: Option<Level>,
    /// Holds a title of that rank.
    pub title: Option<Rank>,
    pub state: State,
}

/// The orders of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    /// In the order in which they were first recorded.
    Recorded,
}

impl Listed {
    /// Their place in a list of that order.
    pub fn cursor(&self, order: Order) -> Cursor {
        let id = self.id.to_string();
        let key = match order {
            Order::Name => self.profile.name.clone(),
            Order::Recorded => id.clone(),
        };
        Cursor { key, id }
    }

    fn read(row: &mut Fields<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.take()?,
            version: row.take()?,
            number: row.take()?,
            profile: Profile::read(row)?,
            employed: {
                let institution: Option<Id<Institution>> = row.take()?;
                let employment: Option<Employment> = row.take()?;
                let category: Option<PostCategory> = row.take()?;
                let dual_post: Option<bool> = row.take()?;
                let all = institution.zip(employment).zip(category.zip(dual_post));
                all.map(
                    |((institution, employment), (category, dual_post))| Employed {
                        institution,
                        employment,
                        category,
                        dual_post,
                    },
                )
            },
            title: {
                let rank: Option<Rank> = row.take()?;
                rank.zip(row.take()?)
            },
            appointed: {
                let rank: Option<Rank> = row.take()?;
                let grade: Option<Grade> = row.take()?;
                let manner: Option<Manner> = row.take()?;
                rank.zip(manner).map(|(rank, manner)| (rank, grade, manner))
            },
        })
    }
}

/// Parameters before the scope: day, instant, what is wanted, and whose own file it is.
const FIRST: usize = 9;

struct Lists {
    by_name: Sql,
    by_id: Sql,
    count: Sql,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let own = Profile::noun().columns.iter();
    let own: Vec<_> = own.map(|column| format!("p.{column}")).collect();
    let today = FIRST + 3;
    // where the file lies: with the latest employment that has begun
    let people = format!(
        "(select s.id, s.version, s.id_hash, s.id_cipher, (select q.institution \
         from employment q where q.subject = s.id and q.superseded_at is null \
         order by case when q.valid_from <= cast(${today} as bigint) then 0 else 1 end, \
         q.valid_from desc limit 1) as home from person s) s"
    );
    let from = format!(
        "from {people} join person_profile p on p.subject = s.id and {} \
         left join employment e on e.subject = s.id and {} \
         left join title t on t.subject = s.id and {} \
         left join appointment a on a.subject = s.id and {} \
         where {} and (cast($4 as text) is null or {}) \
         and (cast($5 as text) is null or a.rank {{in $5}}) and {} \
         and (cast($7 as text) is null or (cast($7 as text) = 'employed') = (e.id is not null)) \
         and {} and {}",
        listing::valid("p"),
        listing::valid("e"),
        listing::valid("t"),
        listing::valid("a"),
        listing::asked("e.institution", 3),
        listing::like("p.name", 4),
        listing::asked("t.rank", 6),
        listing::asked("s.id", 8),
        listing::scope("s.home", FIRST),
    );
    let below = listing::below(FIRST);
    let columns = own.join(", ");
    let sql = |name: &str, text: &str| dialect::statement(format!("staff::{name}"), "person", text);
    let list = |name: &str, key: &str| {
        let page = listing::page(key, "s.id", FIRST + listing::SCOPE);
        let select = format!(
            "select s.id, s.version, s.id_hash, s.id_cipher, {columns}, e.institution, \
             e.employment, e.category, e.dual_post, t.rank, t.kind, a.rank, a.grade, a.manner"
        );
        sql(name, &format!("{below}{select} {from}{page}"))
    };
    Lists {
        by_name: list("BY_NAME", "p.name"),
        by_id: list("BY_ID", "s.id"),
        count: sql("COUNT", &format!("{below}select count(*) {from}")),
    }
});

pub(super) fn dialects() -> [&'static Sql; 3] {
    [&LISTS.by_name, &LISTS.by_id, &LISTS.count]
}

/// The people of a day whose files lie in a scope: one row more than the page, if there is
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
    let ranks = |level: Level| {
        let ranks = Rank::ALL
            .iter()
            .filter(|rank| Level::of(**rank) == Some(level));
        dialect::list(ranks.map(|rank| rank.key()))
    };
    let state = match wanted.state {
        State::Employed => Some("employed"),
        State::Elsewhere => Some("elsewhere"),
        State::Any => None,
    };
    let mut values = values![
        when.on,
        known,
        wanted.institution,
        wanted.name.as_deref().map(listing::pattern),
        wanted.level.map(ranks),
        wanted.title,
        state.map(str::to_owned),
        within.person
    ];
    values.extend(within.values());
    let count = reader.one(&LISTS.count, values.clone(), |row| row.take::<u64>());
    let count = count.await?.unwrap_or(0);
    values.extend(listing::page_values(page.after.as_ref(), page.rows()));
    let sql = match order {
        Order::Name => &LISTS.by_name,
        Order::Recorded => &LISTS.by_id,
    };
    Ok((reader.all(sql, values, Listed::read).await?, count))
}
