//! Policies adopted by places, in the slot of the policy, and how rules are applied, in
//! the slot of policy and rule.

use super::backend::{Reader, Tx};
use super::dated::dated;
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values, words};
use crate::domain::adoption::{
    Adoption, Handling, Matter, OffQuota, Proposal, ProposalState, RuleHandling,
};
use crate::domain::change::Change;
use crate::domain::place::Place;
use crate::domain::record::{Id, Validity};
use crate::domain::rights::Hand;
use crate::domain::time::Timestamp;

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

statements! { "adoption_proposal":
    PROPOSE = "insert into adoption_proposal (id, place, matter, policy, rule, handling, \
        document, raised_ratio, directed_evaluation, off_quota, approval_route, valid_from, \
        valid_to, reason, proposed_at, account, person, author, office, state, decided_at, \
        change) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
        $17, $18, $19, $20, $21, $22)";
    /// Only one decision finds it open.
    DECIDE = "update adoption_proposal set state = $2, decided_at = $3, change = $4 \
        where id = $1 and state = 'open'";
    PROPOSAL = "select id, place, matter, policy, rule, handling, document, raised_ratio, \
        directed_evaluation, off_quota, approval_route, valid_from, valid_to, reason, \
        proposed_at, account, person, author, office, state, decided_at, change \
        from adoption_proposal where id = $1";
    PROPOSALS = "select id, place, matter, policy, rule, handling, document, raised_ratio, \
        directed_evaluation, off_quota, approval_route, valid_from, valid_to, reason, \
        proposed_at, account, person, author, office, state, decided_at, change \
        from adoption_proposal where place = $1 order by id";
}

/// Keeps a proposal.
pub async fn propose(tx: &mut Tx, proposal: &Proposal) -> Result<(), StoreError> {
    let adoption = match &proposal.matter {
        Matter::Adopt(adoption) => Some(adoption),
        _ => None,
    };
    let handling = match &proposal.matter {
        Matter::Handle(handling) => Some(handling.handling),
        _ => None,
    };
    let values = values![
        proposal.id,
        proposal.place,
        proposal.matter.key(),
        proposal.matter.policy(),
        proposal.matter.rule().map(str::to_owned),
        handling,
        adoption.and_then(|one| one.document.clone()),
        adoption.map(|one| one.raised_ratio),
        adoption.map(|one| one.directed_evaluation),
        adoption.map(|one| one.off_quota),
        adoption.and_then(|one| one.approval_route.clone()),
        proposal.validity.from,
        proposal.validity.until,
        proposal.reason,
        proposal.proposed_at,
        proposal.proposed_by.account,
        proposal.proposed_by.person,
        proposal.author,
        proposal.office,
        proposal.state,
        proposal.decided_at,
        proposal.change
    ];
    tx.must(&PROPOSE, values, 1).await
}

/// Closes a proposal that is open; `false` = somebody did so already.
pub async fn decide(
    tx: &mut Tx,
    id: Id<Proposal>,
    state: ProposalState,
    at: Timestamp,
    change: Option<Id<Change>>,
) -> Result<bool, StoreError> {
    let values = values![id, state, at, change];
    Ok(tx.execute(&DECIDE, values).await? == 1)
}

/// A proposal by its identifier.
pub async fn proposal(
    reader: &mut Reader,
    id: Id<Proposal>,
) -> Result<Option<Proposal>, StoreError> {
    reader.one(&PROPOSAL, values![id], read).await
}

/// The proposals for a place, oldest first.
pub async fn proposals(reader: &mut Reader, place: Id<Place>) -> Result<Vec<Proposal>, StoreError> {
    reader.all(&PROPOSALS, values![place], read).await
}

fn read(row: &mut Fields<'_>) -> Result<Proposal, StoreError> {
    Ok(Proposal {
        id: row.take()?,
        place: row.take()?,
        matter: matter(row)?,
        validity: Validity {
            from: row.take()?,
            until: row.take()?,
        },
        reason: row.take()?,
        proposed_at: row.take()?,
        proposed_by: Hand {
            account: row.take()?,
            person: row.take()?,
        },
        author: row.take()?,
        office: row.take()?,
        state: row.take()?,
        decided_at: row.take()?,
        change: row.take()?,
    })
}

fn matter(row: &mut Fields<'_>) -> Result<Matter, StoreError> {
    let corrupt = row.corrupt();
    let key: String = row.take()?;
    let policy: String = row.take()?;
    let rule: Option<String> = row.take()?;
    let handling: Option<Handling> = row.take()?;
    let document: Option<String> = row.take()?;
    let raised_ratio: Option<bool> = row.take()?;
    let directed_evaluation: Option<bool> = row.take()?;
    let off_quota: Option<OffQuota> = row.take()?;
    let approval_route: Option<String> = row.take()?;
    let matter = match (key.as_str(), rule, handling) {
        ("adopt", None, None) => {
            let elected = raised_ratio.zip(directed_evaluation).zip(off_quota);
            elected.map(|((raised_ratio, directed_evaluation), off_quota)| {
                Matter::Adopt(Adoption {
                    policy,
                    document,
                    raised_ratio,
                    directed_evaluation,
                    off_quota,
                    approval_route,
                })
            })
        }
        ("abandon", None, None) => Some(Matter::Abandon { policy }),
        ("handle", Some(rule), Some(handling)) => Some(Matter::Handle(RuleHandling {
            policy,
            rule,
            handling,
        })),
        ("release", Some(rule), None) => Some(Matter::Release { policy, rule }),
        _ => None,
    };
    matter.ok_or(corrupt)
}
