//! Pay totals (绩效工资总量) approved for institutions.

use super::sound::{check_year, sound};

/// An amount of money in fen, a hundredth of a yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(pub i64);

/// The total approved for one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayTotal {
    pub year: u32,
    pub total: Fen,
    /// The allowance of general practitioners, which stands apart from the total.
    pub gp_allowance: Option<Fen>,
    pub document: Option<String>,
}

sound! { PayTotal { year <= 2200, total, gp_allowance, document } where |pay, out| {
    check_year(pay.year, out);
}}
