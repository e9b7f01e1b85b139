//! Recruitment: a plan, its posts, who applied and in which order.

use super::Shell;
use super::form::Deed;
use crate::domain::recruitment::{Mode, Plan, PlanMove, PlanState};
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

/// The posts as they are written into a form, a line each.
pub fn lines(s: &Shell, plan: &Plan) -> String {
    let lines = plan.posts.iter().map(|post| {
        let mut line = format!("{} = {}", post.title, post.places);
        if post.mode != Mode::Open || post.urgent.is_some() {
            line.push_str(&format!(" | {}", mode(s, post.mode)));
        }
        if let Some(why) = &post.urgent {
            line.push_str(&format!(" | {why}"));
        }
        line
    });
    lines.collect::<Vec<_>>().join("\n")
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
