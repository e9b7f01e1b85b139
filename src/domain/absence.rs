//! Absence: leave for a time, and departure for good.

use super::label::labelled;
use super::sound::{in_order, sound};
use super::time::Date;

labelled! {
    /// Kind of leave.
    pub enum LeaveKind {
        Sick = "病假" / "sick",
        Maternity = "产假" / "maternity",
        Study = "进修学习" / "study",
        Personal = "事假" / "personal",
        Other = "其他" / "other",
    }
}

/// One leave of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    pub kind: LeaveKind,
    pub started: Date,
    /// `None` = not back yet.
    pub ended: Option<Date>,
}

labelled! {
    /// How somebody leaves.
    pub enum DepartureKind {
        Transfer = "调出" / "transfer",
        Resignation = "辞职" / "resignation",
        Dismissal = "解聘" / "dismissal",
        Retirement = "退休" / "retirement",
        Death = "死亡" / "death",
    }
}

/// The departure of a person, with its approval where it needs one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    pub kind: DepartureKind,
    /// The first day on which the person is no longer there.
    pub left: Date,
    pub approved: Option<Date>,
    pub document: Option<String>,
}

sound! { Leave { kind, started, ended } where |leave, out| {
    in_order("ended", Some(leave.started), leave.ended, out);
}}
sound! { Departure { kind, left, approved, document } }
