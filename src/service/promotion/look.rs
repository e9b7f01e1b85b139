//! Applications as they are seen.

use super::case;
use crate::domain::attachment::Attachment;
use crate::domain::promotion::{Application, Holder};
use crate::domain::record_id::{ApplicationId, PersonId};
use crate::domain::rights::{Action, Actor, Subject, permit, reach};
use crate::domain::time::Timestamp;
use crate::service::{Office, ServiceError};
use crate::store::promotion::{self as kept, Step, Wanted};
use crate::store::{attachment, locus};

/// An application with its history and its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub application: Application,
    /// Who has it now; since when stands in the application.
    pub holder: Holder,
    /// What was done, oldest first.
    pub steps: Vec<Step>,
    pub files: Vec<Attachment>,
}

/// An application in the actor's scope.
pub async fn find(
    office: &Office,
    actor: &Actor,
    id: ApplicationId,
    now: Timestamp,
) -> Result<View, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let found = kept::find(&mut reader, id).await?;
    let application = found.ok_or(ServiceError::NotFound)?;
    let today = now.shanghai_day();
    let place = locus::of_institution(&mut reader, application.institution, today).await?;
    let subject = Subject::Application(case(&application, place));
    permit(actor, Action::ReadApplication, &subject)?;
    Ok(View {
        holder: application.holder(),
        steps: kept::told(&mut reader, id).await?,
        files: attachment::of_application(&mut reader, id).await?,
        application,
    })
}

/// The applications of a person, those in the actor's scope.
pub async fn of_person(
    office: &Office,
    actor: &Actor,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<Application>, ServiceError> {
    let scope = reach(actor, Action::ReadApplication)?;
    let mut reader = office.store.snapshot().await?;
    let wanted = Wanted {
        person: Some(person),
        ..Wanted::default()
    };
    let mut seen = Vec::new();
    for id in kept::list(&mut reader, &wanted, u32::MAX).await? {
        let Some(application) = kept::find(&mut reader, id).await? else {
            continue;
        };
        let today = now.shanghai_day();
        let place = locus::of_institution(&mut reader, application.institution, today).await?;
        if scope.covers_person(person, &place) {
            seen.push(application);
        }
    }
    Ok(seen)
}
