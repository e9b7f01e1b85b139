//! Personal data: where it lies ([`map`]), what is held of somebody, and its erasing. The
//! statements are made of the map, so that a table that is added to it is shown and erased
//! without more.

pub(super) mod correction;
mod map;

pub use correction::{add_request, open_requests, request, requests_of, save_request};
pub use map::{Column, IMPERSONAL, Kind, MAP, Place, Whose};

use super::backend::{Reader, Tx};
use super::change::Recording;
use super::dated::COMMON;
use super::error::StoreError;
use super::nouns;
use super::secret::{self, Kept};
use super::sql::{Sql, Text, statements};
use super::subject::{self, Subject};
use super::value::{Value, hex, values};
use crate::domain::audit::Event;
use crate::domain::month::Month;
use crate::domain::personal_data::{BLANK, Fate};
use crate::domain::record::Id;
use crate::domain::record_id::{AccountId, PersonId};
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::secret::{Findable, LookupHash, Sealed, SecretField};
use crate::domain::staff::Person;
use crate::domain::time::{Date, Timestamp};
use serde_json::{Map, Value as Json};
use std::sync::LazyLock;

statements! { "personal_data":
    ACCOUNTS = "select id from account where person = $1 order by id";
    MAILS = "select distinct email from person_profile where subject = $1 and email is not null";
    IS_ERASED = "select subject from erasure where noun = $1 and subject = $2";
    ADD_ERASURE = "insert into erasure (noun, subject, erased_at, erased_by) \
        values ($1, $2, $3, $4)";
    ERASE_DETAILS = "delete from audit_detail where event in \
        (select id from audit_event where subject_kind = $1 and subject = $2)";
    ERASE_DETAILS_OF_APPLICATIONS = "delete from audit_detail where event in \
        (select audit_event.id from audit_event join application \
        on application.id = audit_event.subject \
        where subject_kind = 'application' and application.person = $1)";
    /// What is not over yet: a decision that waits for its day is not either.
    APPLIES = "select id from application where person = $1 and state not in \
        ('effective', 'rejected', 'withdrawn', 'lapsed', 'revoked') order by id limit 1";
    BLANK_STEPS = "update application_event set name = $2 where account = $1";
    END_ACCOUNT = "update account set user_name = $2, state = 'disabled', \
        version = version + 1 where id = $1";
    END_CAPACITIES = "update capacity set revoked_at = $2 where account = $1 and revoked_at is null";
    DROP_MESSAGES = "delete from outbox where recipient = $1";
    /// What others were told of somebody.
    DROP_TOLD = "delete from reminder where person = $1";
    /// Whatever was taken out of the records, newest first.
    EXPORTS = "select id, at, change, source, account, author, office, action, subject_kind, \
        subject, area, institution, detail_digest, salt, before, after, reason \
        from audit_event left join audit_detail on event = id \
        where action in ('export.run', 'export.full', 'monitoring.read', 'fhir.read') \
        and at >= $1 order by id desc limit $2";
}

/// The statements of one place.
struct Statements {
    place: &'static Place,
    /// Columns in the order in which they are read: those of a dated noun first.
    columns: Vec<(&'static str, Kind)>,
    select: Sql,
    erase: Option<Sql>,
}

/// What of the common columns of dated nouns is shown.
const SHOWN: [(&str, Kind); 5] = [
    ("slot", Kind::Text),
    ("valid_from", Kind::Day),
    ("valid_to", Kind::Day),
    ("recorded_at", Kind::Instant),
    ("superseded_at", Kind::Instant),
];

static ALL: LazyLock<Vec<Statements>> = LazyLock::new(|| {
    let dated: Vec<&str> = nouns().iter().map(|noun| noun.table).collect();
    let made = |place: &'static Place| {
        let common = SHOWN.into_iter().filter(|_| dated.contains(&place.table));
        let own = place
            .columns
            .iter()
            .filter(|column| column.kind != Kind::Secret);
        let columns: Vec<_> = common
            .chain(own.map(|column| (column.name, column.kind)))
            .collect();
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let (table, condition) = (place.table, place.condition());
        let list = names.join(", ");
        let text = |name: &str, text: String| Sql {
            name: format!("personal_data::{name} {table}").leak(),
            table,
            text: Text::Same(text.leak()),
        };
        Statements {
            place,
            select: text(
                "OF",
                format!("select {list} from {table} where {condition} order by 1, 2"),
            ),
            erase: erasing(place).map(|erasing| text("ERASE", erasing)),
            columns,
        }
    };
    MAP.iter().map(made).collect()
});

/// What erasing says to a table; `None` = nothing.
fn erasing(place: &Place) -> Option<String> {
    let (table, condition) = (place.table, place.condition());
    if place.is_dropped() {
        return Some(format!("delete from {table} where {condition}"));
    }
    let set = place.columns.iter().filter_map(|column| match column.fate {
        Fate::Cleared => Some(format!("{} = null", column.name)),
        Fate::Blanked => Some(format!("{} = '{BLANK}'", column.name)),
        Fate::Kept | Fate::Replaced | Fate::Dropped => None,
    });
    let set: Vec<String> = set.collect();
    (!set.is_empty()).then(|| format!("update {table} set {} where {condition}", set.join(", ")))
}

pub(super) fn dialects() -> Vec<&'static Sql> {
    let each = |one: &'static Statements| std::iter::once(&one.select).chain(&one.erase);
    let all: &'static Vec<Statements> = &ALL;
    all.iter().flat_map(each).collect()
}

/// The columns that every dated noun has, which the map leaves out.
pub const LEFT_OUT: [&str; 9] = COMMON;

/// How sealed values are shown: with the field they are of.
pub type Opening<'a> = &'a (dyn Fn(SecretField, &Findable) -> String + Sync);

/// How addresses of mail are shown.
pub type Mails<'a> = &'a (dyn Fn(&str) -> String + Sync);

/// Everything that is held under a key: by table, each row an object.
pub async fn held(
    reader: &mut Reader,
    whose: Whose,
    key: &str,
    open: Opening<'_>,
    mail: Mails<'_>,
) -> Result<Map<String, Json>, StoreError> {
    let mut tables = Map::new();
    for one in ALL.iter().filter(|one| one.place.whose == whose) {
        let rows = reader.all(&one.select, values![key], |fields| {
            let cells = fields.rest()?;
            Ok(shown(&one.columns, &cells, open, mail))
        });
        let rows = rows.await?;
        if !rows.is_empty() {
            tables.insert(one.place.table.to_owned(), Json::Array(rows));
        }
    }
    Ok(tables)
}

fn shown(
    columns: &[(&'static str, Kind)],
    cells: &[Value],
    open: Opening<'_>,
    mail: Mails<'_>,
) -> Json {
    let mut row = Map::new();
    let mut hash = None;
    for ((name, kind), value) in columns.iter().zip(cells) {
        let shown = match (kind, value) {
            (Kind::Hash, Value::Text(found)) => {
                hash = found.clone();
                continue;
            }
            (Kind::Sealed(field), Value::Text(Some(text))) => {
                let secret = hash.take().and_then(|hash| findable(&hash, text));
                secret.map_or(Json::Null, |secret| open(*field, &secret).into())
            }
            (Kind::Mail, Value::Text(Some(text))) => mail(text).into(),
            (_, Value::Text(Some(text))) => text.as_str().into(),
            (kind, Value::Integer(Some(number))) => numbered(*kind, *number),
            _ => Json::Null,
        };
        let name = match kind {
            Kind::Sealed(_) => name.trim_end_matches("_cipher"),
            _ => name,
        };
        row.insert(name.to_owned(), shown);
    }
    Json::Object(row)
}

fn findable(hash: &str, sealed: &str) -> Option<Findable> {
    let bytes = data_encoding::HEXLOWER.decode(hash.as_bytes()).ok()?;
    Some(Findable {
        hash: LookupHash::new(bytes.try_into().ok()?),
        sealed: Sealed::from_stored(sealed.to_owned()),
    })
}

fn numbered(kind: Kind, number: i64) -> Json {
    match kind {
        Kind::Flag => Json::Bool(number != 0),
        Kind::Day => Date::from_days(number).map_or(Json::Null, |day| day.to_string().into()),
        Kind::Month => i32::try_from(number).map_or(Json::Null, |index| {
            Month::from_index(index).to_string().into()
        }),
        Kind::Instant => Timestamp::from_micros(number).to_string().into(),
        Kind::Fen => format!("{}.{:02}", number / 100, number.rem_euclid(100)).into(),
        _ => number.into(),
    }
}

/// The accounts that belong to a person.
pub async fn accounts(reader: &mut Reader, person: PersonId) -> Result<Vec<AccountId>, StoreError> {
    reader
        .all(&ACCOUNTS, values![person], |row| row.take())
        .await
}

/// Whether an application of a person is on its way, or waits for its day.
pub async fn applies(reader: &mut Reader, person: PersonId) -> Result<bool, StoreError> {
    let found = reader.one(&APPLIES, values![person], |row| row.take::<String>());
    Ok(found.await?.is_some())
}

/// Whether data was erased under a key.
pub async fn is_erased(reader: &mut Reader, whose: Whose, key: &str) -> Result<bool, StoreError> {
    let found = reader.one(&IS_ERASED, values![whose.noun(), key], |row| {
        row.take::<String>()
    });
    Ok(found.await?.is_some())
}

/// What was taken out of the records since an instant, newest first.
pub async fn exports(
    reader: &mut Reader,
    since: Timestamp,
    most: u32,
) -> Result<Vec<Event>, StoreError> {
    reader
        .all(&EXPORTS, values![since, most], super::audit::event)
        .await
}

/// Erases the data of a person or a rural doctor: all rows, those that were replaced too.
/// `substitute` is the number that stands in place of theirs.
pub async fn erase(
    tx: &mut Tx,
    recording: &Recording,
    whose: Whose,
    key: &str,
    substitute: &Findable,
) -> Result<(), StoreError> {
    let kept = match whose {
        Whose::RuralDoctor => Kept::RuralDoctors,
        _ => Kept::People,
    };
    secret::replace(tx, kept, key, substitute).await?;
    let mails = tx
        .all(&MAILS, values![key], |row| row.take::<String>())
        .await?;
    for mail in mails {
        tx.execute(&DROP_MESSAGES, values![mail]).await?;
    }
    if whose == Whose::Person {
        tx.execute(&DROP_TOLD, values![key]).await?;
    }
    let recipient = format!("{}:{key}", whose.noun());
    tx.execute(&DROP_MESSAGES, values![recipient]).await?;
    erase_places(tx, whose, key).await?;
    tx.execute(&ERASE_DETAILS, values![whose.noun(), key])
        .await?;
    match whose {
        Whose::RuralDoctor => changed::<RuralDoctor>(tx, recording, key).await?,
        _ => {
            tx.execute(&ERASE_DETAILS_OF_APPLICATIONS, values![key])
                .await?;
            changed::<Person>(tx, recording, key).await?;
        }
    }
    let values = values![whose.noun(), key, recording.at, recording.change];
    tx.must(&ADD_ERASURE, values, 1).await
}

/// Whoever keeps figures or names that were made from somebody's records makes them anew.
async fn changed<S: Subject>(
    tx: &mut Tx,
    recording: &Recording,
    key: &str,
) -> Result<(), StoreError> {
    let id: Id<S> = key.parse().map_err(|_| StoreError::NotFound {
        table: S::table().table,
        key: key.to_owned(),
    })?;
    subject::touch_all(tx, &[id]).await?;
    subject::changed(tx, &[id], recording.change).await
}

async fn erase_places(tx: &mut Tx, whose: Whose, key: &str) -> Result<(), StoreError> {
    for one in ALL.iter().filter(|one| one.place.whose == whose) {
        if let Some(erase) = &one.erase {
            tx.execute(erase, values![key]).await?;
        }
    }
    Ok(())
}

/// Erases what an account says of its owner, and ends it: nobody signs in with it again.
pub async fn erase_account(
    tx: &mut Tx,
    account: AccountId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = account.to_string();
    let recipient = format!("account:{key}");
    tx.execute(&DROP_MESSAGES, values![recipient]).await?;
    erase_places(tx, Whose::Account, &key).await?;
    let name = format!("erased-{}", hex(account.bytes()));
    tx.must(&END_ACCOUNT, values![account, name], 1).await?;
    tx.execute(&END_CAPACITIES, values![account, now]).await?;
    tx.execute(&ERASE_DETAILS, values![Whose::Account.noun(), key])
        .await?;
    tx.execute(&BLANK_STEPS, values![key, BLANK]).await?;
    Ok(())
}
