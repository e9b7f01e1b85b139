//! Where somebody stands: every road that the policies open, with its conditions, its
//! first month and the places there are.

use super::promotion::{Figures, Kept};
use super::{Office, ServiceError, locus};
use crate::domain::promotion::Check;
use crate::domain::record_id::PersonId;
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::staff::Person;
use crate::domain::time::{Date, Timestamp};
use crate::policy::plan::Plan;
use crate::report::standing as report;
use crate::rules::effect;
use crate::rules::eligibility::{Condition, Road, eligibility};
use crate::rules::ledger::Posts;
use crate::rules::standing::PersonStanding;

/// Everything about one person on a day.
pub struct Standing {
    pub on: Date,
    /// What rules, clauses and facts in it are called.
    pub plan: Plan,
    pub roads: Vec<Open>,
    /// What is owed before a promotion, whichever road is taken.
    pub owed: Vec<Condition>,
    /// The places of the institution, with all that is reserved.
    pub posts: Posts,
    pub person: Person,
    /// What the rules say of them as they are.
    pub now: effect::Standing,
}

impl Standing {
    /// All of it in plain values, for whoever shows it.
    pub fn whole(&self) -> PersonStanding {
        let source = report::Source {
            on: self.on,
            plan: &self.plan,
            person: &self.person,
            standing: &self.now,
        };
        let roads = self.roads.iter();
        let roads = roads.map(|open| (&open.road, open.place.as_ref()));
        source.plain(roads, &self.owed)
    }
}

/// A road, and whether there is a place at its end.
pub struct Open {
    pub road: Road,
    /// `None` = it takes no place.
    pub place: Option<Check>,
}

/// Where a person stands on a day. The rights are those of today, whatever the day.
///
/// Not found: the person is not employed on that day, or outside the actor's scope.
pub async fn of_person(
    office: &Office,
    actor: &Actor,
    person: PersonId,
    on: Date,
    now: Timestamp,
) -> Result<Standing, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let file = locus::file(&mut reader, person, now.shanghai_day()).await?;
    permit(actor, Action::ReadPerson, &Subject::Person(file))?;
    let house = locus::house(&mut reader, person, on).await?;
    let house = house.ok_or(ServiceError::NotFound)?;
    let figures = Figures::of(office, &mut reader, vec![house], on).await?;
    drop(reader);
    let somebody = figures.somebody(person).ok_or(ServiceError::NotFound)?;
    let handling = |rule: &str| figures.handling(house, rule);
    let all = eligibility(somebody, on, &handling);
    let roads = all.roads.into_iter().map(|road| {
        let lifted = road.effect.is_lifted();
        let of_pool = |pool| figures.place(house, pool, Kept::All, lifted);
        let of_grade = figures.grade_place(house, person, &road.effect, Kept::All);
        // of the two, the one that stands against it is told
        let full = road.takes.map(of_pool);
        let place = match (full, of_grade) {
            (Some(full), Some(of_grade)) if !full.is_against() => Some(of_grade),
            (full, of_grade) => full.or(of_grade),
        };
        Open { road, place }
    });
    let roads = roads.collect();
    Ok(Standing {
        on,
        roads,
        owed: all.owed,
        posts: figures.posts(house, Kept::All),
        plan: somebody.setting.plan.clone(),
        person: somebody.person.clone(),
        now: somebody.standing(),
    })
}
