//! Appointments (聘任): the post a person is appointed to, as against the title they hold.

use super::month::Month;
use super::post::{Grade, Ledger, Manner};
use super::refusal::Refusal;
use super::sound::sound;
use super::time::Date;
use super::title::Rank;

/// The appointment that holds on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// [`Rank::None`] = not appointed.
    pub rank: Rank,
    pub grade: Option<Grade>,
    pub since: Option<Month>,
    pub manner: Manner,
}

/// A recorded decision that a holder stands in a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerDecision {
    pub ledger: Ledger,
    pub decided_on: Option<Date>,
    pub document: Option<String>,
}

sound! { Appointment { rank, grade, since, manner } where |fact, out| {
    let fits = |grade: Grade| grade.ranks().contains(&fact.rank);
    if fact.rank != Rank::None && fact.grade.is_some_and(|grade| !fits(grade)) {
        out.push(Refusal::GradeOfAnotherLevel { field: "grade" });
    }
}}
sound! { LedgerDecision { ledger, decided_on, document } }
