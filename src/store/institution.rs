//! Institutions: what they are on a day.

use super::dated::dated;
use super::value::words;
use crate::domain::institution::{Institution, Kind, Profile, Sponsor};

words!(Kind, Sponsor);

dated! { Profile: "institution_profile" of Institution {
    name,
    kind,
    area,
    parent,
    consortium,
    sponsor,
    service_population,
    beds,
    rehabilitation_beds,
    raised_senior_ratio,
    directed_evaluation,
}}
