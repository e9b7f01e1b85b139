//! Training of people: each in a slot of its own.

use super::dated::dated;
use super::value::words;
use crate::domain::staff::Person;
use crate::domain::training::{Training, TrainingKind};

words!(TrainingKind);

dated! { Training: "training" of Person { kind, started, ended, hours, provider, certificate } }
