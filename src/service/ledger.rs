//! The quota ledger for any day: of an institution, an area, a medical community, or of
//! everything that is recorded.

use super::locus::permit_part;
use super::{Office, ServiceError};
use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level};
use crate::domain::record::{Id, Version, When};
use crate::domain::rights::{Action, Actor};
use crate::domain::time::{Date, Timestamp};
use crate::policy::plan::Plan;
use crate::rules::assessment::{Assessment, InstitutionResult, assess};
use crate::rules::data::Data;
use crate::rules::members;
use crate::store::Reader;
use crate::store::register::{Loaded, Part, load, records_begin};
use crate::store::subject;

/// A part of the records as it was on a day, and what the policies say of it.
pub struct Evaluated {
    pub as_of: Month,
    pub loaded: Loaded,
    pub plan: Plan,
    pub data: Data,
    pub assessment: Assessment,
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
    let loaded = load(&mut reader, part, when, office.vault.as_ref()).await?;
    drop(reader);
    Ok(judge(office, loaded, when.on.month()))
}

fn judge(office: &Office, loaded: Loaded, as_of: Month) -> Evaluated {
    let plan = office.rulebook.plan(as_of, &loaded.register);
    let data = Data::of_register(&loaded.register, &plan.facts, as_of);
    let assessment = assess(&plan, &data);
    Evaluated {
        as_of,
        loaded,
        plan,
        data,
        assessment,
    }
}

/// The ledger of one institution.
pub struct InstitutionLedger {
    pub institution: Id<Institution>,
    pub version: Version,
    /// The first day for which its records are complete; `None` = there is none yet.
    pub records_begin: Option<Date>,
    /// `None` = the day lies before the records begin: the figures are not known.
    pub figures: Option<Figures>,
}

/// The figures of one institution, and the records behind them.
pub struct Figures {
    evaluated: Evaluated,
    /// Position in the loaded register.
    at: usize,
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
    let loaded = load(&mut reader, &part, when, office.vault.as_ref()).await?;
    let institutions = &loaded.register.institutions;
    let at = institutions.iter().position(|one| one.code == code);
    let area = match at.and_then(|at| institutions.get(at)) {
        Some(institution) => institution.area,
        None => latest_area(office, &mut reader, &part).await?,
    };
    let begins = records_begin(&mut reader, code, area).await?;
    drop(reader);
    let known = at.filter(|_| begins.is_some_and(|begins| begins <= when.on));
    let figures = known.map(|at| Figures {
        evaluated: judge(office, loaded, when.on.month()),
        at,
    });
    Ok(InstitutionLedger {
        institution: id,
        version,
        records_begin: begins,
        figures,
    })
}

/// Where an institution lies that is not there on the day asked for.
async fn latest_area(
    office: &Office,
    reader: &mut Reader,
    part: &Part,
) -> Result<Option<AreaCode>, ServiceError> {
    let loaded = load(reader, part, When::on(Date::LAST), office.vault.as_ref()).await?;
    let institution = loaded.register.institutions.first();
    Ok(institution.and_then(|institution| institution.area))
}

impl Figures {
    /// Everything they were made from.
    pub fn evaluated(&self) -> &Evaluated {
        &self.evaluated
    }

    /// The institution as it was.
    pub fn institution(&self) -> Option<&Institution> {
        let register = &self.evaluated.loaded.register;
        register.institutions.get(self.at)
    }

    /// Posts and findings.
    pub fn result(&self) -> Option<&InstitutionResult> {
        self.evaluated.assessment.institutions.get(self.at)
    }

    /// The people who fill posts of a level in a ledger; positions in the register.
    pub fn holders(&self, level: Level, ledger: Ledger) -> Vec<usize> {
        let Evaluated {
            data, assessment, ..
        } = &self.evaluated;
        members::holders(data, &assessment.people, self.at, Some(level), ledger)
    }
}
