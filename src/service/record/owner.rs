//! Whose facts they are: where a subject lies, for the rights and for the trail.

use crate::domain::audit::About;
use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::place::Place;
use crate::domain::record::Id;
use crate::domain::record_id::PersonId;
use crate::domain::rights::{Locus, PersonFile, Subject};
use crate::domain::rural_doctor::{self, RuralDoctor};
use crate::domain::staff::Person;
use crate::domain::time::Date;
use crate::service::{ServiceError, locus};
use crate::store::dated;
use crate::store::subject::Subject as Kept;
use crate::store::{Reader, StoreError, locus as places, subject};
use std::future::Future;

/// A subject as rights and trail see it.
#[derive(Clone, Debug)]
pub struct File {
    pub subject: Subject,
    pub about: About,
}

/// A subject of dated facts.
pub trait Owner: Kept {
    /// Its kind in the trail.
    const NOUN: &'static str;

    /// Where it lies today. One that does not exist lies nowhere.
    fn file(
        reader: &mut Reader,
        id: Id<Self>,
        today: Date,
    ) -> impl Future<Output = Result<File, ServiceError>> + Send;
}

fn about<S: Owner>(id: Id<S>, locus: &Locus) -> About {
    About {
        noun: S::NOUN.to_owned(),
        id: id.to_string(),
        area: locus.area,
        institution: locus.institutions.first().copied(),
    }
}

impl Owner for Institution {
    const NOUN: &'static str = "institution";

    async fn file(reader: &mut Reader, id: Id<Self>, today: Date) -> Result<File, ServiceError> {
        let locus = places::of_institution(reader, id, today).await?;
        Ok(File {
            about: about(id, &locus),
            subject: Subject::Place(locus),
        })
    }
}

impl Owner for Person {
    const NOUN: &'static str = "person";

    async fn file(reader: &mut Reader, id: Id<Self>, today: Date) -> Result<File, ServiceError> {
        let file = locus::file(reader, id, today).await?;
        Ok(File {
            about: about(id, &file.locus),
            subject: Subject::Person(file),
        })
    }
}

/// A rural doctor as rights see one: a person who belongs to a place.
pub(in crate::service) fn rural_doctor(id: Id<RuralDoctor>, locus: Locus) -> Subject {
    Subject::Person(PersonFile {
        person: PersonId::from_uuid(id.uuid()),
        locus,
    })
}

impl Owner for RuralDoctor {
    const NOUN: &'static str = "rural_doctor";

    async fn file(reader: &mut Reader, id: Id<Self>, today: Date) -> Result<File, ServiceError> {
        let rows = dated::standing::<rural_doctor::Profile>(reader, id).await?;
        let begun = rows.iter().rfind(|row| row.validity.from <= today);
        let profile = begun.or(rows.first());
        let locus = match profile {
            Some(row) => places::of_rural_doctor(reader, &row.fact, today).await?,
            None => Locus::default(),
        };
        Ok(File {
            about: about(id, &locus),
            subject: rural_doctor(id, locus),
        })
    }
}

impl Owner for Place {
    const NOUN: &'static str = "place";

    async fn file(reader: &mut Reader, id: Id<Self>, _: Date) -> Result<File, ServiceError> {
        let locus = Locus::area(code(reader, id).await?);
        Ok(File {
            about: about(id, &locus),
            subject: Subject::Place(locus),
        })
    }
}

/// The code of a place.
pub(in crate::service) async fn code(
    reader: &mut Reader,
    id: Id<Place>,
) -> Result<AreaCode, ServiceError> {
    let codes = subject::codes(reader, &[id]).await?;
    let code = codes.get(&id).ok_or(ServiceError::NotFound)?;
    let corrupt = || StoreError::Corrupt {
        table: "place",
        column: "code".to_owned(),
        row: id.to_string(),
    };
    Ok(code.parse::<AreaCode>().map_err(|_| corrupt())?)
}
