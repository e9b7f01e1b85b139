//! How somebody wants to be told: address, language, quiet days, each kind, and who stands
//! in while they are away.

use super::trail::{Told, tell};
use super::{Office, ServiceError, reminder};
use crate::domain::account::State;
use crate::domain::audit::{About, What, Who};
use crate::domain::record_id::AccountId;
use crate::domain::refusal::Refusal;
use crate::domain::reminder::Bundle;
use crate::domain::rights::{AccountFile, Action, Actor, Capacity, Subject, permit};
use crate::domain::time::Timestamp;
use crate::store::account::{self, Held};
use crate::store::preference;
pub use crate::store::preference::{Language, Preference};
use crate::store::{Reader, Tx, Write};
use lettre::Address;
use serde_json::json;
use std::collections::BTreeSet;

fn own(actor: &Actor) -> Result<(), ServiceError> {
    let file = AccountFile {
        account: actor.account,
        capacities: Vec::new(),
    };
    Ok(permit(
        actor,
        Action::ManageOwnAccount,
        &Subject::Account(file),
    )?)
}

/// What the actor chose; what is usual where nothing was.
pub async fn find(office: &Office, actor: &Actor) -> Result<Preference, ServiceError> {
    own(actor)?;
    let mut reader = office.store.read().await?;
    Ok(preference::find(&mut reader, actor.account).await?)
}

/// Who could be told instead of the actor: accounts with their names, by name.
pub async fn deputies(
    office: &Office,
    actor: &Actor,
) -> Result<Vec<(AccountId, String)>, ServiceError> {
    own(actor)?;
    let mut reader = office.store.snapshot().await?;
    let all = account::officials(&mut reader).await?;
    let is_own = |held: &Held| held.account == actor.account;
    let own: Vec<&Held> = all
        .iter()
        .map(|(held, _)| held)
        .filter(|held| is_own(held))
        .collect();
    let others = all.iter().map(|(held, _)| held);
    let alike = others.filter(|held| own.iter().any(|own| own.capacity == held.capacity));
    let alike: BTreeSet<AccountId> = alike.map(|held| held.account).collect();
    let mut found = Vec::new();
    for id in alike {
        if can_stand_in(&mut reader, actor.account, id).await?
            && let Some(account) = account::find(&mut reader, id).await?
        {
            found.push((id, account.name));
        }
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(found)
}

/// Keeps what the actor chooses.
///
/// Refused: [`Refusal::BadMail`], [`Refusal::KindRequired`], [`Refusal::AbsenceUnfit`],
/// [`Refusal::NoSuchDelegate`].
pub async fn set(
    office: &Office,
    actor: &Actor,
    wanted: &Preference,
    now: Timestamp,
) -> Result<(), ServiceError> {
    own(actor)?;
    let mut refusals = Vec::new();
    let good = |mail: &String| mail.len() <= 254 && mail.parse::<Address>().is_ok();
    if wanted.mail.as_ref().is_some_and(|mail| !good(mail)) {
        refusals.push(Refusal::BadMail);
    }
    for rule in reminder::kinds().iter().filter(|rule| rule.required) {
        if wanted.wishes.kinds.get(&rule.kind) == Some(&Bundle::Off) {
            refusals.push(Refusal::KindRequired { kind: rule.kind });
        }
    }
    if let Some((from, until)) = wanted.away
        && (until < from || wanted.delegate.is_none())
    {
        refusals.push(Refusal::AbsenceUnfit);
    }
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let setting = Setting {
        office,
        actor,
        wanted,
        now,
    };
    office.store.write(setting).await
}

struct Setting<'a> {
    office: &'a Office,
    actor: &'a Actor,
    wanted: &'a Preference,
    now: Timestamp,
}

impl Write for Setting<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let id = self.actor.account;
        if let Some(delegate) = self.wanted.delegate
            && !can_stand_in(tx, id, delegate).await?
        {
            return Err(Refusal::NoSuchDelegate.into());
        }
        preference::set(tx, id, self.wanted, self.now).await?;
        let who = Who::actor(self.actor);
        let about = About {
            noun: "account".to_owned(),
            id: id.to_string(),
            ..About::default()
        };
        let told = Told {
            after: Some(json!({
                "own_address": self.wanted.mail.is_some(),
                "delegate": self.wanted.delegate.map(|id| id.to_string()),
            })),
            ..Told::new(&who, What::Action(Action::ManageOwnAccount), about)
        };
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}

/// Whoever stands in sees what the other sees, so must act as the same somewhere anyway.
async fn can_stand_in(
    reader: &mut Reader,
    one: AccountId,
    other: AccountId,
) -> Result<bool, ServiceError> {
    let found = account::find(reader, other).await?;
    if one == other || found.is_none_or(|found| found.state != State::Active) {
        return Ok(false);
    }
    let theirs = account::held(reader, other).await?;
    let own = account::held(reader, one).await?;
    let of_office = |capacity: &Capacity| !matches!(capacity, Capacity::Staff { .. });
    let mut own = own
        .iter()
        .filter(|held| of_office(&held.capacity))
        .peekable();
    Ok(own.peek().is_some()
        && own.all(|held| theirs.iter().any(|them| them.capacity == held.capacity)))
}
