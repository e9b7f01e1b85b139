//! Institutions that hold more than they may: since when, and what made it so.

use super::label::labelled;
use super::promotion::Pool;
use super::time::Date;

labelled! {
    /// What made an institution hold more than it may.
    pub enum Cause {
        /// People came in with a workbook.
        Import = "导入" / "import",
        /// The plan of posts or the establishment was cut.
        Plan = "岗位或编制方案" / "plan",
        /// The rules changed, or time let them give fewer places.
        Policy = "政策" / "policy",
        /// An application was decided.
        Decision = "审批" / "decision",
        /// Somebody was recorded by hand.
        Record = "登记" / "record",
    }
}

/// An excess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excess {
    pub pool: Pool,
    /// How many too many.
    pub over: i64,
    /// The first day on which there were any, without a day since on which there were none.
    pub since: Date,
    pub cause: Cause,
}
