//! Recruitment: a plan, its posts, who applied and in which order.

use super::Shell;
use super::form::Deed;
use crate::domain::recruitment::{Mode, PlanMove, PlanState};
use askama::Template;

pub fn state(s: &Shell, state: PlanState) -> String {
    s.t(format!(
        "recruitment-state-{}",
        state.key().replace('_', "-")
    ))
}

pub fn made(s: &Shell, made: PlanMove) -> String {
    s.t(format!("recruitment-move-{}", made.key().replace('_', "-")))
}

pub fn mode(s: &Shell, mode: Mode) -> String {
    s.t(format!("recruitment-mode-{}", mode.key().replace('_', "-")))
}

/// Somebody who applied.
pub struct Ranked {
    pub post: String,
    pub rank: usize,
    pub number: String,
    pub points: String,
    pub tied: bool,
    pub by_priority: bool,
}

/// A plan.
#[derive(Template)]
#[template(path = "recruitment/plan.html")]
pub struct Page<'a> {
    pub s: &'a Shell,
    pub title: String,
    pub house: String,
    pub state: String,
    /// Title, places, mode, why it is urgently needed.
    pub posts: Vec<[String; 4]>,
    pub ranked: Vec<Ranked>,
    pub deeds: Vec<Deed>,
    /// Why something was refused that is not offered any more.
    pub refused: Vec<String>,
}
