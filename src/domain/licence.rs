//! Licences, registrations and places of practice.

use super::ids::AreaCode;
use super::institution::Institution;
use super::label::labelled;
use super::record::Id;
use super::sound::{in_order, sound};
use super::staff::SiteKind;
use super::time::Date;

labelled! {
    /// Kind of licence.
    pub enum LicenceKind {
        Physician = "执业医师" / "physician",
        AssistantPhysician = "执业助理医师" / "assistant_physician",
        Nurse = "护士" / "nurse",
        Pharmacist = "药师" / "pharmacist",
        Other = "其他" / "other",
    }
}

/// One licence of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    pub kind: LicenceKind,
    pub number: Option<String>,
    /// Scope of practice as the licence has it.
    pub scope: Option<String>,
    pub issued: Option<Date>,
    pub expires: Option<Date>,
}

/// Registration as a general practitioner, and the community served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpRegistration {
    pub registered: Option<Date>,
    pub community: Option<AreaCode>,
}

/// A further place of practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub kind: SiteKind,
    pub institution: Option<Id<Institution>>,
    pub name: Option<String>,
    pub registered: Option<Date>,
}

labelled! {
    /// Result of a periodic assessment.
    pub enum PhysicianResult {
        Qualified = "合格" / "qualified",
        Unqualified = "不合格" / "unqualified",
    }
}

/// The last periodic assessment of a physician (医师定期考核).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhysicianAssessment {
    pub assessed: Date,
    pub result: PhysicianResult,
    /// The day of the next one, where somebody has set it.
    pub next_due: Option<Date>,
}

sound! { Licence { kind, number <= 50, scope, issued, expires } where |licence, out| {
    in_order("expires", licence.issued, licence.expires, out);
}}
sound! { GpRegistration { registered, community } }
sound! { PhysicianAssessment { assessed, result, next_due } where |one, out| {
    in_order("next_due", Some(one.assessed), one.next_due, out);
}}
sound! { Site { kind, institution, name, registered } }
