//! People: employment, profession, title, appointment and service.

use super::column::PersonColumn;
use super::fault::WarningCode;
use super::ids::{AreaCode, NationalId, Sex};
use super::label::labelled;
use super::month::Month;
use super::post::{Grade, Level, Manner, PostCategory};
use super::register::Origin;
use super::secret::Findable;
use super::service::Spell;
use super::sound::sound;
use super::title::{Rank, TitleKind};

labelled! {
    /// Employment relation (编制情况).
    pub enum Employment {
        Establishment = "编内" / "establishment",
        Contract = "合同制" / "contract",
        Agency = "劳务派遣" / "agency",
        Reemployed = "返聘" / "reemployed",
        Other = "其他" / "other",
    }
}

labelled! {
    /// Profession (从事专业类别代码, health statistics code table).
    pub enum JobClass {
        Physician = "11" / "physician",
        AssistantPhysician = "12" / "assistant_physician",
        TraineePhysician = "13" / "trainee_physician",
        Nurse = "21" / "nurse",
        Midwife = "22" / "midwife",
        Pharmacist = "31" / "pharmacist",
        TraditionalPharmacist = "32" / "traditional_pharmacist",
        Laboratory = "41" / "laboratory",
        Imaging = "42" / "imaging",
        Inspector = "50" / "inspector",
        OtherHealth = "69" / "other_health",
        OtherTechnical = "70" / "other_technical",
        Manager = "80" / "manager",
        Worker = "90" / "worker",
    }
}

labelled! {
    /// Class of a physician's licence (医师执业类别代码): 1 clinical, 2 dental,
    /// 3 public health, 4 traditional Chinese medicine.
    pub enum LicenceClass {
        Clinical = "1" / "clinical",
        Dental = "2" / "dental",
        PublicHealth = "3" / "public_health",
        Traditional = "4" / "traditional",
    }
}

labelled! {
    /// Kind of a further place of practice (第2/第3执业单位的机构类别).
    pub enum SiteKind {
        Hospital = "1" / "hospital",
        TownshipHealthCentre = "2" / "township_health_centre",
        CommunityHealth = "3" / "community_health",
        Other = "9" / "other",
    }
}

labelled! {
    /// General-practice training passed (全科培训); blank means none.
    pub enum GpTraining {
        None = "无" / "none",
        Residency = "规培" / "residency",
        Transfer = "转岗" / "transfer",
        Post = "岗位" / "post",
    }
}

labelled! {
    /// Which schedule of the statutory retirement age applies (退休类别).
    pub enum RetirementClass {
        Men60 = "男60" / "men_60",
        Women55 = "女55" / "women_55",
        Women50 = "女50" / "women_50",
        /// Women in senior posts, on the men's schedule.
        Women60 = "女60" / "women_60",
    }
}

impl RetirementClass {
    /// The class of a person whose workbook row leaves it blank (CONTRACT section 3).
    pub const fn derive(sex: Sex, appointed: Rank, category: PostCategory) -> Self {
        match (sex, Level::of(appointed), category) {
            (Sex::Male, _, _) => Self::Men60,
            (Sex::Female, Some(Level::Senior), _) => Self::Women60,
            (Sex::Female, _, PostCategory::Worker) => Self::Women50,
            (Sex::Female, _, _) => Self::Women55,
        }
    }

    /// The sex the class is for.
    pub const fn sex(self) -> Sex {
        match self {
            Self::Men60 => Sex::Male,
            Self::Women50 | Self::Women55 | Self::Women60 => Sex::Female,
        }
    }
}

/// Where a person practises besides the own institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sites {
    /// Registered at several places (是否多地点执业医师).
    pub several: bool,
    /// Kind of the second place of practice.
    pub second: Option<SiteKind>,
    /// Kind of the third place of practice.
    pub third: Option<SiteKind>,
}

/// What is known of a person's service history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum History {
    /// No accepted row of 履历: service is unknown, not zero.
    Unknown,
    /// The accepted spells, in the order of the workbook.
    Spells(Vec<Spell>),
}

impl History {
    /// The spells; none when the history is unknown.
    pub fn spells(&self) -> &[Spell] {
        match self {
            Self::Unknown => &[],
            Self::Spells(spells) => spells,
        }
    }
}

/// One accepted person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub origin: Origin,
    pub id: NationalId,
    pub name: String,
    /// Position in [`Register::institutions`](super::register::Register::institutions).
    pub institution: usize,
    pub employment: Employment,
    pub category: PostCategory,
    /// Holds a management and a professional post at once (双肩挑).
    pub dual_post: bool,
    pub job_class: Option<JobClass>,
    pub licence_class: Option<LicenceClass>,
    /// Other places of practice; `None` = not known, for only the statistics export says.
    pub sites: Option<Sites>,
    pub gp_registered: bool,
    pub gp_training: GpTraining,
    pub preventive_post: bool,
    pub title: Rank,
    pub title_kind: TitleKind,
    pub title_field: Option<String>,
    /// Where a directed title was assessed; `None` = the area of the institution.
    pub title_area: Option<AreaCode>,
    pub title_since: Option<Month>,
    /// Level of the appointment; [`Rank::None`] = not appointed.
    pub appointed: Rank,
    pub grade: Option<Grade>,
    pub appointed_since: Option<Month>,
    pub manner: Manner,
    /// As stated; `None` = to be derived.
    pub retirement_class: Option<RetirementClass>,
    pub started_work: Option<Month>,
    pub mobile: Option<String>,
    pub email: Option<String>,
    pub history: History,
}

/// What the records say of a person on a day, wherever they work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub mobile: Option<Findable>,
    pub email: Option<String>,
    pub job_class: Option<JobClass>,
    pub licence_class: Option<LicenceClass>,
    /// `None` = nothing is known of other places of practice.
    pub multi_site: Option<bool>,
    pub second_site: Option<SiteKind>,
    pub third_site: Option<SiteKind>,
    pub gp_registered: bool,
    pub gp_training: GpTraining,
    pub preventive_post: bool,
    pub retirement_class: Option<RetirementClass>,
    pub started_work: Option<Month>,
    /// Whether the service history is known; without spells it is then known to be none.
    pub history_known: bool,
}

impl Person {
    /// A person of whom only what every row must state is known; all else is
    /// as blank cells mean it.
    pub fn new(
        origin: Origin,
        id: NationalId,
        name: String,
        institution: usize,
        employment: Employment,
        category: PostCategory,
    ) -> Self {
        Self {
            origin,
            id,
            name,
            institution,
            employment,
            category,
            dual_post: false,
            job_class: None,
            licence_class: None,
            sites: None,
            gp_registered: false,
            gp_training: GpTraining::None,
            preventive_post: false,
            title: Rank::None,
            title_kind: TitleKind::Ordinary,
            title_field: None,
            title_area: None,
            title_since: None,
            appointed: Rank::None,
            grade: None,
            appointed_since: None,
            manner: Manner::Ordinary,
            retirement_class: None,
            started_work: None,
            mobile: None,
            email: None,
            history: History::Unknown,
        }
    }

    /// What is odd about the person though counted all the same, and the column
    /// that shows it (CONTRACT section 2).
    pub fn oddities(&self) -> impl Iterator<Item = (WarningCode, PersonColumn)> {
        let professional = self.category == PostCategory::Professional;
        let appointed = self.appointed != Rank::None;
        let level_missing = professional
            && self.employment == Employment::Establishment
            && self.grade.is_some()
            && !appointed;
        let mismatch = professional
            && appointed
            && self
                .grade
                .is_some_and(|grade| !grade.ranks().contains(&self.appointed));
        let below_senior =
            self.title_kind == TitleKind::Directed && self.title < Rank::AssociateSenior;
        [
            (
                level_missing,
                WarningCode::LevelMissing,
                PersonColumn::Appointed,
            ),
            (
                mismatch,
                WarningCode::GradeLevelMismatch,
                PersonColumn::Grade,
            ),
            (
                self.appointed > self.title,
                WarningCode::PostWithoutTitle,
                PersonColumn::Appointed,
            ),
            (
                below_senior,
                WarningCode::DirectedBelowSenior,
                PersonColumn::TitleKind,
            ),
        ]
        .into_iter()
        .filter_map(|(odd, code, column)| odd.then_some((code, column)))
    }

    /// The retirement class stated, or else derived.
    pub fn retirement_class(&self) -> RetirementClass {
        self.retirement_class.unwrap_or_else(|| {
            RetirementClass::derive(self.id.sex(), self.appointed, self.category)
        })
    }

    /// Level of the professional post the person occupies, if any.
    pub fn occupies(&self) -> Option<Level> {
        occupied_level(
            self.employment,
            self.category,
            self.dual_post,
            self.appointed,
        )
    }
}

/// Level of the professional post someone occupies; `None` when they occupy none: only
/// 编内 people of 专业技术 (or 管理 with 双肩挑) who are appointed do.
pub fn occupied_level(
    employment: Employment,
    category: PostCategory,
    dual_post: bool,
    appointed: Rank,
) -> Option<Level> {
    let professional = match category {
        PostCategory::Professional => true,
        PostCategory::Management => dual_post,
        PostCategory::Worker => false,
    };
    if professional && employment == Employment::Establishment {
        Level::of(appointed)
    } else {
        None
    }
}

sound! { Profile {
    name <= 50,
    mobile,
    email,
    job_class,
    licence_class,
    multi_site,
    second_site,
    third_site,
    gp_registered,
    gp_training,
    preventive_post,
    retirement_class,
    started_work,
    history_known,
}}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::register::SourceId;

    fn person(category: PostCategory) -> Person {
        Person::new(
            Origin {
                source: SourceId(0),
                row: 2,
            },
            NationalId::read("11010519491231002X").unwrap(),
            "示例".into(),
            0,
            Employment::Establishment,
            category,
        )
    }

    fn codes(person: &Person) -> Vec<WarningCode> {
        person.oddities().map(|(code, _)| code).collect()
    }

    #[test]
    fn what_is_odd_about_a_person() {
        let mut nurse = person(PostCategory::Professional);
        assert_eq!(codes(&nurse), []);
        nurse.grade = Grade::new(12);
        assert_eq!(codes(&nurse), [WarningCode::LevelMissing]);
        nurse.title = Rank::Junior;
        nurse.appointed = Rank::Junior;
        assert_eq!(codes(&nurse), []);
        nurse.grade = Grade::new(10);
        assert_eq!(codes(&nurse), [WarningCode::GradeLevelMismatch]);
        nurse.grade = None;
        nurse.appointed = Rank::Intermediate;
        assert_eq!(codes(&nurse), [WarningCode::PostWithoutTitle]);
        nurse.appointed = Rank::None;
        nurse.title_kind = TitleKind::Directed;
        assert_eq!(codes(&nurse), [WarningCode::DirectedBelowSenior]);
        nurse.title = Rank::AssociateSenior;
        assert_eq!(codes(&nurse), []);
    }

    #[test]
    fn grades_of_managers_and_contract_staff_are_their_own() {
        let mut head = person(PostCategory::Management);
        head.grade = Grade::new(9);
        assert_eq!(codes(&head), []);
        head.title = Rank::Senior;
        head.appointed = Rank::Senior;
        assert_eq!(codes(&head), []);
        let mut hired = person(PostCategory::Professional);
        hired.employment = Employment::Contract;
        hired.grade = Grade::new(12);
        assert_eq!(codes(&hired), []);
    }
}
