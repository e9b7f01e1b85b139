//! Rural doctors.

use super::dated::dated;
use super::value::words;
use crate::domain::rural_doctor::{
    LabourRelation, PensionScheme, Profile, Qualification, RuralDoctor,
};

words!(LabourRelation, PensionScheme, Qualification);

dated! { Profile: "rural_doctor_profile" of RuralDoctor {
    name,
    area,
    clinic,
    qualification,
    labour_relation,
    on_establishment,
    pension,
}}
