//! Applications: lists, one with its history, how one begins, and every move it can make.

use super::Tag;
use super::page::page;
use super::places::{Checked, PoolPlaces};
use super::record::{Named, unfit};
use super::single::{Made, Single, seen, tag};
use crate::domain::attachment::{Attachment, FileKind};
use crate::domain::excess::Cause;
use crate::domain::institution::Institution;
use crate::domain::post::Grade;
use crate::domain::post::Ledger;
use crate::domain::promotion::{
    Command, Holder, Kind, Move, Outcome, Pool, ReturnTo, State, Subject, Target,
};
use crate::domain::record::Id;
use crate::domain::record_id::{ApplicationId, InstitutionId, PersonId, RoundId};
use crate::domain::rights::Office;
use crate::domain::time::{Date, Timestamp};
use crate::domain::title::Rank;
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::i18n::Lang;
use crate::service::promotion::{
    Act, Acted, Begin, Listed, Preview, Step, View, Wanted, find, list, notices, preview,
};
use crate::service::{excess, round};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::{Deserialize, Serialize};
use validator::Validate;

pub struct Api;

/// What is asked for.
#[derive(Clone, Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
pub struct Asked {
    /// Level of the appointment, or of the title; `none` where none is asked for.
    rank: Word<Rank>,
    #[validate(range(min = 1, max = 13))]
    #[oai(validator(minimum(value = "1"), maximum(value = "13")))]
    grade: Option<u8>,
    /// Where a transfer goes.
    institution: Option<Text<Id<Institution>>>,
    /// The day from which on it is wanted; that of leaving for a retirement.
    on: Option<Text<Date>>,
}

impl Asked {
    pub fn show(target: &Target) -> Self {
        Self {
            rank: Word(target.rank),
            grade: target.grade.map(|grade| grade.number()),
            institution: target.institution.map(Text),
            on: target.on.map(Text),
        }
    }

    pub fn take(self) -> Option<Target> {
        let grade = match self.grade {
            Some(number) => Some(Grade::new(number)?),
            None => None,
        };
        Some(Target {
            rank: self.rank.0,
            grade,
            institution: self.institution.map(|id| id.0),
            on: self.on.map(|day| day.0),
        })
    }
}

/// An application that is begun.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct NewApplication {
    kind: Word<Kind>,
    person: Text<PersonId>,
    /// The institution that recommends.
    institution: Text<InstitutionId>,
    /// The competition it belongs to; null = it stands alone.
    round: Option<Text<RoundId>>,
    #[validate(nested)]
    target: Asked,
    /// What 优秀 rests on.
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[oai(default, validator(max_length = 4000))]
    merits: String,
}

/// What was begun.
#[derive(Debug, Object)]
struct MadeApplication {
    id: Text<ApplicationId>,
    version: i64,
}

/// The draft as it should be.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Draft {
    #[validate(nested)]
    target: Asked,
    #[serde(default)]
    #[validate(length(max = 4000))]
    #[oai(default, validator(max_length = 4000))]
    merits: String,
}

/// Nothing more is said.
#[derive(Debug, Default, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Nothing {}

/// Something that is said.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Said {
    #[validate(length(max = 2000))]
    #[oai(validator(max_length = 2000))]
    text: String,
}

/// A recommendation.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Recommendation {
    /// Why this one of those who are tied for the last places.
    #[validate(length(max = 1000))]
    #[oai(validator(max_length = 1000))]
    reason: Option<String>,
}

/// A public notice.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct NoticeOrder {
    /// For so many working days; at least 5.
    #[validate(range(max = 1000))]
    #[oai(validator(maximum(value = "1000")))]
    working_days: u32,
}

/// What has to be put right.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Defects {
    #[validate(length(max = 100))]
    #[oai(validator(max_items = 100))]
    defects: Vec<String>,
}

/// Where an authority sends an application back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Back {
    Applicant,
    Institution,
    /// An earlier office of the route.
    Step,
}

/// A return.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct ReturnOrder {
    to: Back,
    /// Position of the earlier office in the route, from 0; with `step` only.
    #[validate(range(max = 100))]
    #[oai(validator(maximum(value = "100")))]
    step: Option<u32>,
    #[validate(length(max = 100))]
    #[oai(validator(max_items = 100))]
    defects: Vec<String>,
}

/// The answer to an objection.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Resolution {
    outcome: Word<Outcome>,
    #[validate(length(max = 2000))]
    #[oai(validator(max_length = 2000))]
    answer: String,
}

/// The opinion of an authority that does not decide.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct OpinionOrder {
    favourable: bool,
    #[validate(length(max = 2000))]
    #[oai(validator(max_length = 2000))]
    text: String,
}

/// An approval.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Approval {
    /// From when on the decision holds; of the last step only. Null = from today on.
    effective: Option<Text<Date>>,
    /// Why rules that warn are passed by.
    #[validate(length(max = 1000))]
    #[oai(validator(max_length = 1000))]
    override_reason: Option<String>,
}

/// Why.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Why {
    #[validate(length(max = 2000))]
    #[oai(validator(max_length = 2000))]
    reason: String,
    /// Why rules that warn are passed by.
    #[validate(length(max = 1000))]
    #[oai(validator(max_length = 1000))]
    override_reason: Option<String>,
}

/// Who has an application.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum Has {
    Applicant,
    Institution,
    Office,
    /// It waits for a day.
    Clock,
    Nobody,
}

/// An application in a list.
#[derive(Debug, Object)]
pub struct ApplicationLine {
    id: Text<ApplicationId>,
    version: i64,
    kind: Word<Kind>,
    person: Text<PersonId>,
    /// Name of the person; empty when nothing is recorded today.
    name: String,
    institution: Text<InstitutionId>,
    institution_name: String,
    round: Option<Text<RoundId>>,
    target: Asked,
    state: Word<State>,
    /// Who has it, and since when.
    holder: Has,
    /// The office that has it.
    office: Option<Word<Office>>,
    since: Text<Timestamp>,
    /// By when its holder should act.
    due: Option<Text<Date>>,
    notice: Option<NoticeView>,
    effective: Option<Text<Date>>,
}

impl ApplicationLine {
    pub fn new(
        application: &crate::domain::promotion::Application,
        name: &str,
        house: &str,
    ) -> Self {
        let (holder, office) = match application.holder() {
            Holder::Applicant => (Has::Applicant, None),
            Holder::Institution => (Has::Institution, None),
            Holder::Office(office) => (Has::Office, Some(Word(office))),
            Holder::Clock => (Has::Clock, None),
            Holder::Nobody => (Has::Nobody, None),
        };
        Self {
            id: Text(application.id),
            version: application.version.number(),
            kind: Word(application.kind),
            person: Text(application.person),
            name: name.to_owned(),
            institution: Text(application.institution),
            institution_name: house.to_owned(),
            round: application.round.map(Text),
            target: Asked::show(&application.target),
            state: Word(application.state),
            holder,
            office,
            since: Text(application.since),
            due: application.due.map(Text),
            notice: application.notice.map(|notice| NoticeView {
                published: Text(notice.published),
                last: Text(notice.last),
                provisional: notice.provisional,
            }),
            effective: application.effective.map(Text),
        }
    }
}

impl From<&Listed> for ApplicationLine {
    fn from(listed: &Listed) -> Self {
        Self::new(&listed.application, &listed.name, &listed.house)
    }
}

/// A page of applications, newest first.
#[derive(Debug, Object)]
struct Applications {
    items: Vec<ApplicationLine>,
    /// Of all pages.
    total: u64,
    next: Option<String>,
}

/// A public notice.
#[derive(Debug, Object)]
struct NoticeView {
    published: Text<Date>,
    /// The last day of the notice.
    last: Text<Date>,
    /// Counted in a year whose days off are not announced yet.
    provisional: bool,
}

/// What has to be put right.
#[derive(Debug, Object)]
struct DefectView {
    found: Text<Timestamp>,
    office: Word<Office>,
    text: String,
    mended: Option<Text<Timestamp>>,
}

/// An objection; by whom is told to nobody here.
#[derive(Debug, Object)]
struct ObjectionView {
    /// Its number, from 0.
    number: usize,
    raised: Text<Timestamp>,
    text: String,
    resolved: Option<Text<Timestamp>>,
    outcome: Option<Word<Outcome>>,
    answer: Option<String>,
}

/// An opinion.
#[derive(Debug, Object)]
struct OpinionView {
    office: Word<Office>,
    given: Text<Timestamp>,
    favourable: bool,
    text: String,
}

/// A place that is kept.
#[derive(Debug, Object)]
struct KeptPlace {
    institution: Text<InstitutionId>,
    pool: Word<Pool>,
    from: Text<Date>,
    /// Null = until the decision.
    until: Option<Text<Date>>,
}

/// Something that was done.
#[derive(Debug, Object)]
struct StepView {
    at: Text<Timestamp>,
    made: Word<Move>,
    before: Word<State>,
    after: Word<State>,
    /// Position in the route it was made in.
    step: u32,
    /// Who did it; empty where that is told to nobody here.
    name: String,
    /// Key of the office.
    office: String,
    words: String,
    /// Rules that were overridden or recorded.
    noted: Vec<String>,
    /// Why.
    reason: Option<String>,
}

impl From<&Step> for StepView {
    fn from(step: &Step) -> Self {
        let noted = step.noted.split(',').filter(|rule| !rule.is_empty());
        Self {
            at: Text(step.at),
            made: Word(step.made),
            before: Word(step.before),
            after: Word(step.after),
            step: step.step,
            name: step.name.clone(),
            office: step.office.clone(),
            words: step.words.clone(),
            noted: noted.map(str::to_owned).collect(),
            reason: step.reason.clone(),
        }
    }
}

/// A file of an application.
#[derive(Debug, Object)]
pub struct FileView {
    id: Text<Id<Attachment>>,
    name: String,
    kind: Word<FileKind>,
    bytes: u64,
    added_at: Text<Timestamp>,
    /// Of what is in it.
    sha256: String,
}

impl From<&Attachment> for FileView {
    fn from(file: &Attachment) -> Self {
        Self {
            id: Text(file.id),
            name: file.name.clone(),
            kind: Word(file.kind),
            bytes: file.bytes,
            added_at: Text(file.added),
            sha256: data_encoding::HEXLOWER.encode(&file.digest),
        }
    }
}

/// An application with all its lists and its history.
#[derive(Debug, Object)]
pub struct ApplicationView {
    application: ApplicationLine,
    merits: String,
    /// The offices that decide, in order; empty until the institution has taken it up.
    route: Vec<Word<Office>>,
    /// Offices whose opinion has to be there.
    opinions_asked: Vec<Word<Office>>,
    /// Position in the route.
    step: usize,
    defects: Vec<DefectView>,
    objections: Vec<ObjectionView>,
    opinions: Vec<OpinionView>,
    place: Option<KeptPlace>,
    /// Until when the county may object to what a consortium decided.
    filed_until: Option<Text<Date>>,
    /// What the caller may do to it as it stands.
    may: Vec<Word<Move>>,
    steps: Vec<StepView>,
    files: Vec<FileView>,
}

impl From<&View> for ApplicationView {
    fn from(view: &View) -> Self {
        let own = &view.application;
        let objections = own.objections.iter().enumerate();
        let objections = objections.map(|(number, one)| {
            let resolved = one.resolved.as_ref();
            ObjectionView {
                number,
                raised: Text(one.raised),
                text: one.text.clone(),
                resolved: resolved.map(|resolved| Text(resolved.at)),
                outcome: resolved.map(|resolved| Word(resolved.outcome)),
                answer: resolved.map(|resolved| resolved.answer.clone()),
            }
        });
        let defects = own.defects.iter().map(|one| DefectView {
            found: Text(one.found),
            office: Word(one.office),
            text: one.text.clone(),
            mended: one.mended.map(Text),
        });
        let opinions = own.opinions.iter().map(|one| OpinionView {
            office: Word(one.office),
            given: Text(one.given),
            favourable: one.favourable,
            text: one.text.clone(),
        });
        Self {
            application: ApplicationLine::new(own, &view.name, &view.house),
            merits: own.merits.clone(),
            route: own.route.steps.iter().copied().map(Word).collect(),
            opinions_asked: own.route.opinions.iter().copied().map(Word).collect(),
            step: own.step,
            defects: defects.collect(),
            objections: objections.collect(),
            opinions: opinions.collect(),
            place: own.place.map(|place| KeptPlace {
                institution: Text(place.institution),
                pool: Word(place.pool),
                from: Text(place.from),
                until: place.until.map(Text),
            }),
            filed_until: own.filed_until.map(Text),
            may: view.may.iter().copied().map(Word).collect(),
            steps: view.steps.iter().map(StepView::from).collect(),
            files: view.files.iter().map(FileView::from).collect(),
        }
    }
}

/// What became of a move.
#[derive(Debug, Object)]
pub struct Moved {
    id: Text<ApplicationId>,
    version: i64,
    state: Word<State>,
    step: usize,
    holder: Has,
    office: Option<Word<Office>>,
    effective: Option<Text<Date>>,
    /// Rules that were overridden, or only recorded.
    noted: Vec<String>,
}

impl From<&Acted> for Moved {
    fn from(acted: &Acted) -> Self {
        let ApplicationLine {
            id,
            version,
            state,
            holder,
            office,
            effective,
            ..
        } = ApplicationLine::new(&acted.application, "", "");
        Self {
            id,
            version,
            state,
            step: acted.application.step,
            holder,
            office,
            effective,
            noted: acted.noted.clone(),
        }
    }
}

/// What a decision would do.
#[derive(Debug, Object)]
pub struct PreviewView {
    checks: Vec<Checked>,
    /// The pool of which it takes a place; null = none.
    takes: Option<Word<Pool>>,
    /// The pool of which it frees one.
    frees: Option<Word<Pool>>,
    /// In which ledger the person stands, before and after.
    ledger_before: Option<Word<Ledger>>,
    ledger_after: Option<Word<Ledger>>,
    /// The month of retirement, before and after.
    retirement_before: Option<Text<crate::domain::month::Month>>,
    retirement_after: Option<Text<crate::domain::month::Month>>,
    /// The places of the institution, with all that is reserved, and if it were decided.
    before: Vec<PoolPlaces>,
    after: Vec<PoolPlaces>,
}

impl PreviewView {
    pub fn new(lang: Lang, preview: &Preview) -> Self {
        let judged = &preview.judged;
        let standing = |after: bool| {
            let effect = judged.effect.as_ref()?;
            Some(if after { &effect.after } else { &effect.before })
        };
        let ledger = |after| standing(after).and_then(|one| one.ledger).map(Word);
        let retirement = |after| {
            let retirement = standing(after).and_then(|one| one.retirement);
            retirement.map(|retirement| Text(retirement.month))
        };
        Self {
            checks: Checked::all(lang, &judged.checks),
            takes: judged.takes.map(Word),
            frees: judged.frees.map(Word),
            ledger_before: ledger(false),
            ledger_after: ledger(true),
            retirement_before: retirement(false),
            retirement_after: retirement(true),
            before: PoolPlaces::all(&preview.posts),
            after: PoolPlaces::all(&preview.posts_after),
        }
    }
}

/// More holders than there may be.
#[derive(Debug, Object)]
struct ExcessView {
    pool: Word<Pool>,
    /// How many too many.
    over: i64,
    /// The first day on which there were any, without a day since on which there were none.
    since: Text<Date>,
    /// What made it so.
    cause: Word<Cause>,
}

/// The excesses of an institution.
#[derive(Debug, Object)]
struct Excesses {
    on: Text<Date>,
    items: Vec<ExcessView>,
}

/// What is published at an institution.
#[derive(Debug, Object)]
struct Published {
    /// Applications whose notice runs; whoever objects names the version.
    applications: Vec<ApplicationLine>,
    rounds: Vec<super::round::RoundView>,
}

type IfMatch = Header<Option<String>>;

/// Carries out a move.
async fn act(
    caller: &Caller,
    id: &Path<Text<ApplicationId>>,
    if_match: &IfMatch,
    command: &Command,
    override_reason: Option<&str>,
) -> Result<Single<Moved>, Failure> {
    let act = Act {
        office: &caller.office,
        actor: &caller.actor,
        id: id.0.0,
        seen: seen(caller, if_match.0.as_deref())?,
        command,
        override_reason,
        now: caller.now,
    };
    let acted = caller.done(act.run().await)?;
    let version = tag(acted.application.version);
    Ok(Single::Is(Json(Moved::from(&acted)), version))
}

#[OpenApi(tag = "Tag::Promotion")]
impl Api {
    /// The applications in the caller's scope, newest first
    #[oai(path = "/applications", method = "get", operation_id = "applications")]
    #[allow(clippy::too_many_arguments)]
    async fn list(
        &self,
        caller: Caller,
        state: Query<Option<Word<State>>>,
        /// Those that are not decided yet; or those that are.
        open: Query<Option<bool>>,
        kind: Query<Option<Word<Kind>>>,
        /// Those that the institution recommends, or that go to it: code or identifier.
        #[oai(validator(min_length = 1, max_length = 100))]
        institution: Query<Option<String>>,
        person: Query<Option<Text<PersonId>>>,
        round: Query<Option<Text<RoundId>>>,
        /// The `next` of the page before.
        #[oai(validator(max_length = 100))]
        after: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<Applications>, Failure> {
        let institution = match institution.0 {
            Some(text) => Some(Institution::find(&caller, &text).await?),
            None => None,
        };
        let states = State::ALL.iter().copied().filter(|one| {
            let named = state.0.is_none_or(|state| state.0 == *one);
            named && open.0.is_none_or(|open| one.is_open() == open)
        });
        let wanted = Wanted {
            states: states.collect(),
            institution,
            person: person.0.map(|id| id.0),
            round: round.0.map(|id| id.0),
        };
        let kind = kind.0.map(|kind| kind.0);
        let all = list(&caller.office, &caller.actor, &wanted, kind, caller.now).await;
        let mut all = caller.done(all)?;
        if wanted.states.is_empty() {
            // no state is both
            all.clear();
        }
        let total = all.len() as u64;
        // newest first: a page begins below the last identifier of the one before
        let older = |one: &Listed| {
            let after = after.0.as_ref();
            after.is_none_or(|after| one.application.id.to_string() < *after)
        };
        let rest = all.into_iter().filter(older);
        let (items, next) = page(rest, None, limit.0, |one| one.application.id.to_string());
        Ok(Json(Applications {
            items: items.iter().map(ApplicationLine::from).collect(),
            total,
            next,
        }))
    }

    /// Begins an application
    #[oai(
        path = "/applications",
        method = "post",
        operation_id = "begin_application"
    )]
    async fn begin(
        &self,
        caller: Caller,
        body: Body<NewApplication>,
    ) -> Result<Made<MadeApplication>, Failure> {
        let body = body.0;
        let target = body.target.take();
        let subject = Subject {
            kind: body.kind.0,
            person: body.person.0,
            institution: body.institution.0,
            round: body.round.map(|id| id.0),
            target: target.ok_or_else(|| unfit(&caller, "target.grade"))?,
            merits: body.merits,
        };
        let begin = Begin {
            office: &caller.office,
            actor: &caller.actor,
            subject: &subject,
            now: caller.now,
        };
        let id = caller.done(begin.run().await)?;
        let made = MadeApplication {
            id: Text(id),
            version: crate::domain::record::Version::FIRST.number(),
        };
        Ok(Made::Is(Json(made), format!("/api/v1/applications/{id}")))
    }

    /// One application with its history and its files
    #[oai(
        path = "/applications/:id",
        method = "get",
        operation_id = "application"
    )]
    async fn find(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
    ) -> Result<Single<ApplicationView>, Failure> {
        let view = find(&caller.office, &caller.actor, id.0.0, caller.now).await;
        let view = caller.done(view)?;
        let version = tag(view.application.version);
        Ok(Single::Is(Json(ApplicationView::from(&view)), version))
    }

    /// What stands for and against it, and what the decision would change
    ///
    /// Nothing is written.
    #[oai(
        path = "/applications/:id/preview",
        method = "get",
        operation_id = "preview_application"
    )]
    async fn preview(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        /// The day from which on it would hold; today when left out.
        on: Query<Option<Text<Date>>>,
    ) -> Result<Json<PreviewView>, Failure> {
        let on = on.0.map_or_else(|| caller.now.shanghai_day(), |on| on.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let found = preview(office, actor, id.0.0, on, caller.now).await;
        let found = caller.done(found)?;
        Ok(Json(PreviewView::new(caller.lang, &found)))
    }

    /// Changes a draft
    #[oai(
        path = "/applications/:id",
        method = "put",
        operation_id = "edit_application"
    )]
    async fn edit(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Draft>,
    ) -> Result<Single<Moved>, Failure> {
        let target = body.0.target.take();
        let command = Command::Edit {
            target: target.ok_or_else(|| unfit(&caller, "target.grade"))?,
            merits: body.0.merits,
        };
        act(&caller, &id, &if_match, &command, None).await
    }

    /// Submits a draft to the institution
    #[oai(
        path = "/applications/:id/submit",
        method = "post",
        operation_id = "submit_application"
    )]
    async fn submit(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        _body: Body<Nothing>,
    ) -> Result<Single<Moved>, Failure> {
        act(&caller, &id, &if_match, &Command::Submit, None).await
    }

    /// The institution takes it up
    ///
    /// From here on it goes by the route of that day.
    #[oai(
        path = "/applications/:id/take",
        method = "post",
        operation_id = "take_application"
    )]
    async fn take(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        _body: Body<Nothing>,
    ) -> Result<Single<Moved>, Failure> {
        act(&caller, &id, &if_match, &Command::take(), None).await
    }

    /// The institution gives it back to the applicant
    #[oai(
        path = "/applications/:id/decline",
        method = "post",
        operation_id = "decline_application"
    )]
    async fn decline(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Defects>,
    ) -> Result<Single<Moved>, Failure> {
        let command = Command::Decline {
            defects: body.0.defects,
        };
        act(&caller, &id, &if_match, &command, None).await
    }

    /// The institution recommends
    ///
    /// A place is kept from then on, until the decision.
    #[oai(
        path = "/applications/:id/recommend",
        method = "post",
        operation_id = "recommend_application"
    )]
    async fn recommend(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Recommendation>,
    ) -> Result<Single<Moved>, Failure> {
        let reason = body.0.reason.as_deref();
        act(&caller, &id, &if_match, &Command::recommend(), reason).await
    }

    /// Publishes the notice
    #[oai(
        path = "/applications/:id/publish",
        method = "post",
        operation_id = "publish_notice"
    )]
    async fn publish(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<NoticeOrder>,
    ) -> Result<Single<Moved>, Failure> {
        let command = Command::Publish {
            working_days: body.0.working_days,
        };
        act(&caller, &id, &if_match, &command, None).await
    }

    /// Closes the notice, on a day after its last one
    #[oai(
        path = "/applications/:id/close",
        method = "post",
        operation_id = "close_notice"
    )]
    async fn close(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        _body: Body<Nothing>,
    ) -> Result<Single<Moved>, Failure> {
        act(&caller, &id, &if_match, &Command::Close, None).await
    }

    /// Says something about it
    #[oai(
        path = "/applications/:id/comments",
        method = "post",
        operation_id = "comment_application"
    )]
    async fn comment(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Said>,
    ) -> Result<Single<Moved>, Failure> {
        let command = Command::Comment { text: body.0.text };
        act(&caller, &id, &if_match, &command, None).await
    }

    /// Objects, while the notice runs
    ///
    /// Whoever works at the institution may; the notice shows the version.
    #[oai(
        path = "/applications/:id/objections",
        method = "post",
        operation_id = "raise_objection"
    )]
    async fn object(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Said>,
    ) -> Result<Single<Moved>, Failure> {
        let command = Command::Object { text: body.0.text };
        act(&caller, &id, &if_match, &command, None).await
    }

    /// Answers an objection; upheld, the application goes back to the institution
    #[oai(
        path = "/applications/:id/objections/:number/resolution",
        method = "post",
        operation_id = "resolve_objection"
    )]
    async fn resolve(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        number: Path<u32>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Resolution>,
    ) -> Result<Single<Moved>, Failure> {
        let command = Command::Resolve {
            objection: usize::try_from(number.0).unwrap_or(usize::MAX),
            outcome: body.0.outcome.0,
            answer: body.0.answer,
        };
        act(&caller, &id, &if_match, &command, None).await
    }

    /// Gives the opinion of the caller's office
    #[oai(
        path = "/applications/:id/opinions",
        method = "post",
        operation_id = "give_opinion"
    )]
    async fn opine(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<OpinionOrder>,
    ) -> Result<Single<Moved>, Failure> {
        let command = Command::Opine {
            favourable: body.0.favourable,
            text: body.0.text,
        };
        act(&caller, &id, &if_match, &command, None).await
    }

    /// Approves it for the caller's office; the last office of the route decides
    #[oai(
        path = "/applications/:id/approve",
        method = "post",
        operation_id = "approve_application"
    )]
    async fn approve(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Approval>,
    ) -> Result<Single<Moved>, Failure> {
        let command = Command::Approve {
            effective: body.0.effective.map(|day| day.0),
        };
        let reason = body.0.override_reason.as_deref();
        act(&caller, &id, &if_match, &command, reason).await
    }

    /// Sends it back, with what has to be put right
    #[oai(
        path = "/applications/:id/return",
        method = "post",
        operation_id = "return_application"
    )]
    async fn send_back(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<ReturnOrder>,
    ) -> Result<Single<Moved>, Failure> {
        let ReturnOrder { to, step, defects } = body.0;
        let to = returned_to(&caller, to, step)?;
        let command = Command::Return { to, defects };
        act(&caller, &id, &if_match, &command, None).await
    }

    /// Rejects it
    #[oai(
        path = "/applications/:id/reject",
        method = "post",
        operation_id = "reject_application"
    )]
    async fn reject(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Why>,
    ) -> Result<Single<Moved>, Failure> {
        let command = Command::Reject {
            reason: body.0.reason,
        };
        act(&caller, &id, &if_match, &command, None).await
    }

    /// Withdraws it
    #[oai(
        path = "/applications/:id/withdraw",
        method = "post",
        operation_id = "withdraw_application"
    )]
    async fn withdraw(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Why>,
    ) -> Result<Single<Moved>, Failure> {
        let command = Command::Withdraw {
            reason: body.0.reason,
        };
        act(&caller, &id, &if_match, &command, None).await
    }

    /// The county objects to what a consortium decided and filed
    #[oai(
        path = "/applications/:id/object-to-filed",
        method = "post",
        operation_id = "object_to_filed"
    )]
    async fn object_to_filed(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Why>,
    ) -> Result<Single<Moved>, Failure> {
        let Why {
            reason,
            override_reason,
        } = body.0;
        let command = Command::ObjectToFiled { reason };
        act(
            &caller,
            &id,
            &if_match,
            &command,
            override_reason.as_deref(),
        )
        .await
    }

    /// Revokes a decision; the place returns
    #[oai(
        path = "/applications/:id/revoke",
        method = "post",
        operation_id = "revoke_application"
    )]
    async fn revoke(
        &self,
        caller: Caller,
        id: Path<Text<ApplicationId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: IfMatch,
        body: Body<Why>,
    ) -> Result<Single<Moved>, Failure> {
        let Why {
            reason,
            override_reason,
        } = body.0;
        let command = Command::Revoke { reason };
        act(
            &caller,
            &id,
            &if_match,
            &command,
            override_reason.as_deref(),
        )
        .await
    }

    /// Where an institution holds more than it may: since when, and what made it so
    #[oai(
        path = "/institutions/:of/excess",
        method = "get",
        operation_id = "excess"
    )]
    async fn excess(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Json<Excesses>, Failure> {
        let id = Institution::find(&caller, &of.0).await?;
        let on = as_of.0.map_or_else(|| caller.now.shanghai_day(), |on| on.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let found = excess::of_institution(office, actor, id, on, caller.now).await;
        let found = caller.done(found)?;
        let items = found.into_iter().map(|one| ExcessView {
            pool: Word(one.pool),
            over: one.over,
            since: Text(one.since),
            cause: Word(one.cause),
        });
        Ok(Json(Excesses {
            on: Text(on),
            items: items.collect(),
        }))
    }

    /// What is published at an institution now: notices that run, and rounds
    #[oai(
        path = "/institutions/:of/notices",
        method = "get",
        operation_id = "notices"
    )]
    async fn notices(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
    ) -> Result<Json<Published>, Failure> {
        let id = Institution::find(&caller, &of.0).await?;
        let (office, actor) = (&caller.office, &caller.actor);
        let running = notices(office, actor, id, caller.now).await;
        let running = caller.done(running)?;
        let rounds = round::published(office, actor, id, caller.now).await;
        let rounds = caller.done(rounds)?;
        Ok(Json(Published {
            applications: running.iter().map(ApplicationLine::from).collect(),
            rounds: rounds.iter().map(super::round::RoundView::from).collect(),
        }))
    }
}

/// Where something is sent back to.
pub fn returned_to(caller: &Caller, to: Back, step: Option<u32>) -> Result<ReturnTo, Failure> {
    match (to, step) {
        (Back::Applicant, None) => Ok(ReturnTo::Applicant),
        (Back::Institution, None) => Ok(ReturnTo::Institution),
        (Back::Step, Some(step)) => Ok(ReturnTo::Step(usize::try_from(step).unwrap_or(usize::MAX))),
        _ => Err(unfit(caller, "step")),
    }
}
