//! An invented county: institutions, staff, service histories, rural doctors and places
//! that hang together, of any size, the same for the same seed.
//!
//! Nobody in it exists. Identity numbers pass the checksum but begin with 150199, which is
//! no registered area; names are random common characters; e-mail addresses are at
//! example.com. Approved numbers, service and ages are laid so that every rule has
//! something to say: people on both sides of twenty years and of five years to
//! retirement, institutions at, below and above their numbers.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic
)]

mod earlier;
mod names;
mod staff;

pub use earlier::earlier;

use crate::domain::ids::AreaCode;
use crate::domain::institution::{ApprovedPosts, Establishment, Institution, Kind, Sponsor};
use crate::domain::month::Month;
use crate::domain::place::{Place, PlaceLevel};
use crate::domain::register::{Origin, Register, Source, SourceId};
use crate::domain::rural_doctor::{LabourRelation, PensionScheme, Qualification, RuralDoctor};
use fastrand::Rng;

/// How large a county.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Township health centres; the rest of the county follows from them.
    pub townships: usize,
    /// Rough number of staff.
    pub staff: usize,
}

impl Default for Size {
    /// A county as most are: about a dozen townships and six hundred staff.
    fn default() -> Self {
        Self {
            townships: 12,
            staff: 600,
        }
    }
}

/// The county's code: no registered area.
const COUNTY: &str = "150199";
/// Rows above the data in every sheet: title, header.
const FIRST_ROW: u32 = 3;
const PLACE_LENGTHS: [usize; 3] = [6, 9, 12];

/// Makes a county as it stands in `as_of`.
pub fn county(size: Size, as_of: Month, seed: u64) -> Register {
    let mut maker = Maker {
        rng: Rng::with_seed(seed),
        as_of,
        register: Register::default(),
        ids: Default::default(),
    };
    for sheet in ["机构", "人员", "履历", "乡村医生", "区域"] {
        maker.register.sources.push(Source {
            file: "示例旗.xlsx".to_owned(),
            sheet: sheet.to_owned(),
        });
    }
    maker.institutions(size);
    maker.places();
    maker.everybody(size);
    maker.approve();
    maker.rural_doctors(size);
    maker.register
}

struct Maker {
    rng: Rng,
    as_of: Month,
    register: Register,
    /// Identity numbers given out.
    ids: std::collections::HashSet<String>,
}

fn place_code(text: &str) -> Option<AreaCode> {
    AreaCode::read(text, &PLACE_LENGTHS)
}

fn origin(source: u16, at: usize) -> Origin {
    Origin {
        source: SourceId(source),
        row: FIRST_ROW + u32::try_from(at).unwrap_or(u32::MAX),
    }
}

impl Maker {
    fn institutions(&mut self, size: Size) {
        self.institution(
            "YL00",
            "示例旗人民医院".to_owned(),
            Kind::CountyHospital,
            COUNTY.to_owned(),
        );
        self.institution(
            "JK00",
            "示例旗疾病预防控制中心".to_owned(),
            Kind::DiseaseControl,
            COUNTY.to_owned(),
        );
        self.institution(
            "FY00",
            "示例旗妇幼保健院".to_owned(),
            Kind::MaternalChildHealth,
            COUNTY.to_owned(),
        );
        for at in 0..size.townships {
            let name = format!("{}卫生院", names::township(at));
            let area = format!("{COUNTY}{:03}", 101 + at);
            self.institution(
                &format!("WS{:02}", at + 1),
                name,
                Kind::TownshipHealthCentre,
                area,
            );
        }
        let centres = (size.townships / 4).max(2);
        for at in 0..centres {
            let name = format!("{}社区卫生服务中心", names::street(at));
            let area = format!("{COUNTY}{:03}", at + 1);
            let centre = format!("SQ{:02}", at + 1);
            self.institution(&centre, name, Kind::CommunityHealthCentre, area.clone());
            for station in 0..2 {
                let name = format!("{}第{}社区卫生服务站", names::street(at), station + 1);
                let code = format!("{centre}-{}", station + 1);
                self.institution(&code, name, Kind::CommunityHealthStation, area.clone());
                if let Some(last) = self.register.institutions.last_mut() {
                    last.parent = Some(centre.clone());
                }
            }
        }
        // one station is run by others than the government: establishment rules leave it out
        if let Some(last) = self.register.institutions.last_mut() {
            last.sponsor = Sponsor::Society;
        }
    }

    fn institution(&mut self, code: &str, name: String, kind: Kind, area: String) {
        let at = self.register.institutions.len();
        let primary = matches!(
            kind,
            Kind::TownshipHealthCentre | Kind::CommunityHealthCentre
        );
        let population = match kind {
            Kind::CommunityHealthCentre => Some(self.rng.u32(18_000..60_000)),
            Kind::TownshipHealthCentre => Some(self.rng.u32(5_000..16_000)),
            Kind::CommunityHealthStation => Some(self.rng.u32(3_000..8_000)),
            _ => None,
        };
        let mut institution = Institution::named(origin(0, at), code.to_owned(), name);
        institution.kind = Some(kind);
        institution.area = place_code(&area);
        institution.consortium = Some("示例旗医共体".to_owned());
        institution.parent = (kind != Kind::CountyHospital).then(|| "YL00".to_owned());
        institution.service_population = population;
        institution.beds = match kind {
            Kind::CountyHospital => Some(self.rng.u32(240..360)),
            Kind::TownshipHealthCentre => Some(self.rng.u32(8..30)),
            Kind::CommunityHealthCentre => population.map(|p| p * self.rng.u32(3..9) / 10_000),
            _ => None,
        };
        institution.rehabilitation_beds = (kind == Kind::CommunityHealthCentre && self.rng.bool())
            .then(|| self.rng.u32(1..4) * 5);
        institution.raised_senior_ratio = primary && self.rng.u8(0..4) > 0;
        institution.directed_evaluation =
            kind == Kind::TownshipHealthCentre && self.rng.u8(0..3) > 0;
        institution.establishment_approved = Some(self.as_of.plus(-self.rng.i32(6..58)));
        self.register.institutions.push(institution);
    }

    /// Streets and townships, with the residents whom their institutions serve.
    fn places(&mut self) {
        let mut places: Vec<(AreaCode, String, PlaceLevel, u32)> = Vec::new();
        for institution in &self.register.institutions {
            let level = match institution.kind {
                Some(Kind::CommunityHealthCentre) => PlaceLevel::Street,
                Some(Kind::TownshipHealthCentre) => PlaceLevel::Township,
                _ => continue,
            };
            let (Some(area), Some(residents)) = (institution.area, institution.service_population)
            else {
                continue;
            };
            let name = institution
                .name
                .trim_end_matches("社区卫生服务中心")
                .trim_end_matches("卫生院");
            let name = if level == PlaceLevel::Street {
                format!("{name}街道")
            } else {
                name.to_owned()
            };
            places.push((area, name, level, residents));
        }
        // one street has outgrown its centre: two are due
        if let Some(street) = places
            .iter_mut()
            .find(|place| place.2 == PlaceLevel::Street)
        {
            street.3 = 152_000;
        }
        let residents = places.iter().map(|place| place.3).sum();
        let reviewed = Some(self.as_of.plus(-61));
        let county = place_code(COUNTY);
        let rows = county.map(|code| (code, "示例旗".to_owned(), PlaceLevel::County, residents));
        for (at, (code, name, level, residents)) in rows.into_iter().chain(places).enumerate() {
            self.register.places.push(Place {
                origin: origin(4, at),
                code,
                name,
                level,
                parent: (level != PlaceLevel::County).then_some(county).flatten(),
                residents: Some(residents),
                establishment_reviewed: reviewed.filter(|_| level == PlaceLevel::County),
            });
        }
    }

    /// Establishment and posts, laid around the staff there is.
    fn approve(&mut self) {
        let mut held = vec![[0u32; 3]; self.register.institutions.len()];
        let mut heads = vec![[0u32; 3]; self.register.institutions.len()];
        for person in &self.register.people {
            let level = person.occupies().map(|level| usize::from(level.code()));
            let own = held.get_mut(person.institution);
            if let Some(count) = own.zip(level).and_then(|(own, level)| own.get_mut(level)) {
                *count += 1;
            }
            if person.employment == crate::domain::staff::Employment::Establishment {
                let own = heads
                    .get_mut(person.institution)
                    .and_then(|h| h.get_mut(usize::from(person.category.code())));
                if let Some(count) = own {
                    *count += 1;
                }
            }
        }
        for (at, institution) in self.register.institutions.iter_mut().enumerate() {
            let [senior, intermediate, _] = held.get(at).copied().unwrap_or_default();
            let [professional, management, worker] = heads.get(at).copied().unwrap_or_default();
            let spare = self.rng.u32(0..4);
            let professional = professional + spare;
            institution.establishment = Establishment {
                total: Some(professional + management + worker),
                professional: Some(professional),
                management: Some(management),
                worker: Some(worker),
            };
            // every fifth institution was approved for one senior post fewer than it fills
            let tight = u32::from(at % 5 == 4);
            institution.posts = ApprovedPosts {
                professional: Some(professional),
                health: None,
                senior: (senior > 0).then(|| senior.saturating_sub(tight) + spare / 2),
                intermediate: Some(intermediate + spare / 2),
                junior: None,
                directed: institution.directed_evaluation.then_some(professional / 10),
            };
        }
    }

    fn rural_doctors(&mut self, size: Size) {
        let clinics = size.townships * 8;
        for at in 0..clinics {
            let born = self.as_of.plus(-self.rng.i32(30 * 12..66 * 12));
            let male = self.rng.bool();
            let Some(id) = self.identity(born, male) else {
                continue;
            };
            let qualification = self.choose(
                Qualification::RuralDoctor,
                &[
                    Qualification::RuralDoctor,
                    Qualification::AssistantPhysician,
                    Qualification::Physician,
                ],
            );
            let labour_relation = self.choose(LabourRelation::Employed, LabourRelation::ALL);
            let pension = self.choose(
                None,
                &[
                    Some(PensionScheme::Residents),
                    Some(PensionScheme::Employees),
                    Some(PensionScheme::None),
                ],
            );
            let township = at / 8;
            let Some(area) = place_code(&format!("{COUNTY}{:03}", 101 + township)) else {
                continue;
            };
            let name = self.name();
            self.register.rural_doctors.push(RuralDoctor {
                origin: origin(3, self.register.rural_doctors.len()),
                id,
                name,
                area,
                clinic: Some(format!(
                    "{}{}村卫生室",
                    names::township(township),
                    names::village(at % 8)
                )),
                qualification,
                labour_relation,
                on_establishment: at % 23 == 22,
                pension,
            });
        }
    }

    /// One of several, the first included.
    fn choose<T: Copy>(&mut self, first: T, others: &[T]) -> T {
        let at = self.rng.usize(..=others.len());
        at.checked_sub(1)
            .and_then(|at| others.get(at).copied())
            .unwrap_or(first)
    }
}
