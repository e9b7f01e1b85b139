//! The audit trail. An event is written by the transaction it tells of; seals join the
//! events into a chain afterwards, by whoever holds the lease for it. The database
//! itself refuses to alter either.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values};
use crate::domain::audit::{self, Event, Fault, Hash, Subject, Verification};
use crate::domain::change::Author;
use crate::domain::time::Timestamp;

statements! { "audit_event":
    APPEND = "insert into audit_event (id, at, change, account, author, role, action, \
        subject_kind, subject, reason, detail, hash) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    OF_SUBJECT = "select id, at, change, account, author, role, action, subject_kind, subject, \
        reason, detail, hash from audit_event \
        where subject_kind = $1 and subject = $2 order by id";
    UNSEALED = "select id, hash from audit_event where not exists \
        (select 1 from audit_seal where event = audit_event.id) order by id limit $1";
    COUNT_UNSEALED = "select count(*) from audit_event where not exists \
        (select 1 from audit_seal where event = audit_event.id)";
    LAST_SEAL = "select event, position, hash from audit_seal order by position desc limit 1";
    SEAL = "insert into audit_seal (position, event, sealed_at, hash) values ($1, $2, $3, $4)";
    SEALED = "select audit_seal.event, position, audit_seal.hash, id, at, change, account, author, \
        role, action, subject_kind, subject, reason, detail, audit_event.hash \
        from audit_seal left join audit_event on audit_event.id = audit_seal.event \
        where position > $1 order by position limit $2";
}

/// Events read or sealed by one statement.
const TOGETHER: i64 = 1000;

/// Adds an event, with its hash.
pub async fn append(tx: &mut Tx, event: &Event) -> Result<(), StoreError> {
    let subject = event.subject.as_ref();
    let values = values![
        event.id,
        event.at,
        event.change,
        event.author.account,
        event.author.name,
        event.author.role,
        event.action,
        subject.map(|subject| subject.kind.clone()),
        subject.map(|subject| subject.id.clone()),
        event.reason,
        event.detail,
        event.hash().to_vec()
    ];
    tx.must(&APPEND, values, 1).await
}

/// The events about one subject, oldest first.
pub async fn of_subject(reader: &mut Reader, subject: &Subject) -> Result<Vec<Event>, StoreError> {
    let values = values![subject.kind, subject.id];
    reader.all(&OF_SUBJECT, values, event).await
}

fn event(row: &mut Fields<'_>) -> Result<Event, StoreError> {
    let id = row.take()?;
    let at = row.take()?;
    let change = row.take()?;
    let author = Author {
        account: row.take()?,
        name: row.take()?,
        role: row.take()?,
    };
    let action = row.take()?;
    let kind: Option<String> = row.take()?;
    let subject: Option<String> = row.take()?;
    Ok(Event {
        id,
        at,
        change,
        author,
        action,
        subject: kind.zip(subject).map(|(kind, id)| Subject { kind, id }),
        reason: row.take()?,
        detail: row.take()?,
    })
}

/// Joins events that are not yet in the chain, in the order of their identifiers, and
/// says how many. Only the holder of the lease for it may call this.
pub async fn seal(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    let last = tx.one(&LAST_SEAL, values![], |row| {
        let _event: String = row.take()?;
        Ok((row.take::<i64>()?, row.take::<Hash>()?))
    });
    let (mut position, mut head) = match last.await? {
        Some((position, hash)) => (position, Some(hash)),
        None => (0, None),
    };
    let unsealed = tx.all(&UNSEALED, values![TOGETHER], |row| {
        Ok((row.take::<String>()?, row.take::<Hash>()?))
    });
    let mut sealed = 0;
    for (event, hash) in unsealed.await? {
        let next = audit::seal(head.as_ref(), &hash);
        position += 1;
        sealed += 1;
        let values = values![position, event, now, next.to_vec()];
        tx.must(&SEAL, values, 1).await?;
        head = Some(next);
    }
    Ok(sealed)
}

/// One seal and what it says of its event.
struct Link {
    position: i64,
    seal: Hash,
    event: String,
    /// The event and the hash kept with it; `None` = it is not there.
    found: Option<(Event, Hash)>,
}

fn link(row: &mut Fields<'_>) -> Result<Link, StoreError> {
    let name: String = row.take()?;
    let position = row.take()?;
    let seal = row.take()?;
    let mut ahead = row.clone();
    let found: Option<String> = ahead.take()?;
    let found = match found {
        None => None,
        Some(_) => Some((event(row)?, row.take()?)),
    };
    Ok(Link {
        position,
        seal,
        event: name,
        found,
    })
}

/// Checks every event and the whole chain.
pub async fn verify(reader: &mut Reader) -> Result<Verification, StoreError> {
    let mut result = Verification::default();
    let mut position = 0;
    loop {
        let links = reader
            .all(&SEALED, values![position, TOGETHER], link)
            .await?;
        let Some(last) = links.last() else { break };
        let expected = position + 1..;
        position = last.position;
        for (expected, link) in expected.zip(&links) {
            check(&mut result, expected, link);
        }
    }
    let unsealed = reader.one(&COUNT_UNSEALED, values![], |row| row.take::<i64>());
    let unsealed = unsealed.await?.unwrap_or_default();
    result.unsealed = u64::try_from(unsealed).unwrap_or_default();
    Ok(result)
}

fn check(result: &mut Verification, expected: i64, link: &Link) {
    let position = link.position;
    if position != expected {
        result.faults.push(Fault::Gap { position });
    }
    let event = link.event.clone();
    match &link.found {
        None => result.faults.push(Fault::Missing { event }),
        Some((found, hash)) => {
            if found.hash() != *hash {
                result.faults.push(Fault::Altered { event });
            }
            // with the hash kept in the row: an altered event is told apart from a
            // broken chain
            if audit::seal(result.head.as_ref(), hash) != link.seal {
                result.faults.push(Fault::Broken { position });
            }
        }
    }
    result.sealed += 1;
    result.head = Some(link.seal);
}
