//! Applications as they are seen.

use super::{action, case};
use crate::domain::attachment::Attachment;
use crate::domain::institution::{Institution, Profile as House};
use crate::domain::promotion::{Application, Holder, Kind, Move, State, next};
use crate::domain::record::{Id, When};
use crate::domain::record_id::{ApplicationId, InstitutionId, PersonId};
use crate::domain::rights::{self, Action, Actor, Locus, Subject, permit, reach};
use crate::domain::staff::{Person, Profile};
use crate::domain::time::{Date, Timestamp};
use crate::service::{Office, ServiceError};
use crate::store::dated::{self, Of};
use crate::store::promotion::{self as kept, Step, Wanted};
use crate::store::{Reader, StoreError, attachment, locus};
use std::collections::{BTreeSet, HashMap};

/// An application with its history and its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub application: Application,
    /// Name of the person, and of the institution; empty when nothing is recorded today.
    pub name: String,
    pub house: String,
    /// Who has it now; since when stands in the application.
    pub holder: Holder,
    /// What the actor may do to it as it stands, by right and by turn.
    pub may: Vec<Move>,
    /// What was done, oldest first.
    pub steps: Vec<Step>,
    pub files: Vec<Attachment>,
}

/// An application in the actor's scope. Who objected is shown to those who resolve
/// objections, not to colleagues.
pub async fn find(
    office: &Office,
    actor: &Actor,
    id: ApplicationId,
    now: Timestamp,
) -> Result<View, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let found = kept::find(&mut reader, id).await?;
    let application = found.ok_or(ServiceError::NotFound)?;
    let today = now.shanghai_day();
    let place = locus::of_institution(&mut reader, application.institution, today).await?;
    let subject = Subject::Application(case(&application, place.clone()));
    permit(actor, Action::ReadApplication, &subject)?;
    let mut steps = kept::told(&mut reader, id).await?;
    if actor.capacity.office() == rights::Office::Staff {
        for step in steps.iter_mut().filter(|step| step.made == Move::Object) {
            step.name = String::new();
            step.account = None;
        }
    }
    let names = Names::of(&mut reader, [&application], today).await?;
    Ok(View {
        name: names.person(application.person),
        house: names.house(application.institution),
        holder: application.holder(),
        may: may(&application, actor, &place),
        steps,
        files: attachment::of_application(&mut reader, id).await?,
        application,
    })
}

/// What an actor may do to an application as it stands.
fn may(application: &Application, actor: &Actor, place: &Locus) -> Vec<Move> {
    let own_turn = |made: Move| match (made, application.holder()) {
        (Move::Approve | Move::Return | Move::Reject, Holder::Office(of)) => {
            of == actor.capacity.office()
        }
        (Move::Opine, _) => application.waits_for_opinion(actor.capacity.office()),
        _ => true,
    };
    let allowed = |made: &Move| {
        let subject = match made {
            Move::Object => Subject::Notice(place.clone()),
            _ => Subject::Application(case(application, place.clone())),
        };
        action(*made).is_some_and(|action| permit(actor, action, &subject).is_ok())
    };
    let all = Move::ALL.iter().copied();
    let possible = all.filter(|made| !next(application.state, *made).is_empty());
    possible
        .filter(|made| own_turn(*made))
        .filter(allowed)
        .collect()
}

/// Names of people and institutions as they are on a day.
struct Names {
    people: HashMap<PersonId, String>,
    houses: HashMap<InstitutionId, String>,
}

impl Names {
    async fn of(
        reader: &mut Reader,
        applications: impl IntoIterator<Item = &Application>,
        on: Date,
    ) -> Result<Self, StoreError> {
        let (mut people, mut houses) = (BTreeSet::new(), BTreeSet::new());
        for one in applications {
            people.insert(one.person);
            houses.extend(one.institutions());
        }
        let people: Vec<Id<Person>> = people.into_iter().collect();
        let houses: Vec<Id<Institution>> = houses.into_iter().collect();
        let when = When::on(on);
        let named = dated::at::<Profile>(reader, Of::These(&people), when).await?;
        let people = named.into_iter().map(|row| (row.subject, row.fact.name));
        let named = dated::at::<House>(reader, Of::These(&houses), when).await?;
        let houses = named.into_iter().map(|row| (row.subject, row.fact.name));
        Ok(Self {
            people: people.collect(),
            houses: houses.collect(),
        })
    }

    fn person(&self, id: PersonId) -> String {
        self.people.get(&id).cloned().unwrap_or_default()
    }

    fn house(&self, id: InstitutionId) -> String {
        self.houses.get(&id).cloned().unwrap_or_default()
    }
}

/// An application in a list: without its lists and its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub application: Application,
    /// Name of the person, and of the institution; empty when nothing is recorded today.
    pub name: String,
    pub house: String,
}

/// The applications in the actor's scope, newest first. `kind`: those of one kind.
pub async fn list(
    office: &Office,
    actor: &Actor,
    wanted: &Wanted,
    kind: Option<Kind>,
    now: Timestamp,
) -> Result<Vec<Listed>, ServiceError> {
    let scope = reach(actor, Action::ReadApplication)?;
    let today = now.shanghai_day();
    let mut reader = office.store.snapshot().await?;
    let mut places: HashMap<InstitutionId, Locus> = HashMap::new();
    let mut seen = Vec::new();
    for application in kept::rows(&mut reader, wanted).await? {
        if kind.is_some_and(|kind| application.kind != kind) {
            continue;
        }
        let house = application.institution;
        let place = match places.get(&house) {
            Some(place) => place.clone(),
            None => locus::of_institution(&mut reader, house, today).await?,
        };
        places.insert(house, place.clone());
        if scope.covers_person(application.person, &place) {
            seen.push(application);
        }
    }
    named(&mut reader, seen, today).await
}

async fn named(
    reader: &mut Reader,
    applications: Vec<Application>,
    today: Date,
) -> Result<Vec<Listed>, ServiceError> {
    let names = Names::of(reader, &applications, today).await?;
    let listed = applications.into_iter().map(|application| Listed {
        name: names.person(application.person),
        house: names.house(application.institution),
        application,
    });
    Ok(listed.collect())
}

/// What colleagues may know of an application while its notice runs.
pub type Noticed = Listed;

/// The notices that run at an institution, for everybody who works there and for those
/// before whom its cases come.
pub async fn notices(
    office: &Office,
    actor: &Actor,
    institution: InstitutionId,
    now: Timestamp,
) -> Result<Vec<Noticed>, ServiceError> {
    let today = now.shanghai_day();
    let mut reader = office.store.snapshot().await?;
    let place = locus::of_institution(&mut reader, institution, today).await?;
    permit(actor, Action::ReadNotice, &Subject::Notice(place))?;
    let wanted = Wanted {
        states: vec![State::Notice],
        institution: Some(institution),
        ..Wanted::default()
    };
    let mut published = kept::rows(&mut reader, &wanted).await?;
    published.retain(|one| one.institution == institution);
    named(&mut reader, published, today).await
}
