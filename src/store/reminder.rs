//! Reminders: what each account was told or will be told in the next digest, and up to when
//! everything was looked through.

use super::backend::{Reader, Tx};
use super::dialect;
use super::error::StoreError;
use super::outbox::Message;
use super::sql::{Sql, statements};
use super::value::{Fields, values};
use crate::domain::ids::AreaCode;
use crate::domain::record::Id;
use crate::domain::record_id::{AccountId, InstitutionId, PersonId};
use crate::domain::reminder::{Bundle, Kind};
use crate::domain::rights::Filter;
use crate::domain::time::{Date, Timestamp};
use std::sync::LazyLock;

statements! { "reminder":
    ADD = "insert into reminder (id, key, kind, account, person, institution, area, about, body, \
        raised_at, bundle, message, instead_of) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
        on conflict (key) do nothing";
    OF_MESSAGE = "select id, key, kind, account, person, institution, area, about, body, \
        raised_at, bundle, message, instead_of from reminder where message = $1 order by id";
    WAITING = "select account from reminder where message is null and bundle = $1 \
        group by account order by account";
    OF_ACCOUNT_WAITING = "select id, key, kind, account, person, institution, area, about, body, \
        raised_at, bundle, message, instead_of from reminder where message is null \
        and bundle = $1 and account = $2 order by id";
    BUNDLE_UP = "update reminder set message = $3 where account = $1 and bundle = $2 \
        and message is null";
    OF_ACCOUNT = "select id, key, kind, account, person, institution, area, about, body, \
        raised_at, bundle, message, instead_of from reminder where account = $1 \
        and (cast($2 as text) is null or id < cast($2 as text)) order by id desc limit $3";
    MARK = "insert into reminder_mark (subject, looked_on, looked_at) values ($1, $2, $3) \
        on conflict (subject) do update set looked_on = excluded.looked_on, \
        looked_at = excluded.looked_at";
    MARKED = "select subject, looked_on, looked_at from reminder_mark where subject = $1";
    FORGET = "delete from reminder where raised_at < $1 and (message is not null \
        or bundle = 'off')";
}

/// Reminders of a scope, newest first.
static OF_SCOPE: LazyLock<Sql> = LazyLock::new(|| {
    let text = "select id, key, kind, account, person, institution, area, about, body, \
        raised_at, bundle, message, instead_of from reminder \
        where (cast($1 as text) is null or id < cast($1 as text)) \
        and (cast($2 as text) is null or area like cast($2 as text) || '%') \
        and (cast($3 as text) is null or institution {in $3}) order by id desc limit $4";
    dialect::statement("reminder::OF_SCOPE".to_owned(), "reminder", text)
});

pub(super) fn dialects() -> [&'static Sql; 1] {
    [&OF_SCOPE]
}

/// One reminder of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    pub id: Id<Reminder>,
    /// One with the same key is the same: it is not added twice.
    pub key: String,
    pub kind: Kind,
    pub account: AccountId,
    pub person: Option<PersonId>,
    pub institution: Option<InstitutionId>,
    pub area: Option<AreaCode>,
    pub about: Date,
    /// JSON.
    pub body: String,
    pub raised_at: Timestamp,
    pub bundle: Bundle,
    pub message: Option<Id<Message>>,
    /// Who is away.
    pub instead_of: Option<AccountId>,
}

/// Adds a reminder: whether it is new.
pub async fn add(tx: &mut Tx, reminder: &Reminder) -> Result<bool, StoreError> {
    let values = values![
        reminder.id,
        reminder.key,
        reminder.kind,
        reminder.account,
        reminder.person,
        reminder.institution,
        reminder.area,
        reminder.about,
        reminder.body,
        reminder.raised_at,
        reminder.bundle,
        reminder.message,
        reminder.instead_of
    ];
    Ok(tx.execute(&ADD, values).await? == 1)
}

/// What a message carries, the oldest first.
pub async fn of_message(
    reader: &mut Reader,
    message: Id<Message>,
) -> Result<Vec<Reminder>, StoreError> {
    reader.all(&OF_MESSAGE, values![message], read).await
}

/// The accounts for which something waits in a digest.
pub async fn waiting(reader: &mut Reader, bundle: Bundle) -> Result<Vec<AccountId>, StoreError> {
    reader
        .all(&WAITING, values![bundle], |row| row.take())
        .await
}

/// What waits for an account in a digest, the oldest first.
pub async fn of_digest(
    reader: &mut Reader,
    account: AccountId,
    bundle: Bundle,
) -> Result<Vec<Reminder>, StoreError> {
    reader
        .all(&OF_ACCOUNT_WAITING, values![bundle, account], read)
        .await
}

/// Puts all that waits for an account in a digest into one message: how many.
pub async fn bundle_up(
    tx: &mut Tx,
    account: AccountId,
    bundle: Bundle,
    message: Id<Message>,
) -> Result<u64, StoreError> {
    tx.execute(&BUNDLE_UP, values![account, bundle, message])
        .await
}

/// The newest reminders of an account.
pub async fn of_account(
    reader: &mut Reader,
    account: AccountId,
    before: Option<Id<Reminder>>,
    most: u32,
) -> Result<Vec<Reminder>, StoreError> {
    reader
        .all(&OF_ACCOUNT, values![account, before, most], read)
        .await
}

/// The newest reminders about what lies in a scope; `institutions` = those of it, where it
/// is not an area.
pub async fn of_scope(
    reader: &mut Reader,
    scope: &Filter,
    institutions: Option<&[InstitutionId]>,
    before: Option<Id<Reminder>>,
    most: u32,
) -> Result<Vec<Reminder>, StoreError> {
    let institutions = institutions.map(dialect::list);
    let values = values![before, scope.area_prefix, institutions, most];
    reader.all(&OF_SCOPE, values, read).await
}

/// Up to when something was looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub on: Date,
    pub at: Timestamp,
}

/// Up to when a subject was looked through; `None` = never.
pub async fn marked(reader: &mut Reader, subject: &str) -> Result<Option<Mark>, StoreError> {
    let found = reader.one(&MARKED, values![subject], |row| {
        let _subject: String = row.take()?;
        Ok(Mark {
            on: row.take()?,
            at: row.take()?,
        })
    });
    found.await
}

/// Says up to when a subject was looked through.
pub async fn mark(tx: &mut Tx, subject: &str, mark: Mark) -> Result<(), StoreError> {
    tx.must(&MARK, values![subject, mark.on, mark.at], 1).await
}

/// Forgets what was told before an instant: how many.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(&FORGET, values![before]).await
}

fn read(row: &mut Fields<'_>) -> Result<Reminder, StoreError> {
    Ok(Reminder {
        id: row.take()?,
        key: row.take()?,
        kind: row.take()?,
        account: row.take()?,
        person: row.take()?,
        institution: row.take()?,
        area: row.take()?,
        about: row.take()?,
        body: row.take()?,
        raised_at: row.take()?,
        bundle: row.take()?,
        message: row.take()?,
        instead_of: row.take()?,
    })
}
