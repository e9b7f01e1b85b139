//! Requests to correct one's own file.

use crate::domain::personal_data::{
    CorrectionDecision, CorrectionId, CorrectionRequest, RequestState,
};
use crate::domain::record_id::{AccountId, PersonId};
use crate::domain::time::Timestamp;
use crate::store::backend::{Reader, Tx};
use crate::store::error::StoreError;
use crate::store::sql::statements;
use crate::store::value::{Fields, values, words};

words!(RequestState);

statements! { "correction_request":
    ADD = "insert into correction_request (id, version, person, account, requested_at, entry, \
        wanted, grounds, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SAVE = "update correction_request set version = version + 1, state = $3, decided_at = $4, \
        decided_by = $5, answer = $6 where id = $1 and version = $2";
    FIND = "select id, version, person, account, requested_at, entry, wanted, grounds, state, \
        decided_at, decided_by, answer from correction_request where id = $1";
    OF = "select id, version, person, account, requested_at, entry, wanted, grounds, state, \
        decided_at, decided_by, answer from correction_request where person = $1 order by id";
    OPEN = "select id, version, person, account, requested_at, entry, wanted, grounds, state, \
        decided_at, decided_by, answer from correction_request where state = 'open' \
        order by id";
}

/// Adds a request.
pub async fn add_request(tx: &mut Tx, request: &CorrectionRequest) -> Result<(), StoreError> {
    let values = values![
        request.id,
        request.version,
        request.person,
        request.account,
        request.requested,
        request.entry,
        request.wanted,
        request.grounds,
        request.state
    ];
    tx.must(&ADD, values, 1).await
}

/// Saves what was decided on a request that was read at its version.
pub async fn save_request(tx: &mut Tx, request: &CorrectionRequest) -> Result<(), StoreError> {
    let decision = request.decision.as_ref();
    let values = values![
        request.id,
        request.version,
        request.state,
        decision.map(|decision| decision.at),
        decision.map(|decision| decision.by),
        decision.map(|decision| decision.answer.clone())
    ];
    tx.must(&SAVE, values, 1).await
}

/// A request by its identifier.
pub async fn request(
    reader: &mut Reader,
    id: CorrectionId,
) -> Result<Option<CorrectionRequest>, StoreError> {
    reader.one(&FIND, values![id], read).await
}

/// What somebody asked for, oldest first.
pub async fn requests_of(
    reader: &mut Reader,
    person: PersonId,
) -> Result<Vec<CorrectionRequest>, StoreError> {
    reader.all(&OF, values![person], read).await
}

/// What nobody has decided on yet, oldest first.
pub async fn open_requests(reader: &mut Reader) -> Result<Vec<CorrectionRequest>, StoreError> {
    reader.all(&OPEN, values![], read).await
}

fn read(row: &mut Fields<'_>) -> Result<CorrectionRequest, StoreError> {
    let mut request = CorrectionRequest {
        id: row.take()?,
        version: row.take()?,
        person: row.take()?,
        account: row.take()?,
        requested: row.take()?,
        entry: row.take()?,
        wanted: row.take()?,
        grounds: row.take()?,
        state: row.take()?,
        decision: None,
    };
    let at: Option<Timestamp> = row.take()?;
    let by: Option<AccountId> = row.take()?;
    let answer: Option<String> = row.take()?;
    request.decision = at.zip(by).map(|(at, by)| CorrectionDecision {
        at,
        by,
        answer: answer.unwrap_or_default(),
    });
    Ok(request)
}
