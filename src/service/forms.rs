//! The official forms, from the same figures as the screens, for any day.

use super::ledger::{self, InstitutionLedger, evaluate_part, of_institution};
use super::locus::permit_part;
use super::promotion::{case, preview};
use super::{Office, ServiceError};
use crate::domain::institution::Institution;
use crate::domain::post::{Ledger, Level};
use crate::domain::promotion::{Application, Move, State};
use crate::domain::record::{Id, When};
use crate::domain::record_id::{ApplicationId, PersonId};
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::staff::{Employment, Person};
use crate::domain::time::{Date, Timestamp};
use crate::report::forms::{self, Employee, Lang, Movement, Other, Usage};
use crate::report::words::word;
use crate::rules::people::PeopleResult;
use crate::sheet::WriteError;
use crate::store::promotion::{self as applications, Step, Wanted};
use crate::store::register::Part;
use crate::store::{locus, subject};
use std::collections::BTreeMap;

pub use crate::report::forms::{Cell, Form, Seal};

/// The figures of an institution for a day, by the right to print them.
async fn figures(
    office: &Office,
    actor: &Actor,
    code: &str,
    on: Date,
    now: Timestamp,
) -> Result<(Id<Institution>, ledger::Figures), ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let found = subject::with_code(&mut reader, code).await?;
    let (id, _): (Id<Institution>, _) = found.ok_or(ServiceError::NotFound)?;
    let part = Part::These(vec![id]);
    permit_part(
        &mut reader,
        actor,
        Action::PrintForm,
        &part,
        now.shanghai_day(),
    )
    .await?;
    drop(reader);
    let found = of_institution(office, actor, code, When::on(on), now).await?;
    let InstitutionLedger { figures, .. } = found;
    Ok((id, figures.ok_or(ServiceError::NotFound)?))
}

fn institution(figures: &ledger::Figures) -> Result<&Institution, ServiceError> {
    figures.institution().ok_or(ServiceError::NotFound)
}

/// The people of an institution with their identifiers.
fn staff(figures: &ledger::Figures) -> impl Iterator<Item = (usize, PersonId, &Person)> {
    let loaded = &figures.house().loaded;
    let rows = loaded.people.iter().zip(&loaded.register.people);
    rows.enumerate().map(|(at, (id, person))| (at, *id, person))
}

/// Approval of an appointment (岗位聘用审批表) as the application stood at the end of a day,
/// with the places of that day; those of the eve once the decision holds, because what it
/// would take is already taken then.
pub async fn appointment(
    office: &Office,
    actor: &Actor,
    id: ApplicationId,
    on: Date,
    lang: Lang,
    now: Timestamp,
) -> Result<Form, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let found = applications::find(&mut reader, id).await?;
    let mut application = found.ok_or(ServiceError::NotFound)?;
    let today = now.shanghai_day();
    let place = locus::of_institution(&mut reader, application.institution, today).await?;
    permit(actor, Action::PrintForm, &Subject::Place(place.clone()))?;
    let seen = Subject::Application(case(&application, place));
    permit(actor, Action::ReadApplication, &seen)?;
    let mut steps = applications::told(&mut reader, id).await?;
    until(&mut application, &mut steps, on);
    let part = Part::These(vec![application.institution]);
    let eve = application.effective.and_then(|from| from.plus(-1));
    let places_on = eve.map_or(on, |eve| eve.min(on));
    let evaluated = evaluate_part(office, &mut reader, &part, When::on(places_on)).await?;
    drop(reader);
    let ledger = evaluated.institutions.into_iter().next();
    let figures = ledger.and_then(|ledger| ledger.figures);
    let figures = figures.ok_or(ServiceError::NotFound)?;
    let own = staff(&figures).find(|(_, person, _)| *person == application.person);
    let (_, _, person) = own.ok_or(ServiceError::NotFound)?;
    let places = preview(office, actor, id, places_on, now).await?;
    Ok(forms::appointment(
        &application,
        person,
        institution(&figures)?,
        [&places.posts, &places.posts_after],
        &opinions(&application, &steps),
        on,
        lang,
    ))
}

/// Takes away what was not known at the end of a day: the paper of that day says no more
/// whenever it is printed again.
fn until(application: &mut Application, steps: &mut Vec<Step>, on: Date) {
    steps.retain(|step| step.at.shanghai_day() <= on);
    application.notice = application.notice.filter(|notice| notice.published <= on);
    if !steps.iter().any(|step| step.after.is_decided()) {
        application.effective = None;
    }
}

/// What the institution and each office of the route said last, in the order of the boxes.
fn opinions(application: &Application, steps: &[Step]) -> Vec<Seal> {
    let last = |wanted: &dyn Fn(&&Step) -> bool| {
        let step = steps.iter().rev().find(wanted);
        step.map_or_else(empty, |step| Seal {
            office: String::new(),
            words: [Some(step.words.clone()), step.reason.clone()]
                .into_iter()
                .flatten()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("\n"),
            signed: format!("{} {}", step.name, step.at.shanghai_day()),
        })
    };
    let mut opinions = vec![last(&|step| step.made == Move::Recommend)];
    for (at, _) in application.route.steps.iter().enumerate() {
        opinions.push(last(&|step| {
            let own = usize::try_from(step.step) == Ok(at) && step.before == State::Review;
            own && matches!(step.made, Move::Approve | Move::Reject)
        }));
    }
    opinions
}

/// A form as a workbook.
pub fn workbook(form: &Form) -> Result<Vec<u8>, ServiceError> {
    forms::workbook(form).map_err(|error| WriteError::from(error).into())
}

const fn empty() -> Seal {
    Seal {
        office: String::new(),
        words: String::new(),
        signed: String::new(),
    }
}

/// Approval of the plan of posts (岗位设置方案核准表).
pub async fn post_plan(
    office: &Office,
    actor: &Actor,
    code: &str,
    on: Date,
    lang: Lang,
    now: Timestamp,
) -> Result<Form, ServiceError> {
    let (_, figures) = figures(office, actor, code, on, now).await?;
    let posts = figures.posts();
    Ok(forms::post_plan(institution(&figures)?, &posts, on, lang))
}

/// Use of posts in a month (岗位使用情况台帐): from the day before `from` to `to`.
pub async fn usage(
    office: &Office,
    actor: &Actor,
    code: &str,
    from: Date,
    to: Date,
    lang: Lang,
    now: Timestamp,
) -> Result<Form, ServiceError> {
    let eve = from.plus(-1).unwrap_or(from);
    let (_, before) = figures(office, actor, code, eve, now).await?;
    let (_, after) = figures(office, actor, code, to, now).await?;
    let (then, held) = (levels(&before), levels(&after));
    let mut movements = Vec::new();
    for (list, day, other, came) in [(&held, &before, &then, true), (&then, &after, &held, false)] {
        for (id, (level, name)) in list {
            let elsewhere = other.get(id).map(|(level, _)| *level);
            if elsewhere == Some(*level) {
                continue;
            }
            let there = staff(day).find(|(_, person, _)| person == id);
            movements.push(Movement {
                level: *level,
                name: name.clone(),
                came,
                other: match (elsewhere, there) {
                    (Some(level), _) => Other::Level(level),
                    (None, Some((at, ..))) if is_directed(day, at) => Other::Directed,
                    (None, Some(_)) => Other::NoPost,
                    (None, None) => Other::Away,
                },
            });
        }
    }
    movements.sort_by(|a, b| (a.level, b.came, &a.name).cmp(&(b.level, a.came, &b.name)));
    let used = Usage {
        institution: institution(&after)?,
        from,
        to,
        before: &before.posts(),
        after: &after.posts(),
        movements: &movements,
    };
    Ok(forms::usage(&used, lang))
}

/// The level at which each person holds a post, directed ones aside.
fn levels(figures: &ledger::Figures) -> BTreeMap<PersonId, (Level, String)> {
    let judged = figures.judged();
    let held = staff(figures).filter_map(|(at, id, person)| {
        let level = judged.data.people.level.get(at)?;
        let level = Level::from_code(*level)?;
        (!is_directed(figures, at)).then(|| (id, (level, person.name.clone())))
    });
    held.collect()
}

/// Whether somebody holds a directed post.
fn is_directed(figures: &ledger::Figures, at: usize) -> bool {
    figures.judged().people.ledger(at) == Some(Ledger::Directed)
}

/// Public notice (公示) of what is published at an institution at the end of a day.
pub async fn notice(
    office: &Office,
    actor: &Actor,
    code: &str,
    on: Date,
    lang: Lang,
    now: Timestamp,
) -> Result<Form, ServiceError> {
    let (id, figures) = figures(office, actor, code, on, now).await?;
    let mut reader = office.store.snapshot().await?;
    let wanted = Wanted {
        institution: Some(id),
        ..Wanted::default()
    };
    let mut published = Vec::new();
    for one in applications::list(&mut reader, &wanted, u32::MAX).await? {
        let steps = applications::told(&mut reader, one).await?;
        let mut known = steps.iter().filter(|step| step.at.shanghai_day() <= on);
        if known.next_back().map(|step| step.after) == Some(State::Notice) {
            let found = applications::find(&mut reader, one).await?;
            published.extend(found.filter(|found| found.institution == id));
        }
    }
    drop(reader);
    let listed: Vec<(&Application, &Person)> = published
        .iter()
        .filter_map(|one| {
            let own = staff(&figures).find(|(_, person, _)| *person == one.person);
            Some((one, own?.2))
        })
        .collect();
    Ok(forms::notice(institution(&figures)?, &listed, on, lang))
}

/// Roster (花名册) of an institution.
pub async fn roster(
    office: &Office,
    actor: &Actor,
    code: &str,
    on: Date,
    lang: Lang,
    now: Timestamp,
) -> Result<Form, ServiceError> {
    let (_, figures) = figures(office, actor, code, on, now).await?;
    let people: &PeopleResult = &figures.judged().people;
    let staff: Vec<Employee<'_>> = staff(&figures)
        .map(|(at, _, person)| Employee {
            person,
            ledger: people
                .ledger(at)
                .map_or_else(String::new, |own| word(&own, lang)),
            retirement: people.retirement(at),
        })
        .collect();
    Ok(forms::roster(institution(&figures)?, &staff, on, lang))
}

/// Use of the establishment (编制使用情况表) of a part of the records.
pub async fn establishment(
    office: &Office,
    actor: &Actor,
    part: &Part,
    on: Date,
    lang: Lang,
    now: Timestamp,
) -> Result<Form, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    permit_part(
        &mut reader,
        actor,
        Action::PrintForm,
        part,
        now.shanghai_day(),
    )
    .await?;
    let evaluated = evaluate_part(office, &mut reader, part, When::on(on)).await?;
    drop(reader);
    let figures = evaluated
        .institutions
        .iter()
        .filter_map(|one| one.figures.as_ref());
    let figures: Vec<&ledger::Figures> = figures.collect();
    let rows: Vec<(&Institution, i64)> = figures
        .iter()
        .filter_map(|one| {
            let on_it =
                staff(one).filter(|(_, _, person)| person.employment == Employment::Establishment);
            let used = i64::try_from(on_it.count()).unwrap_or(i64::MAX);
            Some((one.institution()?, used))
        })
        .collect();
    Ok(forms::establishment(&rows, on, lang))
}
