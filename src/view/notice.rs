//! What failed, in the same surroundings as everything else.

use super::Shell;
use askama::Template;

/// What failed, why, and what can be done.
#[derive(Template)]
#[template(path = "notice.html")]
pub struct Notice<'a> {
    pub s: &'a Shell,
    pub status: u16,
    /// A word for programs.
    pub code: &'a str,
    pub detail: &'a str,
    pub flaws: Vec<String>,
}

impl Notice<'_> {
    fn title(&self) -> String {
        let key = match self.status {
            403 => "web-failed-forbidden",
            404 => "web-failed-missing",
            409 => "web-failed-conflict",
            422 => "web-failed-refused",
            429 => "web-failed-often",
            400..=499 => "web-failed-request",
            _ => "web-failed-here",
        };
        self.s.t(key)
    }

    fn advice(&self) -> String {
        let key = match self.status {
            403 if self.code == "second_factor" => "web-advice-second-factor",
            403 => "web-advice-forbidden",
            404 => "web-advice-missing",
            409 => "web-advice-conflict",
            429 => "web-advice-often",
            400..=499 => "web-advice-request",
            _ => "web-advice-here",
        };
        self.s.t(key)
    }
}
