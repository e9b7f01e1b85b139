//! Competition rounds and the points given in them.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, Value, values, words};
use crate::domain::record::Version;
use crate::domain::record_id::{InstitutionId, RoundId};
use crate::domain::round::{Criterion, Offered, Plan, Round, RoundState, Score};
use crate::domain::time::Timestamp;
use crate::domain::training::{Required, TrainingKind};

words!(RoundState);

statements! { "round":
    INSERT = "insert into round (id, version, created_at, institution, state, title, \
        term_months, conditions, opens, closes, training, training_hours, training_since) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    UPDATE = "update round set version = $3, state = $4, title = $5, term_months = $6, \
        conditions = $7, opens = $8, closes = $9, training = $10, training_hours = $11, \
        training_since = $12 where id = $1 and version = $2";
    FIND = "select id, version, institution, state, title, term_months, conditions, opens, \
        closes, training, training_hours, training_since from round where id = $1";
    OF_INSTITUTION = "select id from round where institution = $1 order by id desc";
    OFFERS = "select rank, grade, places from round_offer where round = $1 order by position";
    FORGET_OFFERS = "delete from round_offer where round = $1";
    OFFER = "insert into round_offer (round, position, rank, grade, places) \
        values ($1, $2, $3, $4, $5)";
    CRITERIA = "select name, most from round_criterion where round = $1 order by position";
    FORGET_CRITERIA = "delete from round_criterion where round = $1";
    CRITERION = "insert into round_criterion (round, position, name, most) \
        values ($1, $2, $3, $4)";
    SCORE = "insert into round_score (round, application, criterion, scorer, points, given) \
        values ($1, $2, $3, $4, $5, $6) on conflict (application, criterion, scorer) \
        do update set points = excluded.points, given = excluded.given";
    SCORES = "select application, criterion, points, scorer, given from round_score \
        where round = $1 order by application, criterion, scorer";
}

/// Adds a round.
pub async fn add(tx: &mut Tx, round: &Round, now: Timestamp) -> Result<(), StoreError> {
    let mut values = values![round.id, round.version, now, round.institution];
    changing(round, &mut values);
    tx.must(&INSERT, values, 1).await?;
    save_lists(tx, round).await
}

fn changing(round: &Round, values: &mut Vec<Value>) {
    let plan = &round.plan;
    values.extend(values![
        round.state,
        plan.title,
        plan.term_months,
        plan.conditions,
        plan.from,
        plan.to,
        plan.training.map(|one| one.kind),
        plan.training.and_then(|one| one.hours),
        plan.training.and_then(|one| one.since)
    ]);
}

/// Saves a round that was read with a version: [`StoreError::Stale`] when somebody else was
/// quicker.
pub async fn save(tx: &mut Tx, seen: Version, round: &mut Round) -> Result<(), StoreError> {
    round.version = seen.next();
    let mut values = values![round.id, seen, round.version];
    changing(round, &mut values);
    if tx.execute(&UPDATE, values).await? == 0 {
        let found = find(tx, round.id).await?;
        let actual = found.ok_or_else(|| StoreError::NotFound {
            table: "round",
            key: round.id.to_string(),
        })?;
        return Err(StoreError::Stale {
            expected: seen,
            actual: actual.version,
        });
    }
    save_lists(tx, round).await
}

async fn save_lists(tx: &mut Tx, round: &Round) -> Result<(), StoreError> {
    tx.execute(&FORGET_OFFERS, values![round.id]).await?;
    for (at, one) in (0u32..).zip(&round.plan.offered) {
        let values = values![round.id, at, one.rank, one.grade, one.places];
        tx.must(&OFFER, values, 1).await?;
    }
    tx.execute(&FORGET_CRITERIA, values![round.id]).await?;
    for (at, one) in (0u32..).zip(&round.plan.criteria) {
        let values = values![round.id, at, one.name, one.most];
        tx.must(&CRITERION, values, 1).await?;
    }
    Ok(())
}

/// A round.
pub async fn find(reader: &mut Reader, id: RoundId) -> Result<Option<Round>, StoreError> {
    let Some(mut round) = reader.one(&FIND, values![id], read).await? else {
        return Ok(None);
    };
    let offered = reader.all(&OFFERS, values![id], |row| {
        Ok(Offered {
            rank: row.take()?,
            grade: row.take()?,
            places: row.take()?,
        })
    });
    round.plan.offered = offered.await?;
    let criteria = reader.all(&CRITERIA, values![id], |row| {
        Ok(Criterion {
            name: row.take()?,
            most: row.take()?,
        })
    });
    round.plan.criteria = criteria.await?;
    Ok(Some(round))
}

/// The rounds of an institution, newest first.
pub async fn of_institution(
    reader: &mut Reader,
    id: InstitutionId,
) -> Result<Vec<RoundId>, StoreError> {
    reader
        .all(&OF_INSTITUTION, values![id], |row| row.take())
        .await
}

/// Gives points, instead of those the same person gave before.
pub async fn score(tx: &mut Tx, round: RoundId, score: &Score) -> Result<(), StoreError> {
    let criterion = u32::try_from(score.criterion).unwrap_or(u32::MAX);
    let values = values![
        round,
        score.application,
        criterion,
        score.scorer,
        score.points,
        score.given
    ];
    tx.must(&SCORE, values, 1).await
}

/// All points given in a round.
pub async fn scores(reader: &mut Reader, round: RoundId) -> Result<Vec<Score>, StoreError> {
    let scores = reader.all(&SCORES, values![round], |row| {
        let application = row.take()?;
        let criterion: u32 = row.take()?;
        Ok(Score {
            application,
            criterion: usize::try_from(criterion).unwrap_or(usize::MAX),
            points: row.take()?,
            scorer: row.take()?,
            given: row.take()?,
        })
    });
    scores.await
}

fn read(row: &mut Fields<'_>) -> Result<Round, StoreError> {
    Ok(Round {
        id: row.take()?,
        version: row.take()?,
        institution: row.take()?,
        state: row.take()?,
        plan: Plan {
            title: row.take()?,
            term_months: row.take()?,
            conditions: row.take()?,
            from: row.take()?,
            to: row.take()?,
            training: training(row)?,
            offered: Vec::new(),
            criteria: Vec::new(),
        },
    })
}

fn training(row: &mut Fields<'_>) -> Result<Option<Required>, StoreError> {
    let kind: Option<TrainingKind> = row.take()?;
    let (hours, since) = (row.take()?, row.take()?);
    Ok(kind.map(|kind| Required { kind, hours, since }))
}
