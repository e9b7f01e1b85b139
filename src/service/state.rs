//! Whether the office can work.

use super::{Office, ServiceError};

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
