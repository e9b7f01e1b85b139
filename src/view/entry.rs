//! The doors: signing in, setting up, choosing as what to act, one's own account.

use super::Shell;
use askama::Template;

/// Name and password.
#[derive(Template)]
#[template(path = "entry/sign-in.html")]
pub struct SignIn<'a> {
    pub s: &'a Shell,
    pub user_name: &'a str,
    /// Where one wanted to go.
    pub place: &'a str,
    pub refused: Vec<String>,
}

/// A code of the second factor.
#[derive(Template)]
#[template(path = "entry/code.html")]
pub struct Code<'a> {
    pub s: &'a Shell,
    pub place: &'a str,
    pub refused: Vec<String>,
}

/// A capacity to choose.
pub struct Choice {
    pub id: String,
    pub office: String,
    pub place: String,
    pub current: bool,
}

/// As what to act.
#[derive(Template)]
#[template(path = "entry/capacity.html")]
pub struct Capacity<'a> {
    pub s: &'a Shell,
    pub place: &'a str,
    pub choices: Vec<Choice>,
}

/// The first password, or a new one.
#[derive(Template)]
#[template(path = "entry/set-up.html")]
pub struct SetUp<'a> {
    pub s: &'a Shell,
    /// Where the form goes: the address of the link itself.
    pub action: &'a str,
    pub refused: Vec<String>,
}

/// The second factor of one's own account.
pub enum SecondFactor {
    /// None is there.
    None,
    /// This secret waits for a first code.
    Offered {
        secret: String,
        link: String,
    },
    Active,
}

/// One's own account.
#[derive(Template)]
#[template(path = "entry/me.html")]
pub struct Me<'a> {
    pub s: &'a Shell,
    pub second_factor: SecondFactor,
    /// Rights are missing until a second factor is there.
    pub wanted: bool,
    pub refused: Vec<String>,
}
