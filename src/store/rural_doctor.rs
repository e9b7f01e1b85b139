//! Rural doctors: examinations in the slot of the year, subsidies in the slot of name and
//! month, all else one at a time.

use super::backend::Reader;
use super::dated::{Fact, dated};
use super::dialect;
use super::error::StoreError;
use super::listing::{self, Within};
use super::sql::Sql;
use super::value::{Fields, Value, values, words};
use crate::domain::ids::AreaCode;
use crate::domain::page::{Asked, Cursor};
use crate::domain::record::{Id, Version, When};
use crate::domain::rural_doctor::{
    Examination, LabourRelation, MedicalInsurance, MedicalScheme, Pension, PensionScheme, Profile,
    Qualification, Registration, RuralDoctor, Subsidy,
};
use crate::domain::secret::Findable;
use crate::domain::time::Timestamp;
use std::sync::LazyLock;

words!(LabourRelation, MedicalScheme, PensionScheme, Qualification);

dated! { Profile: "rural_doctor_profile" of RuralDoctor {
    name,
    area,
    clinic,
    qualification,
    labour_relation,
    on_establishment,
    pension,
}}
dated! { Registration: "rural_doctor_registration" of RuralDoctor { number, registered, expires } }
dated! { Examination: "rural_doctor_examination" of RuralDoctor { year, aimed_at, passed } }
dated! { Pension: "rural_doctor_pension" of RuralDoctor {
    scheme,
    tier,
    back_paid,
    first_benefit,
}}
dated! { MedicalInsurance: "rural_doctor_medical" of RuralDoctor { scheme, since } }
dated! { Subsidy: "rural_doctor_subsidy" of RuralDoctor { name, month, due, paid, paid_on } }

/// One rural doctor of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub id: Id<RuralDoctor>,
    pub version: Version,
    /// The sealed identity number.
    pub number: Option<Findable>,
    pub profile: Profile,
}

impl Listed {
    /// Their place in the list.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            key: self.profile.name.clone(),
            id: self.id.to_string(),
        }
    }
}

/// What a list is narrowed to; `None` = not by that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub area: Option<AreaCode>,
    pub qualification: Option<Qualification>,
    /// Has that in the name or in the clinic's.
    pub text: Option<String>,
}

/// Parameters before the scope: day, instant, what is wanted, the scope's area.
const FIRST: usize = 7;

struct Lists {
    list: Sql,
    count: Sql,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let own = Profile::noun().columns.iter();
    let own: Vec<_> = own.map(|column| format!("p.{column}")).collect();
    let today = FIRST + 3;
    let latest = |column: &str| {
        format!(
            "(select q.{column} from rural_doctor_profile q where q.subject = d.id \
             and q.superseded_at is null order by case when q.valid_from <= \
             cast(${today} as bigint) then 0 else 1 end, q.valid_from desc limit 1)"
        )
    };
    // the institution that the clinic is, where one of that name is recorded in the county
    let clinic = format!(
        "(select q.subject from institution_profile q where q.name = d.clinic_now \
         and q.superseded_at is null and q.valid_from <= cast(${today} as bigint) \
         and (q.valid_to is null or q.valid_to > cast(${today} as bigint)) \
         and substr(q.area, 1, 6) = substr(d.area_now, 1, 6) order by q.subject limit 1)"
    );
    let doctors = format!(
        "(select d.id, d.version, d.id_hash, d.id_cipher, {} as area_now, {} as clinic_now \
         from rural_doctor d) d",
        latest("area"),
        latest("clinic"),
    );
    let from = format!(
        "from {doctors} join rural_doctor_profile p on p.subject = d.id and {} \
         where (cast($3 as text) is null or p.area like cast($3 as text) || '%') and {} \
         and (cast($5 as text) is null or {} or {}) \
         and (cast($6 as text) is null or d.area_now like cast($6 as text) || '%') and {}",
        listing::valid("p"),
        listing::asked("p.qualification", 4),
        listing::like("p.name", 5),
        listing::like("p.clinic", 5),
        listing::scope(&clinic, FIRST),
    );
    let below = listing::below(FIRST);
    let columns = own.join(", ");
    let page = listing::page("p.name", "d.id", FIRST + listing::SCOPE);
    let select = format!("select d.id, d.version, d.id_hash, d.id_cipher, {columns}");
    let sql = |name: &str, text: &str| {
        dialect::statement(format!("rural_doctor::{name}"), "rural_doctor", text)
    };
    Lists {
        list: sql("LIST", &format!("{below}{select} {from}{page}")),
        count: sql("COUNT", &format!("{below}select count(*) {from}")),
    }
});

struct Subsidies {
    unpaid: Sql,
    recorded: Sql,
}

static SUBSIDIES: LazyLock<Subsidies> = LazyLock::new(|| {
    let own = Subsidy::noun().columns.iter();
    let own: Vec<_> = own.map(|column| format!("q.{column}")).collect();
    let from = format!(
        "from rural_doctor_subsidy q where q.subject {{in $3}} and {}",
        listing::valid("q")
    );
    let sql = |name: &str, text: &str| {
        dialect::statement(
            format!("rural_doctor_subsidy::{name}"),
            "rural_doctor_subsidy",
            text,
        )
    };
    Subsidies {
        unpaid: sql(
            "UNPAID",
            &format!(
                "select q.subject, {} {from} and (q.paid is null or q.paid < q.due) \
                 order by q.subject, q.month, q.name",
                own.join(", ")
            ),
        ),
        recorded: sql("RECORDED", &format!("select distinct q.subject {from}")),
    }
});

pub(super) fn dialects() -> [&'static Sql; 4] {
    [
        &LISTS.list,
        &LISTS.count,
        &SUBSIDIES.unpaid,
        &SUBSIDIES.recorded,
    ]
}

/// The subsidies of some rural doctors that were not paid by a day, or not in full, by
/// doctor and month.
pub async fn unpaid(
    reader: &mut Reader,
    of: &[Id<RuralDoctor>],
    when: When,
) -> Result<Vec<(Id<RuralDoctor>, Subsidy)>, StoreError> {
    let known = when.known.unwrap_or(Timestamp::LAST);
    let values = values![when.on, known, dialect::list(of)];
    let rows = reader.all(&SUBSIDIES.unpaid, values, |row| {
        Ok((row.take()?, Subsidy::read(row)?))
    });
    rows.await
}

/// Those of some rural doctors of whom any subsidy is recorded.
pub async fn subsidised(
    reader: &mut Reader,
    of: &[Id<RuralDoctor>],
    when: When,
) -> Result<Vec<Id<RuralDoctor>>, StoreError> {
    let known = when.known.unwrap_or(Timestamp::LAST);
    let values = values![when.on, known, dialect::list(of)];
    reader
        .all(&SUBSIDIES.recorded, values, |row| row.take())
        .await
}

/// The rural doctors of a day who lie in a scope: one row more than the page, if there is
/// one, and how many there are.
pub async fn list(
    reader: &mut Reader,
    wanted: &Wanted,
    within: &Within,
    when: When,
    page: &Asked,
) -> Result<(Vec<Listed>, u64), StoreError> {
    let mut values = asked(wanted, within, when);
    let count = reader.one(&LISTS.count, values.clone(), |row| row.take::<u64>());
    let count = count.await?.unwrap_or(0);
    values.extend(listing::page_values(page.after.as_ref(), page.rows()));
    Ok((reader.all(&LISTS.list, values, listed).await?, count))
}

/// All of them at once.
pub async fn everyone(
    reader: &mut Reader,
    wanted: &Wanted,
    within: &Within,
    when: When,
) -> Result<Vec<Listed>, StoreError> {
    let mut values = asked(wanted, within, when);
    values.extend(listing::page_values(None, u32::MAX));
    reader.all(&LISTS.list, values, listed).await
}

/// The values of [`LISTS`] before those of the page.
fn asked(wanted: &Wanted, within: &Within, when: When) -> Vec<Value> {
    let known = when.known.unwrap_or(Timestamp::LAST);
    // the place of a doctor decides for areas, the clinic for institutions
    let (area, within) = within.by_own_area();
    let mut values = values![
        when.on,
        known,
        wanted.area.map(|area| area.to_string()),
        wanted.qualification,
        wanted.text.as_deref().map(listing::pattern),
        area
    ];
    values.extend(within.values());
    values
}

fn listed(row: &mut Fields<'_>) -> Result<Listed, StoreError> {
    Ok(Listed {
        id: row.take()?,
        version: row.take()?,
        number: row.take()?,
        profile: Profile::read(row)?,
    })
}
