//! The columns of the import workbook and of the statistics export (CONTRACT
//! section 2): one table from which the reader, the template and the policy
//! facts all take their words.

use super::institution::{Kind, Sponsor};
use super::label::labelled;
use super::place::PlaceLevel;
use super::post::{Manner, PostCategory};
use super::rural_doctor::{LabourRelation, PensionScheme, Qualification};
use super::service::Location;
use super::staff::{Employment, GpTraining, JobClass, LicenceClass, RetirementClass, SiteKind};
use super::title::TitleKind;

labelled! {
    /// The sheets of the workbook.
    pub enum SheetKind {
        Institutions = "机构" / "institutions",
        People = "人员" / "people",
        Spells = "履历" / "spells",
        RuralDoctors = "乡村医生" / "rural_doctors",
        Places = "区域" / "places",
    }
}

impl SheetKind {
    /// The columns of this sheet, in the order of the template.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Institutions => InstitutionColumn::TABLE,
            Self::People => PersonColumn::TABLE,
            Self::Spells => SpellColumn::TABLE,
            Self::RuralDoctors => RuralDoctorColumn::TABLE,
            Self::Places => PlaceColumn::TABLE,
        }
    }
}

/// What may stand in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    Text,
    /// An identity number.
    NationalId,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// 是 or 否; blank is 否.
    Flag,
    /// A whole number, 0 or more.
    Count,
    /// A month.
    Month,
    /// A month, or 至今 for an open end.
    EndMonth,
    /// A place code of one of these lengths.
    Place(&'static [usize]),
    /// A grade, 1 to 13.
    Grade,
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub required: bool,
    pub entry: Entry,
}

/// The columns of one sheet as a type, so that a row can only be asked for its own.
pub trait ColumnSet: Copy + 'static {
    /// Every column, in the order of the template.
    fn table() -> &'static [Column];
    /// Position in [`Self::table`].
    fn position(self) -> usize;
}

macro_rules! columns {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $label:literal $need:ident $entry:expr),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub enum $name { $($variant),+ }

        impl $name {
            /// Every column, in the order of the template.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// What each column is, in the same order.
            pub const TABLE: &'static [Column] = &[
                $(Column { name: $label, required: columns!(@ $need), entry: $entry }),+
            ];

            /// The header.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// Position in [`Self::TABLE`].
            pub const fn index(self) -> usize {
                self as usize
            }
        }

        impl ColumnSet for $name {
            fn table() -> &'static [Column] {
                Self::TABLE
            }

            fn position(self) -> usize {
                self.index()
            }
        }
    };
    (@ required) => { true };
    (@ optional) => { false };
}

const PLACE: Entry = Entry::Place(&[6, 9, 12]);

/// Words of 专业技术资格, highest first as clerks know them.
pub const TITLES: &[&str] = &["正高", "副高", "中级", "师级", "士级", "无"];
/// Words of 聘任级别.
pub const APPOINTED: &[&str] = &["正高", "副高", "中级", "师级", "士级", "未聘"];
/// Words of 是/否 columns.
pub const FLAG: &[&str] = &["是", "否"];
/// Words of 岗位等级.
pub const GRADES: &[&str] = &[
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13",
];
/// The word for an open end in 终止年月.
pub const OPEN_END: &str = "至今";

columns! {
    /// Columns of 机构.
    InstitutionColumn {
        Code = "机构编码" required Entry::Text,
        Name = "机构名称" required Entry::Text,
        Kind = "机构类型" required Entry::Choice(Kind::LABELS),
        Area = "行政区划代码" required PLACE,
        Parent = "上级机构编码" optional Entry::Text,
        Consortium = "医共体" optional Entry::Text,
        ServicePopulation = "服务人口" optional Entry::Count,
        Beds = "实有床位" optional Entry::Count,
        RehabilitationBeds = "护理康复床位" optional Entry::Count,
        Establishment = "编制总数" optional Entry::Count,
        ProfessionalEstablishment = "专业技术编制" optional Entry::Count,
        ManagementEstablishment = "管理编制" optional Entry::Count,
        WorkerEstablishment = "工勤编制" optional Entry::Count,
        ProfessionalPosts = "专业技术岗位总数" optional Entry::Count,
        HealthPosts = "卫生类专业技术岗位数" optional Entry::Count,
        SeniorPosts = "核定高级岗位" optional Entry::Count,
        IntermediatePosts = "核定中级岗位" optional Entry::Count,
        JuniorPosts = "核定初级岗位" optional Entry::Count,
        DirectedPosts = "定向岗位数" optional Entry::Count,
        RaisedSeniorRatio = "高级比例提高" optional Entry::Flag,
        DirectedEvaluation = "定向评价定向使用" optional Entry::Flag,
        Sponsor = "举办主体" optional Entry::Choice(Sponsor::LABELS),
        EstablishmentApproved = "编制核定年月" optional Entry::Month,
    }
}

columns! {
    /// Columns of 人员.
    PersonColumn {
        Id = "身份证件号码" required Entry::NationalId,
        Name = "姓名" required Entry::Text,
        Institution = "机构编码" required Entry::Text,
        Employment = "编制情况" required Entry::Choice(Employment::LABELS),
        Category = "岗位类别" required Entry::Choice(PostCategory::LABELS),
        DualPost = "双肩挑" optional Entry::Flag,
        JobClass = "从事专业类别代码" optional Entry::Choice(JobClass::LABELS),
        LicenceClass = "医师执业类别代码" optional Entry::Choice(LicenceClass::LABELS),
        GpRegistered = "全科注册" optional Entry::Flag,
        GpTraining = "全科培训" optional Entry::Choice(GpTraining::LABELS),
        PreventivePost = "预防保健岗" optional Entry::Flag,
        Title = "专业技术资格" optional Entry::Choice(TITLES),
        TitleKind = "资格类型" optional Entry::Choice(TitleKind::LABELS),
        TitleField = "资格专业" optional Entry::Text,
        TitleArea = "资格评审地区" optional Entry::Place(&[2, 4, 6]),
        TitleSince = "资格取得年月" optional Entry::Month,
        Appointed = "聘任级别" optional Entry::Choice(APPOINTED),
        Grade = "岗位等级" optional Entry::Grade,
        AppointedSince = "聘任年月" optional Entry::Month,
        Manner = "聘用方式" optional Entry::Choice(Manner::LABELS),
        RetirementClass = "退休类别" optional Entry::Choice(RetirementClass::LABELS),
        StartedWork = "参加工作年月" optional Entry::Month,
        Mobile = "手机" optional Entry::Text,
        Email = "电子邮箱" optional Entry::Text,
    }
}

columns! {
    /// Columns of 履历.
    SpellColumn {
        Id = "身份证件号码" required Entry::NationalId,
        Start = "起始年月" required Entry::Month,
        End = "终止年月" optional Entry::EndMonth,
        Employer = "单位名称" required Entry::Text,
        Kind = "机构类型" required Entry::Choice(Kind::LABELS),
        Location = "所在地" optional Entry::Choice(Location::LABELS),
        Category = "岗位类别" optional Entry::Choice(PostCategory::LABELS),
    }
}

columns! {
    /// Columns of 乡村医生.
    RuralDoctorColumn {
        Id = "身份证件号码" required Entry::NationalId,
        Name = "姓名" required Entry::Text,
        Area = "行政区划代码" required PLACE,
        Clinic = "村卫生室名称" optional Entry::Text,
        Qualification = "执业资格" required Entry::Choice(Qualification::LABELS),
        LabourRelation = "劳动关系" required Entry::Choice(LabourRelation::LABELS),
        OnEstablishment = "编制内" optional Entry::Flag,
        Pension = "已参保险种" optional Entry::Choice(PensionScheme::LABELS),
    }
}

columns! {
    /// Columns of 区域.
    PlaceColumn {
        Code = "行政区划代码" required PLACE,
        Name = "名称" required Entry::Text,
        Level = "级别" required Entry::Choice(PlaceLevel::LABELS),
        Parent = "上级代码" optional Entry::Place(&[2, 4, 6, 9, 12]),
        Residents = "常住人口" optional Entry::Count,
        Reviewed = "编制总量核定年月" optional Entry::Month,
    }
}

/// 是/否 of the statistics export.
pub const EXPORT_FLAG: &[&str] = &["Y", "N", "是", "否", "1", "0"];
/// 编制情况 of the statistics export: the words of the platform, those of
/// 人员, and the codes of the older form.
pub const EXPORT_EMPLOYMENT: &[&str] = &[
    "编制内",
    "编内",
    "在编",
    "1",
    "合同制",
    "劳务派遣",
    "返聘",
    "参公管理",
    "非在编",
    "2",
    "其他",
];
/// 专业技术资格(评)代码 (GB/T 8561): physicians 23x, pharmacists 24x, nurses 25x,
/// technicians 26x; the third digit is the rank, 1 正高 to 5 士级.
pub const EXPORT_TITLES: &[&str] = &[
    "231", "232", "233", "234", "235", "241", "242", "243", "244", "245", "251", "252", "253",
    "254", "255", "261", "262", "263", "264", "265",
];
/// 专业技术职务(聘)代码: 1 正高 to 5 士级, 9 待聘 (6 in the older form).
pub const EXPORT_APPOINTED: &[&str] = &["1", "2", "3", "4", "5", "6", "9"];
/// 全科医生取得培训合格证书情况: the words, or the codes in the order of the words.
pub const EXPORT_TRAINING: &[&str] = &["规培", "转岗", "岗位", "无", "1", "2", "3", "0"];

columns! {
    /// The columns of the health-statistics staff export, in its own order.
    /// Those that nothing here uses stand as optional text.
    ExportColumn {
        InstitutionId = "机构id" optional Entry::Text,
        Institution = "机构编码" required Entry::Text,
        InstitutionName = "机构名称" optional Entry::Text,
        Name = "姓名" required Entry::Text,
        IdKind = "身份证件种类" optional Entry::Text,
        Id = "身份证件号码" required Entry::NationalId,
        BirthDate = "出生日期" optional Entry::Text,
        Sex = "性别代码" optional Entry::Text,
        Nationality = "民族代码" optional Entry::Text,
        StartedWork = "参加工作日期" optional Entry::Month,
        OfficePhone = "办公室电话号码" optional Entry::Text,
        Mobile = "手机号码" optional Entry::Text,
        Department = "所在科室代码" optional Entry::Text,
        DepartmentName = "科室实际名称" optional Entry::Text,
        JobClass = "从事专业类别代码" optional Entry::Choice(JobClass::LABELS),
        LicenceNumber = "医师/卫生监督员执业证书编码" optional Entry::Text,
        LicenceClass = "医师执业类别代码" optional Entry::Choice(LicenceClass::LABELS),
        LicenceScope = "医师执业范围代码" optional Entry::Text,
        MultiSite = "是否多地点执业医师" optional Entry::Choice(EXPORT_FLAG),
        SecondSite = "第2执业单位的机构类别" optional Entry::Choice(SiteKind::LABELS),
        ThirdSite = "第3执业单位的机构类别" optional Entry::Choice(SiteKind::LABELS),
        Residency = "是否获得国家住院医师规范化培训合格证书" optional Entry::Text,
        ResidencyNumber = "住院医师规范化培训合格证书编码" optional Entry::Text,
        ManagementRole = "行政/业务管理职务代码" optional Entry::Text,
        Title = "专业技术资格(评)代码" optional Entry::Choice(EXPORT_TITLES),
        Appointed = "专业技术职务(聘)代码" optional Entry::Choice(EXPORT_APPOINTED),
        Education = "学历代码" optional Entry::Text,
        Degree = "学位代码" optional Entry::Text,
        Subject = "所学专业代码" optional Entry::Text,
        FirstSpeciality = "专业特长1" optional Entry::Text,
        SecondSpeciality = "专业特长2" optional Entry::Text,
        ThirdSpeciality = "专业特长3" optional Entry::Text,
        Movement = "年内人员流动情况" optional Entry::Text,
        MovementDate = "调入/调出时间" optional Entry::Text,
        Employment = "编制情况" required Entry::Choice(EXPORT_EMPLOYMENT),
        GpRegistered = "是否注册为全科医学专业" optional Entry::Choice(EXPORT_FLAG),
        GpTraining = "全科医生取得培训合格证书情况" optional Entry::Choice(EXPORT_TRAINING),
        Seconded = "是否由乡镇卫生院或社区卫生服务机构派驻村卫生室工作" optional Entry::Text,
        StatisticsWork = "是否从事统计信息化业务工作" optional Entry::Text,
        StatisticsRole = "统计信息化业务工作" optional Entry::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_unique_in_a_sheet() {
        for sheet in SheetKind::ALL {
            let mut names: Vec<_> = sheet.columns().iter().map(|c| c.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), sheet.columns().len(), "{}", sheet.label());
        }
    }

    #[test]
    fn the_export_has_its_forty_columns() {
        assert_eq!(ExportColumn::TABLE.len(), 40);
        assert_eq!(ExportColumn::Title.index(), 24);
        assert_eq!(ExportColumn::StatisticsRole.index(), 39);
    }
}
