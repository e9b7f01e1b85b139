//! Applications: lists, one with all that is said of it, how one begins, every move, and
//! what is on public notice.

use super::ask::{Ask, Html, html, with_status};
use super::fields::{Fields, against, bad, status};
use super::people::houses;
use super::to;
use crate::domain::attachment::Attachment;
use crate::domain::post::Grade;
use crate::domain::promotion::{
    Application, Check, Command, Finding, Kind, Move, Outcome, ReturnTo, State, Subject, Target,
};
use crate::domain::record::{Id, When};
use crate::domain::record_id::{ApplicationId, InstitutionId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Capacity};
use crate::domain::title::Rank;
use crate::http::problem::Failure;
use crate::rules::figures::RuleLine;
use crate::service::promotion::{
    self, Act, Attach, Begin, Judged, Listed, Preview, View, Wanted, attachment, find, notices,
};
use crate::service::{ServiceError, catalogue, eligibility, institution, round, staff};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::format::escaped;
use crate::view::institution::Fact;
use crate::view::people::Filter;
use crate::view::promotion as view;
use crate::view::table::{Cell, TablePage};
use poem::http::StatusCode;
use poem::http::header::{CONTENT_DISPOSITION, HeaderName};
use poem::web::{Multipart, Path};
use poem::{Response, handler};
use std::collections::HashMap;

/// The applications in one's scope.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    let shell = ask.shell().await?.undated();
    let person = ask.asked("person").and_then(|id| id.parse().ok());
    let wanted = Wanted {
        person,
        ..Wanted::default()
    };
    let mut page = table(&ask, &shell, wanted).await?;
    page.tabs = view::tabs(&shell);
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}

/// The applications that are asked for: those of `wanted`, narrowed by the query.
pub async fn table<'a>(
    ask: &Ask,
    shell: &'a Shell,
    wanted: Wanted,
) -> Result<TablePage<'a>, Failure> {
    let state = ask.asked("state");
    let one = |key: &str| State::ALL.iter().copied().find(|state| state.key() == key);
    let states = match state.as_deref() {
        Some("open") => State::ALL
            .iter()
            .copied()
            .filter(|one| one.is_open())
            .collect(),
        Some(key) => one(key).into_iter().collect(),
        None => Vec::new(),
    };
    let kind = ask.asked("kind");
    let kind = kind.and_then(|key| Kind::ALL.iter().copied().find(|kind| kind.key() == key));
    let wanted = Wanted { states, ..wanted };
    let all = promotion::list(ask.office(), &ask.actor, &wanted, kind, ask.now).await;
    let mut all = ask.done(all)?;
    if let Some(text) = ask.asked("text") {
        all.retain(|one| one.name.contains(&text) || one.house.contains(&text));
    }
    if let Some(key) = ask.asked("due") {
        all.retain(|one| due_key(ask, one) == Some(key.as_str()));
    }
    let heads = [
        ("web-col-name", false),
        ("web-asked-for", false),
        ("web-col-institution", false),
        ("web-state", false),
        ("web-holder", false),
        ("web-since", false),
        ("web-due-day", false),
    ];
    let mut page = TablePage::new(shell, shell.t("web-menu-applications"), &heads);
    page.empty = shell.t("web-no-applications");
    let mut states = vec![("open".to_owned(), shell.t("web-state-open"))];
    let all_states = State::ALL.iter();
    states.extend(all_states.map(|one| (one.key().to_owned(), view::state(shell, *one))));
    let kinds = Kind::ALL.iter();
    let kinds = kinds.map(|one| (one.key().to_owned(), view::kind(shell, *one)));
    let dues = ["past", "soon", "later"];
    let dues = dues.map(|key| (key.to_owned(), shell.t(format!("web-review-{key}"))));
    page.filters = vec![
        Filter::choice(shell, "state", "web-state", states),
        Filter::choice(shell, "kind", "web-kind", kinds.collect()),
        Filter::choice(shell, "due", "web-due-day", dues.to_vec()),
        Filter::text(shell, "text", "web-filter-text"),
    ];
    page.rows = all.iter().map(|one| row(shell, one)).collect();
    Ok(page)
}

/// Days in which something counts as due soon.
const SOON: i32 = 7;

/// Whether somebody is late, has to act soon, or has time; `None` = nobody has to act.
pub fn due_key(ask: &Ask, one: &Listed) -> Option<&'static str> {
    let own = &one.application;
    if !super::county::OPEN.contains(&own.state) {
        return None;
    }
    let today = ask.now.shanghai_day();
    let soon = today.plus(SOON).unwrap_or(today);
    Some(match own.due {
        Some(due) if due < today => "past",
        Some(due) if due <= soon => "soon",
        _ => "later",
    })
}

fn row(s: &Shell, one: &Listed) -> Vec<Cell> {
    let own = &one.application;
    let due = view::due(s, own.due);
    vec![
        Cell::link(one.name.clone(), s.to(format!("/applications/{}", own.id))),
        Cell::text(view::asked(s, own)),
        Cell::text(one.house.clone()),
        Cell::text(view::state(s, own.state)),
        Cell::text(view::holder(s, own)),
        Cell::text(s.at(&own.since)),
        Cell::text(due.day).class(if due.past { "late" } else { "id" }),
    ]
}

/// The clauses behind checks, read from the policies that are known.
pub struct Clauses<'a> {
    ask: &'a Ask,
    known: HashMap<String, Vec<RuleLine>>,
}

impl<'a> Clauses<'a> {
    pub fn new(ask: &'a Ask) -> Self {
        Self {
            ask,
            known: HashMap::new(),
        }
    }

    /// The rule of a name `policy#rule`; `None` = it is not one, or not known any more.
    pub fn find(&mut self, name: &str) -> Option<RuleLine> {
        let (policy, rule) = name.split_once('#')?;
        let Self { ask, known } = self;
        let rules = known.entry(policy.to_owned()).or_insert_with(|| {
            let text = catalogue::policy(ask.office(), &ask.actor, policy);
            let text = text.map(|text| text.rules).unwrap_or_default();
            text.into_iter().map(|one| one.line).collect()
        });
        rules.iter().find(|line| line.rule == rule).cloned()
    }
}

/// Whether somebody is not at the institution any more: there is nothing to print of them.
fn is_not_there(check: &Check) -> bool {
    let gone = |one: &Refusal| matches!(one, Refusal::NotThere { .. });
    matches!(&check.finding, Finding::Against(against) if against.iter().any(gone))
}

/// Everything of an application that its page and the bench both show. `preview`: `None` =
/// nothing is asked of one that is over.
pub fn case<'a>(ask: &Ask, s: &'a Shell, seen: &View, preview: Option<&Preview>) -> view::Case<'a> {
    let own = &seen.application;
    let mut clauses = Clauses::new(ask);
    let judged = preview.map(|preview| &preview.judged);
    let checks = judged.map_or(&[] as &[_], |judged| judged.checks.as_slice());
    let there = !checks.iter().any(is_not_there);
    let checks = checks.iter().map(|one| {
        let rule = one.rule.as_deref().and_then(|name| clauses.find(name));
        view::check(s, one, rule)
    });
    let mut checks: Vec<_> = checks.collect();
    view::in_order(&mut checks);
    let pool = |pool: Option<crate::domain::promotion::Pool>| {
        pool.map(|pool| view::pool(s, pool)).unwrap_or_default()
    };
    view::Case {
        s,
        id: own.id.to_string(),
        asked: view::asked(s, own),
        name: seen.name.clone(),
        person_href: if ask.can(Action::ReadPerson) {
            s.to(format!("/people/{}", own.person))
        } else {
            String::new()
        },
        house: seen.house.clone(),
        state: view::state(s, own.state),
        holder: view::holder(s, own),
        since: s.at(&own.since),
        due: view::due(s, own.due),
        facts: facts(s, own, judged),
        route: route(s, own),
        merits_title: view::merits_title(s, own.kind),
        merits: own.merits.clone(),
        checks,
        places: preview.map_or(Vec::new(), |preview| {
            view::places(s, &preview.posts, &preview.posts_after)
        }),
        takes: pool(judged.and_then(|judged| judged.takes)),
        frees: pool(judged.and_then(|judged| judged.frees)),
        defects: own
            .defects
            .iter()
            .map(|one| view::Said {
                at: s.at(&one.found),
                by: s.office(one.office),
                text: one.text.clone(),
                answer: String::new(),
                mark: Some(view::mended(s, one.mended.is_some())),
            })
            .collect(),
        opinions: own
            .opinions
            .iter()
            .map(|one| view::Said {
                at: s.at(&one.given),
                by: s.office(one.office),
                text: one.text.clone(),
                answer: String::new(),
                mark: Some(view::favourable(s, one.favourable)),
            })
            .collect(),
        objections: own
            .objections
            .iter()
            .map(|one| {
                let resolved = one.resolved.as_ref();
                let upheld = resolved.map(|resolved| resolved.outcome == Outcome::Upheld);
                view::Said {
                    at: s.at(&one.raised),
                    by: String::new(),
                    text: one.text.clone(),
                    answer: resolved.map(|one| one.answer.clone()).unwrap_or_default(),
                    mark: Some(view::answered(s, upheld)),
                }
            })
            .collect(),
        files: files(s, seen),
        history: history(s, seen),
        form: if there && own.kind.appoints() && ask.can(Action::PrintForm) {
            format!("/applications/{}/form", own.id)
        } else {
            String::new()
        },
    }
}

/// What was handed in with an application.
pub fn files(s: &Shell, seen: &View) -> Vec<view::File> {
    let files = seen.files.iter().map(|file| view::File {
        href: format!("/attachments/{}", file.id),
        name: file.name.clone(),
        note: format!("{} kB · {}", file.bytes.div_ceil(1024), s.at(&file.added)),
    });
    files.collect()
}

fn history(s: &Shell, seen: &View) -> Vec<view::Done> {
    let offices = crate::domain::rights::Office::ALL;
    let done = seen.steps.iter().rev().map(|step| {
        let office = offices.iter().find(|office| office.key() == step.office);
        let led = if step.before == step.after {
            String::new()
        } else {
            format!("→ {}", view::state(s, step.after))
        };
        let noted = (!step.noted.is_empty()).then(|| s.x("web-noted", &step.noted));
        let words = [Some(step.words.clone()), step.reason.clone(), noted];
        let words = words.into_iter().flatten().filter(|one| !one.is_empty());
        let mut words: Vec<String> = words.collect();
        words.dedup();
        view::Done {
            at: s.at(&step.at),
            made: view::made(s, step.made),
            by: step.name.clone(),
            office: office.map_or_else(String::new, |office| s.office(*office)),
            led,
            words,
        }
    });
    done.collect()
}

fn route(s: &Shell, own: &Application) -> Vec<(String, &'static str)> {
    let steps = own.route.steps.iter().enumerate();
    let place = |at: usize| match (own.state, at.cmp(&own.step)) {
        (State::Review, std::cmp::Ordering::Equal) => "now",
        (State::Review, std::cmp::Ordering::Less) => "past",
        (state, _) if state.is_decided() => "past",
        _ => "ahead",
    };
    steps
        .map(|(at, office)| (s.office(*office), place(at)))
        .collect()
}

fn facts(s: &Shell, own: &Application, judged: Option<&Judged>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            facts.push(Fact::new(s.t(key), value));
        }
    };
    let effect = judged.and_then(|judged| judged.effect.as_ref());
    let both = |before: Option<String>, after: Option<String>| match (before, after) {
        (Some(before), Some(after)) if before == after => Some(after),
        (None, None) => None,
        (before, after) => {
            let show = |one: Option<String>| one.unwrap_or_else(|| "–".to_owned());
            Some(format!("{} → {}", show(before), show(after)))
        }
    };
    add("web-wanted-on", own.target.on.map(|day| day.to_string()));
    add(
        "web-notice-runs",
        own.notice
            .map(|one| format!("{} – {}", one.published, one.last)),
    );
    add("web-effective", own.effective.map(|day| day.to_string()));
    add(
        "web-filed-until",
        own.filed_until.map(|day| day.to_string()),
    );
    add(
        "web-kept-place",
        own.place
            .filter(|place| place.until.is_none())
            .map(|place| {
                s.xy(
                    "web-kept-since",
                    view::pool(s, place.pool),
                    place.from.to_string(),
                )
            }),
    );
    if let Some(effect) = effect {
        let ledger = |one: Option<crate::domain::post::Ledger>| one.map(|one| s.w(&one));
        add(
            "web-col-ledger",
            both(ledger(effect.before.ledger), ledger(effect.after.ledger)),
        );
        let month = |one: Option<crate::domain::month::Month>| one.map(|month| s.month(&month));
        add(
            "web-retirement",
            both(
                month(effect.before.retirement.map(|one| one.month)),
                month(effect.after.retirement.map(|one| one.month)),
            ),
        );
    }
    facts
}

/// What stands for and against it today; none of one that is over.
pub async fn asked_today(ask: &Ask, seen: &View) -> Result<Option<Preview>, Failure> {
    if !seen.application.state.is_open() {
        return Ok(None);
    }
    let (id, on) = (seen.application.id, ask.now.shanghai_day());
    match promotion::preview(ask.office(), &ask.actor, id, on, ask.now).await {
        Ok(preview) => Ok(Some(preview)),
        // nobody to ask about any more
        Err(ServiceError::NotFound) => Ok(None),
        Err(error) => Err(ask.failed(error)),
    }
}

/// One application.
#[handler]
pub async fn application_page(ask: Ask, Path(id): Path<String>) -> Html {
    let id: ApplicationId = id.parse().map_err(|_| ask.not_found())?;
    show(&ask, id, &Refused::default()).await
}

async fn show(ask: &Ask, id: ApplicationId, refused: &Refused) -> Html {
    let seen = find(ask.office(), &ask.actor, id, ask.now).await;
    let seen = ask.done(seen)?;
    let preview = asked_today(ask, &seen).await?;
    let title = crate::i18n::t(ask.lang, "web-menu-applications", &[]);
    let shell = ask
        .shell()
        .await?
        .crumb(title, "/applications")
        .undated()
        .at_path(format!("/applications/{id}"));
    let shell = &shell;
    let decides = [Move::Approve, Move::Recommend, Move::Opine];
    let bench = decides.iter().any(|made| seen.may.contains(made));
    let deeds = view::deeds(shell, &seen.application, &seen.may, "", refused);
    let page = view::Page {
        s: shell,
        refused: refused.elsewhere(&deeds),
        deeds,
        case: case(ask, shell, &seen, preview.as_ref()),
        bench: if bench {
            shell.to(format!("/bench/{id}"))
        } else {
            String::new()
        },
    };
    Ok(with_status(status(refused), &page))
}

/// Does something to an application.
#[handler]
pub async fn make_move(ask: Ask, Path((id, made)): Path<(String, String)>, fields: Fields) -> Html {
    let id: ApplicationId = id.parse().map_err(|_| ask.not_found())?;
    let mut all = Move::ALL.iter().copied();
    let made = all.find(|one| one.key() == made);
    let made = made.ok_or_else(|| ask.not_found())?;
    let seen = fields.version(&ask)?;
    let at = fields.text("at").to_owned();
    let why = match command(&ask, made, &fields).await? {
        Err(why) => why,
        Ok(command) => {
            let reason = match made {
                Move::Recommend => fields.some("reason"),
                _ => fields.some("override_reason"),
            };
            let act = Act {
                office: ask.office(),
                actor: &ask.actor,
                id,
                seen,
                command: &command,
                override_reason: reason,
                now: ask.now,
            };
            match act.run().await {
                Ok(_) => return Ok(done(id, made, &at)),
                Err(error) => against(&ask, error)?,
            }
        }
    };
    let deed = match made {
        Move::Resolve => format!("resolve-{}", fields.text("objection")),
        Move::Object if at == "notices" => format!("object-{id}"),
        made => made.key().to_owned(),
    };
    let refused = fields.refused(&deed, why);
    match at.as_str() {
        "bench" => super::bench::show(&ask, Some(id), &refused).await,
        "notices" => board(&ask, &refused).await,
        _ => show(&ask, id, &refused).await,
    }
}

fn done(id: ApplicationId, made: Move, at: &str) -> Response {
    let told = made.key().replace('_', "-");
    match at {
        "bench" => to(&format!("/bench?told=move-{told}")),
        "notices" => to(&format!("/notices?told=move-{told}")),
        _ => to(&format!("/applications/{id}?told=move-{told}")),
    }
}

type Read<T> = Result<T, Vec<String>>;

/// What is done, as it was written into the form.
async fn command(ask: &Ask, made: Move, fields: &Fields) -> Result<Read<Command>, Failure> {
    let text = |name: &str| fields.text(name).to_owned();
    let loses = matches!(made, Move::Reject | Move::Withdraw | Move::Revoke);
    if loses && fields.text("sure") != "yes" {
        let why = crate::i18n::t(ask.lang, "web-must-confirm", &[]);
        return Ok(Err(vec![why]));
    }
    Ok(Ok(match made {
        Move::Edit => match target(ask, fields).await? {
            Err(why) => return Ok(Err(why)),
            Ok(target) => Command::Edit {
                target,
                merits: text("merits"),
            },
        },
        Move::Comment => Command::Comment { text: text("text") },
        Move::Submit => Command::Submit,
        Move::Take => Command::take(),
        Move::Decline => Command::Decline {
            defects: fields.lines("defects"),
        },
        Move::Recommend => Command::recommend(),
        Move::Publish => match fields.read(ask, "working_days") {
            Ok(days) => Command::Publish {
                working_days: days.unwrap_or(0),
            },
            Err(why) => return Ok(Err(why)),
        },
        Move::Object => Command::Object { text: text("text") },
        Move::Resolve => Command::Resolve {
            objection: fields.text("objection").parse().unwrap_or(usize::MAX),
            outcome: if fields.text("outcome") == "upheld" {
                Outcome::Upheld
            } else {
                Outcome::Dismissed
            },
            answer: text("answer"),
        },
        Move::Close => Command::Close,
        Move::Opine => Command::Opine {
            favourable: fields.text("favourable") == "yes",
            text: text("text"),
        },
        Move::Approve => match fields.day(ask, "effective") {
            Ok(effective) => Command::Approve { effective },
            Err(why) => return Ok(Err(why)),
        },
        Move::Return => match returned(ask, fields) {
            Ok(command) => command,
            Err(why) => return Ok(Err(why)),
        },
        Move::Reject => Command::Reject {
            reason: text("reason"),
        },
        Move::Withdraw => Command::Withdraw {
            reason: text("reason"),
        },
        Move::ObjectToFiled => Command::ObjectToFiled {
            reason: text("reason"),
        },
        Move::Revoke => Command::Revoke {
            reason: text("reason"),
        },
        // a file comes by another way; the rest is the clock's
        Move::Attach | Move::Lapse | Move::TakeEffect => return Err(ask.not_found()),
    }))
}

/// Where it is sent back to, and what has to be put right.
pub fn returned(ask: &Ask, fields: &Fields) -> Read<Command> {
    let to = match fields.text("to") {
        "applicant" => ReturnTo::Applicant,
        "institution" | "" => ReturnTo::Institution,
        step => ReturnTo::Step(step.parse().map_err(|_| bad(ask, step))?),
    };
    Ok(Command::Return {
        to,
        defects: fields.lines("defects"),
    })
}

/// What is asked for, as it was written.
async fn target(ask: &Ask, fields: &Fields) -> Result<Read<Target>, Failure> {
    let rank = fields.text("rank");
    let rank = Rank::ALL.iter().copied().find(|one| one.key() == rank);
    let grade = match fields.some("grade") {
        None => None,
        Some(text) => match text.parse().ok().and_then(Grade::new) {
            Some(grade) => Some(grade),
            None => return Ok(Err(bad(ask, text))),
        },
    };
    let institution = match fields.some("institution") {
        None => None,
        Some(text) => match text.parse::<InstitutionId>() {
            Ok(id) => Some(id),
            Err(_) => {
                let (office, actor) = (ask.office(), &ask.actor);
                match institution::with_code(office, actor, text, ask.now).await {
                    Ok(id) => Some(id),
                    Err(ServiceError::NotFound) => return Ok(Err(bad(ask, text))),
                    Err(error) => return Err(ask.failed(error)),
                }
            }
        },
    };
    Ok(fields.day(ask, "on").map(|on| Target {
        rank: rank.unwrap_or(Rank::None),
        grade,
        institution,
        on,
    }))
}

/// Adds a file.
#[handler]
pub async fn add_file(ask: Ask, Path(id): Path<String>, mut parts: Multipart) -> Html {
    let id: ApplicationId = id.parse().map_err(|_| ask.not_found())?;
    let bad_request = || Failure::new(StatusCode::BAD_REQUEST, "bad_request", ask.lang);
    let (mut pairs, mut file) = (Vec::new(), None);
    while let Some(field) = parts.next_field().await.map_err(|_| bad_request())? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            // paths of the sender's machine are nobody's business
            let name = field.file_name().unwrap_or_default();
            let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
            let bytes = field.bytes().await.map_err(|_| bad_request())?;
            file = Some((name, bytes));
        } else {
            let text = field.text().await.map_err(|_| bad_request())?;
            pairs.push((name, text));
        }
    }
    let fields = Fields::of(pairs);
    let (name, bytes) = file.unwrap_or_default();
    let attach = Attach {
        office: ask.office(),
        actor: &ask.actor,
        id,
        seen: fields.version(&ask)?,
        name: &name,
        bytes: &bytes,
        now: ask.now,
    };
    match attach.run().await {
        Ok(_) => Ok(done(id, Move::Attach, "")),
        Err(error) => {
            let why = against(&ask, error)?;
            show(&ask, id, &fields.refused("attach", why)).await
        }
    }
}

/// A file, as it was handed in.
#[handler]
pub async fn file_content(ask: Ask, Path(id): Path<String>) -> Html {
    let id: Id<Attachment> = id.parse().map_err(|_| ask.not_found())?;
    let found = attachment(ask.office(), &ask.actor, id, ask.now).await;
    let (file, bytes) = ask.done(found)?;
    let name = escaped(&file.name);
    Ok(Response::builder()
        .content_type(file.kind.media_type())
        .header(
            CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{name}"),
        )
        .header(HeaderName::from_static("x-content-type-options"), "nosniff")
        .body(bytes))
}

/// Somebody for whom an application is begun.
struct Candidate {
    id: PersonId,
    name: String,
    institution: InstitutionId,
}

async fn candidate(ask: &Ask, id: &str) -> Result<Candidate, Failure> {
    let id: PersonId = id.parse().map_err(|_| ask.not_found())?;
    let today = When::on(ask.now.shanghai_day());
    let member = staff::find(ask.office(), &ask.actor, id, today, ask.now).await;
    let member = ask.done(member)?;
    let employed = member.employed.ok_or_else(|| ask.not_found())?;
    Ok(Candidate {
        id,
        name: member.profile.name,
        institution: employed.institution,
    })
}

/// A new application, from a road or for something else.
#[handler]
pub async fn new_page(ask: Ask) -> Html {
    let pairs = ["person", "kind", "rank", "grade", "round"];
    let pairs = pairs
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), ask.asked(name)?)));
    begin_form(&ask, &Fields::of(pairs.collect()), Vec::new()).await
}

async fn begin_form(ask: &Ask, fields: &Fields, why: Vec<String>) -> Html {
    ask.permitted(Action::DraftApplication)?;
    let candidate = candidate(ask, fields.text("person")).await?;
    let houses = houses(ask).await?;
    let shell = ask
        .shell()
        .await?
        .crumb(
            crate::i18n::t(ask.lang, "web-menu-applications", &[]),
            "/applications",
        )
        .undated()
        .at_path("/applications/new");
    let s = &shell;
    let kind = fields.text("kind");
    let kind = Kind::ALL.iter().copied().find(|one| one.key() == kind);
    let rank = fields.text("rank");
    let rank = Rank::ALL.iter().copied().find(|one| one.key() == rank);
    let target = Target {
        rank: rank.unwrap_or(Rank::None),
        grade: fields.text("grade").parse().ok().and_then(Grade::new),
        institution: None,
        on: None,
    };
    let on = ask.now.shanghai_day();
    let standing =
        eligibility::of_person(ask.office(), &ask.actor, candidate.id, on, ask.now).await;
    let standing = ask.done(standing)?.whole();
    let road = standing.roads.iter().find(|road| {
        Some(road.kind) == kind
            && road.target.rank == target.rank
            && road.target.grade == target.grade
    });
    let house = houses.get(&candidate.institution);
    let mut deed =
        Deed::new("begin", "/applications", s.t("web-begin")).hidden("person", candidate.id);
    deed.hint = s.t("web-begin-is");
    let kinds = Kind::ALL.iter();
    let kinds = kinds.map(|one| (one.key().to_owned(), view::kind(s, *one)));
    deed = deed.field(
        Field::new("kind", s.t("web-kind"), Input::Choice)
            .required()
            .value(kind.map_or("", Kind::key))
            .options(kinds),
    );
    let shown = kind.unwrap_or(Kind::Transfer);
    for mut field in view::target_fields(s, shown, &target) {
        // for whichever kind is chosen
        field.required &= kind.is_some();
        deed = deed.field(field);
    }
    let rounds = open_rounds(ask, candidate.institution).await?;
    if !rounds.is_empty() {
        let none = (String::new(), s.t("web-none"));
        deed = deed.field(
            Field::new("round", s.t("web-round"), Input::Choice)
                .value(fields.text("round"))
                .options(std::iter::once(none).chain(rounds)),
        );
    }
    deed = deed.field(view::merits_field(s, kind.unwrap_or(Kind::Appointment), ""));
    let refused = if why.is_empty() {
        Refused::default()
    } else {
        fields.refused("begin", why)
    };
    let page = view::New {
        s,
        name: candidate.name,
        person_href: s.to(format!("/people/{}", candidate.id)),
        house: house.map(|(_, name)| name.clone()).unwrap_or_default(),
        conditions: road.map_or(Vec::new(), |road| crate::view::person::conditions(s, road)),
        deed: deed.refused(&refused),
    };
    Ok(with_status(status(&refused), &page))
}

/// Rounds of an institution that take applications now: identifier and title.
async fn open_rounds(
    ask: &Ask,
    institution: InstitutionId,
) -> Result<Vec<(String, String)>, Failure> {
    if !ask.can(Action::ReadNotice) {
        return Ok(Vec::new());
    }
    let found = round::published(ask.office(), &ask.actor, institution, ask.now).await;
    let mut found = ask.done(found)?;
    let today = ask.now.shanghai_day();
    found.retain(|one| one.takes_applications(today));
    let found = found.into_iter();
    Ok(found
        .map(|one| (one.id.to_string(), one.plan.title))
        .collect())
}

/// Begins an application.
#[handler]
pub async fn begin_one(ask: Ask, fields: Fields) -> Html {
    let candidate = candidate(&ask, fields.text("person")).await?;
    let kind = fields.text("kind");
    let kind = Kind::ALL.iter().copied().find(|one| one.key() == kind);
    let Some(kind) = kind else {
        let why = bad(&ask, fields.text("kind"));
        return begin_form(&ask, &fields, why).await;
    };
    let target = match target(&ask, &fields).await? {
        Ok(target) => target,
        Err(why) => return begin_form(&ask, &fields, why).await,
    };
    let round = match fields.read(&ask, "round") {
        Ok(round) => round,
        Err(why) => return begin_form(&ask, &fields, why).await,
    };
    let subject = Subject {
        kind,
        person: candidate.id,
        institution: candidate.institution,
        round,
        target,
        merits: fields.text("merits").to_owned(),
    };
    let begin = Begin {
        office: ask.office(),
        actor: &ask.actor,
        subject: &subject,
        now: ask.now,
    };
    match begin.run().await {
        Ok(id) => Ok(to(&format!("/applications/{id}?told=begun"))),
        Err(ServiceError::Refused(why)) => {
            // the same sent twice leads to what the first one began
            if let [Refusal::OtherOpen { application }] = why.as_slice()
                && find(ask.office(), &ask.actor, *application, ask.now)
                    .await
                    .is_ok()
            {
                return Ok(to(&format!("/applications/{application}?told=other-open")));
            }
            let why = against(&ask, ServiceError::Refused(why))?;
            begin_form(&ask, &fields, why).await
        }
        Err(error) => {
            let why = against(&ask, error)?;
            begin_form(&ask, &fields, why).await
        }
    }
}

/// What is published.
#[handler]
pub async fn notices_page(ask: Ask) -> Html {
    board(&ask, &Refused::default()).await
}

async fn board(ask: &Ask, refused: &Refused) -> Html {
    let (office, actor) = (ask.office(), &ask.actor);
    ask.permitted(Action::ReadNotice)?;
    let (mut running, mut rounds) = (Vec::new(), Vec::new());
    if let Capacity::Staff { home, .. } = &actor.capacity {
        if let Some(home) = *home {
            let found = notices(office, actor, home, ask.now).await;
            running = ask.done(found)?;
            let found = round::published(office, actor, home, ask.now).await;
            rounds = ask.done(found)?;
        }
    } else {
        let wanted = Wanted {
            states: vec![State::Notice],
            ..Wanted::default()
        };
        let found = promotion::list(office, actor, &wanted, None, ask.now).await;
        running = ask.done(found)?;
    }
    let shell = ask.shell().await?.undated().at_path("/notices");
    let s = &shell;
    let is_staff = matches!(actor.capacity, Capacity::Staff { .. });
    let own = actor.person;
    let running = running.iter().map(|one| {
        let application = &one.application;
        let object = (is_staff && own != Some(application.person)).then(|| {
            let mut deed = view::deeds(
                s,
                application,
                &[Move::Object],
                "notices",
                &Refused::default(),
            );
            for deed in &mut deed {
                deed.key = format!("object-{}", application.id);
                deed.primary = false;
                for field in &mut deed.fields {
                    field.id = format!("{}-{}", deed.key, field.name);
                }
            }
            let refused = |deed: Deed| deed.refused(refused);
            deed.into_iter().map(refused).collect::<Vec<_>>()
        });
        let notice = application.notice;
        let sees = !is_staff || own == Some(application.person);
        view::Running {
            title: view::asked(s, application),
            name: one.name.clone(),
            house: one.house.clone(),
            days: notice.map_or_else(String::new, |notice| {
                s.xy(
                    "web-notice-from-to",
                    notice.published.to_string(),
                    notice.last.to_string(),
                )
            }),
            provisional: notice.is_some_and(|notice| notice.provisional),
            href: if sees {
                s.to(format!("/applications/{}", application.id))
            } else {
                String::new()
            },
            object: object.unwrap_or_default(),
        }
    });
    let rounds = rounds.iter().map(|round| {
        [
            round.plan.title.clone(),
            format!("{} – {}", round.plan.from, round.plan.to),
            crate::view::round::state(s, round.state),
            crate::view::round::offered(s, &round.plan),
            String::new(),
        ]
    });
    let page = view::Notices {
        s,
        tabs: view::tabs(s),
        running: running.collect(),
        rounds: rounds.collect(),
    };
    Ok(with_status(status(refused), &page))
}
