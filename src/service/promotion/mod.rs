//! Applications: begun, moved along their road, decided. Whatever is done to one is one
//! [`Act`]: its institutions are locked first, so that of two who want the last place one
//! is told who holds it; rights, rules and places are asked anew inside the write; what
//! was decided goes into the records, the history, the trail and the outbox with it.

mod adopted;
mod attachment;
mod evaluation;
mod look;
mod record;

pub use crate::store::promotion::{Step, Wanted};
pub use attachment::{Attach, attachment, sweep_files};
pub use evaluation::{Evaluation, Judged, Preview, preview};
pub use look::{Listed, Noticed, View, find, list, notices};

pub(super) use evaluation::{Figures, Kept, fingerprint};

use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::audit::{About, Source, What, Who};
use crate::domain::calendar::Calendar;
use crate::domain::change::Change;
use crate::domain::promotion::{
    Application, Command, Kind, Moment, Move, Override, State, Subject as Begun, judge,
};
use crate::domain::record::{Id, Version};
use crate::domain::record_id::{ApplicationId, InstitutionId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{self, Action, Actor, Case, Hand, Locus, Subject, permit};
use crate::domain::time::{Date, Timestamp};
use crate::policy;
use crate::store::outbox::{self, Message};
use crate::store::promotion as kept;
use crate::store::{Reader, StoreError, Tx, Write, calendar, locus};
use serde_json::{Value, json};

/// What must have been asked for to do something to an application.
pub(super) const fn action(made: Move) -> Option<Action> {
    Some(match made {
        Move::Edit | Move::Attach => Action::DraftApplication,
        Move::Comment => Action::Comment,
        Move::Submit => Action::SubmitApplication,
        Move::Take | Move::Recommend => Action::Recommend,
        Move::Decline => Action::Decline,
        Move::Publish | Move::Close => Action::PublishNotice,
        Move::Object => Action::RaiseObjection,
        Move::Resolve => Action::ResolveObjection,
        Move::Opine => Action::Opine,
        Move::Approve => Action::Approve,
        Move::Return => Action::Return,
        Move::Reject => Action::Reject,
        Move::Withdraw => Action::WithdrawApplication,
        Move::ObjectToFiled => Action::ObjectToFiled,
        Move::Revoke => Action::Revoke,
        // the clock's
        Move::Lapse | Move::TakeEffect => return None,
    })
}

/// The rights over an application, as they see it.
pub(super) fn case(application: &Application, locus: Locus) -> Case {
    Case {
        applicant: application.person,
        locus,
        recommended_by: application.recommended_by.clone(),
        decided_by_consortium: application.route.is_of_consortium(),
    }
}

/// The working days as they are known.
pub(super) async fn calendar_of(reader: &mut Reader) -> Result<Calendar, StoreError> {
    let loaded = calendar::all(reader).await?;
    let loaded = loaded.iter().map(String::as_str);
    Ok(policy::calendar::calendar(loaded))
}

/// Begins an application.
#[derive(Clone, Copy)]
pub struct Begin<'a> {
    pub office: &'a Office,
    pub actor: &'a Actor,
    pub subject: &'a Begun,
    pub now: Timestamp,
}

impl Begin<'_> {
    /// The draft.
    ///
    /// Refused: [`Refusal::OtherOpen`] while the person has an open one,
    /// [`Refusal::NotThere`] when the institution is not theirs.
    pub async fn run(self) -> Result<ApplicationId, ServiceError> {
        self.office.store.write(self).await
    }
}

impl Write for Begin<'_> {
    type Out = ApplicationId;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<ApplicationId, ServiceError> {
        let Self {
            office,
            actor,
            subject,
            now,
        } = *self;
        let today = now.shanghai_day();
        let place = locus::of_institution(tx, subject.institution, today).await?;
        let draft = Application::draft(office.chance.id(now), subject.clone(), now);
        let action = Action::DraftApplication;
        permit(
            actor,
            action,
            &Subject::Application(case(&draft, place.clone())),
        )?;
        if super::locus::house(tx, subject.person, today).await? != Some(subject.institution) {
            return Err(Refusal::NotThere { on: today }.into());
        }
        super::round::must_take(tx, subject, today).await?;
        if let Some(application) = kept::open_of(tx, subject.person).await? {
            return Err(Refusal::OtherOpen { application }.into());
        }
        match kept::add(tx, &draft, now).await {
            // somebody was quicker
            Err(StoreError::Constraint(name)) if name.contains("application_open") => {
                let application = draft.id;
                return Err(Refusal::OtherOpen { application }.into());
            }
            other => other?,
        }
        let who = Who::actor(actor);
        let told = Told {
            after: Some(described(&draft)),
            ..Told::new(&who, What::Action(action), about(&draft, &place))
        };
        tell(office, tx, told, now).await?;
        Ok(draft.id)
    }
}

/// Does something to an application that was seen.
#[derive(Clone, Copy)]
pub struct Act<'a> {
    pub office: &'a Office,
    pub actor: &'a Actor,
    pub id: ApplicationId,
    pub seen: Version,
    /// The route of [`Command::take`] and the place of [`Command::recommend`] are filled in.
    pub command: &'a Command,
    /// Why rules that warn are passed by.
    pub override_reason: Option<&'a str>,
    pub now: Timestamp,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    pub application: Application,
    /// Rules that were overridden, or only recorded.
    pub noted: Vec<String>,
}

impl Act<'_> {
    /// Does it.
    ///
    /// Errors: denied, not found, stale, or every [`Refusal`].
    pub async fn run(self) -> Result<Acted, ServiceError> {
        let institutions = concerned(self.office, self.id, self.command).await?;
        let acting = Acting {
            office: self.office,
            doer: Doer::Actor(self.actor),
            id: self.id,
            seen: Some(self.seen),
            command: self.command,
            override_reason: self.override_reason,
            institutions,
            now: self.now,
        };
        self.office.store.write(acting).await
    }
}

/// The institutions whose places a command may decide about.
async fn concerned(
    office: &Office,
    id: ApplicationId,
    command: &Command,
) -> Result<Vec<InstitutionId>, ServiceError> {
    let mut reader = office.store.read().await?;
    let found = kept::find(&mut reader, id).await?;
    let mut institutions = found.ok_or(ServiceError::NotFound)?.institutions();
    if let Command::Edit { target, .. } = command {
        institutions.extend(target.institution);
    }
    Ok(institutions)
}

/// Who does it.
#[derive(Clone, Copy)]
pub(super) enum Doer<'a> {
    Actor(&'a Actor),
    /// The day has come.
    Clock,
}

/// One command, inside a write.
pub(super) struct Acting<'a> {
    pub office: &'a Office,
    pub doer: Doer<'a>,
    pub id: ApplicationId,
    /// `None` = whatever it is by then.
    pub seen: Option<Version>,
    pub command: &'a Command,
    pub override_reason: Option<&'a str>,
    pub institutions: Vec<InstitutionId>,
    pub now: Timestamp,
}

impl Write for Acting<'_> {
    type Out = Acted;
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        let mut institutions = self.institutions.clone();
        institutions.sort_unstable();
        institutions.dedup();
        institutions
    }

    async fn run(&self, tx: &mut Tx) -> Result<Acted, ServiceError> {
        let found = kept::find(tx, self.id).await?;
        let before = found.ok_or(ServiceError::NotFound)?;
        let today = self.now.shanghai_day();
        let place = locus::of_institution(tx, before.institution, today).await?;
        self.permit(&before, &place)?;
        if let Some(seen) = self.seen {
            before.version.must_be(seen)?;
        }
        let calendar = calendar_of(tx).await?;
        let moment = Moment {
            now: self.now,
            hand: self.hand(),
            office: self.capacity(),
            calendar: &calendar,
        };
        let (command, noted) = self.prepare(tx, &before, &place, &moment).await?;
        let mut after = before.apply(&command, &moment)?;
        let change = self.record(tx, &before, &after).await?;
        kept::save(tx, &before, &mut after, self.office.chance.id(self.now)).await?;
        if let Some((change, stands)) = change {
            kept::decided(tx, after.id, stands.then_some(change)).await?;
        }
        let change = change.map(|(change, _)| change);
        self.tell_all(tx, &before, &after, &place, &noted, change)
            .await?;
        Ok(Acted {
            application: after,
            noted,
        })
    }
}

impl Acting<'_> {
    fn permit(&self, before: &Application, place: &Locus) -> Result<(), ServiceError> {
        let Doer::Actor(actor) = self.doer else {
            return Ok(());
        };
        let action = action(self.command.made()).ok_or(ServiceError::NotFound)?;
        let subject = match action {
            // colleagues object to what the notice shows, whoever's case it is
            Action::RaiseObjection => Subject::Notice(place.clone()),
            _ => Subject::Application(case(before, place.clone())),
        };
        Ok(permit(actor, action, &subject)?)
    }

    fn hand(&self) -> Hand {
        match self.doer {
            Doer::Actor(actor) => actor.hand(),
            Doer::Clock => Hand {
                account: Id::new(Timestamp::from_micros(0), [0; 10]),
                person: None,
            },
        }
    }

    const fn capacity(&self) -> rights::Office {
        match self.doer {
            Doer::Actor(actor) => actor.capacity.office(),
            Doer::Clock => rights::Office::Administrator,
        }
    }

    fn who(&self) -> Who {
        match self.doer {
            Doer::Actor(actor) => Who::actor(actor),
            Doer::Clock => Who::other(Source::Clock, "dinggang"),
        }
    }

    /// Fills in what a command leaves open, and asks rules and places before the steps that
    /// rest on them.
    async fn prepare(
        &self,
        tx: &mut Tx,
        before: &Application,
        place: &Locus,
        moment: &Moment<'_>,
    ) -> Result<(Command, Vec<String>), ServiceError> {
        let out_of_turn = before.apply(self.command, moment).is_err();
        let nothing = |command: &Command| Ok((command.clone(), Vec::new()));
        match self.command {
            // the state machine says why
            command if out_of_turn => nothing(command),
            Command::Take { .. } => {
                let today = moment.now.shanghai_day();
                let in_force = adopted::in_force(self.office, tx, place.area, today).await?;
                let route = adopted::route(&in_force, before.kind, before.target.rank)?;
                Ok((Command::Take { route }, Vec::new()))
            }
            Command::Recommend { .. } => {
                let on = moment.now.shanghai_day();
                super::round::must_be_first(tx, before, self.override_reason, on).await?;
                let judged = Evaluation::of(self.office, tx, before, on).await?;
                let noted = judge(&judged.checks, Override::NotYet)?;
                let command = Command::Recommend {
                    pool: judged.takes,
                    policies: judged.policies.clone(),
                };
                Ok((command, names(&noted)))
            }
            Command::Approve { .. } => self.approve(tx, before, place, moment).await,
            command => nothing(command),
        }
    }

    /// Asks everything anew, for the day from which on it would hold and for today.
    async fn approve(
        &self,
        tx: &mut Tx,
        before: &Application,
        place: &Locus,
        moment: &Moment<'_>,
    ) -> Result<(Command, Vec<String>), ServiceError> {
        let after = before.apply(self.command, moment)?;
        let today = moment.now.shanghai_day();
        let effective = after.effective.unwrap_or(today);
        let mut days = vec![effective];
        days.extend((effective != today).then_some(today));
        let how = if before.is_last_step() {
            Override::Deciding(self.override_reason)
        } else {
            Override::NotYet
        };
        let mut noted = Vec::new();
        let mut overridden = false;
        for day in days {
            let mut judged = Evaluation::of(self.office, tx, before, day).await?;
            judged.hold_to(&before.policies);
            let passed = judge(&judged.checks, how)?;
            overridden |= passed
                .iter()
                .any(|check| check.handling == crate::domain::adoption::Handling::Warn);
            noted.extend(names(&passed));
        }
        noted.sort_unstable();
        noted.dedup();
        if overridden
            && before.is_last_step()
            && let Doer::Actor(actor) = self.doer
        {
            let subject = Subject::Application(case(before, place.clone()));
            permit(actor, Action::OverrideRule, &subject)?;
        }
        Ok((self.command.clone(), noted))
    }

    /// Puts a decision into the records, or takes one back: the change it made, and whether
    /// a decision stands then.
    async fn record(
        &self,
        tx: &mut Tx,
        before: &Application,
        after: &Application,
    ) -> Result<Option<(Id<Change>, bool)>, ServiceError> {
        let (was, is) = (before.state.is_decided(), after.state.is_decided());
        let reason = self.command.words();
        let reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
        let recorder = record::Recorder {
            office: self.office,
            who: &self.who(),
            reason: reason.or(self.override_reason),
            now: self.now,
        };
        match (was, is) {
            (false, true) => {
                let area = self.title_area();
                Ok(Some((recorder.decide(tx, after, area).await?, true)))
            }
            (true, false) => {
                // what takes it back must not put another over its number
                self.takes_back(tx, before).await?;
                Ok(Some((recorder.undo(tx, before).await?, false)))
            }
            _ => Ok(None),
        }
    }

    /// The area for which a directed title is valid: that of the authority that gives it.
    const fn title_area(&self) -> Option<crate::domain::ids::AreaCode> {
        match self.doer {
            Doer::Actor(actor) => match &actor.capacity {
                rights::Capacity::Reviewer { area, .. } => Some(*area),
                _ => None,
            },
            Doer::Clock => None,
        }
    }

    /// Whether the place that the person left is still free to go back to.
    async fn takes_back(&self, tx: &mut Tx, before: &Application) -> Result<(), ServiceError> {
        let Some(on) = before.effective else {
            return Ok(());
        };
        let today = self.now.shanghai_day();
        let check = Evaluation::of_return(self.office, tx, before, on.max(today)).await?;
        let Some(check) = check else {
            return Ok(());
        };
        let how = Override::Deciding(self.override_reason);
        judge(std::slice::from_ref(&check), how)?;
        Ok(())
    }

    async fn tell_all(
        &self,
        tx: &mut Tx,
        before: &Application,
        after: &Application,
        place: &Locus,
        noted: &[String],
        change: Option<Id<Change>>,
    ) -> Result<(), ServiceError> {
        let who = self.who();
        let made = self.command.made();
        let words = self.command.words();
        let step = Step {
            id: self.office.chance.id(self.now),
            application: after.id,
            at: self.now,
            made,
            before: before.state,
            after: after.state,
            step: u32::try_from(before.step).unwrap_or(u32::MAX),
            account: who.account.map(|id| id.to_string()),
            name: who.name.clone(),
            office: who.office.clone(),
            words: words.clone(),
            noted: noted.join(","),
            reason: self.override_reason.map(str::to_owned),
        };
        kept::tell(tx, &step).await?;
        let what = match action(made) {
            Some(action) => What::Action(action),
            None => What::Occurrence(crate::domain::audit::Occurrence::Scheduled),
        };
        let reason = self.override_reason.or(Some(words.as_str()));
        let told = Told {
            before: Some(described(before)),
            after: Some(told_after(after, made, noted)),
            reason: reason.filter(|reason| !reason.is_empty()),
            change,
            ..Told::new(&who, what, about(after, place))
        };
        tell(self.office, tx, told, self.now).await?;
        self.write_to(tx, before, after).await
    }

    /// Tells the person and the institution of a decision, and of what comes back to them.
    async fn write_to(
        &self,
        tx: &mut Tx,
        before: &Application,
        after: &Application,
    ) -> Result<(), ServiceError> {
        if !is_news(before, after) {
            return Ok(());
        }
        let person: PersonId = after.person;
        let recipients = [
            ("person", person.to_string()),
            ("institution", after.institution.to_string()),
        ];
        for (whose, id) in recipients {
            let message = Message {
                id: self.office.chance.id(self.now),
                key: format!("application:{}:{}:{whose}", after.id, after.version),
                kind: format!("application.{}", after.state.key()),
                recipient: format!("{whose}:{id}"),
                body: described(after).to_string(),
                created_at: self.now,
                attempts: 0,
                fault: None,
            };
            outbox::append(tx, &message, self.now).await?;
        }
        Ok(())
    }
}

/// Whether the person and the institution are told: of every decision, and of what comes
/// back.
fn is_news(before: &Application, after: &Application) -> bool {
    let decided = !after.state.is_open() && before.state != after.state;
    let back = matches!(after.state, State::Draft | State::InstitutionReview)
        && matches!(
            before.state,
            State::InstitutionReview | State::Recommended | State::Notice | State::Review
        )
        && before.state != after.state;
    let anew = before.state == State::Filed && after.state == State::Review;
    decided || back || anew
}

fn names(noted: &[&crate::domain::promotion::Check]) -> Vec<String> {
    let rules = noted.iter().filter_map(|check| check.rule.clone());
    rules.collect()
}

pub(super) fn about(application: &Application, place: &Locus) -> About {
    About {
        noun: "application".to_owned(),
        id: application.id.to_string(),
        area: place.area,
        institution: Some(application.institution),
    }
}

/// An application for the trail and for messages: no names, no numbers of people.
fn described(application: &Application) -> Value {
    let Application { target, .. } = application;
    json!({
        "application": application.id.to_string(),
        "version": application.version.number(),
        "kind": application.kind.key(),
        "person": application.person.to_string(),
        "institution": application.institution.to_string(),
        "rank": target.rank.key(),
        "grade": target.grade.map(|grade| grade.number()),
        "state": application.state.key(),
        "step": application.step,
        "effective": application.effective.map(|day| day.to_string()),
    })
}

fn told_after(after: &Application, made: Move, noted: &[String]) -> Value {
    let mut told = described(after);
    if let Value::Object(members) = &mut told {
        members.insert("move".to_owned(), made.key().into());
        members.insert("noted".to_owned(), noted.into());
        let pool = after.place.map(|place| place.pool.key());
        members.insert("pool".to_owned(), pool.into());
    }
    told
}

/// Applications handled at a time by the clock.
const TOGETHER: u32 = 200;

/// Lets take effect what was decided for a day that has come: how many. Run it as often as
/// you like.
pub async fn take_effect(office: &Office, now: Timestamp) -> Result<u32, ServiceError> {
    let mut reader = office.store.read().await?;
    let due = kept::waiting(&mut reader, now.shanghai_day(), TOGETHER).await?;
    drop(reader);
    let mut done = 0;
    for id in due {
        done += u32::from(by_clock(office, id, &Command::TakeEffect, now).await?);
    }
    Ok(done)
}

/// A draft that nobody touched for so many days is given up.
const IDLE_DAYS: i64 = 180;

/// Lets lapse the open applications of people who are no longer where they applied, or
/// whose month of retirement is over; those of rounds that are over without them; and
/// drafts that nobody touched for half a year: how many.
pub async fn lapse(office: &Office, now: Timestamp) -> Result<u32, ServiceError> {
    let today = now.shanghai_day();
    let mut reader = office.store.read().await?;
    let wanted = kept::Wanted {
        states: State::ALL
            .iter()
            .copied()
            .filter(|state| state.is_open())
            .collect(),
        ..kept::Wanted::default()
    };
    let mut over = Vec::new();
    for id in kept::list(&mut reader, &wanted, u32::MAX).await? {
        let Some(application) = kept::find(&mut reader, id).await? else {
            continue;
        };
        let house = super::locus::house(&mut reader, application.person, today).await?;
        let gone = house != Some(application.institution)
            || is_idle(&application, now)
            || super::round::is_over(&mut reader, &application).await?;
        if gone || is_past(office, &mut reader, &application, today).await? {
            over.push(id);
        }
    }
    drop(reader);
    let mut done = 0;
    for id in over {
        done += u32::from(by_clock(office, id, &Command::Lapse, now).await?);
    }
    Ok(done)
}

fn is_idle(application: &Application, now: Timestamp) -> bool {
    let since = application.since.shanghai_day().days();
    application.state == State::Draft && now.shanghai_day().days() - since > IDLE_DAYS
}

/// Whether somebody's month of retirement is over; those who apply to retire may.
async fn is_past(
    office: &Office,
    reader: &mut Reader,
    application: &Application,
    today: Date,
) -> Result<bool, ServiceError> {
    if matches!(application.kind, Kind::Retirement | Kind::End) {
        return Ok(false);
    }
    let figures = Figures::load(office, reader, application, today).await?;
    let retirement = figures.standing(application.person);
    let retirement = retirement.and_then(|standing| standing.retirement);
    Ok(retirement.is_some_and(|retirement| retirement.month < today.month()))
}

/// Whether it was done; what is not its turn any more is left alone.
async fn by_clock(
    office: &Office,
    id: ApplicationId,
    command: &Command,
    now: Timestamp,
) -> Result<bool, ServiceError> {
    let acting = Acting {
        office,
        doer: Doer::Clock,
        id,
        seen: None,
        command,
        override_reason: None,
        institutions: concerned(office, id, command).await?,
        now,
    };
    match office.store.write(acting).await {
        Ok(_) => Ok(true),
        Err(ServiceError::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}
