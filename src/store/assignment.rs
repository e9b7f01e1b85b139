//! Assignments of people: each in a slot of its own.

use super::dated::dated;
use super::value::words;
use crate::domain::assignment::{Assignment, AssignmentKind};
use crate::domain::staff::Person;

words!(AssignmentKind);

dated! { Assignment: "assignment" of Person {
    kind,
    institution,
    place,
    started,
    ended,
    evidence,
}}
