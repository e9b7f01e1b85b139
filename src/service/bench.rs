//! The reviewer's bench: what waits for an office with its checks already run, one case
//! with all that bears on it, and several cases at once: first what they would lead to,
//! then the decisions, each of them whole or not at all.

use super::promotion::{
    Act, Acted, Evaluation, Figures, Kept, Preview, View, action, case, find, preview,
};
use super::{Office, ServiceError};
use crate::domain::month::Month;
use crate::domain::promotion::{Application, Command, Holder, Override, Pool, State, judge};
use crate::domain::record::Version;
use crate::domain::record_id::{ApplicationId, InstitutionId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{self, Action, Actor, Locus, Subject, permit, reach};
use crate::domain::time::{Date, Timestamp};
use crate::rules::effect::figures as pool_figures;
use crate::rules::ledger::Posts;
use crate::store::promotion::{self as kept, Wanted};
use crate::store::{Reader, locus};
use std::collections::{BTreeSet, HashMap};

/// One application that waits, with its checks.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub application: Application,
    /// Name of the person; empty when they are no longer there.
    pub name: String,
    /// Name of the institution; empty where its figures are not known.
    pub house: String,
    pub evaluation: Evaluation,
}

/// The states in which somebody has to do something.
const OPEN: [State; 5] = [
    State::Submitted,
    State::InstitutionReview,
    State::Recommended,
    State::Notice,
    State::Review,
];

/// What waits for the actor's office, the nearest due day first.
pub async fn queue(
    office: &Office,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Waiting>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let wanted = Wanted {
        states: OPEN.to_vec(),
        ..Wanted::default()
    };
    let mut mine = in_scope(&mut reader, actor, &wanted, now).await?;
    mine.retain(|(application, _)| waits_for(application, actor));
    let figures = evaluated(office, &mut reader, &mine, now.shanghai_day()).await?;
    let waiting = mine.into_iter().map(|(application, _)| Waiting {
        name: figures.name(application.person),
        house: figures.house_name(application.institution),
        evaluation: Evaluation::from(&figures, &application),
        application,
    });
    Ok(waiting.collect())
}

/// How many applications wait for the actor's office.
pub async fn waiting(
    office: &Office,
    actor: &Actor,
    now: Timestamp,
) -> Result<usize, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let wanted = Wanted {
        states: OPEN.to_vec(),
        ..Wanted::default()
    };
    let mine = in_scope(&mut reader, actor, &wanted, now).await?;
    let waits = |one: &&(Application, Locus)| waits_for(&one.0, actor);
    Ok(mine.iter().filter(waits).count())
}

/// Whether an application waits for the actor's office: it is its turn, or its opinion is
/// asked for. Who recommended it does not decide on it.
fn waits_for(application: &Application, actor: &Actor) -> bool {
    let office = actor.capacity.office();
    match application.holder() {
        Holder::Institution => matches!(
            office,
            rights::Office::InstitutionHr | rights::Office::ConsortiumHr
        ),
        Holder::Office(of) => of == office || application.waits_for_opinion(office),
        Holder::Applicant | Holder::Clock | Holder::Nobody => false,
    }
}

/// Applications in the actor's scope, with where their institutions lie.
async fn in_scope(
    reader: &mut Reader,
    actor: &Actor,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Vec<(Application, Locus)>, ServiceError> {
    let scope = reach(actor, Action::ReadApplication)?;
    let mut houses = Houses::on(now.shanghai_day());
    let mut seen = Vec::new();
    let ids = kept::list(reader, wanted, u32::MAX).await?;
    let mut found = kept::several(reader, &ids).await?;
    for application in ids.iter().filter_map(|id| found.remove(id)) {
        let place = houses.place(reader, application.institution).await?;
        if scope.covers_person(application.person, &place) {
            seen.push((application, place));
        }
    }
    Ok(seen)
}

/// Where institutions lie on a day, each asked once.
struct Houses {
    on: Date,
    known: HashMap<InstitutionId, Locus>,
}

impl Houses {
    fn on(on: Date) -> Self {
        let known = HashMap::new();
        Self { on, known }
    }

    async fn place(
        &mut self,
        reader: &mut Reader,
        house: InstitutionId,
    ) -> Result<Locus, ServiceError> {
        if let Some(place) = self.known.get(&house) {
            return Ok(place.clone());
        }
        let place = locus::of_institution(reader, house, self.on).await?;
        self.known.insert(house, place.clone());
        Ok(place)
    }
}

/// The figures of the institutions of several applications, evaluated once.
async fn evaluated(
    office: &Office,
    reader: &mut Reader,
    applications: &[(Application, Locus)],
    on: Date,
) -> Result<Figures, ServiceError> {
    let institutions = applications.iter().flat_map(|(one, _)| one.institutions());
    let institutions: BTreeSet<InstitutionId> = institutions.collect();
    let institutions = institutions.into_iter().collect();
    Figures::of(office, reader, institutions, on).await
}

/// Somebody who retires, and the place that this frees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retiring {
    pub person: PersonId,
    pub name: String,
    pub month: Month,
    pub frees: Option<Pool>,
}

/// One case with all that bears on it.
pub struct Whole {
    pub view: View,
    pub preview: Preview,
    /// Others who wait for a place of the same pool, with their names.
    pub rivals: Vec<(Application, String)>,
    /// Who retires at the institution before the year ends.
    pub retiring: Vec<Retiring>,
}

/// One case, asked as if it were decided today.
pub async fn whole(
    office: &Office,
    actor: &Actor,
    id: ApplicationId,
    now: Timestamp,
) -> Result<Whole, ServiceError> {
    let view = find(office, actor, id, now).await?;
    let today = now.shanghai_day();
    let preview = preview(office, actor, id, today, now).await?;
    let house = view.application.destination();
    let mut reader = office.store.snapshot().await?;
    let wanted = Wanted {
        states: State::ALL
            .iter()
            .copied()
            .filter(|state| state.is_open())
            .collect(),
        institution: Some(house),
        ..Wanted::default()
    };
    let figures = Figures::load(office, &mut reader, &view.application, today).await?;
    let mut rivals = Vec::new();
    let mut others = kept::list(&mut reader, &wanted, u32::MAX).await?;
    others.retain(|other| *other != id);
    let mut found = kept::several(&mut reader, &others).await?;
    for found in others.iter().filter_map(|other| found.remove(other)) {
        let takes = figures.effect(&found).and_then(|effect| effect.takes());
        let same = takes.is_some() && takes == preview.judged.takes;
        if same && found.destination() == house {
            let name = figures.name(found.person);
            rivals.push((found, name));
        }
    }
    Ok(Whole {
        retiring: retiring(&figures, house, today),
        view,
        preview,
        rivals,
    })
}

/// Who retires at an institution before the year ends, the earliest first.
fn retiring(figures: &Figures, house: InstitutionId, today: Date) -> Vec<Retiring> {
    let mut retiring: Vec<Retiring> = figures
        .staff(house)
        .filter_map(|(id, somebody)| {
            let standing = somebody.standing();
            let month = standing.retirement?.month;
            let this_year = today.month() <= month && month.year() == today.month().year();
            this_year.then(|| Retiring {
                person: id,
                name: somebody.person.name.clone(),
                month,
                frees: standing.pool,
            })
        })
        .collect();
    retiring.sort_by_key(|one| one.month);
    retiring
}

/// What several approvals in an order would lead to.
#[derive(Clone, Debug)]
pub struct Batch {
    /// In the order in which they would be approved.
    pub cases: Vec<Tried>,
    /// The institutions they concern, as they are and as they would be.
    pub places: Vec<Places>,
}

/// One approval of a batch.
#[derive(Clone, Debug)]
pub struct Tried {
    pub id: ApplicationId,
    pub person: PersonId,
    pub name: String,
    pub takes: Option<Pool>,
    pub frees: Option<Pool>,
    /// Every reason against it, with those before it approved; none = it would go through.
    pub against: Vec<Refusal>,
    /// Rules that would be overridden or recorded.
    pub noted: Vec<String>,
}

/// The places of an institution before and after.
#[derive(Clone, Debug)]
pub struct Places {
    pub institution: InstitutionId,
    pub before: Posts,
    pub after: Posts,
}

impl Places {
    /// Places of a pool that would be left; `None` = not known.
    pub fn left(&self, pool: Pool) -> Option<i64> {
        let [limit, counted, reserved] = pool_figures(&self.after, pool);
        Some((limit? - counted? - reserved?).max(0))
    }
}

/// "If I approve these, what remains, which break, in what order." Nothing is written.
/// Whether it is their turn is not asked here; whatever stands against one leaves the
/// places to those behind it.
pub async fn batch(
    office: &Office,
    actor: &Actor,
    ids: &[ApplicationId],
    override_reason: Option<&str>,
    now: Timestamp,
) -> Result<Batch, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let found = kept::several(&mut reader, ids).await?;
    let mut houses = Houses::on(today);
    let mut applications = Vec::new();
    for id in ids {
        let application = found.get(id).cloned().ok_or(ServiceError::NotFound)?;
        let place = houses.place(&mut reader, application.institution).await?;
        let subject = Subject::Application(case(&application, place.clone()));
        permit(actor, Action::ReadApplication, &subject)?;
        applications.push((application, place));
    }
    let figures = evaluated(office, &mut reader, &applications, today).await?;
    drop(reader);
    let applications = applications.into_iter().map(|(application, _)| application);
    Ok(try_all(figures, applications, override_reason))
}

fn try_all(
    mut figures: Figures,
    applications: impl Iterator<Item = Application>,
    override_reason: Option<&str>,
) -> Batch {
    let houses = figures.institutions();
    let posts = |figures: &Figures| {
        let all = houses.iter().map(|house| figures.posts(*house, Kept::All));
        all.collect::<Vec<Posts>>()
    };
    let before = posts(&figures);
    let mut cases = Vec::new();
    for application in applications {
        let mut evaluation = Evaluation::from(&figures, &application);
        if !application.policies.is_empty() {
            evaluation.hold_to(&application.policies);
        }
        let how = Override::Deciding(override_reason);
        let (against, noted) = match judge(&evaluation.checks, how) {
            Ok(noted) => {
                let noted = noted.iter().filter_map(|check| check.rule.clone());
                (Vec::new(), noted.collect())
            }
            Err(against) => (against, Vec::new()),
        };
        let tried = Tried {
            id: application.id,
            person: application.person,
            name: figures.name(application.person),
            takes: evaluation.takes,
            frees: evaluation.frees,
            against,
            noted,
        };
        let effect = figures.effect(&application);
        if let Some(effect) = effect.filter(|_| tried.against.is_empty()) {
            figures.settle(&application, &effect);
        }
        cases.push(tried);
    }
    let after = posts(&figures);
    let places = houses.iter().zip(before.into_iter().zip(after));
    let places = places.map(|(institution, (before, after))| Places {
        institution: *institution,
        before,
        after,
    });
    Batch {
        cases,
        places: places.collect(),
    }
}

/// Does the same to several applications, one after the other: each is done whole or not at
/// all, and none waits for another's fate. Whoever could do it to none is denied at once.
pub async fn decide(
    office: &Office,
    actor: &Actor,
    seen: &[(ApplicationId, Version)],
    command: &Command,
    override_reason: Option<&str>,
    now: Timestamp,
) -> Result<Vec<Decided>, ServiceError> {
    let action = action(command.made()).ok_or(ServiceError::NotFound)?;
    reach(actor, action)?;
    let mut done = Vec::new();
    for (id, seen) in seen {
        let act = Act {
            office,
            actor,
            id: *id,
            seen: *seen,
            command,
            override_reason,
            now,
        };
        done.push((*id, act.run().await));
    }
    Ok(done)
}

/// What became of one of several.
pub type Decided = (ApplicationId, Result<Acted, ServiceError>);
