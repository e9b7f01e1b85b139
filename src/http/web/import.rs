//! Workbooks into the records: handed in, looked at, confirmed.

use super::ask::{Ask, Html, html, with_status};
use super::fields::Fields;
use super::pending::Waiting;
use super::to;
use crate::domain::ids::AreaCode;
use crate::domain::rights::{Action, Scope};
use crate::domain::time::Date;
use crate::http::problem::Failure;
use crate::i18n::{Arg, t};
use crate::service::import::{
    self, Complete, Entry, FLAG, GRADES, Imported, Input, Outcome, Preview, Shown, Stage,
    Written as Cell,
};
use crate::view::Shell;
use crate::view::form::{self, Field};
use crate::view::format::query;
use crate::view::import::{self as view, Complaint, Count, Written};
use crate::view::pager::Pager;
use crate::view::people::Filter;
use poem::http::StatusCode;
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::{Form, Multipart};
use poem::{Response, handler};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows that are shown one by one on a page, which stays readable.
const SHOWN: usize = 50;
/// Refusals that are shown, at most: more are read in the workbook that goes back.
const COMPLAINTS: usize = 100;
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

/// What was handed in, and the key by which its sender asks how far it is.
async fn handed(ask: &Ask, mut parts: Multipart) -> Result<Option<(Waiting, String)>, Failure> {
    let bad = || Failure::new(StatusCode::BAD_REQUEST, "bad_request", ask.lang);
    let (mut files, mut on) = (Vec::new(), ask.now.shanghai_day());
    let mut scope = Complete::Institutions(Vec::new());
    let mut key = String::new();
    while let Some(field) = parts.next_field().await.map_err(|_| bad())? {
        match field.name() {
            Some("file") => {
                // paths of the sender's machine are nobody's business
                let name = field.file_name().unwrap_or("workbook.xlsx");
                let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
                let bytes = field.bytes().await.map_err(|_| bad())?;
                if !bytes.is_empty() {
                    files.push(Input { name, bytes });
                }
            }
            Some("on") => {
                let text = field.text().await.map_err(|_| bad())?;
                on = text.trim().parse().map_err(|_| bad())?;
            }
            Some("scope") => {
                let text = field.text().await.map_err(|_| bad())?;
                if let Ok(area) = text.trim().parse::<AreaCode>() {
                    scope = Complete::Area(area);
                }
            }
            Some("progress") => key = field.text().await.map_err(|_| bad())?,
            _ => {}
        }
    }
    let any = !files.is_empty();
    Ok(any.then(|| (Waiting::new(ask, files, on, scope), key)))
}

/// Characters of a key, at most.
const KEY: usize = 64;

/// Tells whoever waits for an import how far it is; nobody asks where there is no script.
struct Told<'a> {
    ask: &'a Ask,
    key: &'a str,
}

impl<'a> Told<'a> {
    fn new(ask: &'a Ask, key: &'a str) -> Self {
        let key = if key.len() > KEY { "" } else { key };
        Self { ask, key }
    }

    fn tell(&self, stage: Stage) {
        let Self { ask, key } = self;
        if !key.is_empty() {
            ask.site
                .pending
                .tell(ask.actor.account, key, stage, ask.now);
        }
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.ask.site.pending.ended(self.key);
    }
}

/// How far an import is, in words; nothing where none is under way.
#[handler]
pub async fn progress(ask: Ask) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let key = ask.asked("key").unwrap_or_default();
    let stage = ask.site.pending.stage(ask.actor.account, &key);
    let number = |key: &str, n: u64| {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        t(ask.lang, key, &[("n", Arg::Number(n))])
    };
    let words = match stage {
        None => String::new(),
        Some(Stage::Reading(rows)) => number("web-import-reading", rows),
        Some(Stage::Comparing) => t(ask.lang, "web-import-comparing", &[]),
        Some(Stage::Recording { written, of }) => {
            let of = ("of", Arg::from(of));
            t(
                ask.lang,
                "web-import-recording",
                &[("n", written.into()), of],
            )
        }
    };
    Ok(Response::builder()
        .content_type("text/plain; charset=utf-8")
        .body(words))
}

/// What the workbooks would do. Nothing is written.
#[handler]
pub async fn hand_in(ask: Ask, parts: Multipart) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let Some((waiting, key)) = handed(&ask, parts).await? else {
        return door(&ask, vec![t(ask.lang, "web-import-no-file", &[])]).await;
    };
    let waiting = Arc::new(waiting);
    let told = Told::new(&ask, &key);
    let import = waiting.import(&ask, None);
    let preview = import.preview_telling(&|stage| told.tell(stage)).await;
    let preview = ask.done(preview)?;
    let token = data_encoding::HEXLOWER.encode(&ask.office().chance.bytes::<16>());
    ask.site.pending.keep(&token, waiting.clone());
    show(&ask, Seen::new(&token, &waiting), &preview).await
}

/// The files that wait under a token; none where they wait no longer.
fn waiting(ask: &Ask, token: &str) -> Option<Arc<Waiting>> {
    ask.site.pending.find(token, ask.actor.account, ask.now)
}

/// Where files do not wait any longer: they are handed in once more.
async fn late(ask: &Ask) -> Html {
    door(ask, vec![t(ask.lang, "web-import-late", &[])]).await
}

/// The files that wait under a token, looked at again: narrowed, or another page of it.
#[handler]
pub async fn preview_page(ask: Ask) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let token = ask.asked("token").unwrap_or_default();
    let Some(waiting) = waiting(&ask, &token) else {
        return late(&ask).await;
    };
    let preview = ask.done(waiting.import(&ask, None).preview().await)?;
    show(&ask, Seen::new(&token, &waiting), &preview).await
}

struct Seen {
    token: String,
    on: Date,
    files: Vec<String>,
    recorded: bool,
}

impl Seen {
    fn new(token: &str, waiting: &Waiting) -> Self {
        Self {
            token: token.to_owned(),
            on: waiting.on,
            files: waiting.files.iter().map(|file| file.name.clone()).collect(),
            recorded: false,
        }
    }
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
    let token = seen.token.clone();
    shell.path = "/import/preview".to_owned();
    shell.query.retain(|(name, _)| name != "token");
    shell.query.push(("token".to_owned(), token.clone()));
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
        refused: complaints(&token, refused),
        // what is odd is right as often as not
        odd: complaints("", odd),
        s: &shell,
    };
    // it was asked for and is shown, whatever the rows are like
    Ok(html(&page))
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

fn complaint(token: &str, one: import::Complaint) -> Complaint {
    let row = Row::of(token, &one).filter(|_| !token.is_empty());
    let place = match one.row {
        0 => one.file,
        row => format!("{} · {}!{row}", one.file, one.sheet),
    };
    Complaint {
        href: row.map(|row| row.href()).unwrap_or_default(),
        place,
        column: one.column,
        value: one.value,
        message: one.message,
    }
}

fn complaints(token: &str, all: Vec<import::Complaint>) -> Vec<Complaint> {
    let shown = all.into_iter().take(COMPLAINTS);
    shown.map(|one| complaint(token, one)).collect()
}

/// A row of a file that waits.
struct Row {
    token: String,
    file: usize,
    sheet: String,
    row: u32,
}

impl Row {
    /// The row that a complaint is about, if it can be written otherwise.
    fn of(token: &str, one: &import::Complaint) -> Option<Self> {
        Some(Self {
            token: token.to_owned(),
            file: one.input?,
            sheet: one.sheet.clone(),
            row: one.row,
        })
    }

    /// As a link or a form names it.
    fn read(of: impl Fn(&str) -> String) -> Option<Self> {
        Some(Self {
            token: of("token"),
            file: of("file").parse().ok()?,
            sheet: of("sheet"),
            row: of("row").parse().ok()?,
        })
    }

    fn pairs(&self) -> [(&'static str, String); 4] {
        [
            ("token", self.token.clone()),
            ("file", self.file.to_string()),
            ("sheet", self.sheet.clone()),
            ("row", self.row.to_string()),
        ]
    }

    fn href(&self) -> String {
        let pairs = self.pairs();
        let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
        format!("/import/row{}", query(pairs))
    }

    fn is_in(&self, one: &import::Complaint) -> bool {
        one.input == Some(self.file) && one.sheet == self.sheet && one.row == self.row
    }

    /// What is against the row.
    fn against(&self, ask: &Ask, preview: &Preview) -> Vec<import::Complaint> {
        let mut all = preview.refused(ask.lang);
        all.retain(|one| self.is_in(one));
        all
    }
}

/// A refused row with its cells, each with what is against it.
#[handler]
pub async fn row_page(ask: Ask) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let row = Row::read(|name| ask.asked(name).unwrap_or_default());
    let row = row.ok_or_else(|| ask.not_found())?;
    let Some(waiting) = waiting(&ask, &row.token) else {
        return late(&ask).await;
    };
    let file = waiting.files.get(row.file).ok_or_else(|| ask.not_found())?;
    let cells = import::written(file, &row.sheet, row.row);
    if cells.is_empty() {
        return Err(ask.not_found());
    }
    let preview = ask.done(waiting.import(&ask, None).preview().await)?;
    let against = row.against(&ask, &preview);
    row_form(&ask, &row, &file.name, &cells, &against, Vec::new()).await
}

/// The form of a row: what is against a cell stands beside it, what is against none above.
async fn row_form(
    ask: &Ask,
    row: &Row,
    file: &str,
    cells: &[Cell],
    against: &[import::Complaint],
    mut refused: Vec<String>,
) -> Html {
    let shell = ask.shell().await?.undated().at_path("/import");
    let back = query([("token", row.token.as_str()), ("show", "refused")]);
    let back = format!("/import/preview{back}");
    let shell = shell.crumb(t(ask.lang, "web-import-would", &[]), &back);
    let mut fields = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let own = against.iter().filter(|one| one.column == cell.column.name);
        let wrong: Vec<&str> = own.map(|one| one.message.as_str()).collect();
        fields.push(cell_field(&shell, at, cell).wrong(wrong.join(" ")));
    }
    let named = |column: &str| cells.iter().any(|cell| cell.column.name == column);
    let others = against.iter().filter(|one| !named(&one.column));
    refused.extend(others.map(|one| one.message.clone()));
    let page = view::RowPage {
        place: format!("{file} · {}!{}", row.sheet, row.row),
        hidden: row.pairs().to_vec(),
        fields: form::fields(&shell, &fields),
        refused,
        back,
        s: &shell,
    };
    Ok(html(&page))
}

/// A field for a cell: words are chosen where the column takes no others.
fn cell_field(s: &Shell, at: usize, cell: &Cell) -> Field {
    let words: &[&str] = match cell.column.entry {
        Entry::Choice(words) => words,
        Entry::Flag => FLAG,
        Entry::Grade => GRADES,
        _ => &[],
    };
    let input = if words.is_empty() {
        form::Input::Text
    } else {
        form::Input::Choice
    };
    let mut field = Field::new(format!("cell-{at}"), cell.column.name, input);
    field.hint = match cell.column.entry {
        Entry::Month => s.t("web-import-month"),
        Entry::EndMonth => s.t("web-import-end-month"),
        _ => String::new(),
    };
    if !words.is_empty() {
        let mut all = vec![""];
        // what was written stays as it is until another word is chosen
        if !cell.text.is_empty() && !words.contains(&cell.text.as_str()) {
            all.push(&cell.text);
        }
        all.extend(words);
        let all = all.into_iter().map(str::to_owned);
        field = field.options(all.map(|word| (word.clone(), word)));
    }
    field = field.value(&cell.text);
    field.required = cell.column.required && words.is_empty();
    field
}

/// Puts the cells of a row as they are written now in the place of those that wait, and
/// looks at all of it again. Nothing is recorded by it.
#[handler]
pub async fn correct_row(ask: Ask, fields: Fields) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let row = Row::read(|name| fields.text(name).to_owned());
    let row = row.ok_or_else(|| ask.not_found())?;
    let Some(waiting) = waiting(&ask, &row.token) else {
        return late(&ask).await;
    };
    let file = waiting.files.get(row.file).ok_or_else(|| ask.not_found())?;
    let before = import::written(file, &row.sheet, row.row);
    let mut after = before.clone();
    for (at, cell) in after.iter_mut().enumerate() {
        fields
            .text(&format!("cell-{at}"))
            .clone_into(&mut cell.text);
    }
    let changed = before.iter().zip(&after);
    let changed = changed.filter(|(before, after)| before.text.trim() != after.text);
    let changed: BTreeMap<&str, String> = changed
        .map(|(_, after)| (after.column.name, after.text.clone()))
        .collect();
    let corrected = import::corrected(file, &row.sheet, row.row, &changed);
    let corrected = waiting.with(row.file, ask.done(corrected)?, ask.now);
    let preview = ask.done(corrected.import(&ask, None).preview().await)?;
    let against = row.against(&ask, &preview);
    if against.is_empty() {
        if !ask.site.pending.replace(&row.token, &waiting, corrected) {
            let why = vec![t(ask.lang, "web-import-row-stale", &[])];
            let mut shown = row_form(&ask, &row, &file.name, &after, &[], why).await?;
            shown.set_status(StatusCode::CONFLICT);
            return Ok(shown);
        }
        let pairs = [("token", row.token.as_str()), ("told", "row-corrected")];
        return Ok(to(&format!("/import/preview{}", query(pairs))));
    }
    let mut shown = row_form(&ask, &row, &file.name, &after, &against, Vec::new()).await?;
    shown.set_status(StatusCode::UNPROCESSABLE_ENTITY);
    Ok(shown)
}

#[derive(Deserialize)]
struct Confirmed {
    token: String,
    #[serde(default)]
    reason: String,
    /// Which of the files goes back.
    #[serde(default)]
    file: usize,
    /// By what its sender asks how far it is.
    #[serde(default)]
    progress: String,
}

/// Records what was looked at. The same twice changes nothing.
#[handler]
pub async fn confirm(ask: Ask, Form(confirmed): Form<Confirmed>) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let Some(waiting) = waiting(&ask, &confirmed.token) else {
        return late(&ask).await;
    };
    let reason = Some(confirmed.reason.trim()).filter(|reason| !reason.is_empty());
    let import = waiting.import(&ask, reason);
    let told = Told::new(&ask, &confirmed.progress);
    let imported = import.run_telling(&|stage| told.tell(stage)).await;
    let imported = ask.done(imported)?;
    let mut seen = Seen::new(&confirmed.token, &waiting);
    match imported {
        Imported::Recorded(preview) => {
            seen.token.clear();
            seen.recorded = true;
            ask.site.pending.forget(&confirmed.token);
            show(&ask, seen, &preview).await
        }
        Imported::Refused(preview) => {
            let mut shown = show(&ask, seen, &preview).await?;
            shown.set_status(StatusCode::UNPROCESSABLE_ENTITY);
            Ok(shown)
        }
    }
}

/// The workbook with a column of reasons beside its refused rows.
#[handler]
pub async fn returned(ask: Ask, Form(confirmed): Form<Confirmed>) -> Html {
    ask.permitted(Action::ImportPeople)?;
    let Some(waiting) = waiting(&ask, &confirmed.token) else {
        return late(&ask).await;
    };
    let preview = ask.done(waiting.import(&ask, None).preview().await)?;
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
