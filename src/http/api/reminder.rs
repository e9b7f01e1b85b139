//! Reminders: what comes, what was told, how one wants to be told; calendars; schedules;
//! messages and robots of group chats.

use super::Tag;
use super::page;
use super::single::{Changed, Done, Made, seen, tag};
use crate::domain::ids::AreaCode;
use crate::domain::record::Id;
use crate::domain::record_id::{AccountId, InstitutionId, PersonId};
use crate::domain::reminder::{Audience, Bundle, Kind, Rule, Wishes};
use crate::domain::time::{Date, Timestamp};
use crate::http::body::Body;
use crate::http::caller::{Caller, Visit};
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::service::delivery::{self, Delivery, Look, NewRobot, Style, Webhook};
use crate::service::feed::{self, Feed};
use crate::service::preference::{self, Language, Preference};
use crate::service::reminder::{self, Coming, Kept, Told};
use crate::service::schedule::{self, Shown, Task};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use validator::Validate;

pub struct Api;

/// How a kind is told.
#[derive(Debug, Object)]
struct KindView {
    kind: Word<Kind>,
    /// Months before (`12m`), days before (`7d`), working days after (`+5w`).
    leads: Vec<String>,
    audience: Vec<Word<Audience>>,
    /// Cannot be switched off.
    required: bool,
    bundle: Word<Bundle>,
}

impl From<&Rule> for KindView {
    fn from(rule: &Rule) -> Self {
        Self {
            kind: Word(rule.kind),
            leads: rule.leads.iter().map(ToString::to_string).collect(),
            audience: rule.audience.iter().copied().map(Word).collect(),
            required: rule.required,
            bundle: Word(rule.bundle),
        }
    }
}

#[derive(Debug, Object)]
struct Kinds {
    items: Vec<KindView>,
}

/// A reminder that was made.
#[derive(Debug, Object)]
struct Reminder {
    id: String,
    kind: Word<Kind>,
    /// The day it is about.
    about: Text<Date>,
    lead: String,
    raised_at: Text<Timestamp>,
    bundle: Word<Bundle>,
    account: Text<AccountId>,
    /// Who is away, where somebody stands in.
    #[oai(skip_serializing_if_is_none)]
    instead_of: Option<Text<AccountId>>,
    #[oai(skip_serializing_if_is_none)]
    person: Option<Text<PersonId>>,
    #[oai(skip_serializing_if_is_none)]
    institution: Option<Text<InstitutionId>>,
    title: String,
    lines: Vec<String>,
    /// What it follows from.
    because: Vec<String>,
    /// The page that shows more.
    page: String,
    /// The message that carried it; none: it waits for a digest.
    #[oai(skip_serializing_if_is_none)]
    message: Option<String>,
}

impl From<Told> for Reminder {
    fn from(told: Told) -> Self {
        let Told {
            reminder,
            words,
            said,
            ..
        } = told;
        Self {
            id: reminder.id.to_string(),
            kind: Word(reminder.kind),
            about: Text(reminder.about),
            lead: said.lead,
            raised_at: Text(reminder.raised_at),
            bundle: Word(reminder.bundle),
            account: Text(reminder.account),
            instead_of: reminder.instead_of.map(Text),
            person: reminder.person.map(Text),
            institution: reminder.institution.map(Text),
            title: words.title,
            lines: words.lines,
            because: said.because,
            page: said.page,
            message: reminder.message.map(|id| id.to_string()),
        }
    }
}

/// Reminders, newest first.
#[derive(Debug, Object)]
struct Reminders {
    items: Vec<Reminder>,
    next: Option<String>,
}

impl Reminders {
    /// At most `wanted` of what was found, and where the rest begins.
    fn page(mut found: Vec<Told>, wanted: usize) -> Self {
        let next = next(&mut found, wanted, |one| one.reminder.id.to_string());
        Self {
            items: found.into_iter().map(Reminder::from).collect(),
            next,
        }
    }
}

/// A reminder that will be made if nothing changes.
#[derive(Debug, Object)]
struct ComingView {
    /// The day on which it is told.
    on: Text<Date>,
    kind: Word<Kind>,
    about: Text<Date>,
    lead: String,
    audience: Vec<Word<Audience>>,
    #[oai(skip_serializing_if_is_none)]
    person: Option<Text<PersonId>>,
    #[oai(skip_serializing_if_is_none)]
    institution: Option<Text<InstitutionId>>,
    title: String,
    lines: Vec<String>,
    because: Vec<String>,
    page: String,
}

impl From<Coming> for ComingView {
    fn from(coming: Coming) -> Self {
        let event = coming.event;
        Self {
            on: Text(coming.on),
            kind: Word(event.kind),
            about: Text(event.about),
            lead: coming.lead.to_string(),
            audience: coming.audience.into_iter().map(Word).collect(),
            person: event.person.map(Text),
            institution: event.institution.map(Text),
            title: coming.words.title,
            lines: coming.words.lines,
            because: event.because,
            page: event.page,
        }
    }
}

/// What will be told, in the order of the days.
#[derive(Debug, Object)]
struct ComingList {
    items: Vec<ComingView>,
    /// There is more than is shown.
    more: bool,
}

/// What a kind would say.
#[derive(Debug, Object)]
struct Preview {
    kind: Word<Kind>,
    about: Text<Date>,
    title: String,
    lines: Vec<String>,
}

/// How one wants to be told of a kind.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct KindChoice {
    kind: Word<Kind>,
    bundle: Word<Bundle>,
}

/// How one wants to be told.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Wanted {
    /// Instead of the address in one's own file.
    #[serde(default)]
    #[validate(length(min = 3, max = 254))]
    #[oai(validator(min_length = 3, max_length = 254))]
    #[oai(skip_serializing_if_is_none)]
    mail: Option<String>,
    language: Word<Language>,
    /// Nothing on days off.
    quiet: bool,
    /// Who is told instead, while one is away.
    #[serde(default)]
    #[oai(skip_serializing_if_is_none)]
    delegate: Option<Text<AccountId>>,
    #[serde(default)]
    #[oai(skip_serializing_if_is_none)]
    away_from: Option<Text<Date>>,
    #[serde(default)]
    #[oai(skip_serializing_if_is_none)]
    away_until: Option<Text<Date>>,
    /// Kinds that are told otherwise than usual.
    #[validate(length(max = 100), nested)]
    #[oai(validator(max_items = 100))]
    kinds: Vec<KindChoice>,
}

impl Wanted {
    fn of(preference: Preference) -> Self {
        let kinds = preference.wishes.kinds.into_iter();
        Self {
            mail: preference.mail,
            language: Word(preference.language),
            quiet: preference.quiet,
            delegate: preference.delegate.map(Text),
            away_from: preference.away.map(|away| Text(away.0)),
            away_until: preference.away.map(|away| Text(away.1)),
            kinds: kinds
                .map(|(kind, bundle)| KindChoice {
                    kind: Word(kind),
                    bundle: Word(bundle),
                })
                .collect(),
        }
    }

    fn preference(&self) -> Preference {
        let kinds = self.kinds.iter().map(|one| (one.kind.0, one.bundle.0));
        let days = [self.away_from, self.away_until].map(|day| day.map(|day| day.0));
        // half an absence is refused as one that ends before it begins
        let away = match days {
            [None, None] => None,
            [Some(from), Some(until)] => Some((from, until)),
            _ => Some((Date::LAST, Date::FIRST)),
        };
        Preference {
            mail: self.mail.clone(),
            language: self.language.0,
            quiet: self.quiet,
            delegate: self.delegate.map(|id| id.0),
            away,
            wishes: Wishes {
                kinds: kinds.collect::<BTreeMap<_, _>>(),
            },
        }
    }
}

/// A calendar with a secret address.
#[derive(Debug, Object)]
struct Calendar {
    id: String,
    name: String,
    created_at: Text<Timestamp>,
    #[oai(skip_serializing_if_is_none)]
    revoked_at: Option<Text<Timestamp>>,
    #[oai(skip_serializing_if_is_none)]
    last_used: Option<Text<Timestamp>>,
}

impl From<&Feed> for Calendar {
    fn from(feed: &Feed) -> Self {
        Self {
            id: feed.id.to_string(),
            name: feed.name.clone(),
            created_at: Text(feed.created_at),
            revoked_at: feed.revoked_at.map(Text),
            last_used: feed.last_used.map(Text),
        }
    }
}

#[derive(Debug, Object)]
struct Calendars {
    items: Vec<Calendar>,
}

#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct CalendarOrder {
    /// What its owner calls it.
    #[validate(length(min = 1, max = 100))]
    #[oai(validator(min_length = 1, max_length = 100))]
    name: String,
}

/// A calendar with its address, which is shown this once.
#[derive(Debug, Object)]
struct NewCalendar {
    calendar: Calendar,
    /// The path behind the address of the site.
    path: String,
}

/// A calendar for a calendar program.
#[derive(ApiResponse)]
enum CalendarFile {
    /// As RFC 5545 has it.
    #[oai(status = 200, content_type = "text/calendar; charset=utf-8")]
    Is(PlainText<String>, #[oai(header = "Cache-Control")] String),
}

/// When the program does something by itself.
#[derive(Debug, Object)]
struct ScheduleView {
    task: Word<Task>,
    version: i64,
    /// Minute, hour, day, month, day of the week.
    cron: String,
    zone: String,
    paused: bool,
    /// The next runs; none while it is paused.
    upcoming: Vec<Text<Timestamp>>,
    #[oai(skip_serializing_if_is_none)]
    last_at: Option<Text<Timestamp>>,
    /// How many things the last run did.
    #[oai(skip_serializing_if_is_none)]
    last_done: Option<u64>,
    #[oai(skip_serializing_if_is_none)]
    last_fault: Option<String>,
    /// An instance has it, at most until then.
    #[oai(skip_serializing_if_is_none)]
    claimed_until: Option<Text<Timestamp>>,
}

impl From<Shown> for ScheduleView {
    fn from(shown: Shown) -> Self {
        let schedule = shown.schedule;
        Self {
            task: Word(shown.task),
            version: schedule.version.number(),
            cron: schedule.cron,
            zone: schedule.zone,
            paused: schedule.paused,
            upcoming: shown.upcoming.into_iter().map(Text).collect(),
            last_at: schedule.last_at.map(Text),
            last_done: schedule.last_done,
            last_fault: schedule.last_fault,
            claimed_until: schedule.claimed_until.map(Text),
        }
    }
}

#[derive(Debug, Object)]
struct Schedules {
    items: Vec<ScheduleView>,
}

#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct ScheduleEdit {
    /// Minute, hour, day, month, day of the week.
    #[validate(length(min = 9, max = 100))]
    #[oai(validator(min_length = 9, max_length = 100))]
    cron: String,
    /// Such as Asia/Shanghai.
    #[validate(length(min = 1, max = 64))]
    #[oai(validator(min_length = 1, max_length = 64))]
    zone: String,
    paused: bool,
}

/// A message on its way.
#[derive(Debug, Object)]
struct MessageView {
    id: String,
    kind: String,
    /// `account:…` or `webhook:…`
    recipient: String,
    delivery: Word<Delivery>,
    created_at: Text<Timestamp>,
    /// Not before.
    #[oai(skip_serializing_if_is_none)]
    due_at: Option<Text<Timestamp>>,
    attempts: u32,
    #[oai(skip_serializing_if_is_none)]
    sent_at: Option<Text<Timestamp>>,
    #[oai(skip_serializing_if_is_none)]
    given_up_at: Option<Text<Timestamp>>,
    /// What went wrong the last time.
    #[oai(skip_serializing_if_is_none)]
    fault: Option<String>,
    /// What it tells, where one message was asked for.
    reminders: Vec<Reminder>,
}

impl MessageView {
    fn new(look: Look, told: Vec<Told>) -> Self {
        Self {
            id: look.id.to_string(),
            kind: look.kind.clone(),
            recipient: look.recipient.clone(),
            delivery: Word(look.delivery()),
            created_at: Text(look.created_at),
            due_at: look.due_at.map(Text),
            attempts: look.attempts,
            sent_at: look.sent_at.map(Text),
            given_up_at: look.given_up_at.map(Text),
            fault: look.fault,
            reminders: told.into_iter().map(Reminder::from).collect(),
        }
    }
}

/// Messages, newest first.
#[derive(Debug, Object)]
struct Messages {
    /// False: no mail server is set, mails go into a folder and nobody gets them.
    mails_leave: bool,
    items: Vec<MessageView>,
    next: Option<String>,
}

#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct MailTest {
    #[validate(length(min = 3, max = 254))]
    #[oai(validator(min_length = 3, max_length = 254))]
    to: String,
}

/// What became of a test mail.
#[derive(Debug, Object)]
struct Tested {
    sent: bool,
    /// Why it was not.
    #[oai(skip_serializing_if_is_none)]
    fault: Option<String>,
}

/// A robot of a group chat; its address and key are not shown.
#[derive(Debug, Object)]
struct RobotView {
    id: String,
    name: String,
    style: Word<Style>,
    #[oai(skip_serializing_if_is_none)]
    institution: Option<Text<InstitutionId>>,
    #[oai(skip_serializing_if_is_none)]
    area: Option<Text<AreaCode>>,
    created_at: Text<Timestamp>,
}

impl From<&Webhook> for RobotView {
    fn from(webhook: &Webhook) -> Self {
        Self {
            id: webhook.id.to_string(),
            name: webhook.name.clone(),
            style: Word(webhook.style),
            institution: webhook.institution.map(Text),
            area: webhook.area.map(Text),
            created_at: Text(webhook.created_at),
        }
    }
}

#[derive(Debug, Object)]
struct Robots {
    items: Vec<RobotView>,
}

#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct RobotOrder {
    #[validate(length(min = 1, max = 100))]
    #[oai(validator(min_length = 1, max_length = 100))]
    name: String,
    style: Word<Style>,
    /// Its host has to be among those of the setting `webhook_hosts`.
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    url: String,
    /// The key for signatures.
    #[serde(default)]
    #[validate(length(min = 1, max = 200))]
    #[oai(validator(min_length = 1, max_length = 200))]
    #[oai(skip_serializing_if_is_none)]
    secret: Option<String>,
    /// It is told what lies there; neither: everything.
    #[serde(default)]
    #[oai(skip_serializing_if_is_none)]
    institution: Option<Text<InstitutionId>>,
    #[serde(default)]
    #[oai(skip_serializing_if_is_none)]
    area: Option<Text<AreaCode>>,
}

fn next<T>(items: &mut Vec<T>, wanted: usize, id: impl Fn(&T) -> String) -> Option<String> {
    let more = items.len() > wanted;
    items.truncate(wanted);
    items.last().filter(|_| more).map(id)
}

/// Days that are looked ahead when nothing is said.
const AHEAD: u16 = 90;
/// Rows that are shown of what comes.
const MOST_COMING: usize = 2000;

#[OpenApi(tag = "Tag::Reminders")]
impl Api {
    /// The kinds of reminders and how they are told
    #[oai(
        path = "/reminders/kinds",
        method = "get",
        operation_id = "reminder_kinds"
    )]
    async fn kinds(&self, _caller: Caller) -> Result<Json<Kinds>, Failure> {
        Ok(Json(Kinds {
            items: reminder::kinds().iter().map(KindView::from).collect(),
        }))
    }

    /// What one was told, newest first
    #[oai(path = "/me/reminders", method = "get", operation_id = "my_reminders")]
    async fn mine(
        &self,
        caller: Caller,
        /// The `next` of the page before.
        after: Query<Option<Text<Id<Kept>>>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<Reminders>, Failure> {
        let wanted = page::wanted(limit.0);
        let most = u32::try_from(wanted + 1).unwrap_or(u32::MAX);
        let before = after.0.map(|after| after.0);
        let Caller {
            office,
            actor,
            now,
            lang,
            ..
        } = &caller;
        let found = reminder::mine(office, actor, before, most, *lang, *now).await;
        Ok(Json(Reminders::page(caller.done(found)?, wanted)))
    }

    /// What was told about what lies in the caller's scope, newest first
    #[oai(path = "/reminders", method = "get", operation_id = "told_reminders")]
    async fn told(
        &self,
        caller: Caller,
        /// The `next` of the page before.
        after: Query<Option<Text<Id<Kept>>>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<Reminders>, Failure> {
        let wanted = page::wanted(limit.0);
        let most = u32::try_from(wanted + 1).unwrap_or(u32::MAX);
        let before = after.0.map(|after| after.0);
        let Caller {
            office,
            actor,
            now,
            lang,
            ..
        } = &caller;
        let found = reminder::of_scope(office, actor, before, most, *lang, *now).await;
        Ok(Json(Reminders::page(caller.done(found)?, wanted)))
    }

    /// What will be told in the next days about what lies in the caller's scope
    #[oai(
        path = "/reminders/coming",
        method = "get",
        operation_id = "coming_reminders"
    )]
    async fn coming(
        &self,
        caller: Caller,
        #[oai(validator(minimum(value = "1"), maximum(value = "366")))] days: Query<Option<u16>>,
    ) -> Result<Json<ComingList>, Failure> {
        let days = u32::from(days.0.unwrap_or(AHEAD));
        let Caller {
            office,
            actor,
            now,
            lang,
            ..
        } = &caller;
        let found = reminder::coming(office, actor, days, MOST_COMING, *lang, *now).await;
        let (found, more) = caller.done(found)?;
        Ok(Json(ComingList {
            items: found.into_iter().map(ComingView::from).collect(),
            more,
        }))
    }

    /// What a kind would say about somebody now
    #[oai(
        path = "/reminders/preview",
        method = "get",
        operation_id = "preview_reminder"
    )]
    async fn preview(
        &self,
        caller: Caller,
        kind: Query<Word<Kind>>,
        person: Query<Text<PersonId>>,
    ) -> Result<Json<Preview>, Failure> {
        let Caller {
            office,
            actor,
            now,
            lang,
            ..
        } = &caller;
        let (kind, person) = (kind.0.0, person.0.0);
        let found = reminder::preview(office, actor, kind, person, *lang, *now).await;
        let (event, words) = caller.done(found)?;
        Ok(Json(Preview {
            kind: Word(event.kind),
            about: Text(event.about),
            title: words.title,
            lines: words.lines,
        }))
    }

    /// How one wants to be told
    #[oai(path = "/me/preference", method = "get", operation_id = "preference")]
    async fn preference(&self, caller: Caller) -> Result<Json<Wanted>, Failure> {
        let found = preference::find(&caller.office, &caller.actor).await;
        let found = caller.done(found)?;
        Ok(Json(Wanted::of(found)))
    }

    /// Says how one wants to be told
    #[oai(
        path = "/me/preference",
        method = "put",
        operation_id = "set_preference"
    )]
    async fn set_preference(&self, caller: Caller, body: Body<Wanted>) -> Result<Done, Failure> {
        let wanted = body.0.preference();
        let set = preference::set(&caller.office, &caller.actor, &wanted, caller.now).await;
        caller.done(set)?;
        Ok(Done::Done)
    }

    /// One's own calendars
    #[oai(path = "/me/calendars", method = "get", operation_id = "calendars")]
    async fn calendars(&self, caller: Caller) -> Result<Json<Calendars>, Failure> {
        let found = feed::list(&caller.office, &caller.actor).await;
        let found = caller.done(found)?;
        Ok(Json(Calendars {
            items: found.iter().map(Calendar::from).collect(),
        }))
    }

    /// Makes a calendar for the capacity one acts in
    ///
    /// Its address is shown this once; whoever has it sees the calendar.
    #[oai(
        path = "/me/calendars",
        method = "post",
        operation_id = "create_calendar"
    )]
    async fn create_calendar(
        &self,
        caller: Caller,
        body: Body<CalendarOrder>,
    ) -> Result<Made<NewCalendar>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let made = feed::create(office, actor, &body.0.name, caller.now).await;
        let (feed, secret) = caller.done(made)?;
        let location = format!("/api/v1/me/calendars/{}", feed.id);
        let new = NewCalendar {
            calendar: Calendar::from(&feed),
            path: format!("/api/v1/calendars/{}", secret.reveal().as_str()),
        };
        Ok(Made::Is(Json(new), location))
    }

    /// Revokes the address of a calendar
    #[oai(
        path = "/me/calendars/:id",
        method = "delete",
        operation_id = "revoke_calendar"
    )]
    async fn revoke_calendar(
        &self,
        caller: Caller,
        id: Path<Text<Id<Feed>>>,
    ) -> Result<Done, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let revoked = feed::revoke(office, actor, id.0.0, caller.now).await;
        caller.done(revoked)?;
        Ok(Done::Done)
    }

    /// A calendar by its secret address
    #[oai(
        path = "/calendars/:secret",
        method = "get",
        operation_id = "calendar_file"
    )]
    async fn calendar_file(
        &self,
        visit: Visit,
        #[oai(validator(max_length = 100))] secret: Path<String>,
    ) -> Result<CalendarFile, Failure> {
        let text = feed::fetch(&visit.office, &secret.0, visit.now).await;
        let text = text.map_err(|error| visit.failed(&error))?;
        Ok(CalendarFile::Is(
            PlainText(text),
            "private, max-age=3600".to_owned(),
        ))
    }

    /// When the program does what by itself
    #[oai(path = "/schedules", method = "get", operation_id = "schedules")]
    async fn schedules(&self, caller: Caller) -> Result<Json<Schedules>, Failure> {
        let found = schedule::list(&caller.office, &caller.actor, caller.now).await;
        let found = caller.done(found)?;
        Ok(Json(Schedules {
            items: found.into_iter().map(ScheduleView::from).collect(),
        }))
    }

    /// Alters a schedule, or pauses it
    #[oai(
        path = "/schedules/:task",
        method = "put",
        operation_id = "edit_schedule"
    )]
    async fn edit_schedule(
        &self,
        caller: Caller,
        task: Path<Word<Task>>,
        /// The version that was seen.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Body<ScheduleEdit>,
    ) -> Result<Changed, Failure> {
        let seen = seen(&caller, if_match.0.as_deref())?;
        let edit = schedule::Edit {
            cron: body.0.cron.clone(),
            zone: body.0.zone.clone(),
            paused: body.0.paused,
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let edited = schedule::edit(office, actor, task.0.0, seen, &edit, caller.now).await;
        let edited = caller.done(edited)?;
        Ok(Changed::Done(tag(edited.schedule.version)))
    }

    /// Lets a schedule run within the next minute
    #[oai(
        path = "/schedules/:task/runs",
        method = "post",
        operation_id = "run_schedule"
    )]
    async fn run_schedule(&self, caller: Caller, task: Path<Word<Task>>) -> Result<Done, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let run = schedule::run_now(office, actor, task.0.0, caller.now).await;
        caller.done(run)?;
        Ok(Done::Done)
    }

    /// Messages, newest first
    #[oai(path = "/messages", method = "get", operation_id = "messages")]
    async fn messages(
        &self,
        caller: Caller,
        delivery: Query<Option<Word<Delivery>>>,
        /// The `next` of the page before.
        after: Query<Option<Text<Id<crate::service::delivery::Message>>>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<Messages>, Failure> {
        let wanted = page::wanted(limit.0);
        let most = u32::try_from(wanted + 1).unwrap_or(u32::MAX);
        let before = after.0.map(|after| after.0);
        let delivery = delivery.0.map(|word| word.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let found = delivery::messages(office, actor, before, delivery, most).await;
        let mut found = caller.done(found)?;
        let next = next(&mut found, wanted, |one| one.id.to_string());
        let items = found.into_iter();
        Ok(Json(Messages {
            mails_leave: office.post.sends(),
            items: items
                .map(|look| MessageView::new(look, Vec::new()))
                .collect(),
            next,
        }))
    }

    /// One message with what it tells
    #[oai(path = "/messages/:id", method = "get", operation_id = "message")]
    async fn message(
        &self,
        caller: Caller,
        id: Path<Text<Id<crate::service::delivery::Message>>>,
    ) -> Result<Json<MessageView>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let found = delivery::message(office, actor, id.0.0, caller.lang, caller.now).await;
        let (look, told) = caller.done(found)?;
        Ok(Json(MessageView::new(look, told)))
    }

    /// Sends a message again that was given up
    #[oai(
        path = "/messages/:id/resending",
        method = "post",
        operation_id = "resend_message"
    )]
    async fn resend(
        &self,
        caller: Caller,
        id: Path<Text<Id<crate::service::delivery::Message>>>,
    ) -> Result<Done, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let sent = delivery::resend(office, actor, id.0.0, caller.now).await;
        caller.done(sent)?;
        Ok(Done::Done)
    }

    /// Sends a test mail and says what became of it
    #[oai(path = "/mail-tests", method = "post", operation_id = "test_mail")]
    async fn test(&self, caller: Caller, body: Body<MailTest>) -> Result<Json<Tested>, Failure> {
        let Caller {
            office,
            actor,
            now,
            lang,
            ..
        } = &caller;
        let sent = delivery::test(office, actor, &body.0.to, *lang, *now).await;
        let sent = caller.done(sent)?;
        Ok(Json(Tested {
            sent: sent.is_ok(),
            fault: sent.err().map(|fault| fault.message),
        }))
    }

    /// Robots of group chats
    #[oai(path = "/webhooks", method = "get", operation_id = "webhooks")]
    async fn robots(&self, caller: Caller) -> Result<Json<Robots>, Failure> {
        let found = delivery::robots(&caller.office, &caller.actor).await;
        let found = caller.done(found)?;
        Ok(Json(Robots {
            items: found.iter().map(RobotView::from).collect(),
        }))
    }

    /// Adds a robot of a group chat
    #[oai(path = "/webhooks", method = "post", operation_id = "add_webhook")]
    async fn add_robot(
        &self,
        caller: Caller,
        body: Body<RobotOrder>,
    ) -> Result<Made<RobotView>, Failure> {
        let order = &body.0;
        let new = NewRobot {
            name: &order.name,
            style: order.style.0,
            url: &order.url,
            secret: order.secret.as_deref(),
            institution: order.institution.map(|id| id.0),
            area: order.area.map(|area| area.0),
        };
        let made = delivery::add_robot(&caller.office, &caller.actor, &new, caller.now).await;
        let made = caller.done(made)?;
        let location = format!("/api/v1/webhooks/{}", made.id);
        Ok(Made::Is(Json(RobotView::from(&made)), location))
    }

    /// Removes a robot
    #[oai(
        path = "/webhooks/:id",
        method = "delete",
        operation_id = "remove_webhook"
    )]
    async fn remove_robot(
        &self,
        caller: Caller,
        id: Path<Text<Id<Webhook>>>,
    ) -> Result<Done, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let removed = delivery::remove_robot(office, actor, id.0.0, caller.now).await;
        caller.done(removed)?;
        Ok(Done::Done)
    }
}
