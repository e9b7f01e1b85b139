//! People as they are shown: numbers masked, and in full only by an act of its own, which
//! the trail keeps.

use super::trail::{Told, tell};
use super::{Office, ServiceError, locus};
use crate::domain::audit::{About, What, Who};
use crate::domain::ids::NationalId;
use crate::domain::record::When;
use crate::domain::record_id::PersonId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::secret::{Findable, Phone, SecretField};
use crate::domain::staff::Profile;
use crate::domain::time::Timestamp;
use crate::store::dated::{self, Of};
use crate::store::register::Vault as _;
use crate::store::{Reader, StoreError, Tx, Write, subject};

/// Identity number and telephone of a person, masked or in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    pub national_id: String,
    pub mobile: Option<String>,
}

/// What is kept of them.
struct Kept {
    number: Findable,
    mobile: Option<Findable>,
}

async fn kept(reader: &mut Reader, person: PersonId, now: Timestamp) -> Result<Kept, ServiceError> {
    let numbers = subject::numbers(reader, &[person]).await?;
    let number = numbers.get(&person).ok_or(ServiceError::NotFound)?;
    let of = [person];
    let when = When::on(now.shanghai_day());
    let profiles = dated::at::<Profile>(reader, Of::These(&of), when).await?;
    let mobile = profiles.into_iter().find_map(|row| row.fact.mobile);
    Ok(Kept {
        number: number.clone(),
        mobile,
    })
}

fn opened(
    office: &Office,
    field: SecretField,
    secret: &Findable,
    column: &str,
    person: PersonId,
) -> Result<String, ServiceError> {
    let text = office.vault.open(field, secret);
    let corrupt = || StoreError::Corrupt {
        table: "person",
        column: column.to_owned(),
        row: person.to_string(),
    };
    text.ok_or_else(|| corrupt().into())
}

fn open(office: &Office, kept: &Kept, person: PersonId) -> Result<Numbers, ServiceError> {
    let id = (SecretField::NationalId, "id_cipher");
    let mobile = (SecretField::Phone, "mobile_cipher");
    Ok(Numbers {
        national_id: opened(office, id.0, &kept.number, id.1, person)?,
        mobile: match &kept.mobile {
            Some(secret) => Some(opened(office, mobile.0, secret, mobile.1, person)?),
            None => None,
        },
    })
}

impl Numbers {
    /// With the middle of each hidden.
    #[must_use]
    pub fn masked(&self) -> Self {
        let id = NationalId::read(&self.national_id);
        let mask = |text: &String| match Phone::read(text) {
            Ok(phone) => phone.masked(),
            Err(_) => "****".to_owned(),
        };
        Self {
            national_id: id.map_or_else(|_| "****".to_owned(), |id| id.masked()),
            mobile: self.mobile.as_ref().map(mask),
        }
    }
}

/// The numbers of a person in the actor's scope, masked.
pub async fn masked(
    office: &Office,
    actor: &Actor,
    person: PersonId,
    now: Timestamp,
) -> Result<Numbers, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let file = locus::file(&mut reader, person, now.shanghai_day()).await?;
    permit(actor, Action::ReadPerson, &Subject::Person(file))?;
    let kept = kept(&mut reader, person, now).await?;
    Ok(open(office, &kept, person)?.masked())
}

/// The numbers of a person in full. Who looked, and why, is in the trail before anything
/// is shown.
pub async fn reveal(
    office: &Office,
    actor: &Actor,
    person: PersonId,
    reason: &str,
    now: Timestamp,
) -> Result<Numbers, ServiceError> {
    let look = Reveal {
        office,
        actor,
        person,
        reason,
        now,
    };
    office.store.write(look).await
}

struct Reveal<'a> {
    office: &'a Office,
    actor: &'a Actor,
    person: PersonId,
    reason: &'a str,
    now: Timestamp,
}

impl Write for Reveal<'_> {
    type Out = Numbers;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Numbers, ServiceError> {
        let Self {
            office,
            person,
            now,
            ..
        } = *self;
        let file = locus::file(tx, person, now.shanghai_day()).await?;
        let about = About {
            noun: "person".to_owned(),
            id: person.to_string(),
            area: file.locus.area,
            institution: file.locus.institutions.first().copied(),
        };
        permit(self.actor, Action::RevealPerson, &Subject::Person(file))?;
        if self.reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing.into());
        }
        let kept = kept(tx, person, now).await?;
        let who = Who::actor(self.actor);
        let told = Told {
            reason: Some(self.reason),
            ..Told::new(&who, What::Action(Action::RevealPerson), about)
        };
        tell(office, tx, told, now).await?;
        open(office, &kept, person)
    }
}
