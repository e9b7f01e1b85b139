//! Staff: people come, move and leave. Each is one form that changes records of several kinds
//! at once.

use super::ask::{Ask, Html, with_status};
use super::fields::{Fields, status};
use super::members::{self, Came, Known, Wrong, beside, came, chosen_house, day, messages, wrong};
use super::{person, to};
use crate::domain::absence::Departure;
use crate::domain::appointment::{Appointment, LedgerDecision};
use crate::domain::employment::{Contract, Employed, Shared};
use crate::domain::ids::{NationalId, NationalIdFault};
use crate::domain::leader::Term;
use crate::domain::record::Version;
use crate::domain::record_id::PersonId;
use crate::domain::rights::Action;
use crate::domain::staff::{Employment, Person};
use crate::domain::team::{Membership, Team};
use crate::domain::time::Date;
use crate::domain::title::Rank;
use crate::http::api::wire::{DepartureFact, EmploymentFact, PersonProfile};
use crate::http::problem::Failure;
use crate::i18n::{Arg, t};
use crate::service::record::{self, Dated, Shown};
use crate::service::staff::{self, Engaging, Leaving, Mobile, Transferring};
use crate::service::{ServiceError, eligibility};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::format::query;
use crate::view::person::{post_rank, tabs};
use crate::view::staff as view;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;

/// Characters of an identity number.
const NUMBER: usize = 18;

/// Somebody comes.
#[handler]
pub async fn coming_page(ask: Ask) -> Html {
    coming(&ask, &Refused::default(), &[]).await
}

async fn coming(ask: &Ask, refused: &Refused, flaws: &[(String, String)]) -> Html {
    ask.permitted(Action::EditPerson)?;
    let known = members::known(ask).await?;
    let title = t(ask.lang, "web-menu-people", &[]);
    let shell = ask.shell().await?.crumb(title, "/people").undated();
    let shell = shell.at_path("/people/new");
    let s = &shell;
    let groups = [
        ("web-coming-who", who(s, &known)),
        ("web-coming-where", at(ask, s, known.clone())),
        ("web-coming-work", work(s, &known)),
    ];
    let mut deed = Deed::new("engage", "/people", s.t("web-coming-do"));
    let mut lengths = Vec::new();
    for (title, fields) in groups {
        lengths.push((s.t(title), fields.len()));
        for field in fields {
            deed = deed.field(field);
        }
    }
    let mut deed = beside(s, deed, refused, flaws);
    let written = hidden_number(s, &mut deed);
    let mut fields = deed.fields.drain(..);
    let groups: Vec<_> = lengths
        .into_iter()
        .map(|(title, length)| (title, fields.by_ref().take(length).collect()))
        .collect();
    drop(fields);
    let page = view::Coming {
        s,
        deed,
        groups,
        there: there(ask, s, &written, flaws).await,
    };
    Ok(with_status(status(refused), &page))
}

/// Who comes: the number, the name and how they are reached.
fn who(s: &Shell, known: &Known) -> Vec<Field> {
    let number = Field::new("id_number", s.t("web-coming-number"), Input::Private);
    let number = number.required().hint(s.t("web-coming-number-is"));
    let mobile = Field::new("mobile", s.t("web-mobile"), Input::Private);
    let profile = members::fields::<PersonProfile>(s, None, known);
    let own = profile.into_iter().filter(is_own);
    std::iter::once(number).chain(own).chain([mobile]).collect()
}

/// Whether a member of the profile says who somebody is, not what they do.
fn is_own(field: &Field) -> bool {
    ["m-name", "m-email"].contains(&field.name.as_str())
}

/// What is known of somebody's work from elsewhere.
fn work(s: &Shell, known: &Known) -> Vec<Field> {
    let profile = members::fields::<PersonProfile>(s, None, known);
    profile.into_iter().filter(|field| !is_own(field)).collect()
}

/// Where somebody comes to, on what footing, and from which day on.
fn at(ask: &Ask, s: &Shell, known: Known) -> Vec<Field> {
    let mut fields = members::fields::<EmploymentFact>(s, None, &known);
    let houses: Vec<_> = known.into_values().collect();
    let asked = ask.asked("institution").unwrap_or_default();
    fields = with_houses(fields, houses, &asked);
    let from = Field::new("from", s.t("web-coming-from"), Input::Day);
    fields.push(from.required().value(s.today));
    fields.push(reason(s));
    fields
}

/// With the institution to be chosen from these.
fn with_houses(fields: Vec<Field>, houses: Vec<(String, String)>, chosen: &str) -> Vec<Field> {
    let house = |field: Field| match field.name.as_str() {
        "m-institution" => chosen_house(field.value(chosen), houses.clone()),
        _ => field,
    };
    fields.into_iter().map(house).collect()
}

fn reason(s: &Shell) -> Field {
    Field::new("reason", s.t("web-change-reason"), Input::Text)
}

/// Takes the number out of a form that is shown again, and says instead by its ends which it
/// was. The number as it was written.
pub fn hidden_number(s: &Shell, deed: &mut Deed) -> String {
    let field = deed.fields.iter_mut().find(|one| one.name == "id_number");
    let Some(field) = field else {
        return String::new();
    };
    let written = std::mem::take(&mut field.value);
    if let Ok(number) = NationalId::read(&written) {
        field.hint = s.x("web-coming-number-again", number.masked());
    }
    written
}

/// Who is recorded with the number already, where whoever asks may see them: words and place.
async fn there(
    ask: &Ask,
    s: &Shell,
    number: &str,
    flaws: &[(String, String)],
) -> Option<(String, String)> {
    let taken = flaws.iter().any(|(field, _)| field == "id_number");
    if !taken || NationalId::read(number).is_err() {
        return None;
    }
    let found = staff::with_number(ask.office(), &ask.actor, number, ask.now).await;
    let id = found.ok()?;
    Some((s.t("web-coming-there"), format!("/people/{id}")))
}

/// Takes somebody on.
#[handler]
pub async fn engage(ask: Ask, fields: Fields) -> Html {
    ask.permitted(Action::EditPerson)?;
    match engaged(&ask, &fields).await? {
        Ok((id, from)) => {
            // whoever comes later is not there yet today
            let on = from.max(ask.now.shanghai_day());
            let place = format!("/people/{id}/records");
            Ok(to(&ask.told_on(&place, "engaged", on)))
        }
        Err(flaws) => {
            let refused = fields.refused("engage", messages(&flaws));
            coming(&ask, &refused, &flaws).await
        }
    }
}

async fn engaged(ask: &Ask, fields: &Fields) -> Result<Came<(PersonId, Date)>, Failure> {
    let mut flaws = Wrong::new();
    let number = fields.text("id_number");
    if let Some(why) = unusable(ask, number) {
        flaws.push(("id_number".to_owned(), why));
    }
    let profile = members::read::<PersonProfile>(ask, fields, &mut flaws).await;
    let employed = members::read::<EmploymentFact>(ask, fields, &mut flaws).await;
    let from = day(ask, fields, "from", &mut flaws);
    let (Some(profile), Some(employed), Some(from), true) =
        (profile, employed, from, flaws.is_empty())
    else {
        return Ok(Err(flaws));
    };
    let engaging = Engaging {
        number,
        profile,
        mobile: mobile(fields),
        employed,
        from,
        reason: fields.some("reason"),
    };
    let done = staff::engage(ask.office(), &ask.actor, &engaging, ask.now).await;
    came(ask, done.map(|(id, _)| (id, from)))
}

/// What becomes of the telephone number: where none is written, it stays.
pub fn mobile(fields: &Fields) -> Mobile {
    let written = fields.some("mobile");
    written.map_or(Mobile::Keep, |number| Mobile::Number(number.to_owned()))
}

/// Why an identity number cannot be right; none = it can.
pub fn unusable(ask: &Ask, text: &str) -> Option<String> {
    let count = text.chars().filter(|c| !c.is_whitespace()).count();
    let say = |key: &str| Some(t(ask.lang, key, &[]));
    match NationalId::read(text) {
        Ok(_) => None,
        Err(_) if count == 0 => say("web-record-missing"),
        Err(NationalIdFault::BirthDate) => say("web-coming-number-birth"),
        Err(NationalIdFault::Checksum) if count == NUMBER => say("web-coming-number-check"),
        Err(NationalIdFault::Checksum) => {
            let args = [("n", Arg::from(count))];
            Some(t(ask.lang, "web-coming-number-length", &args))
        }
    }
}

/// Where somebody worked and works, and the forms by which they move and leave.
#[handler]
pub async fn moves_page(ask: Ask, Path(id): Path<String>) -> Html {
    moves(&ask, &id, &Refused::default(), &[]).await
}

async fn moves(ask: &Ask, id: &str, refused: &Refused, flaws: &[(String, String)]) -> Html {
    ask.permitted(Action::EditPerson)?;
    let (shell, id, head) = person::seen(ask, id).await?;
    let shell = shell.at_path(format!("/people/{id}/moves"));
    let s = &shell;
    let known = members::known(ask).await?;
    let (office, actor) = (ask.office(), &ask.actor);
    let held = record::at::<Employed>(office, actor, id, ask.when(), ask.now).await;
    let held = ask.done(held)?;
    let heads = [
        ("web-record-days", false),
        ("web-col-institution", false),
        ("web-col-employment", false),
        ("web-col-category", false),
        ("web-record-may", false),
    ];
    let title = format!("{} · {}", head.name, s.t("web-person-moves"));
    let mut page = TablePage::new(s, title, &heads);
    page.tabs = tabs(s, id);
    page.empty = s.t("web-record-none");
    page.rows = all(ask, s, id, &known).await?;
    match held.rows.into_iter().next() {
        Some(now) => {
            let ends = ends(ask, s, id, &now.fact, &known).await?;
            let elsewhere = elsewhere(&now.fact, known.clone());
            if elsewhere.is_empty() {
                page.intro.push(s.t("web-moves-one-house"));
            } else {
                page.deeds
                    .push(transfer_deed(s, id, &now.fact, elsewhere, &known, &ends));
            }
            page.deeds.push(leave_deed(s, id, &known, &ends));
        }
        None => {
            page.intro.push(s.x("web-moves-nowhere", s.on.to_string()));
            let mut back = Deed::new("back", "/people/new", s.t("web-coming"));
            back.get = true;
            page.deeds.push(back);
        }
    }
    let version = held.version.number();
    let deeds = page.deeds.into_iter();
    page.deeds = deeds
        .map(|deed| beside(s, deed.hidden("version", version), refused, flaws))
        .collect();
    page.intro.extend(refused.elsewhere(&page.deeds));
    Ok(with_status(status(refused), &page))
}

/// Every employment and departure that stands, latest first.
async fn all(ask: &Ask, s: &Shell, id: PersonId, known: &Known) -> Result<Vec<Vec<Cell>>, Failure> {
    let employments = standing::<Employed>(ask, id).await?.into_iter().map(|row| {
        let house = known.get(&row.fact.institution.to_string());
        let house = house.map_or_else(|| s.t("web-moves-other-house"), |(_, name)| name.clone());
        let footing = [s.w(&row.fact.employment), s.w(&row.fact.category)];
        (row.validity.from, cells(s, id, &row, house, footing))
    });
    let departures = standing::<Departure>(ask, id)
        .await?
        .into_iter()
        .map(|row| {
            let kind = s.x("web-moves-left", s.w(&row.fact.kind));
            let none = [String::new(), String::new()];
            (row.validity.from, cells(s, id, &row, kind, none))
        });
    let mut all: Vec<_> = employments.chain(departures).collect();
    all.sort_by_key(|(from, _)| std::cmp::Reverse(*from));
    Ok(all.into_iter().map(|(_, cells)| cells).collect())
}

async fn standing<F: Shown<Subject = Person>>(
    ask: &Ask,
    id: PersonId,
) -> Result<Vec<Dated<F>>, Failure> {
    let all = record::history::<F>(ask.office(), &ask.actor, id, ask.now).await;
    let all = ask.done(all)?.into_iter();
    let standing = all.filter(|entry| entry.replaced.is_none());
    Ok(standing.map(|entry| entry.row).collect())
}

fn cells<F: Shown>(
    s: &Shell,
    id: PersonId,
    row: &Dated<F>,
    what: String,
    [employment, category]: [String; 2],
) -> Vec<Cell> {
    let from = row.validity.from.to_string();
    let days = match row.validity.until {
        Some(until) => s.xy("web-holds-until", &from, until.to_string()),
        None => s.x("web-holds-from", &from),
    };
    let row = row.id.to_string();
    let asked = query([("row", row.as_str()), ("on", from.as_str())]);
    let correct = format!("/people/{id}/records/{}{asked}", F::KEY);
    vec![
        Cell::day(days),
        Cell::text(what),
        Cell::text(employment),
        Cell::text(category),
        Cell::link(s.t("web-record-correct"), correct),
    ]
}

/// The other institutions whose people are in the same hands: code and name.
fn elsewhere(now: &Employed, mut known: Known) -> Vec<(String, String)> {
    known.remove(&now.institution.to_string());
    known.into_values().collect()
}

/// What ends with the day on which somebody goes, and what does not by itself: sentences.
async fn ends(
    ask: &Ask,
    s: &Shell,
    id: PersonId,
    now: &Employed,
    known: &Known,
) -> Result<String, Failure> {
    let mut all = Vec::new();
    for post in held::<Appointment>(ask, id).await? {
        if post.rank != Rank::None {
            let rank = post_rank(s, post.rank);
            let rank = match post.grade {
                Some(grade) => s.xy("web-target-grade", rank, grade.number().to_string()),
                None => rank,
            };
            all.push(s.x("web-ends-post", rank));
        }
    }
    for decision in held::<LedgerDecision>(ask, id).await? {
        all.push(s.x("web-ends-decision", s.w(&decision.ledger)));
    }
    for membership in held::<Membership>(ask, id).await? {
        let team = team(ask, &membership).await?;
        all.push(s.x("web-ends-team", team));
    }
    for term in held::<Term>(ask, id).await? {
        all.push(s.x("web-ends-term", term.role));
    }
    let mut said = if all.is_empty() {
        vec![s.t("web-ends-nothing")]
    } else {
        vec![s.x("web-ends", all.join(&s.t("list-separator")))]
    };
    let counted = counted(ask, s, id, now).await?;
    if let (Some((_, house)), Some(counted)) = (known.get(&now.institution.to_string()), counted) {
        said.push(s.xy("web-ends-counted", house, counted));
    }
    let mut stays = Vec::new();
    if !held::<Contract>(ask, id).await?.is_empty() {
        stays.push(s.t("web-noun-contract"));
    }
    if !held::<Shared>(ask, id).await?.is_empty() {
        stays.push(s.t("web-noun-shared-employment"));
    }
    if !stays.is_empty() {
        let stays = stays.join(&s.t("list-separator"));
        said.push(s.x("web-ends-stays", stays));
    }
    let space = if s.lang.tag() == "en" { " " } else { "" };
    Ok(said.join(space))
}

async fn held<F: Shown<Subject = Person>>(ask: &Ask, id: PersonId) -> Result<Vec<F>, Failure> {
    let held = record::at::<F>(ask.office(), &ask.actor, id, ask.when(), ask.now).await;
    let rows = ask.done(held)?.rows.into_iter();
    Ok(rows.map(|row| row.fact).collect())
}

/// The name of the team of a membership; its slot where it has none on that day.
async fn team(ask: &Ask, membership: &Membership) -> Result<String, Failure> {
    let (office, actor) = (ask.office(), &ask.actor);
    let house = membership.institution;
    let teams = record::at::<Team>(office, actor, house, ask.when(), ask.now).await;
    let teams = match teams {
        Ok(teams) => teams.rows,
        // a team of a house that whoever asks does not see
        Err(ServiceError::Denied(_) | ServiceError::NotFound) => Vec::new(),
        Err(error) => return Err(ask.failed(error)),
    };
    let own = teams.into_iter().find(|row| row.slot == membership.team);
    Ok(own.map_or_else(|| membership.team.clone(), |row| row.fact.name))
}

/// As what somebody counts at the institution; none = as nothing that is limited.
async fn counted(
    ask: &Ask,
    s: &Shell,
    id: PersonId,
    now: &Employed,
) -> Result<Option<String>, Failure> {
    let standing = eligibility::of_person(ask.office(), &ask.actor, id, ask.on, ask.now).await;
    let ledger = match standing {
        Ok(standing) => standing.whole().ledger,
        Err(ServiceError::NotFound) => None,
        Err(error) => return Err(ask.failed(error)),
    };
    let ledger = ledger.map(|ledger| s.x("web-ends-ledger", s.w(&ledger)));
    let staff = now.employment == Employment::Establishment;
    Ok(ledger.or_else(|| staff.then(|| s.t("web-ends-establishment"))))
}

fn transfer_deed(
    s: &Shell,
    id: PersonId,
    now: &Employed,
    elsewhere: Vec<(String, String)>,
    known: &Known,
    ends: &str,
) -> Deed {
    let to = s.to(format!("/people/{id}/moves/transfer"));
    let mut deed = Deed::new("transfer", to, s.t("web-moves-transfer"));
    deed.hint = ends.to_owned();
    deed.loses = s.t("web-moves-transfer-loses");
    let fields = members::fields::<EmploymentFact>(s, Some(now), known);
    for field in with_houses(fields, elsewhere, "") {
        deed = deed.field(field);
    }
    let from = Field::new("from", s.t("web-moves-transfer-on"), Input::Day);
    deed.field(from.required()).field(reason(s))
}

fn leave_deed(s: &Shell, id: PersonId, known: &Known, ends: &str) -> Deed {
    let to = s.to(format!("/people/{id}/moves/leave"));
    let mut deed = Deed::new("leave", to, s.t("web-moves-leave"));
    deed.hint = ends.to_owned();
    deed.loses = s.t("web-moves-leave-loses");
    for mut field in members::fields::<DepartureFact>(s, None, known) {
        if field.name == "m-left" {
            field.hint = s.t("web-moves-left-is");
        }
        deed = deed.field(field);
    }
    deed.field(reason(s))
}

/// Moves somebody, or lets them go.
#[handler]
pub async fn make_move(ask: Ask, Path((id, what)): Path<(String, String)>, fields: Fields) -> Html {
    ask.permitted(Action::EditPerson)?;
    let person: PersonId = id.parse().map_err(|_| ask.not_found())?;
    let seen = fields.version(&ask)?;
    let mut flaws = Wrong::new();
    if fields.text("sure") != "yes" {
        flaws.push(wrong(&ask, "", "web-must-confirm"));
    }
    let (told, done) = match what.as_str() {
        "transfer" => ("moved", transfer(&ask, person, seen, &fields, flaws).await?),
        "leave" => ("left", leave(&ask, person, seen, &fields, flaws).await?),
        _ => return Err(ask.not_found()),
    };
    match done {
        Ok(_) => Ok(to(&ask.told(&format!("/people/{person}/moves"), told))),
        Err(flaws) => {
            let refused = fields.refused(&what, messages(&flaws));
            moves(&ask, &id, &refused, &flaws).await
        }
    }
}

async fn transfer(
    ask: &Ask,
    person: PersonId,
    seen: Version,
    fields: &Fields,
    mut flaws: Wrong,
) -> Result<Came<Version>, Failure> {
    let employed = members::read::<EmploymentFact>(ask, fields, &mut flaws).await;
    let on = day(ask, fields, "from", &mut flaws);
    let (Some(employed), Some(on), true) = (employed, on, flaws.is_empty()) else {
        return Ok(Err(flaws));
    };
    let transferring = Transferring {
        person,
        to: employed,
        on,
        seen,
        reason: fields.some("reason"),
    };
    let done = staff::transfer(ask.office(), &ask.actor, &transferring, ask.now).await;
    came(ask, done)
}

async fn leave(
    ask: &Ask,
    person: PersonId,
    seen: Version,
    fields: &Fields,
    mut flaws: Wrong,
) -> Result<Came<Version>, Failure> {
    let departure = members::read::<DepartureFact>(ask, fields, &mut flaws).await;
    let (Some(departure), true) = (departure, flaws.is_empty()) else {
        return Ok(Err(flaws));
    };
    let leaving = Leaving {
        person,
        departure,
        seen,
        reason: fields.some("reason"),
    };
    let done = staff::depart(ask.office(), &ask.actor, &leaving, ask.now).await;
    came(ask, done)
}
