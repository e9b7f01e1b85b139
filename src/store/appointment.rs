//! Appointments of people to posts, and decisions about their ledger.

use super::dated::dated;
use crate::domain::appointment::{Appointment, LedgerDecision};
use crate::domain::staff::Person;

dated! { Appointment: "appointment" of Person { rank, grade, since, manner } }
dated! { LedgerDecision: "ledger_decision" of Person { ledger, decided_on, document } }
