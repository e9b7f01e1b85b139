//! The nouns: what each is called, who may read and write it, in which slot it stands, and
//! what it asks of the records around it.

use super::owner::{self, Owner};
use crate::domain::absence::{Departure, Leave};
use crate::domain::adoption::{Adoption, RuleHandling};
use crate::domain::appointment::{Appointment, LedgerDecision};
use crate::domain::assignment::Assignment;
use crate::domain::employment::{Contract, Employed, Shared};
use crate::domain::establishment::Decision;
use crate::domain::institution::{self, ApprovedPosts, Institution, Succession};
use crate::domain::leader::Term;
use crate::domain::licence::{GpRegistration, Licence, PhysicianAssessment, Site};
use crate::domain::merit::{Assessment, Honour};
use crate::domain::pay::PayTotal;
use crate::domain::place;
use crate::domain::post::PlannedPosts;
use crate::domain::record::{Id, Validity, When};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, PersonFile, Role, Subject};
use crate::domain::rural_doctor::{
    self, Examination, MedicalInsurance, Pension, Registration, RuralDoctor, Subsidy,
};
use crate::domain::service::{Evidence, Spell};
use crate::domain::sound::Sound;
use crate::domain::staff::{self, Person};
use crate::domain::team::{Membership, Team};
use crate::domain::time::Date;
use crate::domain::title::Title;
use crate::domain::training::Training;
use crate::service::{Office, ServiceError};
use crate::store::dated::{self, Fact, Of};
use crate::store::{Reader, employment, locus, subject};
use std::future::Future;

/// Where a fact stands among those of its noun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The subject has one at a time.
    One,
    /// The fact says which.
    Named(String),
    /// Each has a slot of its own, numbered.
    Own,
}

impl Slot {
    /// The key; of a numbered one nothing yet.
    pub fn key(&self) -> &str {
        match self {
            Self::Named(key) => key,
            Self::One | Self::Own => "",
        }
    }
}

/// A noun that can be read.
pub trait Shown: Fact<Subject: Owner> + Sound {
    /// Its name in the API and in the trail.
    const KEY: &'static str;
    /// Who may read it.
    const READ: Action;

    /// Where the fact stands.
    fn slot(&self) -> Slot;
}

/// A noun that can be written by itself, and what it asks for beyond its own fields.
pub trait Recorded: Shown {
    /// Who may record and correct it.
    const WRITE: Action;
    /// Who may end it.
    const END: Action = Self::WRITE;
    /// Others rest on it: it holds without an end.
    const LASTS: bool = false;

    /// What the subject would be with this fact, where that decides who may write it.
    fn destination(
        &self,
        _reader: &mut Reader,
        _of: Id<Self::Subject>,
        _on: Date,
    ) -> impl Future<Output = Result<Option<Subject>, ServiceError>> + Send {
        async { Ok(None) }
    }

    /// What does not fit the records around it. Fields are sound by then.
    fn known(
        &self,
        _office: &Office,
        _reader: &mut Reader,
        _of: Id<Self::Subject>,
        _validity: Validity,
    ) -> impl Future<Output = Result<Vec<Refusal>, ServiceError>> + Send {
        async { Ok(Vec::new()) }
    }

    /// What keeps it from taking, from a day on, the place of what held until then.
    fn may_follow(
        &self,
        _before: &Self,
        _reader: &mut Reader,
        _of: Id<Self::Subject>,
        _on: Date,
    ) -> impl Future<Output = Result<Vec<Refusal>, ServiceError>> + Send {
        async { Ok(Vec::new()) }
    }

    /// What keeps it from ending on a day.
    fn may_end(
        &self,
        _reader: &mut Reader,
        _of: Id<Self::Subject>,
        _on: Date,
    ) -> impl Future<Output = Result<Vec<Refusal>, ServiceError>> + Send {
        async {
            Ok(if Self::LASTS {
                vec![Refusal::HasToHold { field: "until" }]
            } else {
                Vec::new()
            })
        }
    }

    /// Fields that this actor may not change, but would.
    fn reserved(&self, _before: Option<&Self>, _actor: &Actor) -> Vec<Refusal> {
        Vec::new()
    }
}

macro_rules! shown {
    ($($fact:ty: $key:literal, $read:ident, |$one:pat_param| $slot:expr;)+) => {
        $(impl Shown for $fact {
            const KEY: &'static str = $key;
            const READ: Action = Action::$read;

            fn slot(&self) -> Slot {
                let $one = self;
                $slot
            }
        })+

        /// The names of all nouns, with the right that reads each.
        pub fn every_key() -> Vec<(&'static str, Action)> {
            vec![$(($key, Action::$read)),+]
        }
    };
}

fn named(key: impl ToString) -> Slot {
    Slot::Named(key.to_string())
}

shown! {
    institution::Profile: "institution_profile", ReadPlace, |_| Slot::One;
    Succession: "successions", ReadPlace, |one| named(one.predecessor);
    Decision: "establishment", ReadLedger, |_| Slot::One;
    ApprovedPosts: "post_plan", ReadLedger, |_| Slot::One;
    PlannedPosts: "planned_posts", ReadLedger, |one| named(band(one));
    PayTotal: "pay_totals", ReadLedger, |one| named(one.year);
    Team: "teams", ReadLedger, |_| Slot::Own;
    staff::Profile: "person_profile", ReadPerson, |_| Slot::One;
    Employed: "employment", ReadPerson, |_| Slot::One;
    Shared: "shared_employment", ReadPerson, |_| Slot::One;
    Contract: "contract", ReadPerson, |_| Slot::One;
    Licence: "licences", ReadPerson, |one| named(one.kind.key());
    PhysicianAssessment: "physician_assessment", ReadPerson, |_| Slot::One;
    GpRegistration: "gp_registration", ReadPerson, |_| Slot::One;
    Site: "practice_sites", ReadPerson, |_| Slot::Own;
    Title: "title", ReadPerson, |_| Slot::One;
    Appointment: "appointment", ReadPerson, |_| Slot::One;
    LedgerDecision: "ledger_decision", ReadPerson, |_| Slot::One;
    Spell: "service_spells", ReadPerson, |_| Slot::Own;
    Evidence: "service_evidence", ReadPerson, |_| Slot::Own;
    Honour: "honours", ReadPerson, |_| Slot::Own;
    Assessment: "assessments", ReadPerson, |one| named(one.year);
    Training: "training", ReadPerson, |_| Slot::Own;
    Assignment: "assignments", ReadPerson, |_| Slot::Own;
    Term: "leader_terms", ReadPerson, |one| named(&one.role);
    Leave: "leave", ReadPerson, |_| Slot::Own;
    Departure: "departure", ReadPerson, |_| Slot::One;
    Membership: "team_memberships", ReadPerson, |one| named(&one.team);
    rural_doctor::Profile: "rural_doctor_profile", ReadPerson, |_| Slot::One;
    Registration: "registration", ReadPerson, |_| Slot::One;
    Examination: "examinations", ReadPerson, |one| named(one.year);
    Pension: "pension", ReadPerson, |_| Slot::One;
    MedicalInsurance: "medical_insurance", ReadPerson, |_| Slot::One;
    Subsidy: "subsidies", ReadPerson, |one| named(format!("{} {}", one.name, one.month));
    place::Profile: "place_profile", ReadPlace, |_| Slot::One;
    Adoption: "adoptions", ReadPlace, |one| named(&one.policy);
    RuleHandling: "rule_handling", ReadPlace, |one| named(format!("{} {}", one.policy, one.rule));
}

/// `professional.ordinary.senior.5-7`: what the band is for.
fn band(posts: &PlannedPosts) -> String {
    let grade = |grade: Option<u32>| grade.map(|grade| grade.to_string()).unwrap_or_default();
    format!(
        "{}.{}.{}.{}-{}",
        posts.category.key(),
        posts.manner.key(),
        posts.level.map_or("", |level| level.key()),
        grade(posts.highest),
        grade(posts.lowest),
    )
}

/// Nouns that ask for nothing beyond their fields.
macro_rules! plain {
    ($($write:ident: $($fact:ty),+;)+) => {
        $($(impl Recorded for $fact {
            const WRITE: Action = Action::$write;
        })+)+
    };
}

plain! {
    ReorganiseInstitution: Succession;
    DecideEstablishment: Decision;
    DecidePostPlan: ApprovedPosts, PlannedPosts;
    DecidePayTotal: PayTotal;
    EditInstitution: Team;
    EditPerson: Shared, Contract, Licence, PhysicianAssessment, GpRegistration, Site, Title,
        Spell, Evidence, Honour, Assessment, Training, Assignment, Term, Leave, Departure;
    CorrectAppointment: Appointment, LedgerDecision;
    EditRuralDoctor: Registration, Examination, Pension, MedicalInsurance, Subsidy;
}

impl Recorded for institution::Profile {
    const WRITE: Action = Action::EditInstitution;
    const END: Action = Action::ReorganiseInstitution;
    const LASTS: bool = true;

    async fn destination(
        &self,
        reader: &mut Reader,
        of: Id<Institution>,
        on: Date,
    ) -> Result<Option<Subject>, ServiceError> {
        let locus = locus::of_profile(reader, Some(of), self, on).await?;
        Ok(Some(Subject::Place(locus)))
    }

    async fn known(
        &self,
        _: &Office,
        reader: &mut Reader,
        of: Id<Institution>,
        _: Validity,
    ) -> Result<Vec<Refusal>, ServiceError> {
        let Some(code) = &self.parent else {
            return Ok(Vec::new());
        };
        let above = subject::with_code::<Institution>(reader, code).await?;
        Ok(match above {
            Some((id, _)) if id != of => Vec::new(),
            _ => vec![Refusal::NoSuchThing { field: "parent" }],
        })
    }

    /// One with staff, or with others below it, is reorganised, not ended.
    async fn may_end(
        &self,
        reader: &mut Reader,
        of: Id<Institution>,
        on: Date,
    ) -> Result<Vec<Refusal>, ServiceError> {
        let mut out = Vec::new();
        let staff = employment::from_day(reader, of, on).await?;
        if !staff.is_empty() {
            let count = u32::try_from(staff.len()).unwrap_or(u32::MAX);
            out.push(Refusal::StaffLeft { count });
        }
        let below = crate::store::institution::children(reader, of, on).await?;
        if !below.is_empty() {
            let count = u32::try_from(below.len()).unwrap_or(u32::MAX);
            out.push(Refusal::HousesLeft { count });
        }
        Ok(out)
    }

    /// Clerks keep names and numbers; what an institution is, and what the locality chose
    /// for it, the authority in charge says.
    fn reserved(&self, before: Option<&Self>, actor: &Actor) -> Vec<Refusal> {
        let clerk = matches!(
            actor.capacity.role(),
            Role::InstitutionHr | Role::ConsortiumHr
        );
        let Some(before) = before.filter(|_| clerk) else {
            return Vec::new();
        };
        let changed = [
            ("kind", self.kind != before.kind),
            ("area", self.area != before.area),
            ("parent", self.parent != before.parent),
            ("consortium", self.consortium != before.consortium),
            ("sponsor", self.sponsor != before.sponsor),
            (
                "raised_senior_ratio",
                self.raised_senior_ratio != before.raised_senior_ratio,
            ),
            (
                "directed_evaluation",
                self.directed_evaluation != before.directed_evaluation,
            ),
        ];
        let changed = changed.into_iter().filter(|(_, changed)| *changed);
        changed
            .map(|(field, _)| Refusal::ReservedField { field })
            .collect()
    }
}

impl Recorded for staff::Profile {
    const WRITE: Action = Action::EditPerson;
    const LASTS: bool = true;

    async fn known(
        &self,
        _: &Office,
        _: &mut Reader,
        _: Id<Person>,
        _: Validity,
    ) -> Result<Vec<Refusal>, ServiceError> {
        let wrong = self.email.as_ref().is_some_and(|email| !is_email(email));
        Ok(if wrong {
            vec![Refusal::BadEmail]
        } else {
            Vec::new()
        })
    }
}

/// Something on both sides of one `@`, and no space.
fn is_email(text: &str) -> bool {
    let sides = text.split_once('@');
    sides.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
        && !text.contains(char::is_whitespace)
}

impl Recorded for Employed {
    const WRITE: Action = Action::EditPerson;

    async fn destination(
        &self,
        reader: &mut Reader,
        of: Id<Person>,
        on: Date,
    ) -> Result<Option<Subject>, ServiceError> {
        let locus = locus::of_institution(reader, self.institution, on).await?;
        Ok(Some(Subject::Person(PersonFile { person: of, locus })))
    }

    /// The institution is there, and the person's file has begun, on the first and on the
    /// last of the days.
    async fn known(
        &self,
        _: &Office,
        reader: &mut Reader,
        of: Id<Person>,
        validity: Validity,
    ) -> Result<Vec<Refusal>, ServiceError> {
        let (house, person) = ([self.institution], [of]);
        let mut refusals = Vec::new();
        for when in [When::on(validity.from), before_end(validity)] {
            let of = Of::These(&house);
            let there = dated::at::<institution::Profile>(reader, of, when).await?;
            let file = dated::at::<staff::Profile>(reader, Of::These(&person), when).await?;
            let institution = Refusal::NotThereYet {
                field: "institution",
            };
            let from = Refusal::NotThereYet { field: "from" };
            let missing = [(there.is_empty(), institution), (file.is_empty(), from)];
            for (missing, refusal) in missing {
                if missing && !refusals.contains(&refusal) {
                    refusals.push(refusal);
                }
            }
        }
        Ok(refusals)
    }

    /// An appointment belongs to a post of the institution: [`transfer`] ends it.
    ///
    /// [`transfer`]: crate::service::staff::transfer
    async fn may_follow(
        &self,
        before: &Self,
        reader: &mut Reader,
        of: Id<Person>,
        on: Date,
    ) -> Result<Vec<Refusal>, ServiceError> {
        if before.institution == self.institution {
            return Ok(Vec::new());
        }
        let these = [of];
        let held = dated::at::<Appointment>(reader, Of::These(&these), When::on(on)).await?;
        let since = held.iter().map(|row| row.validity.from);
        let earlier = since.filter(|since| *since < on).min();
        let stands = earlier.map(|since| Refusal::AppointmentStands { since });
        Ok(stands.into_iter().collect())
    }
}

/// The last of the days.
fn before_end(validity: Validity) -> When {
    let until = validity.until.unwrap_or(Date::LAST);
    When::on(until.plus(-1).unwrap_or(until))
}

impl Recorded for Membership {
    const WRITE: Action = Action::EditPerson;

    async fn known(
        &self,
        _: &Office,
        reader: &mut Reader,
        _: Id<Person>,
        validity: Validity,
    ) -> Result<Vec<Refusal>, ServiceError> {
        let house = [self.institution];
        let when = When::on(validity.from);
        let teams = dated::at::<Team>(reader, Of::These(&house), when).await?;
        let known = teams.iter().any(|row| row.slot == self.team);
        Ok(if known {
            Vec::new()
        } else {
            vec![Refusal::NoSuchThing { field: "team" }]
        })
    }
}

impl Recorded for rural_doctor::Profile {
    const WRITE: Action = Action::EditRuralDoctor;

    async fn destination(
        &self,
        reader: &mut Reader,
        of: Id<RuralDoctor>,
        on: Date,
    ) -> Result<Option<Subject>, ServiceError> {
        let locus = locus::of_rural_doctor(reader, self, on).await?;
        Ok(Some(owner::rural_doctor(of, locus)))
    }
}

impl Recorded for place::Profile {
    const WRITE: Action = Action::EditArea;

    async fn known(
        &self,
        _: &Office,
        reader: &mut Reader,
        of: Id<place::Place>,
        _: Validity,
    ) -> Result<Vec<Refusal>, ServiceError> {
        let Some(parent) = self.parent else {
            return Ok(Vec::new());
        };
        let code = owner::code(reader, of).await?;
        let inside = code != parent && code.is_within(parent);
        Ok(if inside {
            Vec::new()
        } else {
            vec![Refusal::BadCode { field: "parent" }]
        })
    }
}

/// The nouns that can be written by themselves, with the rights that write and end each.
pub fn every_written() -> Vec<(&'static str, Action, Action)> {
    fn of<F: Recorded>() -> (&'static str, Action, Action) {
        (F::KEY, F::WRITE, F::END)
    }
    vec![
        of::<institution::Profile>(),
        of::<Succession>(),
        of::<Decision>(),
        of::<ApprovedPosts>(),
        of::<PlannedPosts>(),
        of::<PayTotal>(),
        of::<Team>(),
        of::<Employed>(),
        of::<Shared>(),
        of::<Contract>(),
        of::<Licence>(),
        of::<PhysicianAssessment>(),
        of::<GpRegistration>(),
        of::<Site>(),
        of::<Title>(),
        of::<Appointment>(),
        of::<LedgerDecision>(),
        of::<Spell>(),
        of::<Evidence>(),
        of::<Honour>(),
        of::<Assessment>(),
        of::<Training>(),
        of::<Assignment>(),
        of::<Term>(),
        of::<Leave>(),
        of::<Departure>(),
        of::<Membership>(),
        of::<rural_doctor::Profile>(),
        of::<Registration>(),
        of::<Examination>(),
        of::<Pension>(),
        of::<MedicalInsurance>(),
        of::<Subsidy>(),
        of::<place::Profile>(),
    ]
}
