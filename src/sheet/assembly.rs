//! All sheets of all files put together into one register: what appears twice,
//! which institutions people belong to, whose spell is whose, and where the
//! statistics export adds to the workbook.

use super::header::Content;
use super::institution;
use super::listing::{Listing, Named, People, Records};
use super::row::Found;
use super::service;
use super::staff::{self, Blank};
use crate::domain::column::{
    Column, ColumnSet, ExportColumn, InstitutionColumn, PersonColumn, PlaceColumn,
    RuralDoctorColumn, SheetKind, SpellColumn,
};
use crate::domain::fault::{Expected, Fault, FaultCode, Warning, WarningCode};
use crate::domain::ids::{AreaCode, NationalId};
use crate::domain::institution::Institution;
use crate::domain::place;
use crate::domain::register::{Origin, Register};
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::staff::{History, Person};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::Hash;

/// What the sheets give together.
pub(super) struct Assembled {
    pub register: Register,
    pub faults: Vec<Fault>,
    pub warnings: Vec<Warning>,
    /// Required sheets that no file has.
    pub missing: Vec<SheetKind>,
}

/// Puts the sheets together; they come in the order of files and tabs.
/// `complete`: no file was left unread.
pub(super) fn assemble(register: Register, listings: Vec<Listing>, complete: bool) -> Assembled {
    let supply = Supply::of(&listings, complete);
    let missing = supply.missing();
    let mut assembly = Assembly::new(register, &supply);
    let (mut people, mut exported, mut spells) = (Vec::new(), Vec::new(), Vec::new());
    for mut listing in listings {
        assembly.faults.append(&mut listing.faults);
        assembly.warnings.append(&mut listing.warnings);
        match listing.records {
            Records::Institutions(list) => assembly.add_institutions(list),
            Records::People(list) if listing.content == Content::Export => exported.push(list),
            Records::People(list) => people.push(list),
            Records::Spells(list) => spells.extend(list),
            Records::RuralDoctors(list) => assembly.add_rural_doctors(list),
            Records::Places(list) => assembly.add_places(list),
            Records::Unreadable => {}
        }
    }
    for list in people {
        assembly.add_people(list);
    }
    for list in exported {
        assembly.add_exported(list);
    }
    assembly.add_spells(spells, supply.people_known);
    Assembled {
        missing,
        ..assembly.finish()
    }
}

/// Which sheets the data set has.
struct Supply {
    /// No file was left unread.
    complete: bool,
    institutions: bool,
    institutions_readable: bool,
    people: bool,
    /// A row of 人员, or a sheet 人员 whose rows could not be read.
    people_rows: bool,
    /// Every row of 人员 was read.
    people_known: bool,
    export: bool,
}

/// Where institutions come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Institutions {
    /// The sheet 机构.
    Listed,
    /// The statistics export alone, which gives only code and name.
    Exported,
    /// Nowhere: people cannot be evaluated, only their rows' own faults listed.
    Missing,
}

impl Supply {
    fn of(listings: &[Listing], complete: bool) -> Self {
        let mut supply = Self {
            complete,
            institutions: false,
            institutions_readable: false,
            people: false,
            people_rows: false,
            people_known: complete,
            export: false,
        };
        for listing in listings {
            let readable = !matches!(listing.records, Records::Unreadable);
            let rows = match &listing.records {
                Records::People(people) => !people.rows.is_empty(),
                _ => !readable,
            };
            match listing.content {
                Content::Sheet(SheetKind::Institutions) => {
                    supply.institutions = true;
                    supply.institutions_readable |= readable;
                }
                Content::Sheet(SheetKind::People) => {
                    supply.people = true;
                    supply.people_rows |= rows;
                    supply.people_known &= readable;
                }
                Content::Export => supply.export = true,
                Content::Sheet(_) => {}
            }
        }
        supply
    }

    /// 机构 is not required when every row of people comes from the export.
    fn missing(&self) -> Vec<SheetKind> {
        if !self.complete {
            return Vec::new();
        }
        let export_only = self.export && !self.people_rows;
        let mut missing = Vec::new();
        if !self.institutions && !export_only {
            missing.push(SheetKind::Institutions);
        }
        if !self.people && !self.export {
            missing.push(SheetKind::People);
        }
        missing
    }

    fn of_institutions(&self) -> Institutions {
        if self.institutions_readable {
            Institutions::Listed
        } else if self.institutions || self.people_rows || !self.complete {
            Institutions::Missing
        } else {
            Institutions::Exported
        }
    }
}

/// Where the institution of a row stands.
#[derive(Clone, Copy)]
enum Whereabouts {
    At(usize),
    Refused,
    Unknown,
    /// Nothing is known of any institution.
    Unasked,
}

/// An institution as rows of people write it.
struct Place {
    whereabouts: Whereabouts,
    written: String,
}

/// Someone whose row is accepted, until the export has had its say.
struct Candidate {
    person: Person,
    blank: Blank,
    /// A row of the export for this person has been met.
    exported: bool,
}

struct Assembly {
    register: Register,
    faults: Vec<Found<Fault>>,
    warnings: Vec<Found<Warning>>,
    supply: Institutions,
    codes: HashMap<String, usize>,
    refused_codes: HashSet<String>,
    candidates: Vec<Candidate>,
    /// Positions in `candidates`.
    by_id: HashMap<NationalId, usize>,
    /// Everyone with a row in 人员 of a workbook, refused ones included.
    in_workbook: HashSet<NationalId>,
    in_export: HashSet<NationalId>,
    doctors: HashMap<NationalId, Origin>,
    places: HashMap<AreaCode, Origin>,
}

impl Assembly {
    fn new(register: Register, supply: &Supply) -> Self {
        Self {
            register,
            faults: Vec::new(),
            warnings: Vec::new(),
            supply: supply.of_institutions(),
            codes: HashMap::new(),
            refused_codes: HashSet::new(),
            candidates: Vec::new(),
            by_id: HashMap::new(),
            in_workbook: HashSet::new(),
            in_export: HashSet::new(),
            doctors: HashMap::new(),
            places: HashMap::new(),
        }
    }

    fn add_institutions(&mut self, list: Vec<institution::Read>) {
        for read in list {
            let institution = match read {
                Ok(institution) => institution,
                Err(code) => {
                    self.refused_codes.extend(code);
                    continue;
                }
            };
            match self.codes.entry(institution.code.clone()) {
                Entry::Vacant(free) => {
                    free.insert(self.register.institutions.len());
                    self.register.institutions.push(institution);
                }
                Entry::Occupied(first) => {
                    let first = self.register.institutions.get(*first.get());
                    let first = first.map(|i| i.origin);
                    let column = InstitutionColumn::Code;
                    self.duplicate(institution.origin, first, column, institution.code);
                }
            }
        }
    }

    fn add_rural_doctors(&mut self, list: Vec<RuralDoctor>) {
        for doctor in list {
            match first_with(&mut self.doctors, doctor.id, doctor.origin) {
                None => self.register.rural_doctors.push(doctor),
                first => {
                    self.duplicate(doctor.origin, first, RuralDoctorColumn::Id, doctor.id);
                }
            }
        }
    }

    fn add_places(&mut self, list: Vec<place::Place>) {
        for place in list {
            match first_with(&mut self.places, place.code, place.origin) {
                None => self.register.places.push(place),
                first => {
                    self.duplicate(place.origin, first, PlaceColumn::Code, place.code);
                }
            }
        }
    }

    /// Rows of 人员 in a workbook.
    fn add_people(&mut self, people: People) {
        use PersonColumn::{Id, Institution};
        let places = self.find(people.institutions);
        for row in people.rows {
            self.in_workbook.extend(row.id);
            self.admit(row, &places, Institution, Id, false);
        }
    }

    /// Rows of the export. For someone who stands in a workbook they fill what
    /// is blank there; whom a workbook's row was refused for they do not bring
    /// in by the back door.
    fn add_exported(&mut self, people: People) {
        use ExportColumn::{Id, Institution};
        let places = self.find(people.institutions);
        for row in people.rows {
            self.in_export.extend(row.id);
            if row.id.is_some_and(|id| self.in_workbook.contains(&id)) {
                self.fill(row);
            } else {
                self.admit(row, &places, Institution, Id, true);
            }
        }
    }

    /// Accepts a row that has no fault of its own and a known institution.
    fn admit<C: ColumnSet>(
        &mut self,
        row: staff::Read,
        places: &[Place],
        institution: C,
        id: C,
        exported: bool,
    ) {
        let place = row.institution.and_then(|number| places.get(number));
        let Some(at) = place.and_then(|place| self.institution_at(row.origin, place, institution))
        else {
            return;
        };
        if let Some(person) = row.person {
            let (person, blank) = person.at(at);
            self.accept(person, blank, id, exported);
        }
    }

    fn fill(&mut self, row: staff::Read) {
        let (Some(id), Some(exported)) = (row.id, row.person) else {
            return;
        };
        let at = self.by_id.get(&id);
        let Some(known) = at.and_then(|at| self.candidates.get_mut(*at)) else {
            return;
        };
        if known.exported {
            let first = known.person.origin;
            self.duplicate(row.origin, Some(first), ExportColumn::Id, id);
            return;
        }
        known.exported = true;
        exported.fill(&mut known.person, known.blank);
    }

    /// Finds the institutions that a sheet of people names; those that only
    /// the export knows are made on the way.
    fn find(&mut self, named: Vec<Named>) -> Vec<Place> {
        let found = named.into_iter().map(|named| Place {
            whereabouts: self.find_one(&named),
            written: named.written,
        });
        found.collect()
    }

    fn find_one(&mut self, named: &Named) -> Whereabouts {
        if self.supply == Institutions::Missing {
            return Whereabouts::Unasked;
        }
        if let Some(at) = self.codes.get(&named.code) {
            return Whereabouts::At(*at);
        }
        if self.refused_codes.contains(&named.code) {
            return Whereabouts::Refused;
        }
        if self.supply == Institutions::Listed {
            return Whereabouts::Unknown;
        }
        let at = self.register.institutions.len();
        let name = named.name.clone().unwrap_or_else(|| named.code.clone());
        let institution = Institution::named(named.origin, named.code.clone(), name);
        self.register.institutions.push(institution);
        self.codes.insert(named.code.clone(), at);
        Whereabouts::At(at)
    }

    /// The institution of a row, if there is one; notes why not.
    fn institution_at(
        &mut self,
        origin: Origin,
        place: &Place,
        column: impl ColumnSet,
    ) -> Option<usize> {
        let written = || place.written.clone();
        match place.whereabouts {
            Whereabouts::At(at) => return Some(at),
            Whereabouts::Unasked => {}
            Whereabouts::Refused => {
                self.warn(origin, WarningCode::RefusedInstitution, column, written());
            }
            Whereabouts::Unknown => self.refuse(
                origin,
                FaultCode::UnknownInstitution,
                column,
                written(),
                Expected::InstitutionCode,
            ),
        }
        None
    }

    fn accept(&mut self, person: Person, blank: Blank, column: impl ColumnSet, exported: bool) {
        match self.by_id.entry(person.id) {
            Entry::Vacant(free) => {
                free.insert(self.candidates.len());
                self.candidates.push(Candidate {
                    person,
                    blank,
                    exported,
                });
            }
            Entry::Occupied(first) => {
                let first = self.candidates.get(*first.get());
                let first = first.map(|c| c.person.origin);
                self.duplicate(person.origin, first, column, person.id);
            }
        }
    }

    /// Gives everyone their spells. Unless every row of 人员 was read, nobody can
    /// be said to be missing from it.
    fn add_spells(&mut self, spells: Vec<service::Read>, people_known: bool) {
        let mut partial: HashSet<usize> = HashSet::new();
        for read in spells {
            let Some(id) = read.id else { continue };
            let at = self.by_id.get(&id).copied();
            let Some(spell) = read.spell else {
                partial.extend(at);
                continue;
            };
            let known = self.in_workbook.contains(&id) || self.in_export.contains(&id);
            if !known && people_known {
                let code = WarningCode::NoSuchPerson;
                self.warn(spell.origin, code, SpellColumn::Id, id.to_string());
            }
            let candidate = at.and_then(|at| self.candidates.get_mut(at));
            let Some(candidate) = candidate else { continue };
            match &mut candidate.person.history {
                History::Spells(spells) => spells.push(spell),
                unknown => *unknown = History::Spells(vec![spell]),
            }
        }
        let partial = partial.iter().filter_map(|at| self.candidates.get(*at));
        let people: Vec<_> = partial.map(|c| (c.person.origin, c.person.id)).collect();
        for (origin, id) in people {
            let code = WarningCode::PartialHistory;
            self.warn(origin, code, PersonColumn::Id, id.to_string());
        }
    }

    fn finish(mut self) -> Assembled {
        let candidates = std::mem::take(&mut self.candidates);
        let mut people: Vec<Person> = candidates.into_iter().map(|c| c.person).collect();
        people.sort_by_key(|person| person.origin);
        for person in &people {
            for (code, column) in person.oddities() {
                self.warn_oddity(person, code, column);
            }
        }
        self.register.people = people;
        Assembled {
            register: self.register,
            faults: in_order(self.faults, |fault| fault.origin),
            warnings: in_order(self.warnings, |warning| warning.origin),
            missing: Vec::new(),
        }
    }

    fn warn_oddity(&mut self, person: &Person, code: WarningCode, column: PersonColumn) {
        let value = match column {
            PersonColumn::Grade => person.grade.map(|g| g.number().to_string()),
            PersonColumn::TitleKind => Some(person.title_kind.label().to_owned()),
            _ if code == WarningCode::LevelMissing => None,
            _ => Some(person.appointed.post_label().to_owned()),
        };
        self.warn(person.origin, code, column, value.unwrap_or_default());
    }

    fn warn(&mut self, origin: Origin, code: WarningCode, column: impl ColumnSet, value: String) {
        self.warnings.push(Found {
            order: column.position(),
            what: Warning {
                origin,
                column: name_of(column).to_owned(),
                code,
                value,
            },
        });
    }

    fn duplicate(
        &mut self,
        origin: Origin,
        first: Option<Origin>,
        column: impl ColumnSet,
        value: impl Display,
    ) {
        let (code, value) = (FaultCode::Duplicate, value.to_string());
        self.refuse(origin, code, column, value, Expected::Unique { first });
    }

    fn refuse(
        &mut self,
        origin: Origin,
        code: FaultCode,
        column: impl ColumnSet,
        value: String,
        expected: Expected,
    ) {
        self.faults.push(Found {
            order: column.position(),
            what: Fault {
                origin,
                column: name_of(column).to_owned(),
                code,
                value,
                expected,
            },
        });
    }
}

/// The row that had the key before, if any; else this one has it.
fn first_with<K: Eq + Hash>(
    seen: &mut HashMap<K, Origin>,
    key: K,
    origin: Origin,
) -> Option<Origin> {
    match seen.entry(key) {
        Entry::Occupied(first) => Some(*first.get()),
        Entry::Vacant(free) => {
            free.insert(origin);
            None
        }
    }
}

fn name_of<C: ColumnSet>(column: C) -> &'static str {
    let column: Option<&Column> = C::table().get(column.position());
    column.map_or("", |column| column.name)
}

/// By file and sheet, row, column.
fn in_order<T>(mut found: Vec<Found<T>>, origin: impl Fn(&T) -> Origin) -> Vec<T> {
    found.sort_by_key(|f| (origin(&f.what), f.order));
    found.into_iter().map(|f| f.what).collect()
}
