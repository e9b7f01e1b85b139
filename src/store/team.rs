//! Family-doctor teams of institutions, each in a slot of its own, and who is in them.

use super::dated::dated;
use crate::domain::institution::Institution;
use crate::domain::staff::Person;
use crate::domain::team::{Membership, Team};

dated! { Team: "team" of Institution { name, area, residents } }
dated! { Membership: "team_member" of Person { institution, team, leads } }
