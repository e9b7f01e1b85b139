//! Changes: who altered the records, when and why. Every record names the change that
//! made it and the one that replaced it.

use super::audit::Who;
use super::record::Id;
use super::time::Timestamp;

/// Who makes a change. Name and role are copied, so that the trail stays readable when
/// an account is renamed or closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Identifier of the account; `None` = the program itself.
    pub account: Option<String>,
    pub name: String,
    pub role: String,
}

impl From<&Who> for Author {
    fn from(who: &Who) -> Self {
        Self {
            account: who.account.map(|id| id.to_string()),
            name: who.name.clone(),
            role: who.office.clone(),
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub id: Id<Change>,
    pub at: Timestamp,
    pub author: Author,
    pub reason: Option<String>,
}
