//! Vacancies month by month, if nothing changes but time: people retire at their
//! statutory month (which they still serve), others enter the off-quota window and leave
//! it by retiring. Posts, ratios and titles stay as they are.

use super::data::{Data, NO_LEVEL};
use super::explain;
use super::ledger::Posts;
use super::outlook::Window;
use super::people::PeopleResult;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level};
use crate::policy::plan::Plan;

/// Holders of one level at an institution in a future month, and the posts left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Ordinary and beyond the ratio.
    pub counted: i64,
    pub off_quota: i64,
    /// Retired since the month of the evaluation.
    pub retired: i64,
    pub vacant: Option<i64>,
}

/// One institution: for each month after `as_of`, the three levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    pub months: Vec<(Month, [Outlook; 3])>,
}

/// The forecast of every institution for so many months.
pub fn forecast(
    plan: &Plan,
    data: &Data,
    people: &PeopleResult,
    posts: &[Posts],
    months: u32,
) -> Vec<Forecast> {
    let span = usize::try_from(months).unwrap_or(0);
    let mut forecasts: Vec<Forecast> = posts
        .iter()
        .map(|_| Forecast {
            months: (1..=span)
                .map(|ahead| {
                    (
                        plan.as_of.plus(i32::try_from(ahead).unwrap_or(0)),
                        [Outlook::default(); 3],
                    )
                })
                .collect(),
        })
        .collect();
    for row in 0..data.people.len() {
        let level = data.people.level.get(row).copied().unwrap_or(NO_LEVEL);
        let institution = data
            .people
            .institution
            .get(row)
            .map_or(usize::MAX, |i| *i as usize);
        let (Some(forecast), Some(ledger)) = (forecasts.get_mut(institution), people.ledger(row))
        else {
            continue;
        };
        if level == NO_LEVEL || matches!(ledger, Ledger::Directed | Ledger::Special) {
            continue;
        }
        let retirement = people.retirement(row);
        let exempt = exemptions(plan, data, row);
        for (month, levels) in &mut forecast.months {
            let Some(outlook) = levels.get_mut(usize::from(level)) else {
                continue;
            };
            if retirement.is_some_and(|retirement| *month > retirement) {
                outlook.retired += 1;
            } else if exempt.iter().any(|window| window.contains(*month)) {
                outlook.off_quota += 1;
            } else {
                outlook.counted += 1;
            }
        }
    }
    for (forecast, posts) in forecasts.iter_mut().zip(posts) {
        for (_, levels) in &mut forecast.months {
            for (level, outlook) in Level::ALL.iter().zip(levels) {
                let own = posts.level(*level);
                outlook.vacant = own
                    .limit
                    .map(|limit| (limit - outlook.counted - own.reserved).max(0));
            }
        }
    }
    forecasts
}

/// The windows in which some exemption takes the person out of the count.
fn exemptions(plan: &Plan, data: &Data, row: usize) -> Vec<Window> {
    let standings = plan.standings.iter().enumerate();
    standings
        .filter(|(_, standing)| standing.exempts)
        .flat_map(|(at, _)| explain::windows(plan, data, row, at))
        .collect()
}
