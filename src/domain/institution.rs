//! Institutions: what they are, who runs them, and the numbers approved for them.

use super::ids::AreaCode;
use super::label::labelled;
use super::month::Month;
use super::record::Id;
use super::register::Origin;
use super::sound::{sound, within_total};

labelled! {
    /// Kind of institution (workbook column 机构类型).
    pub enum Kind {
        TownshipHealthCentre = "乡镇卫生院" / "township_health_centre",
        CommunityHealthCentre = "社区卫生服务中心" / "community_health_centre",
        CommunityHealthStation = "社区卫生服务站" / "community_health_station",
        VillageClinic = "村卫生室" / "village_clinic",
        CountyHospital = "县级医院" / "county_hospital",
        CityHospital = "城市医院" / "city_hospital",
        DiseaseControl = "疾病预防控制机构" / "cdc",
        MaternalChildHealth = "妇幼保健机构" / "maternal_child_health",
        Other = "其他" / "other",
    }
}

impl Kind {
    /// Whether it is an institution of primary care.
    pub const fn is_primary(self) -> bool {
        matches!(
            self,
            Self::TownshipHealthCentre
                | Self::CommunityHealthCentre
                | Self::CommunityHealthStation
                | Self::VillageClinic
        )
    }
}

labelled! {
    /// Who runs the institution (举办主体); blank in the workbook means the government.
    pub enum Sponsor {
        Government = "政府" / "government",
        GovernmentBody = "政府所属机构" / "government_body",
        PublicBody = "企事业单位" / "public_body",
        Society = "社会力量" / "society",
    }
}

/// One institution with its approved numbers. Numbers are people, posts, beds
/// or residents; `None` is not given, never zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Institution {
    pub origin: Origin,
    pub code: String,
    pub name: String,
    /// Unknown for institutions that only the statistics export names.
    pub kind: Option<Kind>,
    /// Unknown for institutions that only the statistics export names.
    pub area: Option<AreaCode>,
    pub parent: Option<String>,
    pub consortium: Option<String>,
    pub sponsor: Sponsor,
    pub service_population: Option<u32>,
    pub beds: Option<u32>,
    pub rehabilitation_beds: Option<u32>,
    pub establishment: Establishment,
    pub posts: ApprovedPosts,
    /// The place has adopted the raised ratio of senior posts here (高级比例提高).
    pub raised_senior_ratio: bool,
    /// Runs 定向评价、定向使用.
    pub directed_evaluation: bool,
    pub establishment_approved: Option<Month>,
}

/// What the records say of an institution on a day, establishment and posts apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub kind: Option<Kind>,
    pub area: Option<AreaCode>,
    /// Code of the institution above it.
    pub parent: Option<String>,
    /// Name of its medical community.
    pub consortium: Option<String>,
    pub sponsor: Sponsor,
    pub service_population: Option<u32>,
    pub beds: Option<u32>,
    pub rehabilitation_beds: Option<u32>,
    pub raised_senior_ratio: bool,
    pub directed_evaluation: bool,
}

/// Approved establishment (编制) and its split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Establishment {
    pub total: Option<u32>,
    pub professional: Option<u32>,
    pub management: Option<u32>,
    pub worker: Option<u32>,
}

/// Approved posts (岗位) of professional staff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApprovedPosts {
    pub professional: Option<u32>,
    /// Of the professional posts, those of health classes (卫生类).
    pub health: Option<u32>,
    pub senior: Option<u32>,
    pub intermediate: Option<u32>,
    pub junior: Option<u32>,
    pub directed: Option<u32>,
}

impl Institution {
    /// An institution of which only code and name are known.
    pub fn named(origin: Origin, code: String, name: String) -> Self {
        Self {
            origin,
            code,
            name,
            kind: None,
            area: None,
            parent: None,
            consortium: None,
            sponsor: Sponsor::Government,
            service_population: None,
            beds: None,
            rehabilitation_beds: None,
            establishment: Establishment::default(),
            posts: ApprovedPosts::default(),
            raised_senior_ratio: false,
            directed_evaluation: false,
            establishment_approved: None,
        }
    }
}

labelled! {
    /// How an institution comes from another.
    pub enum SuccessionManner {
        Merger = "合并" / "merger",
        Split = "分立" / "split",
        Conversion = "转型" / "conversion",
    }
}

/// An institution from which this one comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    pub predecessor: Id<Institution>,
    pub manner: SuccessionManner,
    pub document: Option<String>,
}

sound! { Profile {
    name,
    kind,
    area,
    parent <= 50,
    consortium,
    sponsor,
    service_population <= 50_000_000,
    beds,
    rehabilitation_beds,
    raised_senior_ratio,
    directed_evaluation,
} where |profile, out| {
    within_total("beds", profile.beds, &[profile.rehabilitation_beds], out);
}}
sound! { ApprovedPosts { professional, health, senior, intermediate, junior, directed }
where |posts, out| {
    let levels = [posts.senior, posts.intermediate, posts.junior];
    within_total("professional", posts.professional, &levels, out);
    within_total("health", posts.professional, &[posts.health], out);
}}
sound! { Succession { predecessor, manner, document } }
