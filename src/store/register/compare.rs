//! What a register would change if it were recorded.

use super::Vault;
use super::complete::{Scope, is_kept};
use super::load::{Loaded, More, Part, load_with};
use crate::domain::ids::{AreaCode, NationalId};
use crate::domain::institution::Institution;
use crate::domain::place::Place;
use crate::domain::record::{Id, When};
use crate::domain::register::Register;
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::secret::SecretField;
use crate::domain::service::Spell;
use crate::domain::staff::{History, Person};
use crate::domain::time::Date;
use crate::store::backend::Reader;
use crate::store::error::StoreError;
use crate::store::subject::{self, Subject};
use crate::store::timeline::Outcome;
use crate::store::value::hex;
use std::collections::HashMap;
use std::hash::Hash;

/// One record of a register, against what is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference<S> {
    /// `None` = not known to the records yet.
    pub subject: Option<Id<S>>,
    /// Position in the register as recorded; `None` = not there on that day.
    pub before: Option<usize>,
    /// Position in the register to be recorded; `None` = not there any longer.
    pub after: Option<usize>,
    pub outcome: Outcome,
}

/// All differences, in the order of the register to be recorded; what ends stands last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    pub institutions: Vec<Difference<Institution>>,
    pub people: Vec<Difference<Person>>,
    pub rural_doctors: Vec<Difference<RuralDoctor>>,
    pub places: Vec<Difference<Place>>,
    /// The day is not yet kept as one for which the records are complete.
    pub first_for_the_day: bool,
}

impl Differences {
    /// How many records have that outcome: institutions, people, rural doctors, places.
    pub fn count(&self, outcome: Outcome) -> [usize; 4] {
        fn of<S>(differences: &[Difference<S>], outcome: Outcome) -> usize {
            let same = differences.iter().filter(|one| one.outcome == outcome);
            same.count()
        }
        [
            of(&self.institutions, outcome),
            of(&self.people, outcome),
            of(&self.rural_doctors, outcome),
            of(&self.places, outcome),
        ]
    }

    /// Whether recording would change nothing at all.
    pub fn is_empty(&self) -> bool {
        let changes = [Outcome::Added, Outcome::Changed, Outcome::Ended];
        let none = |outcome| self.count(outcome) == [0; 4];
        !self.first_for_the_day && changes.into_iter().all(none)
    }
}

/// What is recorded for the day, and how the register differs from it.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub before: Loaded,
    pub differences: Differences,
}

/// Compares a register, complete for a scope, with what is recorded for a day. Records
/// outside the scope are compared where the register names them, and never ended.
pub async fn compare(
    reader: &mut Reader,
    register: &Register,
    scope: &Scope,
    on: Date,
    vault: &dyn Vault,
) -> Result<Comparison, StoreError> {
    let known = Known::find(reader, register, scope, vault).await?;
    let (part, more) = (known.part(scope), known.more());
    let before = load_with(reader, &part, &more, When::on(on), vault).await?;
    let first_for_the_day = !is_kept(reader, scope, on).await?;
    let differences = Differences {
        first_for_the_day,
        ..differences(&before, register, &known, scope)
    };
    Ok(Comparison {
        before,
        differences,
    })
}

fn differences(before: &Loaded, register: &Register, known: &Known, scope: &Scope) -> Differences {
    let old = &before.register;
    Differences {
        institutions: differ(
            &Recorded {
                rows: &old.institutions,
                subjects: &before.institutions,
            },
            &register.institutions,
            &known.institutions,
            |one| one.code.clone(),
            same_institution,
            |one| scope.covers_institution(&one.code, one.area),
        ),
        people: differ(
            &Recorded {
                rows: &old.people,
                subjects: &before.people,
            },
            &register.people,
            &known.people,
            |one| one.id,
            |a, b| same_person(a, b) && code(old, a) == code(register, b),
            |one| {
                let place = old.institutions.get(one.institution);
                place.is_some_and(|place| scope.covers_institution(&place.code, place.area))
            },
        ),
        rural_doctors: differ(
            &Recorded {
                rows: &old.rural_doctors,
                subjects: &before.rural_doctors,
            },
            &register.rural_doctors,
            &known.rural_doctors,
            |one| one.id,
            same_doctor,
            |one| scope.covers_area(one.area),
        ),
        places: differ(
            &Recorded {
                rows: &old.places,
                subjects: &before.places,
            },
            &register.places,
            &known.places,
            |one| one.code,
            same_place,
            |one| scope.covers_area(one.code),
        ),
        first_for_the_day: false,
    }
}

/// The subjects that the register or its scope names and the records know.
struct Known {
    institutions: HashMap<String, Id<Institution>>,
    people: HashMap<NationalId, Id<Person>>,
    rural_doctors: HashMap<NationalId, Id<RuralDoctor>>,
    places: HashMap<AreaCode, Id<Place>>,
}

impl Known {
    async fn find(
        reader: &mut Reader,
        register: &Register,
        scope: &Scope,
        vault: &dyn Vault,
    ) -> Result<Self, StoreError> {
        let mut codes: Vec<_> = register
            .institutions
            .iter()
            .map(|one| one.code.clone())
            .collect();
        if let Scope::Institutions(named) = scope {
            codes.extend(named.iter().cloned());
        }
        let hash = |id: NationalId| {
            (
                id,
                hex(vault.hash(SecretField::NationalId, id.as_str()).bytes()),
            )
        };
        let codes = codes.into_iter().map(|code| (code.clone(), code));
        let people = register.people.iter().map(|one| hash(one.id));
        let doctors = register.rural_doctors.iter().map(|one| hash(one.id));
        let places = register
            .places
            .iter()
            .map(|one| (one.code, one.code.to_string()));
        Ok(Self {
            institutions: find(reader, codes.collect()).await?,
            people: find(reader, people.collect()).await?,
            rural_doctors: find(reader, doctors.collect()).await?,
            places: find(reader, places.collect()).await?,
        })
    }

    /// What has to be loaded of a scope.
    fn part(&self, scope: &Scope) -> Part {
        match scope {
            Scope::All => Part::Whole,
            Scope::Area(area) => Part::Area(*area),
            Scope::Institutions(_) => Part::These(self.institutions.values().copied().collect()),
        }
    }

    /// What has to be loaded besides the scope: what comes from outside is compared too.
    fn more(&self) -> More {
        More {
            institutions: self.institutions.values().copied().collect(),
            people: self.people.values().copied().collect(),
            rural_doctors: self.rural_doctors.values().copied().collect(),
            places: self.places.values().copied().collect(),
        }
    }
}

/// Finds subjects by what the register has for them and the text the records have.
async fn find<K: Eq + Hash, S: Subject>(
    reader: &mut Reader,
    keys: Vec<(K, String)>,
) -> Result<HashMap<K, Id<S>>, StoreError> {
    let texts = keys.iter().map(|(_, text)| text.clone());
    let found = subject::find::<S>(reader, texts).await?;
    let known = keys
        .into_iter()
        .filter_map(|(key, text)| Some((key, *found.get(&text)?)));
    Ok(known.collect())
}

/// Records of one kind as they are recorded, and the subject of each.
struct Recorded<'a, S> {
    rows: &'a [S],
    subjects: &'a [Id<S>],
}

/// How records of one kind differ: `key` finds them again, `same` compares two, and
/// `covered` says which end when the new ones do not have them.
fn differ<S, K: Eq + Hash>(
    before: &Recorded<'_, S>,
    after: &[S],
    known: &HashMap<K, Id<S>>,
    key: impl Fn(&S) -> K,
    same: impl Fn(&S, &S) -> bool,
    covered: impl Fn(&S) -> bool,
) -> Vec<Difference<S>> {
    let positions = before.rows.iter().map(&key).zip(0usize..);
    let mut positions: HashMap<K, usize> = positions.collect();
    let mut differences = Vec::with_capacity(after.len());
    for (at, new) in after.iter().enumerate() {
        let key = key(new);
        let old = positions.remove(&key);
        let recorded = old.and_then(|old| before.rows.get(old));
        differences.push(Difference {
            subject: known.get(&key).copied(),
            before: old,
            after: Some(at),
            outcome: match recorded {
                None => Outcome::Added,
                Some(recorded) if same(recorded, new) => Outcome::Unchanged,
                Some(_) => Outcome::Changed,
            },
        });
    }
    let mut gone: Vec<_> = positions.into_values().collect();
    gone.sort_unstable();
    for old in gone {
        if before.rows.get(old).is_some_and(&covered) {
            differences.push(Difference {
                subject: before.subjects.get(old).copied(),
                before: Some(old),
                after: None,
                outcome: Outcome::Ended,
            });
        }
    }
    differences
}

/// The code of the institution at which a person of a register works.
fn code<'r>(register: &'r Register, person: &Person) -> Option<&'r str> {
    let institution = register.institutions.get(person.institution);
    institution.map(|institution| institution.code.as_str())
}

fn same_institution(a: &Institution, b: &Institution) -> bool {
    let origin = a.origin;
    *a == Institution {
        origin,
        ..b.clone()
    }
}

fn same_doctor(a: &RuralDoctor, b: &RuralDoctor) -> bool {
    let origin = a.origin;
    *a == RuralDoctor {
        origin,
        ..b.clone()
    }
}

fn same_place(a: &Place, b: &Place) -> bool {
    let origin = a.origin;
    *a == Place {
        origin,
        ..b.clone()
    }
}

/// Two people of different registers: the institution apart, which is known by its code.
fn same_person(a: &Person, b: &Person) -> bool {
    let history = match &b.history {
        History::Spells(spells) if spells.len() == a.history.spells().len() => {
            let origins = a.history.spells().iter().map(|spell| spell.origin);
            let spells = spells.iter().zip(origins);
            let spells = spells.map(|(spell, origin)| Spell {
                origin,
                ..spell.clone()
            });
            History::Spells(spells.collect())
        }
        other => other.clone(),
    };
    *a == Person {
        origin: a.origin,
        institution: a.institution,
        history,
        // only the statistics export knows them: without it nothing is said of them
        sites: b.sites.or(a.sites),
        ..b.clone()
    }
}
