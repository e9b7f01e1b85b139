//! What the figures are worth: what in the records cannot be right, where the figures of
//! the authorities differ, and figures frozen as they were reported.

pub use crate::store::register::Part;

use super::ledger::{Evaluated, Grouped, evaluate};
use super::locus::permit_part;
use super::record::{Doing, check_reason, unless_refused};
use super::shelf::Judged;
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::audit::{About as Event, What, Who, canonical_json};
use crate::domain::change::Change;
use crate::domain::difference::{Comparison, Difference};
use crate::domain::institution::Institution;
use crate::domain::keeping::Frozen;
use crate::domain::licence::{Licence, LicenceKind};
use crate::domain::post::PostCategory;
use crate::domain::quality::{self, About};
use crate::domain::record::{Id, When};
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::register::Register;
use crate::domain::rights::{Action, Actor};
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::staff::{Employment, JobClass, Person};
use crate::domain::time::{Date, Timestamp};
use crate::policy::fact::FactId;
use crate::policy::plan::{Plan, RuleId};
use crate::report::frozen::json as frozen_json;
use crate::rules::explain;
use crate::rules::finding::Missing;
use crate::rules::verdict::Verdict;
use crate::store::dated::{self, Of};
use crate::store::register::records_begin;
use crate::store::{Reader, StoreError, Tx, Write, change, keeping, locus, subject};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Institution {
        id: InstitutionId,
        code: String,
        name: String,
    },
    Person {
        id: PersonId,
        name: String,
    },
    RuralDoctor {
        id: Id<RuralDoctor>,
        name: String,
    },
}

/// A rule that cannot be answered, and the facts that it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub policy: String,
    pub rule: String,
    /// Names of facts, as `policies/facts.toml` has them.
    pub facts: Vec<String>,
}

/// Something that cannot be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: quality::Rule,
    pub subject: Subject,
    /// The institution that has to look at it, by code.
    pub institution: Option<String>,
    /// Others that it is about.
    pub others: Vec<Subject>,
    /// What parts come to, and what stands as their total.
    pub sum: Option<(u32, u32)>,
    pub month: Option<crate::domain::month::Month>,
    /// Of a missing fact: the rule and what it lacks.
    pub open: Option<Open>,
}

/// Everything that cannot be right in a part of the records on a day: what the register
/// shows by itself, people past retirement, and facts without which a rule stays open.
pub async fn quality(
    office: &Office,
    actor: &Actor,
    part: &Part,
    when: When,
    now: Timestamp,
) -> Result<Vec<Finding>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    permit_part(&mut reader, actor, Action::ReadQuality, part, today).await?;
    drop(reader);
    // whoever reads the quality of figures reads the figures
    let found = evaluate(office, actor, part, when, now).await?;
    let all = All::of(&found);
    let mut out: Vec<Finding> = quality::findings(&all.register)
        .into_iter()
        .filter_map(|one| all.finding(one))
        .collect();
    out.extend(all.past_retirement());
    out.extend(all.open_rules());
    Ok(out)
}

/// What is recorded of a part, side by side, and where each row comes from.
struct All<'a> {
    found: &'a Evaluated,
    register: Register,
    institutions: Vec<InstitutionId>,
    people: Vec<PersonId>,
    /// Of each person the position of the institution in `found`, and the row there.
    homes: Vec<(usize, usize)>,
}

impl<'a> All<'a> {
    /// Everything recorded for the day, of institutions too whose figures are unknown yet.
    fn of(found: &'a Evaluated) -> Self {
        let mut all = Self {
            found,
            register: Register {
                rural_doctors: found.land.loaded.register.rural_doctors.clone(),
                ..Register::default()
            },
            institutions: Vec::new(),
            people: Vec::new(),
            homes: Vec::new(),
        };
        for (from, ledger) in found.institutions.iter().enumerate() {
            let Some((house, one)) = ledger
                .house
                .as_ref()
                .and_then(|house| Some((house, house.institution()?)))
            else {
                continue;
            };
            let at = all.register.institutions.len();
            all.register.institutions.push(one.clone());
            all.institutions.push(ledger.institution);
            let people = &house.loaded.register.people;
            for (row, (person, id)) in people.iter().zip(&house.loaded.people).enumerate() {
                all.register.people.push(Person {
                    institution: at,
                    ..person.clone()
                });
                all.people.push(*id);
                all.homes.push((from, row));
            }
        }
        all
    }

    fn institution(&self, at: usize) -> Option<Subject> {
        let one = self.register.institutions.get(at)?;
        Some(Subject::Institution {
            id: *self.institutions.get(at)?,
            code: one.code.clone(),
            name: one.name.clone(),
        })
    }

    fn person(&self, at: usize) -> Option<Subject> {
        Some(Subject::Person {
            id: *self.people.get(at)?,
            name: self.register.people.get(at)?.name.clone(),
        })
    }

    fn rural_doctor(&self, at: usize) -> Option<Subject> {
        Some(Subject::RuralDoctor {
            id: *self.found.land.loaded.rural_doctors.get(at)?,
            name: self.register.rural_doctors.get(at)?.name.clone(),
        })
    }

    fn subject(&self, about: About) -> Option<Subject> {
        match about {
            About::Institution(at) => self.institution(at),
            About::Person(at) => self.person(at),
            About::RuralDoctor(at) => self.rural_doctor(at),
        }
    }

    /// The code of the institution that keeps what a finding is about.
    fn keeper(&self, about: About) -> Option<String> {
        let at = match about {
            About::Institution(at) => at,
            About::Person(at) => self.register.people.get(at)?.institution,
            About::RuralDoctor(_) => return None,
        };
        Some(self.register.institutions.get(at)?.code.clone())
    }

    fn finding(&self, one: quality::Finding) -> Option<Finding> {
        let others = one.others.iter().filter_map(|at| self.person(*at));
        Some(Finding {
            rule: one.rule,
            subject: self.subject(one.about)?,
            institution: self.keeper(one.about),
            others: others.collect(),
            sum: one.sum,
            month: one.month,
            open: None,
        })
    }

    /// What the rules make of somebody's institution, and the row there.
    fn judged(&self, person: usize) -> Option<(&'a Judged, usize)> {
        let (from, row) = *self.homes.get(person)?;
        let figures = self.found.institutions.get(from)?.figures.as_ref()?;
        Some((figures.judged(), row))
    }

    fn past_retirement(&self) -> Vec<Finding> {
        let people = self.register.people.iter().enumerate();
        let found = people.filter_map(|(at, person)| {
            let (judged, row) = self.judged(at)?;
            let retirement = judged.people.retirement(row);
            let as_of = self.found.as_of;
            self.finding(quality::past_retirement(at, person, retirement, as_of)?)
        });
        found.collect()
    }

    /// Rules that stay open, with what they lack.
    fn open_rules(&self) -> Vec<Finding> {
        let mut out = self.open_of_institutions();
        for at in 0..self.register.people.len() {
            let Some((judged, row)) = self.judged(at) else {
                continue;
            };
            let plan = &judged.ruled.plan;
            for (number, standing) in plan.standings.iter().enumerate() {
                if judged.people.verdict(row, number) == Some(Verdict::Unknown) {
                    let facts = explain::missing(plan, &judged.data, row, number);
                    out.extend(self.open(About::Person(at), plan, standing.rule, &facts));
                }
            }
        }
        out.extend(self.open_of_rural_doctors());
        out
    }

    fn open_of_institutions(&self) -> Vec<Finding> {
        let mut out = Vec::new();
        for (at, id) in self.institutions.iter().enumerate() {
            let mut ledgers = self.found.institutions.iter();
            let ledger = ledgers.find(|one| one.institution == *id);
            let Some(figures) = ledger.and_then(|one| one.figures.as_ref()) else {
                continue;
            };
            let plan = &figures.judged().ruled.plan;
            for finding in &figures.result().findings {
                let facts = finding.missing.iter().filter_map(|missing| match missing {
                    Missing::Fact(fact) => Some(*fact),
                    Missing::SetByPlace | Missing::NearerPlace => None,
                });
                let facts: Vec<FactId> = facts.collect();
                if finding.verdict == Verdict::Unknown {
                    out.extend(self.open(About::Institution(at), plan, finding.rule, &facts));
                }
            }
        }
        out
    }

    /// Rural doctors are judged with the counties they live in, each once.
    fn open_of_rural_doctors(&self) -> Vec<Finding> {
        let mut out = Vec::new();
        let mut seen: Vec<*const Grouped> = Vec::new();
        let said = self.found.counties.iter();
        for together in said.filter_map(|county| county.said.as_ref()) {
            let grouped = &together.grouped;
            if seen.contains(&Arc::as_ptr(grouped)) {
                continue;
            }
            seen.push(Arc::as_ptr(grouped));
            let rows = grouped.assessment.rural_doctors.iter();
            for (results, at) in rows.zip(&grouped.rural_doctors) {
                for result in results {
                    let (plan, about) = (&grouped.ruled.plan, About::RuralDoctor(*at));
                    out.extend(self.open(about, plan, result.rule, &result.missing));
                }
            }
        }
        out
    }

    fn open(&self, about: About, plan: &Plan, rule: RuleId, facts: &[FactId]) -> Option<Finding> {
        if facts.is_empty() {
            return None;
        }
        let (policy, rule) = plan.rule(rule)?;
        let facts = facts.iter().map(|fact| plan.facts.name(*fact).to_owned());
        Some(Finding {
            rule: quality::Rule::MissingFact,
            subject: self.subject(about)?,
            institution: self.keeper(about),
            others: Vec::new(),
            sum: None,
            month: None,
            open: Some(Open {
                policy: policy.id.clone(),
                rule: rule.id.clone(),
                facts: facts.collect(),
            }),
        })
    }
}

/// The differences of one institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    pub id: InstitutionId,
    pub code: String,
    pub name: String,
    pub differences: Vec<Difference>,
}

/// The institutions of a part of the records where the figures of the authorities differ
/// on a day.
pub async fn differences(
    office: &Office,
    actor: &Actor,
    part: &Part,
    when: When,
    now: Timestamp,
) -> Result<Vec<Differing>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    permit_part(&mut reader, actor, Action::CompareFigures, part, today).await?;
    drop(reader);
    let found = evaluate(office, actor, part, when, now).await?;
    let mut reader = office.store.snapshot().await?;
    let all = All::of(&found);
    let licences = licences(&mut reader, &all.people, when).await?;
    let mut out = Vec::new();
    for (at, (one, id)) in all
        .register
        .institutions
        .iter()
        .zip(&all.institutions)
        .enumerate()
    {
        let differences = compare(&all, at, one, &licences);
        if !differences.is_empty() {
            out.push(Differing {
                id: *id,
                code: one.code.clone(),
                name: one.name.clone(),
                differences,
            });
        }
    }
    Ok(out)
}

/// Who holds which licences on a day.
type Licences = HashMap<PersonId, Vec<LicenceKind>>;

async fn licences(
    reader: &mut Reader,
    people: &[PersonId],
    when: When,
) -> Result<Licences, StoreError> {
    let mut licences = Licences::new();
    for row in dated::at::<Licence>(reader, Of::These(people), when).await? {
        // a licence that ran out is none
        if row.fact.expires.is_none_or(|last| when.on <= last) {
            licences.entry(row.subject).or_default().push(row.fact.kind);
        }
    }
    Ok(licences)
}

fn compare(all: &All<'_>, at: usize, one: &Institution, licences: &Licences) -> Vec<Difference> {
    let people = all.register.people.iter().zip(&all.people);
    let staff: Vec<_> = people
        .filter(|(person, _)| person.institution == at)
        .collect();
    let whole = |parts: [Option<u32>; 3]| {
        let mut parts = parts.into_iter();
        parts.try_fold(0, |sum, part| Some(sum + i64::from(part?)))
    };
    let number = |value: Option<u32>| value.map(i64::from);
    let count = |number: usize| i64::try_from(number).ok();
    let (establishment, posts) = (one.establishment, one.posts);
    let on_establishment = staff.iter();
    let on_establishment =
        on_establishment.filter(|(person, _)| person.employment == Employment::Establishment);
    let split = [
        establishment.professional,
        establishment.management,
        establishment.worker,
    ];
    let levels = [posts.senior, posts.intermediate, posts.junior];
    let mut pairs = vec![
        (
            Comparison::EstablishmentSplit,
            number(establishment.total),
            whole(split),
        ),
        (
            Comparison::EstablishmentStaff,
            number(establishment.total),
            count(on_establishment.count()),
        ),
        (
            Comparison::EstablishmentPosts,
            number(establishment.professional),
            number(posts.professional),
        ),
        (
            Comparison::PostLevels,
            number(posts.professional),
            whole(levels),
        ),
    ];
    let mut ledgers = all.found.institutions.iter();
    let ledger = ledgers.find(|ledger| all.institutions.get(at) == Some(&ledger.institution));
    if let Some(figures) = ledger.and_then(|ledger| ledger.figures.as_ref()) {
        let posts = &figures.result().posts;
        let levels = [
            (Comparison::SeniorPosts, posts.senior),
            (Comparison::IntermediatePosts, posts.intermediate),
            (Comparison::JuniorPosts, posts.junior),
        ];
        for (comparison, level) in levels {
            pairs.push((comparison, level.approved, Some(level.counted())));
        }
    }
    // licences count where any are recorded: an empty register says nothing
    let licensed = staff.iter().any(|(_, id)| licences.contains_key(id));
    if licensed {
        for (comparison, kind, classes) in PROFESSIONS {
            let held = staff
                .iter()
                .filter(|(_, id)| licences.get(id).is_some_and(|kinds| kinds.contains(kind)));
            let at_work = staff.iter().filter(|(person, _)| {
                person.category == PostCategory::Professional
                    && person
                        .job_class
                        .is_some_and(|class| classes.contains(&class))
            });
            pairs.push((*comparison, count(held.count()), count(at_work.count())));
        }
    }
    let differing = pairs.into_iter();
    differing
        .filter_map(|(comparison, first, second)| comparison.between(first, second))
        .collect()
}

/// A licence, and the classes of work that need it.
const PROFESSIONS: &[(Comparison, LicenceKind, &[JobClass])] = &[
    (
        Comparison::Physicians,
        LicenceKind::Physician,
        &[JobClass::Physician],
    ),
    (
        Comparison::AssistantPhysicians,
        LicenceKind::AssistantPhysician,
        &[JobClass::AssistantPhysician],
    ),
    (
        Comparison::Nurses,
        LicenceKind::Nurse,
        &[JobClass::Nurse, JobClass::Midwife],
    ),
    (
        Comparison::Pharmacists,
        LicenceKind::Pharmacist,
        &[JobClass::Pharmacist, JobClass::TraditionalPharmacist],
    ),
];

/// For what figures are frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    Area(crate::domain::ids::AreaCode),
    Institution { id: InstitutionId, code: String },
}

impl Whose {
    fn part(&self) -> Part {
        match self {
            Self::Area(area) => Part::Area(*area),
            Self::Institution { id, .. } => Part::These(vec![*id]),
        }
    }

    /// As frozen figures name it.
    fn scope(&self) -> String {
        match self {
            Self::Area(area) => format!("area:{area}"),
            Self::Institution { code, .. } => format!("institution:{code}"),
        }
    }
}

/// The kind of figures for a day: those of a year's end, or others.
fn kind(on: Date) -> &'static str {
    let (_, month, day) = on.parts();
    if (month, day) == (12, 31) {
        "year_end"
    } else {
        "interim"
    }
}

/// Freezes the figures of a day as they are known now. Reported again they are frozen
/// again, and the latest counts.
///
/// Refused: days that are still to come, and days before the records are complete.
pub async fn freeze(
    office: &Office,
    actor: &Actor,
    whose: &Whose,
    on: Date,
    reason: &str,
    now: Timestamp,
) -> Result<Frozen, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let (part, today) = (whose.part(), now.shanghai_day());
    permit_part(&mut reader, actor, Action::FreezeFigures, &part, today).await?;
    let mut refusals = check_reason(Some(reason), true);
    let begins = match whose {
        Whose::Area(area) => records_begin(&mut reader, "", Some(*area)).await?,
        Whose::Institution { id, code } => {
            let area = locus::of_institution(&mut reader, *id, on).await?.area;
            records_begin(&mut reader, code, area).await?
        }
    };
    drop(reader);
    if on > today || begins.is_none_or(|begins| begins > on) {
        refusals.push(Refusal::NoRecordsYet { on });
    }
    unless_refused(refusals)?;
    let found = evaluate(office, actor, &part, When::known_at(on, now), now).await?;
    // a figure that leaves somebody out is not frozen
    if !found.unknown().is_empty() {
        return Err(Refusal::NoRecordsYet { on }.into());
    }
    let body = canonical_json(&frozen_json(&found.plain()));
    let doing = Doing {
        office,
        actor,
        action: Action::FreezeFigures,
        now,
        houses: Vec::new(),
    };
    let freezing = Freezing {
        doing,
        whose,
        on,
        body: &body,
        reason,
    };
    office.store.write(freezing).await
}

struct Freezing<'a> {
    doing: Doing<'a>,
    whose: &'a Whose,
    on: Date,
    body: &'a str,
    reason: &'a str,
}

impl Write for Freezing<'_> {
    type Out = Frozen;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Frozen, ServiceError> {
        let Self {
            doing, whose, on, ..
        } = self;
        let today = doing.now.shanghai_day();
        permit_part(tx, doing.actor, doing.action, &whose.part(), today).await?;
        let recording = doing.begin(tx, Some(self.reason)).await?;
        let frozen = Frozen {
            id: doing.office.chance.id(doing.now),
            kind: kind(*on).to_owned(),
            scope: whose.scope(),
            valid_on: *on,
            known_at: doing.now,
            frozen_by: recording.change,
            body: self.body.to_owned(),
            digest: Sha256::digest(self.body.as_bytes()).into(),
        };
        keeping::freeze(tx, &frozen).await?;
        let who = Who::actor(doing.actor);
        let about = Event {
            noun: "frozen".to_owned(),
            id: frozen.id.to_string(),
            area: match whose {
                Whose::Area(area) => Some(*area),
                Whose::Institution { id, .. } => locus::of_institution(tx, *id, today).await?.area,
            },
            institution: match whose {
                Whose::Area(_) => None,
                Whose::Institution { id, .. } => Some(*id),
            },
        };
        let digest = crate::domain::audit::AuditHash::new(frozen.digest).to_string();
        let told = Told {
            after: Some(json!({
                "kind": frozen.kind,
                "scope": frozen.scope,
                "on": on.to_string(),
                "digest": digest,
            })),
            reason: Some(self.reason),
            change: Some(recording.change),
            ..Told::new(&who, What::Action(doing.action), about)
        };
        tell(doing.office, tx, told, doing.now).await?;
        Ok(frozen)
    }
}

/// Frozen figures, with who froze them and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    pub frozen: Frozen,
    pub by: Change,
}

/// All that was frozen for an area or an institution, oldest first, each as it was
/// reported; of one day if given.
pub async fn frozen(
    office: &Office,
    actor: &Actor,
    whose: &Whose,
    on: Option<Date>,
    now: Timestamp,
) -> Result<Vec<Returned>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let (part, today) = (whose.part(), now.shanghai_day());
    permit_part(&mut reader, actor, Action::ReadLedger, &part, today).await?;
    let all = keeping::frozen_of(&mut reader, &whose.scope(), on).await?;
    let changes = all.iter().map(|one| one.frozen_by);
    let changes: std::collections::BTreeSet<_> = changes.collect();
    let changes = change::find_all(&mut reader, changes).await?;
    let returned = all.into_iter().map(|frozen| {
        let corrupt = |column: &str| StoreError::Corrupt {
            table: "frozen",
            column: column.to_owned(),
            row: frozen.id.to_string(),
        };
        let digest: [u8; 32] = Sha256::digest(frozen.body.as_bytes()).into();
        if digest != frozen.digest {
            return Err(corrupt("digest").into());
        }
        let by = changes.get(&frozen.frozen_by).cloned();
        let by = by.ok_or_else(|| corrupt("frozen_by"))?;
        Ok(Returned { frozen, by })
    });
    returned.collect()
}

/// An institution in the actor's scope, for which figures can be frozen.
pub async fn of_institution(office: &Office, id: InstitutionId) -> Result<Whose, ServiceError> {
    let mut reader = office.store.read().await?;
    let codes = subject::codes(&mut reader, &[id]).await?;
    let code = codes.get(&id).ok_or(ServiceError::NotFound)?;
    Ok(Whose::Institution {
        id,
        code: code.clone(),
    })
}
