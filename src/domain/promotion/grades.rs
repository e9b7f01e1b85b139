//! Places inside a level: where the approved plan divides a level by bands of grades, a
//! grade is taken only while its band has room.
//!
//! A reading: what is free in a higher band of the same rank may be used by a lower grade,
//! never the other way round. So the bands are counted from the top of the rank downwards.

use super::Pool;
use crate::domain::post::{Grade, Manner, PlannedPosts, PostCategory};
use crate::domain::refusal::Refusal;
use crate::domain::title::Rank;

/// Somebody in a pool, or for whom a place in it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Graded {
    pub pool: Pool,
    pub rank: Rank,
    /// `None` = not recorded.
    pub grade: Option<Grade>,
}

/// A band with both ends, from the higher grade (the smaller number) to the lower.
#[derive(Clone, Copy)]
struct Band {
    highest: u32,
    lowest: u32,
    posts: u32,
}

/// Whether a plan says anything about single grades.
pub fn divides(plan: &[PlannedPosts]) -> bool {
    plan.iter()
        .any(|own| own.highest.is_some() && own.category == PostCategory::Professional)
}

/// What stands against a grade in a pool. `from`: the grade held in the same pool so far;
/// `others`: everybody else in the pools of the institution, at the grades that they hold
/// or that are kept for them.
pub fn against(
    plan: &[PlannedPosts],
    pool: Pool,
    from: Option<Grade>,
    to: Grade,
    others: &[Graded],
) -> Option<Refusal> {
    let bands = bands(plan, pool);
    let wanted = u32::from(to.number());
    let own = bands.iter().find(|band| band.holds(wanted))?;
    let top = first_of_rank(wanted).min(own.highest);
    let from = from.map(|grade| u32::from(grade.number()));
    // whoever is inside already fills the bands below as before
    let until = from.filter(|from| first_of_rank(*from) == first_of_rank(wanted));
    let asked = bands.iter().filter(|band| {
        let below =
            band.lowest >= own.lowest && first_of_rank(band.lowest) == first_of_rank(wanted);
        (below || band.lowest == own.lowest) && until.is_none_or(|until| band.lowest < until)
    });
    let mut open = None;
    for band in asked {
        let above = bands
            .iter()
            .filter(|one| one.highest >= top && one.lowest <= band.lowest);
        let posts: u32 = above.map(|one| one.posts).fold(0, u32::saturating_add);
        let count = |wanted: &dyn Fn(&Graded) -> bool| {
            let own = others.iter().filter(|one| one.pool == pool);
            u32::try_from(own.filter(|one| wanted(one)).count()).unwrap_or(u32::MAX)
        };
        let held = count(&|one| {
            let grade = one.grade.map(|grade| u32::from(grade.number()));
            grade.is_some_and(|grade| (top..=band.lowest).contains(&grade))
        });
        if held >= posts {
            return Some(Refusal::NoGradePlace {
                highest: top,
                lowest: band.lowest,
                posts,
            });
        }
        let unknown = count(&|one| one.grade.is_none() && to.ranks().contains(&one.rank));
        if held.saturating_add(unknown) >= posts {
            open = Some(Refusal::GradesUnknown { people: unknown });
        }
    }
    open
}

fn bands(plan: &[PlannedPosts], pool: Pool) -> Vec<Band> {
    let manner = match pool {
        Pool::Directed => Manner::Directed,
        _ => Manner::Ordinary,
    };
    let own = plan.iter().filter(|one| {
        let of_pool = pool.level().is_none() || one.level == pool.level();
        one.category == PostCategory::Professional && one.manner == manner && of_pool
    });
    own.filter_map(|one| {
        let highest = one.highest?;
        Some(Band {
            highest,
            lowest: one.lowest.unwrap_or(highest),
            posts: one.posts,
        })
    })
    .collect()
}

impl Band {
    const fn holds(&self, grade: u32) -> bool {
        self.highest <= grade && grade <= self.lowest
    }
}

/// The highest grade of the rank that a grade belongs to.
const fn first_of_rank(grade: u32) -> u32 {
    match grade {
        ..=4 => 1,
        5..=7 => 5,
        8..=10 => 8,
        _ => 11,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::post::Level;

    fn band(level: Level, highest: u32, lowest: u32, posts: u32) -> PlannedPosts {
        PlannedPosts {
            category: PostCategory::Professional,
            manner: Manner::Ordinary,
            level: Some(level),
            highest: Some(highest),
            lowest: Some(lowest),
            posts,
        }
    }

    fn holders(grades: &[u8]) -> Vec<Graded> {
        let one = |grade: &u8| Graded {
            pool: Pool::Intermediate,
            rank: Rank::Intermediate,
            // 0 = not recorded
            grade: Grade::new(*grade),
        };
        grades.iter().map(one).collect()
    }

    /// 8: 1, 9: 2, 10: 2.
    fn plan() -> Vec<PlannedPosts> {
        [(8, 1), (9, 2), (10, 2)]
            .map(|(grade, posts)| band(Level::Intermediate, grade, grade, posts))
            .to_vec()
    }

    fn asked(from: Option<u8>, to: u8, others: &[u8]) -> Option<Refusal> {
        let (from, to) = (from.and_then(Grade::new), Grade::new(to).unwrap());
        against(&plan(), Pool::Intermediate, from, to, &holders(others))
    }

    fn full(highest: u32, lowest: u32, posts: u32) -> Option<Refusal> {
        Some(Refusal::NoGradePlace {
            highest,
            lowest,
            posts,
        })
    }

    #[test]
    fn a_grade_is_taken_while_its_band_has_room() {
        assert_eq!(asked(Some(9), 8, &[9, 10]), None);
        assert_eq!(asked(Some(9), 8, &[8, 10]), full(8, 8, 1));
        // what is free above may be used from below, and not the other way round
        assert_eq!(asked(Some(10), 9, &[9, 9, 10]), None);
        assert_eq!(asked(Some(10), 9, &[8, 9, 9]), full(8, 9, 3));
        assert_eq!(asked(Some(10), 9, &[9, 9, 9]), full(8, 9, 3));
        // the bands below matter to whoever comes from outside
        assert_eq!(asked(None, 8, &[9, 9, 10, 10]), None);
        assert_eq!(asked(None, 8, &[9, 9, 9, 10]), full(8, 9, 3));
        assert_eq!(asked(None, 10, &[9, 9, 10, 10, 10]), full(8, 10, 5));
        // downwards always, also where too many are there
        assert_eq!(asked(Some(8), 9, &[8, 9, 9, 9]), None);
    }

    #[test]
    fn a_grade_that_is_not_recorded_may_be_any() {
        assert_eq!(asked(Some(10), 9, &[9, 0]), None);
        let unknown = Refusal::GradesUnknown { people: 1 };
        assert_eq!(asked(Some(9), 8, &[0]), Some(unknown));
        assert_eq!(asked(Some(9), 8, &[8, 0]), full(8, 8, 1));
    }

    #[test]
    fn merged_bands_and_plans_that_do_not_divide() {
        let mut plan = vec![band(Level::Junior, 11, 13, 2)];
        let junior = |grade| Graded {
            pool: Pool::Junior,
            rank: Rank::Junior,
            grade: Grade::new(grade),
        };
        let to = Grade::new(12).unwrap();
        let asked = |plan: &[PlannedPosts], from, others: &[Graded]| {
            against(plan, Pool::Junior, Grade::new(from), to, others)
        };
        let others = [junior(11), junior(13)];
        assert_eq!(asked(&plan, 0, &others), full(11, 13, 2));
        assert_eq!(asked(&plan, 13, &others), None);
        assert!(divides(&plan));
        plan[0].highest = None;
        plan[0].lowest = None;
        assert_eq!(asked(&plan, 0, &others), None);
        assert!(!divides(&plan));
    }
}
