//! Honours of people, each in a slot of its own, and assessments, in the slot of the year.

use super::dated::dated;
use super::value::words;
use crate::domain::merit::{Assessment, AssessmentResult, Honour, HonourLevel};
use crate::domain::staff::Person;

words!(AssessmentResult, HonourLevel);

dated! { Honour: "honour" of Person { name, level, awarded, body, document } }
dated! { Assessment: "assessment" of Person { year, result, satisfaction } }
