//! Rural doctors: examinations in the slot of the year, subsidies in the slot of name and
//! month, all else one at a time.

use super::dated::dated;
use super::value::words;
use crate::domain::rural_doctor::{
    Examination, LabourRelation, MedicalInsurance, MedicalScheme, Pension, PensionScheme, Profile,
    Qualification, Registration, RuralDoctor, Subsidy,
};

words!(LabourRelation, MedicalScheme, PensionScheme, Qualification);

dated! { Profile: "rural_doctor_profile" of RuralDoctor {
    name,
    area,
    clinic,
    qualification,
    labour_relation,
    on_establishment,
    pension,
}}
dated! { Registration: "rural_doctor_registration" of RuralDoctor { number, registered, expires } }
dated! { Examination: "rural_doctor_examination" of RuralDoctor { year, aimed_at, passed } }
dated! { Pension: "rural_doctor_pension" of RuralDoctor {
    scheme,
    tier,
    back_paid,
    first_benefit,
}}
dated! { MedicalInsurance: "rural_doctor_medical" of RuralDoctor { scheme, since } }
dated! { Subsidy: "rural_doctor_subsidy" of RuralDoctor { name, month, due, paid, paid_on } }
