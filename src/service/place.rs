//! Administrative places: how they begin, and lists of them. What is recorded of one is
//! written by [`record`](super::record).

use super::record::{self, Doing, File, Owner, place_code, told, unless_refused};
use super::{Office, ServiceError, land};
use crate::domain::audit::About;
use crate::domain::ids::AreaCode;
use crate::domain::month::Month;
use crate::domain::page::{Asked, Page};
use crate::domain::place::{Place, PlaceLevel, Profile};
use crate::domain::record::{Id, Validity, Version, When};
use crate::domain::refusal::Refusal;
use crate::domain::register::{Origin, Register};
use crate::domain::rights::{Action, Actor, Locus, Scope, Subject, permit, reach};
use crate::domain::sound::{Sound, check_validity};
use crate::domain::time::{Date, Timestamp};
use crate::policy::model::Body;
use crate::rules::figures::FindingLine;
use crate::store::dated::{self, Of, Statement};
use crate::store::place::list as stored;
pub use crate::store::place::{Listed, Wanted};
use crate::store::{Reader, StoreError, Tx, Write, locus, subject};
use std::collections::HashMap;

/// A place that is to be recorded.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub code: &'a str,
    pub profile: Profile,
    pub from: Date,
    pub reason: Option<&'a str>,
}

/// Records a place.
pub async fn create(
    office: &Office,
    actor: &Actor,
    new: &New<'_>,
    now: Timestamp,
) -> Result<(Id<Place>, Version), ServiceError> {
    let doing = Doing {
        office,
        actor,
        action: Action::EditArea,
        now,
        houses: Vec::new(),
    };
    let done = office.store.write(Create { doing, new }).await;
    done.map_err(|error| match error {
        // somebody else was quicker
        ServiceError::Store(StoreError::Constraint(name)) if name == "place_code" => {
            Refusal::CodeTaken.into()
        }
        other => other,
    })
}

struct Create<'a> {
    doing: Doing<'a>,
    new: &'a New<'a>,
}

impl Write for Create<'_> {
    type Out = (Id<Place>, Version);
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, ServiceError> {
        let Self { doing, new } = self;
        reach(doing.actor, doing.action)?;
        let code = AreaCode::read(new.code, &[6, 9, 12]);
        let code = code.ok_or(Refusal::BadCode { field: "code" })?;
        let lies = Subject::Place(Locus::area(code));
        permit(doing.actor, doing.action, &lies)?;
        let validity = Validity::from(new.from);
        let mut refusals = check_validity(validity);
        refusals.extend(new.profile.refusals());
        refusals.extend(record::check_reason(new.reason, false));
        let outer = new.profile.parent;
        if outer.is_some_and(|outer| outer == code || !code.is_within(outer)) {
            refusals.push(Refusal::BadCode { field: "parent" });
        }
        let known = subject::with_code::<Place>(tx, &code.to_string()).await?;
        refusals.extend(known.map(|_| Refusal::CodeTaken));
        unless_refused(refusals)?;
        let mut recording = doing.begin(tx, new.reason).await?;
        let id = subject::create_with_code(tx, &mut recording, &code.to_string()).await?;
        let statement = Statement {
            subject: id,
            slot: String::new(),
            fact: Some(new.profile.clone()),
            on: new.from,
            until: None,
        };
        dated::state(tx, &mut recording, statement).await?;
        let file = File {
            about: About {
                noun: Place::NOUN.to_owned(),
                id: id.to_string(),
                area: Some(code),
                institution: None,
            },
            subject: lies,
        };
        let after = told("", validity, &new.profile);
        doing
            .tell(tx, file, [None, Some(after)], new.reason, &recording)
            .await?;
        Ok((id, Version::FIRST))
    }
}

/// How far an actor sees places: as far as the scope, and clerks the whole county in which
/// their house lies.
enum Sight {
    Everywhere,
    Area(AreaCode),
    Nothing,
}

async fn sight(reader: &mut Reader, actor: &Actor, today: Date) -> Result<Sight, ServiceError> {
    let locus = match reach(actor, Action::ReadPlace)? {
        Scope::Everywhere => return Ok(Sight::Everywhere),
        Scope::Area(area) => return Ok(Sight::Area(area)),
        Scope::Institution(id) => locus::of_institution(reader, id, today).await?,
        Scope::Consortium(id) => locus::of_consortium(reader, id, today).await?,
        Scope::Own { .. } => return Ok(Sight::Nothing),
    };
    Ok(match locus.area {
        Some(area) => Sight::Area(area.county()),
        None => Sight::Nothing,
    })
}

/// A place that the actor may see as it is on a day.
pub async fn find(
    office: &Office,
    actor: &Actor,
    id: Id<Place>,
    when: When,
    now: Timestamp,
) -> Result<Listed, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let code = place_code(&mut reader, id).await?;
    let seen = match sight(&mut reader, actor, now.shanghai_day()).await? {
        Sight::Everywhere => true,
        Sight::Area(area) => code.is_within(area),
        Sight::Nothing => false,
    };
    if !seen {
        return Err(ServiceError::NotFound);
    }
    let version = subject::version(&mut reader, id).await?;
    let these = [id];
    let rows = dated::at::<Profile>(&mut reader, Of::These(&these), when).await?;
    let row = rows.into_iter().next().ok_or(ServiceError::NotFound)?;
    Ok(Listed {
        id,
        code,
        version,
        profile: row.fact,
    })
}

/// What a list of places is asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    pub wanted: Wanted,
    pub when: When,
    pub page: Asked,
}

/// The places of a day that the actor may see, by code.
pub async fn list(
    office: &Office,
    actor: &Actor,
    asked: &Listing,
    now: Timestamp,
) -> Result<Page<Listed>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let Listing { wanted, when, page } = asked;
    let (rows, total) = match sight(&mut reader, actor, now.shanghai_day()).await? {
        Sight::Everywhere => stored(&mut reader, wanted, None, *when, page).await?,
        Sight::Area(area) => stored(&mut reader, wanted, Some(area), *when, page).await?,
        Sight::Nothing => (Vec::new(), 0),
    };
    Ok(Page::cut(rows, page, total, Listed::cursor))
}

/// When the total establishment of a county is reviewed again, by the rule that applies
/// there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub line: FindingLine,
    /// `None` = the last review is not recorded.
    pub due: Option<Month>,
}

/// A place, and what the rules say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub listed: Listed,
    /// `None` = it is no county, or no rule asks for a review there.
    pub review: Option<Review>,
}

/// Every place of a day that the actor may see, by code.
pub async fn all(
    office: &Office,
    actor: &Actor,
    when: When,
    now: Timestamp,
) -> Result<Vec<Placed>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let within = match sight(&mut reader, actor, now.shanghai_day()).await? {
        Sight::Everywhere => None,
        Sight::Area(area) => Some(area),
        Sight::Nothing => return Ok(Vec::new()),
    };
    let (mut page, mut all) = (Asked::first(Asked::LARGEST), Vec::new());
    loop {
        let rows = stored(&mut reader, &Wanted::default(), within, when, &page).await?;
        let rows = Page::cut(rows.0, &page, rows.1, Listed::cursor);
        all.extend(rows.items);
        page.after = rows.next;
        if page.after.is_none() {
            break;
        }
    }
    let counties = all
        .iter()
        .filter(|one| one.profile.level == PlaceLevel::County);
    let land = Register {
        places: counties.map(row).collect(),
        ..Register::default()
    };
    let mut reviews = HashMap::new();
    for county in land::judge(office, &mut reader, &land, when).await? {
        let said = &county.said;
        for finding in &said.findings {
            let every = match said.grouped.ruled.plan.rule(finding.rule) {
                Some((_, rule)) => match &rule.body {
                    Body::ReviewEvery(review) => review.every,
                    _ => continue,
                },
                None => continue,
            };
            reviews.extend(said.line(finding).map(|line| (county.code, (line, every))));
        }
    }
    let placed = all.into_iter().map(|listed| {
        let profile = &listed.profile;
        let own = reviews.remove(&listed.code);
        let own = own.filter(|_| profile.level == PlaceLevel::County);
        Placed {
            review: own.map(|(line, every)| Review {
                line,
                due: profile.establishment_reviewed.map(|last| last.plus(every)),
            }),
            listed,
        }
    });
    Ok(placed.collect())
}

/// A row as the rules read it.
fn row(listed: &Listed) -> Place {
    let profile = &listed.profile;
    Place {
        origin: Origin::NOWHERE,
        code: listed.code,
        name: profile.name.clone(),
        level: profile.level,
        parent: profile.parent,
        residents: profile.residents,
        establishment_reviewed: profile.establishment_reviewed,
    }
}

/// The identifier of the place with a code that the actor may see.
pub async fn with_code(
    office: &Office,
    actor: &Actor,
    code: &str,
    now: Timestamp,
) -> Result<Id<Place>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let sight = sight(&mut reader, actor, now.shanghai_day()).await?;
    let found = subject::with_code::<Place>(&mut reader, code).await?;
    let (id, _) = found.ok_or(ServiceError::NotFound)?;
    let code = place_code(&mut reader, id).await?;
    let seen = match sight {
        Sight::Everywhere => true,
        Sight::Area(area) => code.is_within(area),
        Sight::Nothing => false,
    };
    if seen {
        Ok(id)
    } else {
        Err(ServiceError::NotFound)
    }
}
