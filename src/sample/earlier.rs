//! The same county as it stood before: whoever came later is not there yet, whoever rose
//! later still has the rank below.

use crate::domain::month::Month;
use crate::domain::post::Manner;
use crate::domain::register::Register;
use crate::domain::staff::{History, Person};
use crate::domain::title::Rank;

/// Takes a county back to a month.
pub fn earlier(mut county: Register, then: Month) -> Register {
    county.people.retain_mut(|person| take_back(person, then));
    for place in &mut county.places {
        place.establishment_reviewed = place.establishment_reviewed.filter(|m| *m <= then);
    }
    county
}

/// Takes a person back to a month; whether they were there.
fn take_back(person: &mut Person, then: Month) -> bool {
    let later = |since: Option<Month>| since.is_some_and(|since| since > then);
    if later(person.started_work) {
        return false;
    }
    if later(person.title_since) {
        person.title = below(person.title);
        person.title_since = None;
    }
    if later(person.appointed_since) {
        person.appointed = below(person.appointed);
        person.appointed_since = None;
        person.grade = None;
        person.manner = Manner::Ordinary;
    }
    if let History::Spells(spells) = &mut person.history {
        spells.retain(|spell| spell.start <= then);
        for spell in spells.iter_mut() {
            spell.end = spell.end.filter(|end| *end <= then);
        }
        if spells.is_empty() {
            person.history = History::Unknown;
        }
    }
    true
}

/// The rank from which one rises to this one.
fn below(rank: Rank) -> Rank {
    let lower = Rank::ALL.iter().rev().find(|lower| **lower < rank);
    lower.copied().unwrap_or(Rank::None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Size, county};

    #[test]
    fn nothing_is_later_than_the_month() {
        let month = |text: &str| text.parse::<Month>().expect("a month");
        let now = county(Size::default(), month("2026-11"), 1);
        let then = earlier(now.clone(), month("2021-11"));
        assert!(then.people.len() < now.people.len() && !then.people.is_empty());
        for person in &then.people {
            let spells = person.history.spells().iter();
            let dates = spells.flat_map(|spell| [Some(spell.start), spell.end]);
            let own = [person.title_since, person.appointed_since];
            let latest = dates.chain(own).flatten().max();
            assert!(latest.is_none_or(|latest| latest <= month("2021-11")));
        }
        let rank = |people: &[Person]| people.iter().map(|p| p.title.code()).max();
        assert!(rank(&then.people) <= rank(&now.people));
        assert_eq!(earlier(now.clone(), month("2026-11")), now);
    }
}
