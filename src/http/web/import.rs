//! Workbooks into the records: handed in, looked at, confirmed.

use super::ask::{Ask, Html, with_status};
use crate::domain::ids::AreaCode;
use crate::domain::rights::{Action, Scope};
use crate::domain::time::Date;
use crate::http::problem::Failure;
use crate::i18n::t;
use crate::service::import::{self, Complete, Import, Imported, Input, Outcome, Preview, Shown};
use crate::view::Shell;
use crate::view::import::{self as view, Complaint, Count, Written};
use crate::view::pager::Pager;
use crate::view::people::Filter;
use poem::http::StatusCode;
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::{Form, Multipart};
use poem::{Response, handler};
use serde::Deserialize;

/// Rows that are shown one by one, at most: a page stays readable.
const SHOWN: usize = 200;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Where a workbook is handed in.
#[handler]
pub async fn door_page(ask: Ask) -> Html {
    door(&ask, Vec::new()).await
}

async fn door(ask: &Ask, refused: Vec<String>) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let shell = ask.shell().await?.undated().at_path("/import");
    let place = shell.who.as_ref().map(|who| who.place.clone());
    let scopes = match ask.actor.capacity.scope() {
        Scope::Area(area) => {
            let words = shell.x("web-import-scope-area", place.unwrap_or_default());
            vec![(area.to_string(), words)]
        }
        _ => Vec::new(),
    };
    let status = if refused.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = view::Door {
        s: &shell,
        on: ask.now.shanghai_day().to_string(),
        refused,
        scopes,
        template: true,
    };
    Ok(with_status(status, &page))
}

/// What was handed in.
struct Handed {
    files: Vec<Input>,
    on: Date,
    scope: Complete,
}

async fn handed(ask: &Ask, mut parts: Multipart) -> Result<Option<Handed>, Failure> {
    let bad = || Failure::new(StatusCode::BAD_REQUEST, "bad_request", ask.lang);
    let mut handed = Handed {
        files: Vec::new(),
        on: ask.now.shanghai_day(),
        scope: Complete::Institutions(Vec::new()),
    };
    while let Some(field) = parts.next_field().await.map_err(|_| bad())? {
        match field.name() {
            Some("file") => {
                // paths of the sender's machine are nobody's business
                let name = field.file_name().unwrap_or("workbook.xlsx");
                let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
                let bytes = field.bytes().await.map_err(|_| bad())?;
                if !bytes.is_empty() {
                    handed.files.push(Input { name, bytes });
                }
            }
            Some("on") => {
                let text = field.text().await.map_err(|_| bad())?;
                handed.on = text.trim().parse().map_err(|_| bad())?;
            }
            Some("scope") => {
                let text = field.text().await.map_err(|_| bad())?;
                if let Ok(area) = text.trim().parse::<AreaCode>() {
                    handed.scope = Complete::Area(area);
                }
            }
            _ => {}
        }
    }
    Ok((!handed.files.is_empty()).then_some(handed))
}

/// What the workbooks would do. Nothing is written.
#[handler]
pub async fn hand_in(ask: Ask, parts: Multipart) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let Some(handed) = handed(&ask, parts).await? else {
        return door(&ask, vec![t(ask.lang, "web-import-no-file", &[])]).await;
    };
    let import = Import {
        office: ask.office(),
        actor: &ask.actor,
        files: &handed.files,
        on: handed.on,
        scope: handed.scope.clone(),
        reason: None,
        now: ask.now,
    };
    let preview = import.preview().await;
    let preview = ask.done(preview)?;
    let token = data_encoding::HEXLOWER.encode(&ask.office().chance.bytes::<16>());
    let names = handed.files.iter().map(|file| file.name.clone());
    let names: Vec<String> = names.collect();
    let page = Seen {
        token: token.clone(),
        on: handed.on,
        files: names,
        recorded: false,
    };
    let account = ask.actor.account;
    ask.site.pending.keep(
        token,
        account,
        handed.files,
        handed.on,
        handed.scope,
        ask.now,
    );
    show(&ask, page, &preview).await
}

/// The files that wait under a token, looked at again: narrowed, or another page of it.
#[handler]
pub async fn preview_page(ask: Ask) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let token = ask.asked("token").unwrap_or_default();
    let found = ask.site.pending.find(&token, ask.actor.account, ask.now);
    let Some(waiting) = found else {
        return door(&ask, vec![t(ask.lang, "web-import-late", &[])]).await;
    };
    let import = Import {
        office: ask.office(),
        actor: &ask.actor,
        files: &waiting.files,
        on: waiting.on,
        scope: waiting.scope.clone(),
        reason: None,
        now: ask.now,
    };
    let preview = import.preview().await;
    let preview = ask.done(preview)?;
    let names = waiting.files.iter().map(|file| file.name.clone());
    let seen = Seen {
        token,
        on: waiting.on,
        files: names.collect(),
        recorded: false,
    };
    let mut shown = show(&ask, seen, &preview).await?;
    // it was asked for and is shown, whatever the rows are like
    shown.set_status(StatusCode::OK);
    Ok(shown)
}

struct Seen {
    token: String,
    on: Date,
    files: Vec<String>,
    recorded: bool,
}

const BECOMES: [&str; 5] = ["added", "changed", "ended", "refused", "odd"];
const NOUNS: [&str; 4] = ["institution", "person", "rural-doctor", "place"];

const fn becomes(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Added => "added",
        Outcome::Changed => "changed",
        Outcome::Ended => "ended",
        Outcome::Unchanged => "unchanged",
    }
}

fn noun_key(one: &Shown) -> String {
    one.noun.replace('_', "-")
}

/// The columns that something is wrong with, and how often.
fn columns_of(s: &Shell, all: &[import::Complaint]) -> Vec<(String, String)> {
    let mut columns: Vec<(&str, usize)> = Vec::new();
    for one in all {
        match columns.iter_mut().find(|(known, _)| *known == one.column) {
            Some((_, count)) => *count += 1,
            None => columns.push((&one.column, 1)),
        }
    }
    columns.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let columns = columns.into_iter().map(|(column, count)| {
        let words = if column.is_empty() {
            s.t("web-import-whole")
        } else {
            column.to_owned()
        };
        // a value of its own, so that nothing chosen means all
        (format!(".{column}"), format!("{words} ({count})"))
    });
    columns.collect()
}

/// By what a preview is narrowed.
fn filters(s: &Shell, preview: &Preview, complaints: &[import::Complaint]) -> Vec<Filter> {
    let written = preview.shown();
    let odd = preview.odd(s.lang).len();
    let refused = preview.refused(s.lang).len();
    let count = |key: &str| match key {
        "refused" => refused,
        "odd" => odd,
        key => written
            .iter()
            .filter(|one| becomes(one.outcome) == key)
            .count(),
    };
    let shown = BECOMES.iter().map(|key| {
        let words = s.t(format!("web-import-only-{key}"));
        ((*key).to_owned(), format!("{words} ({})", count(key)))
    });
    let nouns = NOUNS.map(|key| (key.to_owned(), s.t(format!("web-import-{key}"))));
    vec![
        Filter::choice(s, "show", "web-import-only", shown.collect()),
        Filter::choice(s, "noun", "web-import-noun", nouns.to_vec()),
        Filter::choice(s, "column", "web-import-column", columns_of(s, complaints)),
        Filter::text(s, "text", "web-import-text"),
    ]
}

/// Whether a part of a preview is to be shown.
fn wants(ask: &Ask, part: &str) -> bool {
    ask.asked("show").is_none_or(|only| only == part)
}

fn narrowed(ask: &Ask, part: &str, mut all: Vec<import::Complaint>) -> Vec<import::Complaint> {
    if !wants(ask, part) || ask.asked("noun").is_some() {
        all.clear();
    }
    if let Some(column) = ask.asked("column") {
        all.retain(|one| column.strip_prefix('.') == Some(&one.column));
    }
    if let Some(text) = ask.asked("text") {
        all.retain(|one| one.value.contains(&text) || one.message.contains(&text));
    }
    all
}

/// The records that would be written, as far as they are asked for.
fn records(ask: &Ask, mut all: Vec<Shown>) -> Vec<Shown> {
    all.retain(|one| wants(ask, becomes(one.outcome)));
    if ask.asked("column").is_some() {
        all.clear();
    }
    if let Some(noun) = ask.asked("noun") {
        all.retain(|one| noun_key(one) == noun);
    }
    if let Some(text) = ask.asked("text") {
        let has = |part: &String| part.contains(&text);
        all.retain(|one| has(&one.name) || has(&one.code) || has(&one.belongs_to));
    }
    all
}

/// Files with refused rows that can be handed back: position and name.
fn returnable(files: &[String], refused: &[import::Complaint]) -> Vec<(usize, String)> {
    let files = files.iter().enumerate();
    let own = files.filter(|(_, name)| refused.iter().any(|one| one.row > 0 && one.file == **name));
    own.map(|(at, name)| (at, name.clone())).collect()
}

async fn show(ask: &Ask, seen: Seen, preview: &Preview) -> Html {
    let mut shell = ask.shell().await?.undated().at_path("/import");
    let (written, refused) = (preview.shown(), preview.refused(ask.lang));
    let (written_all, refused_all) = (written.len(), refused.len());
    let back = returnable(&seen.files, &refused);
    let filters = filters(&shell, preview, &refused);
    let written = records(ask, written);
    let refused = narrowed(ask, "refused", refused);
    let odd = narrowed(ask, "odd", preview.odd(ask.lang));
    // the list that is long has pages; of the others the first rows are shown
    let (token, path) = (seen.token.clone(), "/import/preview".to_owned());
    shell.path = path;
    shell.query.retain(|(name, _)| name != "token");
    shell.query.push(("token".to_owned(), token));
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    let pager = Pager::sized(&shell, written.len(), at.unwrap_or(1), SHOWN);
    shell.path = "/import".to_owned();
    let first = pager.first.saturating_sub(1);
    let accepted = preview.reading.is_accepted();
    let page = view::Preview {
        token: seen.token,
        on: seen.on.to_string(),
        files: seen.files.join(&shell.t("list-separator")),
        recorded: seen.recorded,
        accepted,
        counts: counts(&shell, preview),
        filters,
        returned: back,
        written_all,
        refused_all,
        written_total: written.len(),
        written: written
            .into_iter()
            .skip(first)
            .take(SHOWN)
            .map(|one| record(&shell, one))
            .collect(),
        pager,
        refused_total: refused.len(),
        refused: refused.into_iter().take(SHOWN).map(complaint).collect(),
        odd: odd.into_iter().take(SHOWN).map(complaint).collect(),
        s: &shell,
    };
    let status = if accepted {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(with_status(status, &page))
}

fn counts(s: &Shell, preview: &Preview) -> Vec<Count> {
    let count = |outcome| preview.comparison.differences.count(outcome);
    let [added, changed, ended, unchanged] = [
        Outcome::Added,
        Outcome::Changed,
        Outcome::Ended,
        Outcome::Unchanged,
    ]
    .map(count);
    let nouns = NOUNS.iter().enumerate();
    let row = |(at, noun): (usize, &&str)| Count {
        noun: s.t(format!("web-import-{noun}")),
        added: added.get(at).copied().unwrap_or(0),
        changed: changed.get(at).copied().unwrap_or(0),
        ended: ended.get(at).copied().unwrap_or(0),
        unchanged: unchanged.get(at).copied().unwrap_or(0),
    };
    nouns.map(row).collect()
}

fn record(s: &Shell, one: Shown) -> Written {
    let class = match one.outcome {
        Outcome::Added => "holds",
        Outcome::Changed => "judgement",
        Outcome::Ended => "fails",
        Outcome::Unchanged => "unknown",
    };
    Written {
        becomes: s.t(format!("web-import-{}", becomes(one.outcome))),
        class,
        noun: s.t(format!("web-import-{}", noun_key(&one))),
        code: one.code,
        name: one.name,
        belongs_to: one.belongs_to,
        columns: one
            .changes
            .into_iter()
            .map(|change| (change.column.to_owned(), change.before, change.after))
            .collect(),
    }
}

fn complaint(one: import::Complaint) -> Complaint {
    let place = match one.row {
        0 => one.file,
        row => format!("{} · {}!{row}", one.file, one.sheet),
    };
    Complaint {
        place,
        column: one.column,
        value: one.value,
        message: one.message,
    }
}

#[derive(Deserialize)]
struct Confirmed {
    token: String,
    #[serde(default)]
    reason: String,
    /// Which of the files goes back.
    #[serde(default)]
    file: usize,
}

/// Records what was looked at. The same twice changes nothing.
#[handler]
pub async fn confirm(ask: Ask, Form(confirmed): Form<Confirmed>) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let found = ask
        .site
        .pending
        .find(&confirmed.token, ask.actor.account, ask.now);
    let Some(waiting) = found else {
        return door(&ask, vec![t(ask.lang, "web-import-late", &[])]).await;
    };
    let reason = Some(confirmed.reason.trim()).filter(|reason| !reason.is_empty());
    let import = Import {
        office: ask.office(),
        actor: &ask.actor,
        files: &waiting.files,
        on: waiting.on,
        scope: waiting.scope.clone(),
        reason,
        now: ask.now,
    };
    let imported = ask.done(import.run().await)?;
    let (preview, recorded) = match imported {
        Imported::Recorded(preview) => (preview, true),
        Imported::Refused(preview) => (preview, false),
    };
    let names = waiting.files.iter().map(|file| file.name.clone());
    let seen = Seen {
        token: if recorded {
            String::new()
        } else {
            confirmed.token.clone()
        },
        on: waiting.on,
        files: names.collect(),
        recorded,
    };
    if recorded {
        ask.site.pending.forget(&confirmed.token);
    }
    show(&ask, seen, &preview).await
}

/// The workbook with a column of reasons beside its refused rows.
#[handler]
pub async fn returned(ask: Ask, Form(confirmed): Form<Confirmed>) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let found = ask
        .site
        .pending
        .find(&confirmed.token, ask.actor.account, ask.now);
    let Some(waiting) = found else {
        return door(&ask, vec![t(ask.lang, "web-import-late", &[])]).await;
    };
    let import = Import {
        office: ask.office(),
        actor: &ask.actor,
        files: &waiting.files,
        on: waiting.on,
        scope: waiting.scope.clone(),
        reason: None,
        now: ask.now,
    };
    let preview = import.preview().await;
    let preview = ask.done(preview)?;
    let name = waiting.files.get(confirmed.file).map(|file| &file.name);
    let mut back = preview.returned(&waiting.files, ask.lang).into_iter();
    let Some((_, bytes)) = back.find(|(own, _)| Some(own) == name) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(Failure::new(status, "nothing_to_return", ask.lang));
    };
    Ok(workbook(bytes, "returned.xlsx"))
}

/// An empty workbook to fill in.
#[handler]
pub async fn template(ask: Ask) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let bytes = ask.done(import::template())?;
    Ok(workbook(bytes, "template.xlsx"))
}

pub fn workbook(bytes: Vec<u8>, name: &str) -> Response {
    Response::builder()
        .content_type(XLSX)
        .header(
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        )
        .body(bytes)
}
