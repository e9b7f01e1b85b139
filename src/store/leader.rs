//! Terms of leaders, in the slot of the role.

use super::dated::dated;
use crate::domain::leader::Term;
use crate::domain::staff::Person;

dated! { Term: "leader_term" of Person { institution, role, started, ends, targets } }
