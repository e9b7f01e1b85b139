//! Employment: where a person works, on what footing and in which kind of post.

use super::institution::Institution;
use super::label::labelled;
use super::post::PostCategory;
use super::record::Id;
use super::sound::{in_order, sound};
use super::staff::Employment;
use super::time::Date;

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

/// The contract of employment (聘用合同、劳动合同).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    pub started: Option<Date>,
    /// The last day; `None` = it runs on.
    pub ends: Option<Date>,
    /// Number of the contract.
    pub document: Option<String>,
}

sound! { Employed { institution, employment, category, dual_post } }
sound! { Shared { manner, establishment, manager, workplace } }
sound! { Contract { started, ends, document } where |contract, out| {
    in_order("ends", contract.started, contract.ends, out);
}}
