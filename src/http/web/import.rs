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
    let mut shell = ask.shell().await?;
    shell.follows_day = false;
    shell.path = "/import".to_owned();
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
                if let Some(area) = AreaCode::read(text.trim(), &[2, 4, 6, 9, 12]) {
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

struct Seen {
    token: String,
    on: Date,
    files: Vec<String>,
    recorded: bool,
}

async fn show(ask: &Ask, seen: Seen, preview: &Preview) -> Html {
    let mut shell = ask.shell().await?;
    shell.follows_day = false;
    shell.path = "/import".to_owned();
    let written = preview.shown();
    let refused = preview.refused(ask.lang);
    let odd = preview.odd(ask.lang);
    let accepted = preview.reading.is_accepted();
    let page = view::Preview {
        token: seen.token,
        on: seen.on.to_string(),
        files: seen.files.join(&shell.t("list-separator")),
        recorded: seen.recorded,
        accepted,
        counts: counts(&shell, preview),
        written_total: written.len(),
        written: written
            .into_iter()
            .take(SHOWN)
            .map(|one| record(&shell, one))
            .collect(),
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
    let nouns = ["institution", "person", "rural-doctor", "place"];
    let nouns = nouns.iter().enumerate();
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
    let (key, class) = match one.outcome {
        Outcome::Added => ("added", "holds"),
        Outcome::Changed => ("changed", "judgement"),
        Outcome::Ended => ("ended", "fails"),
        Outcome::Unchanged => ("unchanged", "unknown"),
    };
    Written {
        becomes: s.t(format!("web-import-{key}")),
        class,
        noun: s.t(format!("web-import-{}", one.noun.replace('_', "-"))),
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
    let back = preview.returned(&waiting.files, ask.lang);
    let Some((_, bytes)) = back.into_iter().next() else {
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
