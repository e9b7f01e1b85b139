//! How a register becomes records.

use super::Vault;
use super::compare::{Comparison, Difference, Differences, compare};
use super::complete::{self, Firsts, Scope};
use crate::domain::appointment::Appointment;
use crate::domain::employment::Employed;
use crate::domain::establishment::Decision;
use crate::domain::ids::AreaCode;
use crate::domain::institution::{self, ApprovedPosts, Institution};
use crate::domain::place::{self, Place};
use crate::domain::record::Id;
use crate::domain::register::{Origin, Register};
use crate::domain::rural_doctor::{self, RuralDoctor};
use crate::domain::secret::SecretField;
use crate::domain::service::Spell;
use crate::domain::staff::{self, History, Person};
use crate::domain::time::Date;
use crate::domain::title::Title;
use crate::store::backend::Tx;
use crate::store::change::Recording;
use crate::store::dated::{Edits, Fact, Statement, Timelines, held};
use crate::store::error::StoreError;
use crate::store::subject::{self, Key, Subject};
use crate::store::timeline::Outcome;
use crate::store::{service, setting};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Told how many records are written so far. Of one that is written in several parts, the
/// parts count.
pub type Tell<'a> = &'a (dyn Fn(usize) + Sync);

/// Records a register that is complete for a scope, as what holds from a day on, and
/// says what that changed. Nothing is written when nothing is different.
pub async fn record(
    tx: &mut Tx,
    recording: &mut Recording,
    register: &Register,
    scope: &Scope,
    on: Date,
    vault: &dyn Vault,
    tell: Tell<'_>,
) -> Result<Comparison, StoreError> {
    // one register after the other: two would find the same subjects missing
    setting::lock(tx, setting::REGISTER).await?;
    let comparison = compare(tx, register, scope, on, vault).await?;
    if comparison.differences.is_empty() {
        return Ok(comparison);
    }
    let work = Work {
        register,
        old: &comparison.before.register,
        differences: &comparison.differences,
        later: Firsts::than(tx, on).await?,
        on,
        vault,
        progress: Progress::new(tell),
    };
    let institutions = work.institutions(tx, recording).await?;
    work.people(tx, recording, &institutions).await?;
    work.rural_doctors(tx, recording).await?;
    work.places(tx, recording).await?;
    complete::add(tx, recording, scope, on).await?;
    Ok(comparison)
}

struct Work<'a> {
    register: &'a Register,
    old: &'a Register,
    differences: &'a Differences,
    later: Firsts,
    on: Date,
    vault: &'a dyn Vault,
    progress: Progress<'a>,
}

/// How many records are written.
struct Progress<'a> {
    /// Before those that are being written.
    whole: AtomicUsize,
    tell: Tell<'a>,
}

impl<'a> Progress<'a> {
    fn new(tell: Tell<'a>) -> Self {
        let whole = AtomicUsize::new(0);
        Self { whole, tell }
    }

    /// Of `records`, so many parts of all are written.
    fn part(&self, records: usize, written: usize, of: usize) {
        let own = records.saturating_mul(written).checked_div(of).unwrap_or(0);
        let before = self.whole.load(Ordering::Relaxed);
        (self.tell)(before.saturating_add(own));
        if written == of {
            self.whole.fetch_add(records, Ordering::Relaxed);
        }
    }
}

/// A subject that is not as recorded.
struct Touched<'a, S> {
    id: Id<S>,
    /// As it is recorded for the day.
    old: Option<&'a S>,
    /// As it is to be recorded; `None` = it ends.
    new: Option<&'a S>,
}

impl<'a, S> Touched<'a, S> {
    /// The record that says where the subject belongs: the new one, or the last.
    fn record(&self) -> Option<&'a S> {
        self.new.or(self.old)
    }
}

impl Work<'_> {
    async fn institutions(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
    ) -> Result<HashMap<String, Id<Institution>>, StoreError> {
        let new = &self.register.institutions;
        let differences = &self.differences.institutions;
        let touched = touch(
            tx,
            recording,
            differences,
            &self.old.institutions,
            new,
            |one| Key::Code(one.code.clone()),
        )
        .await?;
        let mut profiles = Noun::<institution::Profile>::of(tx, &touched).await?;
        let mut decisions = Noun::<Decision>::of(tx, &touched).await?;
        let mut plans = Noun::<ApprovedPosts>::of(tx, &touched).await?;
        for one in &touched {
            let Some(record) = one.record() else { continue };
            let until = self.later.of_institution(&record.code, record.area);
            let days = Days { on: self.on, until };
            let decision = one.new.map(|new| {
                let current = decisions.held.current(one.id, self.on);
                decision(new, current)
            });
            profiles.state(recording, one.id, one.new.map(profile_of_institution), days);
            decisions.state(recording, one.id, decision, days);
            plans.state(recording, one.id, one.new.map(|new| new.posts), days);
        }
        profiles.edits.apply(tx, recording).await?;
        decisions.edits.apply(tx, recording).await?;
        plans.edits.apply(tx, recording).await?;
        self.progress.part(touched.len(), 1, 1);
        self.institutions_by_code(&touched)
    }

    /// Every institution of the register, those that were just made too.
    fn institutions_by_code(
        &self,
        touched: &[Touched<'_, Institution>],
    ) -> Result<HashMap<String, Id<Institution>>, StoreError> {
        let known = self.differences.institutions.iter().filter_map(|one| {
            let institution = self.register.institutions.get(one.after?)?;
            Some((institution.code.clone(), one.subject?))
        });
        let made = touched
            .iter()
            .filter_map(|one| Some((one.new?.code.clone(), one.id)));
        Ok(known.chain(made).collect())
    }

    async fn people(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
        institutions: &HashMap<String, Id<Institution>>,
    ) -> Result<(), StoreError> {
        let new = &self.register.people;
        let differences = &self.differences.people;
        let key =
            |one: &Person| Key::Number(self.vault.seal(SecretField::NationalId, one.id.as_str()));
        let touched = touch(tx, recording, differences, &self.old.people, new, key).await?;
        let mut profiles = Noun::<staff::Profile>::of(tx, &touched).await?;
        let mut employments = Noun::<Employed>::of(tx, &touched).await?;
        let mut titles = Noun::<Title>::of(tx, &touched).await?;
        let mut appointments = Noun::<Appointment>::of(tx, &touched).await?;
        let mut spells = Noun::<Spell>::of(tx, &touched).await?;
        for one in &touched {
            let days = self.days_of_person(one);
            let employed = match one.new {
                None => None,
                Some(person) => Some(self.employed(person, institutions)?),
            };
            employments.state(recording, one.id, employed, days);
            appointments.state(recording, one.id, one.new.map(appointment), days);
            // who leaves keeps name, title and history
            let Some(person) = one.new else { continue };
            let profile = self.profile(person, profiles.held.current(one.id, self.on));
            profiles.state(recording, one.id, Some(profile), days);
            let title = title(person, titles.held.current(one.id, self.on));
            titles.state(recording, one.id, Some(title), days);
            spells.state_all(recording, one.id, person.history.spells(), days);
        }
        let written = |parts| self.progress.part(touched.len(), parts, 5);
        profiles.edits.apply(tx, recording).await?;
        written(1);
        employments.edits.apply(tx, recording).await?;
        written(2);
        titles.edits.apply(tx, recording).await?;
        written(3);
        appointments.edits.apply(tx, recording).await?;
        written(4);
        spells.edits.apply(tx, recording).await?;
        written(5);
        Ok(())
    }

    fn days_of_person(&self, one: &Touched<'_, Person>) -> Days {
        let register = if one.new.is_some() {
            self.register
        } else {
            self.old
        };
        let place = one
            .record()
            .and_then(|one| register.institutions.get(one.institution));
        let until = place.and_then(|place| self.later.of_institution(&place.code, place.area));
        Days { on: self.on, until }
    }

    fn employed(
        &self,
        person: &Person,
        institutions: &HashMap<String, Id<Institution>>,
    ) -> Result<Employed, StoreError> {
        let place = self.register.institutions.get(person.institution);
        let id = place.and_then(|place| institutions.get(&place.code));
        Ok(Employed {
            institution: *id.ok_or_else(|| StoreError::NotFound {
                table: "institution",
                key: place.map_or_else(String::new, |place| place.code.clone()),
            })?,
            employment: person.employment,
            category: person.category,
            dual_post: person.dual_post,
        })
    }

    /// Without the statistics export nothing is said of places of practice: those of
    /// `current` stay.
    fn profile(&self, person: &Person, current: Option<&staff::Profile>) -> staff::Profile {
        let mobile = person.mobile.as_deref();
        let sites = person.sites.as_ref();
        let kept = current.filter(|_| sites.is_none());
        staff::Profile {
            name: person.name.clone(),
            mobile: mobile.map(|mobile| self.vault.seal(SecretField::Phone, mobile)),
            email: person.email.clone(),
            job_class: person.job_class,
            licence_class: person.licence_class,
            multi_site: sites
                .map(|sites| sites.several)
                .or(kept.and_then(|kept| kept.multi_site)),
            second_site: sites
                .and_then(|sites| sites.second)
                .or(kept.and_then(|kept| kept.second_site)),
            third_site: sites
                .and_then(|sites| sites.third)
                .or(kept.and_then(|kept| kept.third_site)),
            gp_registered: person.gp_registered,
            gp_training: person.gp_training,
            preventive_post: person.preventive_post,
            retirement_class: person.retirement_class,
            started_work: person.started_work,
            history_known: person.history != History::Unknown,
        }
    }

    async fn rural_doctors(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
    ) -> Result<(), StoreError> {
        let new = &self.register.rural_doctors;
        let differences = &self.differences.rural_doctors;
        let key = |one: &RuralDoctor| {
            Key::Number(self.vault.seal(SecretField::NationalId, one.id.as_str()))
        };
        let touched = touch(
            tx,
            recording,
            differences,
            &self.old.rural_doctors,
            new,
            key,
        )
        .await?;
        let mut profiles = Noun::<rural_doctor::Profile>::of(tx, &touched).await?;
        for one in &touched {
            let days = self.days_of_area(one.record().map(|record| record.area));
            profiles.state(recording, one.id, one.new.map(profile_of_doctor), days);
        }
        profiles.edits.apply(tx, recording).await
    }

    async fn places(&self, tx: &mut Tx, recording: &mut Recording) -> Result<(), StoreError> {
        let new = &self.register.places;
        let differences = &self.differences.places;
        let key = |one: &Place| Key::Code(one.code.to_string());
        let touched = touch(tx, recording, differences, &self.old.places, new, key).await?;
        let mut profiles = Noun::<place::Profile>::of(tx, &touched).await?;
        for one in &touched {
            let days = self.days_of_area(one.record().map(|record| record.code));
            profiles.state(recording, one.id, one.new.map(profile_of_place), days);
        }
        profiles.edits.apply(tx, recording).await
    }

    fn days_of_area(&self, area: Option<AreaCode>) -> Days {
        let until = area.and_then(|area| self.later.of_area(area));
        Days { on: self.on, until }
    }
}

/// Makes the subjects that are new, locks those that are not as recorded and gives them
/// their next version.
async fn touch<'a, S: Subject>(
    tx: &mut Tx,
    recording: &mut Recording,
    differences: &[Difference<S>],
    old: &'a [S],
    new: &'a [S],
    key: impl Fn(&S) -> Key,
) -> Result<Vec<Touched<'a, S>>, StoreError> {
    let mut touched = Vec::new();
    let (mut made, mut known) = (Vec::new(), Vec::new());
    let different = differences
        .iter()
        .filter(|one| one.outcome != Outcome::Unchanged);
    for one in different {
        let new = one.after.and_then(|at| new.get(at));
        let id = match (one.subject, new) {
            (Some(id), _) => {
                known.push(id);
                id
            }
            (None, Some(new)) => {
                let id = recording.ids.make();
                made.push((id, key(new)));
                id
            }
            (None, None) => continue,
        };
        let old = one.before.and_then(|at| old.get(at));
        touched.push(Touched { id, old, new });
    }
    subject::create(tx, recording, &made).await?;
    subject::touch_all(tx, &known).await?;
    Ok(touched)
}

/// From when on, and until when at most.
#[derive(Clone, Copy)]
struct Days {
    on: Date,
    until: Option<Date>,
}

/// The rows of one noun, and what is done to them.
struct Noun<F: Fact> {
    held: Timelines<F>,
    edits: Edits<F>,
}

impl<F: Fact> Noun<F> {
    async fn of(tx: &mut Tx, touched: &[Touched<'_, F::Subject>]) -> Result<Self, StoreError> {
        let ids: Vec<_> = touched.iter().map(|one| one.id).collect();
        Ok(Self {
            held: held(tx, &ids).await?,
            edits: Edits::new(),
        })
    }

    fn state(
        &mut self,
        recording: &mut Recording,
        subject: Id<F::Subject>,
        fact: Option<F>,
        days: Days,
    ) {
        self.state_slot(recording, subject, String::new(), fact, days);
    }

    fn state_slot(
        &mut self,
        recording: &mut Recording,
        subject: Id<F::Subject>,
        slot: String,
        fact: Option<F>,
        days: Days,
    ) {
        let statement = Statement {
            subject,
            slot,
            fact,
            on: days.on,
            until: days.until,
        };
        self.edits.state(recording, &self.held, statement);
    }
}

impl Noun<Spell> {
    /// States all spells of a person: one slot each, and nothing in the slots behind.
    fn state_all(
        &mut self,
        recording: &mut Recording,
        person: Id<Person>,
        spells: &[Spell],
        days: Days,
    ) {
        let mut gone = self.held.slots(person, days.on);
        for (position, spell) in spells.iter().enumerate() {
            let slot = service::slot(position);
            gone.retain(|one| *one != slot);
            let spell = Spell {
                origin: Origin::NOWHERE,
                ..spell.clone()
            };
            self.state_slot(recording, person, slot, Some(spell), days);
        }
        for slot in gone {
            self.state_slot(recording, person, slot, None, days);
        }
    }
}

fn profile_of_institution(institution: &Institution) -> institution::Profile {
    institution::Profile {
        name: institution.name.clone(),
        kind: institution.kind,
        area: institution.area,
        parent: institution.parent.clone(),
        consortium: institution.consortium.clone(),
        sponsor: institution.sponsor,
        service_population: institution.service_population,
        beds: institution.beds,
        rehabilitation_beds: institution.rehabilitation_beds,
        raised_senior_ratio: institution.raised_senior_ratio,
        directed_evaluation: institution.directed_evaluation,
    }
}

/// A workbook has the numbers only: what else the records say of the decision stays.
fn decision(institution: &Institution, current: Option<&Decision>) -> Decision {
    Decision {
        total: institution.establishment.total,
        professional: institution.establishment.professional,
        management: institution.establishment.management,
        worker: institution.establishment.worker,
        approved: institution.establishment_approved,
        ..current.cloned().unwrap_or_default()
    }
}

/// A workbook knows neither series nor certificate: those of the same title stay.
fn title(person: &Person, current: Option<&Title>) -> Title {
    let same = current.filter(|current| current.rank == person.title);
    Title {
        rank: person.title,
        kind: person.title_kind,
        field: person.title_field.clone(),
        area: person.title_area,
        since: person.title_since,
        series: same.and_then(|same| same.series),
        certificate: same.and_then(|same| same.certificate.clone()),
    }
}

fn appointment(person: &Person) -> Appointment {
    Appointment {
        rank: person.appointed,
        grade: person.grade,
        since: person.appointed_since,
        manner: person.manner,
    }
}

fn profile_of_doctor(doctor: &RuralDoctor) -> rural_doctor::Profile {
    rural_doctor::Profile {
        name: doctor.name.clone(),
        area: doctor.area,
        clinic: doctor.clinic.clone(),
        qualification: doctor.qualification,
        labour_relation: doctor.labour_relation,
        on_establishment: doctor.on_establishment,
        pension: doctor.pension,
    }
}

fn profile_of_place(place: &Place) -> place::Profile {
    place::Profile {
        name: place.name.clone(),
        level: place.level,
        parent: place.parent,
        residents: place.residents,
        establishment_reviewed: place.establishment_reviewed,
    }
}
