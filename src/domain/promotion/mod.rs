//! Applications (申报): the road from "may I?" to a decided appointment, as a state machine
//! without clock, database or rights. `docs/PROMOTION.md` draws it; a test holds the two
//! together.
//!
//! An application is changed by [`Application::apply`] alone. What may follow what stands
//! in [`state::next`]; who may do it is asked of `rights`; whether the person and the
//! places allow it is asked of `rules` by the service, which hands the answer in as
//! [`Check`]s.

mod apply;
mod check;
mod fit;
pub mod grades;
mod kind;
mod release;
mod route;
mod state;

pub use apply::{Command, Moment, NOTICE_DAYS, ReturnTo};
pub use check::{Check, Finding, Override, judge};
pub use fit::{after, fits};
pub use grades::Graded;
pub use kind::Kind;
pub use release::Release;
pub use route::{BadRoute, Route, Routes};
pub use state::{Holder, Move, State, next};

use super::label::labelled;
use super::post::{Grade, Level};
use super::record::Version;
use super::record_id::{ApplicationId, InstitutionId, PersonId, RoundId};
use super::rights::{Hand, Office};
use super::time::{Date, Timestamp};
use super::title::Rank;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Level of the appointment, or of the title; [`Rank::None`] where none is asked for.
    pub rank: Rank,
    pub grade: Option<Grade>,
    /// Where a transfer goes.
    pub institution: Option<InstitutionId>,
    /// The day from which on it is wanted; that of leaving for a retirement.
    pub on: Option<Date>,
}

/// One application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub id: ApplicationId,
    pub version: Version,
    pub kind: Kind,
    pub person: PersonId,
    /// The institution that recommends.
    pub institution: InstitutionId,
    /// The competition it belongs to; `None` = it stands alone.
    pub round: Option<RoundId>,
    pub target: Target,
    /// What 优秀 rests on, in the words of the institution; empty where it is not claimed.
    pub merits: String,
    pub state: State,
    /// Position in the route; 0 until it is under review.
    pub step: usize,
    pub route: Route,
    /// Since when its holder has it.
    pub since: Timestamp,
    /// The day by which its holder should act.
    pub due: Option<Date>,
    pub notice: Option<Notice>,
    pub defects: Vec<Defect>,
    pub objections: Vec<Objection>,
    pub opinions: Vec<Opinion>,
    pub recommended_by: Vec<Hand>,
    pub place: Option<Place>,
    /// Fingerprint of the policies by which the institution judged it; empty before.
    pub policies: String,
    /// From when on the decision holds.
    pub effective: Option<Date>,
    /// Until when the county may object to what a consortium decided.
    pub filed_until: Option<Date>,
}

/// The public notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    pub published: Date,
    /// The last day of the notice.
    pub last: Date,
    /// Counted in a year whose days off are not known yet.
    pub provisional: bool,
}

/// What has to be put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    pub found: Timestamp,
    pub office: Office,
    pub text: String,
    /// When it was handed in again.
    pub mended: Option<Timestamp>,
}

labelled! {
    /// What became of an objection.
    pub enum Outcome {
        Upheld = "成立" / "upheld",
        Dismissed = "不成立" / "dismissed",
    }
}

/// An objection during the notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    pub raised: Timestamp,
    pub by: Hand,
    pub text: String,
    pub resolved: Option<Resolution>,
}

/// The answer to an objection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    pub at: Timestamp,
    pub outcome: Outcome,
    pub answer: String,
}

/// The opinion of an authority that does not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    pub office: Office,
    pub given: Timestamp,
    pub favourable: bool,
    pub text: String,
}

labelled! {
    /// A pool of places of an institution.
    pub enum Pool {
        Senior = "高级" / "senior",
        Intermediate = "中级" / "intermediate",
        Junior = "初级" / "junior",
        Directed = "定向" / "directed",
    }
}

impl Pool {
    /// The pool of counted posts of a level.
    pub const fn of(level: Level) -> Self {
        match level {
            Level::Senior => Self::Senior,
            Level::Intermediate => Self::Intermediate,
            Level::Junior => Self::Junior,
        }
    }

    /// The level, but for directed posts, which are one pool.
    pub const fn level(self) -> Option<Level> {
        match self {
            Self::Senior => Some(Level::Senior),
            Self::Intermediate => Some(Level::Intermediate),
            Self::Junior => Some(Level::Junior),
            Self::Directed => None,
        }
    }
}

/// A place that is kept for an application: from a day on and before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose place it is: for a transfer, of the institution it goes to.
    pub institution: InstitutionId,
    pub pool: Pool,
    pub from: Date,
    /// `None` = until the decision.
    pub until: Option<Date>,
}

impl Place {
    /// Whether it is kept on a day.
    pub fn holds(&self, on: Date) -> bool {
        self.from <= on && self.until.is_none_or(|until| on < until)
    }
}

impl Application {
    /// A draft that was just begun.
    pub fn draft(id: ApplicationId, subject: Subject, now: Timestamp) -> Self {
        Self {
            id,
            version: Version::FIRST,
            kind: subject.kind,
            person: subject.person,
            institution: subject.institution,
            round: subject.round,
            target: subject.target,
            merits: subject.merits,
            state: State::Draft,
            step: 0,
            route: Route::default(),
            since: now,
            due: None,
            notice: None,
            defects: Vec::new(),
            objections: Vec::new(),
            opinions: Vec::new(),
            recommended_by: Vec::new(),
            place: None,
            policies: String::new(),
            effective: None,
            filed_until: None,
        }
    }

    /// Who has it now.
    pub fn holder(&self) -> Holder {
        match self.state {
            State::Draft => Holder::Applicant,
            State::Submitted | State::InstitutionReview | State::Recommended | State::Notice => {
                Holder::Institution
            }
            State::Review => match self.route.steps.get(self.step) {
                Some(office) => Holder::Office(*office),
                None => Holder::Nobody,
            },
            State::Approved | State::Filed => Holder::Clock,
            State::Effective
            | State::Rejected
            | State::Withdrawn
            | State::Lapsed
            | State::Revoked => Holder::Nobody,
        }
    }

    /// The institutions whose places it decides about.
    pub fn institutions(&self) -> Vec<InstitutionId> {
        let goes_to = self.target.institution;
        std::iter::once(self.institution).chain(goes_to).collect()
    }

    /// The institution whose place it takes.
    pub fn destination(&self) -> InstitutionId {
        self.target.institution.unwrap_or(self.institution)
    }
}

/// What a draft begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: Kind,
    pub person: PersonId,
    pub institution: InstitutionId,
    pub round: Option<RoundId>,
    pub target: Target,
    pub merits: String,
}
