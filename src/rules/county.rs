//! The picture of a county: what the figures of its institutions come to side by side. All
//! of it is read off the ledger's own lines; nothing is counted a second time.

use super::figures::{Figure, FindingLine, Holder, InstitutionFigures, Known, PartFigures};
use super::verdict::Verdict;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level};
use crate::domain::record_id::PersonId;
use crate::policy::model::Force;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// How an institution stands against its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A level is held by more than its limit allows.
    Over,
    /// No level whose limit is known has a free post.
    Full,
    /// Within its limits, and something is free.
    Within,
    /// A limit on which it depends is not known.
    Open,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Within, Self::Full, Self::Over, Self::Open];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Full => "full",
            Self::Within => "within",
            Self::Open => "open",
        }
    }

    /// The state of an institution on the day of its figures.
    pub fn of(one: &InstitutionFigures) -> Self {
        let Some(known) = &one.known else {
            return Self::Open;
        };
        let lines = &known.figures;
        if lines.iter().any(|line| line.over.is_some_and(|n| n > 0)) {
            return Self::Over;
        }
        // a level without a limit matters only where somebody holds it
        let open = |line: &Figure| line.over.is_none() && line.counted > 0;
        if lines.iter().all(|line| line.limit.is_none()) || lines.iter().any(open) {
            return Self::Open;
        }
        let free: i64 = lines.iter().filter_map(|line| line.vacant).sum();
        if free > 0 { Self::Within } else { Self::Full }
    }
}

/// What the floor for professional staff says of an institution; `None` = no such rule holds
/// there.
pub fn floor(known: &Known) -> Option<Verdict> {
    let floor = known.findings.iter().find(|one| one.is_staff_floor);
    floor.map(|one| one.verdict)
}

/// The rules that bind and are broken.
pub fn breaks(known: &Known) -> impl Iterator<Item = &FindingLine> {
    let fails = |one: &&FindingLine| one.verdict == Verdict::Fails && one.force == Force::Must;
    known.findings.iter().filter(fails)
}

/// Whether a rule that binds is broken.
pub fn is_failing(known: &Known) -> bool {
    breaks(known).next().is_some()
}

/// A quarter of a year, by its first month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter(Month);

impl Quarter {
    pub fn of(month: Month) -> Self {
        Self(month.plus(-(month.index().rem_euclid(3))))
    }

    #[must_use]
    pub fn plus(self, quarters: i32) -> Self {
        Self(self.0.plus(quarters * 3))
    }
}

impl fmt::Display for Quarter {
    /// `2027Q1`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Q{}", self.0.year(), (self.0.month() - 1) / 3 + 1)
    }
}

/// Not a quarter as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAQuarter;

impl FromStr for Quarter {
    type Err = NotAQuarter;

    fn from_str(text: &str) -> Result<Self, NotAQuarter> {
        let (year, number) = text.split_once('Q').ok_or(NotAQuarter)?;
        let number: i32 = number.parse().map_err(|_| NotAQuarter)?;
        if !(1..=4).contains(&number) {
            return Err(NotAQuarter);
        }
        let month = format!("{year}-{:02}", number * 3 - 2);
        month.parse().map(Self).map_err(|_| NotAQuarter)
    }
}

/// Somebody who holds a post and retires.
#[derive(Clone, Copy, Debug)]
pub struct Retiring<'a> {
    pub house: &'a InstitutionFigures,
    /// `None` = a directed post.
    pub level: Option<Level>,
    pub holder: &'a Holder,
    pub month: Month,
}

/// Those who fill posts and retire within five years from the day's quarter on, by month;
/// those who should have retired before it come first. Whoever is off quota frees no place
/// and is left out.
pub fn retiring(figures: &PartFigures) -> Vec<Retiring<'_>> {
    let until = Quarter::of(figures.on.month()).plus(QUARTERS).0;
    let mut all = Vec::new();
    for house in &figures.institutions {
        for line in house.known.iter().flat_map(|known| &known.figures) {
            let counted = line.opens.iter();
            let counted = counted.filter(|one| one.ledger != Some(Ledger::OffQuota));
            all.extend(counted.filter_map(|holder| {
                let month = holder.retirement?;
                (month < until).then_some(Retiring {
                    house,
                    level: line.level,
                    holder,
                    month,
                })
            }));
        }
    }
    all.sort_by(|a, b| (a.month, &a.house.code).cmp(&(b.month, &b.house.code)));
    all
}

/// Quarters that are looked ahead: five years.
pub const QUARTERS: i32 = 20;

/// Since when posts have been free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Less than three months.
    New,
    /// Three months to a year.
    Months,
    /// A year or longer.
    Year,
    /// The records do not reach far enough.
    Open,
}

impl Age {
    pub const ALL: [Self; 4] = [Self::New, Self::Months, Self::Year, Self::Open];

    pub const fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Months => "months",
            Self::Year => "year",
            Self::Open => "open",
        }
    }
}

/// Months before the day on which vacancies are looked at again.
pub const LOOKED_BACK: [i32; 2] = [3, 12];

/// The free posts of a level of an institution.
#[derive(Clone, Copy, Debug)]
pub struct Vacancy<'a> {
    pub house: &'a InstitutionFigures,
    pub level: Option<Level>,
    pub free: i64,
    /// Of those free: how many of each age, in the order of [`Age::ALL`].
    pub ages: [i64; 4],
}

impl Vacancy<'_> {
    pub fn aged(&self, age: Age) -> i64 {
        let at = Age::ALL.iter().position(|one| *one == age);
        at.and_then(|at| self.ages.get(at)).copied().unwrap_or(0)
    }
}

type Lines<'a> = BTreeMap<(&'a str, Option<Level>), Option<i64>>;

fn free(figures: &PartFigures) -> Lines<'_> {
    let lines = figures.institutions.iter().flat_map(|house| {
        let lines = house.known.iter().flat_map(|known| &known.figures);
        lines.map(|line| ((house.code.as_str(), line.level), line.vacant))
    });
    lines.collect()
}

/// The free posts of a day and how long they have been free, as far as the figures of three
/// and of twelve months before tell. Posts of a level are alike: of those free on both days
/// as many as the smaller number count as free all the time.
pub fn vacancies<'a>(
    today: &'a PartFigures,
    three_months_ago: &PartFigures,
    a_year_ago: &PartFigures,
) -> Vec<Vacancy<'a>> {
    let (then, before) = (free(three_months_ago), free(a_year_ago));
    let mut all = Vec::new();
    for house in &today.institutions {
        for line in house.known.iter().flat_map(|known| &known.figures) {
            let Some(free) = line.vacant.filter(|free| *free > 0) else {
                continue;
            };
            let key = (house.code.as_str(), line.level);
            let then = then.get(&key).copied().flatten();
            let before = before.get(&key).copied().flatten();
            all.push(Vacancy {
                house,
                level: line.level,
                free,
                ages: ages(free, then, before),
            });
        }
    }
    all
}

fn ages(free: i64, then: Option<i64>, before: Option<i64>) -> [i64; 4] {
    let Some(then) = then else {
        return [0, 0, 0, free];
    };
    let kept = free.min(then);
    match before {
        Some(before) => {
            let long = kept.min(before);
            [free - kept, kept - long, long, 0]
        }
        None => [free - kept, 0, 0, kept],
    }
}

/// A figure of an institution that is another one than before.
#[derive(Clone, Debug)]
pub struct Moved<'a> {
    pub house: &'a InstitutionFigures,
    pub what: Moving,
    /// `None` = not known.
    pub before: Option<i64>,
    pub after: Option<i64>,
    /// Who stands behind the figure now and did not, and the other way round.
    pub came: Vec<(PersonId, &'a str)>,
    pub went: Vec<(PersonId, &'a str)>,
}

/// Which figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moving {
    Establishment,
    Staff,
    /// Posts that may be filled; `None` = directed posts.
    Limit(Option<Level>),
    /// Who fills them.
    Counted(Option<Level>),
}

/// What is different on the later of two days: institutions of both, figure by figure.
pub fn moved<'a>(before: &'a PartFigures, after: &'a PartFigures) -> Vec<Moved<'a>> {
    let known = before.institutions.iter();
    let known = known.filter_map(|one| Some((one.code.as_str(), one.known.as_ref()?)));
    let known: BTreeMap<&str, &Known> = known.collect();
    let mut all = Vec::new();
    for house in &after.institutions {
        let (Some(now), Some(then)) = (&house.known, known.get(house.code.as_str())) else {
            continue;
        };
        let mut tell = |what, before, after, people: Option<(&'a Figure, &'a Figure)>| {
            let (came, went) = people.map_or((Vec::new(), Vec::new()), |(then, now)| {
                (others(now, then), others(then, now))
            });
            if before != after || !came.is_empty() || !went.is_empty() {
                all.push(Moved {
                    house,
                    what,
                    before,
                    after,
                    came,
                    went,
                });
            }
        };
        let (was, is) = (&then.establishment, &now.establishment);
        tell(Moving::Establishment, was.total, is.total, None);
        tell(Moving::Staff, Some(was.staff), Some(is.staff), None);
        for line in &now.figures {
            let Some(old) = then.figures.iter().find(|one| one.level == line.level) else {
                continue;
            };
            tell(Moving::Limit(line.level), old.limit, line.limit, None);
            let numbers = (Some(old.counted), Some(line.counted));
            tell(
                Moving::Counted(line.level),
                numbers.0,
                numbers.1,
                Some((old, line)),
            );
        }
    }
    all
}

/// Those of one line who are not in the other.
fn others<'a>(these: &'a Figure, those: &Figure) -> Vec<(PersonId, &'a str)> {
    let known: std::collections::BTreeSet<PersonId> =
        those.opens.iter().map(|one| one.person).collect();
    let new = these.opens.iter();
    let new = new.filter(|one| !known.contains(&one.person));
    new.map(|one| (one.person, one.name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_written_and_read() {
        let quarter = Quarter::of("2026-11".parse().unwrap());
        assert_eq!(quarter.to_string(), "2026Q4");
        assert_eq!("2026Q4".parse(), Ok(quarter));
        assert_eq!(quarter.plus(1).to_string(), "2027Q1");
        for bad in ["2026", "2026Q0", "2026Q5", "Q1", "2026-11", ""] {
            assert!(bad.parse::<Quarter>().is_err(), "{bad}");
        }
    }

    #[test]
    fn free_posts_have_an_age_as_far_as_it_is_known() {
        // free now, three months ago, a year ago
        assert_eq!(ages(3, Some(1), Some(0)), [2, 1, 0, 0]);
        assert_eq!(ages(3, Some(5), Some(2)), [0, 1, 2, 0]);
        assert_eq!(ages(3, Some(2), None), [1, 0, 0, 2]);
        assert_eq!(ages(3, None, Some(3)), [0, 0, 0, 3]);
        // filled in between: not free all the time
        assert_eq!(ages(2, Some(0), Some(2)), [2, 0, 0, 0]);
    }
}
