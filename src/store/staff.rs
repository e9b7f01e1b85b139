//! People: what is recorded of them wherever they work.

use super::dated::dated;
use super::value::words;
use crate::domain::staff::{
    Employment, GpTraining, JobClass, LicenceClass, Person, Profile, RetirementClass, SiteKind,
};

words!(
    Employment,
    GpTraining,
    JobClass,
    LicenceClass,
    RetirementClass,
    SiteKind
);

dated! { Profile: "person_profile" of Person {
    name,
    mobile,
    email,
    job_class,
    licence_class,
    multi_site,
    second_site,
    third_site,
    gp_registered,
    gp_training,
    preventive_post,
    retirement_class,
    started_work,
    history_known,
}}
