//! Institutions: what they are on a day, and from which others they come, each in a slot
//! of its own.

use super::dated::dated;
use super::value::words;
use crate::domain::institution::{
    Institution, Kind, Profile, Sponsor, Succession, SuccessionManner,
};

words!(Kind, Sponsor, SuccessionManner);

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

dated! { Succession: "succession" of Institution { predecessor, manner, document } }
