//! Why a use case did not do what was asked.

use crate::domain::record::Version;
use crate::sheet::WriteError;
use crate::store::StoreError;

/// Why a use case did not do what was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is no such thing, or none that the one who asks may know of.
    #[error("not found")]
    NotFound,
    /// Somebody changed it since it was seen.
    #[error("version {expected} was seen, but it is version {actual} now")]
    Stale { expected: Version, actual: Version },
    /// A workbook could not be written.
    #[error(transparent)]
    Workbook(#[from] WriteError),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
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
