//! How people want to be told: address, language, quiet days, who stands in, and each kind.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values, words};
use crate::domain::label::labelled;
use crate::domain::record_id::AccountId;
use crate::domain::reminder::{Bundle, Kind, Wishes};
use crate::domain::time::{Date, Timestamp};
use std::collections::BTreeMap;

labelled! {
    /// The language somebody is written to in.
    pub enum Language { Chinese = "中文" / "zh-CN", English = "英文" / "en" }
}

words!(Bundle, Kind, Language);

statements! { "preference":
    SET = "insert into preference (account, mail, language, quiet, delegate, away_from, \
        away_until, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
        on conflict (account) do update set mail = excluded.mail, language = excluded.language, \
        quiet = excluded.quiet, delegate = excluded.delegate, away_from = excluded.away_from, \
        away_until = excluded.away_until, changed_at = excluded.changed_at";
    FIND = "select account, mail, language, quiet, delegate, away_from, away_until \
        from preference where account = $1";
    KINDS = "select account, kind, bundle from preference_kind where account = $1";
    FORGET_KINDS = "delete from preference_kind where account = $1";
    SET_KIND = "insert into preference_kind (account, kind, bundle) values ($1, $2, $3)";
}

/// What somebody chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    /// `None` = the address in the own file.
    pub mail: Option<String>,
    pub language: Language,
    /// Nothing on days off.
    pub quiet: bool,
    /// Who is told instead, while away.
    pub delegate: Option<AccountId>,
    /// First and last day of the absence.
    pub away: Option<(Date, Date)>,
    pub wishes: Wishes,
}

impl Default for Preference {
    fn default() -> Self {
        Self {
            mail: None,
            language: Language::Chinese,
            quiet: true,
            delegate: None,
            away: None,
            wishes: Wishes::default(),
        }
    }
}

impl Preference {
    /// Who stands in on a day, if somebody does.
    pub fn stands_in(&self, today: Date) -> Option<AccountId> {
        let (from, until) = self.away?;
        self.delegate.filter(|_| from <= today && today <= until)
    }
}

/// What an account chose; what is usual where it chose nothing.
pub async fn find(reader: &mut Reader, account: AccountId) -> Result<Preference, StoreError> {
    let found = reader.one(&FIND, values![account], preference).await?;
    let mut preference = found.unwrap_or_default();
    let kinds = reader.all(&KINDS, values![account], |row| {
        let _account: AccountId = row.take()?;
        // a kind that this program does not know any more says nothing
        let kind: String = row.take()?;
        Ok((Kind::from_key(&kind), row.take::<Bundle>()?))
    });
    let kinds = kinds.await?.into_iter();
    let kinds: BTreeMap<Kind, Bundle> = kinds
        .filter_map(|(kind, bundle)| Some((kind?, bundle)))
        .collect();
    preference.wishes = Wishes { kinds };
    Ok(preference)
}

/// Keeps what an account chose.
pub async fn set(
    tx: &mut Tx,
    account: AccountId,
    preference: &Preference,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = values![
        account,
        preference.mail,
        preference.language,
        preference.quiet,
        preference.delegate,
        preference.away.map(|away| away.0),
        preference.away.map(|away| away.1),
        now
    ];
    tx.must(&SET, values, 1).await?;
    tx.execute(&FORGET_KINDS, values![account]).await?;
    for (kind, bundle) in &preference.wishes.kinds {
        tx.must(&SET_KIND, values![account, *kind, *bundle], 1)
            .await?;
    }
    Ok(())
}

fn preference(row: &mut Fields<'_>) -> Result<Preference, StoreError> {
    let _account: AccountId = row.take()?;
    let (mail, language, quiet) = (row.take()?, row.take()?, row.take()?);
    let (delegate, from, until) = (row.take()?, row.take()?, row.take::<Option<Date>>()?);
    Ok(Preference {
        mail,
        language,
        quiet,
        delegate,
        away: Option::zip(from, until),
        wishes: Wishes::default(),
    })
}
