//! Establishment decisions (编制核定): the numbers approved, by whom and with which document.

use super::month::Month;
use super::sound::{in_order, sound, within_total};
use super::time::Date;

/// The decision in force on a day. Numbers are people; `None` is not given, never zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    pub total: Option<u32>,
    pub professional: Option<u32>,
    pub management: Option<u32>,
    pub worker: Option<u32>,
    pub approved: Option<Month>,
    /// Number of the document (文号).
    pub document: Option<String>,
    pub decided_on: Option<Date>,
    pub approving_body: Option<String>,
    /// Month of the next five-yearly review.
    pub review_due: Option<Month>,
}

sound! { Decision {
    total,
    professional,
    management,
    worker,
    approved,
    document,
    decided_on,
    approving_body,
    review_due,
} where |decision, out| {
    let parts = [decision.professional, decision.management, decision.worker];
    within_total("total", decision.total, &parts, out);
    in_order("review_due", decision.approved, decision.review_due, out);
}}
