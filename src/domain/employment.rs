//! Employment: where a person works, on what footing and in which kind of post.

use super::institution::Institution;
use super::label::labelled;
use super::post::PostCategory;
use super::record::Id;
use super::sound::sound;
use super::staff::Employment;

/// The employment that holds on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employed {
    pub institution: Id<Institution>,
    pub employment: Employment,
    pub category: PostCategory,
    /// Holds a management and a professional post at once (双肩挑).
    pub dual_post: bool,
}

labelled! {
    /// How several organisations share a person.
    pub enum SharedManner {
        CountyManaged = "县管乡用" / "county_managed",
        TownshipHired = "乡聘村用" / "township_hired",
    }
}

/// The three organisations of someone who is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    pub manner: SharedManner,
    /// Whose establishment it is.
    pub establishment: Option<Id<Institution>>,
    /// Who manages.
    pub manager: Option<Id<Institution>>,
    /// Where the work is done.
    pub workplace: Option<Id<Institution>>,
}

sound! { Employed { institution, employment, category, dual_post } }
sound! { Shared { manner, establishment, manager, workplace } }
