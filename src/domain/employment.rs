//! Employment: where a person works, on what footing and in which kind of post.

use super::institution::Institution;
use super::post::PostCategory;
use super::record::Id;
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
