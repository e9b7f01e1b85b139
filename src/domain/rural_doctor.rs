//! Rural doctors (乡村医生) and what decides their pension.

use super::ids::{AreaCode, NationalId};
use super::label::labelled;
use super::month::Month;
use super::pay::Fen;
use super::register::Origin;
use super::sound::{check_year, in_order, sound};
use super::time::Date;

labelled! {
    /// Licence held (执业资格).
    pub enum Qualification {
        Physician = "执业医师" / "physician",
        AssistantPhysician = "执业助理医师" / "assistant_physician",
        RuralDoctor = "乡村医生" / "rural_doctor",
    }
}

labelled! {
    /// Labour relation (劳动关系).
    pub enum LabourRelation {
        Employed = "有" / "employed",
        Flexible = "灵活就业" / "flexible",
        Incomplete = "不完全符合" / "incomplete",
        None = "无" / "none",
    }
}

labelled! {
    /// Pension scheme already joined (已参保险种); blank = not known.
    pub enum PensionScheme {
        Employees = "企业职工" / "employees",
        Residents = "城乡居民" / "residents",
        None = "无" / "none",
    }
}

/// One accepted rural doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuralDoctor {
    pub origin: Origin,
    pub id: NationalId,
    pub name: String,
    pub area: AreaCode,
    pub clinic: Option<String>,
    pub qualification: Qualification,
    pub labour_relation: LabourRelation,
    pub on_establishment: bool,
    pub pension: Option<PensionScheme>,
}

/// What the records say of a rural doctor on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub area: AreaCode,
    pub clinic: Option<String>,
    pub qualification: Qualification,
    pub labour_relation: LabourRelation,
    pub on_establishment: bool,
    pub pension: Option<PensionScheme>,
}

/// Registration of a rural doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub number: Option<String>,
    pub registered: Option<Date>,
    pub expires: Option<Date>,
}

/// Months for which a registration holds that says no end (乡村医生从业管理条例).
const REGISTERED: i32 = 60;

impl Registration {
    /// The day on which it ends, and whether that is only reckoned from the day of the
    /// registration; `None` = neither day is recorded.
    pub fn ends(&self) -> Option<(Date, bool)> {
        let reckoned = || Some((self.registered?.plus_months(REGISTERED)?, true));
        self.expires.map(|day| (day, false)).or_else(reckoned)
    }
}

/// One examination that a rural doctor sat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examination {
    pub year: u32,
    pub aimed_at: Qualification,
    pub passed: bool,
}

/// Pension insurance of a rural doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pension {
    pub scheme: PensionScheme,
    /// Tier of the contributions.
    pub tier: Option<String>,
    /// Month of the back-payment.
    pub back_paid: Option<Month>,
    /// First month of the benefit.
    pub first_benefit: Option<Month>,
}

labelled! {
    /// Medical insurance scheme.
    pub enum MedicalScheme {
        Employees = "职工医保" / "employees",
        Residents = "居民医保" / "residents",
        None = "无" / "none",
    }
}

/// Medical insurance of a rural doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MedicalInsurance {
    pub scheme: MedicalScheme,
    pub since: Option<Month>,
}

/// A subsidy for one month, as due and as paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subsidy {
    pub name: String,
    pub month: Month,
    pub due: Fen,
    pub paid: Option<Fen>,
    pub paid_on: Option<Date>,
}

sound! { Profile {
    name <= 50,
    area,
    clinic,
    qualification,
    labour_relation,
    on_establishment,
    pension,
}}
sound! { Registration { number <= 50, registered, expires } where |one, out| {
    in_order("expires", one.registered, one.expires, out);
}}
sound! { Examination { year <= 2200, aimed_at, passed } where |one, out| {
    check_year(one.year, out);
}}
sound! { Pension { scheme, tier, back_paid, first_benefit } }
sound! { MedicalInsurance { scheme, since } }
sound! { Subsidy { name <= 50, month, due, paid, paid_on } }
