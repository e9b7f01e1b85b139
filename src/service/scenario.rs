//! What-if over a part of the records. Nothing is written.

use super::ledger::evaluate;
use super::locus::permit_part;
use super::{Office, ServiceError};
use crate::domain::promotion::Pool;
use crate::domain::record::When;
use crate::domain::rights::{Action, Actor};
use crate::domain::time::Timestamp;
use crate::policy::plan::{Adoption, Plan};
use crate::rules::ledger::Posts;
use crate::rules::scenario::{self, Change, Difference, Outcome};
use crate::store::register::{Loaded, Part};

/// A scenario: changes on top of the records, under the policies as they are or others.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    pub changes: Vec<Change>,
    /// What the place would decide about its policies; `None` = as it is.
    pub adoption: Option<Adoption>,
}

/// A scenario, what it leads to, and how it differs from the records as they are.
pub struct Ran {
    pub plan: Plan,
    pub outcome: Outcome,
    pub differences: Vec<Difference>,
}

/// Scenarios over one part of the records.
pub struct Runs {
    pub loaded: Loaded,
    /// As it is.
    pub plan: Plan,
    pub base: Outcome,
    pub scenarios: Vec<Ran>,
}

/// Months of a forecast over five years.
pub const FIVE_YEARS: u32 = 60;
/// The farthest anybody looks.
const FARTHEST: u32 = 600;

/// Runs scenarios over a part of the records, each so many months ahead. What is reserved
/// for applications stays reserved.
pub async fn run(
    office: &Office,
    actor: &Actor,
    part: &Part,
    when: When,
    scenarios: &[Scenario],
    months: u32,
    now: Timestamp,
) -> Result<Runs, ServiceError> {
    let mut reader = office.store.read().await?;
    let today = now.shanghai_day();
    permit_part(&mut reader, actor, Action::RunScenario, part, today).await?;
    drop(reader);
    let evaluated = evaluate(office, actor, part, when, now).await?;
    let months = months.min(FARTHEST);
    let (as_of, loaded) = (evaluated.as_of, evaluated.loaded);
    let plan = evaluated.plan;
    let mut base = scenario::run(&plan, &loaded.register, months);
    let kept: Vec<Posts> = evaluated
        .assessment
        .institutions
        .iter()
        .map(|one| one.posts)
        .collect();
    reserve(&mut base, &kept);
    let mut ran = Vec::new();
    for one in scenarios {
        let register = scenario::changed(&loaded.register, &one.changes);
        let plan = match &one.adoption {
            None => plan.clone(),
            Some(adoption) => {
                let mut rulebook = (*office.rulebook).clone();
                rulebook.adoption = adoption.clone();
                rulebook.plan(as_of, &register)
            }
        };
        let mut outcome = scenario::run(&plan, &register, months);
        reserve(&mut outcome, &kept);
        ran.push(Ran {
            differences: scenario::compare(&base, &outcome),
            plan,
            outcome,
        });
    }
    Ok(Runs {
        loaded,
        plan,
        base,
        scenarios: ran,
    })
}

/// Keeps for applications what is kept for them.
fn reserve(outcome: &mut Outcome, kept: &[Posts]) {
    for (at, own) in kept.iter().enumerate() {
        let Some(result) = outcome.assessment.institutions.get_mut(at) else {
            continue;
        };
        for pool in Pool::ALL {
            let reserved = match pool.level() {
                Some(level) => own.level(level).reserved,
                None => own.directed.reserved,
            };
            result.posts.reserve(*pool, reserved);
        }
        let Some(forecast) = outcome.forecast.get_mut(at) else {
            continue;
        };
        for (_, levels) in &mut forecast.months {
            for (level, outlook) in crate::domain::post::Level::ALL.iter().zip(levels) {
                let reserved = own.level(*level).reserved;
                outlook.vacant = outlook.vacant.map(|vacant| (vacant - reserved).max(0));
            }
        }
    }
}
