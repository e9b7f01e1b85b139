//! The places that policies are for (`policies/places.toml`): code, name, parent.

use super::diagnostic::{Diagnostics, NameKind, Place, Problem, SourceFile, nearest};
use super::load::add_toml_error;
use super::model::Words;
use super::raw::{self, Text};
use super::resolve::words;
use crate::domain::ids::AreaCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacesFile {
    #[serde(default)]
    place: Vec<RawPlace>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlace {
    code: Text,
    name: raw::Words,
    parent: Option<Text>,
}

/// The places that are known: codes and names.
#[derive(Clone, Debug, Default)]
pub struct Places(Vec<(String, Words)>);

impl Places {
    /// Reads `places.toml`: every code once, within a parent that is known.
    pub fn read(file: &Arc<SourceFile>, problems: &mut Diagnostics) -> Self {
        let raw: PlacesFile = match toml::from_str(&file.text) {
            Ok(raw) => raw,
            Err(error) => {
                add_toml_error(file, &error, problems);
                return Self::default();
            }
        };
        let at = |text: &Text| Place {
            file: file.clone(),
            span: text.span(),
        };
        let mut places = Self::default();
        for place in &raw.place {
            let code = place.code.get_ref();
            if code.parse::<AreaCode>().is_err() {
                problems.add(at(&place.code), Problem::BadNumber(code.clone()));
            }
            if places.name(code).is_some() {
                let problem = Problem::Repeated {
                    what: NameKind::Place,
                    found: code.clone(),
                };
                problems.add(at(&place.code), problem);
            }
            places.0.push((code.clone(), words(place.name.clone())));
        }
        for place in &raw.place {
            let Some(parent) = &place.parent else {
                continue;
            };
            if place.code.get_ref().starts_with(parent.get_ref()) {
                places.check(parent.get_ref(), &at(parent), problems);
            } else {
                problems.add(at(parent), Problem::BadNumber(parent.get_ref().clone()));
            }
        }
        places
    }

    /// The name of the place with that code.
    pub fn name(&self, code: &str) -> Option<&Words> {
        let found = self.0.iter().find(|(known, _)| known == code);
        found.map(|(_, name)| name)
    }

    /// Whether a code stands in the list.
    pub fn check(&self, code: &str, at: &Place, problems: &mut Diagnostics) {
        if self.name(code).is_none() {
            let problem = Problem::UnknownName {
                what: NameKind::Place,
                found: code.to_owned(),
                nearest: nearest(code, self.0.iter().map(|(known, _)| known.as_str())),
            };
            problems.add(at.clone(), problem);
        }
    }
}
