//! The quota ledger of an institution (CONTRACT section 3): per level what may be
//! held, what is held and in which ledger, what is free and what is over.

use crate::domain::post::{Ledger, Level};
use crate::domain::promotion::Pool;

/// The ledger of one level. Numbers are posts or people; `None` = not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelPosts {
    /// What the ratio allows; the smallest where several rules give one.
    pub ceiling: Option<i64>,
    /// What was approved.
    pub approved: Option<i64>,
    /// The smaller of the two, whichever are known.
    pub limit: Option<i64>,
    pub ordinary: i64,
    pub beyond_ratio: i64,
    pub off_quota: i64,
    pub special: i64,
    pub reserved: i64,
}

impl LevelPosts {
    /// Who fills a post of the limit: ordinary and beyond the ratio.
    pub const fn counted(&self) -> i64 {
        self.ordinary + self.beyond_ratio
    }

    /// Posts still free.
    pub fn vacant(&self) -> Option<i64> {
        self.limit
            .map(|limit| (limit - self.counted() - self.reserved).max(0))
    }

    /// Ordinary holders above the limit. Holders beyond the ratio never make a violation.
    pub fn over(&self) -> Option<i64> {
        self.limit.map(|limit| (self.ordinary - limit).max(0))
    }
}

/// The pool of directed posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectedPosts {
    pub ceiling: Option<i64>,
    pub approved: Option<i64>,
    pub limit: Option<i64>,
    pub counted: i64,
    pub reserved: i64,
}

impl DirectedPosts {
    /// Posts still free.
    pub fn vacant(&self) -> Option<i64> {
        self.limit
            .map(|limit| (limit - self.counted - self.reserved).max(0))
    }

    /// Holders above the limit.
    pub fn over(&self) -> Option<i64> {
        self.limit.map(|limit| (self.counted - limit).max(0))
    }
}

/// What every pool of places says alike. Numbers are posts or people; `None` = not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolPosts {
    pub limit: Option<i64>,
    pub counted: i64,
    pub reserved: i64,
    pub vacant: Option<i64>,
    pub over: Option<i64>,
    /// Holders beside the limit; `None` = this pool has none.
    pub off_quota: Option<i64>,
}

/// The whole ledger of an institution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posts {
    /// Professional posts in all.
    pub professional: Option<i64>,
    pub senior: LevelPosts,
    pub intermediate: LevelPosts,
    pub junior: LevelPosts,
    pub directed: DirectedPosts,
}

/// What rules and approvals allow, before anybody is counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowed {
    pub professional: Option<i64>,
    /// Ceilings of senior and intermediate posts.
    pub ceilings: [Option<i64>; 2],
    pub directed_ceiling: Option<i64>,
    /// Approved posts by level.
    pub approved: [Option<i64>; 3],
    pub directed_approved: Option<i64>,
}

/// The smaller of two numbers, whichever are known.
pub fn smaller(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (known, None) | (None, known) => known,
    }
}

impl Posts {
    /// Builds the ledger; `held` gives the holders of a level in a ledger.
    pub fn new(allowed: &Allowed, held: impl Fn(Level, Ledger) -> i64) -> Self {
        let level = |level: Level, ceiling: Option<i64>, approved: Option<i64>| LevelPosts {
            ceiling,
            approved,
            limit: smaller(ceiling, approved),
            ordinary: held(level, Ledger::Ordinary),
            beyond_ratio: held(level, Ledger::BeyondRatio),
            off_quota: held(level, Ledger::OffQuota),
            special: held(level, Ledger::Special),
            reserved: 0,
        };
        let [senior_ceiling, intermediate_ceiling] = allowed.ceilings;
        let [senior_approved, intermediate_approved, junior_approved] = allowed.approved;
        let senior = level(Level::Senior, senior_ceiling, senior_approved);
        let intermediate = level(
            Level::Intermediate,
            intermediate_ceiling,
            intermediate_approved,
        );
        let mut junior = level(Level::Junior, None, junior_approved);
        // junior posts have no ceiling of their own: they are what the others leave
        if junior.limit.is_none() {
            junior.limit = match (allowed.professional, senior.limit, intermediate.limit) {
                (Some(all), Some(senior), Some(intermediate)) => {
                    Some((all - senior - intermediate).max(0))
                }
                _ => None,
            };
        }
        let directed = DirectedPosts {
            ceiling: allowed.directed_ceiling,
            approved: allowed.directed_approved,
            limit: smaller(allowed.directed_ceiling, allowed.directed_approved),
            counted: Level::ALL
                .iter()
                .map(|level| held(*level, Ledger::Directed))
                .sum(),
            reserved: 0,
        };
        Self {
            professional: allowed.professional,
            senior,
            intermediate,
            junior,
            directed,
        }
    }

    /// Says how many places of a pool are reserved.
    pub const fn reserve(&mut self, pool: Pool, places: i64) {
        match pool {
            Pool::Senior => self.senior.reserved = places,
            Pool::Intermediate => self.intermediate.reserved = places,
            Pool::Junior => self.junior.reserved = places,
            Pool::Directed => self.directed.reserved = places,
        }
    }

    /// The figures of a pool.
    pub fn pool(&self, pool: Pool) -> PoolPosts {
        match pool.level() {
            Some(level) => {
                let own = self.level(level);
                PoolPosts {
                    limit: own.limit,
                    counted: own.counted(),
                    reserved: own.reserved,
                    vacant: own.vacant(),
                    over: own.over(),
                    off_quota: Some(own.off_quota),
                }
            }
            None => PoolPosts {
                limit: self.directed.limit,
                counted: self.directed.counted,
                reserved: self.directed.reserved,
                vacant: self.directed.vacant(),
                over: self.directed.over(),
                off_quota: None,
            },
        }
    }

    /// The ledger of a level.
    pub const fn level(&self, level: Level) -> &LevelPosts {
        match level {
            Level::Senior => &self.senior,
            Level::Intermediate => &self.intermediate,
            Level::Junior => &self.junior,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// notes.md T11: 45 professional posts, 20 % and 42 % and 10 %.
    fn allowed() -> Allowed {
        Allowed {
            professional: Some(45),
            ceilings: [Some(9), Some(18)],
            directed_ceiling: Some(4),
            approved: [Some(8), None, None],
            directed_approved: None,
        }
    }

    #[test]
    fn limits_and_what_is_left() {
        let posts = Posts::new(&allowed(), |level, ledger| match (level, ledger) {
            (Level::Senior, Ledger::Ordinary) => 7,
            (Level::Senior, Ledger::BeyondRatio) => 1,
            (Level::Senior, Ledger::OffQuota) => 2,
            (Level::Intermediate, Ledger::Ordinary) => 20,
            (Level::Senior, Ledger::Directed) => 1,
            _ => 0,
        });
        assert_eq!(
            (
                posts.senior.limit,
                posts.senior.vacant(),
                posts.senior.over()
            ),
            (Some(8), Some(0), Some(0))
        );
        assert_eq!(
            (posts.intermediate.vacant(), posts.intermediate.over()),
            (Some(0), Some(2))
        );
        assert_eq!(posts.junior.limit, Some(45 - 8 - 18));
        assert_eq!(
            (posts.directed.limit, posts.directed.vacant()),
            (Some(4), Some(3))
        );
    }

    #[test]
    fn unknown_limits_leave_vacancies_unknown() {
        let posts = Posts::new(&Allowed::default(), |_, _| 1);
        assert_eq!(
            (
                posts.senior.limit,
                posts.senior.vacant(),
                posts.senior.over()
            ),
            (None, None, None)
        );
        assert_eq!(posts.junior.limit, None);
        assert_eq!(posts.directed.vacant(), None);
    }

    #[test]
    fn beyond_the_ratio_fills_vacancies_but_never_breaks_the_limit() {
        let posts = Posts::new(&allowed(), |level, ledger| match (level, ledger) {
            (Level::Senior, Ledger::Ordinary) => 6,
            (Level::Senior, Ledger::BeyondRatio) => 5,
            _ => 0,
        });
        assert_eq!(
            (
                posts.senior.counted(),
                posts.senior.vacant(),
                posts.senior.over()
            ),
            (11, Some(0), Some(0))
        );
    }
}
