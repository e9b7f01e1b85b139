//! Workbooks into the records and out of them.

use super::Tag;
use super::record::when;
use crate::domain::ids::AreaCode;
use crate::domain::rights::Action;
use crate::domain::time::{Date, Timestamp};
use crate::http::caller::Caller;
use crate::http::problem::{Failure, Flaw, words};
use crate::http::scalar::Text;
use crate::service::export::{Export, Part};
use crate::service::import::{self, Complete, Import, Imported, Input, Outcome, Preview};
use crate::service::locus::part_of;
use poem::Body;
use poem::http::StatusCode;
use poem_openapi::param::Query;
use poem_openapi::payload::{Binary, Json};
use poem_openapi::types::multipart::Upload;
use poem_openapi::{ApiResponse, Enum, Multipart, Object, OpenApi};

pub struct Api;

/// Workbooks that are read as one data set: xlsx, xls or ods.
#[derive(Debug, Multipart)]
struct Files {
    #[oai(validator(min_items = 1, max_items = 20))]
    file: Vec<Upload>,
}

/// What an import would do, or did.
#[derive(Debug, Object)]
struct Outcomes {
    /// Whether everything is recorded. False: nothing was.
    recorded: bool,
    /// The day from which on it holds.
    on: Text<Date>,
    /// Whether nothing would be refused.
    accepted: bool,
    institutions: Counts,
    people: Counts,
    rural_doctors: Counts,
    places: Counts,
    /// The records that are added, changed and ended, in the order of the workbook; the
    /// first 1000.
    changes: Vec<Changed>,
    /// How many there are in all.
    changes_total: usize,
    refused: Vec<Complaint>,
    odd: Vec<Complaint>,
}

/// How many records.
#[derive(Debug, Object)]
struct Counts {
    added: usize,
    changed: usize,
    ended: usize,
    unchanged: usize,
}

/// What becomes of a record.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum Becomes {
    Added,
    Changed,
    Ended,
}

/// A record that is written.
#[derive(Debug, Object)]
struct Changed {
    noun: String,
    code: String,
    name: String,
    /// Code of the institution, or of the area of a rural doctor.
    belongs_to: String,
    becomes: Becomes,
    /// Of one that changes: its columns.
    columns: Vec<Column>,
}

/// A column, old and new; empty = blank.
#[derive(Debug, Object)]
struct Column {
    column: String,
    before: String,
    after: String,
}

/// Something wrong or odd with a cell.
#[derive(Debug, Object)]
struct Complaint {
    file: String,
    sheet: String,
    /// 0 = the file as a whole.
    row: u32,
    column: String,
    code: String,
    value: String,
    message: String,
}

/// Records that are shown one by one, at most.
const SHOWN: usize = 1000;

impl Outcomes {
    fn new(caller: &Caller, on: Date, preview: &Preview, recorded: bool) -> Self {
        let count = |outcome| preview.comparison.differences.count(outcome);
        let all = [
            Outcome::Added,
            Outcome::Changed,
            Outcome::Ended,
            Outcome::Unchanged,
        ];
        let [added, changed, ended, unchanged] = all.map(count);
        let of = |at: usize| {
            let number = |counts: &[usize; 4]| counts.get(at).copied().unwrap_or(0);
            Counts {
                added: number(&added),
                changed: number(&changed),
                ended: number(&ended),
                unchanged: number(&unchanged),
            }
        };
        let shown = preview.shown();
        let changes_total = shown.len();
        Self {
            recorded,
            on: Text(on),
            accepted: preview.reading.is_accepted(),
            institutions: of(0),
            people: of(1),
            rural_doctors: of(2),
            places: of(3),
            changes: shown.into_iter().take(SHOWN).filter_map(record).collect(),
            changes_total,
            refused: preview
                .refused(caller.lang)
                .into_iter()
                .map(complaint)
                .collect(),
            odd: preview
                .odd(caller.lang)
                .into_iter()
                .map(complaint)
                .collect(),
        }
    }
}

fn record(shown: import::Shown) -> Option<Changed> {
    Some(Changed {
        noun: shown.noun.to_owned(),
        code: shown.code,
        name: shown.name,
        belongs_to: shown.belongs_to,
        becomes: match shown.outcome {
            Outcome::Added => Becomes::Added,
            Outcome::Changed => Becomes::Changed,
            Outcome::Ended => Becomes::Ended,
            Outcome::Unchanged => return None,
        },
        columns: shown
            .changes
            .into_iter()
            .map(|change| Column {
                column: change.column.to_owned(),
                before: change.before,
                after: change.after,
            })
            .collect(),
    })
}

fn complaint(complaint: import::Complaint) -> Complaint {
    Complaint {
        file: complaint.file,
        sheet: complaint.sheet,
        row: complaint.row,
        column: complaint.column,
        code: complaint.code.to_owned(),
        value: complaint.value,
        message: complaint.message,
    }
}

#[derive(ApiResponse)]
enum Answer {
    /// What an import would do, or did.
    #[oai(status = 200)]
    Done(Json<Outcomes>),
    /// Rows were refused, so that nothing was recorded.
    #[oai(status = 422)]
    Refused(Json<Outcomes>),
}

#[derive(ApiResponse)]
enum Workbook {
    /// A workbook.
    #[oai(
        status = 200,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )]
    Is(Binary<Body>, #[oai(header = "Content-Disposition")] String),
}

async fn read(caller: &Caller, files: Files) -> Result<Vec<Input>, Failure> {
    if files.file.is_empty() {
        let flaw = Flaw {
            field: "file".to_owned(),
            code: "missing".to_owned(),
            message: words("no_file", caller.lang),
        };
        return Err(Failure::flawed(vec![flaw], caller.lang));
    }
    let mut inputs = Vec::new();
    for upload in files.file {
        // paths of the sender's machine are nobody's business
        let name = upload.file_name().unwrap_or("workbook.xlsx");
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
        let bad = |_| Failure::new(StatusCode::BAD_REQUEST, "bad_request", caller.lang);
        let bytes = upload.into_vec().await.map_err(bad)?;
        inputs.push(Input { name, bytes });
    }
    Ok(inputs)
}

fn import_of<'a>(
    caller: &'a Caller,
    files: &'a [Input],
    on: Date,
    scope: Complete,
    reason: Option<&'a str>,
) -> Import<'a> {
    Import {
        office: &caller.office,
        actor: &caller.actor,
        files,
        on,
        scope,
        reason,
        now: caller.now,
    }
}

/// `all`, an area code, or `institutions:CODE,CODE`.
fn complete(caller: &Caller, text: Option<&str>) -> Result<Complete, Failure> {
    let text = text.unwrap_or("institutions:").trim();
    if text == "all" {
        return Ok(Complete::All);
    }
    if let Some(codes) = text.strip_prefix("institutions:") {
        let codes = codes
            .split(',')
            .map(str::trim)
            .filter(|code| !code.is_empty());
        return Ok(Complete::Institutions(codes.map(str::to_owned).collect()));
    }
    let area = text.parse::<AreaCode>().ok().map(Complete::Area);
    area.ok_or_else(|| {
        let flaw = Flaw {
            field: "complete_for".to_owned(),
            code: "invalid".to_owned(),
            message: words("complete_for", caller.lang),
        };
        Failure::unfit(vec![flaw], caller.lang)
    })
}

#[OpenApi(tag = "Tag::Workbooks")]
impl Api {
    /// What workbooks would change
    ///
    /// Nothing is written.
    #[oai(
        path = "/imports/preview",
        method = "post",
        operation_id = "preview_import"
    )]
    async fn preview(
        &self,
        caller: Caller,
        /// The day from which on they hold; today when not given.
        on: Query<Option<Text<Date>>>,
        /// What they are complete for: records of it that they leave out end. `all`, the code
        /// of an area, or `institutions:CODE,CODE`. Nothing ends when not given.
        #[oai(validator(
            max_length = 20000,
            pattern = "^(all|[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|institutions:[^,]*(,[^,]*)*)$"
        ))]
        complete_for: Query<Option<String>>,
        files: Files,
    ) -> Result<Json<Outcomes>, Failure> {
        let on = on.0.map_or(caller.now.shanghai_day(), |on| on.0);
        let scope = complete(&caller, complete_for.0.as_deref())?;
        let files = read(&caller, files).await?;
        let import = import_of(&caller, &files, on, scope, None);
        let preview = caller.done(import.preview().await)?;
        Ok(Json(Outcomes::new(&caller, on, &preview, false)))
    }

    /// Records what workbooks say, if no row of them is refused
    ///
    /// All of it or nothing. The same workbook twice changes nothing.
    #[oai(path = "/imports", method = "post", operation_id = "import")]
    async fn import(
        &self,
        caller: Caller,
        /// The day from which on they hold; today when not given.
        on: Query<Option<Text<Date>>>,
        /// What they are complete for: records of it that they leave out end. `all`, the code
        /// of an area, or `institutions:CODE,CODE`. Nothing ends when not given.
        #[oai(validator(
            max_length = 20000,
            pattern = "^(all|[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|institutions:[^,]*(,[^,]*)*)$"
        ))]
        complete_for: Query<Option<String>>,
        /// Why.
        #[oai(validator(max_length = 500))]
        reason: Query<Option<String>>,
        files: Files,
    ) -> Result<Answer, Failure> {
        let on = on.0.map_or(caller.now.shanghai_day(), |on| on.0);
        let scope = complete(&caller, complete_for.0.as_deref())?;
        let files = read(&caller, files).await?;
        let import = import_of(&caller, &files, on, scope, reason.0.as_deref());
        let imported = caller.done(import.run().await)?;
        Ok(match imported {
            Imported::Refused(preview) => {
                Answer::Refused(Json(Outcomes::new(&caller, on, &preview, false)))
            }
            Imported::Recorded(preview) => {
                Answer::Done(Json(Outcomes::new(&caller, on, &preview, true)))
            }
        })
    }

    /// A workbook with a column of reasons beside its refused rows
    #[oai(
        path = "/imports/returned",
        method = "post",
        operation_id = "return_import"
    )]
    async fn returned(
        &self,
        caller: Caller,
        on: Query<Option<Text<Date>>>,
        files: Files,
    ) -> Result<Workbook, Failure> {
        let on = on.0.map_or(caller.now.shanghai_day(), |on| on.0);
        let files = read(&caller, files).await?;
        let import = import_of(
            &caller,
            &files,
            on,
            Complete::Institutions(Vec::new()),
            None,
        );
        let preview = caller.done(import.preview().await)?;
        let mut returned = preview.returned(&files, caller.lang);
        if returned.is_empty() {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(Failure::new(status, "nothing_to_return", caller.lang));
        }
        let (_, bytes) = returned.swap_remove(0);
        Ok(workbook(bytes, "returned.xlsx"))
    }

    /// The import workbook of the records on a day
    ///
    /// Of the caller's whole scope, or of an area or institution in it. Numbers are masked;
    /// with a `reason` they are whole, and the trail keeps who had them and why.
    #[oai(path = "/export", method = "get", operation_id = "export")]
    async fn export(
        &self,
        caller: Caller,
        as_of: Query<Option<Text<Date>>>,
        /// As it was known at that instant.
        known_at: Query<Option<Text<Timestamp>>>,
        area: Query<Option<Text<AreaCode>>>,
        /// The institution with that code and all below it.
        #[oai(validator(max_length = 100))]
        institution: Query<Option<String>>,
        #[oai(validator(min_length = 1, max_length = 500))] reason: Query<Option<String>>,
    ) -> Result<Workbook, Failure> {
        let action = match reason.0 {
            Some(_) => Action::ExportFull,
            None => Action::Export,
        };
        let part = match (area.0, institution.0) {
            (_, Some(code)) => Part::Below(code),
            (Some(area), None) => Part::Area(area.0),
            (None, None) => {
                let part = part_of(&caller.office, &caller.actor, action).await;
                caller.done(part)?
            }
        };
        let export = Export {
            office: &caller.office,
            actor: &caller.actor,
            part,
            when: when(&caller, as_of.0, known_at.0),
            reveal: reason.0.as_deref(),
            now: caller.now,
        };
        let bytes = caller.done(export.run().await)?;
        Ok(workbook(bytes, "dinggang.xlsx"))
    }
}

fn workbook(bytes: Vec<u8>, name: &str) -> Workbook {
    let disposition = format!("attachment; filename=\"{name}\"");
    Workbook::Is(Binary(Body::from(bytes)), disposition)
}
