//! What will be told, what was told, and in which words.

use super::super::locus::part_of;
use super::super::{Office, ServiceError};
use super::gather::Look;
use super::{Directory, Watch, reasons, rules};
use crate::domain::ids::AreaCode;
use crate::domain::institution::Profile as House;
use crate::domain::record::{Id, When};
use crate::domain::record_id::{AccountId, InstitutionId, PersonId};
use crate::domain::reminder::{Audience, Event, Facts, Kind, Lead, Rule};
use crate::domain::rights::{
    AccountFile, Action, Actor, Capacity, Locus, Scope, Subject, permit, reach,
};
use crate::domain::rural_doctor::{Profile as Doctor, RuralDoctor};
use crate::domain::staff::Profile as Person;
use crate::domain::time::{Date, Timestamp};
use crate::i18n::{Arg, Lang, t};
use crate::mail::Item;
use crate::store::dated::{self, Fact, Of};
use crate::store::outbox::{self, Delivery, Message};
use crate::store::register::{Part, part};
use crate::store::reminder::{self as kept, Reminder};
use crate::store::{Reader, account, employment};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The kinds and how they are told. Everybody may know them.
pub fn kinds() -> &'static [Rule] {
    rules()
}

/// What a reminder says, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    /// Whom it is about, or which institution; empty = neither.
    pub whom: String,
    pub lines: Vec<String>,
}

/// Names of values that a reminder may hold.
const VALUES: &[&str] = &[
    "month",
    "frees",
    "from",
    "to",
    "level",
    "clock",
    "span",
    "vacant",
    "before",
    "title",
    "message",
    "asked",
    "since",
    "scope",
    "round",
    "opens",
    "licence",
    "reckoned",
    "assignment",
    "role",
    "policy",
    "place",
    "scheme",
    "benefit",
    "subsidy",
    "state",
    "rank",
    "training",
    "hours",
    "done",
];

/// A reminder in words: of a value in two languages the one that is read. `because` = what it
/// follows from, as it is read.
pub fn words(
    kind: Kind,
    said: &BTreeMap<String, String>,
    because: &[String],
    names: &Names,
    about: Date,
    lang: Lang,
) -> Words {
    let of_language = lang.pick("zh", "en");
    let mut args: Vec<(&'static str, Arg<'_>)> = Vec::new();
    for name in VALUES {
        let value = said.get(*name);
        let value = value.or_else(|| said.get(&format!("{name}_{of_language}")));
        let value = value.map_or("", String::as_str);
        args.push((name, value.into()));
    }
    args.push(("about", about.to_string().into()));
    args.push(("name", names.person.as_str().into()));
    args.push(("institution", names.institution.as_str().into()));
    let key = format!("reminder-{}", kind.key().replace('_', "-"));
    let mut lines = vec![t(lang, &format!("{key}-text"), &args)];
    if !because.is_empty() {
        let because = because.join(lang.pick("、", ", "));
        lines.push(t(lang, "mail-why", &[("because", because.into())]));
    }
    let whom = match names.person.is_empty() {
        true => &names.institution,
        false => &names.person,
    };
    Words {
        title: t(lang, &key, &args),
        whom: whom.clone(),
        lines,
    }
}

/// Names that a reminder is about, as they are today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The person, or the rural doctor.
    pub person: String,
    pub institution: String,
}

impl Names {
    /// Reads them.
    pub async fn read(
        reader: &mut Reader,
        person: Option<PersonId>,
        doctor: Option<Id<RuralDoctor>>,
        institution: Option<InstitutionId>,
        today: Date,
    ) -> Result<Self, ServiceError> {
        let on = When::on(today);
        let mut names = Self::default();
        if let Some(id) = person {
            let rows = dated::at::<Person>(reader, Of::These(&[id]), on).await?;
            names.person = rows
                .into_iter()
                .next()
                .map_or_else(String::new, |row| row.fact.name);
        }
        if let Some(id) = doctor {
            let rows = dated::at::<Doctor>(reader, Of::These(&[id]), on).await?;
            names.person = rows
                .into_iter()
                .next()
                .map_or_else(String::new, |row| row.fact.name);
        }
        if let Some(id) = institution {
            let of = [id];
            let rows = dated::at::<crate::domain::institution::Profile>(reader, Of::These(&of), on)
                .await?;
            let name = rows.into_iter().next().map(|row| row.fact.name);
            names.institution = name.unwrap_or_default();
        }
        Ok(names)
    }
}

/// What is kept of a reminder, read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub facts: BTreeMap<String, String>,
    pub because: Vec<String>,
    pub page: String,
    pub lead: String,
}

impl Said {
    /// Reads the body of a reminder; what is not there is empty.
    pub fn read(body: &str) -> Self {
        let value: Value = serde_json::from_str(body).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let facts = value.get("facts").and_then(Value::as_object);
        let facts = facts.into_iter().flatten();
        let because = value.get("because").and_then(Value::as_array);
        Self {
            facts: facts.map(|(name, one)| (name.clone(), text(one))).collect(),
            because: because.into_iter().flatten().map(text).collect(),
            page: value.get("page").map(text).unwrap_or_default(),
            lead: value.get("lead").map(text).unwrap_or_default(),
        }
    }

    fn of(event: &Event, lead: Option<Lead>) -> Self {
        let facts: &Facts = &event.facts;
        Self {
            facts: facts
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            because: event.because.clone(),
            page: event.page.clone(),
            lead: lead.map_or_else(String::new, |lead| lead.to_string()),
        }
    }

    fn doctor(&self) -> Option<Id<RuralDoctor>> {
        self.facts.get("doctor")?.parse().ok()
    }
}

/// A reminder that was made, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub reminder: Reminder,
    /// The name of whoever was told.
    pub to: String,
    /// What became of the message that carried it; `None` = it waits for a digest.
    pub delivery: Option<Delivery>,
    pub words: Words,
    pub said: Said,
}

/// Everything that some reminders name, read once.
#[derive(Default)]
struct Named {
    people: HashMap<PersonId, String>,
    doctors: HashMap<Id<RuralDoctor>, String>,
    institutions: HashMap<InstitutionId, String>,
    accounts: HashMap<AccountId, String>,
    messages: HashMap<Id<Message>, Delivery>,
}

impl Named {
    async fn read(
        reader: &mut Reader,
        told: &[(Reminder, Said)],
        today: Date,
    ) -> Result<Self, ServiceError> {
        let mut named = Self::default();
        let people: HashSet<_> = told.iter().filter_map(|(one, _)| one.person).collect();
        for (id, profile) in profiles::<Person>(reader, people, today).await? {
            named.people.insert(id, profile.name);
        }
        let doctors: HashSet<_> = told.iter().filter_map(|(_, said)| said.doctor()).collect();
        for (id, profile) in profiles::<Doctor>(reader, doctors, today).await? {
            named.doctors.insert(id, profile.name);
        }
        let houses: HashSet<_> = told.iter().filter_map(|(one, _)| one.institution).collect();
        for (id, profile) in profiles::<House>(reader, houses, today).await? {
            named.institutions.insert(id, profile.name);
        }
        let accounts: HashSet<_> = told.iter().map(|(one, _)| one.account).collect();
        for id in accounts {
            let found = account::find(reader, id).await?;
            named.accounts.extend(found.map(|one| (id, one.name)));
        }
        let messages: HashSet<_> = told.iter().filter_map(|(one, _)| one.message).collect();
        for id in messages {
            let found = outbox::find(reader, id).await?;
            named.messages.extend(found.map(|one| (id, one.delivery())));
        }
        Ok(named)
    }

    fn of(&self, reminder: &Reminder, said: &Said) -> Names {
        let person = reminder.person.and_then(|id| self.people.get(&id));
        let doctor = said.doctor().and_then(|id| self.doctors.get(&id));
        let institution = reminder.institution;
        let institution = institution.and_then(|id| self.institutions.get(&id));
        Names {
            person: doctor.or(person).cloned().unwrap_or_default(),
            institution: institution.cloned().unwrap_or_default(),
        }
    }
}

/// What holds of some subjects.
async fn profiles<F: Fact>(
    reader: &mut Reader,
    of: HashSet<Id<F::Subject>>,
    today: Date,
) -> Result<impl Iterator<Item = (Id<F::Subject>, F)>, ServiceError> {
    let of: Vec<Id<F::Subject>> = of.into_iter().collect();
    let rows = match of.is_empty() {
        true => Vec::new(),
        false => dated::at::<F>(reader, Of::These(&of), When::on(today)).await?,
    };
    Ok(rows.into_iter().map(|row| (row.subject, row.fact)))
}

impl Told {
    /// Puts reminders into words, with the names of today. A digest holds hundreds of them, so
    /// that names are read once for all.
    pub async fn all(
        office: &Office,
        reader: &mut Reader,
        found: Vec<Reminder>,
        today: Date,
        lang: Lang,
    ) -> Result<Vec<Self>, ServiceError> {
        let read = found.into_iter().map(|one| {
            let said = Said::read(&one.body);
            (one, said)
        });
        let read: Vec<(Reminder, Said)> = read.collect();
        let named = Named::read(reader, &read, today).await?;
        let told = read.into_iter().map(|(reminder, said)| {
            let words = words(
                reminder.kind,
                &said.facts,
                &reasons(&office.rulebook, &said.because, lang),
                &named.of(&reminder, &said),
                reminder.about,
                lang,
            );
            let to = named.accounts.get(&reminder.account).cloned();
            let delivery = reminder.message.and_then(|id| named.messages.get(&id));
            Self {
                to: to.unwrap_or_default(),
                delivery: delivery.copied(),
                words,
                said,
                reminder,
            }
        });
        Ok(told.collect())
    }

    /// As an item of a letter.
    pub fn item(&self, page: impl Fn(&str) -> String) -> Item {
        Item {
            title: self.words.title.clone(),
            lines: self.words.lines.clone(),
            link: page(&self.said.page),
        }
    }
}

/// The actor's own reminders, newest first.
pub async fn mine(
    office: &Office,
    actor: &Actor,
    before: Option<Id<Reminder>>,
    most: u32,
    lang: Lang,
    now: Timestamp,
) -> Result<Vec<Told>, ServiceError> {
    let file = AccountFile {
        account: actor.account,
        capacities: Vec::new(),
    };
    permit(actor, Action::ManageOwnAccount, &Subject::Account(file))?;
    let mut reader = office.store.snapshot().await?;
    let found = kept::of_account(&mut reader, actor.account, before, most).await?;
    Told::all(office, &mut reader, found, now.shanghai_day(), lang).await
}

/// What was told about what lies in the actor's scope, newest first.
pub async fn of_scope(
    office: &Office,
    actor: &Actor,
    before: Option<Id<Reminder>>,
    most: u32,
    lang: Lang,
    now: Timestamp,
) -> Result<Vec<Told>, ServiceError> {
    let scope = reach(actor, Action::ReadDeliveries)?;
    let part = part_of(office, actor, Action::ReadDeliveries).await?;
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let institutions = match scope {
        Scope::Everywhere | Scope::Area(_) => None,
        _ => Some(part::institutions(&mut reader, &part, When::on(today)).await?),
    };
    let filter = scope.filter();
    let institutions = institutions.as_deref();
    let found = kept::of_scope(&mut reader, &filter, institutions, before, most).await?;
    Told::all(office, &mut reader, found, today, lang).await
}

/// A reminder that will be made if nothing changes.
#[derive(Clone, Debug)]
pub struct Coming {
    /// The day on which it is told.
    pub on: Date,
    pub lead: Lead,
    pub event: Event,
    pub audience: Vec<Audience>,
    pub words: Words,
}

/// What lies ahead for a scope: every event with where it lies.
pub(in crate::service) async fn ahead(
    office: &Office,
    part: &Part,
    areas: &[AreaCode],
    now: Timestamp,
) -> Result<Vec<(Event, Locus)>, ServiceError> {
    let watch = Watch::load(office, now).await?;
    let mut reader = office.store.snapshot().await?;
    let on = When::on(watch.today);
    let mut found = Vec::new();
    let mut counties: BTreeSet<AreaCode> = areas.iter().copied().collect();
    for id in part::institutions(&mut reader, part, on).await? {
        let mut look = Look::ahead(&watch);
        let place = look.institution(&mut reader, id).await?;
        if matches!(part, Part::Whole) {
            counties.extend(place.area.map(AreaCode::county));
        }
        found.extend(look.events.into_iter().map(|event| (event, place.clone())));
    }
    for county in counties {
        let mut look = Look::ahead(&watch);
        let places = look.county(&mut reader, county).await?;
        found.extend(look.events.into_iter().zip(places));
    }
    Ok(found)
}

/// The counties that an actor's scope holds as a whole.
pub(in crate::service) fn counties(scope: &Scope) -> Vec<AreaCode> {
    match scope {
        Scope::Area(area) if area.length() == 6 => vec![*area],
        _ => Vec::new(),
    }
}

/// What will be told in the next days about what lies in the actor's scope, in the order of
/// the days. Notices of change cannot be foreseen.
pub async fn coming(
    office: &Office,
    actor: &Actor,
    days: u32,
    most: usize,
    lang: Lang,
    now: Timestamp,
) -> Result<(Vec<Coming>, bool), ServiceError> {
    let scope = reach(actor, Action::ReadDeliveries)?;
    let part = part_of(office, actor, Action::ReadDeliveries).await?;
    let events = ahead(office, &part, &counties(&scope), now).await?;
    let watch = Watch::load(office, now).await?;
    let today = watch.today;
    let until = today.days() + i64::from(days);
    let mut wanted = Vec::new();
    for (event, _) in events {
        let Some(rule) = rules().iter().find(|rule| rule.kind == event.kind) else {
            continue;
        };
        for (lead, on) in rule.days(event.about, &watch.calendar) {
            if today < on && on.days() <= until {
                wanted.push((on, lead, event.clone(), rule));
            }
        }
    }
    wanted.sort_by(|a, b| {
        let key = |one: &(Date, Lead, Event, &Rule)| (one.0, one.2.kind, one.2.subject.clone());
        key(a).cmp(&key(b))
    });
    let more = wanted.len() > most;
    wanted.truncate(most);
    let mut reader = office.store.snapshot().await?;
    let mut coming = Vec::with_capacity(wanted.len());
    for (on, lead, event, rule) in wanted {
        let words = event_words(office, &mut reader, &event, lead, today, lang).await?;
        coming.push(Coming {
            on,
            lead,
            audience: rule.audience.clone(),
            words,
            event,
        });
    }
    Ok((coming, more))
}

/// An event in words.
pub(in crate::service) async fn event_words(
    office: &Office,
    reader: &mut Reader,
    event: &Event,
    lead: Lead,
    today: Date,
    lang: Lang,
) -> Result<Words, ServiceError> {
    let said = Said::of(event, Some(lead));
    let names = Names::read(
        reader,
        event.person,
        said.doctor(),
        event.institution,
        today,
    )
    .await?;
    Ok(words(
        event.kind,
        &said.facts,
        &reasons(&office.rulebook, &said.because, lang),
        &names,
        event.about,
        lang,
    ))
}

/// What a kind would say about somebody now: the next that comes.
///
/// Not found: the person lies outside the scope, or there is nothing of that kind to tell.
pub async fn preview(
    office: &Office,
    actor: &Actor,
    kind: Kind,
    person: PersonId,
    lang: Lang,
    now: Timestamp,
) -> Result<(Event, Words), ServiceError> {
    let all = of_person(office, actor, person, lang, now).await?;
    let mut own = all.into_iter().filter(|(event, _)| event.kind == kind);
    own.next().ok_or(ServiceError::NotFound)
}

/// What every kind would say about somebody now: what comes first, then what is past.
///
/// Not found: the person lies outside the scope or has no institution.
pub async fn of_person(
    office: &Office,
    actor: &Actor,
    person: PersonId,
    lang: Lang,
    now: Timestamp,
) -> Result<Vec<(Event, Words)>, ServiceError> {
    let today = now.shanghai_day();
    let mut reader = office.store.snapshot().await?;
    let file = super::super::locus::file(&mut reader, person, today).await?;
    permit(actor, Action::ReadDeliveries, &Subject::Place(file.locus))?;
    let house = employment::home(&mut reader, person, today).await?;
    let house = house.ok_or(ServiceError::NotFound)?;
    let watch = Watch::load(office, now).await?;
    let mut look = Look::ahead(&watch);
    look.institution(&mut reader, house).await?;
    let mut own = look.events;
    own.retain(|event| event.person == Some(person));
    own.sort_by_key(|event| (event.about < today, event.about));
    let mut found = Vec::with_capacity(own.len());
    for event in own {
        let words = event_words(office, &mut reader, &event, Lead::Days(0), today, lang).await?;
        found.push((event, words));
    }
    Ok(found)
}

/// Whether an audience is the one in which somebody acts.
pub(in crate::service) fn is_for(
    capacity: &Capacity,
    directory: &Directory,
    event: &Event,
    place: &Locus,
) -> bool {
    let rule = rules().iter().find(|rule| rule.kind == event.kind);
    let audiences = rule.map_or(&[] as &[_], |rule| rule.audience.as_slice());
    audiences
        .iter()
        .any(|audience| directory.holds(capacity, *audience, event, place))
}
