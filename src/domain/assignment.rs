//! Assignments: work elsewhere for a time, while establishment and post stay at home.

use super::institution::Institution;
use super::label::labelled;
use super::record::Id;
use super::sound::{in_order, sound};
use super::time::Date;

labelled! {
    /// Kind of assignment.
    pub enum AssignmentKind {
        Stationed = "派驻" / "stationed",
        Rotation = "轮岗" / "rotation",
        Rounds = "巡诊" / "rounds",
        Support = "对口支援" / "support",
        Secondment = "借调" / "secondment",
    }
}

/// One assignment of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub kind: AssignmentKind,
    /// Where to; `None` = not an institution of the records.
    pub institution: Option<Id<Institution>>,
    /// Where to, in words.
    pub place: Option<String>,
    pub started: Date,
    /// `None` goes on.
    pub ended: Option<Date>,
    /// What proves it: number of a document, file of a record.
    pub evidence: Option<String>,
}

sound! { Assignment { kind, institution, place, started, ended, evidence } where |one, out| {
    in_order("ended", Some(one.started), one.ended, out);
}}
