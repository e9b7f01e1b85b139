//! What goes on in the invented county, so that every office finds something to do:
//! applications on their way, a notice that runs, a round that is open, a subsidy that was
//! not paid, and what changed in the last days. All of it by the services, as the offices
//! would do it, at instants of the last two weeks.
//!
//! Small counties may have nobody to whom a road is open; then that part is left out.

use super::{Maker, office};
use crate::domain::absence::{Departure, DepartureKind};
use crate::domain::merit::{Assessment, AssessmentResult};
use crate::domain::page::Asked;
use crate::domain::pay::Fen;
use crate::domain::promotion::{Application, Command, Finding, Kind, Subject, Target};
use crate::domain::record::{Id, Validity, Version, When};
use crate::domain::record_id::{InstitutionId, PersonId, RoundId};
use crate::domain::rights::Actor;
use crate::domain::round::{Criterion, Offered, Plan, RoundMove};
use crate::domain::rural_doctor::{Registration, RuralDoctor, Subsidy};
use crate::domain::time::{Date, Timestamp};
use crate::i18n::t;
use crate::rules::verdict::Verdict;
use crate::service::promotion::{Act, Begin};
use crate::service::record::{self, Entering, Recorded};
use crate::service::staff::{self, Leaving, Listing, Member, State, Wanted};
use crate::service::{ServiceError, eligibility, institution, promotion, round, rural_doctor};

/// Institutions in which somebody is looked for, and people of each, at most; at the centre
/// there may be more.
const HOUSES: u32 = 12;
const PEOPLE: u32 = 12;
const OF_CENTRE: u32 = 40;
/// So many roads are enough.
const ENOUGH: usize = 40;
/// Rural doctors with a registration and a subsidy.
const DOCTORS: u32 = 40;

/// Who does it.
pub struct Hands<'a> {
    /// Keeps the records of the centre.
    pub clerk: &'a Actor,
    pub centre: InstitutionId,
    /// The same for all of the medical community.
    pub lead: &'a Actor,
    /// County human resources, and county health.
    pub posts: &'a Actor,
    pub health: &'a Actor,
    /// Has a login, and applies in front of those who look.
    pub spared: PersonId,
}

/// A road that is open to somebody.
struct Way {
    person: PersonId,
    institution: InstitutionId,
    kind: Kind,
    target: Target,
}

pub struct Life<'a> {
    pub maker: &'a Maker<'a>,
    pub hands: Hands<'a>,
    pub now: Timestamp,
}

impl Life<'_> {
    fn ago(&self, days: i64) -> Timestamp {
        self.now.plus_seconds(-days * 24 * 3600)
    }

    fn words(&self, key: &str) -> String {
        t(self.maker.lang, key, &[])
    }

    fn told(&self, error: ServiceError) -> anyhow::Error {
        office::told(error, self.maker.lang)
    }

    /// All of it.
    pub async fn live(&self) -> anyhow::Result<()> {
        let mut ways = self.ways().await?;
        self.round(&mut ways).await?;
        // places of the centre stay free for those who try it out there
        let elsewhere =
            |way: &Way| way.institution != self.hands.centre && way.kind == Kind::DirectedTitle;
        // one that the offices whose opinion is asked for have before them, one in its notice
        if let Some(way) = take(&mut ways, elsewhere) {
            let came = self.published(&way, 11).await?;
            if let Some(before) = came {
                // a holiday may have come between
                self.act(self.hands.lead, before, &Command::Close, 1)
                    .await?;
            }
        }
        if let Some(way) = take(&mut ways, elsewhere) {
            self.published(&way, 2).await?;
        }
        let mut own = ways.iter();
        let own = own.rfind(|way| way.institution == self.hands.centre);
        if let Some(way) = own {
            self.submitted(way, None, 1).await?;
        }
        self.reappointed().await?;
        self.week().await?;
        self.doctors().await
    }

    /// Everybody of some institutions to whom a road is open, in the order of their names.
    async fn ways(&self) -> anyhow::Result<Vec<Way>> {
        let now = self.ago(13);
        let on = now.shanghai_day();
        let listing = institution::Listing {
            wanted: institution::Wanted::default(),
            when: When::on(on),
            order: institution::Order::Code,
            page: Asked::first(HOUSES),
        };
        let office = self.maker.office;
        let houses = institution::list(office, self.hands.lead, &listing, now).await;
        let houses = houses.map_err(|error| self.told(error))?;
        let mut ways = Vec::new();
        let centre = self.hands.centre;
        let others = houses.items.into_iter().map(|house| house.id);
        let others = others.filter(|house| *house != centre);
        for house in std::iter::once(centre).chain(others) {
            let most = if house == centre { OF_CENTRE } else { PEOPLE };
            if ways.len() >= ENOUGH {
                break;
            }
            for one in self.people(house, most, now).await? {
                if one.id == self.hands.spared {
                    continue;
                }
                let stands = eligibility::of_person(office, self.hands.lead, one.id, on, now);
                let Ok(stands) = stands.await else { continue };
                if !stands.owed.is_empty() {
                    continue;
                }
                let open = stands.roads.into_iter().filter(|open| {
                    let place = open.place.as_ref();
                    open.road.verdict == Verdict::Holds
                        && place.is_none_or(|place| place.finding == Finding::Passed)
                });
                ways.extend(open.take(1).map(|open| Way {
                    person: one.id,
                    institution: house,
                    kind: open.road.kind,
                    target: open.road.target,
                }));
            }
        }
        Ok(ways)
    }

    async fn people(
        &self,
        at: InstitutionId,
        most: u32,
        now: Timestamp,
    ) -> anyhow::Result<Vec<Member>> {
        let listing = Listing {
            wanted: Wanted {
                institution: Some(at),
                state: State::Employed,
                ..Wanted::default()
            },
            when: When::on(now.shanghai_day()),
            order: staff::Order::Name,
            page: Asked::first(most),
        };
        let page = staff::list(self.maker.office, self.hands.lead, &listing, now).await;
        Ok(page.map_err(|error| self.told(error))?.items)
    }

    /// Begun and submitted; `None` = it was refused, which the rules may.
    async fn submitted(
        &self,
        way: &Way,
        round: Option<RoundId>,
        days: i64,
    ) -> anyhow::Result<Option<Application>> {
        let subject = Subject {
            kind: way.kind,
            person: way.person,
            institution: way.institution,
            round,
            target: way.target.clone(),
            merits: self.words("demo-merits"),
        };
        let begin = Begin {
            office: self.maker.office,
            actor: self.hands.lead,
            subject: &subject,
            now: self.ago(days),
        };
        let Some(id) = permitted(begin.run().await).map_err(|error| self.told(error))? else {
            return Ok(None);
        };
        let (office, lead) = (self.maker.office, self.hands.lead);
        let view = promotion::find(office, lead, id, self.ago(days)).await;
        let begun = view.map_err(|error| self.told(error))?.application;
        self.act(self.hands.lead, begun, &Command::Submit, days)
            .await
    }

    /// Taken up, recommended and published for five working days.
    async fn published(&self, way: &Way, days: i64) -> anyhow::Result<Option<Application>> {
        let mut came = self.submitted(way, None, days).await?;
        let publish = Command::Publish { working_days: 5 };
        for command in [Command::take(), Command::recommend(), publish] {
            came = match came {
                Some(before) => self.act(self.hands.lead, before, &command, days).await?,
                None => return Ok(None),
            };
        }
        Ok(came)
    }

    /// Two whose time at the post is over, before each of the county's offices.
    async fn reappointed(&self) -> anyhow::Result<()> {
        let people = self
            .people(self.hands.centre, OF_CENTRE, self.ago(5))
            .await?;
        // those who are tried out stand first in the list
        let held = people.into_iter().rev().filter_map(|one| {
            let (rank, _, _) = one.appointed.filter(|_| one.id != self.hands.spared)?;
            let target = Target {
                rank,
                grade: None,
                institution: None,
                on: None,
            };
            Some(Way {
                person: one.id,
                institution: self.hands.centre,
                kind: Kind::Reappointment,
                target,
            })
        });
        let mut forwarded = false;
        // the last ones are those of whom something else is recorded
        for way in held.skip(2).take(3) {
            let mut came = self.submitted(&way, None, 5).await?;
            for command in [Command::take(), Command::recommend()] {
                came = match came {
                    Some(before) => self.act(self.hands.lead, before, &command, 4).await?,
                    None => None,
                };
            }
            let approve = Command::Approve { effective: None };
            if let (false, Some(before)) = (forwarded, came) {
                let on = self.act(self.hands.health, before, &approve, 1).await?;
                forwarded = on.is_some();
            }
        }
        Ok(())
    }

    async fn act(
        &self,
        actor: &Actor,
        before: Application,
        command: &Command,
        days: i64,
    ) -> anyhow::Result<Option<Application>> {
        let reason = self.words("demo-reason");
        let act = Act {
            office: self.maker.office,
            actor,
            id: before.id,
            seen: before.version,
            command,
            override_reason: Some(&reason),
            now: self.ago(days),
        };
        let acted = permitted(act.run().await).map_err(|error| self.told(error))?;
        Ok(acted.map(|acted| acted.application))
    }

    /// A round that takes applications, with those who came so far.
    async fn round(&self, ways: &mut Vec<Way>) -> anyhow::Result<()> {
        let appointed =
            |way: &Way| way.institution != self.hands.centre && way.kind == Kind::Appointment;
        let Some(first) = take(ways, appointed) else {
            return Ok(());
        };
        let (from, to) = (self.ago(4).shanghai_day(), self.ago(-10).shanghai_day());
        let plan = Plan {
            title: self.words("demo-round"),
            offered: vec![Offered {
                rank: first.target.rank,
                grade: first.target.grade,
                places: 1,
            }],
            term_months: 36,
            conditions: self.words("demo-round-conditions"),
            training: None,
            criteria: ["demo-criterion-work", "demo-criterion-assessment"]
                .map(|key| Criterion {
                    name: self.words(key),
                    most: 5000,
                })
                .to_vec(),
            from,
            to,
        };
        let hands = &self.hands;
        let office = self.maker.office;
        let planned = round::plan(office, hands.lead, first.institution, &plan, self.ago(6)).await;
        let id = planned.map_err(|error| self.told(error))?;
        let steps = [
            (hands.lead, RoundMove::Propose, 6),
            (hands.posts, RoundMove::Approve, 5),
        ];
        for (actor, made, days) in steps {
            let seen = round::find(office, actor, id, self.ago(days)).await;
            let seen = seen.map_err(|error| self.told(error))?.round.version;
            let step = round::Step {
                office,
                actor,
                id,
                seen,
                made,
                plan: None,
                reason: None,
                now: self.ago(days),
            };
            step.run().await.map_err(|error| self.told(error))?;
        }
        let same = |way: &Way| {
            appointed(way)
                && way.institution == first.institution
                && way.target.rank == first.target.rank
        };
        let second = take(ways, same);
        for (way, days) in std::iter::once(&first).chain(&second).zip([3, 2]) {
            self.submitted(way, Some(id), days).await?;
        }
        Ok(())
    }

    /// What was recorded in the last days: somebody left, and somebody's year was assessed.
    async fn week(&self) -> anyhow::Result<()> {
        let (office, hands) = (self.maker.office, &self.hands);
        let people = self.people(hands.centre, OF_CENTRE, self.ago(3)).await?;
        let others = people.into_iter().filter(|one| one.id != hands.spared);
        // those who apply stand first in the list, so that the last are nobody's candidates
        let mut others = others.rev();
        let reason = self.words("demo-reason");
        if let Some(leaves) = others.next() {
            let leaving = Leaving {
                person: leaves.id,
                departure: Departure {
                    kind: DepartureKind::Resignation,
                    left: self.ago(3).shanghai_day(),
                    approved: None,
                    document: None,
                },
                seen: leaves.version,
                reason: Some(&reason),
            };
            let left = staff::depart(office, hands.clerk, &leaving, self.ago(3)).await;
            permitted(left).map_err(|error| self.told(error))?;
        }
        if let Some(one) = others.next() {
            let today = self.now.shanghai_day();
            let (year, _, _) = today.parts();
            let entering = Entering {
                subject: one.id,
                slot: None,
                fact: Assessment {
                    year: u32::try_from(year - 1).unwrap_or_default(),
                    result: AssessmentResult::Excellent,
                    satisfaction: None,
                },
                validity: Validity::from(self.ago(2).shanghai_day()),
                seen: one.version,
                reason: Some(&reason),
            };
            let made = record::record(office, hands.clerk, &entering, self.ago(2)).await;
            permitted(made).map_err(|error| self.told(error))?;
        }
        Ok(())
    }

    /// Rural doctors with a registration, of which a few end soon, and with the subsidy of
    /// last month, which a few did not get, or not in full.
    async fn doctors(&self) -> anyhow::Result<()> {
        let (office, health) = (self.maker.office, self.hands.health);
        let today = self.now.shanghai_day();
        let listing = rural_doctor::Listing {
            wanted: rural_doctor::Wanted::default(),
            when: When::on(today),
            page: Asked::first(DOCTORS),
        };
        let doctors = rural_doctor::list(office, health, &listing, self.now).await;
        let doctors = doctors.map_err(|error| self.told(error))?;
        let month = today.month().plus(-1);
        let day = Date::new(month.year(), month.month(), 25).unwrap_or(today);
        for (at, doctor) in (0..).zip(doctors.items) {
            let ends = today.plus(20 + at * 45);
            let registration = Registration {
                number: Some(format!("150199{:06}", at + 1)),
                registered: ends.and_then(|day| day.plus_months(-60)),
                expires: ends,
            };
            let seen = self
                .of_doctor(doctor.id, doctor.version, registration, day)
                .await?;
            let due = Fen(60_000);
            let paid = match at % 8 {
                0 => None,
                5 => Some(Fen(30_000)),
                _ => Some(due),
            };
            let subsidy = Subsidy {
                name: self.words("demo-subsidy"),
                month,
                due,
                paid,
                paid_on: paid.map(|_| day),
            };
            self.of_doctor(doctor.id, seen, subsidy, day).await?;
        }
        Ok(())
    }

    /// Records something of a rural doctor: the version to be seen next.
    async fn of_doctor<F: Recorded<Subject = RuralDoctor>>(
        &self,
        of: Id<RuralDoctor>,
        seen: Version,
        fact: F,
        from: Date,
    ) -> anyhow::Result<Version> {
        let entering = Entering {
            subject: of,
            slot: None,
            fact,
            validity: Validity::from(from),
            seen,
            reason: None,
        };
        let (office, health) = (self.maker.office, self.hands.health);
        let made = record::record(office, health, &entering, self.ago(1)).await;
        let made = permitted(made).map_err(|error| self.told(error))?;
        Ok(made.map_or(seen, |done| done.version))
    }
}

/// The first that is wanted, which is then nobody else's.
fn take(ways: &mut Vec<Way>, wanted: impl Fn(&Way) -> bool) -> Option<Way> {
    let at = ways.iter().position(wanted)?;
    Some(ways.remove(at))
}

/// What came of it; `None` = the rules are against it.
fn permitted<T>(done: Result<T, ServiceError>) -> Result<Option<T>, ServiceError> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(ServiceError::Refused(why)) => {
            tracing::debug!(?why, "left out of the demo");
            Ok(None)
        }
        Err(other) => Err(other),
    }
}
