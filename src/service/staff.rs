//! Staff: people are taken on, looked for, moved and let go. What else is recorded of them
//! is written by [`record`](super::record).

pub use crate::store::staff::{Order, State, Wanted};

use super::record::{self, Correction, Doing, Entering, Owner, Shown, told, unless_refused};
use super::{Office, ServiceError, listing, locus as files, pinyin};
use crate::domain::absence::Departure;
use crate::domain::appointment::{Appointment, LedgerDecision};
use crate::domain::employment::Employed;
use crate::domain::ids::{NationalId, Sex};
use crate::domain::leader::Term;
use crate::domain::month::Month;
use crate::domain::page::{Asked, Page};
use crate::domain::post::{Grade, Manner};
use crate::domain::record::{Id, Validity, Version, When};
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, PersonFile, Subject, permit};
use crate::domain::secret::{Findable, Phone, SecretField};
use crate::domain::staff::{Person, Profile};
use crate::domain::team::Membership;
use crate::domain::time::{Date, Timestamp};
use crate::domain::title::{Rank, TitleKind};
use crate::service::institution::reorganise::end_all;
use crate::store::dated::{self, Of, Statement};
use crate::store::listing::Within;
use crate::store::register::Vault as _;
use crate::store::staff::{self, Listed};
use crate::store::{Reader, StoreError, Tx, Write, locus, subject};
use serde_json::json;

/// One person as lists and pages show them: the number masked.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub id: PersonId,
    pub version: Version,
    /// `1501**********1234`
    pub number: String,
    pub sex: Sex,
    pub birth: Month,
    pub profile: Profile,
    /// `None` = nowhere on that day.
    pub employed: Option<Employed>,
    pub title: Option<(Rank, TitleKind)>,
    pub appointed: Option<(Rank, Option<Grade>, Manner)>,
}

fn shown(office: &Office, listed: Listed) -> Result<Member, StoreError> {
    let number = opened(office, listed.number.as_ref());
    let number = number.ok_or_else(|| StoreError::Corrupt {
        table: "person",
        column: "id_cipher".to_owned(),
        row: listed.id.to_string(),
    })?;
    Ok(Member {
        id: listed.id,
        version: listed.version,
        number: number.masked(),
        sex: number.sex(),
        birth: number.birth_month(),
        profile: listed.profile,
        employed: listed.employed,
        title: listed.title,
        appointed: listed.appointed,
    })
}

/// The number behind a seal.
pub(super) fn opened(office: &Office, sealed: Option<&Findable>) -> Option<NationalId> {
    let text = office.vault.open(SecretField::NationalId, sealed?)?;
    NationalId::read(&text).ok()
}

/// What a list of people is asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    pub wanted: Wanted,
    pub when: When,
    pub order: Order,
    pub page: Asked,
}

/// The people of a day whose files lie in the actor's scope: with the institution that
/// employs them today, or that did so last.
pub async fn list(
    office: &Office,
    actor: &Actor,
    asked: &Listing,
    now: Timestamp,
) -> Result<Page<Member>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let within = listing::within(&mut reader, actor, Action::ReadPerson, today).await?;
    let Listing {
        wanted,
        when,
        order,
        page,
    } = asked;
    let (rows, total) = match (within, letters(wanted)) {
        (Some(within), None) => {
            staff::list(&mut reader, wanted, &within, *when, *order, page).await?
        }
        (Some(within), Some(letters)) => {
            let all = everybody(&mut reader, asked, &within, letters).await?;
            behind(all, page, *order)
        }
        (None, _) => (Vec::new(), 0),
    };
    let page = Page::cut(rows, page, total, |one| one.cursor(*order));
    let next = page.next;
    let items = page.items.into_iter().map(|one| shown(office, one));
    Ok(Page {
        items: items.collect::<Result<_, _>>()?,
        total: page.total,
        next,
    })
}

/// The letters by which people are looked for; `None` = not by how names are read.
fn letters(wanted: &Wanted) -> Option<&str> {
    wanted
        .name
        .as_deref()
        .filter(|name| pinyin::is_letters(name))
}

/// Everybody in a scope whose name is read like the letters, or has them in it. How a name
/// is read stands in no table, so that all names are looked through.
async fn everybody(
    reader: &mut Reader,
    asked: &Listing,
    within: &Within,
    letters: &str,
) -> Result<Vec<Listed>, StoreError> {
    let wanted = Wanted {
        name: None,
        ..asked.wanted.clone()
    };
    let mut page = Asked::first(Asked::LARGEST);
    let mut all = Vec::new();
    loop {
        let rows = staff::list(reader, &wanted, within, asked.when, asked.order, &page);
        let (rows, total) = rows.await?;
        let rows = Page::cut(rows, &page, total, |one| one.cursor(asked.order));
        let own = rows.items.into_iter();
        all.extend(own.filter(|one| is_read(&one.profile.name, letters)));
        page.after = rows.next;
        if page.after.is_none() {
            return Ok(all);
        }
    }
}

/// Whether a name has the letters in it, or is read like them.
pub(super) fn is_read(name: &str, letters: &str) -> bool {
    let has = name.to_lowercase().contains(&letters.trim().to_lowercase());
    has || pinyin::matches(name, letters)
}

/// Those behind the cursor of a page, and how many there are in all.
fn behind(mut all: Vec<Listed>, page: &Asked, order: Order) -> (Vec<Listed>, u64) {
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    if let Some(after) = &page.after {
        let at = all.iter().position(|one| one.id.to_string() == after.id);
        // whoever stood there may have gone: then those behind the name
        let from = at.map(|at| at + 1);
        let from = from.or_else(|| all.iter().position(|one| one.cursor(order).key > after.key));
        all.drain(..from.unwrap_or(all.len()));
    }
    (all, total)
}

/// One person in the actor's scope as they are on a day.
pub async fn find(
    office: &Office,
    actor: &Actor,
    person: PersonId,
    when: When,
    now: Timestamp,
) -> Result<Member, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let file = files::file(&mut reader, person, today).await?;
    permit(actor, Action::ReadPerson, &Subject::Person(file))?;
    let wanted = Wanted {
        state: State::Any,
        ..Wanted::default()
    };
    let within = Within::person(person, today);
    let page = Asked::first(1);
    let (rows, _) =
        staff::list(&mut reader, &wanted, &within, when, Order::Recorded, &page).await?;
    let listed = rows.into_iter().next().ok_or(ServiceError::NotFound)?;
    Ok(shown(office, listed)?)
}

/// The person with an identity number in the actor's scope.
pub async fn with_number(
    office: &Office,
    actor: &Actor,
    number: &str,
    now: Timestamp,
) -> Result<PersonId, ServiceError> {
    let number = NationalId::read(number).map_err(|_| Refusal::BadIdNumber)?;
    let hash = office.vault.hash(SecretField::NationalId, number.as_str());
    let mut reader = office.store.snapshot().await?;
    let found = subject::with_hash::<Person>(&mut reader, &hash).await?;
    let (id, _) = found.ok_or(ServiceError::NotFound)?;
    let file = files::file(&mut reader, id, now.shanghai_day()).await?;
    permit(actor, Action::ReadPerson, &Subject::Person(file))?;
    Ok(id)
}

/// What becomes of a telephone number when a profile is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mobile {
    /// It stays.
    #[default]
    Keep,
    /// There is none.
    None,
    Number(String),
}

/// Seals a telephone number; one that is the same stays sealed as it is.
fn seal_mobile(
    office: &Office,
    mobile: &Mobile,
    before: Option<Findable>,
) -> Result<Option<Findable>, Refusal> {
    match mobile {
        Mobile::Keep => Ok(before),
        Mobile::None => Ok(None),
        Mobile::Number(text) => {
            let phone = Phone::read(text).map_err(|_| Refusal::BadPhone)?;
            let hash = office.vault.hash(SecretField::Phone, phone.as_str());
            let same = before.filter(|before| before.hash == hash);
            let sealed = || office.vault.seal(SecretField::Phone, phone.as_str());
            Ok(Some(same.unwrap_or_else(sealed)))
        }
    }
}

/// Somebody who is taken on.
#[derive(Clone, Debug)]
pub struct Engaging<'a> {
    /// The identity number in full.
    pub number: &'a str,
    /// Everything but the telephone number.
    pub profile: Profile,
    pub mobile: Mobile,
    pub employed: Employed,
    /// The first day at the institution.
    pub from: Date,
    pub reason: Option<&'a str>,
}

/// Takes somebody on: a person who is not recorded yet, or one whom the last institution
/// let go before that day, whose file then comes over. Somebody who is still employed
/// elsewhere is refused; by whom is not said.
pub async fn engage(
    office: &Office,
    actor: &Actor,
    engaging: &Engaging<'_>,
    now: Timestamp,
) -> Result<(PersonId, Version), ServiceError> {
    let doing = Doing {
        office,
        actor,
        action: Action::EditPerson,
        now,
        houses: vec![engaging.employed.institution],
    };
    let done = office.store.write(Engage { doing, engaging }).await;
    done.map_err(|error| match error {
        // somebody else was quicker
        ServiceError::Store(StoreError::Constraint(name)) if name == "person_id_hash" => {
            Refusal::NumberTaken { person: None }.into()
        }
        other => other,
    })
}

struct Engage<'a> {
    doing: Doing<'a>,
    engaging: &'a Engaging<'a>,
}

impl Write for Engage<'_> {
    type Out = (PersonId, Version);
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        self.doing.houses.clone()
    }

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, ServiceError> {
        let Self { doing, engaging } = self;
        let Doing { office, now, .. } = *doing;
        let house = engaging.employed.institution;
        let locus = locus::of_institution(tx, house, now.shanghai_day()).await?;
        let nobody = PersonId::from_uuid(uuid::Uuid::nil());
        let new = |person| {
            Subject::Person(PersonFile {
                person,
                locus: locus.clone(),
            })
        };
        permit(doing.actor, doing.action, &new(nobody))?;
        let mut refusals = record::check_reason(engaging.reason, false);
        let number = NationalId::read(engaging.number);
        refusals.extend(number.is_err().then_some(Refusal::BadIdNumber));
        let hash = number.map(|number| office.vault.hash(SecretField::NationalId, number.as_str()));
        let known = match &hash {
            Ok(hash) => subject::with_hash::<Person>(tx, hash).await?,
            Err(_) => None,
        };
        if let Some((person, _)) = known {
            permit(doing.actor, doing.action, &new(person))?;
            refusals.extend(self.is_bound(tx, person).await?);
        }
        let before = match known {
            Some((person, _)) => record::holding::<Profile>(tx, person, "", engaging.from).await?,
            None => None,
        };
        let mobile = before.and_then(|row| row.fact.mobile);
        let mobile = match seal_mobile(office, &engaging.mobile, mobile) {
            Ok(mobile) => mobile,
            Err(refusal) => {
                refusals.push(refusal);
                None
            }
        };
        let profile = Profile {
            mobile,
            ..engaging.profile.clone()
        };
        unless_refused(refusals)?;
        let mut recording = doing.begin(tx, engaging.reason).await?;
        let (person, version) = match known {
            Some((person, seen)) => {
                // who comes back has not left for good
                end_all::<Departure>(tx, &mut recording, person, engaging.from).await?;
                (person, subject::touch(tx, person, seen).await?)
            }
            None => {
                let text = number.map_err(|_| Refusal::BadIdNumber)?;
                let sealed = office.vault.seal(SecretField::NationalId, text.as_str());
                let id = subject::create_with_number(tx, &mut recording, sealed).await?;
                (id, Version::FIRST)
            }
        };
        let validity = Validity::from(engaging.from);
        let checks = record::check(office, tx, person, &profile, validity).await?;
        unless_refused(checks)?;
        self.state(tx, &mut recording, person, profile.clone())
            .await?;
        // now that the file has begun
        let checks = record::check(office, tx, person, &engaging.employed, validity).await?;
        unless_refused(checks)?;
        self.state(tx, &mut recording, person, engaging.employed.clone())
            .await?;
        let file = Person::file(tx, person, engaging.from).await?;
        let after = json!({
            "profile": told("", validity, &profile),
            "employment": told("", validity, &engaging.employed),
        });
        doing
            .tell(tx, file, [None, Some(after)], engaging.reason, &recording)
            .await?;
        Ok((person, version))
    }
}

impl Engage<'_> {
    async fn state<F: Shown<Subject = Person>>(
        &self,
        tx: &mut Tx,
        recording: &mut crate::store::change::Recording,
        person: PersonId,
        fact: F,
    ) -> Result<(), StoreError> {
        let statement = Statement {
            subject: person,
            slot: String::new(),
            fact: Some(fact),
            on: self.engaging.from,
            until: None,
        };
        dated::state(tx, recording, statement).await.map(|_| ())
    }

    /// Somebody who is employed on that day or later is taken; who it is may be known to
    /// those who see the file anyway.
    async fn is_bound(
        &self,
        reader: &mut Reader,
        person: PersonId,
    ) -> Result<Option<Refusal>, ServiceError> {
        let from = self.engaging.from;
        let rows = dated::standing::<Employed>(reader, person).await?;
        let bound = rows
            .iter()
            .any(|row| row.validity.until.is_none_or(|end| end > from));
        if !bound {
            return Ok(None);
        }
        let file = files::file(reader, person, self.doing.now.shanghai_day()).await?;
        let seen = permit(self.doing.actor, Action::ReadPerson, &Subject::Person(file));
        Ok(Some(Refusal::NumberTaken {
            person: seen.is_ok().then_some(person),
        }))
    }
}

/// A profile that is written.
#[derive(Clone, Debug)]
pub struct Editing<'a> {
    pub person: PersonId,
    /// Everything but the telephone number.
    pub profile: Profile,
    pub mobile: Mobile,
    pub from: Date,
    pub seen: Version,
    pub reason: Option<&'a str>,
}

/// Records what a person's profile says from a day on.
pub async fn edit(
    office: &Office,
    actor: &Actor,
    editing: &Editing<'_>,
    now: Timestamp,
) -> Result<record::Done, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let file = files::file(&mut reader, editing.person, now.shanghai_day()).await?;
    permit(actor, Action::EditPerson, &Subject::Person(file))?;
    let before = record::holding::<Profile>(&mut reader, editing.person, "", editing.from).await?;
    drop(reader);
    let mobile = before.and_then(|row| row.fact.mobile);
    let entering = Entering {
        subject: editing.person,
        slot: None,
        fact: Profile {
            mobile: seal_mobile(office, &editing.mobile, mobile)?,
            ..editing.profile.clone()
        },
        validity: Validity::from(editing.from),
        seen: editing.seen,
        reason: editing.reason,
    };
    record::record(office, actor, &entering, now).await
}

/// Corrects a row of a person's profile: from that day on, until it ended, this is right.
/// The telephone number of the row stays where no other is given.
pub async fn correct(
    office: &Office,
    actor: &Actor,
    editing: &Editing<'_>,
    row: Id<Profile>,
    now: Timestamp,
) -> Result<record::Done, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let file = files::file(&mut reader, editing.person, now.shanghai_day()).await?;
    permit(actor, Action::EditPerson, &Subject::Person(file))?;
    let standing = dated::standing::<Profile>(&mut reader, editing.person).await?;
    drop(reader);
    let before = standing.into_iter().find(|one| one.id == row);
    let before = before.ok_or(ServiceError::NotFound)?;
    let right = Profile {
        mobile: seal_mobile(office, &editing.mobile, before.fact.mobile)?,
        ..editing.profile.clone()
    };
    let validity = Validity {
        from: editing.from,
        until: before.validity.until,
    };
    let correction = Correction {
        subject: editing.person,
        row,
        right: Some((validity, right)),
        seen: editing.seen,
        reason: editing.reason.unwrap_or_default(),
    };
    record::correct(office, actor, &correction, now).await
}

/// Somebody who goes over to another institution.
#[derive(Clone, Debug)]
pub struct Transferring<'a> {
    pub person: PersonId,
    /// The employment from that day on.
    pub to: Employed,
    pub on: Date,
    pub seen: Version,
    pub reason: Option<&'a str>,
}

/// Moves somebody between two institutions of the actor's scope. The appointment belonged
/// to a post of the old one and ends; titles and service go along.
pub async fn transfer(
    office: &Office,
    actor: &Actor,
    transferring: &Transferring<'_>,
    now: Timestamp,
) -> Result<Version, ServiceError> {
    let mut houses = vec![transferring.to.institution];
    let mut reader = office.store.read().await?;
    let person = transferring.person;
    houses.extend(crate::store::employment::home(&mut reader, person, now.shanghai_day()).await?);
    drop(reader);
    houses.sort_unstable();
    houses.dedup();
    let doing = Doing {
        office,
        actor,
        action: Action::EditPerson,
        now,
        houses,
    };
    office
        .store
        .write(Transfer {
            doing,
            transferring,
        })
        .await
}

struct Transfer<'a> {
    doing: Doing<'a>,
    transferring: &'a Transferring<'a>,
}

impl Write for Transfer<'_> {
    type Out = Version;
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        self.doing.houses.clone()
    }

    async fn run(&self, tx: &mut Tx) -> Result<Version, ServiceError> {
        let Self {
            doing,
            transferring,
        } = self;
        let Transferring {
            person,
            ref to,
            on,
            seen,
            reason,
        } = **transferring;
        let today = doing.now.shanghai_day();
        let file = Person::file(tx, person, today).await?;
        permit(doing.actor, doing.action, &file.subject)?;
        let there = locus::of_institution(tx, to.institution, today).await?;
        let there = Subject::Person(PersonFile {
            person,
            locus: there,
        });
        permit(doing.actor, doing.action, &there)?;
        subject::claim(tx, person, seen).await?;
        let before = record::holding::<Employed>(tx, person, "", on).await?;
        let before = before.ok_or(Refusal::NothingHolds { on })?;
        let mut refusals = record::check(doing.office, tx, person, to, Validity::from(on)).await?;
        refusals.extend(record::check_reason(reason, false));
        if before.fact.institution == to.institution {
            refusals.push(Refusal::BadReorganisation {
                field: "institution",
            });
        }
        unless_refused(refusals)?;
        let mut recording = doing.begin(tx, reason).await?;
        end_posts(tx, &mut recording, person, on).await?;
        let statement = Statement {
            subject: person,
            slot: String::new(),
            fact: Some(to.clone()),
            on,
            until: None,
        };
        dated::state(tx, &mut recording, statement).await?;
        let version = subject::touch(tx, person, seen).await?;
        let sides = [
            Some(told("", before.validity, &before.fact)),
            Some(told("", Validity::from(on), to)),
        ];
        doing.tell(tx, file, sides, reason, &recording).await?;
        Ok(version)
    }
}

/// Ends what somebody holds at an institution: the post, what was decided about it, places
/// in teams, terms as a leader.
async fn end_posts(
    tx: &mut Tx,
    recording: &mut crate::store::change::Recording,
    person: PersonId,
    on: Date,
) -> Result<(), StoreError> {
    end_all::<Appointment>(tx, recording, person, on).await?;
    end_all::<LedgerDecision>(tx, recording, person, on).await?;
    end_all::<Membership>(tx, recording, person, on).await?;
    end_all::<Term>(tx, recording, person, on).await
}

/// Somebody who leaves for good.
#[derive(Clone, Debug)]
pub struct Leaving<'a> {
    pub person: PersonId,
    pub departure: Departure,
    pub seen: Version,
    pub reason: Option<&'a str>,
}

/// Records a departure: employment and post end on the day, and the places are free.
pub async fn depart(
    office: &Office,
    actor: &Actor,
    leaving: &Leaving<'_>,
    now: Timestamp,
) -> Result<Version, ServiceError> {
    let mut reader = office.store.read().await?;
    let person = leaving.person;
    let home = crate::store::employment::home(&mut reader, person, now.shanghai_day()).await?;
    drop(reader);
    let doing = Doing {
        office,
        actor,
        action: Action::EditPerson,
        now,
        houses: home.into_iter().collect(),
    };
    office.store.write(Depart { doing, leaving }).await
}

struct Depart<'a> {
    doing: Doing<'a>,
    leaving: &'a Leaving<'a>,
}

impl Write for Depart<'_> {
    type Out = Version;
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        self.doing.houses.clone()
    }

    async fn run(&self, tx: &mut Tx) -> Result<Version, ServiceError> {
        let Self { doing, leaving } = self;
        let Leaving {
            person,
            ref departure,
            seen,
            reason,
        } = **leaving;
        let on = departure.left;
        let file = Person::file(tx, person, doing.now.shanghai_day()).await?;
        permit(doing.actor, doing.action, &file.subject)?;
        subject::claim(tx, person, seen).await?;
        let validity = Validity::from(on);
        let mut refusals = record::check(doing.office, tx, person, departure, validity).await?;
        refusals.extend(record::check_reason(reason, false));
        // somebody leaves on the day after the last one
        let last = on.plus(-1).unwrap_or(on);
        let these = [person];
        let employed = dated::at::<Employed>(tx, Of::These(&these), When::on(last)).await?;
        let Some(employed) = employed.into_iter().next() else {
            refusals.push(Refusal::NothingHolds { on: last });
            return Err(refusals.into());
        };
        unless_refused(refusals)?;
        let mut recording = doing.begin(tx, reason).await?;
        end_posts(tx, &mut recording, person, on).await?;
        end_all::<Employed>(tx, &mut recording, person, on).await?;
        let statement = Statement {
            subject: person,
            slot: String::new(),
            fact: Some(departure.clone()),
            on,
            until: None,
        };
        dated::state(tx, &mut recording, statement).await?;
        let version = subject::touch(tx, person, seen).await?;
        let sides = [
            Some(told("", employed.validity, &employed.fact)),
            Some(told("", validity, departure)),
        ];
        doing.tell(tx, file, sides, reason, &recording).await?;
        Ok(version)
    }
}
