//! Figures that were made, kept for as long as what they were made from stays the same.
//!
//! Nothing is ever told to go: whoever takes something from the shelf has read, in the
//! snapshot in which it is used, which change altered its institution and each of its
//! people last. Where that is not what the figures were made from, they are made anew. So
//! any number of instances may have shelves of their own, and a change made anywhere shows
//! at once.

use super::rulebook::{Ruled, is_exported};
use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::record::Id;
use crate::domain::time::Date;
use crate::rules::assessment::{InstitutionResult, assess_institutions};
use crate::rules::data::Data;
use crate::rules::people::PeopleResult;
use crate::store::register::Loaded;
use crate::store::register::part::States;
use crate::store::subject;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the figures of an institution on a day were made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseState {
    pub institution: subject::State,
    /// How many of its people each change altered last.
    pub staff: States,
}

/// One institution on one day: what is recorded, and what rules make of it.
#[derive(Debug)]
pub struct House {
    pub id: Id<Institution>,
    pub state: HouseState,
    /// Itself and its people.
    pub loaded: Loaded,
    judged: Mutex<Vec<Arc<Judged>>>,
}

/// What rules make of an institution on a day.
#[derive(Debug)]
pub struct Judged {
    pub ruled: Arc<Ruled>,
    pub data: Data,
    pub people: PeopleResult,
    pub result: InstitutionResult,
}

impl House {
    /// An institution with its people; `None` where it is not recorded for the day.
    pub fn new(id: Id<Institution>, state: HouseState, loaded: Loaded) -> Option<Self> {
        (loaded.register.institutions.len() == 1).then_some(Self {
            id,
            state,
            loaded,
            judged: Mutex::default(),
        })
    }

    /// The institution as it is recorded.
    pub fn institution(&self) -> Option<&Institution> {
        self.loaded.register.institutions.first()
    }

    /// Where it lies.
    pub fn area(&self) -> Option<AreaCode> {
        self.institution().and_then(|institution| institution.area)
    }

    /// Whether somebody of it was read from the statistics export.
    pub fn is_exported(&self) -> bool {
        is_exported(&self.loaded.register)
    }

    /// What rules make of it; made once for each set of rules.
    pub fn judged(&self, ruled: &Arc<Ruled>) -> Option<Arc<Judged>> {
        let known = locked(&self.judged)
            .iter()
            .find(|judged| Arc::ptr_eq(&judged.ruled, ruled))
            .cloned();
        if known.is_some() {
            return known;
        }
        let made = Arc::new(self.judge(ruled)?);
        let mut judged = locked(&self.judged);
        // rules of a rulebook that was left behind are not asked for again
        judged.retain(|one| Arc::strong_count(&one.ruled) > 1);
        judged.push(made.clone());
        Some(made)
    }

    fn judge(&self, ruled: &Arc<Ruled>) -> Option<Judged> {
        let plan = &ruled.plan;
        let mut register = std::borrow::Cow::Borrowed(&self.loaded.register);
        let mut elected = self.institution()?.clone();
        ruled.rules.elected(&mut elected);
        if self.institution() != Some(&elected) {
            register.to_mut().institutions = vec![elected];
        }
        let mut data = Data::of_register(&register, &plan.facts, plan.as_of);
        data.people.decided.clone_from(&self.loaded.off_quota);
        let (people, results) = assess_institutions(plan, &data);
        Some(Judged {
            ruled: ruled.clone(),
            data,
            people,
            result: results.into_iter().next()?,
        })
    }

    /// What it takes up on the shelf.
    fn weight(&self) -> usize {
        1 + self.loaded.people.len()
    }
}

/// Rural doctors and places of an area on a day.
#[derive(Debug)]
pub struct Land {
    pub states: [States; 2],
    pub loaded: Loaded,
}

impl Land {
    fn weight(&self) -> usize {
        1 + self.loaded.rural_doctors.len() + self.loaded.places.len()
    }
}

/// Something kept, and when it was asked for last.
#[derive(Debug)]
struct Kept<T> {
    thing: Arc<T>,
    weight: usize,
    asked: u64,
}

#[derive(Debug)]
struct Row<K, T> {
    kept: HashMap<K, Kept<T>>,
    weight: usize,
}

// Derived, this would ask the same of `K` and `T`.
impl<K, T> Default for Row<K, T> {
    fn default() -> Self {
        Self {
            kept: HashMap::new(),
            weight: 0,
        }
    }
}

impl<K: Eq + Hash + Clone, T> Row<K, T> {
    fn take(&mut self, key: &K, now: u64) -> Option<Arc<T>> {
        let kept = self.kept.get_mut(key)?;
        kept.asked = now;
        Some(kept.thing.clone())
    }

    /// Keeps something; where there is too much, a quarter goes, what nobody asked for
    /// longest first.
    fn keep(&mut self, key: K, thing: Arc<T>, weight: usize, now: u64, most: usize) {
        if weight > most {
            return;
        }
        let kept = Kept {
            thing,
            weight,
            asked: now,
        };
        self.weight += weight;
        if let Some(old) = self.kept.insert(key, kept) {
            self.weight = self.weight.saturating_sub(old.weight);
        }
        if self.weight <= most {
            return;
        }
        let mut by_age: Vec<(u64, K)> = self
            .kept
            .iter()
            .map(|(key, kept)| (kept.asked, key.clone()))
            .collect();
        by_age.sort_unstable_by_key(|(asked, _)| *asked);
        for (_, key) in by_age {
            if self.weight <= most / 4 * 3 {
                break;
            }
            if let Some(gone) = self.kept.remove(&key) {
                self.weight = self.weight.saturating_sub(gone.weight);
            }
        }
    }
}

#[derive(Debug, Default)]
struct Boards {
    now: u64,
    houses: Row<(Id<Institution>, Date), House>,
    lands: Row<(Option<AreaCode>, Date), Land>,
}

/// What is kept of figures.
#[derive(Debug)]
pub struct Shelf {
    boards: Mutex<Boards>,
    /// People, and as many rural doctors and places again.
    most: usize,
}

impl Shelf {
    /// A county of ten thousand for the four days that its home page looks at, or four such
    /// counties.
    pub const USUAL: usize = 42_000;

    /// Keeps institutions with so many people in all; with none, nothing is kept.
    pub fn new(most: usize) -> Self {
        Self {
            boards: Mutex::default(),
            most,
        }
    }

    /// An institution on a day, if it is kept as it is now.
    pub fn house(&self, id: Id<Institution>, on: Date, state: &HouseState) -> Option<Arc<House>> {
        let mut boards = locked(&self.boards);
        boards.now += 1;
        let now = boards.now;
        let house = boards.houses.take(&(id, on), now)?;
        (house.state == *state).then_some(house)
    }

    /// Keeps an institution on a day.
    pub fn keep_house(&self, on: Date, house: &Arc<House>) {
        let mut boards = locked(&self.boards);
        boards.now += 1;
        let (now, weight) = (boards.now, house.weight());
        boards
            .houses
            .keep((house.id, on), house.clone(), weight, now, self.most);
    }

    /// Rural doctors and places on a day, if they are kept as they are now.
    pub fn land(
        &self,
        area: Option<AreaCode>,
        on: Date,
        states: &[States; 2],
    ) -> Option<Arc<Land>> {
        let mut boards = locked(&self.boards);
        boards.now += 1;
        let now = boards.now;
        let land = boards.lands.take(&(area, on), now)?;
        (land.states == *states).then_some(land)
    }

    /// Keeps the rural doctors and places of an area on a day.
    pub fn keep_land(&self, area: Option<AreaCode>, on: Date, land: &Arc<Land>) {
        let mut boards = locked(&self.boards);
        boards.now += 1;
        let (now, weight) = (boards.now, land.weight());
        boards
            .lands
            .keep((area, on), land.clone(), weight, now, self.most);
    }

    /// How many people the institutions kept have, each institution counted once more.
    pub fn weight(&self) -> usize {
        locked(&self.boards).houses.weight
    }
}

/// Whoever panicked left whole entries.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_asked_for_longest_goes_first() {
        let mut row: Row<u32, u32> = Row::default();
        for key in 0..8 {
            row.keep(key, Arc::new(key), 10, u64::from(key), 80);
        }
        assert!(row.take(&0, 100).is_some());
        row.keep(8, Arc::new(8), 10, 101, 80);
        assert_eq!(row.weight, 60);
        assert!(row.take(&0, 102).is_some() && row.take(&8, 103).is_some());
        assert!((1..4).all(|key| row.take(&key, 104).is_none()));
        // the same once more is kept once
        row.keep(8, Arc::new(8), 20, 105, 80);
        assert_eq!(row.weight, 70);
        row.keep(9, Arc::new(9), 81, 106, 80);
        assert!(row.take(&9, 107).is_none(), "larger than the shelf");
    }
}
