//! The register, or a part of it, as the records have it for a day.

use super::{Vault, part};
use crate::domain::appointment::{Appointment, LedgerDecision};
use crate::domain::column::SheetKind;
use crate::domain::employment::Employed;
use crate::domain::establishment::Decision;
use crate::domain::ids::{AreaCode, NationalId};
use crate::domain::institution::{self, ApprovedPosts, Establishment, Institution};
use crate::domain::place::{self, Place};
use crate::domain::post::Ledger;
use crate::domain::record::{Id, When};
use crate::domain::register::{Origin, Register, Source, SourceId};
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::secret::{Findable, SecretField};
use crate::domain::service::Spell;
use crate::domain::staff::{self, History, Person, Sites};
use crate::domain::title::Title;
use crate::store::backend::Reader;
use crate::store::dated::{self, Dated, Fact, Of};
use crate::store::error::StoreError;
use crate::store::{employment, subject};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Which part of the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    /// Institutions, rural doctors and places of an area.
    Area(AreaCode),
    /// The institutions of a medical community.
    Consortium(String),
    /// The institution with that code and all below it.
    Below(String),
    /// Some institutions.
    These(Vec<Id<Institution>>),
}

/// A register, and for each of its rows the subject it is about.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Rows stand in the order in which they were first recorded. Origins name the sheet
    /// of the workbook and the row in which an export writes them.
    pub register: Register,
    pub institutions: Vec<Id<Institution>>,
    pub people: Vec<Id<Person>>,
    /// By person: a decision is recorded that they stand off quota.
    pub off_quota: Vec<bool>,
    pub rural_doctors: Vec<Id<RuralDoctor>>,
    pub places: Vec<Id<Place>>,
}

/// A part of the register as it was on a day. `vault` opens identity numbers and phones.
/// Read it from a snapshot.
pub async fn load(
    reader: &mut Reader,
    part: &Part,
    when: When,
    vault: &dyn Vault,
) -> Result<Loaded, StoreError> {
    load_with(reader, part, &More::default(), when, vault).await
}

/// Rural doctors and places of an area as they were on a day; everywhere where no area is
/// given.
pub async fn load_area(
    reader: &mut Reader,
    area: Option<AreaCode>,
    when: When,
    vault: &dyn Vault,
) -> Result<Loaded, StoreError> {
    let mut loader = Loader {
        reader,
        when,
        vault,
        loaded: Loaded::default(),
    };
    let part = area.map_or(Part::Whole, Part::Area);
    loader.rural_doctors(&part, &HashSet::new()).await?;
    loader.places(&part, &HashSet::new()).await?;
    Ok(loader.loaded)
}

/// Subjects loaded besides a part, wherever they belong.
#[derive(Debug, Default)]
pub(super) struct More {
    pub institutions: HashSet<Id<Institution>>,
    /// Their institutions are loaded too.
    pub people: HashSet<Id<Person>>,
    pub rural_doctors: HashSet<Id<RuralDoctor>>,
    pub places: HashSet<Id<Place>>,
}

/// A part of the register, and some subjects more.
pub(super) async fn load_with(
    reader: &mut Reader,
    part: &Part,
    more: &More,
    when: When,
    vault: &dyn Vault,
) -> Result<Loaded, StoreError> {
    let mut loader = Loader {
        reader,
        when,
        vault,
        loaded: Loaded::default(),
    };
    loader.name_sources();
    let employed = loader.institutions(part, more).await?;
    loader.people(part, employed).await?;
    loader.rural_doctors(part, &more.rural_doctors).await?;
    loader.places(part, &more.places).await?;
    Ok(loader.loaded)
}

struct Loader<'a> {
    reader: &'a mut Reader,
    when: When,
    vault: &'a dyn Vault,
    loaded: Loaded,
}

/// The row of the first record in an exported sheet: a title and the headers stand above.
const FIRST_ROW: u32 = 3;

fn origin(sheet: SheetKind, position: usize) -> Origin {
    Origin {
        source: SourceId(u16::from(sheet.code())),
        row: u32::try_from(position).map_or(u32::MAX, |at| FIRST_ROW.saturating_add(at)),
    }
}

impl Loader<'_> {
    fn name_sources(&mut self) {
        let sources = SheetKind::ALL.iter().map(|sheet| Source {
            file: String::new(),
            sheet: sheet.label().to_owned(),
        });
        self.loaded.register.sources = sources.collect();
    }

    async fn at<F: Fact>(&mut self, of: Of<'_, F::Subject>) -> Result<Vec<Dated<F>>, StoreError> {
        dated::at(self.reader, of, self.when).await
    }

    /// What holds of each subject in the one slot of a noun.
    async fn each<F: Fact>(
        &mut self,
        of: Of<'_, F::Subject>,
    ) -> Result<HashMap<Id<F::Subject>, F>, StoreError> {
        let rows = self.at::<F>(of).await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.subject, row.fact))
            .collect())
    }

    /// Adds the institutions, and says who is employed: at those of the part, and the
    /// people asked for.
    async fn institutions(
        &mut self,
        part: &Part,
        more: &More,
    ) -> Result<Vec<Dated<Employed>>, StoreError> {
        let mut profiles = part::profiles(self.reader, part, self.when).await?;
        let ids: Vec<_> = profiles.iter().map(|row| row.subject).collect();
        let mut codes = subject::codes(self.reader, &ids).await?;
        let employed = self.employed(part, &profiles, &more.people).await?;
        let elsewhere = elsewhere(&profiles, &employed, &more.institutions);
        if !elsewhere.is_empty() {
            profiles.extend(self.at(Of::These(&elsewhere)).await?);
            codes.extend(subject::codes(self.reader, &elsewhere).await?);
        }
        let ids: Vec<_> = profiles.iter().map(|row| row.subject).collect();
        let of = if *part == Part::Whole {
            Of::Everyone
        } else {
            Of::These(&ids)
        };
        let mut decisions = self.each::<Decision>(of).await?;
        let mut plans = self.each::<ApprovedPosts>(of).await?;
        for (position, row) in profiles.into_iter().enumerate() {
            let id = row.subject;
            let code = codes.get(&id).cloned().unwrap_or_default();
            let decision = decisions.remove(&id).unwrap_or_default();
            let posts = plans.remove(&id).unwrap_or_default();
            let origin = origin(SheetKind::Institutions, position);
            let institution = build_institution(origin, code, row.fact, decision, posts);
            self.loaded.register.institutions.push(institution);
            self.loaded.institutions.push(id);
        }
        Ok(employed)
    }

    async fn employed(
        &mut self,
        part: &Part,
        profiles: &[Dated<institution::Profile>],
        people: &HashSet<Id<Person>>,
    ) -> Result<Vec<Dated<Employed>>, StoreError> {
        if *part == Part::Whole {
            return self.at(Of::Everyone).await;
        }
        let ids: Vec<_> = profiles.iter().map(|row| row.subject).collect();
        let mut employed = employment::of_institutions(self.reader, &ids, self.when).await?;
        if !people.is_empty() {
            let people: Vec<_> = people.iter().copied().collect();
            employed.extend(self.at(Of::These(&people)).await?);
            employed.sort_by_key(|row| row.subject);
            employed.dedup_by_key(|row| row.subject);
        }
        Ok(employed)
    }

    async fn people(
        &mut self,
        part: &Part,
        employed: Vec<Dated<Employed>>,
    ) -> Result<(), StoreError> {
        let ids: Vec<_> = employed.iter().map(|row| row.subject).collect();
        let of = if *part == Part::Whole {
            Of::Everyone
        } else {
            Of::These(&ids)
        };
        let mut careers = self.careers(of).await?;
        let numbers = subject::numbers(self.reader, &ids).await?;
        let places = self.loaded.institutions.iter().copied();
        let places: HashMap<_, usize> = places.zip(0..).collect();
        for row in employed {
            let (id, employed) = (row.subject, row.fact);
            let place = places.get(&employed.institution).copied();
            let place = place.ok_or_else(|| corrupt("employment", "institution", id))?;
            let number = self.national_id("person", &numbers, id)?;
            let origin = origin(SheetKind::People, self.loaded.people.len());
            let mut person = Person::new(
                origin,
                number,
                String::new(),
                place,
                employed.employment,
                employed.category,
            );
            person.dual_post = employed.dual_post;
            careers.fill(&mut person, id, self.vault)?;
            self.loaded.register.people.push(person);
            self.loaded.people.push(id);
            self.loaded.off_quota.push(careers.off_quota.contains(&id));
        }
        Ok(())
    }

    /// What is recorded of people besides their employment.
    async fn careers(&mut self, of: Of<'_, Person>) -> Result<Careers, StoreError> {
        let mut careers = Careers {
            profiles: self.each(of).await?,
            titles: self.each(of).await?,
            appointments: self.each(of).await?,
            spells: HashMap::new(),
            off_quota: HashSet::new(),
        };
        for row in self.at::<LedgerDecision>(of).await? {
            if row.fact.ledger == Ledger::OffQuota {
                careers.off_quota.insert(row.subject);
            }
        }
        for (position, row) in self.at::<Spell>(of).await?.into_iter().enumerate() {
            let origin = origin(SheetKind::Spells, position);
            let spell = Spell { origin, ..row.fact };
            careers.spells.entry(row.subject).or_default().push(spell);
        }
        Ok(careers)
    }

    fn national_id<S>(
        &self,
        table: &'static str,
        numbers: &HashMap<Id<S>, Findable>,
        id: Id<S>,
    ) -> Result<NationalId, StoreError> {
        let number = numbers
            .get(&id)
            .and_then(|sealed| self.vault.open(SecretField::NationalId, sealed));
        let number = number.and_then(|number| NationalId::read(&number).ok());
        number.ok_or_else(|| corrupt(table, "id_cipher", id))
    }

    async fn rural_doctors(
        &mut self,
        part: &Part,
        more: &HashSet<Id<RuralDoctor>>,
    ) -> Result<(), StoreError> {
        let mut rows = match area_of(part) {
            Some(area) => part::doctors(self.reader, area, self.when).await?,
            None => Vec::new(),
        };
        let here: HashSet<_> = rows.iter().map(|row| row.subject).collect();
        let more: Vec<_> = more.difference(&here).copied().collect();
        if !more.is_empty() {
            rows.extend(self.at(Of::These(&more)).await?);
            rows.sort_by_key(|row| row.subject);
        }
        let ids: Vec<_> = rows.iter().map(|row| row.subject).collect();
        let numbers = subject::numbers(self.reader, &ids).await?;
        for (position, row) in rows.into_iter().enumerate() {
            let id = row.subject;
            let number = self.national_id("rural_doctor", &numbers, id)?;
            let profile = row.fact;
            self.loaded.register.rural_doctors.push(RuralDoctor {
                origin: origin(SheetKind::RuralDoctors, position),
                id: number,
                name: profile.name,
                area: profile.area,
                clinic: profile.clinic,
                qualification: profile.qualification,
                labour_relation: profile.labour_relation,
                on_establishment: profile.on_establishment,
                pension: profile.pension,
            });
            self.loaded.rural_doctors.push(id);
        }
        Ok(())
    }

    async fn places(&mut self, part: &Part, more: &HashSet<Id<Place>>) -> Result<(), StoreError> {
        let mut codes = HashMap::new();
        if let Some(area) = area_of(part) {
            codes.extend(part::places(self.reader, area, self.when).await?);
        }
        let more: Vec<_> = more.iter().copied().collect();
        codes.extend(subject::codes(self.reader, &more).await?);
        let ids: Vec<_> = codes.keys().copied().collect();
        let of = match part {
            Part::Whole => Of::Everyone,
            _ => Of::These(&ids),
        };
        let rows: Vec<Dated<place::Profile>> = self.at(of).await?;
        for row in rows {
            let id = row.subject;
            let code = codes
                .get(&id)
                .and_then(|code| AreaCode::read(code, &[6, 9, 12]));
            let code = code.ok_or_else(|| corrupt("place", "code", id))?;
            let profile = row.fact;
            self.loaded.register.places.push(Place {
                origin: origin(SheetKind::Places, self.loaded.places.len()),
                code,
                name: profile.name,
                level: profile.level,
                parent: profile.parent,
                residents: profile.residents,
                establishment_reviewed: profile.establishment_reviewed,
            });
            self.loaded.places.push(id);
        }
        Ok(())
    }
}

fn corrupt<S>(table: &'static str, column: &str, id: Id<S>) -> StoreError {
    StoreError::Corrupt {
        table,
        column: column.to_owned(),
        row: id.to_string(),
    }
}

/// The area whose rural doctors and places belong to a part: `Some(None)` = all there are,
/// `None` = none do.
const fn area_of(part: &Part) -> Option<Option<AreaCode>> {
    match part {
        Part::Whole => Some(None),
        Part::Area(area) => Some(Some(*area)),
        Part::Consortium(_) | Part::Below(_) | Part::These(_) => None,
    }
}

/// The institutions asked for besides, or at which somebody is employed, that are not
/// there yet.
fn elsewhere(
    profiles: &[Dated<institution::Profile>],
    employed: &[Dated<Employed>],
    more: &HashSet<Id<Institution>>,
) -> Vec<Id<Institution>> {
    let here: BTreeSet<_> = profiles.iter().map(|row| row.subject).collect();
    let places = employed.iter().map(|row| row.fact.institution);
    let all: BTreeSet<_> = places.chain(more.iter().copied()).collect();
    all.difference(&here).copied().collect()
}

fn build_institution(
    origin: Origin,
    code: String,
    profile: institution::Profile,
    decision: Decision,
    posts: ApprovedPosts,
) -> Institution {
    Institution {
        origin,
        code,
        name: profile.name,
        kind: profile.kind,
        area: profile.area,
        parent: profile.parent,
        consortium: profile.consortium,
        sponsor: profile.sponsor,
        service_population: profile.service_population,
        beds: profile.beds,
        rehabilitation_beds: profile.rehabilitation_beds,
        establishment: Establishment {
            total: decision.total,
            professional: decision.professional,
            management: decision.management,
            worker: decision.worker,
        },
        posts,
        raised_senior_ratio: profile.raised_senior_ratio,
        directed_evaluation: profile.directed_evaluation,
        establishment_approved: decision.approved,
    }
}

/// What is recorded of people on a day, besides their employment.
struct Careers {
    profiles: HashMap<Id<Person>, staff::Profile>,
    titles: HashMap<Id<Person>, Title>,
    appointments: HashMap<Id<Person>, Appointment>,
    spells: HashMap<Id<Person>, Vec<Spell>>,
    /// Of whom a decision is recorded that they stand off quota.
    off_quota: HashSet<Id<Person>>,
}

impl Careers {
    /// Fills in what is recorded of a person.
    fn fill(
        &mut self,
        person: &mut Person,
        id: Id<Person>,
        vault: &dyn Vault,
    ) -> Result<(), StoreError> {
        let profile = self.profiles.remove(&id);
        let profile = profile.ok_or_else(|| corrupt("person_profile", "subject", id))?;
        let mobile = match &profile.mobile {
            None => None,
            Some(sealed) => {
                let opened = vault.open(SecretField::Phone, sealed);
                Some(opened.ok_or_else(|| corrupt("person_profile", "mobile_cipher", id))?)
            }
        };
        let spells = self.spells.remove(&id).unwrap_or_default();
        person.name = profile.name;
        person.job_class = profile.job_class;
        person.licence_class = profile.licence_class;
        person.sites = profile.multi_site.map(|several| Sites {
            several,
            second: profile.second_site,
            third: profile.third_site,
        });
        person.gp_registered = profile.gp_registered;
        person.gp_training = profile.gp_training;
        person.preventive_post = profile.preventive_post;
        person.retirement_class = profile.retirement_class;
        person.started_work = profile.started_work;
        person.mobile = mobile;
        person.email = profile.email;
        if profile.history_known {
            person.history = History::Spells(spells);
        }
        if let Some(title) = self.titles.remove(&id) {
            set_title(person, title);
        }
        if let Some(appointment) = self.appointments.remove(&id) {
            set_appointment(person, &appointment);
        }
        Ok(())
    }
}

fn set_title(person: &mut Person, title: Title) {
    person.title = title.rank;
    person.title_kind = title.kind;
    person.title_field = title.field;
    person.title_area = title.area;
    person.title_since = title.since;
}

const fn set_appointment(person: &mut Person, appointment: &Appointment) {
    person.appointed = appointment.rank;
    person.grade = appointment.grade;
    person.appointed_since = appointment.since;
    person.manner = appointment.manner;
}
