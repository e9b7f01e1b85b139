//! Why a use case did not do what was asked.

use crate::domain::record::{Stale, Version};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Denied;
use crate::sheet::WriteError;
use crate::store::StoreError;

/// Why a use case did not do what was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The actor may not do it, and may know that it is there.
    #[error("not permitted")]
    Denied(Denied),
    /// There is no such thing, or none that the one who asks may know of.
    #[error("not found")]
    NotFound,
    /// It does not fit: every reason.
    #[error("refused")]
    Refused(Vec<Refusal>),
    /// Somebody changed it since it was seen.
    #[error("version {expected} was seen, but it is version {actual} now")]
    Stale { expected: Version, actual: Version },
    /// A workbook could not be written.
    #[error(transparent)]
    Workbook(#[from] WriteError),
    /// A file could not be kept or read.
    #[error("the folder of files cannot be used")]
    Files(#[source] std::io::Error),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

/// What a fault of the store means to whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Trying again later may help.
    Unavailable,
    /// Others wrote at the same time; trying again may help.
    Contention,
    /// The request with that key was carried out before, or is being carried out.
    Repeated,
    /// Nothing is against it; it was sent before its sender had signed in again.
    Held,
    /// A value that breaks a rule of the tables; its constraint is named in the log.
    Unfit,
    /// A fault of this program.
    Fault,
}

impl ServiceError {
    /// What a fault below this room means; `None` = it is none.
    pub const fn trouble(&self) -> Option<Trouble> {
        let Self::Store(error) = self else {
            return match self {
                Self::Workbook(_) => Some(Trouble::Fault),
                _ => None,
            };
        };
        Some(match error {
            StoreError::Unavailable(_) => Trouble::Unavailable,
            StoreError::Contention => Trouble::Contention,
            StoreError::Repeated => Trouble::Repeated,
            StoreError::Held => Trouble::Held,
            StoreError::Constraint(_) => Trouble::Unfit,
            _ => Trouble::Fault,
        })
    }
}

impl From<Denied> for ServiceError {
    /// What lies outside the scope does not exist for the actor.
    fn from(denied: Denied) -> Self {
        if denied.is_secret() {
            Self::NotFound
        } else {
            Self::Denied(denied)
        }
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<Vec<Refusal>> for ServiceError {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

impl From<Stale> for ServiceError {
    fn from(Stale { expected, actual }: Stale) -> Self {
        Self::Stale { expected, actual }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale { expected, actual } => Self::Stale { expected, actual },
            StoreError::NotFound { .. } => Self::NotFound,
            other => Self::Store(other),
        }
    }
}
