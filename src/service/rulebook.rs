//! The policies that apply, ready to be compiled for a month.

use crate::domain::month::Month;
use crate::domain::register::Register;
use crate::policy::fact::{FactId, FactSource, Facts};
use crate::policy::model::Policy;
use crate::policy::plan::{Adoption, Plan};
use std::sync::Arc;

/// Policies in the order in which they were chosen, with what the place has decided.
#[derive(Clone)]
pub struct Rulebook {
    pub facts: Arc<Facts>,
    pub policies: Vec<Arc<Policy>>,
    pub adoption: Adoption,
}

impl Rulebook {
    /// The plan for a register: facts of the statistics export can be had when somebody
    /// was read from one.
    pub fn plan(&self, as_of: Month, register: &Register) -> Plan {
        let exported = register.people.iter().any(|person| person.sites.is_some());
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
