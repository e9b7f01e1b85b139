//! What is recorded of a person or an institution, one kind at a time: stated, corrected
//! and ended by one form, which is made of the members of the kind.

use super::ask::{Ask, Html, with_status};
use super::fields::Fields;
use super::people::houses;
use super::{institution as house, land, person, place as area, to};
use crate::domain::institution::Institution;
use crate::domain::place::Place as Area;
use crate::domain::record::{Id, Validity, Version};
use crate::domain::rights::Action;
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::staff::Person;
use crate::domain::time::Date;
use crate::http::api::wire::{self, MemberOf as Member, Shape, Wire};
use crate::http::problem::Failure;
use crate::i18n::{has, t};
use crate::service::ServiceError;
use crate::service::institution;
use crate::service::place::Listed;
use crate::service::record::{
    self as service, Correction, Ending, Entering, Noun, Recorded, Shown,
};
use crate::service::rural_doctor::Doctor;
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::format::{self, escaped};
use crate::view::institution::Tab;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde_json::{Map, Value};

type Of<D> = <<D as Wire>::Fact as Noun>::Subject;

/// A kind of record of one subject.
struct Sheet {
    key: &'static str,
    write: Action,
    end: Action,
    members: Vec<Member>,
    version: Version,
    rows: Vec<Row>,
}

/// A row that holds on the day of the page.
struct Row {
    id: String,
    slot: String,
    from: Date,
    until: Option<Date>,
    /// Of each member, as JSON has it.
    values: Vec<Value>,
}

async fn load<D: Wire>(ask: &Ask, of: Id<Of<D>>) -> Result<Sheet, Failure>
where
    D::Fact: Recorded,
{
    let held = service::at::<D::Fact>(ask.office(), &ask.actor, of, ask.when(), ask.now).await;
    let held = ask.done(held)?;
    let members = D::members(ask.lang);
    let rows = held.rows.iter().map(|row| {
        let fact = D::show(&row.fact).to_json().unwrap_or_default();
        let value = |member: &Member| fact.get(member.name).cloned().unwrap_or_default();
        Row {
            id: row.id.to_string(),
            slot: row.slot.clone(),
            from: row.validity.from,
            until: row.validity.until,
            values: members.iter().map(value).collect(),
        }
    });
    Ok(Sheet {
        key: <D::Fact as Shown>::KEY,
        write: <D::Fact as Recorded>::WRITE,
        end: <D::Fact as Recorded>::END,
        version: held.version,
        rows: rows.collect(),
        members,
    })
}

/// What is done to a kind of record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    State,
    Correct,
    /// It never was.
    Strike,
    End,
}

impl Doing {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "state" => Self::State,
            "correct" => Self::Correct,
            "strike" => Self::Strike,
            "end" => Self::End,
            _ => return None,
        })
    }
}

/// Why something was not done: by field; empty = of the form as a whole.
pub type Wrong = Vec<(String, String)>;

/// What came of it: done, or what is wrong with what was written.
pub type Came = Result<(), Wrong>;

fn wrong(ask: &Ask, field: &str, key: &str) -> (String, String) {
    (field.to_owned(), t(ask.lang, key, &[]))
}

async fn write<D: Wire>(
    ask: &Ask,
    of: Id<Of<D>>,
    doing: Doing,
    fields: &Fields,
) -> Result<Came, Failure>
where
    D::Fact: Recorded,
{
    let seen = fields.version(ask)?;
    let (office, actor, now) = (ask.office(), &ask.actor, ask.now);
    let reason = fields.some("reason");
    if doing == Doing::End {
        let Some(on) = fields.day(ask, "from").ok().flatten() else {
            return Ok(Err(vec![wrong(ask, "from", "web-record-day-missing")]));
        };
        let ending = Ending::<D::Fact> {
            subject: of,
            slot: fields.text("slot"),
            on,
            seen,
            reason,
        };
        let done = service::end(office, actor, &ending, now).await;
        return came(ask, done.map(|_| ()));
    }
    if doing == Doing::Strike {
        let correction = Correction::<D::Fact> {
            subject: of,
            row: fields.text("row").parse().map_err(|_| ask.not_found())?,
            right: None,
            seen,
            reason: reason.unwrap_or_default(),
        };
        let done = service::correct(office, actor, &correction, now).await;
        return came(ask, done.map(|_| ()));
    }
    let (fact, validity) = match read::<D>(ask, fields).await? {
        Ok(read) => read,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let done = if doing == Doing::State {
        let entering = Entering {
            subject: of,
            slot: None,
            fact,
            validity,
            seen,
            reason,
        };
        service::record(office, actor, &entering, now).await
    } else {
        let correction = Correction {
            subject: of,
            row: fields.text("row").parse().map_err(|_| ask.not_found())?,
            right: Some((validity, fact)),
            seen,
            reason: reason.unwrap_or_default(),
        };
        service::correct(office, actor, &correction, now).await
    };
    came(ask, done.map(|_| ()))
}

/// What a use case said, by field.
pub fn came(ask: &Ask, done: Result<(), ServiceError>) -> Result<Came, Failure> {
    let Err(error) = done else {
        return Ok(Ok(()));
    };
    let failure = ask.failed(error);
    let problem = failure.problem();
    if !matches!(
        problem.status(),
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
    ) {
        return Err(failure);
    }
    let flaws = problem.flaws().map(|(field, message)| {
        let field = field.rsplit('.').next().unwrap_or_default();
        (field.to_owned(), message.to_owned())
    });
    let flaws: Wrong = flaws.collect();
    Ok(Err(if flaws.is_empty() {
        vec![(String::new(), problem.detail().to_owned())]
    } else {
        flaws
    }))
}

/// The fact and the days of a form.
pub async fn read<D: Wire>(
    ask: &Ask,
    fields: &Fields,
) -> Result<Result<(D::Fact, Validity), Wrong>, Failure> {
    let mut flaws = Wrong::new();
    let mut object = Map::new();
    for member in D::members(ask.lang) {
        let name = format!("m-{}", member.name);
        match value(ask, &member, fields.text(&name)).await {
            Ok(Value::Null) if member.required => {
                flaws.push(wrong(ask, member.name, "web-record-missing"));
            }
            Ok(value) => drop(object.insert(member.name.to_owned(), value)),
            Err(key) => flaws.push(wrong(ask, member.name, key)),
        }
    }
    let from = fields.day(ask, "from").ok().flatten();
    let until = fields.day(ask, "until");
    if from.is_none() {
        flaws.push(wrong(ask, "from", "web-record-day-missing"));
    }
    if until.is_err() {
        flaws.push(wrong(ask, "until", "web-record-day-missing"));
    }
    let (true, Some(from)) = (flaws.is_empty(), from) else {
        return Ok(Err(flaws));
    };
    let odd = || vec![wrong(ask, "", "web-record-odd")];
    let Ok(wire) = serde_json::from_value::<D>(Value::Object(object)) else {
        return Ok(Err(odd()));
    };
    if let Err(errors) = wire.validate() {
        let named = errors.errors().keys();
        let named = named.map(|name| wrong(ask, name, "web-record-odd"));
        return Ok(Err(named.collect()));
    }
    let Some(fact) = wire.take() else {
        return Ok(Err(odd()));
    };
    let validity = Validity {
        from,
        until: until.ok().flatten(),
    };
    Ok(Ok((fact, validity)))
}

/// A member as JSON has it; the key of what is wrong with it otherwise.
async fn value(ask: &Ask, member: &Member, text: &str) -> Result<Value, &'static str> {
    if matches!(member.shape, Shape::Flag) {
        return Ok(Value::Bool(text == "yes"));
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match &member.shape {
        Shape::Number => {
            let number: u32 = text.parse().map_err(|_| "web-record-number")?;
            Ok(number.into())
        }
        Shape::Money => fen(text).map(Value::from).ok_or("web-record-number"),
        Shape::House => {
            let found = institution::with_code(ask.office(), &ask.actor, text, ask.now).await;
            let id = found.map_err(|_| "web-account-no-institution")?;
            Ok(id.to_string().into())
        }
        _ => Ok(text.into()),
    }
}

/// `600` or `600.50` in yuan as hundredths.
fn fen(text: &str) -> Option<i64> {
    let (yuan, rest) = text.split_once('.').unwrap_or((text, ""));
    if rest.len() > 2 || !rest.bytes().all(|one| one.is_ascii_digit()) {
        return None;
    }
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    let yuan: u32 = yuan.parse().ok()?;
    Some(i64::from(yuan) * 100 + rest)
}

/// The kinds of a subject, by what they are called in addresses.
macro_rules! sheets {
    ($keys:ident, $load:ident, $write:ident of $subject:ty: $($shape:ident),+) => {
        fn $keys() -> Vec<(&'static str, Action, Action)> {
            vec![$((
                <<wire::$shape as Wire>::Fact as Shown>::KEY,
                <<wire::$shape as Wire>::Fact as Shown>::READ,
                <<wire::$shape as Wire>::Fact as Recorded>::WRITE,
            )),+]
        }

        async fn $load(ask: &Ask, of: Id<$subject>, key: &str) -> Result<Sheet, Failure> {
            match key {
                $(key if key == <<wire::$shape as Wire>::Fact as Shown>::KEY => {
                    load::<wire::$shape>(ask, of).await
                })+
                _ => Err(ask.not_found()),
            }
        }

        async fn $write(
            ask: &Ask,
            of: Id<$subject>,
            key: &str,
            doing: Doing,
            fields: &Fields,
        ) -> Result<Came, Failure> {
            match key {
                $(key if key == <<wire::$shape as Wire>::Fact as Shown>::KEY => {
                    write::<wire::$shape>(ask, of, doing, fields).await
                })+
                _ => Err(ask.not_found()),
            }
        }
    };
}

sheets! { of_person, load_of_person, write_of_person of Person:
    TitleFact, AppointmentFact, LedgerDecisionFact, LicenceFact, GpRegistrationFact,
    PracticeSite, ServiceSpell, ServiceEvidence, AssessmentFact, HonourFact, TrainingFact,
    AssignmentFact, LeaveFact, SharedEmployment, LeaderTerm, TeamMembership
}

sheets! { of_institution, load_of_institution, write_of_institution of Institution:
    InstitutionProfile, EstablishmentDecision, PostPlan, PlannedBand, PayTotalFact, TeamFact,
    SuccessionFact
}

sheets! { of_doctor, load_of_doctor, write_of_doctor of RuralDoctor:
    RuralDoctorProfile, RegistrationFact, ExaminationFact, PensionFact, MedicalInsuranceFact,
    SubsidyFact
}

sheets! { of_place, load_of_place, write_of_place of Area: PlaceProfile }

/// Where the page of a kind is, and what surrounds it.
struct Place<'a> {
    shell: &'a Shell,
    title: String,
    tabs: Vec<Tab>,
    /// `/people/…/records`
    base: String,
}

fn noun(s: &Shell, key: &str) -> String {
    s.t(format!("web-noun-{}", key.replace('_', "-")))
}

/// What a member is called: where a kind has a word of its own for it, that.
fn member_word(s: &Shell, kind: &str, member: &Member) -> String {
    let own = format!("member-{kind}-{}", member.name).replace('_', "-");
    if has(s.lang, &own) {
        return s.t(own);
    }
    s.t(format!("member-{}", member.name.replace('_', "-")))
}

/// The kinds of a subject.
fn kinds(ask: &Ask, place: Place<'_>, all: Vec<(&'static str, Action, Action)>) -> Html {
    let s = place.shell;
    let heads = [("web-fact-kind", false), ("web-record-may", false)];
    let mut page = TablePage::new(s, place.title, &heads);
    page.tabs = place.tabs;
    page.intro = vec![s.t("web-records-are")];
    let open = all.into_iter().filter(|(_, read, _)| ask.can(*read));
    page.rows = open
        .map(|(key, _, write)| {
            let may = if ask.can(write) { "web-yes" } else { "web-no" };
            let to = s.to(format!("{}/{key}", place.base));
            vec![Cell::link(noun(s, key), to), Cell::text(s.t(may))]
        })
        .collect();
    Ok(super::ask::html(&page))
}

/// A value as people read it.
fn shown(s: &Shell, member: &Member, value: &Value, known: &Known) -> String {
    match (&member.shape, value) {
        (_, Value::Null) => "–".to_owned(),
        (Shape::Flag, value) => s.t(if value == true { "web-yes" } else { "web-no" }),
        (Shape::Words(words), Value::String(key)) => {
            let found = words.iter().find(|(own, _)| own == key);
            found.map_or_else(|| key.clone(), |(_, word)| word.clone())
        }
        (Shape::House, Value::String(id)) => match known.get(id) {
            Some((_, name)) => name.clone(),
            None => "–".to_owned(),
        },
        (Shape::Money, value) => money(value),
        (_, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    }
}

fn money(value: &Value) -> String {
    format::money(value.as_i64().unwrap_or_default())
}

/// Code and name of institutions, by identifier.
type Known = std::collections::HashMap<String, (String, String)>;

/// A value as a field of a form holds it.
fn written(member: &Member, value: &Value, known: &Known) -> String {
    match (&member.shape, value) {
        (_, Value::Null) => String::new(),
        (Shape::Flag, value) => String::from(if value == true { "yes" } else { "" }),
        (Shape::Money, value) => money(value),
        (Shape::House, Value::String(id)) => known
            .get(id)
            .map_or_else(String::new, |(code, _)| code.clone()),
        (_, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    }
}

fn field(s: &Shell, kind: &str, member: &Member, value: Option<&Value>, known: &Known) -> Field {
    let name = format!("m-{}", member.name);
    let input = match &member.shape {
        Shape::Text | Shape::Month | Shape::Area | Shape::House | Shape::Money => Input::Text,
        Shape::Long => Input::Area,
        Shape::Number => Input::Number,
        Shape::Flag => Input::Tick,
        Shape::Day => Input::Day,
        Shape::Words(_) => Input::Choice,
    };
    let mut field = Field::new(name, member_word(s, kind, member), input);
    if let Shape::Words(words) = &member.shape {
        let none = (String::new(), String::new());
        let none = (!member.required || value.is_none()).then_some(none);
        field = field.options(none.into_iter().chain(words.iter().cloned()));
    }
    field.hint = match &member.shape {
        Shape::Month => s.t("web-record-month"),
        Shape::Area => s.t("web-record-area"),
        Shape::House => s.t("web-record-house"),
        Shape::Money => s.t("web-record-money"),
        _ => String::new(),
    };
    if let Some(value) = value {
        field = field.value(written(member, value, known));
    }
    field.required = member.required && !matches!(member.shape, Shape::Flag);
    field
}

/// The rows of a kind, and the forms for it.
async fn show(
    ask: &Ask,
    place: Place<'_>,
    sheet: &Sheet,
    refused: &Refused,
    flaws: &[(String, String)],
) -> Html {
    let s = place.shell;
    let known = houses(ask).await?;
    let known: Known = known
        .into_iter()
        .map(|(id, one)| (id.to_string(), one))
        .collect();
    let title = format!("{} · {}", place.title, noun(s, sheet.key));
    let mut page = TablePage::new(s, title, &[]);
    page.tabs = place.tabs;
    page.empty = s.t("web-record-none");
    let members = sheet.members.iter();
    let heads = members.map(|member| member_word(s, sheet.key, member));
    page.heads = heads.map(|head| (head, false)).collect();
    page.heads.push((s.t("web-record-days"), false));
    let base = format!("{}/{}", place.base, sheet.key);
    if ask.can(sheet.write) || ask.can(sheet.end) {
        page.heads.push((s.t("web-record-may"), false));
    }
    let (may, may_end) = (ask.can(sheet.write), ask.can(sheet.end));
    page.rows = sheet
        .rows
        .iter()
        .map(|row| {
            let cells = sheet.members.iter().zip(&row.values);
            let cells = cells.map(|(member, value)| Cell::text(shown(s, member, value, &known)));
            let from = row.from.to_string();
            let days = match row.until {
                Some(until) => s.xy("web-holds-until", from, until.to_string()),
                None => s.x("web-holds-from", from),
            };
            let change = (may || may_end).then(|| {
                let to = s.with(&base, &[("row", &row.id)]);
                Cell::link(s.t("web-record-change"), to)
            });
            cells.chain([Cell::day(days)]).chain(change).collect()
        })
        .collect();
    let chosen = ask.asked("row").or_else(|| {
        let given = refused.given.iter().find(|(name, _)| name == "row");
        given.map(|(_, row)| row.clone())
    });
    let row = sheet
        .rows
        .iter()
        .find(|row| Some(&row.id) == chosen.as_ref());
    let mut deeds = Vec::new();
    match row {
        Some(row) => {
            if may {
                let title = s.t("web-record-correct");
                let deed = Deed::new("correct", format!("{base}/correct"), title);
                deeds.push(filled(s, deed, sheet, Some(row), &known));
                let title = s.t("web-record-strike");
                let mut deed = Deed::new("strike", format!("{base}/strike"), title);
                deed.loses = s.t("web-record-strike-loses");
                deeds.push(reasoned(s, deed.hidden("row", &row.id), true));
            }
            if may_end {
                let title = s.t("web-record-end");
                let mut deed = Deed::new("end", format!("{base}/end"), title);
                deed.loses = s.t("web-record-end-loses");
                let on = Field::new("from", s.t("web-record-end-on"), Input::Day);
                let deed = deed.hidden("slot", &row.slot).hidden("row", &row.id);
                deeds.push(reasoned(s, deed.field(on.required()), false));
            }
            if let Some(first) = deeds.first_mut() {
                first.open = true;
            }
        }
        None if may => {
            let deed = Deed::new("state", format!("{base}/state"), s.t("web-record-state"));
            deeds.push(filled(s, deed, sheet, None, &known));
        }
        None => {}
    }
    page.deeds = deeds
        .into_iter()
        .map(|deed| {
            flawed(
                deed.hidden("version", sheet.version.number())
                    .refused(refused),
                flaws,
            )
        })
        .collect();
    page.intro.extend(refused.elsewhere(&page.deeds));
    let status = super::fields::status(refused);
    Ok(with_status(status, &page))
}

/// A form with a field for each member, and the days.
fn filled(s: &Shell, mut deed: Deed, sheet: &Sheet, row: Option<&Row>, known: &Known) -> Deed {
    for (at, member) in sheet.members.iter().enumerate() {
        let value = row.and_then(|row| row.values.get(at));
        deed = deed.field(field(s, sheet.key, member, value, known));
    }
    let from = row.map_or(s.today, |row| row.from);
    let from = Field::new("from", s.t("web-record-from"), Input::Day).value(from);
    let until = row.and_then(|row| row.until);
    let until = until.map(|day| day.to_string()).unwrap_or_default();
    let until = Field::new("until", s.t("web-record-until"), Input::Day).value(until);
    deed = deed.field(from.required());
    deed = deed.field(until.hint(s.t("web-record-until-is")));
    match row {
        Some(row) => reasoned(s, deed.hidden("row", &row.id), true),
        None => reasoned(s, deed, false),
    }
}

/// The form for a file that begins: a field for each member of its first record.
pub fn beginning<D: Wire>(s: &Shell, mut deed: Deed) -> Deed {
    for member in D::members(s.lang) {
        let kind = <D::Fact as Shown>::KEY;
        deed = deed.field(field(s, kind, &member, None, &Known::new()));
    }
    let from = Field::new("from", s.t("web-record-from"), Input::Day).value(s.today);
    reasoned(s, deed.field(from.required()), false)
}

fn reasoned(s: &Shell, deed: Deed, required: bool) -> Deed {
    let mut reason = Field::new("reason", s.t("web-change-reason"), Input::Text);
    reason.required = required;
    deed.field(reason)
}

/// With what is wrong beside the fields that it is about.
pub fn flawed(mut deed: Deed, flaws: &[(String, String)]) -> Deed {
    if !deed.open {
        return deed;
    }
    for field in &mut deed.fields {
        let name = field.name.strip_prefix("m-").unwrap_or(&field.name);
        let own = flaws.iter().find(|(of, _)| of == name);
        if let Some((_, message)) = own {
            field.wrong.clone_from(message);
        }
    }
    deed
}

/// What a person's page says of records.
#[handler]
pub async fn kinds_of_person(ask: Ask, Path(id): Path<String>) -> Html {
    let (shell, id, head) = person::seen(&ask, &id).await?;
    let place = person_place(&shell, id, &head);
    kinds(&ask, place, of_person())
}

/// The page of a kind stands below the page of all kinds.
fn on_records(mut tabs: Vec<Tab>) -> Vec<Tab> {
    for tab in &mut tabs {
        tab.current = tab
            .href
            .split('?')
            .next()
            .is_some_and(|href| href.ends_with("/records"));
    }
    tabs
}

fn person_place<'a>(
    shell: &'a Shell,
    id: Id<Person>,
    head: &crate::view::person::Head,
) -> Place<'a> {
    Place {
        shell,
        title: head.name.clone(),
        tabs: on_records(crate::view::person::tabs(shell, id)),
        base: format!("/people/{id}/records"),
    }
}

#[handler]
pub async fn of_person_page(ask: Ask, Path((id, key)): Path<(String, String)>) -> Html {
    let (shell, id, head) = person::seen(&ask, &id).await?;
    let sheet = load_of_person(&ask, id, &key).await?;
    let place = person_place(&shell, id, &head);
    show(&ask, place, &sheet, &Refused::default(), &[]).await
}

#[handler]
pub async fn write_person(
    ask: Ask,
    Path((id, key, doing)): Path<(String, String, String)>,
    fields: Fields,
) -> Html {
    let made = Doing::read(&doing).ok_or_else(|| ask.not_found())?;
    let of: Id<Person> = id.parse().map_err(|_| ask.not_found())?;
    match write_of_person(&ask, of, &key, made, &fields).await? {
        Ok(()) => Ok(to(&format!("/people/{of}/records/{key}?told=recorded"))),
        Err(flaws) => {
            let (shell, id, head) = person::seen(&ask, &id).await?;
            let shell = shell.at_path(format!("/people/{id}/records/{key}"));
            let sheet = load_of_person(&ask, id, &key).await?;
            let place = person_place(&shell, id, &head);
            let refused = fields.refused(&doing, said(&sheet, &flaws));
            show(&ask, place, &sheet, &refused, &flaws).await
        }
    }
}

/// What is wrong, and with no field of the form.
fn said(sheet: &Sheet, flaws: &[(String, String)]) -> Vec<String> {
    let own = |name: &str| {
        let days = ["from", "until", "reason"];
        days.contains(&name) || sheet.members.iter().any(|member| member.name == name)
    };
    let others = flaws.iter().filter(|(name, _)| !own(name));
    others.map(|(_, message)| message.clone()).collect()
}

/// The same of an institution.
#[handler]
pub async fn kinds_of_institution(ask: Ask, Path(code): Path<String>) -> Html {
    let seen = house::seen(&ask, &code, "records").await?;
    kinds(&ask, house_place(&seen), of_institution())
}

fn house_place(seen: &house::Seen) -> Place<'_> {
    let code = escaped(&seen.listed.code);
    Place {
        shell: &seen.shell,
        title: seen.head.name.clone(),
        tabs: crate::view::institution::Head::new(
            &seen.shell,
            &seen.listed.code,
            &seen.listed.profile,
            "records",
        )
        .tabs,
        base: format!("/institutions/{code}/records"),
    }
}

#[handler]
pub async fn of_institution_page(ask: Ask, Path((code, key)): Path<(String, String)>) -> Html {
    let seen = house::seen(&ask, &code, "records").await?;
    let sheet = load_of_institution(&ask, seen.listed.id, &key).await?;
    show(&ask, house_place(&seen), &sheet, &Refused::default(), &[]).await
}

#[handler]
pub async fn write_institution(
    ask: Ask,
    Path((code, key, doing)): Path<(String, String, String)>,
    fields: Fields,
) -> Html {
    let made = Doing::read(&doing).ok_or_else(|| ask.not_found())?;
    let of = institution::with_code(ask.office(), &ask.actor, &code, ask.now).await;
    let of = ask.done(of)?;
    match write_of_institution(&ask, of, &key, made, &fields).await? {
        Ok(()) => {
            let code = escaped(&code);
            Ok(to(&format!(
                "/institutions/{code}/records/{key}?told=recorded"
            )))
        }
        Err(flaws) => {
            let mut seen = house::seen(&ask, &code, "records").await?;
            let path = format!("/institutions/{}/records/{key}", escaped(&code));
            seen.shell = seen.shell.at_path(path);
            let sheet = load_of_institution(&ask, of, &key).await?;
            let refused = fields.refused(&doing, said(&sheet, &flaws));
            show(&ask, house_place(&seen), &sheet, &refused, &flaws).await
        }
    }
}

/// The same of a rural doctor.
#[handler]
pub async fn kinds_of_doctor(ask: Ask, Path(id): Path<String>) -> Html {
    let (shell, one) = land::seen(&ask, &id).await?;
    kinds(&ask, doctor_place(&shell, &one), of_doctor())
}

fn doctor_place<'a>(shell: &'a Shell, one: &Doctor) -> Place<'a> {
    Place {
        shell,
        title: one.profile.name.clone(),
        tabs: on_records(crate::view::land::tabs(shell, one.id)),
        base: format!("/rural-doctors/{}/records", one.id),
    }
}

#[handler]
pub async fn of_doctor_page(ask: Ask, Path((id, key)): Path<(String, String)>) -> Html {
    let (shell, one) = land::seen(&ask, &id).await?;
    let sheet = load_of_doctor(&ask, one.id, &key).await?;
    let place = doctor_place(&shell, &one);
    show(&ask, place, &sheet, &Refused::default(), &[]).await
}

#[handler]
pub async fn write_doctor(
    ask: Ask,
    Path((id, key, doing)): Path<(String, String, String)>,
    fields: Fields,
) -> Html {
    let made = Doing::read(&doing).ok_or_else(|| ask.not_found())?;
    let of: Id<RuralDoctor> = id.parse().map_err(|_| ask.not_found())?;
    let fields = from_payment(fields);
    match write_of_doctor(&ask, of, &key, made, &fields).await? {
        Ok(()) => {
            // what was begun on the page of the doctor ends there
            let back = match fields.text("back") {
                "page" => String::new(),
                _ => format!("/records/{key}"),
            };
            Ok(to(&format!("/rural-doctors/{of}{back}?told=recorded")))
        }
        Err(flaws) => {
            let (shell, one) = land::seen(&ask, &id).await?;
            let shell = shell.at_path(format!("/rural-doctors/{id}/records/{key}"));
            let sheet = load_of_doctor(&ask, of, &key).await?;
            let refused = fields.refused(&doing, said(&sheet, &flaws));
            show(&ask, doctor_place(&shell, &one), &sheet, &refused, &flaws).await
        }
    }
}

/// A subsidy holds as paid from the day of the payment on, where nothing else is written.
fn from_payment(fields: Fields) -> Fields {
    let mut pairs: Vec<(String, String)> = fields
        .pairs()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    if fields.some("from").is_none()
        && let Some(day) = fields.some("m-paid_on")
    {
        pairs.push(("from".to_owned(), day.to_owned()));
    }
    Fields::of(pairs)
}

/// The same of a place.
#[handler]
pub async fn kinds_of_place(ask: Ask, Path(code): Path<String>) -> Html {
    let (shell, one) = area::seen(&ask, &code).await?;
    kinds(&ask, area_place(&shell, &one), of_place())
}

fn area_place<'a>(shell: &'a Shell, one: &Listed) -> Place<'a> {
    Place {
        shell,
        title: one.profile.name.clone(),
        tabs: on_records(crate::view::place::tabs(shell, one.code)),
        base: format!("/places/{}/records", one.code),
    }
}

#[handler]
pub async fn of_place_page(ask: Ask, Path((code, key)): Path<(String, String)>) -> Html {
    let (shell, one) = area::seen(&ask, &code).await?;
    let sheet = load_of_place(&ask, one.id, &key).await?;
    show(
        &ask,
        area_place(&shell, &one),
        &sheet,
        &Refused::default(),
        &[],
    )
    .await
}

#[handler]
pub async fn write_place(
    ask: Ask,
    Path((code, key, doing)): Path<(String, String, String)>,
    fields: Fields,
) -> Html {
    let made = Doing::read(&doing).ok_or_else(|| ask.not_found())?;
    let of = crate::service::place::with_code(ask.office(), &ask.actor, &code, ask.now).await;
    let of = ask.done(of)?;
    match write_of_place(&ask, of, &key, made, &fields).await? {
        Ok(()) => Ok(to(&format!("/places/{code}/records/{key}?told=recorded"))),
        Err(flaws) => {
            let (shell, one) = area::seen(&ask, &code).await?;
            let shell = shell.at_path(format!("/places/{code}/records/{key}"));
            let sheet = load_of_place(&ask, of, &key).await?;
            let refused = fields.refused(&doing, said(&sheet, &flaws));
            show(&ask, area_place(&shell, &one), &sheet, &refused, &flaws).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn money_is_read_in_yuan() {
        assert_eq!(fen("600"), Some(60_000));
        assert_eq!(fen("600.5"), Some(60_050));
        assert_eq!(fen("600.05"), Some(60_005));
        for wrong in ["", "-1", "1.234", "x", "1.x"] {
            assert_eq!(fen(wrong), None, "{wrong}");
        }
        assert_eq!(money(&Value::from(60_005)), "600.05");
    }

    #[test]
    fn every_member_has_a_word() {
        fn check<D: Wire>() {
            for lang in [Lang::ZhCn, Lang::En] {
                for member in D::members(lang) {
                    let key = format!("member-{}", member.name.replace('_', "-"));
                    assert!(has(lang, &key), "{key}");
                    if let Shape::Words(words) = member.shape {
                        assert!(
                            words.iter().all(|(_, word)| !word.contains("word-")),
                            "{key}: {words:?}"
                        );
                    }
                }
                let noun = <D::Fact as Shown>::KEY.replace('_', "-");
                assert!(has(lang, &format!("web-noun-{noun}")), "{noun}");
            }
        }
        macro_rules! all {
            ($($shape:ident),+) => { $(check::<wire::$shape>();)+ };
        }
        all!(
            TitleFact,
            AppointmentFact,
            LedgerDecisionFact,
            LicenceFact,
            GpRegistrationFact,
            PracticeSite,
            ServiceSpell,
            ServiceEvidence,
            AssessmentFact,
            HonourFact,
            TrainingFact,
            AssignmentFact,
            LeaveFact,
            SharedEmployment,
            LeaderTerm,
            TeamMembership,
            InstitutionProfile,
            EstablishmentDecision,
            PostPlan,
            PlannedBand,
            PayTotalFact,
            TeamFact,
            SuccessionFact,
            RuralDoctorProfile,
            RegistrationFact,
            ExaminationFact,
            PensionFact,
            MedicalInsuranceFact,
            SubsidyFact,
            PlaceProfile
        );
    }
}
