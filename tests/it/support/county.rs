//! The sample county in the records, and the offices that look at it.

use super::build::{area, month};
use super::office::{NOW, actor, office, reviewer};
use super::records::day;
use dinggang::domain::institution::Kind;
use dinggang::domain::record::{Version, When};
use dinggang::domain::record_id::{InstitutionId, PersonId};
use dinggang::domain::rights::{Actor, Authority, Capacity};
use dinggang::sample::{self, Size};
use dinggang::service::import::{Import, Imported};
use dinggang::service::{Office, ServiceError};
use dinggang::sheet::{Input, write_register};
use dinggang::store::register::{Loaded, Part, Scope, load};
use dinggang::store::subject::{Subject, version};
use dinggang::store::{Store, register};

pub const COUNTY: &str = "150199";
/// The day for which the county was recorded.
pub const RECORDED: &str = "2026-01-01";

/// A small county, recorded.
pub struct County {
    pub office: Office,
    pub loaded: Loaded,
}

impl County {
    /// Takes the sample county in.
    pub async fn new(store: &Store) -> Self {
        let office = office(store);
        let size = Size {
            townships: 2,
            staff: 30,
        };
        let county = sample::county(size, month("2026-11"), 7);
        let files = [Input {
            name: "示例旗.xlsx".to_owned(),
            bytes: write_register(&county).expect("a workbook"),
        }];
        let bureau = reviewer(Authority::HumanResources, COUNTY);
        let import = Import {
            office: &office,
            actor: &bureau,
            files: &files,
            on: day(RECORDED),
            scope: Scope::Area(area(COUNTY)),
            reason: None,
            now: NOW,
        };
        let done = import.run().await.expect("run");
        assert!(matches!(done, Imported::Recorded(_)));
        let loaded = load_all(&office).await;
        Self { office, loaded }
    }

    /// Two health centres with staff, by position.
    pub fn two(&self) -> (usize, usize) {
        let register = &self.loaded.register;
        let centre = |at: &usize| {
            let kind = register.institutions[*at].kind;
            kind == Some(Kind::TownshipHealthCentre)
                && register.people.iter().any(|one| one.institution == *at)
        };
        let mut centres = (0..register.institutions.len()).filter(centre);
        (
            centres.next().expect("one"),
            centres.next().expect("another"),
        )
    }

    /// The identifier of an institution.
    pub fn institution(&self, at: usize) -> InstitutionId {
        self.loaded.institutions[at]
    }

    /// The clerk of an institution.
    pub fn clerk(&self, at: usize) -> Actor {
        let institution = self.loaded.institutions[at];
        actor(5, Capacity::InstitutionHr { institution })
    }

    /// Everybody who works somewhere.
    pub fn staff(&self, at: usize) -> Vec<PersonId> {
        let people = self.loaded.register.people.iter().zip(&self.loaded.people);
        let here = people.filter(|(one, _)| one.institution == at);
        here.map(|(_, id)| *id).collect()
    }

    /// The version of a subject.
    pub async fn version<S: Subject>(&self, id: dinggang::domain::record::Id<S>) -> Version {
        let mut reader = self.office.store.read().await.expect("a reader");
        version(&mut reader, id).await.expect("a version")
    }
}

/// Everything as it is recorded today.
pub async fn load_all(office: &Office) -> register::Loaded {
    let mut reader = office.store.snapshot().await.expect("a reader");
    let when = When::on(NOW.shanghai_day());
    let loaded = load(&mut reader, &Part::Whole, when, office.vault.as_ref()).await;
    loaded.expect("loaded")
}

/// An authority of the county.
pub fn bureau(authority: Authority) -> Actor {
    reviewer(authority, COUNTY)
}

/// What does not exist for the one who asks.
pub fn is_not_found<T>(result: &Result<T, ServiceError>) -> bool {
    matches!(result, Err(ServiceError::NotFound))
}

/// What the office has no right to.
pub fn is_denied<T>(result: &Result<T, ServiceError>) -> bool {
    matches!(result, Err(ServiceError::Denied(_)))
}

/// Why something was refused, by code and field.
pub fn refusals<T: std::fmt::Debug>(
    result: Result<T, ServiceError>,
) -> Vec<(&'static str, Option<&'static str>)> {
    match result {
        Err(ServiceError::Refused(refusals)) => {
            let named = refusals.iter();
            named.map(|one| (one.code(), one.field())).collect()
        }
        other => panic!("{other:?}"),
    }
}
