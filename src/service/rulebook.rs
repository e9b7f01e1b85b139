//! The policies there are, which of them apply where and when, and what they come to when
//! they are compiled for a month.

use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::month::Month;
use crate::domain::register::Register;
use crate::domain::time::Date;
use crate::policy::adopted::{Adoptions, InForce, Rules};
use crate::policy::fact::{Entity, FactId, FactSource, Facts};
use crate::policy::model::Policy;
use crate::policy::plan::{Adoption, Plan};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Policies that apply everywhere, adopted or not.
pub const ALWAYS: [&str; 2] = [
    "national/retirement-2024",
    "national/public-institutions-2014",
];

/// Compiled plans that are kept; past it, they are compiled anew.
const MOST_PLANS: usize = 512;

/// Every policy that is known.
pub struct Rulebook {
    facts: Arc<Facts>,
    policies: Vec<Arc<Policy>>,
    always: Vec<Arc<Policy>>,
    plans: Mutex<HashMap<(Rules, Month, bool), Arc<Ruled>>>,
}

/// Rules, compiled for a month.
#[derive(Debug)]
pub struct Ruled {
    pub rules: Rules,
    pub plan: Plan,
}

impl Rulebook {
    /// With the two national policies that apply everywhere.
    pub fn new(facts: Arc<Facts>, policies: Vec<Arc<Policy>>) -> Self {
        Self::with_always(facts, policies, &ALWAYS)
    }

    /// With these policies applying everywhere, in this order.
    pub fn with_always(facts: Arc<Facts>, policies: Vec<Arc<Policy>>, always: &[&str]) -> Self {
        let found = always
            .iter()
            .filter_map(|id| policies.iter().find(|policy| policy.id == *id).cloned());
        Self {
            always: found.collect(),
            facts,
            policies,
            plans: Mutex::default(),
        }
    }

    /// The facts that policies speak of.
    pub const fn facts(&self) -> &Arc<Facts> {
        &self.facts
    }

    /// Every policy, in the order of identifiers.
    pub fn policies(&self) -> &[Arc<Policy>] {
        &self.policies
    }

    /// A policy by its identifier.
    pub fn find(&self, id: &str) -> Option<Arc<Policy>> {
        self.policies.iter().find(|policy| policy.id == id).cloned()
    }

    /// Whether a policy applies everywhere, adopted or not.
    pub fn is_always(&self, id: &str) -> bool {
        self.always.iter().any(|policy| policy.id == id)
    }

    /// The policies that a place has adopted by a day, with those that apply everywhere.
    pub fn of(&self, adoptions: &Adoptions, area: Option<AreaCode>, on: Date) -> InForce {
        adoptions.of(area, on, &self.always, |id| self.find(id))
    }

    /// Rules compiled for a month. `exported`: facts of the statistics export can be had.
    pub fn ruled(&self, rules: &Rules, as_of: Month, exported: bool) -> Arc<Ruled> {
        let key = (rules.clone(), as_of, exported);
        if let Some(known) = self.plans().get(&key) {
            return known.clone();
        }
        let policies = rules.policies.iter().filter_map(|id| self.find(id));
        let chosen = Chosen {
            facts: self.facts.clone(),
            policies: policies.collect(),
            adoption: rules.elections(),
        };
        let ruled = Arc::new(Ruled {
            rules: rules.clone(),
            plan: chosen.compile(as_of, exported),
        });
        let mut plans = self.plans();
        if plans.len() >= MOST_PLANS {
            plans.clear();
        }
        plans.entry(key).or_insert(ruled).clone()
    }

    /// The same rules for questions that the records answer and no workbook does: about
    /// vacancies, and about those who apply from outside.
    pub fn asking(&self, rules: &Rules, as_of: Month) -> Plan {
        let policies = rules.policies.iter().filter_map(|id| self.find(id));
        let policies = policies.collect();
        let facts = self.facts.clone();
        let available = |id: FactId| {
            let fact = facts.get(id);
            fact.is_some_and(|fact| matches!(fact.entity, Entity::Vacancy | Entity::Candidate))
        };
        let adoption = rules.elections();
        Plan::compile(facts.clone(), policies, &adoption, as_of, &available)
    }

    fn plans(&self) -> MutexGuard<'_, HashMap<(Rules, Month, bool), Arc<Ruled>>> {
        // whoever panicked left whole entries
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rules {
    /// The institution with what its place has elected: both the place and the record of
    /// the institution have to say so.
    pub(super) fn elected(&self, institution: &mut Institution) {
        institution.raised_senior_ratio &= self.raised_ratio;
        institution.directed_evaluation &= self.directed_evaluation;
    }
}

/// Policies that somebody chose, in this order, for one data set.
#[derive(Clone)]
pub struct Chosen {
    pub facts: Arc<Facts>,
    pub policies: Vec<Arc<Policy>>,
    pub adoption: Adoption,
}

impl Chosen {
    /// The plan for a register: facts of the statistics export can be had when somebody
    /// was read from one.
    pub fn plan(&self, as_of: Month, register: &Register) -> Plan {
        self.compile(as_of, is_exported(register))
    }

    fn compile(&self, as_of: Month, exported: bool) -> Plan {
        let available = |id: FactId| {
            let fact = self.facts.get(id);
            exported && fact.is_some_and(|fact| fact.from == FactSource::Export)
        };
        Plan::compile(
            self.facts.clone(),
            self.policies.clone(),
            &self.adoption,
            as_of,
            &available,
        )
    }
}

/// Whether somebody was read from the statistics export.
pub(super) fn is_exported(register: &Register) -> bool {
    register.people.iter().any(|person| person.sites.is_some())
}
