//! Personal data (个人信息保护法): where it lies, what is held of somebody, who looked at it,
//! what they want corrected, and its erasing.

use super::locus::file;
use super::person::Numbers;
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::audit::{About, Event, What, Who};
use crate::domain::change::Author;
use crate::domain::employment::Employed;
use crate::domain::ids::NationalId;
use crate::domain::personal_data::{
    CorrectionDecision, CorrectionId, CorrectionRequest, RETENTION_YEARS, RequestState, Standing,
    may_erase, substitute,
};
use crate::domain::record::{Id, Version};
use crate::domain::record_id::{AccountId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Locus, PersonFile, Scope, Subject, permit, reach};
use crate::domain::rural_doctor::{self, RuralDoctor};
use crate::domain::secret::{Findable, Phone, SecretField};
use crate::domain::staff::Person;
use crate::domain::time::{Date, Timestamp};
use crate::store::dated::{self, Dated};
use crate::store::personal_data::{self as data, Place, Whose};
use crate::store::register::Vault as _;
use crate::store::{Reader, StoreError, Tx, Write, audit, change, locus, setting, subject};
use serde_json::{Value, json};

/// Where personal data lies: every table and column, whose, why, for how long, and what
/// erasing does to it.
pub const fn map() -> &'static [Place] {
    data::MAP
}

/// Somebody whose data is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concerned {
    Person(PersonId),
    RuralDoctor(Id<RuralDoctor>),
}

impl Concerned {
    const fn whose(self) -> Whose {
        match self {
            Self::Person(_) => Whose::Person,
            Self::RuralDoctor(_) => Whose::RuralDoctor,
        }
    }

    fn key(self) -> String {
        match self {
            Self::Person(id) => id.to_string(),
            Self::RuralDoctor(id) => id.to_string(),
        }
    }

    /// The file as rights see it, where it lies or lay last.
    async fn file(self, reader: &mut Reader, today: Date) -> Result<PersonFile, StoreError> {
        match self {
            Self::Person(id) => file(reader, id, today).await,
            Self::RuralDoctor(id) => {
                let rows = dated::history::<rural_doctor::Profile>(reader, id).await?;
                let area = last(rows).map(|row| row.fact.area);
                Ok(PersonFile {
                    person: Id::from_uuid(id.uuid()),
                    locus: area.map_or_else(Locus::default, Locus::area),
                })
            }
        }
    }

    async fn number(self, reader: &mut Reader) -> Result<Findable, ServiceError> {
        let found = match self {
            Self::Person(id) => subject::numbers(reader, &[id]).await?.remove(&id),
            Self::RuralDoctor(id) => subject::numbers(reader, &[id]).await?.remove(&id),
        };
        found.ok_or(ServiceError::NotFound)
    }

    fn about(self, file: &PersonFile) -> About {
        About {
            noun: self.whose().noun().to_owned(),
            id: self.key(),
            area: file.locus.area,
            institution: file.locus.institutions.first().copied(),
        }
    }
}

/// The row that holds longest of those that were not replaced.
fn last<F: dated::Fact>(rows: Vec<Dated<F>>) -> Option<Dated<F>> {
    let held = rows.into_iter().filter(|row| row.superseded.is_none());
    held.max_by_key(|row| row.validity.until.unwrap_or(Date::LAST))
}

/// Everything that is held of somebody: an object with a table in each member, and a list of
/// rows in each table; of the accounts that are theirs under `accounts`. Numbers are masked,
/// but for those who give a reason to see them whole, which the trail keeps.
pub async fn held(
    office: &Office,
    actor: &Actor,
    concerned: Concerned,
    reveal: Option<&str>,
    now: Timestamp,
) -> Result<Value, ServiceError> {
    let today = now.shanghai_day();
    if let Some(reason) = reveal {
        let look = Look {
            office,
            actor,
            concerned,
            reason,
            now,
        };
        office.store.write(look).await?;
    }
    let mut reader = office.store.snapshot().await?;
    let file = concerned.file(&mut reader, today).await?;
    permit(actor, Action::ReadPerson, &Subject::Person(file))?;
    // whether there is such a person at all
    concerned.number(&mut reader).await?;
    let whole = reveal.is_some();
    let open = |field: SecretField, secret: &Findable| {
        let text = office.vault.open(field, secret).unwrap_or_default();
        if whole { text } else { masked(field, &text) }
    };
    let mail = |text: &str| {
        let at = text.rfind('@').filter(|_| !whole);
        let end = at.and_then(|at| text.get(at..));
        end.map_or_else(|| text.to_owned(), |end| format!("***{end}"))
    };
    let (whose, key) = (concerned.whose(), concerned.key());
    let mut all = data::held(&mut reader, whose, &key, &open, &mail).await?;
    if let Concerned::Person(person) = concerned {
        let mut accounts = Vec::new();
        for account in data::accounts(&mut reader, person).await? {
            let key = account.to_string();
            let held = data::held(&mut reader, Whose::Account, &key, &open, &mail).await?;
            accounts.push(Value::Object(held));
        }
        all.insert("accounts".to_owned(), Value::Array(accounts));
    }
    Ok(Value::Object(all))
}

fn masked(field: SecretField, text: &str) -> String {
    let numbers = match field {
        SecretField::Phone => {
            return Phone::read(text).map_or_else(|_| "****".to_owned(), |p| p.masked());
        }
        _ => Numbers {
            national_id: text.to_owned(),
            mobile: None,
        },
    };
    numbers.masked().national_id
}

/// Somebody sees everything whole: the trail is told before anything is shown.
struct Look<'a> {
    office: &'a Office,
    actor: &'a Actor,
    concerned: Concerned,
    reason: &'a str,
    now: Timestamp,
}

impl Write for Look<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let file = self.concerned.file(tx, self.now.shanghai_day()).await?;
        let about = self.concerned.about(&file);
        permit(self.actor, Action::RevealPerson, &Subject::Person(file))?;
        reason_given(self.reason)?;
        let who = Who::actor(self.actor);
        let told = Told {
            after: Some(json!({ "everything": true })),
            reason: Some(self.reason),
            ..Told::new(&who, What::Action(Action::RevealPerson), about)
        };
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}

fn reason_given(reason: &str) -> Result<(), Refusal> {
    match reason.trim().is_empty() {
        true => Err(Refusal::ReasonMissing),
        false => Ok(()),
    }
}

/// Somebody looked at a file, or took out records that it was part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    pub at: Timestamp,
    pub who: Who,
    /// Key of the action.
    pub what: String,
    /// Why; `None` = none was given, or it was erased.
    pub reason: Option<String>,
    /// It was one of many.
    pub is_export: bool,
}

/// How far back exports are looked through: a year.
const EXPORT_DAYS: i64 = 366;
const EXPORTS: u32 = 10_000;

/// Who looked at the file of a person, who changed it and why, and who took out records
/// with it in them during the last year; newest first.
pub async fn access_log(
    office: &Office,
    actor: &Actor,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<Access>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let file = file(&mut reader, person, now.shanghai_day()).await?;
    permit(actor, Action::ReadAccessLog, &Subject::Person(file))?;
    let mut all: Vec<Access> = Vec::new();
    for event in audit::of_subject(&mut reader, "person", &person.to_string()).await? {
        all.push(access(event, false));
    }
    let since = now.plus_seconds(-EXPORT_DAYS * 24 * 3600);
    let houses = dated::history::<Employed>(&mut reader, person).await?;
    for event in data::exports(&mut reader, since, EXPORTS).await? {
        if was_part(&mut reader, &event, &houses).await? {
            all.push(access(event, true));
        }
    }
    all.sort_by_key(|access| std::cmp::Reverse(access.at));
    Ok(all)
}

fn access(event: Event, is_export: bool) -> Access {
    Access {
        at: event.at,
        who: event.who,
        what: event.what,
        reason: event.detail.and_then(|detail| detail.reason),
        is_export,
    }
}

/// Whether the person was recorded, on the day for which records were taken out, in what was
/// taken out.
async fn was_part(
    reader: &mut Reader,
    event: &Event,
    houses: &[Dated<Employed>],
) -> Result<bool, StoreError> {
    let detail = event
        .detail
        .as_ref()
        .and_then(|detail| detail.after.as_ref());
    let detail: Option<Value> = detail.and_then(|text| serde_json::from_str(text).ok());
    let said = |name: &str| detail.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let on = said("on").and_then(|day| day.parse().ok());
    let on: Date = on.unwrap_or_else(|| event.at.shanghai_day());
    let known = |row: &&Dated<Employed>| {
        let replaced = row.superseded.is_some_and(|(at, _)| at <= event.at);
        row.recorded_at <= event.at && !replaced && row.validity.covers(on)
    };
    let Some(house) = houses.iter().find(known).map(|row| row.fact.institution) else {
        return Ok(false);
    };
    let place = locus::of_institution(reader, house, on).await?;
    if let Some(area) = event.about.area {
        return Ok(Scope::Area(area).covers(&place));
    }
    let part = said("part").unwrap_or_default();
    if let Some(id) = event.about.institution {
        // several may have been taken out at once
        let listed = place
            .institutions
            .iter()
            .any(|one| part.contains(&one.to_string()));
        return Ok(listed || Scope::Institution(id).covers(&place));
    }
    if part.is_empty() {
        return Ok(true);
    }
    // a consortium by its name, or an institution and those below by its code
    let consortium = locus::consortium(reader, &part).await?;
    if consortium.is_some() && consortium == place.consortium {
        return Ok(true);
    }
    let below = locus::with_code(reader, &part).await?;
    Ok(below.is_some_and(|id| place.institutions.contains(&id)))
}

/// What somebody wants corrected in their own file.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    pub person: PersonId,
    /// Which entry of the file.
    pub entry: &'a str,
    /// What it should say.
    pub wanted: &'a str,
    pub grounds: &'a str,
}

/// Asks for a correction.
pub async fn request_correction(
    office: &Office,
    actor: &Actor,
    wish: &Wish<'_>,
    now: Timestamp,
) -> Result<CorrectionId, ServiceError> {
    let ask = Ask {
        office,
        actor,
        wish,
        id: office.chance.id(now),
        now,
    };
    office.store.write(ask).await
}

struct Ask<'a> {
    office: &'a Office,
    actor: &'a Actor,
    wish: &'a Wish<'a>,
    id: CorrectionId,
    now: Timestamp,
}

impl Write for Ask<'_> {
    type Out = CorrectionId;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<CorrectionId, ServiceError> {
        let Self { wish, now, .. } = *self;
        let concerned = Concerned::Person(wish.person);
        let file = concerned.file(tx, now.shanghai_day()).await?;
        let about = concerned.about(&file);
        let action = Action::RequestCorrection;
        permit(self.actor, action, &Subject::Person(file))?;
        for text in [wish.entry, wish.wanted, wish.grounds] {
            reason_given(text)?;
        }
        let request = CorrectionRequest {
            id: self.id,
            version: Version::FIRST,
            person: wish.person,
            account: self.actor.account,
            requested: now,
            entry: wish.entry.to_owned(),
            wanted: wish.wanted.to_owned(),
            grounds: wish.grounds.to_owned(),
            state: RequestState::Open,
            decision: None,
        };
        data::add_request(tx, &request).await?;
        let who = Who::actor(self.actor);
        let told = Told {
            // what is wanted may be a whole number; it stands in the request
            after: Some(json!({ "request": self.id.to_string(), "entry": wish.entry })),
            ..Told::new(&who, What::Action(action), about)
        };
        tell(self.office, tx, told, now).await?;
        Ok(self.id)
    }
}

/// What a person asked to be corrected, for the person and for the house.
pub async fn corrections_of(
    office: &Office,
    actor: &Actor,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<CorrectionRequest>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let file = file(&mut reader, person, now.shanghai_day()).await?;
    permit(actor, Action::ReadPerson, &Subject::Person(file))?;
    Ok(data::requests_of(&mut reader, person).await?)
}

/// What is open for the actor to decide, oldest first.
pub async fn open_corrections(
    office: &Office,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<CorrectionRequest>, ServiceError> {
    let action = Action::DecideCorrection;
    reach(actor, action)?;
    let mut reader = office.store.snapshot().await?;
    let mut mine = Vec::new();
    for request in data::open_requests(&mut reader).await? {
        let file = file(&mut reader, request.person, now.shanghai_day()).await?;
        if permit(actor, action, &Subject::Person(file)).is_ok() {
            mine.push(request);
        }
    }
    Ok(mine)
}

/// What an office makes of a request.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    pub id: CorrectionId,
    pub seen: Version,
    /// The records were corrected, or they stay.
    pub corrected: bool,
    /// To the person.
    pub text: &'a str,
}

/// Answers a request: its new version. The correction itself is a change of the records.
pub async fn decide_correction(
    office: &Office,
    actor: &Actor,
    answer: &Answer<'_>,
    now: Timestamp,
) -> Result<Version, ServiceError> {
    let decide = Decide {
        office,
        actor,
        answer,
        now,
    };
    office.store.write(decide).await
}

struct Decide<'a> {
    office: &'a Office,
    actor: &'a Actor,
    answer: &'a Answer<'a>,
    now: Timestamp,
}

impl Write for Decide<'_> {
    type Out = Version;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Version, ServiceError> {
        let Self { answer, now, .. } = *self;
        let found = data::request(tx, answer.id).await?;
        let request = found.ok_or(ServiceError::NotFound)?;
        let concerned = Concerned::Person(request.person);
        let file = concerned.file(tx, now.shanghai_day()).await?;
        let about = concerned.about(&file);
        let action = Action::DecideCorrection;
        permit(self.actor, action, &Subject::Person(file))?;
        request.version.must_be(answer.seen)?;
        reason_given(answer.text)?;
        let decision = CorrectionDecision {
            at: now,
            by: self.actor.account,
            answer: answer.text.to_owned(),
        };
        let decided = request.decide(answer.corrected, decision)?;
        data::save_request(tx, &decided).await?;
        let who = Who::actor(self.actor);
        let id = answer.id.to_string();
        let told = Told {
            after: Some(json!({ "request": id, "state": decided.state.key() })),
            reason: Some(answer.text),
            ..Told::new(&who, What::Action(action), about)
        };
        tell(self.office, tx, told, now).await?;
        Ok(decided.version.next())
    }
}

/// Erases the personal data of somebody who left: name, numbers, free text, accounts, and
/// what the trail says in detail. What counts in closed years stays, and names nobody.
///
/// Refused: [`Refusal::StillEmployed`], [`Refusal::RetentionRuns`],
/// [`Refusal::CorrectionOpen`], [`Refusal::ApplicationOpen`], [`Refusal::AlreadyErased`], [`Refusal::ReasonMissing`].
pub async fn erase(
    office: &Office,
    actor: &Actor,
    concerned: Concerned,
    reason: &str,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let erase = Erase {
        office,
        actor,
        concerned,
        reason,
        now,
    };
    office.store.write(erase).await
}

struct Erase<'a> {
    office: &'a Office,
    actor: &'a Actor,
    concerned: Concerned,
    reason: &'a str,
    now: Timestamp,
}

/// Tries to find a number that nobody has: of ten million for each month of birth and sex.
const TRIES: u32 = 16;

impl Write for Erase<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let Self {
            office,
            concerned,
            now,
            ..
        } = *self;
        let today = now.shanghai_day();
        let file = concerned.file(tx, today).await?;
        let about = concerned.about(&file);
        let action = Action::ErasePerson;
        permit(self.actor, action, &Subject::Person(file))?;
        reason_given(self.reason)?;
        let standing = standing(tx, concerned, today).await?;
        may_erase(&standing, retention_years(tx).await?, today)?;
        let substitute = self.substitute(tx).await?;
        let who = Who::actor(self.actor);
        let author = Author::from(&who);
        let seed = office.chance.seed();
        let recording = change::begin(tx, &author, Some(self.reason), now, seed).await?;
        let (whose, key) = (concerned.whose(), concerned.key());
        data::erase(tx, &recording, whose, &key, &substitute).await?;
        let accounts = self.end_accounts(tx).await?;
        let told = Told {
            after: Some(json!({ "accounts": accounts.len() })),
            reason: Some(self.reason),
            change: Some(recording.change),
            ..Told::new(&who, What::Action(action), about)
        };
        Ok(tell(office, tx, told, now).await?)
    }
}

impl Erase<'_> {
    async fn substitute(&self, tx: &mut Tx) -> Result<Findable, ServiceError> {
        let vault = &self.office.vault;
        let (field, kept) = (SecretField::NationalId, self.concerned.number(tx).await?);
        let corrupt = || StoreError::Corrupt {
            table: self.concerned.whose().noun(),
            column: "id_cipher".to_owned(),
            row: self.concerned.key(),
        };
        let text = vault.open(field, &kept).ok_or_else(corrupt)?;
        let number = NationalId::read(&text).map_err(|_| corrupt())?;
        for _ in 0..TRIES {
            let other = substitute(&number, self.office.chance.bytes()).ok_or_else(corrupt)?;
            let sealed = vault.seal(field, other.as_str());
            if !self.is_taken(tx, &sealed).await? {
                return Ok(sealed);
            }
        }
        Err(StoreError::Contention.into())
    }

    async fn is_taken(&self, tx: &mut Tx, number: &Findable) -> Result<bool, StoreError> {
        Ok(match self.concerned {
            Concerned::Person(_) => {
                let found = subject::with_hash::<Person>(tx, &number.hash).await?;
                found.is_some()
            }
            Concerned::RuralDoctor(_) => {
                let found = subject::with_hash::<RuralDoctor>(tx, &number.hash).await?;
                found.is_some()
            }
        })
    }

    async fn end_accounts(&self, tx: &mut Tx) -> Result<Vec<AccountId>, ServiceError> {
        let Concerned::Person(person) = self.concerned else {
            return Ok(Vec::new());
        };
        let accounts = data::accounts(tx, person).await?;
        for account in &accounts {
            data::erase_account(tx, *account, self.now).await?;
        }
        Ok(accounts)
    }
}

async fn standing(
    reader: &mut Reader,
    concerned: Concerned,
    today: Date,
) -> Result<Standing, StoreError> {
    let key = concerned.key();
    let is_erased = data::is_erased(reader, concerned.whose(), &key).await?;
    let (until, asks, applies) = match concerned {
        Concerned::Person(id) => {
            let rows = dated::history::<Employed>(reader, id).await?;
            let requests = data::requests_of(reader, id).await?;
            let open = |request: &CorrectionRequest| request.state == RequestState::Open;
            (
                last(rows).map(|row| row.validity.until),
                requests.iter().any(open),
                data::applies(reader, id).await?,
            )
        }
        Concerned::RuralDoctor(id) => {
            let rows = dated::history::<rural_doctor::Profile>(reader, id).await?;
            (last(rows).map(|row| row.validity.until), false, false)
        }
    };
    Ok(Standing {
        is_erased,
        is_employed: until.is_some_and(|until| until.is_none_or(|until| until > today)),
        last_day: until.flatten().and_then(|until| until.plus(-1)),
        asks,
        applies,
    })
}

/// The setting that says for how many years files are kept.
const RETENTION: &str = "retention_years";

/// For how many years a file is kept after somebody left.
async fn retention_years(reader: &mut Reader) -> Result<i32, StoreError> {
    let Some(text) = setting::get(reader, RETENTION).await? else {
        return Ok(RETENTION_YEARS);
    };
    serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        table: "setting",
        column: "value".to_owned(),
        row: RETENTION.to_owned(),
    })
}

/// The same, for whoever asks: it is said with the map.
pub async fn retention(office: &Office) -> Result<i32, ServiceError> {
    let mut reader = office.store.read().await?;
    Ok(retention_years(&mut reader).await?)
}

/// For how long files are to be kept, and why.
#[derive(Clone, Copy, Debug)]
pub struct Retention<'a> {
    /// Years after somebody left.
    pub years: u32,
    pub reason: &'a str,
}

/// Sets for how many years files are kept after somebody left, as the archives of the place
/// ask for it. Refused: [`Refusal::ReasonMissing`].
pub async fn set_retention(
    office: &Office,
    actor: &Actor,
    retention: Retention<'_>,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let set = SetRetention {
        office,
        actor,
        retention,
        now,
    };
    office.store.write(set).await
}

struct SetRetention<'a> {
    office: &'a Office,
    actor: &'a Actor,
    retention: Retention<'a>,
    now: Timestamp,
}

impl Write for SetRetention<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let action = Action::EditSettings;
        let Retention { years, reason } = self.retention;
        permit(self.actor, action, &Subject::Installation)?;
        reason_given(reason)?;
        let before = retention_years(tx).await?;
        setting::set(tx, RETENTION, &years.to_string(), self.now).await?;
        let who = Who::actor(self.actor);
        let about = About {
            noun: "setting".to_owned(),
            id: RETENTION.to_owned(),
            ..About::default()
        };
        let told = Told {
            before: Some(json!(before)),
            after: Some(json!(years)),
            reason: Some(reason),
            ..Told::new(&who, What::Action(action), about)
        };
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}
