//! Rural doctors: how their files begin, and lists of them. What is recorded of one is
//! written by [`record`](super::record).

pub use crate::store::rural_doctor::Wanted;

use super::ledger::{Evaluated, Grouped, evaluate};
use super::record::{self, Doing, File, Owner, told, unless_refused};
use super::staff::opened;
use super::{Office, ServiceError, listing};
use crate::domain::audit::About;
use crate::domain::ids::{NationalId, Sex};
use crate::domain::month::Month;
use crate::domain::page::{Asked, Page};
use crate::domain::record::{Id, Validity, Version, When};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, permit};
use crate::domain::rural_doctor::{Profile, RuralDoctor, Subsidy};
use crate::domain::secret::SecretField;
use crate::domain::sound::{Sound, check_validity};
use crate::domain::time::{Date, Timestamp};
use crate::policy::model::CoverageStatus;
use crate::report::figures::{policy_text, table};
use crate::rules::figures::{CoverageLine, FindingLine, RuleLine, TableLine};
use crate::store::dated::{self, Of, Statement};
use crate::store::register::Part;
use crate::store::register::Vault as _;
use crate::store::rural_doctor::{Listed, list as stored};
use crate::store::{StoreError, Tx, Write, locus, subject};
use std::collections::HashMap;
use std::sync::Arc;

/// One rural doctor as lists and pages show them: the number masked.
#[derive(Clone, Debug, PartialEq)]
pub struct Doctor {
    pub id: Id<RuralDoctor>,
    pub version: Version,
    /// `1501**********1234`
    pub number: String,
    pub sex: Sex,
    pub birth: Month,
    pub profile: Profile,
}

fn shown(office: &Office, listed: Listed) -> Result<Doctor, StoreError> {
    let number = opened(office, listed.number.as_ref());
    let number = number.ok_or_else(|| StoreError::Corrupt {
        table: "rural_doctor",
        column: "id_cipher".to_owned(),
        row: listed.id.to_string(),
    })?;
    Ok(Doctor {
        id: listed.id,
        version: listed.version,
        number: number.masked(),
        sex: number.sex(),
        birth: number.birth_month(),
        profile: listed.profile,
    })
}

/// A rural doctor whose file begins.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// The identity number in full.
    pub number: &'a str,
    pub profile: Profile,
    pub from: Date,
    pub reason: Option<&'a str>,
}

/// Begins the file of a rural doctor. A number that is recorded already is refused; of
/// whom is not said to those who may not see the file.
pub async fn create(
    office: &Office,
    actor: &Actor,
    new: &New<'_>,
    now: Timestamp,
) -> Result<(Id<RuralDoctor>, Version), ServiceError> {
    let doing = Doing {
        office,
        actor,
        action: Action::EditRuralDoctor,
        now,
        houses: Vec::new(),
    };
    let done = office.store.write(Create { doing, new }).await;
    done.map_err(|error| match error {
        // somebody else was quicker
        ServiceError::Store(StoreError::Constraint(name)) if name == "rural_doctor_id_hash" => {
            Refusal::NumberTaken { person: None }.into()
        }
        other => other,
    })
}

struct Create<'a> {
    doing: Doing<'a>,
    new: &'a New<'a>,
}

impl Write for Create<'_> {
    type Out = (Id<RuralDoctor>, Version);
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, ServiceError> {
        let Self { doing, new } = self;
        let Doing { office, now, .. } = *doing;
        let locus = locus::of_rural_doctor(tx, &new.profile, now.shanghai_day()).await?;
        let nobody = Id::from_uuid(uuid::Uuid::nil());
        let subject_of = |id| record::rural_doctor_subject(id, locus.clone());
        permit(doing.actor, doing.action, &subject_of(nobody))?;
        let validity = Validity::from(new.from);
        let mut refusals = check_validity(validity);
        refusals.extend(new.profile.refusals());
        refusals.extend(record::check_reason(new.reason, false));
        let Ok(number) = NationalId::read(new.number) else {
            refusals.push(Refusal::BadIdNumber);
            return Err(refusals.into());
        };
        let hash = office.vault.hash(SecretField::NationalId, number.as_str());
        if subject::with_hash::<RuralDoctor>(tx, &hash)
            .await?
            .is_some()
        {
            refusals.push(Refusal::NumberTaken { person: None });
        }
        unless_refused(refusals)?;
        let mut recording = doing.begin(tx, new.reason).await?;
        let sealed = office.vault.seal(SecretField::NationalId, number.as_str());
        let id = subject::create_with_number(tx, &mut recording, sealed).await?;
        let statement = Statement {
            subject: id,
            slot: String::new(),
            fact: Some(new.profile.clone()),
            on: new.from,
            until: None,
        };
        dated::state(tx, &mut recording, statement).await?;
        let file = File {
            about: About {
                noun: RuralDoctor::NOUN.to_owned(),
                id: id.to_string(),
                area: locus.area,
                institution: locus.institutions.first().copied(),
            },
            subject: subject_of(id),
        };
        let after = told("", validity, &new.profile);
        doing
            .tell(tx, file, [None, Some(after)], new.reason, &recording)
            .await?;
        Ok((id, Version::FIRST))
    }
}

/// A rural doctor in the actor's scope as they are on a day.
pub async fn find(
    office: &Office,
    actor: &Actor,
    id: Id<RuralDoctor>,
    when: When,
    now: Timestamp,
) -> Result<Doctor, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let file = RuralDoctor::file(&mut reader, id, now.shanghai_day()).await?;
    permit(actor, Action::ReadPerson, &file.subject)?;
    let version = subject::version(&mut reader, id).await?;
    let these = [id];
    let rows = dated::at::<Profile>(&mut reader, Of::These(&these), when).await?;
    let row = rows.into_iter().next().ok_or(ServiceError::NotFound)?;
    let number = subject::numbers(&mut reader, &these).await?.remove(&id);
    let listed = Listed {
        id,
        version,
        number,
        profile: row.fact,
    };
    Ok(shown(office, listed)?)
}

/// What a list of rural doctors is asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    pub wanted: Wanted,
    pub when: When,
    pub page: Asked,
}

/// The rural doctors of a day in the actor's scope, by name.
pub async fn list(
    office: &Office,
    actor: &Actor,
    asked: &Listing,
    now: Timestamp,
) -> Result<Page<Doctor>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let within = listing::within(&mut reader, actor, Action::ReadPerson, today).await?;
    let Listing { wanted, when, page } = asked;
    let (rows, total) = match within {
        // one's own file is that of a member of staff
        Some(within) if !within.is_own() => {
            stored(&mut reader, wanted, &within, *when, page).await?
        }
        _ => (Vec::new(), 0),
    };
    let page = Page::cut(rows, page, total, Listed::cursor);
    let items = page.items.into_iter().map(|one| shown(office, one));
    Ok(Page {
        items: items.collect::<Result<_, _>>()?,
        total: page.total,
        next: page.next,
    })
}

/// Where a rural doctor stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What the decision tables give, rule by rule; `None` = no county is judged for the
    /// doctor on the day.
    pub tables: Option<Vec<TableLine>>,
    /// Months of subsidies that were not paid, or not in full; `None` = no subsidy is
    /// recorded at all.
    pub unpaid: Option<Vec<Unpaid>>,
}

/// A subsidy that is owed for a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpaid {
    pub name: String,
    pub month: Month,
}

/// Where the rural doctors of a part of the records stand, and what the policies say of all
/// of them.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    pub doctors: HashMap<Id<RuralDoctor>, Standing>,
    /// The share of the licensed by county, as its target says.
    pub licensed: Vec<(String, FindingLine)>,
    /// Who may register without an examination: nobody's file here says whether they may.
    pub registration: Vec<RuleLine>,
    /// Clauses about rural doctors that somebody has to judge.
    pub judged: Vec<CoverageLine>,
}

/// The rules by which these pages ask, as the policies name them.
const LICENSED: &str = "rural-doctor-licensed";
const REGISTRATION: &str = "rural-registration-without-exam";
/// The word by which a clause speaks of them.
const OF_THEM: &str = "乡村医生";

/// Where the rural doctors of a part of the records stand on a day.
pub async fn standings(
    office: &Office,
    actor: &Actor,
    part: &Part,
    when: When,
    now: Timestamp,
) -> Result<Standings, ServiceError> {
    let found = evaluate(office, actor, part, when, now).await?;
    let ids = &found.land.loaded.rural_doctors;
    let mut out = judged(&found, ids);
    let mut reader = office.store.snapshot().await?;
    let subsidies = dated::at::<Subsidy>(&mut reader, Of::These(ids), when).await?;
    for row in subsidies {
        let Some(standing) = out.doctors.get_mut(&row.subject) else {
            continue;
        };
        let unpaid = standing.unpaid.get_or_insert_with(Vec::new);
        let Subsidy {
            name,
            month,
            due,
            paid,
            ..
        } = row.fact;
        if month <= when.on.month() && paid.is_none_or(|paid| paid < due) {
            unpaid.push(Unpaid { name, month });
        }
    }
    for standing in out.doctors.values_mut() {
        let months = standing.unpaid.iter_mut();
        months.for_each(|unpaid| unpaid.sort_by_key(|one| one.month));
    }
    Ok(out)
}

/// What the rules say, county by county.
fn judged(found: &Evaluated, ids: &[Id<RuralDoctor>]) -> Standings {
    let mut out = Standings::default();
    for id in ids {
        out.doctors.insert(*id, Standing::default());
    }
    let mut asked: Vec<*const Grouped> = Vec::new();
    for county in &found.counties {
        let Some(said) = &county.said else { continue };
        let of = said.findings.iter().filter_map(|one| said.line(one));
        let of = of.filter(|line| line.rule.rule == LICENSED);
        out.licensed
            .extend(of.map(|line| (county.code.to_string(), line)));
        // counties under the same rules are judged together, each doctor once
        if asked.contains(&Arc::as_ptr(&said.grouped)) {
            continue;
        }
        asked.push(Arc::as_ptr(&said.grouped));
        said.grouped.judge(ids, &mut out);
    }
    out
}

impl Grouped {
    /// Adds what the rules of these counties say.
    fn judge(&self, ids: &[Id<RuralDoctor>], out: &mut Standings) {
        let plan = &self.ruled.plan;
        let rows = self.assessment.rural_doctors.iter();
        for (results, at) in rows.zip(&self.rural_doctors) {
            let standing = ids.get(*at).and_then(|id| out.doctors.get_mut(id));
            if let Some(standing) = standing {
                let lines = results.iter().filter_map(|one| table(plan, one));
                standing.tables = Some(lines.collect());
            }
        }
        for policy in &plan.policies {
            let text = policy_text(policy, &plan.facts);
            let rules = text.rules.into_iter().map(|rule| rule.line);
            let rules = rules.filter(|line| line.rule == REGISTRATION);
            out.registration.extend(rules);
            let clauses = text.coverage.into_iter();
            let judged = CoverageStatus::Judgement.key();
            let clauses = clauses.filter(|one| one.status == judged && one.quote.contains(OF_THEM));
            out.judged.extend(clauses);
        }
    }
}
