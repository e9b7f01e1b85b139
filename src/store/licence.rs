//! Licences in the slot of their kind, registrations, and further places of practice in
//! slots numbered from the second.

use super::dated::dated;
use super::value::words;
use crate::domain::licence::{
    GpRegistration, Licence, LicenceKind, PhysicianAssessment, PhysicianResult, Site,
};
use crate::domain::staff::Person;

words!(LicenceKind, PhysicianResult);

dated! { Licence: "licence" of Person { kind, number, scope, issued, expires } }
dated! { GpRegistration: "gp_registration" of Person { registered, community } }
dated! { PhysicianAssessment: "physician_assessment" of Person { assessed, result, next_due } }
dated! { Site: "practice_site" of Person { kind, institution, name, registered } }
