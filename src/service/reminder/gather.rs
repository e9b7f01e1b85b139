//! What there is to be told of: from figures, from what is recorded with a day, and from
//! what is otherwise than at the last look.

use super::super::ServiceError;
use super::super::ledger::{Figures, adoptions, evaluate_part};
use super::super::{promotion, recruitment};
use super::Watch;
use crate::domain::assignment::Assignment;
use crate::domain::employment::Contract;
use crate::domain::establishment;
use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::leader::Term;
use crate::domain::licence::{Licence, LicenceKind, PhysicianAssessment, PhysicianResult};
use crate::domain::month::Month;
use crate::domain::promotion::{Application, Holder as Has, Kind as Asked, State};
use crate::domain::record::{Id, When};
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::reminder::{Event, Facts, Holder, Kind};
use crate::domain::rights::Locus;
use crate::domain::round::{Round, RoundState};
use crate::domain::rural_doctor::{Pension, PensionScheme, Registration, RuralDoctor, Subsidy};
use crate::domain::staff::Person;
use crate::domain::time::{Date, Timestamp};
use crate::domain::title::{Rank, TitleKind};
use crate::domain::training::{Required, Training};
use crate::rules::eligibility::eligibility;
use crate::rules::reminder::{self as engine, House, Months, Where, first_day};
use crate::rules::verdict::Verdict;
use crate::store::dated::{self, Fact, Of};
use crate::store::promotion::{self as applications, Wanted};
use crate::store::register::{Part, load_area};
use crate::store::reminder::Mark;
use crate::store::{Reader, change, locus, round};
use std::collections::{BTreeSet, HashMap};

/// Nothing is told longer before than a year; what comes late, a quarter after.
const AHEAD: i32 = 13;
const BEHIND: i32 = 3;
/// A registration of a nurse that says no end holds five years (护士条例).
const REGISTERED: i32 = 60;
/// Physicians are assessed every three years (医师法).
const ASSESSED: i32 = 36;
/// Days before the window of a round in which what is owed for it is looked at.
const BEFORE_ROUND: i64 = 45;
/// Age at which residents' pension begins.
const SIXTY: i32 = 60 * 12;

/// One look at something.
pub struct Look<'a> {
    watch: &'a Watch<'a>,
    before: Option<Mark>,
    /// Up to where this look sees.
    pub mark: Mark,
    pub events: Vec<Event>,
}

impl<'a> Look<'a> {
    /// A look from one mark to what is recorded now.
    pub async fn begin(
        watch: &'a Watch<'a>,
        reader: &mut Reader,
        before: Option<Mark>,
    ) -> Result<Self, ServiceError> {
        // the newest change that this look sees: the clock may be ahead of it, or go back
        let newest = match change::latest(reader).await? {
            Some(id) => change::find(reader, id).await?.map(|change| change.at),
            None => None,
        };
        let at = newest.unwrap_or(Timestamp::from_micros(0));
        Ok(Self {
            watch,
            before,
            mark: Mark {
                on: watch.today,
                at,
            },
            events: Vec::new(),
        })
    }

    /// A look at what comes, whoever was told of it.
    pub fn ahead(watch: &'a Watch<'a>) -> Self {
        Self {
            watch,
            before: None,
            mark: Mark {
                on: watch.today,
                at: watch.now,
            },
            events: Vec::new(),
        }
    }

    fn months(&self) -> Months {
        let month = self.watch.today.month();
        Months {
            from: month.plus(-BEHIND),
            to: month.plus(AHEAD + 3),
        }
    }

    fn add(&mut self, event: Event) {
        let months = self.months();
        let month = event.about.month();
        if months.from <= month && month <= months.to {
            self.events.push(event);
        }
    }

    /// What there is to tell of an institution and its people: where it lies.
    pub async fn institution(
        &mut self,
        reader: &mut Reader,
        id: InstitutionId,
    ) -> Result<Locus, ServiceError> {
        let today = self.watch.today;
        let place = locus::of_institution(reader, id, today).await?;
        let figures = self.figures(reader, id, When::on(today)).await?;
        if let Some(figures) = &figures {
            let own = &figures.house().loaded;
            let judged = figures.judged();
            let house = House {
                institution: id,
                area: place.area,
                plan: &judged.ruled.plan,
                data: &judged.data,
                people: &judged.people,
                ids: &own.people,
            };
            let dates = house.dates(self.months());
            self.events.extend(dates);
            self.changes(reader, id, &place, figures).await?;
            self.unplanned(reader, id, place.area, figures).await?;
            self.of_people(reader, id, place.area, &own.people).await?;
            self.of_rounds(reader, id, place.area).await?;
            self.of_applications(reader, id, place.area, Some(figures))
                .await?;
        } else {
            self.of_applications(reader, id, place.area, None).await?;
        }
        let decisions =
            dated::at::<establishment::Decision>(reader, Of::These(&[id]), When::on(today)).await?;
        for decision in decisions {
            if let Some(about) = decision.fact.review_due.and_then(first_day) {
                let facts = Facts::from([("month", about.month().to_string())]);
                let because = decision.fact.document.into_iter().collect();
                self.add(Event {
                    facts,
                    because,
                    ..of_house(
                        Kind::EstablishmentReview,
                        id.to_string(),
                        about,
                        id,
                        place.area,
                    )
                });
            }
        }
        Ok(place)
    }

    async fn figures(
        &self,
        reader: &mut Reader,
        id: InstitutionId,
        when: When,
    ) -> Result<Option<Figures>, ServiceError> {
        let part = Part::These(vec![id]);
        let evaluated = evaluate_part(self.watch.office, reader, &part, when).await?;
        let ledger = evaluated.institutions.into_iter().next();
        Ok(ledger.and_then(|ledger| ledger.figures))
    }

    /// What is otherwise than at the last look. Where nothing was recorded since and the
    /// month is the same, only places that are kept can be.
    async fn changes(
        &mut self,
        reader: &mut Reader,
        id: InstitutionId,
        place: &Locus,
        now: &Figures,
    ) -> Result<(), ServiceError> {
        let Some(mark) = self.before else {
            return Ok(());
        };
        let today = self.watch.today;
        if mark.at == self.mark.at && mark.on.month() == today.month() {
            let kept = applications::reserved(reader, &[id], mark.on).await?;
            if kept == now.kept() {
                return Ok(());
            }
        }
        let then = When::known_at(mark.on, mark.at);
        let Some(then) = self.figures(reader, id, then).await? else {
            return Ok(());
        };
        let place = Where {
            institution: id,
            area: place.area,
        };
        let changes = engine::changes(place, &then.plain(), &now.plain(), today);
        self.events.extend(changes);
        Ok(())
    }

    /// Establishment that is free while no plan is under way: told once a month.
    async fn unplanned(
        &mut self,
        reader: &mut Reader,
        id: InstitutionId,
        area: Option<AreaCode>,
        figures: &Figures,
    ) -> Result<(), ServiceError> {
        let vacant = recruitment::free(figures).filter(|vacant| *vacant > 0);
        let about = first_day(self.watch.today.month());
        let (Some(vacant), Some(about)) = (vacant, about) else {
            return Ok(());
        };
        if recruitment::planned(reader, id).await? == 0 {
            let facts = Facts::from([("vacant", vacant.to_string())]);
            let subject = id.to_string();
            self.add(Event {
                facts,
                page: "/recruitment".to_owned(),
                ..of_house(Kind::VacancyUnplanned, subject, about, id, area)
            });
        }
        Ok(())
    }

    /// Contracts, licences, assessments, assignments and terms of people.
    async fn of_people(
        &mut self,
        reader: &mut Reader,
        id: InstitutionId,
        area: Option<AreaCode>,
        people: &[PersonId],
    ) -> Result<(), ServiceError> {
        if people.is_empty() {
            return Ok(());
        }
        let (of, on) = (Of::These(people), When::on(self.watch.today));
        let base = |kind, subject: String, about, person| Event {
            person: Some(person),
            page: format!("/people/{person}"),
            ..of_house(kind, subject, about, id, area)
        };
        for row in dated::at::<Contract>(reader, of, on).await? {
            if let Some(about) = row.fact.ends {
                let subject = row.subject.to_string();
                self.add(base(Kind::ContractEnds, subject, about, row.subject));
            }
        }
        for row in dated::at::<PhysicianAssessment>(reader, of, on).await? {
            let PhysicianAssessment {
                assessed,
                result,
                next_due,
            } = row.fact;
            // when somebody who failed is assessed again is for the authority to say
            let reckoned = match result {
                PhysicianResult::Qualified => assessed.plus_months(ASSESSED),
                PhysicianResult::Unqualified => None,
            };
            if let Some(about) = next_due.or(reckoned) {
                let facts = Facts::from([
                    ("since", assessed.to_string()),
                    ("reckoned", yes(next_due.is_none())),
                ]);
                let subject = row.subject.to_string();
                self.add(Event {
                    facts,
                    ..base(Kind::PhysicianAssessment, subject, about, row.subject)
                });
            }
        }
        for row in dated::at::<Licence>(reader, of, on).await? {
            let Licence {
                kind,
                issued,
                expires,
                ..
            } = row.fact;
            let reckoned = match (kind, issued) {
                (LicenceKind::Nurse, Some(issued)) => issued.plus_months(REGISTERED),
                _ => None,
            };
            if let Some(about) = expires.or(reckoned) {
                let facts = Facts::from([
                    ("licence", kind.key().to_owned()),
                    ("reckoned", yes(expires.is_none())),
                ]);
                let subject = format!("{}/{}", row.subject, kind.key());
                self.add(Event {
                    facts,
                    ..base(Kind::LicenceExpires, subject, about, row.subject)
                });
            }
        }
        for row in dated::at::<Assignment>(reader, of, on).await? {
            let Assignment { kind, ended, .. } = row.fact;
            if let Some(about) = ended {
                let facts = Facts::from([("assignment", kind.key().to_owned())]);
                let subject = format!("{}/{}/{}", row.subject, kind.key(), row.slot);
                self.add(Event {
                    facts,
                    ..base(Kind::AssignmentEnds, subject, about, row.subject)
                });
            }
        }
        for row in dated::at::<Term>(reader, of, on).await? {
            if let Some(about) = row.fact.ends {
                let facts = Facts::from([("role", row.fact.role)]);
                let subject = format!("{}/{}", row.subject, row.slot);
                self.add(Event {
                    facts,
                    ..base(Kind::LeaderTermEnds, subject, about, row.subject)
                });
            }
        }
        Ok(())
    }

    /// Applications that wait, notices and appointments that end, and titles that would be
    /// lost by a transfer.
    async fn of_applications(
        &mut self,
        reader: &mut Reader,
        id: InstitutionId,
        area: Option<AreaCode>,
        figures: Option<&Figures>,
    ) -> Result<(), ServiceError> {
        let states = State::ALL.iter().copied();
        let states = states.filter(|state| state.is_open() || *state == State::Effective);
        let wanted = Wanted {
            states: states.collect(),
            institution: Some(id),
            ..Wanted::default()
        };
        for found in applications::list(reader, &wanted, u32::MAX).await? {
            let Some(application) = applications::find(reader, found).await? else {
                continue;
            };
            let base = |kind, about| Event {
                person: Some(application.person),
                page: format!("/applications/{}", application.id),
                facts: Facts::from([("asked", application.kind.key().to_owned())]),
                ..of_house(kind, application.id.to_string(), about, id, area)
            };
            self.waiting(&application, &base);
            if let (State::Notice, Some(notice)) = (application.state, &application.notice) {
                self.add(base(Kind::NoticeEnds, notice.last));
            }
            if let (State::Effective, Some(own), Some(from)) =
                (application.state, application.round, application.effective)
            {
                let term = round::find(reader, own)
                    .await?
                    .map(|own| own.plan.term_months);
                let months = term.and_then(|term| i32::try_from(term).ok());
                if let Some(about) = months.and_then(|months| from.plus_months(months)) {
                    self.add(base(Kind::AppointmentEnds, about));
                }
            }
            if application.kind == Asked::Transfer && application.state.is_open() {
                self.transfer(reader, &application, figures, &base).await?;
            }
        }
        Ok(())
    }

    fn waiting(&mut self, application: &Application, base: &(dyn Fn(Kind, Date) -> Event + Sync)) {
        let holder = match application.holder() {
            Has::Institution => Holder::Institution,
            Has::Office(office) => Holder::Office(office),
            Has::Applicant | Has::Clock | Has::Nobody => return,
        };
        // a notice runs by itself
        if application.state == State::Notice {
            return;
        }
        let about = application.since.shanghai_day();
        for kind in [Kind::ApplicationWaiting, Kind::ApplicationOverdue] {
            let mut event = base(kind, about);
            event.subject = format!("{}/{}", application.id, application.since);
            event.holder = Some(holder);
            event
                .facts
                .insert("since", application.since.shanghai_day().to_string());
            self.add(event);
        }
    }

    /// A directed title holds in its area; elsewhere it does not.
    async fn transfer(
        &mut self,
        reader: &mut Reader,
        application: &Application,
        figures: Option<&Figures>,
        base: &(dyn Fn(Kind, Date) -> Event + Sync),
    ) -> Result<(), ServiceError> {
        let person = figures.and_then(|figures| {
            let own = &figures.house().loaded;
            let at = own.people.iter().position(|id| *id == application.person)?;
            own.register.people.get(at)
        });
        let (Some(person), Some(to)) = (person, application.target.institution) else {
            return Ok(());
        };
        let scope = match (person.title_kind, person.title_area) {
            (TitleKind::Directed, Some(scope)) => scope,
            _ => return Ok(()),
        };
        let there = locus::of_institution(reader, to, self.watch.today).await?;
        if there.area.is_none_or(|area| area.is_within(scope)) {
            return Ok(());
        }
        let mut event = base(Kind::DirectedScope, application.since.shanghai_day());
        event.facts.insert("scope", scope.to_string());
        self.add(event);
        Ok(())
    }

    /// What people still owe for a round whose window opens soon.
    async fn of_rounds(
        &mut self,
        reader: &mut Reader,
        id: InstitutionId,
        area: Option<AreaCode>,
    ) -> Result<(), ServiceError> {
        let today = self.watch.today;
        let mut soon = Vec::new();
        for found in round::of_institution(reader, id).await? {
            let Some(found) = round::find(reader, found).await? else {
                continue;
            };
            let ahead = found.plan.from.days() - today.days();
            let planned = matches!(found.state, RoundState::Proposed | RoundState::Open);
            if planned && (0..=BEFORE_ROUND).contains(&ahead) {
                soon.push(found);
            }
        }
        if soon.is_empty() {
            return Ok(());
        }
        let office = self.watch.office;
        let figures = promotion::Figures::of(office, reader, vec![id], today).await?;
        let handling = |rule: &str| figures.handling(id, rule);
        let mut owing = Vec::new();
        let mut ready = Vec::new();
        for (person, somebody) in figures.staff(id) {
            let plan = somebody.setting.plan;
            let all = eligibility(somebody, today, &handling);
            let failing = all.owed.iter().filter(|one| one.verdict == Verdict::Fails);
            let rules: Vec<String> = failing
                .filter_map(|one| Some(plan.name(one.rule?)))
                .collect();
            if rules.is_empty() {
                let open = all.roads.iter().filter(|road| {
                    road.kind == Asked::Appointment && road.verdict != Verdict::Fails
                });
                ready.push((person, open.map(|road| road.target.rank).collect()));
            } else {
                owing.push((person, rules));
            }
        }
        self.of_training(reader, id, area, &soon, &ready).await?;
        for found in soon {
            for (person, rules) in &owing {
                let facts = Facts::from([
                    ("round", found.plan.title.clone()),
                    ("opens", found.plan.from.to_string()),
                ]);
                let subject = format!("{person}/{}", found.id);
                self.add(Event {
                    person: Some(*person),
                    page: format!("/people/{person}"),
                    facts,
                    because: rules.clone(),
                    ..of_house(Kind::ConditionOwed, subject, found.plan.from, id, area)
                });
            }
        }
        Ok(())
    }

    /// Who lacks nothing for a round but the training that it asks for. `ready`: people with
    /// the ranks that are open to them.
    async fn of_training(
        &mut self,
        reader: &mut Reader,
        id: InstitutionId,
        area: Option<AreaCode>,
        soon: &[Round],
        ready: &[(PersonId, Vec<Rank>)],
    ) -> Result<(), ServiceError> {
        if ready.is_empty() || soon.iter().all(|one| one.plan.training.is_none()) {
            return Ok(());
        }
        let people: Vec<PersonId> = ready.iter().map(|(person, _)| *person).collect();
        let on = When::on(self.watch.today);
        let mut trainings: HashMap<PersonId, Vec<Training>> = HashMap::new();
        for row in dated::at::<Training>(reader, Of::These(&people), on).await? {
            trainings.entry(row.subject).or_default().push(row.fact);
        }
        for found in soon {
            let plan = &found.plan;
            let Some(required) = plan.training else {
                continue;
            };
            for (person, ranks) in ready {
                let offered = plan.offered.iter().any(|one| ranks.contains(&one.rank));
                let own = trainings.get(person).map_or(&[] as &[_], Vec::as_slice);
                let owed = required.owed(own, plan.from).filter(|_| offered);
                if let Some(done) = owed {
                    let subject = format!("{person}/{}", found.id);
                    self.add(Event {
                        person: Some(*person),
                        page: format!("/rounds/{}", found.id),
                        facts: lacking(found, required, done),
                        ..of_house(Kind::TrainingOwed, subject, plan.from, id, area)
                    });
                }
            }
        }
        Ok(())
    }

    /// What there is to tell of a county outside its institutions: where each event lies.
    pub async fn county(
        &mut self,
        reader: &mut Reader,
        area: AreaCode,
    ) -> Result<Vec<Locus>, ServiceError> {
        let mut places = Vec::new();
        self.adopted(reader, area).await?;
        places.resize(self.events.len(), Locus::area(area));
        let on = When::on(self.watch.today);
        let vault = self.watch.office.vault.as_ref();
        let loaded = load_area(reader, Some(area), on, vault).await?;
        let ids = &loaded.rural_doctors;
        if ids.is_empty() {
            return Ok(places);
        }
        let registered = by_doctor(dated::at::<Registration>(reader, Of::These(ids), on).await?);
        let pensions = by_doctor(dated::at::<Pension>(reader, Of::These(ids), on).await?);
        let subsidies = by_doctor(dated::at::<Subsidy>(reader, Of::These(ids), on).await?);
        let then = match self.before {
            Some(mark) if mark.at != self.mark.at => {
                let then = When::known_at(mark.on, mark.at);
                Some(by_doctor(
                    dated::at::<Pension>(reader, Of::These(ids), then).await?,
                ))
            }
            _ => None,
        };
        for (id, doctor) in ids.iter().zip(&loaded.register.rural_doctors) {
            let facts = DoctorFacts {
                registered: registered.get(id).map_or(&[], Vec::as_slice),
                pensions: pensions.get(id).map_or(&[], Vec::as_slice),
                subsidies: subsidies.get(id).map_or(&[], Vec::as_slice),
                then: then
                    .as_ref()
                    .map(|then| then.get(id).map_or(&[] as &[_], Vec::as_slice)),
            };
            let first = self.events.len();
            self.of_doctor(*id, doctor, &facts);
            if self.events.len() == first {
                continue;
            }
            let profile = crate::domain::rural_doctor::Profile {
                name: doctor.name.clone(),
                area: doctor.area,
                clinic: doctor.clinic.clone(),
                qualification: doctor.qualification,
                labour_relation: doctor.labour_relation,
                on_establishment: doctor.on_establishment,
                pension: doctor.pension,
            };
            let place = locus::of_rural_doctor(reader, &profile, self.watch.today).await?;
            places.resize(self.events.len(), place);
        }
        Ok(places)
    }

    /// Policies that are adopted, and those that end.
    async fn adopted(&mut self, reader: &mut Reader, area: AreaCode) -> Result<(), ServiceError> {
        let today = self.watch.today;
        let rows = crate::store::adoption::everywhere(reader, When::on(today)).await?;
        // one that was decided for a later day is looked at on that day
        for (place, row) in rows.adopted {
            if place.county() != area {
                continue;
            }
            let event = |kind, about, facts| Event {
                kind,
                subject: format!("{place}/{}", row.fact.policy),
                about,
                person: None,
                institution: None,
                area: Some(place),
                facts,
                because: row.fact.document.iter().cloned().collect(),
                page: format!("/policies/{}", row.fact.policy),
                holder: None,
            };
            let policy = self.watch.office.rulebook.find(&row.fact.policy);
            let title = |pick: fn(&crate::policy::model::Policy) -> String| {
                policy
                    .as_ref()
                    .map_or_else(|| row.fact.policy.clone(), |policy| pick(policy))
            };
            let facts = || {
                Facts::from([
                    ("policy_zh", title(|policy| policy.title.zh.clone())),
                    ("policy_en", title(|policy| policy.title.en.clone())),
                    ("place", place.to_string()),
                ])
            };
            self.add(event(Kind::PolicyAdopted, row.validity.from, facts()));
            if let Some(until) = row.validity.until {
                self.add(event(Kind::PolicyEnds, until, facts()));
            }
        }
        Ok(())
    }

    fn of_doctor(&mut self, id: Id<RuralDoctor>, doctor: &RuralDoctor, facts: &DoctorFacts<'_>) {
        let today = self.watch.today;
        let base = |kind, subject: String, about, mut said: Facts| {
            said.insert("doctor", id.to_string());
            Event {
                kind,
                subject,
                about,
                person: None,
                institution: None,
                area: Some(doctor.area),
                facts: said,
                because: Vec::new(),
                page: format!("/rural-doctors/{id}"),
                holder: None,
            }
        };
        for one in facts.registered {
            if let Some((about, reckoned)) = one.ends() {
                let said = Facts::from([("reckoned", yes(reckoned))]);
                self.add(base(Kind::RegistrationExpires, id.to_string(), about, said));
            }
        }
        let scheme = facts
            .pensions
            .last()
            .map(|one| one.scheme)
            .or(doctor.pension);
        // whoever is in the employees' scheme needs no other; not known is told as such
        let covered = matches!(
            scheme,
            Some(PensionScheme::Employees | PensionScheme::Residents)
        );
        let sixty = Month::from_index(doctor.id.birth_month().index()).plus(SIXTY);
        if let Some(about) = first_day(sixty).filter(|_| !covered) {
            let known = scheme.map_or("unknown", PensionScheme::key);
            let said = Facts::from([("scheme", known.to_owned()), ("month", sixty.to_string())]);
            self.add(base(Kind::DoctorSixty, id.to_string(), about, said));
        }
        for one in facts.pensions {
            if let Some((paid, about)) = one
                .back_paid
                .and_then(|paid| Some((paid, first_day(paid.plus(1))?)))
            {
                // the benefit begins with the month after the back-payment
                let from = one.first_benefit.unwrap_or(paid.plus(1));
                let said =
                    Facts::from([("month", paid.to_string()), ("benefit", from.to_string())]);
                self.add(base(Kind::DoctorBackPaid, id.to_string(), about, said));
            }
        }
        if let Some(then) = facts.then {
            let former = then.last().map(|one| one.scheme);
            let now = facts.pensions.last().map(|one| one.scheme);
            if let (Some(former), Some(now)) = (former, now)
                && former != now
            {
                let said = Facts::from([
                    ("before", former.key().to_owned()),
                    ("scheme", now.key().to_owned()),
                ]);
                self.add(base(
                    Kind::DoctorPensionChanged,
                    id.to_string(),
                    today,
                    said,
                ));
            }
        }
        for one in facts.subsidies {
            let unpaid = one.paid.is_none_or(|paid| paid < one.due);
            if let Some(about) = first_day(one.month.plus(1)).filter(|_| unpaid) {
                let said = Facts::from([
                    ("subsidy", one.name.clone()),
                    ("month", one.month.to_string()),
                ]);
                let subject = format!("{id}/{}/{}", one.name, one.month);
                self.add(base(Kind::SubsidyUnpaid, subject, about, said));
            }
        }
    }
}

/// What a round asks for, and how many hours are there.
fn lacking(round: &Round, required: Required, done: u32) -> Facts {
    let hours = required.hours.map(|hours| hours.to_string());
    Facts::from([
        ("round", round.plan.title.clone()),
        ("opens", round.plan.from.to_string()),
        ("training", required.kind.key().to_owned()),
        ("hours", hours.unwrap_or_else(|| "none".to_owned())),
        ("done", done.to_string()),
    ])
}

/// What is recorded of a rural doctor.
struct DoctorFacts<'a> {
    registered: &'a [Registration],
    pensions: &'a [Pension],
    subsidies: &'a [Subsidy],
    /// Pensions at the last look, if something was recorded since.
    then: Option<&'a [Pension]>,
}

fn by_doctor<F: Fact<Subject = RuralDoctor>>(
    rows: Vec<dated::Dated<F>>,
) -> HashMap<Id<RuralDoctor>, Vec<F>> {
    let mut found: HashMap<_, Vec<F>> = HashMap::new();
    for row in rows {
        found.entry(row.subject).or_default().push(row.fact);
    }
    found
}

/// The counties in which something was adopted.
pub async fn other_counties(
    reader: &mut Reader,
    on: When,
) -> Result<BTreeSet<AreaCode>, ServiceError> {
    let adoptions = adoptions(reader, on).await?;
    let areas = adoptions.adopted.iter().map(|one| one.area);
    Ok(areas.map(AreaCode::county).collect())
}

fn of_house(
    kind: Kind,
    subject: String,
    about: Date,
    institution: Id<Institution>,
    area: Option<AreaCode>,
) -> Event {
    Event {
        kind,
        subject,
        about,
        person: None::<Id<Person>>,
        institution: Some(institution),
        area,
        facts: Facts::new(),
        because: Vec::new(),
        page: format!("/institutions/{institution}"),
        holder: None,
    }
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}
