//! Appointments (聘任): the post a person is appointed to, as against the title they hold.

use super::month::Month;
use super::post::{Grade, Manner};
use super::title::Rank;

/// The appointment that holds on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// [`Rank::None`] = not appointed.
    pub rank: Rank,
    pub grade: Option<Grade>,
    pub since: Option<Month>,
    pub manner: Manner,
}
