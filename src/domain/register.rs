//! Everything that was read and accepted: the input of the rules.

use super::ids::AreaCode;
use super::institution::Institution;
use super::place::Place;
use super::rural_doctor::RuralDoctor;
use super::staff::Person;

/// Where a row was read: a source (file and sheet) and the row number Excel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    pub source: SourceId,
    pub row: u32,
}

impl Origin {
    /// Of what was read from no file.
    pub const NOWHERE: Self = Self {
        source: SourceId(0),
        row: 0,
    };
}

/// Position in [`Register::sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u16);

/// One sheet of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Base name of the file.
    pub file: String,
    pub sheet: String,
}

/// One data set: the accepted rows of all files, in file and row order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    pub sources: Vec<Source>,
    pub institutions: Vec<Institution>,
    pub people: Vec<Person>,
    pub rural_doctors: Vec<RuralDoctor>,
    pub places: Vec<Place>,
}

impl Register {
    /// File and sheet of an origin.
    pub fn source(&self, origin: Origin) -> Option<&Source> {
        self.sources.get(usize::from(origin.source.0))
    }

    /// The counties (first six digits) in the order of first appearance in
    /// 机构, then 乡村医生, then 区域.
    pub fn counties(&self) -> Vec<AreaCode> {
        let mut counties: Vec<AreaCode> = Vec::new();
        let institutions = self.institutions.iter().filter_map(|i| i.area);
        let doctors = self.rural_doctors.iter().map(|d| d.area);
        let places = self.places.iter().map(|p| p.code);
        let mut seen = std::collections::HashSet::new();
        for code in institutions.chain(doctors).chain(places) {
            if seen.insert(code.county()) {
                counties.push(code.county());
            }
        }
        counties
    }
}
