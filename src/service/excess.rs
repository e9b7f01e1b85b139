//! Institutions that hold more than they may: since when, and what made it so. The day is
//! looked for in the records themselves: backwards over the days on which something
//! changed, to one on which there was no excess, and from there to the first with one.

use super::locus::permit_part;
use super::promotion::{Figures as Places, Kept, fingerprint};
use super::{Office, ServiceError};
use crate::domain::appointment::Appointment;
use crate::domain::change::Change;
use crate::domain::employment::Employed;
use crate::domain::establishment::Decision;
use crate::domain::excess::{Cause, Excess};
use crate::domain::institution::{ApprovedPosts, Profile};
use crate::domain::promotion::Pool;
use crate::domain::record::Id;
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::rights::{Action, Actor};
use crate::domain::time::{Date, Timestamp};
use crate::rules::effect::figures;
use crate::store::dated::{self, Fact};
use crate::store::register::Part;
use crate::store::{Reader, audit, promotion as applications};
use std::collections::BTreeSet;

/// Evaluations of one institution that are made at most to find the day.
const MOST: usize = 400;

/// The excesses of an institution on a day, each with the day it began and its cause.
///
/// Not found: there are no figures for the day.
pub async fn of_institution(
    office: &Office,
    actor: &Actor,
    institution: InstitutionId,
    on: Date,
    now: Timestamp,
) -> Result<Vec<Excess>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let part = Part::These(vec![institution]);
    let today = now.shanghai_day();
    permit_part(&mut reader, actor, Action::ReadLedger, &part, today).await?;
    let mut looking = Looking {
        office,
        reader: &mut reader,
        institution,
    };
    let last = looking.at(on).await?;
    let last = last.ok_or(ServiceError::NotFound)?;
    let mut found = Vec::new();
    for pool in Pool::ALL {
        let over = over(&last, institution, *pool);
        if over > 0 {
            let (since, cause) = looking.began(*pool, on).await?;
            found.push(Excess {
                pool: *pool,
                over,
                since,
                cause,
            });
        }
    }
    Ok(found)
}

/// How many too many hold a place of a pool.
fn over(places: &Places, institution: InstitutionId, pool: Pool) -> i64 {
    let posts = places.posts(institution, Kept::All);
    let [limit, counted, _] = figures(&posts, pool);
    let over = limit.zip(counted).map(|(limit, counted)| counted - limit);
    over.unwrap_or(0).max(0)
}

struct Looking<'a> {
    office: &'a Office,
    reader: &'a mut Reader,
    institution: InstitutionId,
}

impl Looking<'_> {
    /// The figures of a day; `None` = they are not known.
    async fn at(&mut self, on: Date) -> Result<Option<Places>, ServiceError> {
        let houses = vec![self.institution];
        let places = Places::of(self.office, self.reader, houses, on).await?;
        Ok(Some(places).filter(|places| !places.institutions().is_empty()))
    }

    /// Whether there is an excess on a day; `None` = the figures are not known.
    async fn is_over(&mut self, pool: Pool, on: Date) -> Result<Option<bool>, ServiceError> {
        let places = self.at(on).await?;
        let institution = self.institution;
        Ok(places.map(|places| over(&places, institution, pool) > 0))
    }

    /// The day on which an excess that is there on a day began, and its cause.
    async fn began(&mut self, pool: Pool, on: Date) -> Result<(Date, Cause), ServiceError> {
        let mut first = on;
        for day in self.days(pool, on).await?.into_iter().rev().take(MOST) {
            let eve = day.plus(-1).unwrap_or(day);
            for day in [day, eve] {
                if day >= first {
                    continue;
                }
                let is_over = self.is_over(pool, day).await?;
                if is_over == Some(true) {
                    first = day;
                    continue;
                }
                let since = self.between(pool, day, first).await?;
                let cause = match is_over {
                    Some(_) => self.cause(pool, since).await?,
                    // the records begin here
                    None => self.arrivals(pool, since, None).await?,
                };
                return Ok((since, cause));
            }
        }
        Ok((first, self.arrivals(pool, first, None).await?))
    }

    /// The first day of an excess that is not there on one day and there on a later one.
    async fn between(
        &mut self,
        pool: Pool,
        without: Date,
        with: Date,
    ) -> Result<Date, ServiceError> {
        let (mut low, mut high) = (without, with);
        while let Some(middle) = middle(low, high) {
            match self.is_over(pool, middle).await? {
                Some(true) => high = middle,
                _ => low = middle,
            }
        }
        Ok(high)
    }

    /// Days before another on which something about the institution or the holders of the
    /// pool began or ended, in order.
    async fn days(&mut self, pool: Pool, on: Date) -> Result<Vec<Date>, ServiceError> {
        let mut days = BTreeSet::new();
        let house = self.institution;
        turns::<ApprovedPosts>(self.reader, house, &mut days).await?;
        turns::<Decision>(self.reader, house, &mut days).await?;
        turns::<Profile>(self.reader, house, &mut days).await?;
        if let Some(places) = self.at(on).await? {
            for person in holders(&places, house, pool) {
                turns::<Appointment>(self.reader, person, &mut days).await?;
                turns::<Employed>(self.reader, person, &mut days).await?;
            }
            if let Some(in_force) = places.in_force(house) {
                let adopted = in_force.policies.iter();
                days.extend(adopted.filter_map(|one| Some(one.adopted.as_ref()?.since)));
            }
        }
        Ok(days.into_iter().filter(|day| *day <= on).collect())
    }

    /// What changed from the day before.
    async fn cause(&mut self, pool: Pool, since: Date) -> Result<Cause, ServiceError> {
        let house = self.institution;
        let eve = since.plus(-1).unwrap_or(since);
        let (before, after) = (self.at(eve).await?, self.at(since).await?);
        let (Some(before), Some(after)) = (before, after) else {
            return self.arrivals(pool, since, None).await;
        };
        let posts = |places: &Places| figures(&places.posts(house, Kept::All), pool);
        let ([was, ..], [is, ..]) = (posts(&before), posts(&after));
        if was > is {
            let rules = |places: &Places| places.ruled(house).map(fingerprint);
            let same = rules(&before) == rules(&after);
            return Ok(if same { Cause::Plan } else { Cause::Policy });
        }
        let there = holders(&before, house, pool);
        self.arrivals(pool, since, Some(&there)).await
    }

    /// Who came on a day, and by what.
    async fn arrivals(
        &mut self,
        pool: Pool,
        since: Date,
        there: Option<&BTreeSet<PersonId>>,
    ) -> Result<Cause, ServiceError> {
        let house = self.institution;
        let Some(after) = self.at(since).await? else {
            return Ok(Cause::Import);
        };
        let all = holders(&after, house, pool);
        let came = all
            .into_iter()
            .filter(|one| there.is_none_or(|there| !there.contains(one)));
        let mut causes = BTreeSet::new();
        for person in came {
            let change = match change_of::<Appointment>(self.reader, person, since).await? {
                Some(change) => Some(change),
                None => change_of::<Employed>(self.reader, person, since).await?,
            };
            if let Some(change) = change {
                causes.insert(self.cause_of(change).await?);
            }
        }
        // where nobody came, time alone let somebody count, or the rules give fewer places
        Ok(causes.into_iter().next().unwrap_or(Cause::Policy))
    }

    async fn cause_of(&mut self, change: Id<Change>) -> Result<Cause, ServiceError> {
        if audit::is_import(self.reader, change).await? {
            return Ok(Cause::Import);
        }
        Ok(
            match applications::is_decision(self.reader, change).await? {
                true => Cause::Decision,
                false => Cause::Record,
            },
        )
    }
}

/// Halfway between two days; `None` = there is none between.
fn middle(low: Date, high: Date) -> Option<Date> {
    let days = high.days() - low.days();
    (days > 1)
        .then(|| Date::from_days(low.days() + days / 2))
        .flatten()
}

/// Who holds a place of a pool.
fn holders(places: &Places, house: InstitutionId, pool: Pool) -> BTreeSet<PersonId> {
    let staff = places.staff(house);
    let holds = staff.filter(|(_, one)| one.standing().pool == Some(pool));
    holds.map(|(id, _)| id).collect()
}

/// The days on which rows of a noun begin or end.
async fn turns<F: Fact>(
    reader: &mut Reader,
    subject: Id<F::Subject>,
    days: &mut BTreeSet<Date>,
) -> Result<(), ServiceError> {
    for row in dated::history::<F>(reader, subject).await? {
        if row.superseded.is_none() {
            days.insert(row.validity.from);
            days.extend(row.validity.until);
        }
    }
    Ok(())
}

/// The change by which a row that begins on a day was recorded.
async fn change_of<F: Fact>(
    reader: &mut Reader,
    subject: Id<F::Subject>,
    on: Date,
) -> Result<Option<Id<Change>>, ServiceError> {
    let rows = dated::history::<F>(reader, subject).await?;
    let mut rows = rows.into_iter().filter(|row| row.superseded.is_none());
    let found = rows.find(|row| row.validity.from == on);
    Ok(found.map(|row| row.recorded_by))
}
