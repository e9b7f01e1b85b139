//! Where the figures of the authorities differ: each figure with the authority behind it.
//! Nobody's figure is taken for the right one.

use super::label::labelled;
use super::rights::Authority;

labelled! {
    /// What is compared.
    pub enum Comparison {
        EstablishmentSplit = "编制总数与分项" / "establishment_split",
        EstablishmentStaff = "编制数与编内人数" / "establishment_staff",
        EstablishmentPosts = "专业技术编制与岗位总数" / "establishment_posts",
        PostLevels = "岗位总数与分级" / "post_levels",
        SeniorPosts = "高级岗位与聘任" / "senior_posts",
        IntermediatePosts = "中级岗位与聘任" / "intermediate_posts",
        JuniorPosts = "初级岗位与聘任" / "junior_posts",
        Physicians = "执业医师与从事专业" / "physicians",
        AssistantPhysicians = "执业助理医师与从事专业" / "assistant_physicians",
        Nurses = "护士与从事专业" / "nurses",
        Pharmacists = "药师与从事专业" / "pharmacists",
    }
}

labelled! {
    /// How the two should stand to each other.
    pub enum Relation {
        Equal = "应一致" / "equal",
        /// The second is not more than the first.
        AtMost = "不应超过" / "at_most",
    }
}

/// A figure and who keeps it. Numbers are people or posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub authority: Authority,
    pub number: i64,
}

/// Two figures that do not fit each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    pub comparison: Comparison,
    pub relation: Relation,
    pub first: Figure,
    pub second: Figure,
}

impl Comparison {
    /// How its figures should stand to each other, and whose they are.
    pub const fn terms(self) -> (Relation, Authority, Authority) {
        use Authority::{Establishment, Health, HumanResources};
        match self {
            Self::EstablishmentSplit => (Relation::Equal, Establishment, Establishment),
            Self::EstablishmentStaff | Self::EstablishmentPosts => {
                (Relation::AtMost, Establishment, HumanResources)
            }
            Self::PostLevels => (Relation::Equal, HumanResources, HumanResources),
            Self::SeniorPosts | Self::IntermediatePosts | Self::JuniorPosts => {
                (Relation::AtMost, HumanResources, HumanResources)
            }
            Self::Physicians | Self::AssistantPhysicians | Self::Nurses | Self::Pharmacists => {
                (Relation::Equal, Health, HumanResources)
            }
        }
    }

    /// The difference between two figures, where they do not fit. What is not known differs
    /// from nothing.
    pub fn between(self, first: Option<i64>, second: Option<i64>) -> Option<Difference> {
        let (relation, one, other) = self.terms();
        let (first, second) = first.zip(second)?;
        let fits = match relation {
            Relation::Equal => first == second,
            Relation::AtMost => second <= first,
        };
        let figure = |authority, number| Figure { authority, number };
        (!fits).then(|| Difference {
            comparison: self,
            relation,
            first: figure(one, first),
            second: figure(other, second),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unknown_differs_from_nothing() {
        let staff = Comparison::EstablishmentStaff;
        assert_eq!(staff.between(None, Some(3)), None);
        assert_eq!(staff.between(Some(3), Some(3)), None);
        assert_eq!(staff.between(Some(3), Some(2)), None);
        let over = staff.between(Some(3), Some(4)).expect("one too many");
        assert_eq!(over.first.authority, Authority::Establishment);
        assert_eq!(over.second.authority, Authority::HumanResources);
        assert!(Comparison::Nurses.between(Some(3), Some(2)).is_some());
    }
}
