//! Where things lie and how far a right reaches, as data: the same value answers for one
//! subject ([`Scope::covers`]) and narrows a list query ([`Scope::filter`]).

use crate::domain::ids::AreaCode;
use crate::domain::record_id::{ConsortiumId, InstitutionId, PersonId};

/// Where a subject lies. What is not known is left out, and then only those see it whose
/// right does not depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locus {
    /// Place of the institution, or the place itself.
    pub area: Option<AreaCode>,
    /// The institution, then those above it (a station's centre), nearest first. Empty for
    /// an area or a consortium as a whole.
    pub institutions: Vec<InstitutionId>,
    /// The consortium it belongs to, or the consortium itself.
    pub consortium: Option<ConsortiumId>,
}

impl Locus {
    /// A place as a whole.
    pub fn area(area: AreaCode) -> Self {
        Self {
            area: Some(area),
            ..Self::default()
        }
    }
}

/// How far a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole installation.
    Everywhere,
    /// A place and all within it.
    Area(AreaCode),
    /// The institutions of a consortium.
    Consortium(ConsortiumId),
    /// An institution and those under it.
    Institution(InstitutionId),
    /// One's own file, and the notices of the house one works in.
    Own {
        person: PersonId,
        home: Option<InstitutionId>,
    },
}

impl Scope {
    /// Whether a place, an institution or a consortium lies inside. One's own file is no
    /// place: [`Scope::Own`] covers none.
    pub fn covers(&self, locus: &Locus) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Area(area) => locus.area.is_some_and(|code| code.is_within(*area)),
            Self::Consortium(id) => locus.consortium == Some(*id),
            Self::Institution(id) => locus.institutions.contains(id),
            Self::Own { .. } => false,
        }
    }

    /// Whether the notices of a house are for the eyes of this scope.
    pub fn covers_notices(&self, locus: &Locus) -> bool {
        match self {
            Self::Own { home, .. } => home.is_some_and(|id| locus.institutions.contains(&id)),
            _ => self.covers(locus),
        }
    }

    /// Whether the file of a person lies inside.
    pub fn covers_person(&self, person: PersonId, locus: &Locus) -> bool {
        match self {
            Self::Own { person: own, .. } => *own == person,
            _ => self.covers(locus),
        }
    }

    /// What a list query is narrowed by.
    pub fn filter(&self) -> Filter {
        let mut filter = Filter::default();
        match self {
            Self::Everywhere => {}
            Self::Area(area) => filter.area_prefix = Some(area.to_string()),
            Self::Consortium(id) => filter.consortium = Some(*id),
            Self::Institution(id) => filter.institution_and_below = Some(*id),
            Self::Own { person, .. } => filter.person = Some(*person),
        }
        filter
    }
}

/// A scope as conditions of a query: each `Some` is one condition, all of them hold, and
/// none at all means everything. Lists, counts, exports and searches all take it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The area code begins with these digits.
    pub area_prefix: Option<String>,
    pub consortium: Option<ConsortiumId>,
    /// This institution, or one with it among those above.
    pub institution_and_below: Option<InstitutionId>,
    /// Whose file it is.
    pub person: Option<PersonId>,
}
