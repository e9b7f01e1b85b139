//! The facts that a condition may name (`policies/facts.toml`).

use super::condition::Conditions;
use super::diagnostic::{Diagnostics, NameKind, Place, Problem, SourceFile, nearest};
use super::raw::{Spanned, Text};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// Whose fact it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entity {
    Person,
    Institution,
    Spell,
    County,
    Place,
    Consortium,
    RuralDoctor,
    Team,
    Vacancy,
    Candidate,
    Application,
}

impl Entity {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("person", Self::Person),
        ("institution", Self::Institution),
        ("spell", Self::Spell),
        ("county", Self::County),
        ("place", Self::Place),
        ("consortium", Self::Consortium),
        ("rural-doctor", Self::RuralDoctor),
        ("team", Self::Team),
        ("vacancy", Self::Vacancy),
        ("candidate", Self::Candidate),
        ("application", Self::Application),
    ];

    /// The entity a policy file names.
    pub fn read(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(w, _)| *w == word)
            .map(|(_, e)| *e)
    }

    /// The word policy files use.
    pub fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(_, e)| *e == self)
            .map_or("", |(w, _)| w)
    }

    /// Every word, for error messages.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().map(|(w, _)| *w)
    }
}

/// What kind of value a fact has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactType {
    /// One of [`Fact::values`], by its position.
    Choice,
    /// 否 or 是.
    Flag,
    /// One of [`Fact::values`], lowest first.
    Rank,
    /// People, posts, beds, residents.
    Number,
    /// A length of time in months.
    Months,
    /// A calendar month.
    Month,
    /// A place code.
    Place,
    Text,
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactSource {
    Workbook,
    Export,
    Derived,
    /// Only the system of record knows it.
    Record,
}

/// The values of a choice are bits of one number, of which two have a meaning of their
/// own: none of the words, and unknown.
const MOST_VALUES: usize = 62;

/// Position in [`Facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactId(pub u16);

/// One fact.
#[derive(Clone, Debug)]
pub struct Fact {
    pub name: String,
    pub entity: Entity,
    pub kind: FactType,
    pub values: Vec<String>,
    /// The same in English, for readers; empty where they are codes.
    pub values_en: Vec<String>,
    /// What an empty cell means; `None` = unknown.
    pub blank: Option<String>,
    pub from: FactSource,
    pub label_en: String,
    /// The fact whose value an empty cell takes, where `blank` names one.
    pub blank_fact: Option<FactId>,
    /// For months of service: which spells count.
    pub service: Option<Conditions>,
}

/// All facts.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    facts: Vec<Fact>,
    by_name: HashMap<Entity, HashMap<String, FactId>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsFile {
    fact: Vec<RawFact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFact {
    name: Text,
    of: Text,
    #[serde(rename = "type")]
    kind: FactType,
    #[serde(default)]
    values: Vec<String>,
    values_en: Option<Spanned<Vec<String>>>,
    blank: Option<String>,
    from: FactSource,
    en: String,
    service: Option<Vec<Spanned<String>>>,
}

impl Facts {
    /// Reads `facts.toml`.
    pub fn read(file: &Arc<SourceFile>, problems: &mut Diagnostics) -> Self {
        let raw: FactsFile = match toml::from_str(&file.text) {
            Ok(raw) => raw,
            Err(error) => {
                super::load::add_toml_error(file, &error, problems);
                return Self::default();
            }
        };
        let place = |text: &Text| Place {
            file: file.clone(),
            span: text.span(),
        };
        let mut facts = Self::default();
        let mut services = Vec::new();
        for fact in raw.fact {
            let Some(entity) = Entity::read(fact.of.get_ref()) else {
                let found = fact.of.get_ref().clone();
                let nearest = nearest(&found, Entity::words());
                problems.add(
                    place(&fact.of),
                    Problem::UnknownName {
                        what: NameKind::Entity,
                        found,
                        nearest,
                    },
                );
                continue;
            };
            if fact.values.len() > MOST_VALUES {
                let problem = Problem::BadNumber(fact.values.len().to_string());
                problems.add(place(&fact.name), problem);
                continue;
            }
            let id = FactId(u16::try_from(facts.facts.len()).unwrap_or(u16::MAX));
            let name = fact.name.get_ref().clone();
            if facts
                .by_name
                .entry(entity)
                .or_default()
                .insert(name.clone(), id)
                .is_some()
            {
                problems.add(
                    place(&fact.name),
                    Problem::Repeated {
                        what: NameKind::Fact,
                        found: name.clone(),
                    },
                );
            }
            let (values, values_en) = match (fact.kind, fact.values_en) {
                (FactType::Flag, _) => (
                    vec!["否".to_owned(), "是".to_owned()],
                    vec!["no".to_owned(), "yes".to_owned()],
                ),
                (_, None) => (fact.values, Vec::new()),
                (_, Some(english)) => {
                    if english.get_ref().len() != fact.values.len() {
                        let place = Place {
                            file: file.clone(),
                            span: english.span(),
                        };
                        let problem = Problem::UnequalLists {
                            key: "values_en",
                            other: "values",
                            wanted: fact.values.len(),
                        };
                        problems.add(place, problem);
                    }
                    (fact.values, english.into_inner())
                }
            };
            services.push(fact.service);
            facts.facts.push(Fact {
                name,
                entity,
                kind: fact.kind,
                values,
                values_en,
                blank: fact.blank,
                from: fact.from,
                label_en: fact.en,
                blank_fact: None,
                service: None,
            });
        }
        for at in 0..facts.facts.len() {
            let named = facts
                .facts
                .get(at)
                .filter(|fact| fact.kind == FactType::Place);
            let other = named.and_then(|fact| facts.visible(fact.entity, fact.blank.as_ref()?));
            if let Some(fact) = facts.facts.get_mut(at) {
                fact.blank_fact = other;
            }
        }
        // spells may be named before they are declared, so their conditions are read last
        for (at, service) in services.into_iter().enumerate() {
            let conditions = service
                .map(|lines| Conditions::read(&lines, Entity::Spell, &facts, file, problems));
            if let Some(fact) = facts.facts.get_mut(at) {
                fact.service = conditions;
            }
        }
        facts
    }

    /// The fact with that id.
    pub fn get(&self, id: FactId) -> Option<&Fact> {
        self.facts.get(usize::from(id.0))
    }

    /// The name of a fact.
    pub fn name(&self, id: FactId) -> &str {
        self.get(id).map_or("", |fact| fact.name.as_str())
    }

    /// The fact of that name, of that entity itself.
    pub fn find(&self, entity: Entity, name: &str) -> Option<FactId> {
        self.by_name.get(&entity)?.get(name).copied()
    }

    /// The fact a condition about `entity` may call by that name: its own, or for a
    /// person also the institution's.
    pub fn visible(&self, entity: Entity, name: &str) -> Option<FactId> {
        self.find(entity, name).or_else(|| match entity {
            Entity::Person => self.find(Entity::Institution, name),
            _ => None,
        })
    }

    /// Every name a condition about `entity` may use.
    pub fn visible_names(&self, entity: Entity) -> impl Iterator<Item = &str> {
        self.facts
            .iter()
            .filter(move |f| {
                f.entity == entity || (entity == Entity::Person && f.entity == Entity::Institution)
            })
            .map(|f| f.name.as_str())
    }

    /// Every fact with its id.
    pub fn all(&self) -> impl Iterator<Item = (FactId, &Fact)> {
        self.facts
            .iter()
            .enumerate()
            .map(|(at, fact)| (FactId(u16::try_from(at).unwrap_or(u16::MAX)), fact))
    }
}
