//! What if: changes on top of a register, evaluated like the register itself. Nothing is
//! written anywhere; two scenarios are compared by what they lead to.

use super::assessment::{Assessment, assess};
use super::data::Data;
use super::forecast::{self, Forecast};
use super::ledger::Posts;
use crate::domain::institution::ApprovedPosts;
use crate::domain::post::{Level, Manner};
use crate::domain::promotion::{Kind, Target, after};
use crate::domain::register::Register;
use crate::domain::staff::Person;
use crate::domain::title::Rank;
use crate::policy::plan::Plan;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The approved posts of an institution.
    Posts {
        institution: usize,
        posts: ApprovedPosts,
    },
    /// The raised ratio of senior posts is elected, or given up.
    RaisedRatio { institution: usize, elected: bool },
    /// Directed evaluation is run, or no longer.
    DirectedEvaluation { institution: usize, run: bool },
    /// Somebody leaves.
    Leave { person: usize },
    /// Somebody comes.
    Hire(Box<Person>),
    /// A decision on somebody.
    Decide {
        person: usize,
        kind: Kind,
        target: Target,
    },
}

/// The register with changes made to it. Positions are those of the register as it was;
/// a change of what is not there changes nothing.
pub fn changed(register: &Register, changes: &[Change]) -> Register {
    let mut register = register.clone();
    for change in changes {
        change.make(&mut register);
    }
    register
}

impl Change {
    fn make(&self, register: &mut Register) {
        match self {
            Self::Posts { institution, posts } => {
                if let Some(house) = register.institutions.get_mut(*institution) {
                    house.posts = *posts;
                }
            }
            Self::RaisedRatio {
                institution,
                elected,
            } => {
                if let Some(house) = register.institutions.get_mut(*institution) {
                    house.raised_senior_ratio = *elected;
                }
            }
            Self::DirectedEvaluation { institution, run } => {
                if let Some(house) = register.institutions.get_mut(*institution) {
                    house.directed_evaluation = *run;
                }
            }
            // whoever leaves keeps the row, so that positions stay, and holds no post
            Self::Leave { person } => {
                if let Some(person) = register.people.get_mut(*person) {
                    person.appointed = Rank::None;
                    person.grade = None;
                    person.manner = Manner::Ordinary;
                    person.employment = crate::domain::staff::Employment::Other;
                }
            }
            Self::Hire(person) => {
                if person.institution < register.institutions.len() {
                    register.people.push((**person).clone());
                }
            }
            Self::Decide {
                person,
                kind,
                target,
            } => {
                if let Some(person) = register.people.get_mut(*person) {
                    *person = after(*kind, target, person, person.institution);
                }
            }
        }
    }
}

/// What a scenario leads to.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub assessment: Assessment,
    /// By institution.
    pub forecast: Vec<Forecast>,
}

/// Evaluates a register under a plan, and looks so many months ahead.
pub fn run(plan: &Plan, register: &Register, months: u32) -> Outcome {
    let data = Data::of_register(register, &plan.facts, plan.as_of);
    let assessment = assess(plan, &data);
    let forecast = if months == 0 {
        Vec::new()
    } else {
        let posts: Vec<Posts> = assessment
            .institutions
            .iter()
            .map(|one| one.posts)
            .collect();
        forecast::forecast(plan, &data, &assessment.people, &posts, months)
    };
    Outcome {
        assessment,
        forecast,
    }
}

/// The figures of a level at an institution in two outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    pub institution: usize,
    pub level: Level,
    pub limit: [Option<i64>; 2],
    pub counted: [i64; 2],
    pub off_quota: [i64; 2],
    pub vacant: [Option<i64>; 2],
    pub over: [Option<i64>; 2],
}

/// Where two outcomes over the same institutions differ.
pub fn compare(a: &Outcome, b: &Outcome) -> Vec<Difference> {
    let pairs = a
        .assessment
        .institutions
        .iter()
        .zip(&b.assessment.institutions);
    let mut differences = Vec::new();
    for (institution, (a, b)) in pairs.enumerate() {
        for level in Level::ALL {
            let sides = [a.posts.level(*level), b.posts.level(*level)];
            let difference = Difference {
                institution,
                level: *level,
                limit: sides.map(|side| side.limit),
                counted: sides.map(super::ledger::LevelPosts::counted),
                off_quota: sides.map(|side| side.off_quota),
                vacant: sides.map(super::ledger::LevelPosts::vacant),
                over: sides.map(super::ledger::LevelPosts::over),
            };
            if difference.differs() {
                differences.push(difference);
            }
        }
    }
    differences
}

impl Difference {
    fn differs(&self) -> bool {
        let [limit, other_limit] = self.limit;
        let [counted, other_counted] = self.counted;
        let [off_quota, other_off_quota] = self.off_quota;
        limit != other_limit || counted != other_counted || off_quota != other_off_quota
    }
}

/// The vacancies of a level at the ends of years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearEnd {
    pub year: i32,
    pub counted: i64,
    pub off_quota: i64,
    pub retired: i64,
    pub vacant: Option<i64>,
}

/// The Decembers of a forecast, by level.
pub fn year_ends(forecast: &Forecast, level: Level) -> Vec<YearEnd> {
    let ends = forecast
        .months
        .iter()
        .filter(|(month, _)| month.month() == 12);
    let of_level = ends.filter_map(|(month, levels)| {
        let own = levels.get(usize::from(level.code()))?;
        Some(YearEnd {
            year: month.year(),
            counted: own.counted,
            off_quota: own.off_quota,
            retired: own.retired,
            vacant: own.vacant,
        })
    });
    of_level.collect()
}
