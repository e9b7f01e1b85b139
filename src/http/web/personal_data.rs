//! The rest of a person's file: applications with what was handed in, requests to correct
//! something and their answers, the whole number for whoever says why.

use super::ask::{Ask, Html, html, with_status};
use super::fields::{Fields, against, status};
use super::person::seen;
use super::to;
use crate::domain::personal_data::{CorrectionId, CorrectionRequest, RequestState};
use crate::domain::record_id::PersonId;
use crate::domain::rights::Action;
use crate::http::problem::Failure;
use crate::service::person::{self, Numbers};
use crate::service::personal_data::{self as service, Answer, Wish};
use crate::service::promotion::{self, Listed, Wanted, find};
use crate::service::staff;
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::ledger::Mark;
use crate::view::personal_data::{Applied, Correction, FilePage};
use crate::view::promotion as words;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;

/// Applications whose files are shown; older ones stand in the list of applications.
const APPLICATIONS: usize = 12;

/// Materials and corrections.
#[handler]
pub async fn file_page(ask: Ask, Path(id): Path<String>) -> Html {
    show(&ask, &id, &Refused::default(), None).await
}

async fn show(ask: &Ask, id: &str, refused: &Refused, numbers: Option<Numbers>) -> Html {
    let (shell, person, head) = seen(ask, id).await?;
    let shell = shell.undated();
    let s = &shell;
    let (office, actor) = (ask.office(), &ask.actor);
    let found = service::corrections_of(office, actor, person, ask.now).await;
    let mut found = ask.done(found)?;
    found.sort_by_key(|one| std::cmp::Reverse(one.requested));
    let corrections = found.iter().map(|one| correction(ask, s, one, refused));
    let corrections: Vec<Correction> = corrections.collect();
    let wants = deed_of_wish(ask, s, person).refused(refused);
    let reveals = deed_of_number(ask, s, person).refused(refused);
    let page = FilePage {
        s,
        head: &head,
        applications: applications(ask, s, person).await?,
        refused: {
            let deeds = corrections.iter().flat_map(|one| &one.deeds);
            let deeds = deeds.chain(&wants).chain(&reveals);
            let keys: Vec<&str> = deeds.map(|deed| deed.key.as_str()).collect();
            if keys.contains(&refused.deed.as_str()) {
                Vec::new()
            } else {
                refused.why.clone()
            }
        },
        corrections,
        ask: wants,
        reveal: if numbers.is_some() {
            Vec::new()
        } else {
            reveals
        },
        revealed: numbers.map(|one| {
            let mobile = one.mobile.unwrap_or_else(|| "–".to_owned());
            (one.national_id, mobile)
        }),
    };
    Ok(with_status(status(refused), &page))
}

/// Deeds that are offered or not, with what was refused of them.
trait Offered {
    fn refused(self, refused: &Refused) -> Vec<Deed>;
}

impl Offered for Option<Deed> {
    fn refused(self, refused: &Refused) -> Vec<Deed> {
        self.into_iter().map(|deed| deed.refused(refused)).collect()
    }
}

async fn applications(
    ask: &Ask,
    s: &Shell,
    person: PersonId,
) -> Result<Option<Vec<Applied>>, Failure> {
    if !ask.can(Action::ReadApplication) {
        return Ok(None);
    }
    let (office, actor) = (ask.office(), &ask.actor);
    let wanted = Wanted {
        person: Some(person),
        ..Wanted::default()
    };
    let all = promotion::list(office, actor, &wanted, None, ask.now).await;
    let mut applied = Vec::new();
    for Listed { application, .. } in ask.done(all)?.into_iter().take(APPLICATIONS) {
        let seen = find(office, actor, application.id, ask.now).await;
        let seen = ask.done(seen)?;
        applied.push(Applied {
            title: words::asked(s, &application),
            href: s.to(format!("/applications/{}", application.id)),
            state: words::state(s, application.state),
            since: s.at(&application.since),
            files: super::promotion::files(s, &seen),
        });
    }
    Ok(Some(applied))
}

fn state_mark(s: &Shell, state: RequestState) -> Mark {
    let (class, shape) = match state {
        RequestState::Open => ("unknown", "◇"),
        RequestState::Corrected => ("holds", "●"),
        RequestState::Declined => ("fails", "▲"),
    };
    Mark {
        class,
        shape,
        word: s.t(format!("web-correction-{}", state.key())),
    }
}

fn correction(ask: &Ask, s: &Shell, one: &CorrectionRequest, refused: &Refused) -> Correction {
    let decision = one.decision.as_ref();
    let answer = decision.map(|own| s.xy("web-correction-said", &own.answer, s.at(&own.at)));
    let open = one.state == RequestState::Open && ask.can(Action::DecideCorrection);
    let deeds = if open { answers(s, one) } else { Vec::new() };
    Correction {
        at: s.at(&one.requested),
        entry: one.entry.clone(),
        wanted: one.wanted.clone(),
        grounds: one.grounds.clone(),
        mark: state_mark(s, one.state),
        answer: answer.unwrap_or_default(),
        deeds: deeds
            .into_iter()
            .map(|deed| deed.refused(refused))
            .collect(),
    }
}

/// A key of its own for each request on the page.
fn key(one: CorrectionId, answer: &str) -> String {
    format!("{answer}-{one}")
}

fn answers(s: &Shell, one: &CorrectionRequest) -> Vec<Deed> {
    let to = format!("/people/{}/corrections/{}", one.person, one.id);
    let answer = |what: &str| {
        let title = s.t(format!("web-correction-{what}"));
        let field = Field::new("text", s.t("web-correction-answer"), Input::Area).required();
        Deed::new(&key(one.id, what), to.clone(), title)
            .hidden("version", one.version.number())
            .hidden("answer", what)
            .field(field)
    };
    let mut corrected = answer("correct");
    corrected.hint = s.t("web-correction-correct-is");
    vec![corrected, answer("decline")]
}

fn deed_of_wish(ask: &Ask, s: &Shell, person: PersonId) -> Option<Deed> {
    if !ask.can(Action::RequestCorrection) {
        return None;
    }
    let to = format!("/people/{person}/corrections");
    let field = |name: &str, key: &str, input| Field::new(name, s.t(key), input).required();
    let entry = field("entry", "web-correction-entry", Input::Text);
    let deed = Deed::new("correction", to, s.t("web-correction-ask"))
        .field(entry.hint(s.t("web-correction-entry-is")))
        .field(field("wanted", "web-correction-wanted", Input::Area))
        .field(field("grounds", "web-correction-grounds", Input::Area));
    Some(deed)
}

fn deed_of_number(ask: &Ask, s: &Shell, person: PersonId) -> Option<Deed> {
    if !ask.can(Action::RevealPerson) {
        return None;
    }
    let to = format!("/people/{person}/number");
    let field = Field::new("reason", s.t("web-reveal-reason"), Input::Text).required();
    let mut deed = Deed::new("number", to, s.t("web-reveal")).field(field);
    deed.hint = s.t("web-reveal-is");
    Some(deed)
}

fn person_id(ask: &Ask, id: &str) -> Result<PersonId, Failure> {
    id.parse().map_err(|_| ask.not_found())
}

/// Asks for a correction of one's own file.
#[handler]
pub async fn ask_correction(ask: Ask, Path(id): Path<String>, fields: Fields) -> Html {
    let person = person_id(&ask, &id)?;
    let wish = Wish {
        person,
        entry: fields.text("entry"),
        wanted: fields.text("wanted"),
        grounds: fields.text("grounds"),
    };
    let asked = service::request_correction(ask.office(), &ask.actor, &wish, ask.now).await;
    match asked {
        Ok(_) => Ok(to(&format!("/people/{person}/file?told=correction-asked"))),
        Err(error) => {
            let refused = fields.refused("correction", against(&ask, error)?);
            show(&ask, &id, &refused, None).await
        }
    }
}

/// Answers a request.
#[handler]
pub async fn answer_correction(
    ask: Ask,
    Path((id, correction)): Path<(String, String)>,
    fields: Fields,
) -> Html {
    let person = person_id(&ask, &id)?;
    let correction: CorrectionId = correction.parse().map_err(|_| ask.not_found())?;
    let what = fields.text("answer");
    let answer = Answer {
        id: correction,
        seen: fields.version(&ask)?,
        corrected: what == "correct",
        text: fields.text("text"),
    };
    match service::decide_correction(ask.office(), &ask.actor, &answer, ask.now).await {
        Ok(_) => Ok(to(&format!(
            "/people/{person}/file?told=correction-answered"
        ))),
        Err(error) => {
            let refused = fields.refused(&key(correction, what), against(&ask, error)?);
            show(&ask, &id, &refused, None).await
        }
    }
}

/// Shows the whole number once, after the reason is in the trail.
#[handler]
pub async fn reveal_number(ask: Ask, Path(id): Path<String>, fields: Fields) -> Html {
    let person = person_id(&ask, &id)?;
    let reason = fields.text("reason");
    let found = person::reveal(ask.office(), &ask.actor, person, reason, ask.now).await;
    match found {
        Ok(numbers) => show(&ask, &id, &Refused::default(), Some(numbers)).await,
        Err(error) => {
            let refused = fields.refused("number", against(&ask, error)?);
            show(&ask, &id, &refused, None).await
        }
    }
}

/// What waits for an answer.
#[handler]
pub async fn open_page(ask: Ask) -> Html {
    ask.permitted(Action::DecideCorrection)?;
    let (office, actor) = (ask.office(), &ask.actor);
    let open = service::open_corrections(office, actor, ask.now).await;
    let open = ask.done(open)?;
    let shell = ask.shell().await?.undated();
    let s = &shell;
    let heads = [
        ("web-col-name", false),
        ("web-correction-entry", false),
        ("web-correction-wanted", false),
        ("web-correction-at", false),
    ];
    let mut page = TablePage::new(s, s.t("web-corrections"), &heads);
    page.intro = vec![s.t("web-corrections-are")];
    page.empty = s.t("web-corrections-done");
    for one in &open {
        let member = staff::find(office, actor, one.person, ask.when(), ask.now).await;
        let name = member.map_or_else(|_| "–".to_owned(), |member| member.profile.name);
        let href = s.to(format!("/people/{}/file", one.person));
        page.rows.push(vec![
            Cell::link(name, href),
            Cell::text(one.entry.clone()),
            Cell::text(one.wanted.clone()),
            Cell::text(s.at(&one.requested)),
        ]);
    }
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}

/// How many requests wait for an answer of this office; `None` = it answers none.
pub async fn waiting(ask: &Ask) -> Result<Option<usize>, Failure> {
    if !ask.can(Action::DecideCorrection) {
        return Ok(None);
    }
    let open = service::open_corrections(ask.office(), &ask.actor, ask.now).await;
    Ok(Some(ask.done(open)?.len()))
}
