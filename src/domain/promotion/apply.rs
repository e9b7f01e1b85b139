//! What a command does to an application, and why it may not.

use super::kind::Kind;
use super::route::Route;
use super::state::{Holder, Move, State, next};
use super::{
    Application, Defect, Notice, Objection, Opinion, Outcome, Place, Pool, Resolution, Target,
};
use crate::domain::calendar::Calendar;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Hand, Office};
use crate::domain::time::{Date, Timestamp};

/// When, by whom and as what something is done.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    pub now: Timestamp,
    pub hand: Hand,
    pub office: Office,
    pub calendar: &'a Calendar,
}

impl Moment<'_> {
    fn today(&self) -> Date {
        self.now.shanghai_day()
    }
}

/// Where an authority sends an application back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnTo {
    Applicant,
    Institution,
    /// An earlier step of the route, by its position.
    Step(usize),
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Edit {
        target: Target,
        merits: String,
    },
    /// A file was added.
    Attach,
    Comment {
        text: String,
    },
    Submit,
    /// The institution takes it up; from here on it goes by the routes of that day.
    Take {
        route: Route,
    },
    Decline {
        defects: Vec<String>,
    },
    /// The institution recommends; the pool of which a place is kept, if it takes one.
    Recommend {
        pool: Option<Pool>,
        /// Fingerprint of the policies by which it was judged.
        policies: String,
    },
    /// For so many working days.
    Publish {
        working_days: u32,
    },
    Object {
        text: String,
    },
    /// Answers an objection, by its position.
    Resolve {
        objection: usize,
        outcome: Outcome,
        answer: String,
    },
    Close,
    Opine {
        favourable: bool,
        text: String,
    },
    /// `effective` is for the last step: `None` = from that day on.
    Approve {
        effective: Option<Date>,
    },
    Return {
        to: ReturnTo,
        defects: Vec<String>,
    },
    Reject {
        reason: String,
    },
    Withdraw {
        reason: String,
    },
    Lapse,
    TakeEffect,
    ObjectToFiled {
        reason: String,
    },
    Revoke {
        reason: String,
    },
}

impl Command {
    /// Its name.
    pub const fn made(&self) -> Move {
        match self {
            Self::Edit { .. } => Move::Edit,
            Self::Attach => Move::Attach,
            Self::Comment { .. } => Move::Comment,
            Self::Submit => Move::Submit,
            Self::Take { .. } => Move::Take,
            Self::Decline { .. } => Move::Decline,
            Self::Recommend { .. } => Move::Recommend,
            Self::Publish { .. } => Move::Publish,
            Self::Object { .. } => Move::Object,
            Self::Resolve { .. } => Move::Resolve,
            Self::Close => Move::Close,
            Self::Opine { .. } => Move::Opine,
            Self::Approve { .. } => Move::Approve,
            Self::Return { .. } => Move::Return,
            Self::Reject { .. } => Move::Reject,
            Self::Withdraw { .. } => Move::Withdraw,
            Self::Lapse => Move::Lapse,
            Self::TakeEffect => Move::TakeEffect,
            Self::ObjectToFiled { .. } => Move::ObjectToFiled,
            Self::Revoke { .. } => Move::Revoke,
        }
    }

    /// Taking it up: the route is filled in by whoever knows what the place has adopted.
    pub fn take() -> Self {
        Self::Take {
            route: Route::default(),
        }
    }

    /// Recommending: the pool is filled in by whoever asks the rules.
    pub const fn recommend() -> Self {
        Self::Recommend {
            pool: None,
            policies: String::new(),
        }
    }

    /// The words that go with it into the history.
    pub fn words(&self) -> String {
        match self {
            Self::Comment { text } | Self::Object { text } | Self::Opine { text, .. } => {
                text.clone()
            }
            Self::Decline { defects } | Self::Return { defects, .. } => defects.join("\n"),
            Self::Resolve { answer, .. } => answer.clone(),
            Self::Reject { reason }
            | Self::Withdraw { reason }
            | Self::ObjectToFiled { reason }
            | Self::Revoke { reason } => reason.clone(),
            _ => String::new(),
        }
    }
}

/// The least number of working days of a public notice (职称评审管理暂行规定).
pub const NOTICE_DAYS: u32 = 5;
/// More would keep a place from others.
const LONGEST_NOTICE: u32 = 60;
/// Working days in which the county may object to what a consortium filed.
const FILING_DAYS: u32 = 5;
/// Working days in which a holder should act.
const USUAL_DAYS: u32 = 10;
/// A decision takes effect within so many days.
const FARTHEST_EFFECT: i32 = 366;

type Done = Result<(), Vec<Refusal>>;

impl Application {
    /// The application after a command, or every reason against it. Its version is the one
    /// it has; whoever saves it counts on.
    pub fn apply(&self, command: &Command, moment: &Moment<'_>) -> Result<Self, Vec<Refusal>> {
        let made = command.made();
        if next(self.state, made).is_empty() {
            let state = self.state;
            return Err(vec![Refusal::OutOfTurn { state, tried: made }]);
        }
        let mut after = self.clone();
        after.carry_out(command, moment)?;
        let (was, is) = (self.holder(), after.holder());
        if was != is || after.state != self.state || after.step != self.step {
            after.since = moment.now;
            after.due = after.due_day(moment);
        }
        Ok(after)
    }

    fn carry_out(&mut self, command: &Command, moment: &Moment<'_>) -> Done {
        match command {
            Command::Edit { target, merits } => {
                self.target = target.clone();
                self.merits.clone_from(merits);
                Ok(())
            }
            Command::Attach => Ok(()),
            Command::Comment { text } => said(text),
            Command::Submit => self.submit(moment),
            Command::Take { route } => {
                self.route = route.clone();
                self.step = 0;
                self.state = State::InstitutionReview;
                Ok(())
            }
            Command::Decline { defects } => self.give_back(defects, State::Draft, moment),
            Command::Recommend { pool, policies } => {
                self.policies.clone_from(policies);
                self.recommend(*pool, moment)
            }
            Command::Publish { working_days } => self.publish(*working_days, moment),
            Command::Object { text } => self.object(text, moment),
            Command::Resolve {
                objection,
                outcome,
                answer,
            } => self.resolve(*objection, *outcome, answer, moment),
            Command::Close => self.close(moment),
            Command::Opine { favourable, text } => self.opine(*favourable, text, moment),
            Command::Approve { effective } => self.approve(*effective, moment),
            Command::Return { to, defects } => self.send_back(*to, defects, moment),
            Command::Reject { reason } => {
                self.its_turn(moment)?;
                said(reason)?;
                self.end(State::Rejected, moment);
                Ok(())
            }
            Command::Withdraw { reason } => {
                said(reason)?;
                self.end(State::Withdrawn, moment);
                Ok(())
            }
            Command::Lapse => {
                self.end(State::Lapsed, moment);
                Ok(())
            }
            Command::TakeEffect => self.take_effect(moment),
            Command::ObjectToFiled { reason } => self.object_to_filed(reason, moment),
            Command::Revoke { reason } => {
                said(reason)?;
                self.end(State::Revoked, moment);
                Ok(())
            }
        }
    }

    /// What has to be written about it is.
    fn is_reasoned(&self) -> Done {
        if !self.merits.trim().is_empty() {
            return Ok(());
        }
        if self.kind.needs_merits() {
            return Err(vec![Refusal::MeritsMissing]);
        }
        if self.kind.needs_grounds() {
            return Err(vec![Refusal::GroundsMissing]);
        }
        Ok(())
    }

    fn submit(&mut self, moment: &Moment<'_>) -> Done {
        self.is_reasoned()?;
        for defect in &mut self.defects {
            defect.mended.get_or_insert(moment.now);
        }
        self.state = State::Submitted;
        Ok(())
    }

    fn recommend(&mut self, pool: Option<Pool>, moment: &Moment<'_>) -> Done {
        self.is_reasoned()?;
        for defect in &mut self.defects {
            defect.mended.get_or_insert(moment.now);
        }
        self.place = pool.map(|pool| Place {
            institution: self.destination(),
            pool,
            from: moment.today(),
            until: None,
        });
        if !self.recommended_by.contains(&moment.hand) {
            self.recommended_by.push(moment.hand);
        }
        self.notice = None;
        self.step = 0;
        self.state = if self.kind.needs_notice() {
            State::Recommended
        } else {
            State::Review
        };
        Ok(())
    }

    fn publish(&mut self, working_days: u32, moment: &Moment<'_>) -> Done {
        if working_days < NOTICE_DAYS {
            return Err(vec![Refusal::NoticeTooShort {
                days: working_days,
                minimum: NOTICE_DAYS,
            }]);
        }
        let published = moment.today();
        let counted = moment.calendar.after(published, working_days);
        let counted = counted.filter(|_| working_days <= LONGEST_NOTICE);
        let counted = counted.ok_or_else(|| {
            vec![Refusal::NoticeTooLong {
                maximum: LONGEST_NOTICE,
            }]
        })?;
        self.notice = Some(Notice {
            published,
            last: counted.day,
            provisional: counted.provisional,
        });
        self.state = State::Notice;
        Ok(())
    }

    fn object(&mut self, text: &str, moment: &Moment<'_>) -> Done {
        said(text)?;
        self.objections.push(Objection {
            raised: moment.now,
            by: moment.hand,
            text: text.to_owned(),
            resolved: None,
        });
        Ok(())
    }

    fn resolve(&mut self, at: usize, outcome: Outcome, answer: &str, moment: &Moment<'_>) -> Done {
        said(answer)?;
        let objection = self.objections.get_mut(at);
        let objection = objection.filter(|one| one.resolved.is_none());
        let objection = objection.ok_or_else(|| vec![Refusal::NoSuchObjection])?;
        objection.resolved = Some(Resolution {
            at: moment.now,
            outcome,
            answer: answer.to_owned(),
        });
        let found = objection.text.clone();
        if outcome == Outcome::Upheld {
            self.note(&found, moment);
            self.free(moment);
            self.notice = None;
            self.state = State::InstitutionReview;
        }
        Ok(())
    }

    fn close(&mut self, moment: &Moment<'_>) -> Done {
        let mut against = Vec::new();
        if let Some(Notice { last, .. }) = self.notice
            && moment.today() <= last
        {
            against.push(Refusal::NoticeRuns { last });
        }
        let open = self.objections.iter();
        let open = open.filter(|one| one.resolved.is_none()).count();
        if open > 0 {
            against.push(Refusal::ObjectionOpen { open });
        }
        if !against.is_empty() {
            return Err(against);
        }
        self.step = 0;
        self.state = State::Review;
        Ok(())
    }

    fn opine(&mut self, favourable: bool, text: &str, moment: &Moment<'_>) -> Done {
        said(text)?;
        let office = moment.office;
        if !self.route.opinions.contains(&office) {
            return Err(vec![Refusal::OpinionNotAsked { office }]);
        }
        if self.opinions.iter().any(|one| one.office == office) {
            return Err(vec![Refusal::OpinionThere { office }]);
        }
        self.opinions.push(Opinion {
            office,
            given: moment.now,
            favourable,
            text: text.to_owned(),
        });
        Ok(())
    }

    fn approve(&mut self, effective: Option<Date>, moment: &Moment<'_>) -> Done {
        self.its_turn(moment)?;
        if self.step + 1 < self.route.steps.len() {
            self.step += 1;
            return Ok(());
        }
        let today = moment.today();
        let filed_until = self.filing(moment);
        let earliest = filed_until.and_then(|until| until.plus(1));
        // whoever retires leaves on the day that was asked for
        let asked = self.target.on.filter(|_| self.kind == Kind::Retirement);
        let effective = asked.or(effective).or(earliest).unwrap_or(today);
        let against = self.against(effective, filed_until, today);
        if !against.is_empty() {
            return Err(against);
        }
        self.effective = Some(effective);
        self.filed_until = filed_until;
        self.state = match filed_until {
            Some(_) => State::Filed,
            None if effective > today => State::Approved,
            None => State::Effective,
        };
        self.keep_until(effective.max(today));
        Ok(())
    }

    /// The last day on which the county may object, where the consortium decides.
    fn filing(&self, moment: &Moment<'_>) -> Option<Date> {
        let own = self.route.is_of_consortium();
        let until = own.then(|| moment.calendar.after(moment.today(), FILING_DAYS));
        until.flatten().map(|counted| counted.day)
    }

    /// What stands against a decision from a day on.
    fn against(&self, effective: Date, filed_until: Option<Date>, today: Date) -> Vec<Refusal> {
        let mut against = Vec::new();
        for office in &self.route.opinions {
            if !self.opinions.iter().any(|one| one.office == *office) {
                against.push(Refusal::OpinionMissing { office: *office });
            }
        }
        match self.notice {
            Some(Notice { last, .. }) if effective <= last => {
                against.push(Refusal::EffectiveBeforeNotice { last });
            }
            _ => {}
        }
        match filed_until {
            Some(until) if effective <= until => {
                against.push(Refusal::EffectiveBeforeFiling { until });
            }
            _ => {}
        }
        let latest = today.plus(FARTHEST_EFFECT).unwrap_or(Date::LAST);
        let earliest = today.plus(-FARTHEST_EFFECT).unwrap_or(Date::FIRST);
        if effective > latest || effective < earliest {
            against.push(Refusal::EffectiveTooFar { earliest, latest });
        }
        against
    }

    fn send_back(&mut self, to: ReturnTo, defects: &[String], moment: &Moment<'_>) -> Done {
        self.its_turn(moment)?;
        match to {
            ReturnTo::Applicant => self.give_back(defects, State::Draft, moment),
            ReturnTo::Institution => self.give_back(defects, State::InstitutionReview, moment),
            ReturnTo::Step(step) if step < self.step => {
                self.list(defects, moment)?;
                self.step = step;
                Ok(())
            }
            ReturnTo::Step(_) => Err(vec![Refusal::NotAnEarlierStep]),
        }
    }

    /// Back to where nobody recommends it yet: the place is free, and the notice has to run
    /// again.
    fn give_back(&mut self, defects: &[String], to: State, moment: &Moment<'_>) -> Done {
        self.list(defects, moment)?;
        self.free(moment);
        self.notice = None;
        self.opinions.clear();
        self.step = 0;
        self.state = to;
        Ok(())
    }

    fn list(&mut self, defects: &[String], moment: &Moment<'_>) -> Done {
        let defects: Vec<&str> = defects.iter().map(|text| text.trim()).collect();
        if defects.is_empty() || defects.contains(&"") {
            return Err(vec![Refusal::NoDefects]);
        }
        for text in defects {
            self.note(text, moment);
        }
        Ok(())
    }

    fn note(&mut self, text: &str, moment: &Moment<'_>) {
        self.defects.push(Defect {
            found: moment.now,
            office: moment.office,
            text: text.to_owned(),
            mended: None,
        });
    }

    fn take_effect(&mut self, moment: &Moment<'_>) -> Done {
        match self.effective {
            Some(on) if moment.today() < on => Err(vec![Refusal::NotYet { on }]),
            _ => {
                self.state = State::Effective;
                Ok(())
            }
        }
    }

    fn object_to_filed(&mut self, reason: &str, moment: &Moment<'_>) -> Done {
        said(reason)?;
        match self.filed_until {
            Some(until) if moment.today() > until => {
                return Err(vec![Refusal::FilingOver { until }]);
            }
            _ => {}
        }
        self.note(reason, moment);
        // the place is kept until the consortium has decided anew
        if let Some(place) = &mut self.place {
            place.until = None;
        }
        self.effective = None;
        self.filed_until = None;
        self.step = self.route.steps.len().saturating_sub(1);
        self.state = State::Review;
        Ok(())
    }

    /// Another office has to wait.
    fn its_turn(&self, moment: &Moment<'_>) -> Done {
        match self.holder() {
            Holder::Office(office) if office == moment.office => Ok(()),
            Holder::Office(office) => Err(vec![Refusal::NotItsTurn { office }]),
            _ => Err(vec![Refusal::NoRoute]),
        }
    }

    fn end(&mut self, state: State, moment: &Moment<'_>) {
        self.free(moment);
        self.state = state;
    }

    fn free(&mut self, moment: &Moment<'_>) {
        self.keep_until(moment.today());
    }

    /// Keeps the place no longer than to a day.
    fn keep_until(&mut self, day: Date) {
        if let Some(place) = &mut self.place {
            place.until = Some(place.until.map_or(day, |until| until.min(day)));
        }
    }

    /// The day by which its holder should act.
    fn due_day(&self, moment: &Moment<'_>) -> Option<Date> {
        let soon = || moment.calendar.after(moment.today(), USUAL_DAYS);
        match self.state {
            State::Submitted | State::InstitutionReview | State::Recommended | State::Review => {
                soon().map(|counted| counted.day)
            }
            State::Notice => self.notice.and_then(|notice| notice.last.plus(1)),
            State::Approved | State::Filed => self.effective,
            _ => None,
        }
    }

    /// Whether an approval would be the decision.
    pub fn is_last_step(&self) -> bool {
        self.state == State::Review && self.step + 1 >= self.route.steps.len()
    }

    /// Whether the kind asks for the opinion of an office that has not given it.
    pub fn waits_for_opinion(&self, office: Office) -> bool {
        self.state == State::Review
            && self.route.opinions.contains(&office)
            && !self.opinions.iter().any(|one| one.office == office)
    }

    /// Whether this kind takes people out of their post.
    pub const fn vacates(&self) -> bool {
        matches!(self.kind, Kind::End | Kind::Retirement)
    }
}

/// Something has to be said.
fn said(text: &str) -> Done {
    if text.trim().is_empty() {
        Err(vec![Refusal::NothingSaid])
    } else {
        Ok(())
    }
}
