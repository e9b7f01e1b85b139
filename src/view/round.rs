//! Rounds of competition: their plan, the order with its ties, what can be done.

use super::Shell;
use super::form::Deed;
use super::institution::Fact;
use crate::domain::round::{Plan, RoundMove, RoundState};
use crate::domain::training::Required;
use askama::Template;

pub fn state(s: &Shell, state: RoundState) -> String {
    s.t(format!("round-state-{}", state.key().replace('_', "-")))
}

pub fn made(s: &Shell, made: RoundMove) -> String {
    s.t(format!("round-move-{}", made.key().replace('_', "-")))
}

/// What a round offers, in one line.
pub fn offered(s: &Shell, plan: &Plan) -> String {
    let all = plan.offered.iter().map(|one| {
        let rank = s.w(&one.rank);
        let what = match one.grade {
            Some(grade) => s.xy("web-target-grade", rank, grade.number().to_string()),
            None => rank,
        };
        format!("{what} × {}", one.places)
    });
    let all: Vec<String> = all.collect();
    all.join(&s.t("list-separator"))
}

/// Points in hundredths, as people write them.
pub fn points(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A place in the order.
pub struct Ranked {
    pub rank: usize,
    pub name: String,
    pub href: String,
    pub asked: String,
    pub points: String,
    pub tied: bool,
    pub incomplete: bool,
    /// Inside, tied for the last places, or behind.
    pub place: String,
    pub class: &'static str,
}

/// A row of the sheet of points.
pub struct Sheet {
    pub name: String,
    /// Names of the fields, in the order of the criteria.
    pub fields: Vec<(String, String)>,
}

/// A round.
#[derive(Template)]
#[template(path = "round/round.html")]
pub struct Page<'a> {
    pub s: &'a Shell,
    pub title: String,
    pub house: String,
    pub state: String,
    pub facts: Vec<Fact>,
    pub conditions: String,
    /// Name and most points.
    pub criteria: Vec<(String, String)>,
    pub ranked: Vec<Ranked>,
    /// What is said of ties for the last places; empty = there are none.
    pub contested: String,
    /// Empty = it is not the time for points.
    pub sheet: Vec<Sheet>,
    pub sheet_to: String,
    pub sheet_refused: Vec<String>,
    pub deeds: Vec<Deed>,
    /// Why something was refused that is not offered any more.
    pub refused: Vec<String>,
    /// Of those that the round takes now: nothing, or where one applies.
    pub apply: String,
}

/// A round that is planned.
#[derive(Template)]
#[template(path = "round/new.html")]
pub struct New<'a> {
    pub s: &'a Shell,
    pub title: String,
    pub deed: Deed,
}

/// What training is asked for.
pub fn training(s: &Shell, required: Option<Required>) -> String {
    let Some(required) = required else {
        return s.t("web-round-training-none");
    };
    let kind = s.w(&required.kind);
    let with_hours = match required.hours {
        Some(hours) => s.xy("web-round-training-some", kind, hours.to_string()),
        None => kind,
    };
    match required.since {
        Some(since) => s.xy("web-round-training-counts", with_hours, since.to_string()),
        None => with_hours,
    }
}
