//! What can be applied for.

use crate::domain::label::labelled;
use crate::domain::title::Rank;

labelled! {
    /// What can be applied for.
    pub enum Kind {
        /// Appointment to a post of a higher rank, within the ratio.
        Appointment = "岗位聘用" / "appointment",
        /// The same above the ratio, after long township service, for the outstanding.
        AboveRatio = "超比例聘用" / "above_ratio",
        /// A recorded decision that a holder does not count.
        OffQuota = "不占职数" / "off_quota",
        /// A senior title that is valid in primary care only.
        DirectedTitle = "定向评价" / "directed_title",
        /// Appointment to a directed post.
        DirectedPost = "定向岗位聘用" / "directed_post",
        /// A higher grade inside the same rank.
        Grade = "等级晋升" / "grade",
        /// Move to another institution with a directed title.
        Transfer = "顺向流动" / "transfer",
        Reappointment = "续聘" / "reappointment",
        /// Appointment to a lower rank or grade.
        Lower = "低聘" / "lower",
        End = "解聘" / "end",
        /// Statutory, or flexible within the years the law gives.
        Retirement = "退休" / "retirement",
    }
}

impl Kind {
    /// Whether it is published in the house before authorities see it: whatever favours one
    /// person before others.
    pub const fn needs_notice(self) -> bool {
        !matches!(
            self,
            Self::Reappointment | Self::Lower | Self::End | Self::Retirement
        )
    }

    /// Whether it needs the judgement that somebody is outstanding (优秀), and so the
    /// honours and assessments it rests on.
    pub const fn needs_merits(self) -> bool {
        matches!(self, Self::AboveRatio)
    }

    /// Whether it takes something from a person, and so has to say why.
    pub const fn needs_grounds(self) -> bool {
        matches!(self, Self::Lower | Self::End)
    }

    /// Whether it ends in an appointment to a post of some rank.
    pub const fn appoints(self) -> bool {
        matches!(
            self,
            Self::Appointment
                | Self::AboveRatio
                | Self::DirectedPost
                | Self::Grade
                | Self::Transfer
                | Self::Reappointment
                | Self::Lower
        )
    }

    /// Whether a title of the rank, or above, has to be held.
    pub const fn needs_title(self) -> bool {
        matches!(
            self,
            Self::Appointment
                | Self::AboveRatio
                | Self::DirectedPost
                | Self::Grade
                | Self::Transfer
        )
    }

    /// Whether it is about a rank at the level of senior posts.
    pub fn is_senior(self, rank: Rank) -> bool {
        rank >= Rank::AssociateSenior && (self.appoints() || self == Self::DirectedTitle)
    }
}
