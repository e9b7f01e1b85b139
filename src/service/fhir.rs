//! The read view for health registries (FHIR R4): what lies in the actor's scope, as it is
//! today. Searching reads names and identifiers; only what a page shows is loaded.

use super::ledger::houses;
use super::locus::{file, part_of, permit_part};
use super::shelf::House;
use super::{Office, ServiceError};
use crate::domain::change::Change;
use crate::domain::institution::Institution;
use crate::domain::record::{Id, When};
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::rights::{Action, Actor, Denied, Locus, Subject, permit};
use crate::domain::time::{Date, Timestamp};
use crate::report::fhir::{self, Known, Link, system};
pub use crate::report::fhir::{Kind, Resource};
use crate::store::register::Part;
use crate::store::register::part::{self, Listed};
use crate::store::{Reader, subject};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How a date is compared in a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Some time within that span.
    Within,
    From,
    After,
    Until,
    Before,
}

/// A span of time as a search names it: a year, a month, a day, or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub bound: Bound,
    pub first: Timestamp,
    /// The first instant after it.
    pub end: Timestamp,
}

impl Span {
    /// Reads `ge2026-11-22`, `2026-11`, `lt2026-11-22T01:00:00Z`.
    pub fn read(text: &str) -> Option<Self> {
        let (bound, rest) = match text.get(..2) {
            Some("eq") => (Bound::Within, text.get(2..)?),
            Some("ge") => (Bound::From, text.get(2..)?),
            Some("gt") => (Bound::After, text.get(2..)?),
            Some("le") => (Bound::Until, text.get(2..)?),
            Some("lt") => (Bound::Before, text.get(2..)?),
            _ => (Bound::Within, text),
        };
        if rest.contains('T') {
            let first: Timestamp = rest.parse().ok()?;
            // what was altered is known to the second where that is what was asked
            let end = first.plus_seconds(1);
            return Some(Self { bound, first, end });
        }
        let mut parts = rest.split('-');
        let year: i32 = parts.next().filter(|part| part.len() == 4)?.parse().ok()?;
        let two = |part: &str| -> Option<u32> {
            if part.len() == 2 {
                part.parse().ok()
            } else {
                None
            }
        };
        let month = parts.next().map(two);
        let day = parts.next().map(two);
        if parts.next().is_some() {
            return None;
        }
        let (first, end) = match (month, day) {
            (None, _) => (Date::new(year, 1, 1)?, Date::new(year + 1, 1, 1)?),
            (Some(month), None) => {
                let month = month?;
                let next = match month {
                    12 => Date::new(year + 1, 1, 1)?,
                    month => Date::new(year, month + 1, 1)?,
                };
                (Date::new(year, month, 1)?, next)
            }
            (Some(month), Some(day)) => {
                let first = Date::new(year, month?, day?)?;
                (first, first.plus(1)?)
            }
        };
        Some(Self {
            bound,
            first: first.begins(),
            end: end.begins(),
        })
    }

    fn has(&self, at: Timestamp) -> bool {
        match self.bound {
            Bound::Within => self.first <= at && at < self.end,
            Bound::From => self.first <= at,
            Bound::After => self.end <= at,
            Bound::Until => at < self.end,
            Bound::Before => at < self.first,
        }
    }
}

/// A value of one of several systems; `system` = `None`: of any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub system: Option<String>,
    pub value: String,
}

impl Token {
    /// Reads `value` or `system|value`.
    pub fn read(text: &str) -> Self {
        match text.split_once('|') {
            Some((system, value)) => Self {
                system: Some(system.to_owned()),
                value: value.to_owned(),
            },
            None => Self {
                system: None,
                value: text.to_owned(),
            },
        }
    }

    fn is(&self, system: &str, value: &str) -> bool {
        self.value == value && self.system.as_deref().is_none_or(|own| own == system)
    }
}

/// What is searched for; every condition must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub id: Option<String>,
    pub identifier: Option<Token>,
    /// How the name begins.
    pub name: Option<String>,
    pub organization: Option<String>,
    pub practitioner: Option<String>,
    pub updated: Vec<Span>,
    /// The last identifier of the page before.
    pub after: Option<String>,
    /// How many a page holds.
    pub count: usize,
}

/// A page of what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Path below the base, and the resource.
    pub found: Vec<(String, Resource)>,
    /// How many there are in all.
    pub total: usize,
    /// Where the next page begins; `None` = this is the last.
    pub next: Option<String>,
}

/// One resource.
///
/// Not found: there is none, or it lies outside the actor's scope.
pub async fn read(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    id: &str,
    now: Timestamp,
) -> Result<Resource, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let house: InstitutionId = if kind.is_of_person() {
        let id: PersonId = id.parse().map_err(|_| ServiceError::NotFound)?;
        let file = file(&mut reader, id, today).await?;
        permit_place(actor, file.locus.clone())?;
        *file
            .locus
            .institutions
            .first()
            .ok_or(ServiceError::NotFound)?
    } else {
        let id: InstitutionId = id.parse().map_err(|_| ServiceError::NotFound)?;
        let part = Part::These(vec![id]);
        permit_part(&mut reader, actor, Action::ReadFhir, &part, today).await?;
        id
    };
    let when = When::on(today);
    let listed = listed(&mut reader, kind, &[house], when).await?;
    let one = listed.into_iter().find(|one| one.id == id);
    let one = one.ok_or(ServiceError::NotFound)?;
    let mut shown = show(office, &mut reader, kind, &[one], when).await?;
    shown
        .pop()
        .map(|(_, resource)| resource)
        .ok_or(ServiceError::NotFound)
}

fn permit_place(actor: &Actor, place: Locus) -> Result<(), Denied> {
    permit(actor, Action::ReadFhir, &Subject::Place(place))
}

/// What a search finds in the actor's scope, in the order of identifiers.
pub async fn search(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    search: &Search,
    now: Timestamp,
) -> Result<Page, ServiceError> {
    let part = part_of(office, actor, Action::ReadFhir).await?;
    let mut reader = office.store.snapshot().await?;
    let when = When::on(now.shanghai_day());
    let ids = part::institutions(&mut reader, &part, when).await?;
    let mut found = listed(&mut reader, kind, &ids, when).await?;
    found.retain(|one| search.finds(kind, one));
    found.sort_by(|a, b| a.id.cmp(&b.id));
    let total = found.len();
    if let Some(after) = &search.after {
        found.retain(|one| one.id > *after);
    }
    let next = match found.get(search.count) {
        Some(_) => search.count.checked_sub(1).and_then(|last| found.get(last)),
        None => None,
    };
    let next = next.map(|one| one.id.clone());
    found.truncate(search.count);
    Ok(Page {
        found: show(office, &mut reader, kind, &found, when).await?,
        total,
        next,
    })
}

/// What there is of a kind at some institutions: identifiers, names, and when each was
/// altered last.
async fn listed(
    reader: &mut Reader,
    kind: Kind,
    institutions: &[InstitutionId],
    when: When,
) -> Result<Vec<Listed>, ServiceError> {
    Ok(if kind.is_of_person() {
        part::list_staff(reader, institutions, when).await?
    } else {
        part::list_institutions(reader, institutions, when).await?
    })
}

impl Search {
    fn finds(&self, kind: Kind, one: &Listed) -> bool {
        let same =
            |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is);
        let house = one.institution.to_string();
        let identifier = self.identifier.as_ref().is_none_or(|token| {
            if kind.is_of_person() {
                token.is(system::PERSON, &one.id)
            } else {
                let code = one.code.as_deref().unwrap_or_default();
                token.is(system::INSTITUTION, &one.id) || token.is(system::INSTITUTION_CODE, code)
            }
        });
        let name = self.name.as_ref().is_none_or(|name| {
            let name = name.to_lowercase();
            one.name.to_lowercase().starts_with(&name)
        });
        let updated = updated(one.changed_by);
        identifier
            && name
            && same(&self.id, &one.id)
            && same(&self.practitioner, &one.id)
            && same(&self.organization, &house)
            && self.updated.iter().all(|span| span.has(updated))
    }
}

fn updated(by: Id<Change>) -> Timestamp {
    by.made_at()
}

fn known(one: &Listed) -> Known {
    Known {
        id: one.id.clone(),
        version: one.changed_by.to_string(),
        updated: updated(one.changed_by),
    }
}

/// The resources of what was listed.
async fn show(
    office: &Office,
    reader: &mut Reader,
    kind: Kind,
    listed: &[Listed],
    when: When,
) -> Result<Vec<(String, Resource)>, ServiceError> {
    let ids: BTreeSet<InstitutionId> = listed.iter().map(|one| one.institution).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let loaded = houses(office, reader, &ids, when).await?;
    let mut shown = Vec::with_capacity(listed.len());
    for one in listed {
        let house = loaded.iter().find(|house| house.id == one.institution);
        let Some(house) = house else { continue };
        let above = match (kind, parent(house)) {
            (Kind::Organization, Some(code)) => above(reader, &code).await?,
            _ => None,
        };
        let resource = resource(kind, one, house, above.as_deref());
        let path = format!("{}/{}", kind.name(), one.id);
        shown.extend(resource.map(|resource| (path, resource)));
    }
    Ok(shown)
}

fn parent(house: &House) -> Option<String> {
    house.institution()?.parent.clone()
}

async fn above(reader: &mut Reader, code: &str) -> Result<Option<String>, ServiceError> {
    let found: Option<(Id<Institution>, _)> = subject::with_code(reader, code).await?;
    Ok(found.map(|(id, _)| id.to_string()))
}

fn resource(kind: Kind, one: &Listed, house: &Arc<House>, above: Option<&str>) -> Option<Resource> {
    let institution = house.institution()?;
    let known = known(one);
    let person = || {
        let mut rows = house.loaded.people.iter();
        let at = rows.position(|id| id.to_string() == one.id)?;
        house.loaded.register.people.get(at)
    };
    Some(match kind {
        Kind::Organization => fhir::organization(&known, institution, above),
        Kind::Location => fhir::location(&known, institution),
        Kind::Practitioner => fhir::practitioner(&known, person()?),
        Kind::PractitionerRole => fhir::practitioner_role(&known, person()?, house.id, institution),
    })
}

/// What can be asked for, for whoever asks.
pub fn capabilities(base: &str, now: Timestamp) -> Resource {
    fhir::capabilities(base, now.shanghai_day())
}

/// A page as a bundle, with links to itself and to the next one.
pub fn bundle(
    base: &str,
    page: Page,
    own: String,
    next: Option<String>,
    now: Timestamp,
) -> Resource {
    let mut links = vec![Link {
        relation: "self",
        url: own,
    }];
    links.extend(next.map(|url| Link {
        relation: "next",
        url,
    }));
    fhir::bundle(base, page.found, page.total, links, now)
}

/// Why something was not done, as registries read it.
pub fn outcome(code: &'static str, text: String) -> Resource {
    fhir::outcome(code, text)
}

/// A resource as JSON text.
pub fn json(resource: &Resource) -> String {
    serde_json::to_string(resource).unwrap_or_default()
}

/// The change that altered a resource last; of bundles and the like there is none.
pub fn version(resource: &Resource) -> Option<&str> {
    meta(resource).map(|meta| meta.version_id.as_str())
}

/// When a resource was altered last.
pub fn updated_at(resource: &Resource) -> Option<Timestamp> {
    meta(resource)?.last_updated.parse().ok()
}

const fn meta(resource: &Resource) -> Option<&fhir::Meta> {
    match resource {
        Resource::Organization(one) => Some(&one.meta),
        Resource::Location(one) => Some(&one.meta),
        Resource::Practitioner(one) => Some(&one.meta),
        Resource::PractitionerRole(one) => Some(&one.meta),
        Resource::OperationOutcome(_) | Resource::Bundle(_) | Resource::CapabilityStatement(_) => {
            None
        }
    }
}
