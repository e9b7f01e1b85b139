//! Secrets in the tables, wherever they stand: read and replaced when the keys change.
//! Nothing is recorded by it: what is kept stays the same, only its seal is new.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::{Sql, statements};
use super::value::{Field, Fields, values};
use crate::domain::secret::{Findable, SecretField};

statements! { "secret":
    PEOPLE = "select id, id_hash, id_cipher from person where id > $1 order by id limit $2";
    RURAL_DOCTORS = "select id, id_hash, id_cipher from rural_doctor where id > $1 \
        order by id limit $2";
    MOBILES = "select id, mobile_hash, mobile_cipher from person_profile \
        where id > $1 and mobile_hash is not null order by id limit $2";
    SET_PERSON = "update person set id_hash = $1, id_cipher = $2 where id = $3";
    SET_RURAL_DOCTOR = "update rural_doctor set id_hash = $1, id_cipher = $2 where id = $3";
    SET_MOBILE = "update person_profile set mobile_hash = $1, mobile_cipher = $2 where id = $3";
}

/// Where secrets are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Identity numbers of people.
    People,
    /// Identity numbers of rural doctors.
    RuralDoctors,
    /// Phones, those of replaced rows too.
    Mobiles,
}

impl Kept {
    pub const ALL: [Self; 3] = [Self::People, Self::RuralDoctors, Self::Mobiles];

    /// Which field their seals are bound to.
    pub const fn field(self) -> SecretField {
        match self {
            Self::People | Self::RuralDoctors => SecretField::NationalId,
            Self::Mobiles => SecretField::Phone,
        }
    }

    const fn read(self) -> &'static Sql {
        match self {
            Self::People => &PEOPLE,
            Self::RuralDoctors => &RURAL_DOCTORS,
            Self::Mobiles => &MOBILES,
        }
    }

    const fn write(self) -> &'static Sql {
        match self {
            Self::People => &SET_PERSON,
            Self::RuralDoctors => &SET_RURAL_DOCTOR,
            Self::Mobiles => &SET_MOBILE,
        }
    }
}

/// The next secrets behind a row, `""` for the first, each with the row it stands in.
pub async fn some(
    reader: &mut Reader,
    kept: Kept,
    after: &str,
    most: u32,
) -> Result<Vec<(String, Findable)>, StoreError> {
    let read = |row: &mut Fields<'_>| {
        let key: String = row.take()?;
        let sealed: Option<Findable> = row.take()?;
        Ok(sealed.map(|sealed| (key, sealed)))
    };
    let found = reader.all(kept.read(), values![after, most], read).await?;
    Ok(found.into_iter().flatten().collect())
}

/// Replaces one secret: sealed with other keys, or a number that was mistaken.
pub async fn replace(
    tx: &mut Tx,
    kept: Kept,
    row: &str,
    sealed: &Findable,
) -> Result<(), StoreError> {
    let mut values = Vec::new();
    Some(sealed.clone()).write(&mut values);
    row.write(&mut values);
    tx.must(kept.write(), values, 1).await
}
