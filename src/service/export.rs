//! The records of a day as the workbook that could be imported again.

use super::{Office, ServiceError};
use crate::domain::record::When;
use crate::sheet;
use crate::store::register::{Part, load};

/// The import workbook of a part of the records as it was on a day: xlsx.
pub async fn workbook(office: &Office, part: &Part, when: When) -> Result<Vec<u8>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let loaded = load(&mut reader, part, when, office.vault.as_ref()).await?;
    Ok(sheet::write_register(&loaded.register)?)
}
