//! Institutions: how they begin, where they stand, and lists of them. What is recorded of
//! one is written by [`record`](super::record); how one becomes another stands in
//! [`reorganise`].

pub mod complete;
pub mod reorganise;
pub mod tree;

pub use crate::store::institution::{Listed, Order, Wanted};

use super::pinyin::is_letters;
use super::record::{self, Doing, File, Owner, told, unless_refused};
use super::staff::is_read;
use super::trail::{Told, tell};
use super::{Office, ServiceError, listing};
use crate::domain::audit::{About, What, Who};
use crate::domain::institution::{Institution, Profile};
use crate::domain::page::{Asked, Page};
use crate::domain::record::{Validity, Version, When};
use crate::domain::record_id::InstitutionId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Locus, Subject, permit};
use crate::domain::sound::{Sound, check_text, check_validity};
use crate::domain::time::{Date, Timestamp};
use crate::store::change::Recording;
use crate::store::dated::{self, Of, Statement};
use crate::store::{Reader, StoreError, Tx, Write, locus, subject};

/// Characters of a code.
const CODE: u32 = 50;

/// An institution that is to be recorded.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub code: &'a str,
    pub profile: Profile,
    pub from: Date,
    pub reason: Option<&'a str>,
}

/// Records a new institution: its identifier. Establishment and posts are decided by the
/// offices that decide on them.
pub async fn create(
    office: &Office,
    actor: &Actor,
    new: &New<'_>,
    now: Timestamp,
) -> Result<(InstitutionId, Version), ServiceError> {
    let doing = Doing {
        office,
        actor,
        action: Action::CreateInstitution,
        now,
        houses: Vec::new(),
    };
    let made = office.store.write(Create { doing, new }).await;
    made.map_err(code_taken)
}

/// Somebody else was quicker.
fn code_taken(error: ServiceError) -> ServiceError {
    match error {
        ServiceError::Store(StoreError::Constraint(name)) if name == "institution_code" => {
            Refusal::CodeTaken.into()
        }
        other => other,
    }
}

struct Create<'a> {
    doing: Doing<'a>,
    new: &'a New<'a>,
}

impl Write for Create<'_> {
    type Out = (InstitutionId, Version);
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, ServiceError> {
        let Self { doing, new } = self;
        let today = doing.now.shanghai_day();
        let locus = locus::of_profile(tx, None, &new.profile, today).await?;
        permit(doing.actor, doing.action, &Subject::Place(locus.clone()))?;
        let validity = Validity::from(new.from);
        let mut refusals = check_validity(validity);
        refusals.extend(check_new(tx, new.code, &new.profile).await?);
        refusals.extend(record::check_reason(new.reason, false));
        unless_refused(refusals)?;
        let mut recording = doing.begin(tx, new.reason).await?;
        let id = make(tx, &mut recording, new.code, &new.profile, new.from).await?;
        let file = file_of(id, locus);
        let after = told("", validity, &new.profile);
        doing
            .tell(tx, file, [None, Some(after)], new.reason, &recording)
            .await?;
        Ok((id, Version::FIRST))
    }
}

fn file_of(id: InstitutionId, mut locus: Locus) -> File {
    locus.institutions.insert(0, id);
    File {
        about: About {
            noun: Institution::NOUN.to_owned(),
            id: id.to_string(),
            area: locus.area,
            institution: Some(id),
        },
        subject: Subject::Place(locus),
    }
}

/// What is wrong with a code and a profile that are to become an institution.
async fn check_new(
    reader: &mut Reader,
    code: &str,
    profile: &Profile,
) -> Result<Vec<Refusal>, ServiceError> {
    let mut out = Vec::new();
    check_text("code", code, CODE, &mut out);
    if code.contains(char::is_whitespace) && out.is_empty() {
        out.push(Refusal::BadText { field: "code" });
    }
    out.extend(profile.refusals());
    if profile.area.is_none() {
        out.push(Refusal::BlankText { field: "area" });
    }
    if profile.kind.is_none() {
        out.push(Refusal::BlankText { field: "kind" });
    }
    if !out.is_empty() {
        return Ok(out);
    }
    if locus::with_code(reader, code).await?.is_some() {
        out.push(Refusal::CodeTaken);
    }
    if let Some(parent) = &profile.parent
        && locus::with_code(reader, parent).await?.is_none()
    {
        out.push(Refusal::NoSuchThing { field: "parent" });
    }
    Ok(out)
}

/// Makes an institution that is like this from a day on.
async fn make(
    tx: &mut Tx,
    recording: &mut Recording,
    code: &str,
    profile: &Profile,
    from: Date,
) -> Result<InstitutionId, StoreError> {
    let id = subject::create_with_code(tx, recording, code).await?;
    let statement = Statement {
        subject: id,
        slot: String::new(),
        fact: Some(profile.clone()),
        on: from,
        until: None,
    };
    dated::state(tx, recording, statement).await?;
    Ok(id)
}

/// An institution in the actor's scope as it is on a day.
pub async fn find(
    office: &Office,
    actor: &Actor,
    id: InstitutionId,
    when: When,
    now: Timestamp,
) -> Result<Listed, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let file = Institution::file(&mut reader, id, now.shanghai_day()).await?;
    permit(actor, Action::ReadPlace, &file.subject)?;
    let version = subject::version(&mut reader, id).await?;
    let these = [id];
    let rows = dated::at::<Profile>(&mut reader, Of::These(&these), when).await?;
    let codes = subject::codes(&mut reader, &these).await?;
    let row = rows.into_iter().next().ok_or(ServiceError::NotFound)?;
    let code = codes.get(&id).ok_or(ServiceError::NotFound)?;
    Ok(Listed {
        id,
        code: code.clone(),
        version,
        profile: row.fact,
    })
}

/// The identifier of the institution with a code in the actor's scope.
pub async fn with_code(
    office: &Office,
    actor: &Actor,
    code: &str,
    now: Timestamp,
) -> Result<InstitutionId, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let id = locus::with_code(&mut reader, code).await?;
    let id = id.ok_or(ServiceError::NotFound)?;
    let file = Institution::file(&mut reader, id, now.shanghai_day()).await?;
    permit(actor, Action::ReadPlace, &file.subject)?;
    Ok(id)
}

/// What a list of institutions is asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    pub wanted: Wanted,
    pub when: When,
    pub order: Order,
    pub page: Asked,
}

/// The institutions of a day in the actor's scope.
pub async fn list(
    office: &Office,
    actor: &Actor,
    listing: &Listing,
    now: Timestamp,
) -> Result<Page<Listed>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    list_with(&mut reader, actor, listing, now).await
}

async fn list_with(
    reader: &mut Reader,
    actor: &Actor,
    asked: &Listing,
    now: Timestamp,
) -> Result<Page<Listed>, ServiceError> {
    let within = listing::within(reader, actor, Action::ReadPlace, now.shanghai_day()).await?;
    let Listing {
        wanted,
        when,
        order,
        page,
    } = asked;
    let list = crate::store::institution::list;
    let letters = wanted.text.as_deref().filter(|text| is_letters(text));
    let (rows, total) = match (within, letters) {
        (Some(within), None) => list(reader, wanted, &within, *when, *order, page).await?,
        (Some(within), Some(letters)) => {
            // how a name is read stands in no table; institutions are few
            let mut looked = Listing {
                wanted: Wanted {
                    text: None,
                    ..wanted.clone()
                },
                page: Asked::first(Asked::LARGEST),
                ..asked.clone()
            };
            let mut all = Vec::new();
            loop {
                let Listing { wanted, page, .. } = &looked;
                let (rows, total) = list(reader, wanted, &within, *when, *order, page).await?;
                let rows = Page::cut(rows, page, total, |one| one.cursor(*order));
                let own = rows.items.into_iter();
                all.extend(own.filter(|one| {
                    is_read(&one.profile.name, letters) || is_read(&one.code, letters)
                }));
                looked.page.after = rows.next;
                if looked.page.after.is_none() {
                    break;
                }
            }
            let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
            if let Some(after) = &page.after {
                let at = all.iter().position(|one| one.id.to_string() == after.id);
                all.drain(..at.map_or(all.len(), |at| at + 1));
            }
            (all, total)
        }
        (None, _) => (Vec::new(), 0),
    };
    Ok(Page::cut(rows, page, total, |one| one.cursor(*order)))
}

/// Tells the trail of something done to an institution by a change.
async fn tell_of(
    doing: &Doing<'_>,
    tx: &mut Tx,
    about: About,
    after: serde_json::Value,
    reason: Option<&str>,
    recording: &Recording,
) -> Result<(), StoreError> {
    let who = Who::actor(doing.actor);
    let told = Told {
        after: Some(after),
        reason,
        change: Some(recording.change),
        ..Told::new(&who, What::Action(doing.action), about)
    };
    tell(doing.office, tx, told, doing.now).await
}
