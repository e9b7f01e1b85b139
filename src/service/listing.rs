//! What all lists ask first: how far the one who asks may see.

use super::ServiceError;
use crate::domain::rights::{Action, Actor, reach};
use crate::domain::time::Date;
use crate::store::Reader;
use crate::store::listing::Within;

/// The scope of an actor in the words of a statement; `None` = nothing lies in it.
pub(super) async fn within(
    reader: &mut Reader,
    actor: &Actor,
    action: Action,
    today: Date,
) -> Result<Option<Within>, ServiceError> {
    let scope = reach(actor, action)?;
    Ok(Within::of(reader, scope.filter(), today).await?)
}
