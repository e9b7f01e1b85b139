//! Pay totals of institutions, in the slot of the year.

use super::dated::dated;
use crate::domain::institution::Institution;
use crate::domain::pay::PayTotal;

dated! { PayTotal: "pay_total" of Institution { year, total, gp_allowance, document } }
