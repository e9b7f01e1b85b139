//! Administrative places (区域): counties, streets, townships, communities, villages.

use super::ids::AreaCode;
use super::label::labelled;
use super::month::Month;
use super::register::Origin;
use super::sound::sound;

labelled! {
    /// Level of a place (级别).
    pub enum PlaceLevel {
        County = "旗县区" / "county",
        Street = "街道" / "street",
        Township = "乡镇" / "township",
        Community = "社区" / "community",
        Village = "村" / "village",
    }
}

/// One accepted row of 区域.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub origin: Origin,
    pub code: AreaCode,
    pub name: String,
    pub level: PlaceLevel,
    pub parent: Option<AreaCode>,
    pub residents: Option<u32>,
    /// When the county's total establishment was last reviewed.
    pub establishment_reviewed: Option<Month>,
}

/// What the records say of a place on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub level: PlaceLevel,
    pub parent: Option<AreaCode>,
    pub residents: Option<u32>,
    pub establishment_reviewed: Option<Month>,
}

sound! { Profile { name, level, parent, residents <= 500_000_000, establishment_reviewed } }
