//! What if: changes on top of a register, evaluated like the register itself. Nothing is
//! written anywhere; two scenarios are compared by what they lead to.

use super::assessment::{InstitutionResult, assess_institutions};
use super::data::Data;
use super::forecast::{self, Forecast};
use super::ledger::{PoolPosts, Posts};
use crate::domain::institution::ApprovedPosts;
use crate::domain::post::{Level, Manner};
use crate::domain::promotion::{Kind, Pool, Target, after};
use crate::domain::register::Register;
use crate::domain::staff::Person;
use crate::domain::title::Rank;
use crate::policy::plan::Plan;
use std::borrow::Cow;

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

/// What a scenario leads to, by institution.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub institutions: Vec<InstitutionResult>,
    /// Empty where nobody looks ahead.
    pub forecast: Vec<Forecast>,
}

/// A register, and which of several plans applies at each institution.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub register: &'a Register,
    /// By person: a decision is recorded that they stand off quota. Those who came later
    /// have none.
    pub decided: &'a [bool],
    pub plans: &'a [&'a Plan],
    /// By institution, the position of its plan.
    pub which: &'a [usize],
}

/// Evaluates a world, and looks so many months ahead.
pub fn run(world: World<'_>, months: u32) -> Outcome {
    let count = world.register.institutions.len();
    let mut results: Vec<Option<InstitutionResult>> = vec![None; count];
    let mut forecasts: Vec<Option<Forecast>> = vec![None; count];
    for (number, plan) in world.plans.iter().enumerate() {
        let (rows, data) = world.part(number, plan);
        if rows.is_empty() {
            continue;
        }
        let (people, own) = assess_institutions(plan, &data);
        if months > 0 {
            let posts: Vec<Posts> = own.iter().map(|one| one.posts).collect();
            let ahead = forecast::forecast(plan, &data, &people, &posts, months);
            for (row, forecast) in rows.iter().zip(ahead) {
                if let Some(slot) = forecasts.get_mut(*row) {
                    *slot = Some(forecast);
                }
            }
        }
        for (row, result) in rows.iter().zip(own) {
            if let Some(slot) = results.get_mut(*row) {
                *slot = Some(result);
            }
        }
    }
    Outcome {
        institutions: results.into_iter().flatten().collect(),
        forecast: forecasts.into_iter().flatten().collect(),
    }
}

impl World<'_> {
    /// The institutions under one plan, by their positions, and their facts.
    fn part(&self, number: usize, plan: &Plan) -> (Vec<usize>, Data) {
        let rows = 0..self.register.institutions.len();
        let rows: Vec<usize> = rows
            .filter(|row| self.which.get(*row) == Some(&number))
            .collect();
        // where one plan applies to all, which is usual, nothing has to be picked out
        let (register, decided) = if rows.len() == self.register.institutions.len() {
            let people = 0..self.register.people.len();
            let decided = people.map(|row| self.decided(row)).collect();
            (Cow::Borrowed(self.register), decided)
        } else {
            let (register, decided) = self.pick(&rows);
            (Cow::Owned(register), decided)
        };
        let mut data = Data::of_register(&register, &plan.facts, plan.as_of);
        data.people.decided = decided;
        (rows, data)
    }

    /// Some institutions with their people.
    fn pick(&self, rows: &[usize]) -> (Register, Vec<bool>) {
        let mut place = vec![None; self.register.institutions.len()];
        for (at, row) in rows.iter().enumerate() {
            if let Some(slot) = place.get_mut(*row) {
                *slot = Some(at);
            }
        }
        let institutions = rows
            .iter()
            .filter_map(|row| self.register.institutions.get(*row));
        let mut register = Register {
            institutions: institutions.cloned().collect(),
            ..Register::default()
        };
        let mut decided = Vec::new();
        for (row, person) in self.register.people.iter().enumerate() {
            if let Some(Some(institution)) = place.get(person.institution) {
                let mut person = person.clone();
                person.institution = *institution;
                register.people.push(person);
                decided.push(self.decided(row));
            }
        }
        (register, decided)
    }

    /// Whether it is decided that somebody stands off quota.
    fn decided(&self, row: usize) -> bool {
        self.decided.get(row) == Some(&true)
    }
}

/// The figures of a pool at an institution in two outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    pub institution: usize,
    pub pool: Pool,
    pub before: PoolPosts,
    pub after: PoolPosts,
}

/// Where two outcomes over the same institutions differ.
pub fn compare(a: &Outcome, b: &Outcome) -> Vec<Difference> {
    let pairs = a.institutions.iter().zip(&b.institutions).enumerate();
    let all = pairs.flat_map(|(institution, (a, b))| {
        Pool::ALL.iter().map(move |pool| Difference {
            institution,
            pool: *pool,
            before: a.posts.pool(*pool),
            after: b.posts.pool(*pool),
        })
    });
    all.filter(|one| one.before != one.after).collect()
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
