//! Leave of people, each in a slot of its own, and departures.

use super::dated::dated;
use super::value::words;
use crate::domain::absence::{Departure, DepartureKind, Leave, LeaveKind};
use crate::domain::staff::Person;

words!(DepartureKind, LeaveKind);

dated! { Leave: "leave" of Person { kind, started, ended } }
dated! { Departure: "departure" of Person { kind, left as departed, approved, document } }
