//! How one statement about one day changes what is recorded. Pure: no database here.
//!
//! A timeline is what holds of one subject in one slot, day by day: stretches that do
//! not overlap, and days of which nothing is said. A statement "from this day on it is
//! so" holds until the next day of which something else was said.

use crate::domain::record::Validity;
use crate::domain::time::Date;

/// What a statement did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was so already.
    Unchanged,
    /// Nothing was recorded for the day.
    Added,
    /// Something else was recorded for the day.
    Changed,
    /// It holds no longer.
    Ended,
}

/// What to do to a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit<F> {
    pub outcome: Outcome,
    /// Position of the stretch that is replaced.
    pub supersede: Option<usize>,
    pub insert: Vec<(Validity, F)>,
}

/// States that from the day `on` it is `fact` (`None` = no longer anything), at most
/// until the day `bound`. Where a stretch that covers `on` ends, or the next begins,
/// something was said about that day, so the statement ends there.
pub(super) fn assign<F: Clone + PartialEq>(
    stretches: &[(Validity, &F)],
    fact: Option<F>,
    on: Date,
    bound: Option<Date>,
) -> Edit<F> {
    let covering = stretches
        .iter()
        .position(|(validity, _)| validity.covers(on));
    let Some((at, (validity, current))) = covering.and_then(|at| Some((at, stretches.get(at)?)))
    else {
        let starts = stretches.iter().map(|(validity, _)| validity.from);
        let next = starts.filter(|from| *from > on).min();
        let until = earlier(bound, next);
        let insert: Vec<_> = fact
            .map(|fact| (Validity { from: on, until }, fact))
            .into_iter()
            .collect();
        let outcome = if insert.is_empty() {
            Outcome::Unchanged
        } else {
            Outcome::Added
        };
        return Edit {
            outcome,
            supersede: None,
            insert,
        };
    };
    if fact.as_ref() == Some(*current) {
        return Edit {
            outcome: Outcome::Unchanged,
            supersede: None,
            insert: Vec::new(),
        };
    }
    let outcome = if fact.is_some() {
        Outcome::Changed
    } else {
        Outcome::Ended
    };
    let until = earlier(bound, validity.until);
    let before = Validity {
        from: validity.from,
        until: Some(on),
    };
    let after = until.map(|from| Validity {
        from,
        until: validity.until,
    });
    let kept = |piece: Validity| (!is_empty(piece)).then(|| (piece, F::clone(current)));
    let stated = fact.map(|fact| (Validity { from: on, until }, fact));
    Edit {
        outcome,
        supersede: Some(at),
        insert: [kept(before), stated, after.and_then(kept)]
            .into_iter()
            .flatten()
            .collect(),
    }
}

fn is_empty(validity: Validity) -> bool {
    validity.until.is_some_and(|until| until <= validity.from)
}

/// The earlier of two ends; `None` never ends.
pub(super) fn earlier(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(day: i64) -> Date {
        Date::from_days(day).unwrap()
    }

    /// A plain model: what holds on each of the first days.
    const DAYS: i64 = 12;

    fn model(stretches: &[(Validity, u8)]) -> Vec<Option<u8>> {
        (0..DAYS)
            .map(|at| {
                let mut covering = stretches.iter().filter(|(v, _)| v.covers(day(at)));
                let first = covering.next().map(|(_, fact)| *fact);
                assert!(covering.next().is_none(), "stretches overlap");
                first
            })
            .collect()
    }

    /// Where something was said: the starts and ends of stretches.
    fn said(stretches: &[(Validity, u8)]) -> Vec<i64> {
        let starts = stretches.iter().map(|(v, _)| v.from.days());
        let ends = stretches
            .iter()
            .filter_map(|(v, _)| v.until.map(Date::days));
        starts.chain(ends).collect()
    }

    proptest! {
        #[test]
        fn as_a_plain_model_says(
            steps in proptest::collection::vec(
                (0..DAYS, proptest::option::of(0_u8..3), proptest::option::of(1..5_i64)), 1..12
            )
        ) {
            let mut stretches: Vec<(Validity, u8)> = Vec::new();
            for (on, fact, length) in steps {
                let bound = length.map(|length| on + length);
                let mut expected = model(&stretches);
                let was = expected[usize::try_from(on).unwrap()];
                let mut end = bound.unwrap_or(DAYS);
                if was != fact {
                    end = said(&stretches).into_iter().filter(|d| *d > on).fold(end, i64::min);
                    for at in on..end.min(DAYS) {
                        expected[usize::try_from(at).unwrap()] = fact;
                    }
                }
                let borrowed: Vec<_> = stretches.iter().map(|(v, f)| (*v, f)).collect();
                let edit = assign(&borrowed, fact, day(on), bound.map(day));
                let outcome = match (was, fact) {
                    (a, b) if a == b => Outcome::Unchanged,
                    (None, _) => Outcome::Added,
                    (_, None) => Outcome::Ended,
                    _ => Outcome::Changed,
                };
                prop_assert_eq!(edit.outcome, outcome);
                if let Some(at) = edit.supersede {
                    stretches.remove(at);
                }
                stretches.extend(edit.insert);
                prop_assert!(stretches.iter().all(|(v, _)| !is_empty(*v)));
                prop_assert_eq!(model(&stretches), expected);
            }
        }
    }
}
