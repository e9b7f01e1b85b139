//! Plans of recruitment, and who applied.

use super::backend::{Reader, Tx};
use super::error::StoreError;
use super::sql::statements;
use super::value::{Fields, values, words};
use crate::domain::record::Version;
use crate::domain::record_id::{InstitutionId, RecruitmentId};
use crate::domain::recruitment::{Applicant, Mode, Plan, PlanState, PlannedPost};
use crate::domain::time::Timestamp;

words!(PlanState, Mode);

statements! { "recruitment":
    INSERT = "insert into recruitment (id, version, created_at, institution, state, title) \
        values ($1, $2, $3, $4, $5, $6)";
    UPDATE = "update recruitment set version = $3, state = $4, title = $5 \
        where id = $1 and version = $2";
    FIND = "select id, version, institution, state, title from recruitment where id = $1";
    OF_INSTITUTION = "select id from recruitment where institution = $1 order by id desc";
    POSTS = "select title, places, urgent, hard, mode from recruitment_post \
        where recruitment = $1 order by position";
    FORGET_POSTS = "delete from recruitment_post where recruitment = $1";
    POST = "insert into recruitment_post (recruitment, position, title, places, urgent, hard, \
        mode) values ($1, $2, $3, $4, $5, $6, $7)";
    APPLICANTS = "select number, post, points, rural_doctor from recruitment_applicant \
        where recruitment = $1 order by post, number";
    APPLICANT = "insert into recruitment_applicant (recruitment, number, post, points, \
        rural_doctor) values ($1, $2, $3, $4, $5) on conflict (recruitment, number) do update \
        set post = excluded.post, points = excluded.points, \
        rural_doctor = excluded.rural_doctor";
}

/// Adds a plan.
pub async fn add(tx: &mut Tx, plan: &Plan, now: Timestamp) -> Result<(), StoreError> {
    let values = values![
        plan.id,
        plan.version,
        now,
        plan.institution,
        plan.state,
        plan.title
    ];
    tx.must(&INSERT, values, 1).await?;
    save_posts(tx, plan).await
}

/// Saves a plan that was read with a version: [`StoreError::Stale`] when somebody else was
/// quicker.
pub async fn save(tx: &mut Tx, seen: Version, plan: &mut Plan) -> Result<(), StoreError> {
    plan.version = seen.next();
    let values = values![plan.id, seen, plan.version, plan.state, plan.title];
    if tx.execute(&UPDATE, values).await? == 0 {
        let found = find(tx, plan.id).await?;
        let actual = found.ok_or_else(|| StoreError::NotFound {
            table: "recruitment",
            key: plan.id.to_string(),
        })?;
        return Err(StoreError::Stale {
            expected: seen,
            actual: actual.version,
        });
    }
    save_posts(tx, plan).await
}

async fn save_posts(tx: &mut Tx, plan: &Plan) -> Result<(), StoreError> {
    tx.execute(&FORGET_POSTS, values![plan.id]).await?;
    for (at, one) in (0u32..).zip(&plan.posts) {
        let values = values![
            plan.id, at, one.title, one.places, one.urgent, one.hard, one.mode
        ];
        tx.must(&POST, values, 1).await?;
    }
    Ok(())
}

/// A plan.
pub async fn find(reader: &mut Reader, id: RecruitmentId) -> Result<Option<Plan>, StoreError> {
    let Some(mut plan) = reader.one(&FIND, values![id], read).await? else {
        return Ok(None);
    };
    let posts = reader.all(&POSTS, values![id], |row| {
        Ok(PlannedPost {
            title: row.take()?,
            places: row.take()?,
            urgent: row.take()?,
            hard: row.take()?,
            mode: row.take()?,
        })
    });
    plan.posts = posts.await?;
    Ok(Some(plan))
}

/// The plans of an institution, newest first.
pub async fn of_institution(
    reader: &mut Reader,
    id: InstitutionId,
) -> Result<Vec<RecruitmentId>, StoreError> {
    reader
        .all(&OF_INSTITUTION, values![id], |row| row.take())
        .await
}

/// Records somebody who applied, instead of what was recorded under the number.
pub async fn put_applicant(
    tx: &mut Tx,
    plan: RecruitmentId,
    one: &Applicant,
) -> Result<(), StoreError> {
    let post = u32::try_from(one.post).unwrap_or(u32::MAX);
    let values = values![plan, one.number, post, one.points, one.rural_doctor];
    tx.must(&APPLICANT, values, 1).await
}

/// Who applied, by post.
pub async fn applicants(
    reader: &mut Reader,
    plan: RecruitmentId,
) -> Result<Vec<Applicant>, StoreError> {
    let applicants = reader.all(&APPLICANTS, values![plan], |row| {
        let number = row.take()?;
        let post: u32 = row.take()?;
        Ok(Applicant {
            number,
            post: usize::try_from(post).unwrap_or(usize::MAX),
            points: row.take()?,
            rural_doctor: row.take()?,
        })
    });
    applicants.await
}

fn read(row: &mut Fields<'_>) -> Result<Plan, StoreError> {
    Ok(Plan {
        id: row.take()?,
        version: row.take()?,
        institution: row.take()?,
        state: row.take()?,
        title: row.take()?,
        posts: Vec::new(),
    })
}
