//! Applications, what was done to them, and the places that are kept for them.

use super::backend::{Reader, Tx};
use super::dialect;
use super::error::StoreError;
use super::sql::{Sql, statements};
use super::value::{Fields, Value, values, words};
use crate::domain::change::Change;
use crate::domain::promotion::{
    Application, Defect, Kind, Move, Notice, Objection, Opinion, Outcome, Place, Pool, Resolution,
    Route, State, Target,
};
use crate::domain::record::{Id, Version};
use crate::domain::record_id::{ApplicationId, InstitutionId, PersonId};
use crate::domain::rights::{Hand, Office};
use crate::domain::time::{Date, Timestamp};
use std::collections::BTreeMap;
use std::sync::LazyLock;

words!(Kind, State, Move, Pool, Outcome, Office);

statements! { "application":
    INSERT = "insert into application (id, version, created_at, kind, person, institution, \
        round, rank, grade, destination, wanted_on, merits, state, step, steps, opinions, since, \
        due, notice_published, notice_last, notice_provisional, policies, effective, filed_until) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
        $19, $20, $21, $22, $23, $24)";
    UPDATE = "update application set version = $3, rank = $4, grade = $5, destination = $6, \
        wanted_on = $7, merits = $8, state = $9, step = $10, steps = $11, opinions = $12, \
        since = $13, due = $14, notice_published = $15, notice_last = $16, \
        notice_provisional = $17, policies = $18, effective = $19, filed_until = $20 \
        where id = $1 and version = $2";
    VERSION = "select version from application where id = $1";
    OPEN_OF = "select id from application where person = $1 and state in \
        ('draft', 'submitted', 'institution_review', 'recommended', 'notice', 'review')";
    /// In states between commas, of an institution, of a person and of a round where given.
    LIST = "select id from application \
        where (cast($1 as text) is null or ',' || cast($1 as text) || ',' like '%,' || state || ',%') \
        and (cast($2 as text) is null or institution = cast($2 as text) \
        or destination = cast($2 as text)) \
        and (cast($3 as text) is null or person = cast($3 as text)) \
        and (cast($4 as text) is null or round = cast($4 as text)) \
        order by case when due is null then 1 else 0 end, due, id limit $5";
    /// The same as whole rows, without their lists.
    ROWS = "select id, version, kind, person, institution, round, rank, grade, destination, \
        wanted_on, merits, state, step, steps, opinions, since, due, notice_published, \
        notice_last, notice_provisional, policies, effective, filed_until from application \
        where (cast($1 as text) is null or ',' || cast($1 as text) || ',' like '%,' || state || ',%') \
        and (cast($2 as text) is null or institution = cast($2 as text) \
        or destination = cast($2 as text)) \
        and (cast($3 as text) is null or person = cast($3 as text)) \
        and (cast($4 as text) is null or round = cast($4 as text)) \
        order by id desc";
    WAITING = "select id from application where state in ('approved', 'filed') \
        and effective <= $1 order by effective, id limit $2";
    DECIDED = "update application set decided_by = $2 where id = $1";
    DECIDED_BY = "select decided_by from application where id = $1";
    IS_DECISION = "select id from application where decided_by = $1 limit 1";
    PUT_HAND = "insert into application_hand (application, position, account, person) \
        values ($1, $2, $3, $4) on conflict (application, position) do nothing";
    PUT_DEFECT = "insert into application_defect (application, position, found, office, text, \
        mended) values ($1, $2, $3, $4, $5, $6) on conflict (application, position) \
        do update set mended = excluded.mended";
    PUT_OBJECTION = "insert into application_objection (application, position, raised, account, \
        person, text, resolved, outcome, answer) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        on conflict (application, position) do update set resolved = excluded.resolved, \
        outcome = excluded.outcome, answer = excluded.answer";
    FORGET_OPINIONS = "delete from application_opinion where application = $1 and position >= $2";
    PUT_OPINION = "insert into application_opinion (application, position, office, given, \
        favourable, text) values ($1, $2, $3, $4, $5, $6) on conflict (application, position) \
        do update set office = excluded.office, given = excluded.given, \
        favourable = excluded.favourable, text = excluded.text";
    KEEP = "insert into reservation (id, application, institution, pool, kept_from, kept_until) \
        values ($1, $2, $3, $4, $5, $6)";
    KEEP_UNTIL = "update reservation set kept_until = $2 where id = \
        (select id from reservation where application = $1 order by id desc limit 1)";
    TELL = "insert into application_event (id, application, at, move, state_before, state_after, \
        step, account, name, office, words, noted, reason) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    TOLD = "select id, application, at, move, state_before, state_after, step, account, name, \
        office, words, noted, reason from application_event where application = $1 order by id";
}

/// The places kept at some institutions on a day.
static RESERVED: LazyLock<Sql> = LazyLock::new(|| {
    let text = "select reservation.application, reservation.institution, pool, \
        application.person from reservation \
        join application on application.id = reservation.application \
        where reservation.institution {in $1} and kept_from <= $2 \
        and (kept_until is null or kept_until > $2) order by reservation.id";
    dialect::statement("application::RESERVED".to_owned(), "reservation", text)
});

/// Statements about some applications.
macro_rules! of_several {
    ($($name:ident: $table:literal = $text:literal;)+) => {
        $(static $name: LazyLock<Sql> = LazyLock::new(|| {
            let name = concat!("application::", stringify!($name));
            dialect::statement(name.to_owned(), $table, $text)
        });)+
    };
}

of_several! {
    FIND: "application" = "select id, version, kind, person, institution, round, rank, grade, \
        destination, wanted_on, merits, state, step, steps, opinions, since, due, \
        notice_published, notice_last, notice_provisional, policies, effective, filed_until \
        from application where id {in $1}";
    HANDS: "application_hand" = "select application, account, person from application_hand \
        where application {in $1} order by application, position";
    DEFECTS: "application_defect" = "select application, found, office, text, mended \
        from application_defect where application {in $1} order by application, position";
    OBJECTIONS: "application_objection" = "select application, raised, account, person, text, \
        resolved, outcome, answer from application_objection where application {in $1} \
        order by application, position";
    OPINIONS: "application_opinion" = "select application, office, given, favourable, text \
        from application_opinion where application {in $1} order by application, position";
    PLACES: "reservation" = "select application, institution, pool, kept_from, kept_until \
        from reservation where application {in $1} order by id";
}

pub(super) fn dialects() -> [&'static Sql; 7] {
    [
        &RESERVED,
        &FIND,
        &HANDS,
        &DEFECTS,
        &OBJECTIONS,
        &OPINIONS,
        &PLACES,
    ]
}

/// A place that is kept on a day, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserved {
    pub application: ApplicationId,
    pub institution: InstitutionId,
    pub pool: Pool,
    pub person: PersonId,
}

/// Something that was done to an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub id: Id<Step>,
    pub application: ApplicationId,
    pub at: Timestamp,
    pub made: Move,
    pub before: State,
    pub after: State,
    /// Position in the route it was made in.
    pub step: u32,
    pub account: Option<String>,
    pub name: String,
    /// Key of the office.
    pub office: String,
    /// What was said with it.
    pub words: String,
    /// Rules that were overridden or recorded.
    pub noted: String,
    /// Why.
    pub reason: Option<String>,
}

/// Which applications are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Empty = in all of them.
    pub states: Vec<State>,
    pub institution: Option<InstitutionId>,
    pub person: Option<PersonId>,
    pub round: Option<crate::domain::record_id::RoundId>,
}

impl Wanted {
    /// The states with commas between; `None` = all.
    fn states(&self) -> Option<String> {
        let states: Vec<&str> = self.states.iter().map(|state| state.key()).collect();
        (!states.is_empty()).then(|| states.join(","))
    }
}

/// Adds a draft. A person who has an open one makes it a broken constraint.
pub async fn add(tx: &mut Tx, application: &Application, now: Timestamp) -> Result<(), StoreError> {
    let mut values = values![
        application.id,
        application.version,
        now,
        application.kind,
        application.person,
        application.institution,
        application.round
    ];
    changing(application, &mut values);
    tx.must(&INSERT, values, 1).await
}

/// The columns that change, in the order of both statements.
fn changing(application: &Application, values: &mut Vec<Value>) {
    let notice = application.notice;
    let Application { target, route, .. } = application;
    values.extend(values![
        target.rank,
        target.grade,
        target.institution,
        target.on,
        application.merits,
        application.state,
        number(application.step),
        keys(&route.steps),
        keys(&route.opinions),
        application.since,
        application.due,
        notice.map(|notice| notice.published),
        notice.map(|notice| notice.last),
        notice.map(|notice| notice.provisional),
        application.policies,
        application.effective,
        application.filed_until
    ]);
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Offices by their keys, with commas between.
fn keys(offices: &[Office]) -> String {
    let keys: Vec<&str> = offices.iter().map(|office| office.key()).collect();
    keys.join(",")
}

fn offices(row: &Fields<'_>, keys: &str) -> Result<Vec<Office>, StoreError> {
    let keys = keys.split(',').filter(|key| !key.is_empty());
    let office = |key: &str| Office::ALL.iter().find(|office| office.key() == key);
    keys.map(|key| office(key).copied().ok_or_else(|| row.corrupt()))
        .collect()
}

/// Saves what became of an application since it was read: [`StoreError::Stale`] when
/// somebody else was quicker. `id` is for the place, if it keeps another one.
pub async fn save(
    tx: &mut Tx,
    before: &Application,
    after: &mut Application,
    id: Id<Place>,
) -> Result<(), StoreError> {
    after.version = before.version.next();
    let mut values = values![after.id, before.version, after.version];
    changing(after, &mut values);
    if tx.execute(&UPDATE, values).await? == 0 {
        let actual = tx.one(&VERSION, values![after.id], |row| row.take());
        let missing = || StoreError::NotFound {
            table: "application",
            key: after.id.to_string(),
        };
        return Err(StoreError::Stale {
            expected: before.version,
            actual: actual.await?.ok_or_else(missing)?,
        });
    }
    save_lists(tx, before, after).await?;
    save_place(tx, before, after, id).await
}

async fn save_lists(
    tx: &mut Tx,
    before: &Application,
    after: &Application,
) -> Result<(), StoreError> {
    let id = after.id;
    for (at, hand) in after.recommended_by.iter().enumerate() {
        if before.recommended_by.get(at) != Some(hand) {
            let values = values![id, number(at), hand.account, hand.person];
            tx.execute(&PUT_HAND, values).await?;
        }
    }
    for (at, one) in after.defects.iter().enumerate() {
        if before.defects.get(at) != Some(one) {
            let values = values![id, number(at), one.found, one.office, one.text, one.mended];
            tx.must(&PUT_DEFECT, values, 1).await?;
        }
    }
    for (at, one) in after.objections.iter().enumerate() {
        if before.objections.get(at) != Some(one) {
            let resolved = one.resolved.as_ref();
            let values = values![
                id,
                number(at),
                one.raised,
                one.by.account,
                one.by.person,
                one.text,
                resolved.map(|resolved| resolved.at),
                resolved.map(|resolved| resolved.outcome),
                resolved.map(|resolved| resolved.answer.clone())
            ];
            tx.must(&PUT_OBJECTION, values, 1).await?;
        }
    }
    if after.opinions.len() < before.opinions.len() {
        let kept = number(after.opinions.len());
        tx.execute(&FORGET_OPINIONS, values![id, kept]).await?;
    }
    for (at, one) in after.opinions.iter().enumerate() {
        if before.opinions.get(at) != Some(one) {
            let values = values![
                id,
                number(at),
                one.office,
                one.given,
                one.favourable,
                one.text
            ];
            tx.must(&PUT_OPINION, values, 1).await?;
        }
    }
    Ok(())
}

async fn save_place(
    tx: &mut Tx,
    before: &Application,
    after: &Application,
    id: Id<Place>,
) -> Result<(), StoreError> {
    let Some(place) = after.place.filter(|_| before.place != after.place) else {
        return Ok(());
    };
    let until = |place: Place| Place {
        until: None,
        ..place
    };
    // the same place for another time, unless it was free in between
    let goes_on = before.place.map(until) == Some(until(place))
        && !(before.place.is_some_and(|old| old.until.is_some())
            && place.until.is_none()
            && before.state.is_open());
    if goes_on {
        return tx
            .must(&KEEP_UNTIL, values![after.id, place.until], 1)
            .await;
    }
    let values = values![
        id,
        after.id,
        place.institution,
        place.pool,
        place.from,
        place.until
    ];
    tx.must(&KEEP, values, 1).await
}

/// An application with all its lists.
pub async fn find(
    reader: &mut Reader,
    id: ApplicationId,
) -> Result<Option<Application>, StoreError> {
    Ok(several(reader, &[id]).await?.remove(&id))
}

/// Those of some applications that there are, with all their lists.
pub async fn several(
    reader: &mut Reader,
    ids: &[ApplicationId],
) -> Result<BTreeMap<ApplicationId, Application>, StoreError> {
    let found = reader.all(&FIND, values![dialect::list(ids)], read).await?;
    let mut found: BTreeMap<_, _> = found.into_iter().map(|one| (one.id, one)).collect();
    for (id, hand) in rows_of(reader, &HANDS, ids, hand).await? {
        found
            .entry(id)
            .and_modify(|one| one.recommended_by.push(hand));
    }
    for (id, defect) in rows_of(reader, &DEFECTS, ids, defect).await? {
        found.entry(id).and_modify(|one| one.defects.push(defect));
    }
    for (id, objection) in rows_of(reader, &OBJECTIONS, ids, objection).await? {
        found
            .entry(id)
            .and_modify(|one| one.objections.push(objection));
    }
    for (id, opinion) in rows_of(reader, &OPINIONS, ids, opinion).await? {
        found.entry(id).and_modify(|one| one.opinions.push(opinion));
    }
    // the latest place is the one that counts
    for (id, place) in rows_of(reader, &PLACES, ids, place).await? {
        found.entry(id).and_modify(|one| one.place = Some(place));
    }
    Ok(found)
}

/// The rows of a list of some applications, in order, each with the application it is of.
async fn rows_of<T>(
    reader: &mut Reader,
    statement: &'static Sql,
    ids: &[ApplicationId],
    read: impl Fn(&mut Fields<'_>) -> Result<T, StoreError>,
) -> Result<Vec<(ApplicationId, T)>, StoreError> {
    let rows = reader.all(statement, values![dialect::list(ids)], |row| {
        Ok((row.take()?, read(row)?))
    });
    rows.await
}

/// The open application of a person.
pub async fn open_of(
    reader: &mut Reader,
    person: PersonId,
) -> Result<Option<ApplicationId>, StoreError> {
    reader
        .one(&OPEN_OF, values![person], |row| row.take())
        .await
}

/// Applications, those with the nearest due day first.
pub async fn list(
    reader: &mut Reader,
    wanted: &Wanted,
    most: u32,
) -> Result<Vec<ApplicationId>, StoreError> {
    let values = values![
        wanted.states(),
        wanted.institution,
        wanted.person,
        wanted.round,
        most
    ];
    reader.all(&LIST, values, |row| row.take()).await
}

/// Applications without defects, objections, opinions, hands and places, newest first.
pub async fn rows(reader: &mut Reader, wanted: &Wanted) -> Result<Vec<Application>, StoreError> {
    let values = values![
        wanted.states(),
        wanted.institution,
        wanted.person,
        wanted.round
    ];
    reader.all(&ROWS, values, read).await
}

/// Decided applications whose day has come.
pub async fn waiting(
    reader: &mut Reader,
    today: Date,
    most: u32,
) -> Result<Vec<ApplicationId>, StoreError> {
    let values = values![today, most];
    reader.all(&WAITING, values, |row| row.take()).await
}

/// The places that are kept at some institutions on a day.
pub async fn reserved(
    reader: &mut Reader,
    institutions: &[InstitutionId],
    on: Date,
) -> Result<Vec<Reserved>, StoreError> {
    let values = values![dialect::list(institutions), on];
    let reserved = reader.all(&RESERVED, values, |row| {
        Ok(Reserved {
            application: row.take()?,
            institution: row.take()?,
            pool: row.take()?,
            person: row.take()?,
        })
    });
    reserved.await
}

/// Says by which change of the records an application was decided.
pub async fn decided(
    tx: &mut Tx,
    id: ApplicationId,
    change: Option<Id<Change>>,
) -> Result<(), StoreError> {
    tx.must(&DECIDED, values![id, change], 1).await
}

/// The change of the records by which an application was decided.
pub async fn decided_by(
    reader: &mut Reader,
    id: ApplicationId,
) -> Result<Option<Id<Change>>, StoreError> {
    let found = reader.one(&DECIDED_BY, values![id], |row| row.take());
    Ok(found.await?.flatten())
}

/// Whether a change of the records was the decision on an application.
pub async fn is_decision(reader: &mut Reader, change: Id<Change>) -> Result<bool, StoreError> {
    let found = reader.one(&IS_DECISION, values![change], |row| {
        row.take::<ApplicationId>()
    });
    Ok(found.await?.is_some())
}

/// Adds to the history of an application.
pub async fn tell(tx: &mut Tx, step: &Step) -> Result<(), StoreError> {
    let values = values![
        step.id,
        step.application,
        step.at,
        step.made,
        step.before,
        step.after,
        step.step,
        step.account,
        step.name,
        step.office,
        step.words,
        step.noted,
        step.reason
    ];
    tx.must(&TELL, values, 1).await
}

/// The history of an application, oldest first.
pub async fn told(reader: &mut Reader, id: ApplicationId) -> Result<Vec<Step>, StoreError> {
    let told = reader.all(&TOLD, values![id], |row| {
        Ok(Step {
            id: row.take()?,
            application: row.take()?,
            at: row.take()?,
            made: row.take()?,
            before: row.take()?,
            after: row.take()?,
            step: row.take()?,
            account: row.take()?,
            name: row.take()?,
            office: row.take()?,
            words: row.take()?,
            noted: row.take()?,
            reason: row.take()?,
        })
    });
    told.await
}

fn read(row: &mut Fields<'_>) -> Result<Application, StoreError> {
    let id = row.take()?;
    let version: Version = row.take()?;
    let kind = row.take()?;
    let person = row.take()?;
    let institution = row.take()?;
    let round = row.take()?;
    let target = Target {
        rank: row.take()?,
        grade: row.take()?,
        institution: row.take()?,
        on: row.take()?,
    };
    let merits = row.take()?;
    let state = row.take()?;
    let step: u32 = row.take()?;
    let steps: String = row.take()?;
    let opinions: String = row.take()?;
    let route = Route {
        steps: offices(row, &steps)?,
        opinions: offices(row, &opinions)?,
    };
    let since = row.take()?;
    let due = row.take()?;
    let notice = notice(row)?;
    Ok(Application {
        id,
        version,
        kind,
        person,
        institution,
        round,
        target,
        merits,
        state,
        step: usize::try_from(step).unwrap_or(usize::MAX),
        route,
        since,
        due,
        notice,
        defects: Vec::new(),
        objections: Vec::new(),
        opinions: Vec::new(),
        recommended_by: Vec::new(),
        place: None,
        policies: row.take()?,
        effective: row.take()?,
        filed_until: row.take()?,
    })
}

fn notice(row: &mut Fields<'_>) -> Result<Option<Notice>, StoreError> {
    let published: Option<Date> = row.take()?;
    let last: Option<Date> = row.take()?;
    let provisional: Option<bool> = row.take()?;
    match (published, last, provisional) {
        (Some(published), Some(last), Some(provisional)) => Ok(Some(Notice {
            published,
            last,
            provisional,
        })),
        (None, None, None) => Ok(None),
        _ => Err(row.corrupt()),
    }
}

fn hand(row: &mut Fields<'_>) -> Result<Hand, StoreError> {
    Ok(Hand {
        account: row.take()?,
        person: row.take()?,
    })
}

fn defect(row: &mut Fields<'_>) -> Result<Defect, StoreError> {
    Ok(Defect {
        found: row.take()?,
        office: row.take()?,
        text: row.take()?,
        mended: row.take()?,
    })
}

fn objection(row: &mut Fields<'_>) -> Result<Objection, StoreError> {
    let raised = row.take()?;
    let by = hand(row)?;
    let text = row.take()?;
    let resolved: (Option<Timestamp>, Option<Outcome>, Option<String>) =
        (row.take()?, row.take()?, row.take()?);
    let resolved = match resolved {
        // the answer is empty once the person is forgotten
        (Some(at), Some(outcome), answer) => Some(Resolution {
            at,
            outcome,
            answer: answer.unwrap_or_default(),
        }),
        (None, None, None) => None,
        _ => return Err(row.corrupt()),
    };
    Ok(Objection {
        raised,
        by,
        text,
        resolved,
    })
}

fn opinion(row: &mut Fields<'_>) -> Result<Opinion, StoreError> {
    Ok(Opinion {
        office: row.take()?,
        given: row.take()?,
        favourable: row.take()?,
        text: row.take()?,
    })
}

fn place(row: &mut Fields<'_>) -> Result<Place, StoreError> {
    Ok(Place {
        institution: row.take()?,
        pool: row.take()?,
        from: row.take()?,
        until: row.take()?,
    })
}
