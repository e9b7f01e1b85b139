//! What in the records cannot be right, or not be right together. Found, never repaired:
//! each finding says what to look at, and a person decides.

use super::ids::Sex;
use super::institution::{Institution, Kind};
use super::label::labelled;
use super::month::Month;
use super::register::Register;
use super::service::Spell;
use super::staff::Person;
use super::title::{Rank, TitleKind};
use std::collections::HashMap;

labelled! {
    /// What is looked for.
    pub enum Rule {
        /// Same name, birth date and sex, another number.
        DuplicatePerson = "疑似同一人重复登记" / "duplicate_person",
        /// The split of an establishment does not come to its total.
        EstablishmentSum = "编制分项与总数不符" / "establishment_sum",
        /// Posts by level do not come to the professional posts.
        PostSum = "岗位分级与总数不符" / "post_sum",
        /// Two spells of service claim the same months.
        OverlappingSpells = "履历时间重叠" / "overlapping_spells",
        /// Past the statutory month of retirement, and still appointed.
        PastRetirement = "已过退休年月仍在聘" / "past_retirement",
        /// A directed title is used where it does not count.
        DirectedOutside = "定向资格超出使用范围" / "directed_outside",
        /// A directed title of a rank for which there is none.
        DirectedBelowSenior = "定向资格低于副高" / "directed_below_senior",
        /// Appointed above the title.
        PostWithoutTitle = "聘任高于资格" / "post_without_title",
        /// The grade does not belong to the level.
        GradeLevelMismatch = "等级与级别不符" / "grade_level_mismatch",
        /// A rule cannot be answered because facts are missing.
        MissingFact = "缺少规则所需信息" / "missing_fact",
    }
}

/// What a finding is about: the position in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Institution(usize),
    Person(usize),
    RuralDoctor(usize),
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: Rule,
    pub about: About,
    /// Other people that it is about, by position.
    pub others: Vec<usize>,
    /// What parts come to, and what stands as their total.
    pub sum: Option<(u32, u32)>,
    /// The month that matters: of retirement, or the first of an overlap.
    pub month: Option<Month>,
}

impl Finding {
    const fn new(rule: Rule, about: About) -> Self {
        Self {
            rule,
            about,
            others: Vec::new(),
            sum: None,
            month: None,
        }
    }
}

/// Everything that the register alone shows.
pub fn findings(register: &Register) -> Vec<Finding> {
    let mut out = Vec::new();
    for (at, institution) in register.institutions.iter().enumerate() {
        out.extend(sums(at, institution));
    }
    out.extend(duplicates(&register.people));
    for (at, person) in register.people.iter().enumerate() {
        let of = About::Person(at);
        out.extend(overlap(person.history.spells()).map(|month| Finding {
            month: Some(month),
            ..Finding::new(Rule::OverlappingSpells, of)
        }));
        let house = register.institutions.get(person.institution);
        let rules = title_rules(person, house);
        out.extend(rules.into_iter().map(|rule| Finding::new(rule, of)));
    }
    out
}

/// Somebody past the month of retirement who is still appointed; `as_of` is the month
/// looked at.
pub fn past_retirement(
    at: usize,
    person: &Person,
    retirement: Option<Month>,
    as_of: Month,
) -> Option<Finding> {
    let month = retirement.filter(|month| *month < as_of && person.appointed != Rank::None)?;
    Some(Finding {
        month: Some(month),
        ..Finding::new(Rule::PastRetirement, About::Person(at))
    })
}

/// Parts that do not come to their total. With a part that is not given, only what is too
/// much shows.
fn sums(at: usize, institution: &Institution) -> Vec<Finding> {
    let (establishment, posts) = (institution.establishment, institution.posts);
    let split = [
        establishment.professional,
        establishment.management,
        establishment.worker,
    ];
    let levels = [posts.senior, posts.intermediate, posts.junior];
    let checks = [
        (Rule::EstablishmentSum, establishment.total, split),
        (Rule::PostSum, posts.professional, levels),
    ];
    let mut out = Vec::new();
    for (rule, total, parts) in checks {
        let Some(total) = total else {
            continue;
        };
        let sum = parts
            .iter()
            .flatten()
            .fold(0u32, |sum, part| sum.saturating_add(*part));
        let all = parts.iter().all(Option::is_some);
        if sum > total || (all && sum != total) {
            out.push(Finding {
                sum: Some((sum, total)),
                ..Finding::new(rule, About::Institution(at))
            });
        }
    }
    out
}

/// The same name, birth date and sex under several numbers: one finding a group, about the
/// first of them.
fn duplicates(people: &[Person]) -> Vec<Finding> {
    type Key<'p> = (&'p str, (i32, u32, u32), Sex);
    let mut groups: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (at, person) in people.iter().enumerate() {
        let key = (person.name.trim(), person.id.birth_date(), person.id.sex());
        groups.entry(key).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort();
    let found = groups.into_iter().filter_map(|group| {
        let (first, others) = group.split_first()?;
        (!others.is_empty()).then(|| Finding {
            others: others.to_vec(),
            ..Finding::new(Rule::DuplicatePerson, About::Person(*first))
        })
    });
    found.collect()
}

/// The first month that two spells claim. A spell that begins in the month in which the
/// one before ends does not: clerks write a change of post so.
fn overlap(spells: &[Spell]) -> Option<Month> {
    let mut sorted: Vec<(Month, Option<Month>)> = spells
        .iter()
        .map(|spell| (spell.start, spell.end))
        .collect();
    sorted.sort_unstable();
    let mut reach: Option<Option<Month>> = None;
    for (start, end) in sorted {
        match reach {
            Some(None) => return Some(start),
            Some(Some(until)) if start < until => return Some(start),
            _ => {}
        }
        reach = Some(match (reach, end) {
            (Some(Some(until)), Some(end)) => Some(until.max(end)),
            (_, end) => end,
        });
    }
    None
}

/// Kinds in which a directed title counts.
const PRIMARY: [Kind; 4] = [
    Kind::TownshipHealthCentre,
    Kind::CommunityHealthCentre,
    Kind::CommunityHealthStation,
    Kind::VillageClinic,
];

fn title_rules(person: &Person, house: Option<&Institution>) -> Vec<Rule> {
    let directed = person.title_kind == TitleKind::Directed;
    let elsewhere = house.is_some_and(|house| {
        let other_kind = house.kind.is_some_and(|kind| !PRIMARY.contains(&kind));
        let lies = house.area.zip(person.title_area);
        other_kind || lies.is_some_and(|(area, valid)| !area.is_within(valid))
    });
    let appointed = person.appointed != Rank::None;
    let mismatch = appointed
        && person
            .grade
            .is_some_and(|grade| !grade.ranks().contains(&person.appointed));
    let rules = [
        (directed && elsewhere, Rule::DirectedOutside),
        (
            directed && person.title < Rank::AssociateSenior,
            Rule::DirectedBelowSenior,
        ),
        (person.appointed > person.title, Rule::PostWithoutTitle),
        (mismatch, Rule::GradeLevelMismatch),
    ];
    let broken = rules.into_iter().filter(|(broken, _)| *broken);
    broken.map(|(_, rule)| rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::NationalId;
    use crate::domain::institution::ApprovedPosts;
    use crate::domain::post::PostCategory;
    use crate::domain::register::Origin;
    use crate::domain::staff::{Employment, History};

    fn month(text: &str) -> Month {
        Month::read(text).expect("a month")
    }

    fn spell(start: &str, end: Option<&str>) -> Spell {
        Spell {
            origin: Origin::NOWHERE,
            start: month(start),
            end: end.map(month),
            employer: "卫生院".to_owned(),
            kind: Kind::TownshipHealthCentre,
            location: None,
            category: PostCategory::Professional,
        }
    }

    fn person(number: &str, name: &str) -> Person {
        let id = NationalId::read(number).expect("a number");
        Person::new(
            Origin::NOWHERE,
            id,
            name.to_owned(),
            0,
            Employment::Establishment,
            PostCategory::Professional,
        )
    }

    #[test]
    fn spells_that_touch_do_not_overlap() {
        let a = spell("2001-01", Some("2005-06"));
        assert_eq!(overlap(&[a.clone(), spell("2005-06", None)]), None);
        assert_eq!(overlap(&[spell("2005-07", None), a.clone()]), None);
        let over = [a.clone(), spell("2005-05", Some("2005-05"))];
        assert_eq!(overlap(&over), Some(month("2005-05")));
        // inside a longer one that began earlier
        let inside = [a, spell("2002-01", Some("2002-02")), spell("2004-01", None)];
        assert_eq!(overlap(&inside), Some(month("2002-01")));
        assert_eq!(
            overlap(&[spell("2001-01", None), spell("2009-01", None)]),
            Some(month("2009-01"))
        );
        assert_eq!(overlap(&[]), None);
    }

    #[test]
    fn the_same_person_under_two_numbers() {
        // the same day of birth and sex, another number
        let stem = "11010519491231004";
        let other = (b'0'..=b'9').chain([b'X']);
        let other = other
            .map(|digit| format!("{stem}{}", digit as char))
            .find(|text| NationalId::read(text).is_ok());
        let other = other.expect("a check digit");
        let register = Register {
            people: vec![
                person("11010519491231002X", "王丽"),
                person("440524188001010014", "王丽"),
                person(&other, " 王丽"),
            ],
            ..Register::default()
        };
        let found = findings(&register);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].about, About::Person(0));
        assert_eq!(found[0].others, [2]);
    }

    #[test]
    fn sums_and_titles() {
        let mut house = Institution::named(Origin::NOWHERE, "A".to_owned(), "甲".to_owned());
        house.kind = Some(Kind::CountyHospital);
        house.posts = ApprovedPosts {
            professional: Some(10),
            senior: Some(1),
            intermediate: Some(4),
            junior: Some(4),
            ..ApprovedPosts::default()
        };
        house.establishment.total = Some(10);
        house.establishment.professional = Some(9);
        let mut one = person("11010519491231002X", "王丽");
        one.title = Rank::AssociateSenior;
        one.title_kind = TitleKind::Directed;
        one.appointed = Rank::Senior;
        one.history = History::Spells(Vec::new());
        let register = Register {
            institutions: vec![house],
            people: vec![one.clone()],
            ..Register::default()
        };
        let rules: Vec<Rule> = findings(&register).iter().map(|one| one.rule).collect();
        assert_eq!(
            rules,
            [Rule::PostSum, Rule::DirectedOutside, Rule::PostWithoutTitle]
        );
        let now = month("2026-11");
        assert!(past_retirement(0, &one, Some(month("2026-11")), now).is_none());
        assert!(past_retirement(0, &one, Some(month("2026-10")), now).is_some());
        assert!(past_retirement(0, &one, None, now).is_none());
    }
}
