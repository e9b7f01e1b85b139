//! Working days. Which days are off is data: the yearly notices of the State Council's
//! office. A year without a notice goes by the week and by the holidays whose dates are
//! fixed, and everything counted in it is provisional: Spring Festival, Qingming, Dragon
//! Boat and Mid-Autumn move, and make-up days are not known.

use super::label::labelled;
use super::time::Date;
use std::collections::BTreeMap;

labelled! {
    /// What a notice says of a day.
    pub enum DayKind {
        /// A holiday, or a day off around one.
        Off = "放假" / "off",
        /// A weekend day that is worked (调休上班).
        Work = "上班" / "work",
    }
}

/// The notice for one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub year: i32,
    pub title: String,
    /// Where it was published.
    pub source: String,
    /// The days that do not go by the week, with the name of the holiday (none for days
    /// that are worked).
    pub days: BTreeMap<Date, (DayKind, String)>,
}

/// Every notice there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    notices: BTreeMap<i32, Notice>,
}

/// A day that was counted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub day: Date,
    /// Some day on the way lies in a year that has no notice yet.
    pub provisional: bool,
}

/// Holidays that lie on the same days each year, by month and day.
const FIXED: [(u32, u32); 6] = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)];

/// More days than any count here takes: a bound for calendars that are all holidays.
const LONGEST: i32 = 3660;

impl Calendar {
    /// A calendar of these notices; a later one for the same year replaces the earlier.
    pub fn new(notices: impl IntoIterator<Item = Notice>) -> Self {
        Self {
            notices: notices.into_iter().map(|one| (one.year, one)).collect(),
        }
    }

    /// The notices, by year.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.values()
    }

    /// Whether people work on a day.
    pub fn is_working(&self, day: Date) -> bool {
        // a notice may speak of the last days of the year before
        let said = self
            .notices
            .values()
            .rev()
            .find_map(|one| one.days.get(&day));
        match said {
            Some((kind, _)) => *kind == DayKind::Work,
            None if self.is_provisional(day) => !day.is_weekend() && !is_fixed_holiday(day),
            None => !day.is_weekend(),
        }
    }

    /// Whether the year of a day has no notice.
    pub fn is_provisional(&self, day: Date) -> bool {
        !self.notices.contains_key(&day.parts().0)
    }

    /// The day on which so many working days have passed after a day, which itself does
    /// not count. `None` beyond the end of time.
    pub fn after(&self, day: Date, working_days: u32) -> Option<Counted> {
        self.count(day, working_days, 1)
    }

    /// The day from which on so many working days pass until a day, which itself does not
    /// count. `None` before the beginning of time.
    pub fn before(&self, day: Date, working_days: u32) -> Option<Counted> {
        self.count(day, working_days, -1)
    }

    fn count(&self, day: Date, working_days: u32, step: i32) -> Option<Counted> {
        let mut counted = Counted {
            day,
            provisional: false,
        };
        let mut left = working_days;
        for _ in 0..LONGEST {
            if left == 0 {
                return Some(counted);
            }
            counted.day = counted.day.plus(step)?;
            counted.provisional |= self.is_provisional(counted.day);
            left -= u32::from(self.is_working(counted.day));
        }
        None
    }

    /// Working days after a day, up to and with another.
    pub fn between(&self, after: Date, to: Date) -> u32 {
        let days = (after.days() + 1..=to.days()).filter_map(Date::from_days);
        let working = days.filter(|day| self.is_working(*day)).count();
        u32::try_from(working).unwrap_or(u32::MAX)
    }
}

fn is_fixed_holiday(day: Date) -> bool {
    let (_, month, of_month) = day.parts();
    FIXED.contains(&(month, of_month))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn one(kind: DayKind, name: &str) -> (DayKind, String) {
        (kind, name.to_owned())
    }

    fn calendar() -> Calendar {
        let days = [
            (day("2026-10-01"), one(DayKind::Off, "国庆节")),
            (day("2026-10-02"), one(DayKind::Off, "国庆节")),
            (day("2026-10-10"), one(DayKind::Work, "")),
        ];
        Calendar::new([Notice {
            year: 2026,
            title: "通知".to_owned(),
            source: String::new(),
            days: days.into(),
        }])
    }

    #[test]
    fn a_notice_goes_before_the_week() {
        let calendar = calendar();
        assert!(!calendar.is_working(day("2026-10-01")), "a Thursday off");
        assert!(calendar.is_working(day("2026-10-10")), "a Saturday worked");
        assert!(!calendar.is_working(day("2026-10-11")), "a Sunday");
        assert!(
            calendar.is_working(day("2026-05-01")),
            "the notice decides alone"
        );
        assert!(!calendar.is_provisional(day("2026-10-10")));
    }

    #[test]
    fn a_year_without_a_notice_is_provisional() {
        let calendar = calendar();
        assert!(!calendar.is_working(day("2027-10-01")), "a fixed holiday");
        assert!(calendar.is_working(day("2027-10-04")), "a Monday");
        assert!(calendar.is_provisional(day("2027-10-04")));
        let over = calendar.after(day("2026-12-30"), 2).unwrap();
        assert_eq!((over.day, over.provisional), (day("2027-01-04"), true));
    }

    #[test]
    fn the_first_day_does_not_count() {
        let calendar = calendar();
        let counted = calendar.after(day("2026-09-30"), 5).unwrap();
        // 1 and 2 October are off, 3 and 4 a weekend, 10 is worked
        assert_eq!(counted.day, day("2026-10-09"));
        assert!(!counted.provisional);
        assert_eq!(calendar.between(day("2026-09-30"), counted.day), 5);
        assert_eq!(calendar.between(day("2026-09-30"), day("2026-09-30")), 0);
        assert_eq!(
            calendar.after(day("2026-09-30"), 0).unwrap().day,
            day("2026-09-30")
        );
        assert_eq!(calendar.after(Date::LAST, 1), None);
    }
}
