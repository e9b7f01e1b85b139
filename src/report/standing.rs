//! Where somebody stands in plain values: every sentence in both languages.

use super::figures::{rule, said};
use super::words;
use crate::domain::promotion::{Check, Finding};
use crate::domain::service::Spell;
use crate::domain::staff::Person;
use crate::domain::time::Date;
use crate::policy::fact::FactId;
use crate::policy::plan::Plan;
use crate::rules::effect::Standing;
use crate::rules::eligibility::{Condition, Road};
use crate::rules::explain::{ClockTrace, RetirementTrace};
use crate::rules::figures::Both;
use crate::rules::standing::{
    ClockLine, ConditionLine, PersonStanding, RetirementLine, RoadLine, SpellLine,
};
use crate::rules::verdict::Verdict;

/// Somebody on a day, and what the rules made of them.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub on: Date,
    pub plan: &'a Plan,
    pub person: &'a Person,
    pub standing: &'a Standing,
}

impl Source<'_> {
    /// Everything about them. `roads` with whether there is a place at their end.
    pub fn plain<'r>(
        &self,
        roads: impl Iterator<Item = (&'r Road, Option<&'r Check>)>,
        owed: &[Condition],
    ) -> PersonStanding {
        let mut spells: Vec<&Spell> = self.person.history.spells().iter().collect();
        spells.sort_by_key(|spell| spell.start);
        let retirement = self.standing.retirement.as_ref();
        PersonStanding {
            on: self.on,
            level: self.standing.level,
            ledger: self.standing.ledger,
            retirement: retirement.map(|trace| self.retirement(trace)),
            spells: spells.into_iter().map(spell).collect(),
            clocks: self
                .standing
                .trace
                .clocks
                .iter()
                .map(|clock| self.clock(clock))
                .collect(),
            roads: roads.map(|(road, place)| self.road(road, place)).collect(),
            owed: owed.iter().map(|one| self.condition(one)).collect(),
        }
    }

    fn retirement(&self, trace: &RetirementTrace) -> RetirementLine {
        RetirementLine {
            class: trace.class,
            derived: self.person.retirement_class.is_none(),
            birth: trace.birth,
            age: trace.row.original,
            delay: trace.delay,
            every: trace.row.every,
            from_birth: trace.row.from_birth,
            most: trace.row.most,
            month: trace.month,
            months_left: trace.months_left,
            earliest: trace.flexible.0,
            latest: trace.flexible.1,
            rule: rule(self.plan, trace.rule, None),
        }
    }

    fn fact(&self, fact: FactId) -> Both {
        said(|lang| words::fact_name(self.plan, fact, lang))
    }

    fn clock(&self, clock: &ClockTrace) -> ClockLine {
        ClockLine {
            name: self.fact(clock.fact),
            months: clock.months,
            counts: clock.spells.iter().map(|(_, counts)| *counts).collect(),
            stretches: clock.stretches.clone(),
        }
    }

    fn road(&self, road: &Road, place: Option<&Check>) -> RoadLine {
        let month = self.on.month();
        let first = road.first_from(month);
        let window = road
            .windows
            .iter()
            .find(|window| first.is_some_and(|first| window.contains(first)));
        let [before, after] = road.ledgers();
        let effect = &road.effect;
        let retirement = |standing: &Standing| standing.retirement.as_ref().map(|own| own.month);
        RoadLine {
            kind: road.kind,
            target: road.target.clone(),
            verdict: road.verdict,
            conditions: road
                .conditions
                .iter()
                .map(|one| self.condition(one))
                .collect(),
            windows: road.windows.clone(),
            first,
            until: window.and_then(|window| window.until),
            before,
            after,
            retirements: [retirement(&effect.before), retirement(&effect.after)],
            takes: road.takes,
            frees: effect.frees(),
            place: place.map(|check| self.place(check)),
        }
    }

    fn condition(&self, one: &Condition) -> ConditionLine {
        let lines = one.lines.iter().map(|line| {
            let text = said(|lang| words::asked(&self.plan.facts, line, lang));
            (line.answer, text)
        });
        ConditionLine {
            rule: one
                .rule
                .and_then(|id| rule(self.plan, id, Some(one.handling))),
            verdict: one.verdict,
            refusals: one.refusals.clone(),
            handling: one.handling,
            lines: lines.collect(),
            missing: one.missing.iter().map(|fact| self.fact(*fact)).collect(),
            windows: one.windows.clone(),
            of_after: one.of_after,
        }
    }

    fn place(&self, check: &Check) -> ConditionLine {
        let refusals = match &check.finding {
            Finding::Passed => Vec::new(),
            Finding::Against(against) => against.clone(),
        };
        ConditionLine {
            rule: None,
            verdict: if refusals.is_empty() {
                Verdict::Holds
            } else {
                Verdict::Fails
            },
            refusals,
            handling: check.handling,
            lines: Vec::new(),
            missing: Vec::new(),
            windows: Vec::new(),
            of_after: true,
        }
    }
}

fn spell(spell: &Spell) -> SpellLine {
    SpellLine {
        start: spell.start,
        end: spell.end,
        employer: spell.employer.clone(),
        kind: spell.kind,
        location: spell.location,
        category: spell.category,
    }
}
