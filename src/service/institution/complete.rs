//! Institutions that are kept through the forms alone: no file ever said that everybody is
//! recorded. Whoever keeps the records says it, for a day; with it their figures begin.

use super::{file_of, tell_of};
use crate::domain::institution::{Institution, Profile};
use crate::domain::record::{Version, When};
use crate::domain::record_id::InstitutionId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, permit};
use crate::domain::time::{Date, Timestamp};
use crate::service::record::{Doing, Owner, check_reason, unless_refused};
use crate::service::{Office, ServiceError};
use crate::store::dated::{self, Of};
use crate::store::register::{Scope, add_complete, records_begin};
use crate::store::{Tx, Write, locus, subject};
use serde_json::json;

/// That everybody at an institution is recorded on a day.
#[derive(Clone, Copy, Debug)]
pub struct Declaration<'a> {
    pub institution: InstitutionId,
    /// The day on which whoever is not recorded was not there.
    pub on: Date,
    pub seen: Version,
    /// How the one who says it knows.
    pub reason: &'a str,
}

/// Declares the records of an institution complete from a day on: its new version. Those
/// below it are declared by themselves.
///
/// Refused: [`Refusal::ReasonMissing`], [`Refusal::NoRecordsYet`] for a day to come,
/// [`Refusal::NotThereYet`] where it did not exist on the day, [`Refusal::CompleteAlready`].
pub async fn declare_complete(
    office: &Office,
    actor: &Actor,
    declaration: Declaration<'_>,
    now: Timestamp,
) -> Result<Version, ServiceError> {
    let doing = Doing {
        office,
        actor,
        action: Action::DeclareComplete,
        now,
        houses: vec![declaration.institution],
    };
    office.store.write(Declare { doing, declaration }).await
}

struct Declare<'a> {
    doing: Doing<'a>,
    declaration: Declaration<'a>,
}

impl Write for Declare<'_> {
    type Out = Version;
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        self.doing.houses.clone()
    }

    async fn run(&self, tx: &mut Tx) -> Result<Version, ServiceError> {
        let Self { doing, .. } = self;
        let Declaration {
            institution: id,
            on,
            seen,
            reason,
        } = self.declaration;
        let today = doing.now.shanghai_day();
        let file = Institution::file(tx, id, today).await?;
        permit(doing.actor, doing.action, &file.subject)?;
        subject::claim(tx, id, seen).await?;
        let mut refusals = check_reason(Some(reason), true);
        if on > today {
            refusals.push(Refusal::NoRecordsYet { on });
        }
        let these = [id];
        let profiles = dated::at::<Profile>(tx, Of::These(&these), When::on(on)).await?;
        let codes = subject::codes(tx, &these).await?;
        let code = codes.get(&id).ok_or(ServiceError::NotFound)?;
        match profiles.first() {
            None => refusals.push(Refusal::NotThereYet { field: "on" }),
            Some(profile) => {
                let begin = records_begin(tx, code, profile.fact.area).await?;
                if let Some(since) = begin.filter(|since| *since <= on) {
                    refusals.push(Refusal::CompleteAlready { since });
                }
            }
        }
        unless_refused(refusals)?;
        let mut recording = doing.begin(tx, Some(reason)).await?;
        let scope = Scope::Institutions(vec![code.clone()]);
        add_complete(tx, &mut recording, &scope, on).await?;
        let version = subject::touch(tx, id, seen).await?;
        let mut place = locus::of_institution(tx, id, today).await?;
        place.institutions.clear();
        let about = file_of(id, place).about;
        let after = json!({ "complete_from": on.to_string() });
        tell_of(doing, tx, about, after, Some(reason), &recording).await?;
        Ok(version)
    }
}
