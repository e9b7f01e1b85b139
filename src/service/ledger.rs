//! The quota ledger for any day: of an institution, an area, a medical community, or of
//! everything that is recorded.
//!
//! Institutions are evaluated one by one, each under the policies that its place has
//! adopted, and kept on the [`Shelf`](super::Shelf); what several come to together is added
//! up from them. A change so costs the institutions it touches.

use super::locus::permit_part;
use super::rulebook::Ruled;
use super::shelf::{House, HouseState, Judged, Land};
use super::{Office, ServiceError};
use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level};
use crate::domain::promotion::Pool;
use crate::domain::record::{Id, Version, When};
use crate::domain::register::{Origin, Register};
use crate::domain::rights::{Action, Actor};
use crate::domain::staff::{History, Person};
use crate::domain::time::{Date, Timestamp};
use crate::policy::adopted::{Adopted, Adoptions, Handled, InForce};
use crate::report::figures::{self, Source};
use crate::rules::assessment::{Assessment, InstitutionResult, assess_groups};
use crate::rules::data::Data;
use crate::rules::figures::{
    FindingLine, GroupFigures, InstitutionFigures, Known, PartFigures, Totals, Unknown,
};
use crate::rules::finding::Finding;
use crate::rules::ledger::Posts;
use crate::rules::members;
use crate::rules::people::{InstitutionCounts, PeopleResult};
use crate::store::Reader;
use crate::store::promotion::{Reserved, reserved};
use crate::store::register::{Begins, Loaded, Part, begins, load, load_area, part};
use crate::store::{StoreError, adoption, subject};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A part of the records as it was on a day, and what the policies say of it.
pub struct Evaluated {
    pub on: Date,
    pub as_of: Month,
    /// In the order in which they were first recorded.
    pub institutions: Vec<InstitutionLedger>,
    /// Institutions of the part that are recorded for later days only, so that they may
    /// have been there: their figures are unknown.
    pub later: Vec<Later>,
    /// From which day on everything of the part is recorded, for areas and the whole.
    pub records_begin: Option<Date>,
    /// Counties that lie in the part as a whole, in the order in which a register names
    /// them.
    pub counties: Vec<County>,
    /// Medical communities that lie in the part as a whole.
    pub consortia: Vec<Community>,
    /// Rural doctors and places of the part.
    pub land: Arc<Land>,
}

/// An institution that is recorded for a later day only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    pub institution: Id<Institution>,
    pub code: String,
    /// The first day that says anything of it.
    pub from: Date,
}

/// What is said of several institutions together.
pub struct Together {
    pub in_force: Arc<InForce>,
    pub grouped: Arc<Grouped>,
    pub findings: Vec<Finding>,
}

/// A county.
pub struct County {
    pub code: AreaCode,
    /// From which day on all of it is recorded.
    pub records_begin: Option<Date>,
    /// `None` = the day lies before that.
    pub said: Option<Together>,
}

/// A medical community.
pub struct Community {
    pub name: String,
    /// `None` = the figures of a member are unknown.
    pub said: Option<Together>,
}

/// Institutions, rural doctors and places that were evaluated together under one set of
/// rules.
pub struct Grouped {
    pub ruled: Arc<Ruled>,
    pub data: Data,
    pub assessment: Assessment,
    /// Positions of its rural doctors in [`Evaluated::land`].
    pub rural_doctors: Vec<usize>,
}

/// The ledger of one institution.
#[derive(Clone)]
pub struct InstitutionLedger {
    pub institution: Id<Institution>,
    pub code: String,
    pub version: Version,
    /// The first day for which its records are complete; `None` = there is none yet.
    pub records_begin: Option<Date>,
    /// `None` = the day lies before the records begin: the figures are not known.
    pub figures: Option<Figures>,
    /// The institution as it is recorded for the day, as far as it is.
    pub house: Option<Arc<House>>,
}

/// The figures of one institution, and the records behind them.
#[derive(Clone)]
pub struct Figures {
    house: Arc<House>,
    judged: Arc<Judged>,
    in_force: Arc<InForce>,
    /// The places that are kept for applications, in the order in which they were.
    kept: Vec<Reserved>,
}

/// Evaluates a part of the records in the actor's scope. The identity numbers in it are
/// whole, because rules read birth and sex from them; they are shown masked
/// ([`NationalId::masked`](crate::domain::ids::NationalId::masked)).
pub async fn evaluate(
    office: &Office,
    actor: &Actor,
    part: &Part,
    when: When,
    now: Timestamp,
) -> Result<Evaluated, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    permit_part(&mut reader, actor, Action::ReadLedger, part, today).await?;
    evaluate_part(office, &mut reader, part, when).await
}

/// Evaluates a part of the records; the caller has asked for the right.
pub(super) async fn evaluate_part(
    office: &Office,
    reader: &mut Reader,
    part: &Part,
    when: When,
) -> Result<Evaluated, ServiceError> {
    let gathered = Gathered::read(office, reader, part, when).await?;
    Ok(gathered.judge(office))
}

/// The ledger of an institution on a day. The rights are those of today, whatever the day.
pub async fn of_institution(
    office: &Office,
    actor: &Actor,
    code: &str,
    when: When,
    now: Timestamp,
) -> Result<InstitutionLedger, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let found = subject::with_code(&mut reader, code).await?;
    let (id, version): (Id<Institution>, _) = found.ok_or(ServiceError::NotFound)?;
    let part = Part::These(vec![id]);
    let today = now.shanghai_day();
    permit_part(&mut reader, actor, Action::ReadLedger, &part, today).await?;
    let mut evaluated = evaluate_part(office, &mut reader, &part, when).await?;
    if let Some(ledger) = evaluated.institutions.pop() {
        return Ok(ledger);
    }
    // it is not there on that day; it lies where it lay last
    let place = crate::store::locus::of_institution(&mut reader, id, today).await?;
    let begins = begins(&mut reader, when).await?;
    Ok(InstitutionLedger {
        institution: id,
        code: code.to_owned(),
        version,
        records_begin: begins.of_institution(code, place.area),
        figures: None,
        house: None,
    })
}

/// The ledger of an institution in plain values: each number with the people behind it,
/// its arithmetic, its clauses and readings.
///
/// Not found: there is no institution with that code, or it lies outside the actor's scope.
pub async fn institution_figures(
    office: &Office,
    actor: &Actor,
    code: &str,
    when: When,
    now: Timestamp,
) -> Result<InstitutionFigures, ServiceError> {
    let ledger = of_institution(office, actor, code, when, now).await?;
    Ok(ledger.plain(when.on))
}

/// The ledger of a part of the records in plain values. What of it is unknown is named, and
/// then there are no totals: they would be too small.
pub async fn part_figures(
    office: &Office,
    actor: &Actor,
    part: &Part,
    when: When,
    now: Timestamp,
) -> Result<PartFigures, ServiceError> {
    let evaluated = evaluate(office, actor, part, when, now).await?;
    Ok(evaluated.plain())
}

/// Everything that was adopted anywhere by a day.
pub(super) async fn adoptions(reader: &mut Reader, when: When) -> Result<Adoptions, StoreError> {
    let everywhere = adoption::everywhere(reader, when).await?;
    let adopted = everywhere.adopted.into_iter();
    let handled = everywhere.handled.into_iter();
    Ok(Adoptions {
        adopted: adopted
            .map(|(area, row)| Adopted {
                area,
                since: row.validity.from,
                adoption: row.fact,
            })
            .collect(),
        handled: handled
            .map(|(area, row)| Handled {
                area,
                handling: row.fact,
            })
            .collect(),
    })
}

/// What was read for an evaluation, all of it in one snapshot.
pub(super) struct Gathered {
    part: Part,
    when: When,
    houses: Vec<Arc<House>>,
    land: Arc<Land>,
    pub(super) adoptions: Adoptions,
    begins: Begins,
    later: Vec<Later>,
    /// Medical communities that reach beyond the part.
    beyond: HashSet<String>,
    /// The places that are kept for applications.
    kept: Vec<Reserved>,
}

/// The area of a part whose rural doctors, places and counties belong to it: `Some(None)`
/// = everywhere; `None` = none do.
const fn area_of(part: &Part) -> Option<Option<AreaCode>> {
    match part {
        Part::Whole => Some(None),
        Part::Area(area) => Some(Some(*area)),
        Part::Consortium(_) | Part::Below(_) | Part::These(_) => None,
    }
}

impl Gathered {
    pub(super) async fn read(
        office: &Office,
        reader: &mut Reader,
        part: &Part,
        when: When,
    ) -> Result<Self, ServiceError> {
        let ids = part::institutions(reader, part, when).await?;
        let houses = houses(office, reader, &ids, when).await?;
        let kept = reserved(reader, &ids, when.on).await?;
        let adoptions = adoptions(reader, when).await?;
        let begins = begins(reader, when).await?;
        let mut gathered = Self {
            part: part.clone(),
            when,
            houses,
            land: Arc::new(Land {
                states: [Vec::new(), Vec::new()],
                loaded: Loaded::default(),
            }),
            adoptions,
            begins,
            later: Vec::new(),
            beyond: HashSet::new(),
            kept,
        };
        if let Some(area) = area_of(part) {
            gathered.land = land(office, reader, area, when).await?;
            gathered.later = gathered.later(reader, area).await?;
        }
        if let Part::Area(area) = part {
            let names = gathered.communities();
            let beyond = part::beyond(reader, &names, *area, when).await?;
            gathered.beyond = beyond.into_iter().collect();
        }
        Ok(gathered)
    }

    /// Institutions that may have been there, although nothing says so: those recorded for
    /// later days, where the area was not recorded as a whole by the day.
    async fn later(
        &self,
        reader: &mut Reader,
        area: Option<AreaCode>,
    ) -> Result<Vec<Later>, ServiceError> {
        let begins = self.begins.of_area(area);
        if begins.is_some_and(|begins| begins <= self.when.on) {
            return Ok(Vec::new());
        }
        let here: HashSet<_> = self.houses.iter().map(|house| house.id).collect();
        let mut later = part::institutions_later(reader, area, self.when).await?;
        later.retain(|(id, _)| !here.contains(id));
        let ids: Vec<_> = later.iter().map(|(id, _)| *id).collect();
        let codes = subject::codes(reader, &ids).await?;
        let later = later.into_iter().map(|(institution, from)| Later {
            institution,
            code: codes.get(&institution).cloned().unwrap_or_default(),
            from,
        });
        Ok(later.collect())
    }

    /// The medical communities of the institutions, in the order in which they are named.
    fn communities(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        for house in &self.houses {
            let name = house.institution().and_then(|one| one.consortium.clone());
            names.extend(name.filter(|name| seen.insert(name.clone())));
        }
        names
    }

    pub(super) fn judge(&self, office: &Office) -> Evaluated {
        let on = self.when.on;
        let judging = Judging {
            office,
            gathered: self,
            as_of: on.month(),
            in_force: BTreeMap::new(),
        };
        judging.run()
    }
}

/// Institutions on a day with their people: from the shelf where nothing changed.
pub(super) async fn houses(
    office: &Office,
    reader: &mut Reader,
    ids: &[Id<Institution>],
    when: When,
) -> Result<Vec<Arc<House>>, ServiceError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut states = states(reader, ids, when).await?;
    let shelf = when.known.is_none().then_some(&office.shelf);
    let mut found: HashMap<Id<Institution>, Arc<House>> = HashMap::new();
    for (id, state) in &states {
        let kept = shelf.and_then(|shelf| shelf.house(*id, when.on, state));
        found.extend(kept.map(|house| (*id, house)));
    }
    let missing = ids.iter().copied().filter(|id| !found.contains_key(id));
    let missing: Vec<_> = missing.collect();
    if !missing.is_empty() {
        let part = Part::These(missing);
        let loaded = load(reader, &part, when, office.vault.as_ref()).await?;
        for (id, loaded) in apart(loaded) {
            let Some(house) = states
                .remove(&id)
                .and_then(|state| House::new(id, state, loaded))
            else {
                continue;
            };
            let house = Arc::new(house);
            if let Some(shelf) = shelf {
                shelf.keep_house(when.on, &house);
            }
            found.insert(id, house);
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// What the figures of institutions are made from.
async fn states(
    reader: &mut Reader,
    ids: &[Id<Institution>],
    when: When,
) -> Result<HashMap<Id<Institution>, HouseState>, ServiceError> {
    let institutions = subject::states(reader, ids).await?;
    let mut staff: HashMap<Id<Institution>, part::States> = HashMap::new();
    for (id, state) in part::staff_states(reader, ids, when).await? {
        staff.entry(id).or_default().push(state);
    }
    let states = institutions.into_iter().map(|(id, institution)| {
        let staff = staff.remove(&id).unwrap_or_default();
        (id, HouseState { institution, staff })
    });
    Ok(states.collect())
}

/// The rural doctors and places of an area on a day.
async fn land(
    office: &Office,
    reader: &mut Reader,
    area: Option<AreaCode>,
    when: When,
) -> Result<Arc<Land>, ServiceError> {
    let states = part::area_states(reader, area, when).await?;
    let shelf = when.known.is_none().then_some(&office.shelf);
    if let Some(kept) = shelf.and_then(|shelf| shelf.land(area, when.on, &states)) {
        return Ok(kept);
    }
    let mut loaded = load_area(reader, area, when, office.vault.as_ref()).await?;
    super::land::join(reader, &mut loaded, when).await?;
    let land = Arc::new(Land { states, loaded });
    if let Some(shelf) = shelf {
        shelf.keep_land(area, when.on, &land);
    }
    Ok(land)
}

/// Institutions that were loaded together, each with its own people.
fn apart(loaded: Loaded) -> Vec<(Id<Institution>, Loaded)> {
    let Loaded {
        register,
        institutions,
        people,
        off_quota,
        ..
    } = loaded;
    let mut houses: Vec<(Id<Institution>, Loaded)> = institutions
        .into_iter()
        .zip(register.institutions)
        .map(|(id, institution)| {
            let register = Register {
                institutions: vec![institution],
                ..Register::default()
            };
            let house = Loaded {
                register,
                institutions: vec![id],
                ..Loaded::default()
            };
            (id, house)
        })
        .collect();
    let rows = register.people.into_iter().zip(people).zip(off_quota);
    for ((mut person, id), off_quota) in rows {
        let Some((_, house)) = houses.get_mut(person.institution) else {
            continue;
        };
        person.institution = 0;
        forget_origin(&mut person);
        house.register.people.push(person);
        house.people.push(id);
        house.off_quota.push(off_quota);
    }
    for (_, house) in &mut houses {
        for institution in &mut house.register.institutions {
            institution.origin = Origin::NOWHERE;
        }
    }
    houses
}

/// Where a row stood in what was loaded together says nothing of the institution.
fn forget_origin(person: &mut Person) {
    person.origin = Origin::NOWHERE;
    if let History::Spells(spells) = &mut person.history {
        for spell in spells {
            spell.origin = Origin::NOWHERE;
        }
    }
}

/// The places of an institution among those that are kept.
fn of_house(kept: &[Reserved], id: Id<Institution>) -> Vec<Reserved> {
    let own = kept.iter().filter(|one| one.institution == id);
    own.copied().collect()
}

struct Judging<'a> {
    office: &'a Office,
    gathered: &'a Gathered,
    as_of: Month,
    /// What applies where, by area.
    in_force: BTreeMap<Option<AreaCode>, Arc<InForce>>,
}

impl Judging<'_> {
    fn run(mut self) -> Evaluated {
        let institutions = self.institutions();
        let counties = self.counties(&institutions);
        let consortia = self.consortia(&institutions);
        let gathered = self.gathered;
        let records_begin = area_of(&gathered.part).and_then(|area| gathered.begins.of_area(area));
        Evaluated {
            on: gathered.when.on,
            as_of: self.as_of,
            institutions,
            later: gathered.later.clone(),
            records_begin,
            counties,
            consortia,
            land: gathered.land.clone(),
        }
    }

    fn in_force(&mut self, area: Option<AreaCode>) -> Arc<InForce> {
        let Self {
            office,
            gathered,
            in_force,
            ..
        } = self;
        let of = || {
            Arc::new(
                office
                    .rulebook
                    .of(&gathered.adoptions, area, gathered.when.on),
            )
        };
        in_force.entry(area).or_insert_with(of).clone()
    }

    fn ruled(&self, in_force: &InForce, exported: bool) -> Arc<Ruled> {
        let rules = in_force.rules();
        self.office.rulebook.ruled(&rules, self.as_of, exported)
    }

    fn institutions(&mut self) -> Vec<InstitutionLedger> {
        let houses = &self.gathered.houses;
        let ruled: Vec<_> = houses
            .iter()
            .map(|house| {
                let in_force = self.in_force(house.area());
                let ruled = self.ruled(&in_force, house.is_exported());
                (house, in_force, ruled)
            })
            .collect();
        let begins = &self.gathered.begins;
        let kept = &self.gathered.kept;
        let on = self.gathered.when.on;
        let ledger = |(house, in_force, ruled): (&Arc<House>, Arc<InForce>, Arc<Ruled>)| {
            let state = &house.state.institution;
            let records_begin = begins.of_institution(&state.key, house.area());
            let is_known = records_begin.is_some_and(|begins| begins <= on);
            let figures = is_known.then(|| house.judged(&ruled)).flatten();
            InstitutionLedger {
                institution: house.id,
                code: state.key.clone(),
                version: state.version,
                records_begin,
                house: Some(house.clone()),
                figures: figures.map(|judged| Figures {
                    house: house.clone(),
                    judged,
                    in_force,
                    kept: of_house(kept, house.id),
                }),
            }
        };
        // one alone does not wait for another thread
        if ruled.len() == 1 {
            ruled.into_iter().map(ledger).collect()
        } else {
            ruled.into_par_iter().map(ledger).collect()
        }
    }

    /// The counties of the part. What applies in the county itself decides about it, also
    /// where a township has adopted something else.
    fn counties(&mut self, institutions: &[InstitutionLedger]) -> Vec<County> {
        let is_whole = match area_of(&self.gathered.part) {
            None => false,
            Some(area) => area.is_none_or(|area| area.length() <= 6),
        };
        if !is_whole {
            return Vec::new();
        }
        let land = &self.gathered.land.loaded.register;
        let names = Register {
            institutions: Vec::new(),
            people: Vec::new(),
            ..land.clone()
        };
        let mut codes: Vec<AreaCode> = Vec::new();
        let areas = self.gathered.houses.iter().filter_map(|house| house.area());
        let others = names.counties();
        for code in areas.map(AreaCode::county).chain(others) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        // counties under one set of rules are evaluated together
        let mut alike: Vec<(Arc<Ruled>, Vec<AreaCode>)> = Vec::new();
        let mut rows = Vec::with_capacity(codes.len());
        for code in codes {
            let records_begin = self.gathered.begins.of_area(Some(code));
            let in_force = self.in_force(Some(code));
            let known = records_begin.is_some_and(|begins| begins <= self.gathered.when.on);
            let exported = institutions.iter().filter_map(|one| one.figures.as_ref());
            let exported = exported
                .filter(|one| one.house.area().is_some_and(|area| area.is_within(code)))
                .any(|one| one.house.is_exported());
            let ruled = self.ruled(&in_force, exported);
            if known {
                match alike.iter_mut().find(|(one, _)| Arc::ptr_eq(one, &ruled)) {
                    Some((_, codes)) => codes.push(code),
                    None => alike.push((ruled, vec![code])),
                }
            }
            rows.push((code, records_begin, in_force));
        }
        let grouped: Vec<_> = alike
            .into_iter()
            .map(|(ruled, codes)| {
                let inside = |area: Option<AreaCode>| {
                    area.is_some_and(|area| codes.contains(&area.county()))
                };
                let figures = institutions.iter().filter_map(|one| one.figures.as_ref());
                let members: Vec<&Figures> =
                    figures.filter(|one| inside(one.house.area())).collect();
                Arc::new(self.group(&ruled, &members, inside))
            })
            .collect();
        let county = |(code, records_begin, in_force): (AreaCode, _, Arc<InForce>)| {
            let said = grouped.iter().find_map(|grouped| {
                let at = grouped.data.counties.iter().position(|own| *own == code)?;
                Some(Together {
                    in_force: in_force.clone(),
                    grouped: grouped.clone(),
                    findings: grouped.assessment.counties.get(at)?.clone(),
                })
            });
            County {
                code,
                records_begin,
                said,
            }
        };
        rows.into_iter().map(county).collect()
    }

    /// The medical communities all of whose members are in the part. What applies in the
    /// smallest area around all of them decides about a community.
    fn consortia(&mut self, institutions: &[InstitutionLedger]) -> Vec<Community> {
        let gathered = self.gathered;
        let names = match &gathered.part {
            Part::Consortium(name) => vec![name.clone()],
            Part::Whole | Part::Area(_) => gathered.communities(),
            Part::Below(_) | Part::These(_) => Vec::new(),
        };
        let names = names
            .into_iter()
            .filter(|name| !gathered.beyond.contains(name));
        let names: Vec<String> = names.collect();
        names
            .into_iter()
            .map(|name| {
                let said = self.community(&name, institutions);
                Community { name, said }
            })
            .collect()
    }

    fn community(&mut self, name: &str, institutions: &[InstitutionLedger]) -> Option<Together> {
        let belongs = |house: &House| {
            house
                .institution()
                .is_some_and(|one| one.consortium.as_deref() == Some(name))
        };
        let houses = self.gathered.houses.iter().filter(|house| belongs(house));
        let houses: HashSet<_> = houses.map(|house| house.id).collect();
        let members = institutions
            .iter()
            .filter(|one| houses.contains(&one.institution));
        // one that is unknown leaves the community unknown
        let members: Option<Vec<&Figures>> = members.map(|one| one.figures.as_ref()).collect();
        let members = members.filter(|members| !members.is_empty())?;
        let areas = members.iter().filter_map(|one| one.house.area());
        let in_force = self.in_force(common(&areas.collect::<Vec<_>>()));
        let exported = members.iter().any(|one| one.house.is_exported());
        let ruled = self.ruled(&in_force, exported);
        let grouped = self.group(&ruled, &members, |_| false);
        let at = grouped.data.consortia.iter().position(|own| own == name)?;
        let findings = grouped.assessment.consortia.get(at)?.clone();
        Some(Together {
            in_force,
            grouped: Arc::new(grouped),
            findings,
        })
    }

    /// Evaluates what institutions come to together under one set of rules, with the rural
    /// doctors and places of the areas where `inside` says so.
    fn group(
        &self,
        ruled: &Arc<Ruled>,
        members: &[&Figures],
        inside: impl Fn(Option<AreaCode>) -> bool,
    ) -> Grouped {
        let plan = &ruled.plan;
        // a few rules ask people where they serve
        let asks_people = plan.findings.iter().any(|rule| rule.people_by.is_some());
        let land = &self.gathered.land.loaded.register;
        let mut register = Register::default();
        let mut decided = Vec::new();
        for (at, figures) in members.iter().enumerate() {
            let loaded = &figures.house.loaded;
            register
                .institutions
                .extend(loaded.register.institutions.iter().cloned().map(|mut one| {
                    ruled.rules.elected(&mut one);
                    one
                }));
            if asks_people {
                let people = loaded.register.people.iter().cloned();
                register.people.extend(people.map(|person| Person {
                    institution: at,
                    ..person
                }));
                decided.extend(&loaded.off_quota);
            }
        }
        let doctors = land.rural_doctors.iter().enumerate();
        let doctors = doctors.filter(|(_, doctor)| inside(Some(doctor.area)));
        let (rural_doctors, rows): (Vec<usize>, Vec<_>) =
            doctors.map(|(at, doctor)| (at, doctor.clone())).unzip();
        register.rural_doctors = rows;
        let places = land.places.iter().filter(|place| inside(Some(place.code)));
        register.places = places.cloned().collect();
        let mut data = Data::of_register(&register, &plan.facts, plan.as_of);
        data.people.decided = decided;
        let judged: Vec<Option<Arc<Judged>>> = members
            .par_iter()
            .map(|figures| figures.house.judged(ruled))
            .collect();
        let none = InstitutionCounts::none(plan);
        let counts = judged.iter().map(|judged| {
            judged
                .as_ref()
                .map_or(&none, |judged| &judged.people.counts)
        });
        let counts = InstitutionCounts::side_by_side(counts);
        let assessment = assess_groups(plan, &data, &counts);
        Grouped {
            ruled: ruled.clone(),
            data,
            assessment,
            rural_doctors,
        }
    }
}

/// The smallest place with all of them in it.
fn common(areas: &[AreaCode]) -> Option<AreaCode> {
    let first = areas.first()?;
    let wholes = [12, 9, 6, 4, 2].map(|length| first.prefix(length));
    let holds = |outer: &AreaCode| areas.iter().all(|area| area.is_within(*outer));
    wholes.into_iter().find(holds)
}

impl Evaluated {
    /// The register of the part: institutions, people, rural doctors and places in the
    /// order in which they were first recorded; those too whose figures are unknown are
    /// left out.
    pub fn register(&self) -> Register {
        let land = &self.land.loaded.register;
        let mut register = Register {
            rural_doctors: land.rural_doctors.clone(),
            places: land.places.clone(),
            ..Register::default()
        };
        let mut people = Vec::new();
        let figures = self
            .institutions
            .iter()
            .filter_map(|one| one.figures.as_ref());
        for (at, figures) in figures.enumerate() {
            let loaded = &figures.house.loaded;
            let own = &loaded.register;
            register
                .institutions
                .extend(own.institutions.iter().cloned());
            let rows = loaded.people.iter().zip(&own.people);
            people.extend(rows.map(|(id, person)| (*id, at, person)));
        }
        people.sort_unstable_by_key(|(id, _, _)| *id);
        let people = people.into_iter().map(|(_, institution, person)| Person {
            institution,
            ..person.clone()
        });
        register.people = people.collect();
        register
    }
}

impl Evaluated {
    /// All of it in plain values.
    pub fn plain(&self) -> PartFigures {
        let institutions: Vec<InstitutionFigures> = self
            .institutions
            .par_iter()
            .map(|one| one.plain(self.on))
            .collect();
        let unknown = self.unknown();
        // an area without a first complete record may have had institutions nobody recorded
        let is_whole = match self.records_begin {
            Some(begins) => begins <= self.on,
            None => !institutions.is_empty(),
        };
        let known = institutions.iter().filter_map(|one| one.known.as_ref());
        let totals = (is_whole && unknown.is_empty()).then(|| Totals::of(known));
        PartFigures {
            on: self.on,
            records_begin: self.records_begin,
            totals,
            unknown,
            counties: self
                .counties
                .iter()
                .map(|county| GroupFigures {
                    records_begin: county.records_begin,
                    ..Together::plain(county.code.to_string(), county.said.as_ref())
                })
                .collect(),
            consortia: self
                .consortia
                .iter()
                .map(|community| Together::plain(community.name.clone(), community.said.as_ref()))
                .collect(),
            institutions,
        }
    }

    /// Institutions whose figures are unknown on that day, those too that are recorded for
    /// later days only.
    pub fn unknown(&self) -> Vec<Unknown> {
        let name = |one: &InstitutionLedger| {
            let institution = one.house.as_ref().and_then(|house| house.institution());
            institution.map(|institution| institution.name.clone())
        };
        let here = self.institutions.iter().filter(|one| one.figures.is_none());
        let here = here.map(|one| Unknown {
            code: one.code.clone(),
            name: name(one),
            records_begin: one.records_begin,
        });
        let later = self.later.iter().map(|one| Unknown {
            code: one.code.clone(),
            name: None,
            records_begin: Some(one.from),
        });
        here.chain(later).collect()
    }
}

impl Together {
    /// One of its findings in plain values.
    pub(super) fn line(&self, finding: &Finding) -> Option<FindingLine> {
        let source = Source {
            plan: &self.grouped.ruled.plan,
            data: &self.grouped.data,
            people: &PeopleResult::default(),
            register: &Register::default(),
            ids: &[],
            in_force: &self.in_force,
        };
        source.finding(finding, None)
    }

    fn plain(name: String, said: Option<&Self>) -> GroupFigures {
        let findings = said.map(|said| {
            let findings = said.findings.iter();
            findings.filter_map(|finding| said.line(finding)).collect()
        });
        GroupFigures {
            name,
            records_begin: None,
            findings,
            rests_on: said.map(|said| figures::rests_on(&said.in_force)),
        }
    }
}

impl InstitutionLedger {
    /// In plain values.
    pub fn plain(&self, on: Date) -> InstitutionFigures {
        let institution = self.house.as_ref().and_then(|house| house.institution());
        InstitutionFigures {
            id: self.institution,
            version: self.version,
            code: self.code.clone(),
            name: institution.map_or_else(String::new, |one| one.name.clone()),
            kind: institution.and_then(|one| one.kind),
            area: institution.and_then(|one| one.area),
            consortium: institution.and_then(|one| one.consortium.clone()),
            on,
            records_begin: self.records_begin,
            known: self.figures.as_ref().map(Figures::plain),
        }
    }
}

impl Figures {
    /// As reports ask for it.
    pub(super) fn source(&self) -> Source<'_> {
        Source {
            plan: &self.judged.ruled.plan,
            data: &self.judged.data,
            people: &self.judged.people,
            register: &self.house.loaded.register,
            ids: &self.house.loaded.people,
            in_force: &self.in_force,
        }
    }

    /// In plain values.
    pub fn plain(&self) -> Known {
        let result = self.result();
        self.source().known(0, &self.posts(), &result.findings)
    }

    /// The institution and its people as they were; one institution, at position 0.
    pub fn house(&self) -> &House {
        &self.house
    }

    /// What the rules make of them.
    pub fn judged(&self) -> &Judged {
        &self.judged
    }

    /// The policies they rest on.
    pub fn in_force(&self) -> &InForce {
        &self.in_force
    }

    /// The institution as it was.
    pub fn institution(&self) -> Option<&Institution> {
        self.house.institution()
    }

    /// The places, with those that are kept for applications.
    pub fn posts(&self) -> Posts {
        let mut posts = self.judged.result.posts;
        for pool in Pool::ALL {
            let own = self.kept.iter().filter(|one| one.pool == *pool);
            posts.reserve(*pool, i64::try_from(own.count()).unwrap_or(i64::MAX));
        }
        posts
    }

    /// The places that are kept for applications, in the order in which they were.
    pub fn kept(&self) -> &[Reserved] {
        &self.kept
    }

    /// Posts and findings, as if no place were kept for anybody.
    pub fn result(&self) -> &InstitutionResult {
        &self.judged.result
    }

    /// The people who fill posts of a level in a ledger; positions in the house.
    pub fn holders(&self, level: Level, ledger: Ledger) -> Vec<usize> {
        let Judged { data, people, .. } = self.judged.as_ref();
        members::holders(data, people, 0, Some(level), ledger)
    }
}
