//! The audit trail. An event is written by the transaction it tells of; seals join the
//! events into a chain afterwards, by whoever holds the lease for it. The database
//! itself refuses to alter either. Details stand apart, and can be erased.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::listing;
use super::sql::statements;
use super::value::{Fields, values, words};
use crate::domain::audit::{
    About, AuditHash, Detail, Entry, Event, Head, Source, Tampered, Tampering, Verified, Verifier,
    Who,
};
use crate::domain::change::Change;
use crate::domain::record::Id;
use crate::domain::record_id::{AccountId, EventId};
use crate::domain::rights::Filter;
use crate::domain::time::Timestamp;
use std::time::Duration;

words!(Source);

statements! { "audit_event":
    APPEND = "insert into audit_event (id, at, change, source, account, author, office, action, \
        subject_kind, subject, area, institution, detail_digest, hash) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    APPEND_DETAIL = "insert into audit_detail (event, salt, before, after, reason) \
        values ($1, $2, $3, $4, $5)";
    /// At the instant of the change: there is an index by that.
    IS_IMPORT = "select id from audit_event where at = (select at from change where id = $1) \
        and change = $1 and action = 'import.people' limit 1";
    ERASE_DETAIL = "delete from audit_detail where event = $1";
    OF_SUBJECT = "select id, at, change, source, account, author, office, action, subject_kind, \
        subject, area, institution, detail_digest, salt, before, after, reason \
        from audit_event left join audit_detail on event = id \
        where subject = $2 and subject_kind = $1 order by id";
    /// The newest before `$1`, of an account, a place and an institution where given; from
    /// `$5` on, by a name, of a kind, about one of those subjects.
    LATEST = "select id, at, change, source, account, author, office, action, subject_kind, \
        subject, area, institution, detail_digest, salt, before, after, reason \
        from audit_event left join audit_detail on event = id \
        where (cast($1 as text) is null or id < cast($1 as text)) \
        and (cast($2 as text) is null or account = cast($2 as text)) \
        and (cast($3 as text) is null or area like cast($3 as text) || '%') \
        and (cast($4 as text) is null or institution = cast($4 as text)) \
        and (cast($5 as text) is null or id >= cast($5 as text)) \
        and (cast($6 as text) is null or lower(author) like cast($6 as text) escape '!') \
        and (cast($7 as text) is null or action = cast($7 as text)) \
        and (cast($8 as text) is null \
            or (subject <> '' and cast($8 as text) like '%' || subject || '%') \
            or (institution is not null and cast($8 as text) like '%' || institution || '%')) \
        order by id desc limit $9";
    UNSEALED = "select id, at, change, source, account, author, office, action, subject_kind, \
        subject, area, institution, detail_digest, salt, before, after, reason, hash \
        from audit_event left join audit_detail on event = id where id > $1 and not exists \
        (select 1 from audit_seal where audit_seal.event = id) order by id limit $2";
    LAST_SEAL = "select event, position, hash from audit_seal order by position desc limit 1";
    ANY_UNSEALED = "select id from audit_event where id > $1 and not exists \
        (select 1 from audit_seal where audit_seal.event = id) order by id limit 1";
    SEAL = "insert into audit_seal (position, event, sealed_at, hash) values ($1, $2, $3, $4)";
    SEALED = "select audit_seal.event, position, audit_seal.hash, audit_event.id, at, change, \
        source, account, author, office, action, subject_kind, subject, area, institution, \
        detail_digest, salt, before, after, reason, audit_event.hash from audit_seal \
        left join audit_event on audit_event.id = audit_seal.event \
        left join audit_detail on audit_detail.event = audit_event.id \
        where position > $1 order by position limit $2";
}

/// Events read or sealed by one statement.
const TOGETHER: i64 = 1000;

/// Whether a change of the records was an import.
pub async fn is_import(reader: &mut Reader, change: Id<Change>) -> Result<bool, StoreError> {
    let found = reader.one(&IS_IMPORT, values![change], |row| row.take::<EventId>());
    Ok(found.await?.is_some())
}

/// Adds an event, with its hash.
pub async fn append(tx: &mut Tx, event: &Event) -> Result<(), StoreError> {
    let Event { who, about, .. } = event;
    let values = values![
        event.id,
        event.at,
        event.change,
        who.source,
        who.account,
        who.name,
        who.office,
        event.what,
        about.noun,
        about.id,
        about.area,
        about.institution,
        event.detail_digest,
        event.hash()
    ];
    tx.must(&APPEND, values, 1).await?;
    let Some(detail) = &event.detail else {
        return Ok(());
    };
    let values = values![
        event.id,
        detail.salt.to_vec(),
        detail.before,
        detail.after,
        detail.reason
    ];
    tx.must(&APPEND_DETAIL, values, 1).await
}

/// Deletes what an event says in detail; the event stays, and so does the chain.
pub async fn erase_detail(tx: &mut Tx, event: EventId) -> Result<(), StoreError> {
    tx.must(&ERASE_DETAIL, values![event], 1).await
}

/// The events about one subject, oldest first.
pub async fn of_subject(
    reader: &mut Reader,
    noun: &str,
    id: &str,
) -> Result<Vec<Event>, StoreError> {
    reader.all(&OF_SUBJECT, values![noun, id], event).await
}

/// The newest events that lie in a scope, before one of them, by an account if given.
/// Scopes of which the trail does not know what lies in them (a consortium, a file of
/// one's own) find nothing.
pub async fn latest(
    reader: &mut Reader,
    scope: &Filter,
    account: Option<AccountId>,
    before: Option<EventId>,
    most: u32,
) -> Result<Vec<Event>, StoreError> {
    let search = Search {
        account,
        ..Search::default()
    };
    self::search(reader, scope, &search, before, most).await
}

/// What events are looked for; whatever is left out narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Search {
    pub account: Option<AccountId>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// A part of the name of whoever did it.
    pub author: Option<String>,
    /// Key of an action or an occurrence.
    pub what: Option<String>,
    /// Identifiers of subjects; of an institution all that lies there counts too.
    pub subjects: Option<Vec<String>>,
}

/// The newest events that lie in a scope and are looked for, before one of them.
pub async fn search(
    reader: &mut Reader,
    scope: &Filter,
    search: &Search,
    before: Option<EventId>,
    most: u32,
) -> Result<Vec<Event>, StoreError> {
    if scope.consortium.is_some() || scope.person.is_some() {
        return Ok(Vec::new());
    }
    let before = before.map(|id| id.to_string());
    let until = search.until.map(|at| EventId::first_of(at).to_string());
    // both narrow: the earlier one does it
    let before = match (before, until) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    let subjects = search.subjects.as_ref().map(|all| all.join(" "));
    let values = values![
        before,
        search.account,
        scope.area_prefix,
        scope.institution_and_below,
        search.from.map(|at| EventId::first_of(at).to_string()),
        search.author.as_deref().map(listing::pattern),
        search.what,
        subjects,
        most
    ];
    reader.all(&LATEST, values, event).await
}

pub(super) fn event(row: &mut Fields<'_>) -> Result<Event, StoreError> {
    Ok(Event {
        id: row.take()?,
        at: row.take()?,
        change: row.take()?,
        who: Who {
            source: row.take()?,
            account: row.take()?,
            name: row.take()?,
            office: row.take()?,
        },
        what: row.take()?,
        about: About {
            noun: row.take()?,
            id: row.take()?,
            area: row.take()?,
            institution: row.take()?,
        },
        detail_digest: row.take()?,
        detail: detail(row)?,
    })
}

fn detail(row: &mut Fields<'_>) -> Result<Option<Detail>, StoreError> {
    let salt: Option<[u8; 16]> = row.take()?;
    let (before, after, reason) = (row.take()?, row.take()?, row.take()?);
    Ok(salt.map(|salt| Detail {
        salt,
        before,
        after,
        reason,
    }))
}

/// How far the chain goes.
pub async fn head(reader: &mut Reader) -> Result<Head, StoreError> {
    let last = reader.one(&LAST_SEAL, values![], |row| {
        let _event: String = row.take()?;
        seal_of(row)
    });
    Ok(last.await?.unwrap_or(Head::START))
}

fn seal_of(row: &mut Fields<'_>) -> Result<Head, StoreError> {
    Ok(Head {
        sequence: row.take()?,
        hash: row.take()?,
    })
}

/// How far behind the last sealed event others may still come in: a write takes its
/// identifiers when it begins, and instances need not have the same clock.
const LATE: Duration = Duration::from_secs(3600);

/// Which events to look at for new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// Those that are new, or came in a little late. What it costs does not grow with
    /// the trail.
    New,
    /// All of them.
    Whole,
}

/// Whether there are events that no seal protects yet.
pub async fn any_unsealed(reader: &mut Reader, sweep: Sweep) -> Result<bool, StoreError> {
    let from = from(reader, sweep).await?;
    let found = reader.one(&ANY_UNSEALED, values![from], |row| row.take::<EventId>());
    Ok(found.await?.is_some())
}

/// The identifier behind which a sweep begins.
async fn from(reader: &mut Reader, sweep: Sweep) -> Result<String, StoreError> {
    if sweep == Sweep::Whole {
        return Ok(String::new());
    }
    let last = reader.one(&LAST_SEAL, values![], |row| row.take::<EventId>());
    let late = u64::try_from(LATE.as_millis()).unwrap_or(u64::MAX);
    Ok(last.await?.map_or_else(String::new, |last| {
        let made = Timestamp::from_millis(last.millis().saturating_sub(late));
        EventId::new(made, [0; 10]).to_string()
    }))
}

/// Joins events that are not yet in the chain, in the order of their identifiers, and
/// says how many. Only the holder of the lease for it may call this.
pub async fn seal(tx: &mut Tx, sweep: Sweep, now: Timestamp) -> Result<u64, StoreError> {
    let mut head = head(tx).await?;
    let from = from(tx, sweep).await?;
    let mut sealed = 0;
    for (event, hash) in unsealed(tx, &from).await? {
        head = head.seal(&hash);
        sealed += 1;
        let values = values![head.sequence, event.id, now, head.hash];
        tx.must(&SEAL, values, 1).await?;
    }
    Ok(sealed)
}

/// The next events behind one that no seal protects yet, with their hashes.
async fn unsealed(reader: &mut Reader, after: &str) -> Result<Vec<(Event, AuditHash)>, StoreError> {
    let found = reader.all(&UNSEALED, values![after, TOGETHER], |row| {
        Ok((event(row)?, row.take()?))
    });
    found.await
}

/// One seal, and the event that it names if that is there.
struct Link {
    seal: Head,
    found: Option<(Event, AuditHash)>,
}

fn link(row: &mut Fields<'_>) -> Result<Link, StoreError> {
    let _event: String = row.take()?;
    let seal = seal_of(row)?;
    let mut ahead = row.clone();
    let found: Option<String> = ahead.take()?;
    let found = match found {
        None => None,
        Some(_) => Some((event(row)?, row.take()?)),
    };
    Ok(Link { seal, found })
}

/// Checks every event and the whole chain, also against heads that were exported. The
/// inner error says where it was tampered with.
pub async fn verify(
    reader: &mut Reader,
    exported: &[Head],
) -> Result<Result<Verified, Tampered>, StoreError> {
    let mut verifier = Verifier::new(exported.iter().copied());
    let mut position = 0;
    loop {
        let values = values![position, TOGETHER];
        let links = reader.all(&SEALED, values, link).await?;
        let Some(last) = links.last() else { break };
        position = last.seal.sequence;
        for link in links {
            if let Err(tampered) = take(&mut verifier, link) {
                return Ok(Err(tampered));
            }
        }
    }
    let mut after = String::new();
    loop {
        let events = unsealed(reader, &after).await?;
        let Some((last, _)) = events.last() else {
            break;
        };
        after = last.id.to_string();
        for (event, hash) in events {
            let entry = Entry {
                event,
                hash,
                seal: None,
            };
            if let Err(tampered) = verifier.take(&entry) {
                return Ok(Err(tampered));
            }
        }
    }
    Ok(verifier.finish())
}

fn take(verifier: &mut Verifier, Link { seal, found }: Link) -> Result<(), Tampered> {
    let (event, hash) = found.ok_or(Tampered {
        at: seal.sequence,
        event: None,
        kind: Tampering::Deleted {
            next: seal.sequence.saturating_add(1),
        },
    })?;
    verifier.take(&Entry {
        event,
        hash,
        seal: Some(seal),
    })
}
