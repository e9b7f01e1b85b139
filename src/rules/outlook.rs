//! Since when, from when and until when a condition holds if nothing else changes:
//! open spells go on, closed ones end, the clock runs. Everything else is as it is.

use super::data::{Data, Value};
use super::people::{AGE, TO_RETIREMENT, own_or_institution};
use super::tri::{self, Tri};
use crate::domain::month::Month;
use crate::domain::service::{Stretch, merge, reached};
use crate::policy::condition::{Atom, Test};
use crate::policy::fact::{Entity, FactId};
use crate::policy::plan::{Formula, Plan};

/// First and last month in which something holds; `None` = without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// `None` = always so far.
    pub from: Option<Month>,
    pub until: Option<Month>,
}

impl Window {
    /// Whether a month lies in it.
    pub fn contains(&self, month: Month) -> bool {
        self.from.is_none_or(|from| from <= month) && self.until.is_none_or(|until| month <= until)
    }
}

/// Months in which something holds: disjoint, in order, both ends included.
type Months = Vec<(i32, i32)>;

const EVER: (i32, i32) = (i32::MIN, i32::MAX);

/// The facts of a person that move with time.
pub struct PersonTime<'a> {
    pub plan: &'a Plan,
    pub data: &'a Data,
    pub row: usize,
    pub retirement: Option<Month>,
}

impl PersonTime<'_> {
    /// The first window of time in which a formula holds; `None` when it never does, or
    /// when a fact is missing without which it is not certain.
    pub fn window(&self, formula: &Formula) -> Option<Window> {
        self.windows(formula).into_iter().next()
    }

    /// Every window of time in which a formula certainly holds, in order.
    pub fn windows(&self, formula: &Formula) -> Vec<Window> {
        let atoms = self
            .plan
            .tests
            .get(&Entity::Person)
            .map_or(&[] as &[Atom], |t| &t.atoms);
        let mut months: Months = vec![EVER];
        for line in &formula.0 {
            let alternatives = line.iter().filter_map(|n| atoms.get(usize::from(*n)));
            // an alternative that cannot be answered makes nothing certain
            let any = alternatives.filter_map(|atom| self.months(atom)).flatten();
            months = intersect(&months, &united(any.collect()));
        }
        let month = |at: i32| (at != i32::MIN && at != i32::MAX).then(|| Month::from_index(at));
        months
            .into_iter()
            .map(|(from, until)| Window {
                from: month(from),
                until: month(until),
            })
            .collect()
    }

    /// The spells that a clock counts, merged. `None` = history unknown.
    pub fn stretches(&self, clock: FactId) -> Option<Vec<Stretch>> {
        let spells = &self.data.people.spells;
        let (first, last) = (
            *spells.first.get(self.row)? as usize,
            *spells.first.get(self.row + 1)? as usize,
        );
        if first == last {
            return None;
        }
        let counting = (first..last).filter(|spell| self.counts(clock, *spell));
        let stretch = |spell: usize| {
            let end = *spells.end.get(spell)?;
            Some(Stretch {
                start: Month::from_index(*spells.start.get(spell)?),
                end: (end != i32::MAX).then(|| Month::from_index(end)),
            })
        };
        Some(merge(counting.filter_map(stretch)))
    }

    /// Whether a clock counts a spell.
    pub fn counts(&self, clock: FactId, spell: usize) -> bool {
        let service = self
            .plan
            .facts
            .get(clock)
            .and_then(|fact| fact.service.as_ref());
        service.is_some_and(|conditions| {
            conditions.0.iter().flat_map(|line| &line.any).all(|atom| {
                let get = |fact| self.data.people.spells.table.value(fact, spell);
                tri::ask(atom, &get) == Tri::Yes
            })
        })
    }

    /// `None`: a fact is missing.
    fn months(&self, atom: &Atom) -> Option<Months> {
        let fact = self.plan.facts.get(atom.fact)?;
        if let (Test::Between { low, high }, Entity::Person) = (&atom.test, fact.entity) {
            if fact.service.is_some() {
                return Some(self.service_months(&self.stretches(atom.fact)?, *low, *high));
            }
            match fact.name.as_str() {
                TO_RETIREMENT => {
                    // retirement − m lies between low and high
                    let retirement = i64::from(self.retirement?.index());
                    return Some(range(below(retirement, *high), below(retirement, *low)));
                }
                AGE => {
                    let birth = i64::from(*self.data.people.birth.get(self.row)?);
                    return Some(range(
                        birth.saturating_add(*low),
                        birth.saturating_add(*high),
                    ));
                }
                _ => {}
            }
        }
        let get = |fact| own_or_institution(self.plan, self.data, self.row, fact);
        match self.ask_now(atom, &get) {
            Tri::Yes => Some(vec![EVER]),
            Tri::No => Some(Vec::new()),
            Tri::Unknown => None,
        }
    }

    fn ask_now(&self, atom: &Atom, get: &dyn Fn(FactId) -> Value) -> Tri {
        let occupies = self.plan.facts.name(atom.fact) == super::people::OCCUPIES;
        if occupies {
            let level = self.data.people.level.get(self.row).copied();
            let value = Value::Code(u8::from(level.is_some_and(|l| l != super::data::NO_LEVEL)));
            return tri::ask(atom, &|_| value.clone());
        }
        tri::ask(atom, get)
    }

    /// Service only grows, so a lower bound opens a window and an upper one closes it.
    fn service_months(&self, stretches: &[Stretch], low: i64, high: i64) -> Months {
        let reach = |months: i64| {
            if months <= 0 {
                return Some(i32::MIN);
            }
            let months = i32::try_from(months).unwrap_or(i32::MAX);
            reached(stretches, months).map(Month::index)
        };
        let Some(from) = reach(low) else {
            return Vec::new();
        };
        let until = match high {
            i64::MAX => i32::MAX,
            ..0 => return Vec::new(),
            high => reach(high + 1).map_or(i32::MAX, |month| month.saturating_sub(1)),
        };
        if from <= until {
            vec![(from, until)]
        } else {
            Vec::new()
        }
    }
}

/// `from − bound`, without end where the bound is.
fn below(from: i64, bound: i64) -> i64 {
    match bound {
        i64::MAX => i64::MIN,
        i64::MIN => i64::MAX,
        bound => from - bound,
    }
}

fn range(low: i64, high: i64) -> Months {
    let clamp = |n: i64| i32::try_from(n).unwrap_or(if n < 0 { i32::MIN } else { i32::MAX });
    let (low, high) = (clamp(low), clamp(high));
    if low <= high {
        vec![(low, high)]
    } else {
        Vec::new()
    }
}

fn united(mut months: Months) -> Months {
    months.sort_unstable();
    let mut united: Months = Vec::with_capacity(months.len());
    for (from, to) in months {
        match united.last_mut() {
            Some((_, end)) if from <= end.saturating_add(1) => *end = (*end).max(to),
            _ => united.push((from, to)),
        }
    }
    united
}

fn intersect(a: &Months, b: &Months) -> Months {
    let pairs = a
        .iter()
        .flat_map(|x| b.iter().map(move |y| (x.0.max(y.0), x.1.min(y.1))));
    pairs.filter(|(from, to)| from <= to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_of_time_combine() {
        assert_eq!(
            united(vec![(5, 9), (1, 4), (20, 30)]),
            vec![(1, 9), (20, 30)]
        );
        assert_eq!(
            intersect(&vec![(1, 10)], &vec![(0, 3), (8, 20)]),
            vec![(1, 3), (8, 10)]
        );
        assert_eq!(range(10, 5), Vec::new());
        assert_eq!(range(i64::MIN, 5), vec![(i32::MIN, 5)]);
    }
}
