//! Whether the office can work.

use super::{Office, ServiceError};
use crate::domain::job::Status;
use crate::domain::rights::{Action, Actor, Subject, permit};

/// What is known of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    Ready,
    /// Its tables are those of another version of the program.
    NotCurrent,
}

/// Asks the database.
pub async fn readiness(office: &Office) -> Result<Readiness, ServiceError> {
    Ok(if office.store.is_current().await? {
        Readiness::Ready
    } else {
        Readiness::NotCurrent
    })
}

/// Lets a job run as soon as its loop comes round, for those who may run what has a
/// schedule. `wake` says whether there is such a job.
pub fn wake(actor: &Actor, wake: impl FnOnce() -> bool) -> Result<bool, ServiceError> {
    permit(actor, Action::RunSchedule, &Subject::Installation)?;
    Ok(wake())
}

/// How the jobs of this instance stand, for those who look after the installation. `board`
/// reads them: they live as long as the process and stand in no records.
pub fn jobs(
    actor: &Actor,
    board: impl FnOnce() -> Vec<Status>,
) -> Result<Vec<Status>, ServiceError> {
    permit(actor, Action::ReadOperations, &Subject::Installation)?;
    Ok(board())
}
