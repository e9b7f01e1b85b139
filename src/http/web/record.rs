//! What is recorded of a person or an institution, one kind at a time: stated, corrected
//! and ended by one form, which is made of the members of the kind.

use super::ask::{Ask, Html, with_status};
use super::fields::Fields;
use super::members::{self, Came, Known, Wrong, beside, came, known, messages, wrong};
use super::staff::mobile;
use super::{institution as house, land, person, place as area, to};
use crate::domain::absence::Departure;
use crate::domain::employment::Employed;
use crate::domain::institution::Institution;
use crate::domain::place::Place as Area;
use crate::domain::record::{Id, Validity, Version};
use crate::domain::rights::Action;
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::staff::{Person, Profile};
use crate::domain::time::Date;
use crate::http::api::wire::{self, MemberOf as Member, Wire};
use crate::http::problem::Failure;
use crate::service::place::{self, Listed};
use crate::service::record::{
    self as service, Correction, Ending, Entering, Noun, Recorded, Shown,
};
use crate::service::rural_doctor::Doctor;
use crate::service::{institution, staff};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::format::escaped;
use crate::view::institution::Tab;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;
use serde_json::Value;

type Of<D> = <<D as Wire>::Fact as Noun>::Subject;

/// A kind of record of one subject.
struct Sheet {
    key: &'static str,
    write: Action,
    end: Action,
    /// It holds without an end.
    lasts: bool,
    members: Vec<Member>,
    version: Version,
    rows: Vec<Row>,
}

impl Sheet {
    /// The row of a kind of which a subject has one at a time.
    fn only(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.slot.is_empty())
    }

    /// Whether that is done here, and whoever asks may do it.
    fn may(&self, ask: &Ask, doing: Doing) -> bool {
        let action = if doing == Doing::End {
            self.end
        } else {
            self.write
        };
        // where somebody works begins with an engagement; here it changes
        let begins = self.key == EMPLOYMENT && self.only().is_none();
        offered(self.key).contains(&doing) && ask.can(action) && !(doing == Doing::State && begins)
    }
}

const PROFILE: &str = <Profile as Shown>::KEY;
const EMPLOYMENT: &str = <Employed as Shown>::KEY;
const DEPARTURE: &str = <Departure as Shown>::KEY;

/// What is done to a kind on its own page. Whoever leaves or moves ends more than one kind:
/// that has a page of its own, and what was wrong with it is corrected here.
fn offered(key: &str) -> &'static [Doing] {
    use Doing::{Correct, End, State, Strike};
    match key {
        PROFILE => &[State, Correct],
        EMPLOYMENT => &[State, Correct, Strike],
        DEPARTURE => &[Correct, Strike],
        _ => &[State, Correct, Strike, End],
    }
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
        lasts: <D::Fact as Recorded>::LASTS,
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

async fn write<D: Wire>(
    ask: &Ask,
    of: Id<Of<D>>,
    doing: Doing,
    fields: &Fields,
) -> Result<Came<()>, Failure>
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
    let (fact, validity) = match read::<D>(ask, fields).await {
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

/// The same of a profile: the telephone number is sealed, and stays where no other is given.
async fn write_profile(
    ask: &Ask,
    person: Id<Person>,
    doing: Doing,
    fields: &Fields,
) -> Result<Came<()>, Failure> {
    let seen = fields.version(ask)?;
    let (office, actor, now) = (ask.office(), &ask.actor, ask.now);
    let reason = fields.some("reason");
    let (profile, validity) = match read::<wire::PersonProfile>(ask, fields).await {
        Ok(read) => read,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let editing = staff::Editing {
        person,
        profile,
        mobile: mobile(fields),
        from: validity.from,
        seen,
        reason,
    };
    let done = if doing == Doing::State {
        staff::edit(office, actor, &editing, now).await
    } else {
        let row = fields.text("row").parse().map_err(|_| ask.not_found())?;
        staff::correct(office, actor, &editing, row, now).await
    };
    came(ask, done.map(|_| ()))
}

/// The fact and the days of a form.
async fn read<D: Wire>(ask: &Ask, fields: &Fields) -> Result<(D::Fact, Validity), Wrong> {
    let mut flaws = Wrong::new();
    let fact = members::read::<D>(ask, fields, &mut flaws).await;
    let from = members::day(ask, fields, "from", &mut flaws);
    let until = fields.day(ask, "until");
    if until.is_err() {
        flaws.push(wrong(ask, "until", "web-record-day-missing"));
    }
    match (fact, from, until) {
        (Some(fact), Some(from), Ok(until)) => Ok((fact, Validity { from, until })),
        _ => Err(flaws),
    }
}

/// The kinds of a subject, by what they are called in addresses.
macro_rules! sheets {
    ($keys:ident, $load:ident, $write:ident of $subject:ty:
        $($shape:ident $(by $own:ident)?),+) => {
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
        ) -> Result<Came<()>, Failure> {
            match key {
                $(key if key == <<wire::$shape as Wire>::Fact as Shown>::KEY => {
                    sheets!(@write $shape $($own)?)(ask, of, doing, fields).await
                })+
                _ => Err(ask.not_found()),
            }
        }
    };
    (@write $shape:ident) => { write::<wire::$shape> };
    (@write $shape:ident $own:ident) => { $own };
}

sheets! { of_person, load_of_person, write_of_person of Person:
    PersonProfile by write_profile, EmploymentFact, ContractFact, TitleFact, AppointmentFact, LedgerDecisionFact, LicenceFact, GpRegistrationFact,
    PracticeSite, ServiceSpell, ServiceEvidence, AssessmentFact, HonourFact, TrainingFact,
    AssignmentFact, LeaveFact, SharedEmployment, LeaderTerm, TeamMembership,
    PhysicianAssessmentFact, DepartureFact
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

/// The rows of a kind, and the forms for it.
async fn show(
    ask: &Ask,
    place: Place<'_>,
    sheet: &Sheet,
    refused: &Refused,
    flaws: &[(String, String)],
) -> Html {
    let s = place.shell;
    let known = known(ask).await?;
    let title = format!("{} · {}", place.title, noun(s, sheet.key));
    let mut page = TablePage::new(s, title, &[]);
    page.tabs = place.tabs;
    page.empty = s.t("web-record-none");
    let base = format!("{}/{}", place.base, sheet.key);
    listed(ask, &mut page, sheet, &base, &known);
    let chosen = ask.asked("row").or_else(|| {
        let given = refused.given.iter().find(|(name, _)| name == "row");
        given.map(|(_, row)| row.clone())
    });
    let row = sheet
        .rows
        .iter()
        .find(|row| Some(&row.id) == chosen.as_ref());
    let mut deeds: Vec<Deed> = match row {
        Some(row) => [Doing::Correct, Doing::Strike, Doing::End]
            .into_iter()
            .filter(|doing| sheet.may(ask, *doing))
            .map(|doing| deed_of(s, sheet, row, doing, &base, &known))
            .collect(),
        None if sheet.may(ask, Doing::State) => vec![stated(s, sheet, &base, &known)],
        None => Vec::new(),
    };
    if let Some(first) = deeds.first_mut() {
        first.open = row.is_some();
    }
    page.deeds = deeds
        .into_iter()
        .map(|deed| {
            let deed = deed.hidden("version", sheet.version.number());
            beside(s, deed, refused, flaws)
        })
        .collect();
    page.intro.extend(refused.elsewhere(&page.deeds));
    let status = super::fields::status(refused);
    Ok(with_status(status, &page))
}

/// More members than fit beside each other: those of the only row stand below each other.
const BESIDE: usize = 8;

/// The rows of a kind as a table.
fn listed(ask: &Ask, page: &mut TablePage<'_>, sheet: &Sheet, base: &str, known: &Known) {
    let s = page.s;
    let doings = offered(sheet.key).iter().copied();
    let doings = doings.filter(|doing| *doing != Doing::State && sheet.may(ask, *doing));
    let word = match doings.collect::<Vec<_>>().as_slice() {
        [] => None,
        may if may.contains(&Doing::End) => Some("web-record-change"),
        _ => Some("web-record-correct"),
    };
    let mut names: Vec<String> = sheet
        .members
        .iter()
        .map(|member| members::word(s, sheet.key, member))
        .collect();
    names.push(s.t("web-record-days"));
    names.extend(word.map(|_| s.t("web-record-may")));
    let cells = |row: &Row| -> Vec<Cell> {
        let cells = sheet.members.iter().zip(&row.values);
        let cells = cells.map(|(member, value)| members::shown(s, member, value, known));
        let from = row.from.to_string();
        let days = match row.until {
            Some(until) => s.xy("web-holds-until", from, until.to_string()),
            None => s.x("web-holds-from", from),
        };
        let change = word.map(|word| {
            let to = s.with(base, &[("row", &row.id)]);
            Cell::link(s.t(word), to)
        });
        let cells = cells.map(Cell::text).chain([Cell::day(days)]);
        cells.chain(change).collect()
    };
    match sheet.only().filter(|_| sheet.members.len() > BESIDE) {
        Some(row) => {
            let heads = ["web-record-member", "web-record-value"];
            page.heads = heads.map(|key| (s.t(key), false)).to_vec();
            let rows = names.into_iter().map(Cell::text).zip(cells(row));
            let rows = rows.map(|(name, cell)| vec![name.class("pair"), cell.class("pair")]);
            page.rows = rows.collect();
        }
        None => {
            page.heads = names.into_iter().map(|head| (head, false)).collect();
            page.rows = sheet.rows.iter().map(cells).collect();
        }
    }
}

/// What is done to one row.
fn deed_of(s: &Shell, sheet: &Sheet, row: &Row, doing: Doing, base: &str, known: &Known) -> Deed {
    match doing {
        Doing::Strike => {
            let to = s.to(format!("{base}/strike"));
            let mut deed = Deed::new("strike", to, s.t("web-record-strike"));
            deed.loses = s.t("web-record-strike-loses");
            reasoned(s, deed.hidden("row", &row.id), true)
        }
        Doing::End => {
            let to = s.to(format!("{base}/end"));
            let mut deed = Deed::new("end", to, s.t("web-record-end"));
            deed.loses = s.t("web-record-end-loses");
            let on = Field::new("from", s.t("web-record-end-on"), Input::Day);
            let deed = deed.hidden("slot", &row.slot).hidden("row", &row.id);
            reasoned(s, deed.field(on.required()), false)
        }
        Doing::State | Doing::Correct => {
            let to = s.to(format!("{base}/correct"));
            let deed = Deed::new("correct", to, s.t("web-record-correct"));
            let deed = filled(s, deed, sheet, Some(row), known).hidden("row", &row.id);
            let deed = days(s, deed, sheet, row.from, row.until);
            reasoned(s, deed, true)
        }
    }
}

/// A new statement: beside the others, or instead of the only one from a day on.
fn stated(s: &Shell, sheet: &Sheet, base: &str, known: &Known) -> Deed {
    let only = sheet.only();
    let title = if only.is_some() {
        "web-record-alter"
    } else {
        "web-record-state"
    };
    let deed = Deed::new("state", s.to(format!("{base}/state")), s.t(title));
    let mut deed = filled(s, deed, sheet, only, known);
    if sheet.key == EMPLOYMENT {
        // whoever goes elsewhere moves or leaves: more than this ends with it
        let at = deed
            .fields
            .iter()
            .position(|one| one.name == "m-institution");
        let house = at.map(|at| deed.fields.remove(at).value);
        deed = deed.hidden("m-institution", house.unwrap_or_default());
        deed.hint = s.t("web-record-alter-employment");
    }
    reasoned(s, days(s, deed, sheet, s.today, None), false)
}

/// A form with a field for each member.
fn filled(s: &Shell, mut deed: Deed, sheet: &Sheet, row: Option<&Row>, known: &Known) -> Deed {
    for (at, member) in sheet.members.iter().enumerate() {
        let value = row.and_then(|row| row.values.get(at));
        deed = deed.field(members::field(s, sheet.key, member, value, known));
    }
    if sheet.key == PROFILE {
        let mobile = Field::new("mobile", s.t("web-mobile-new"), Input::Private);
        deed = deed.field(mobile.hint(s.t("web-mobile-stays")));
    }
    deed
}

/// The days for which it holds.
fn days(s: &Shell, deed: Deed, sheet: &Sheet, from: Date, until: Option<Date>) -> Deed {
    let from = Field::new("from", s.t("web-record-from"), Input::Day).value(from);
    let deed = deed.field(from.required());
    let until = until.map(|day| day.to_string()).unwrap_or_default();
    if sheet.lasts {
        return deed.hidden("until", until);
    }
    let field = Field::new("until", s.t("web-record-until"), Input::Day).value(until);
    deed.field(field.hint(s.t("web-record-until-is")))
}

fn reasoned(s: &Shell, deed: Deed, required: bool) -> Deed {
    let mut reason = Field::new("reason", s.t("web-change-reason"), Input::Text);
    reason.required = required;
    deed.field(reason)
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
    let made = Doing::read(&doing).filter(|made| offered(&key).contains(made));
    let made = made.ok_or_else(|| ask.not_found())?;
    let of: Id<Person> = id.parse().map_err(|_| ask.not_found())?;
    match write_of_person(&ask, of, &key, made, &fields).await? {
        Ok(()) => Ok(to(&written(&ask, of, &key).await)),
        Err(flaws) => {
            let (shell, id, head) = person::seen(&ask, &id).await?;
            let shell = shell.at_path(format!("/people/{id}/records/{key}"));
            let sheet = load_of_person(&ask, id, &key).await?;
            let place = person_place(&shell, id, &head);
            let refused = fields.refused(&doing, messages(&flaws));
            show(&ask, place, &sheet, &refused, &flaws).await
        }
    }
}

/// Where one is led after something was written of a person; to the list, where the file
/// lies nowhere any more: the only employment was struck out.
async fn written(ask: &Ask, of: Id<Person>, key: &str) -> String {
    match staff::find(ask.office(), &ask.actor, of, ask.when(), ask.now).await {
        Ok(_) => ask.told(&format!("/people/{of}/records/{key}"), "recorded"),
        Err(_) => ask.told("/people", "recorded"),
    }
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
    let made = Doing::read(&doing).filter(|made| offered(&key).contains(made));
    let made = made.ok_or_else(|| ask.not_found())?;
    let of = institution::with_code(ask.office(), &ask.actor, &code, ask.now).await;
    let of = ask.done(of)?;
    match write_of_institution(&ask, of, &key, made, &fields).await? {
        Ok(()) => {
            let place = format!("/institutions/{}/records/{key}", escaped(&code));
            Ok(to(&ask.told(&place, "recorded")))
        }
        Err(flaws) => {
            let mut seen = house::seen(&ask, &code, "records").await?;
            let path = format!("/institutions/{}/records/{key}", escaped(&code));
            seen.shell = seen.shell.at_path(path);
            let sheet = load_of_institution(&ask, of, &key).await?;
            let refused = fields.refused(&doing, messages(&flaws));
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
            let place = format!("/rural-doctors/{of}{back}");
            Ok(to(&ask.told(&place, "recorded")))
        }
        Err(flaws) => {
            let (shell, one) = land::seen(&ask, &id).await?;
            let shell = shell.at_path(format!("/rural-doctors/{id}/records/{key}"));
            let sheet = load_of_doctor(&ask, of, &key).await?;
            let refused = fields.refused(&doing, messages(&flaws));
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
    if !area::reads_records(&ask) {
        return Err(ask.not_found());
    }
    let (shell, one) = area::seen(&ask, &code).await?;
    kinds(&ask, area_place(&shell, &one), of_place())
}

fn area_place<'a>(shell: &'a Shell, one: &Listed) -> Place<'a> {
    Place {
        shell,
        title: one.profile.name.clone(),
        tabs: on_records(crate::view::place::tabs(shell, one.code, true)),
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
    let of = place::with_code(ask.office(), &ask.actor, &code, ask.now).await;
    let of = ask.done(of)?;
    let page = format!("/places/{}/records/{key}", escaped(&code));
    match write_of_place(&ask, of, &key, made, &fields).await? {
        Ok(()) => Ok(to(&ask.told(&page, "recorded"))),
        Err(flaws) => {
            let (shell, one) = area::seen(&ask, &code).await?;
            let shell = shell.at_path(page);
            let sheet = load_of_place(&ask, of, &key).await?;
            let refused = fields.refused(&doing, messages(&flaws));
            show(&ask, area_place(&shell, &one), &sheet, &refused, &flaws).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::api::wire::Shape;
    use crate::i18n::{Lang, has};

    #[test]
    fn every_member_has_a_word() {
        fn check<D: Wire>() {
            for lang in [Lang::ZhCn, Lang::En] {
                for member in D::members(lang) {
                    let name = member.name.replace('_', "-");
                    let noun = <D::Fact as Shown>::KEY.replace('_', "-");
                    let own = format!("member-{noun}-{name}");
                    let key = format!("member-{name}");
                    assert!(has(lang, &own) || has(lang, &key), "{own}");
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
            PersonProfile,
            EmploymentFact,
            ContractFact,
            PhysicianAssessmentFact,
            DepartureFact,
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
