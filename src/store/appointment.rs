//! Appointments of people to posts.

use super::dated::dated;
use crate::domain::appointment::Appointment;
use crate::domain::staff::Person;

dated! { Appointment: "appointment" of Person { rank, grade, since, manner } }
