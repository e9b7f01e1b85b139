//! Where somebody stands, in plain values: each condition with its clause, its arithmetic and
//! what is missing, every sentence in both languages. Whoever renders it needs nothing of
//! the engine.

use super::words;
use crate::domain::adoption::Handling;
use crate::domain::month::Month;
use crate::domain::post::Ledger;
use crate::domain::promotion::{Kind, Pool, Target};
use crate::domain::refusal::Refusal;
use crate::i18n::Lang;
use crate::policy::fact::FactId;
use crate::policy::plan::{Plan, RuleId};
use crate::rules::eligibility::{Condition, Road};
use crate::rules::explain::LineTrace;
use crate::rules::figures::{Both, Cite, RuleLine};
use crate::rules::outlook::Window;
use crate::rules::tri::Tri;
use crate::rules::verdict::Verdict;

/// One road.
#[derive(Clone, Debug)]
pub struct RoadLine {
    pub kind: Kind,
    pub target: Target,
    /// Places are asked apart.
    pub verdict: Verdict,
    pub conditions: Vec<ConditionLine>,
    pub windows: Vec<Window>,
    /// The first month, from that of the day on, in which all of it would be met if nothing
    /// else changed; `None` = never, or not by time alone.
    pub first: Option<Month>,
    /// Before and after the decision.
    pub ledgers: [Option<Ledger>; 2],
    pub retirements: [Option<Month>; 2],
    /// The pool of which it takes a place; `None` = it takes none.
    pub takes: Option<Pool>,
    pub frees: Option<Pool>,
}

/// One condition of a road.
#[derive(Clone, Debug)]
pub struct ConditionLine {
    /// `None` = it follows from the records alone.
    pub rule: Option<RuleLine>,
    pub verdict: Verdict,
    pub refusals: Vec<Refusal>,
    pub handling: Handling,
    pub lines: Vec<Asked>,
    /// Facts that keep the verdict open.
    pub missing: Vec<Both>,
    /// Empty where time does not decide.
    pub windows: Vec<Window>,
    /// It was asked of the person as they would be after the decision.
    pub of_after: bool,
}

/// One line of a condition with what stood against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub answer: Tri,
    pub text: Both,
}

fn said(text: impl Fn(Lang) -> String) -> Both {
    Both {
        zh: text(Lang::ZhCn),
        en: text(Lang::En),
    }
}

/// A road under a plan.
pub fn road(plan: &Plan, road: &Road, from: Month) -> RoadLine {
    let effect = &road.effect;
    let retirement = |standing: &crate::rules::effect::Standing| {
        standing.retirement.map(|retirement| retirement.month)
    };
    RoadLine {
        kind: road.kind,
        target: road.target.clone(),
        verdict: road.verdict,
        conditions: road
            .conditions
            .iter()
            .map(|one| condition(plan, one))
            .collect(),
        windows: road.windows.clone(),
        first: road.first_from(from),
        ledgers: road.ledgers(),
        retirements: [retirement(&effect.before), retirement(&effect.after)],
        takes: road.takes,
        frees: effect.frees(),
    }
}

/// A condition under a plan.
pub fn condition(plan: &Plan, condition: &Condition) -> ConditionLine {
    let asked = |line: &LineTrace| Asked {
        answer: line.answer,
        text: said(|lang| words::asked(&plan.facts, line, lang)),
    };
    let fact = |id: &FactId| {
        let fact = plan.facts.get(*id)?;
        Some(said(|lang| words::fact(fact, lang).to_owned()))
    };
    ConditionLine {
        rule: condition
            .rule
            .and_then(|id| rule(plan, id, condition.handling)),
        verdict: condition.verdict,
        refusals: condition.refusals.clone(),
        handling: condition.handling,
        lines: condition.lines.iter().map(asked).collect(),
        missing: condition.missing.iter().filter_map(fact).collect(),
        windows: condition.windows.clone(),
        of_after: condition.of_after,
    }
}

/// A rule about people, with its clauses and readings.
fn rule(plan: &Plan, id: RuleId, handling: Handling) -> Option<RuleLine> {
    let (policy, rule) = plan.rule(id)?;
    let cites = policy.cites(rule).map(|clause| Cite {
        at: clause.at.clone(),
        text: clause.text.clone(),
        verified: clause.verified,
    });
    let readings = rule.readings.iter();
    Some(RuleLine {
        policy: policy.id.clone(),
        rule: rule.id.clone(),
        title: said(|lang| words::title(rule, lang)),
        cites: cites.collect(),
        readings: readings
            .map(|reading| said(|lang| words::words(reading, lang).to_owned()))
            .collect(),
        handling: Some(handling),
    })
}
