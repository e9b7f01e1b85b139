//! What-if over a part of the records. Nothing is written.

use super::ledger::{Evaluated, evaluate_part};
use super::locus::permit_part;
use super::rulebook::{Ruled, is_exported};
use super::{Office, ServiceError};
use crate::domain::month::Month;
use crate::domain::post::Level;
use crate::domain::promotion::Pool;
use crate::domain::record::When;
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::register::Register;
use crate::domain::rights::{Action, Actor};
use crate::domain::time::Timestamp;
use crate::policy::adopted::Rules;
use crate::policy::plan::Plan;
use crate::rules::ledger::Posts;
use crate::rules::scenario::{self, Change, Difference, Outcome, World};
use crate::store::register::Part;
use std::sync::Arc;

/// A scenario: changes on top of the records, under the rules as they are or others.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// By the positions of [`Runs::register`].
    pub changes: Vec<Change>,
    /// What would apply at every institution; `None` = what applies there.
    pub rules: Option<Rules>,
}

/// What a scenario leads to, and how it differs from the records as they are.
pub struct Ran {
    pub outcome: Outcome,
    pub differences: Vec<Difference>,
}

/// Scenarios over one part of the records.
pub struct Runs {
    /// The institutions whose figures are known, and their people.
    pub register: Register,
    pub institutions: Vec<InstitutionId>,
    pub people: Vec<PersonId>,
    /// As it is.
    pub base: Outcome,
    pub scenarios: Vec<Ran>,
}

/// Months of a forecast over five years.
pub const FIVE_YEARS: u32 = 60;
/// The farthest anybody looks.
const FARTHEST: u32 = 600;

/// Runs scenarios over a part of the records, each so many months ahead. What is reserved
/// for applications stays reserved. Nothing is written.
pub async fn run(
    office: &Office,
    actor: &Actor,
    part: &Part,
    when: When,
    scenarios: &[Scenario],
    months: u32,
    now: Timestamp,
) -> Result<Runs, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    permit_part(&mut reader, actor, Action::RunScenario, part, today).await?;
    let evaluated = evaluate_part(office, &mut reader, part, when).await?;
    drop(reader);
    let months = months.min(FARTHEST);
    let known = Known::of(evaluated);
    let base = known.run(office, &known.register, None, months);
    let ran = scenarios.iter().map(|one| {
        let register = scenario::changed(&known.register, &one.changes);
        let outcome = known.run(office, &register, one.rules.as_ref(), months);
        Ran {
            differences: scenario::compare(&base, &outcome),
            outcome,
        }
    });
    let scenarios = ran.collect();
    Ok(Runs {
        base,
        scenarios,
        register: known.register,
        institutions: known.institutions,
        people: known.people,
    })
}

/// The institutions whose figures are known, put together.
struct Known {
    as_of: Month,
    register: Register,
    institutions: Vec<InstitutionId>,
    people: Vec<PersonId>,
    decided: Vec<bool>,
    /// By institution.
    ruled: Vec<Arc<Ruled>>,
    /// With what is reserved.
    posts: Vec<Posts>,
}

impl Known {
    fn of(evaluated: Evaluated) -> Self {
        let mut known = Self {
            as_of: evaluated.as_of,
            register: Register::default(),
            institutions: Vec::new(),
            people: Vec::new(),
            decided: Vec::new(),
            ruled: Vec::new(),
            posts: Vec::new(),
        };
        for ledger in evaluated.institutions {
            let Some(figures) = ledger.figures else {
                continue;
            };
            let loaded = &figures.house().loaded;
            let at = known.register.institutions.len();
            let Some(institution) = figures.institution() else {
                continue;
            };
            known.register.institutions.push(institution.clone());
            for person in &loaded.register.people {
                let mut person = person.clone();
                person.institution = at;
                known.register.people.push(person);
            }
            known.people.extend(&loaded.people);
            known.decided.extend(&loaded.off_quota);
            known.institutions.push(ledger.institution);
            known.ruled.push(figures.judged().ruled.clone());
            known.posts.push(figures.posts());
        }
        known
    }

    /// Evaluates a register under the rules that apply at each institution, or others.
    fn run(
        &self,
        office: &Office,
        register: &Register,
        rules: Option<&Rules>,
        months: u32,
    ) -> Outcome {
        let exported = is_exported(register);
        let other = rules.map(|rules| office.rulebook.ruled(rules, self.as_of, exported));
        let mut different: Vec<&Arc<Ruled>> = Vec::new();
        let mut which = Vec::with_capacity(self.ruled.len());
        for own in &self.ruled {
            let ruled = other.as_ref().unwrap_or(own);
            let known = different.iter().position(|one| Arc::ptr_eq(one, ruled));
            which.push(known.unwrap_or(different.len()));
            if known.is_none() {
                different.push(ruled);
            }
        }
        let mut register = register.clone();
        for (institution, at) in register.institutions.iter_mut().zip(&which) {
            if let Some(ruled) = different.get(*at) {
                ruled.rules.elected(institution);
            }
        }
        let plans: Vec<&Plan> = different.iter().map(|ruled| &ruled.plan).collect();
        let world = World {
            register: &register,
            decided: &self.decided,
            plans: &plans,
            which: &which,
        };
        let mut outcome = scenario::run(world, months);
        reserve(&mut outcome, &self.posts);
        outcome
    }
}

/// Keeps for applications what is kept for them.
fn reserve(outcome: &mut Outcome, kept: &[Posts]) {
    for (result, own) in outcome.institutions.iter_mut().zip(kept) {
        for pool in Pool::ALL {
            let reserved = match pool.level() {
                Some(level) => own.level(level).reserved,
                None => own.directed.reserved,
            };
            result.posts.reserve(*pool, reserved);
        }
    }
    for (forecast, own) in outcome.forecast.iter_mut().zip(kept) {
        for (_, levels) in &mut forecast.months {
            for (level, outlook) in Level::ALL.iter().zip(levels) {
                let reserved = own.level(*level).reserved;
                outlook.vacant = outlook.vacant.map(|vacant| (vacant - reserved).max(0));
            }
        }
    }
}
