//! Establishment decisions of institutions.

use super::dated::dated;
use crate::domain::establishment::Decision;
use crate::domain::institution::Institution;

dated! { Decision: "establishment" of Institution {
    total,
    professional,
    management,
    worker,
    approved,
    document,
    decided_on,
    approving_body,
    review_due,
}}
