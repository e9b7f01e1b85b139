//! What everybody may look up: the policies that are known, and who has which right.

use super::{Office, ServiceError};
use crate::domain::ids::AreaCode;
use crate::domain::rights::{self, Action, Actor, Subject, permit};
use crate::i18n::Lang;
use crate::report::figures;
use crate::rules::figures::PolicyText;

/// A policy in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyEntry {
    pub id: String,
    pub title: String,
    pub status: &'static str,
    /// `None` = the whole country.
    pub place: Option<AreaCode>,
    /// Number of the document.
    pub number: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    /// Whether the document and the wording of every clause quoted were at hand.
    pub verified: bool,
    pub sha256: String,
    pub rules: usize,
}

/// Every policy that is known.
pub fn policies(
    office: &Office,
    actor: &Actor,
    lang: Lang,
) -> Result<Vec<PolicyEntry>, ServiceError> {
    permit(actor, Action::ReadPolicy, &Subject::Common)?;
    let entry = |policy: &std::sync::Arc<crate::policy::model::Policy>| PolicyEntry {
        id: policy.id.clone(),
        title: crate::report::words::words(&policy.title, lang).to_owned(),
        status: policy.status.key(),
        place: policy.place,
        number: policy.number.clone(),
        from: policy.from.map(|day| day.to_string()),
        to: policy.to.map(|day| day.to_string()),
        verified: policy.is_verified(),
        sha256: policy.sha256.clone(),
        rules: policy.rules.len(),
    };
    Ok(office.rulebook.policies().iter().map(entry).collect())
}

/// A policy with all that it says.
pub fn policy(office: &Office, actor: &Actor, id: &str) -> Result<PolicyText, ServiceError> {
    permit(actor, Action::ReadPolicy, &Subject::Common)?;
    let found = office.rulebook.find(id).ok_or(ServiceError::NotFound)?;
    Ok(figures::policy_text(&found, office.rulebook.facts()))
}

/// Every action, and the offices that have the right to it.
pub fn rights(actor: &Actor) -> Result<Vec<(Action, Vec<rights::Office>)>, ServiceError> {
    permit(actor, Action::ReadRights, &Subject::Common)?;
    let offices = |action: Action| {
        let all = rights::Office::ALL.iter().copied();
        all.filter(|office| action.offices().contain(*office))
            .collect()
    };
    Ok(Action::ALL
        .iter()
        .map(|one| (*one, offices(*one)))
        .collect())
}
