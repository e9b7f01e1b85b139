//! Rural doctors: who they are, which pension is theirs and why, what is to be done for them,
//! and what the policies want of all of them together.

use super::ask::{Ask, Html, html, with_status};
use super::fields::{Fields, status};
use super::import::workbook;
use super::members::{self, Came, Wrong, beginning, beside, came, day, messages};
use super::staff::{hidden_number, unusable};
use super::to;
use crate::domain::ids::AreaCode;
use crate::domain::record::Id;
use crate::domain::rights::Action;
use crate::domain::rural_doctor::{Qualification, Registration, RuralDoctor};
use crate::domain::time::Date;
use crate::http::api::wire;
use crate::http::problem::Failure;
use crate::rules::rural_doctor::Task;
use crate::rules::tri::Tri;
use crate::service::export;
use crate::service::place;
use crate::service::rural_doctor::{self, Case, Doctor, New, Whole, Work};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::format::money;
use crate::view::institution::Fact;
use crate::view::land::{self as view, Card, Clause, DoctorPage, DoctorsPage, Paid, Row, Share};
use crate::view::pager::Pager;
use crate::view::people::Filter;
use crate::view::table::TablePage;
use poem::handler;
use poem::web::Path;
use std::collections::HashMap;

/// Months of subsidies that the page of a doctor shows.
const MONTHS: usize = 24;
/// Payments that can be entered on it at once.
const PAYMENTS: usize = 6;

/// The names of places, by code.
async fn places(ask: &Ask) -> Result<HashMap<AreaCode, String>, Failure> {
    if !ask.can(Action::ReadPlace) {
        return Ok(HashMap::new());
    }
    let all = place::all(ask.office(), &ask.actor, ask.when(), ask.now).await;
    let all = ask.done(all)?.into_iter();
    Ok(all
        .map(|one| (one.listed.code, one.listed.profile.name))
        .collect())
}

/// The name of a place; its code where it has none.
fn named(places: &HashMap<AreaCode, String>, code: AreaCode) -> String {
    let name = places.get(&code).cloned();
    name.unwrap_or_else(|| code.to_string())
}

/// What a list shows of everybody: something to be done, whether surely or perhaps, or
/// whatever cannot be told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    Task(Task, Tri),
    Missing,
}

/// Behind the word of a task: where it cannot be told.
const OPEN: &str = "-open";
/// Those of whom something cannot be told.
const MISSING: &str = "open";

impl Only {
    fn read(text: &str) -> Option<Self> {
        if text == MISSING {
            return Some(Self::Missing);
        }
        let (key, tri) = match text.strip_suffix(OPEN) {
            Some(key) => (key, Tri::Unknown),
            None => (text, Tri::Yes),
        };
        let task = Task::ALL.into_iter().find(|task| task.key() == key)?;
        Some(Self::Task(task, tri))
    }

    fn key(self) -> String {
        match self {
            Self::Task(task, Tri::Unknown) => format!("{}{OPEN}", task.key()),
            Self::Task(task, _) => task.key().to_owned(),
            Self::Missing => MISSING.to_owned(),
        }
    }

    fn holds(self, ask: &Ask, case: &Case) -> bool {
        let situation = case.situation(ask.on);
        match self {
            Self::Task(task, tri) => situation.asks(task) == tri,
            Self::Missing => !situation.missing().is_empty(),
        }
    }

    fn count(self, ask: &Ask, cases: &[Case]) -> usize {
        cases.iter().filter(|case| self.holds(ask, case)).count()
    }

    fn words(self, s: &Shell) -> String {
        match self {
            Self::Task(task, tri) => {
                let title = s.t(format!("web-doctor-only-{}", task.key()));
                match tri {
                    Tri::Unknown => s.x("web-doctor-only-perhaps", title),
                    _ => title,
                }
            }
            Self::Missing => s.t("web-doctor-only-open"),
        }
    }

    /// What is to be known of those whom the list shows.
    fn help(self, s: &Shell) -> String {
        match self {
            Self::Task(task, Tri::Unknown) => {
                let lacks = task.rests_on().unwrap_or_default();
                s.x(
                    "web-doctor-help-open",
                    s.t(format!("web-doctor-lacks-{lacks}")),
                )
            }
            Self::Task(task, _) => s.t(format!("web-doctor-help-{}", task.key())),
            Self::Missing => s.t("web-doctor-help-missing"),
        }
    }
}

/// Everything to be done, with how many it is to be done for, whatever the list shows.
fn cards(ask: &Ask, s: &Shell, cases: &[Case]) -> Vec<Card> {
    let chosen = ask.asked("only").and_then(|text| Only::read(&text));
    let to = |only: Only| {
        let list = s.with("/rural-doctors", &[("only", &only.key())]);
        format!("{list}#list")
    };
    let card = |only: Only, open: Option<Only>| {
        let open = open.map(|open| (open, open.count(ask, cases)));
        let open = open.filter(|(_, count)| *count > 0);
        Card {
            title: only.words(s),
            href: to(only),
            count: only.count(ask, cases),
            current: chosen == Some(only),
            open: open.map(|(open, count)| {
                let words = format!("◇ {}", s.n("web-doctor-open", count));
                (words, to(open))
            }),
        }
    };
    let tasks = Task::ALL.into_iter().map(|task| {
        let open = task.rests_on().map(|_| Only::Task(task, Tri::Unknown));
        card(Only::Task(task, Tri::Yes), open)
    });
    tasks.chain([card(Only::Missing, None)]).collect()
}

/// What the list can be narrowed to, each with how many there are.
fn filters(ask: &Ask, s: &Shell, cases: &[Case]) -> Vec<Filter> {
    let qualifications = Qualification::ALL.iter();
    let qualifications = qualifications.map(|one| (one.key().to_owned(), s.w(one)));
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for pension in cases
        .iter()
        .flat_map(|case| view::pensions(s, &case.situation(ask.on)))
    {
        match kinds.iter_mut().find(|(known, _)| *known == pension) {
            Some((_, count)) => *count += 1,
            None => kinds.push((pension, 1)),
        }
    }
    let kinds = kinds.into_iter().map(|(pension, count)| {
        let words = format!("{pension} ({count})");
        (pension, words)
    });
    let sure = Task::ALL.map(|task| Only::Task(task, Tri::Yes));
    let open = Task::ALL.map(|task| Only::Task(task, Tri::Unknown));
    let only = sure.into_iter().chain([Only::Missing]).chain(open);
    let only = only.filter_map(|only| {
        let count = only.count(ask, cases);
        let is_open = matches!(only, Only::Task(_, Tri::Unknown));
        (count > 0 || !is_open).then(|| (only.key(), format!("{} ({count})", only.words(s))))
    });
    vec![
        Filter::choice(s, "only", "web-doctor-only", only.collect()),
        Filter::text(s, "text", "web-doctor-text"),
        Filter::choice(
            s,
            "qualification",
            "web-doctor-qualification",
            qualifications.collect(),
        ),
        Filter::choice(s, "pension", "web-doctor-pension", kinds.collect()),
    ]
}

/// Those whom the list is narrowed to: what is nearest first.
fn narrow(ask: &Ask, s: &Shell, cases: &mut Vec<Case>) {
    if let Some(key) = ask.asked("qualification") {
        cases.retain(|case| case.doctor.profile.qualification.key() == key);
    }
    if let Some(text) = ask.asked("text") {
        let text = text.to_lowercase();
        let has = |one: &str| one.to_lowercase().contains(&text);
        cases.retain(|case| {
            let profile = &case.doctor.profile;
            has(&profile.name) || profile.clinic.as_deref().is_some_and(has)
        });
    }
    if let Some(pension) = ask.asked("pension") {
        cases.retain(|case| {
            let given = view::pensions(s, &case.situation(ask.on));
            given.contains(&pension)
        });
    }
    let Some(only) = ask.asked("only").and_then(|text| Only::read(&text)) else {
        return;
    };
    cases.retain(|case| only.holds(ask, case));
    match only {
        Only::Task(Task::Soon | Task::Past | Task::BackPayment, _) => {
            cases.sort_by_key(|case| case.situation(ask.on).sixty());
        }
        Only::Task(Task::Unpaid, _) => {
            cases.sort_by_key(|case| std::cmp::Reverse(case.situation(ask.on).owed()));
        }
        Only::Task(Task::Expiring, _) => cases.sort_by_key(|case| {
            let registration = case.standing.registration.as_ref();
            registration
                .and_then(Registration::ends)
                .map(|(day, _)| day)
        }),
        _ => {}
    }
}

/// What is said of all of them, above the list.
fn clauses(s: &Shell, work: &Work) -> Vec<Clause> {
    let mut all: Vec<Clause> = Vec::new();
    for line in &work.registration {
        for cite in &line.cites {
            all.push(Clause {
                title: s.b(&line.title).to_owned(),
                at: cite.at.clone(),
                quote: cite.text.clone(),
                why: s.t("web-doctor-registration-open"),
            });
        }
    }
    all.extend(work.judged.iter().map(|one| Clause {
        title: s.t("web-doctor-exam"),
        at: one.at.clone(),
        quote: one.quote.clone(),
        why: s.b(&one.why).to_owned(),
    }));
    all
}

async fn work(ask: &Ask) -> Result<Work, Failure> {
    ask.permitted(Action::ReadLedger)?;
    let work = rural_doctor::work(ask.office(), &ask.actor, ask.when(), ask.now).await;
    ask.done(work)
}

/// Every rural doctor one may see, and what is to be done for them.
#[handler]
pub async fn doctors_page(ask: Ask) -> Html {
    let work = work(&ask).await?;
    let places = places(&ask).await?;
    let shell = ask.shell().await?;
    let s = &shell;
    let shares = work.licensed.iter();
    let shares = shares.map(|(code, line)| Share::new(s, named(&places, *code), line));
    let incomplete = work.incomplete.iter().map(|code| named(&places, *code));
    let (shares, incomplete) = (shares.collect(), incomplete.collect());
    let clauses = clauses(s, &work);
    let mut cases = work.cases;
    let total = cases.len();
    let cards = match total {
        0 => Vec::new(),
        _ => cards(&ask, s, &cases),
    };
    let filters = filters(&ask, s, &cases);
    narrow(&ask, s, &mut cases);
    let chosen = ask.asked("only").and_then(|text| Only::read(&text));
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    let pager = Pager::of(s, cases.len(), at.unwrap_or(1));
    let rows = pager.slice(&cases).iter();
    let rows = rows.map(|case| row(s, case, &places, ask.on));
    Ok(html(&DoctorsPage {
        s,
        total,
        cards,
        shares,
        incomplete,
        clauses,
        filters,
        help: chosen.map_or_else(String::new, |only| only.help(s)),
        rows: rows.collect(),
        pager,
        workbook: match ask.can(Action::Export) {
            true => s.beside(".xlsx"),
            false => String::new(),
        },
        begins: ask.can(Action::EditRuralDoctor),
    }))
}

fn row(s: &Shell, case: &Case, places: &HashMap<AreaCode, String>, on: Date) -> Row {
    let doctor = &case.doctor;
    let row = Row::new(s, doctor.id, &doctor.number, &case.situation(on));
    row.at(named(places, doctor.profile.area))
}

/// Heads of the workbook.
const HEADS: [&str; 17] = [
    "web-col-name",
    "web-col-number",
    "web-doctor-place-code",
    "web-doctor-place",
    "web-doctor-clinic",
    "web-doctor-qualification",
    "web-doctor-relation",
    "web-doctor-established",
    "web-doctor-scheme",
    "web-doctor-sixty",
    "web-doctor-ends",
    "web-doctor-pension",
    "web-doctor-clause",
    "web-doctor-unpaid",
    "web-doctor-owed",
    "web-doctor-todo",
    "web-doctor-lacks",
];

fn exported(s: &Shell, case: &Case, row: Row, on: Date) -> Vec<String> {
    let situation = case.situation(on);
    let profile = &case.doctor.profile;
    let registration = case.standing.registration.as_ref();
    let separator = s.t("list-separator");
    let mut unpaid: Vec<String> = Vec::new();
    for one in &case.standing.unpaid {
        let month = one.month.to_string();
        if unpaid.last() != Some(&month) {
            unpaid.push(month);
        }
    }
    let todo: Vec<String> = row.todo.into_iter().map(|(words, _)| words).collect();
    vec![
        row.name,
        row.number,
        profile.area.to_string(),
        row.place,
        row.clinic,
        row.qualification,
        s.w(&profile.labour_relation),
        s.t(if profile.on_establishment {
            "web-yes"
        } else {
            "web-no"
        }),
        s.may(&case.standing.scheme),
        situation.sixty().to_string(),
        registration
            .and_then(|one| view::ends(s, one))
            .unwrap_or_default(),
        row.pension.words,
        row.pension.at,
        match case.standing.subsidised {
            true => unpaid.join(&separator),
            false => s.t("web-doctor-no-subsidy"),
        },
        match case.standing.subsidised {
            true => money(situation.owed().0),
            false => String::new(),
        },
        todo.join(&s.t("web-doctor-todo-separator")),
        row.missing,
    ]
}

/// Exactly those whom the list is narrowed to, in its order, as a workbook.
#[handler]
pub async fn doctors_workbook(ask: Ask) -> Html {
    let work = work(&ask).await?;
    let places = places(&ask).await?;
    let shell = ask.shell().await?;
    let s = &shell;
    let mut cases = work.cases;
    narrow(&ask, s, &mut cases);
    let shown = |case: &Case| exported(s, case, row(s, case, &places, ask.on), ask.on);
    let list = export::Listing {
        name: s.t("web-rural-doctors"),
        heads: HEADS.iter().map(|key| s.t(key)).collect(),
        rows: cases.iter().map(shown).collect(),
    };
    let narrowed = s.here();
    let bytes = export::list(ask.office(), &ask.actor, &list, &narrowed, ask.now).await;
    let bytes = ask.done(bytes)?;
    Ok(workbook(bytes, "rural-doctors.xlsx"))
}

/// A rural doctor whom one may see, and what surrounds the page.
pub async fn seen(ask: &Ask, id: &str) -> Result<(Shell, Doctor), Failure> {
    let id: Id<RuralDoctor> = id.parse().map_err(|_| ask.not_found())?;
    let found = rural_doctor::find(ask.office(), &ask.actor, id, ask.when(), ask.now).await;
    let found = ask.done(found)?;
    Ok((way(ask).await?, found))
}

async fn way(ask: &Ask) -> Result<Shell, Failure> {
    let shell = ask.shell().await?;
    let title = shell.t("web-rural-doctors");
    Ok(shell.crumb(title, "/rural-doctors"))
}

/// The file of a rural doctor.
#[handler]
pub async fn doctor_page(ask: Ask, Path(id): Path<String>) -> Html {
    let id: Id<RuralDoctor> = id.parse().map_err(|_| ask.not_found())?;
    let whole = rural_doctor::whole(ask.office(), &ask.actor, id, ask.when(), ask.now).await;
    let whole = ask.done(whole)?;
    let places = places(&ask).await?;
    let shell = way(&ask).await?;
    let s = &shell;
    let case = &whole.case;
    let area = case.doctor.profile.area;
    let records = format!("/rural-doctors/{id}/records/subsidies");
    let tables = case.standing.tables.iter().map(|line| view::Table {
        title: s.b(&line.rule.title).to_owned(),
        words: view::gives(s, line),
        why: view::reason(s, &case.situation(ask.on), line),
        rule: line.rule.clone(),
    });
    let differs = match (&whole.pension, case.doctor.profile.pension) {
        (Some(paid), Some(said)) if paid.scheme != said => {
            s.xy("web-doctor-differs", s.w(&said), s.w(&paid.scheme))
        }
        _ => String::new(),
    };
    let subsidies = whole.subsidies.iter().take(MONTHS);
    Ok(html(&DoctorPage {
        s,
        row: row(s, case, &places, ask.on),
        place_href: match places.contains_key(&area) {
            true => s.to(format!("/places/{area}")),
            false => String::new(),
        },
        tabs: view::tabs(s, id),
        facts: facts(s, &whole, ask.on),
        differs,
        tables: tables.collect(),
        subsidies: subsidies.map(|one| Paid::new(s, one, ask.on)).collect(),
        all_subsidies: s.to(&records),
        deeds: match ask.can(Action::EditRuralDoctor) {
            true => payments(s, case, &records),
            false => Vec::new(),
        },
    }))
}

fn facts(s: &Shell, whole: &Whole, on: Date) -> Vec<Fact> {
    let case = &whole.case;
    let (doctor, profile) = (&case.doctor, &case.doctor.profile);
    let unknown = || s.t("web-doctor-unrecorded");
    let fact =
        |key: &str, value: Option<String>| Fact::new(s.t(key), value.unwrap_or_else(unknown));
    let registration = case.standing.registration.as_ref();
    let number = registration.and_then(|one| one.number.clone());
    let registered = registration.and_then(|one| one.registered);
    let sat = whole.examinations.first().map(|one| {
        let key = match one.passed {
            true => "web-doctor-passed",
            false => "web-doctor-failed",
        };
        s.xy(key, one.year.to_string(), s.w(&one.aimed_at))
    });
    let pension = whole.pension.as_ref();
    let back = pension.and_then(|one| one.back_paid);
    let benefit = pension.and_then(|one| one.first_benefit.or(one.back_paid.map(|m| m.plus(1))));
    let situation = case.situation(on);
    let mut facts = vec![
        fact("web-col-sex", Some(s.w(&doctor.sex))),
        fact("web-col-birth", Some(s.month(&doctor.birth))),
        fact("web-doctor-sixty", Some(s.month(&situation.sixty()))),
        fact("web-doctor-clinic", profile.clinic.clone()),
        fact(
            "web-doctor-qualification",
            Some(s.w(&profile.qualification)),
        ),
        fact("web-doctor-relation", Some(s.w(&profile.labour_relation))),
        fact(
            "web-doctor-established",
            Some(s.t(if profile.on_establishment {
                "web-yes"
            } else {
                "web-no"
            })),
        ),
        fact(
            "web-doctor-scheme",
            case.standing.scheme.map(|one| s.w(&one)),
        ),
        fact(
            "web-doctor-medical",
            whole.medical.as_ref().map(|one| s.w(&one.scheme)),
        ),
        fact("web-doctor-registration", number),
        fact(
            "web-doctor-registered",
            registered.map(|day| day.to_string()),
        ),
        fact(
            "web-doctor-ends",
            registration.and_then(|one| view::ends(s, one)),
        ),
        fact("web-doctor-exam-last", sat),
    ];
    if let Some(tier) = pension.and_then(|one| one.tier.clone()) {
        facts.push(fact("web-doctor-tier", Some(tier)));
    }
    if let Some(month) = back {
        facts.push(fact("web-doctor-back-paid", Some(s.month(&month))));
    }
    if let Some(month) = benefit {
        facts.push(fact("web-doctor-benefit", Some(s.month(&month))));
    }
    facts
}

/// The forms by which subsidies that are owed are told to be paid, oldest first.
fn payments(s: &Shell, case: &Case, records: &str) -> Vec<Deed> {
    let owed = case.standing.unpaid.iter().take(PAYMENTS).enumerate();
    let deed = |(at, one): (usize, &crate::domain::rural_doctor::Subsidy)| {
        let title = s.xy("web-doctor-pay", s.month(&one.month), one.name.clone());
        let due = money(one.due.0);
        let paid = Field::new("m-paid", s.t("web-doctor-pay-sum"), Input::Text);
        let day = Field::new("m-paid_on", s.t("web-doctor-pay-day"), Input::Day);
        Deed::new(&format!("pay-{at}"), format!("{records}/state"), title)
            .hidden("version", case.doctor.version.number())
            .hidden("back", "page")
            .hidden("m-name", &one.name)
            .hidden("m-month", one.month)
            .hidden("m-due", &due)
            .field(paid.value(due).hint(s.t("web-record-money")).required())
            .field(day.value(s.today).required())
    };
    owed.map(deed).collect()
}

/// The form for a rural doctor whose file begins.
#[handler]
pub async fn new_page(ask: Ask) -> Html {
    begin(&ask, &Refused::default(), &[]).await
}

async fn begin(ask: &Ask, refused: &Refused, flaws: &[(String, String)]) -> Html {
    ask.permitted(Action::EditRuralDoctor)?;
    let shell = way(ask).await?.undated().at_path("/rural-doctors/new");
    let s = &shell;
    let mut page = TablePage::new(s, s.t("web-doctor-new"), &[]);
    page.empty = String::new();
    page.intro = vec![s.t("web-doctor-new-is")];
    let number = Field::new("id_number", s.t("web-coming-number"), Input::Private);
    let deed = Deed::new("begin", "/rural-doctors", s.t("web-doctor-new-do"));
    let deed = deed.field(number.hint(s.t("web-coming-number-is")).required());
    let deed = beginning::<wire::RuralDoctorProfile>(s, deed);
    let mut deed = beside(s, deed, refused, flaws);
    hidden_number(s, &mut deed);
    (deed.open, deed.primary) = (true, true);
    page.deeds = vec![deed];
    Ok(with_status(status(refused), &page))
}

/// Begins the file of a rural doctor.
#[handler]
pub async fn begin_one(ask: Ask, fields: Fields) -> Html {
    ask.permitted(Action::EditRuralDoctor)?;
    match begun(&ask, &fields).await? {
        Ok((id, from)) => {
            // whose file begins later is not there yet today
            let on = from.max(ask.now.shanghai_day());
            Ok(to(&ask.told_on(
                &format!("/rural-doctors/{id}"),
                "doctor-begun",
                on,
            )))
        }
        Err(flaws) => {
            let refused = fields.refused("begin", messages(&flaws));
            begin(&ask, &refused, &flaws).await
        }
    }
}

async fn begun(ask: &Ask, fields: &Fields) -> Result<Came<(Id<RuralDoctor>, Date)>, Failure> {
    let mut flaws = Wrong::new();
    let number = fields.text("id_number");
    if let Some(why) = unusable(ask, number) {
        flaws.push(("id_number".to_owned(), why));
    }
    let profile = members::read::<wire::RuralDoctorProfile>(ask, fields, &mut flaws).await;
    let from = day(ask, fields, "from", &mut flaws);
    let (Some(profile), Some(from), true) = (profile, from, flaws.is_empty()) else {
        return Ok(Err(flaws));
    };
    let new = New {
        number,
        profile,
        from,
        reason: fields.some("reason"),
    };
    let made = rural_doctor::create(ask.office(), &ask.actor, &new, ask.now).await;
    came(ask, made.map(|(id, _)| (id, from)))
}
