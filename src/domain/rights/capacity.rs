//! In what capacity somebody acts. An account may hold several; one session or token acts
//! in exactly one, so that the trail says as what a person did something, and the two pairs
//! of eyes of a rule cannot belong to one click.

use super::scope::Scope;
use crate::domain::ids::AreaCode;
use crate::domain::label::labelled;
use crate::domain::record_id::{ConsortiumId, InstitutionId, PersonId};

labelled! {
    /// What an account may be used for.
    pub enum Role {
        Staff = "职工" / "staff",
        InstitutionHr = "机构人事" / "institution_hr",
        ConsortiumHr = "医共体人事" / "consortium_hr",
        Reviewer = "审核" / "reviewer",
        Auditor = "监督" / "auditor",
        Administrator = "管理员" / "administrator",
    }
}

impl Role {
    /// Those whose mistakes or thieves could decide over others sign in with two factors.
    pub const fn needs_second_factor(self) -> bool {
        matches!(self, Self::Reviewer | Self::Administrator)
    }
}

labelled! {
    /// The body a reviewer speaks for.
    pub enum Authority {
        /// Office of the establishment committee: establishment.
        Establishment = "编办" / "establishment",
        /// Human resources and social security: posts, appointments, directed evaluation.
        HumanResources = "人社" / "human_resources",
        /// Health commission, the department in charge (主管部门): qualification.
        Health = "卫健" / "health",
        /// Drug regulator: opinion on directed evaluation of pharmacists.
        DrugRegulator = "药监" / "drug_regulator",
    }
}

labelled! {
    /// Level of government an authority stands on.
    pub enum Tier { County = "县级" / "county", City = "市级" / "city" }
}

/// How far the right of an auditor or an administrator reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The whole installation.
    Everywhere,
    /// A place and all within it.
    Area(AreaCode),
}

/// A role with where it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// Sees the own file and applies.
    Staff {
        person: PersonId,
        /// Where the person works today, for the notices of the house.
        home: Option<InstitutionId>,
    },
    /// Keeps the records of an institution and of those under it (站、村卫生室).
    InstitutionHr { institution: InstitutionId },
    /// The same for all institutions of a consortium.
    ConsortiumHr { consortium: ConsortiumId },
    /// Decides for an authority over a place and all within it.
    Reviewer {
        authority: Authority,
        tier: Tier,
        area: AreaCode,
    },
    /// Reads everything in the extent, changes nothing.
    Auditor { extent: Extent },
    /// Keeps accounts and settings, decides nothing.
    Administrator { extent: Extent },
}

impl Capacity {
    /// The role alone.
    pub const fn role(&self) -> Role {
        match self {
            Self::Staff { .. } => Role::Staff,
            Self::InstitutionHr { .. } => Role::InstitutionHr,
            Self::ConsortiumHr { .. } => Role::ConsortiumHr,
            Self::Reviewer { .. } => Role::Reviewer,
            Self::Auditor { .. } => Role::Auditor,
            Self::Administrator { .. } => Role::Administrator,
        }
    }

    /// The column of the grid of rights.
    pub const fn office(&self) -> Office {
        match self {
            Self::Staff { .. } => Office::Staff,
            Self::InstitutionHr { .. } => Office::InstitutionHr,
            Self::ConsortiumHr { .. } => Office::ConsortiumHr,
            Self::Reviewer {
                authority, tier, ..
            } => Office::of_reviewer(*authority, *tier),
            Self::Auditor { .. } => Office::Auditor,
            Self::Administrator { .. } => Office::Administrator,
        }
    }

    /// What it reaches.
    pub const fn scope(&self) -> Scope {
        match self {
            Self::Staff { person, home } => Scope::Own {
                person: *person,
                home: *home,
            },
            Self::InstitutionHr { institution } => Scope::Institution(*institution),
            Self::ConsortiumHr { consortium } => Scope::Consortium(*consortium),
            Self::Reviewer { area, .. } => Scope::Area(*area),
            Self::Auditor { extent } | Self::Administrator { extent } => match extent {
                Extent::Everywhere => Scope::Everywhere,
                Extent::Area(area) => Scope::Area(*area),
            },
        }
    }
}

labelled! {
    /// A role, and of a reviewer the authority and its tier: the columns of the grid.
    pub enum Office {
        Staff = "职工" / "staff",
        InstitutionHr = "机构人事" / "institution_hr",
        ConsortiumHr = "医共体人事" / "consortium_hr",
        CountyEstablishment = "县级编办" / "county_establishment",
        CountyHumanResources = "县级人社" / "county_human_resources",
        CountyHealth = "县级卫健" / "county_health",
        CountyDrugRegulator = "县级药监" / "county_drug_regulator",
        CityEstablishment = "市级编办" / "city_establishment",
        CityHumanResources = "市级人社" / "city_human_resources",
        CityHealth = "市级卫健" / "city_health",
        CityDrugRegulator = "市级药监" / "city_drug_regulator",
        Auditor = "监督" / "auditor",
        Administrator = "管理员" / "administrator",
    }
}

impl Office {
    /// The office of a reviewer.
    pub const fn of_reviewer(authority: Authority, tier: Tier) -> Self {
        match (tier, authority) {
            (Tier::County, Authority::Establishment) => Self::CountyEstablishment,
            (Tier::County, Authority::HumanResources) => Self::CountyHumanResources,
            (Tier::County, Authority::Health) => Self::CountyHealth,
            (Tier::County, Authority::DrugRegulator) => Self::CountyDrugRegulator,
            (Tier::City, Authority::Establishment) => Self::CityEstablishment,
            (Tier::City, Authority::HumanResources) => Self::CityHumanResources,
            (Tier::City, Authority::Health) => Self::CityHealth,
            (Tier::City, Authority::DrugRegulator) => Self::CityDrugRegulator,
        }
    }
}

/// A set of offices: who holds a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offices(u16);

impl Offices {
    /// Nobody.
    pub const NONE: Self = Self(0);

    /// One office.
    pub const fn only(office: Office) -> Self {
        Self(1 << office.code())
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether an office is among them.
    pub const fn contain(self, office: Office) -> bool {
        self.0 & (1 << office.code()) != 0
    }
}
