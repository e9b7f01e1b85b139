//! Service spells of people, each in a slot of its own, numbered in the order stated, and
//! what proves service.

use super::dated::dated;
use super::value::words;
use crate::domain::register::Origin;
use crate::domain::service::{Evidence, EvidenceKind, Location, Spell};
use crate::domain::staff::Person;

words!(EvidenceKind, Location);

dated! { Spell: "service_spell" of Person {
    start as started,
    end as ended,
    employer,
    kind,
    location,
    category,
} else { origin: Origin::NOWHERE } }

dated! { Evidence: "service_evidence" of Person {
    kind,
    start as started,
    end as ended,
    document,
}}

/// The slot of the spell at a position: slots sort as positions do.
pub fn slot(position: usize) -> String {
    format!("{position:04}")
}
