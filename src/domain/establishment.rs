//! Establishment decisions (编制核定): the numbers approved, by whom and with which document.

use super::month::Month;
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
