//! Policies adopted by places, in the slot of the policy, and how rules are applied, in
//! the slot of policy and rule.

use super::backend::{Reader, Tx};
use super::dated::{self, Dated, Of, dated};
use super::error::StoreError;
use super::sql::statements;
use super::subject;
use super::value::{Fields, values, words};
use crate::domain::adoption::{
    Adoption, Draft, Handling, OffQuota, Proposal, ProposalState, RuleHandling,
};
use crate::domain::change::Change;
use crate::domain::ids::AreaCode;
use crate::domain::place::Place;
use crate::domain::record::{Id, When};
use crate::domain::record_id::AccountId;
use crate::domain::rights::{Filter, Hand};
use crate::domain::time::Timestamp;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

words!(Handling, OffQuota, ProposalState);

dated! { Adoption: "policy_adoption" of Place {
    policy,
    document,
    raised_ratio,
    directed_evaluation,
    off_quota,
    approval_route,
}}
dated! { RuleHandling: "rule_handling" of Place { policy, rule, handling } }

/// Everything that places have adopted on a day, each with the code of the place.
pub struct Everywhere {
    pub adopted: Vec<(AreaCode, Dated<Adoption>)>,
    pub handled: Vec<(AreaCode, Dated<RuleHandling>)>,
}

/// What is adopted anywhere on a day.
pub async fn everywhere(reader: &mut Reader, when: When) -> Result<Everywhere, StoreError> {
    let adopted: Vec<Dated<Adoption>> = dated::at(reader, Of::Everyone, when).await?;
    let handled: Vec<Dated<RuleHandling>> = dated::at(reader, Of::Everyone, when).await?;
    let places = adopted.iter().map(|row| row.subject);
    let mut places: Vec<Id<Place>> = places
        .chain(handled.iter().map(|row| row.subject))
        .collect();
    places.sort_unstable();
    places.dedup();
    let codes = match places.as_slice() {
        [] => HashMap::new(),
        places => subject::codes(reader, places).await?,
    };
    Ok(Everywhere {
        adopted: placed(adopted, &codes)?,
        handled: placed(handled, &codes)?,
    })
}

/// The rows with the codes of their places.
fn placed<F: dated::Fact<Subject = Place>>(
    rows: Vec<Dated<F>>,
    codes: &HashMap<Id<Place>, String>,
) -> Result<Vec<(AreaCode, Dated<F>)>, StoreError> {
    let code = |id: Id<Place>| {
        let code = codes.get(&id);
        let code = code.and_then(|code| code.parse::<AreaCode>().ok());
        code.ok_or_else(|| StoreError::Corrupt {
            table: "place",
            column: "code".to_owned(),
            row: id.to_string(),
        })
    };
    let rows = rows.into_iter();
    rows.map(|row| Ok((code(row.subject)?, row))).collect()
}

statements! { "adoption_proposal":
    PROPOSE = "insert into adoption_proposal (id, area, policy, ends, document, raised_ratio, \
        directed_evaluation, off_quota, approval_route, handling, valid_from, reason, \
        proposed_at, account, person, author, state) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    PROPOSAL = "select id, area, policy, ends, document, raised_ratio, directed_evaluation, \
        off_quota, approval_route, handling, valid_from, reason, proposed_at, account, person, \
        author, state, decided_at, decided_by from adoption_proposal where id = $1";
    PROPOSALS = "select id, area, policy, ends, document, raised_ratio, directed_evaluation, \
        off_quota, approval_route, handling, valid_from, reason, proposed_at, account, person, \
        author, state, decided_at, decided_by from adoption_proposal \
        where area like cast($1 as text) || '%' order by id desc";
    DECIDE = "update adoption_proposal set state = $1, decided_at = $2, decided_by = $3, \
        change = $4 where id = $5 and state = 'open'";
}

/// Keeps a proposal.
pub async fn propose(tx: &mut Tx, proposal: &Proposal) -> Result<(), StoreError> {
    let Draft {
        area,
        adoption,
        ends,
        handling,
        on,
    } = &proposal.draft;
    let handling: Map<String, Json> = handling
        .iter()
        .map(|(rule, handling)| (rule.clone(), Json::from(handling.key())))
        .collect();
    let values = values![
        proposal.id,
        area,
        adoption.policy,
        ends,
        adoption.document,
        adoption.raised_ratio,
        adoption.directed_evaluation,
        adoption.off_quota,
        adoption.approval_route,
        Json::Object(handling).to_string(),
        on,
        proposal.reason,
        proposal.proposed_at,
        proposal.proposed_by.account,
        proposal.proposed_by.person,
        proposal.author,
        proposal.state
    ];
    tx.must(&PROPOSE, values, 1).await
}

/// A proposal.
pub async fn proposal(
    reader: &mut Reader,
    id: Id<Proposal>,
) -> Result<Option<Proposal>, StoreError> {
    reader.one(&PROPOSAL, values![id], read).await
}

/// The proposals for the areas of a scope, newest first.
pub async fn proposals(reader: &mut Reader, scope: &Filter) -> Result<Vec<Proposal>, StoreError> {
    let outside = scope.consortium.is_some()
        || scope.institution_and_below.is_some()
        || scope.person.is_some();
    if outside {
        return Ok(Vec::new());
    }
    let prefix = scope.area_prefix.clone().unwrap_or_default();
    reader.all(&PROPOSALS, values![prefix], read).await
}

fn read(row: &mut Fields<'_>) -> Result<Proposal, StoreError> {
    let id: Id<Proposal> = row.take()?;
    let area = row.take()?;
    let policy = row.take()?;
    let ends = row.take()?;
    let adoption = Adoption {
        policy,
        document: row.take()?,
        raised_ratio: row.take()?,
        directed_evaluation: row.take()?,
        off_quota: row.take()?,
        approval_route: row.take()?,
    };
    let handling: String = row.take()?;
    let draft = Draft {
        area,
        adoption,
        ends,
        handling: handlings(&handling).ok_or_else(|| StoreError::Corrupt {
            table: "adoption_proposal",
            column: "handling".to_owned(),
            row: id.to_string(),
        })?,
        on: row.take()?,
    };
    let reason = row.take()?;
    let proposed_at = row.take()?;
    let proposed_by = Hand {
        account: row.take()?,
        person: row.take()?,
    };
    let author = row.take()?;
    let state = row.take()?;
    let decided_at: Option<Timestamp> = row.take()?;
    let decided_by: Option<AccountId> = row.take()?;
    Ok(Proposal {
        id,
        draft,
        reason,
        proposed_at,
        proposed_by,
        author,
        state,
        decided: decided_at.zip(decided_by),
    })
}

fn handlings(text: &str) -> Option<Vec<(String, Handling)>> {
    let map: Map<String, Json> = serde_json::from_str(text).ok()?;
    let one = |(rule, word): (String, Json)| {
        let handling = Handling::ALL.iter().find(|one| word == one.key())?;
        Some((rule, *handling))
    };
    map.into_iter().map(one).collect()
}

/// Says what became of an open proposal; fails when it is not open any more.
pub async fn decide(
    tx: &mut Tx,
    id: Id<Proposal>,
    state: ProposalState,
    by: AccountId,
    change: Option<Id<Change>>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.must(&DECIDE, values![state, now, by, change, id], 1)
        .await
}
