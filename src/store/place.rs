//! Administrative places.

use super::dated::dated;
use super::value::words;
use crate::domain::place::{Place, PlaceLevel, Profile};

words!(PlaceLevel);

dated! { Profile: "place_profile" of Place {
    name,
    level,
    parent,
    residents,
    establishment_reviewed,
}}
