//! Figures over a county or a medical community, as information: nothing here is a
//! verdict. Shares of senior and intermediate posts over all posts, use of the
//! establishment, professional posts really held by professional staff.

use super::assessment::Assessment;
use super::data::Data;
use crate::domain::post::Level;
use crate::policy::fact::Entity;
use crate::policy::plan::Plan;

/// A share as two numbers; `None` where one is not known for some institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub counted: i64,
    pub base: Option<i64>,
}

/// The figures of a group of institutions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollup {
    pub institutions: usize,
    /// Holders of senior posts within the ratio, of all professional posts.
    pub senior: Part,
    /// Holders of intermediate posts within the ratio, of all professional posts.
    pub intermediate: Part,
    /// People on the establishment, of the approved establishment.
    pub use_of_establishment: Part,
    /// Professional staff on the establishment, of all professional posts.
    pub held_by_professionals: Part,
}

/// Adds up a group. Institutions run by society have no establishment and are left out.
pub fn rollup(
    plan: &Plan,
    data: &Data,
    assessment: &Assessment,
    institutions: impl Iterator<Item = usize>,
) -> Rollup {
    let fact = |name: &str| plan.facts.find(Entity::Institution, name);
    let sponsor = fact("举办主体");
    let society = crate::domain::institution::Sponsor::Society.code();
    let table = &data.institutions.table;
    let public = |row: &usize| {
        sponsor.is_none_or(|fact| table.value(fact, *row) != super::data::Value::Code(society))
    };
    let rows: Vec<usize> = institutions.filter(public).collect();
    let base = |name: &str| {
        let fact = fact(name)?;
        rows.iter()
            .map(|row| table.number(fact, *row))
            .sum::<Option<i64>>()
    };
    let held = |level: Level| -> i64 {
        let posts = rows
            .iter()
            .filter_map(|row| assessment.institutions.get(*row));
        posts.map(|result| result.posts.level(level).ordinary).sum()
    };
    let people = |count: usize| -> i64 {
        rows.iter()
            .map(|row| assessment.people.counts.people(*row, count))
            .sum()
    };
    let posts = base("专业技术岗位总数");
    Rollup {
        institutions: rows.len(),
        senior: Part {
            counted: held(Level::Senior),
            base: posts,
        },
        intermediate: Part {
            counted: held(Level::Intermediate),
            base: posts,
        },
        use_of_establishment: Part {
            counted: people(plan.headcount),
            base: base("编制总数"),
        },
        held_by_professionals: Part {
            counted: people(plan.professional_headcount),
            base: posts,
        },
    }
}

impl Rollup {
    /// The figures of a county.
    pub fn of_county(plan: &Plan, data: &Data, assessment: &Assessment, county: usize) -> Self {
        let own = u32::try_from(county).ok();
        let members = data.institutions.county.iter().enumerate();
        rollup(
            plan,
            data,
            assessment,
            members.filter(|(_, c)| **c == own).map(|(row, _)| row),
        )
    }

    /// The figures of a medical community.
    pub fn of_consortium(
        plan: &Plan,
        data: &Data,
        assessment: &Assessment,
        consortium: usize,
    ) -> Self {
        let own = u32::try_from(consortium).ok();
        let members = data.institutions.consortium.iter().enumerate();
        rollup(
            plan,
            data,
            assessment,
            members.filter(|(_, c)| **c == own).map(|(row, _)| row),
        )
    }
}
