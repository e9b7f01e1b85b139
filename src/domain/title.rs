//! Professional titles: what a person has been found fit for (评), as against
//! the post they are appointed to (聘).

use super::ids::AreaCode;
use super::label::labelled;
use super::month::Month;
use super::sound::sound;

labelled! {
    /// Rank of a title or of the level a person is appointed to, lowest first.
    /// The same scale serves 专业技术资格 (lowest: 无) and 聘任级别 (lowest: 未聘).
    pub enum Rank {
        None = "无" / "none",
        Assistant = "士级" / "assistant",
        Junior = "师级" / "junior",
        Intermediate = "中级" / "intermediate",
        AssociateSenior = "副高" / "associate_senior",
        Senior = "正高" / "senior",
    }
}

impl Rank {
    /// The rank a 聘任级别 cell names.
    pub fn from_post_label(label: &str) -> Option<Self> {
        match label {
            "未聘" => Some(Self::None),
            "无" => None,
            other => Self::from_label(other),
        }
    }

    /// The word for this rank of an appointment.
    pub const fn post_label(self) -> &'static str {
        match self {
            Self::None => "未聘",
            other => other.label(),
        }
    }
}

labelled! {
    /// Whether a title counts everywhere or only in primary care (资格类型).
    pub enum TitleKind { Ordinary = "普通" / "ordinary", Directed = "基层定向" / "directed" }
}

labelled! {
    /// Series of health titles.
    pub enum TitleSeries {
        Physician = "医" / "physician",
        Pharmacist = "药" / "pharmacist",
        Nurse = "护" / "nurse",
        Technician = "技" / "technician",
        Other = "其他" / "other",
    }
}

/// The title a person holds on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    pub rank: Rank,
    pub kind: TitleKind,
    pub field: Option<String>,
    /// Where a directed title was assessed; `None` = the area of the institution.
    pub area: Option<AreaCode>,
    pub since: Option<Month>,
    pub series: Option<TitleSeries>,
    /// Number of the certificate.
    pub certificate: Option<String>,
}

sound! { Title { rank, kind, field, area, since, series, certificate } }
